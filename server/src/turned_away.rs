//! How a request is turned away: with a page where a person will see it, with a sentence otherwise, and either in the
//! language of who asked.

use crate::{router::Server, visitor};
use app::{
    boundary::{AppError, Never},
    turned_away::TurnedAway,
};
use axum::{
    Json,
    extract::Request,
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use domain::Language;

/// What has to be known of a request to answer it, kept while others have it.
#[derive(Debug, Clone, Copy)]
pub struct Asker {
    language: Language,
    is_browsing: bool,
    is_calling: bool,
}

impl Asker {
    #[must_use]
    pub fn of(request: &Request) -> Self {
        let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Self {
            language: visitor::language(request.headers(), request.uri().path()),
            is_browsing: accepts.contains("text/html"),
            is_calling: request.uri().path().starts_with("/api/"),
        }
    }

    /// A browser asks for a page, with or without a form, and shows whatever comes.
    #[must_use]
    pub fn is_browsing(self) -> bool {
        self.is_browsing
    }

    #[must_use]
    pub fn tell(self, why: &TurnedAway, server: &Server) -> Response {
        let mut response = match why {
            _ if self.is_browsing => Html(why.page(self.language, &server.assets)).into_response(),
            // The scripts of our pages know what to say.
            TurnedAway::Fault { reference } if self.is_calling => Json(AppError::<Never>::Fault(reference.clone())).into_response(),
            _ => why.sentence(self.language).into_response(),
        };
        *response.status_mut() = why.status();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let TurnedAway::TooMany { seconds } = why {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
        }
        response
    }
}
