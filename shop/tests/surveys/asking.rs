//! Who is asked, when, how often, and which form and which items they get.

use crate::support::{World, refusal};
use crate::{Duration, Language, Standing, asked, begun, delivered, invited, links, staff, surveys, world};
use domain::{
    staff::Role,
    surveys::{Device, SurveyRefusal},
};
use futures::future::join_all;
use shop::surveys::Rules;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::collections::BTreeMap;

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_buyer_is_asked_once_some_days_after_the_delivery_and_reminded_once(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    delivered(&w, 1, "ana@example.org", 4).await;
    assert_eq!(invited(&w).await, 0, "not yet");
    w.later(Duration::days(1));
    assert_eq!((invited(&w).await, invited(&w).await), (1, 0), "once");
    let link = links(&w).await.remove(0);
    let text = w.text("select text_body from mail").await;
    assert!(text.contains("Tu pedido ha llegado") && text.contains(&format!("https://shop.test/es/survey?t={}", link.0)), "{text}");
    assert!(text.contains(&format!("https://shop.test/es/survey/stop?t={}", link.0)), "{text}");
    assert_eq!(surveys::remind_due(&w.shop, w.now).await.unwrap(), 0);
    w.later(Duration::days(6));
    assert_eq!(surveys::remind_due(&w.shop, w.now).await.unwrap(), 1);
    w.later(Duration::days(6));
    assert_eq!(surveys::remind_due(&w.shop, w.now).await.unwrap(), 0, "once");
    shop::jobs::run_due(&w.shop, || w.now).await.unwrap();
    assert_eq!(w.number("select count(*) from mail where sent_at is not null and recipient = 'ana@example.org'").await, 2);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_has_finished_or_said_no_is_not_reminded(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    delivered(&w, 1, "ana@example.org", 6).await;
    delivered(&w, 2, "ben@example.org", 6).await;
    assert_eq!(invited(&w).await, 2);
    let links = links(&w).await;
    begun(&w, &links[0]).await;
    let code = crate::questions(&w, &links[0]).await[0].code.clone();
    crate::says(&w, &links[0], &code, "4").await;
    surveys::finish(&w.shop, &links[0], w.now).await.unwrap();
    surveys::stop(&w.shop, &links[1], w.now).await.unwrap();
    w.later(Duration::days(7));
    assert_eq!(surveys::remind_due(&w.shop, w.now).await.unwrap(), 0);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn nobody_is_asked_twice_within_the_cap_however_they_write_their_address(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    for (number, email) in [(1, "ana@example.org"), (2, "Ana@Example.org"), (3, "ben@example.org")] {
        delivered(&w, number, email, 6).await;
    }
    assert_eq!(invited(&w).await, 2);
    w.later(Duration::days(89));
    delivered(&w, 4, "ANA@example.org", 6).await;
    assert_eq!(invited(&w).await, 0);
    w.later(Duration::days(2));
    assert_eq!(invited(&w).await, 1, "the cap is over");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_wants_no_surveys_gets_none_and_old_deliveries_are_left_alone(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    let link = asked(&w, "even").await;
    surveys::stop(&w.shop, &link, w.now).await.unwrap();
    w.later(Duration::days(200));
    delivered(&w, 3, "Ana@example.org", 6).await;
    delivered(&w, 5, "carla@example.org", 25).await;
    assert_eq!(invited(&w).await, 0, "one said no, the other delivery is too long ago");
    assert_eq!(refusal(surveys::ask_about(&w.shop, &shop::Actor::Operator, "3", w.now).await), SurveyRefusal::OptedOut);
    assert_eq!(w.number("select count(*) from mail where key like 'survey.%'").await, 1);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn another_instrument_is_asked_by_its_rows_alone(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    crate::only(&w, "what-matters").await;
    delivered(&w, 2, "ana@example.org", 31).await;
    delivered(&w, 4, "ana@example.org", 40).await;
    assert_eq!(invited(&w).await, 1, "a person, not an order");
    let link = links(&w).await.remove(0);
    begun(&w, &link).await;
    let questions = crate::questions(&w, &link).await;
    assert_eq!(questions.len(), 11, "ten services and what is missed; no question about problems");
    w.later(Duration::days(364));
    delivered(&w, 6, "ana@example.org", 31).await;
    assert_eq!(invited(&w).await, 0, "not before its time");
    w.later(Duration::days(2));
    assert_eq!(invited(&w).await, 1);
}

/// How often each item and each pair was asked, a dimension.
async fn asked_sets(w: &World) -> BTreeMap<String, (BTreeMap<String, i64>, BTreeMap<String, i64>)> {
    let sets: Vec<(String, Vec<String>)> = sqlx::query_as(
        "select d.code, array_agg(i.code order by i.code) from survey_response r cross join lateral unnest(r.items) as asked (id)
         join survey_item i on i.id = asked.id join survey_dimension d on d.version_id = i.version_id and d.code = i.dimension
         where d.part = 'main' group by r.id, d.code",
    )
    .fetch_all(&w.shop.db)
    .await
    .unwrap();
    let mut counts: BTreeMap<_, (BTreeMap<_, i64>, BTreeMap<_, i64>)> = BTreeMap::new();
    for (dimension, set) in sets {
        let (items, pairs) = counts.entry(dimension).or_default();
        *pairs.entry(set.join("+")).or_default() += 1;
        set.into_iter().for_each(|item| *items.entry(item).or_default() += 1);
    }
    counts
}

/// How often each item and each pair of a dimension was asked.
type Asked = BTreeMap<String, (BTreeMap<String, i64>, BTreeMap<String, i64>)>;

fn assert_balanced(counts: &Asked, people: i64) {
    for (dimension, size) in [("EFF", 8), ("SYS", 4), ("FUL", 7), ("PRI", 3)] {
        let (items, pairs) = &counts[dimension];
        assert_eq!(i64::try_from(items.len()).unwrap(), size);
        assert!(items.values().all(|&times| times == 2 * people / size), "{dimension}: {items:?}");
        assert_eq!(i64::try_from(pairs.len()).unwrap(), size * (size - 1) / 2);
        assert!(pairs.values().all(|&times| times == people * 2 / (size * (size - 1))), "{dimension}: {pairs:?}");
    }
}

async fn begin_together(w: &World, people: std::ops::Range<u32>) {
    w.sql("update survey_rule set split = 'short'").await;
    for number in people {
        delivered(w, number, &format!("p{number}@example.org"), 6).await;
    }
    while invited(w).await > 0 {}
    let links = links(w).await;
    join_all(links.iter().map(|link| async { surveys::begin(&w.shop, link, Language::En, Device::Phone, w.now).await.unwrap() })).await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn after_84_people_every_item_and_every_pair_was_asked_equally_often(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    w.sql("update survey_rule set split = 'short'").await;
    for number in 1..=84 {
        delivered(&w, number, &format!("p{number}@example.org"), 6).await;
    }
    assert_eq!(invited(&w).await, 84);
    for link in links(&w).await {
        begun(&w, &link).await;
    }
    let counts = asked_sets(&w).await;
    assert_balanced(&counts, 84);
    // Eight, the recommendation, and words at the end; eleven more for who had a problem.
    assert_eq!(w.number("select max(cardinality(items))::bigint from survey_response").await, 8 + 1 + 11 + 1);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_begins_at_once_with_many_others_keeps_the_balance(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    begin_together(&w, 1..169).await;
    assert_balanced(&asked_sets(&w).await, 168);
    assert_eq!(w.number("select short_sets from survey_version where short_sets > 0").await, 168);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_forms_are_split_fairly_among_all_who_are_asked(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    for number in 1..=40 {
        delivered(&w, number, &format!("p{number}@example.org"), 6).await;
    }
    // Two nodes at once.
    let both = join_all([surveys::invite_due(&w.shop, w.now), surveys::invite_due(&w.shop, w.now)]).await;
    assert_eq!(both.into_iter().map(Result::unwrap).sum::<usize>(), 40);
    assert_eq!(w.number("select count(*) from survey_invitation where form = 'short'").await, 20);
    assert_eq!(w.number("select count(*) from mail").await, 40);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_order_page_offers_what_can_be_answered_and_how_far_people_came_is_kept(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let order = delivered(&w, 1, "ana@example.org", 6).await;
    let of_order = shop::signing::order_token(&w.shop.settings, domain::ids::OrderId(order));
    let offer = async || surveys::offer(&w.shop, "1", &of_order, Language::En, w.now).await.unwrap();
    assert_eq!(offer().await, None, "before somebody was asked");
    invited(&w).await;
    let link = offer().await.unwrap().token;
    let manager = staff(&w, Role::Manager).await;
    let funnel = async || {
        let all = surveys::instruments(&w.shop, &manager).await.unwrap();
        let f = if all[0].short.asked > 0 { all[0].short } else { all[0].full };
        (f.asked, f.opened, f.started, f.completed)
    };
    assert_eq!(funnel().await, (1, 0, 0, 0));
    assert!(matches!(surveys::open(&w.shop, &link, Language::En, w.now).await.unwrap(), Standing::Cover(_)));
    assert_eq!(funnel().await, (1, 1, 0, 0), "whoever opened it has spent nothing");
    begun(&w, &link).await;
    assert_eq!(funnel().await, (1, 1, 1, 0));
    assert!(offer().await.unwrap().begun);
    let code = crate::questions(&w, &link).await[0].code.clone();
    crate::says(&w, &link, &code, "5").await;
    surveys::finish(&w.shop, &link, w.now).await.unwrap();
    assert_eq!((funnel().await, offer().await), ((1, 1, 1, 1), None));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn managers_set_the_rules_within_bounds_and_agents_do_not(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let (manager, agent) = (staff(&w, Role::Manager).await, staff(&w, Role::Agent).await);
    let rules = Rules { reminder_days: 0, ..surveys::rules(&w.shop).await.unwrap() };
    assert_eq!(refusal(surveys::set_rules(&w.shop, &agent, rules, w.now).await), SurveyRefusal::NotAllowed);
    let wild = Rules { cap_days: 0, ..rules };
    assert_eq!(refusal(surveys::set_rules(&w.shop, &manager, wild, w.now).await), SurveyRefusal::OutOfBounds);
    surveys::set_rules(&w.shop, &manager, rules, w.now).await.unwrap();
    assert_eq!(surveys::rules(&w.shop).await.unwrap(), rules);
    assert_eq!(w.number("select count(*) from audit where action = 'survey.rules'").await, 1);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn managers_say_when_an_instrument_is_asked_and_whether(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let (manager, agent) = (staff(&w, Role::Manager).await, staff(&w, Role::Agent).await);
    let set = async |actor, active, days| surveys::set_asking(&w.shop, actor, "service-quality", active, days, w.now).await;
    delivered(&w, 1, "ana@example.org", 2).await;
    assert_eq!(refusal(set(&agent, true, 1).await), SurveyRefusal::NotAllowed);
    assert_eq!(refusal(set(&manager, true, 366).await), SurveyRefusal::OutOfBounds);
    set(&manager, false, 1).await.unwrap();
    assert_eq!(invited(&w).await, 0);
    set(&manager, true, 1).await.unwrap();
    assert_eq!(invited(&w).await, 1);
    assert_eq!(w.number("select count(*) from audit where action = 'survey.asking'").await, 2);
}
