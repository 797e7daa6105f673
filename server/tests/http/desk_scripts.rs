//! A script from its text to the close of a conversation, without scripts in the browser.

use crate::{
    console::{ask, member, say},
    support::Node,
};
use domain::staff::Role;
use shop::chat::Visitor;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use uuid::Uuid;

const SOURCE: &str = "# hello\r\nes: ¿Cuál?\r\nen: Which <one>?\r\n* piece!: Pieza | Piece\r\n> bye: Lo sabe | Knows it\r\n# bye\r\nes: Adiós.\r\nen: Goodbye.";

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_script_is_written_followed_and_closes_the_conversation(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    let (eva, marta) = (member(&node, "Eva", Role::Agent).await, member(&node, "Marta", Role::Supervisor).await);
    assert_eq!(eva.get("/en/desk/scripts").await.status, 403);
    let broken = SOURCE.replace("> bye:", "> nowhere:");
    let save = [("title_es", "Despedida"), ("title_en", "Farewell"), ("source", &*broken)];
    let refused = say(&marta, "/api/desk/scripts/save", &save).await;
    let page = marta.get(refused.leads_to().split('#').next().unwrap()).await.text;
    assert!(
        page.contains("Line 5: there is no step of this name.") && page.contains("&gt; nowhere: Lo sabe"),
        "what was typed stays: {page}"
    );
    let saved = say(&marta, "/api/desk/scripts/save", &[("title_es", "Despedida"), ("title_en", "Farewell"), ("source", SOURCE)]).await;
    assert!(saved.leads_to().ends_with("done=script-save"), "{}", saved.leads_to());

    let c = ask(&node, Visitor(Uuid::new_v4()), "Hello").await.to_string();
    let back = format!("list=own&c={c}");
    let place = [("conversation", c.as_str()), ("back", back.as_str())];
    say(&eva, "/api/desk/take", &place).await;
    let script: Uuid = sqlx::query_scalar("select script_id from script_version where title ->> 'en' = 'Farewell'")
        .fetch_one(&node.shop.db)
        .await
        .unwrap();
    let script = script.to_string();
    let page = eva.get(&format!("/en/desk?c={c}")).await.text;
    assert!(page.contains(&format!("<option value=\"{script}\"")), "{page}");
    say(&eva, "/api/desk/script/start", &[&place[..], &[("script", &script)]].concat()).await;
    let page = eva.get(&format!("/en/desk?c={c}")).await.text;
    assert!(page.contains("Which &lt;one&gt;?") && page.contains("Knows it"), "{page}");
    let follow = async |step: &str, go: &str, notes: &[(&str, &str)]| {
        say(&eva, "/api/desk/script/follow", &[&place[..], &[("step", step), ("go", go)], notes].concat()).await
    };
    let refused = follow("hello", "to-bye", &[("note-piece", "")]).await;
    let page = eva.get(refused.leads_to().split('#').next().unwrap()).await.text;
    assert!(page.contains("Note this first: Piece."), "{page}");
    follow("hello", "to-bye", &[("note-piece", "The blue <bowl>")]).await;
    let page = eva.get(&format!("/en/desk?c={c}")).await.text;
    assert!(page.contains("Goodbye.") && page.contains("<dd>The blue &lt;bowl&gt;</dd>"), "{page}");
    follow("bye", "close", &[]).await;
    let page = eva.get(&format!("/en/desk?c={c}")).await.text;
    assert!(page.contains("Eva closed it") && page.contains("gone through") && page.contains("The blue &lt;bowl&gt;"), "{page}");
    let times = marta.get("/en/desk/scripts").await.text;
    assert!(times.contains("How long each version takes") && times.contains("Farewell"), "{times}");
}
