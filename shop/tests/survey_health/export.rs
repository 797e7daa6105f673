//! The answers as a table, and the book that explains it.

use crate::support::World;
use crate::{Answered, PRIVACY, keep, opinion, said, service_quality, staff, survey_health, world};
use domain::staff::Role;
use futures::TryStreamExt;
use shop::{Actor, survey_health::Filter};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

/// Its header and its rows.
type Table = (Vec<String>, Vec<Vec<String>>);

fn read(text: &str) -> Table {
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let cells = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
    let header = cells(reader.headers().unwrap());
    let rows = reader.records().map(|record| cells(&record.unwrap())).collect();
    (header, rows)
}

async fn exported(w: &World, actor: &Actor) -> Table {
    let table = survey_health::export(&w.shop, actor, &service_quality(), w.now).await.unwrap();
    read(&table.try_collect::<Vec<String>>().await.unwrap().concat())
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_row_is_a_person_nobody_knows(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    w.sql("update survey_item set reversed = true where code = 'PRI3'").await;
    let manager = staff(&w, Role::Manager).await;
    let mut people: Vec<Answered> = (0..9).map(|n| said(n, &PRIVACY)).collect();
    people.push(Answered {
        values: vec![("PRI1".into(), Some(5)), ("PRI2".into(), None), ("PRI3".into(), Some(1))],
        carrier: "pigeon",
        milliseconds: 1250,
        ..Answered::of([])
    });
    keep(&w, &people).await;
    let (header, rows) = exported(&w, &manager).await;
    let column = |name: &str| header.iter().position(|each| each == name).unwrap();
    assert_eq!(rows.iter().map(|row| row[0].clone()).collect::<Vec<_>>(), (1..=10).map(|n| n.to_string()).collect::<Vec<_>>());
    let odd = rows.iter().find(|row| row[column("PRI2")] == "NA").unwrap();
    let of = |name: &str| odd[column(name)].as_str();
    assert_eq!((of("PRI1"), of("PRI3"), of("EFF1"), of("PRI1_seconds"), of("EFF1_seconds")), ("5", "1", "", "1.250", ""));
    assert_eq!((of("PRI_score"), of("EFF_score")), ("5.0000", ""), "the reversed one is turned round");
    assert_eq!((of("version"), of("form"), of("language"), of("week")), ("1", "full", "en", "2026-W48"));
    assert_eq!((of("carrier"), of("category"), of("device"), of("trouble_said")), ("other", "bowls", "phone", ""));
    let all: i16 =
        rows.iter().filter(|row| row[column("carrier")] == "correos").map(|row| row[column("PRI1")].parse::<i16>().unwrap()).sum();
    assert_eq!(all, (0..9).map(|person| opinion(person, 0)).sum::<i16>());
    let text = rows.concat().concat();
    for id in ["select id::text from survey_response limit 1", "select encode(pseudonym, 'hex') from survey_response limit 1"] {
        assert!(!text.contains(&w.text(id).await), "{id}");
    }
    assert!(!text.contains(':'), "no moment");
    assert_eq!(w.number("select count(*) from audit where action = 'survey.exported' and detail ->> 'rows' = '10'").await, 1);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn long_tables_come_in_pieces_and_whole_and_of_a_few_there_is_none(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    keep(&w, &(0..7).map(|n| said(n, &PRIVACY)).collect::<Vec<_>>()).await;
    assert!(exported(&w, &Actor::Operator).await.1.is_empty());
    keep(&w, &(7..1203).map(|n| said(n, &PRIVACY[..1])).collect::<Vec<_>>()).await;
    let pieces = survey_health::export(&w.shop, &Actor::Operator, &service_quality(), w.now).await.unwrap();
    let pieces = pieces.try_collect::<Vec<String>>().await.unwrap();
    assert_eq!(pieces.len(), 4, "a header and three pieces");
    let (_, rows) = read(&pieces.concat());
    assert_eq!((rows.len(), rows[1202][0].as_str()), (1203, "1203"));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_codebook_has_every_column_in_both_languages(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    w.sql("update survey_item set reversed = true where code = 'PRI3'").await;
    let manager = staff(&w, Role::Manager).await;
    for instrument in ["service-quality", "what-matters"] {
        let filter = Filter { instrument: instrument.into(), ..Filter::default() };
        let table = survey_health::export(&w.shop, &manager, &filter, w.now).await.unwrap();
        let (columns, _) = read(&table.try_collect::<Vec<String>>().await.unwrap().concat());
        let (header, book) = read(&survey_health::codebook(&w.shop, &manager, &filter, w.now).await.unwrap());
        assert_eq!(header, ["column", "meaning_en", "meaning_es", "values", "reversed", "missing", "versions"]);
        assert_eq!(book.iter().map(|row| row[0].clone()).collect::<Vec<_>>(), columns, "{instrument}");
        assert!(book.iter().all(|row| !row[1].is_empty() && !row[2].is_empty() && !row[3].is_empty() && row[6] == "1"));
        if let Some(turned) = book.iter().find(|row| row[0] == "PRI3") {
            assert_eq!(
                turned[1..6],
                [
                    "My card data is safe",
                    "Los datos de mi tarjeta están seguros",
                    "1 to 5, as answered",
                    "yes",
                    "empty: not asked or not answered; NA: does not apply"
                ]
            );
        }
    }
    assert_eq!(w.number("select count(*) from audit where action = 'survey.codebook'").await, 2);
}
