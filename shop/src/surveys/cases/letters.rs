//! The mails of a case: the answer, with the question whether it is solved; and to its owner, that it is not.

use super::row::Locked;
use crate::{Fault, Shop, mail, new_id, promises, signing};
use domain::{Language, format, ids::OrderId, reply, token::Token};
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

/// Under such keys lie the mails that lead from a person to their case: they go with what else does.
pub(super) const TO_THE_PERSON: &str = "survey.case:";

/// Answers to it join the conversation about the order, where there is one and the shop takes mail.
pub(super) async fn answer(
    db: &mut PgConnection,
    shop: &Shop,
    case: &Locked,
    order: OrderId,
    (key, text): (Uuid, &str),
    closes: Date,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let to = sqlx::query!(
        r#"select o.number, o.email, o.name,
                  (select max(c.number) from conversation c where c.order_id = o.id and lower(c.email) = lower(o.email)) as conversation
           from orders o where o.id = $1"#,
        order.0
    )
    .fetch_one(&mut *db)
    .await?;
    let language = case.language;
    let say = |es: &str, en: &str| if language == Language::Es { es.to_owned() } else { en.to_owned() };
    let reply_to = to.conversation.and_then(|number| mail::reply_address(&shop.settings, number));
    let mut parts = Vec::new();
    if reply_to.is_some() {
        parts.push(mail::Part::Paragraph(reply::above_line(language)));
    }
    parts.push(mail::Part::Paragraph(say(&format!("Hola, {}:", to.name), &format!("Hello {},", to.name))));
    parts.push(mail::Part::Paragraph(say(
        &format!("Te escribimos por lo que nos contaste de tu pedido {}.", to.number),
        &format!("We write because of what you told us about your order {}.", to.number),
    )));
    parts.extend(text.lines().filter(|line| !line.trim().is_empty()).map(|line| mail::Part::Paragraph(line.to_owned())));
    let day = format::day(closes, language);
    parts.push(mail::Part::Paragraph(say(
        &format!("¿Está resuelto para ti? Si no sabemos nada de ti, lo cerramos el {day}."),
        &format!("Is it solved for you? If we hear nothing, we close it on {day}."),
    )));
    let Token(token) = signing::case_token(&shop.settings, case.id);
    parts.push(mail::Part::Link {
        label: say("Decir si está resuelto", "Say whether it is solved"),
        url: format!("{}/{language}/survey/case?t={token}", shop.settings.public_url),
    });
    parts.push(mail::Part::Paragraph(if reply_to.is_some() {
        say(
            "También puedes contestar a este correo: tu respuesta llega a tu conversación con nosotros.",
            "You can also answer this mail: what you write joins your conversation with us.",
        )
    } else {
        say("En esa misma página puedes contestarnos.", "On the same page you can write back to us.")
    }));
    let key = format!("{TO_THE_PERSON}{}:{key}", case.id);
    let subject = say("Sobre lo que nos contaste", "About what you told us");
    let note = mail::Note { key: &key, to: &to.email, language, order: Some(order), subject, parts };
    mail::write_down(&mut *db, &shop.settings, note, now).await?;
    sqlx::query!("update mail set reply_to = $2 where key = $1", key, reply_to).execute(db).await?;
    Ok(())
}

/// Its owner is to go on with it.
pub(super) async fn reopened(db: &mut PgConnection, shop: &Shop, case: &Locked, now: OffsetDateTime) -> Result<(), Fault> {
    for reader in promises::readers(db, case.owner.map(|id| id.0), shop.settings.base_language).await? {
        let language = reader.language;
        let (subject, text, label) = match language {
            Language::Es => (
                format!("El caso {} no está resuelto", case.number),
                "La persona dice que no está resuelto. El caso vuelve a ser tuyo y hemos prometido otra respuesta.",
                "Abrir el caso",
            ),
            Language::En => (
                format!("Case {} is not solved", case.number),
                "The person says that it is not solved. The case is yours again, and another answer is promised.",
                "Open the case",
            ),
        };
        let url = format!("{}/{language}/desk/cases/{}", shop.settings.public_url, case.number);
        let note = mail::Note {
            key: &format!("case.reopened:{}:{}", case.id, new_id(now)),
            to: &reader.email,
            language,
            order: None,
            subject,
            parts: vec![mail::Part::Paragraph(text.to_owned()), mail::Part::Link { label: label.to_owned(), url }],
        };
        mail::write_down(db, &shop.settings, note, now).await?;
    }
    Ok(())
}
