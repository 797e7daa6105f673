//! What forms of accounts answer: the page to go on to, or back with the reason, which the page turns into a sentence
//! beside the field that it is about.

use super::cookies;
use crate::{boundary::AppError, forms, request, words};
use domain::{
    Language,
    account::{AccountRefusal, LONGEST_PASSWORD, MOST_ADDRESSES, SHORTEST_PASSWORD},
};
use shop::{Failure, Outcome};

pub(crate) type Refused = AppError<AccountRefusal>;

/// As [`back`], where it was done: leads on to `to`.
pub(crate) fn done(outcome: Outcome<(), AccountRefusal>, to: &str, back_to: &str) -> Result<(), Refused> {
    match outcome {
        Ok(()) => {
            forms::go(to);
            Ok(())
        }
        Err(failure) => Err(back(failure, back_to, &[])),
    }
}

/// Leads back to `address`, which says why and knows what was typed.
pub(crate) fn back(failure: Failure<AccountRefusal>, address: &str, typed: &[(&str, &str)]) -> Refused {
    let error = AppError::from(failure);
    let why = serde_json::to_string(&error).unwrap_or_default();
    cookies::hand_over(typed);
    forms::fail(error, &with(address, &[("refused", &why)]))
}

/// The address with these pairs added to its query.
pub(crate) fn with(address: &str, pairs: &[(&str, &str)]) -> String {
    let (address, fragment) = address.split_once('#').map_or((address, String::new()), |(address, rest)| (address, format!("#{rest}")));
    let query = forms::query(pairs);
    let query = if address.contains('?') { query.replacen('?', "&", 1) } else { query };
    format!("{address}{query}{fragment}")
}

/// Why the form that led here was refused.
pub(crate) fn refused() -> Option<Refused> {
    let error = serde_json::from_str(&request::queried("refused")?).ok()?;
    // An address is anybody's to write: a reference in it must look like one of ours.
    match &error {
        AppError::Fault(reference) => {
            (reference.len() <= 16 && reference.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')).then_some(error)
        }
        AppError::Refused(_) | AppError::Transport => Some(error),
    }
}

/// The refusal itself, to tell which field it is about.
pub(crate) fn refusal(error: &Refused) -> Option<AccountRefusal> {
    if let AppError::Refused(refusal) = error { Some(*refusal) } else { None }
}

pub(crate) fn sentence(error: &Refused, language: Language) -> String {
    match error {
        AppError::Refused(refusal) => refusal_sentence(*refusal, language),
        AppError::Fault(reference) => words!(language, layout.fault_text, reference = reference.clone()),
        AppError::Transport => words!(language, account.refused.transport),
    }
}

fn refusal_sentence(refusal: AccountRefusal, language: Language) -> String {
    match refusal {
        AccountRefusal::WrongLogIn => words!(language, account.refused.wrong_log_in),
        AccountRefusal::TooManyTries { seconds } if seconds < 100 => {
            words!(language, account.refused.too_many_seconds, seconds = seconds)
        }
        AccountRefusal::TooManyTries { seconds } => {
            words!(language, account.refused.too_many_minutes, minutes = seconds.div_ceil(60))
        }
        AccountRefusal::WrongCode => words!(language, account.refused.wrong_code),
        AccountRefusal::WrongPassword => words!(language, account.refused.wrong_password),
        AccountRefusal::PasswordTooShort => words!(language, account.refused.password_too_short, least = SHORTEST_PASSWORD),
        AccountRefusal::PasswordTooLong => words!(language, account.refused.password_too_long, most = LONGEST_PASSWORD),
        AccountRefusal::LinkSpent => words!(language, account.refused.link_spent),
        AccountRefusal::NotAnEmail => words!(language, account.refused.not_an_email),
        AccountRefusal::EmailInUse => words!(language, account.refused.email_in_use),
        AccountRefusal::OwnEmail => words!(language, account.refused.own_email),
        AccountRefusal::LogInAnew => words!(language, account.refused.log_in_anew),
        AccountRefusal::NoName => words!(language, account.refused.no_name),
        AccountRefusal::NoRole => words!(language, account.refused.no_role),
        AccountRefusal::Details => words!(language, account.refused.details),
        AccountRefusal::TooManyAddresses => words!(language, account.refused.too_many_addresses, most = MOST_ADDRESSES),
        AccountRefusal::NoSuchPerson => words!(language, account.refused.no_such_person),
        AccountRefusal::LastAdministrator => words!(language, account.refused.last_administrator),
        AccountRefusal::NotAllowed => words!(language, account.refused.not_allowed),
    }
}

#[cfg(test)]
mod tests {
    use super::with;

    #[test]
    fn pairs_are_added_to_what_an_address_has() {
        assert_eq!(with("/en/desk", &[("a", "1 2")]), "/en/desk?a=1+2");
        assert_eq!(with("/en/desk?b=2#x", &[("a", "1")]), "/en/desk?b=2&a=1#x");
        assert_eq!(with("/en/desk#x", &[]), "/en/desk#x");
    }
}
