//! The register of complaints: what each step needs, who may take it, and what its customer is told.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail loudly too")]
#![allow(clippy::disallowed_methods, reason = "a signature is made by the real clock")]

mod support;

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

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_complaint_is_acknowledged_promised_solved_and_confirmed(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, agent) = world(pool, options).await;
    let by = (w.now + Duration::days(3)).date();
    let opened = promised(&w, &agent, by).await;
    let followed = complaints::follow(&w.shop, opened.number, &opened.token).await.unwrap();
    assert_eq!((followed.stage, followed.owner.as_deref()), (Stage::Promised, Some("Marta")));
    assert_eq!(w.shop.settings.local(followed.due_at.unwrap()).date(), by);
    let internal = followed.history.iter().any(|line| line.internal || line.kind == HistoryKind::Investigated);
    assert!(!internal, "what staff found out stays among staff");
    w.later(Duration::days(1));
    complaints::solve(&w.shop, &agent, opened.number, "Enviado hoy.", false, w.now).await.unwrap();
    complaints::confirm(&w.shop, opened.number, &opened.token, w.now).await.unwrap();
    complaints::confirm(&w.shop, opened.number, &opened.token, w.now).await.unwrap();
    let followed = complaints::follow(&w.shop, opened.number, &opened.token).await.unwrap();
    assert_eq!((followed.stage, followed.closed_how), (Stage::Closed, Some(ClosedHow::Confirmed)));
    assert_eq!(w.number("select count(*) from promise where complaint_id is not null and kept_at is not null").await, 2);
    let mails = mails(&w).await;
    assert_eq!(mails.len(), 4, "receipt, acknowledgement, promise, question");
    let link = format!("https://shop.test/es/complaint/{}?t={}", opened.number, opened.token.0);
    assert!(mails.iter().all(|(to, text)| to == "ana@example.org" && text.contains(&link)));
    assert!(mails.iter().any(|(_, text)| text.contains("jueves, 3 de diciembre")), "{mails:?}");
    assert!(w.number("select count(*) from audit where action like 'complaint.%'").await >= 5);
    shop::jobs::run_due(&w.shop, || w.now).await.unwrap();
    assert_eq!(w.number("select count(*) from mail where sent_at is null").await, 0);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_a_complaint_needs_is_asked_for(pool: PgPoolOptions, options: PgConnectOptions) {
    let (w, _) = world(pool, options).await;
    let told = async |new: NewComplaint| refusal(complaints::open(&w.shop, &GUEST, &new, w.now).await);
    let complaint = || new(ComplaintKind::Complaint);
    assert_eq!(told(NewComplaint { wanted: "  ".into(), ..complaint() }).await, ComplaintRefusal::WantedMissing);
    assert_eq!(told(NewComplaint { statement: "\0 ".into(), ..complaint() }).await, ComplaintRefusal::Empty);
    assert_eq!(told(NewComplaint { email: "ana".into(), ..complaint() }).await, ComplaintRefusal::NotAnAddress);
    assert_eq!(told(NewComplaint { anonymous: true, ..complaint() }).await, ComplaintRefusal::NotAnonymous);
    assert_eq!(told(NewComplaint { statement: "x".repeat(6001), ..complaint() }).await, ComplaintRefusal::TooLong);
    for _ in 0..5 {
        opened(&w, &complaint()).await;
    }
    assert_eq!(told(NewComplaint { email: "ANA@example.org".into(), ..complaint() }).await, ComplaintRefusal::TooMany);
    let anonymous = NewComplaint { anonymous: true, wanted: String::new(), ..new(ComplaintKind::Suggestion) };
    let suggestion = opened(&w, &anonymous).await;
    let kept = w.text("select name || email || coalesce(customer_id::text, '') from complaint where kind = 'sugerencia'").await;
    assert_eq!(kept, "", "nobody can tell who it was");
    assert_eq!((stage(&w, &suggestion).await, w.number("select count(*) from mail").await), (Stage::Opened, 5));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_order_is_shown_to_whoever_has_its_link_only(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, agent) = world(pool, options).await;
    let bowl = w.variant("Cuenco", 2490, 5).await;
    let placed = placed(&mut w, bowl, false).await;
    let mut stranger = about(&placed, 0);
    stranger.order.as_mut().unwrap().token = Some(Token("guess".into()));
    assert_eq!(refusal(complaints::open(&w.shop, &GUEST, &stranger, w.now).await), ComplaintRefusal::NoSuchOrder);
    assert_eq!(refusal(complaints::open(&w.shop, &GUEST, &about(&placed, 9), w.now).await), ComplaintRefusal::NoSuchOrder);
    let ours = opened(&w, &about(&placed, 0)).await;
    let view = complaints::view(&w.shop, &agent, ours.number).await.unwrap();
    assert_eq!((view.email.as_str(), view.line), ("ana@example.org", Some(0)), "known from the order, not asked again");
    assert_eq!(refusal(complaints::follow(&w.shop, ours.number, &placed.token).await), ComplaintRefusal::NoSuchComplaint);
    let offer = complaints::order_offer(&w.shop, &GUEST, &placed.number, Some(&placed.token)).await.unwrap();
    assert_eq!(offer.lines.len(), 1);
    assert_eq!(refusal(complaints::order_offer(&w.shop, &GUEST, &placed.number, None).await), ComplaintRefusal::NoSuchOrder);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn no_stage_is_skipped_and_what_is_missing_is_named(pool: PgPoolOptions, options: PgConnectOptions) {
    let (w, agent) = world(pool, options).await;
    let opened = owned(&w, &agent).await;
    let n = opened.number;
    let partly = Findings { consequences: String::new(), ..findings() };
    let told = refusal(complaints::investigate(&w.shop, &agent, n, &partly, w.now).await);
    assert_eq!(told, ComplaintRefusal::Missing(vec![Needed::Consequences]));
    let view = complaints::view(&w.shop, &agent, n).await.unwrap();
    assert_eq!((view.stage, view.evidence.as_str()), (Stage::Assigned, "Foto del cuenco"), "what was typed is kept");
    let rest = Findings { consequences: "Se quedó sin regalo".into(), ..Findings::default() };
    complaints::investigate(&w.shop, &agent, n, &rest, w.now).await.unwrap();
    let by = (w.now + Duration::days(2)).date();
    let promise = async |by| complaints::promise(&w.shop, &agent, n, ("Otro cuenco.", Remedy::Other), by, false, w.now).await;
    assert_eq!(refusal(promise(by).await), ComplaintRefusal::Missing(vec![Needed::Acknowledgement]), "first we are sorry");
    assert_eq!(w.number("select count(*) from promise where kind = 'solution'").await, 0);
    complaints::acknowledge(&w.shop, &agent, n, "Lo sentimos.", false, w.now).await.unwrap();
    assert_eq!(refusal(promise((w.now - Duration::days(2)).date()).await), ComplaintRefusal::InThePast);
    let early = complaints::solve(&w.shop, &agent, n, "Hecho.", false, w.now).await;
    assert_eq!(refusal(early), ComplaintRefusal::WrongStage(Stage::Investigated));
    promise(by).await.unwrap();
    assert_eq!(refusal(complaints::confirm(&w.shop, n, &opened.token, w.now).await), ComplaintRefusal::WrongStage(Stage::Promised));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_complaint_has_one_owner_and_is_handed_over_with_a_summary(pool: PgPoolOptions, options: PgConnectOptions) {
    let (w, marta) = world(pool, options).await;
    let (luis, boss) = (staff(&w, "Luis", &[Role::Agent]).await, staff(&w, "Eva", &[Role::Supervisor]).await);
    let shelf = staff(&w, "Teo", &[Role::Merchandiser]).await;
    let id = |actor: &Actor| actor.staff().unwrap();
    let opened = opened(&w, &new(ComplaintKind::Complaint)).await;
    let n = opened.number;
    assert_eq!(refusal(complaints::assign(&w.shop, &luis, n, id(&marta), w.now).await), ComplaintRefusal::NotAllowed);
    assert_eq!(refusal(complaints::assign(&w.shop, &boss, n, id(&shelf), w.now).await), ComplaintRefusal::NoSuchColleague);
    // Two take it at the same moment: one gets it.
    let (a, b) =
        tokio::join!(complaints::assign(&w.shop, &marta, n, id(&marta), w.now), complaints::assign(&w.shop, &luis, n, id(&luis), w.now));
    assert_eq!([&a, &b].iter().filter(|outcome| outcome.is_ok()).count(), 1, "{a:?} {b:?}");
    let (owner, other) = if a.is_ok() { (marta, luis) } else { (luis, marta) };
    let told = refusal(complaints::acknowledge(&w.shop, &other, n, "Lo sentimos.", false, w.now).await);
    assert_eq!(told, ComplaintRefusal::NotYours);
    let hand_over = async |summary: &str| complaints::transfer(&w.shop, &owner, n, id(&other), summary, w.now).await;
    assert_eq!(refusal(hand_over("  toda tuya  ").await), ComplaintRefusal::SummaryMissing);
    hand_over("Cuenco roto; quiere otro antes del viernes.").await.unwrap();
    let view = complaints::view(&w.shop, &other, n).await.unwrap();
    assert_eq!(view.owner.map(|(owner, _)| owner), other.staff());
    assert!(view.history.iter().any(|line| line.body.contains("antes del viernes")), "the next one opens with it");
    let keeper = w.text("select owner_id::text from promise where kind = 'reply'").await;
    assert_eq!(keeper, id(&other).to_string(), "the promise goes along");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn history_is_never_rewritten(pool: PgPoolOptions, options: PgConnectOptions) {
    let (w, _) = world(pool, options).await;
    opened(&w, &new(ComplaintKind::Complaint)).await;
    for statement in ["update complaint_entry set body = 'other'", "delete from complaint_entry"] {
        let refused = sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&w.shop.db).await;
        assert!(refused.unwrap_err().to_string().contains("append-only"));
    }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn defending_ourselves_is_warned_of_and_looked_at(pool: PgPoolOptions, options: PgConnectOptions) {
    let (w, agent) = world(pool, options).await;
    let boss = staff(&w, "Eva", &[Role::Supervisor]).await;
    let n = owned(&w, &agent).await.number;
    let text = "No es culpa nuestra, cálmese.";
    let told = refusal(complaints::acknowledge(&w.shop, &agent, n, text, false, w.now).await);
    assert_eq!(told, ComplaintRefusal::Defensive(vec!["no es culpa nuestra".into(), "calmese".into()]));
    let view = complaints::view(&w.shop, &agent, n).await.unwrap();
    assert_eq!((view.draft["acknowledgement"].as_str(), view.acknowledged, view.review), (Some(text), false, false));
    assert_eq!(mails(&w).await.len(), 1, "only the receipt went out");
    complaints::acknowledge(&w.shop, &agent, n, text, true, w.now).await.unwrap();
    let marked = async || {
        let filter = Filter { queue: Queue::Review, ..Filter::default() };
        complaints::list(&w.shop, &boss, &filter, None, w.now).await.unwrap().complaints.len()
    };
    assert_eq!(marked().await, 1);
    assert_eq!(refusal(complaints::reviewed(&w.shop, &agent, n, "", w.now).await), ComplaintRefusal::NotAllowed);
    complaints::reviewed(&w.shop, &boss, n, "Hablado con Marta.", w.now).await.unwrap();
    assert_eq!(marked().await, 0);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_day_that_stock_and_carrier_cannot_keep_needs_a_manager(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, agent) = world(pool, options).await;
    let manager = staff(&w, "Sol", &[Role::Manager]).await;
    let bowl = w.variant("Cuenco", 2490, 1).await;
    let placed = placed(&mut w, bowl, true).await;
    let n = opened(&w, &about(&placed, 0)).await.number;
    complaints::assign(&w.shop, &agent, n, agent.staff().unwrap(), w.now).await.unwrap();
    complaints::investigate(&w.shop, &agent, n, &findings(), w.now).await.unwrap();
    complaints::acknowledge(&w.shop, &agent, n, "Lo sentimos.", false, w.now).await.unwrap();
    let soon = (w.now + Duration::days(3)).date();
    let promise = async |who: &Actor, remedy, by| complaints::promise(&w.shop, who, n, ("Otro cuenco.", remedy), by, false, w.now).await;
    // The last bowl is sold: a new one is made first.
    let ComplaintRefusal::CannotBeKept { earliest } = refusal(promise(&agent, Remedy::Replacement, soon).await) else { panic!() };
    assert!(earliest > soon + Duration::days(7), "{earliest}");
    let kept = complaints::view(&w.shop, &agent, n).await.unwrap().draft;
    assert_eq!(kept["solution"], "Otro cuenco.");
    promise(&manager, Remedy::Replacement, soon).await.unwrap();
    assert_eq!(w.number("select count(*) from promise where kind = 'solution'").await, 1);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn not_solved_begins_again_and_silence_closes_unconfirmed(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, agent) = world(pool, options).await;
    let first = solved(&w, &agent).await;
    assert_eq!(refusal(complaints::dispute(&w.shop, first.number, &first.token, " ", w.now).await), ComplaintRefusal::Empty);
    complaints::dispute(&w.shop, first.number, &first.token, "Llegó otro roto.", w.now).await.unwrap();
    assert_eq!(stage(&w, &first).await, Stage::Investigated);
    let by = (w.now + Duration::days(2)).date();
    let again = complaints::promise(&w.shop, &agent, first.number, ("Otro más.", Remedy::Other), by, false, w.now).await;
    assert_eq!(refusal(again), ComplaintRefusal::Missing(vec![Needed::Acknowledgement]), "sorry again, before promising again");
    assert_eq!(w.number("select count(*) from promise where kind = 'reply' and done_at is null").await, 1, "and an answer is owed");

    let second = solved(&w, &agent).await;
    w.later(Duration::days(6));
    assert_eq!(complaints::close_unconfirmed(&w.shop, w.now).await.unwrap(), 0);
    w.later(Duration::days(2));
    assert_eq!(complaints::close_unconfirmed(&w.shop, w.now).await.unwrap(), 1);
    let followed = complaints::follow(&w.shop, second.number, &second.token).await.unwrap();
    assert_eq!((followed.stage, followed.closed_how), (Stage::Closed, Some(ClosedHow::Unconfirmed)));
    // Back from a holiday: it is not too late to say so.
    complaints::dispute(&w.shop, second.number, &second.token, "Sigo esperando.", w.now).await.unwrap();
    assert_eq!(stage(&w, &second).await, Stage::Investigated);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn two_complaints_about_one_line_become_one(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, agent) = world(pool, options).await;
    let bowl = w.variant("Cuenco", 2490, 5).await;
    let (one, other) = (placed(&mut w, bowl, false).await, placed(&mut w, bowl, false).await);
    let (first, second) = (opened(&w, &about(&one, 0)).await, opened(&w, &about(&one, 0)).await);
    let elsewhere = opened(&w, &about(&other, 0)).await;
    complaints::assign(&w.shop, &agent, first.number, agent.staff().unwrap(), w.now).await.unwrap();
    let twins = complaints::view(&w.shop, &agent, first.number).await.unwrap().twins;
    assert_eq!(twins.iter().map(|twin| (twin.number, twin.same_line)).collect::<Vec<_>>(), [(second.number, true)]);
    let merge = async |one, two| complaints::merge_into_older(&w.shop, &agent, one, two, w.now).await;
    assert_eq!(refusal(merge(first.number, elsewhere.number).await), ComplaintRefusal::NotToBeMerged);
    assert_eq!(merge(second.number, first.number).await.unwrap(), first.number);
    assert_eq!(refusal(merge(second.number, first.number).await), ComplaintRefusal::NotToBeMerged, "once");
    let gone = complaints::follow(&w.shop, second.number, &second.token).await.unwrap();
    assert_eq!((gone.closed_how, gone.merged_into), (Some(ClosedHow::Merged), Some(first.number)));
    let view = complaints::view(&w.shop, &agent, first.number).await.unwrap();
    assert!(view.history.iter().any(|line| line.of_number == Some(second.number)), "its history came along");
    assert!(view.twins.is_empty());
    assert_eq!(w.number("select count(*) from promise where kind = 'reply' and withdrawn_at is not null").await, 1);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn somebody_angry_is_told_of_at_once_and_once(pool: PgPoolOptions, options: PgConnectOptions) {
    let (w, agent) = world(pool, options).await;
    staff(&w, "Eva", &[Role::Supervisor]).await;
    let by_phone = NewComplaint { intake: Intake::Phone, email: String::new(), angry: true, take: true, ..new(ComplaintKind::Complaint) };
    let opened = complaints::open(&w.shop, &agent, &by_phone, w.now).await.unwrap();
    complaints::flag_angry(&w.shop, &agent, opened.number, w.now).await.unwrap();
    let mails = mails(&w).await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert!(mails[0].0 == "Eva@shop.test" && mails[0].1.contains(&format!("/desk/complaints/{}", opened.number)));
    let view = complaints::view(&w.shop, &agent, opened.number).await.unwrap();
    assert!(view.angry && view.may_work && view.stage == Stage::Assigned);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_answer_late_is_a_broken_promise_and_supervisors_hear_of_it(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, agent) = world(pool, options).await;
    staff(&w, "Eva", &[Role::Supervisor]).await;
    let opened = owned(&w, &agent).await;
    // Four business hours from Monday ten o'clock in Madrid; warned after four fifths of them.
    w.now = datetime!(2026-11-30 12:11 UTC);
    assert_eq!(promises::warn(&w.shop, w.now).await.unwrap(), 0);
    w.now = datetime!(2026-11-30 12:13 UTC);
    assert_eq!(promises::warn(&w.shop, w.now).await.unwrap(), 1);
    assert_eq!(promises::warn(&w.shop, w.now).await.unwrap(), 0, "once");
    assert_eq!(mails(&w).await.last().unwrap().0, "Marta@shop.test");
    let late = Filter { queue: Queue::Mine, ..Filter::default() };
    assert!(!complaints::list(&w.shop, &agent, &late, None, w.now).await.unwrap().complaints[0].overdue);
    w.now = datetime!(2026-11-30 13:01 UTC);
    assert_eq!(promises::mark_broken(&w.shop, w.now).await.unwrap(), 1);
    assert_eq!(promises::escalate(&w.shop, w.now).await.unwrap(), 1);
    assert_eq!(promises::escalate(&w.shop, w.now).await.unwrap(), 0, "once");
    let last = mails(&w).await.pop().unwrap();
    assert!(last.0 == "Eva@shop.test" && last.1.contains(&opened.number.to_string()), "{last:?}");
    assert!(complaints::list(&w.shop, &agent, &late, None, w.now).await.unwrap().complaints[0].overdue);
    complaints::acknowledge(&w.shop, &agent, opened.number, "Lo sentimos.", false, w.now).await.unwrap();
    assert_eq!(
        w.number("select count(*) from promise where kind = 'reply' and broken_at is not null and kept_at is null and done_at is not null")
            .await,
        1
    );
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_day_is_put_off_before_it_is_due_and_with_a_reason_only(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, agent) = world(pool, options).await;
    let by = (w.now + Duration::days(3)).date();
    let n = promised(&w, &agent, by).await.number;
    let put_off = async |w: &World, day: Date, reason: &str| complaints::renegotiate(&w.shop, &agent, n, day, reason, w.now).await;
    let later = by + Duration::days(2);
    assert_eq!(refusal(put_off(&w, later, "  ").await), ComplaintRefusal::ReasonMissing);
    assert_eq!(refusal(put_off(&w, by - Duration::days(9), "Horno roto.").await), ComplaintRefusal::InThePast);
    w.later(Duration::minutes(1));
    put_off(&w, later, "Horno roto.").await.unwrap();
    let told = mails(&w).await.pop().unwrap().1;
    assert!(told.contains("sábado, 5 de diciembre") && told.contains("Horno roto."), "{told}");
    let due = complaints::view(&w.shop, &agent, n).await.unwrap().solution_due.unwrap();
    assert_eq!(w.shop.settings.local(due).date(), later);
    assert_eq!(w.number("select count(*) from promise_change where reason = 'Horno roto.' and due_before < due_after").await, 1);
    // The last second of the day: due is due, whether or not a worker has come by.
    w.now = due;
    assert_eq!(refusal(put_off(&w, later + Duration::days(9), "Más horno.").await), ComplaintRefusal::TooLateToPutOff);
    w.later(Duration::hours(1));
    promises::mark_broken(&w.shop, w.now).await.unwrap();
    assert_eq!(refusal(put_off(&w, later + Duration::days(9), "Más horno.").await), ComplaintRefusal::TooLateToPutOff);
    complaints::solve(&w.shop, &agent, n, "Enviado.", false, w.now).await.unwrap();
    assert_eq!(w.number("select count(*) from promise where kind = 'solution' and broken_at is not null and kept_at is null").await, 1);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn managers_see_causes_and_whether_an_improvement_moved_them(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, agent) = world(pool, options).await;
    let boss = staff(&w, "Eva", &[Role::Manager]).await;
    let since = w.now - Duration::days(365);
    let closed = solved(&w, &agent).await;
    solved(&w, &agent).await;
    let due_on = (w.now + Duration::days(30)).date();
    let improvement = || NewImprovement {
        complaint: closed.number,
        kind: domain::complaints::ImprovementKind::Procedure,
        what: "Doble caja".into(),
        owner: agent.staff().unwrap(),
        due_on,
    };
    let early = complaints::start_improvement(&w.shop, &agent, &improvement(), w.now).await;
    assert_eq!(refusal(early), ComplaintRefusal::WrongStage(Stage::Solved), "a closed one starts it");
    complaints::confirm(&w.shop, closed.number, &closed.token, w.now).await.unwrap();
    complaints::start_improvement(&w.shop, &agent, &improvement(), w.now).await.unwrap();
    assert_eq!(refusal(complaints::pareto(&w.shop, &agent, since, w.now).await), ComplaintRefusal::NotAllowed);
    w.later(Duration::hours(1));
    let id = complaints::pareto(&w.shop, &boss, since, w.now).await.unwrap().improvements[0].id;
    complaints::finish_improvement(&w.shop, &agent, id, w.now).await.unwrap();
    w.later(Duration::days(5));
    solved(&w, &agent).await;
    w.later(Duration::days(5));
    let pareto = complaints::pareto(&w.shop, &boss, since, w.now).await.unwrap();
    assert_eq!((pareto.bars[0].cause, pareto.bars[0].count, pareto.bars[0].cumulated), (Cause::Delay, 3, 10_000));
    assert_eq!(pareto.improvements[0].moved, Some((2, 1)), "two before, one since");
    let table = complaints::csv(&w.shop, &boss, since).await.unwrap();
    assert_eq!(table.lines().count(), 4);
    assert!(table.contains("Se quedó sin regalo"));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_register_is_paged_without_gaps_and_agents_see_their_own(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, agent) = world(pool, options).await;
    let boss = staff(&w, "Eva", &[Role::Supervisor]).await;
    for n in 0..45 {
        let email = format!("ana{n}@example.org");
        opened(&w, &NewComplaint { email, ..new(ComplaintKind::Complaint) }).await;
        w.later(Duration::minutes(1));
    }
    let open = Filter { queue: Queue::Open, ..Filter::default() };
    assert_eq!(refusal(complaints::list(&w.shop, &agent, &open, None, w.now).await), ComplaintRefusal::NotAllowed);
    let first = complaints::list(&w.shop, &boss, &open, None, w.now).await.unwrap();
    let second = complaints::list(&w.shop, &boss, &open, first.next.as_deref(), w.now).await.unwrap();
    let mut numbers: Vec<_> = first.complaints.iter().chain(&second.complaints).map(|c| c.number).collect();
    assert!((numbers.is_sorted(), first.complaints.len(), second.next) == (true, 40, None), "what is due first comes first");
    numbers.dedup();
    assert_eq!(numbers.len(), 45);
    let found = Filter { search: "ROTO".into(), queue: Queue::Waiting, ..Filter::default() };
    assert_eq!(complaints::list(&w.shop, &agent, &found, None, w.now).await.unwrap().complaints.len(), 40);
    let nothing = Filter { search: "100%_".into(), ..found };
    assert_eq!(complaints::list(&w.shop, &agent, &nothing, None, w.now).await.unwrap().complaints.len(), 0);
}
