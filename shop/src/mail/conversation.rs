//! Mails about a conversation: answers that nobody saw in the chat, and the transcript.

use super::{
    Rejected, find,
    letters::{self, Part},
    post,
};
use crate::{Fault, Outcome, Shop, new_id};
use domain::{Language, format};
use sqlx::PgConnection;
use time::OffsetDateTime;

pub(crate) struct Letter<'a> {
    /// Of the conversation.
    pub(crate) number: i64,
    /// The shopper's; empty where they gave none.
    pub(crate) name: &'a str,
    pub(crate) language: Language,
    pub(crate) said: &'a [Said],
    /// Everything that was said, as asked for; else answers that came while nobody looked.
    pub(crate) whole: bool,
}

pub(crate) struct Said {
    pub(crate) seq: i64,
    pub(crate) by_shopper: bool,
    pub(crate) name: String,
    pub(crate) body: String,
    /// The names of its files.
    pub(crate) files: String,
    pub(crate) at: OffsetDateTime,
}

pub(crate) async fn is_written(shop: &Shop, key: &str) -> Result<bool, Fault> {
    Ok(find(shop, key).await?.is_some())
}

/// Writes it, once a key.
pub(crate) async fn write(
    shop: &Shop,
    db: &mut PgConnection,
    key: &str,
    recipient: &str,
    letter: &Letter<'_>,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let (subject, parts) = compose(shop, letter);
    sqlx::query!(
        "insert into mail (id, key, recipient, language, subject, text_body, html_body, queued_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (key) do nothing",
        new_id(now),
        key,
        recipient,
        letter.language.code(),
        subject,
        letters::text(&parts, &shop.settings),
        letters::html(&parts, &subject, &shop.settings, letter.language),
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Sends what is written, unless it is sent.
pub(crate) async fn send(shop: &Shop, key: &str, now: OffsetDateTime) -> Outcome<(), Rejected> {
    let written = find(shop, key).await?.ok_or_else(|| Fault::new("a mail that was written is not there"))?;
    if written.sent_at.is_some() {
        return Ok(());
    }
    post::send(&shop.settings, &written, now).await?;
    sqlx::query!("update mail set sent_at = $2 where id = $1", written.id, now).execute(&shop.db).await?;
    Ok(())
}

fn compose(shop: &Shop, letter: &Letter<'_>) -> (String, Vec<Part>) {
    let (language, number) = (letter.language, letter.number);
    let say = |es: &str, en: &str| if language == Language::Es { es.to_owned() } else { en.to_owned() };
    let mut parts = vec![Part::Paragraph(match (language, letter.name) {
        (Language::Es, "") => "Hola:".to_owned(),
        (Language::En, "") => "Hello,".to_owned(),
        (Language::Es, name) => format!("Hola, {name}:"),
        (Language::En, name) => format!("Hello {name},"),
    })];
    let subject = if letter.whole {
        parts.push(Part::Paragraph(say("Esta es tu conversación con nosotros.", "This is your conversation with us.")));
        say(&format!("Tu conversación {number}"), &format!("Your conversation {number}"))
    } else {
        parts.push(Part::Paragraph(say("Te hemos contestado:", "We have answered you:")));
        say(&format!("Respuesta a tu conversación {number}"), &format!("An answer in your conversation {number}"))
    };
    parts.extend(letter.said.iter().map(|said| Part::Paragraph(paragraph(shop, said, language))));
    parts.push(Part::Link {
        label: say("Seguir la conversación", "Go on with the conversation"),
        url: format!("{}/{language}/chat", shop.settings.public_url),
    });
    (subject, parts)
}

fn paragraph(shop: &Shop, said: &Said, language: Language) -> String {
    let name = match (said.name.as_str(), said.by_shopper, language) {
        ("", true, Language::Es) => "Tú",
        ("", true, Language::En) => "You",
        ("", false, _) => &shop.settings.shop_name,
        (name, ..) => name,
    };
    let at = shop.settings.local(said.at);
    let mut text = format!("{name}, {} {}\n{}", format::day(at.date(), language), format::clock(at.time()), said.body);
    if !said.files.is_empty() {
        text.push_str("\n[");
        text.push_str(&said.files);
        text.push(']');
    }
    text
}
