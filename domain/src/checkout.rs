//! Checkout: what was typed, what is still wrong with it, and what it comes to.

use crate::{
    Money, MoneyError,
    address::{Address, Country, spanish_region},
    cart::Cart,
    credit::CreditUse,
    delivery::DeliveryMethod,
    tax::TaxRate,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything typed into the checkout, as typed. It is kept with the cart, so that an error, a refresh or
/// the back button loses nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    pub email: String,
    pub name: String,
    pub phone: String,
    pub line1: String,
    pub line2: String,
    pub city: String,
    pub region: String,
    pub postcode: String,
    pub country: String,
    /// Code of the chosen delivery method.
    pub method: String,
    /// A code of store credit.
    pub credit: String,
    /// The details were handed in at least once: from then on what is wrong is shown.
    pub submitted: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Email,
    Name,
    Phone,
    Line1,
    Line2,
    City,
    Region,
    Postcode,
    Country,
    Method,
    Credit,
}

/// What to change in a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldProblem {
    Missing,
    TooLong {
        most: u32,
    },
    NotAnEmail,
    NotAPhone,
    NotAPostcode {
        example: String,
    },
    NotARegion,
    NotDeliveredThere,
    /// The chosen method does not go there, or no longer.
    MethodGone,
    NoSuchCredit,
    CreditUsedUp,
}

pub type Problems = BTreeMap<Field, FieldProblem>;

/// A draft that can be ordered from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    pub email: String,
    pub name: String,
    pub phone: String,
    pub address: Address,
}

impl Draft {
    /// Everything but the delivery method, read and put in order.
    ///
    /// # Errors
    /// Every field that needs changing, with what to change.
    pub fn details(&self) -> Result<Details, Problems> {
        let mut problems = Problems::new();
        let mut text = |field, value: &str, most: usize, required: bool| {
            let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
            if required && value.is_empty() {
                problems.insert(field, FieldProblem::Missing);
            } else if value.chars().count() > most {
                problems.insert(field, FieldProblem::TooLong { most: u32::try_from(most).unwrap_or(u32::MAX) });
            }
            value
        };
        let email = text(Field::Email, &self.email, 254, true);
        let name = text(Field::Name, &self.name, 100, true);
        let phone = text(Field::Phone, &self.phone, 30, false);
        let line1 = text(Field::Line1, &self.line1, 120, true);
        let line2 = text(Field::Line2, &self.line2, 120, false);
        let city = text(Field::City, &self.city, 80, true);
        if !email.is_empty() && !is_email(&email) {
            problems.entry(Field::Email).or_insert(FieldProblem::NotAnEmail);
        }
        if !phone.is_empty() && !is_phone(&phone) {
            problems.entry(Field::Phone).or_insert(FieldProblem::NotAPhone);
        }
        let (country, region, postcode) = self.place(&mut problems);
        if problems.is_empty() {
            Ok(Details { email, name, phone, address: Address { line1, line2, city, region, postcode, country } })
        } else {
            Err(problems)
        }
    }

    /// Country, region and postcode, once they are right: enough to say what goes there.
    #[must_use]
    pub fn destination(&self) -> Option<(String, String, String)> {
        let mut problems = Problems::new();
        let place = self.place(&mut problems);
        problems.is_empty().then_some(place)
    }

    fn place(&self, problems: &mut Problems) -> (String, String, String) {
        let Some(country) = Country::by_code(self.country.trim()) else {
            let problem = if self.country.trim().is_empty() { FieldProblem::Missing } else { FieldProblem::NotDeliveredThere };
            problems.insert(Field::Country, problem);
            return Default::default();
        };
        let postcode = country.postcode(&self.postcode).unwrap_or_default();
        if postcode.is_empty() {
            let missing = self.postcode.trim().is_empty();
            let problem =
                if missing { FieldProblem::Missing } else { FieldProblem::NotAPostcode { example: country.postcode_example.to_owned() } };
            problems.insert(Field::Postcode, problem);
        }
        let region = if country.code == "ES" { spanish_region(&postcode) } else { self.region.trim() };
        if !country.regions.is_empty() && !country.regions.iter().any(|(code, _)| *code == region) {
            problems.insert(Field::Region, if region.is_empty() { FieldProblem::Missing } else { FieldProblem::NotARegion });
        }
        let region = if country.regions.is_empty() && country.code != "ES" { "" } else { region };
        (country.code.to_owned(), region.to_owned(), postcode)
    }
}

/// A dot-atom before one @, a name of at least two labels after it: what mailer and payment service take as well.
/// The rest only a mail can tell.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    let is_atom = |atom: &str| !atom.is_empty() && atom.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c));
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    local.len() <= 64 && local.split('.').all(is_atom) && host.len() <= 253 && host.contains('.') && host.split('.').all(is_label)
}

fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (6..=15).contains(&digits) && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')' | '.' | '/'))
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxLine {
    pub name: String,
    pub basis_points: u32,
    pub included: bool,
    pub net: Money,
    pub tax: Money,
}

/// What an order comes to. `total` = goods + delivery, plus the tax where it is not included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    pub goods: Money,
    pub delivery: Money,
    pub tax: Money,
    pub taxes: Vec<TaxLine>,
    /// The tax of each line, in order, and of the delivery at the end: rounded once each.
    pub tax_of_lines: Vec<Money>,
    pub total: Money,
}

impl Totals {
    /// # Errors
    /// An amount too large to reckon with.
    pub fn of(lines: &[Money], delivery: Money, rate: &TaxRate) -> Result<Self, MoneyError> {
        let lines: Vec<_> = lines.iter().map(|&amount| (amount, true)).collect();
        Self::of_some_taxed(&lines, delivery, rate)
    }

    /// As [`Totals::of`], where some lines are not taxed (gift vouchers): each comes with whether it is.
    ///
    /// # Errors
    /// An amount too large to reckon with.
    pub fn of_some_taxed(lines: &[(Money, bool)], delivery: Money, rate: &TaxRate) -> Result<Self, MoneyError> {
        let currency = delivery.currency;
        let goods = Money::sum(currency, lines.iter().map(|(amount, _)| *amount))?;
        let tax_of = |&(amount, taxed): &(Money, bool)| if taxed { rate.tax_of(amount) } else { Ok(Money::zero(currency)) };
        let tax_of_lines = lines.iter().chain([&(delivery, true)]).map(tax_of).collect::<Result<Vec<_>, _>>()?;
        let tax = Money::sum(currency, tax_of_lines.iter().copied())?;
        let before = goods.plus(delivery)?;
        let exempt = Money::sum(currency, lines.iter().filter(|(_, taxed)| !taxed).map(|(amount, _)| *amount))?;
        let taxed = before.minus(exempt)?;
        let (net, total) = if rate.included { (taxed.minus(tax)?, before) } else { (taxed, before.plus(tax)?) };
        let line = TaxLine { name: rate.name.clone(), basis_points: rate.basis_points, included: rate.included, net, tax };
        let taxes = if rate.basis_points == 0 { Vec::new() } else { vec![line] };
        Ok(Self { goods, delivery, tax, taxes, tax_of_lines, total })
    }
}

/// The checkout page at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkout {
    pub cart: Cart,
    pub draft: Draft,
    /// Empty until the details were handed in once.
    pub problems: Problems,
    /// What goes to the address and carries the weight; empty while the address is not complete.
    pub methods: Vec<DeliveryMethod>,
    /// Known once the address and the method are.
    pub totals: Option<Totals>,
    /// What of the total store credit pays, where some is used.
    pub credit: Option<CreditUse>,
}

impl Checkout {
    #[must_use]
    pub fn chosen_method(&self) -> Option<&DeliveryMethod> {
        self.methods.iter().find(|m| m.code == self.draft.method)
    }

    /// What is left to pay by card.
    #[must_use]
    pub fn due(&self) -> Option<Money> {
        let total = self.totals.as_ref()?.total;
        let used = self.credit.map_or(0, |credit| credit.used.minor);
        Some(Money::new(total.minor - used, total.currency))
    }

    #[must_use]
    pub fn can_be_placed(&self) -> bool {
        self.totals.is_some() && self.problems.is_empty() && self.cart.can_be_ordered()
    }
}

/// Why an order was not placed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum CheckoutRefusal {
    #[error("the cart is empty")]
    EmptyCart,
    #[error("some details need changing")]
    Details,
    #[error("something in the cart is no longer to be had in that number")]
    CartChanged,
    /// Between looking and paying the amount became another one: shown before anything is charged.
    #[error("the total has changed")]
    TotalChanged { now: Money },
    #[error("the payment service cannot be reached")]
    PaymentUnavailable,
    /// It looks like a mail address, but the payment service knows better.
    #[error("the payment service refused the mail address")]
    EmailRefused,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Currency;
    use proptest::prelude::*;

    fn draft() -> Draft {
        let text = str::to_owned;
        Draft {
            email: text("ana@example.org"),
            name: text("Ana  Gil"),
            line1: text("Calle Mayor 1"),
            city: text("Madrid"),
            postcode: text("28013"),
            country: text("ES"),
            ..Draft::default()
        }
    }

    #[test]
    fn a_complete_draft_becomes_details() {
        let details = draft().details().unwrap();
        assert_eq!(details.name, "Ana Gil");
        assert_eq!(details.address.region, "");
        let tenerife = Draft { postcode: "38001".into(), ..draft() }.details().unwrap();
        assert_eq!(tenerife.address.region, "TF");
    }

    #[test]
    fn every_field_that_is_wrong_is_named() {
        let problems = Draft::default().details().unwrap_err();
        assert_eq!(problems.keys().copied().collect::<Vec<_>>(), [Field::Email, Field::Name, Field::Line1, Field::City, Field::Country]);
        let problems = Draft { email: "ana@".into(), postcode: "1".into(), phone: "abc".into(), ..draft() }.details().unwrap_err();
        assert_eq!(problems[&Field::Email], FieldProblem::NotAnEmail);
        assert_eq!(problems[&Field::Postcode], FieldProblem::NotAPostcode { example: "28013".into() });
        assert_eq!(problems[&Field::Phone], FieldProblem::NotAPhone);
        let problems = Draft { country: "US".into(), postcode: "10001".into(), ..draft() }.details().unwrap_err();
        assert_eq!(problems[&Field::Region], FieldProblem::Missing);
    }

    #[test]
    fn addresses_of_mail() {
        for good in ["a@b.es", "ana.gil+x@correo.example.org", "ñandú@españa.es"] {
            assert!(is_email(good), "{good}");
        }
        for bad in ["", "a", "a@b", "@b.es", "a@b..es", "a b@c.es", "a@b@c.es", "a@b.es\nBcc: x@y.es", "<a@b.es>"] {
            assert!(!is_email(bad), "{bad}");
        }
        for bad in ["ana.@x.es", ".ana@x.es", "ana..gil@x.es", "a\\b@x.es", "[a]@x.es", "a:b@x.es", "a@-x.es", "a@x-.es"] {
            assert!(!is_email(bad), "{bad}");
        }
        assert!(is_email(&format!("{}@x.es", "a".repeat(64))) && !is_email(&format!("{}@x.es", "a".repeat(65))));
        assert!(is_email(&format!("a@{}.es", "x".repeat(63))) && !is_email(&format!("a@{}.es", "x".repeat(64))));
    }

    proptest! {
        #[test]
        fn what_is_accepted_can_be_written_to(local in r"[a-cñ0-9.!#$%&'*+/=?^_`{|}~\\\[\]:-]{1,12}|\PC{1,9}", host in r"[a-cñ0-9.-]{1,12}\.es|\PC{1,9}") {
            let address = format!("{local}@{host}");
            prop_assert!(!is_email(&address) || address.parse::<lettre::Address>().is_ok(), "{address}");
        }

        #[test]
        fn what_is_charged_is_what_the_lines_say(lines in proptest::collection::vec(0i64..1_000_000, 1..30), delivery in 0i64..5000, basis_points in 0u32..3000, included: bool) {
            let money = |minor| Money::new(minor, Currency::EUR);
            let rate = TaxRate { name: "IVA".into(), basis_points, included };
            let amounts: Vec<Money> = lines.iter().copied().map(money).collect();
            let totals = Totals::of(&amounts, money(delivery), &rate).unwrap();
            let on_top = if included { 0 } else { totals.tax.minor };
            prop_assert_eq!(totals.total.minor, lines.iter().sum::<i64>() + delivery + on_top);
            prop_assert_eq!(totals.tax_of_lines.iter().map(|t| t.minor).sum::<i64>(), totals.tax.minor);
            prop_assert_eq!(totals.tax_of_lines.len(), lines.len() + 1);
        }
    }
}
