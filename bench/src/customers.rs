//! The night's computation over 100,000 customers: their orders read, classed, written, and what is bought together.

use crate::{
    report::{Report, Target},
    served::{self, SHIPPED, Served},
};
use anyhow::{Result, ensure};
use sqlx::{ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use std::time::{Duration, Instant};
use tokio::{process::Command, time::timeout};

const DATABASE: &str = "bench_customers";

pub async fn measure(report: &mut Report) -> Result<()> {
    report.area("Customer classes: the command that does at once what every night does, its start included");
    // Of the server only its cluster is needed.
    let shop = Served::unlimited().await?;
    let url = format!("postgres://shop@localhost/{DATABASE}?host={}", served::socket().await?.display());
    let mut admin = connect("postgres").await?;
    for statement in [format!("drop database if exists {DATABASE} with (force)"), format!("create database {DATABASE}")] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut admin).await?;
    }
    run(&url, &["migrate"]).await?;
    let mut db = connect(DATABASE).await?;
    sqlx::raw_sql(ROWS).execute(&mut db).await?;
    let (people, orders): (i64, i64) = sqlx::query_as("select count(distinct email), count(*) from orders").fetch_one(&mut db).await?;
    for (what, limit) in [("100,000 customers, nothing known before", 60.0), ("the same again, nothing new", 60.0)] {
        let began = Instant::now();
        let said = run(&url, &["customers", "classify"]).await?;
        report.figure("customers", what, began.elapsed().as_secs_f64(), "s", Target::AtMost(limit));
        said.lines().for_each(|line| report.note(line));
    }
    report.note(format!("{people} addresses with {orders} orders of two years"));
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("drop database {DATABASE} with (force)"))).execute(&mut admin).await?;
    shop.stop().await
}

async fn run(url: &str, words: &[&str]) -> Result<String> {
    let command =
        Command::new(SHIPPED).args(words).env("DATABASE_URL", url).env("DATA_FOLDER", served::folder()?.join("customers")).output();
    let output = timeout(Duration::from_secs(600), command).await??;
    ensure!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

async fn connect(database: &str) -> Result<PgConnection> {
    let options = PgConnectOptions::new_without_pgpass().socket(served::socket().await?).username("shop").database(database);
    Ok(PgConnection::connect_with(&options.disable_statement_logging()).await?)
}

/// Some buy often and most a few times, of two products each; some rated a conversation, some complain.
const ROWS: &str = "
    select setseed(0.5);
    insert into product (id, handle, status, created_at, updated_at)
        select gen_random_uuid(), 'bench-' || n, 'draft', now(), now() from generate_series(0, 299) n;
    create temporary table buyer as
        select n, 'customer' || n || '@example.org' as email, 730 * random() as first, 10 + 240 * random() ^ 2 as pace,
            1 + floor(-4.5 * ln(1 - random()))::integer as orders
        from generate_series(1, 100000) n;
    insert into orders (id, number, language, currency, email, name, address, country, goods_minor, delivery_minor, tax_minor, tax_included,
        total_minor, method_code, method_name, carrier_code, promised_from, promised_by, state, payment_state, placed_at)
        select gen_random_uuid(), n || '-' || k, 'es', 'EUR', email, 'Somebody ' || n, '{}', 'ES', minor, 0, 0, true, minor, '', '', '', at, at,
            'delivered', 'paid', at
        from (
            select b.n, b.email, k, 1000 + floor(9000 * random())::bigint as minor, now() - interval '1 day' * (b.first - (k - 1) * b.pace) as at
            from buyer b, generate_series(1, b.orders) k where b.first > (k - 1) * b.pace
        ) o;
    create temporary table ware as select row_number() over (order by handle) as n, id from product;
    insert into order_line (id, order_id, position, product_id, sku, title, quantity, unit_minor, total_minor, tax_basis_points, tax_minor, grams)
        select gen_random_uuid(), o.id, o.position, w.id, '', '', 1, 0, 0, 0, 0, 0
        from (select id, position, 1 + floor(300 * random() ^ 2)::integer as n from orders, generate_series(1, 2) position) o
        join ware w on w.n = o.n;
    insert into conversation (id, channel, client_id, language, email, state, opened_at, changed_at, cycle_began_at, rating, rated_at)
        select gen_random_uuid(), 'chat', gen_random_uuid(), 'es', email, 'closed', now(), now(), now(), 1 + n % 5, now()
        from buyer where n % 5 = 0;
    insert into complaint (id, kind, stage, language, channel, email, statement, wanted, from_department, about_department, opened_at, changed_at)
        select gen_random_uuid(), 'queja', 'opened', 'es', 'web', email, 'Roto', 'Otro', 'customer', 'dispatch', now(), now()
        from buyer where n % 50 = 0;
    analyze";
