//! What is done with a case: by the desk, and by the person whom it is about. Plain forms, each led back to its page.

use crate::boundary::AppError;
use domain::surveys::CaseRefusal;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    crate::{forms, request},
    domain::token::Token,
    shop::{
        Outcome,
        surveys::cases::{self, Told},
    },
};

type Answer = Result<(), AppError<CaseRefusal>>;

/// The person says whether it is solved, and how likely they are to recommend the shop now.
#[server(endpoint = "survey/case")]
pub async fn tell(
    #[server(default)] t: String,
    #[server(default)] solved: String,
    #[server(default)] recommend: String,
    #[server(default)] words: String,
) -> Answer {
    let told = Told { solved: solved.clone(), recommend: recommend.clone(), words: words.clone() };
    let page = |pairs: &[(&str, &str)]| {
        let pairs: Vec<_> = [("t", t.as_str())].into_iter().chain(pairs.iter().copied()).collect();
        format!("/{}/survey/case{}", request::language(), forms::query(&pairs))
    };
    match cases::tell(&request::shop(), &Token(t.clone()), &told, request::now()).await {
        Ok(()) => {
            forms::go(&page(&[("said", "1")]));
            Ok(())
        }
        Err(failure) => {
            let error = AppError::from(failure);
            let (why, words) = (code(&error), forms::carried(&words));
            Err(forms::fail(error, &page(&[("refused", &why), ("solved", &solved), ("recommend", &recommend), ("words", &words)])))
        }
    }
}

#[server(endpoint = "desk/case-take")]
pub async fn take(number: i64) -> Answer {
    led_back(cases::take(&request::shop(), &request::actor(), number, request::now()).await, number, "")
}

#[server(endpoint = "desk/case-release")]
pub async fn release(number: i64) -> Answer {
    led_back(cases::release(&request::shop(), &request::actor(), number, request::now()).await, number, "")
}

/// Writes to the person; the key makes a second click do nothing.
#[server(endpoint = "desk/case-write")]
pub async fn write(number: i64, key: uuid::Uuid, #[server(default)] text: String) -> Answer {
    led_back(cases::write(&request::shop(), &request::actor(), number, key, &text, request::now()).await, number, &text)
}

/// To the case's page, which says why where something was refused, with what was typed.
#[cfg(feature = "ssr")]
fn led_back(outcome: Outcome<(), CaseRefusal>, number: i64, typed: &str) -> Answer {
    let page = |pairs: &[(&str, &str)]| format!("/{}/desk/cases/{number}{}", request::language(), forms::query(pairs));
    match outcome {
        Ok(()) => {
            forms::go(&page(&[]));
            Ok(())
        }
        Err(failure) => {
            let error = AppError::from(failure);
            let (why, typed) = (code(&error), forms::carried(typed));
            Err(forms::fail(error, &page(&[("refused", &why), ("typed", &typed)])))
        }
    }
}

/// For the query of the page that one is led back to.
#[cfg(feature = "ssr")]
fn code(error: &AppError<CaseRefusal>) -> String {
    serde_json::to_string(error).unwrap_or_default()
}
