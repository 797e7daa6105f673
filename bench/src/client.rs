//! One visitor's connection: keeps its cookies and sends forms as the shop's islands do. Written on hyper because
//! a fuller client would take the processor that the server is measured on.

use anyhow::{Context, Result};
use http_body_util::{BodyExt, Full};
use hyper::{
    Request,
    body::Bytes,
    client::conn::http1::{self, SendRequest},
    header,
};
use hyper_util::rt::TokioIo;
use std::collections::BTreeMap;
use tokio::net::TcpStream;

pub struct Client {
    sender: SendRequest<Full<Bytes>>,
    origin: String,
    cookies: BTreeMap<String, String>,
}

pub struct Answer {
    pub status: u16,
    pub location: Option<String>,
    pub body: Bytes,
}

impl Answer {
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }
}

impl Client {
    pub async fn connect(port: u16) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // Ends with the sender.
        tokio::spawn(connection);
        Ok(Self { sender, origin: format!("http://127.0.0.1:{port}"), cookies: BTreeMap::new() })
    }

    /// Another person on the same connection, as behind a proxy.
    pub fn forget(&mut self) {
        self.cookies.clear();
    }

    pub async fn get(&mut self, path: &str) -> Result<Answer> {
        let request = self.request("GET", path).header(header::ACCEPT, "text/html").header(header::ACCEPT_ENCODING, "br");
        self.send(request.body(Full::default())?).await
    }

    /// As it is before compression.
    pub async fn get_plain(&mut self, path: &str) -> Result<Answer> {
        self.send(self.request("GET", path).header(header::ACCEPT, "text/html").body(Full::default())?).await
    }

    /// As an island sends it.
    pub async fn post(&mut self, path: &str, form: &str) -> Result<Answer> {
        self.submit(path, form, "application/json").await
    }

    /// As a plain form sends it: the answer leads to a page.
    pub async fn post_form(&mut self, path: &str, form: &str) -> Result<Answer> {
        self.submit(path, form, "text/html").await
    }

    async fn submit(&mut self, path: &str, form: &str, accept: &str) -> Result<Answer> {
        let request = self
            .request("POST", path)
            .header(header::ACCEPT, accept)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, &self.origin)
            .header(header::REFERER, format!("{}/en/cart", self.origin))
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(Full::from(form.to_owned()))?).await
    }

    fn request(&self, method: &str, path: &str) -> hyper::http::request::Builder {
        let host = self.origin.trim_start_matches("http://");
        let request = Request::builder().method(method).uri(path).header(header::HOST, host);
        if self.cookies.is_empty() {
            return request;
        }
        let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        request.header(header::COOKIE, pairs.join("; "))
    }

    async fn send(&mut self, request: Request<Full<Bytes>>) -> Result<Answer> {
        self.sender.ready().await?;
        let response = self.sender.send_request(request).await?;
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let pair = cookie.to_str()?.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').context("a cookie without a value")?;
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let location = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok()).map(ToOwned::to_owned);
        let status = response.status().as_u16();
        let body = response.into_body().collect().await?.to_bytes();
        Ok(Answer { status, location, body })
    }
}
