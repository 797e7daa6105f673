//! A case of a survey by plain forms only, at both ends and in both languages; and who sees which page.

use crate::support::{
    Browser, Node,
    desk::{asked, at_work, link, says, send},
    shopping::field,
};
use domain::staff::Role;
use shop::Actor;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use time::OffsetDateTime;

/// Somebody bought, got it, was asked and began to answer; the path of their survey.
async fn begun(node: &Node, browser: &Browser, language: &str) -> String {
    let survey = asked(node, browser, language).await;
    send(browser, "/api/survey/begin", &[("t", survey.split_once("?t=").unwrap().1)], &survey).await;
    survey
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_asks_for_an_answer_gets_one_and_says_that_it_is_solved(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--rate-limits=off"]).await;
    let (ana, marta) = (node.browser(), at_work(&node, "Marta", Role::Agent).await);
    let survey = begun(&node, &ana, "en").await;
    let token = survey.split_once("?t=").unwrap().1.to_owned();
    says(&ana.get(&format!("{survey}&q=99")).await, &["Would you like an answer?", "name=\"a[CONTACT]\""]);
    says(&ana.get(&format!("{survey}&view=all")).await, &["Would you like an answer?"]);
    let answers = [("t", token.as_str()), ("a[NPS]", "2"), ("a[OWN]", "It came in <pieces>"), ("a[CONTACT]", "yes"), ("then", "finish")];
    says(&send(&ana, "/api/survey/save", &answers, &survey).await, &["Thank you", "You asked for an answer: one of us writes to you by"]);

    says(
        &marta.get("/en/desk/cases").await,
        &["href=\"/en/desk/cases/1\"", "Wants an answer", "Waiting for an owner", "To do (1 waiting)"],
    );
    let page = "/en/desk/cases/1";
    says(&marta.get(page).await, &["It came in &lt;pieces&gt;", "I attend to it", "Open a complaint about this order", "Ángela Núñez"]);
    let step = async |act: &str, fields: &[(&str, &str)]| {
        let fields: Vec<_> = [("number", "1")].into_iter().chain(fields.iter().copied()).collect();
        send(&marta, &format!("/api/desk/case-{act}"), &fields, page).await
    };
    let mine = step("take", &[]).await;
    says(&mine, &["Write to the person", "Put it back for somebody else"]);
    let key = field(&mine.text, "key");
    let long = "Sorry. ".repeat(900);
    says(&step("write", &[("key", &key), ("text", &long)]).await, &["That is too long: at most 6000 characters.", "Sorry. Sorry."]);
    says(&step("write", &[("key", &key), ("text", "Another <bowl> left today.")]).await, &["Answered, not confirmed yet", "closes on"]);
    says(&step("take", &[]).await, &["It stands at “Answered, not confirmed yet”"]);

    let case = link(&node.shop, "survey.case", "/survey/case?t=").await;
    for _ in 0..2 {
        says(&node.browser().get(&case).await, &["What Marta answered", "Another &lt;bowl&gt; left today.", "Is it solved for you?"]);
    }
    says(&ana.get(&case.replace("/en/", "/es/")).await, &["¿Está resuelto para ti?", "10: Con toda seguridad"]);
    let of_case = case.split_once("?t=").unwrap().1;
    let tell = async |fields: &[(&str, &str)]| {
        let fields: Vec<_> = [("t", of_case)].into_iter().chain(fields.iter().copied()).collect();
        send(&ana, "/api/survey/case", &fields, &case).await
    };
    says(
        &tell(&[("recommend", "4"), ("words", "Still </textarea> broken")]).await,
        &["Say whether it is solved", "Still &lt;/textarea&gt;"],
    );
    says(&tell(&[("solved", "no"), ("recommend", "4"), ("words", "Still broken")]).await, &["We know that it is not solved yet."]);
    says(&marta.get(page).await, &["It is not solved, says the person", "Still broken", "Recommends us now: 4 of 10", "Answer due"]);
    let key = field(&marta.get(page).await.text, "key");
    step("write", &[("key", &key), ("text", "At your door now.")]).await;
    says(&tell(&[("solved", "yes"), ("recommend", "9")]).await, &["You told us that it is solved.", "At your door now."]);
    says(&marta.get("/en/desk/cases?queue=closed").await, &["Closed, confirmed", "2 → 9"]);
    assert_eq!(ana.get("/en/survey/case?t=guess").await.status, 404);
    shop::surveys::forget_person(&node.shop, &Actor::Operator, "ana@example.org", OffsetDateTime::now_utc()).await.unwrap();
    let gone = ana.get(&case).await;
    assert_eq!(gone.status, 410);
    assert!(gone.text.contains("no longer leads to your order"), "{}", gone.text);
    says(&marta.get(page).await, &["cannot be traced to its order any more"]);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn in_spanish_too_and_managers_see_what_it_is_worth(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--rate-limits=off"]).await;
    let (ana, boss) = (node.browser(), at_work(&node, "Sol", Role::Manager).await);
    let survey = begun(&node, &ana, "es").await;
    let token = survey.split_once("?t=").unwrap().1.to_owned();
    says(&ana.get(&format!("{survey}&q=99")).await, &["Me gustaría que me contestarais"]);
    let answers = [("t", token.as_str()), ("a[OWN]", "Nadie me contesta. ¿Me podéis ayudar?"), ("then", "finish")];
    says(&send(&ana, "/api/survey/save", &answers, &survey).await, &["Gracias"]);
    let list = boss.get("/es/desk/cases").await;
    says(&list, &["Pide ayuda con sus palabras", "Arreglado en el último año", "se muestra a partir de cinco personas", "Cómo se calcula"]);
    let page = "/es/desk/cases/1";
    let mine = send(&boss, "/api/desk/case-take", &[("number", "1")], page).await;
    says(&mine, &["Escribir a la persona", "Idioma de la encuesta: Español"]);
    let key = field(&mine.text, "key");
    let wrote = send(&boss, "/api/desk/case-write", &[("number", "1"), ("key", &key), ("text", "Lo sentimos.")], page).await;
    says(&wrote, &["Contestado, sin confirmar aún"]);
    let case = link(&node.shop, "survey.case", "/survey/case?t=").await;
    assert!(case.starts_with("/es/"), "in the language of the survey: {case}");
    let yes = [("t", case.split_once("?t=").unwrap().1), ("solved", "yes"), ("recommend", "10")];
    says(&send(&ana, "/api/survey/case", &yes, &case).await, &["Nos dijiste que está resuelto."]);
    says(&boss.get("/es/desk/promises?kind=reply").await, &["Promesas"]);
    let kept = boss.get("/en/desk/promises?which=kept").await;
    says(&kept, &["href=\"/en/desk/cases/1\"", "case 1"]);
    // Who sees which page.
    let (agent, shelf) = (at_work(&node, "Marta", Role::Agent).await, at_work(&node, "Leo", Role::Merchandiser).await);
    let seen = agent.get("/en/desk/cases").await;
    says(&seen, &["Survey cases"]);
    assert!(!seen.text.contains("Put right in the last year"), "that is for who sees reports");
    for page in ["cases", "cases/1"] {
        assert_eq!(shelf.get(&format!("/en/desk/{page}")).await.status, 403, "{page}");
        assert_eq!(node.browser().get(&format!("/en/desk/{page}")).await.status, 302, "{page}");
    }
    let rules = [
        ("cap", "90"),
        ("reminder", "6"),
        ("open", "30"),
        ("split", "even"),
        ("link", "90"),
        ("months", "36"),
        ("mean", "2,5"),
        ("recommend", "5"),
        ("reply", "240"),
        ("confirm", "7"),
    ];
    says(
        &send(&boss, "/api/desk/surveys/rules", &rules, "/en/desk/surveys").await,
        &["The rules are set.", "value=\"2.5\"", "value=\"240\""],
    );
    let mut wild = rules;
    wild[6].1 = "25";
    says(&send(&boss, "/api/desk/surveys/rules", &wild, "/en/desk/surveys").await, &["This is out of bounds.", "value=\"25\""]);
}
