//! "Something wrong?": what to do in the four cases that happen, and the ways to reach us.

use crate::{forms, request, words};
use domain::{Language, token::Token};
use leptos::prelude::*;

#[component]
pub(super) fn Trouble(number: String, token: Token, language: Language) -> impl IntoView {
    let mail = request::shop().settings.mail_from.clone();
    let subject = words!(language, orders.title, number = number.clone());
    // Mail programs read a plus sign as one.
    let query = forms::query(&[("subject", &subject)]).replace('+', "%20");
    let chat = format!("/{language}/chat{}", forms::query(&[("order", &number), ("t", &token.0)]));
    let cases = [
        (words!(language, orders.wrong.late_title), words!(language, orders.wrong.late)),
        (words!(language, orders.wrong.damaged_title), words!(language, orders.wrong.damaged)),
        (words!(language, orders.wrong.item_title), words!(language, orders.wrong.item)),
        (words!(language, orders.wrong.changed_title), words!(language, orders.wrong.changed)),
    ];
    let complain = format!("/{language}/complaints/new{}", forms::query(&[("order", &*number), ("t", &*token.0)]));
    let cases = cases.into_iter().map(|(title, text)| {
        view! { <details class="trouble__case"><summary>{title}</summary><p>{text}</p></details> }
    });
    view! {
        <section class="stack trouble" aria-labelledby="trouble" data-screen-only="">
            <h2 class="order__heading" id="trouble">{words!(language, orders.wrong.title)}</h2>
            <div>{cases.collect_view()}</div>
            <p class="cluster">
                <a class="button" href=chat>{words!(language, chat.trouble)}</a>
                <a class="button button--quiet" href=complain>{words!(language, orders.wrong.complain)}</a>
                <a class="button button--quiet" href=format!("mailto:{mail}{query}")>{words!(language, orders.wrong.write, number = number)}</a>
            </p>
            <p class="soft small">
                {words!(language, orders.wrong.mail, mail = mail)}" · "<a href=format!("/{language}/info/returns")>{words!(language, orders.wrong.returns_page)}</a>
            </p>
        </section>
    }
}
