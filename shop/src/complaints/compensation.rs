//! Making up for what a complaint is about, with credit or by giving money back: through the ledger and the payments,
//! never beside them; within what this person may give; written into the complaint's history.

use super::{
    letters,
    row::{Locked, Step, lock_own, needs, note_step, refuse, required},
};
use crate::{Actor, Failure, Fault, Shop, credit, desk, transaction};
use domain::{
    Language, Money,
    complaints::{ComplaintRefusal, HistoryKind, Stage},
    desk::DeskRefusal,
    format,
    staff::Permission,
};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Credit,
    /// The way the order was paid.
    Refund,
}

/// Compensates once a `key`, with so much as `typed`, and tells the customer.
///
/// # Errors
/// No amount, no reason, nobody to write to, or more than was paid or than this person may give.
pub async fn compensate(
    shop: &Shop,
    actor: &Actor,
    key: Uuid,
    number: i64,
    (way, typed): (Way, &str),
    reason: &str,
    now: OffsetDateTime,
) -> Step {
    needs(actor, Permission::GiveBack)?;
    let reason = required(reason)?;
    let mut db = transaction::begin(&shop.db).await?;
    let complaint = lock_own(&mut db, actor, number).await?;
    if !desk::first_time(&mut db, actor, key, "complaint.compensate", complaint.id.0, now).await? {
        return Ok(());
    }
    if complaint.stage == Stage::Opened {
        return refuse(ComplaintRefusal::WrongStage(complaint.stage));
    }
    let said = match way {
        Way::Credit => as_credit(&mut db, shop, actor, &complaint, (key, typed), &reason, now).await?,
        Way::Refund => as_refund(&mut db, shop, actor, &complaint, typed, &reason, now).await?,
    };
    note_step(&mut db, actor, &complaint, (HistoryKind::Compensated, false), &said, now).await?;
    note_step(&mut db, actor, &complaint, (HistoryKind::Note, true), &reason, now).await?;
    db.commit().await?;
    Ok(())
}

fn named(refusal: DeskRefusal) -> ComplaintRefusal {
    match refusal {
        DeskRefusal::NotAnAmount => ComplaintRefusal::NotAnAmount,
        DeskRefusal::TooMuch { most } => ComplaintRefusal::TooMuch { most },
        DeskRefusal::AboveLimit { left } | DeskRefusal::AboveBudget { left } => ComplaintRefusal::AboveBudget { left },
        DeskRefusal::NotAllowed => ComplaintRefusal::NotAllowed,
        _ => ComplaintRefusal::NotRefundable,
    }
}

/// The gift writes its own mail, with the code; answers what the history says.
async fn as_credit(
    db: &mut PgConnection,
    shop: &Shop,
    actor: &Actor,
    complaint: &Locked,
    (key, typed): (Uuid, &str),
    reason: &str,
    now: OffsetDateTime,
) -> Step<String> {
    if complaint.email.is_empty() {
        return refuse(ComplaintRefusal::NotAnAddress);
    }
    let money = desk::amount(typed, shop.settings.currency).map_err(|failure| failure.map_refusal(named))?;
    if let Some(left) = credit::left_of_budget(db, shop, actor, now).await?.filter(|left| money.minor > *left) {
        return refuse(ComplaintRefusal::AboveBudget { left: Money::new(left, money.currency) });
    }
    let gift = credit::Gift {
        money,
        to: &complaint.email,
        name: &complaint.name,
        language: complaint.language,
        reason: "compensation",
        source: key,
        note: reason,
        by: actor.staff(),
        order: complaint.order,
        complaint: Some(complaint.id),
    };
    credit::give(db, shop, &gift, now).await?;
    let amount = format::money(money, complaint.language);
    Ok(match complaint.language {
        Language::Es => format!("{amount} de saldo en la tienda; el código va por correo."),
        Language::En => format!("{amount} of store credit; its code comes by mail."),
    })
}

async fn as_refund(
    db: &mut PgConnection,
    shop: &Shop,
    actor: &Actor,
    complaint: &Locked,
    typed: &str,
    reason: &str,
    now: OffsetDateTime,
) -> Step<String> {
    let Some(order) = complaint.order else { return refuse(ComplaintRefusal::NoSuchOrder) };
    let number = sqlx::query_scalar!("select number from orders where id = $1", order.0).fetch_one(&mut *db).await.map_err(Fault::from)?;
    let money = desk::give_back_within(db, actor, order, &number, typed, reason, now)
        .await
        .map_err(|failure: Failure<DeskRefusal>| failure.map_refusal(named))?;
    let amount = format::money(money, complaint.language);
    let said = match complaint.language {
        Language::Es => format!("Te devolvemos {amount} del pedido {number}, tal como se pagó."),
        Language::En => format!("We return {amount} of order {number}, the way it was paid."),
    };
    letters::words(db, shop, complaint, &said, now).await?;
    Ok(said)
}
