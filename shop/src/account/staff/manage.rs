//! Inviting people to the staff, what they may do, and switching them off.

use super::{
    super::{
        address,
        letters::{self, Reader},
        link::{self, Purpose},
        password,
        session::{self, Owner},
        throttle,
    },
    FirstPassword, NewStaff, codes, insert, log_in, may_manage, second_factor,
};
use crate::{Actor, Failure, Outcome, Shop, audit, events, transaction};
use domain::{
    Language,
    account::{AccountRefusal, check_password},
    ids::StaffId,
    staff::{Permission, Role, Roles},
};
use serde_json::json;
use sqlx::PgConnection;
use std::collections::BTreeSet;
use time::OffsetDateTime;

/// Somebody in the list of the staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: StaffId,
    pub name: String,
    pub email: String,
    pub roles: Roles,
    pub work: Work,
    pub active: bool,
    /// Has not chosen a password yet.
    pub invited: bool,
    pub has_second_factor: bool,
    /// Of the sessions that are not over.
    pub seen_at: Option<OffsetDateTime>,
}

/// What conversations somebody is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// All of them, where none is named.
    pub languages: Vec<Language>,
    /// What else they know: words that the rules of routing use.
    pub skills: Vec<String>,
    /// The most at once, 1 to 50.
    pub load_cap: u32,
    /// With whom somebody works; empty: with nobody in particular.
    pub team: String,
}

const MOST_SKILLS: usize = 20;
const LONGEST_SKILL: usize = 40;

/// # Errors
/// Another role is needed.
pub async fn list(shop: &Shop, actor: &Actor) -> Outcome<Vec<Person>, AccountRefusal> {
    may_manage(actor)?;
    let rows = sqlx::query!(
        r#"select id, name, email, roles, languages, skills, load_cap, team, active, password_hash is null as "invited!", totp_confirmed_at is not null as "has_second_factor!",
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
        work: Work {
            languages: row.languages.iter().filter_map(|code| code.parse().ok()).collect(),
            skills: row.skills,
            load_cap: row.load_cap.unsigned_abs(),
            team: row.team,
        },
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
    let id = insert(&mut db, &new, now).await?;
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

/// # Errors
/// Another role is needed, or nobody is behind this id.
pub async fn set_work(shop: &Shop, actor: &Actor, id: StaffId, work: Work, now: OffsetDateTime) -> Outcome<(), AccountRefusal> {
    may_manage(actor)?;
    let named = if work.languages.is_empty() { Language::ALL.to_vec() } else { work.languages };
    let languages: Vec<String> = named.into_iter().map(|language| language.code().to_owned()).collect();
    let tidy = |skill: &String| skill.replace('\0', "").trim().to_lowercase().chars().take(LONGEST_SKILL).collect::<String>();
    let skills: BTreeSet<String> = work.skills.iter().map(tidy).filter(|skill| !skill.is_empty()).take(MOST_SKILLS).collect();
    let skills: Vec<String> = skills.into_iter().collect();
    let team = work.team.replace('\0', "").split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST_SKILL).collect::<String>();
    let load_cap = i32::try_from(work.load_cap.clamp(1, 50)).unwrap_or(1);
    let mut db = transaction::begin(&shop.db).await?;
    lock(&mut db, id).await?;
    sqlx::query!(
        "update staff set languages = $2, skills = $3, load_cap = $4, team = $5 where id = $1",
        id.0,
        &languages,
        &skills,
        load_cap,
        team
    )
    .execute(&mut *db)
    .await?;
    let detail = json!({ "languages": languages, "skills": skills, "load_cap": load_cap, "team": team });
    audit::record(&mut db, actor, "staff.work_changed", Some(id.0), detail, now).await?;
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

/// For who can be reached by no mail: another password, without a second factor. Every session of theirs ends.
///
/// # Errors
/// Another role is needed, nobody active has this address, or the password will not do.
pub async fn reset(
    shop: &Shop,
    actor: &Actor,
    email: &str,
    password: FirstPassword<'_>,
    now: OffsetDateTime,
) -> Outcome<(), AccountRefusal> {
    may_manage(actor)?;
    check_password(password.text()).map_err(Failure::Refused)?;
    let (email, hash) = (address(email), password::hash(password.text()).await?);
    let mut db = transaction::begin(&shop.db).await?;
    let id = sqlx::query_scalar!(
        "update staff set password_hash = $2, password_given = $3 where lower(email) = lower($1) and active returning id",
        email,
        hash,
        password.is_given()
    )
    .fetch_optional(&mut *db)
    .await?;
    let id = StaffId(id.ok_or(Failure::Refused(AccountRefusal::NoSuchPerson))?);
    second_factor::forget(&mut db, id).await?;
    session::end_all(&mut db, Owner::Staff(id), None).await?;
    link::spend_all(&mut db, id.0, now).await?;
    throttle::forgive(&mut db, &log_in::throttled(&email)).await?;
    audit::record(&mut db, actor, "staff.reset", Some(id.0), json!({}), now).await?;
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
