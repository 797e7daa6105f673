//! From a cart to a paid order. The draft is kept as typed; placing an order writes it whole in one transaction
//! and opens its payment page outside of it; [`settle`] alone decides that an order is paid.

mod attempt;
mod fulfil;
mod place;
mod reconcile;
mod refunds;
mod settle;
mod webhooks;
mod write_order;

use crate::{
    Actor, Fault, Outcome, Settings, Shop,
    account::customer,
    cart::{self, Line},
    credit,
    delivery::{Consignment, Terms},
};
use domain::{
    Language,
    cart::Cart,
    checkout::{Checkout, Draft, Field, FieldProblem, Problems, Totals},
    credit::CreditUse,
    ids::CartId,
};
use serde_json::{Map, Value};
use sqlx::{PgConnection, types::Json};
use time::OffsetDateTime;

pub use place::place_order;
pub use reconcile::{reconcile, sweep_expired};
pub use refunds::{RefundRefusal, refund_again, request_refund, settle_by_hand};
pub(crate) use refunds::{
    most_refundable, queue_all as queue_full_refund, queue_part as queue_part_refund, request_within as request_refund_within,
    send as send_refund,
};
pub use settle::{Settled, Standing, settle};
pub use webhooks::{BadSignature, Received, process_inbox, receive};

/// What a shopper typed into some fields of the checkout; the others stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DraftPatch {
    pub email: Option<String>,
    pub name: Option<String>,
    pub phone: Option<String>,
    pub line1: Option<String>,
    pub line2: Option<String>,
    pub city: Option<String>,
    pub region: Option<String>,
    pub postcode: Option<String>,
    pub country: Option<String>,
    pub method: Option<String>,
    pub credit: Option<String>,
    /// The details are handed in: what is wrong is shown from now on.
    pub submitted: bool,
}

/// Longer than any field may be: what is typed is kept, but nobody fills the database with it.
const LONGEST_TYPED: usize = 500;

impl DraftPatch {
    fn into_json(self) -> Value {
        let fields = [
            ("email", self.email),
            ("name", self.name),
            ("phone", self.phone),
            ("line1", self.line1),
            ("line2", self.line2),
            ("city", self.city),
            ("region", self.region),
            ("postcode", self.postcode),
            ("country", self.country),
            ("method", self.method),
            ("credit", self.credit),
        ];
        // Postgres keeps no NUL in a text.
        let kept = |typed: String| typed.chars().filter(|&c| c != '\0').take(LONGEST_TYPED).collect::<String>();
        let typed = fields.into_iter().filter_map(|(name, typed)| Some((name.to_owned(), Value::String(kept(typed?)))));
        let mut json: Map<String, Value> = typed.collect();
        if self.submitted {
            json.insert("submitted".to_owned(), Value::Bool(true));
        }
        Value::Object(json)
    }
}

/// The checkout as it stands.
///
/// # Errors
/// A fault only.
pub async fn view(shop: &Shop, actor: &Actor, language: Language, now: OffsetDateTime) -> Outcome<Checkout> {
    let Some(cart) = actor.cart() else { return Ok(nothing_to_check_out(&shop.settings)) };
    let draft =
        sqlx::query_scalar!(r#"select draft as "draft: Json<Draft>" from cart where id = $1"#, cart.0).fetch_optional(&shop.db).await?;
    let draft = match draft {
        // Nothing was typed yet: who is logged in begins with what their account knows.
        Some(draft) if draft.0 == Draft::default() => Some(Json(customer::draft(shop, actor).await?)),
        draft => draft,
    };
    Ok(show(shop, cart, draft, language, now).await?)
}

/// Saves what was typed, right or wrong, and shows the checkout with it.
///
/// # Errors
/// A fault only.
pub async fn save(shop: &Shop, actor: &Actor, language: Language, patch: DraftPatch, now: OffsetDateTime) -> Outcome<Checkout> {
    let Some(cart) = actor.cart() else { return Ok(nothing_to_check_out(&shop.settings)) };
    let draft = sqlx::query_scalar!(
        r#"update cart set draft = draft || $2, updated_at = $3, expires_at = $4 where id = $1 returning draft as "draft: Json<Draft>""#,
        cart.0,
        patch.into_json(),
        now,
        cart::expiry(now)
    )
    .fetch_optional(&shop.db)
    .await?;
    Ok(show(shop, cart, draft, language, now).await?)
}

fn nothing_to_check_out(settings: &Settings) -> Checkout {
    let cart = Cart::empty(settings.currency);
    Checkout { cart, draft: Draft::default(), problems: Problems::new(), methods: Vec::new(), totals: None, credit: None }
}

async fn show(shop: &Shop, cart: CartId, draft: Option<Json<Draft>>, language: Language, now: OffsetDateTime) -> Result<Checkout, Fault> {
    let terms = Terms::load(shop, now).await?;
    let mut db = shop.db.acquire().await?;
    let lines = cart::read_lines(&mut db, &shop.settings, cart, language, now).await?;
    let draft = draft.map(|d| d.0).unwrap_or_default();
    let offer = credit::offer(&mut db, &shop.settings, &draft.credit, cart).await?;
    assemble(&shop.settings, &terms, &lines, (draft, offer), language, now)
}

/// The checkout of these lines and this draft: the same reckoning for the page and for the order.
fn assemble(
    settings: &Settings,
    terms: &Terms<'_>,
    lines: &[Line],
    (mut draft, offer): (Draft, Option<credit::Offer>),
    language: Language,
    now: OffsetDateTime,
) -> Result<Checkout, Fault> {
    let cart = Cart::of(settings.currency, lines.iter().map(|l| l.line.clone()).collect()).map_err(Fault::new)?;
    let destination = draft.destination();
    let methods = destination.as_ref().map_or_else(Vec::new, |(country, region, _)| {
        let backordered = cart.lines.iter().any(domain::cart::CartLine::is_made_to_order);
        terms.methods(&Consignment { country, region, grams: cart.grams(), goods: cart.goods, backordered }, now, language)
    });
    // The first is chosen until the shopper chooses.
    if let (true, Some(first)) = (draft.method.is_empty(), methods.first()) {
        draft.method.clone_from(&first.code);
    }
    let chosen = methods.iter().find(|m| m.code == draft.method);
    let totals = match (&destination, chosen) {
        (Some((country, region, _)), Some(method)) => {
            let bought = lines.iter().filter(|l| l.line.stock.can_be_bought());
            let amounts: Vec<_> = bought.map(|l| (l.line.total, l.taxable)).collect();
            Some(Totals::of_some_taxed(&amounts, method.price, &terms.tax(country, region)).map_err(Fault::new)?)
        }
        _ => None,
    };
    let mut problems = if draft.submitted { problems(&draft, destination.is_some(), chosen.is_some()) } else { Problems::new() };
    let credit = match (&totals, offer) {
        (Some(totals), Some(offer)) => Some(CreditUse::of(offer.available, totals.total).map_err(Fault::new)?),
        _ => None,
    };
    if !draft.credit.trim().is_empty() {
        let problem = match offer {
            None => Some(FieldProblem::NoSuchCredit),
            Some(offer) if offer.available.is_zero() => Some(FieldProblem::CreditUsedUp),
            Some(_) => None,
        };
        problems.extend(problem.map(|problem| (Field::Credit, problem)));
    }
    let credit = credit.filter(|credit| credit.used.minor > 0);
    Ok(Checkout { cart, draft, problems, methods, totals, credit })
}

fn problems(draft: &Draft, place_known: bool, method_found: bool) -> Problems {
    let mut problems = draft.details().err().unwrap_or_default();
    if place_known && !method_found {
        let problem = if draft.method.is_empty() { FieldProblem::NotDeliveredThere } else { FieldProblem::MethodGone };
        problems.insert(if draft.method.is_empty() { Field::Country } else { Field::Method }, problem);
    }
    problems
}

/// Locks the cart's row: whoever places, settles or replaces an order of this cart takes turns.
async fn lock_cart(db: &mut PgConnection, cart: CartId) -> Result<Option<Draft>, Fault> {
    let draft = sqlx::query_scalar!(r#"select draft as "draft: Json<Draft>" from cart where id = $1 for update"#, cart.0);
    Ok(draft.fetch_optional(db).await?.map(|d| d.0))
}
