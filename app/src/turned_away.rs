//! What somebody is told instead of an answer, before the database was asked for anything: as a page of its own, which
//! needs nothing but the style sheet, or as a sentence.

use crate::{shell::Assets, words};
use domain::Language;
use http::StatusCode;
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TurnedAway {
    /// A page of another site made the browser send it.
    Foreign,
    TooLarge {
        kilobytes: usize,
    },
    TooMany {
        seconds: u64,
    },
    /// Ours; the reference finds it in the log.
    Fault {
        reference: String,
    },
}

impl TurnedAway {
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Foreign => StatusCode::FORBIDDEN,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Fault { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        match self {
            Self::Foreign => words!(language, turned_away.foreign_text),
            Self::TooLarge { kilobytes } => words!(language, turned_away.too_large_text, kilobytes = *kilobytes),
            Self::TooMany { seconds } => words!(language, turned_away.too_many_text, seconds = *seconds),
            Self::Fault { reference } => words!(language, layout.fault_text, reference = reference.clone()),
        }
    }

    #[must_use]
    pub fn page(&self, language: Language, assets: &Assets) -> String {
        let title = self.title(language);
        view! {
            <!DOCTYPE html>
            <html lang=language.code()>
                <head>
                    <meta charset="utf-8"/>
                    <meta name="viewport" content="width=device-width, initial-scale=1"/>
                    <meta name="color-scheme" content="light dark"/>
                    <meta name="robots" content="noindex"/>
                    <title>{title.clone()}</title>
                    <link rel="stylesheet" href=assets.css.clone()/>
                    <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                </head>
                <body>
                    <main class="apology wrap">
                        <p class="apology__code" aria-hidden="true">{self.status().as_u16()}</p>
                        <h1>{title}</h1>
                        <p class="lead">{self.sentence(language)}</p>
                        <p><a class="button" href=format!("/{language}")>{words!(language, layout.back_home)}</a></p>
                    </main>
                </body>
            </html>
        }
        .to_html()
    }

    fn title(&self, language: Language) -> String {
        match self {
            Self::Foreign => words!(language, turned_away.foreign_title),
            Self::TooLarge { .. } => words!(language, turned_away.too_large_title),
            Self::TooMany { .. } => words!(language, turned_away.too_many_title),
            Self::Fault { .. } => words!(language, layout.fault_title),
        }
    }
}
