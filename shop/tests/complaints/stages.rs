//! From opening to the customer's word: what each stage asks for, who has it, and what is promised.

use super::*;

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
