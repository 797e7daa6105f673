//! What somebody does with the survey behind their link: begin, answer, finish, and want no more of them.

use crate::{boundary::AppError, lasting::Lasting};
use domain::surveys::SurveyRefusal;
use leptos::prelude::*;
use std::collections::HashMap;

/// Draws the person's questions; `view` is `all` for who wants them on one page.
#[server(endpoint = "survey/begin")]
pub async fn begin(#[server(default)] t: String, #[server(default)] view: String) -> Result<(), AppError<SurveyRefusal>> {
    use super::answer::page;
    use crate::{forms, request};
    use domain::{surveys::Device, token::Token};
    let device = Device::of(&request::user_agent());
    match shop::surveys::begin(&request::shop(), &Token(t.clone()), request::language(), device, request::now()).await {
        Ok(()) => {
            forms::go(&page(&t, &[("view", &view)]));
            Ok(())
        }
        Err(failure) => Err(forms::fail(failure.into(), &page(&t, &[]))),
    }
}

/// Keeps answers by the codes of their questions. `ms` is how long each took, where scripts know it; `shown` when the
/// server made the page of a single question. `at` is that question's number, and `then` what to do next.
#[server(endpoint = "survey/save", client = Lasting)]
pub async fn save(
    #[server(default)] t: String,
    #[server(default)] a: HashMap<String, String>,
    #[server(default)] ms: HashMap<String, String>,
    #[server(default)] shown: String,
    #[server(default)] at: String,
    #[server(default)] view: String,
    #[server(default)] then: String,
) -> Result<(), AppError<SurveyRefusal>> {
    use super::answer::{code, page};
    use crate::{forms, request};
    use domain::token::Token;
    let (shop, token, now) = (request::shop(), Token(t.clone()), request::now());
    let given = given(&a, &ms, &shown, now);
    let mut outcome = shop::surveys::save(&shop, &token, &given, now).await;
    if outcome.is_ok() && then == "finish" {
        outcome = shop::surveys::finish(&shop, &token, now).await;
    }
    match outcome {
        Ok(()) => {
            let next = at.parse::<usize>().unwrap_or(0) + 1;
            forms::go(&match then.as_str() {
                "finish" => page(&t, &[("done", "1")]),
                "stay" => page(&t, &[("view", &view), ("saved", "1")]),
                _ => page(&t, &[("q", &next.to_string())]),
            });
            Ok(())
        }
        Err(failure) => {
            let error = AppError::from(failure);
            let words = a.values().max_by_key(|sent| sent.len()).filter(|_| error == AppError::Refused(SurveyRefusal::TooLong));
            let typed = words.map(|sent| forms::carried(sent)).unwrap_or_default();
            let back = page(&t, &[("view", &view), ("q", &at), ("refused", &code(&error)), ("typed", &typed)]);
            Err(forms::fail(error, &back))
        }
    }
}

#[cfg(feature = "ssr")]
fn given(
    answers: &HashMap<String, String>,
    times: &HashMap<String, String>,
    shown: &str,
    now: time::OffsetDateTime,
) -> Vec<shop::surveys::Given> {
    let since = shown.parse::<i128>().ok().map(|shown| now.unix_timestamp_nanos() / 1_000_000 - shown);
    let since = since.and_then(|time| u32::try_from(time).ok());
    let of = |(code, sent): (&String, &String)| shop::surveys::Given {
        milliseconds: times.get(code).and_then(|time| time.parse().ok()).or(since),
        code: code.clone(),
        sent: sent.clone(),
    };
    answers.iter().map(of).collect()
}

/// No more surveys for this address.
#[server(endpoint = "survey/stop")]
pub async fn stop(#[server(default)] t: String) -> Result<(), AppError<SurveyRefusal>> {
    use crate::{forms, request};
    use domain::token::Token;
    let page = |pairs: &[(&str, &str)]| {
        let pairs: Vec<_> = [("t", t.as_str())].into_iter().chain(pairs.iter().copied()).collect();
        format!("/{}/survey/stop{}", request::language(), forms::query(&pairs))
    };
    match shop::surveys::stop(&request::shop(), &Token(t.clone()), request::now()).await {
        Ok(()) => {
            forms::go(&page(&[("done", "1")]));
            Ok(())
        }
        Err(failure) => Err(forms::fail(failure.into(), &page(&[]))),
    }
}
