//! Every field of the register for one complaint, and what else belongs to it: the same person's others, and those
//! about the same order, which are offered for merging.

use super::{super::labels, Moment, Written};
use crate::words;
use domain::{Language, format};
use leptos::prelude::*;
use shop::complaints::View as Complaint;

#[component]
pub(super) fn Facts(complaint: Complaint, language: Language) -> impl IntoView {
    let none = || view! { <span class="soft">{words!(language, complaints.one.none)}</span> }.into_any();
    let text = |text: String| if text.is_empty() { none() } else { view! { <Written text/> }.into_any() };
    let moment = |at: Option<time::OffsetDateTime>| at.map_or_else(none, |at| view! { <Moment at language/> }.into_any());
    let row = |name: String, value: AnyView| view! { <div><dt>{name}</dt><dd>{value}</dd></div> };
    let customer = match (complaint.name.is_empty(), complaint.email.is_empty()) {
        (true, true) => words!(language, complaints.desk.anonymous),
        (false, true) => complaint.name,
        (_, false) => format!("{} <{}>", complaint.name, complaint.email),
    };
    let order = complaint.order.map_or_else(none, |(number, token)| {
        view! { <a href=format!("/{language}/order/{number}?t={}", token.0)>{number.clone()}</a> }.into_any()
    });
    let line = complaint.line.and_then(|position| complaint.lines.iter().find(|line| line.position == position));
    let conversation = complaint.conversation.map(|(id, number)| {
        let link = view! { <a href=format!("/{language}/desk?conversation={id}")>{number}</a> }.into_any();
        row(words!(language, complaints.one.conversation), link)
    });
    let reply_due =
        complaint.reply_due.map(|at| row(words!(language, complaints.one.reply_due), view! { <Moment at language/> }.into_any()));
    let confirmation = complaint.closed_how.map(|how| labels::closed_how(how, language)).unwrap_or_default();
    let intake = labels::intake(complaint.intake, language);
    let taken = complaint.taken_by.map_or(intake.clone(), |name| format!("{intake}, {name}"));
    view! {
        <section class="panel stack" aria-labelledby="facts">
            <h2 id="facts">{words!(language, complaints.one.facts)}</h2>
            <dl class="facts">
                {row(words!(language, complaints.one.date), view! { <Moment at=complaint.opened_at language/><p class="soft small">{taken}</p> }.into_any())}
                {row(words!(language, complaints.one.customer), text(customer))}
                {row(words!(language, complaints.one.from), text(labels::department(complaint.from, language)))}
                {row(words!(language, complaints.one.about), text(labels::department(complaint.about, language)))}
                {row(words!(language, complaints.one.owner), text(complaint.owner.map(|(_, name)| name).unwrap_or_default()))}
                {reply_due}
                {conversation}
                {row(words!(language, complaints.one.order), order)}
                {row(words!(language, complaints.one.line), text(line.map(|l| format!("{} × {}", l.quantity, l.title)).unwrap_or_default()))}
                {row(words!(language, complaints.one.happened_on), text(complaint.happened_on.map(|d| format::date(d, language)).unwrap_or_default()))}
                {row(words!(language, complaints.one.evidence), text(complaint.evidence))}
                {row(words!(language, complaints.one.cause), text(complaint.cause.map(|c| labels::cause(c, language)).unwrap_or_default()))}
                {row(words!(language, complaints.one.consequences), text(complaint.consequences))}
                {row(words!(language, complaints.one.solution), text(complaint.solution))}
                {row(words!(language, complaints.one.deadline), moment(complaint.solution_due))}
                {row(words!(language, complaints.one.outcome), text(complaint.outcome))}
                {row(words!(language, complaints.one.confirmation), text(confirmation))}
            </dl>
            <p><a href=format!("/{}/complaint/{}?t={}", complaint.language, complaint.number, complaint.token.0)>
                {words!(language, complaints.one.customer_page)}
            </a></p>
        </section>
    }
}

#[component]
pub(super) fn Related(complaint: Complaint, language: Language) -> impl IntoView {
    let number = complaint.number;
    let twins = complaint.twins.into_iter().map(|twin| {
        let why = if twin.same_line { words!(language, complaints.one.same_line) } else { words!(language, complaints.one.same_order) };
        view! {
            <li class="stack stack--tight">
                <p>
                    <a href=format!("/{language}/desk/complaints/{}", twin.number)>{twin.number}</a>
                    {format!(" · {why} · {}", labels::stage(twin.stage, language))}
                </p>
                <form method="post" action="/api/desk/complaint-merge">
                    <input type="hidden" name="number" value=number/>
                    <input type="hidden" name="other" value=twin.number/>
                    <button class="button button--quiet" type="submit">
                        {words!(language, complaints.one.merge, number = twin.number.to_string())}
                    </button>
                </form>
            </li>
        }
    });
    let twins = twins.collect::<Vec<_>>();
    let twins = (!twins.is_empty()).then(|| {
        view! {
            <section class="notice" data-kind="warn" aria-labelledby="twins">
                <h2 id="twins">{words!(language, complaints.one.twins)}</h2>
                <ul class="stack">{twins}</ul>
            </section>
        }
    });
    let earlier = complaint.earlier.into_iter().map(|other| {
        view! {
            <li>
                <a href=format!("/{language}/desk/complaints/{}", other.number)>{format!("{} {}", labels::kind(other.kind, language), other.number)}</a>
                {format!(" · {}", labels::stage(other.stage, language))}
                <p class="complaint__excerpt">{other.statement}</p>
            </li>
        }
    });
    let earlier = earlier.collect::<Vec<_>>();
    let earlier = (!earlier.is_empty()).then(|| {
        view! {
            <section class="panel stack" aria-labelledby="earlier">
                <h2 id="earlier">{words!(language, complaints.one.earlier)}</h2>
                <ul class="stack">{earlier}</ul>
            </section>
        }
    });
    view! { {twins} {earlier} }
}
