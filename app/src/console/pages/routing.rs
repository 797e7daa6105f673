//! `/{language}/desk/routing`: the rules in their order, and a bench that asks them "which agent would get this?".

use super::NoticeBox;
use crate::{
    backoffice::{Desk, Section},
    boundary::report,
    console::{refusal, words::TopicWords},
    customers::labels,
    layout::Fault,
    request, words,
};
use domain::{
    Language,
    chat::{Channel, Topic},
    customers::{Classes, CustomerClass},
    desk::DeskRefusal,
    routing::{Case, Conditions, Decision, Rule, Target, Why},
    staff::Permission,
};
use leptos::prelude::*;
use shop::{
    Failure, Outcome,
    desk::routing::{Board, bench, board},
};

#[component]
pub fn RoutingPage() -> impl IntoView {
    let language = request::language();
    view! {
        <Desk section=Section::Routing needs=Permission::SetRules title=words!(language, console.routing.title)>
            <Routing language/>
        </Desk>
    }
}

#[component]
fn Routing(language: Language) -> impl IntoView {
    let content = Suspend::new(async move {
        match load(language).await {
            Ok((board, answer)) => view! { <Rules board=board.clone() language/> <Bench board answer language/> }.into_any(),
            Err(Failure::Refused(_)) => ().into_any(),
            Err(Failure::Fault(fault)) => view! { <Fault reference=report(&fault)/> }.into_any(),
        }
    });
    view! { <div class="stack desk-page"><p class="lead">{words!(language, console.routing.lead)}</p><Suspense>{content}</Suspense></div> }
}

async fn load(language: Language) -> Outcome<(Board, Option<Decision>), DeskRefusal> {
    let (shop, actor, now) = (request::shop(), request::actor(), request::now());
    let board = board(&shop, &actor, now).await?;
    let answer = match asked(language) {
        Some(case) => Some(bench(&shop, &actor, &case, now).await?),
        None => None,
    };
    Ok((board, answer))
}

/// The case that the bench's form asks about.
fn asked(language: Language) -> Option<Case> {
    let pairs = request::query_pairs();
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    value("ask")?;
    Some(Case {
        language: value("language").and_then(|code| code.parse().ok()).unwrap_or(language),
        topic: value("topic").and_then(Topic::from_code).unwrap_or(Topic::Other),
        channel: Channel::Chat,
        has_order: value("has_order") == Some("yes"),
        classes: Classes::of(value("class").and_then(CustomerClass::from_code).as_slice()),
        hour: value("hour").and_then(|hour| hour.parse().ok()).filter(|hour| *hour < 24).unwrap_or_else(this_hour),
    })
}

fn this_hour() -> u8 {
    request::shop().settings.local(request::now()).hour()
}

#[component]
fn Rules(board: Board, language: Language) -> impl IntoView {
    let notice = refusal::notice(&request::query_pairs(), language);
    let people = board.people.clone();
    let is_empty = board.rules.is_empty();
    let rows = board.rules.iter().cloned().enumerate().map(|(place, rule)| {
        let who = match &rule.target {
            Target::Skill(skill) => words!(language, console.routing.skill_of, skill = skill.clone()),
            Target::Person(id) => people.iter().find(|(each, _)| each == id).map(|(_, name)| name.clone()).unwrap_or_default(),
        };
        let id = rule.id.to_string();
        let raise = (place > 0).then(|| view! {
            <form method="post" action="/api/desk/routing/raise">
                <input type="hidden" name="rule" value=id.clone()/>
                <button class="button button--text" type="submit" aria-label=words!(language, console.routing.raise_of, name = rule.name.clone())>{words!(language, console.routing.raise)}</button>
            </form>
        });
        view! {
            <tr>
                <td class="numbers">{place + 1}</td>
                <th scope="row">{rule.name.clone()}</th>
                <td>{conditions(&rule.conditions, language)}</td>
                <td>{who}{rule.waits.then(|| view! { <span class="soft">{format!(" ({})", words!(language, console.routing.waits_short))}</span> })}</td>
                <td><div class="cluster">
                    {raise}
                    <form method="post" action="/api/desk/routing/remove">
                        <input type="hidden" name="rule" value=rule.id.to_string()/>
                        <button class="button button--text" type="submit" aria-label=words!(language, console.routing.remove_of, name = rule.name.clone())>{words!(language, console.routing.remove)}</button>
                    </form>
                </div></td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let table = if is_empty {
        view! { <p class="soft">{words!(language, console.routing.none)}</p> }.into_any()
    } else {
        view! {
            <div class="scroll"><table class="table">
                <thead><tr>
                    <th scope="col"><span class="visually-hidden">"#"</span></th>
                    <th scope="col">{words!(language, console.routing.name)}</th>
                    <th scope="col">{words!(language, console.routing.when)}</th>
                    <th scope="col">{words!(language, console.routing.who)}</th>
                    <th scope="col">{words!(language, console.routing.actions)}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table></div>
        }
        .into_any()
    };
    view! {
        <section class="stack" aria-labelledby="rules">
            <h2 id="rules">{words!(language, console.routing.rules)}</h2>
            <NoticeBox notice=notice.clone()/>
            {table}
            <NewRule board is_open=notice.is_some_and(|notice| notice.refused) language/>
        </section>
    }
}

fn conditions(conditions: &Conditions, language: Language) -> String {
    let topics = TopicWords::of(language);
    let order =
        conditions.has_order.map(|has| if has { words!(language, console.routing.yes) } else { words!(language, console.routing.no) });
    let parts = [
        conditions.language.map(|each| each.endonym().to_owned()),
        conditions.topic.map(|topic| topics.name(topic).to_owned()),
        order.map(|yes| format!("{}: {yes}", words!(language, console.routing.has_order))),
        conditions.class.map(|class| labels::class(class, language)),
        conditions.hours.map(|(from, to)| words!(language, console.routing.hours, from = from, to = to)),
    ];
    let said = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    if said.is_empty() { words!(language, console.routing.always) } else { said }
}

#[component]
fn Languages(id: &'static str, chosen: String, any: Option<String>, language: Language) -> impl IntoView {
    let options = Language::ALL.map(|each| view! { <option value=each.code() selected=chosen == each.code()>{each.endonym()}</option> });
    view! {
        <div class="field">
            <label for=id>{words!(language, console.routing.language)}</label>
            <select id=id name="language">{any.map(|any| view! { <option value="">{any}</option> })}{options.into_iter().collect_view()}</select>
        </div>
    }
}

#[component]
fn Topics(id: &'static str, chosen: String, any: Option<String>, language: Language) -> impl IntoView {
    let topics = TopicWords::of(language);
    let options = Topic::ALL
        .iter()
        .map(|each| view! { <option value=each.code() selected=chosen == each.code()>{topics.name(*each).to_owned()}</option> });
    view! {
        <div class="field">
            <label for=id>{words!(language, console.routing.topic)}</label>
            <select id=id name="topic">{any.map(|any| view! { <option value="">{any}</option> })}{options.collect_view()}</select>
        </div>
    }
}

#[component]
fn HasOrder(id: &'static str, chosen: String, any: Option<String>, language: Language) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id>{words!(language, console.routing.has_order)}</label>
            <select id=id name="has_order">
                {any.map(|any| view! { <option value="">{any}</option> })}
                <option value="yes" selected=chosen == "yes">{words!(language, console.routing.yes)}</option>
                <option value="no" selected=chosen == "no">{words!(language, console.routing.no)}</option>
            </select>
        </div>
    }
}

#[component]
fn OfClass(id: &'static str, chosen: String, language: Language) -> impl IntoView {
    let options = CustomerClass::ALL
        .iter()
        .map(|each| view! { <option value=each.code() selected=chosen == each.code()>{labels::class(*each, language)}</option> });
    view! {
        <div class="field">
            <label for=id>{words!(language, console.routing.class)}</label>
            <select id=id name="class"><option value="">{words!(language, console.routing.any)}</option>{options.collect_view()}</select>
        </div>
    }
}

#[component]
fn NewRule(board: Board, is_open: bool, language: Language) -> impl IntoView {
    let pairs = request::query_pairs();
    // Of a rule that was refused; the bench has fields of the same names.
    let value = move |name: &str| pairs.iter().find(|(key, _)| is_open && key == name).map(|(_, value)| value.clone()).unwrap_or_default();
    let any = words!(language, console.routing.any);
    let chosen = value("person");
    let people =
        board.people.into_iter().map(|(id, name)| view! { <option value=id.to_string() selected=chosen == id.to_string()>{name}</option> });
    let skills = board.skills.into_iter().map(|skill| view! { <option value=skill></option> });
    view! {
        <details class="fold" id="rule" open=is_open>
            <summary><strong>{words!(language, console.routing.add)}</strong></summary>
            <form class="stack fold__form" method="post" action="/api/desk/routing/add">
                <div class="field"><label for="rule-name">{words!(language, console.routing.name)}</label><input id="rule-name" name="name" type="text" value=value("name") maxlength="80"/></div>
                <div class="fields">
                    <Languages id="rule-language" chosen=value("language") any=Some(any.clone()) language/>
                    <Topics id="rule-topic" chosen=value("topic") any=Some(any.clone()) language/>
                    <HasOrder id="rule-order" chosen=value("has_order") any=Some(any.clone()) language/>
                    <OfClass id="rule-class" chosen=value("class") language/>
                    <div class="field"><label for="rule-from">{words!(language, console.routing.from_hour)}</label><input class="quantity" id="rule-from" name="from_hour" type="number" min="0" max="23" value=value("from_hour")/></div>
                    <div class="field"><label for="rule-to">{words!(language, console.routing.to_hour)}</label><input class="quantity" id="rule-to" name="to_hour" type="number" min="0" max="24" value=value("to_hour")/></div>
                    <div class="field"><label for="rule-skill">{words!(language, console.routing.skill)}</label><input id="rule-skill" name="skill" type="text" list="skills" value=value("skill") autocomplete="off"/><datalist id="skills">{skills.collect_view()}</datalist></div>
                    <div class="field"><label for="rule-person">{words!(language, console.routing.person)}</label><select id="rule-person" name="person"><option value="">"–"</option>{people.collect_view()}</select></div>
                </div>
                <label class="check"><input type="checkbox" name="waits" value="true"/>{words!(language, console.routing.waits)}</label>
                <div><button class="button button--small" type="submit">{words!(language, console.routing.add_submit)}</button></div>
            </form>
        </details>
    }
}

#[component]
fn Bench(board: Board, answer: Option<Decision>, language: Language) -> impl IntoView {
    let case = asked(language);
    let hour = case.map_or_else(this_hour, |case| case.hour);
    let (of_language, topic) = (case.map_or(language, |case| case.language), case.map_or(Topic::Other, |case| case.topic));
    let has_order = if case.is_some_and(|case| case.has_order) { "yes" } else { "no" };
    let class = case.and_then(|case| case.classes.list().first().map(|class| class.code().to_owned())).unwrap_or_default();
    let there = board.agents.iter().map(|agent| {
        view! { <li>{words!(language, console.routing.person_load, name = agent.name.clone(), load = agent.load, cap = agent.cap)}</li> }
    });
    let there = there.collect_view();
    let nobody = board.agents.is_empty().then(|| view! { <p class="soft">{words!(language, console.routing.nobody_there)}</p> });
    let answer = answer.map(|decision| view! { <Answer board decision language/> });
    view! {
        <section class="stack" aria-labelledby="bench">
            <h2 id="bench">{words!(language, console.routing.bench)}</h2>
            <p class="soft">{words!(language, console.routing.bench_lead)}</p>
            <form class="bench" method="get" action=format!("/{language}/desk/routing#bench")>
                <input type="hidden" name="ask" value="1"/>
                <Languages id="ask-language" chosen=of_language.code().to_owned() any=None language/>
                <Topics id="ask-topic" chosen=topic.code().to_owned() any=None language/>
                <HasOrder id="ask-order" chosen=has_order.to_owned() any=None language/>
                <OfClass id="ask-class" chosen=class language/>
                <div class="field"><label for="ask-hour">{words!(language, console.routing.hour)}</label><input class="quantity" id="ask-hour" name="hour" type="number" min="0" max="23" value=hour/></div>
                <button class="button" type="submit">{words!(language, console.routing.ask)}</button>
            </form>
            {answer}
            <h3>{words!(language, console.routing.there)}</h3>
            {nobody}
            <ul>{there}</ul>
        </section>
    }
}

#[component]
fn Answer(board: Board, decision: Decision, language: Language) -> impl IntoView {
    let name_of = |rules: &[Rule], id| rules.iter().find(|rule| Some(rule.id) == id).map(|rule| rule.name.clone()).unwrap_or_default();
    let rule = name_of(&board.rules, decision.rule);
    let who = decision.agent.and_then(|id| board.agents.iter().find(|agent| agent.id == id)).map(|agent| agent.name.clone());
    let title =
        who.map_or_else(|| words!(language, console.routing.would_wait), |name| words!(language, console.routing.would, name = name));
    let why = match decision.why {
        Why::Rule => words!(language, console.routing.why_rule, rule = rule),
        Why::Skill => words!(language, console.routing.why_skill),
        Why::LeastLoaded => words!(language, console.routing.why_least),
        Why::RuleWaits => words!(language, console.routing.why_waits, rule = rule),
        Why::Full => words!(language, console.routing.why_full),
        Why::NobodySpeaksIt => words!(language, console.routing.why_nobody),
    };
    let passed = decision.passed_over.iter().map(|id| name_of(&board.rules, Some(*id))).collect::<Vec<_>>().join(", ");
    let kind = if decision.agent.is_some() { "good" } else { "warn" };
    view! {
        <div class="notice" data-kind=kind role="status">
            <p><strong>{title}</strong>": "{why}"."</p>
            {(!passed.is_empty()).then(|| view! { <p>{words!(language, console.routing.passed, rules = passed)}"."</p> })}
        </div>
    }
}
