//! Orders on their way to the door: what staff does, and what the buyer sees of it.

mod support;

use domain::{
    Language,
    checkout::CheckoutRefusal,
    orders::{Milestone, OrderRefusal, OrderState, PaymentState, PromiseState, TrackingKind},
    token::Token,
};
use shop::{
    Actor,
    checkout::{self, DraftPatch},
    delivery, orders, promises,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use support::{World, refusal};
use time::{Duration, macros::datetime};

const ES: Language = Language::Es;
const STAFF: Actor = Actor::Operator;

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_order_goes_to_the_door_and_its_buyer_can_follow(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::new(pool, options).await;
    let bowl = w.variant("Cuenco", 2490, 5).await;
    let (_, placed) = w.placed(&[(bowl, 2)]).await;
    let number = placed.number.as_str();
    let told = refusal(orders::ship(&w.shop, &STAFF, number, "correos", "X1", w.now).await);
    assert_eq!(told, OrderRefusal::WrongState(OrderState::Placed), "nothing leaves the house unpaid");
    w.pay(&placed, support::GOOD_CARD).await;
    w.settle(&placed).await;
    let guest = orders::pack(&w.shop, &Actor::Guest { cart: None }, number, w.now).await;
    assert_eq!(refusal(guest), OrderRefusal::NoSuchOrder);
    orders::pack(&w.shop, &STAFF, number, w.now).await.unwrap();
    w.later(Duration::hours(2));
    let told = refusal(orders::ship(&w.shop, &STAFF, number, "pigeon", "X1", w.now).await);
    assert_eq!(told, OrderRefusal::NoSuchCarrier("pigeon".into()));
    orders::ship(&w.shop, &STAFF, number, "correos", " X1 ", w.now).await.unwrap();
    w.later(Duration::hours(1));
    orders::track(&w.shop, &STAFF, number, TrackingKind::InTransit, "Madrid", "", w.now).await.unwrap();
    assert_eq!(w.number("select on_hand::bigint from stock_level").await, 3);
    w.check(false).await;
    let order = w.order(&placed).await;
    assert_eq!(order.parcels[0].url, "https://s.correosexpress.com/c?n=X1");
    assert_eq!(order.parcels[0].events.iter().map(|e| e.kind).collect::<Vec<_>>(), [TrackingKind::HandedOver, TrackingKind::InTransit]);
    w.later(Duration::hours(20));
    orders::deliver(&w.shop, &STAFF, number, w.now).await.unwrap();
    let order = w.order(&placed).await;
    assert_eq!((order.state, order.promised.kept), (OrderState::Delivered, PromiseState::Kept));
    assert!(order.timeline.iter().all(|step| step.at.is_some()), "{:?}", order.timeline);
    assert_eq!(refusal(orders::cancel(&w.shop, &STAFF, number, w.now).await), OrderRefusal::WrongState(OrderState::Delivered));
    shop::jobs::run_due(&w.shop, || w.now).await.unwrap();
    let subjects: Vec<_> = shop::mail::list(&w.shop, 9).await.unwrap().into_iter().map(|l| l.subject).collect();
    assert_eq!(subjects.len(), 3, "{subjects:?}");
    let actions = "select string_agg(action, ' ' order by at, id) from audit where staff_id is null";
    assert_eq!(w.text(actions).await, "order.packed order.shipped order.tracked order.delivered", "each once, and none that was refused");
    let (_, other) = w.paid(&[(bowl, 1)]).await;
    let told = refusal(orders::ship(&w.shop, &STAFF, &other.number, "correos", "X1", w.now).await);
    assert_eq!(told, OrderRefusal::TrackingInUse);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_late_parcel_is_known_to_be_late(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::new(pool, options).await;
    let bowl = w.variant("Cuenco", 2490, 5).await;
    let (_, placed) = w.paid(&[(bowl, 1)]).await;
    let promised = w.order(&placed).await.promised;
    assert_eq!((promised.kept, promised.expected), (PromiseState::Open, None));
    w.later(Duration::days(12));
    assert_eq!(promises::mark_broken(&w.shop, w.now).await.unwrap(), 1);
    assert_eq!(promises::mark_broken(&w.shop, w.now).await.unwrap(), 0, "once");
    let late = w.order(&placed).await.promised;
    assert_eq!(late.kept, PromiseState::Broken);
    assert!(late.expected.unwrap() > promised.latest);
    orders::ship(&w.shop, &STAFF, &placed.number, "seur", "S1", w.now).await.unwrap();
    orders::deliver(&w.shop, &STAFF, &placed.number, w.now).await.unwrap();
    assert_eq!(w.order(&placed).await.promised.kept, PromiseState::Broken);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_cancelled_order_gives_back_goods_and_money(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::new(pool, options).await;
    let bowl = w.variant("Cuenco", 2490, 5).await;
    let (_, paid) = w.paid(&[(bowl, 1)]).await;
    let (_, unpaid) = w.placed(&[(bowl, 1)]).await;
    for placed in [&paid, &unpaid] {
        orders::cancel(&w.shop, &STAFF, &placed.number, w.now).await.unwrap();
    }
    assert_eq!(w.available(bowl).await, 5);
    assert_eq!(w.order(&paid).await.timeline.last().unwrap().milestone, Milestone::Cancelled);
    // Who pays before the page is closed gets the money back.
    w.pay(&unpaid, support::GOOD_CARD).await;
    w.all_ends_well().await;
    for placed in [&paid, &unpaid] {
        let order = w.order(placed).await;
        assert_eq!((order.state, order.payment), (OrderState::Cancelled, PaymentState::Refunded));
        assert_eq!(order.promised.kept, PromiseState::Withdrawn);
    }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_order_shows_itself_to_its_buyer_only(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = World::new(pool, options).await;
    let bowl = w.variant("Cuenco", 2490, 5).await;
    let (_, placed) = w.placed(&[(bowl, 1)]).await;
    let (_, other) = w.placed(&[(bowl, 1)]).await;
    let open = async |number: &str, token: &Token| refusal(orders::by_token(&w.shop, ES, number, token, w.now).await);
    assert_eq!(open(&placed.number, &other.token).await, OrderRefusal::NoSuchOrder);
    assert_eq!(open(&placed.number, &Token(String::new())).await, OrderRefusal::NoSuchOrder);
    assert_eq!(open("99999", &placed.token).await, OrderRefusal::NoSuchOrder);
    let nobodys = shop::signing::order_token(&w.shop.settings, domain::ids::OrderId(uuid::Uuid::nil()));
    assert_eq!(open("99999", &nobodys).await, OrderRefusal::NoSuchOrder);
    assert_eq!(orders::find(&w.shop, &format!(" #{} ", placed.number), "ANA@Example.org ").await.unwrap(), placed.token);
    assert_eq!(refusal(orders::find(&w.shop, &placed.number, "eva@example.org").await), OrderRefusal::NoSuchOrder);
    assert_eq!(orders::list(&w.shop, 10).await.unwrap().len(), 2);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_confirmation_says_everything_and_runs_nothing(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = World::new(pool, options).await;
    let bowl = w.variant("Cuenco <b>&amp;", 2490, 5).await;
    let actor = w.shopper(&[(bowl, 2)]).await;
    let hostile = DraftPatch {
        name: Some("Ana\r\nBcc: eva@example.org <script>".into()),
        email: Some("ana@example.org\r\nBcc: eva@example.org".into()),
        ..DraftPatch::default()
    };
    checkout::save(&w.shop, &actor, ES, hostile, w.now).await.unwrap();
    assert_eq!(refusal(w.place(&actor).await), CheckoutRefusal::Details, "two addresses are none");
    checkout::save(&w.shop, &actor, ES, DraftPatch { email: Some("ana@example.org".into()), ..DraftPatch::default() }, w.now)
        .await
        .unwrap();
    let placed = w.place(&actor).await.unwrap();
    w.pay(&placed, support::GOOD_CARD).await;
    w.settle(&placed).await;
    shop::jobs::run_due(&w.shop, || w.now).await.unwrap();
    let letter = shop::mail::list(&w.shop, 1).await.unwrap().remove(0);
    assert_eq!(letter.recipient, "ana@example.org");
    assert!(letter.sent_at.is_some());
    for said in [
        "Hola, Ana Bcc: eva@example.org <script>:",
        "2 × Cuenco <b>&amp;: 49,80",
        "IVA 21",
        "Total: 54,70",
        "Calle Mayor 1\n28013 Madrid\nEspaña",
        "Llega entre el",
    ] {
        assert!(letter.text.contains(said), "no `{said}` in:\n{}", letter.text);
    }
    assert!(letter.text.contains(&format!("https://shop.test/es/order/{}?t={}", placed.number, placed.token.0)));
    let html = w.text("select html_body from mail").await;
    assert!(html.contains("&lt;script&gt;") && !html.contains("<script") && html.contains("Cuenco &lt;b&gt;&amp;amp;"));
    let id = w.text("select id::text from mail").await;
    let file = std::fs::read_to_string(w.shop.settings.data_folder.join(format!("mail/{id}.eml"))).unwrap();
    let (head, _) = file.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("To: ana@example.org\r\n") && !head.to_lowercase().contains("bcc"), "{head}");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_product_page_promises_what_the_checkout_promises(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = World::new(pool, options).await;
    // A Monday morning in Madrid; Tuesday the 8th is a holiday of ours and of the carrier.
    let monday = datetime!(2026-12-07 09:00 UTC);
    let promise = async |stock| delivery::product_promise(&w.shop, "ES", stock, 400, monday, ES).await.unwrap();
    let now = promise(domain::catalog::Stock::Available(3)).await.unwrap();
    assert_eq!(now.order_until, datetime!(2026-12-07 13:00 +1));
    assert_eq!((now.dates.earliest.day(), now.dates.latest.day()), (10, 11));
    let made = promise(domain::catalog::Stock::MadeToOrder).await.unwrap();
    assert!(made.dates.earliest > now.dates.latest);
    assert_eq!(promise(domain::catalog::Stock::SoldOut).await, None);
    let evening =
        delivery::product_promise(&w.shop, "ES", domain::catalog::Stock::Unlimited, 400, datetime!(2026-12-07 19:00 UTC), ES).await;
    assert_eq!(evening.unwrap().unwrap().order_until, datetime!(2026-12-09 13:00 +1));
    assert_eq!(delivery::product_promise(&w.shop, "AQ", domain::catalog::Stock::Unlimited, 400, monday, ES).await.unwrap(), None);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn nothing_that_cannot_be_an_order_is_a_fault(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = World::new(pool, options).await;
    let told = refusal(orders::by_token(&w.shop, ES, "\0", &Token("x".into()), w.now).await);
    assert_eq!(told, OrderRefusal::NoSuchOrder);
    assert_eq!(refusal(orders::find(&w.shop, "A\0", "a@b.es").await), OrderRefusal::NoSuchOrder);
    assert_eq!(refusal(orders::find(&w.shop, "A", "a\0@b.es").await), OrderRefusal::NoSuchOrder);
    let heavy = delivery::product_promise(&w.shop, "ES", domain::catalog::Stock::Unlimited, 40_000, w.now, ES).await;
    assert_eq!(heavy.unwrap(), None, "nobody carries forty kilos");
}
