//! A complaint from its form to its confirmation, by plain forms only, at both ends; and who sees which page.

use crate::support::{
    Answer, Browser, Node,
    shopping::{BOWL, field, order, pay},
};
use domain::staff::{Role, Roles};
use shop::{
    Actor,
    account::staff::{self, FirstPassword, NewStaff},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use time::{Duration, OffsetDateTime};

const PASSWORD: &str = "a long enough secret";

/// The browser of somebody of the staff, logged in.
async fn at_work(node: &Node, name: &str, role: Role) -> Browser {
    let email = format!("{name}@shop.test");
    let new = NewStaff { email: email.clone(), name: name.into(), roles: Roles::of(&[role]) };
    staff::add(&node.shop, &Actor::Operator, new, FirstPassword::Own(PASSWORD), OffsetDateTime::now_utc()).await.unwrap();
    let browser = node.browser();
    let inside = browser.post("/api/desk/log-in", &[("email", &email), ("password", PASSWORD), ("next", "/en/desk/complaints")]).await;
    assert!(inside.leads_to().ends_with("/en/desk/complaints"), "{} {}", inside.leads_to(), inside.text);
    browser
}

/// Sends a form of this page, and opens where it leads.
async fn send(browser: &Browser, from: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let referer = format!("{}{from}", browser.origin);
    let answer = browser.send(browser.form(path, fields).header("referer", referer)).await;
    assert_eq!(answer.status, 303, "{path}: {}", answer.text);
    browser.get(answer.leads_to()).await
}

fn says(answer: &Answer, words: &[&str]) {
    assert_eq!(answer.status, 200);
    for word in words {
        assert!(answer.text.contains(word), "no `{word}` in {}", answer.text);
    }
}

const COMPLAINT: [(&str, &str); 5] =
    [("kind", "queja"), ("statement", "It came in <pieces>."), ("about", "dispatch"), ("name", "Ana"), ("email", "ana@example.org")];

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_complaint_is_solved_and_confirmed_without_scripts(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--rate-limits=off"]).await;
    let (ana, marta) = (node.browser(), at_work(&node, "Marta", Role::Agent).await);
    let form = "/en/complaints/new";
    says(&ana.get(form).await, &["How do you want it solved?"]);
    // Refused, and nothing is typed twice.
    let again = send(&ana, form, "/api/complaints/open", &COMPLAINT).await;
    says(&again, &["Say how you want it solved", "It came in &lt;pieces&gt;.", "value=\"ana@example.org\""]);
    let whole: Vec<_> = COMPLAINT.into_iter().chain([("wanted", "Another one")]).collect();
    let referer = format!("{}{form}", ana.origin);
    let sent = ana.send(ana.form("/api/complaints/open", &whole).header("referer", referer)).await;
    let link = sent.leads_to().to_owned();
    assert!(link.starts_with("/en/complaint/1?t="), "{link}");
    says(&ana.get(&link).await, &["We have it.", "ana@example.org", "Waiting for an owner"]);
    assert_eq!(ana.get("/en/complaint/1?t=guess").await.status, 404);

    let queue = marta.get("/en/desk/complaints?queue=waiting").await;
    says(&queue, &["It came in &lt;pieces&gt;.", "href=\"/en/desk/complaints/1\""]);
    let page = "/en/desk/complaints/1";
    let me = field(&marta.get(page).await.text, "staff");
    let step = async |name: &str, fields: &[(&str, &str)]| {
        let fields: Vec<_> = [("number", "1")].into_iter().chain(fields.iter().copied()).collect();
        send(&marta, page, &format!("/api/desk/complaint-{name}"), &fields).await
    };
    says(&step("assign", &[("staff", &me)]).await, &["Acknowledge and apologise", "Evidence"]);
    says(
        &step("acknowledge", &[("text", "It is not our fault.")]).await,
        &["as if we defended ourselves", "not our fault", "name=\"anyway\""],
    );
    step("acknowledge", &[("text", "We are so sorry.")]).await;
    let today = node.shop.settings.local(OffsetDateTime::now_utc()).date();
    let (day, by) = (today.to_string(), (today + Duration::days(3)).to_string());
    says(&step("investigate", &[("happened_on", &day), ("cause", "errors")]).await, &["Still missing: evidence, the consequences."]);
    let found = step("investigate", &[("evidence", "A photo"), ("consequences", "No gift")]).await;
    says(&found, &["Promise a solution", "A photo"]);
    step("promise", &[("text", "We send another."), ("remedy", "other"), ("deadline", &by)]).await;
    says(&ana.get(&link).await, &["We send another.", "That is a promise.", "We are so sorry.", "Marta"]);
    assert!(!ana.get(&link).await.text.contains("A photo"), "what staff found out stays among staff");
    step("solve", &[("text", "It left today.")]).await;
    says(&ana.get(&link).await, &["Is it solved for you?", "It left today."]);
    let token = link.split_once("?t=").unwrap().1.split('&').next().unwrap().to_owned();
    let confirmed = send(&ana, &link, "/api/complaints/confirm", &[("number", "1"), ("t", &token)]).await;
    says(&confirmed, &["You confirmed that it is solved."]);
    says(&ana.get(&link.replace("/en/", "/es/")).await, &["Confirmaste que está resuelta."]);
    says(&marta.get(page).await, &["Closed, confirmed", "Begin an improvement"]);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_order_page_leads_to_a_form_that_knows_the_order(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--rate-limits=off"]).await;
    BOWL.import(&node.shop).await;
    let ana = node.browser();
    BOWL.add(&ana).await;
    let payment_page = order(&ana, "en", "ana@example.org").await;
    let thanks = pay(&ana, &payment_page).await;
    let order_page =
        thanks.text.split("href=\"").find(|link| link.starts_with("/en/order/")).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let page = ana.get(&order_page).await;
    let form = page.text.split("href=\"").find(|link| link.starts_with("/en/complaints/new?order=")).unwrap();
    let form = form.split('"').next().unwrap().replace("&amp;", "&");
    says(&ana.get(&form).await, &["1 × Tide Bowl", "value=\"ana@example.org\"", "Ángela Núñez"]);
    let stranger = form.replace("t=", "t=x");
    assert!(!node.browser().get(&stranger).await.text.contains("ana@example.org"), "whoever has the link only");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn managers_read_the_ledger_and_the_reports_and_agents_do_not(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--rate-limits=off"]).await;
    let (agent, boss) = (at_work(&node, "Marta", Role::Agent).await, at_work(&node, "Sol", Role::Manager).await);
    let whole: Vec<_> = COMPLAINT.into_iter().chain([("wanted", "Another one")]).collect();
    node.browser().post("/api/complaints/open", &whole).await;
    says(&boss.get("/en/desk/promises").await, &["complaint 1", "By week", "<svg"]);
    says(&boss.get("/es/desk/promises?kind=reply&weeks=4").await, &["queja 1", "Por semana"]);
    says(&boss.get("/en/desk/reports").await, &["First reply within target", "By agent"]);
    says(&boss.get("/en/desk/complaints/causes").await, &["No complaint has a known cause yet."]);
    for table in ["complaints", "promises", "reports"] {
        let address = format!("/en/desk/{table}.csv");
        let given = boss.get(&address).await;
        assert_eq!((given.status, given.header("content-type")), (200, "text/csv; charset=utf-8"), "{address}");
        assert_eq!(agent.get(&address).await.status, 403, "{address}");
        assert_eq!(node.browser().get(&address).await.status, 403, "{address}");
    }
    assert!(boss.get("/en/desk/complaints.csv").await.text.contains("It came in <pieces>."));
    for page in ["promises", "reports", "complaints/causes"] {
        assert_eq!(agent.get(&format!("/en/desk/{page}")).await.status, 403, "{page}");
        assert_eq!(node.browser().get(&format!("/en/desk/{page}")).await.status, 302, "{page}");
    }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_complaint_is_made_up_for_once_and_within_the_budget(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--rate-limits=off"]).await;
    let marta = at_work(&node, "Marta", Role::Agent).await;
    let whole: Vec<_> = COMPLAINT.into_iter().chain([("wanted", "Another one")]).collect();
    node.browser().post("/api/complaints/open", &whole).await;
    let page = "/en/desk/complaints/1";
    assert!(!marta.get(page).await.text.contains("Give it and write to the customer"), "it is nobody's yet");
    let me = field(&marta.get(page).await.text, "staff");
    let mine = send(&marta, page, "/api/desk/complaint-assign", &[("number", "1"), ("staff", &me)]).await;
    let form = &mine.text[mine.text.find("action=\"/api/desk/complaint-compensate\"").unwrap()..];
    let key = field(form, "key");
    let give = async |amount: &str, reason: &str| {
        let fields = [("key", key.as_str()), ("number", "1"), ("way", "credit"), ("amount", amount), ("reason", reason)];
        send(&marta, page, "/api/desk/complaint-compensate", &fields).await
    };
    let above = "That is more than you may give: €100.00 are left to you.";
    says(&give("500", "broken twice").await, &[above, "value=\"500\"", "value=\"broken twice\""]);
    says(&give("lots", "broken twice").await, &["value=\"lots\"", "value=\"broken twice\""]);
    for _ in 0..2 {
        says(&give("12.50", "broken twice").await, &["Ana"]);
    }
    let given: Vec<(i64, String)> = sqlx::query_as("select balance_minor, email from store_credit").fetch_all(&node.shop.db).await.unwrap();
    assert_eq!(given, [(1250, "ana@example.org".to_owned())], "a double click gives once");
    let codes: i64 =
        sqlx::query_scalar("select count(*) from mail m join store_credit c on m.text_body like '%' || left(c.code, 4) || '-%'")
            .fetch_one(&node.shop.db)
            .await
            .unwrap();
    assert_eq!(codes, 1, "its code goes by mail");
}
