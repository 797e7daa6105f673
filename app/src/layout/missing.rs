//! The pages for what is not there and for what went wrong: each with its status and a way on.

use crate::{layout::Head, request, words};
use http::StatusCode;
use leptos::prelude::*;

/// 404, with a way on.
#[component]
pub fn NotFound() -> impl IntoView {
    let language = request::language();
    let (title, text) = (words!(language, layout.not_found_title), words!(language, layout.not_found_text));
    view! { <Apology status=StatusCode::NOT_FOUND title text/> }
}

/// 500, with a reference and no details.
#[component]
pub fn Fault(reference: String) -> impl IntoView {
    let language = request::language();
    let (title, text) = (words!(language, layout.fault_title), words!(language, layout.fault_text, reference = reference));
    view! { <Apology status=StatusCode::INTERNAL_SERVER_ERROR title text/> }
}

#[component]
fn Apology(status: StatusCode, title: String, text: String) -> impl IntoView {
    let language = request::language();
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(status);
    }
    view! {
        <Head title=title.clone() description=text.clone() listed=false/>
        <section class="apology wrap">
            <p class="apology__code" aria-hidden="true">{status.as_u16()}</p>
            <h1>{title}</h1>
            <p class="lead">{text}</p>
            <div class="cluster">
                <a class="button" href=format!("/{language}")>{words!(language, layout.back_home)}</a>
                <a class="button button--quiet" href=format!("/{language}/search")>{words!(language, layout.see_everything)}</a>
            </div>
        </section>
    }
}
