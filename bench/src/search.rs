//! Searching with facets: over the demonstration shop, and over some 100,000 products made of a retail catalogue.

use crate::{
    client::Client,
    report::{Report, Target},
    served::{self, SHIPPED, Served},
    spread::Spread,
};
use anyhow::{Context, Result, ensure};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use sqlx::{ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use std::{
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};
use tokio::{process::Command, time::timeout};

/// Beside the project; the project itself holds none of it.
const RETAIL: &str = "../shared/catalog/retail.csv";
const TIMES: &str = "40";
const LARGE: &str = "bench_search";
const SEARCHES: usize = 600;

pub async fn measure(report: &mut Report) -> Result<()> {
    report.area("Search with facets, one after the other, every address new to the page cache");
    let shop = Served::unlimited().await?;
    report.note("settings changed: RATE_LIMITS=off, because all searches come from one address");
    over(report, &shop, "vitrina", "66 products of the demonstration", 10.0).await?;
    if Path::new(RETAIL).exists() {
        let url = large().await?;
        // Its own server, over that database in the same cluster.
        let large = Served::another(&[("RATE_LIMITS", "off"), ("DATABASE_URL", &url)]).await?;
        over(report, &large, LARGE, "98,600 products", 60.0).await?;
        large.stop().await?;
    } else {
        report.note(format!("{RETAIL} is absent: the search over 100,000 products was not measured"));
    }
    shop.stop().await
}

async fn over(report: &mut Report, shop: &Served, database: &str, what: &str, limit: f64) -> Result<()> {
    let mut random = StdRng::seed_from_u64(1);
    let words = typed(&mut connect(database).await?, &mut random).await?;
    let plain: Vec<String> = words.iter().map(|text| format!("/en/search?q={text}")).collect();
    let narrowed: Vec<String> = plain.iter().map(|path| format!("{path}{}", filters(&mut random))).collect();
    // Twice: the first time warms Postgres' buffers, as a shop that is open has them.
    times(shop, &plain, "warm").await?;
    for (name, paths) in [("words of a title", &plain), ("the same with filters and every sorting", &narrowed)] {
        let times = times(shop, paths, "").await?;
        report.figure("search", format!("{what}, {name}: p50"), times.percentile(50), "ms", Target::None);
        report.figure("search", format!("{what}, {name}: p99"), times.percentile(99), "ms", Target::AtMost(limit));
    }
    Ok(())
}

async fn times(shop: &Served, paths: &[String], mark: &str) -> Result<Spread> {
    let mut client = Client::connect(shop.port).await?;
    let mut times = Spread::default();
    for (number, path) in paths.iter().enumerate() {
        let path = format!("{path}&n={mark}{number}");
        let began = Instant::now();
        let answer = client.get(&path).await?;
        times.add(began.elapsed());
        ensure!(answer.status == 200, "{path} answers {}", answer.status);
    }
    Ok(times)
}

/// What people type: one to three words of a title, now and then unfinished.
async fn typed(db: &mut PgConnection, random: &mut StdRng) -> Result<Vec<String>> {
    let titles: Vec<String> =
        sqlx::query_scalar("select title from search_document where language = 'en' order by md5(product_id::text) limit 2000")
            .fetch_all(db)
            .await?;
    ensure!(!titles.is_empty(), "there is nothing to search");
    Ok((0..SEARCHES).map(|_| some_words(titles.choose(random).map_or("", String::as_str), random)).collect())
}

fn some_words(title: &str, random: &mut StdRng) -> String {
    let words: Vec<&str> = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.len() > 2).collect();
    let count = *[1, 1, 1, 2, 2, 3].choose(random).unwrap_or(&1);
    let mut text = words.choose_multiple(random, count).copied().collect::<Vec<_>>().join("+");
    if random.random_bool(0.15) && text.len() > 5 {
        text.truncate(text.len() - 2);
    }
    text
}

fn filters(random: &mut StdRng) -> String {
    let sort = *["relevance", "newest", "price_up", "price_down", "title"].choose(random).unwrap_or(&"relevance");
    let mut query = format!("&sort={sort}");
    for (filter, chance) in [("&stock=1", 0.3), ("&o=colour:red&o=colour:blue", 0.5), ("&min=20&max=90", 0.3)] {
        if random.random_bool(chance) {
            query.push_str(filter);
        }
    }
    query
}

/// The address of the large catalogue's database, made when it is missing: that takes some minutes.
async fn large() -> Result<String> {
    let mut admin = connect("postgres").await?;
    let is_there: bool =
        sqlx::query_scalar("select exists (select from pg_database where datname = $1)").bind(LARGE).fetch_one(&mut admin).await?;
    let socket = served::socket().await?;
    let address = |database: &str| format!("postgres://shop@localhost/{database}?host={}", socket.display());
    if !is_there {
        println!("    making the large catalogue, once");
        sqlx::raw_sql("drop database if exists bench_search_half").execute(&mut admin).await?;
        sqlx::raw_sql("create database bench_search_half").execute(&mut admin).await?;
        let half = address("bench_search_half");
        let migrated =
            Command::new(SHIPPED).arg("migrate").env("DATABASE_URL", &half).env("DATA_FOLDER", served::folder()?.join("large")).output();
        let migrated = migrated.await?;
        ensure!(migrated.status.success(), "migrating: {}", String::from_utf8_lossy(&migrated.stderr));
        fill(&half).await?;
        // Only a whole one gets the name by which it is found.
        sqlx::raw_sql("alter database bench_search_half rename to bench_search").execute(&mut admin).await?;
    }
    Ok(address(LARGE))
}

async fn fill(url: &str) -> Result<()> {
    let pipe = format!("set -o pipefail; python3 bench/catalogue.py {RETAIL} {TIMES} | psql --quiet --set ON_ERROR_STOP=1 '{url}'");
    let filling = Command::new("bash").args(["-c", &pipe]).stdout(Stdio::null()).status();
    let status = timeout(Duration::from_secs(1800), filling).await.context("the large catalogue takes too long")??;
    ensure!(status.success(), "the large catalogue could not be made");
    Ok(())
}

async fn connect(database: &str) -> Result<PgConnection> {
    let options = PgConnectOptions::new_without_pgpass().socket(served::socket().await?).username("shop").database(database);
    Ok(PgConnection::connect_with(&options.disable_statement_logging()).await?)
}
