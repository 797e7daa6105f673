//! `/{language}/desk/login/code`: the second half of logging in.

use super::{super::frame::go_to, log_in::Front, log_in_address};
use crate::{
    account::{answer, field::Field},
    request, words,
};
use leptos::prelude::*;

#[component]
pub fn Code() -> impl IntoView {
    let language = request::language();
    let next = request::queried("next").unwrap_or_default();
    if request::half_way().is_none() {
        go_to(&log_in_address(language, &next));
        return ().into_any();
    }
    let error = answer::refused().map(|error| answer::sentence(&error, language));
    view! {
        <Front title=words!(language, backoffice.code.title)>
            <form class="panel stack" method="post" action="/api/desk/code">
                <input type="hidden" name="next" value=next/>
                <Field id="code" label=words!(language, backoffice.code.label) autocomplete="one-time-code"
                    hint=words!(language, backoffice.code.hint) error/>
                <button class="button" type="submit">{words!(language, backoffice.log_in.submit)}</button>
            </form>
        </Front>
    }
    .into_any()
}
