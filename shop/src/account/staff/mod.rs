//! The staff: who they are, and letting them in.

mod log_in;
mod manage;
mod own;
mod second_factor;

pub use log_in::{LoggedIn, Way, log_in, log_out};
pub use manage::{Person, Work, forget_second_factor, invite, list, reset, send_password_link, set_roles, set_work, switch_off, switch_on};
pub use own::{ask_for_password_link, change_password, choose_password, whose_link};
pub use second_factor::{Enrolment, begin_second_factor, complete, confirm_second_factor, enrolment, remove_second_factor};

use super::{address, name, password};
use crate::{Actor, Failure, Outcome, Shop, audit, events, new_id, transaction};
use domain::{
    account::{AccountRefusal, check_password},
    checkout::is_email,
    ids::StaffId,
    staff::{Permission, Roles},
};
use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;

/// Somebody who begins to work here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStaff {
    pub email: String,
    pub name: String,
    pub roles: Roles,
}

impl NewStaff {
    /// Read and put in order.
    fn checked(self) -> Result<Self, AccountRefusal> {
        let email = address(&self.email);
        let name = name(&self.name).filter(|name| !name.is_empty()).ok_or(AccountRefusal::NoName)?;
        if !is_email(&email) {
            return Err(AccountRefusal::NotAnEmail);
        }
        if self.roles.is_empty() {
            return Err(AccountRefusal::NoRole);
        }
        Ok(Self { email, name, roles: self.roles })
    }
}

/// The password that somebody begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstPassword<'a> {
    /// Theirs, to be kept.
    Own(&'a str),
    /// Made up by who adds them: it opens nothing but the choice of another.
    Given(&'a str),
}

impl<'a> FirstPassword<'a> {
    const fn text(self) -> &'a str {
        let (Self::Own(text) | Self::Given(text)) = self;
        text
    }

    fn is_given(self) -> bool {
        matches!(self, Self::Given(_))
    }
}

/// Adds somebody with a password, as the command line and the demonstration do.
///
/// # Errors
/// The address is no address or somebody's; the name, the roles or the password will not do; another role is needed.
pub async fn add(
    shop: &Shop,
    actor: &Actor,
    new: NewStaff,
    password: FirstPassword<'_>,
    now: OffsetDateTime,
) -> Outcome<StaffId, AccountRefusal> {
    may_manage(actor)?;
    check_password(password.text()).map_err(Failure::Refused)?;
    let new = new.checked().map_err(Failure::Refused)?;
    let hash = password::hash(password.text()).await?;
    let mut db = transaction::begin(&shop.db).await?;
    let id = insert(&mut db, &new, now).await?;
    sqlx::query!("update staff set password_hash = $2, password_given = $3 where id = $1", id.0, hash, password.is_given())
        .execute(&mut *db)
        .await?;
    audit::record(&mut db, actor, "staff.added", Some(id.0), json!({ "name": new.name, "roles": new.roles }), now).await?;
    db.commit().await?;
    Ok(id)
}

async fn insert(db: &mut PgConnection, new: &NewStaff, now: OffsetDateTime) -> Outcome<StaffId, AccountRefusal> {
    let id = StaffId(new_id(now));
    let inserted = sqlx::query!(
        "insert into staff (id, email, name, roles, created_at) values ($1, $2, $3, $4, $5)",
        id.0,
        new.email,
        new.name,
        &codes(new.roles),
        now
    );
    inserted.execute(&mut *db).await.map_err(|error| match error.as_database_error().and_then(|e| e.constraint()) {
        Some("staff_email") => Failure::Refused(AccountRefusal::EmailInUse),
        _ => error.into(),
    })?;
    events::record(db, "staff.added", id.0, json!({}), now).await?;
    Ok(id)
}

fn may_manage(actor: &Actor) -> Outcome<(), AccountRefusal> {
    actor.needs(Permission::ManageStaff).map_err(|_| Failure::Refused(AccountRefusal::NotAllowed))
}

/// Who of the staff asks.
fn who(actor: &Actor) -> Outcome<StaffId, AccountRefusal> {
    actor.staff().ok_or(Failure::Refused(AccountRefusal::NotAllowed))
}

/// The roles as the database holds them.
fn codes(roles: Roles) -> Vec<String> {
    roles.list().into_iter().map(|role| role.code().to_owned()).collect()
}

/// Whether anybody works here yet.
///
/// # Errors
/// A fault only.
pub async fn is_anybody(shop: &Shop) -> Outcome<bool> {
    let is = sqlx::query_scalar!(r#"select exists (select from staff) as "is!""#).fetch_one(&shop.db).await?;
    Ok(is)
}
