//! The pages of the desk that are about the staff itself.

mod audit;
mod code;
mod log_in;
mod me;
mod password;
mod second_factor;
mod staff;

pub use audit::Audit;
pub use code::Code;
pub use log_in::{LogIn, log_in_address};
pub use me::Me;
pub use password::{ChoosePassword, Forgotten};
pub use staff::Staff;

use crate::{request, words};
use domain::{Language, format, staff::Role};
use leptos::prelude::*;
use time::OffsetDateTime;

/// Where to go on to after logging in: an address of the desk and of nowhere else.
#[must_use]
pub(super) fn is_of_the_desk(address: &str) -> bool {
    let Some(rest) = address.strip_prefix('/') else { return false };
    let Some(rest) = Language::ALL.into_iter().find_map(|language| rest.strip_prefix(language.code())) else { return false };
    rest.strip_prefix("/desk").is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
}

/// A moment at the workshop.
fn moment(at: OffsetDateTime, language: Language) -> String {
    let local = request::shop().settings.local(at);
    words!(language, backoffice.at, day = format::day(local.date(), language), time = format::clock(local.time()))
}

/// What was done, said once: the form that led here put the word for it into the address.
fn done(language: Language) -> Option<String> {
    let sentence = match request::queried("done")?.as_str() {
        "password" => words!(language, backoffice.done.password),
        "session" => words!(language, backoffice.done.session),
        "factor-off" => words!(language, backoffice.done.factor_off),
        "invited" => words!(language, backoffice.done.invited),
        "roles" => words!(language, backoffice.done.roles),
        "work" => words!(language, backoffice.done.work),
        "off" => words!(language, backoffice.done.off),
        "on" => words!(language, backoffice.done.on),
        "link" => words!(language, backoffice.done.link),
        _ => return None,
    };
    Some(sentence)
}

/// What the form that led here came to.
#[component]
fn Outcome(language: Language) -> impl IntoView {
    done(language).map(|sentence| view! { <p class="notice" data-kind="good" role="status">{sentence}</p> })
}

#[must_use]
pub(super) fn role_name(role: Role, language: Language) -> String {
    match role {
        Role::Agent => words!(language, backoffice.role.agent),
        Role::Supervisor => words!(language, backoffice.role.supervisor),
        Role::Manager => words!(language, backoffice.role.manager),
        Role::Merchandiser => words!(language, backoffice.role.merchandiser),
        Role::Administrator => words!(language, backoffice.role.administrator),
    }
}

#[cfg(test)]
mod tests {
    use super::is_of_the_desk;

    #[test]
    fn nobody_is_led_out_of_the_desk() {
        assert!(["/en/desk", "/es/desk/audit?day=1", "/en/desk?x"].into_iter().all(is_of_the_desk));
        assert!(!["", "/", "//evil.example/en/desk", "/en/desks", "https://evil.example", "/en/cart"].into_iter().any(is_of_the_desk));
    }
}
