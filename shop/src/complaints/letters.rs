//! The mails of a complaint. Each is written in the transaction of the step that it tells of.

use super::row::Locked;
use crate::{Fault, Shop, mail, new_id, promises};
use domain::{Language, complaints::ComplaintKind, format};
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};

/// Whoever wrote to us knows at once that it arrived, under which number, and where to follow it.
pub(super) async fn receipt(db: &mut PgConnection, shop: &Shop, complaint: &Locked, now: OffsetDateTime) -> Result<(), Fault> {
    let number = complaint.number;
    let (subject, text) = match (complaint.kind, complaint.language) {
        (ComplaintKind::Complaint, Language::Es) => (
            format!("Hemos recibido tu queja {number}"),
            "Hemos recibido tu queja y la hemos registrado. Una persona la lee y te contesta; no hace falta que la repitas.".to_owned(),
        ),
        (ComplaintKind::Complaint, Language::En) => (
            format!("We have your complaint {number}"),
            "We have received your complaint and put it on record. A person reads it and answers you; you need not say it twice."
                .to_owned(),
        ),
        (ComplaintKind::Suggestion, Language::Es) => {
            (format!("Hemos recibido tu sugerencia {number}"), "Gracias por tu sugerencia. La leemos y te contestamos.".to_owned())
        }
        (ComplaintKind::Suggestion, Language::En) => {
            (format!("We have your suggestion {number}"), "Thank you for your suggestion. We read it and answer you.".to_owned())
        }
        (ComplaintKind::Praise, Language::Es) => {
            (format!("Gracias por tu felicitación ({number})"), "Gracias por tus palabras. Las pasamos a quien las ha merecido.".to_owned())
        }
        (ComplaintKind::Praise, Language::En) => {
            (format!("Thank you for your kind words ({number})"), "Thank you. We pass your words on to those who earned them.".to_owned())
        }
    };
    write(db, shop, complaint, "receipt", subject, vec![text], now).await
}

/// What a person wrote: an acknowledgement, an answer or a message.
pub(super) async fn words(db: &mut PgConnection, shop: &Shop, complaint: &Locked, text: &str, now: OffsetDateTime) -> Result<(), Fault> {
    write(db, shop, complaint, "words", about(complaint), vec![text.to_owned()], now).await
}

/// What is going to be done, and until when.
pub(super) async fn promised(
    db: &mut PgConnection,
    shop: &Shop,
    complaint: &Locked,
    solution: &str,
    due: Date,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let day = format::day(due, complaint.language);
    let promise = match complaint.language {
        Language::Es => format!("Lo hacemos como muy tarde el {day}. Es una promesa."),
        Language::En => format!("It is done by {day} at the latest. That is a promise."),
    };
    write(db, shop, complaint, "promised", about(complaint), vec![solution.to_owned(), promise], now).await
}

/// It will be later than promised, said before it is.
pub(super) async fn put_off(
    db: &mut PgConnection,
    shop: &Shop,
    complaint: &Locked,
    reason: &str,
    due: Date,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let day = format::day(due, complaint.language);
    let text = match complaint.language {
        Language::Es => format!("Necesitamos más tiempo del que prometimos: estará hecho como muy tarde el {day}. Lo sentimos."),
        Language::En => format!("We need more time than we promised: it is done by {day} at the latest. We are sorry."),
    };
    write(db, shop, complaint, "put_off", about(complaint), vec![text, reason.to_owned()], now).await
}

/// Done, we think: is it?
pub(super) async fn solved(
    db: &mut PgConnection,
    shop: &Shop,
    complaint: &Locked,
    outcome: &str,
    closes: Date,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let day = format::day(closes, complaint.language);
    let question = match complaint.language {
        Language::Es => {
            format!("¿Está resuelto para ti? Dínoslo en la página de tu queja. Si no sabemos nada de ti, la cerramos el {day}.")
        }
        Language::En => format!("Is it solved for you? Tell us on the page of your complaint. If we hear nothing we close it on {day}."),
    };
    write(db, shop, complaint, "solved", about(complaint), vec![outcome.to_owned(), question], now).await
}

/// It goes on under another number.
pub(super) async fn merged(db: &mut PgConnection, shop: &Shop, complaint: &Locked, into: i64, now: OffsetDateTime) -> Result<(), Fault> {
    let text = match complaint.language {
        Language::Es => format!("Seguimos con este asunto en la queja {into}: una sola persona lleva todo y no tienes que repetir nada."),
        Language::En => format!("We go on with this under complaint {into}: one person has all of it, and you need not repeat anything."),
    };
    write(db, shop, complaint, "merged", about(complaint), vec![text], now).await
}

/// Supervisors know at once that somebody is angry.
pub(super) async fn alert(db: &mut PgConnection, shop: &Shop, complaint: &Locked, now: OffsetDateTime) -> Result<(), Fault> {
    for reader in promises::readers(db, None, shop.settings.base_language).await? {
        let language = reader.language;
        let (subject, text, label) = match language {
            Language::Es => ("Cliente muy molesto", "Conviene que alguien con experiencia mire esta queja ahora.", "Abrir la queja"),
            Language::En => ("An angry customer", "Somebody with experience should look at this complaint now.", "Open the complaint"),
        };
        let note = mail::Note {
            key: &format!("complaint.angry:{}:{}", complaint.id, reader.id),
            to: &reader.email,
            language,
            order: complaint.order,
            subject: format!("{subject}: {}", complaint.number),
            parts: vec![
                mail::Part::Paragraph(text.to_owned()),
                mail::Part::Link {
                    label: label.to_owned(),
                    url: format!("{}/{language}/desk/complaints/{}", shop.settings.public_url, complaint.number),
                },
            ],
        };
        mail::write_down(db, &shop.settings, note, now).await?;
    }
    Ok(())
}

fn about(complaint: &Locked) -> String {
    let number = complaint.number;
    match (complaint.kind, complaint.language) {
        (ComplaintKind::Complaint, Language::Es) => format!("Tu queja {number}"),
        (ComplaintKind::Complaint, Language::En) => format!("Your complaint {number}"),
        (ComplaintKind::Suggestion, Language::Es) => format!("Tu sugerencia {number}"),
        (ComplaintKind::Suggestion, Language::En) => format!("Your suggestion {number}"),
        (ComplaintKind::Praise, Language::Es) => format!("Tu felicitación {number}"),
        (ComplaintKind::Praise, Language::En) => format!("Your kind words ({number})"),
    }
}

/// To the customer, if they left an address.
async fn write(
    db: &mut PgConnection,
    shop: &Shop,
    complaint: &Locked,
    letter: &str,
    subject: String,
    paragraphs: Vec<String>,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    if complaint.email.is_empty() {
        return Ok(());
    }
    let (language, name) = (complaint.language, &complaint.name);
    let greeting = match (language, name.is_empty()) {
        (Language::Es, false) => format!("Hola, {name}:"),
        (Language::Es, true) => "Hola:".to_owned(),
        (Language::En, false) => format!("Hello {name},"),
        (Language::En, true) => "Hello,".to_owned(),
    };
    let label = if language == Language::Es { "Ver cómo va" } else { "See how it stands" };
    let mut parts = vec![mail::Part::Paragraph(greeting)];
    parts.extend(paragraphs.into_iter().map(mail::Part::Paragraph));
    parts.push(mail::Part::Link { label: label.to_owned(), url: complaint.link(shop) });
    // The receipt is written once; anything else may be said again.
    let key = if letter == "receipt" {
        format!("complaint.receipt:{}", complaint.id)
    } else {
        format!("complaint.{letter}:{}:{}", complaint.id, new_id(now))
    };
    let note = mail::Note { key: &key, to: &complaint.email, language, order: complaint.order, subject, parts };
    mail::write_down(db, &shop.settings, note, now).await
}
