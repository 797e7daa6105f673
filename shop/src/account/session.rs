//! Sessions of people who logged in. The cookie holds a random secret, the database its hash. A session ends some time
//! after it was last used, at the latest some time after it began, when its owner ends it, and when an account is
//! switched off.

use super::{secret, throttle};
use crate::{Actor, Failure, Fault, Outcome, Shop, audit, new_id, transaction};
use domain::{
    account::AccountRefusal,
    ids::{CustomerId, SessionId, StaffId},
    staff::{Member, Role, Roles},
    token::Token,
};
use serde_json::json;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// The cookie of somebody of the staff.
pub const STAFF_COOKIE: &str = "desk";
/// The cookie of a customer.
pub const CUSTOMER_COOKIE: &str = "account";

/// Whose session it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Staff(StaffId),
    Customer(CustomerId),
}

impl Owner {
    fn of(actor: &Actor) -> Option<Self> {
        actor.staff().map(Self::Staff).or_else(|| actor.customer().map(Self::Customer))
    }

    fn columns(self) -> (Option<Uuid>, Option<Uuid>) {
        match self {
            Self::Staff(id) => (Some(id.0), None),
            Self::Customer(id) => (None, Some(id.0)),
        }
    }

    /// After how long without a request it ends.
    const fn idle(self) -> Duration {
        match self {
            Self::Staff(_) => STAFF_IDLE,
            Self::Customer(_) => CUSTOMER_IDLE,
        }
    }

    /// After how long it ends in any case.
    const fn longest(self) -> Duration {
        match self {
            Self::Staff(_) => Duration::days(7),
            Self::Customer(_) => Duration::days(180),
        }
    }
}

const STAFF_IDLE: Duration = Duration::hours(12);
const CUSTOMER_IDLE: Duration = Duration::days(30);
/// How long the second factor may take.
const HALF_WAY: Duration = Duration::minutes(10);
/// `seen_at` is written at most this often.
const SEEN_EVERY: Duration = Duration::minutes(1);
/// Of what a browser calls itself.
const LONGEST_NAME: usize = 300;

/// Somebody of the staff behind a cookie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffSession {
    pub id: SessionId,
    pub member: Member,
    /// Both factors are through; one that still waits for the second opens nothing.
    pub complete: bool,
}

/// A customer behind a cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CustomerSession {
    pub id: SessionId,
    pub customer: CustomerId,
}

/// A session in the list of its owner's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub id: SessionId,
    /// The browser, as it calls itself.
    pub user_agent: String,
    pub began_at: OffsetDateTime,
    pub seen_at: OffsetDateTime,
}

/// A new session; its secret goes into the cookie and nowhere else.
pub(super) async fn begin(
    db: &mut PgConnection,
    owner: Owner,
    complete: bool,
    user_agent: &str,
    now: OffsetDateTime,
) -> Result<Token, Fault> {
    let token = secret::new();
    let (staff, customer) = owner.columns();
    let user_agent: String = user_agent.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    sqlx::query!(
        "insert into session (token_hash, id, staff_id, customer_id, user_agent, created_at, seen_at, expires_at, complete)
         values ($1, $2, $3, $4, $5, $6, $6, $7, $8)",
        secret::hash(&token.0),
        new_id(now),
        staff,
        customer,
        user_agent,
        now,
        now + if complete { owner.longest() } else { HALF_WAY },
        complete
    )
    .execute(db)
    .await?;
    Ok(token)
}

/// Whose the cookie of staff is, if it still counts.
///
/// # Errors
/// A fault only.
pub async fn of_staff(shop: &Shop, cookie: &str, now: OffsetDateTime) -> Outcome<Option<StaffSession>> {
    let row = sqlx::query!(
        "select session.id, complete, seen_at, staff.id as staff_id, name, email, roles
         from session join staff on staff.id = staff_id
         where token_hash = $1 and expires_at > $2 and seen_at > $3 and active",
        secret::hash(cookie),
        now,
        now - STAFF_IDLE
    )
    .fetch_optional(&shop.db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    seen(shop, row.id, row.seen_at, now).await?;
    let member = Member { id: StaffId(row.staff_id), name: row.name, email: row.email, roles: roles(&row.roles) };
    Ok(Some(StaffSession { id: SessionId(row.id), member, complete: row.complete }))
}

/// Whose the cookie of a customer is, if it still counts.
///
/// # Errors
/// A fault only.
pub async fn of_customer(shop: &Shop, cookie: &str, now: OffsetDateTime) -> Outcome<Option<CustomerSession>> {
    let row = sqlx::query!(
        r#"select id, seen_at, customer_id as "customer!" from session
           where token_hash = $1 and expires_at > $2 and seen_at > $3 and customer_id is not null"#,
        secret::hash(cookie),
        now,
        now - CUSTOMER_IDLE
    )
    .fetch_optional(&shop.db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    seen(shop, row.id, row.seen_at, now).await?;
    Ok(Some(CustomerSession { id: SessionId(row.id), customer: CustomerId(row.customer) }))
}

async fn seen(shop: &Shop, id: Uuid, before: OffsetDateTime, now: OffsetDateTime) -> Result<(), Fault> {
    if now - before >= SEEN_EVERY {
        sqlx::query!("update session set seen_at = $2 where id = $1", id, now).execute(&shop.db).await?;
    }
    Ok(())
}

/// The roles as the database holds them.
pub(super) fn roles(codes: &[String]) -> Roles {
    Roles::of(&codes.iter().filter_map(|code| Role::from_code(code)).collect::<Vec<_>>())
}

/// Where somebody is logged in, the latest first.
///
/// # Errors
/// Nobody is logged in.
pub async fn list(shop: &Shop, actor: &Actor, now: OffsetDateTime) -> Outcome<Vec<Listed>, AccountRefusal> {
    let owner = Owner::of(actor).ok_or(Failure::Refused(AccountRefusal::NotAllowed))?;
    let (staff, customer) = owner.columns();
    let rows = sqlx::query!(
        "select id, user_agent, created_at, seen_at from session
         where (staff_id = $1 or customer_id = $2) and complete and expires_at > $3 and seen_at > $4 order by seen_at desc, id",
        staff,
        customer,
        now,
        now - owner.idle()
    )
    .fetch_all(&shop.db)
    .await?;
    let listed = rows.into_iter().map(|row| Listed {
        id: SessionId(row.id),
        user_agent: row.user_agent,
        began_at: row.created_at,
        seen_at: row.seen_at,
    });
    Ok(listed.collect())
}

/// Ends one of the person's own sessions; one that is over already is no mistake.
///
/// # Errors
/// Nobody is logged in.
pub async fn end(shop: &Shop, actor: &Actor, session: SessionId, now: OffsetDateTime) -> Outcome<(), AccountRefusal> {
    let owner = Owner::of(actor).ok_or(Failure::Refused(AccountRefusal::NotAllowed))?;
    let (staff, customer) = owner.columns();
    let mut db = transaction::begin(&shop.db).await?;
    let ended = sqlx::query!("delete from session where id = $1 and (staff_id = $2 or customer_id = $3)", session.0, staff, customer)
        .execute(&mut *db)
        .await?;
    if staff.is_some() && ended.rows_affected() > 0 {
        audit::record(&mut db, actor, "session.ended", staff, json!({ "session": session }), now).await?;
    }
    db.commit().await?;
    Ok(())
}

/// Ends every session of somebody, but the one that is `kept`.
pub(super) async fn end_all(db: &mut PgConnection, owner: Owner, kept: Option<SessionId>) -> Result<(), Fault> {
    let (staff, customer) = owner.columns();
    sqlx::query!(
        "delete from session where (staff_id = $1 or customer_id = $2) and id is distinct from $3",
        staff,
        customer,
        kept.map(|id| id.0)
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Takes away what is over: sessions, failed tries.
///
/// # Errors
/// A fault only.
pub async fn sweep(shop: &Shop, now: OffsetDateTime) -> Outcome<u64> {
    let mut db = shop.db.acquire().await?;
    let gone = sqlx::query!(
        "delete from session where expires_at < $1 or seen_at < case when staff_id is null then $3::timestamptz else $2 end",
        now,
        now - STAFF_IDLE,
        now - CUSTOMER_IDLE
    )
    .execute(&mut *db)
    .await?;
    Ok(gone.rows_affected() + throttle::sweep(&mut db, now).await?)
}
