//! Help articles: answers that wait for their question, in each language under an address of its own.

use crate::{Language, ids::ArticleId, states::states};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use time::OffsetDateTime;

/// The longest text of an article, in characters of Markdown: both languages fit into one form.
pub const MOST_CHARACTERS: usize = 20_000;
/// The longest title, in characters.
pub const MOST_TITLE: usize = 120;
/// The longest word on what an article lacks, in characters.
pub const MOST_MISSING: usize = 1000;

states! {
    /// Under which heading an article stands.
    HelpTopic {
        Orders = "orders",
        Delivery = "delivery",
        Returns = "returns",
        Pieces = "pieces",
        Payment = "payment",
        Shop = "shop",
    }
}

/// An article as a list names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleLink {
    pub topic: HelpTopic,
    pub slug: String,
    pub title: String,
    /// The first sentences of its text.
    pub summary: String,
}

/// An article as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    pub id: ArticleId,
    pub topic: HelpTopic,
    pub title: String,
    pub summary: String,
    /// Cleaned: nothing in it runs.
    pub html: String,
    pub changed_at: OffsetDateTime,
    /// Its slug in every language it is published in.
    pub slugs: BTreeMap<Language, String>,
    /// Others under the same heading.
    pub others: Vec<ArticleLink>,
}

/// An article's text in one language as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ArticleText {
    pub title: String,
    /// Made from the title where none is given.
    pub slug: String,
    /// Markdown.
    pub body: String,
    pub published: bool,
}

/// Why a text cannot be published yet. It is kept all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lack {
    Title,
    Body,
}

impl ArticleText {
    /// What has to be written before shoppers may read it.
    #[must_use]
    pub fn lacks(&self) -> Vec<Lack> {
        let empty = |text: &str| text.trim().is_empty();
        [(Lack::Title, empty(&self.title)), (Lack::Body, empty(&self.body))]
            .into_iter()
            .filter(|(_, is)| *is)
            .map(|(lack, _)| lack)
            .collect()
    }
}

/// What readers said of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Votes {
    pub helped: u32,
    pub did_not: u32,
}

/// Why something about an article was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HelpRefusal {
    #[error("no such article")]
    NoSuchArticle,
    #[error("too long")]
    TooLong,
    #[error("this needs another role")]
    NotAllowed,
}

/// The part of an address that a title makes: small letters without accents, digits and hyphens.
#[must_use]
pub fn slug(title: &str) -> String {
    let mut slug = String::with_capacity(title.len());
    for letter in title.to_lowercase().chars().map(plain) {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() >= MOST_SLUG {
            break;
        }
    }
    slug.trim_end_matches('-').to_owned()
}

const MOST_SLUG: usize = 80;

/// A small letter without its accent.
pub(crate) const fn plain(letter: char) -> char {
    match letter {
        'á' | 'à' | 'â' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_makes_an_address() {
        assert_eq!(slug("¿Cuándo llega mi pedido?"), "cuando-llega-mi-pedido");
        assert_eq!(slug("  It broke -- what now?  "), "it-broke-what-now");
        assert_eq!(slug("¿?"), "");
        assert!(slug(&"ñ".repeat(500)).len() <= MOST_SLUG);
    }

    #[test]
    fn only_what_has_title_and_text_is_published() {
        let text = ArticleText { title: "Care".into(), body: " ".into(), ..ArticleText::default() };
        assert_eq!(text.lacks(), [Lack::Body]);
        assert_eq!(ArticleText::default().lacks(), [Lack::Title, Lack::Body]);
    }
}
