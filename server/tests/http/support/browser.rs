//! One visitor: keeps cookies, says what browsers say, follows nothing by itself.

use reqwest::{
    Client, Method, RequestBuilder,
    header::{ACCEPT, ACCEPT_LANGUAGE, COOKIE, HeaderMap, LOCATION, ORIGIN, SET_COOKIE},
    redirect::Policy,
};
use std::{collections::BTreeMap, net::IpAddr, sync::Mutex};

pub struct Browser {
    client: Client,
    pub origin: String,
    language: &'static str,
    cookies: Mutex<BTreeMap<String, String>>,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Browser {
    pub fn new(origin: &str, language: &'static str) -> Self {
        Self::of(Client::builder(), origin, language)
    }

    /// The same, from another address of this machine.
    pub fn from_address(origin: &str, address: IpAddr) -> Self {
        Self::of(Client::builder().local_address(address), origin, "en")
    }

    fn of(client: reqwest::ClientBuilder, origin: &str, language: &'static str) -> Self {
        let client = client.redirect(Policy::none()).no_proxy().build().unwrap();
        Self { client, origin: origin.to_owned(), language, cookies: Mutex::default() }
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// Sends a form of one of the shop's own pages.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(self.form(path, fields)).await
    }

    /// Calls a server function as the page's scripts do.
    pub async fn call(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(self.form(path, fields).header(ACCEPT, "application/json")).await
    }

    /// A form that is not sent yet, so that a test may say something else with it.
    pub fn form(&self, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        self.request(Method::POST, path).header("sec-fetch-site", "same-origin").header(ORIGIN, &self.origin).form(fields)
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        // A link in a mail is a whole address.
        let address = if path.starts_with('/') { format!("{}{path}", self.origin) } else { path.to_owned() };
        self.client.request(method, address).header(ACCEPT_LANGUAGE, self.language)
    }

    pub async fn send(&self, request: RequestBuilder) -> Answer {
        let cookies: Vec<String> = self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = request.build().unwrap();
        let headers = request.headers_mut();
        headers.entry(ACCEPT).or_insert("text/html,application/xhtml+xml".parse().unwrap());
        // What is said last counts: `form` and a test may both say something.
        for name in [ACCEPT.as_str(), "sec-fetch-site", ORIGIN.as_str()] {
            if let Some(last) = headers.get_all(name).iter().next_back().cloned() {
                headers.insert(reqwest::header::HeaderName::from_bytes(name.as_bytes()).unwrap(), last);
            }
        }
        if !cookies.is_empty() {
            headers.insert(COOKIE, cookies.join("; ").parse().unwrap());
        }
        let response = self.client.execute(request).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        self.keep_cookies(&headers);
        Answer { status, headers, text: response.text().await.unwrap() }
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    /// The number on the cart's badge, of a page that needs no scripts for it.
    pub async fn badge(&self, path: &str) -> String {
        let page = self.get(path).await.text;
        let badge = page.split("data-cart-count").nth(1).expect("a page with a badge");
        badge.split_once('>').unwrap().1.split('<').next().unwrap().trim().to_owned()
    }

    fn keep_cookies(&self, headers: &HeaderMap) {
        for cookie in headers.get_all(SET_COOKIE) {
            let (name, value) = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            self.set_cookie(name, value);
        }
    }
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn leads_to(&self) -> &str {
        self.header(LOCATION.as_str())
    }

    pub fn is_page(&self) -> bool {
        self.header("content-type").starts_with("text/html") && self.text.starts_with("<!DOCTYPE html>")
    }

    /// Every `Set-Cookie` of the answer.
    pub fn cookies(&self) -> Vec<&str> {
        self.headers.get_all(SET_COOKIE).iter().map(|value| value.to_str().unwrap()).collect()
    }
}
