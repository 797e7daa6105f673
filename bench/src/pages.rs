//! A product's page at many connections: as served, beside a handler that always answers the same bytes, and made
//! from scratch every time; and where the time from scratch goes.

use crate::{
    client::Client,
    processor::Spent,
    report::{Report, Target},
    served::Served,
    still,
    wrk::{self, CONNECTIONS, Rate},
};
use anyhow::{Context, Result, ensure};
use server::serve;
use std::{fs, time::Instant};

const PRODUCT: &str = "/en/p/tide-bowl";
/// Every request asks for an address that nobody asked for before.
const UNIQUE: &str = "bench/unique.lua";

pub async fn measure(report: &mut Report) -> Result<()> {
    report.area(&format!("The product page, {CONNECTIONS} connections, wrk on the same two cores"));
    lay_out_the_still().await?;
    let program = std::env::current_exe()?;
    let shop = Served::start(&program, &["--still"], &[("RATE_LIMITS", "off")]).await?;
    report.note("settings changed: RATE_LIMITS=off, because all requests come from one address");
    let url = |path: &str| format!("{}{path}", shop.origin());
    // Warm: connections, allocator, the page itself.
    wrk::run(&url(PRODUCT), None).await?;
    let still = wrk::run(&url(still::PATH), None).await?;
    let kept = wrk::run(&url(PRODUCT), None).await?;
    let still_again = wrk::run(&url(still::PATH), None).await?;
    let scratch = wrk::run(&url(PRODUCT), Some(UNIQUE)).await?;
    let baseline = f64::midpoint(still.rate, still_again.rate);
    rates(report, "static handler", &Rate { rate: baseline, ..still });
    report.note(format!("the static handler before and after: {:.0} and {:.0}", still.rate, still_again.rate));
    rates(report, "as served", &kept);
    report.figure("pages", "as served / static handler", kept.rate / baseline, "ratio", Target::AtLeast(0.5));
    report.figure("pages", "as served: p99 / p50", kept.p99 / kept.p50, "ratio", Target::AtMost(10.0));
    rates(report, "from scratch", &scratch);
    report.figure("pages", "from scratch / static handler", scratch.rate / baseline, "ratio", Target::AtLeast(0.05));
    report.figure("pages", "from scratch: p99 / p50", scratch.p99 / scratch.p50, "ratio", Target::AtMost(10.0));
    where_time_goes(report, &shop).await?;
    shop.stop().await
}

fn rates(report: &mut Report, name: &str, rate: &Rate) {
    report.figure("pages", format!("{name}: requests"), rate.rate, "/s", Target::None);
    report.figure("pages", format!("{name}: p50"), rate.p50, "ms", Target::None);
    report.figure("pages", format!("{name}: p99"), rate.p99, "ms", Target::None);
}

/// The page's bytes, as the server sends them to everybody after the first, whose page is compressed less.
async fn lay_out_the_still() -> Result<()> {
    let shop = Served::shipped().await?;
    let mut client = Client::connect(shop.port).await?;
    client.get(PRODUCT).await?;
    let answer = client.get(PRODUCT).await?;
    ensure!(answer.status == 200, "{PRODUCT} answered {}", answer.status);
    fs::write(still::file()?, &answer.body)?;
    shop.stop().await
}

/// One request after the other, so that nothing waits for anything else: by the clock, and on the processors of the
/// server and of Postgres; compressing is taken alone.
async fn where_time_goes(report: &mut Report, shop: &Served) -> Result<()> {
    const ROUNDS: u32 = 500;
    let mut client = Client::connect(shop.port).await?;
    let mut html = Vec::new();
    brotli::BrotliDecompress(&mut fs::File::open(still::file()?)?, &mut html).context("the page")?;
    let kept = one_by_one(shop, &mut client, ROUNDS, |_| PRODUCT.to_owned()).await?;
    let scratch = one_by_one(shop, &mut client, ROUNDS, |round| format!("{PRODUCT}?alone={round}")).await?;
    let began = Instant::now();
    for _ in 0..ROUNDS {
        std::hint::black_box(serve::brotli(&html, serve::FIRST_BROTLI));
    }
    let compressing = began.elapsed().as_secs_f64() * 1000.0 / f64::from(ROUNDS);
    for (name, cost) in [("kept", kept), ("from scratch", scratch)] {
        report.figure("pages", format!("one by one, {name}: by the clock"), cost.clock, "ms", Target::None);
        report.figure("pages", format!("one by one, {name}: processor, server"), cost.spent.server, "ms", Target::None);
        report.figure("pages", format!("one by one, {name}: processor, Postgres"), cost.spent.postgres, "ms", Target::None);
    }
    report.figure("pages", "  of the server's, Brotli", compressing, "ms", Target::None);
    report.note(format!("the page: {} bytes of HTML", html.len()));
    Ok(())
}

/// What one request takes, on average.
#[derive(Debug, Clone, Copy)]
struct Cost {
    clock: f64,
    spent: Spent,
}

async fn one_by_one(shop: &Served, client: &mut Client, rounds: u32, path: impl Fn(u32) -> String) -> Result<Cost> {
    client.get(&path(rounds)).await?;
    let (began, before) = (Instant::now(), Spent::read(shop).await?);
    for round in 0..rounds {
        ensure!(client.get(&path(round)).await?.status == 200, "the page does not answer");
    }
    let clock = began.elapsed().as_secs_f64() * 1000.0 / f64::from(rounds);
    let spent = Spent::read(shop).await? - before;
    let each = |all: f64| all / f64::from(rounds);
    Ok(Cost { clock, spent: Spent { server: each(spent.server), postgres: each(spent.postgres) } })
}
