//! Store credit: what it pays, what gives it back, and that nobody spends it twice.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail loudly too")]

mod support;

use domain::{
    Language,
    checkout::{CheckoutRefusal, Field, FieldProblem},
    complaints::ComplaintRefusal,
    credit::shown,
    desk::DeskRefusal,
    ids::{StaffId, VariantId},
    orders::{OrderState, PaymentState, Placed},
    staff::{Role, Roles},
};
use futures::future::join_all;
use rand::{Rng, SeedableRng, rngs::StdRng};
use shop::{
    Actor,
    checkout::{self, DraftPatch, Standing},
    complaints::{self, Way},
    orders,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use support::{GOOD_CARD, World, crash_after, euros, minutes, refusal};
use uuid::Uuid;

const CODE: &str = "ABCD1234ABCD1234";

/// A credit of so much under this code, as the ledger has one.
async fn credit_of(w: &World, code: &str, minor: i64) {
    let id = Uuid::new_v4();
    w.sql(&format!(
        "insert into store_credit (id, code, currency, email, reason, source, created_at)
         values ('{id}', '{code}', 'EUR', 'ana@example.org', 'goodwill', gen_random_uuid(), now());
         insert into store_credit_entry (id, credit_id, kind, minor, at) values (gen_random_uuid(), '{id}', 'given', {minor}, now())"
    ))
    .await;
}

async fn types(w: &World, actor: &Actor, code: &str) -> domain::checkout::Checkout {
    let patch = DraftPatch { credit: Some(code.to_owned()), ..DraftPatch::default() };
    checkout::save(&w.shop, actor, Language::Es, patch, w.now).await.unwrap()
}

async fn balance(w: &World) -> i64 {
    w.number(&format!("select balance_minor from store_credit where code = '{CODE}'")).await
}

async fn bowl_of(w: &World) -> VariantId {
    VariantId(w.text("select id::text from variant").await.parse().unwrap())
}

/// A bowl of 24.90 with its delivery, and a shopper who has this much credit and has typed its code.
async fn with_credit(pool: PgPoolOptions, options: PgConnectOptions, minor: i64) -> (World, Actor, i64) {
    let (w, bowl) = World::with_bowls(pool, options, 50).await;
    credit_of(&w, CODE, minor).await;
    let actor = w.shopper(&[(bowl, 1)]).await;
    let page = types(&w, &actor, &shown(CODE).to_lowercase()).await;
    let total = page.totals.unwrap().total.minor;
    (w, actor, total)
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn credit_pays_a_part_and_the_card_the_rest(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, actor, total) = with_credit(pool, options, 1000).await;
    let placed = w.place(&actor).await.unwrap();
    assert_eq!(balance(&w).await, 0, "held with the goods");
    assert_eq!(w.number("select amount_minor from payment_attempt").await, total - 1000);
    w.pay(&placed, GOOD_CARD).await;
    assert_eq!(w.settle(&placed).await, Standing::Paid);
    let order = w.order(&placed).await;
    assert_eq!((order.payment, order.total, order.credit), (PaymentState::Paid, euros(total), euros(1000)));
    assert_eq!(w.number("select minor from payment_ledger").await, total - 1000);
    w.workers().await;
    let letter = w.text("select text_body from mail where key like 'order.confirmation%'").await;
    assert!(letter.contains("Pagado con saldo: 10,00"), "{letter}");
    w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn credit_that_covers_all_asks_no_card(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, actor, total) = with_credit(pool, options, 9000).await;
    let (one, two) = tokio::join!(w.place(&actor), w.place(&actor));
    let placed = one.unwrap();
    assert_eq!(placed, two.unwrap(), "a double click pays once");
    assert_eq!(w.number("select count(*) from sandbox.object").await, 0);
    assert_eq!((w.order(&placed).await.state, balance(&w).await), (OrderState::Paid, 9000 - total));
    orders::cancel(&w.shop, &Actor::Operator, &placed.number, w.now).await.unwrap();
    let order = w.order(&placed).await;
    assert_eq!((order.payment, order.credit_back, balance(&w).await), (PaymentState::Refunded, euros(total), 9000));
    w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_order_that_nobody_pays_lets_go_of_its_credit(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, actor, total) = with_credit(pool, options, 1000).await;
    let placed = w.place(&actor).await.unwrap();
    let page = types(&w, &actor, CODE).await;
    assert_eq!(page.due(), Some(euros(total - 1000)), "nobody is blocked by their own order");
    assert_eq!(w.place(&actor).await.unwrap(), placed);
    types(&w, &actor, "").await;
    let other = w.place(&actor).await.unwrap();
    assert_ne!(other.number, placed.number, "without the credit it is another order");
    assert_eq!(balance(&w).await, 1000);
    types(&w, &actor, CODE).await;
    w.place(&actor).await.unwrap();
    assert_eq!(balance(&w).await, 0);
    w.later(minutes(60));
    w.all_ends_well().await;
    assert_eq!(balance(&w).await, 1000);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_pays_after_the_credit_went_elsewhere_gets_the_card_back(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, actor, _) = with_credit(pool, options, 1000).await;
    let placed = w.place(&actor).await.unwrap();
    w.pay(&placed, GOOD_CARD).await;
    w.sql("update store_credit_hold set state = 'released'").await;
    w.sql(
        "insert into store_credit_entry (id, credit_id, kind, minor, order_id, at)
           select gen_random_uuid(), credit_id, 'released', minor, order_id, now() from store_credit_hold",
    )
    .await;
    w.sql("update orders set state = 'cancelled', cancelled_because = 'expired', cancelled_at = now()").await;
    let bowl = bowl_of(&w).await;
    let other = w.shopper(&[(bowl, 2)]).await;
    types(&w, &other, CODE).await;
    w.place(&other).await.unwrap();
    assert_eq!(w.settle(&placed).await, Standing::Refunding, "the credit is not there any more");
    w.all_ends_well().await;
    assert_eq!(balance(&w).await, 1000);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn refunds_go_to_the_card_first_and_never_beyond_what_each_paid(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, actor, total) = with_credit(pool, options, 1000).await;
    let placed = w.place(&actor).await.unwrap();
    w.pay(&placed, GOOD_CARD).await;
    w.settle(&placed).await;
    let by_card = total - 1000;
    let refund =
        async |w: &World, minor| checkout::request_refund(&w.shop, &Actor::Operator, &placed.number, euros(minor), "x", w.now).await;
    refusal(refund(&w, total + 1).await);
    refund(&w, by_card - 100).await.unwrap();
    assert_eq!(balance(&w).await, 0, "the card first");
    refund(&w, 400).await.unwrap();
    assert_eq!((balance(&w).await, w.number("select sum(minor)::bigint from refund").await), (300, by_card));
    refusal(refund(&w, 701).await);
    refund(&w, 700).await.unwrap();
    assert_eq!(balance(&w).await, 1000);
    w.all_ends_well().await;
    assert_eq!(w.order(&placed).await.payment, PaymentState::Refunded);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_wrong_or_empty_code_is_said_beside_its_field(pool: PgPoolOptions, options: PgConnectOptions) {
    let (w, actor, _) = with_credit(pool, options, 1000).await;
    for wrong in ["nonsense", "ZZZZ-ZZZZ-ZZZZ-ZZZZ"] {
        assert_eq!(types(&w, &actor, wrong).await.problems.get(&Field::Credit), Some(&FieldProblem::NoSuchCredit));
        assert_eq!(refusal(w.place(&actor).await), CheckoutRefusal::Details);
    }
    types(&w, &actor, CODE).await;
    w.place(&actor).await.unwrap();
    let bowl = bowl_of(&w).await;
    let other = w.shopper(&[(bowl, 1)]).await;
    assert_eq!(types(&w, &other, CODE).await.problems.get(&Field::Credit), Some(&FieldProblem::CreditUsedUp));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_database_refuses_what_the_code_never_does(pool: PgPoolOptions, options: PgConnectOptions) {
    let (w, actor, _) = with_credit(pool, options, 1000).await;
    w.place(&actor).await.unwrap();
    let refused = async |statement: &str| sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&w.shop.db).await.is_err();
    let entry = "insert into store_credit_entry (id, credit_id, kind, minor, order_id, at)
                 select gen_random_uuid(), credit_id, 'held', 1, order_id, now() from store_credit_hold";
    assert!(refused(entry).await, "a balance below nothing");
    assert!(refused("insert into store_credit_hold select * from store_credit_hold").await, "a second hold");
    assert!(refused("update store_credit_hold set back_minor = 1").await, "given back before it was spent");
    assert!(refused("delete from store_credit_entry").await, "an entry that is gone");
    w.check(false).await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn many_checkouts_at_once_spend_one_credit_once(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, first, total) = with_credit(pool, options, 5000).await;
    let bowl = bowl_of(&w).await;
    let mut shoppers = vec![first];
    for _ in 0..24 {
        let actor = w.shopper(&[(bowl, 1)]).await;
        types(&w, &actor, CODE).await;
        shoppers.push(actor);
    }
    let outcomes = join_all(shoppers.iter().map(|actor| w.place(actor))).await;
    assert_eq!(balance(&w).await, 0);
    assert_eq!(w.number("select sum(credit_minor)::bigint from orders where state <> 'cancelled'").await, 5000);
    let placed = outcomes.into_iter().filter_map(Result::ok).count();
    assert_eq!(i64::try_from(placed).unwrap(), (5000 + total - 1) / total, "as many as it reaches for, the others are told");
    w.check(false).await;
    w.all_ends_well().await;
}

/// Somebody of the staff with these roles.
async fn somebody(w: &World, role: Role) -> Actor {
    let id = Uuid::new_v4();
    w.sql(&format!(
        "insert into staff (id, email, name, roles, created_at) values ('{id}', '{id}@shop.test', 'Nora', '{{{}}}', now())",
        role.code()
    ))
    .await;
    Actor::Staff { id: StaffId(id), roles: Roles::of(&[role]) }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_agent_gives_within_a_budget_however_many_hands_they_have(pool: PgPoolOptions, options: PgConnectOptions) {
    let (w, bowl) = World::with_bowls(pool, options, 9).await;
    let (_, placed) = w.paid(&[(bowl, 1)]).await;
    let (agent, boss) = (somebody(&w, Role::Agent).await, somebody(&w, Role::Supervisor).await);
    let give = async |actor: &Actor, key: Uuid, typed: &str| {
        shop::desk::give_credit(&w.shop, actor, key, &placed.number, typed, "lo siento", w.now).await
    };
    let outcomes = join_all((0..20).map(|_| give(&agent, Uuid::new_v4(), "30"))).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 3, "a hundred a month hold three of thirty");
    assert_eq!(refusal(give(&agent, Uuid::new_v4(), "10,01").await), DeskRefusal::AboveBudget { left: euros(1000) });
    assert_eq!(refusal(give(&agent, Uuid::new_v4(), "cinco").await), DeskRefusal::NotAnAmount);
    let key = Uuid::new_v4();
    let twice = join_all((0..2).map(|_| give(&boss, key, "500"))).await;
    assert!(twice.iter().all(Result::is_ok), "a double click is answered like the first");
    assert_eq!(w.number("select sum(balance_minor)::bigint from store_credit").await, 9000 + 50_000);
    assert_eq!(w.number("select count(*) from audit where action = 'order.credit_given'").await, 4);
    assert_eq!(refusal(give(&Actor::Guest { cart: None }, Uuid::new_v4(), "1").await), DeskRefusal::NotAllowed);
    w.check(false).await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_complaint_is_made_up_for_once_with_credit_or_money_and_says_so(pool: PgPoolOptions, options: PgConnectOptions) {
    let (w, bowl) = World::with_bowls(pool, options, 9).await;
    let _ = w.paid(&[(bowl, 1)]).await;
    let agent = somebody(&w, Role::Agent).await;
    w.sql(&format!(
        "insert into complaint (id, kind, stage, language, channel, name, email, order_id, statement, wanted, from_department,
             about_department, owner_id, opened_at, changed_at)
         select gen_random_uuid(), 'queja', 'assigned', 'es', 'web', 'Ana', email, id, 'rota', 'otra', 'service', 'workshop', '{}', now(), now()
         from orders",
        agent.staff().unwrap()
    ))
    .await;
    let number = w.number("select number from complaint").await;
    let give =
        async |key: Uuid, way: Way, typed: &str| complaints::compensate(&w.shop, &agent, key, number, (way, typed), "rota", w.now).await;
    let key = Uuid::new_v4();
    let twice = tokio::join!(give(key, Way::Credit, "5"), give(key, Way::Credit, "5"));
    assert!(twice.0.is_ok() && twice.1.is_ok());
    assert_eq!(w.number("select sum(balance_minor)::bigint from store_credit").await, 500);
    give(Uuid::new_v4(), Way::Refund, "7,50").await.unwrap();
    assert_eq!(w.number("select sum(minor)::bigint from refund").await, 750);
    assert_eq!(refusal(give(Uuid::new_v4(), Way::Credit, "95,01").await), ComplaintRefusal::AboveBudget { left: euros(9500) });
    assert!(matches!(
        refusal(give(Uuid::new_v4(), Way::Refund, "49").await),
        ComplaintRefusal::AboveBudget { .. } | ComplaintRefusal::TooMuch { .. }
    ));
    assert_eq!(w.number("select count(*) from complaint_entry where kind = 'compensated' and not internal").await, 2);
    let code = shown(&w.text("select code from store_credit").await);
    assert!(w.text("select text_body from mail where key like 'credit.given:%'").await.contains(&code));
    w.check(false).await;
}

fn seed() -> u64 {
    std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1)
}

/// A day of placing, paying, expiring, cancelling and refunding at random, with the power failing at times; `SEED` makes another day of it.
#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn whatever_happens_in_whatever_order_the_ledger_agrees_with_the_orders(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, first, _) = with_credit(pool, options, 4000).await;
    let bowl = bowl_of(&w).await;
    let mut random = StdRng::seed_from_u64(seed());
    let mut shoppers = vec![first];
    for _ in 0..3 {
        shoppers.push(w.shopper(&[(bowl, 1)]).await);
    }
    let mut placed: Vec<Placed> = Vec::new();
    for _ in 0..70 {
        let actor = shoppers[random.random_range(0..shoppers.len())];
        let polls = random.random_range(1..40);
        let order = (!placed.is_empty()).then(|| placed[random.random_range(0..placed.len())].clone());
        match (random.random_range(0..10), order) {
            (0..=2, _) => {
                types(&w, &actor, if random.random_bool(0.7) { CODE } else { "" }).await;
                if random.random_bool(0.4) {
                    crash_after(polls, w.place(&actor)).await;
                }
                placed.extend(w.place(&actor).await.ok());
            }
            (3, _) => drop(shop::cart::add_line(&w.shop, &actor, Language::Es, bowl, 1, w.now).await),
            (4 | 5, Some(order)) if order.pay_url.contains("/sandbox/") => {
                let _ = w.sandbox.pay(support::session_of(&order), sandbox::PaymentMethod::Card { number: GOOD_CARD, name: None }).await;
                crash_after(polls, checkout::settle(&w.shop, support::session_of(&order), w.now)).await;
            }
            (6, Some(order)) => drop(orders::cancel(&w.shop, &Actor::Operator, &order.number, w.now).await),
            (7, Some(order)) => {
                let asked = euros(random.random_range(1..4000));
                drop(checkout::request_refund(&w.shop, &Actor::Operator, &order.number, asked, "x", w.now).await);
            }
            (8, _) => {
                w.later(minutes(random.random_range(1..50)));
                let _ = crash_after(polls * 3, w.workers()).await;
            }
            _ => w.workers().await,
        }
        w.check(false).await;
    }
    w.all_ends_well().await;
    let kept = w.number("select coalesce(sum(minor - back_minor), 0)::bigint from store_credit_hold where state = 'spent'").await;
    assert_eq!(balance(&w).await + kept, 4000, "what is not spent is there");
}
