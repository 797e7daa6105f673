//! What a shopper typed into the card form, checked, and as much of it as may be shown again: the number
//! and the security code never are.

use serde::Deserialize;
use time::OffsetDateTime;

use super::words::{Language, declined};
use crate::cards::{Decline, TestCard};

/// The form as posted.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Posted {
    #[serde(default)]
    pub(super) method: String,
    #[serde(default)]
    number: String,
    #[serde(default)]
    expiry: String,
    #[serde(default)]
    cvc: String,
    #[serde(default)]
    name: String,
}

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Number,
    Expiry,
    Cvc,
    Name,
}

/// What the form shows.
#[derive(Debug, Default)]
pub(super) struct CardForm {
    expiry: String,
    name: String,
    /// The end of the number that was typed before.
    pub(super) last4_before: Option<String>,
    errors: Vec<(Field, &'static str)>,
}

/// A card that may be tried.
pub(super) struct Checked {
    pub(super) number: &'static str,
    pub(super) name: String,
}

impl CardForm {
    /// The form with nothing in it.
    pub(super) fn empty() -> Self {
        Self::default()
    }

    /// The form as typed, without the number and the security code.
    pub(super) fn typed(posted: &Posted) -> Self {
        Self {
            expiry: posted.expiry.trim().to_owned(),
            name: posted.name.trim().to_owned(),
            last4_before: TestCard::find(&posted.number).map(|card| card.last4().to_owned()),
            errors: Vec::new(),
        }
    }

    /// The form after a challenge: what was kept of the card.
    pub(super) fn after_challenge(last4: &str, name: &str) -> Self {
        Self { name: name.to_owned(), last4_before: Some(last4.to_owned()), ..Self::default() }
    }

    /// Puts the sentence for a decline beside the field it is about.
    pub(super) fn decline(&mut self, why: Decline, language: Language) {
        let field = match why {
            Decline::ExpiredCard => Field::Expiry,
            Decline::IncorrectCvc => Field::Cvc,
            _ => Field::Number,
        };
        self.errors.push((field, declined(why, language)));
    }

    pub(super) fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    pub(super) fn error(&self, field: Field) -> Option<&'static str> {
        self.errors.iter().find(|(at, _)| *at == field).map(|(_, sentence)| *sentence)
    }

    pub(super) fn value(&self, field: Field) -> &str {
        match field {
            Field::Number | Field::Cvc => "",
            Field::Expiry => &self.expiry,
            Field::Name => &self.name,
        }
    }
}

/// The card, or the form with a sentence beside every field that is wrong.
pub(super) fn check(posted: &Posted, language: Language) -> Result<Checked, CardForm> {
    let words = language.words();
    let mut form = CardForm::typed(posted);
    let card = TestCard::find(&posted.number);
    if posted.number.trim().is_empty() {
        form.errors.push((Field::Number, words.number_missing));
    } else if card.is_none() {
        form.errors.push((Field::Number, words.only_test_cards));
    }
    match month(&form.expiry) {
        None => form.errors.push((Field::Expiry, words.expiry_wrong)),
        Some(month) if month < this_month() => form.errors.push((Field::Expiry, words.expiry_past)),
        Some(_) => {}
    }
    let cvc = posted.cvc.trim();
    let digits = cvc.bytes().all(|byte| byte.is_ascii_digit());
    let length = card.map_or(3, TestCard::cvc_length);
    if !digits || cvc.len() != length {
        form.errors.push((Field::Cvc, words.cvc_wrong));
    }
    if form.name.is_empty() {
        form.errors.push((Field::Name, words.name_missing));
    }
    match card {
        Some(card) if form.errors.is_empty() => Ok(Checked { number: card.number, name: form.name }),
        _ => Err(form),
    }
}

/// Months since the year 0 of `12/34`, `12/2034`, `12 34` or `1234`.
fn month(expiry: &str) -> Option<i32> {
    let digits: String = expiry.chars().filter(char::is_ascii_digit).collect();
    let separators_only = expiry.chars().all(|character| character.is_ascii_digit() || " /-.".contains(character));
    if !separators_only {
        return None;
    }
    let (month, year) = match digits.len() {
        3 | 5 => digits.split_at(1),
        4 | 6 => digits.split_at(2),
        _ => return None,
    };
    let (month, year): (i32, i32) = (month.parse().ok()?, year.parse().ok()?);
    let year = if year < 100 { 2000 + year } else { year };
    (1..=12).contains(&month).then_some(year * 12 + month)
}

fn this_month() -> i32 {
    let today = OffsetDateTime::now_utc();
    today.year() * 12 + i32::from(u8::from(today.month()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posted(number: &str, expiry: &str, cvc: &str, name: &str) -> Posted {
        let own = str::to_owned;
        Posted { method: own("card"), number: own(number), expiry: own(expiry), cvc: own(cvc), name: own(name) }
    }

    #[test]
    fn a_test_card_passes() {
        let checked = check(&posted("4242 4242 4242 4242", "12 / 40", "123", "Ana"), Language::Spanish);
        assert_eq!(checked.ok().unwrap().number, "4242424242424242");
        assert!(check(&posted("378282246310005", "1240", "1234", "Ana"), Language::English).is_ok());
    }

    #[test]
    fn every_wrong_field_gets_its_sentence_and_typing_is_kept() {
        let form = check(&posted("4111111111111111", "13/40", "12", " "), Language::English);
        let form = form.err().unwrap();
        for field in [Field::Number, Field::Expiry, Field::Cvc, Field::Name] {
            assert!(form.error(field).is_some(), "{field:?}");
        }
        assert_eq!(form.value(Field::Expiry), "13/40");
        assert_eq!(form.last4_before, None, "nothing of a number that may be real is kept");
    }

    #[test]
    fn expiry_dates() {
        assert_eq!(month("12/34"), Some(2034 * 12 + 12));
        assert_eq!(month("1/34"), Some(2034 * 12 + 1));
        assert_eq!(month("12/2034"), month("12-34"));
        for wrong in ["", "12", "00/34", "soon", "12/3456789"] {
            assert_eq!(month(wrong), None, "{wrong}");
        }
    }
}
