//! What comes next with a complaint, by its stage, and what may be done besides: each a plain form.

use super::{
    super::labels,
    fields::{Area, Choose, Text, Tick},
};
use crate::{request, words};
use domain::{
    Language,
    complaints::{Cause, ComplaintKind, ImprovementKind, Remedy, Stage},
    staff::Permission,
};
use leptos::prelude::*;
use shop::complaints::{Colleague, View as Complaint};

/// A form of the desk about one complaint.
#[component]
fn StepForm(
    step: &'static str,
    number: i64,
    title: String,
    #[prop(default = String::new())] hint: String,
    submit: String,
    children: Children,
) -> impl IntoView {
    view! {
        <form class="stack" method="post" action=format!("/api/desk/complaint-{step}")>
            <h3>{title}</h3>
            {(!hint.is_empty()).then(|| view! { <p class="soft small">{hint}</p> })}
            <input type="hidden" name="number" value=number/>
            {children()}
            <div><button class="button" type="submit">{submit}</button></div>
        </form>
    }
}

#[component]
pub(super) fn Next(complaint: Complaint, colleagues: Vec<Colleague>, language: Language) -> impl IntoView {
    let forms = match (complaint.stage, complaint.kind) {
        (Stage::Opened, _) => view! { <Assign complaint=complaint.clone() colleagues language/> }.into_any(),
        _ if !complaint.may_work => view! { <p>{words!(language, complaints.one.not_yours)}</p> }.into_any(),
        (Stage::Assigned, ComplaintKind::Suggestion | ComplaintKind::Praise) => {
            let template = words!(complaint.language, complaints.one.answer_template);
            view! {
                <Letter step="answer" field="message" complaint=complaint.clone() template title=words!(language, complaints.one.answer)
                    submit=words!(language, complaints.one.answer_submit) language/>
            }
            .into_any()
        }
        (Stage::Assigned, _) => view! {
            <Acknowledge complaint=complaint.clone() language/>
            <Investigate complaint=complaint.clone() language/>
        }
        .into_any(),
        (Stage::Investigated, _) => view! {
            <Acknowledge complaint=complaint.clone() language/>
            <Promise complaint=complaint.clone() language/>
            <Investigate complaint=complaint.clone() language/>
        }
        .into_any(),
        (Stage::Promised, _) => view! {
            <Letter step="solve" field="outcome" complaint=complaint.clone() title=words!(language, complaints.one.solve)
                hint=words!(language, complaints.one.solve_hint) submit=words!(language, complaints.one.solve_submit) language/>
            <PutOff number=complaint.number language/>
        }
        .into_any(),
        (Stage::Solved, _) => view! {
            <StepForm step="confirm" number=complaint.number title=words!(language, complaints.one.confirm)
                submit=words!(language, complaints.one.confirm_submit)>
                <Area id="how".to_owned() name="how" label=words!(language, complaints.one.confirm_how) rows=2/>
            </StepForm>
        }
        .into_any(),
        (Stage::Closed, ComplaintKind::Complaint) if complaint.cause.is_some() => {
            view! { <Improve number=complaint.number colleagues language/> }.into_any()
        }
        (Stage::Closed, _) => return None,
    };
    Some(view! {
        <section class="panel stack stack--wide" id="next" aria-labelledby="next-title">
            <h2 id="next-title">{words!(language, complaints.one.next)}</h2>
            {forms}
        </section>
    })
}

fn names(colleagues: Vec<Colleague>) -> Vec<(String, String)> {
    colleagues.into_iter().map(|colleague| (colleague.id.to_string(), colleague.name)).collect()
}

#[component]
fn Assign(complaint: Complaint, colleagues: Vec<Colleague>, language: Language) -> impl IntoView {
    let (actor, number) = (request::actor(), complaint.number);
    let take = actor.staff().map(|me| {
        view! {
            <form method="post" action="/api/desk/complaint-assign">
                <input type="hidden" name="number" value=number/>
                <input type="hidden" name="staff" value=me.to_string()/>
                <button class="button" type="submit">{words!(language, complaints.one.take)}</button>
            </form>
        }
    });
    let give = actor.may(Permission::Supervise).then(|| {
        view! {
            <StepForm step="assign" number title=words!(language, complaints.one.assign) submit=words!(language, complaints.one.give)>
                <Choose id="assign-to".to_owned() name="staff" label=words!(language, complaints.one.transfer_to) options=names(colleagues)/>
            </StepForm>
        }
    });
    view! { {take} {give} }
}

/// A text that goes to the customer; one that sounded defensive comes back with a box to send it all the same.
#[component]
fn Letter(
    step: &'static str,
    /// Under which it is kept while it is not sent.
    field: &'static str,
    complaint: Complaint,
    title: String,
    #[prop(default = String::new())] hint: String,
    #[prop(default = String::new())] template: String,
    submit: String,
    language: Language,
) -> impl IntoView {
    let kept = complaint.draft.get(field).and_then(|text| text.as_str()).map(str::to_owned);
    let anyway = kept.is_some().then(|| view! { <Tick name="anyway" label=words!(language, complaints.one.anyway)/> });
    view! {
        <StepForm step number=complaint.number title=title.clone() hint submit>
            <Area id=format!("{step}-text") name="text" label=title value=kept.unwrap_or(template) rows=5/>
            {anyway}
        </StepForm>
    }
}

#[component]
fn Acknowledge(complaint: Complaint, language: Language) -> impl IntoView {
    // In the customer's language, and calmer for somebody who is angry.
    let template = if complaint.angry {
        words!(complaint.language, complaints.one.calm_template)
    } else {
        words!(complaint.language, complaints.one.template)
    };
    (!complaint.acknowledged).then(|| {
        view! {
            <Letter step="acknowledge" field="acknowledgement" complaint template title=words!(language, complaints.one.acknowledge)
                hint=words!(language, complaints.one.acknowledge_hint) submit=words!(language, complaints.one.send) language/>
        }
    })
}

#[component]
fn Investigate(complaint: Complaint, language: Language) -> impl IntoView {
    let causes = Cause::ALL.iter().map(|&c| (c.code().to_owned(), labels::cause(c, language))).collect();
    let lines: Vec<_> = complaint.lines.iter().map(|l| (l.position.to_string(), format!("{} × {}", l.quantity, l.title))).collect();
    let chosen = complaint.line.map(|position| position.to_string()).unwrap_or_default();
    let empty = || Some(String::new());
    let line = (!lines.is_empty()).then(|| {
        view! {
            <Choose id="found-line".to_owned() name="line" label=words!(language, complaints.one.line) options=lines chosen empty=empty()/>
        }
    });
    let happened_on = complaint.happened_on.map(|day| day.to_string()).unwrap_or_default();
    view! {
        <StepForm step="investigate" number=complaint.number title=words!(language, complaints.one.investigate)
            submit=words!(language, complaints.one.investigate_submit)>
            <div class="fields">
                {line}
                <Text id="happened_on" kind="date" label=words!(language, complaints.one.happened_on) value=happened_on/>
                <Choose id="cause".to_owned() name="cause" label=words!(language, complaints.one.cause) options=causes
                    chosen=complaint.cause.map_or("", Cause::code).to_owned() empty=empty()/>
            </div>
            <Area id="evidence".to_owned() name="evidence" label=words!(language, complaints.one.evidence) value=complaint.evidence rows=3 required=false/>
            <Area id="consequences".to_owned() name="consequences" label=words!(language, complaints.one.consequences)
                value=complaint.consequences rows=3 required=false/>
        </StepForm>
    }
}

#[component]
fn Promise(complaint: Complaint, language: Language) -> impl IntoView {
    let remedies = Remedy::ALL.iter().map(|&r| (r.code().to_owned(), labels::remedy(r, language))).collect();
    let kept = complaint.draft.get("solution").and_then(|text| text.as_str()).map(str::to_owned);
    let anyway = kept.is_some().then(|| view! { <Tick name="anyway" label=words!(language, complaints.one.anyway)/> });
    view! {
        <StepForm step="promise" number=complaint.number title=words!(language, complaints.one.promise)
            hint=words!(language, complaints.one.promise_hint) submit=words!(language, complaints.one.promise_submit)>
            <Area id="promise-text".to_owned() name="text" label=words!(language, complaints.one.solution) value=kept.unwrap_or_default()/>
            <div class="fields">
                <Choose id="remedy".to_owned() name="remedy" label=words!(language, complaints.one.remedy) options=remedies/>
                <Text id="deadline" kind="date" label=words!(language, complaints.one.deadline) required=true/>
            </div>
            {anyway}
        </StepForm>
    }
}

#[component]
fn PutOff(number: i64, language: Language) -> impl IntoView {
    view! {
        <StepForm step="renegotiate" number title=words!(language, complaints.one.renegotiate)
            hint=words!(language, complaints.one.renegotiate_hint) submit=words!(language, complaints.one.renegotiate_submit)>
            <Text id="deadline" kind="date" label=words!(language, complaints.one.new_day) required=true/>
            <Area id="reason".to_owned() name="reason" label=words!(language, complaints.one.reason) rows=2/>
        </StepForm>
    }
}

#[component]
fn Improve(number: i64, colleagues: Vec<Colleague>, language: Language) -> impl IntoView {
    let kinds = ImprovementKind::ALL.iter().map(|&k| (k.code().to_owned(), labels::improvement(k, language))).collect();
    view! {
        <StepForm step="improve" number title=words!(language, complaints.one.improve) submit=words!(language, complaints.one.improve_submit)>
            <Area id="improve".to_owned() name="what" label=words!(language, complaints.one.improve_what) rows=3/>
            <div class="fields">
                <Choose id="improve-kind".to_owned() name="kind" label=words!(language, complaints.one.improve_kind) options=kinds/>
                <Choose id="improve-owner".to_owned() name="staff" label=words!(language, complaints.one.improve_owner) options=names(colleagues)/>
                <Text id="due_on" kind="date" label=words!(language, complaints.one.improve_due) required=true/>
            </div>
        </StepForm>
    }
}

/// Writing to the customer, notes, handing over, and what supervisors do.
#[component]
pub(super) fn Besides(complaint: Complaint, colleagues: Vec<Colleague>, language: Language) -> impl IntoView {
    let number = complaint.number;
    let open = !matches!(complaint.stage, Stage::Opened | Stage::Closed) && complaint.may_work;
    let others = colleagues.into_iter().filter(|c| complaint.owner.as_ref().is_none_or(|(owner, _)| *owner != c.id)).collect();
    let work = open.then(|| {
        let answers = complaint.kind == ComplaintKind::Complaint;
        let message = answers.then(|| {
            view! {
                <div id="message">
                    <Letter step="say" field="message" complaint=complaint.clone() title=words!(language, complaints.one.message)
                        submit=words!(language, complaints.one.send) language/>
                </div>
            }
        });
        view! {
            {message}
            <div id="transfer">
                <StepForm step="transfer" number title=words!(language, complaints.one.transfer) submit=words!(language, complaints.one.transfer_submit)>
                    <Choose id="transfer-to".to_owned() name="staff" label=words!(language, complaints.one.transfer_to) options=names(others)/>
                    <Area id="summary".to_owned() name="summary" label=words!(language, complaints.one.summary)
                        hint=words!(language, complaints.one.summary_hint) rows=3/>
                </StepForm>
            </div>
        }
    });
    let angry = (!complaint.angry && complaint.stage != Stage::Closed).then(|| {
        view! {
            <form method="post" action="/api/desk/complaint-angry">
                <input type="hidden" name="number" value=number/>
                <button class="button button--quiet" type="submit">{words!(language, complaints.one.angry_submit)}</button>
            </form>
        }
    });
    let review = (complaint.review && request::actor().may(Permission::Supervise)).then(|| {
        view! {
            <div id="review">
                <StepForm step="reviewed" number title=words!(language, complaints.one.review) submit=words!(language, complaints.one.review_submit)>
                    <Area id="review-note".to_owned() name="note" label=words!(language, complaints.one.review_note) rows=2 required=false/>
                </StepForm>
            </div>
        }
    });
    view! {
        <section class="panel stack stack--wide" aria-labelledby="besides">
            <h2 id="besides">{words!(language, complaints.one.others)}</h2>
            {review}
            {work}
            <div id="note">
                <StepForm step="note" number title=words!(language, complaints.one.note) submit=words!(language, complaints.one.note_submit)>
                    <Area id="note-text".to_owned() name="text" label=words!(language, complaints.one.note) rows=3/>
                </StepForm>
            </div>
            {angry}
        </section>
    }
}
