//! What the checkout's island knows and does: the checkout as the server answered it last, the country that shapes
//! the fields, and saving as one goes. The fields themselves keep what is typed; nothing here writes into them.

use super::{
    api::{self, Fields},
    field::typed,
    words::CheckoutWords,
};
use crate::fill::fill;
use domain::{
    Language, Money,
    address::{COUNTRIES, Country},
    checkout::{Checkout, Field},
    delivery::DeliveryDates,
    format,
};
use leptos::{html::Form, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlElement};

#[derive(Clone, Copy)]
pub(super) struct Desk {
    pub(super) language: Language,
    pub(super) words: StoredValue<CheckoutWords>,
    pub(super) checkout: RwSignal<Checkout>,
    /// Code of the country whose fields are shown.
    pub(super) country: RwSignal<String>,
    pub(super) form: NodeRef<Form>,
    /// The server is reckoning.
    pub(super) busy: RwSignal<bool>,
    pub(super) not_saved: RwSignal<bool>,
    /// The payment page is being opened.
    pub(super) paying: RwSignal<bool>,
    turn: StoredValue<u32>,
}

impl Desk {
    pub(super) fn new(checkout: Checkout, language: Language, words: CheckoutWords) -> Self {
        let country = if checkout.draft.country.is_empty() { COUNTRIES[0].code.to_owned() } else { checkout.draft.country.clone() };
        Self {
            language,
            words: StoredValue::new(words),
            checkout: RwSignal::new(checkout),
            country: RwSignal::new(country),
            form: NodeRef::new(),
            busy: RwSignal::new(false),
            not_saved: RwSignal::new(false),
            paying: RwSignal::new(false),
            turn: StoredValue::new(0),
        }
    }

    pub(super) fn word(self, pick: impl FnOnce(&CheckoutWords) -> &String) -> String {
        self.words.with_value(|words| pick(words).clone())
    }

    pub(super) fn money(self, amount: Money) -> String {
        format::money(amount, self.language)
    }

    /// The price of a delivery: "Free" where it costs nothing.
    pub(super) fn price(self, amount: Money) -> String {
        if amount.is_zero() { self.word(|w| &w.page.free) } else { self.money(amount) }
    }

    pub(super) fn arrival(self, dates: DeliveryDates) -> String {
        let (from, to) = (format::day(dates.earliest, self.language), format::day(dates.latest, self.language));
        if dates.earliest == dates.latest {
            fill(&self.word(|w| &w.page.arrives_on), &[("day", &to)])
        } else {
            fill(&self.word(|w| &w.page.arrives_between), &[("from", &from), ("to", &to)])
        }
    }

    /// The country whose fields are shown, a known one always.
    pub(super) fn shown_country(self) -> &'static Country {
        self.country.with(|code| Country::by_code(code)).unwrap_or(&COUNTRIES[0])
    }

    pub(super) fn problem(self, field: Field) -> Option<String> {
        self.checkout.with(|checkout| {
            let problem = checkout.problems.get(&field)?;
            Some(self.words.with_value(|words| words.sentence(field, problem)))
        })
    }

    /// What needs changing, in the order of the form.
    pub(super) fn wrong_fields(self) -> Vec<Field> {
        self.checkout.with(|checkout| IN_ORDER.into_iter().filter(|field| checkout.problems.contains_key(field)).collect())
    }

    /// What was chosen or typed while the page was still asleep: the country shapes the fields, and all of it is kept.
    pub(super) fn catch_up(self) {
        let Some(form) = self.form.get_untracked() else { return };
        let now = reader(&form);
        let before = |field| match field {
            Field::Country => self.country.get_untracked(),
            _ => self.checkout.with_untracked(|checkout| typed(&checkout.draft, field).to_owned()),
        };
        if IN_ORDER.into_iter().all(|field| now(field).is_none_or(|now| now == before(field))) {
            return;
        }
        if let Some(country) = now(Field::Country) {
            self.country.set(country);
        }
        self.save("");
    }

    /// Sends everything typed; `step` is the button that was pressed, if any. Only the last answer counts.
    pub(super) fn save(self, step: &'static str) {
        let Some(form) = self.form.get_untracked() else { return };
        self.turn.update_value(|turn| *turn += 1);
        let turn = self.turn.get_value();
        self.busy.set(true);
        spawn_local(async move {
            let answer = api::save(fields_of(&form), step.to_owned()).await;
            if turn != self.turn.get_value() {
                return;
            }
            self.busy.set(false);
            self.not_saved.set(answer.is_err());
            if let Ok(checkout) = answer {
                self.checkout.set(checkout);
                if [api::TO_DELIVERY, api::TO_REVIEW, api::USE_CREDIT].contains(&step) {
                    request_animation_frame(move || self.go_on_to(step));
                }
            }
        });
    }

    /// To the first field that needs changing, else to the step that was asked for.
    fn go_on_to(self, step: &'static str) {
        let problem = untrack(|| self.wrong_fields()).first().copied();
        let id = problem.map_or(step, field_id);
        let Some(element) = document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok()) else { return };
        element.scroll_into_view();
        // A browser that cannot set the focus leaves it where it was.
        let _ = element.focus();
    }
}

/// As they stand on the page.
const IN_ORDER: [Field; 11] = [
    Field::Email,
    Field::Phone,
    Field::Country,
    Field::Name,
    Field::Line1,
    Field::Line2,
    Field::Postcode,
    Field::City,
    Field::Region,
    Field::Method,
    Field::Credit,
];

/// The name and the id of the field's input.
pub(super) const fn field_id(field: Field) -> &'static str {
    match field {
        Field::Email => "email",
        Field::Name => "name",
        Field::Phone => "phone",
        Field::Line1 => "line1",
        Field::Line2 => "line2",
        Field::City => "city",
        Field::Region => "region",
        Field::Postcode => "postcode",
        Field::Country => "country",
        Field::Method => "method",
        Field::Credit => "credit",
    }
}

/// The fields as they are in the form; `None` for one that it does not hold.
fn reader(form: &web_sys::HtmlFormElement) -> impl Fn(Field) -> Option<String> {
    let data = FormData::new_with_form(form).ok();
    move |field| data.as_ref().and_then(|data| data.get(field_id(field)).as_string())
}

fn fields_of(form: &web_sys::HtmlFormElement) -> Fields {
    let typed = reader(form);
    Fields {
        email: typed(Field::Email),
        name: typed(Field::Name),
        phone: typed(Field::Phone),
        line1: typed(Field::Line1),
        line2: typed(Field::Line2),
        city: typed(Field::City),
        region: typed(Field::Region),
        postcode: typed(Field::Postcode),
        country: typed(Field::Country),
        method: typed(Field::Method),
        credit: typed(Field::Credit),
    }
}
