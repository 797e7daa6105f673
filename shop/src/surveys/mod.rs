//! Surveys: who is asked after a delivery, what they are asked, and what they answer under a pseudonym. What one person
//! gets is drawn in `domain::surveys`; turns are taken under a lock, so that the draw stays fair however many come at once.

mod answer;
mod begin;
pub mod cases;
pub mod earlier;
mod edit;
mod gathering;
pub(crate) mod instrument;
mod invite;
mod letters;
mod privacy;
mod rules;
mod sheet;

pub use answer::{Given, finish, save};
pub use begin::begin;
pub use edit::{Edited, EditedItem, NewItem, save_version};
pub use gathering::Gathering;
pub(crate) use instrument::load;
pub use instrument::{Funnel, Instrument, Listed, instrument, instruments};
pub use invite::{ask_about, invite_due, remind_due};
pub(crate) use privacy::forget;
pub use privacy::{forget_person, stop, sweep};
pub use rules::{CaseRules, Rules, rules, set_asking, set_rules};
pub use sheet::{Cover, Done, Offer, Sheet, Standing, offer, open};

use crate::{Failure, Fault, Outcome, Shop, signing};
use domain::{Language, ids::InvitationId, surveys::SurveyRefusal, token::Token};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

type Refusable<T = ()> = Outcome<T, SurveyRefusal>;

fn refuse<T>(refusal: SurveyRefusal) -> Refusable<T> {
    Err(Failure::Refused(refusal))
}

/// Where a link of a survey leads: `page` is "survey", or "survey/stop" for who wants no more of them.
fn address(shop: &Shop, invitation: InvitationId, page: &str, language: Language) -> String {
    let Token(token) = signing::survey_token(&shop.settings, invitation);
    format!("{}/{language}/{page}?t={token}", shop.settings.public_url)
}

/// Somebody who was asked.
struct Invitation {
    id: Uuid,
    version: Uuid,
    order: Uuid,
    form: String,
    completed_at: Option<OffsetDateTime>,
    expires_at: OffsetDateTime,
    /// Their answers, once they began, as long as one can be traced to the other.
    response: Option<Uuid>,
    /// Those they are asked.
    items: Option<Vec<Uuid>>,
}

/// Whom this link was sent to.
fn invited(shop: &Shop, token: &Token) -> Refusable<Uuid> {
    signing::survey_from_token(&shop.settings, token).map(|id| id.0).ok_or(Failure::Refused(SurveyRefusal::NoSuchSurvey))
}

/// The invitation that this link is the key to, locked against all who come by it at once.
async fn lock(db: &mut PgConnection, shop: &Shop, token: &Token) -> Refusable<Invitation> {
    let locked = lock_all(db, &[invited(shop, token)?], true).await?;
    locked.into_iter().next().ok_or(Failure::Refused(SurveyRefusal::NoSuchSurvey))
}

/// The same for several, in an order that keeps those apart who lock several. Those that somebody else has locked are left
/// out, unless one is to wait.
async fn lock_all(db: &mut PgConnection, invitations: &[Uuid], wait: bool) -> Result<Vec<Invitation>, Fault> {
    let locked = sqlx::query_as!(
        Invitation,
        r#"with waited as (
               select * from survey_invitation where $2 and id = any($1) order by id for update
           ), free as (
               select * from survey_invitation where not $2 and id = any($1) order by id for update skip locked
           )
           select i.id as "id!", i.version_id as "version!", i.order_id as "order!", i.form as "form!", i.completed_at,
                  i.expires_at as "expires_at!", r.id as "response?", r.items as "items?"
           from (table waited union all table free) i
           left join survey_link l on l.invitation_id = i.id
           left join survey_response r on r.id = l.response_id"#,
        invitations,
        wait
    );
    Ok(locked.fetch_all(db).await?)
}

impl Invitation {
    /// # Errors
    /// Finished, or too late.
    fn is_open(&self, now: OffsetDateTime) -> Refusable {
        if self.completed_at.is_some() {
            return refuse(SurveyRefusal::Finished);
        }
        if self.expires_at <= now { refuse(SurveyRefusal::Expired) } else { Ok(()) }
    }
}

fn translated<T: serde::de::DeserializeOwned>(value: serde_json::Value) -> Result<T, Fault> {
    serde_json::from_value(value).map_err(Fault::new)
}
