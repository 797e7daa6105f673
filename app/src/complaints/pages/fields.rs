//! Fields of plain forms: label above, hint under it. What is required says so to the browser, which asks for it
//! without scripts.

use crate::fill::written;
use leptos::prelude::*;

#[component]
pub(super) fn Text(
    id: &'static str,
    label: String,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = String::new())] value: String,
    #[prop(default = String::new())] hint: String,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(default = false)] required: bool,
) -> impl IntoView {
    let described = (!hint.is_empty()).then(|| format!("{id}-hint"));
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input id=id name=id type=kind value=value autocomplete=autocomplete required=required aria-describedby=described.clone()/>
            {described.map(|id| view! { <p class="field__hint" id=id>{hint}</p> })}
        </div>
    }
}

#[component]
pub(super) fn Area(
    id: String,
    name: &'static str,
    label: String,
    #[prop(default = String::new())] value: String,
    #[prop(default = String::new())] hint: String,
    #[prop(default = 4)] rows: u32,
    #[prop(default = true)] required: bool,
) -> impl IntoView {
    let described = (!hint.is_empty()).then(|| format!("{id}-hint"));
    view! {
        <div class="field field--full">
            <label for=id.clone()>{label}</label>
            <textarea id=id name=name rows=rows required=required maxlength=domain::complaints::MOST_CHARACTERS aria-describedby=described.clone()
                inner_html=written(&value)></textarea>
            {described.map(|id| view! { <p class="field__hint" id=id>{hint}</p> })}
        </div>
    }
}

/// Choices as (value, text).
#[component]
pub(super) fn Choose(
    id: String,
    name: &'static str,
    label: String,
    options: Vec<(String, String)>,
    #[prop(default = String::new())] chosen: String,
    #[prop(optional_no_strip)] empty: Option<String>,
) -> impl IntoView {
    let options = options.into_iter().map(|(value, text)| {
        let selected = value == chosen;
        view! { <option value=value selected=selected>{text}</option> }
    });
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select id=id name=name>
                {empty.map(|text| view! { <option value="">{text}</option> })}
                {options.collect_view()}
            </select>
        </div>
    }
}

/// A box to tick; it sends `true`.
#[component]
pub(super) fn Tick(name: &'static str, label: String, #[prop(default = false)] ticked: bool) -> impl IntoView {
    view! {
        <label class="tick"><input type="checkbox" name=name value="true" checked=ticked/>{label}</label>
    }
}
