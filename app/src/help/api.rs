//! What readers and staff do with articles. Plain forms lead back to the article.

use crate::{
    boundary::{AppError, Never},
    lasting::Lasting,
};
use domain::{
    help::{ArticleLink, HelpRefusal},
    ids::ArticleId,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

/// Articles that may answer a question while it is typed.
#[server(endpoint = "help/suggest", input = GetUrl)]
pub async fn suggest(text: String) -> Result<Vec<ArticleLink>, AppError<Never>> {
    use crate::request;
    Ok(shop::help::suggest(&request::shop(), request::language(), &text).await?)
}

/// "Did this help?" `helped` is `yes` or `no`; what was missing may be said with it or after it.
#[server(endpoint = "help/vote", client = Lasting)]
pub async fn vote(slug: String, helped: String, #[server(default)] missing: String) -> Result<(), AppError<HelpRefusal>> {
    use crate::{chat::answer, forms, request};
    use shop::chat::Visitor;
    let (shop, language, now) = (request::shop(), request::language(), request::now());
    let visitor = request::visitor().unwrap_or_else(|| Visitor(shop::new_id(now)));
    let page = |pairs: &[(&str, &str)]| format!("/{language}/help/{slug}{}#helped", forms::query(pairs));
    match shop::help::vote(&shop, visitor.0, language, &slug, helped == "yes", &missing, now).await {
        Ok(()) => {
            answer::remember(&shop, visitor);
            let thanks = match (helped.as_str(), missing.trim()) {
                ("yes", _) => "yes",
                (_, "") => "no",
                _ => "missing",
            };
            forms::go(&page(&[("helped", thanks)]));
            Ok(())
        }
        Err(failure) => {
            let error = AppError::from(failure);
            let why = if error == AppError::Refused(HelpRefusal::TooLong) { "too-long" } else { "fault" };
            let typed = forms::carried(&missing);
            Err(forms::fail(error, &page(&[("refused", why), ("typed", &typed)])))
        }
    }
}

/// An article's form as it was typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    pub topic: String,
    pub position: String,
    pub title_es: String,
    pub slug_es: String,
    pub body_es: String,
    /// Of a box that is ticked: something.
    pub published_es: String,
    pub title_en: String,
    pub slug_en: String,
    pub body_en: String,
    pub published_en: String,
}

/// Keeps an article as it was typed; a new one without `id`.
#[server(endpoint = "desk/articles/save", client = Lasting)]
pub async fn save(#[server(default)] id: String, #[server(flatten)] typed: Typed) -> Result<ArticleId, AppError<HelpRefusal>> {
    use crate::{forms, request};
    let (shop, language) = (request::shop(), request::language());
    let page = |id: &str, pairs: &[(&str, &str)]| format!("/{language}/desk/articles/{id}{}", forms::query(pairs));
    let known: Option<ArticleId> = id.parse().ok();
    let article = typed.into_article();
    match shop::help::save(&shop, &request::actor(), known, article, request::now()).await {
        Ok(saved) => {
            let held_back: Vec<&str> = saved.held_back.iter().map(|language| language.code()).collect();
            forms::go(&page(&saved.id.to_string(), &[("saved", "1"), ("held", &held_back.join(","))]));
            Ok(saved.id)
        }
        Err(failure) => {
            let error = AppError::from(failure);
            let why = refused(&error);
            Err(forms::fail(error, &page(if id.is_empty() { "new" } else { &id }, &[("refused", why)])))
        }
    }
}

#[cfg(feature = "ssr")]
impl Typed {
    fn into_article(self) -> shop::help::Editing {
        use domain::{
            Language,
            help::{ArticleText, HelpTopic},
        };
        let text = |title, slug, body, published: String| ArticleText { title, slug, body, published: !published.is_empty() };
        shop::help::Editing {
            topic: HelpTopic::from_code(&self.topic).unwrap_or(HelpTopic::Shop),
            position: self.position.trim().parse().unwrap_or_default(),
            texts: [
                (Language::Es, text(self.title_es, self.slug_es, self.body_es, self.published_es)),
                (Language::En, text(self.title_en, self.slug_en, self.body_en, self.published_en)),
            ]
            .into(),
        }
    }
}

#[server(endpoint = "desk/articles/delete", client = Lasting)]
pub async fn delete(id: ArticleId) -> Result<(), AppError<HelpRefusal>> {
    use crate::{forms, request};
    let language = request::language();
    match shop::help::delete(&request::shop(), &request::actor(), id, request::now()).await {
        Ok(()) => {
            forms::go(&format!("/{language}/desk/articles"));
            Ok(())
        }
        Err(failure) => {
            let error = AppError::from(failure);
            let back = format!("/{language}/desk/articles/{id}{}", forms::query(&[("refused", refused(&error))]));
            Err(forms::fail(error, &back))
        }
    }
}

#[cfg(feature = "ssr")]
const fn refused(error: &AppError<HelpRefusal>) -> &'static str {
    match error {
        AppError::Refused(HelpRefusal::TooLong) => "too-long",
        AppError::Refused(HelpRefusal::NoSuchArticle) => "gone",
        AppError::Refused(HelpRefusal::NotAllowed) => "not-allowed",
        AppError::Fault(_) | AppError::Transport => "fault",
    }
}
