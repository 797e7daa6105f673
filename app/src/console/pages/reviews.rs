//! `/{language}/desk/reviews`: conversations drawn for review, the list of eleven points, and what it says so far.

use super::NoticeBox;
use crate::{
    backoffice::{Desk, Section},
    boundary::report,
    console::refusal,
    layout::Fault,
    request, words,
};
use domain::{
    Language,
    desk::{Criterion, DeskRefusal},
    format,
    staff::Permission,
};
use leptos::prelude::*;
use shop::{
    Failure, Outcome,
    desk::{Drawn, ReviewResult, draw, results},
};

#[component]
pub fn ReviewsPage() -> impl IntoView {
    let language = request::language();
    view! {
        <Desk section=Section::Console needs=Permission::Supervise title=words!(language, console.score.title)>
            <Reviews language/>
        </Desk>
    }
}

#[component]
fn Reviews(language: Language) -> impl IntoView {
    let content = Suspend::new(async move {
        match load().await {
            Ok((drawn, results)) => view! { <Drawing drawn language/> <Results results language/> }.into_any(),
            Err(Failure::Refused(_)) => ().into_any(),
            Err(Failure::Fault(fault)) => view! { <Fault reference=report(&fault)/> }.into_any(),
        }
    });
    let notice = refusal::notice(&request::query_pairs(), language);
    view! {
        <div class="stack desk-page">
            <p class="lead">{words!(language, console.score.lead)}</p>
            <NoticeBox notice/>
            <Suspense>{content}</Suspense>
        </div>
    }
}

async fn load() -> Outcome<(Vec<Drawn>, Vec<ReviewResult>), DeskRefusal> {
    let (shop, actor, now) = (request::shop(), request::actor(), request::now());
    Ok((draw(&shop, &actor, now).await?, results(&shop, &actor, now).await?))
}

#[component]
fn Drawing(drawn: Vec<Drawn>, language: Language) -> impl IntoView {
    let asked = request::query_pairs().into_iter().find(|(key, _)| key == "c").map(|(_, id)| id);
    let is_empty = drawn.is_empty();
    let rows = drawn.into_iter().map(|drawn| {
        let id = drawn.id.to_string();
        let day = format::short_day(request::shop().settings.local(drawn.closed_at).date(), language);
        let name = words!(language, console.score.of, number = drawn.number, name = drawn.agent);
        let is_open = asked.as_deref() == Some(id.as_str());
        view! {
            <li>
                <details class="fold" open=is_open>
                    <summary><strong>{name}</strong>" "<span class="soft">{day}</span></summary>
                    <Card id language/>
                </details>
            </li>
        }
    });
    let rows = rows.collect_view();
    let list = if is_empty {
        view! { <p class="soft">{words!(language, console.score.none)}</p> }.into_any()
    } else {
        view! { <ul class="folds">{rows}</ul> }.into_any()
    };
    view! {
        <section class="stack" aria-labelledby="drawn">
            <h2 id="drawn">{words!(language, console.score.drawn)}</h2>
            {list}
        </section>
    }
}

#[component]
fn Card(id: String, language: Language) -> impl IntoView {
    let points = Criterion::ALL.iter().map(|point| {
        let choice = (1..=5).map(|mark| view! { <label><input type="radio" name=point.code() value=mark.to_string()/>{mark}</label> });
        let label = format!("{}-{id}", point.code());
        let labelled = label.clone();
        view! {
            <div role="radiogroup" aria-labelledby=labelled>
                <span id=label>{name(*point, language)}</span>
                <span class="marks__choice">
                    {choice.collect_view()}
                    <label><input type="radio" name=point.code() value="" checked=true/>{words!(language, console.score.unseen)}</label>
                </span>
            </div>
        }
    });
    let points = points.collect_view();
    let comment = format!("comment-{id}");
    view! {
        <form class="stack" method="post" action="/api/desk/reviews/save">
            <p><a href=format!("/{language}/desk?list=all&c={id}")>{words!(language, console.score.open)}</a></p>
            <input type="hidden" name="conversation" value=id/>
            <div class="marks">{points}</div>
            <div class="field">
                <label for=comment.clone()>{words!(language, console.score.comment)}</label>
                <textarea id=comment name="comment" rows="3"></textarea>
            </div>
            <div><button class="button button--small" type="submit">{words!(language, console.score.submit)}</button></div>
        </form>
    }
}

fn name(point: Criterion, language: Language) -> String {
    match point {
        Criterion::Accessibility => words!(language, console.score.accessibility),
        Criterion::Courtesy => words!(language, console.score.courtesy),
        Criterion::Credibility => words!(language, console.score.credibility),
        Criterion::Reliability => words!(language, console.score.reliability),
        Criterion::Responsiveness => words!(language, console.score.responsiveness),
        Criterion::Satisfaction => words!(language, console.score.satisfaction),
        Criterion::Knowledge => words!(language, console.score.knowledge),
        Criterion::Loyalty => words!(language, console.score.loyalty),
        Criterion::Empathy => words!(language, console.score.empathy),
        Criterion::Security => words!(language, console.score.security),
        Criterion::Professionalism => words!(language, console.score.professionalism),
    }
}

#[component]
fn Results(results: Vec<ReviewResult>, language: Language) -> impl IntoView {
    let is_empty = results.is_empty();
    let rows = results.into_iter().map(|result| {
        view! {
            <tr>
                <th scope="row">{result.agent}</th>
                <td class="numbers">{result.reviews}</td>
                <td class="numbers">{format!("{:.1}", result.median)}</td>
                <td>{result.weakest.map(|point| name(point, language))}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let table = if is_empty {
        view! { <p class="soft">{words!(language, console.score.no_results)}</p> }.into_any()
    } else {
        view! {
            <div class="scroll"><table class="table">
                <thead><tr>
                    <th scope="col">{words!(language, console.score.agent)}</th>
                    <th class="numbers" scope="col">{words!(language, console.score.count)}</th>
                    <th class="numbers" scope="col">{words!(language, console.score.mean)}</th>
                    <th scope="col">{words!(language, console.score.weakest)}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table></div>
        }
        .into_any()
    };
    view! {
        <section class="stack" aria-labelledby="results">
            <h2 id="results">{words!(language, console.score.results)}</h2>
            {table}
        </section>
    }
}
