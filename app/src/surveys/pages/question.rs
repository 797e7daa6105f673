//! One question: a fieldset with its radios, "doesn't apply" apart; or a field for words.

use crate::{forms, words};
use domain::{
    Language,
    surveys::{Ask, CONTACT, DOES_NOT_APPLY, MOST_WORDS, Question},
};
use leptos::prelude::*;

/// `typed` is what was refused and is still there.
#[component]
pub(super) fn QuestionField(question: Question, #[prop(optional_no_strip)] typed: Option<String>, language: Language) -> impl IntoView {
    match question.ask.clone() {
        Ask::Scale(steps) => view! { <Steps question steps language/> }.into_any(),
        Ask::Gate => view! { <Gate question language/> }.into_any(),
        Ask::Words => view! { <Words question typed language/> }.into_any(),
    }
}

#[component]
fn Steps(question: Question, steps: Vec<(i16, String)>, language: Language) -> impl IntoView {
    // Where only the ends have a name the numbers speak.
    let is_row = steps.iter().any(|(_, label)| label.is_empty());
    let last = steps.len().saturating_sub(1);
    let ends = is_row.then(|| {
        let end = |index: usize| steps.get(index).map(|(value, label)| format!("{value}: {label}")).unwrap_or_default();
        view! { <p class="survey__ends small soft" aria-hidden="true"><span>{end(0)}</span><span>{end(last)}</span></p> }
    });
    let choices = steps.into_iter().map(|(value, label)| {
        let value = value.to_string();
        let name = if is_row {
            let said = if label.is_empty() { String::new() } else { format!(", {label}") };
            view! { <span>{value.clone()}<span class="visually-hidden">{said}</span></span> }.into_any()
        } else {
            view! { <span>{label}</span> }.into_any()
        };
        view! { <Choice name=field(&question) value=value.clone() checked=question.answer == value>{name}</Choice> }
    });
    let apart = question.answer == DOES_NOT_APPLY;
    view! {
        <fieldset class="survey__question" id=anchor(&question)>
            <legend>{question.text.clone()}</legend>
            <div class="survey__steps" data-row=is_row.to_string()>{choices.collect_view()}</div>
            {ends}
            <div class="survey__apart">
                <Choice name=field(&question) value=DOES_NOT_APPLY.to_owned() checked=apart><span>{words!(language, surveys.does_not_apply)}</span></Choice>
            </div>
        </fieldset>
    }
}

#[component]
fn Gate(question: Question, language: Language) -> impl IntoView {
    let choice = |value: &str, label: String| {
        view! { <Choice name=field(&question) value=value.to_owned() checked=question.answer == value><span>{label}</span></Choice> }
    };
    view! {
        <fieldset class="survey__question survey__gate" id=anchor(&question)>
            <legend>{question.text.clone()}</legend>
            <div class="survey__steps" data-row="false">
                {choice("no", words!(language, surveys.no))}
                {choice("yes", words!(language, surveys.yes))}
            </div>
        </fieldset>
    }
}

#[component]
fn Words(question: Question, typed: Option<String>, language: Language) -> impl IntoView {
    let id = anchor(&question);
    let hint = format!("{id}-hint");
    let text = typed.unwrap_or_else(|| question.answer.clone());
    view! {
        <div class="survey__question field">
            <label class="survey__words" for=id.clone()>{question.text.clone()}" "<span class="optional">{words!(language, surveys.optional)}</span></label>
            <textarea id=id name=field(&question) rows="5" maxlength=MOST_WORDS.to_string() aria-describedby=hint.clone() inner_html=forms::written(&text)></textarea>
            <p class="field__hint" id=hint>{words!(language, surveys.words_hint)}</p>
        </div>
    }
}

/// Whether they want to be answered by a person.
#[component]
pub(super) fn Contact(wanted: bool, language: Language) -> impl IntoView {
    let choice = |value: &str, label: String, checked: bool| {
        view! { <Choice name=format!("a[{CONTACT}]") value=value.to_owned() checked><span>{label}</span></Choice> }
    };
    view! {
        <fieldset class="survey__question" aria-describedby="contact-hint">
            <legend>{words!(language, cases.contact.question)}</legend>
            <div class="survey__steps" data-row="false">
                {choice("no", words!(language, cases.contact.no), !wanted)}
                {choice("yes", words!(language, cases.contact.yes), wanted)}
            </div>
            <p class="field__hint" id="contact-hint">{words!(language, cases.contact.hint)}</p>
        </fieldset>
    }
}

#[component]
pub(super) fn Choice(
    name: String,
    value: String,
    checked: bool,
    #[prop(default = false)] required: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <label class="survey__step">
            <input type="radio" name=name value=value checked=checked required=required/>
            {children()}
        </label>
    }
}

fn field(question: &Question) -> String {
    format!("a[{}]", question.code)
}

/// Where links to the question lead.
pub(super) fn anchor(question: &Question) -> String {
    format!("question-{}", question.code)
}
