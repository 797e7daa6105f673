//! The quality desk over HTTP: what a manager reads in both languages, and who does not get in.

use crate::support::{Node, desk::at_work, sql};
use domain::staff::Role;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

/// Forty people on two kinds of device: phones say 3 and 4, computers 4 and 5.
const ANSWERS: &str = "
    insert into survey_response (id, version_id, pseudonym, form, language, items, returning_customer, device, carrier, trouble_known,
        started_at, changed_at, completed_at)
    select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, '5a5a0000-0000-4000-8000-000000000011', '\\x00', 'full', 'es', '{}',
        false, case when n % 2 = 0 then 'phone' else 'desktop' end, 'correos', false, now(), now(), now()
    from generate_series(1, 40) n;
    insert into survey_answer (response_id, item_id, value, milliseconds, answered_at)
    select r.id, i.id, 3 + (r.device = 'desktop')::int + (row_number() over (partition by i.id, r.device order by r.id) % 2)::int, 2500, now()
    from survey_response r, survey_item i where i.version_id = r.version_id and i.scale = 'agree';";

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_manager_reads_scores_beside_what_was_measured(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--rate-limits=off"]).await;
    let manager = at_work(&node, "Mar", Role::Manager).await;
    let empty = manager.get("/en/desk/quality").await;
    assert_eq!(empty.status, 200);
    assert!(empty.text.contains("Nobody has finished a survey in these weeks."), "{}", empty.text);

    sql(&node.shop.db, ANSWERS).await;
    let english = manager.get("/en/desk/quality?weeks=4&measure=FUL").await;
    assert_eq!(english.status, 200);
    for words in [
        "4.00",
        "of 40 people",
        "Fulfilment",
        "Nothing moved by more than chance",
        "Products are described honestly",
        "computer is 1.00 above phone",
    ] {
        assert!(english.text.contains(words), "no `{words}` in {}", english.text);
    }
    let spanish = manager.get("/es/desk/quality?weeks=4&measure=FUL&group=device%3Dphone").await;
    for words in ["3,50", "de 20 personas", "Cumplimiento", "Cómo se calcula"] {
        assert!(spanish.text.contains(words), "no `{words}` in {}", spanish.text);
    }
    assert_eq!(manager.get("/en/desk/quality?instrument=no-such").await.status, 404);
    for strange in ["weeks=9999", "group=device", "group=who%3Dana", "measure=%00", "version=x"] {
        assert_eq!(manager.get(&format!("/en/desk/quality?{strange}")).await.status, 200, "{strange}");
    }
    assert_eq!(at_work(&node, "Alba", Role::Agent).await.get("/en/desk/quality").await.status, 403);
    assert_eq!(node.browser().get("/en/desk/quality").await.status, 302, "who is not logged in is led there");
}
