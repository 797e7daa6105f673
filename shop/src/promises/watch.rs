//! Watching over promises: who keeps one is warned when four fifths of its time have passed; one that was not kept is
//! marked, and supervisors are told, all of a round in one mail.

use crate::{Fault, Outcome, Settings, Shop, events, mail, transaction};
use domain::{Language, format, promises::PromiseKind};
use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// Marks promises that are past due and not kept; says how many.
///
/// # Errors
/// A fault only.
pub async fn mark_broken(shop: &Shop, now: OffsetDateTime) -> Outcome<u64> {
    let mut db = transaction::begin(&shop.db).await?;
    let broken = sqlx::query!(
        "update promise set broken_at = $1
         where due_at < $1 and kept_at is null and broken_at is null and withdrawn_at is null and done_at is null returning subject, kind",
        now
    )
    .fetch_all(&mut *db)
    .await?;
    for promise in &broken {
        events::record(&mut db, "promise.broken", promise.subject, json!({ "kind": promise.kind }), now).await?;
    }
    db.commit().await?;
    Ok(u64::try_from(broken.len()).unwrap_or(u64::MAX))
}

/// A promise in a letter to the staff.
struct Due {
    id: Uuid,
    kind: String,
    subject: Uuid,
    due_at: OffsetDateTime,
    owner_id: Option<Uuid>,
    order_number: Option<String>,
    conversation_number: Option<i64>,
    complaint_number: Option<i64>,
    case_number: Option<i64>,
}

/// Warns of promises that have used four fifths of their time; says of how many. Of a complaint's or a case's, its owner
/// gets a mail (or the supervisors, while nobody owns it); of a conversation's, the console tells.
///
/// # Errors
/// A fault only.
pub async fn warn(shop: &Shop, now: OffsetDateTime) -> Outcome<usize> {
    let mut db = transaction::begin(&shop.db).await?;
    let due = sqlx::query_as!(
        Due,
        r#"with due as (
               update promise set warned_at = $1
               where warn_at <= $1 and warned_at is null and kept_at is null and broken_at is null and withdrawn_at is null and done_at is null
               returning id, kind, subject, due_at, owner_id, order_id, conversation_id, complaint_id
           )
           select d.id as "id!", d.kind as "kind!", d.subject as "subject!", d.due_at as "due_at!", d.owner_id, o.number as "order_number?",
                  v.number as "conversation_number?", c.number as "complaint_number?", k.number as "case_number?"
           from due d left join orders o on o.id = d.order_id left join conversation v on v.id = d.conversation_id
           left join complaint c on c.id = d.complaint_id left join survey_case k on k.id = d.subject order by d.due_at"#,
        now
    )
    .fetch_all(&mut *db)
    .await?;
    for promise in &due {
        events::record(&mut db, "promise.warned", promise.subject, json!({ "kind": promise.kind }), now).await?;
        if promise.complaint_number.is_some() || promise.case_number.is_some() {
            let readers = readers(&mut db, promise.owner_id, shop.settings.base_language).await?;
            let key = format!("promise.warned:{}:{}", promise.id, promise.due_at.unix_timestamp());
            write(&mut db, &shop.settings, &readers, &key, std::slice::from_ref(promise), Tone::Warning, now).await?;
        }
    }
    db.commit().await?;
    Ok(due.len())
}

/// Tells the supervisors of promises that were broken; says of how many.
///
/// # Errors
/// A fault only.
pub async fn escalate(shop: &Shop, now: OffsetDateTime) -> Outcome<usize> {
    let mut db = transaction::begin(&shop.db).await?;
    let broken = sqlx::query_as!(
        Due,
        r#"with broken as (
               update promise set escalated_at = $1 where broken_at is not null and escalated_at is null
               returning id, kind, subject, due_at, owner_id, order_id, conversation_id, complaint_id
           )
           select d.id as "id!", d.kind as "kind!", d.subject as "subject!", d.due_at as "due_at!", d.owner_id, o.number as "order_number?",
                  v.number as "conversation_number?", c.number as "complaint_number?", k.number as "case_number?"
           from broken d left join orders o on o.id = d.order_id left join conversation v on v.id = d.conversation_id
           left join complaint c on c.id = d.complaint_id left join survey_case k on k.id = d.subject order by d.due_at"#,
        now
    )
    .fetch_all(&mut *db)
    .await?;
    for promise in &broken {
        events::record(&mut db, "promise.escalated", promise.subject, json!({ "kind": promise.kind }), now).await?;
    }
    if let Some(first) = broken.first() {
        let supervisors = readers(&mut db, None, shop.settings.base_language).await?;
        write(&mut db, &shop.settings, &supervisors, &format!("promise.escalated:{}", first.id), &broken, Tone::Broken, now).await?;
    }
    db.commit().await?;
    Ok(broken.len())
}

pub(crate) struct Reader {
    pub(crate) id: Uuid,
    pub(crate) email: String,
    pub(crate) language: Language,
}

/// One of the staff, or everybody who supervises.
pub(crate) async fn readers(db: &mut PgConnection, owner: Option<Uuid>, base: Language) -> Result<Vec<Reader>, Fault> {
    let rows = sqlx::query!(
        "select id, email, languages from staff
         where active and (id = $1 or ($1::uuid is null and roles && array['supervisor', 'manager'])) order by id",
        owner
    )
    .fetch_all(db)
    .await?;
    let spoken = |languages: &[String]| languages.iter().find_map(|code| code.parse().ok()).unwrap_or(base);
    Ok(rows.into_iter().map(|row| Reader { id: row.id, language: spoken(&row.languages), email: row.email }).collect())
}

#[derive(Clone, Copy)]
enum Tone {
    Warning,
    Broken,
}

async fn write(
    db: &mut PgConnection,
    settings: &Settings,
    readers: &[Reader],
    key: &str,
    promises: &[Due],
    tone: Tone,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    for reader in readers {
        let language = reader.language;
        let subject = match (tone, language) {
            (Tone::Warning, Language::Es) => "Una promesa vence pronto".to_owned(),
            (Tone::Warning, Language::En) => "A promise is due soon".to_owned(),
            (Tone::Broken, Language::Es) => format!("Promesas sin cumplir: {}", promises.len()),
            (Tone::Broken, Language::En) => format!("Promises not kept: {}", promises.len()),
        };
        let lines: Vec<_> = promises.iter().map(|promise| line(promise, settings, language)).collect();
        let label = if language == Language::Es { "Ver las promesas" } else { "See the promises" };
        let link = format!("{}/{language}/desk/promises", settings.public_url);
        let note = mail::Note {
            key: &format!("{key}:{}", reader.id),
            to: &reader.email,
            language,
            order: None,
            parts: vec![mail::Part::Paragraph(lines.join("\n")), mail::Part::Link { label: label.to_owned(), url: link }],
            subject,
        };
        mail::write_down(db, settings, note, now).await?;
    }
    Ok(())
}

/// "Reply, complaint 12: due on Tuesday 1 December at 14:05".
fn line(promise: &Due, settings: &Settings, language: Language) -> String {
    let es = language == Language::Es;
    let say = |spanish: &str, english: &str| if es { spanish.to_owned() } else { english.to_owned() };
    let kind = match PromiseKind::from_code(&promise.kind) {
        Some(PromiseKind::Delivery) => say("Entrega", "Delivery"),
        Some(PromiseKind::Reply) => say("Respuesta", "Reply"),
        Some(PromiseKind::Resolution) => say("Resolución", "Resolution"),
        Some(PromiseKind::Refund) => say("Reembolso", "Refund"),
        Some(PromiseKind::Solution) | None => say("Solución", "Solution"),
    };
    let about = match (&promise.case_number, &promise.complaint_number, &promise.conversation_number, &promise.order_number) {
        (Some(number), ..) => say(&format!("caso {number}"), &format!("case {number}")),
        (None, Some(number), ..) => say(&format!("queja {number}"), &format!("complaint {number}")),
        (None, None, Some(number), _) => say(&format!("conversación {number}"), &format!("conversation {number}")),
        (None, None, None, Some(number)) => say(&format!("pedido {number}"), &format!("order {number}")),
        (None, None, None, None) => promise.subject.to_string(),
    };
    let due = settings.local(promise.due_at);
    let (day, time) = (format::day(due.date(), language), format::clock(due.time()));
    if es { format!("{kind}, {about}: vence el {day} a las {time}") } else { format!("{kind}, {about}: due on {day} at {time}") }
}
