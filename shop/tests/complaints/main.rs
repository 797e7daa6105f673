//! The register of complaints: what each step needs, who may take it, and what its customer is told.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail loudly too")]
#![allow(clippy::disallowed_methods, reason = "a signature is made by the real clock")]

#[path = "../support/mod.rs"]
mod support;

mod register;
mod stages;

use domain::{
    Language,
    complaints::{Cause, ClosedHow, ComplaintKind, ComplaintRefusal, Department, HistoryKind, Intake, Needed, Remedy, Stage},
    ids::StaffId,
    orders::Placed,
    staff::{Role, Roles},
    token::Token,
};
use shop::{
    Actor,
    complaints::{self, Filter, Findings, NewComplaint, NewImprovement, OfOrder, Opened, Queue},
    promises,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use support::{World, refusal};
use time::{Date, Duration, OffsetDateTime, macros::datetime};

const GUEST: Actor = Actor::Guest { cart: None };
/// A Monday morning at the workshop.
const MONDAY: OffsetDateTime = datetime!(2026-11-30 09:00 UTC);

async fn staff(w: &World, name: &str, roles: &[Role]) -> Actor {
    let id = StaffId(uuid::Uuid::new_v4());
    let codes = roles.iter().map(|role| role.code()).collect::<Vec<_>>().join(",");
    w.sql(&format!(
        "insert into staff (id, email, name, roles, created_at) values ('{id}', '{name}@shop.test', '{name}', '{{{codes}}}', now())"
    ))
    .await;
    Actor::Staff { id, roles: Roles::of(roles) }
}

fn new(kind: ComplaintKind) -> NewComplaint {
    NewComplaint {
        kind,
        language: Language::Es,
        statement: "El cuenco llegó roto.".into(),
        wanted: "Otro cuenco".into(),
        from: Department::Web,
        about: Department::Dispatch,
        intake: Intake::Web,
        name: "Ana Gil".into(),
        email: "ana@example.org".into(),
        anonymous: false,
        order: None,
        happened_on: None,
        conversation: None,
        angry: false,
        take: false,
    }
}

fn about(placed: &Placed, line: i32) -> NewComplaint {
    let order = OfOrder { number: placed.number.clone(), token: Some(placed.token.clone()), line: Some(line) };
    NewComplaint { order: Some(order), name: String::new(), email: String::new(), ..new(ComplaintKind::Complaint) }
}

async fn world(pool: PgPoolOptions, options: PgConnectOptions) -> (World, Actor) {
    let mut w = World::new(pool, options).await;
    w.now = MONDAY;
    let agent = staff(&w, "Marta", &[Role::Agent]).await;
    (w, agent)
}

/// The payment service lives by the real clock: the order is placed then, and what follows on the Monday.
async fn placed(w: &mut World, bowl: domain::ids::VariantId, paid: bool) -> Placed {
    w.now = OffsetDateTime::now_utc();
    let (_, placed) = if paid { w.paid(&[(bowl, 1)]).await } else { w.placed(&[(bowl, 1)]).await };
    w.now = MONDAY;
    placed
}

async fn opened(w: &World, new: &NewComplaint) -> Opened {
    complaints::open(&w.shop, &GUEST, new, w.now).await.unwrap()
}

fn findings() -> Findings {
    Findings {
        line: None,
        happened_on: Some(MONDAY.date()),
        evidence: "Foto del cuenco".into(),
        cause: Some(Cause::Delay),
        consequences: "Se quedó sin regalo".into(),
    }
}

async fn owned(w: &World, agent: &Actor) -> Opened {
    let opened = opened(w, &new(ComplaintKind::Complaint)).await;
    complaints::assign(&w.shop, agent, opened.number, agent.staff().unwrap(), w.now).await.unwrap();
    opened
}

/// As far as a promise for that day.
async fn promised(w: &World, agent: &Actor, by: Date) -> Opened {
    let opened = owned(w, agent).await;
    complaints::investigate(&w.shop, agent, opened.number, &findings(), w.now).await.unwrap();
    complaints::acknowledge(&w.shop, agent, opened.number, "Lo sentimos mucho.", false, w.now).await.unwrap();
    complaints::promise(&w.shop, agent, opened.number, ("Te enviamos otro.", Remedy::Other), by, false, w.now).await.unwrap();
    opened
}

async fn solved(w: &World, agent: &Actor) -> Opened {
    let opened = promised(w, agent, (w.now + Duration::days(3)).date()).await;
    complaints::solve(&w.shop, agent, opened.number, "Enviado hoy.", false, w.now).await.unwrap();
    opened
}

async fn stage(w: &World, opened: &Opened) -> Stage {
    complaints::follow(&w.shop, opened.number, &opened.token).await.unwrap().stage
}

async fn mails(w: &World) -> Vec<(String, String)> {
    let sent = sqlx::query_as("select recipient, text_body from mail order by queued_at, id");
    sent.fetch_all(&w.shop.db).await.unwrap()
}
