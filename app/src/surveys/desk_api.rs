//! What managers do with instruments and their rules.

#![allow(clippy::too_many_arguments, reason = "the fields of a form")]

use crate::boundary::AppError;
use domain::surveys::SurveyRefusal;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A version's form as it was typed; items by their codes, boxes that are ticked hold something.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EditForm {
    pub title_en: String,
    pub title_es: String,
    pub intro_en: String,
    pub intro_es: String,
    pub en: BTreeMap<String, String>,
    pub es: BTreeMap<String, String>,
    pub reversed: BTreeMap<String, String>,
    pub dropped: BTreeMap<String, String>,
    pub new_code: String,
    pub new_dimension: String,
    pub new_en: String,
    pub new_es: String,
    pub new_reversed: String,
}

/// Saves a changed instrument as a new version.
#[server(endpoint = "desk/surveys/save")]
pub async fn save_version(
    #[server(default)] instrument: String,
    #[server(default)] base: String,
    #[server(default)] form: EditForm,
) -> Result<(), AppError<SurveyRefusal>> {
    use crate::{forms, request};
    let base = base.parse().unwrap_or_default();
    let page = |pairs: &[(&str, &str)]| format!("/{}/desk/surveys/{instrument}{}", request::language(), forms::query(pairs));
    match shop::surveys::save_version(&request::shop(), &request::actor(), &instrument, base, &form.edited(), request::now()).await {
        Ok(_) => {
            forms::go(&page(&[("saved", "1")]));
            Ok(())
        }
        Err(failure) => {
            let error = AppError::from(failure);
            let typed = serde_json::to_string(&form).unwrap_or_default();
            Err(forms::fail(error.clone(), &page(&[("refused", &super::answer::code(&error)), ("typed", &typed)])))
        }
    }
}

/// Whether an instrument is asked, and when.
#[server(endpoint = "desk/surveys/asking")]
pub async fn set_asking(
    #[server(default)] instrument: String,
    #[server(default)] active: String,
    #[server(default)] days: String,
) -> Result<(), AppError<SurveyRefusal>> {
    use crate::{forms, request};
    let page = |pairs: &[(&str, &str)]| format!("/{}/desk/surveys/{instrument}{}", request::language(), forms::query(pairs));
    // What is no number is out of every bound.
    let after = days.trim().parse().unwrap_or(u32::MAX);
    match shop::surveys::set_asking(&request::shop(), &request::actor(), &instrument, active == "true", after, request::now()).await {
        Ok(()) => {
            forms::go(&page(&[("asking", "set")]));
            Ok(())
        }
        Err(failure) => {
            let error = AppError::from(failure);
            let why = super::answer::code(&error);
            Err(forms::fail(error, &page(&[("refused", &why), ("days", &days)])))
        }
    }
}

/// The rules of all surveys.
#[server(endpoint = "desk/surveys/rules")]
pub async fn set_rules(
    #[server(default)] cap: String,
    #[server(default)] reminder: String,
    #[server(default)] open: String,
    #[server(default)] split: String,
    #[server(default)] link: String,
    #[server(default)] months: String,
    #[server(default)] mean: String,
    #[server(default)] recommend: String,
    #[server(default)] reply: String,
    #[server(default)] confirm: String,
) -> Result<(), AppError<SurveyRefusal>> {
    use crate::request;
    use domain::surveys::Split;
    use shop::surveys::{CaseRules, Rules};
    // What is no number is out of every bound.
    let number = |typed: &str| typed.trim().parse::<u32>().unwrap_or(u32::MAX);
    let rules = Rules {
        cap_days: number(&cap),
        reminder_days: number(&reminder),
        open_days: number(&open),
        split: Split::from_code(&split).unwrap_or(Split::Even),
        link_days: number(&link),
        answer_months: number(&months),
        cases: CaseRules {
            mean_tenths: tenths(&mean),
            recommend: number(&recommend),
            reply_minutes: number(&reply),
            confirmation_days: number(&confirm),
        },
    };
    let typed = [
        ("cap", cap),
        ("reminder", reminder),
        ("open", open),
        ("split", split),
        ("link", link),
        ("months", months),
        ("mean", mean),
        ("recommend", recommend),
        ("reply", reply),
        ("confirm", confirm),
    ];
    let outcome = shop::surveys::set_rules(&request::shop(), &request::actor(), rules, request::now()).await;
    led_on(outcome.map(|()| String::new()), "rules", &typed)
}

/// `2.5` or `2,5` as 25; what is no such number is out of every bound.
#[cfg(feature = "ssr")]
fn tenths(typed: &str) -> u32 {
    let (whole, rest) = typed.trim().split_once(['.', ',']).unwrap_or((typed.trim(), "0"));
    let digits = format!("{whole}{}", if rest.is_empty() { "0" } else { rest });
    if rest.len() > 1 || whole.is_empty() { u32::MAX } else { digits.parse().unwrap_or(u32::MAX) }
}

/// Forgets somebody as far as surveys know of them.
#[server(endpoint = "desk/surveys/forget")]
pub async fn forget(#[server(default)] email: String) -> Result<(), AppError<SurveyRefusal>> {
    use crate::request;
    let outcome = shop::surveys::forget_person(&request::shop(), &request::actor(), &email, request::now()).await;
    led_on(outcome.map(|count| count.to_string()), "forget", &[("email", email)])
}

/// Leads back to this part of the page, with what was typed where it was refused.
#[cfg(feature = "ssr")]
fn led_on(outcome: shop::Outcome<String, SurveyRefusal>, part: &str, typed: &[(&str, String)]) -> Result<(), AppError<SurveyRefusal>> {
    use crate::{forms, request};
    let page = |pairs: &[(&str, &str)]| format!("/{}/desk/surveys{}#{part}", request::language(), forms::query(pairs));
    match outcome {
        Ok(said) => {
            forms::go(&page(&[("done", part), ("count", &said)]));
            Ok(())
        }
        Err(failure) => {
            let error = AppError::from(failure);
            let why = super::answer::code(&error);
            let typed = typed.iter().map(|(name, text)| (*name, text.as_str()));
            let pairs: Vec<_> = [("at", part), ("refused", why.as_str())].into_iter().chain(typed).collect();
            Err(forms::fail(error, &page(&pairs)))
        }
    }
}

#[cfg(feature = "ssr")]
impl EditForm {
    fn edited(&self) -> shop::surveys::Edited {
        use domain::{Language, Translated};
        use shop::surveys::{Edited, EditedItem, NewItem};
        let text = |en: &str, es: &str| Translated([(Language::En, en.to_owned()), (Language::Es, es.to_owned())].into());
        let of = |map: &BTreeMap<String, String>, code: &str| map.get(code).cloned().unwrap_or_default();
        let kept = self.en.keys().filter(|code| !self.dropped.contains_key(*code)).map(|code| {
            let item = EditedItem { text: text(&of(&self.en, code), &of(&self.es, code)), reversed: self.reversed.contains_key(code) };
            (code.clone(), item)
        });
        let added = NewItem {
            code: self.new_code.clone(),
            dimension: self.new_dimension.clone(),
            item: EditedItem { text: text(&self.new_en, &self.new_es), reversed: !self.new_reversed.is_empty() },
        };
        let adds = [&self.new_code, &self.new_en, &self.new_es].into_iter().any(|typed| !typed.trim().is_empty());
        Edited {
            title: text(&self.title_en, &self.title_es),
            intro: text(&self.intro_en, &self.intro_es),
            items: kept.collect(),
            added: adds.then_some(added),
        }
    }
}
