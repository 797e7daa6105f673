//! Writing scripts, and going through one in a conversation.

use crate::boundary::AppError;
use domain::{
    desk::DeskRefusal,
    ids::{ConversationId, ScriptId},
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// Without an id it is a new one. What was typed and refused is kept in the address: nothing personal stands in a script.
#[server(endpoint = "desk/scripts/save")]
pub async fn save_script(
    #[server(default)] id: Option<ScriptId>,
    #[server(default)] title_es: String,
    #[server(default)] title_en: String,
    #[server(default)] source: String,
) -> Result<(), AppError<DeskRefusal>> {
    use crate::{console::way::answer_at, forms, request};
    use domain::{Language, Translated};
    use shop::desk::NewScript;
    let title = Translated([(Language::Es, title_es.trim().to_owned()), (Language::En, title_en.trim().to_owned())].into());
    let new = NewScript { id, title, source: source.clone() };
    let done = shop::desk::save_script(&request::shop(), &request::actor(), &new, request::now()).await;
    let (id, source) = (id.map(|id| id.to_string()).unwrap_or_default(), forms::carried(&source));
    let typed: &[(&str, &str)] =
        if done.is_err() { &[("id", &id), ("title_es", &title_es), ("title_en", &title_en), ("source", &source)] } else { &[] };
    answer_at("script-save", |more| page(&[typed, more].concat()), done)
}

#[server(endpoint = "desk/scripts/retire")]
pub async fn retire_script(id: ScriptId, #[server(default)] retired: bool) -> Result<(), AppError<DeskRefusal>> {
    use crate::{console::way::answer_at, request};
    let done = shop::desk::retire_script(&request::shop(), &request::actor(), id, retired, request::now()).await;
    answer_at("script-save", page, done)
}

#[server(endpoint = "desk/script/start")]
pub async fn start_script(
    conversation: ConversationId,
    #[server(default)] script: String,
    #[server(default)] back: String,
) -> Result<(), AppError<DeskRefusal>> {
    use crate::{
        console::way::{Way, answer},
        request,
    };
    use shop::Failure;
    let done = match script.parse::<ScriptId>() {
        Ok(script) => shop::chat::start_script(&request::shop(), &request::actor(), conversation, script, request::now()).await,
        Err(_) => Err(Failure::Refused(DeskRefusal::NoSuchScript)),
    };
    answer("script", &Way::of_form(&back).at(conversation), done)
}

/// `go` is the button that was pressed; what was noted comes as `note-` and its key.
#[server(endpoint = "desk/script/follow")]
pub async fn follow_script(
    conversation: ConversationId,
    #[server(default)] step: String,
    #[server(default)] go: String,
    #[server(default)] back: String,
    #[server(flatten)] notes: BTreeMap<String, String>,
) -> Result<(), AppError<DeskRefusal>> {
    use crate::{
        console::way::{Way, answer},
        request,
    };
    use shop::chat::Going;
    let notes = notes.into_iter().filter_map(|(name, typed)| Some((name.strip_prefix("note-")?.to_owned(), typed))).collect();
    let going = match go.as_str() {
        "back" => Going::Back,
        "leave" => Going::Leave,
        "end" => Going::End { close: false },
        "close" => Going::End { close: true },
        go => go.strip_prefix("to-").map_or(Going::Stay, |step| Going::To(step.to_owned())),
    };
    let done = shop::chat::follow_script(&request::shop(), &request::actor(), conversation, &step, &notes, &going, request::now()).await;
    answer("script", &Way::of_form(&back).at(conversation), done)
}

#[cfg(feature = "ssr")]
fn page(pairs: &[(&str, &str)]) -> String {
    format!("/{}/desk/scripts{}", crate::request::language(), crate::forms::query(pairs))
}
