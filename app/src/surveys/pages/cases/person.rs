//! `/{language}/survey/case?t={token}`: what we answered, and whether it is solved. To open it spends nothing.

use super::{
    super::question::Choice,
    labels::{RefusedNotice, sentence},
};
use crate::{
    boundary::report,
    complaints::pages::Written,
    forms,
    layout::{Fault, Head},
    request, words,
};
use domain::{
    Language, format,
    surveys::{CaseRefusal, CaseState, MOST_OF_AN_ANSWER},
    token::Token,
};
use http::StatusCode;
use leptos::prelude::*;
use shop::{Failure, surveys::cases::Followed};

#[component]
pub fn CaseOfPersonPage() -> impl IntoView {
    let language = request::language();
    let token = Token(request::queried("t").unwrap_or_default());
    let content = Suspend::new(async move {
        match shop::surveys::cases::follow(&request::shop(), &token, language).await {
            Ok(case) => view! { <Following case token=token.0 language/> }.into_any(),
            Err(Failure::Refused(refusal)) => view! { <Nothing refusal language/> }.into_any(),
            Err(Failure::Fault(fault)) => view! { <Fault reference=report(&fault)/> }.into_any(),
        }
    });
    view! { <Suspense>{content}</Suspense> }
}

/// Why there is nothing to say any more, honestly.
#[component]
fn Nothing(refusal: CaseRefusal, language: Language) -> impl IntoView {
    let is_gone = refusal == CaseRefusal::Untied;
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(if is_gone { StatusCode::GONE } else { StatusCode::NOT_FOUND });
    }
    let title = if is_gone { words!(language, cases.person.untied) } else { words!(language, cases.person.no_such) };
    let text = if is_gone { words!(language, cases.person.untied_text) } else { sentence(refusal, language) };
    view! {
        <Head title=title.clone() description=title.clone() listed=false/>
        <div class="wrap empty">
            <h1>{title}</h1>
            <p class="lead">{text}</p>
            <a class="button button--quiet" href=format!("/{language}/chat")>{words!(language, surveys.over.ask)}</a>
        </div>
    }
}

#[component]
fn Following(case: Followed, token: String, language: Language) -> impl IntoView {
    let title = words!(language, cases.person.title);
    let is_asked = matches!(case.state, CaseState::Answered | CaseState::Unconfirmed);
    let standing = match case.state {
        CaseState::Confirmed => Some(("good", words!(language, cases.person.confirmed))),
        CaseState::Open | CaseState::Taken => Some(("neutral", words!(language, cases.person.at_work))),
        CaseState::Unconfirmed => Some(("warn", words!(language, cases.person.unconfirmed))),
        CaseState::Answered => None,
    };
    let standing = standing.map(|(kind, text)| view! { <p class="notice" data-kind=kind role="status">{text}</p> });
    let by = if case.by.is_empty() { words!(language, cases.one.shop) } else { case.by.clone() };
    let answer = (!case.answer.is_empty()).then(|| {
        view! {
            <section class="panel stack" aria-labelledby="answer">
                <h2 id="answer" class="order__heading">{words!(language, cases.person.answer, name = by)}</h2>
                <Written text=case.answer.clone()/>
            </section>
        }
    });
    view! {
        <Head title=title.clone() description=title.clone() listed=false/>
        <div class="wrap survey">
            <h1>{title}</h1>
            <RefusedNotice language/>
            {standing}
            {answer}
            {is_asked.then(|| view! { <Question case token language/> })}
        </div>
    }
}

#[component]
fn Question(case: Followed, token: String, language: Language) -> impl IntoView {
    let typed = |name: &str| request::queried(name).unwrap_or_default();
    let solved = typed("solved");
    let choice = |value: &str, label: String| {
        view! { <Choice name="solved".to_owned() value=value.to_owned() checked=solved == value required=true><span>{label}</span></Choice> }
    };
    let known = case.recommend_after.map(|value| value.to_string()).unwrap_or_default();
    let chosen = Some(typed("recommend")).filter(|sent| !sent.is_empty()).unwrap_or(known);
    let closes = case.closes.map(|day| {
        view! { <p class="soft small">{words!(language, cases.person.closes, day = format::day(day, language))}</p> }
    });
    let end = |index: usize| case.steps.get(index).map(|(value, label)| format!("{value}: {label}")).unwrap_or_default();
    let (first, last) = (end(0), end(case.steps.len().saturating_sub(1)));
    let steps = case.steps.into_iter().map(|(value, label)| {
        let value = value.to_string();
        let said = if label.is_empty() { String::new() } else { format!(", {label}") };
        let checked = value == chosen;
        view! {
            <Choice name="recommend".to_owned() value=value.clone() checked>
                <span>{value}<span class="visually-hidden">{said}</span></span>
            </Choice>
        }
    });
    let steps = steps.collect_view();
    view! {
        <form class="stack stack--wide" method="post" action="/api/survey/case">
            <input type="hidden" name="t" value=token/>
            <fieldset class="survey__question">
                <legend>{words!(language, cases.person.question)}</legend>
                <div class="survey__steps" data-row="false">
                    {choice("yes", words!(language, cases.person.yes))}
                    {choice("no", words!(language, cases.person.no))}
                </div>
            </fieldset>
            <fieldset class="survey__question">
                <legend>{words!(language, cases.person.recommend)}" "<span class="optional">{words!(language, surveys.optional)}</span></legend>
                <div class="survey__steps" data-row="true">{steps}</div>
                <p class="survey__ends small soft" aria-hidden="true"><span>{first}</span><span>{last}</span></p>
            </fieldset>
            <div class="survey__question field">
                <label class="survey__words" for="words">
                    {words!(language, cases.person.words)}" "<span class="optional">{words!(language, surveys.optional)}</span>
                </label>
                <textarea id="words" name="words" rows="5" maxlength=MOST_OF_AN_ANSWER.to_string() aria-describedby="words-hint"
                    inner_html=forms::written(&typed("words"))></textarea>
                <p class="field__hint" id="words-hint">{words!(language, surveys.words_hint)}</p>
            </div>
            <div><button class="button" type="submit">{words!(language, cases.person.send)}</button></div>
            {closes}
        </form>
    }
}
