//! Placing an order. One transaction writes it, or finds the one this cart has already; the payment service is
//! asked outside of it. A second click, a second tab and a second try all end on the same payment page.

use super::{
    assemble,
    attempt::{self, Attempt, Closed, Opened},
    fulfil, lock_cart,
    settle::Standing,
    write_order,
};
use crate::{Actor, Failure, Fault, Outcome, Shop, cart, credit, delivery::Terms, stock, transaction};
use domain::{
    Language, Money,
    checkout::{Checkout, CheckoutRefusal, Details, Field},
    credit::read_code,
    ids::{CartId, OrderId},
    orders::Placed,
};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// Each round closes an attempt, replaces an order or opens the page; more than a few means that two tabs
/// undo each other's work.
const ROUNDS: usize = 5;

/// An order that was found or written, and what to do next.
enum Step {
    Pay {
        number: String,
        attempt: Attempt,
        fresh: bool,
    },
    /// The cart's order is another one now: its payment page must go first.
    Close {
        number: String,
        attempt: Attempt,
    },
    /// Nothing to pay, or the money is there or on its way.
    Follow {
        order: OrderId,
        number: String,
    },
}

/// Places the order of the cart, or finds the one that was placed from it just now, and opens its payment page.
/// `expected_total` is what the shopper saw on the button; another amount is shown before it is charged.
/// `pay_url` leads to the order itself when it turns out to be paid, or when nothing is to be paid.
///
/// # Errors
/// Something the shopper has to change, or the payment service is out of reach: trying again continues.
pub async fn place_order(
    shop: &Shop,
    actor: &Actor,
    language: Language,
    expected_total: Option<Money>,
    now: OffsetDateTime,
) -> Outcome<Placed, CheckoutRefusal> {
    let Some(cart) = actor.cart() else { return Err(Failure::Refused(CheckoutRefusal::EmptyCart)) };
    let unavailable = || Failure::Refused(CheckoutRefusal::PaymentUnavailable);
    for _ in 0..ROUNDS {
        match write(shop, actor, cart, language, expected_total, now).await? {
            Step::Follow { order, number } => return Ok(placed(shop, language, order, number, None)),
            Step::Close { number, attempt } => match attempt::close(shop, &attempt, now).await? {
                Closed::ForGood | Closed::Completed(Standing::NotPaid) => {}
                Closed::Completed(_) => return Ok(placed(shop, language, attempt.order, number, None)),
                Closed::Unknown => return Err(unavailable()),
            },
            Step::Pay { number, attempt, fresh } => match attempt::open(shop, &attempt).await? {
                Opened::Page(url) => return Ok(placed(shop, language, attempt.order, number, Some(url))),
                Opened::Unknown => return Err(unavailable()),
                Opened::EmailRefused => return Err(Failure::Refused(CheckoutRefusal::EmailRefused)),
                // Made a moment ago and declined: the next would be, too. An old one may only have been too old.
                Opened::Refused if fresh => return Err(unavailable()),
                Opened::Refused | Opened::Closed => {}
            },
        }
    }
    Err(unavailable())
}

fn placed(shop: &Shop, language: Language, order: OrderId, number: String, pay_url: Option<String>) -> Placed {
    let (token, link) = attempt::link_of(shop, language.code(), order, &number);
    Placed { number, token, pay_url: pay_url.unwrap_or(link) }
}

async fn write(
    shop: &Shop,
    actor: &Actor,
    cart: CartId,
    language: Language,
    expected_total: Option<Money>,
    now: OffsetDateTime,
) -> Result<Step, Failure<CheckoutRefusal>> {
    let terms = Terms::load(shop, now).await?;
    let mut db = transaction::begin(&shop.db).await?;
    let Some(draft) = lock_cart(&mut db, cart).await? else { return Err(Failure::Refused(CheckoutRefusal::EmptyCart)) };
    let live = live_order(&mut db, cart).await?;
    let at_stake = variants_at_stake(&mut db, cart, live.as_ref()).await?;
    stock::lock(&mut db, &at_stake, now).await?;
    credit::lock(&mut db, &draft.credit, live.as_ref().map(|live| live.id)).await?;
    let lines = cart::read_lines(&mut db, &shop.settings, cart, language, now).await?;
    if let Some((order, number)) = just_ordered(&mut db, cart, now).await?.filter(|_| lines.is_empty()) {
        return Ok(Step::Follow { order, number });
    }
    let offer = credit::offer(&mut db, &shop.settings, &draft.credit, cart).await?;
    let checkout = assemble(&shop.settings, &terms, &lines, (draft, offer), language, now)?;
    let (details, due) = match check(&checkout, expected_total) {
        Ok(ready) => ready,
        Err(CheckoutRefusal::Details) => {
            sqlx::query!(r#"update cart set draft = draft || '{"submitted": true}' where id = $1"#, cart.0).execute(&mut *db).await?;
            db.commit().await?;
            return Err(Failure::Refused(CheckoutRefusal::Details));
        }
        Err(refusal) => return Err(Failure::Refused(refusal)),
    };
    let fingerprint = fingerprint(&checkout, &details);
    if let Some(live) = live {
        let attempt = attempt::unfinished(&mut db, live.id).await?;
        let same = live.fingerprint == fingerprint;
        match attempt {
            Some(attempt) if same && attempt.expires_at > now => {
                return Ok(Step::Pay { number: live.number, attempt, fresh: false });
            }
            Some(attempt) => return Ok(Step::Close { number: live.number, attempt }),
            None if same && stock::extend(&mut db, live.id, write_order::held_until(&shop.settings, now), now).await? => {
                let attempt = write_order::next_attempt(&mut db, shop, live.id, now).await?;
                db.commit().await?;
                return Ok(Step::Pay { number: live.number, attempt, fresh: true });
            }
            None => crate::orders::cancel_unpaid(&mut db, live.id, domain::orders::CancelReason::Replaced, now).await?,
        }
    }
    let draft = write_order::NewOrder {
        cart,
        customer: actor.customer(),
        language,
        checkout: &checkout,
        details: &details,
        lines: &lines,
        fingerprint: &fingerprint,
        credit: offer.map(|offer| offer.id),
    };
    let Some((order, number)) = write_order::insert(&mut db, shop, &terms, &draft, now).await? else {
        return Err(Failure::Refused(CheckoutRefusal::CartChanged));
    };
    let step = if due.is_zero() {
        fulfil::at_once(&mut db, shop, &terms, order, now).await?;
        Step::Follow { order, number }
    } else {
        Step::Pay { number, attempt: write_order::next_attempt(&mut db, shop, order, now).await?, fresh: true }
    };
    db.commit().await?;
    Ok(step)
}

fn check(checkout: &Checkout, expected_total: Option<Money>) -> Result<(Details, Money), CheckoutRefusal> {
    if checkout.cart.is_empty() {
        return Err(CheckoutRefusal::EmptyCart);
    }
    let details = checkout.draft.details().map_err(|_| CheckoutRefusal::Details)?;
    let due = checkout.due().ok_or(CheckoutRefusal::Details)?;
    if checkout.problems.contains_key(&Field::Credit) {
        return Err(CheckoutRefusal::Details);
    }
    if !checkout.cart.can_be_ordered() {
        return Err(CheckoutRefusal::CartChanged);
    }
    match expected_total {
        Some(expected) if expected != due => Err(CheckoutRefusal::TotalChanged { now: due }),
        _ => Ok((details, due)),
    }
}

struct LiveOrder {
    id: OrderId,
    number: String,
    fingerprint: Vec<u8>,
}

/// The order of this cart that waits to be paid; there is one at most.
async fn live_order(db: &mut PgConnection, cart: CartId) -> Result<Option<LiveOrder>, Fault> {
    let row = sqlx::query!(
        "select id, number, fingerprint from orders where cart_id = $1 and state = 'placed' and payment_state = 'unpaid' for update",
        cart.0
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|r| LiveOrder { id: OrderId(r.id), number: r.number, fingerprint: r.fingerprint }))
}

/// How long after its goods left the cart a second click is still about that order.
const SECOND_CLICK: Duration = Duration::hours(1);

/// The order whose goods have left this cart lately: who pays for an empty cart means that one.
async fn just_ordered(db: &mut PgConnection, cart: CartId, now: OffsetDateTime) -> Result<Option<(OrderId, String)>, Fault> {
    let row = sqlx::query!(
        "select id, number from orders where cart_id = $1 and left_cart_at > $2 and state <> 'cancelled' order by left_cart_at desc limit 1",
        cart.0,
        now - SECOND_CLICK
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (OrderId(row.id), row.number)))
}

/// Of the cart, and of the order that it may replace: all are locked at once, in id order.
async fn variants_at_stake(db: &mut PgConnection, cart: CartId, live: Option<&LiveOrder>) -> Result<Vec<Uuid>, Fault> {
    let variants = sqlx::query_scalar!(
        r#"select variant_id as "variant!" from cart_line where cart_id = $1
           union select variant_id from stock_reservation where order_id = $2"#,
        cart.0,
        live.map(|l| l.id.0)
    )
    .fetch_all(db)
    .await?;
    Ok(variants)
}

/// What makes an order another order: who buys what at which price, where it goes how, and which credit pays how much of it.
fn fingerprint(checkout: &Checkout, details: &Details) -> Vec<u8> {
    let lines: Vec<_> = checkout.cart.lines.iter().map(|l| (l.variant, l.quantity, l.unit)).collect();
    let total = checkout.totals.as_ref().map(|totals| totals.total);
    let credit = checkout.credit.map(|credit| (read_code(&checkout.draft.credit), credit.used));
    let whole = (lines, &checkout.draft.method, &details.email, &details.name, &details.phone, &details.address, total, credit);
    Sha256::digest(serde_json::to_vec(&whole).unwrap_or_default()).to_vec()
}
