//! `/{language}/survey/stop?t={token}`: who wants no more surveys says so with one button.

use super::Over;
use crate::{layout::Head, request, words};
use domain::{surveys::SurveyRefusal, token::Token};
use leptos::prelude::*;
use shop::signing;

#[component]
pub fn StopPage() -> impl IntoView {
    let language = request::language();
    let token = Token(request::queried("t").unwrap_or_default());
    if signing::survey_from_token(&request::shop().settings, &token).is_none() {
        return view! { <Over refusal=SurveyRefusal::NoSuchSurvey language/> }.into_any();
    }
    let title = words!(language, surveys.stop.title);
    let done = request::queried("done").is_some();
    let content = if done {
        view! { <p class="notice" data-kind="good" role="status">{words!(language, surveys.stop.done)}</p> }.into_any()
    } else {
        view! {
            <p class="lead">{words!(language, surveys.stop.text)}</p>
            <form method="post" action="/api/survey/stop">
                <input type="hidden" name="t" value=token.0/>
                <button class="button" type="submit">{words!(language, surveys.stop.submit)}</button>
            </form>
        }
        .into_any()
    };
    view! {
        <Head title=title.clone() description=title.clone() listed=false/>
        <div class="wrap survey"><h1>{title}</h1>{content}</div>
    }
    .into_any()
}
