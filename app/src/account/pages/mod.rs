//! The pages of a customer's account: the ways in, and what is inside. Personal, so none is ever kept for another reader.

mod addresses;
mod by_link;
mod delete;
mod email;
mod frame;
mod orders;
mod settings;
mod ways_in;

pub use addresses::Addresses;
pub use by_link::{ByLink, ChoosePassword, Confirm};
pub use delete::{Delete, Deleted};
pub use email::ConfirmEmail;
pub use orders::Orders;
pub use settings::Settings;
pub use ways_in::{Forgotten, LogIn, Register, Sent};

use crate::forms;
use domain::Language;

/// The page to log in on before going on to `next`.
#[must_use]
pub fn log_in_address(language: Language, next: &str) -> String {
    let pairs: Vec<_> = [("next", next)].into_iter().filter(|(_, next)| is_of_a_customer(next)).collect();
    format!("/{language}/account/login{}", forms::query(&pairs))
}

#[must_use]
pub(super) fn addresses_address(language: Language) -> String {
    format!("/{language}/account/addresses")
}

#[must_use]
pub(super) fn deletion_address(language: Language) -> String {
    format!("/{language}/account/delete")
}

/// Where to go on to after logging in: an address of the account or the checkout, and nowhere else.
#[must_use]
pub(super) fn is_of_a_customer(address: &str) -> bool {
    let Some(rest) = address.strip_prefix('/') else { return false };
    let Some(rest) = Language::ALL.into_iter().find_map(|language| rest.strip_prefix(language.code())) else { return false };
    ["/account", "/checkout"]
        .into_iter()
        .filter_map(|page| rest.strip_prefix(page))
        .any(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
}

#[cfg(test)]
mod tests {
    use super::is_of_a_customer;

    #[test]
    fn nobody_is_led_elsewhere() {
        assert!(["/en/account", "/es/account/addresses?x=1", "/en/checkout"].into_iter().all(is_of_a_customer));
        assert!(!["", "//evil.example/en/account", "/en/accounts", "/en/desk", "https://evil.example"].into_iter().any(is_of_a_customer));
    }
}
