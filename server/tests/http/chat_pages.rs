//! Asking the shop with scripts off, and the closed chat on pages that everybody gets.

use crate::support::{
    Browser, Node,
    shopping::{BOWL, field, order, pay},
};
use domain::{Language, help::HelpTopic};
use shop::{help, signing::VISITOR_COOKIE};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use time::OffsetDateTime;

const CHAT: &str = "/en/chat";

/// Begins a conversation with the form of the page.
async fn begin(browser: &Browser, body: &str, more: &[(&str, &str)]) -> crate::support::Answer {
    let page = browser.get(CHAT).await.text;
    let (id, message) = (field(&page, "client_id"), field(&page, "message_client_id"));
    let fields: Vec<(&str, &str)> = [("client_id", id.as_str()), ("message_client_id", message.as_str()), ("body", body)]
        .into_iter()
        .chain(more.iter().copied())
        .collect();
    from_page(browser, "/api/chat/open", &fields).await
}

/// Sends a form from the chat's page.
async fn from_page(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> crate::support::Answer {
    let from = format!("{}{CHAT}", browser.origin);
    browser.send(browser.form(path, fields).header("referer", from)).await
}

async fn count(node: &Node, what: &str) -> i64 {
    crate::support::number(&node.shop.db, &format!("select count(*) from {what}")).await
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_shopper_asks_goes_on_and_finds_it_all_again(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--rate-limits=off"]).await;
    let ana = node.browser();
    let begun = begin(&ana, "Does the bowl fit into an oven?\nIt is <b>small</b>.", &[("name", "Ana"), ("topic", "product")]).await;
    assert_eq!((begun.status, begun.leads_to()), (303, "/en/chat#last"), "{}", begun.text);
    assert!(begun.cookies().iter().any(|cookie| cookie.starts_with(VISITOR_COOKIE) && cookie.contains("HttpOnly")), "{begun:?}");
    let page = ana.get(CHAT).await;
    assert!(page.text.contains("Does the bowl fit into an oven?") && page.text.contains("&lt;b&gt;small"), "{}", page.text);

    let conversation = chat_id(&page.text);
    let client_id = field(&page.text, "client_id");
    for _ in 0..2 {
        let said = say(&ana, &conversation, &client_id, "A second thought.", None).await;
        assert_eq!((said.status, said.leads_to()), (303, "/en/chat#last"), "{}", said.text);
    }
    assert_eq!(count(&node, "conversation_entry where body = 'A second thought.'").await, 1, "sent twice, said once");
    assert!(ana.get(CHAT).await.text.contains("A second thought."));
}

fn chat_id(page: &str) -> String {
    page.split("/chat/files?conversation=").nth(1).expect("a form to answer").split('"').next().unwrap().to_owned()
}

/// Sends the form to answer with, a file in it or none.
async fn say(browser: &Browser, conversation: &str, client_id: &str, body: &str, file: Option<(&str, &str)>) -> crate::support::Answer {
    let field = |name: &str, value: &str| format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let (name, bytes) = file.unwrap_or_default();
    let file = format!("--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{bytes}\r\n--edge--\r\n");
    let form = [field("next", "/en/chat#last"), field("client_id", client_id), field("body", body), file].concat();
    let request = browser
        .request(reqwest::Method::POST, &format!("/chat/files?conversation={conversation}"))
        .header("sec-fetch-site", "same-origin")
        .header("origin", &browser.origin)
        .header("referer", format!("{}{CHAT}", browser.origin))
        .header("content-type", "multipart/form-data; boundary=edge")
        .body(form);
    browser.send(request).await
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_form_sent_twice_begins_once_even_from_a_new_browser(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--rate-limits=off"]).await;
    let (one, other) = (node.browser(), node.browser());
    let page = one.get(CHAT).await.text;
    let fields =
        [("client_id", field(&page, "client_id")), ("message_client_id", field(&page, "message_client_id")), ("body", "Hello?".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    // The second click, before the answer to the first brought a cookie.
    let (first, second) = tokio::join!(from_page(&one, "/api/chat/open", &fields), from_page(&other, "/api/chat/open", &fields));
    assert_eq!((first.status, second.status), (303, 303), "{} {}", first.text, second.text);
    assert_eq!((count(&node, "conversation").await, count(&node, "conversation_entry where kind = 'message'").await), (1, 1));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_is_refused_is_said_beside_its_field_and_nothing_typed_is_lost(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--rate-limits=off"]).await;
    let ana = node.browser();
    let long = format!("{} ¿y ahora? & more", "word ".repeat(900));
    let refused = begin(&ana, &long, &[("name", "Ana & Co"), ("topic", "returns")]).await;
    let page = ana.get(refused.leads_to().split('#').next().unwrap()).await.text;
    assert!(page.contains("too long for one message") && page.contains("aria-invalid=\"true\""), "{page}");
    assert!(page.contains("¿y ahora? &amp; more</textarea>") && page.contains("value=\"Ana &amp; Co\""), "{page}");
    assert!(page.contains("<option value=\"returns\" selected"), "{page}");
    assert_eq!(count(&node, "conversation").await, 0);

    // A wrong address loses no word: the question is kept and only the address is asked again.
    let refused = begin(&ana, "Where is it?", &[("email", "ana@")]).await;
    assert!(refused.leads_to().starts_with("/en/chat?refused="), "{}", refused.leads_to());
    let page = ana.get(refused.leads_to().split('#').next().unwrap()).await.text;
    assert!(page.contains("Where is it?") && page.contains("This is no email address") && page.contains("value=\"ana@\""), "{page}");
    let conversation = chat_id(&page);
    let left = from_page(&ana, "/api/chat/leave-address", &[("conversation", &conversation), ("email", "ana@example.org")]).await;
    let page = ana.get(left.leads_to().split('#').next().unwrap()).await.text;
    assert!(page.contains("We also answer to ana@example.org"), "{page}");

    // A file of the wrong kind.
    let new = uuid::Uuid::new_v4().to_string();
    let refused = say(&ana, &conversation, &new, "See the file & tell me", Some(("run.png", "#!/bin/sh\necho"))).await;
    let page = ana.get(refused.leads_to().split('#').next().unwrap()).await.text;
    assert!(page.contains("Only pictures") && page.contains("See the file &amp; tell me</textarea>"), "{}: {page}", refused.leads_to());
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_conversation_is_its_own_shoppers(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--rate-limits=off"]).await;
    let (ana, eve) = (node.browser(), node.browser());
    begin(&ana, "A secret question", &[]).await;
    let conversation = chat_id(&ana.get(CHAT).await.text);
    begin(&eve, "Another question", &[]).await;
    assert!(!eve.get(CHAT).await.text.contains("A secret question"));
    let heard = eve.get(&format!("/api/chat/hear?conversation={conversation}&after=0")).await;
    assert!(!heard.text.contains("A secret question") && heard.text.contains("no_such_conversation"), "{}", heard.text);
    for (path, fields) in [("/api/chat/end", vec![]), ("/api/chat/leave-address", vec![("email", "eve@example.org")])] {
        let fields: Vec<(&str, &str)> = [("conversation", conversation.as_str())].into_iter().chain(fields).collect();
        assert!(from_page(&eve, path, &fields).await.leads_to().contains("refused="), "{path}");
    }
    assert_eq!(count(&node, "conversation where state = 'closed' or email <> ''").await, 0);
    // A cookie that somebody made up opens nothing.
    eve.set_cookie(VISITOR_COOKIE, &format!("{}.AAAAAAAAAAAAAAAAAAAAAA", ana.cookie(VISITOR_COOKIE).unwrap().split('.').next().unwrap()));
    assert!(!eve.get(CHAT).await.text.contains("A secret question"));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn pages_with_the_closed_chat_are_still_everybodys(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--rate-limits=off"]).await;
    node.hears_news().await;
    let ana = node.browser();
    begin(&ana, "Hello", &[]).await;
    let (of_ana, of_eve) = (ana.get("/en/info/returns").await, node.browser().get("/en/info/returns").await);
    assert!(node.keeps("/en/info/returns"));
    assert_eq!(of_ana.text, of_eve.text);
    let closed = of_eve.text.split("chat-corner").nth(1).expect("a way to ask on every page");
    assert!(closed.contains("href=\"/en/chat\"") && closed.contains("Ask us"), "{closed}");
    assert!(closed.len() < 10_000, "the closed chat weighs {} bytes", closed.len());
    // The conversation itself is nobody else's.
    assert!(!node.keeps(CHAT) && ana.get(CHAT).await.header("cache-control").contains("private"));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn on_an_orders_page_one_asks_about_that_order(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--rate-limits=off"]).await;
    BOWL.import(&node.shop).await;
    let ana = node.browser();
    BOWL.add(&ana).await;
    let payment_page = order(&ana, "en", "ana@example.org").await;
    let thanks = pay(&ana, &payment_page).await.text;
    let link = thanks.split("href=\"/en/order/").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let tracking = ana.get(&format!("/en/order/{link}")).await.text;
    let ask = tracking.split("href=\"/en/chat?").nth(1).expect("a way to ask about it").split('"').next().unwrap().replace("&amp;", "&");
    let page = ana.get(&format!("/en/chat?{ask}")).await.text;
    let (number, token) = (field(&page, "order"), field(&page, "t"));
    assert!(page.contains(&format!("About order {number}")) && page.contains("<option value=\"order\" selected"), "{page}");
    begin(&ana, "It is late", &[("order", &number), ("t", &token)]).await;
    assert_eq!(count(&node, "conversation where order_id is not null").await, 1);
    let guessed = begin(&node.browser(), "Tell me all", &[("order", &number), ("t", "made-up")]).await;
    assert!(guessed.leads_to().contains("no_such_order"), "{}", guessed.leads_to());
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn it_ends_is_rated_once_and_goes_on_when_somebody_writes(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--rate-limits=off"]).await;
    let ana = node.browser();
    begin(&ana, "Hello", &[]).await;
    let conversation = chat_id(&ana.get(CHAT).await.text);
    let of = |more: &[(&'static str, &'static str)]| -> Vec<(&'static str, String)> {
        [("conversation", conversation.clone())].into_iter().chain(more.iter().map(|(name, value)| (*name, (*value).to_owned()))).collect()
    };
    let send = async |path: &str, fields: Vec<(&'static str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        from_page(&ana, path, &fields).await
    };
    // Closed by the shopper before anybody answered: nobody is rated.
    send("/api/chat/end", of(&[])).await;
    assert!(!ana.get(CHAT).await.text.contains("/api/chat/rate"));
    // A person answers and closes.
    crate::support::sql(&node.shop.db, "update conversation set closed_by = 'staff', first_reply_at = now(), state = 'closed'").await;
    assert!(ana.get(CHAT).await.text.contains("/api/chat/rate"));
    let nothing_chosen = send("/api/chat/rate", of(&[("comment", "quick & kind")])).await;
    let page = ana.get(nothing_chosen.leads_to().split('#').next().unwrap()).await.text;
    assert!(page.contains("Choose one of the five first.") && page.contains("quick &amp; kind</textarea>"), "{page}");
    let rated = send("/api/chat/rate", of(&[("rating", "5"), ("comment", "quick & kind")])).await;
    assert!(ana.get(rated.leads_to().split('#').next().unwrap()).await.text.contains("We read every word"));
    assert_eq!(count(&node, "conversation where rating = 5 and rating_comment = 'quick & kind'").await, 1);
    assert!(send("/api/chat/rate", of(&[("rating", "1")])).await.leads_to().contains("not_to_be_rated"));
    assert!(ana.get("/en/chat?new=1").await.text.contains("/api/chat/open"));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn unread_answers_are_counted_for_the_browser_that_asked(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--rate-limits=off"]).await;
    let (ana, eve) = (node.browser(), node.browser());
    begin(&ana, "Hello", &[]).await;
    let unread = async |browser: &Browser| browser.get("/api/chat/unread").await.text;
    assert_eq!((unread(&ana).await, unread(&eve).await), ("0".to_owned(), "0".to_owned()));
    crate::support::sql(
        &node.shop.db,
        "with c as (update conversation set last_seq = last_seq + 1 returning id, last_seq)
         insert into conversation_entry (conversation_id, seq, kind, author, author_name, body, at)
         select id, last_seq, 'message', 'staff', 'Alba', 'Good morning', now() from c",
    )
    .await;
    assert_eq!((unread(&ana).await, unread(&eve).await), ("1".to_owned(), "0".to_owned()));
    let page = ana.get(CHAT).await.text;
    assert!(page.contains("Good morning") && page.contains("Alba"), "{page}");
    assert_eq!(unread(&ana).await, "0", "whoever was shown the page has seen it");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn help_is_found_judged_once_and_always_leads_to_a_person(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--rate-limits=off"]).await;
    node.hears_news().await;
    let leaf = |language, title: &str| help::Leaf {
        handle: "broken".into(),
        language,
        topic: HelpTopic::Returns,
        title: title.into(),
        body: "Send us a *photograph*.".into(),
    };
    let leaves = vec![leaf(Language::En, "It came broken"), leaf(Language::Es, "Ha llegado roto")];
    help::load(&node.shop, leaves, OffsetDateTime::now_utc()).await.unwrap();
    let ana = node.browser();
    assert!(ana.get("/en/help?q=photograph").await.text.contains("/en/help/it-came-broken"));
    let suggested = ana.get("/api/help/suggest?text=my%20bowl%20is%20broken").await;
    assert!(suggested.text.contains("it-came-broken"), "{}", suggested.text);
    let article = ana.get("/en/help/it-came-broken").await;
    assert!(
        article.text.contains("<em>photograph</em>") && article.text.contains("href=\"/en/chat\" class=\"button\""),
        "{}",
        article.text
    );
    assert!(node.keeps("/en/help/it-came-broken"));
    // The other language's switch keeps the slug; it leads on.
    assert_eq!(ana.get("/es/help/it-came-broken").await.leads_to(), "/es/help/ha-llegado-roto");
    for _ in 0..2 {
        let voted = ana.post("/api/help/vote", &[("slug", "it-came-broken"), ("helped", "yes")]).await;
        assert!(voted.leads_to().contains("helped=yes"), "{}", voted.leads_to());
    }
    assert_eq!(count(&node, "help_vote").await, 1);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn nobody_writes_articles_without_logging_in(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--rate-limits=off"]).await;
    let ana = node.browser();
    assert!(ana.get("/en/desk/articles").await.leads_to().contains("/desk/login"));
    let fields = [("topic", "shop"), ("title_en", "Mine"), ("body_en", "Words"), ("published_en", "true")];
    ana.post("/api/desk/articles/save", &fields).await;
    assert_eq!(count(&node, "help_article").await, 0);
}
