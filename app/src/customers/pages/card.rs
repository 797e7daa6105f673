//! Beside a conversation: what is known of whoever writes, by what they bought.

use super::{Reasons, as_of, scores};
use crate::{customers::labels, request, words};
use domain::{Language, format, staff::Permission};
use leptos::prelude::*;
use shop::customers::Listed;
use time::Date;

#[component]
pub(crate) fn StandingCard(standing: Listed, day: Option<Date>, language: Language) -> impl IntoView {
    let (spent, since) = (format::money(standing.spent, language), format::date(standing.first_on, language));
    let bought = match standing.orders {
        1 => words!(language, customers.card.bought_once, spent = spent, since = since),
        orders => words!(language, customers.card.bought, orders = orders, spent = spent, since = since),
    };
    let alive = standing.alive.map(|alive| words!(language, customers.card.alive, chance = labels::chance(alive, language)));
    let more = request::actor().may(Permission::SeeReports).then(|| {
        let address = format!("/{language}/desk/customers/{}", standing.id);
        view! { <p><a href=address>{words!(language, customers.card.more)}</a></p> }
    });
    view! {
        <section class="card" aria-labelledby="standing">
            <h3 id="standing">{words!(language, customers.card.title)}</h3>
            <Reasons reasons=standing.reasons language/>
            <p class="soft">{bought}" · "{words!(language, customers.rfm)}" "{scores(standing.scores)}{alive.map(|alive| format!(" · {alive}"))}</p>
            <p class="soft small">{as_of(day, language)}</p>
            {more}
        </section>
    }
}
