//! The console as an agent without scripts uses it: links, forms, and nothing typed twice.

use crate::support::{
    Answer, Browser, Node,
    shopping::{BOWL, field, order, pay},
};
use domain::{
    Language,
    chat::Topic,
    ids::ConversationId,
    staff::{Role, Roles},
};
use shop::{
    Actor,
    account::staff::{self, FirstPassword, NewStaff},
    chat::{self, OpenConversation, Visitor, Who},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use time::OffsetDateTime;
use uuid::Uuid;

const PASSWORD: &str = "a long enough secret";

fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

/// Somebody of the staff, logged in.
pub(crate) async fn member(node: &Node, name: &str, role: Role) -> Browser {
    let email = format!("{}@shop.test", name.to_lowercase());
    let new = NewStaff { email: email.clone(), name: name.into(), roles: Roles::of(&[role]) };
    staff::add(&node.shop, &Actor::Operator, new, FirstPassword::Own(PASSWORD), now()).await.unwrap();
    let browser = node.browser();
    let inside = say(&browser, "/api/desk/log-in", &[("email", &email), ("password", PASSWORD)]).await;
    assert_eq!(inside.leads_to(), "/en/desk");
    browser
}

/// Hands in the form to answer with as a browser without scripts does: with its note, its file, or neither.
pub(crate) async fn post(browser: &Browser, c: &str, key: &str, body: &str, note: bool, file: Option<(&str, &str)>) -> Answer {
    let field = |name: &str, value: &str| format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let (name, bytes) = file.unwrap_or_default();
    let file = format!("--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{bytes}\r\n--edge--\r\n");
    let next = format!("/en/desk?list=own&c={c}");
    let form = [field("next", &next), field("client_id", key), field("note", &note.to_string()), field("body", body), file].concat();
    let request = browser
        .request(reqwest::Method::POST, &format!("/chat/files?desk=true&conversation={c}"))
        .header("sec-fetch-site", "same-origin")
        .header("origin", &browser.origin)
        .header("content-type", "multipart/form-data; boundary=edge")
        .body(form);
    browser.send(request).await
}

/// Hands in a form of one of the desk's pages.
pub(crate) async fn say(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    browser.send(browser.form(path, fields).header("referer", format!("{}/en/desk", browser.origin))).await
}

pub(crate) async fn ask(node: &Node, visitor: Visitor, body: &str) -> ConversationId {
    let opening = OpenConversation {
        client_id: Uuid::new_v4(),
        language: Language::En,
        name: "Ana Gil".into(),
        email: "ana@example.org".into(),
        topic: Topic::Delivery,
        body: body.into(),
        message_client_id: Uuid::new_v4(),
        page: "/en/p/bowl".into(),
        order: None,
    };
    chat::open(&node.shop, &Actor::Guest { cart: None }, visitor, opening, now()).await.unwrap().id
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_agent_without_scripts_takes_answers_passes_on_and_closes(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    let (eva, leo) = (member(&node, "Eva", Role::Agent).await, member(&node, "Leo", Role::Agent).await);
    let visitor = Visitor(Uuid::new_v4());
    let id = ask(&node, visitor, "Where is my bowl? <b>").await;
    let c = id.to_string();
    let queue = eva.get("/en/desk?list=queue").await;
    assert!(queue.text.contains("Ana Gil") && queue.text.contains("Where is my bowl? &lt;b&gt;"), "{}", queue.text);
    let page = eva.get(&format!("/en/desk?list=queue&c={c}")).await;
    assert!(page.text.contains("Nobody has it yet. Take it to answer."), "{}", page.text);
    assert!(page.text.contains("The address was only typed"), "who they are is not proven");
    let back = format!("list=queue&c={c}");

    let taken = say(&eva, "/api/desk/take", &[("conversation", &c), ("back", &back)]).await;
    assert_eq!((taken.status, taken.leads_to()), (303, format!("/en/desk?list=own&c={c}&done=take").as_str()));
    let page = eva.get(taken.leads_to()).await;
    assert!(page.text.contains("It is yours.") && page.text.contains("With you"), "{}", page.text);
    // Whoever comes second is told, and told who has it.
    let late = say(&leo, "/api/desk/take", &[("conversation", &c), ("back", &back)]).await;
    let page = leo.get(late.leads_to().split('#').next().unwrap()).await;
    assert!(page.text.contains("Somebody else took it.") && page.text.contains("Eva has this conversation."), "{}", page.text);

    let page = eva.get(&format!("/en/desk?c={c}")).await;
    let key = field(&page.text[page.text.find("action=\"/chat/files?").unwrap()..], "client_id");
    for _ in 0..2 {
        let sent = post(&eva, &c, &key, "On its way.", false, None).await;
        assert_eq!((sent.status, sent.leads_to()), (303, format!("/en/desk?list=own&c={c}&done=post").as_str()), "{}", sent.text);
    }
    post(&eva, &c, &Uuid::new_v4().to_string(), "Was broken last time.", true, None).await;
    let page = eva.get(&format!("/en/desk?c={c}")).await;
    assert_eq!(page.text.matches("said__text\">On its way.").count(), 1, "a double click says it once");
    assert!(page.text.contains("Note by Eva") && page.text.contains("Only staff see this"));
    let read = chat::entries(&node.shop, Who::shopper(&Actor::Guest { cart: None }, visitor), id, 0, 50).await.unwrap().unwrap();
    assert!(read.entries.iter().all(|entry| !entry.body.contains("broken")), "shoppers never receive a note");

    // A transfer needs a summary; the colleague that was chosen stays chosen.
    say(&leo, "/api/desk/presence", &[("state", "available")]).await;
    let to: Uuid = sqlx::query_scalar("select id from staff where name = 'Leo'").fetch_one(&node.shop.db).await.unwrap();
    let to = to.to_string();
    let refused = say(&eva, "/api/desk/transfer", &[("conversation", &c), ("to", &to), ("summary", " "), ("back", &back)]).await;
    let page = eva.get(refused.leads_to().split('#').next().unwrap()).await;
    assert!(page.text.contains("Write a summary: whoever takes over must not ask again."), "{}", page.text);
    assert!(page.text.contains(&format!("<option value=\"{to}\" selected")), "who was chosen is kept: {}", page.text);
    let summary = "Bowl is late; wants to wait.";
    let nobody = say(&eva, "/api/desk/transfer", &[("conversation", &c), ("to", ""), ("summary", summary), ("back", &back)]).await;
    let page = eva.get(nobody.leads_to().split('#').next().unwrap()).await;
    assert!(page.text.contains("Choose somebody who is at work.") && page.text.contains(summary), "what was typed is kept");
    let passed = say(&eva, "/api/desk/transfer", &[("conversation", &c), ("to", &to), ("summary", summary), ("back", &back)]).await;
    assert!(passed.leads_to().ends_with("done=transfer"), "{}", passed.leads_to());
    let page = leo.get(&format!("/en/desk?c={c}")).await;
    assert!(page.text.contains("Eva passed it to Leo") && page.text.contains(summary), "the next one opens with the summary");

    let silent = say(&leo, "/api/desk/close", &[("conversation", &c), ("reason", ""), ("more", ""), ("back", &back)]).await;
    let page = leo.get(silent.leads_to().split('#').next().unwrap()).await;
    assert!(page.text.contains("Say why it is closed."), "{}", page.text);
    let closed = say(&leo, "/api/desk/close", &[("conversation", &c), ("reason", "Solved"), ("more", ""), ("back", &back)]).await;
    let page = leo.get(closed.leads_to()).await;
    assert!(page.text.contains("It is closed.") && page.text.contains("Leo closed it"), "{}", page.text);
    let found = eva.get("/en/desk?q=wants+to+wait").await;
    assert_eq!(found.status, 200);
    let found = eva.get("/en/desk?q=ana%40example.org").await;
    assert!(found.text.contains("Ana Gil"), "{}", found.text);
}

/// Ana has paid for a bowl and asks about it; Eva works at the desk. The order's number, the conversation, and Eva.
async fn one_is_chipped(node: &Node) -> (String, String, Browser) {
    BOWL.import(&node.shop).await;
    let shopper = node.browser();
    BOWL.add(&shopper).await;
    let payment = order(&shopper, "en", "ana@example.org").await;
    pay(&shopper, &payment).await;
    let number = sqlx::query_scalar("select number from orders").fetch_one(&node.shop.db).await.unwrap();
    let c = ask(node, Visitor(Uuid::new_v4()), "One is chipped").await.to_string();
    (number, c, member(node, "Eva", Role::Agent).await)
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_order_is_looked_after_beside_the_conversation(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    let (number, c, eva) = one_is_chipped(&node).await;
    let page = eva.get(&format!("/en/desk?c={c}")).await;
    assert!(page.text.contains(&format!("Order {number}")) && page.text.contains("Calle Mayor 1"), "{}", page.text);
    assert!(page.text.contains(&format!("/en/desk/complaints/new?conversation={c}&amp;order={number}")), "{}", page.text);
    let refund_form = &page.text[page.text.find("action=\"/api/desk/order/refund\"").unwrap()..];
    let key = field(refund_form, "key");
    let back = format!("c={c}&order={number}");
    let form = |amount: &'static str, reason: &'static str| {
        [
            ("key", key.clone()),
            ("number", number.clone()),
            ("conversation", c.clone()),
            ("amount", amount.into()),
            ("reason", reason.into()),
            ("back", back.clone()),
        ]
    };
    let give = async |amount, reason| {
        let fields = form(amount, reason);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        say(&eva, "/api/desk/order/refund", &fields).await
    };
    let refused = give("2000", "chipped rim").await;
    let page = eva.get(refused.leads_to().split('#').next().unwrap()).await;
    assert!(page.text.contains("Above your limit: you may give back €50.00 more of this order."), "{}", page.text);
    assert!(page.text.contains("value=\"2000\"") && page.text.contains("value=\"chipped rim\""), "what was typed is kept");
    for _ in 0..2 {
        let given = give("5", "chipped rim").await;
        assert!(given.leads_to().contains("done=refund"), "{}", given.leads_to());
    }
    let count: i64 = sqlx::query_scalar("select count(*) from refund").fetch_one(&node.shop.db).await.unwrap();
    assert_eq!(count, 1, "a double click gives back once");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn goodwill_is_given_beside_the_conversation_within_the_months_budget(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    let (number, c, eva) = one_is_chipped(&node).await;
    let page = eva.get(&format!("/en/desk?c={c}")).await;
    let key = field(&page.text[page.text.find("action=\"/api/desk/order/credit\"").unwrap()..], "key");
    let back = format!("c={c}&order={number}");
    let give = async |amount: &str, reason: &str| {
        let fields =
            [("key", key.as_str()), ("number", &number), ("conversation", &c), ("amount", amount), ("reason", reason), ("back", &back)];
        say(&eva, "/api/desk/order/credit", &fields).await
    };
    let refused = give("100.01", "chipped rim").await;
    let page = eva.get(refused.leads_to().split('#').next().unwrap()).await;
    let above = "That is more than you may give as credit this month: €100.00 are left.";
    assert!(page.text.contains(above), "{}", page.text);
    assert!(page.text.contains("value=\"100.01\"") && page.text.contains("value=\"chipped rim\""), "what was typed is kept");
    for _ in 0..2 {
        let given = give("5", "chipped rim").await;
        assert!(given.leads_to().contains("done=credit"), "{}", given.leads_to());
    }
    let given: Vec<i64> = sqlx::query_scalar("select balance_minor from store_credit").fetch_all(&node.shop.db).await.unwrap();
    assert_eq!(given, [500], "a double click gives once");
    let audited: i64 =
        sqlx::query_scalar("select count(*) from audit where action = 'order.credit_given'").fetch_one(&node.shop.db).await.unwrap();
    assert_eq!(audited, 1);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn each_page_of_the_desk_is_for_whoever_may_use_it(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    let (eva, marta) = (member(&node, "Eva", Role::Agent).await, member(&node, "Marta", Role::Manager).await);
    let stranger = node.browser().get("/en/desk").await;
    assert_eq!((stranger.status, stranger.leads_to()), (302, "/en/desk/login?next=%2Fen%2Fdesk"));
    for page in ["/en/desk/templates", "/en/desk/routing"] {
        assert_eq!((eva.get(page).await.status, marta.get(page).await.status), (403, 200), "{page}");
    }
    let rule = [("name", "Parcels"), ("topic", "delivery"), ("skill", ""), ("person", "")];
    let refused = say(&marta, "/api/desk/routing/add", &rule).await;
    let page = marta.get(refused.leads_to().split('#').next().unwrap()).await;
    assert!(page.text.contains("Say who gets it: a skill or a person.") && page.text.contains("value=\"Parcels\""), "{}", page.text);
    let added =
        say(&marta, "/api/desk/routing/add", &[("name", "Parcels"), ("topic", "delivery"), ("skill", "parcels"), ("waits", "true")]).await;
    assert!(added.leads_to().ends_with("done=rule"), "{}", added.leads_to());
    let bench = marta.get("/en/desk/routing?ask=1&language=en&topic=delivery&has_order=no&hour=10").await;
    assert!(bench.text.contains("would rather wait"), "{}", bench.text);
    let typed = [("key", &*Uuid::new_v4().to_string()), ("channel", "counter"), ("name", "Paz"), ("email", "paz"), ("said", "Came by")]
        .map(|(a, b)| (a, b.to_owned()));
    let typed: Vec<(&str, &str)> = typed.iter().map(|(a, b)| (*a, b.as_str())).collect();
    let refused = say(&eva, "/api/desk/contact", &typed).await;
    let page = eva.get(refused.leads_to().split('#').next().unwrap()).await;
    assert!(page.text.contains("That is no mail address.") && page.text.contains("Came by"), "{}", page.text);
}
