//! Sends the filters when one of them changes, except where they lie over the page: there one chooses several and
//! then shows the results. What is typed is sent with Enter or when its group is left, for one may go on to the next
//! field. Fields left empty stay out of the address.

use leptos::{ev, prelude::*};
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, FocusEvent, HtmlFormElement, HtmlInputElement, HtmlSelectElement, Node};

#[island]
pub fn AutoSubmit(form: String) -> impl IntoView {
    Effect::new(move |_| {
        let of_ours = move |event: &Event, own: &str| form_of(event).filter(|(form, _)| form.id() == own);
        let (own, own_too, ours) = (form.clone(), form.clone(), form.clone());
        let changed = window_event_listener_untyped("change", move |event| {
            if let Some((form, field)) = of_ours(&event, &own) {
                begin_at(&form, &field);
                if !is_typed(&field) {
                    send(&form, &field);
                }
            }
        });
        let left = window_event_listener(ev::focusout, move |event| {
            if let Some((form, field)) = of_ours(&event, &own_too).filter(|(_, field)| leaves_changed_group(&event, field)) {
                send(&form, &field);
            }
        });
        let sent = window_event_listener(ev::submit, move |event| {
            if let Some(form) = event.target().and_then(|target| target.dyn_into().ok()).filter(|form: &HtmlFormElement| form.id() == ours)
            {
                leave_out_empty_fields(&form);
            }
        });
        on_cleanup(move || {
            changed.remove();
            left.remove();
            sent.remove();
        });
    });
}

/// The form of the field that changed, and the field.
fn form_of(event: &Event) -> Option<(HtmlFormElement, Element)> {
    let field: Element = event.target()?.dyn_into().ok()?;
    let form = field.dyn_ref::<HtmlInputElement>().and_then(HtmlInputElement::form);
    let form = form.or_else(|| field.dyn_ref::<HtmlSelectElement>().and_then(HtmlSelectElement::form))?;
    Some((form, field))
}

fn is_typed(field: &Element) -> bool {
    field.dyn_ref::<HtmlInputElement>().is_some_and(|input| input.type_() == "text")
}

/// The focus goes on to nothing in the same group, and something in the group is another than the page was made for.
fn leaves_changed_group(event: &FocusEvent, field: &Element) -> bool {
    let Some(group) = field.closest("fieldset").ok().flatten().filter(|_| is_typed(field)) else { return false };
    let next = event.related_target().and_then(|target| target.dyn_into::<Node>().ok());
    if next.is_some_and(|next| group.contains(Some(&next))) {
        return false;
    }
    let fields = group.get_elements_by_tag_name("input");
    let inputs = (0..fields.length()).filter_map(|index| fields.item(index)?.dyn_into::<HtmlInputElement>().ok());
    inputs.into_iter().any(|input| input.value() != input.default_value())
}

/// The new page begins where the hand was: at the field, by its id.
fn begin_at(form: &HtmlFormElement, field: &Element) {
    if form.contains(Some(field)) && !field.id().is_empty() {
        let address = form.action();
        let path = address.split('#').next().unwrap_or_default();
        form.set_action(&format!("{path}#{}", field.id()));
    }
}

fn send(form: &HtmlFormElement, field: &Element) {
    if form.contains(Some(field)) && form.matches(":popover-open").unwrap_or(false) {
        return;
    }
    // A field that the browser finds wrong says so itself.
    let _ = form.request_submit();
}

/// Until the address is made; whoever comes back finds the fields as they were.
fn leave_out_empty_fields(form: &HtmlFormElement) {
    let empty = empty_fields(form);
    for field in &empty {
        let _ = field.set_attribute("disabled", "");
    }
    set_timeout(
        move || {
            for field in &empty {
                let _ = field.remove_attribute("disabled");
            }
        },
        Duration::ZERO,
    );
}

fn empty_fields(form: &HtmlFormElement) -> Vec<Element> {
    let fields = (0..u32::try_from(form.length()).unwrap_or(0)).filter_map(|index| form.get_with_index(index));
    fields.filter(|field| is_empty(field) && !field.has_attribute("disabled")).collect()
}

fn is_empty(field: &Element) -> bool {
    let typed = field.dyn_ref::<HtmlInputElement>().map(HtmlInputElement::value);
    typed.or_else(|| field.dyn_ref::<HtmlSelectElement>().map(HtmlSelectElement::value)).is_some_and(|value| value.trim().is_empty())
}
