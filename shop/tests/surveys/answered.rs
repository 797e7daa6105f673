//! A case from its opening to its end: who works on it, what its person says, what is measured and what is forgotten.

use crate::cases::{finished, rated};
use crate::support::{World, refusal};
use crate::{Duration, Language, MONDAY, asked, delivered, invited, links, says, staff, surveys, world};
use domain::{
    chat::{Channel, Topic},
    ids::{CaseId, StaffId},
    staff::{Role, Roles},
    surveys::{CaseRefusal, CaseState, CaseStep, GATE},
    token::Token,
};
use shop::{
    Actor, chat, promises,
    surveys::cases::{self, Queue, Told, View},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::sync::Arc;
use uuid::Uuid;

/// Somebody unhappy with order 1, whose case is number 1.
async fn unhappy(w: &World) {
    let link = asked(w, "full").await;
    rated(w, &link, "2").await;
    says(w, &link, "NPS", "2").await;
    says(w, &link, "OWN", "It came broken. Call +34 600 123 456").await;
    finished(w, &link).await;
}

async fn link_of(w: &World, number: i64) -> Token {
    let id: Uuid = w.text(&format!("select id::text from survey_case where number = {number}")).await.parse().unwrap();
    shop::signing::case_token(&w.shop.settings, CaseId(id))
}

fn told(solved: &str, recommend: &str, words: &str) -> Told {
    Told { solved: solved.into(), recommend: recommend.into(), words: words.into() }
}

async fn seen(w: &World, actor: &Actor) -> View {
    cases::view(&w.shop, actor, 1, Language::En).await.unwrap()
}

async fn answered(w: &World, agent: &Actor) {
    cases::take(&w.shop, agent, 1, w.now).await.unwrap();
    cases::write(&w.shop, agent, 1, Uuid::new_v4(), "A new one left today.", w.now).await.unwrap();
}

async fn state(w: &World) -> String {
    w.text("select state from survey_case where number = 1").await
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_unhappy_person_is_answered_says_no_and_then_that_it_is_solved(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    unhappy(&w).await;
    let agent = staff(&w, Role::Agent).await;
    let found = seen(&w, &agent).await;
    assert_eq!((found.state, found.order.unwrap().0.as_str(), found.mean_before), (CaseState::Open, "1", Some(2.0)));
    assert_eq!(found.comments, ["It came broken. Call •••"], "fit to be shown");
    let recommends = found.answers.iter().find(|answer| answer.dimension == "Recommendation").unwrap();
    assert_eq!(recommends.value.as_ref().unwrap().0, 2);
    assert_eq!(found.answers.len(), 23);

    w.later(Duration::minutes(5));
    cases::take(&w.shop, &agent, 1, w.now).await.unwrap();
    w.later(Duration::minutes(5));
    let key = Uuid::new_v4();
    for _ in 0..2 {
        cases::write(&w.shop, &agent, 1, key, "A new one left today.", w.now).await.unwrap();
    }
    assert_eq!(w.number("select count(*) from mail where key like 'survey.case:%'").await, 1, "a second click writes no second mail");
    let link = link_of(&w, 1).await;
    let mail = w.text("select text_body from mail where key like 'survey.case:%' and recipient = 'ana@example.org'").await;
    for said in ["A new one left today.", "order 1", &format!("https://shop.test/en/survey/case?t={}", link.0)] {
        assert!(mail.contains(said), "no `{said}` in {mail}");
    }
    assert_eq!(w.number("select count(*) from promise where kind = 'reply' and kept_at is not null").await, 1);

    for _ in 0..3 {
        let page = cases::follow(&w.shop, &link, Language::En).await.unwrap();
        assert_eq!((page.state, page.answer.as_str(), page.steps.len()), (CaseState::Answered, "A new one left today.", 11));
    }
    assert_eq!(state(&w).await, "answered", "looking spends nothing");
    w.later(Duration::days(1));
    cases::tell(&w.shop, &link, &told("no", "1", "Nothing came"), w.now).await.unwrap();
    let again = seen(&w, &agent).await;
    assert_eq!(
        (again.state, again.owner.as_deref(), again.recommend_after),
        (CaseState::Taken, Some("agent"), Some(1)),
        "its owner goes on"
    );
    assert!(again.due_at.unwrap() > w.now, "and another answer is promised");
    assert_eq!(w.number("select count(*) from mail where key like 'case.reopened:%' and recipient = 'agent@shop.test'").await, 1);
    let twice = refusal(cases::tell(&w.shop, &link, &told("no", "", ""), w.now).await);
    assert_eq!(twice, CaseRefusal::WrongState(CaseState::Taken));

    w.later(Duration::hours(1));
    cases::write(&w.shop, &agent, 1, Uuid::new_v4(), "It is at your door.", w.now).await.unwrap();
    w.later(Duration::hours(1));
    cases::tell(&w.shop, &link, &told("yes", "9", "Card 4242 4242 4242 4242"), w.now).await.unwrap();
    cases::tell(&w.shop, &link, &told("yes", "0", ""), w.now).await.unwrap();
    let end = seen(&w, &agent).await;
    assert_eq!((end.state, end.recommend_before, end.recommend_after), (CaseState::Confirmed, Some(2), Some(9)), "said once");
    let steps: Vec<_> = end.history.iter().map(|line| line.step).collect();
    use CaseStep::{Answered, Confirmed, Opened, Reopened, Taken};
    assert_eq!(steps, [Opened, Taken, Answered, Reopened, Answered, Confirmed]);
    assert_eq!(end.history[5].body, "Card •••");
    let audited = w.text("select string_agg(action, ' ' order by at, id) from audit where action like 'survey_case%'").await;
    assert_eq!(audited, "survey_case.taken survey_case.answered survey_case.answered");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn one_person_has_a_case_and_only_who_answers_shoppers_sees_it(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    unhappy(&w).await;
    let (agent, supervisor) = (staff(&w, Role::Agent).await, staff(&w, Role::Supervisor).await);
    let other = Actor::Staff { id: StaffId(Uuid::new_v4()), roles: Roles::of(&[Role::Agent]) };
    let guest = Actor::Guest { cart: None };
    for stranger in [guest, staff(&w, Role::Merchandiser).await, staff(&w, Role::Administrator).await] {
        assert_eq!(refusal(cases::view(&w.shop, &stranger, 1, Language::En).await), CaseRefusal::NotAllowed);
        assert_eq!(refusal(cases::list(&w.shop, &stranger, Queue::ToDo, None, w.now).await), CaseRefusal::NotAllowed);
        assert_eq!(refusal(cases::take(&w.shop, &stranger, 1, w.now).await), CaseRefusal::NotAllowed);
        assert_eq!(refusal(cases::write(&w.shop, &stranger, 1, Uuid::new_v4(), "x", w.now).await), CaseRefusal::NotAllowed);
    }
    assert_eq!(refusal(cases::recovery(&w.shop, &agent, w.now).await), CaseRefusal::NotAllowed, "for who sees reports");
    let write = async |actor: &Actor, text: &str| cases::write(&w.shop, actor, 1, Uuid::new_v4(), text, w.now).await;
    assert_eq!(refusal(write(&agent, "x").await), CaseRefusal::WrongState(CaseState::Open), "nobody answers what nobody took");
    cases::take(&w.shop, &agent, 1, w.now).await.unwrap();
    assert_eq!(refusal(cases::take(&w.shop, &supervisor, 1, w.now).await), CaseRefusal::WrongState(CaseState::Taken));
    assert_eq!(refusal(write(&other, "x").await), CaseRefusal::NotYours);
    assert_eq!(refusal(cases::release(&w.shop, &other, 1, w.now).await), CaseRefusal::NotYours);
    assert_eq!(refusal(write(&agent, " \0 ").await), CaseRefusal::Empty);
    assert_eq!(refusal(write(&agent, &"x".repeat(6001)).await), CaseRefusal::TooLong);
    let owner = "select count(*) from promise where kind = 'reply' and owner_id is not null";
    assert_eq!(w.number(owner).await, 1, "whoever has the case has the promise");
    cases::release(&w.shop, &supervisor, 1, w.now).await.unwrap();
    assert_eq!((state(&w).await.as_str(), w.number(owner).await), ("open", 0), "supervisors may step in");
    assert_eq!(refusal(cases::view(&w.shop, &agent, 2, Language::En).await), CaseRefusal::NoSuchCase);
    for made_up in ["", "x", "AAAA.x", &link_of(&w, 1).await.0.to_lowercase()] {
        assert_eq!(refusal(cases::follow(&w.shop, &Token(made_up.into()), Language::En).await), CaseRefusal::NoSuchCase);
        assert_eq!(refusal(cases::tell(&w.shop, &Token(made_up.into()), &told("yes", "", ""), w.now).await), CaseRefusal::NoSuchCase);
    }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_says_nothing_is_not_said_to_be_content(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    unhappy(&w).await;
    let agent = staff(&w, Role::Agent).await;
    let link = link_of(&w, 1).await;
    w.later(Duration::days(20));
    assert_eq!(cases::close_unconfirmed(&w.shop, w.now).await.unwrap(), 0, "who was not answered is not given up");
    assert_eq!(refusal(cases::tell(&w.shop, &link, &told("yes", "", ""), w.now).await), CaseRefusal::WrongState(CaseState::Open));
    answered(&w, &agent).await;
    w.later(Duration::days(13));
    assert_eq!(cases::close_unconfirmed(&w.shop, w.now).await.unwrap(), 0);
    w.later(Duration::days(1));
    assert_eq!(cases::close_unconfirmed(&w.shop, w.now).await.unwrap(), 1);
    assert_eq!(cases::close_unconfirmed(&w.shop, w.now).await.unwrap(), 0);
    assert_eq!(state(&w).await, "unconfirmed");
    for wrong in [told("", "9", ""), told("perhaps", "", ""), told("yes", "11", ""), told("yes", "many", "")] {
        assert_eq!(refusal(cases::tell(&w.shop, &link, &wrong, w.now).await), CaseRefusal::NotAnAnswer, "{wrong:?}");
    }
    cases::tell(&w.shop, &link, &told("yes", "", ""), w.now).await.unwrap();
    assert_eq!(state(&w).await, "confirmed", "late, but heard");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_answer_that_comes_too_late_is_a_broken_promise(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    unhappy(&w).await;
    let agent = staff(&w, Role::Agent).await;
    let supervisor = staff(&w, Role::Supervisor).await;
    cases::take(&w.shop, &agent, 1, w.now).await.unwrap();
    // By then four fifths of eight hours of opening have passed.
    w.now = MONDAY + Duration::hours(24);
    promises::warn(&w.shop, w.now).await.unwrap();
    let warned = w.text("select text_body from mail where key like 'promise.warned:%' and recipient = 'agent@shop.test'").await;
    assert!(warned.contains("caso 1") || warned.contains("case 1"), "{warned}");
    w.later(Duration::days(3));
    promises::mark_broken(&w.shop, w.now).await.unwrap();
    let filter = promises::Filter { which: promises::Which::Broken, kind: None, weeks: 4 };
    let broken = promises::ledger(&w.shop, &supervisor, filter, 0, w.now).await.unwrap().listed.promises;
    assert_eq!(broken.iter().map(|promise| promise.case).collect::<Vec<_>>(), [Some(1)], "the ledger leads to the case");
    let listed = cases::list(&w.shop, &agent, Queue::Mine, None, w.now).await.unwrap();
    assert!(listed.cases[0].overdue && (listed.mine, listed.open) == (1, 0));
    cases::write(&w.shop, &agent, 1, Uuid::new_v4(), "Sorry.", w.now).await.unwrap();
    let found = cases::recovery(&w.shop, &supervisor, w.now).await.unwrap();
    assert_eq!((found.opened, found.in_time, found.decided), (1, 0, 1));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_answers_the_mail_goes_on_in_the_conversation_about_the_order(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    Arc::get_mut(&mut w.shop.settings).unwrap().inbound_address = Some("reply+{token}@shop.test".into());
    unhappy(&w).await;
    let agent = staff(&w, Role::Agent).await;
    answered(&w, &agent).await;
    let mail = "select reply_to is null and text_body like '%On the same page%' from mail where key like 'survey.case:%'";
    assert!(sqlx::query_scalar::<_, bool>(mail).fetch_one(&w.shop.db).await.unwrap(), "there is no conversation yet");
    let contact = chat::Contact {
        key: Uuid::new_v4(),
        channel: Channel::Phone,
        language: Language::En,
        name: "Ana".into(),
        email: "Ana@example.org".into(),
        topic: Topic::Order,
        order: "1".into(),
        said: "Where is it?".into(),
        answered: String::new(),
    };
    let conversation = chat::note_contact(&w.shop, &agent, &contact, w.now).await.unwrap();
    w.later(Duration::minutes(1));
    cases::write(&w.shop, &agent, 1, Uuid::new_v4(), "It is on its way.", w.now).await.unwrap();
    let found = seen(&w, &agent).await;
    assert_eq!(found.related.conversations.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [conversation]);
    let to = w.text("select reply_to from mail where key like 'survey.case:%' and reply_to is not null").await;
    let raw = format!("From: ana@example.org\r\nTo: {to}\r\nMessage-ID: <1@example.org>\r\nSubject: Re\r\n\r\nThank you all.\r\n");
    let received = chat::receive_mail(&w.shop, raw.as_bytes(), w.now).await.unwrap();
    assert_eq!(received, chat::Received::Said(found.related.conversations[0].1));
}

/// Cases of this many people who began unhappy with a recommendation of 1 or 2.
async fn many(w: &World, people: u32) {
    w.sql("update survey_rule set split = 'short'").await;
    for number in 1..=people {
        delivered(w, number, &format!("p{number}@example.org"), 6).await;
    }
    invited(w).await;
    for (number, link) in (1..).zip(links(w).await) {
        rated(w, &link, "4").await;
        says(w, &link, "NPS", if number % 2 == 0 { "1" } else { "2" }).await;
        says(w, &link, GATE, "yes").await;
        finished(w, &link).await;
    }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn recovery_is_measured_on_the_same_people_and_never_on_a_few(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    many(&w, 6).await;
    let (agent, manager) = (staff(&w, Role::Agent).await, staff(&w, Role::Manager).await);
    for (number, after) in (1..=6).zip(["9", "8", "7", "9", "3", ""]) {
        w.later(Duration::minutes(1));
        cases::take(&w.shop, &agent, number, w.now).await.unwrap();
        cases::write(&w.shop, &agent, number, Uuid::new_v4(), "Sorry.", w.now).await.unwrap();
        let solved = if number == 5 { "no" } else { "yes" };
        cases::tell(&w.shop, &link_of(&w, number).await, &told(solved, after, ""), w.now).await.unwrap();
        let paired = cases::recovery(&w.shop, &manager, w.now).await.unwrap().paired;
        assert_eq!(paired.is_some(), number >= 5, "{number}");
    }
    let found = cases::recovery(&w.shop, &manager, w.now).await.unwrap();
    assert_eq!((found.opened, found.in_time, found.decided, found.confirmed, found.unconfirmed, found.people), (6, 6, 6, 5, 0, 5));
    let paired = found.paired.unwrap();
    // 2, 1, 2, 1, 2 became 9, 8, 7, 9, 3.
    assert!((paired.before - 1.6).abs() < 1e-9 && (paired.after - 7.2).abs() < 1e-9 && (paired.difference - 5.6).abs() < 1e-9);
    let (low, high) = paired.interval.unwrap();
    assert!(low < 5.6 && 5.6 < high);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_list_shows_who_waits_longest_first_and_everybody_once(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    many(&w, 45).await;
    let agent = staff(&w, Role::Agent).await;
    w.later(Duration::minutes(1));
    cases::take(&w.shop, &agent, 1, w.now).await.unwrap();
    let first = cases::list(&w.shop, &agent, Queue::ToDo, None, w.now).await.unwrap();
    let rest = cases::list(&w.shop, &agent, Queue::ToDo, first.next.as_deref(), w.now).await.unwrap();
    let mut numbers: Vec<_> = first.cases.iter().chain(&rest.cases).map(|case| case.number).collect();
    assert_eq!((first.cases.len(), rest.cases.len(), numbers.last(), first.open, first.mine), (40, 5, Some(&1), 44, 1));
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=45).collect::<Vec<_>>());
    assert!(rest.next.is_none());
}

/// Whatever still leads from the case to somebody, or from somebody to it.
async fn leads(w: &World) -> i64 {
    w.number(
        "select (select count(*) from survey_case where order_id is not null or response_id is not null)
              + (select count(*) from survey_case_entry where body <> '')
              + (select count(*) from mail where key like 'survey.case:%')
              + (select count(*) from promise p join survey_case k on k.id = p.subject where p.order_id is not null)",
    )
    .await
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn after_its_time_nothing_leads_from_a_case_to_its_person(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    unhappy(&w).await;
    let agent = staff(&w, Role::Agent).await;
    answered(&w, &agent).await;
    let link = link_of(&w, 1).await;
    cases::tell(&w.shop, &link, &told("no", "3", "I am Ana Gil"), w.now).await.unwrap();
    w.later(Duration::days(89));
    surveys::sweep(&w.shop, w.now).await.unwrap();
    assert_eq!(seen(&w, &agent).await.answers.len(), 23, "traced for 90 days");
    w.later(Duration::days(2));
    surveys::sweep(&w.shop, w.now).await.unwrap();
    assert_eq!(leads(&w).await, 0);
    let nobodys = seen(&w, &agent).await;
    assert!(nobodys.order.is_none() && nobodys.answers.is_empty() && nobodys.comments.is_empty() && nobodys.name.is_empty());
    assert_eq!((nobodys.state, nobodys.recommend_before, nobodys.recommend_after), (CaseState::Unconfirmed, Some(2), Some(3)));
    assert_eq!(refusal(cases::follow(&w.shop, &link, Language::En).await), CaseRefusal::Untied);
    assert_eq!(refusal(cases::tell(&w.shop, &link, &told("yes", "", ""), w.now).await), CaseRefusal::Untied);
    assert_eq!(
        w.number("select count(*) from promise where what like 'answer to case%' and done_at is null and withdrawn_at is null").await,
        0
    );
    let rows = w.number("select count(*) from survey_case_entry").await;
    surveys::sweep(&w.shop, w.now).await.unwrap();
    assert_eq!(w.number("select count(*) from survey_case_entry").await, rows, "once");
    let changed = sqlx::query("update survey_case_entry set kind = 'confirmed'").execute(&w.shop.db).await;
    assert!(changed.is_err(), "what happened stays as it was");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_is_forgotten_is_forgotten_in_their_case_too_and_nobody_else_is(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    many(&w, 2).await;
    let (agent, manager) = (staff(&w, Role::Agent).await, staff(&w, Role::Manager).await);
    for number in 1..=2 {
        cases::take(&w.shop, &agent, number, w.now).await.unwrap();
        cases::write(&w.shop, &agent, number, Uuid::new_v4(), "Sorry.", w.now).await.unwrap();
    }
    surveys::forget_person(&w.shop, &manager, "P1@example.org", w.now).await.unwrap();
    assert_eq!(
        w.text("select string_agg(number::text, '') from survey_case where order_id is not null and response_id is not null").await,
        "2"
    );
    assert_eq!(leads(&w).await, 4, "the case, the words, the mail and the promise of the other");
    assert_eq!(w.text("select state from survey_case where number = 1").await, "unconfirmed");
    let gone = refusal(cases::follow(&w.shop, &link_of(&w, 1).await, Language::En).await);
    assert_eq!(gone, CaseRefusal::Untied);
}
