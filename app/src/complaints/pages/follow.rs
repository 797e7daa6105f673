//! `/{language}/complaint/{number}?t={token}`: how a complaint stands, for whoever holds its link, and the question
//! whether it is solved.

use super::{
    super::{answer::RefusedNotice, labels},
    Moment, Written, day_of,
    fields::Area,
};
use crate::{
    boundary::report,
    layout::{Fault, Head},
    request, words,
};
use domain::{
    Language,
    complaints::{ClosedHow, Followed, HistoryKind, Stage},
    token::Token,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shop::Failure;

#[component]
pub fn FollowPage() -> impl IntoView {
    let language = request::language();
    let number = use_params_map().with_untracked(|params| params.get("number").unwrap_or_default());
    let token = Token(request::queried("t").unwrap_or_default());
    let content = Suspend::new(async move {
        match shop::complaints::follow(&request::shop(), number.parse().unwrap_or_default(), &token).await {
            Ok(complaint) => view! { <Following complaint token language/> }.into_any(),
            Err(Failure::Refused(_)) => view! { <NoSuchComplaint language/> }.into_any(),
            Err(Failure::Fault(fault)) => view! { <Fault reference=report(&fault)/> }.into_any(),
        }
    });
    view! { <Suspense>{content}</Suspense> }
}

#[component]
fn NoSuchComplaint(language: Language) -> impl IntoView {
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    let title = words!(language, complaints.follow.not_found);
    view! {
        <Head title=title.clone() description=words!(language, complaints.follow.not_found_text) listed=false/>
        <div class="wrap empty">
            <h1>{title}</h1>
            <p class="lead">{words!(language, complaints.follow.not_found_text)}</p>
            <a class="button" href=format!("/{language}/complaints/new")>{words!(language, complaints.new.title)}</a>
        </div>
    }
}

#[component]
fn Following(complaint: Followed, token: Token, language: Language) -> impl IntoView {
    let title =
        words!(language, complaints.follow.title, kind = labels::kind(complaint.kind, language), number = complaint.number.to_string());
    let received = request::queried("new").map(|_| {
        let mailed = (!complaint.email.is_empty())
            .then(|| view! { <p>{words!(language, complaints.follow.mailed, mail = complaint.email.clone())}</p> });
        view! { <div class="notice" data-kind="good" role="status"><p>{words!(language, complaints.follow.received)}</p>{mailed}</div> }
    });
    let opened = words!(language, complaints.follow.opened_on, day = day_of(complaint.opened_at, language));
    view! {
        <Head title=title.clone() description=title.clone() listed=false/>
        <div class="wrap complaint">
            <header class="stack stack--tight"><h1>{title}</h1><p class="soft">{opened}</p></header>
            <RefusedNotice language/>
            {received}
            <div class="split">
                <div class="stack stack--wide">
                    <Question complaint=complaint.clone() token language/>
                    <Standing complaint=complaint.clone() language/>
                    <SoFar complaint=complaint.clone() language/>
                </div>
                <aside class="panel stack">
                    <h2 class="order__heading">{words!(language, complaints.follow.you_said)}</h2>
                    <Written text=complaint.statement/>
                    {(!complaint.wanted.is_empty()).then(|| view! {
                        <h2 class="order__heading">{words!(language, complaints.follow.you_want)}</h2>
                        <Written text=complaint.wanted/>
                    })}
                </aside>
            </div>
        </div>
    }
}

#[component]
fn Standing(complaint: Followed, language: Language) -> impl IntoView {
    let standing = labels::standing(complaint.stage, complaint.closed_how, language);
    let owner = complaint.owner.unwrap_or_else(|| words!(language, complaints.follow.nobody));
    let solution = (!complaint.solution.is_empty()).then(|| {
        let due = complaint
            .due_at
            .map(|at| view! { <p><strong>{words!(language, complaints.follow.due, day = day_of(at, language))}</strong></p> });
        view! { <div><dt>{words!(language, complaints.follow.solution)}</dt><dd><Written text=complaint.solution/>{due}</dd></div> }
    });
    let outcome = (!complaint.outcome.is_empty()).then(|| {
        view! { <div><dt>{words!(language, complaints.follow.outcome)}</dt><dd><Written text=complaint.outcome/></dd></div> }
    });
    view! {
        <section class="stack" aria-labelledby="standing">
            <h2 class="order__heading" id="standing">{words!(language, complaints.follow.where_)}</h2>
            <dl class="facts">
                <div><dt>{words!(language, complaints.desk.stage)}</dt><dd>{standing}</dd></div>
                <div><dt>{words!(language, complaints.follow.owner)}</dt><dd>{owner}</dd></div>
                {solution}
                {outcome}
            </dl>
        </section>
    }
}

/// Is it solved? Also for one that closed because nobody answered.
#[component]
fn Question(complaint: Followed, token: Token, language: Language) -> impl IntoView {
    let number = complaint.number;
    let sentence = match (complaint.stage, complaint.closed_how, complaint.merged_into) {
        (_, Some(ClosedHow::Merged), Some(into)) => {
            Some(("neutral", words!(language, complaints.follow.merged, number = into.to_string())))
        }
        (_, Some(ClosedHow::Confirmed), _) => Some(("good", words!(language, complaints.follow.confirmed))),
        (_, Some(ClosedHow::Unconfirmed), _) => Some(("warn", words!(language, complaints.follow.unconfirmed))),
        _ => None,
    };
    let said = sentence.map(|(kind, text)| view! { <p class="notice" data-kind=kind>{text}</p> });
    let asks = complaint.stage == Stage::Solved;
    let contests = asks || complaint.closed_how == Some(ClosedHow::Unconfirmed);
    let (of_yes, of_no) = (token.0.clone(), token.0);
    let yes = asks.then(|| {
        view! {
            <form method="post" action="/api/complaints/confirm">
                <input type="hidden" name="number" value=number/>
                <input type="hidden" name="t" value=of_yes/>
                <button class="button" type="submit">{words!(language, complaints.follow.yes)}</button>
            </form>
        }
    });
    let no = contests.then(|| {
        view! {
            <form class="stack" method="post" action="/api/complaints/dispute">
                <input type="hidden" name="number" value=number/>
                <input type="hidden" name="t" value=of_no/>
                <Area id="because".to_owned() name="because" label=words!(language, complaints.follow.because) rows=3/>
                <div><button class="button button--quiet" type="submit">{words!(language, complaints.follow.no)}</button></div>
            </form>
        }
    });
    let closes = complaint
        .closes_at
        .map(|at| view! { <p class="soft small">{words!(language, complaints.follow.closes, day = day_of(at, language))}</p> });
    let question = contests.then(|| {
        view! {
            <section class="panel stack" id="solved" aria-labelledby="solved-title">
                <h2 class="order__heading" id="solved-title">{words!(language, complaints.follow.question)}</h2>
                {yes}
                {no}
                {closes}
            </section>
        }
    });
    view! { {said} {question} }
}

#[component]
fn SoFar(complaint: Followed, language: Language) -> impl IntoView {
    let lines = complaint.history.into_iter().map(|line| {
        let who = match (line.by_customer, line.name.is_empty()) {
            (true, _) => words!(language, complaints.follow.you),
            (false, false) => line.name.clone(),
            (false, true) => words!(language, complaints.follow.shop),
        };
        let told = matches!(line.kind, HistoryKind::Assigned | HistoryKind::Merged);
        view! {
            <li>
                <p class="small soft"><Moment at=line.at language/>" · "{who}</p>
                <p><strong>{labels::history(line.kind, &line.body, language)}</strong></p>
                {(!told).then(|| view! { <Written text=line.body/> })}
            </li>
        }
    });
    view! {
        <section class="stack" aria-labelledby="so-far">
            <h2 class="order__heading" id="so-far">{words!(language, complaints.follow.history)}</h2>
            <ol class="complaint__history">{lines.collect_view()}</ol>
        </section>
    }
}
