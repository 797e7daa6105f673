//! At the desk without scripts: colleagues who are called in notes, and files for the shopper.

use crate::{
    console::{ask, member, post},
    support::Node,
};
use domain::staff::Role;
use shop::{
    Actor,
    chat::{self, Visitor, Who},
    signing,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use uuid::Uuid;

fn key() -> String {
    Uuid::new_v4().to_string()
}

/// As small as a picture gets.
const PICTURE: &str = "GIF89a\u{1}\0\u{1}\0\0\0\0;";

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn whoever_is_called_finds_the_note(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    let (eva, luz) = (member(&node, "Eva", Role::Agent).await, member(&node, "Luz", Role::Agent).await);
    let c = ask(&node, Visitor(Uuid::new_v4()), "Is it glazed?").await.to_string();
    post(&eva, &c, &key(), "@Luz do <you> know?", true, None).await;
    let list = luz.get("/en/desk?list=mentions").await.text;
    assert!(list.contains("Eva calls you") && list.contains("@Luz do &lt;you&gt; know?") && list.contains("data-seen=\"false\""), "{list}");
    let seq: i64 = sqlx::query_scalar("select seq from mention").fetch_one(&node.shop.db).await.unwrap();
    let place = format!("list=mentions&amp;c={c}#entry-{seq}");
    assert!(list.contains(&place), "{list}");
    let page = luz.get(&format!("/en/desk?list=mentions&c={c}")).await.text;
    assert!(page.contains(&format!("id=\"entry-{seq}\"")), "the address leads to the note: {page}");
    assert!(page.contains("data-seen=\"true\"") && !page.contains("data-seen=\"false\""), "whoever looks has seen it");
    assert!(!eva.get("/en/desk?list=mentions").await.text.contains("data-seen="), "nobody calls themselves");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_file_of_an_agent_reaches_the_shopper_and_one_of_a_note_does_not(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    let eva = member(&node, "Eva", Role::Agent).await;
    let visitor = Visitor(Uuid::new_v4());
    let id = ask(&node, visitor, "How do I care for it?").await;
    let c = id.to_string();
    let refused = post(&eva, &c, &key(), "As a page", false, Some(("care.html", "<html>no</html>"))).await;
    let page = eva.get(refused.leads_to().split('#').next().unwrap()).await.text;
    assert!(page.contains("Only pictures (JPEG, PNG, WebP, GIF) and PDF can be sent.") && page.contains(">As a page</textarea>"), "{page}");
    let sent = post(&eva, &c, &key(), "", false, Some(("care.gif", PICTURE))).await;
    assert!(sent.leads_to().ends_with("done=post"), "{}", sent.leads_to());
    post(&eva, &c, &key(), "Ours only", true, Some(("ours.gif", PICTURE))).await;
    let page = eva.get(&format!("/en/desk?c={c}")).await.text;
    assert!(page.contains("File care.gif") && page.contains("File ours.gif"), "{page}");
    assert!(!page.contains(">As a page</textarea>"), "what was sent is no draft");

    let ana = node.browser();
    ana.set_cookie(signing::VISITOR_COOKIE, &signing::visitor_cookie(&node.shop.settings, visitor));
    let page = ana.get("/en/chat").await.text;
    assert!(page.contains("care.gif") && !page.contains("ours.gif"), "{page}");
    let shopper = Who::shopper(&Actor::Guest { cart: None }, visitor);
    let entries = chat::entries(&node.shop, shopper, id, 0, 50).await.unwrap().unwrap().entries;
    let file = entries.iter().flat_map(|entry| &entry.attachments).next().unwrap();
    assert_eq!(ana.get(&file.address()).await.status, 200);
    let ours: Uuid = sqlx::query_scalar("select id from attachment where name = 'ours.gif'").fetch_one(&node.shop.db).await.unwrap();
    assert_eq!(ana.get(&format!("/chat/files/{ours}")).await.status, 404, "what belongs to a note is not for shoppers");
}
