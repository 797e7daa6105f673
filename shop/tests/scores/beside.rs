//! What stands beside the answers: what the shop measured in the same weeks.

use super::{MONDAY, desk, filter, world};
use crate::support::{World, euros};
use domain::{
    Language,
    chat::PresenceState,
    complaints::{ComplaintKind, Department, Intake},
    ids::StaffId,
    orders::Placed,
    promises::PromiseKind,
    staff::{Role, Roles},
};
use shop::{
    Actor, chat, checkout,
    complaints::{self, NewComplaint, OfOrder},
    measured, orders, promises,
    scores::Kept,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use time::Duration;
use uuid::Uuid;

const STAFF: Actor = Actor::Operator;

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn somebody_is_there_in_minutes_of_opening_hours_in_which_an_agent_is_available(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    let id = Uuid::new_v4();
    w.sql(&format!("insert into staff (id, email, name, roles, created_at) values ('{id}', 'a@shop.test', 'Ana', '{{agent}}', now())"))
        .await;
    let agent = Actor::Staff { id: StaffId(id), roles: Roles::of(&[Role::Agent]) };
    // The first hour of all is not whole. Then one at ten in the morning, with half of it staffed and a pause, and one
    // at eight in the evening, when nobody needs to be there.
    measured::minute(&w.shop, MONDAY - Duration::HOUR).await.unwrap();
    let states = |minute: i64| match minute {
        0..30 | 600.. => PresenceState::Available,
        30..40 => PresenceState::Paused,
        _ => PresenceState::Away,
    };
    for minute in (0..60).chain(600..660) {
        w.now = MONDAY + Duration::minutes(minute);
        chat::set_presence(&w.shop, &agent, states(minute), w.now).await.unwrap();
        measured::minute(&w.shop, w.now).await.unwrap();
        // Another node says the same.
        measured::minute(&w.shop, w.now).await.unwrap();
    }
    w.now = MONDAY + Duration::hours(12);
    let facts = desk(&w, &filter(1, "mean")).await.facts;
    assert_eq!(facts.staffed, Kept { kept: 30, of: 60 });
    assert_eq!(facts.minutes, Kept { kept: 120, of: 12 * 60 });
}

async fn at_the_door(w: &World, placed: &Placed) {
    orders::ship(&w.shop, &STAFF, &placed.number, "correos", &placed.number, w.now).await.unwrap();
    orders::deliver(&w.shop, &STAFF, &placed.number, w.now).await.unwrap();
}

fn complaint(placed: &Placed, kind: ComplaintKind) -> NewComplaint {
    NewComplaint {
        kind,
        language: Language::Es,
        statement: "El cuenco llegó roto.".into(),
        wanted: "Otro cuenco".into(),
        from: Department::Web,
        about: Department::Dispatch,
        intake: Intake::Web,
        name: String::new(),
        email: String::new(),
        anonymous: false,
        order: Some(OfOrder { number: placed.number.clone(), token: Some(placed.token.clone()), line: None }),
        happened_on: None,
        conversation: None,
        angry: false,
        take: false,
    }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_order_is_perfect_in_time_without_a_complaint_and_with_nothing_given_back(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::new(pool, options).await;
    let bowl = w.variant("Cuenco", 2490, 9).await;
    let mut placed = Vec::new();
    for _ in 0..6 {
        placed.push(w.paid(&[(bowl, 1)]).await.1);
    }
    let [good, praised, broken, given_back, late, gone] = placed.as_slice() else { panic!() };
    for order in [good, praised, broken, given_back] {
        at_the_door(&w, order).await;
    }
    complaints::open(&w.shop, &Actor::Guest { cart: None }, &complaint(praised, ComplaintKind::Suggestion), w.now).await.unwrap();
    complaints::open(&w.shop, &Actor::Guest { cart: None }, &complaint(broken, ComplaintKind::Complaint), w.now).await.unwrap();
    checkout::request_refund(&w.shop, &STAFF, &given_back.number, euros(500), "chipped", w.now).await.unwrap();
    orders::cancel(&w.shop, &STAFF, &gone.number, w.now).await.unwrap();
    w.sql(&format!("update orders set cancelled_because = 'sold_out' where number = '{}'", gone.number)).await;
    for _ in 0..3 {
        w.later(Duration::minutes(20));
        w.banks_work().await;
        w.workers().await;
    }
    w.later(Duration::days(12));
    promises::mark_broken(&w.shop, w.now).await.unwrap();
    at_the_door(&w, late).await;
    w.later(Duration::HOUR);

    let facts = desk(&w, &filter(4, "mean")).await.facts;
    assert_eq!(facts.perfect, Kept { kept: 2, of: 5 });
    assert_eq!(facts.sold_out, Kept { kept: 1, of: 6 });
    assert_eq!(facts.promises[PromiseKind::Delivery.code()].0, Kept { kept: 4, of: 5 }, "what is cancelled is promised no more");
    assert_eq!(facts.refunds, 2);
    // Last spring is another story.
    w.later(Duration::weeks(30));
    let later = desk(&w, &filter(4, "mean")).await.facts;
    assert_eq!((later.perfect, later.sold_out, later.refunds), (Kept::default(), Kept::default(), 0));
}
