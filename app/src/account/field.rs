//! A field of a plain form: label above, hint under it, what is wrong beside it, and what lets the browser help.

use leptos::prelude::*;

#[component]
pub(crate) fn Field(
    id: &'static str,
    /// Of the input; its id, where nothing else is said.
    #[prop(default = "")]
    name: &'static str,
    label: String,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = String::new())] value: String,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(default = String::new())] hint: String,
    /// What is wrong with it.
    #[prop(optional_no_strip)]
    error: Option<String>,
    #[prop(default = true)] required: bool,
    #[prop(default = false)] full: bool,
) -> impl IntoView {
    let name = if name.is_empty() { id } else { name };
    let wrong = error.is_some();
    let capitals = if matches!(kind, "email" | "password") { "none" } else { "sentences" };
    let described = if hint.is_empty() { format!("{id}-error") } else { format!("{id}-hint {id}-error") };
    let numeric = (autocomplete == "one-time-code").then_some("numeric");
    view! {
        <div class="field" class:field--full=full>
            <label for=id>{label}</label>
            <input id=id name=name type=kind value=value autocomplete=autocomplete autocapitalize=capitals spellcheck="false" inputmode=numeric
                aria-required=required.to_string() aria-invalid=wrong.to_string() aria-describedby=described/>
            {(!hint.is_empty()).then(|| view! { <p class="field__hint" id=format!("{id}-hint")>{hint}</p> })}
            <p class="field__error" id=format!("{id}-error") role=wrong.then_some("alert")>{error}</p>
        </div>
    }
}
