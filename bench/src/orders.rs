//! Placing orders: stock held, order written, a payment session opened at the sandbox over its protocol. Beside
//! it, in the same run and on the same cluster, what pgbench writes.

use crate::{
    client::Client,
    flows::{self, AT_ONCE, STEPS},
    report::{Report, Target},
    served::{self, Served},
    spread::Spread,
};
use anyhow::{Context, Result, ensure};
use std::{path::PathBuf, time::Instant};
use tokio::{process::Command, task::JoinSet};

const ORDERS_EACH: usize = 60;
const BIN: &str = "/usr/lib/postgresql";

pub async fn measure(report: &mut Report) -> Result<()> {
    report.area(&format!("Placing orders, {AT_ONCE} at once"));
    let shop = Served::unlimited().await?;
    report.note("settings changed: RATE_LIMITS=off, because all orders come from one address");
    let before = pgbench().await?;
    let goods = flows::goods(&shop).await?;
    let ready = ready_to_order(&shop, &goods).await?;
    let (times, seconds) = place(ready).await?;
    let after = pgbench().await?;
    let rate = f64::from(u32::try_from(times.count())?) / seconds;
    let writes = f64::midpoint(before, after);
    report.figure("orders", "orders placed", rate, "/s", Target::None);
    report.figure("orders", "place order: p50", times.percentile(50), "ms", Target::None);
    report.figure("orders", "place order: p99", times.percentile(99), "ms", Target::None);
    report.figure("orders", format!("pgbench, TPC-B at scale 10, {AT_ONCE} clients"), writes, "/s", Target::None);
    report.figure("orders", "orders / pgbench's transactions", rate / writes, "ratio", Target::None);
    report.note(format!("pgbench before and after: {before:.0} and {after:.0}"));
    shop.stop().await
}

/// Shoppers with two things in the cart and everything filled in.
async fn ready_to_order(shop: &Served, goods: &[String]) -> Result<Vec<Vec<Client>>> {
    let mut everybody = Vec::new();
    for visitor in 0..AT_ONCE {
        let mut shoppers = Vec::new();
        for order in 0..ORDERS_EACH {
            let mut client = Client::connect(shop.port).await?;
            let mut unused: [Spread; STEPS.len()] = Default::default();
            flows::flow(&mut client, goods, visitor * ORDERS_EACH + order, &mut unused).await?;
            shoppers.push(client);
        }
        everybody.push(shoppers);
    }
    Ok(everybody)
}

async fn place(everybody: Vec<Vec<Client>>) -> Result<(Spread, f64)> {
    let began = Instant::now();
    let mut tills = JoinSet::new();
    for shoppers in everybody {
        tills.spawn(async move {
            let mut times = Spread::default();
            for mut client in shoppers {
                let began = Instant::now();
                let answer = client.post_form("/api/checkout/place", "").await?;
                times.add(began.elapsed());
                let leads_to_payment = answer.location.as_deref().is_some_and(|location| location.contains("/sandbox/pay/"));
                ensure!(leads_to_payment, "placing answers {} to {:?}: {}", answer.status, answer.location, answer.text());
            }
            anyhow::Ok(times)
        });
    }
    let mut all = Spread::default();
    while let Some(times) = tills.join_next().await {
        all.join(times??);
    }
    Ok((all, began.elapsed().as_secs_f64()))
}

/// Transactions a second of pgbench's own mix, in a database beside the shop's.
async fn pgbench() -> Result<f64> {
    let socket = served::socket().await?;
    let on = |program: &str| {
        let mut command = Command::new(newest(program).unwrap_or_else(|| program.into()));
        command.args(["-h", &socket.to_string_lossy(), "-U", "shop"]);
        command
    };
    // Is there already after the first run.
    on("createdb").arg("bench_pgbench").output().await?;
    let made = on("pgbench").args(["-i", "-q", "-s", "10", "bench_pgbench"]).output().await.context("pgbench is missing")?;
    ensure!(made.status.success(), "pgbench: {}", String::from_utf8_lossy(&made.stderr));
    let output = on("pgbench").args(["-c", &AT_ONCE.to_string(), "-j", "1", "-T", "8", "bench_pgbench"]).output().await?;
    let text = String::from_utf8_lossy(&output.stdout);
    let rate =
        text.lines().find_map(|line| line.strip_prefix("tps = ")).with_context(|| format!("pgbench said nothing of its rate: {text}"))?;
    Ok(rate.split_whitespace().next().unwrap_or_default().parse()?)
}

/// A program of the newest Postgres on this machine, where Debian puts it.
fn newest(program: &str) -> Option<PathBuf> {
    let versions = std::fs::read_dir(BIN).ok()?.filter_map(|entry| Some(entry.ok()?.path().join("bin").join(program)));
    versions.filter(|path| path.exists()).max()
}
