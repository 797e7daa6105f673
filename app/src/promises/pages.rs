//! `/{language}/desk/promises`: how many were kept, and each promise, what is broken and still not done first. The
//! filters are in the address; the same rows are to be had as a table.

use super::rules::RulesForm;
use crate::{
    backoffice::{Desk, Section},
    boundary::report,
    chart::{Bar, Columns},
    forms, request, words,
};
use domain::{
    Language, format,
    orders::PromiseState,
    promises::{PromiseKind, Tally},
    staff::Permission,
};
use leptos::prelude::*;
use shop::{
    Failure,
    promises::{Filter, Ledger, Listed, Which},
};
use time::{Date, OffsetDateTime, format_description::well_known::Rfc3339};

const PERIODS: [u32; 4] = [4, 12, 26, 52];
const WHICH: [(&str, Which); 4] =
    [("outstanding", Which::Outstanding), ("broken", Which::Broken), ("kept", Which::Kept), ("all", Which::All)];

#[component]
pub fn PromisesPage() -> impl IntoView {
    let language = request::language();
    view! {
        <Desk section=Section::Promises needs=Permission::SeeReports title=words!(language, promises.title)>
            <Suspense>
                {Suspend::new(async move {
                    let (filter, page) = (filter_of(&request::query_pairs()), page_of());
                    match shop::promises::ledger(&request::shop(), &request::actor(), filter, page, request::now()).await {
                        Ok(ledger) => view! { <Whole ledger filter page language/> }.into_any(),
                        Err(failure) => {
                            let sentence = match failure {
                                Failure::Refused(_) => words!(language, promises.not_allowed),
                                Failure::Fault(fault) => {
                                    report(&fault);
                                    words!(language, promises.fault)
                                }
                            };
                            view! { <p class="notice" data-kind="bad" role="alert">{sentence}</p> }.into_any()
                        }
                    }
                })}
            </Suspense>
        </Desk>
    }
}

/// The filter that an address holds; the table is asked for by the same words.
#[must_use]
pub fn filter_of(pairs: &[(String, String)]) -> Filter {
    let mut filter = Filter { which: Which::default(), kind: None, weeks: 12 };
    for (name, value) in pairs {
        match name.as_str() {
            "which" => filter.which = WHICH.iter().find(|(code, _)| code == value).map_or(Which::default(), |(_, which)| *which),
            "kind" => filter.kind = PromiseKind::from_code(value),
            "weeks" => filter.weeks = value.parse().ok().filter(|weeks| PERIODS.contains(weeks)).unwrap_or(12),
            _ => {}
        }
    }
    filter
}

fn page_of() -> u32 {
    request::queried("page").and_then(|page| page.parse().ok()).unwrap_or(0)
}

fn query(filter: Filter, page: u32) -> String {
    let (weeks, page) = (filter.weeks.to_string(), page.to_string());
    let which = WHICH.iter().find(|(_, which)| *which == filter.which).map_or("outstanding", |(code, _)| *code);
    let mut pairs = vec![("which", which), ("weeks", &*weeks)];
    pairs.extend(filter.kind.map(|kind| ("kind", kind.code())));
    if page != "0" {
        pairs.push(("page", &page));
    }
    forms::query(&pairs)
}

#[component]
fn Whole(ledger: Ledger, filter: Filter, page: u32, language: Language) -> impl IntoView {
    let next = ledger.listed.more.then(|| {
        let address = format!("/{language}/desk/promises{}#list", query(filter, page + 1));
        view! { <p><a href=address>{words!(language, promises.more)}</a></p> }
    });
    view! {
        <Cards total=ledger.total language/>
        <Filters filter language/>
        <div class="desk__columns">
            <ByKind rows=ledger.by_kind language/>
            <ByWeek rows=ledger.by_week language/>
        </div>
        <section class="stack" id="list" aria-labelledby="list-title">
            <h2 id="list-title">{words!(language, promises.list)}</h2>
            <Rows promises=ledger.listed.promises language/>
            {next}
            <p>
                <a href=format!("/{language}/desk/promises.csv{}", query(filter, 0)) download="">{words!(language, promises.csv)}</a>
            </p>
        </section>
        <RulesForm language/>
    }
}

fn rate(tally: Tally, language: Language) -> String {
    // Whole percents: figures of some dozens say no more.
    tally
        .kept_basis_points()
        .map_or_else(|| words!(language, promises.card.undecided), |share| format::percent((share + 50) / 100 * 100, language))
}

#[component]
fn Cards(total: Tally, language: Language) -> impl IntoView {
    let card = |name: String, value: String, hint: String| {
        view! {
            <div class="card-figure">
                <dt>{name}</dt>
                <dd><strong>{value}</strong>{(!hint.is_empty()).then(|| view! { <span class="soft small">{hint}</span> })}</dd>
            </div>
        }
    };
    view! {
        <dl class="card-figures">
            {card(words!(language, promises.card.rate), rate(total, language), words!(language, promises.card.rate_hint))}
            {card(words!(language, promises.card.kept), total.kept.to_string(), String::new())}
            {card(words!(language, promises.card.broken), total.broken.to_string(), String::new())}
            {card(words!(language, promises.card.open), total.open.to_string(), String::new())}
        </dl>
    }
}

#[component]
fn Filters(filter: Filter, language: Language) -> impl IntoView {
    let which = WHICH
        .iter()
        .map(|&(code, which)| view! { <option value=code selected=which == filter.which>{which_name(which, language)}</option> });
    let kinds = PromiseKind::ALL.iter().map(|&kind| {
        view! { <option value=kind.code() selected=filter.kind == Some(kind)>{kind_name(kind, language)}</option> }
    });
    let weeks = PERIODS.iter().map(|&weeks| view! { <option value=weeks selected=weeks == filter.weeks>{weeks}</option> });
    view! {
        <form class="stack" method="get">
            <div class="fields">
                <div class="field">
                    <label for="which">{words!(language, promises.filters)}</label>
                    <select id="which" name="which">{which.collect_view()}</select>
                </div>
                <div class="field">
                    <label for="kind">{words!(language, promises.of_kind)}</label>
                    <select id="kind" name="kind"><option value="">{words!(language, promises.any)}</option>{kinds.collect_view()}</select>
                </div>
                <div class="field">
                    <label for="weeks">{words!(language, promises.weeks)}</label>
                    <select id="weeks" name="weeks">{weeks.collect_view()}</select>
                </div>
            </div>
            <div><button class="button button--quiet" type="submit">{words!(language, promises.show)}</button></div>
        </form>
    }
}

fn tally_cells(tally: Tally, language: Language) -> impl IntoView + use<> {
    view! {
        <td class="numbers">{tally.kept}</td>
        <td class="numbers">{tally.broken}</td>
        <td class="numbers">{tally.open}</td>
        <td class="numbers">{rate(tally, language)}</td>
    }
}

#[component]
fn TallyHead(first: String, language: Language) -> impl IntoView {
    view! {
        <thead>
            <tr>
                <th scope="col">{first}</th>
                <th class="numbers" scope="col">{words!(language, promises.card.kept)}</th>
                <th class="numbers" scope="col">{words!(language, promises.card.broken)}</th>
                <th class="numbers" scope="col">{words!(language, promises.card.open)}</th>
                <th class="numbers" scope="col">{words!(language, promises.share)}</th>
            </tr>
        </thead>
    }
}

#[component]
fn ByKind(rows: Vec<(PromiseKind, Tally)>, language: Language) -> impl IntoView {
    let rows = rows.into_iter().map(|(kind, tally)| {
        view! { <tr><th scope="row">{kind_name(kind, language)}</th>{tally_cells(tally, language)}</tr> }
    });
    view! {
        <section class="panel stack" aria-labelledby="by-kind">
            <h2 id="by-kind">{words!(language, promises.by_kind)}</h2>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="by-kind">
                <table class="table">
                    <TallyHead first=words!(language, promises.of_kind) language/>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}

#[component]
fn ByWeek(rows: Vec<(Date, Tally)>, language: Language) -> impl IntoView {
    let name = |week: Date| format!("{}/{}", week.day(), u8::from(week.month()));
    let bars = rows.iter().map(|&(week, tally)| {
        let share = tally.kept_basis_points();
        Bar {
            label: name(week),
            share: share.map_or(0.0, |share| f64::from(share) / 10_000.0),
            line: None,
            value: share.map(|share| ((share + 50) / 100).to_string()).unwrap_or_default(),
        }
    });
    let bars = bars.collect();
    let cells = rows.into_iter().map(|(week, tally)| {
        view! { <tr><th scope="row">{format::short_day(week, language)}</th>{tally_cells(tally, language)}</tr> }
    });
    view! {
        <section class="panel stack" aria-labelledby="by-week">
            <h2 id="by-week">{words!(language, promises.by_week)}</h2>
            <Columns title=words!(language, promises.chart) bars/>
            <p class="soft small">{words!(language, promises.chart_text)}</p>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="by-week">
                <table class="table">
                    <TallyHead first=words!(language, promises.week) language/>
                    <tbody>{cells.collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}

#[component]
fn Rows(promises: Vec<Listed>, language: Language) -> impl IntoView {
    if promises.is_empty() {
        return view! { <p>{words!(language, promises.empty)}</p> }.into_any();
    }
    let rows = promises.into_iter().map(|promise| view! { <Row promise language/> });
    view! {
        <div class="scroll" tabindex="0" role="region" aria-labelledby="list-title">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{words!(language, promises.due)}</th>
                        <th scope="col">{words!(language, promises.of_kind)}</th>
                        <th scope="col">{words!(language, promises.about)}</th>
                        <th scope="col">{words!(language, promises.owner)}</th>
                        <th scope="col">{words!(language, promises.state_head)}</th>
                        <th scope="col">{words!(language, promises.done)}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Row(promise: Listed, language: Language) -> impl IntoView {
    let (state, kind) = match promise.state {
        PromiseState::Open => (words!(language, promises.state.open), "neutral"),
        PromiseState::Kept => (words!(language, promises.state.kept), "good"),
        PromiseState::Broken => (words!(language, promises.state.broken), "bad"),
        PromiseState::Withdrawn => (words!(language, promises.state.withdrawn), "neutral"),
    };
    let put_off = (promise.put_off > 0)
        .then(|| view! { " "<span class="soft small">{words!(language, promises.put_off, times = promise.put_off)}</span> });
    let complaint = promise.complaint.map(|number| {
        let text = words!(language, promises.complaint, number = number.to_string());
        view! { <a href=format!("/{language}/desk/complaints/{number}")>{text}</a>" " }
    });
    let case = promise.case.map(|number| {
        let text = words!(language, promises.case, number = number.to_string());
        view! { <a href=format!("/{language}/desk/cases/{number}")>{text}</a>" " }
    });
    let conversation = promise.conversation.map(|(id, number)| {
        let text = words!(language, promises.conversation, number = number.to_string());
        view! { <a href=format!("/{language}/desk?conversation={id}")>{text}</a>" " }
    });
    let order = promise.order.map(|(number, token)| {
        let text = words!(language, promises.order, number = number.clone());
        view! { <a href=format!("/{language}/order/{number}?t={}", token.0)>{text}</a> }
    });
    view! {
        <tr>
            <th scope="row"><Moment at=promise.due_at language/></th>
            <td>{kind_name(promise.kind, language)}</td>
            <td>{complaint}{case}{conversation}{order}</td>
            <td>{promise.owner.unwrap_or_else(|| words!(language, promises.nobody))}</td>
            <td><span class="tag" data-kind=kind>{state}</span>{put_off}</td>
            <td>{promise.done_at.map(|at| view! { <Moment at language/> })}</td>
        </tr>
    }
}

#[component]
fn Moment(at: OffsetDateTime, language: Language) -> impl IntoView {
    let local = request::shop().settings.local(at);
    let text = format!("{}, {}", format::short_day(local.date(), language), format::clock(local.time()));
    view! { <time datetime=at.format(&Rfc3339).unwrap_or_default()>{text}</time> }
}

fn kind_name(kind: PromiseKind, language: Language) -> String {
    match kind {
        PromiseKind::Delivery => words!(language, promises.kind.delivery),
        PromiseKind::Reply => words!(language, promises.kind.reply),
        PromiseKind::Resolution => words!(language, promises.kind.resolution),
        PromiseKind::Solution => words!(language, promises.kind.solution),
        PromiseKind::Refund => words!(language, promises.kind.refund),
    }
}

fn which_name(which: Which, language: Language) -> String {
    match which {
        Which::Outstanding => words!(language, promises.which.outstanding),
        Which::Broken => words!(language, promises.which.broken),
        Which::Kept => words!(language, promises.which.kept),
        Which::All => words!(language, promises.which.all),
    }
}
