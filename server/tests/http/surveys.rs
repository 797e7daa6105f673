//! A survey from the mail's link to the thanks, by plain forms only; and the managers' pages.

use crate::support::{
    Node,
    desk::{asked, at_work, says, send, text},
    shopping::field,
};
use domain::staff::Role;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_survey_is_answered_without_scripts(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--rate-limits=off"]).await;
    let ana = node.browser();
    let link = asked(&node, &ana, "en").await;
    let token = link.split_once("?t=").unwrap().1.to_owned();
    for _ in 0..2 {
        says(&node.browser().get(&link).await, &["How did we do?", "Begin", "without your name"]);
    }
    assert_eq!(node.browser().get("/en/survey?t=guess").await.status, 404);
    let first = send(&ana, "/api/survey/begin", &[("t", &token)], &link).await;
    says(&first, &["Question 1 of", "apply to me"]);
    let code = first.text.split("name=\"a[").nth(1).unwrap().split(']').next().unwrap().to_owned();
    let shown = field(&first.text, "shown");
    let answer = format!("a[{code}]");
    let next = [("t", token.as_str()), ("at", "1"), ("shown", &shown), ("then", "next")];
    let wrong: Vec<_> = next.into_iter().chain([(answer.as_str(), "9")]).collect();
    says(&send(&ana, "/api/survey/save", &wrong, &link).await, &["Question 1 of", "That is no answer to this question."]);
    let right: Vec<_> = next.into_iter().chain([(answer.as_str(), "4")]).collect();
    says(&send(&ana, "/api/survey/save", &right, &link).await, &["Question 2 of"]);
    let apart = "select (count(*) > 0)::text from pg_stat_activity where datname = current_database() and application_name = 'unhurried'";
    assert_eq!(text(&node.shop, apart).await, "true", "answers take no connection from readers");
    // From another device, in the other language.
    let ben = node.browser();
    says(&ben.get(&format!("{}&q=1", link.replace("/en/", "/es/"))).await, &["Pregunta 1 de", "value=\"4\" checked"]);
    says(&ben.get(&link).await, &["Question 2 of"]);
    assert!(!text(&node.shop, "select milliseconds::text from survey_answer").await.is_empty(), "timed without scripts");
    let all = ben.get(&format!("{link}&view=all")).await;
    says(&all, &["Save and go on later", "a[PROBLEM]", "a[RES1]"]);
    let on_one = [("t", token.as_str()), ("view", "all"), ("a[NPS]", "9"), ("a[OWN]", "Nice </textarea>"), ("then", "stay")];
    says(&send(&ben, "/api/survey/save", &on_one, &link).await, &["Your answers are saved.", "Nice &lt;/textarea&gt;"]);
    says(&ben.get(&format!("{link}&q=99")).await, &["That was the last question", "Not answered:"]);
    let finish = [("t", token.as_str()), ("at", "99"), ("then", "finish")];
    says(&send(&ben, "/api/survey/save", &finish, &link).await, &["Thank you", "We have your answers"]);
    says(&ana.get(&link).await, &["You have answered this survey already."]);
    says(&send(&ana, "/api/survey/save", &right, &link).await, &["You have answered this survey already."]);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_order_leads_to_its_survey_and_a_button_ends_them_all(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--rate-limits=off"]).await;
    let ana = node.browser();
    let link = asked(&node, &ana, "es").await;
    let mail = text(&node.shop, "select text_body from mail where key like 'order.confirmation:%'").await;
    let order_page = mail.split_whitespace().find(|word| word.contains("/es/order/")).unwrap();
    says(&ana.get(&order_page[order_page.find("/es/").unwrap()..]).await, &["¿Qué tal lo hicimos?", &link]);
    let stop = link.replace("/survey?", "/survey/stop?");
    says(&ana.get(&stop).await, &["No quiero recibir más encuestas"]);
    let token = link.split_once("?t=").unwrap().1;
    says(&send(&ana, "/api/survey/stop", &[("t", token)], &stop).await, &["No te preguntamos más."]);
    assert_eq!(ana.get("/es/survey/stop?t=guess").await.status, 404);
    // The same by a mail program, which comes from elsewhere.
    let one_click = text(&node.shop, "select unsubscribe from mail where key like 'survey.asked:%'").await;
    let path = &one_click[one_click.find("/unsubscribe/").unwrap()..];
    let foreign = |path: &str| node.browser().form(path, &[("List-Unsubscribe", "One-Click")]).header("sec-fetch-site", "cross-site");
    assert_eq!(node.browser().send(foreign(path)).await.status, 200);
    assert_eq!(node.browser().send(foreign("/unsubscribe/es/guess")).await.status, 404);
    assert_eq!(ana.get(path).await.leads_to(), stop);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn managers_change_an_instrument_and_agents_do_not(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--rate-limits=off"]).await;
    let (boss, agent) = (at_work(&node, "Sol", Role::Manager).await, at_work(&node, "Marta", Role::Agent).await);
    for page in ["surveys", "surveys/what-matters"] {
        assert_eq!(agent.get(&format!("/en/desk/{page}")).await.status, 403, "{page}");
    }
    says(&boss.get("/en/desk/surveys").await, &["How did we do? (version 1)", "Which services matter to you?", "Rules of asking"]);
    let page = "/en/desk/surveys/what-matters";
    says(&boss.get(page).await, &["Delivery on the day that was promised", "value=\"Embalaje sin plástico\"", "SRV10 · English"]);
    let mut form: Vec<(String, String)> = [("instrument", "what-matters"), ("base", "1"), ("form[dropped][SRV2]", "true")]
        .into_iter()
        .chain(["title_en", "title_es", "intro_en", "intro_es"].map(|name| (name, "Words")))
        .map(|(name, text)| (if name.contains('_') { format!("form[{name}]") } else { name.to_owned() }, text.to_owned()))
        .collect();
    for code in (1..=10).map(|n| format!("SRV{n}")).chain(["WISH".to_owned()]) {
        form.extend(["en", "es"].map(|language| (format!("form[{language}][{code}]"), format!("{code} in {language}"))));
    }
    let fields = |form: &[(String, String)]| form.iter().map(|(a, b)| (a.clone(), b.clone())).collect::<Vec<_>>();
    let mut half = fields(&form);
    half.iter_mut().find(|(name, _)| name == "form[es][SRV3]").unwrap().1 = String::new();
    let post = async |form: Vec<(String, String)>| {
        let form: Vec<_> = form.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        send(&boss, "/api/desk/surveys/save", &form, page).await
    };
    says(&post(half).await, &["Each text is needed in both languages", "SRV4 in es"]);
    let saved = post(form).await;
    says(&saved, &["Saved as the newest version.", "Version 2 of", "SRV1 in en"]);
    assert!(!saved.text.contains("SRV2 in en"), "it is asked no more");
    says(&boss.get(&format!("{page}?version=1")).await, &["Choosing the day or the hour of delivery"]);
    let asking = [("instrument", "what-matters"), ("active", "true"), ("days", "45")];
    says(&send(&boss, "/api/desk/surveys/asking", &asking, page).await, &["It is asked as you set it.", "value=\"45\""]);
    let rules = [("cap", "0"), ("reminder", "6"), ("open", "30"), ("split", "even"), ("link", "90"), ("months", "36")];
    says(&send(&boss, "/api/desk/surveys/rules", &rules, "/en/desk/surveys").await, &["This is out of bounds.", "value=\"0\""]);
    let forgotten = send(&boss, "/api/desk/surveys/forget", &[("email", "ana@example.org")], "/en/desk/surveys").await;
    says(&forgotten, &["Forgotten."]);
}
