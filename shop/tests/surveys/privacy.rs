//! What nobody can find out, and what is forgotten.

use crate::support::{World, refusal};
use crate::{Duration, asked, begun, delivered, invited, says, staff, surveys, world};
use domain::{staff::Role, surveys::SurveyRefusal};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

/// Whatever is kept of answers and of who gave them.
async fn everything_answered(w: &World) -> String {
    w.text(
        "select coalesce(string_agg(t, ' '), '') from (
             select r::text as t from survey_response r union all select a::text from survey_answer a union all select c::text from survey_comment c) x",
    )
    .await
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn answers_say_nothing_of_who_gave_them(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let link = asked(&w, "full").await;
    begun(&w, &link).await;
    says(&w, &link, "EFF1", "4").await;
    let kept = everything_answered(&w).await;
    let order = w.text("select id::text from orders").await;
    let invitation = w.text("select id::text from survey_invitation").await;
    for telling in ["ana@example.org", "Ana Gil", &order, &invitation, &order.replace('-', ""), &invitation.replace('-', "")] {
        assert!(!kept.contains(telling), "{telling} in {kept}");
    }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_person_who_is_forgotten_cannot_be_found_again_and_their_values_stay(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    let link = asked(&w, "full").await;
    begun(&w, &link).await;
    says(&w, &link, "EFF1", "4").await;
    says(&w, &link, "OWN", "I am Ana Gil of Calle Mayor").await;
    surveys::finish(&w.shop, &link, w.now).await.unwrap();
    let pseudonym = w.text("select encode(pseudonym, 'hex') from survey_response").await;
    let (manager, agent) = (staff(&w, Role::Manager).await, staff(&w, Role::Agent).await);
    assert_eq!(refusal(surveys::forget_person(&w.shop, &agent, "ana@example.org", w.now).await), SurveyRefusal::NotAllowed);
    assert_eq!(surveys::forget_person(&w.shop, &manager, " Ana@example.org ", w.now).await.unwrap(), 1);
    assert_eq!(w.number("select count(*) from survey_answer where value = 4").await, 1);
    assert_ne!(w.text("select encode(pseudonym, 'hex') from survey_response").await, pseudonym);
    for gone in ["survey_link", "survey_invitation", "survey_comment", "mail where key like 'survey.%'"] {
        assert_eq!(w.number(&format!("select count(*) from {gone}")).await, 0, "{gone}");
    }
    assert!(!w.text("select string_agg(detail::text, '') from audit").await.contains("ana"));
    w.later(Duration::days(200));
    delivered(&w, 3, "ana@example.org", 6).await;
    assert_eq!(invited(&w).await, 0, "nor are they asked again");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn after_their_time_answers_lose_their_order_and_then_go(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    let link = asked(&w, "full").await;
    begun(&w, &link).await;
    says(&w, &link, "EFF1", "4").await;
    surveys::finish(&w.shop, &link, w.now).await.unwrap();
    let links_left = "select count(*) from survey_link";
    w.later(Duration::days(89));
    surveys::sweep(&w.shop, w.now).await.unwrap();
    assert_eq!(w.number(links_left).await, 1, "traced for 90 days");
    w.later(Duration::days(2));
    assert_eq!(surveys::sweep(&w.shop, w.now).await.unwrap(), 1);
    assert_eq!((w.number(links_left).await, w.number("select count(*) from survey_answer").await), (0, 1));
    let same =
        "select count(*) from survey_response r join survey_invitation i on i.started_at = r.started_at or i.completed_at = r.completed_at";
    assert_eq!(w.number(same).await, 0, "nor do moments tell");
    w.later(Duration::days(36 * 31));
    assert_eq!(surveys::sweep(&w.shop, w.now).await.unwrap(), 1);
    assert_eq!(w.number("select count(*) from survey_response").await, 0);
}
