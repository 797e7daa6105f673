//! Mails about a conversation: answers that nobody saw in the chat, and the transcript.

use super::{Note, Part, inbound};
use crate::{Fault, Settings};
use domain::{Language, format, reply};
use sqlx::PgConnection;
use time::OffsetDateTime;

pub(crate) struct Letter<'a> {
    /// Written once a key.
    pub(crate) key: &'a str,
    pub(crate) to: &'a str,
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

pub(crate) async fn write_down(db: &mut PgConnection, settings: &Settings, letter: &Letter<'_>, now: OffsetDateTime) -> Result<(), Fault> {
    let (subject, parts) = compose(settings, letter);
    let note = Note { key: letter.key, to: letter.to, language: letter.language, order: None, subject, parts };
    super::write_down(db, settings, note, now).await?;
    if let Some(address) = inbound::reply_address(settings, letter.number) {
        sqlx::query!("update mail set reply_to = $2 where key = $1", letter.key, address).execute(db).await?;
    }
    Ok(())
}

fn compose(settings: &Settings, letter: &Letter<'_>) -> (String, Vec<Part>) {
    let (language, number) = (letter.language, letter.number);
    let say = |es: &str, en: &str| if language == Language::Es { es.to_owned() } else { en.to_owned() };
    let mut parts = Vec::new();
    if settings.inbound_address.is_some() {
        parts.push(Part::Paragraph(reply::above_line(language)));
    }
    parts.push(Part::Paragraph(match (language, letter.name) {
        (Language::Es, "") => "Hola:".to_owned(),
        (Language::En, "") => "Hello,".to_owned(),
        (Language::Es, name) => format!("Hola, {name}:"),
        (Language::En, name) => format!("Hello {name},"),
    }));
    let subject = if letter.whole {
        parts.push(Part::Paragraph(say("Esta es tu conversación con nosotros.", "This is your conversation with us.")));
        say(&format!("Tu conversación {number}"), &format!("Your conversation {number}"))
    } else {
        parts.push(Part::Paragraph(say("Te hemos contestado:", "We have answered you:")));
        say(&format!("Respuesta a tu conversación {number}"), &format!("An answer in your conversation {number}"))
    };
    parts.extend(letter.said.iter().map(|said| Part::Paragraph(paragraph(settings, said, language))));
    parts.push(Part::Link {
        label: say("Seguir la conversación", "Go on with the conversation"),
        url: format!("{}/{language}/chat", settings.public_url),
    });
    (subject, parts)
}

fn paragraph(settings: &Settings, said: &Said, language: Language) -> String {
    let name = match (said.name.as_str(), said.by_shopper, language) {
        ("", true, Language::Es) => "Tú",
        ("", true, Language::En) => "You",
        ("", false, _) => &settings.shop_name,
        (name, ..) => name,
    };
    let at = settings.local(said.at);
    let mut text = format!("{name}, {} {}\n{}", format::day(at.date(), language), format::clock(at.time()), said.body);
    if !said.files.is_empty() {
        text.push_str("\n[");
        text.push_str(&said.files);
        text.push(']');
    }
    text
}
