//! What a plain form gets back. With scripts off a server function is a form's target: its answer is a page to
//! go to. Somebody who called it with scripts stays on the page and gets the answer itself.

pub use crate::fill::written;

use crate::boundary::AppError;
use http::{StatusCode, header, request::Parts};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

/// The browser sent a form by itself and will show whatever comes back.
#[must_use]
pub fn is_plain() -> bool {
    let accepts = use_context::<Parts>().and_then(|parts| parts.headers.get(header::ACCEPT)?.to_str().ok().map(str::to_owned));
    accepts.is_some_and(|accepts| accepts.contains("text/html"))
}

/// Sends a plain form's browser to `address`, which must be one that a header can carry: see [`query`].
pub fn go(address: &str) {
    if is_plain() && header::HeaderValue::from_str(address).is_ok() {
        leptos_axum::redirect(address);
        set_status(StatusCode::SEE_OTHER);
    }
}

/// The error of a server function: a plain form's browser goes to `back`, a script is told the kind by the status.
pub fn fail<E>(error: AppError<E>, back: &str) -> AppError<E> {
    if is_plain() {
        go(back);
    } else if matches!(error, AppError::Refused(_)) {
        set_status(StatusCode::UNPROCESSABLE_ENTITY);
    }
    error
}

/// A query that may hold anything somebody typed: `?a=b&c=d`, or nothing for no pairs.
#[must_use]
pub fn query(pairs: &[(&str, &str)]) -> String {
    let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
    if query.is_empty() { query } else { format!("?{query}") }
}

/// Bytes of an address that what was typed may take: servers and browsers take 64 KB in all.
const MOST_CARRIED: usize = 40_000;

/// As much of what somebody typed as an address carries back to its form: a long text whole, an endless one in part.
#[must_use]
pub fn carried(typed: &str) -> String {
    let mut bytes = 0;
    let fits = |letter: &char| {
        bytes += if letter.is_ascii_alphanumeric() || *letter == ' ' { 1 } else { 3 * letter.len_utf8() };
        bytes <= MOST_CARRIED
    };
    typed.chars().take_while(fits).collect()
}

fn set_status(status: StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_comes_back_whole_and_no_address_is_too_long() {
        let long = format!("{} ¿y ahora?", "word ".repeat(1000));
        assert_eq!(carried(&long), long);
        let typed = carried(&"é🏺".repeat(50_000));
        assert!(query(&[("typed", &typed)]).len() < 45_000);
    }

    #[test]
    fn what_was_typed_ends_no_text_area() {
        assert_eq!(written("</textarea> & <b>"), "&lt;/textarea&gt; &amp; &lt;b&gt;");
    }
}
