//! The words of the checkout's island, made on the server in the reader's language, and the sentences for what is
//! wrong with a field.

use crate::{fill::fill, island_words};
use domain::checkout::{Field, FieldProblem};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckoutWords {
    pub page: PageWords,
    pub label: LabelWords,
    pub hint: HintWords,
    pub missing: MissingWords,
}

island_words! {
    pub struct PageWords from [checkout] {
        steps, step_details, step_delivery, step_review, contact, address, optional, choose, update_country, to_delivery, update_total,
        too_long(most), not_an_email, not_a_phone, not_a_postcode(example), not_delivered_there, method_gone, problems_one,
        problems(count), delivery_waits, delivery_none(mail), free, arrives_on(day), arrives_between(from, to), by_carrier(carrier),
        review_to, review_arrives, review_mail, change, review_waits, your_order, times(quantity), edit_cart, goods, delivery,
        delivery_later, tax_included(rate, name), tax_added(rate, name), total, total_so_far, pay(total), pay_text, place, place_text, paying, reckoning,
        total_now(total), blocked, blocked_link, not_saved,
        credit_title, credit_use, by_credit, due, credit_left(left), no_such_credit, credit_used_up, covered_text,
    }
}

island_words! {
    pub struct LabelWords from [checkout.label] { email, name, phone, line1, line2, city, state, province, postcode, zip, eircode, country, credit }
}

island_words! {
    pub struct HintWords from [checkout.hint] { email, phone, credit, postcode(example) }
}

island_words! {
    pub struct MissingWords from [checkout.missing] { email, name, line1, city, region, postcode, country, method }
}

#[cfg(feature = "ssr")]
impl CheckoutWords {
    #[must_use]
    pub fn of(language: domain::Language) -> Self {
        Self {
            page: PageWords::of(language),
            label: LabelWords::of(language),
            hint: HintWords::of(language),
            missing: MissingWords::of(language),
        }
    }
}

impl CheckoutWords {
    /// What to change, as a sentence.
    #[must_use]
    pub fn sentence(&self, field: Field, problem: &FieldProblem) -> String {
        match problem {
            FieldProblem::Missing => self.missing(field).clone(),
            FieldProblem::TooLong { most } => fill(&self.page.too_long, &[("most", most)]),
            FieldProblem::NotAnEmail => self.page.not_an_email.clone(),
            FieldProblem::NotAPhone => self.page.not_a_phone.clone(),
            FieldProblem::NotAPostcode { example } => fill(&self.page.not_a_postcode, &[("example", example)]),
            FieldProblem::NotARegion => self.missing.region.clone(),
            FieldProblem::NotDeliveredThere => self.page.not_delivered_there.clone(),
            FieldProblem::MethodGone => self.page.method_gone.clone(),
            FieldProblem::NoSuchCredit => self.page.no_such_credit.clone(),
            FieldProblem::CreditUsedUp => self.page.credit_used_up.clone(),
        }
    }

    const fn missing(&self, field: Field) -> &String {
        match field {
            Field::Email => &self.missing.email,
            // Neither the phone nor the second line is ever missing.
            Field::Name | Field::Phone => &self.missing.name,
            Field::Line1 | Field::Line2 => &self.missing.line1,
            Field::City => &self.missing.city,
            Field::Region => &self.missing.region,
            Field::Postcode => &self.missing.postcode,
            Field::Country => &self.missing.country,
            Field::Method | Field::Credit => &self.missing.method,
        }
    }
}
