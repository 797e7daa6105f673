//! The cookies of accounts: sessions, and for a moment what a form has to tell the page that it leads to, which may be a
//! mail address and so does not go into an address.

use crate::{forms, request};
use domain::token::Token;
use http::{HeaderValue, header};
use leptos::prelude::*;

/// What the next page is told, and no other.
const HANDED_OVER: &str = "handed-over";
/// Browsers keep cookies of 4 KB; nobody types that much into these forms.
const MOST: usize = 2000;

/// For a session; it ends when the browser is closed, or as the database says.
pub(crate) fn begin_session(name: &str, session: &Token) {
    set(name, &session.0, "");
}

/// For a session that outlives the browser's.
pub(crate) fn begin_lasting_session(name: &str, session: &Token) {
    set(name, &session.0, "; Max-Age=15552000");
}

pub(crate) fn end_session(name: &str) {
    set(name, "", "; Max-Age=0");
}

/// Never a password.
pub(crate) fn hand_over(fields: &[(&str, &str)]) {
    let query = forms::query(fields);
    if forms::is_plain() && query.len() <= MOST {
        set(HANDED_OVER, query.trim_start_matches('?'), "; Max-Age=60");
    }
}

/// What the form that led here has for this page.
#[derive(Debug, Clone, Default)]
pub(crate) struct HandedOver(Vec<(String, String)>);

impl HandedOver {
    pub(crate) fn take() -> Self {
        let cookies = request::request_header(header::COOKIE);
        let query = cookies.split(';').find_map(|pair| pair.trim().strip_prefix(HANDED_OVER)?.strip_prefix('='));
        let Some(query) = query.filter(|query| !query.is_empty()) else { return Self::default() };
        set(HANDED_OVER, "", "; Max-Age=0");
        Self(serde_urlencoded::from_str(query).unwrap_or_default())
    }

    pub(crate) fn get(&self, name: &str) -> String {
        self.all(name).into_iter().next().unwrap_or_default()
    }

    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect()
    }
}

fn set(name: &str, value: &str, age: &str) {
    let secure = if request::shop().settings.public_url.starts_with("https://") { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}");
    if let (Some(response), Ok(cookie)) = (use_context::<leptos_axum::ResponseOptions>(), HeaderValue::from_str(&cookie)) {
        response.append_header(header::SET_COOKIE, cookie);
    }
}
