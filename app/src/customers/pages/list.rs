//! `/{language}/desk/customers`: the classes and how many are in each, and customers by class, by name, or by what would be
//! lost with them. Filters are in the address; the same rows are to be had as a table.

use super::{Reasons, overview::Classes, rules::RulesForm, scores};
use crate::{
    backoffice::{Desk, Section},
    boundary::report,
    customers::labels,
    forms,
    layout::{Fault, NotFound},
    request, words,
};
use domain::{Language, customers::CustomerClass, format, staff::Permission};
use leptos::prelude::*;
use shop::{
    Failure, NotAllowed, Outcome,
    customers::{Filter, Listed, Overview, PageOf, Rules},
};

#[component]
pub fn CustomersPage() -> impl IntoView {
    let language = request::language();
    view! {
        <Desk section=Section::Customers needs=Permission::SeeReports title=words!(language, customers.title)>
            <Suspense>
                {Suspend::new(async move {
                    let filter = filter_of(&request::query_pairs());
                    match load(&filter).await {
                        Ok((overview, rules, page)) => view! { <Whole overview rules page filter language/> }.into_any(),
                        Err(Failure::Refused(_)) => view! { <NotFound/> }.into_any(),
                        Err(Failure::Fault(fault)) => view! { <Fault reference=report(&fault)/> }.into_any(),
                    }
                })}
            </Suspense>
        </Desk>
    }
}

async fn load(filter: &Filter) -> Outcome<(Overview, Rules, PageOf), NotAllowed> {
    let (shop, actor) = (request::shop(), request::actor());
    let overview = shop::customers::overview(&shop, &actor).await?;
    let rules = shop::customers::rules(&shop).await.map_err(|failure| failure.map_refusal(|never| match never {}))?;
    let page = shop::customers::list(&shop, &actor, filter, request::queried("after").as_deref()).await?;
    Ok((overview, rules, page))
}

/// The filter that an address holds; the table is asked for by the same words.
#[must_use]
pub fn filter_of(pairs: &[(String, String)]) -> Filter {
    let mut filter = Filter::default();
    for (name, value) in pairs {
        match name.as_str() {
            "class" => filter.class = CustomerClass::from_code(value),
            "risk" => filter.at_risk = value == "1",
            "search" => filter.search.clone_from(value),
            _ => {}
        }
    }
    filter
}

/// The address of this list, or of its table, with these words.
fn query(filter: &Filter, after: Option<&str>) -> String {
    let pairs = [
        ("class", filter.class.map(CustomerClass::code)),
        ("risk", filter.at_risk.then_some("1")),
        ("search", (!filter.search.is_empty()).then_some(&*filter.search)),
        ("after", after),
    ];
    let pairs: Vec<_> = pairs.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    forms::query(&pairs)
}

pub(super) fn address(filter: &Filter, language: Language) -> String {
    format!("/{language}/desk/customers{}#list", query(filter, None))
}

#[component]
fn Whole(overview: Overview, rules: Rules, page: PageOf, filter: Filter, language: Language) -> impl IntoView {
    let next = page.next.as_deref().map(|next| {
        let address = format!("/{language}/desk/customers{}#list", query(&filter, Some(next)));
        view! { <p><a href=address>{words!(language, customers.more)}</a></p> }
    });
    let csv = format!("/{language}/desk/customers.csv{}", query(&filter, None));
    let may_set = request::actor().may(Permission::SetRules);
    view! {
        <Classes overview rules filter=filter.clone() language/>
        <section class="stack" id="list" aria-labelledby="list-title">
            <h2 id="list-title">{if filter.at_risk { words!(language, customers.at_risk) } else { words!(language, customers.list) }}</h2>
            {filter.at_risk.then(|| view! { <p class="soft">{words!(language, customers.at_risk_how)}</p> })}
            <Filters filter=filter.clone() language/>
            <Rows customers=page.customers at_risk=filter.at_risk language/>
            {next}
            <p><a href=csv download="">{words!(language, customers.csv)}</a></p>
        </section>
        {may_set.then(|| view! { <RulesForm rules language/> })}
    }
}

#[component]
fn Filters(filter: Filter, language: Language) -> impl IntoView {
    let kept = CustomerClass::ALL.iter().filter(|class| **class != CustomerClass::Prospect);
    let classes = kept.map(|&class| {
        view! { <option value=class.code() selected=filter.class == Some(class)>{labels::class(class, language)}</option> }
    });
    view! {
        <form class="stack" method="get" role="search">
            <div class="fields">
                <div class="field">
                    <label for="search">{words!(language, customers.search)}</label>
                    <input id="search" name="search" type="search" value=filter.search autocomplete="off"/>
                </div>
                <div class="field">
                    <label for="class">{words!(language, customers.of_class)}</label>
                    <select id="class" name="class"><option value="">{words!(language, customers.any)}</option>{classes.collect_view()}</select>
                </div>
            </div>
            <label class="check"><input type="checkbox" name="risk" value="1" checked=filter.at_risk/>{words!(language, customers.only_at_risk)}</label>
            <div><button class="button button--quiet" type="submit">{words!(language, customers.show)}</button></div>
        </form>
    }
}

#[component]
fn Rows(customers: Vec<Listed>, at_risk: bool, language: Language) -> impl IntoView {
    if customers.is_empty() {
        return view! { <p>{words!(language, customers.empty)}</p> }.into_any();
    }
    let rows = customers.into_iter().map(|customer| view! { <Row customer at_risk language/> });
    let lost = at_risk.then(|| view! { <th class="numbers" scope="col">{words!(language, customers.loss)}</th> });
    view! {
        <div class="scroll" tabindex="0" role="region" aria-labelledby="list-title">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{words!(language, customers.customer)}</th>
                        {lost}
                        <th class="numbers" scope="col">{words!(language, customers.orders)}</th>
                        <th class="numbers" scope="col">{words!(language, customers.spent)}</th>
                        <th scope="col">{words!(language, customers.last)}</th>
                        <th scope="col">{words!(language, customers.rfm)}</th>
                        <th class="numbers" scope="col">{words!(language, customers.alive)}</th>
                        <th class="numbers" scope="col">{words!(language, customers.expected)}</th>
                        <th scope="col">{words!(language, customers.classes)}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Row(customer: Listed, at_risk: bool, language: Language) -> impl IntoView {
    let unsaid = || words!(language, customers.unsaid);
    let name = if customer.name.is_empty() { customer.email.clone() } else { customer.name };
    let loss = customer.loss.map_or_else(unsaid, |loss| format::money(loss, language));
    view! {
        <tr>
            <th scope="row">
                <a href=format!("/{language}/desk/customers/{}", customer.id)>{name}</a><br/>
                <span class="soft small">{customer.email}</span>
            </th>
            {at_risk.then(|| view! { <td class="numbers">{loss}</td> })}
            <td class="numbers">{customer.orders}</td>
            <td class="numbers">{format::money(customer.spent, language)}</td>
            <td>{format::date(customer.last_on, language)}</td>
            <td class="numbers">{scores(customer.scores)}</td>
            <td class="numbers">{customer.alive.map_or_else(unsaid, |alive| labels::chance(alive, language))}</td>
            <td class="numbers">{customer.expected.map_or_else(unsaid, |expected| labels::decimal(expected, 2, language))}</td>
            <td class="small"><Reasons reasons=customer.reasons language/></td>
        </tr>
    }
}
