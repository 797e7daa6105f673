//! The computation of a night: everything is read, computed off the threads that answer, and written in one transaction.

use super::{compute, load, rules, together, write};
use crate::{Actor, Failure, Fault, NotAllowed, Outcome, Shop, transaction};
use domain::staff::Permission;
use sqlx::PgConnection;
use time::OffsetDateTime;

/// One node computes at a time; the number is as good as any other.
const COMPUTING: i64 = 0x0063_7573_746f_6d65;
/// Held alone while classes are written, and by many who forget somebody.
const WRITING: i64 = 0x0063_7573_746f_6d66;
/// The local hour from which a night's computation may begin. Whoever was not there then does it later.
const FROM_HOUR: u8 = 3;

/// What a computation found and changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Computed {
    pub people: usize,
    /// Whose figures are others.
    pub standings: u64,
    pub began: u64,
    pub ended: u64,
    /// Classes that go on for another reason.
    pub explained: u64,
    /// Products that others are bought with now.
    pub products: usize,
}

/// Once a local night; says how many classes changed. Whoever comes second finds it done.
///
/// # Errors
/// A fault only; it is tried again.
pub async fn nightly(shop: &Shop, now: OffsetDateTime) -> Outcome<usize> {
    if shop.settings.local(now).hour() < FROM_HOUR || is_done(shop, &mut *shop.db.acquire().await?, now).await? {
        return Ok(0);
    }
    let computed = compute(shop, true, now).await?;
    Ok(computed.map_or(0, |computed| usize::try_from(computed.began + computed.ended).unwrap_or(usize::MAX) + computed.products))
}

/// The same at once, whether or not it was done today; nothing while somebody else is at it.
///
/// # Errors
/// The person's roles do not reach so far.
pub async fn classify(shop: &Shop, actor: &Actor, now: OffsetDateTime) -> Outcome<Option<Computed>, NotAllowed> {
    actor.needs(Permission::SetRules).map_err(Failure::Refused)?;
    Ok(compute(shop, false, now).await?)
}

async fn compute(shop: &Shop, once_a_day: bool, now: OffsetDateTime) -> Result<Option<Computed>, Fault> {
    let today = shop.settings.local(now).date();
    let mut db = transaction::begin(&shop.db).await?;
    let mine = sqlx::query_scalar!(r#"select pg_try_advisory_xact_lock($1) as "mine!""#, COMPUTING).fetch_one(&mut *db).await?;
    if !mine || (once_a_day && is_done(shop, &mut db, now).await?) {
        return Ok(None);
    }
    let rules = rules::read(&mut db).await?;
    let people = load::people(&mut db, shop, now).await?;
    let (model, standings) = tokio::task::spawn_blocking(move || compute::standings(people, today, rules)).await.map_err(Fault::new)?;
    sqlx::query_scalar!(r#"select pg_advisory_xact_lock($1)::text as "locked!""#, WRITING).fetch_one(&mut *db).await?;
    let written = write::all(&mut db, &standings, today).await?;
    let products = together::renew(&mut db, rules, now).await?;
    write::done(&mut db, today, standings.len(), model, now).await?;
    db.commit().await?;
    let write::Written { standings: changed, began, ended, explained } = written;
    Ok(Some(Computed { people: standings.len(), standings: changed, began, ended, explained, products }))
}

async fn is_done(shop: &Shop, db: &mut PgConnection, now: OffsetDateTime) -> Result<bool, Fault> {
    let today = shop.settings.local(now).date();
    let done = sqlx::query_scalar!(r#"select exists (select from customer_model where day = $1) as "done!""#, today);
    Ok(done.fetch_one(db).await?)
}

/// To be called before somebody is forgotten: what is being written of them is waited for, and nothing is written until
/// the transaction ends.
pub(super) async fn hold_off(db: &mut PgConnection) -> Result<(), Fault> {
    sqlx::query_scalar!(r#"select pg_advisory_xact_lock_shared($1)::text as "locked!""#, WRITING).fetch_one(db).await?;
    Ok(())
}
