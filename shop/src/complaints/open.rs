//! Opening a complaint, a suggestion or praise: by its customer (who has an order's link, or none), or by somebody of
//! the staff for them. The receipt goes out at once, and an answer is promised on the business calendar.

use super::{
    letters,
    row::{self, Author, Locked, Step, needs, refuse, remember, required, written},
};
use crate::{Actor, Failure, Fault, Shop, audit, calendar, events, new_id, orders, promises, signing, transaction};
use domain::{
    Language,
    checkout::is_email,
    complaints::{ComplaintKind, ComplaintRefusal, Department, HistoryKind, Intake, Stage},
    ids::{ComplaintId, ConversationId, OrderId},
    promises::{PromiseKind, warn_after},
    staff::Permission,
    token::Token,
};
use serde_json::json;
use sqlx::PgConnection;
use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

/// So many from one address in so much time are enough.
const MOST_LATELY: i64 = 5;
const LATELY: Duration = Duration::hours(1);

pub struct NewComplaint {
    pub kind: ComplaintKind,
    pub language: Language,
    pub statement: String,
    /// How its customer wants it solved.
    pub wanted: String,
    /// Where it was taken.
    pub from: Department,
    /// What it is about.
    pub about: Department,
    pub intake: Intake,
    pub name: String,
    pub email: String,
    pub anonymous: bool,
    pub order: Option<OfOrder>,
    pub happened_on: Option<Date>,
    pub conversation: Option<ConversationId>,
    pub angry: bool,
    /// Staff only: whoever takes it down owns it.
    pub take: bool,
}

/// The order it is about. A customer shows the order's link; staff need none.
pub struct OfOrder {
    pub number: String,
    pub token: Option<Token>,
    /// Which line, by its position in the order.
    pub line: Option<i32>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    pub id: ComplaintId,
    pub number: i64,
    pub token: Token,
}

/// Of an order that a form is filled in from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderOffer {
    pub number: String,
    pub name: String,
    pub email: String,
    pub lines: Vec<super::Line>,
}

/// Opens one.
///
/// # Errors
/// What is missing or does not belong together.
pub async fn open(shop: &Shop, actor: &Actor, new: &NewComplaint, now: OffsetDateTime) -> Step<Opened> {
    let by_staff = actor.staff().is_some();
    if by_staff {
        needs(actor, Permission::HandleComplaints)?;
    }
    let statement = required(&new.statement)?;
    let wanted = written(&new.wanted)?.unwrap_or_default();
    if new.kind == ComplaintKind::Complaint && wanted.is_empty() {
        return refuse(ComplaintRefusal::WantedMissing);
    }
    let of_order = find_order(shop, new.order.as_ref(), by_staff).await?;
    let (name, email) = contact(new, of_order.as_ref(), by_staff)?;
    if !by_staff {
        not_too_many(shop, &email, now).await?;
    }
    let calendar = calendar::load(shop).await?;
    let mut db = transaction::begin(&shop.db).await?;
    let id = ComplaintId(new_id(now));
    let owner = actor.staff().filter(|_| new.take);
    let number = sqlx::query_scalar!(
        "insert into complaint (id, kind, stage, language, channel, taken_by, customer_id, name, email, conversation_id, order_id,
             order_line_id, happened_on, statement, wanted, from_department, about_department, owner_id, angry, opened_at, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $20) returning number",
        id.0,
        new.kind.code(),
        if owner.is_some() { Stage::Assigned.code() } else { Stage::Opened.code() },
        new.language.code(),
        new.intake.code(),
        actor.staff().map(|staff| staff.0),
        actor.customer().filter(|_| !new.anonymous).map(|customer| customer.0),
        name,
        email,
        new.conversation.filter(|_| by_staff).map(|conversation| conversation.0),
        of_order.as_ref().map(|order| order.id.0),
        of_order.as_ref().and_then(|order| order.line),
        new.happened_on.filter(|day| *day <= shop.settings.local(now).date()),
        statement,
        wanted,
        new.from.code(),
        new.about.code(),
        owner.map(|staff| staff.0),
        false,
        now
    )
    .fetch_one(&mut *db)
    .await?;
    let author = if by_staff { Author::of(&mut db, actor).await? } else { Author::Customer(name) };
    remember(&mut db, id, HistoryKind::Opened, &author, false, "", now).await?;
    events::record(&mut db, "complaint.opened", id.0, json!({ "number": number, "kind": new.kind.code() }), now).await?;
    if by_staff {
        audit::record(&mut db, actor, "complaint.opened", Some(id.0), json!({ "number": number }), now).await?;
    }
    if owner.is_some() {
        remember(&mut db, id, HistoryKind::Assigned, &author, false, "", now).await?;
    }
    let complaint = row::lock(&mut db, number).await?;
    promise_answer(&mut db, &calendar, &complaint, now).await?;
    letters::receipt(&mut db, shop, &complaint, now).await?;
    if new.angry && by_staff {
        super::steps::alert(&mut db, shop, actor, &complaint, now).await?;
    }
    db.commit().await?;
    Ok(Opened { id, number, token: signing::complaint_token(&shop.settings, id) })
}

/// Each is confirmed by a mail to an address that anybody may type.
async fn not_too_many(shop: &Shop, email: &str, now: OffsetDateTime) -> Step {
    let lately = sqlx::query_scalar!(
        r#"select count(*) as "count!" from complaint where lower(email) = lower($1) and email <> '' and opened_at > $2"#,
        email,
        now - LATELY
    )
    .fetch_one(&shop.db)
    .await?;
    if lately < MOST_LATELY { Ok(()) } else { refuse(ComplaintRefusal::TooMany) }
}

/// What a form about this order begins with.
///
/// # Errors
/// No such order, or a link that is cut off.
pub async fn order_offer(shop: &Shop, actor: &Actor, number: &str, token: Option<&Token>) -> Step<OrderOffer> {
    let wanted = OfOrder { number: number.to_owned(), token: token.cloned(), line: None };
    let found = find_order(shop, Some(&wanted), actor.may(Permission::HandleComplaints)).await?;
    let Some(order) = found else { return refuse(ComplaintRefusal::NoSuchOrder) };
    let lines = super::page::lines(&mut *shop.db.acquire().await?, order.id).await?;
    Ok(OrderOffer { number: number.to_owned(), name: order.name, email: order.email, lines })
}

struct FoundOrder {
    id: OrderId,
    line: Option<Uuid>,
    name: String,
    email: String,
}

async fn find_order(shop: &Shop, wanted: Option<&OfOrder>, by_staff: bool) -> Step<Option<FoundOrder>> {
    let Some(wanted) = wanted.filter(|order| !order.number.trim().is_empty()) else { return Ok(None) };
    let number = wanted.number.trim().trim_start_matches('#');
    let no_such_order = || Failure::Refused(ComplaintRefusal::NoSuchOrder);
    if number.contains('\0') {
        return Err(no_such_order());
    }
    if !by_staff {
        let token = wanted.token.clone().unwrap_or(Token(String::new()));
        orders::identify(shop, number, &token).await.map_err(|failure| failure.map_refusal(|_| ComplaintRefusal::NoSuchOrder))?;
    }
    let order = sqlx::query!("select id, name, email from orders where number = $1", number).fetch_optional(&shop.db).await?;
    let order = order.ok_or_else(no_such_order)?;
    let line = match wanted.line {
        None => None,
        Some(position) => {
            let line = sqlx::query_scalar!("select id from order_line where order_id = $1 and position = $2", order.id, position);
            Some(line.fetch_optional(&shop.db).await?.ok_or_else(no_such_order)?)
        }
    };
    Ok(Some(FoundOrder { id: OrderId(order.id), line, name: order.name, email: order.email }))
}

/// Name and mail address: none for an anonymous suggestion, else an address that can be answered. Staff may take down
/// somebody at the counter who has none.
fn contact(new: &NewComplaint, order: Option<&FoundOrder>, by_staff: bool) -> Step<(String, String)> {
    if new.anonymous {
        let alone = new.kind == ComplaintKind::Suggestion && order.is_none();
        return if alone { Ok((String::new(), String::new())) } else { refuse(ComplaintRefusal::NotAnonymous) };
    }
    let short = |text: &str| text.trim().chars().filter(|c| !c.is_control()).take(200).collect::<String>();
    let or = |typed: String, known: Option<&String>| if typed.is_empty() { known.cloned().unwrap_or_default() } else { typed };
    let email: String = new.email.split_whitespace().collect();
    let email = or(short(&email), order.map(|o| &o.email));
    if !(is_email(&email) || (by_staff && email.is_empty())) {
        return refuse(ComplaintRefusal::NotAnAddress);
    }
    Ok((or(short(&new.name), order.map(|o| &o.name)), email))
}

/// A person answers within the target, counted on the business calendar.
pub(super) async fn promise_answer(
    db: &mut PgConnection,
    calendar: &domain::calendar::Calendar,
    complaint: &Locked,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    if complaint.email.is_empty() || complaint.kind == ComplaintKind::Praise {
        return Ok(());
    }
    let minutes = sqlx::query_scalar!("select complaint_reply_minutes from service_rule").fetch_one(&mut *db).await?.unsigned_abs();
    let new = promises::NewPromise {
        kind: PromiseKind::Reply,
        subject: complaint.id.0,
        what: &format!("answer to complaint {}", complaint.number),
        owner: complaint.owner,
        to: "customer",
        due_at: calendar.due(now, minutes),
        warn_at: Some(calendar.due(now, warn_after(minutes))),
        about: promises::About { order: complaint.order, conversation: None, complaint: Some(complaint.id) },
    };
    promises::make(db, &new, now).await?;
    Ok(())
}
