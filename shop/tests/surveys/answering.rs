//! Answering: nothing is lost, nothing counts twice, and what is over is over.

use crate::support::refusal;
use crate::{Duration, Given, Language, Standing, asked, begun, delivered, given, invited, links, questions, says, surveys, world};
use domain::{
    surveys::{Ask, Device, GATE, Part, Question, SurveyRefusal},
    token::Token,
};
use futures::future::join_all;
use shop::Failure;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

fn codes(questions: &[Question]) -> Vec<&str> {
    questions.iter().map(|question| question.code.as_str()).collect()
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_was_answered_on_one_device_is_there_on_another_in_the_same_order(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    let link = asked(&w, "full").await;
    begun(&w, &link).await;
    let first = questions(&w, &link).await;
    assert_eq!(first.iter().filter(|q| q.part == Part::Main).count(), 22);
    says(&w, &link, &first[0].code, "2").await;
    says(&w, &link, &first[1].code, "na").await;
    says(&w, &link, "OWN", "The box was <beautiful>. Card 4242 4242 4242 4242").await;
    w.later(Duration::days(3));
    surveys::begin(&w.shop, &link, Language::Es, Device::Desktop, w.now).await.unwrap();
    let again = questions(&w, &link).await;
    assert_eq!(codes(&first), codes(&again));
    assert_eq!((again[0].answer.as_str(), again[1].answer.as_str()), ("2", "na"));
    assert_eq!(again.last().unwrap().answer, "The box was <beautiful>. Card •••", "a card's number is not even kept");
    assert_eq!(w.number("select count(*) from survey_response").await, 1);
    assert_eq!(w.text("select device || language from survey_response").await, "phoneen", "as it was begun");
    assert_eq!(w.number("select count(*) from survey_answer where value is null").await, 1, "doesn't apply is an answer without a value");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_answer_sent_twice_counts_once_and_keeps_the_time_it_took_at_first(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let link = asked(&w, "full").await;
    begun(&w, &link).await;
    let code = questions(&w, &link).await[0].code.clone();
    for (sent, milliseconds) in [("2", 1500), ("2", 90_000), ("5", 4_000_000)] {
        let given = shop::surveys::Given { milliseconds: Some(milliseconds), ..given(&code, sent) };
        surveys::save(&w.shop, &link, &[given], w.now).await.unwrap();
    }
    assert_eq!(w.text("select value || ' ' || milliseconds from survey_answer").await, "5 1500");
    let other = questions(&w, &link).await[1].code.clone();
    let slow = shop::surveys::Given { milliseconds: Some(4_000_000), ..given(&other, "1") };
    surveys::save(&w.shop, &link, &[slow], w.now).await.unwrap();
    assert_eq!(w.number("select max(milliseconds)::bigint from survey_answer").await, 600_000, "bounded");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_is_no_answer_is_refused_and_nothing_of_it_is_kept(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let link = asked(&w, "short").await;
    let early = surveys::save(&w.shop, &link, &[given("EFF1", "3")], w.now).await;
    assert_eq!(refusal(early), SurveyRefusal::NoSuchSurvey, "not begun");
    assert_eq!(refusal(surveys::finish(&w.shop, &link, w.now).await), SurveyRefusal::NothingAnswered);
    begun(&w, &link).await;
    let mine = questions(&w, &link).await;
    let not_mine = (1..=8).map(|n| format!("EFF{n}")).find(|code| !codes(&mine).contains(&code.as_str())).unwrap();
    for (code, sent) in
        [(mine[0].code.as_str(), "6"), (mine[0].code.as_str(), ""), (not_mine.as_str(), "3"), ("NPS", "11"), (GATE, "maybe")]
    {
        let both = [given(&mine[1].code, "3"), given(code, sent)];
        assert_eq!(refusal(surveys::save(&w.shop, &link, &both, w.now).await), SurveyRefusal::NotAnAnswer, "{code} {sent}");
    }
    assert_eq!(w.number("select count(*) from survey_answer").await, 0);
    assert_eq!(refusal(surveys::finish(&w.shop, &link, w.now).await), SurveyRefusal::NothingAnswered);
    says(&w, &link, "NPS", "10").await;
    says(&w, &link, "NPS", "0").await;
}

/// What people send within a moment is kept together: what is wrong with one's must not touch the others'.
#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn of_many_who_answer_at_the_same_moment_each_is_told_of_their_own(pool: PgPoolOptions, options: PgConnectOptions) {
    const PEOPLE: u32 = 40;
    let w = world(pool, options).await;
    w.sql("update survey_rule set split = 'full'").await;
    for number in 1..=PEOPLE {
        delivered(&w, number, &format!("ana{number}@example.org"), 6).await;
    }
    assert_eq!(invited(&w).await, PEOPLE as usize);
    let links = links(&w).await;
    // The first does not begin.
    let (_, begins) = links.split_first().unwrap();
    for link in begins {
        begun(&w, link).await;
    }
    w.sql("create function broken() returns trigger language plpgsql as 'begin raise exception ''no space left''; end'").await;
    w.sql("create trigger broken before insert on survey_answer for each row when (new.milliseconds = 404) execute function broken()")
        .await;
    let says = async |index: usize, code: &str, sent: &str, milliseconds| {
        let given = Given { milliseconds: Some(milliseconds), ..given(code, sent) };
        surveys::save(&w.shop, &links[index], &[given], w.now).await
    };
    let usual = |index: usize| ["1", "2", "3", "4", "5"][index % 5];
    let (told, (again, other)) = futures::join!(
        join_all((0..links.len()).map(|index| match index {
            1 => says(index, "EFF1", "9", 2000),
            2 => says(index, "EFF1", "3", 404),
            _ => says(index, "EFF1", usual(index), 2000),
        })),
        async { futures::join!(says(3, "EFF1", usual(3), 9000), says(3, "EFF2", "1", 9000)) }
    );
    again.unwrap();
    other.unwrap();
    for (index, told) in told.into_iter().enumerate() {
        match index {
            0 => assert_eq!(refusal(told), SurveyRefusal::NoSuchSurvey, "has not begun"),
            1 => assert_eq!(refusal(told), SurveyRefusal::NotAnAnswer),
            2 => assert!(matches!(told, Err(Failure::Fault(_))), "{told:?}"),
            _ => told.unwrap(),
        }
    }
    for (index, link) in (1..).zip(begins) {
        let answers: Vec<String> = questions(&w, link).await.into_iter().map(|q| q.answer).filter(|answer| !answer.is_empty()).collect();
        let mut expected = if index < 3 { vec![] } else { vec![usual(index)] };
        expected.extend((index == 3).then_some("1"));
        assert_eq!(answers.len(), expected.len(), "{index}");
        assert!(expected.iter().all(|answer| answers.iter().any(|kept| kept == answer)), "{index}: {answers:?}");
    }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_is_held_up_holds_up_nobody_and_is_kept_in_the_end(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    w.sql("update survey_rule set split = 'full'").await;
    for number in 1..=3 {
        delivered(&w, number, &format!("ana{number}@example.org"), 6).await;
    }
    invited(&w).await;
    let links = links(&w).await;
    for link in &links {
        begun(&w, link).await;
    }
    let mut other = w.shop.db.begin().await.unwrap();
    let first = "select i.id from survey_invitation i join orders o on o.id = i.order_id where o.number = '1' for update of i";
    sqlx::query(first).execute(&mut *other).await.unwrap();
    let answers = [given("EFF1", "2")];
    let held_up = surveys::save(&w.shop, &links[0], &answers, w.now);
    let others = async {
        let all = join_all(links[1..].iter().map(|link| surveys::save(&w.shop, link, &answers, w.now)));
        let told = tokio::time::timeout(std::time::Duration::from_secs(5), all).await.expect("nobody waits for the first");
        assert!(told.iter().all(Result::is_ok));
        assert_eq!(w.number("select count(*) from survey_answer").await, 2);
        other.rollback().await.unwrap();
    };
    let (told, ()) = futures::join!(held_up, others);
    told.unwrap();
    assert_eq!(w.number("select count(*) from survey_answer where value = 2").await, 3);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_had_a_problem_is_asked_how_it_was_mended_and_nobody_else(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let link = asked(&w, "short").await;
    begun(&w, &link).await;
    let before = questions(&w, &link).await;
    let gate = before.iter().position(|q| q.ask == Ask::Gate).unwrap();
    assert!(
        before[..gate].iter().all(|q| q.part != Part::Recovery) && before[gate + 1].part == Part::Recovery,
        "it stands before what it opens"
    );
    assert_eq!(before.iter().filter(|q| q.hidden).count(), 11);
    says(&w, &link, GATE, "yes").await;
    let opened = questions(&w, &link).await;
    assert!(opened.iter().all(|q| !q.hidden));
    says(&w, &link, "RES1", "1").await;
    says(&w, &link, "NPS", "3").await;
    says(&w, &link, GATE, "no").await;
    surveys::finish(&w.shop, &link, w.now).await.unwrap();
    assert_eq!(w.text("select string_agg(i.code, ' ') from survey_answer a join survey_item i on i.id = a.item_id").await, "NPS");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_problem_that_the_shop_knows_of_is_not_asked_for(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let link = asked(&w, "short").await;
    w.sql(
        "insert into complaint (id, kind, stage, language, channel, order_id, statement, wanted, from_department, about_department, opened_at, changed_at)
         select gen_random_uuid(), 'queja', 'opened', 'es', 'web', id, 'Roto', 'Otro', 'web', 'dispatch', now(), now() from orders",
    )
    .await;
    begun(&w, &link).await;
    let questions = questions(&w, &link).await;
    assert!(questions.iter().all(|q| q.ask != Ask::Gate && !q.hidden));
    assert_eq!(questions.iter().filter(|q| q.part == Part::Recovery).count(), 11);
    says(&w, &link, "RES1", "1").await;
    surveys::finish(&w.shop, &link, w.now).await.unwrap();
    assert_eq!(w.number("select count(*) from survey_answer").await, 1, "they count without being asked");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn finishing_spends_the_link_and_looking_does_not(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let link = asked(&w, "full").await;
    for _ in 0..3 {
        assert!(matches!(surveys::open(&w.shop, &link, Language::En, w.now).await.unwrap(), Standing::Cover(_)));
    }
    begun(&w, &link).await;
    says(&w, &link, "EFF1", "4").await;
    surveys::finish(&w.shop, &link, w.now).await.unwrap();
    let told = [
        refusal(surveys::finish(&w.shop, &link, w.now).await),
        refusal(surveys::save(&w.shop, &link, &[given("EFF1", "1")], w.now).await),
        refusal(surveys::begin(&w.shop, &link, Language::En, Device::Phone, w.now).await),
    ];
    assert_eq!(told, [SurveyRefusal::Finished; 3]);
    assert!(matches!(surveys::open(&w.shop, &link, Language::En, w.now).await.unwrap(), Standing::Finished(_)));
    assert_eq!(w.number("select value::bigint from survey_answer").await, 4);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_link_that_is_too_old_or_made_up_opens_nothing(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    let link = asked(&w, "full").await;
    begun(&w, &link).await;
    let (id, signed) = link.0.split_once('.').unwrap();
    for made_up in
        [String::new(), "x".into(), id.into(), format!("{id}."), format!("{id}.{}", signed.to_lowercase()), format!("AAAA.{signed}")]
    {
        let told = refusal(surveys::open(&w.shop, &Token(made_up.clone()), Language::En, w.now).await);
        assert_eq!(told, SurveyRefusal::NoSuchSurvey, "{made_up}");
    }
    w.later(Duration::days(30));
    assert_eq!(refusal(surveys::open(&w.shop, &link, Language::En, w.now).await), SurveyRefusal::Expired);
    assert_eq!(refusal(surveys::save(&w.shop, &link, &[given("EFF1", "1")], w.now).await), SurveyRefusal::Expired);
}
