//! Another mail address for an account, and an account that is deleted.

use super::{
    ANA, PASSWORD,
    customers::{behind, history, log_in, register},
    home,
    support::{GOOD_CARD, World, refusal},
};
use domain::{
    Language,
    account::AccountRefusal::{EmailInUse, LinkSpent, LogInAnew, NotAnEmail, OwnEmail, TooManyTries, WrongLogIn, WrongPassword},
    chat::Topic,
    ids::SessionId,
    orders::OrderState,
    token::Token,
};
use shop::{
    Actor,
    account::{
        customer::{self, Proof},
        link::Purpose,
        session,
    },
    chat::{self, OpenConversation, Post, Visitor, Who},
    credit, orders,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use time::Duration;
use uuid::Uuid;

const NEW: &str = "ana@new.example";
const GUEST: Actor = Actor::Guest { cart: None };

/// Ana, logged in, her address confirmed.
async fn ana(w: &World) -> (Actor, SessionId, Token) {
    register(w, ANA, PASSWORD).await;
    let cookie = customer::log_in(&w.shop, ANA, PASSWORD, "", w.now).await.unwrap();
    let actor = behind(w, &cookie).await.unwrap();
    customer::confirm(&w.shop, &actor, &w.link_to(ANA).await, "", "", w.now).await.unwrap();
    let own = session::of_customer(&w.shop, &cookie.0, w.now).await.unwrap().unwrap().id;
    (actor, own, cookie)
}

async fn email(w: &World, actor: &Actor) -> (String, Option<String>) {
    let profile = customer::profile(&w.shop, actor).await.unwrap();
    (profile.email, profile.new_email)
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_account_moves_to_a_new_address_once_that_is_confirmed_and_not_before(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 9).await;
    let (ana, own, cookie) = ana(&w).await;
    let elsewhere = customer::log_in(&w.shop, ANA, PASSWORD, "", w.now).await.unwrap();
    let (_, guests) = w.placed(&[(bowl, 1)]).await;
    w.sql(&format!("update orders set email = '{NEW}', customer_id = null where number = '{}'", guests.number)).await;
    let ask = async |w: &World, typed: &str, password: &str| customer::ask_for_email(&w.shop, &ana, own, typed, password, w.now).await;
    w.later(Duration::minutes(20));
    assert_eq!(refusal(ask(&w, "ana", PASSWORD).await), NotAnEmail);
    assert_eq!(refusal(ask(&w, "ANA@example.org", PASSWORD).await), OwnEmail);
    assert_eq!(refusal(ask(&w, NEW, "not it").await), WrongPassword);
    assert_eq!(w.letters_to(NEW).await, 0, "nobody is written to before the password is right");
    ask(&w, NEW, PASSWORD).await.unwrap();
    assert_eq!(email(&w, &ana).await, (ANA.into(), Some(NEW.into())), "nothing changes yet");
    assert_eq!(history(&w, &ana).await, Vec::<String>::new());
    let notice = format!("select text_body from mail where recipient = '{ANA}' order by queued_at desc, id desc limit 1");
    assert!(w.text(&notice).await.contains(NEW), "the old address is told");

    let link = w.link_to(NEW).await;
    let shown = customer::email_change(&w.shop, &link, w.now).await.unwrap().unwrap();
    assert_eq!((shown.email.as_str(), shown.new_email.as_str(), shown.has_password), (ANA, NEW, true));
    let stranger = customer::confirm_email(&w.shop, &GUEST, None, &link, "a stranger's guess", "", w.now).await;
    assert_eq!(refusal(stranger), WrongPassword, "whoever has the new mailbox does not take the account over unawares");
    assert!(customer::confirm_email(&w.shop, &ana, Some(own), &link, "", "", w.now).await.unwrap().is_none());
    assert_eq!(email(&w, &ana).await, (NEW.into(), None));
    assert_eq!(history(&w, &ana).await, [guests.number], "what was ordered with it joins");
    assert!(behind(&w, &cookie).await.is_some() && behind(&w, &elsewhere).await.is_none(), "out everywhere else");
    assert_eq!(refusal(customer::log_in(&w.shop, ANA, PASSWORD, "", w.now).await), WrongLogIn);
    log_in(&w, NEW, PASSWORD).await;
    assert_eq!(refusal(customer::confirm_email(&w.shop, &ana, Some(own), &link, "", "", w.now).await), LinkSpent);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn whose_the_new_address_is_already_is_told_to_it_alone(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::without_goods(pool, options).await;
    let (ana, own, _) = ana(&w).await;
    register(&w, "eve@example.org", PASSWORD).await;
    w.later(Duration::minutes(1));
    let taken = customer::ask_for_email(&w.shop, &ana, own, "Eve@example.org", PASSWORD, w.now).await;
    assert!(taken.is_ok(), "the same answer as for any other");
    assert_eq!(email(&w, &ana).await.1.as_deref(), Some("Eve@example.org"), "and the same page");
    let letter = w.text("select text_body from mail where recipient = 'Eve@example.org'").await;
    assert!(!letter.contains("?t=") && !letter.contains(ANA), "no link, and not a word on whose account it is: {letter}");
    // Somebody registers with the address after the link was sent.
    customer::ask_for_email(&w.shop, &ana, own, NEW, PASSWORD, w.now).await.unwrap();
    let link = w.link_to(NEW).await;
    w.later(Duration::seconds(1));
    register(&w, NEW, PASSWORD).await;
    assert_eq!(refusal(customer::confirm_email(&w.shop, &ana, Some(own), &link, "", "", w.now).await), EmailInUse);
    assert_eq!(email(&w, &ana).await.0, ANA);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn only_the_last_link_counts_and_it_can_be_called_back(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::without_goods(pool, options).await;
    let (ana, own, _) = ana(&w).await;
    w.later(Duration::hours(2));
    let ask = async |w: &World, typed: &str| customer::ask_for_email(&w.shop, &ana, own, typed, PASSWORD, w.now).await;
    ask(&w, "typo@new.example").await.unwrap();
    let mistyped = w.link_to("typo@new.example").await;
    ask(&w, NEW).await.unwrap();
    assert_eq!(refusal(customer::confirm_email(&w.shop, &ana, Some(own), &mistyped, "", "", w.now).await), LinkSpent);
    let link = w.link_to(NEW).await;
    customer::keep_email(&w.shop, &ana, w.now).await.unwrap();
    assert_eq!(refusal(customer::confirm_email(&w.shop, &ana, Some(own), &link, "", "", w.now).await), LinkSpent);
    assert_eq!(email(&w, &ana).await, (ANA.into(), None));
    for n in 0..3 {
        ask(&w, &format!("ana{n}@new.example")).await.unwrap();
    }
    assert!(matches!(refusal(ask(&w, NEW).await), TooManyTries { .. }), "nobody fills mailboxes with our letters");
    // Without a password, somebody has to have just come by a link.
    w.later(Duration::hours(2));
    w.sql("update customer set password_hash = null").await;
    assert_eq!(refusal(ask(&w, NEW).await), LogInAnew);
    customer::ask_for_link(&w.shop, Purpose::CustomerLogIn, ANA, Language::Es, w.now).await.unwrap();
    let fresh = customer::enter(&w.shop, &w.link_to(ANA).await, "", w.now).await.unwrap();
    let own = session::of_customer(&w.shop, &fresh.0, w.now).await.unwrap().unwrap().id;
    customer::ask_for_email(&w.shop, &ana, own, NEW, "", w.now).await.unwrap();
    let link = w.link_to(NEW).await;
    assert_eq!(refusal(customer::confirm_email(&w.shop, &GUEST, None, &link, "", "", w.now).await), LogInAnew);
    customer::confirm_email(&w.shop, &ana, Some(own), &link, "", "", w.now).await.unwrap();
    assert_eq!(email(&w, &ana).await.0, NEW);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn credit_and_classes_follow_an_account_to_its_new_address(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = World::without_goods(pool, options).await;
    let (ana, own, _) = ana(&w).await;
    give(&w, ANA).await;
    w.sql(&format!(
        "insert into customer_standing (email, name, orders, spent_minor, first_on, last_on, recency, frequency, money)
             values ('{ANA}', '', 1, 0, '2026-01-01', '2026-01-01', 1, 1, 1);
         insert into customer_class (email, class, reason, since) values ('{ANA}', 'occasional', '{{}}', '2026-01-02')"
    ))
    .await;
    customer::ask_for_email(&w.shop, &ana, own, NEW, PASSWORD, w.now).await.unwrap();
    customer::confirm_email(&w.shop, &ana, Some(own), &w.link_to(NEW).await, "", "", w.now).await.unwrap();
    assert_eq!(credit::of_customer(&w.shop, &ana).await.unwrap().len(), 1);
    assert_eq!(w.text("select email || ' ' || since from customer_class").await, format!("{NEW} 2026-01-02"), "dated as before");
}

/// Ten euros for whoever has the code, sent to this address.
async fn give(w: &World, to: &str) {
    let id = Uuid::new_v4();
    w.sql(&format!(
        "insert into store_credit (id, code, currency, email, reason, source, created_at)
         values ('{id}', 'ABCD1234ABCD1234', 'EUR', '{to}', 'goodwill', gen_random_uuid(), now());
         insert into store_credit_entry (id, credit_id, kind, minor, at) values (gen_random_uuid(), '{id}', 'given', 1000, now())"
    ))
    .await;
}

async fn says(w: &World, visitor: Visitor, actor: &Actor, body: &str) -> Who {
    let opening = OpenConversation {
        client_id: Uuid::new_v4(),
        language: Language::Es,
        name: "Ana Gil".into(),
        email: ANA.into(),
        topic: Topic::Product,
        body: body.into(),
        message_client_id: Uuid::new_v4(),
        page: "/es".into(),
        order: None,
    };
    let who = Who::shopper(actor, visitor);
    let id = chat::open(&w.shop, actor, visitor, opening, w.now).await.unwrap().id;
    chat::attach(&w.shop, who, id, "ana.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), w.now).await.unwrap();
    let post = Post { client_id: Uuid::new_v4(), body: "Soy Ana Gil, +34 600 111 222".into(), attachments: Vec::new(), note: false };
    chat::post(&w.shop, who, id, post, w.now).await.unwrap();
    who
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_deleted_account_takes_its_person_away_and_leaves_the_books(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 9).await;
    let (ana, _, cookie) = ana(&w).await;
    let cart = w.shopper(&[(bowl, 1)]).await.cart();
    let shopping = Actor::Customer { id: ana.customer().unwrap(), cart };
    let placed = w.place(&shopping).await.unwrap();
    w.pay(&placed, GOOD_CARD).await;
    w.settle(&placed).await;
    give(&w, ANA).await;
    let home = home();
    customer::save_address(&w.shop, &ana, None, &home, w.now).await.unwrap();
    let mine = says(&w, Visitor(Uuid::new_v4()), &ana, "Vivo en CALLE MAYOR 1 (28013), escribid a ana@example.org").await;
    says(&w, Visitor(Uuid::new_v4()), &GUEST, "Sin cuenta").await;
    w.later(Duration::minutes(1));

    let leaving = customer::leaving(&w.shop, &ana, None, w.now).await.unwrap();
    assert_eq!((leaving.orders, leaving.under_way), (1, vec![placed.number.clone()]));
    assert_eq!(leaving.credits[0].left.minor, 1000);
    assert_eq!(refusal(customer::delete(&w.shop, &shopping, Proof::Password("not it"), w.now).await), WrongPassword);
    assert!(behind(&w, &cookie).await.is_some());
    customer::delete(&w.shop, &shopping, Proof::Password(PASSWORD), w.now).await.unwrap();

    assert!(behind(&w, &cookie).await.is_none());
    assert_eq!(refusal(customer::log_in(&w.shop, ANA, PASSWORD, "", w.now).await), WrongLogIn);
    for (what, left) in [
        ("customer", 0),
        ("session", 0),
        ("mail_link", 0),
        ("orders where customer_id is null and state = 'paid'", 1),
        ("conversation where state <> 'closed' or name <> '' or email <> '' or customer_id is not null", 0),
        ("conversation_entry where body ~* 'ana|calle mayor|28013|600' or author_name like 'Ana%'", 0),
        ("conversation_entry where kind = 'message'", 4),
        ("attachment", 0),
        ("cart where draft::text like '%Ana%'", 0),
        ("mail where order_id is null", 1),
    ] {
        assert_eq!(w.number(&format!("select count(*) from {what}")).await, left, "{what}");
    }
    assert!(chat::mine(&w.shop, mine).await.unwrap().is_empty(), "her browser finds nothing any more");
    let letter = w.text("select text_body from mail where order_id is null").await;
    for said in ["ABCD-1234-ABCD-1234", "10,00", &placed.number] {
        assert!(letter.contains(said), "no `{said}` in {letter}");
    }

    orders::ship(&w.shop, &Actor::Operator, &placed.number, "correos", "X1", w.now).await.unwrap();
    orders::deliver(&w.shop, &Actor::Operator, &placed.number, w.now).await.unwrap();
    assert_eq!(w.order(&placed).await.state, OrderState::Delivered, "what was ordered arrives");
    w.workers().await;
    assert!(w.number(&format!("select count(*) from mail where recipient = '{ANA}' and key like 'order.delivered%'")).await == 1);
    assert_eq!(shop::surveys::invite_due(&w.shop, w.now + Duration::days(6)).await.unwrap(), 0, "and she is not asked how it was");
    w.check(false).await;

    // The address is free: a new account begins with nothing of the old one's but what any guest finds again.
    register(&w, ANA, "quite another one").await;
    let again = log_in(&w, ANA, "quite another one").await;
    let profile = customer::profile(&w.shop, &again).await.unwrap();
    assert!(profile.addresses.is_empty() && !profile.confirmed);
    assert_eq!(history(&w, &again).await, Vec::<String>::new());
    assert_ne!(again.customer(), ana.customer());
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_link_deletes_without_a_password_and_no_others_address_is_touched(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::without_goods(pool, options).await;
    // Eve registers with Ana's address, which she cannot confirm, and deletes her account.
    says(&w, Visitor(Uuid::new_v4()), &GUEST, "Soy la de verdad").await;
    give(&w, ANA).await;
    register(&w, ANA, "the password of eve").await;
    let eve = log_in(&w, ANA, "the password of eve").await;
    assert!(customer::leaving(&w.shop, &eve, None, w.now).await.unwrap().credits.is_empty());
    customer::delete(&w.shop, &eve, Proof::Password("the password of eve"), w.now).await.unwrap();
    assert_eq!(w.number(&format!("select count(*) from conversation where email = '{ANA}' and state <> 'closed'")).await, 1);
    assert_eq!(w.number("select count(*) from mail where text_body like '%ABCD-1234%'").await, 0);

    w.later(Duration::seconds(1));
    let (ana, ..) = ana(&w).await;
    w.sql("update customer set password_hash = null").await;
    assert_eq!(refusal(customer::delete(&w.shop, &ana, Proof::Password(""), w.now).await), LogInAnew);
    customer::ask_for_deletion(&w.shop, &ana, Language::En, w.now).await.unwrap();
    let text = w.text("select text_body from mail where text_body like '%account/delete?t=%'").await;
    let link = Token(text.split_once("?t=").unwrap().1.split_whitespace().next().unwrap().to_owned());
    assert_eq!(refusal(customer::enter(&w.shop, &link, "", w.now).await), LinkSpent, "a link opens what it is for");
    customer::leaving(&w.shop, &GUEST, Some(&link), w.now).await.unwrap();
    customer::delete(&w.shop, &GUEST, Proof::Link(&link), w.now).await.unwrap();
    assert_eq!(w.number("select count(*) from customer").await, 0);
    assert_eq!(refusal(customer::delete(&w.shop, &GUEST, Proof::Link(&link), w.now).await), LinkSpent);
}
