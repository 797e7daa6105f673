//! What readers and writers of help articles would notice.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "what cannot be set up fails the test")]

mod shelf;

use domain::{
    Language::{self, En, Es},
    help::{ArticleText, HelpRefusal, HelpTopic, MOST_CHARACTERS, Votes},
    staff::{Role, Roles},
};
use shop::{
    Actor, Failure, Shop,
    help::{self, Editing, Leaf},
};
use sqlx::PgPool;
use time::{OffsetDateTime, macros::datetime};
use uuid::Uuid;

const NOW: OffsetDateTime = datetime!(2026-12-01 10:00 UTC);

fn leaf(handle: &str, language: Language, topic: HelpTopic, title: &str, body: &str) -> Leaf {
    Leaf { handle: handle.into(), language, topic, title: title.into(), body: body.into() }
}

async fn library(db: PgPool) -> Shop {
    let shop = shelf::shop(db);
    let leaves = vec![
        leaf("1", En, HelpTopic::Orders, "Where is my order?", "The order's page shows how far it has come."),
        leaf("1", Es, HelpTopic::Orders, "¿Dónde está mi pedido?", "La página del pedido dice hasta dónde ha llegado."),
        leaf("2", En, HelpTopic::Returns, "It came broken", "Send us a **photograph** of the order. <script>alert(1)</script>"),
        leaf("2", Es, HelpTopic::Returns, "Ha llegado roto", "Mándanos una foto de la pieza."),
        leaf("3", En, HelpTopic::Pieces, "Caring for stoneware", "Most pieces may go into the dishwasher."),
    ];
    assert_eq!(help::load(&shop, leaves, NOW).await.unwrap(), 3);
    shop
}

async fn titles(shop: &Shop, language: Language, text: &str) -> Vec<String> {
    help::search(shop, language, text).await.unwrap().into_iter().map(|article| article.title).collect()
}

fn editor() -> Actor {
    Actor::System
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_question_in_whole_sentences_finds_its_answer_in_either_language(db: PgPool) {
    let shop = library(db).await;
    assert_eq!(titles(&shop, En, "my parcel came and everything in it is broken, what now?").await.first().unwrap(), "It came broken");
    assert_eq!(titles(&shop, Es, "mis piezas llegaron ROTAS").await.first().unwrap(), "Ha llegado roto");
    assert_eq!(titles(&shop, Es, "donde esta el pedido").await.first().unwrap(), "¿Dónde está mi pedido?");
    // All the words come before some of them, and an unfinished one counts.
    assert_eq!(titles(&shop, En, "photograph order").await, ["It came broken", "Where is my order?"]);
    assert_eq!(titles(&shop, En, "stonew").await, ["Caring for stoneware"]);
    assert!(titles(&shop, En, "the of and").await.is_empty() && titles(&shop, En, "").await.is_empty());
    assert_eq!(help::suggest(&shop, En, "order broken stoneware page pieces").await.unwrap().len(), 3);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_article_is_read_under_its_address_and_nothing_in_it_runs(db: PgPool) {
    let shop = library(db).await;
    let article = help::read(&shop, En, "it-came-broken").await.unwrap().unwrap();
    assert!(article.html.contains("<strong>photograph</strong>") && !article.html.contains("script"), "{}", article.html);
    assert_eq!(article.slugs[&Es], "ha-llegado-roto");
    assert_eq!(help::elsewhere(&shop, Es, "it-came-broken").await.unwrap().as_deref(), Some("ha-llegado-roto"));
    assert!(help::read(&shop, Es, "caring-for-stoneware").await.unwrap().is_none());
    assert!(help::read(&shop, En, "nothing\0").await.unwrap().is_none());
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_reader_counts_once_however_often_they_say_it(db: PgPool) {
    let shop = library(db).await;
    let (ana, ben) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let vote = async |who, helped, missing: &str| help::vote(&shop, who, En, "it-came-broken", helped, missing, NOW).await;
    vote(ana, true, "").await.unwrap();
    vote(ana, true, "").await.unwrap();
    vote(ben, true, "").await.unwrap();
    vote(ben, false, "").await.unwrap();
    vote(ben, false, "Where do I send it?").await.unwrap();
    let listed = help::drafts(&shop, &editor(), En).await.unwrap();
    let article = listed.iter().find(|article| article.title == "It came broken").unwrap();
    assert_eq!(article.votes, Votes { helped: 1, did_not: 1 });
    assert_eq!(help::missing(&shop, &editor(), article.id).await.unwrap(), ["Where do I send it?"]);
    let refusal = help::vote(&shop, ana, En, "no-such", true, "", NOW).await.unwrap_err();
    assert!(matches!(refusal, Failure::Refused(HelpRefusal::NoSuchArticle)));
}

fn text(title: &str, body: &str, published: bool) -> ArticleText {
    ArticleText { title: title.into(), slug: String::new(), body: body.into(), published }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_is_typed_is_kept_and_only_what_is_whole_is_shown(db: PgPool) {
    let shop = library(db).await;
    let article = Editing {
        topic: HelpTopic::Payment,
        position: 9,
        texts: [(En, text("It came broken", "Another one.", true)), (Es, text("", "Sin título", true))].into(),
    };
    let saved = help::save(&shop, &editor(), None, article.clone(), NOW).await.unwrap();
    assert_eq!(saved.held_back, [Es]);
    // Its address was taken.
    assert_eq!(help::read(&shop, En, "it-came-broken-2").await.unwrap().unwrap().title, "It came broken");
    let kept = help::edit(&shop, &editor(), saved.id).await.unwrap();
    assert_eq!((kept.texts[&Es].body.as_str(), kept.texts[&Es].published), ("Sin título", false));
    // Taken back from shoppers, it is found no more.
    let hidden = Editing { texts: [(En, text("It came broken", "Unfindable words.", false))].into(), ..article };
    help::save(&shop, &editor(), Some(saved.id), hidden, NOW).await.unwrap();
    assert!(titles(&shop, En, "unfindable").await.is_empty());
    assert!(help::read(&shop, En, "it-came-broken-2").await.unwrap().is_none());
    help::delete(&shop, &editor(), saved.id, NOW).await.unwrap();
    assert!(matches!(help::edit(&shop, &editor(), saved.id).await, Err(Failure::Refused(HelpRefusal::NoSuchArticle))));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_may_not_write_articles_neither_lists_nor_changes_them(db: PgPool) {
    let shop = library(db).await;
    let agent = Actor::Staff { id: domain::ids::StaffId(Uuid::nil()), roles: Roles::of(&[Role::Agent]) };
    let article = Editing { topic: HelpTopic::Shop, position: 0, texts: [(En, text("x", "y", true))].into() };
    for actor in [agent, Actor::Guest { cart: None }] {
        assert!(matches!(help::drafts(&shop, &actor, En).await, Err(Failure::Refused(HelpRefusal::NotAllowed))));
        let refused = help::save(&shop, &actor, None, article.clone(), NOW).await;
        assert!(matches!(refused, Err(Failure::Refused(HelpRefusal::NotAllowed))));
    }
    let long = Editing { texts: [(En, text("x", &"y".repeat(MOST_CHARACTERS + 1), true))].into(), ..article };
    assert!(matches!(help::save(&shop, &editor(), None, long, NOW).await, Err(Failure::Refused(HelpRefusal::TooLong))));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_staff_wrote_is_not_overwritten_by_loading_again(db: PgPool) {
    let shop = library(db).await;
    let leaves = vec![leaf("1", En, HelpTopic::Orders, "Other words", "Other text."), leaf("4", En, HelpTopic::Shop, "Gifts", "Yes.")];
    assert_eq!(help::load(&shop, leaves, NOW).await.unwrap(), 1);
    assert!(help::read(&shop, En, "where-is-my-order").await.unwrap().is_some());
    assert!(help::read(&shop, En, "gifts").await.unwrap().is_some());
}
