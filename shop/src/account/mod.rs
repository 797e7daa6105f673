//! People with accounts: staff and customers. How they log in, stay logged in, and are let in by a link in a mail.

pub mod customer;
mod letters;
pub mod link;
mod notices;
mod password;
mod secret;
pub mod session;
pub mod staff;
mod throttle;

/// What can be typed as an address, without what Postgres does not keep and nobody means.
fn address(typed: &str) -> String {
    typed.chars().filter(|&c| c != '\0').take(254).collect::<String>().trim().to_owned()
}

/// A name as it is kept: one line, at most a hundred characters.
fn name(typed: &str) -> Option<String> {
    let name = typed.replace('\0', "").split_whitespace().collect::<Vec<_>>().join(" ");
    (name.chars().count() <= 100).then_some(name)
}
