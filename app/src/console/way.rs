//! Where somebody is in the console, as it stands in the address, and the way back there after a form.

use crate::{boundary::AppError, forms, request};
use domain::ids::ConversationId;
use serde::Serialize;
use shop::{Failure, Outcome};

/// Which list is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListKind {
    Own,
    Queue,
    All,
    Mentions,
}

impl ListKind {
    pub(super) const ALL: [Self; 4] = [Self::Own, Self::Queue, Self::All, Self::Mentions];

    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Queue => "queue",
            Self::All => "all",
            Self::Mentions => "mentions",
        }
    }
}

/// The list, what is searched for, the open conversation and the order shown beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) list: ListKind,
    pub(super) search: String,
    pub(super) conversation: Option<ConversationId>,
    pub(super) order: String,
    /// Where the next page of the list of all begins.
    pub(super) older: String,
}

impl Way {
    pub(super) fn of(pairs: &[(String, String)]) -> Self {
        let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default();
        Self {
            list: ListKind::ALL.into_iter().find(|kind| kind.code() == value("list")).unwrap_or(ListKind::Own),
            search: value("q").trim().chars().take(200).collect(),
            conversation: value("c").parse().ok(),
            order: value("order").chars().take(40).collect(),
            older: value("older").chars().take(120).collect(),
        }
    }

    /// As a form carries it in its hidden field `back`.
    pub(super) fn of_form(back: &str) -> Self {
        Self::of(&serde_urlencoded::from_str::<Vec<(String, String)>>(back).unwrap_or_default())
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        let id = self.conversation.map(|id| id.to_string()).unwrap_or_default();
        [
            ("list", self.list.code().to_owned()),
            ("q", self.search.clone()),
            ("c", id),
            ("order", self.order.clone()),
            ("older", self.older.clone()),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect()
    }

    pub(super) fn query(&self) -> String {
        serde_urlencoded::to_string(self.pairs()).unwrap_or_default()
    }

    /// The address of this place, with what else is to be said there.
    pub(super) fn address(&self, more: &[(&str, &str)]) -> String {
        let own = self.pairs();
        let pairs: Vec<(&str, &str)> = own.iter().map(|(key, value)| (*key, value.as_str())).chain(more.iter().copied()).collect();
        format!("/{}/desk{}", request::language(), forms::query(&pairs))
    }

    pub(super) fn at(&self, conversation: ConversationId) -> Self {
        Self { conversation: Some(conversation), order: String::new(), ..self.clone() }
    }

    pub(super) fn listing(&self, list: ListKind) -> Self {
        Self { list, search: String::new(), older: String::new(), ..self.clone() }
    }
}

/// The answer of a form of the console: back to where it was, saying that it is done or, beside the form, why not.
pub(super) fn answer<T, E: Serialize>(form: &str, way: &Way, outcome: Outcome<T, E>) -> Result<T, AppError<E>> {
    answer_at(form, |more| way.address(more), outcome)
}

/// The same for a page of its own.
pub(super) fn answer_at<T, E: Serialize>(
    form: &str,
    address: impl Fn(&[(&str, &str)]) -> String,
    outcome: Outcome<T, E>,
) -> Result<T, AppError<E>> {
    match outcome {
        Ok(done) => {
            forms::go(&address(&[("done", form)]));
            Ok(done)
        }
        Err(failure) => {
            let why = match &failure {
                Failure::Refused(refusal) => serde_json::to_string(refusal).unwrap_or_default(),
                Failure::Fault(_) => String::new(),
            };
            let back = format!("{}#{form}", address(&[("refused", form), ("why", &why)]));
            Err(forms::fail(failure.into(), &back))
        }
    }
}
