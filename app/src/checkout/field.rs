//! One field of the form: label above, hint under it, what is wrong beside it, and the attributes that let the
//! browser and the keyboard help.

use super::desk::{Desk, field_id};
use domain::checkout::{Draft, Field};
use leptos::prelude::*;

/// What a text field is for. Texts come from the words by its field.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    pub(super) field: Field,
    /// The input's type.
    pub(super) input: &'static str,
    pub(super) autocomplete: &'static str,
    pub(super) required: bool,
    /// Takes the whole row.
    pub(super) full: bool,
}

impl Kind {
    const fn new(field: Field, input: &'static str, autocomplete: &'static str) -> Self {
        Self { field, input, autocomplete, required: true, full: true }
    }

    const fn optional(self) -> Self {
        Self { required: false, ..self }
    }

    pub(super) const EMAIL: Self = Self { full: false, ..Self::new(Field::Email, "email", "email") };
    pub(super) const NAME: Self = Self::new(Field::Name, "text", "name");
    pub(super) const PHONE: Self = Self { full: false, ..Self::new(Field::Phone, "tel", "tel").optional() };
    pub(super) const LINE1: Self = Self::new(Field::Line1, "text", "address-line1");
    pub(super) const LINE2: Self = Self::new(Field::Line2, "text", "address-line2").optional();
    pub(super) const CITY: Self = Self { full: false, ..Self::new(Field::City, "text", "address-level2") };
    pub(super) const CREDIT: Self = Self { full: false, ..Self::new(Field::Credit, "text", "off").optional() };
    pub(super) const POSTCODE: Self = Self { full: false, ..Self::new(Field::Postcode, "text", "postal-code") };
}

#[component]
pub(super) fn TextField(
    desk: Desk,
    kind: Kind,
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] hint: Option<Signal<String>>,
    #[prop(optional, into)] inputmode: Option<Signal<&'static str>>,
) -> impl IntoView {
    let id = field_id(kind.field);
    let value = desk.checkout.with_untracked(|checkout| typed(&checkout.draft, kind.field).to_owned());
    let described = if hint.is_some() { format!("{id}-hint {id}-error") } else { format!("{id}-error") };
    let problem = Memo::new(move |_| desk.problem(kind.field));
    let capitals = match kind.field {
        Field::Postcode => "characters",
        Field::Email | Field::Credit => "none",
        _ => "words",
    };
    view! {
        <div class="field" class:field--full=kind.full>
            <label for=id>{label}{(!kind.required).then(|| view! { " "<span class="optional">{desk.word(|w| &w.page.optional)}</span> })}</label>
            <input id=id name=id type=kind.input value=value autocomplete=kind.autocomplete autocapitalize=capitals enterkeyhint="next"
                inputmode=move || inputmode.map(|mode| mode.get()) spellcheck="false" aria-required=kind.required.then_some("true")
                aria-invalid=move || problem.with(Option::is_some).to_string() aria-describedby=described/>
            {hint.map(|hint| view! { <p class="field__hint" id=format!("{id}-hint")>{hint}</p> })}
            <FieldError id problem/>
        </div>
    }
}

#[component]
pub(super) fn FieldError(id: &'static str, problem: Memo<Option<String>>) -> impl IntoView {
    view! { <p class="field__error" id=format!("{id}-error")>{move || problem.get()}</p> }
}

/// As it was typed, and kept.
pub(super) fn typed(draft: &Draft, field: Field) -> &str {
    match field {
        Field::Email => &draft.email,
        Field::Name => &draft.name,
        Field::Phone => &draft.phone,
        Field::Line1 => &draft.line1,
        Field::Line2 => &draft.line2,
        Field::City => &draft.city,
        Field::Region => &draft.region,
        Field::Postcode => &draft.postcode,
        Field::Country => &draft.country,
        Field::Method => &draft.method,
        Field::Credit => &draft.credit,
    }
}
