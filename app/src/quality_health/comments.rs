//! `/{language}/desk/quality/comments`: what people wrote, by words, theme and language.

use super::{
    How, NotShown, SECTION, failed,
    filter::{Filters, address, choose, of_query},
    labels::{count, percent},
};
use crate::{backoffice::Desk, request, words};
use domain::{Language, format, staff::Permission, surveys::Theme};
use leptos::prelude::*;
use shop::survey_health::{self, FEWEST_SHOWN, Filter, Said, Seen, Wanted, Written};

#[component]
pub fn CommentsPage() -> impl IntoView {
    let language = request::language();
    view! {
        <Desk section=SECTION needs=Permission::SeeReports title=words!(language, health.comments.title)>
            <Suspense>
                {Suspend::new(async move {
                    let wanted = wanted();
                    match survey_health::comments(&request::shop(), &request::actor(), &wanted, request::now()).await {
                        Ok(seen) => view! { <Whole seen wanted language/> }.into_any(),
                        Err(failure) => failed(failure),
                    }
                })}
            </Suspense>
        </Desk>
    }
}

fn wanted() -> Wanted {
    Wanted {
        filter: of_query(),
        search: request::queried("search").unwrap_or_default(),
        theme: request::queried("theme").and_then(|code| Theme::from_code(&code)),
        after: request::queried("after").and_then(|cursor| cursor.parse().ok()),
    }
}

#[component]
fn Whole(seen: Seen<Written>, wanted: Wanted, language: Language) -> impl IntoView {
    let Seen { choices, filter, found } = seen;
    let any = (String::new(), words!(language, health.filter.any));
    let themes = [any].into_iter().chain(Theme::ALL.iter().map(|theme| (theme.code().to_owned(), theme_name(*theme, language)))).collect();
    let chosen = wanted.theme.map_or("", Theme::code);
    let list = match found.hidden {
        Some(hidden) => view! { <NotShown hidden least=FEWEST_SHOWN language/> }.into_any(),
        None => view! { <List found=found.clone() filter=filter.clone() wanted=wanted.clone() language/> }.into_any(),
    };
    let table = (found.of > 0).then(|| view! { <Themes found=found.clone() filter=filter.clone() search=wanted.search.clone() language/> });
    view! {
        <p class="soft">{words!(language, health.comments.intro)}</p>
        <Filters page="comments" choices filter language>
            {choose("theme", words!(language, health.comments.theme), themes, chosen)}
            <div class="field">
                <label for="filter-search">{words!(language, health.comments.search)}</label>
                <input id="filter-search" name="search" type="search" autocomplete="off" value=wanted.search/>
            </div>
        </Filters>
        {table}
        {list}
    }
}

#[component]
fn Themes(found: Written, filter: Filter, search: String, language: Language) -> impl IntoView {
    let rows = found.themes.iter().map(|(theme, people)| {
        let name = theme_name(*theme, language);
        let link = match people {
            Some(people) if *people > 0 => {
                let address = address("comments", &filter, &[("theme", theme.code()), ("search", &search)], language);
                view! { <a href=address>{name}</a> }.into_any()
            }
            _ => view! { <span>{name}</span> }.into_any(),
        };
        let number = people.map_or_else(|| words!(language, health.hidden), |people| count(people, language));
        let share = people.map(|people| percent(people as f64 / found.of as f64, language));
        view! {
            <tr>
                <th scope="row">{link}</th>
                <td class="numbers">{number}</td>
                <td class="numbers">{share.unwrap_or_else(|| words!(language, health.none))}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let lists = Theme::ALL
        .iter()
        .map(|theme| words!(language, health.comments.list, theme = theme_name(*theme, language), words = theme.words().join(", ")));
    let how = [words!(language, health.comments.how_themes), words!(language, health.comments.how_hidden, least = FEWEST_SHOWN)];
    view! {
        <section class="panel stack" aria-labelledby="themes">
            <h2 id="themes">{words!(language, health.comments.themes)}</h2>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="themes">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{words!(language, health.comments.theme)}</th>
                            <th class="numbers" scope="col">{words!(language, health.comments.title)}</th>
                            <th class="numbers" scope="col">{words!(language, health.comments.share)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <How sentences=how.into_iter().chain(lists).collect() language/>
        </section>
    }
}

#[component]
fn List(found: Written, filter: Filter, wanted: Wanted, language: Language) -> impl IntoView {
    let more = found.next.as_ref().map(|next| {
        let after = next.to_string();
        let more = [("theme", wanted.theme.map_or("", Theme::code)), ("search", &wanted.search), ("after", &after)];
        view! { <p><a href=address("comments", &filter, &more, language)>{words!(language, health.comments.more)}</a></p> }
    });
    let said = found.said.into_iter().map(|said| view! { <li>{comment(said, language)}</li> });
    view! {
        <section class="stack" aria-labelledby="comments">
            <h2 id="comments">{words!(language, health.comments.count, n = count(found.count, language))}</h2>
            <ul class="stack comments">{said.collect_view()}</ul>
            {more}
        </section>
    }
}

fn comment(said: Said, language: Language) -> impl IntoView + use<> {
    let tags = said.themes.into_iter().map(|theme| view! { " "<span class="tag">{theme_name(theme, language)}</span> });
    view! {
        <p class="small soft">{format::date(said.day, language)}{tags.collect_view()}</p>
        <p lang=said.language.map(Language::code)>{said.text}</p>
    }
}

fn theme_name(theme: Theme, language: Language) -> String {
    match theme {
        Theme::Delivery => words!(language, health.theme.delivery),
        Theme::Packaging => words!(language, health.theme.packaging),
        Theme::Product => words!(language, health.theme.product),
        Theme::Website => words!(language, health.theme.website),
        Theme::Price => words!(language, health.theme.price),
        Theme::Contact => words!(language, health.theme.contact),
        Theme::Returns => words!(language, health.theme.returns),
        Theme::Damage => words!(language, health.theme.damage),
    }
}
