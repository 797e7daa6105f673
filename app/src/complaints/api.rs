//! What a customer may do: write to us, and say whether it is solved. What was typed into a form that is refused is
//! kept, and the form comes back with it.

use crate::boundary::AppError;
use domain::complaints::ComplaintRefusal;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The form as it was sent: by a customer, or at the desk, which has the last fields besides.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ComplaintForm {
    pub kind: String,
    pub statement: String,
    pub wanted: String,
    pub about: String,
    pub name: String,
    pub email: String,
    pub anonymous: String,
    pub order: String,
    /// The secret part of the order's link.
    pub t: String,
    pub line: String,
    pub happened_on: String,
    pub intake: String,
    pub from: String,
    pub language: String,
    pub conversation: String,
    pub take: String,
    pub angry: String,
}

#[server(endpoint = "complaints/open")]
pub async fn open_complaint(#[server(flatten)] form: ComplaintForm) -> Result<(), AppError<ComplaintRefusal>> {
    use super::answer;
    use crate::{forms, request};
    let (shop, language, now) = (request::shop(), request::language(), request::now());
    match shop::complaints::open(&shop, &request::actor(), &form.parse(language, false), now).await {
        Ok(opened) => {
            let query = forms::query(&[("t", &opened.token.0), ("new", "1")]);
            forms::go(&format!("/{language}/complaint/{}{query}", opened.number));
            Ok(())
        }
        Err(failure) => Err(answer::back(failure, &form.kept(&format!("/{language}/complaints/new")).await)),
    }
}

#[server(endpoint = "complaints/confirm")]
pub async fn confirm_solved(#[server(default)] number: String, #[server(default)] t: String) -> Result<(), AppError<ComplaintRefusal>> {
    use super::answer;
    use crate::{forms, request};
    let token = domain::token::Token(t.clone());
    let number = number.parse().unwrap_or_default();
    let outcome = shop::complaints::confirm(&request::shop(), number, &token, request::now()).await;
    let page = format!("/{}/complaint/{number}{}", request::language(), forms::query(&[("t", &t)]));
    answer::done(outcome, &page, &page)
}

#[server(endpoint = "complaints/dispute")]
pub async fn dispute_solved(
    #[server(default)] number: String,
    #[server(default)] t: String,
    #[server(default)] because: String,
) -> Result<(), AppError<ComplaintRefusal>> {
    use super::answer;
    use crate::{forms, request};
    let token = domain::token::Token(t.clone());
    let number = number.parse().unwrap_or_default();
    let outcome = shop::complaints::dispute(&request::shop(), number, &token, &because, request::now()).await;
    let page = format!("/{}/complaint/{number}{}", request::language(), forms::query(&[("t", &t)]));
    answer::done(outcome, &page, &page)
}

#[cfg(feature = "ssr")]
mod reading {
    use super::ComplaintForm;
    use crate::{boundary::report, request};
    use domain::{
        Language,
        complaints::{ComplaintKind, Department, Intake},
        ids::ConversationId,
        token::Token,
    };
    use shop::{
        Failure,
        complaints::{NewComplaint, OfOrder, keep_draft, recall_draft},
    };
    use time::{Date, format_description::well_known::Iso8601};

    /// A day as a date field sends it.
    pub(crate) fn day(typed: &str) -> Option<Date> {
        Date::parse(typed.trim(), &Iso8601::DATE).ok()
    }

    impl ComplaintForm {
        pub(crate) fn parse(&self, language: Language, by_staff: bool) -> NewComplaint {
            let ticked = |field: &str| field == "true";
            let order =
                OfOrder { number: self.order.clone(), token: (!by_staff).then(|| Token(self.t.clone())), line: self.line.parse().ok() };
            NewComplaint {
                kind: ComplaintKind::from_code(&self.kind).unwrap_or(ComplaintKind::Complaint),
                language: self.language.parse().ok().filter(|_| by_staff).unwrap_or(language),
                statement: self.statement.clone(),
                wanted: self.wanted.clone(),
                from: Department::from_code(&self.from).filter(|_| by_staff).unwrap_or(Department::Web),
                about: Department::from_code(&self.about).unwrap_or(Department::Management),
                intake: Intake::from_code(&self.intake).filter(|_| by_staff).unwrap_or(Intake::Web),
                name: self.name.clone(),
                email: self.email.clone(),
                anonymous: ticked(&self.anonymous),
                order: (!self.order.trim().is_empty()).then_some(order),
                happened_on: day(&self.happened_on),
                conversation: self.conversation.parse::<ConversationId>().ok(),
                angry: ticked(&self.angry),
                take: ticked(&self.take),
            }
        }

        /// The form's page, knowing what was typed.
        pub(crate) async fn kept(&self, page: &str) -> String {
            let fields = serde_json::to_value(self).unwrap_or_default();
            match keep_draft(&request::shop(), &fields, request::now()).await {
                Ok(Some(id)) => format!("{page}?draft={id}"),
                Ok(None) => page.to_owned(),
                Err(Failure::Fault(fault)) => {
                    report(&fault);
                    page.to_owned()
                }
                Err(Failure::Refused(never)) => match never {},
            }
        }

        /// What was typed before, or what the address says.
        pub(crate) async fn recalled() -> Self {
            let draft = request::queried("draft").and_then(|id| id.parse().ok());
            let kept = match draft {
                Some(id) => recall_draft(&request::shop(), id, request::now()).await.ok().flatten(),
                None => None,
            };
            kept.and_then(|fields| serde_json::from_value(fields).ok()).unwrap_or_else(|| {
                let of = |name: &str| request::queried(name).unwrap_or_default();
                Self {
                    order: of("order"),
                    t: of("t"),
                    conversation: of("conversation"),
                    kind: of("kind"),
                    line: of("line"),
                    ..Self::default()
                }
            })
        }
    }
}

#[cfg(feature = "ssr")]
pub(crate) use reading::day;
