//! Logging in: which passwords will do, how long somebody waits who guesses, and what is refused. The same for staff
//! and for customers.

use crate::{
    Language,
    address::Address,
    checkout::{Details, Draft},
    states::states,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The fewest characters of a password. Length is the only rule: others make passwords worse.
pub const SHORTEST_PASSWORD: usize = 10;
/// The most: every character of it has to be hashed.
pub const LONGEST_PASSWORD: usize = 200;

/// How many wrong tries cost nothing.
const FREE_TRIES: u32 = 5;
const FIRST_PAUSE: u32 = 30;
const LONGEST_PAUSE: u32 = 60 * 60;

/// Seconds to wait before the next try, after so many that failed in a row: nothing at first, then twice as long each time.
#[must_use]
pub fn pause_after(failures: u32) -> u32 {
    match failures.checked_sub(FREE_TRIES) {
        None => 0,
        Some(more) => FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(more)).min(LONGEST_PAUSE),
    }
}

/// # Errors
/// Too short or too long.
pub fn check_password(password: &str) -> Result<(), AccountRefusal> {
    match password.chars().count() {
        length if length < SHORTEST_PASSWORD => Err(AccountRefusal::PasswordTooShort),
        length if length > LONGEST_PASSWORD => Err(AccountRefusal::PasswordTooLong),
        _ => Ok(()),
    }
}

states! {
    /// How somebody would rather be reached about an order.
    Contact {
        Mail = "mail",
        Phone = "phone",
    }
}

/// What a customer wishes; the desk sees it beside what they ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    pub contact: Contact,
}

impl Default for Preferences {
    fn default() -> Self {
        Self { contact: Contact::Mail }
    }
}

/// The most addresses an account keeps.
pub const MOST_ADDRESSES: usize = 20;

/// Where a customer has had things sent to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedAddress {
    pub id: Uuid,
    /// Of who receives it.
    pub name: String,
    pub phone: String,
    pub address: Address,
}

impl SavedAddress {
    #[must_use]
    pub fn of(id: Uuid, details: Details) -> Self {
        Self { id, name: details.name, phone: details.phone, address: details.address }
    }

    /// As the checkout begins with it.
    #[must_use]
    pub fn draft(&self, email: &str) -> Draft {
        let address = self.address.clone();
        Draft {
            email: email.to_owned(),
            name: self.name.clone(),
            phone: self.phone.clone(),
            line1: address.line1,
            line2: address.line2,
            city: address.city,
            region: address.region,
            postcode: address.postcode,
            country: address.country,
            ..Draft::default()
        }
    }
}

/// A customer's account as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub email: String,
    /// The address that it gets once they follow the link that was sent there.
    pub new_email: Option<String>,
    pub name: String,
    /// Of the letters to them.
    pub language: Language,
    /// The address is theirs: they followed a link that was sent to it.
    pub confirmed: bool,
    pub has_password: bool,
    /// The first is where the checkout begins.
    pub addresses: Vec<SavedAddress>,
    pub preferences: Preferences,
}

/// Why an account did not open, or was not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum AccountRefusal {
    /// Never said which of the two.
    #[error("the address or the password is wrong")]
    WrongLogIn,
    #[error("too many tries; the next one in {seconds} s")]
    TooManyTries { seconds: u32 },
    /// Of the second factor; one that was used is wrong from then on.
    #[error("the code is wrong")]
    WrongCode,
    #[error("this is not the password of today")]
    WrongPassword,
    #[error("a password has at least {SHORTEST_PASSWORD} characters")]
    PasswordTooShort,
    #[error("a password has at most {LONGEST_PASSWORD} characters")]
    PasswordTooLong,
    #[error("the link was used, or is too old")]
    LinkSpent,
    #[error("this does not look like a mail address")]
    NotAnEmail,
    #[error("somebody has this mail address already")]
    EmailInUse,
    #[error("this is the account's address already")]
    OwnEmail,
    /// An account without a password: whoever just came by a link in a mail may.
    #[error("this needs logging in anew")]
    LogInAnew,
    #[error("the name is missing, or too long")]
    NoName,
    #[error("at least one role is needed")]
    NoRole,
    /// Of an address where parcels go.
    #[error("some details need changing")]
    Details,
    #[error("an account keeps at most {MOST_ADDRESSES} addresses")]
    TooManyAddresses,
    #[error("there is no such person")]
    NoSuchPerson,
    /// Nobody could let anybody in again.
    #[error("somebody has to stay who manages the staff")]
    LastAdministrator,
    #[error("this needs another role, or logging in")]
    NotAllowed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_guesses_waits_longer_and_longer() {
        assert_eq!([0, 4, 5, 6, 7].map(pause_after), [0, 0, 30, 60, 120]);
        assert_eq!([12, 40, u32::MAX].map(pause_after), [3600; 3]);
    }

    #[test]
    fn a_password_is_counted_in_characters_and_needs_nothing_else() {
        assert_eq!(check_password("ñandúñand"), Err(AccountRefusal::PasswordTooShort));
        assert_eq!(check_password("ñandúñandú"), Ok(()));
        assert_eq!(check_password(&"a".repeat(201)), Err(AccountRefusal::PasswordTooLong));
    }
}
