//! The quality desk's pages on how far answers can be trusted, in both languages, and the answers as a table.

use crate::support::{
    Node,
    desk::{at_work, says},
    sql,
};
use domain::staff::Role;
use shop::{
    Actor,
    survey_health::{self, Filter},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::process::Command;
use time::OffsetDateTime;

/// Thirty people answered about privacy and wrote something, half of them by the short form.
async fn answered(node: &Node) {
    let version = "'5a5a0000-0000-4000-8000-000000000011'";
    sql(
        &node.shop.db,
        &format!(
            "insert into survey_response (id, version_id, pseudonym, form, language, items, returning_customer, device, category, carrier,
                 trouble_known, started_at, changed_at, completed_at)
             select gen_random_uuid(), {version}, int4send(n), case when n % 2 = 0 then 'full' else 'short' end, 'en',
                 (select array_agg(id) from survey_item where version_id = {version} and dimension = 'PRI'), false, 'phone', 'bowls', 'correos',
                 false, now() - interval '1 hour', now() - interval '1 hour', now() - interval '50 minutes'
             from generate_series(1, 30) n;
             insert into survey_answer (response_id, item_id, value, milliseconds, answered_at)
             select r.id, i.id, 1 + (n * 7 + n * i.position) % 5, 3000, r.completed_at
             from (select *, row_number() over (order by pseudonym) as n from survey_response) r join survey_item i on i.id = any(r.items);
             insert into survey_comment (response_id, item_id, body, answered_at)
             select r.id, i.id, 'Late & <b>broken</b>', r.completed_at
             from survey_response r join survey_item i on i.code = 'OWN' and i.version_id = r.version_id;"
        ),
    )
    .await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn managers_see_how_far_answers_can_be_trusted(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--rate-limits=off"]).await;
    answered(&node).await;
    let (boss, agent) = (at_work(&node, "Sol", Role::Manager).await, at_work(&node, "Marta", Role::Agent).await);
    for page in ["instrument", "answers", "comments", "answers.csv", "codebook.csv"] {
        assert_eq!(agent.get(&format!("/en/desk/quality/{page}")).await.status, 403, "{page}");
    }
    let health = boss.get("/en/desk/quality/instrument?instrument=service-quality&days=90").await;
    says(
        &health,
        &["Finished by 30 people.", "Alpha, full information", "from 150 answers on", "My card data is safe", "How this is computed"],
    );
    says(
        &health,
        &["Longest run of the same answer", "Structure of the main dimensions", "value=\"90\" selected", "answers.csv?instrument"],
    );
    says(
        &boss.get("/es/desk/quality/instrument").await,
        &["Lo terminaron 30 personas.", "Alfa, por pares", "Los datos de mi tarjeta están seguros"],
    );
    says(
        &boss.get("/en/desk/quality/answers").await,
        &["From asking to finishing", "Full form against short form", "/en/desk/surveys#rules"],
    );
    says(&boss.get("/es/desk/quality/answers?form=full").await, &["De preguntar a terminar", "Quién no respondió"]);
    let comments = boss.get("/en/desk/quality/comments?theme=damage&search=late").await;
    says(&comments, &["Comments: 30", "Late &amp; &lt;b", "value=\"damage\" selected", "value=\"late\"", "theme=damage"]);
    says(&boss.get("/es/desk/quality/comments?language=es").await, &["No se muestra nada de menos de 8"]);
    says(&boss.get("/es/desk/quality/comments?after=nonsense").await, &["Comentarios: 30", "Comentarios anteriores", "De qué tratan"]);
    assert_eq!(boss.get("/en/desk/quality/instrument?version=9").await.status, 404);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_analyser_reads_the_exported_answers_and_says_the_same(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--rate-limits=off"]).await;
    answered(&node).await;
    let boss = at_work(&node, "Sol", Role::Manager).await;
    let table = boss.get("/en/desk/quality/answers.csv?instrument=service-quality").await;
    says(&table, &["id,version,form,language,week", "EFF1_seconds", "PRI_score"]);
    assert_eq!((table.header("content-type"), table.header("cache-control")), ("text/csv; charset=utf-8", "private, no-store"));
    assert_eq!(table.text.lines().count(), 31);
    says(&boss.get("/es/desk/quality/codebook.csv").await, &["column,meaning_en,meaning_es", "PRI3,My card data is safe"]);
    std::fs::create_dir_all(node.data_folder()).unwrap();
    let file = node.data_folder().join("answers.csv");
    std::fs::write(&file, &table.text).unwrap();
    let mut analyser = Command::new(env!("CARGO_BIN_EXE_server"));
    let output =
        analyser.args(["quality", "analyse"]).arg(&file).args(["--range", "1-5", "--scales", "PRI=PRI1,PRI2,PRI3", "--json"]).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let filter = Filter { instrument: "service-quality".into(), ..Filter::default() };
    let health = survey_health::health(&node.shop, &Actor::Operator, &filter, OffsetDateTime::now_utc()).await.unwrap().found;
    let privacy = health.dimensions.iter().find(|dimension| dimension.code == "PRI").unwrap();
    let found = said["scales"]["PRI"]["alpha"].as_f64().unwrap();
    assert!((found - privacy.alpha.said().unwrap()).abs() < 1e-9, "{found} is not {:?}", privacy.alpha);
    let item = &said["scales"]["PRI"]["items"]["PRI2"];
    assert!((item["rest_correlation"].as_f64().unwrap() - privacy.items[1].rest_correlation.unwrap()).abs() < 1e-9);
}
