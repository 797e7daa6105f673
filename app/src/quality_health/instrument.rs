//! `/{language}/desk/quality/instrument`: whether the questionnaire measures what it asks about.

use super::{
    NotShown, SECTION,
    careless::Care,
    dimensions::Dimensions,
    failed,
    filter::{Filters, of_query},
    labels::count,
    structure::Model,
};
use crate::{backoffice::Desk, request, words};
use domain::{Language, staff::Permission};
use leptos::prelude::*;
use shop::survey_health::{self, FEWEST, Health, Seen};
use std::sync::Arc;

#[component]
pub fn InstrumentPage() -> impl IntoView {
    let language = request::language();
    view! {
        <Desk section=SECTION needs=Permission::SeeReports title=words!(language, health.instrument.title)>
            <Suspense>
                {Suspend::new(async move {
                    match survey_health::health(&request::shop(), &request::actor(), &of_query(), request::now()).await {
                        Ok(seen) => view! { <Whole seen language/> }.into_any(),
                        Err(failure) => failed(failure),
                    }
                })}
            </Suspense>
        </Desk>
    }
}

#[component]
fn Whole(seen: Seen<Arc<Health>>, language: Language) -> impl IntoView {
    let Seen { choices, filter, found } = seen;
    let content = match found.hidden {
        Some(hidden) => view! { <NotShown hidden least=FEWEST language/> }.into_any(),
        None => view! {
            <p>{words!(language, health.instrument.people, n = count(found.people, language))}</p>
            <Dimensions dimensions=found.dimensions.clone() language/>
            <Model structure=found.structure.clone() language/>
            {found.careless.clone().map(|careless| view! { <Care careless language/> })}
        }
        .into_any(),
    };
    view! {
        <p class="soft">{words!(language, health.instrument.intro)}</p>
        <Filters page="instrument" choices filter language/>
        {content}
    }
}
