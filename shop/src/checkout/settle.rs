//! The one place that decides that an order is paid. The session is fetched before the transaction; inside it the
//! order is locked, the amount compared, and the state only ever moves forward: who calls first, how often, and in
//! which order the news arrive does not matter.

use super::{attempt, fulfil, refunds, write_order::amount};
use crate::{
    Fault, Outcome, Shop, credit,
    delivery::Terms,
    events, jobs,
    orders::{self, state::Locked},
    signing, stock, transaction,
};
use domain::{
    Money,
    ids::AttemptId,
    orders::{AttemptState, CancelReason, OrderState},
    token::Token,
};
use payments::{PaymentError, PaymentStatus, Session, SessionStatus};
use serde_json::json;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

/// Where a payment stands after [`settle`] looked at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// No order of this shop has this session.
    NotOurs,
    Order {
        number: String,
        token: Token,
        standing: Standing,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The payment page is still open.
    Open,
    /// Completed with a delayed method: the money is on its way.
    Processing,
    Paid,
    /// The delayed payment failed, or the session expired: nothing was taken.
    NotPaid,
    /// Paid, but it cannot be fulfilled: the money goes back by itself.
    Refunding,
}

/// How long a delayed payment may be on its way; the goods are held as long. Money that comes later still finds
/// its order.
pub(super) const LONGEST_DELAY: Duration = Duration::days(15);

/// Brings an order up to what the payment service says of its session. Webhook, return page and poller all
/// call this; who calls first, and how often, does not matter.
///
/// # Errors
/// The payment service or the database cannot be reached.
pub async fn settle(shop: &Shop, session_id: &str, now: OffsetDateTime) -> Outcome<Settled> {
    match shop.payments.retrieve_session(session_id).await {
        Ok(session) => Ok(of_session(shop, &session, now).await?),
        Err(PaymentError::Refused { .. }) => Ok(Settled::NotOurs),
        Err(error) => Err(Fault::new(error).into()),
    }
}

pub(super) async fn of_session(shop: &Shop, session: &Session, now: OffsetDateTime) -> Result<Settled, Fault> {
    let terms = Terms::load(shop, now).await?;
    let mut db = transaction::begin(&shop.db).await?;
    let settled = apply(&mut db, shop, &terms, session, now).await?;
    db.commit().await?;
    Ok(settled)
}

/// The effect of a session as it was fetched.
pub(super) async fn apply(
    db: &mut PgConnection,
    shop: &Shop,
    terms: &Terms<'_>,
    session: &Session,
    now: OffsetDateTime,
) -> Result<Settled, Fault> {
    let Some((attempt, order)) = attempt::of_session(db, session).await? else { return Ok(Settled::NotOurs) };
    let order = orders::state::lock(db, order).await?;
    let attempt = adopt(db, attempt, session).await?;
    let payment = Payment { shop, terms, order: &order, attempt: &attempt, session, now };
    let standing = match (session.status, session.payment_status) {
        (_, PaymentStatus::Paid | PaymentStatus::NoPaymentRequired) => payment.paid(db).await?,
        _ if attempt.state.is_final() => payment.standing(),
        (_, PaymentStatus::Failed) => payment.ended(db, AttemptState::Failed, CancelReason::PaymentFailed).await?,
        (SessionStatus::Complete, PaymentStatus::Unpaid) => payment.processing(db).await?,
        (SessionStatus::Expired, PaymentStatus::Unpaid) => payment.ended(db, AttemptState::Expired, CancelReason::Expired).await?,
        (SessionStatus::Open, PaymentStatus::Unpaid) => Standing::Open,
    };
    orders::state::derive_payment(db, order.id).await?;
    let token = signing::order_token(&shop.settings, order.id);
    Ok(Settled::Order { number: order.number, token, standing })
}

struct AttemptRow {
    id: AttemptId,
    state: AttemptState,
    due: Money,
}

/// Locks the attempt and remembers its session, which may be news when an answer was lost.
async fn adopt(db: &mut PgConnection, id: AttemptId, session: &Session) -> Result<AttemptRow, Fault> {
    let row = sqlx::query!(
        "update payment_attempt
         set session_id = $2, url = coalesce($3, url), payment_intent = coalesce($4, payment_intent),
             state = case when state = 'created' then 'open' else state end
         where id = $1 returning state, amount_minor, currency",
        id.0,
        session.id,
        session.url,
        session.payment_intent
    )
    .fetch_one(db)
    .await?;
    let state = AttemptState::from_code(&row.state).ok_or_else(|| Fault::new("an attempt in a state of another version"))?;
    Ok(AttemptRow { id, state, due: amount(row.amount_minor, &row.currency)? })
}

async fn set_attempt(db: &mut PgConnection, id: AttemptId, state: AttemptState) -> Result<(), Fault> {
    sqlx::query!("update payment_attempt set state = $2 where id = $1", id.0, state.code()).execute(db).await?;
    Ok(())
}

struct Payment<'a> {
    shop: &'a Shop,
    terms: &'a Terms<'a>,
    order: &'a Locked,
    attempt: &'a AttemptRow,
    session: &'a Session,
    now: OffsetDateTime,
}

impl Payment<'_> {
    /// What was decided earlier.
    fn standing(&self) -> Standing {
        match (self.attempt.state, self.order.state) {
            (AttemptState::Paid, OrderState::Cancelled) => Standing::Refunding,
            (AttemptState::Paid, _) => Standing::Paid,
            (AttemptState::Processing, _) => Standing::Processing,
            (AttemptState::Created | AttemptState::Open, _) => Standing::Open,
            _ => Standing::NotPaid,
        }
    }

    async fn processing(&self, db: &mut PgConnection) -> Result<Standing, Fault> {
        if self.attempt.state != AttemptState::Processing {
            set_attempt(db, self.attempt.id, AttemptState::Processing).await?;
            let until = self.now + LONGEST_DELAY;
            // What lapsed already is tried again when the money is there.
            stock::extend(db, self.order.id, until, self.now).await?;
            sqlx::query!("update orders set reserved_until = $2 where id = $1 and state = 'placed'", self.order.id.0, until)
                .execute(&mut *db)
                .await?;
            // Whoever comes back shall not order it twice.
            fulfil::leave_cart(db, self.order, self.now).await?;
            events::record(db, "payment.processing", self.order.id.0, json!({}), self.now).await?;
        }
        Ok(Standing::Processing)
    }

    /// Nothing was taken and nothing will be. The order goes with its last attempt.
    async fn ended(&self, db: &mut PgConnection, state: AttemptState, reason: CancelReason) -> Result<Standing, Fault> {
        set_attempt(db, self.attempt.id, state).await?;
        if self.order.state == OrderState::Placed && attempt::unfinished(db, self.order.id).await?.is_none() {
            orders::cancel_unpaid(db, self.order.id, reason, self.now).await?;
            if state == AttemptState::Failed {
                jobs::enqueue_letter(db, "payment.failed", self.order.id, self.now).await?;
            }
        }
        Ok(Standing::NotPaid)
    }

    async fn paid(&self, db: &mut PgConnection) -> Result<Standing, Fault> {
        if self.attempt.state == AttemptState::Paid {
            return Ok(self.standing());
        }
        set_attempt(db, self.attempt.id, AttemptState::Paid).await?;
        let taken = amount(self.session.amount_total, &self.session.currency)?;
        self.book(db, taken).await?;
        if taken != self.attempt.due || !self.shop.payments.accepts(self.session.livemode) {
            tracing::error!(
                order.number = self.order.number,
                "paid {taken:?} instead of {:?}: not fulfilled, given back",
                self.attempt.due
            );
            return self.give_back(db, CancelReason::PaymentFailed).await;
        }
        let may_be_fulfilled = match (self.order.state, self.order.cancelled_because) {
            (OrderState::Placed, _) => true,
            // Paid on its last breath: the goods may still be there.
            (OrderState::Cancelled, Some(CancelReason::Expired | CancelReason::PaymentFailed | CancelReason::SoldOut)) => true,
            // Replaced by another order, cancelled by staff, or paid already with another attempt.
            _ => false,
        };
        if may_be_fulfilled && self.take_goods_and_credit(db).await? {
            fulfil::fulfil(db, self.shop, self.terms, self.order, self.now).await?;
            return Ok(Standing::Paid);
        }
        self.give_back(db, CancelReason::SoldOut).await
    }

    /// Both or neither: an order that was given up has let go of its credit, which may be spent by now.
    async fn take_goods_and_credit(&self, db: &mut PgConnection) -> Result<bool, Fault> {
        if !stock::allocate(db, self.order.id, self.now).await? {
            return Ok(false);
        }
        let spent = credit::spend(db, self.order.id, self.now).await?;
        if !spent {
            stock::release(db, self.order.id, self.now).await?;
        }
        Ok(spent)
    }

    async fn book(&self, db: &mut PgConnection, taken: Money) -> Result<(), Fault> {
        if taken.is_zero() {
            return Ok(());
        }
        let reference = self.session.payment_intent.as_ref().unwrap_or(&self.session.id);
        orders::state::book(db, self.order.id, self.attempt.id, "capture", taken, reference, self.now).await
    }

    /// The whole payment goes back by itself. An order that nothing else pays is over.
    async fn give_back(&self, db: &mut PgConnection, reason: CancelReason) -> Result<Standing, Fault> {
        refunds::queue_rest(db, self.order.id, self.attempt.id, reason.code(), self.now).await?;
        match (self.order.state, self.order.cancelled_because) {
            (OrderState::Placed, _) => orders::cancel_unpaid(db, self.order.id, reason, self.now).await?,
            (OrderState::Cancelled, Some(CancelReason::Expired)) => {
                sqlx::query!("update orders set cancelled_because = $2 where id = $1", self.order.id.0, reason.code())
                    .execute(&mut *db)
                    .await?;
            }
            (OrderState::Cancelled, _) => {}
            // Paid twice: the second payment goes back, the order goes on.
            _ => return Ok(Standing::Paid),
        }
        jobs::enqueue_letter(db, "order.given_back", self.order.id, self.now).await?;
        Ok(Standing::Refunding)
    }
}
