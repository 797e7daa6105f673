//! What the desk sees of customers, and what it does by class.

use super::{ANA, bought, computed, crowd, listed, order, staff, world};
use crate::support::World;
use domain::{
    Language,
    chat::{PresenceState, Topic},
    customers::{CustomerClass, CustomerRefusal},
    staff::Role,
};
use shop::{
    Actor, Failure, chat,
    customers::{self, Filter},
    desk::routing,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use time::Duration;
use uuid::Uuid;

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn those_who_may_be_leaving_are_listed_by_what_is_lost(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    crowd(&w, 60).await;
    let gone = [400, 390, 380, 370, 360, 350, 340];
    bought(&w, "little@example.org", &gone, 2_000).await;
    bought(&w, "much@example.org", &gone, 9_000).await;
    bought(&w, "here@example.org", &[60, 50, 40, 30, 20, 10, 1], 9_000).await;
    bought(&w, "cheap@example.org", &gone, 100).await;
    computed(&w).await;
    let at_risk = listed(&w, &Filter { at_risk: true, ..Filter::default() }).await;
    let who: Vec<&str> = at_risk.iter().map(|customer| customer.email.as_str()).collect();
    assert_eq!(who, ["much@example.org", "little@example.org"], "who spent little is not missed, who is here has not left");
    assert!(at_risk.iter().all(|customer| customer.alive.unwrap() < 0.5 && customer.scores[2] >= 4));
    let overview = customers::overview(&w.shop, &Actor::Operator).await.unwrap();
    let losses: i64 = at_risk.iter().map(|customer| customer.loss.unwrap().minor).sum();
    assert_eq!((overview.at_risk.0, overview.at_risk.1.minor), (2, losses));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn customers_are_found_by_class_and_name_page_by_page(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    crowd(&w, 90).await;
    bought(&w, "ana_gil@example.org", &[63, 42, 21, 0], 50_000).await;
    bought(&w, "anaxgil@example.org", &[500], 100).await;
    computed(&w).await;
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = customers::list(&w.shop, &Actor::Operator, &Filter::default(), after.as_deref()).await.unwrap();
        seen.extend(page.customers);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 92);
    assert!(seen.is_sorted_by_key(|customer| std::cmp::Reverse(customer.spent.minor)));
    seen.dedup_by_key(|customer| customer.id);
    assert_eq!(seen.len(), 92, "nobody twice");
    let by = |class, search: &str| Filter { class, search: search.into(), at_risk: false };
    assert_eq!(listed(&w, &by(Some(CustomerClass::Frequent), "")).await.len(), 1);
    assert_eq!(listed(&w, &by(None, "ANA_GIL")).await.len(), 1, "signs are searched for as they are");
    assert_eq!(listed(&w, &by(None, "somebody 7")).await.len(), 11);
    let overview = customers::overview(&w.shop, &Actor::Operator).await.unwrap();
    assert!(overview.classes.contains(&(CustomerClass::Frequent, 1)) && overview.classes.contains(&(CustomerClass::Inactive, 1)));
    assert_eq!(overview.computed.unwrap().people, 92);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn one_customer_is_shown_with_what_they_were(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    bought(&w, ANA, &[63, 42, 21, 0], 2000).await;
    computed(&w).await;
    w.later(Duration::days(200));
    computed(&w).await;
    let id = listed(&w, &Filter::default()).await[0].id;
    let manager = staff(&w, Role::Manager).await;
    let person = customers::person(&w.shop, &manager, id).await.unwrap();
    let history: Vec<(CustomerClass, bool)> = person.history.iter().map(|phase| (phase.reason.class(), phase.until.is_some())).collect();
    assert_eq!(history.first(), Some(&(CustomerClass::Inactive, false)));
    assert_eq!(history.last(), Some(&(CustomerClass::Active, true)));
    assert_eq!(person.orders.len(), 4);
    let nobody = customers::person(&w.shop, &manager, Uuid::new_v4()).await;
    assert!(matches!(nobody, Err(Failure::Refused(CustomerRefusal::NoSuchCustomer))));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn only_managers_see_and_export_them(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let id = order(&w, ANA, 5, 2050, "paid").await;
    w.sql(&format!("update orders set name = '=1+1' where id = '{id}'")).await;
    computed(&w).await;
    let (agent, supervisor) = (staff(&w, Role::Agent).await, staff(&w, Role::Supervisor).await);
    let filter = Filter::default();
    let known = listed(&w, &filter).await[0].id;
    for stranger in [agent, Actor::Guest { cart: None }] {
        assert!(matches!(customers::list(&w.shop, &stranger, &filter, None).await, Err(Failure::Refused(_))));
        assert!(matches!(customers::overview(&w.shop, &stranger).await, Err(Failure::Refused(_))));
        assert!(matches!(customers::csv(&w.shop, &stranger, &filter).await, Err(Failure::Refused(_))));
        assert!(matches!(customers::person(&w.shop, &stranger, known).await, Err(Failure::Refused(CustomerRefusal::NotAllowed))));
    }
    let table = customers::csv(&w.shop, &supervisor, &filter).await.unwrap();
    assert!(table.contains("\r\n") || table.contains('\n'));
    let row = table.lines().nth(1).unwrap();
    assert!(row.starts_with("ana@example.org,'=1+1,1,20.50,EUR,2026-11-25,2026-11-25,"), "{row}");
    assert!(row.ends_with("occasional active,2026-11-30"), "{row}");
}

async fn writes(w: &World, email: &str) -> Option<String> {
    let opening = chat::OpenConversation {
        client_id: Uuid::new_v4(),
        language: Language::Es,
        name: "Ana".into(),
        email: email.into(),
        topic: Topic::Other,
        body: "Hola".into(),
        message_client_id: Uuid::new_v4(),
        page: String::new(),
        order: None,
    };
    chat::open(&w.shop, &Actor::Guest { cart: None }, chat::Visitor(Uuid::new_v4()), opening, w.now).await.unwrap().agent
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_conversation_goes_by_the_class_of_whoever_writes(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let manager = staff(&w, Role::Manager).await;
    bought(&w, ANA, &[63, 42, 21, 0], 2000).await;
    bought(&w, "ben@example.org", &[300], 2000).await;
    computed(&w).await;
    for (name, skills) in [("eva", "{}"), ("leo", "{regulars}"), ("sol", "{sales}")] {
        let id = Uuid::new_v4();
        w.sql(&format!(
            "insert into staff (id, email, name, roles, skills, load_cap, created_at)
             values ('{id}', '{name}@example.org', '{name}', '{{agent}}', '{skills}', 9, now())"
        ))
        .await;
        let roles = domain::staff::Roles::of(&[Role::Agent]);
        let agent = Actor::Staff { id: domain::ids::StaffId(id), roles };
        chat::set_presence(&w.shop, &agent, PresenceState::Available, w.now).await.unwrap();
    }
    w.sql("update staff_presence set given_at = now() where staff_id in (select id from staff where name <> 'eva')").await;
    for (class, skill) in [(CustomerClass::Frequent, "regulars"), (CustomerClass::Prospect, "sales")] {
        let rule = routing::NewRule { name: skill.into(), class: Some(class), skill: skill.into(), ..Default::default() };
        routing::add_rule(&w.shop, &manager, &rule, w.now).await.unwrap();
    }
    assert_eq!(writes(&w, "Ana@example.org").await.as_deref(), Some("leo"), "frequent");
    assert_eq!(w.text("select facts #>> '{case,classes,0}' from routing_decision").await, "frequent", "it is kept with the decision");
    assert_eq!(writes(&w, "new@example.org").await.as_deref(), Some("sol"), "known, and bought nothing");
    assert_eq!(writes(&w, "ben@example.org").await.as_deref(), Some("eva"), "neither");
    // Since the last night: no prospect any more, and not classed yet.
    w.sql("update staff_presence set given_at = '2099-01-01' where staff_id in (select id from staff where name <> 'eva')").await;
    order(&w, "new@example.org", 0, 2000, "paid").await;
    assert_eq!(writes(&w, "new@example.org").await.as_deref(), Some("eva"));
    let board = routing::board(&w.shop, &manager, w.now).await.unwrap();
    assert_eq!(board.rules[0].conditions.class, Some(CustomerClass::Frequent));
}
