//! Links sent by mail: each opens something once and for a while. The database holds their hash.

use super::secret;
use crate::{Failure, Fault, Outcome};
use domain::{account::AccountRefusal, token::Token};
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// What a link opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The first password of somebody of the staff.
    StaffInvitation,
    StaffPassword,
    /// The address is the customer's.
    CustomerConfirmation,
    CustomerLogIn,
    CustomerPassword,
    /// The new address of an account is the customer's.
    CustomerEmail,
    CustomerDeletion,
}

impl Purpose {
    /// As it stands in the database.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::StaffInvitation => "staff_invitation",
            Self::StaffPassword => "staff_password",
            Self::CustomerConfirmation => "customer_confirmation",
            Self::CustomerLogIn => "customer_login",
            Self::CustomerPassword => "customer_password",
            Self::CustomerEmail => "customer_email",
            Self::CustomerDeletion => "customer_deletion",
        }
    }

    pub(super) const fn lasts(self) -> Duration {
        match self {
            Self::StaffInvitation | Self::CustomerConfirmation => Duration::days(3),
            Self::StaffPassword | Self::CustomerLogIn | Self::CustomerPassword | Self::CustomerEmail | Self::CustomerDeletion => {
                Duration::hours(1)
            }
        }
    }

    /// The page it leads to, after the language.
    pub(super) const fn page(self) -> &'static str {
        match self {
            Self::StaffInvitation | Self::StaffPassword => "desk/password",
            Self::CustomerConfirmation => "account/confirm",
            Self::CustomerLogIn => "account/link",
            Self::CustomerPassword => "account/password",
            Self::CustomerEmail => "account/email",
            Self::CustomerDeletion => "account/delete",
        }
    }
}

/// How many links somebody is sent within an hour: nobody's mailbox is filled by who knows the address.
const MOST_AN_HOUR: i64 = 5;

/// A new link for the person `subject`; none when they were sent enough of them lately.
pub(super) async fn make(db: &mut PgConnection, purpose: Purpose, subject: Uuid, now: OffsetDateTime) -> Result<Option<Token>, Fault> {
    let lately = sqlx::query_scalar!(
        r#"select count(*) as "lately!" from mail_link where subject = $1 and created_at > $2"#,
        subject,
        now - Duration::hours(1)
    )
    .fetch_one(&mut *db)
    .await?;
    if lately >= MOST_AN_HOUR { Ok(None) } else { begin(db, purpose, subject, now).await.map(Some) }
}

/// A new link for somebody who is there.
pub(super) async fn begin(db: &mut PgConnection, purpose: Purpose, subject: Uuid, now: OffsetDateTime) -> Result<Token, Fault> {
    let link = secret::new();
    sqlx::query!(
        "insert into mail_link (token_hash, purpose, subject, expires_at, created_at) values ($1, $2, $3, $4, $5)",
        secret::hash(&link.0),
        purpose.code(),
        subject,
        now + purpose.lasts(),
        now
    )
    .execute(db)
    .await?;
    Ok(link)
}

/// Whose link it is; it opens nothing from now on.
pub(super) async fn spend(db: &mut PgConnection, purposes: &[Purpose], link: &Token, now: OffsetDateTime) -> Outcome<Uuid, AccountRefusal> {
    let codes: Vec<String> = purposes.iter().map(|purpose| purpose.code().to_owned()).collect();
    let subject = sqlx::query_scalar!(
        "update mail_link set spent_at = $3 where token_hash = $1 and purpose = any($2) and spent_at is null and expires_at > $3
         returning subject",
        secret::hash(&link.0),
        &codes,
        now
    )
    .fetch_optional(db)
    .await?;
    subject.ok_or(Failure::Refused(AccountRefusal::LinkSpent))
}

/// Whose link it is, as long as it opens something.
pub(super) async fn read(db: &mut PgConnection, purposes: &[Purpose], link: &Token, now: OffsetDateTime) -> Result<Option<Uuid>, Fault> {
    let codes: Vec<String> = purposes.iter().map(|purpose| purpose.code().to_owned()).collect();
    let subject = sqlx::query_scalar!(
        "select subject from mail_link where token_hash = $1 and purpose = any($2) and spent_at is null and expires_at > $3",
        secret::hash(&link.0),
        &codes,
        now
    )
    .fetch_optional(db)
    .await?;
    Ok(subject)
}

/// Whatever was sent to somebody opens nothing any more.
pub(super) async fn spend_all(db: &mut PgConnection, subject: Uuid, now: OffsetDateTime) -> Result<(), Fault> {
    sqlx::query!("update mail_link set spent_at = $2 where subject = $1 and spent_at is null", subject, now).execute(db).await?;
    Ok(())
}

/// What was sent to somebody for this opens nothing any more.
pub(super) async fn spend_of(db: &mut PgConnection, purpose: Purpose, subject: Uuid, now: OffsetDateTime) -> Result<(), Fault> {
    sqlx::query!(
        "update mail_link set spent_at = $3 where subject = $1 and purpose = $2 and spent_at is null",
        subject,
        purpose.code(),
        now
    )
    .execute(db)
    .await?;
    Ok(())
}
