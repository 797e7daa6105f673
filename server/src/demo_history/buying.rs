//! From a shelf to a paid order, as a shopper does it; and sometimes back.

use super::{
    chance::Chance,
    plan::{Ending, Promised},
    shelves::Taken,
    world::{Act, Standing, World},
};
use anyhow::{Context, Result, bail};
use domain::{checkout::Checkout, orders::Placed};
use sandbox::{PayOutcome, PaymentMethod};
use shop::{
    Actor, Failure, cart,
    checkout::{self, DraftPatch, Settled, Standing as Payment},
    desk, orders,
};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// The sandbox's card that always pays.
const CARD: &str = "4242424242424242";

impl World<'_> {
    pub(super) async fn buy(&mut self, index: usize, at: OffsetDateTime) -> Result<()> {
        let (actor, taken) = self.fill_cart(index, at).await?;
        let Some(placed) = self.place(index, &actor, at).await? else {
            self.shelves.put_back(&taken);
            return Ok(());
        };
        self.made.orders += 1;
        if self.plan.orders[index].ending == Ending::LeftUnpaid {
            self.shelves.put_back(&taken);
            return Ok(());
        }
        self.pay(index, &placed, at).await?;
        self.orders[index] =
            Some(Standing { number: placed.number, token: placed.token, taken, carrier: String::new(), course: None, solved: None });
        if self.plan.orders[index].ending == Ending::Cancelled {
            self.later(at + Duration::hours(3), Act::Cancel(index));
            return Ok(());
        }
        self.set_course(index, at).await
    }

    async fn fill_cart(&mut self, index: usize, at: OffsetDateTime) -> Result<(Actor, Vec<Taken>)> {
        let order = &self.plan.orders[index];
        let language = self.plan.people[order.person].language;
        let (mut actor, mut taken) = (Actor::Guest { cart: None }, Vec::new());
        for (minutes, want) in (0..).zip(&order.wants) {
            let Some(one) = self.shelves.take(want.place, want.quantity) else { continue };
            let at = at - Duration::minutes(9 - minutes);
            match cart::add_line(self.shop, &actor, language, one.variant, one.quantity, at).await {
                Ok((cart, _)) => {
                    actor = Actor::Guest { cart: Some(cart) };
                    taken.push(one);
                }
                Err(Failure::Refused(_)) => self.shelves.put_back(&[one]),
                Err(Failure::Fault(fault)) => return Err(fault.into()),
            }
        }
        Ok((actor, taken))
    }

    /// Nothing where nobody carries so much to there: they leave their cart.
    async fn place(&self, index: usize, actor: &Actor, at: OffsetDateTime) -> Result<Option<Placed>> {
        let order = &self.plan.orders[index];
        let person = &self.plan.people[order.person];
        let text = |text: &str| Some(text.to_owned());
        let details = DraftPatch {
            email: text(&person.email),
            name: text(&person.name),
            line1: text(&person.place.line),
            city: text(person.place.city),
            region: text(person.place.region),
            postcode: text(person.place.postcode),
            country: text(person.place.country),
            ..DraftPatch::default()
        };
        let checkout = checkout::save(self.shop, actor, person.language, details, at).await?;
        let Some(method) = method(&checkout, order.quickly) else { return Ok(None) };
        let chosen = DraftPatch { method: Some(method), submitted: true, ..DraftPatch::default() };
        checkout::save(self.shop, actor, person.language, chosen, at).await?;
        match checkout::place_order(self.shop, actor, person.language, None, at).await {
            Ok(placed) => Ok(Some(placed)),
            Err(Failure::Refused(refusal)) => bail!("{} could not order: {refusal}", person.email),
            Err(Failure::Fault(fault)) => Err(fault.into()),
        }
    }

    async fn pay(&self, index: usize, placed: &Placed, at: OffsetDateTime) -> Result<()> {
        let name = &self.plan.people[self.plan.orders[index].person].name;
        // The payment page's address ends in the session's id.
        let session = placed.pay_url.rsplit('/').next().unwrap_or_default();
        let outcome = self.sandbox.pay(session, PaymentMethod::Card { number: CARD, name: Some(name) }).await?;
        if outcome != PayOutcome::Paid {
            bail!("order {} was not paid: {outcome:?}", placed.number);
        }
        match checkout::settle(self.shop, session, at + Duration::MINUTE).await? {
            Settled::Order { standing: Payment::Paid, .. } => Ok(()),
            other => bail!("the payment of order {} ended otherwise: {other:?}", placed.number),
        }
    }

    /// From now on it is known how the parcel goes.
    async fn set_course(&mut self, index: usize, at: OffsetDateTime) -> Result<()> {
        let order = &self.plan.orders[index];
        let language = self.plan.people[order.person].language;
        let Some(standing) = &self.orders[index] else { return Ok(()) };
        let shown = orders::by_token(self.shop, language, &standing.number, &standing.token, at).await?;
        let carrier = self.carriers.get(&shown.carrier).context("an order goes with a carrier that nobody knows")?.clone();
        let (handling, local) = (&self.shop.settings.handling, self.shop.settings.local(at + Duration::MINUTE));
        let made_to_order = standing.taken.iter().any(|taken| taken.made_to_order);
        let promised = Promised {
            carrier: &carrier,
            earliest: shown.promised.earliest,
            latest: shown.promised.latest,
            counts_from: if local.time() <= handling.cut_off { local.date() } else { local.date() + Duration::DAY },
            handling: if made_to_order { handling.backorder_days } else { handling.days },
        };
        let course = order.course(&self.plan.faults, &promised);
        self.expect(index, &course, shown.promised.latest);
        if let Some(standing) = &mut self.orders[index] {
            standing.carrier = carrier;
            standing.course = Some(course);
        }
        Ok(())
    }

    pub(super) async fn cancel(&mut self, index: usize, at: OffsetDateTime) -> Result<()> {
        let Some(standing) = &self.orders[index] else { return Ok(()) };
        let key = Uuid::from_u128(Chance::of(self.plan.seed, "cancel", index as u64).id());
        desk::cancel_order(self.shop, &self.team.agent(index), key, &standing.number, "ordered twice by mistake", at).await?;
        self.shelves.put_back(&standing.taken);
        Ok(())
    }
}

/// The one that arrives first for who is in a hurry, else the first that is offered.
fn method(checkout: &Checkout, quickly: bool) -> Option<String> {
    let first = checkout.methods.first();
    let quickest = checkout.methods.iter().min_by_key(|method| method.dates.latest);
    if quickly { quickest.or(first) } else { first }.map(|method| method.code.clone())
}
