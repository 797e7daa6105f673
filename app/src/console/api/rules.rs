//! Keeping templates and the rules of routing, each on a page of its own.

#![allow(clippy::too_many_arguments, reason = "the fields of a form")]

use crate::boundary::AppError;
use domain::{
    desk::DeskRefusal,
    ids::{RuleId, TemplateId},
};
use leptos::prelude::*;

/// Without an id it is a new one.
#[server(endpoint = "desk/templates/save")]
#[allow(clippy::too_many_arguments, reason = "the fields of the form")]
pub async fn save_template(
    #[server(default)] id: Option<TemplateId>,
    #[server(default)] shortcut: String,
    #[server(default)] title_es: String,
    #[server(default)] title_en: String,
    #[server(default)] body_es: String,
    #[server(default)] body_en: String,
    #[server(default)] calm: bool,
) -> Result<(), AppError<DeskRefusal>> {
    use crate::request;
    use domain::{Language, Translated};
    use shop::desk::NewTemplate;
    let both = |es: String, en: String| Translated([(Language::Es, tidy(&es)), (Language::En, tidy(&en))].into());
    let fields = [&shortcut, &title_es, &title_en, &body_es, &body_en].map(Clone::clone);
    let template = NewTemplate { id, shortcut, title: both(title_es, title_en), body: both(body_es, body_en), calm };
    let done = shop::desk::save_template(&request::shop(), &request::actor(), &template, request::now()).await;
    let names = ["shortcut", "title_es", "title_en", "body_es", "body_en"];
    // Nothing personal stands in a template: what was typed may go through the address.
    let typed: Vec<(&str, &str)> =
        if done.is_err() { names.into_iter().zip(fields.iter().map(String::as_str)).collect() } else { Vec::new() };
    let id = id.map(|id| id.to_string()).unwrap_or_default();
    super::super::way::answer_at("template", |more| page("templates", &[&typed[..], &[("id", id.as_str())], more].concat()), done)
}

#[server(endpoint = "desk/templates/delete")]
pub async fn delete_template(id: TemplateId) -> Result<(), AppError<DeskRefusal>> {
    use crate::request;
    let done = shop::desk::delete_template(&request::shop(), &request::actor(), id, request::now()).await;
    super::super::way::answer_at("delete", |more| page("templates", more), done)
}

/// Whatever is empty does not matter to the rule.
#[server(endpoint = "desk/routing/add")]
#[allow(clippy::too_many_arguments, reason = "the fields of the form")]
pub async fn add_rule(
    #[server(default)] name: String,
    #[server(default)] language: String,
    #[server(default)] topic: String,
    #[server(default)] has_order: String,
    #[server(default)] class: String,
    #[server(default)] from_hour: String,
    #[server(default)] to_hour: String,
    #[server(default)] skill: String,
    #[server(default)] person: String,
    #[server(default)] waits: bool,
) -> Result<(), AppError<DeskRefusal>> {
    use crate::request;
    use domain::{chat::Topic, customers::CustomerClass};
    use shop::desk::routing::{NewRule, add_rule};
    let typed = [
        ("name", name.clone()),
        ("language", language.clone()),
        ("topic", topic.clone()),
        ("has_order", has_order.clone()),
        ("class", class.clone()),
        ("from_hour", from_hour.clone()),
        ("to_hour", to_hour.clone()),
        ("skill", skill.clone()),
        ("person", person.clone()),
    ];
    let hours = from_hour.parse().ok().zip(to_hour.parse().ok()).filter(|&(from, to): &(u8, u8)| from < 24 && to <= 24 && from != to);
    let rule = NewRule {
        name,
        language: language.parse().ok(),
        topic: Topic::from_code(&topic),
        has_order: match has_order.as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
        class: CustomerClass::from_code(&class),
        hours,
        skill,
        person: person.parse().ok(),
        waits,
    };
    let done = add_rule(&request::shop(), &request::actor(), &rule, request::now()).await;
    let typed: Vec<(&str, &str)> =
        if done.is_err() { typed.iter().map(|(key, value)| (*key, value.as_str())).collect() } else { Vec::new() };
    super::super::way::answer_at("rule", |more| page("routing", &[&typed[..], more].concat()), done)
}

#[server(endpoint = "desk/routing/raise")]
pub async fn raise_rule(rule: RuleId) -> Result<(), AppError<DeskRefusal>> {
    use crate::request;
    let done = shop::desk::routing::raise_rule(&request::shop(), &request::actor(), rule, request::now()).await;
    super::super::way::answer_at("rules", |more| page("routing", more), done)
}

#[server(endpoint = "desk/routing/remove")]
pub async fn remove_rule(rule: RuleId) -> Result<(), AppError<DeskRefusal>> {
    use crate::request;
    let done = shop::desk::routing::remove_rule(&request::shop(), &request::actor(), rule, request::now()).await;
    super::super::way::answer_at("rules", |more| page("routing", more), done)
}

#[cfg(feature = "ssr")]
fn page(name: &str, pairs: &[(&str, &str)]) -> String {
    format!("/{}/desk/{name}{}", crate::request::language(), crate::forms::query(pairs))
}

/// Lines as a browser's form sends them, as we keep them.
#[cfg(feature = "ssr")]
fn tidy(text: &str) -> String {
    text.trim().replace("\r\n", "\n")
}
