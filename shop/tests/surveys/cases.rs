//! When a survey becomes a case, and when it does not.

use crate::support::{World, refusal};
use crate::{Language, asked, begun, given, links, questions, says, staff, surveys, world};
use domain::{
    staff::Role,
    surveys::{CONTACT, Device, GATE, Part, SurveyRefusal},
    token::Token,
};
use shop::surveys::{CaseRules, Rules, Standing, cases};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

const CASES: &str = "select count(*) from survey_case";

/// Begins and gives every main statement this value.
pub(crate) async fn rated(w: &World, link: &Token, value: &str) {
    begun(w, link).await;
    let mains: Vec<_> = questions(w, link).await.into_iter().filter(|q| q.part == Part::Main).map(|q| given(&q.code, value)).collect();
    surveys::save(&w.shop, link, &mains, w.now).await.unwrap();
}

pub(crate) async fn finished(w: &World, link: &Token) {
    surveys::finish(&w.shop, link, w.now).await.unwrap();
}

async fn reasons(w: &World) -> String {
    w.text("select coalesce(string_agg(array_to_string(reasons, ' '), ';'), '') from survey_case").await
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_low_part_opens_one_case_however_often_it_is_finished(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let link = asked(&w, "full").await;
    rated(&w, &link, "4").await;
    for code in ["PRI1", "PRI2", "PRI3"] {
        says(&w, &link, code, "2").await;
    }
    says(&w, &link, "NPS", "3").await;
    let race = (0..6).map(|_| surveys::finish(&w.shop, &link, w.now));
    let outcomes = futures::future::join_all(race).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert_eq!(refusal(surveys::finish(&w.shop, &link, w.now).await), SurveyRefusal::Finished);
    assert_eq!(w.number(CASES).await, 1);
    assert_eq!(reasons(&w).await, "low_dimension", "nor had they trouble");
    assert_eq!(w.text("select recommend_before || ' ' || mean_before from survey_case").await, "3 3.5", "4, 4, 4 and 2");
    let promised = "select count(*) from promise p join survey_case k on k.id = p.subject
        where p.kind = 'reply' and p.order_id = k.order_id and p.due_at > p.made_at";
    assert_eq!(w.number(promised).await, 1, "an answer is promised with it");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_is_content_is_left_alone(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let link = asked(&w, "short").await;
    rated(&w, &link, "3").await;
    says(&w, &link, "NPS", "6").await;
    says(&w, &link, CONTACT, "yes").await;
    says(&w, &link, CONTACT, "no").await;
    says(&w, &link, "OWN", "All is well, you need not call me. The help pages are good.").await;
    finished(&w, &link).await;
    assert_eq!(w.number(CASES).await, 0);
    assert_eq!(w.number("select count(*) from promise where what like 'answer to case%'").await, 0);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn trouble_and_no_recommendation_are_a_case_together(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let link = asked(&w, "short").await;
    rated(&w, &link, "4").await;
    says(&w, &link, "NPS", "6").await;
    says(&w, &link, GATE, "yes").await;
    finished(&w, &link).await;
    assert_eq!(reasons(&w).await, "low_recommendation");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_wants_an_answer_is_told_until_when_and_need_answer_nothing_else(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let link = asked(&w, "short").await;
    begun(&w, &link).await;
    assert_eq!(refusal(surveys::finish(&w.shop, &link, w.now).await), SurveyRefusal::NothingAnswered);
    assert_eq!(refusal(surveys::save(&w.shop, &link, &[given(CONTACT, "perhaps")], w.now).await), SurveyRefusal::NotAnAnswer);
    says(&w, &link, CONTACT, "yes").await;
    finished(&w, &link).await;
    assert_eq!(reasons(&w).await, "asked_for");
    let Standing::Finished(done) = surveys::open(&w.shop, &link, Language::En, w.now).await.unwrap() else { panic!("not finished") };
    let due = w.text("select to_char(due_at at time zone 'Europe/Madrid', 'YYYY-MM-DD HH24:MI') from promise where kind = 'reply'").await;
    let told = done.answered_by.unwrap();
    assert_eq!(format!("{} {:02}:{:02}", told.date(), told.hour(), told.minute()), due);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn words_that_ask_for_help_are_heard_in_any_survey(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    crate::only(&w, "what-matters").await;
    crate::delivered(&w, 1, "ana@example.org", 31).await;
    crate::delivered(&w, 2, "ben@example.org", 31).await;
    assert_eq!(crate::invited(&w).await, 2);
    for (link, words) in links(&w).await.iter().zip(["Nadie me ha contestado. ¿Me podéis ayudar?", "Parcels without plastic"]) {
        surveys::begin(&w.shop, link, Language::Es, Device::Phone, w.now).await.unwrap();
        let low: Vec<_> = questions(&w, link).await.into_iter().filter(|q| q.part == Part::Main).map(|q| given(&q.code, "1")).collect();
        surveys::save(&w.shop, link, &low, w.now).await.unwrap();
        says(&w, link, "WISH", words).await;
        finished(&w, link).await;
    }
    assert_eq!(reasons(&w).await, "words", "what matters little to somebody is no unhappiness");
    assert_eq!(w.text("select o.number || k.language from survey_case k join orders o on o.id = k.order_id").await, "1es");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_manager_sets_what_is_low_and_when_answers_are_due(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let (manager, agent) = (staff(&w, Role::Manager).await, staff(&w, Role::Agent).await);
    let of = async |cases| Rules { cases, ..surveys::rules(&w.shop).await.unwrap() };
    let strict = CaseRules { mean_tenths: 45, recommend: 10, reply_minutes: 30, confirmation_days: 3 };
    let rules = of(strict).await;
    assert_eq!(refusal(surveys::set_rules(&w.shop, &agent, rules, w.now).await), SurveyRefusal::NotAllowed);
    for wild in [
        CaseRules { mean_tenths: 101, ..strict },
        CaseRules { recommend: 11, ..strict },
        CaseRules { reply_minutes: 0, ..strict },
        CaseRules { confirmation_days: 0, ..strict },
    ] {
        assert_eq!(refusal(surveys::set_rules(&w.shop, &manager, of(wild).await, w.now).await), SurveyRefusal::OutOfBounds, "{wild:?}");
    }
    surveys::set_rules(&w.shop, &manager, rules, w.now).await.unwrap();
    let link = asked(&w, "full").await;
    rated(&w, &link, "4").await;
    finished(&w, &link).await;
    assert_eq!(reasons(&w).await, "low_dimension");
    // Ten in the morning at the workshop, which is open then.
    assert_eq!(w.number("select extract(epoch from due_at - made_at)::bigint / 60 from promise where kind = 'reply'").await, 30);
    let audited = w.text("select detail::text from audit where action = 'survey.rules'").await;
    assert!(audited.contains("\"case_mean_tenths\": 45"), "{audited}");
    assert_eq!(cases::list(&w.shop, &agent, cases::Queue::ToDo, None, w.now).await.unwrap().cases[0].mean_before, Some(4.0));
}
