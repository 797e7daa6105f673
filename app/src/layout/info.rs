//! Pages of plain words: delivery, returns, privacy, contact. Each is a few questions with their answers.

use crate::{
    layout::{Head, NotFound, delivery_terms::DeliveryTerms, head::in_every_language},
    request, words,
};
use domain::Language;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    Delivery,
    Returns,
    Privacy,
    Contact,
}

/// A heading and its paragraphs.
type Section = (String, Vec<String>);

impl Topic {
    pub const ALL: [Self; 4] = [Self::Delivery, Self::Returns, Self::Privacy, Self::Contact];

    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Delivery => "delivery",
            Self::Returns => "returns",
            Self::Privacy => "privacy",
            Self::Contact => "contact",
        }
    }

    #[must_use]
    pub fn title(self, language: Language) -> String {
        match self {
            Self::Delivery => words!(language, layout.delivery_title),
            Self::Returns => words!(language, layout.returns_title),
            Self::Privacy => words!(language, layout.privacy_title),
            Self::Contact => words!(language, layout.contact_title),
        }
    }

    fn lead(self, language: Language) -> String {
        match self {
            Self::Delivery => words!(language, layout.delivery_lead),
            Self::Returns => words!(language, layout.returns_lead),
            Self::Privacy => words!(language, layout.privacy_lead),
            Self::Contact => words!(language, layout.contact_lead),
        }
    }

    fn sections(self, language: Language) -> Vec<Section> {
        match self {
            Self::Delivery => delivery(language),
            Self::Returns => returns(language),
            Self::Privacy => privacy(language),
            Self::Contact => contact(language),
        }
    }
}

#[component]
pub fn Info() -> impl IntoView {
    let slug = use_params_map().with_untracked(|params| params.get("topic").unwrap_or_default());
    match Topic::ALL.into_iter().find(|topic| topic.slug() == slug) {
        Some(topic) => view! { <Page topic/> }.into_any(),
        None => view! { <NotFound/> }.into_any(),
    }
}

#[component]
fn Page(topic: Topic) -> impl IntoView {
    let language = request::language();
    request::facts().share();
    let sections = topic.sections(language).into_iter().map(|(heading, paragraphs)| {
        view! {
            <h2>{heading}</h2>
            {paragraphs.into_iter().map(|text| view! { <p>{text}</p> }).collect_view()}
        }
    });
    let others = Topic::ALL.into_iter().map(|other| {
        let current = (other == topic).then_some("page");
        view! { <li><a class="chip" aria-current=current href=format!("/{language}/info/{}", other.slug())>{other.title(language)}</a></li> }
    });
    view! {
        <Head title=topic.title(language) description=topic.lead(language) paths=in_every_language(&format!("/info/{}", topic.slug()))/>
        <article class="info wrap">
            <nav aria-label=words!(language, layout.help_pages)><ul class="chips">{others.collect_view()}</ul></nav>
            <h1>{topic.title(language)}</h1>
            <p class="lead">{topic.lead(language)}</p>
            {(topic == Topic::Delivery).then(|| view! { <DeliveryTerms/> })}
            <div class="prose">{sections.collect_view()}</div>
        </article>
    }
}

fn delivery(language: Language) -> Vec<Section> {
    let shop = request::shop();
    let handling = &shop.settings.handling;
    let cut_off = domain::format::clock(handling.cut_off);
    let when_made = match handling.backorder_days {
        1 => words!(language, layout.delivery_when_made_one),
        days => words!(language, layout.delivery_when_made, days = days),
    };
    vec![
        (words!(language, layout.delivery_when), vec![words!(language, layout.delivery_when_stock, cut_off = cut_off), when_made]),
        (words!(language, layout.delivery_where), vec![words!(language, layout.delivery_where_text)]),
        (words!(language, layout.delivery_how), vec![words!(language, layout.delivery_how_text)]),
        (words!(language, layout.delivery_late), vec![words!(language, layout.delivery_late_text)]),
    ]
}

fn returns(language: Language) -> Vec<Section> {
    vec![
        (words!(language, layout.returns_days), vec![words!(language, layout.returns_days_text)]),
        (words!(language, layout.returns_money), vec![words!(language, layout.returns_money_text)]),
        (words!(language, layout.returns_broken), vec![words!(language, layout.returns_broken_text)]),
        (words!(language, layout.returns_guarantee), vec![words!(language, layout.returns_guarantee_text)]),
    ]
}

fn privacy(language: Language) -> Vec<Section> {
    vec![
        (words!(language, layout.privacy_data), vec![words!(language, layout.privacy_data_text)]),
        (words!(language, layout.privacy_cookies), vec![words!(language, layout.privacy_cookies_text)]),
        (words!(language, layout.privacy_payment), vec![words!(language, layout.privacy_payment_text)]),
        (words!(language, layout.privacy_rights), vec![words!(language, layout.privacy_rights_text)]),
    ]
}

fn contact(language: Language) -> Vec<Section> {
    let shop = request::shop();
    vec![
        (words!(language, layout.contact_mail), vec![words!(language, layout.contact_mail_text, mail = shop.settings.mail_from.clone())]),
        (words!(language, layout.contact_order), vec![words!(language, layout.contact_order_text)]),
        (words!(language, layout.contact_shop), vec![words!(language, layout.contact_shop_text)]),
    ]
}
