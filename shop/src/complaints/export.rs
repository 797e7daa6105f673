//! The whole register as a table for a spreadsheet, every field of it.

use super::row::{Step, needs};
use crate::{Actor, Shop, spreadsheet};
use domain::{format, staff::Permission};
use time::OffsetDateTime;

/// Everything that was opened since a moment, oldest first.
///
/// # Errors
/// The person's roles do not reach so far.
pub async fn csv(shop: &Shop, actor: &Actor, since: OffsetDateTime) -> Step<String> {
    needs(actor, Permission::SeeReports)?;
    let rows = sqlx::query!(
        r#"select c.number, c.kind, c.stage, c.closed_how, c.channel, c.language, c.opened_at, c.name, c.email, c.statement, c.wanted,
                  c.from_department, c.about_department, s.name as "owner?", o.number as "order_number?", l.sku as "sku?", c.happened_on,
                  c.evidence, c.cause, c.consequences, c.acknowledged_at, c.remedy, c.solution, p.due_at as "due_at?", c.solved_at, c.outcome,
                  c.closed_at, m.number as "merged_into?", c.angry
           from complaint c left join staff s on s.id = c.owner_id left join orders o on o.id = c.order_id
           left join order_line l on l.id = c.order_line_id left join complaint m on m.id = c.merged_into
           left join lateral (select due_at from promise where kind = 'solution' and subject = c.id order by made_at desc limit 1) p on true
           where c.opened_at >= $1 order by c.number"#,
        since
    )
    .fetch_all(&shop.db)
    .await?;
    let time = |at: Option<OffsetDateTime>| {
        at.map(|at| shop.settings.local(at)).map(|at| format!("{} {}", at.date(), format::clock(at.time()))).unwrap_or_default()
    };
    let table = rows.into_iter().map(|row| {
        vec![
            row.number.to_string(),
            row.kind,
            row.stage,
            row.closed_how.unwrap_or_default(),
            row.channel,
            row.language,
            time(Some(row.opened_at)),
            row.name,
            row.email,
            row.statement,
            row.wanted,
            row.from_department,
            row.about_department,
            row.owner.unwrap_or_default(),
            row.order_number.unwrap_or_default(),
            row.sku.unwrap_or_default(),
            row.happened_on.map(|day| day.to_string()).unwrap_or_default(),
            row.evidence,
            row.cause.unwrap_or_default(),
            row.consequences,
            time(row.acknowledged_at),
            row.remedy.unwrap_or_default(),
            row.solution,
            time(row.due_at),
            time(row.solved_at),
            row.outcome,
            time(row.closed_at),
            row.merged_into.map(|number| number.to_string()).unwrap_or_default(),
            row.angry.to_string(),
        ]
    });
    Ok(spreadsheet::write(&HEADER, table)?)
}

const HEADER: [&str; 29] = [
    "number",
    "kind",
    "stage",
    "closed_how",
    "channel",
    "language",
    "date",
    "customer",
    "email",
    "complaint",
    "wanted",
    "from_department",
    "about_department",
    "owner",
    "order",
    "sku",
    "happened_on",
    "evidence",
    "cause",
    "consequences",
    "acknowledged",
    "remedy",
    "solution",
    "deadline",
    "solved",
    "outcome",
    "closed",
    "merged_into",
    "angry",
];
