//! The mails of a survey: the question and one reminder, each with the way out.

use super::{address, translated};
use crate::{Fault, Shop, mail, signing};
use domain::{
    Language, Translated, format,
    ids::{InvitationId, OrderId},
};
use sqlx::PgConnection;
use time::OffsetDateTime;

/// Who is written to.
pub(super) struct Asked<'a> {
    pub(super) id: InvitationId,
    pub(super) order: OrderId,
    pub(super) email: &'a str,
    pub(super) name: &'a str,
    pub(super) language: Language,
    pub(super) expires_at: OffsetDateTime,
}

pub(super) async fn invitation(db: &mut PgConnection, shop: &Shop, asked: &Asked<'_>, now: OffsetDateTime) -> Result<(), Fault> {
    let (title, intro) = words(db, asked).await?;
    write(db, shop, asked, "survey.asked", title, intro, now).await
}

pub(super) async fn reminder(db: &mut PgConnection, shop: &Shop, asked: &Asked<'_>, now: OffsetDateTime) -> Result<(), Fault> {
    let (title, _) = words(db, asked).await?;
    let day = format::day(shop.settings.local(asked.expires_at).date(), asked.language);
    let (subject, text) = match asked.language {
        Language::Es => (
            format!("Un recordatorio: {title}"),
            format!(
                "Te preguntamos hace unos días y tu respuesta nos sigue importando. Puedes contestar hasta el {day}. No volvemos a insistir."
            ),
        ),
        Language::En => (
            format!("A reminder: {title}"),
            format!("We asked some days ago, and your answer still matters to us. You can answer until {day}. We do not ask again."),
        ),
    };
    write(db, shop, asked, "survey.reminder", subject, text, now).await
}

/// Title and introduction of the version that is asked.
async fn words(db: &mut PgConnection, asked: &Asked<'_>) -> Result<(String, String), Fault> {
    let row = sqlx::query!(
        "select v.title, v.intro from survey_invitation i join survey_version v on v.id = i.version_id where i.id = $1",
        asked.id.0
    )
    .fetch_one(db)
    .await?;
    let (title, intro): (Translated, Translated) = (translated(row.title)?, translated(row.intro)?);
    Ok((title.get(asked.language).to_owned(), intro.get(asked.language).to_owned()))
}

async fn write(
    db: &mut PgConnection,
    shop: &Shop,
    asked: &Asked<'_>,
    letter: &str,
    subject: String,
    text: String,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let (greeting, begin, keeps, stop) = match asked.language {
        Language::Es => (
            format!("Hola, {}:", asked.name),
            "Contestar",
            "Puedes parar cuando quieras y seguir en otro dispositivo con este mismo enlace. Guardamos las respuestas sin tu nombre ni tu correo.",
            "No quiero recibir más encuestas",
        ),
        Language::En => (
            format!("Hello {},", asked.name),
            "Answer",
            "Stop whenever you like and go on from another device with this same link. Answers are kept without your name or address.",
            "I want no more surveys",
        ),
    };
    let link = |page: &str| address(shop, asked.id, page, asked.language);
    let key = format!("{letter}:{}", asked.id);
    let note = mail::Note {
        key: &key,
        to: asked.email,
        language: asked.language,
        order: Some(asked.order),
        subject,
        parts: vec![
            mail::Part::Paragraph(greeting),
            mail::Part::Paragraph(text),
            mail::Part::Link { label: begin.to_owned(), url: link("survey") },
            mail::Part::Paragraph(keeps.to_owned()),
            mail::Part::Link { label: stop.to_owned(), url: link("survey/stop") },
        ],
    };
    mail::write_down(&mut *db, &shop.settings, note, now).await?;
    let unsubscribe =
        format!("{}/unsubscribe/{}/{}", shop.settings.public_url, asked.language, signing::survey_token(&shop.settings, asked.id).0);
    sqlx::query!("update mail set unsubscribe = $2 where key = $1", key, unsubscribe).execute(db).await?;
    Ok(())
}
