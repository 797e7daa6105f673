//! What the desk sees of all complaints: anger, arguing, lateness, causes and the register itself.

use super::*;

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
