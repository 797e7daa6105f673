//! Inviting people to the staff, what they may do, and switching them off.

use super::{
    super::{
        letters::{self, Reader},
        link::{self, Purpose},
        session::{self, Owner},
        throttle,
    },
    NewStaff, codes, insert, may_manage, second_factor,
};
use crate::{Actor, Failure, Outcome, Shop, audit, events, transaction};
use domain::{
    Language,
    account::AccountRefusal,
    ids::StaffId,
    staff::{Permission, Role, Roles},
};
use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;

/// Somebody in the list of the staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: StaffId,
    pub name: String,
    pub email: String,
    pub roles: Roles,
    pub active: bool,
    /// Has not chosen a password yet.
    pub invited: bool,
    pub has_second_factor: bool,
    /// Of the sessions that are not over.
    pub seen_at: Option<OffsetDateTime>,
}

/// # Errors
/// Another role is needed.
pub async fn list(shop: &Shop, actor: &Actor) -> Outcome<Vec<Person>, AccountRefusal> {
    may_manage(actor)?;
    let rows = sqlx::query!(
        r#"select id, name, email, roles, active, password_hash is null as "invited!", totp_confirmed_at is not null as "has_second_factor!",
                  (select max(seen_at) from session where staff_id = staff.id) as seen_at
           from staff order by active desc, lower(name), id"#
    )
    .fetch_all(&shop.db)
    .await?;
    let people = rows.into_iter().map(|row| Person {
        id: StaffId(row.id),
        name: row.name,
        email: row.email,
        roles: session::roles(&row.roles),
        active: row.active,
        invited: row.invited,
        has_second_factor: row.has_second_factor,
        seen_at: row.seen_at,
    });
    Ok(people.collect())
}

/// Adds somebody and sends them a link to choose their password.
///
/// # Errors
/// Another role is needed; the address is no address or somebody's; there is no name or no role.
pub async fn invite(
    shop: &Shop,
    actor: &Actor,
    new: NewStaff,
    language: Language,
    now: OffsetDateTime,
) -> Outcome<StaffId, AccountRefusal> {
    may_manage(actor)?;
    let new = new.checked().map_err(Failure::Refused)?;
    let mut db = transaction::begin(&shop.db).await?;
    let id = insert(&mut db, &new, None, now).await?;
    let reader = Reader { email: &new.email, name: &new.name, language };
    send_link(&mut db, shop, Purpose::StaffInvitation, id, &reader, now).await?;
    audit::record(&mut db, actor, "staff.invited", Some(id.0), json!({ "name": new.name, "roles": new.roles }), now).await?;
    db.commit().await?;
    Ok(id)
}

/// Sends a link to choose a password: the first, or another.
///
/// # Errors
/// Another role is needed, or nobody active is behind this id.
pub async fn send_password_link(
    shop: &Shop,
    actor: &Actor,
    id: StaffId,
    language: Language,
    now: OffsetDateTime,
) -> Outcome<(), AccountRefusal> {
    may_manage(actor)?;
    let mut db = transaction::begin(&shop.db).await?;
    let row = sqlx::query!(r#"select name, email, password_hash is null as "invited!" from staff where id = $1 and active"#, id.0)
        .fetch_optional(&mut *db)
        .await?
        .ok_or(Failure::Refused(AccountRefusal::NoSuchPerson))?;
    let purpose = if row.invited { Purpose::StaffInvitation } else { Purpose::StaffPassword };
    send_link(&mut db, shop, purpose, id, &Reader { email: &row.email, name: &row.name, language }, now).await?;
    audit::record(&mut db, actor, "staff.password_link_sent", Some(id.0), json!({}), now).await?;
    db.commit().await?;
    Ok(())
}

async fn send_link(
    db: &mut PgConnection,
    shop: &Shop,
    purpose: Purpose,
    id: StaffId,
    reader: &Reader<'_>,
    now: OffsetDateTime,
) -> Outcome<(), AccountRefusal> {
    match link::make(&mut *db, purpose, id.0, now).await? {
        Some(link) => Ok(letters::send(db, shop, purpose, reader, &link, now).await?),
        // They have several that are good.
        None => Ok(()),
    }
}

/// # Errors
/// Another role is needed, nobody is behind this id, there is no role, or nobody would manage the staff any more.
pub async fn set_roles(shop: &Shop, actor: &Actor, id: StaffId, roles: Roles, now: OffsetDateTime) -> Outcome<(), AccountRefusal> {
    may_manage(actor)?;
    if roles.is_empty() {
        return Err(Failure::Refused(AccountRefusal::NoRole));
    }
    let mut db = transaction::begin(&shop.db).await?;
    let before = lock(&mut db, id).await?;
    sqlx::query!("update staff set roles = $2 where id = $1", id.0, &codes(roles)).execute(&mut *db).await?;
    somebody_manages(&mut db).await?;
    audit::record(&mut db, actor, "staff.roles_changed", Some(id.0), json!({ "before": before, "after": roles }), now).await?;
    events::record(&mut db, "staff.changed", id.0, json!({}), now).await?;
    db.commit().await?;
    Ok(())
}

/// Whatever they have open ends at once.
///
/// # Errors
/// Another role is needed, nobody is behind this id, or nobody would manage the staff any more.
pub async fn switch_off(shop: &Shop, actor: &Actor, id: StaffId, now: OffsetDateTime) -> Outcome<(), AccountRefusal> {
    may_manage(actor)?;
    let mut db = transaction::begin(&shop.db).await?;
    lock(&mut db, id).await?;
    sqlx::query!("update staff set active = false where id = $1", id.0).execute(&mut *db).await?;
    somebody_manages(&mut db).await?;
    session::end_all(&mut db, Owner::Staff(id), None).await?;
    link::spend_all(&mut db, id.0, now).await?;
    audit::record(&mut db, actor, "staff.switched_off", Some(id.0), json!({}), now).await?;
    events::record(&mut db, "staff.changed", id.0, json!({}), now).await?;
    db.commit().await?;
    Ok(())
}

/// # Errors
/// Another role is needed, or nobody is behind this id.
pub async fn switch_on(shop: &Shop, actor: &Actor, id: StaffId, now: OffsetDateTime) -> Outcome<(), AccountRefusal> {
    may_manage(actor)?;
    let mut db = transaction::begin(&shop.db).await?;
    lock(&mut db, id).await?;
    sqlx::query!("update staff set active = true where id = $1", id.0).execute(&mut *db).await?;
    audit::record(&mut db, actor, "staff.switched_on", Some(id.0), json!({}), now).await?;
    events::record(&mut db, "staff.changed", id.0, json!({}), now).await?;
    db.commit().await?;
    Ok(())
}

/// For who lost the app and the recovery codes: the password is enough until they set up another.
///
/// # Errors
/// Another role is needed, or nobody is behind this id.
pub async fn forget_second_factor(shop: &Shop, actor: &Actor, id: StaffId, now: OffsetDateTime) -> Outcome<(), AccountRefusal> {
    may_manage(actor)?;
    let mut db = transaction::begin(&shop.db).await?;
    lock(&mut db, id).await?;
    second_factor::forget(&mut db, id).await?;
    throttle::forgive(&mut db, &second_factor::throttled(id)).await?;
    audit::record(&mut db, actor, "second_factor.forgotten", Some(id.0), json!({}), now).await?;
    db.commit().await?;
    Ok(())
}

/// Two administrators who take each other's role at once take turns: every row is locked, in one order.
async fn lock(db: &mut PgConnection, id: StaffId) -> Outcome<Roles, AccountRefusal> {
    let rows = sqlx::query!("select id, roles from staff order by id for update").fetch_all(db).await?;
    let row = rows.into_iter().find(|row| row.id == id.0);
    row.map(|row| session::roles(&row.roles)).ok_or(Failure::Refused(AccountRefusal::NoSuchPerson))
}

async fn somebody_manages(db: &mut PgConnection) -> Outcome<(), AccountRefusal> {
    let managing: Vec<String> =
        Role::ALL.iter().filter(|role| role.may(Permission::ManageStaff)).map(|role| role.code().to_owned()).collect();
    let is_somebody =
        sqlx::query_scalar!(r#"select exists (select from staff where active and roles && $1) as "is!""#, &managing).fetch_one(db).await?;
    if is_somebody { Ok(()) } else { Err(Failure::Refused(AccountRefusal::LastAdministrator)) }
}
