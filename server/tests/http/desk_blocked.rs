//! A shopper who is blocked, by socket and by form: what they are told, and that nothing gets through.

use crate::{
    chat_client::{Socket, begin},
    console::{member, say},
    support::{Node, number},
};
use domain::{
    chat::{Ask, ChatRefusal, Tell},
    staff::Role,
};
use shop::{chat::Visitor, signing};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use uuid::Uuid;

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn nobody_who_is_blocked_gets_through_and_everybody_is_told_so(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--rate-limits=off"]).await;
    let (eva, marta) = (member(&node, "Eva", Role::Agent).await, member(&node, "Marta", Role::Supervisor).await);
    let visitor = Visitor(Uuid::new_v4());
    let id = begin(&node.shop, visitor, "You are all useless").await.id;
    let c = id.to_string();
    // A link that is open already.
    let mut link = Socket::of(&node, visitor).await;
    link.resumes(id, 0).await;

    let silent = say(&eva, "/api/desk/block", &[("conversation", &c), ("reason", ""), ("days", "7"), ("back", "")]).await;
    let page = eva.get(silent.leads_to().split('#').next().unwrap()).await.text;
    assert!(page.contains("Write a reason: supervisors read it."), "{page}");
    let done = say(&eva, "/api/desk/block", &[("conversation", &c), ("reason", "Insults <us>"), ("days", "7"), ("back", "")]).await;
    let page = eva.get(done.leads_to()).await.text;
    assert!(page.contains("Blocked until") && page.contains("By Eva: Insults &lt;us&gt;"), "{page}");

    let said = Ask::Post { conversation: id, client_id: Uuid::new_v4(), body: "Still here".into(), attachments: Vec::new(), note: false };
    link.ask(&said).await;
    loop {
        match link.hears().await {
            Tell::Refused { why, .. } => break assert_eq!(why, ChatRefusal::Blocked),
            Tell::Posted { .. } => panic!("it got through"),
            _ => {}
        }
    }
    let shopper = node.browser();
    shopper.set_cookie(signing::VISITOR_COOKIE, &signing::visitor_cookie(&node.shop.settings, visitor));
    let form = async |path: &str, fields: &[(&str, &str)]| {
        shopper.send(shopper.form(path, fields).header("referer", format!("{}/en/chat", shopper.origin))).await
    };
    let (one, two) = (Uuid::new_v4().to_string(), Uuid::new_v4().to_string());
    let again = form("/api/chat/open", &[("client_id", &one), ("message_client_id", &two), ("body", "A new one")]).await;
    assert!(again.leads_to().contains("refused="), "{}", again.leads_to());
    form("/api/chat/say", &[("conversation", &c), ("client_id", &one), ("body", "By form")]).await;
    let messages = number(&node.shop.db, "select count(*) from conversation_entry where kind = 'message'").await;
    assert_eq!((messages, number(&node.shop.db, "select count(*) from conversation").await), (1, 1), "nothing got through");
    let page = shopper.get("/en/chat").await.text;
    assert!(page.contains("We have closed the chat for you until") && page.contains("You are all useless"), "{page}");
    assert!(page.contains("href=\"/en/complaints/new\"") && page.contains("href=\"/en/info/contact\""), "the other ways: {page}");
    assert!(!page.contains("name=\"body\"") && !page.contains("Insults"), "no field, and not what staff wrote: {page}");

    assert_eq!(eva.get("/en/desk/blocked").await.status, 403);
    let list = marta.get("/en/desk/blocked").await.text;
    assert!(list.contains("Insults &lt;us&gt;"), "{list}");
    let block: Uuid = sqlx::query_scalar("select id from block").fetch_one(&node.shop.db).await.unwrap();
    let lifted = say(&marta, "/api/desk/unblock", &[("block", &block.to_string()), ("back", "")]).await;
    assert_eq!(lifted.leads_to(), "/en/desk/blocked?done=unblock");
    assert!(marta.get(lifted.leads_to()).await.text.contains("Nobody is blocked."));
    let page = shopper.get("/en/chat").await.text;
    assert!(page.contains("name=\"body\"") && !page.contains("We have closed the chat"), "{page}");
}
