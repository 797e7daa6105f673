//! What somebody at the desk may do to an order, and who gets a conversation: each rule with what breaks it.

mod support;

use domain::{
    Language, Translated,
    chat::{Channel, ConversationState, PresenceState, Topic},
    customers::Classes,
    desk::{Criterion, DeskRefusal, OrderMail},
    ids::StaffId,
    orders::{OrderState, PaymentState},
    routing::{Case, Why},
    staff::{Role, Roles},
};
use shop::{
    Actor, chat,
    desk::{self, AddressForm, NewTemplate, routing},
    orders,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use support::{World, euros, refusal};
use uuid::Uuid;

/// Somebody of the staff with these roles, and what is needed to route to them.
async fn member(w: &World, name: &str, roles: &[Role], skills: &str) -> Actor {
    let id = Uuid::new_v4();
    let codes: Vec<_> = roles.iter().map(|role| role.code()).collect();
    w.sql(&format!(
        "insert into staff (id, email, name, roles, skills, load_cap, created_at)
         values ('{id}', '{name}@example.org', '{name}', '{{{}}}', '{{{skills}}}', 2, now())",
        codes.join(",")
    ))
    .await;
    Actor::Staff { id: StaffId(id), roles: Roles::of(roles) }
}

fn key() -> Uuid {
    Uuid::new_v4()
}

fn calle_nueva() -> AddressForm {
    AddressForm {
        name: "Ana Gil".into(),
        line1: "Calle Nueva 2".into(),
        postcode: "28014".into(),
        city: "Madrid".into(),
        ..AddressForm::default()
    }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_address_changes_until_the_order_is_packed(pool: PgPoolOptions, options: PgConnectOptions) {
    let (w, bowl) = World::with_bowls(pool, options, 5).await;
    let agent = member(&w, "eva", &[Role::Agent], "").await;
    let (_, placed) = w.paid(&[(bowl, 1)]).await;
    let change = async |form| desk::change_address(&w.shop, &agent, key(), &placed.number, form, w.now).await;
    change(calle_nueva()).await.unwrap();
    assert_eq!(w.order(&placed).await.address.line1, "Calle Nueva 2");
    // Delivery there costs another sum, and the tax is another.
    let tenerife = AddressForm { postcode: "38001".into(), city: "Santa Cruz".into(), ..calle_nueva() };
    assert_eq!(refusal(change(tenerife).await), DeskRefusal::OtherCountry);
    let nowhere = AddressForm { line1: String::new(), ..calle_nueva() };
    assert!(matches!(refusal(change(nowhere).await), DeskRefusal::Address(problems) if problems.len() == 1));
    orders::pack(&w.shop, &agent, &placed.number, w.now).await.unwrap();
    assert_eq!(refusal(change(calle_nueva()).await), DeskRefusal::WrongState(OrderState::Packed));
    assert_eq!(w.number("select count(*) from audit where action = 'order.address_changed'").await, 1, "what was refused was not done");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_agent_gives_back_up_to_a_limit_and_a_supervisor_what_was_paid(pool: PgPoolOptions, options: PgConnectOptions) {
    let (w, bowl) = World::with_bowls(pool, options, 5).await;
    let (agent, supervisor) = (member(&w, "eva", &[Role::Agent], "").await, member(&w, "leo", &[Role::Supervisor], "").await);
    w.sql("update staff set refund_limit_minor = 2000").await;
    let (_, placed) = w.paid(&[(bowl, 3)]).await;
    let give = async |who: &Actor, typed: &str| desk::give_back(&w.shop, who, key(), &placed.number, typed, "chipped", w.now).await;
    assert_eq!(refusal(give(&agent, "20.01").await), DeskRefusal::AboveLimit { left: euros(2000) });
    give(&agent, "15,00 €").await.unwrap();
    assert_eq!(refusal(give(&agent, "5.01").await), DeskRefusal::AboveLimit { left: euros(500) }, "small sums add up");
    let panel = desk::order(&w.shop, &agent, &placed.number, Language::En, w.now).await.unwrap();
    assert_eq!((panel.refundable, panel.limited), (Some(euros(500)), true));
    give(&supervisor, "30").await.unwrap();
    let most = w.order(&placed).await.total.minor - 4500;
    assert_eq!(refusal(give(&supervisor, "1000").await), DeskRefusal::TooMuch { most: euros(most) });
    for wrong in ["", "-1", "0", "much"] {
        assert_eq!(refusal(give(&supervisor, wrong).await), DeskRefusal::NotAnAmount, "{wrong}");
    }
    let silent = desk::give_back(&w.shop, &supervisor, key(), &placed.number, "1", " ", w.now).await;
    assert_eq!(refusal(silent), DeskRefusal::ReasonMissing);
    assert_eq!(w.number("select sum(minor)::bigint from refund").await, 4500);
    assert_eq!(w.number("select count(*) from audit where action = 'order.refunded' and staff_id is not null").await, 2);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_double_click_gives_back_once(pool: PgPoolOptions, options: PgConnectOptions) {
    let (w, bowl) = World::with_bowls(pool, options, 5).await;
    let agent = member(&w, "eva", &[Role::Agent], "").await;
    let (_, placed) = w.paid(&[(bowl, 1)]).await;
    let key = key();
    let click = || desk::give_back(&w.shop, &agent, key, &placed.number, "5", "late", w.now);
    let (first, second) = tokio::join!(click(), click());
    first.unwrap();
    second.unwrap();
    click().await.unwrap();
    assert_eq!(w.number("select count(*) from refund").await, 1);
    // A refusal uses no key up: the same form, put right, is handed in again.
    let other = Uuid::new_v4();
    let again = |typed: &'static str| desk::give_back(&w.shop, &agent, other, &placed.number, typed, "late", w.now);
    assert_eq!(refusal(again("five").await), DeskRefusal::NotAnAmount);
    again("5").await.unwrap();
    assert_eq!(w.number("select count(*) from refund").await, 2);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_handles_no_orders_touches_none(pool: PgPoolOptions, options: PgConnectOptions) {
    let (w, bowl) = World::with_bowls(pool, options, 5).await;
    let (_, placed) = w.paid(&[(bowl, 1)]).await;
    let number = placed.number.as_str();
    let writer = member(&w, "ines", &[Role::Merchandiser], "").await;
    for stranger in [writer, Actor::Guest { cart: None }] {
        let told = [
            refusal(desk::give_back(&w.shop, &stranger, key(), number, "1", "why", w.now).await),
            refusal(desk::cancel_order(&w.shop, &stranger, key(), number, "why", w.now).await),
            refusal(desk::change_address(&w.shop, &stranger, key(), number, calle_nueva(), w.now).await),
            refusal(desk::resend_mail(&w.shop, &stranger, key(), number, OrderMail::Confirmation, w.now).await),
            refusal(desk::order(&w.shop, &stranger, number, Language::En, w.now).await),
        ];
        assert!(told.iter().all(|told| *told == DeskRefusal::NotAllowed), "{told:?}");
    }
    assert_eq!(w.number("select count(*) from refund").await, 0);
    assert_eq!(w.order(&placed).await.state, OrderState::Paid);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_cancelled_order_gives_everything_back_once(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 5).await;
    let agent = member(&w, "eva", &[Role::Agent], "").await;
    let (_, placed) = w.paid(&[(bowl, 1)]).await;
    let key = key();
    for _ in 0..2 {
        desk::cancel_order(&w.shop, &agent, key, &placed.number, "changed their mind", w.now).await.unwrap();
    }
    w.all_ends_well().await;
    let order = w.order(&placed).await;
    assert_eq!((order.state, order.payment), (OrderState::Cancelled, PaymentState::Refunded));
    assert_eq!(w.available(bowl).await, 5);
    let again = desk::cancel_order(&w.shop, &agent, Uuid::new_v4(), &placed.number, "again", w.now).await;
    assert_eq!(refusal(again), DeskRefusal::WrongState(OrderState::Cancelled));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_mail_goes_once_more_to_the_address_of_now(pool: PgPoolOptions, options: PgConnectOptions) {
    let (w, bowl) = World::with_bowls(pool, options, 5).await;
    let agent = member(&w, "eva", &[Role::Agent], "").await;
    let (_, placed) = w.paid(&[(bowl, 1)]).await;
    let send = async |mail| desk::resend_mail(&w.shop, &agent, key(), &placed.number, mail, w.now).await;
    assert_eq!(refusal(send(OrderMail::Dispatched).await), DeskRefusal::NothingToSend);
    shop::jobs::run_due(&w.shop, || w.now).await.unwrap();
    let first = w.text("select id::text from mail").await;
    w.sql("update orders set email = 'new@example.org'").await;
    send(OrderMail::Confirmation).await.unwrap();
    assert_eq!(w.number("select count(*) from mail where sent_at is null").await, 1);
    shop::jobs::run_due(&w.shop, || w.now).await.unwrap();
    assert_eq!(w.text("select recipient from mail where sent_at is not null").await, "new@example.org");
    assert_ne!(w.text("select id::text from mail").await, first, "mail servers drop a mail they have seen");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_bench_says_what_routing_does(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = World::new(pool, options).await;
    let manager = member(&w, "marta", &[Role::Manager], "").await;
    let eva = member(&w, "eva", &[Role::Agent], "").await;
    let leo = member(&w, "leo", &[Role::Agent], "parcels").await;
    for agent in [&eva, &leo] {
        chat::set_presence(&w.shop, agent, PresenceState::Available, w.now).await.unwrap();
    }
    let rule = routing::NewRule { name: "Parcels".into(), topic: Some(Topic::Delivery), skill: "parcels".into(), ..Default::default() };
    assert_eq!(refusal(routing::add_rule(&w.shop, &eva, &rule, w.now).await), DeskRefusal::NotAllowed);
    let nobody = routing::NewRule { skill: String::new(), ..rule.clone() };
    assert_eq!(refusal(routing::add_rule(&w.shop, &manager, &nobody, w.now).await), DeskRefusal::TargetMissing);
    routing::add_rule(&w.shop, &manager, &rule, w.now).await.unwrap();
    let case = Case {
        language: Language::Es,
        topic: Topic::Delivery,
        channel: Channel::Chat,
        has_order: false,
        classes: Classes::default(),
        hour: 10,
    };
    let said = routing::bench(&w.shop, &manager, &case, w.now).await.unwrap();
    assert_eq!((said.agent, said.why), (leo.staff(), Why::Rule));
    assert_eq!(w.number("select count(*) from routing_decision").await, 0, "the bench changes nothing");
    let opening = chat::OpenConversation {
        client_id: Uuid::new_v4(),
        language: Language::Es,
        name: "Ana".into(),
        email: String::new(),
        topic: Topic::Delivery,
        body: "¿Dónde está?".into(),
        message_client_id: Uuid::new_v4(),
        page: String::new(),
        order: None,
    };
    let guest = Actor::Guest { cart: None };
    let opened = chat::open(&w.shop, &guest, chat::Visitor(Uuid::new_v4()), opening, w.now).await.unwrap();
    assert_eq!((opened.state, opened.agent.as_deref()), (ConversationState::Assigned, Some("leo")));
    assert_eq!(w.text("select why from routing_decision").await, "rule", "each decision is kept");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn templates_are_whole_and_their_shortcuts_unique(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = World::new(pool, options).await;
    let writer = member(&w, "ines", &[Role::Merchandiser], "").await;
    let seeded = desk::templates(&w.shop, &writer).await.unwrap();
    assert_eq!((seeded.len(), seeded.iter().filter(|template| template.calm).count()), (8, 2));
    let both = |text: &str| Translated(Language::ALL.map(|language| (language, text.to_owned())).into());
    let new = NewTemplate { shortcut: "/wait".into(), title: both("Wait"), body: both("Please wait, {name}."), ..Default::default() };
    let agent = member(&w, "eva", &[Role::Agent], "").await;
    assert_eq!(refusal(desk::save_template(&w.shop, &agent, &new, w.now).await), DeskRefusal::NotAllowed);
    desk::save_template(&w.shop, &writer, &new, w.now).await.unwrap();
    assert_eq!(refusal(desk::save_template(&w.shop, &writer, &new, w.now).await), DeskRefusal::Shortcut);
    let half = NewTemplate { shortcut: "half".into(), body: Translated([(Language::En, "Only".to_owned())].into()), ..new };
    assert_eq!(refusal(desk::save_template(&w.shop, &writer, &half, w.now).await), DeskRefusal::TextMissing);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_call_becomes_a_conversation_of_whoever_took_it(pool: PgPoolOptions, options: PgConnectOptions) {
    let (w, bowl) = World::with_bowls(pool, options, 5).await;
    let agent = member(&w, "eva", &[Role::Agent], "").await;
    let (_, placed) = w.paid(&[(bowl, 1)]).await;
    let contact = chat::Contact {
        key: Uuid::new_v4(),
        channel: Channel::Phone,
        language: Language::Es,
        name: "Ana".into(),
        email: String::new(),
        topic: Topic::Order,
        order: format!("#{}", placed.number),
        said: "Wants it on Friday".into(),
        answered: "It will be".into(),
    };
    let id = chat::note_contact(&w.shop, &agent, &contact, w.now).await.unwrap();
    assert_eq!(chat::note_contact(&w.shop, &agent, &contact, w.now).await.unwrap(), id, "a double click notes it once");
    let open = chat::open_one(&w.shop, &agent, id).await.unwrap();
    assert_eq!(open.conversation.assigned_to, agent.staff());
    assert_eq!((open.conversation.channel, open.conversation.order.as_deref()), (Channel::Phone, Some(placed.number.as_str())));
    assert_eq!(open.conversation.waiting_since, None, "it was answered");
    let silent = chat::Contact { key: Uuid::new_v4(), said: " ".into(), ..contact };
    assert_eq!(refusal(chat::note_contact(&w.shop, &agent, &silent, w.now).await), domain::chat::ChatRefusal::Empty);
    assert_eq!(w.number("select count(*) from conversation").await, 1);
    // Looked through afterwards: by a supervisor, and never one's own.
    chat::close(&w.shop, &agent, id, "Answered", w.now).await.unwrap();
    let supervisor = member(&w, "leo", &[Role::Supervisor], "").await;
    let drawn = desk::draw(&w.shop, &supervisor, w.now).await.unwrap();
    assert_eq!(drawn.iter().map(|drawn| drawn.id).collect::<Vec<_>>(), [id]);
    assert_eq!(refusal(desk::draw(&w.shop, &agent, w.now).await), DeskRefusal::NotAllowed);
    let review = async |who: &Actor, marks: &[(Criterion, u8)]| desk::save_scorecard(&w.shop, who, id, marks, "", w.now).await;
    assert_eq!(refusal(review(&supervisor, &[]).await), DeskRefusal::MarksMissing);
    assert_eq!(refusal(review(&supervisor, &[(Criterion::Empathy, 6)]).await), DeskRefusal::MarksMissing);
    review(&supervisor, &[(Criterion::Empathy, 2), (Criterion::Courtesy, 5)]).await.unwrap();
    assert!(desk::draw(&w.shop, &supervisor, w.now).await.unwrap().is_empty());
    let results = desk::results(&w.shop, &supervisor, w.now).await.unwrap();
    assert_eq!((results[0].agent.as_str(), results[0].reviews, results[0].weakest), ("eva", 1, Some(Criterion::Empathy)));
}
