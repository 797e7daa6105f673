//! `/{language}/desk/complaints/{number}`: everything that is known of one complaint, what comes next, and what
//! happened so far. Whoever opens it need not ask its customer again.

use super::{
    super::{
        answer::{self, RefusedNotice},
        labels,
    },
    Moment, Written,
    compensate::Compensate,
    facts::{Facts, Related},
    steps::{Besides, Next},
};
use crate::{
    backoffice::{Desk, Section},
    boundary::AppError,
    layout::NotFound,
    request, words,
};
use domain::{
    Language,
    complaints::{ComplaintRefusal, HistoryKind, HistoryLine},
    staff::Permission,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shop::{
    Failure,
    complaints::{Colleague, Said, View as Complaint},
};

#[component]
pub fn ComplaintPage() -> impl IntoView {
    let language = request::language();
    let number: i64 = use_params_map().with_untracked(|params| params.get("number").and_then(|n| n.parse().ok()).unwrap_or_default());
    let title = format!("{} {number}", words!(language, complaints.desk.number));
    view! {
        <Desk section=Section::Complaints needs=Permission::HandleComplaints title>
            <Suspense>
                {Suspend::new(async move {
                    let (shop, actor) = (request::shop(), request::actor());
                    let colleagues = shop::complaints::colleagues(&shop).await.unwrap_or_default();
                    match shop::complaints::view(&shop, &actor, number).await {
                        Ok(complaint) => view! { <Whole complaint colleagues language/> }.into_any(),
                        Err(Failure::Refused(ComplaintRefusal::NoSuchComplaint)) => view! { <NotFound/> }.into_any(),
                        Err(failure) => {
                            let sentence = answer::sentence(&AppError::from(failure), language);
                            view! { <p class="notice" data-kind="bad" role="alert">{sentence}</p> }.into_any()
                        }
                    }
                })}
            </Suspense>
        </Desk>
    }
}

#[component]
fn Whole(complaint: Complaint, colleagues: Vec<Colleague>, language: Language) -> impl IntoView {
    let merged = complaint.merged_into.map(|into| {
        let link = format!("/{language}/desk/complaints/{into}");
        view! { <p class="notice"><a href=link>{words!(language, complaints.one.merged_into, number = into.to_string())}</a></p> }
    });
    let standing = labels::standing(complaint.stage, complaint.closed_how, language);
    let angry = complaint.angry.then(|| view! { <span class="tag" data-kind="bad">{words!(language, complaints.desk.angry)}</span> });
    view! {
        <p class="cluster">
            <span class="tag" data-kind="accent">{labels::kind(complaint.kind, language)}</span>
            <span class="tag">{standing}</span>
            {angry}
        </p>
        <RefusedNotice language/>
        {merged}
        <div class="split">
            <div class="stack stack--wide">
                <section class="panel stack" aria-labelledby="said">
                    <h2 id="said">{words!(language, complaints.one.statement)}</h2>
                    <Written text=complaint.statement.clone()/>
                    {(!complaint.wanted.is_empty()).then(|| view! {
                        <h3>{words!(language, complaints.one.wanted)}</h3>
                        <Written text=complaint.wanted.clone()/>
                    })}
                </section>
                <Transcript said=complaint.transcript.clone() language/>
                <Next complaint=complaint.clone() colleagues=colleagues.clone() language/>
                <History lines=complaint.history.clone() language/>
                <Compensate complaint=complaint.clone() language/>
                <Besides complaint=complaint.clone() colleagues language/>
            </div>
            <aside class="stack stack--wide">
                <Facts complaint=complaint.clone() language/>
                <Related complaint language/>
            </aside>
        </div>
    }
}

/// What was said in the conversation that led here: nobody asks for it again.
#[component]
fn Transcript(said: Vec<Said>, language: Language) -> impl IntoView {
    (!said.is_empty()).then(|| {
        let lines = said.into_iter().map(|said| {
            let name = if said.name.is_empty() { words!(language, complaints.one.customer) } else { said.name };
            view! { <li><p class="small soft"><Moment at=said.at language/>" · "{name}</p><Written text=said.body/></li> }
        });
        view! {
            <details class="panel" open="">
                <summary>{words!(language, complaints.one.transcript)}</summary>
                <ol class="complaint__history">{lines.collect_view()}</ol>
            </details>
        }
    })
}

#[component]
fn History(lines: Vec<HistoryLine>, language: Language) -> impl IntoView {
    let lines = lines.into_iter().map(|line| {
        let internal = line.internal.then(|| view! { " "<span class="tag">{words!(language, complaints.one.internal)}</span> });
        let of = line
            .of_number
            .map(|number| view! { " "<span class="tag">{words!(language, complaints.one.of_number, number = number.to_string())}</span> });
        let told = matches!(line.kind, HistoryKind::Assigned | HistoryKind::Merged);
        let body = (!told).then(|| view! { <Written text=line.body.clone()/> });
        view! {
            <li>
                <p class="small soft"><Moment at=line.at language/>" · "{line.name.clone()}{internal}{of}</p>
                <p><strong>{labels::history(line.kind, &line.body, language)}</strong></p>
                {body}
            </li>
        }
    });
    view! {
        <section class="stack" aria-labelledby="history">
            <h2 id="history">{words!(language, complaints.one.history)}</h2>
            <ol class="complaint__history">{lines.collect_view()}</ol>
        </section>
    }
}
