//! `/{language}/desk/complaints`: the register, what is overdue first. Filters are in the address.

use super::{
    super::{answer, labels},
    Moment,
    fields::{Choose, Text},
};
use crate::{
    backoffice::{Desk, Section},
    boundary::AppError,
    forms, request, words,
};
use domain::{
    Language,
    complaints::{Cause, ComplaintKind, Department},
    staff::Permission,
};
use leptos::prelude::*;
use shop::complaints::{Filter, Listed, PageOf, Queue};

#[component]
pub fn ListPage() -> impl IntoView {
    let language = request::language();
    view! {
        <Desk section=Section::Complaints needs=Permission::HandleComplaints title=words!(language, complaints.desk.title)>
            <Suspense>
                {Suspend::new(async move {
                    let filter = of_query();
                    let after = request::queried("after");
                    match shop::complaints::list(&request::shop(), &request::actor(), &filter, after.as_deref(), request::now()).await {
                        Ok(page) => view! { <Register page filter language/> }.into_any(),
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

const QUEUES: [(&str, Queue); 5] =
    [("waiting", Queue::Waiting), ("mine", Queue::Mine), ("open", Queue::Open), ("closed", Queue::Closed), ("review", Queue::Review)];

fn of_query() -> Filter {
    request::query_pairs().into_iter().fold(Filter::default(), |mut filter, (name, value)| {
        match name.as_str() {
            "queue" => filter.queue = QUEUES.iter().find(|(code, _)| *code == value).map_or(Queue::Mine, |(_, queue)| *queue),
            "kind" => filter.kind = ComplaintKind::from_code(&value),
            "cause" => filter.cause = Cause::from_code(&value),
            "about" => filter.about = Department::from_code(&value),
            "search" => filter.search = value,
            _ => {}
        }
        filter
    })
}

fn queue_code(queue: Queue) -> &'static str {
    QUEUES.iter().find(|(_, q)| *q == queue).map_or("mine", |(code, _)| code)
}

/// The address of this list with other words in it.
fn address(filter: &Filter, queue: Queue, after: Option<&str>, language: Language) -> String {
    let mut pairs = vec![("queue", queue_code(queue))];
    let optional = [
        ("kind", filter.kind.map(ComplaintKind::code)),
        ("cause", filter.cause.map(Cause::code)),
        ("about", filter.about.map(Department::code)),
        ("search", (!filter.search.is_empty()).then_some(&*filter.search)),
        ("after", after),
    ];
    pairs.extend(optional.into_iter().filter_map(|(name, value)| Some((name, value?))));
    format!("/{language}/desk/complaints{}", forms::query(&pairs))
}

#[component]
fn Register(page: PageOf, filter: Filter, language: Language) -> impl IntoView {
    let sees_all = request::actor().may(Permission::SeeReports);
    let tab = |queue: Queue, text: String| {
        let current = (filter.queue == queue).then_some("page");
        view! { <li><a class="chip" href=address(&filter, queue, None, language) aria-current=current>{text}</a></li> }
    };
    let of_all = sees_all.then(|| {
        view! {
            {tab(Queue::Open, words!(language, complaints.desk.open))}
            {tab(Queue::Closed, words!(language, complaints.desk.closed))}
            {tab(Queue::Review, words!(language, complaints.desk.review))}
        }
    });
    let reports = sees_all.then(|| {
        view! {
            <a class="button button--quiet" href=format!("/{language}/desk/complaints/causes")>{words!(language, complaints.desk.causes)}</a>
            <a class="button button--quiet" href=format!("/{language}/desk/complaints.csv") download="">{words!(language, complaints.desk.csv)}</a>
        }
    });
    let next = page.next.as_deref().map(|next| {
        view! { <p><a href=address(&filter, filter.queue, Some(next), language)>{words!(language, complaints.desk.more)}</a></p> }
    });
    view! {
        <div class="cluster">
            <a class="button" href=format!("/{language}/desk/complaints/new")>{words!(language, complaints.desk.new)}</a>
            {reports}
        </div>
        <nav aria-label=words!(language, complaints.desk.queue)>
            <ul class="chips">
                {tab(Queue::Mine, words!(language, complaints.desk.mine, count = page.mine))}
                {tab(Queue::Waiting, words!(language, complaints.desk.waiting, count = page.waiting))}
                {of_all}
            </ul>
        </nav>
        <Filters filter=filter.clone() language/>
        <Rows complaints=page.complaints language/>
        {next}
    }
}

#[component]
fn Filters(filter: Filter, language: Language) -> impl IntoView {
    let any = || Some(words!(language, complaints.desk.any));
    let kinds = ComplaintKind::ALL.iter().map(|&k| (k.code().to_owned(), labels::kind(k, language))).collect();
    let causes = Cause::ALL.iter().map(|&c| (c.code().to_owned(), labels::cause(c, language))).collect();
    let abouts = Department::ALL.iter().map(|&d| (d.code().to_owned(), labels::department(d, language))).collect();
    view! {
        <form class="stack" method="get" role="search">
            <input type="hidden" name="queue" value=queue_code(filter.queue)/>
            <div class="fields">
                <Text id="search" kind="search" label=words!(language, complaints.desk.search) hint=words!(language, complaints.desk.search_hint)
                    value=filter.search/>
                <Choose id="kind".to_owned() name="kind" label=words!(language, complaints.desk.kind) options=kinds
                    chosen=filter.kind.map_or("", ComplaintKind::code).to_owned() empty=any()/>
                <Choose id="cause".to_owned() name="cause" label=words!(language, complaints.desk.cause) options=causes
                    chosen=filter.cause.map_or("", Cause::code).to_owned() empty=any()/>
                <Choose id="about".to_owned() name="about" label=words!(language, complaints.desk.about) options=abouts
                    chosen=filter.about.map_or("", Department::code).to_owned() empty=any()/>
            </div>
            <div><button class="button button--quiet" type="submit">{words!(language, complaints.desk.filter)}</button></div>
        </form>
    }
}

#[component]
fn Rows(complaints: Vec<Listed>, language: Language) -> impl IntoView {
    if complaints.is_empty() {
        return view! { <p>{words!(language, complaints.desk.empty)}</p> }.into_any();
    }
    let rows = complaints.into_iter().map(|complaint| view! { <Row complaint language/> });
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=words!(language, complaints.desk.title)>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{words!(language, complaints.desk.number)}</th>
                        <th scope="col">{words!(language, complaints.desk.statement)}</th>
                        <th scope="col">{words!(language, complaints.desk.customer)}</th>
                        <th scope="col">{words!(language, complaints.desk.stage)}</th>
                        <th scope="col">{words!(language, complaints.desk.owner)}</th>
                        <th scope="col">{words!(language, complaints.desk.due)}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Row(complaint: Listed, language: Language) -> impl IntoView {
    let angry = complaint.angry.then(|| view! { " "<span class="tag" data-kind="bad">{words!(language, complaints.desk.angry)}</span> });
    let overdue =
        complaint.overdue.then(|| view! { " "<span class="tag" data-kind="bad">{words!(language, complaints.desk.overdue)}</span> });
    let customer = if complaint.name.is_empty() { words!(language, complaints.desk.anonymous) } else { complaint.name };
    view! {
        <tr>
            <th scope="row"><a href=format!("/{language}/desk/complaints/{}", complaint.number)>{complaint.number}</a></th>
            <td><span class="tag">{labels::kind(complaint.kind, language)}</span>{angry}<p class="complaint__excerpt">{complaint.statement}</p></td>
            <td>{customer}<br/><span class="soft small">{labels::department(complaint.about, language)}</span></td>
            <td>{labels::standing(complaint.stage, complaint.closed_how, language)}</td>
            <td>{complaint.owner.unwrap_or_else(|| words!(language, complaints.desk.nobody))}</td>
            <td>{complaint.due_at.map(|at| view! { <Moment at language/> })}{overdue}</td>
        </tr>
    }
}
