//! What the service desk can do beyond conversations: see a customer whole, act on an order, answer with templates,
//! say who gets which conversation, and look through conversations afterwards.

mod actions;
mod around;
mod drafts;
mod goodwill;
mod order;
pub mod routing;
mod scorecards;
mod scripts;
mod templates;

pub use actions::{AddressForm, cancel_order, change_address, give_back, resend_mail};
pub(crate) use actions::{amount, give_back_within};
pub use around::{Around, ComplaintCard, around};
pub use drafts::{contact_draft, drafts, forget_draft, keep_contact, keep_draft};
pub use goodwill::give_credit;
pub use order::{OrderPanel, order};
pub use scorecards::{Drawn, ReviewResult, draw, results, save_scorecard};
pub use scripts::{Handling, NewScript, ScriptCard, handling, retire_script, save_script, scripts};
pub use templates::{NewTemplate, delete_template, save_template, templates};

use crate::{Actor, Failure, Fault, Outcome};
use domain::{desk::DeskRefusal, staff::Permission};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

pub(crate) type Asked<T = ()> = Outcome<T, DeskRefusal>;

pub(crate) fn refuse<T>(refusal: DeskRefusal) -> Asked<T> {
    Err(Failure::Refused(refusal))
}

pub(crate) fn needs(actor: &Actor, permission: Permission) -> Asked {
    actor.needs(permission).map_err(|_| Failure::Refused(DeskRefusal::NotAllowed))
}

/// `false` when this form was handed in before: its second click does nothing and is answered like the first. Two at
/// once wait for each other here.
pub(crate) async fn first_time(
    db: &mut PgConnection,
    actor: &Actor,
    key: Uuid,
    action: &str,
    subject: Uuid,
    now: OffsetDateTime,
) -> Result<bool, Fault> {
    let kept = sqlx::query!(
        "insert into desk_action (key, staff_id, action, subject, at) values ($1, $2, $3, $4, $5) on conflict (key) do nothing",
        key,
        actor.staff().map(|id| id.0),
        action,
        subject,
        now
    )
    .execute(db)
    .await?;
    Ok(kept.rows_affected() == 1)
}
