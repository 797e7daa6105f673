//! Shoppers on their way to the till, sixteen at once: add to cart, add again, set contact, set address. Then a
//! place is found in the listing of each step's time.

use crate::{
    client::{Answer, Client},
    report::{Report, Target},
    served::{self, Served},
    spread::Spread,
};
use anyhow::{Context, Result, ensure};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

pub const AT_ONCE: usize = 16;
const LASTING: Duration = Duration::from_secs(10);
pub const STEPS: [&str; 4] = ["add to cart", "add again", "set contact", "set address"];

pub async fn measure(report: &mut Report) -> Result<()> {
    report.area(&format!("Cart and checkout, {AT_ONCE} flows at once"));
    let shop = Served::unlimited().await?;
    report.note("settings changed: RATE_LIMITS=off, because all flows come from one address");
    let goods = goods(&shop).await?;
    // Warm: connections, plans, allocator.
    run(&shop, &goods, Duration::from_secs(2)).await?;
    let began = Instant::now();
    let steps = run(&shop, &goods, LASTING).await?;
    let seconds = began.elapsed().as_secs_f64();
    let flows = u32::try_from(steps[STEPS.len() - 1].count())?;
    report.figure("flows", "whole flows", f64::from(flows) / seconds, "/s", Target::AtLeast(300.0));
    for (name, times) in STEPS.iter().zip(&steps) {
        report.figure("flows", format!("{name}: p50"), times.percentile(50), "ms", Target::None);
        report.figure("flows", format!("{name}: p99"), times.percentile(99), "ms", Target::None);
    }
    shop.stop().await
}

/// Ids of variants that no bench sells out, as the product pages' forms name them.
pub async fn goods(shop: &Served) -> Result<Vec<String>> {
    let mut client = Client::connect(shop.port).await?;
    let mut variants = Vec::new();
    for slug in served::slugs() {
        let page = client.get_plain(&format!("/en/p/{slug}")).await?;
        ensure!(page.status == 200, "the page of {slug} answers {}", page.status);
        let text = page.text().into_owned();
        let field = text.split("name=\"variant\"").nth(1).with_context(|| format!("no form on the page of {slug}"))?;
        let value = field.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).context("no variant in the form")?;
        variants.push(value.to_owned());
    }
    Ok(variants)
}

/// The four steps of one new visitor, timed.
pub async fn flow(client: &mut Client, goods: &[String], number: usize, steps: &mut [Spread; 4]) -> Result<()> {
    client.forget();
    let (first, second) = (&goods[number % goods.len()], &goods[(number + 1) % goods.len()]);
    let forms = [
        ("/api/cart/add", format!("variant={first}&quantity=1")),
        ("/api/cart/add", format!("variant={second}&quantity=2")),
        ("/api/checkout/save", format!("email=bench-{number}%40example.org&name=Ana+Gil&step=address")),
        ("/api/checkout/save", "line1=Calle+Mayor+1&city=Madrid&postcode=28013&country=ES&step=delivery".to_owned()),
    ];
    for ((path, form), times) in forms.iter().zip(steps) {
        let began = Instant::now();
        let answer = client.post(path, form).await?;
        times.add(began.elapsed());
        check(path, &answer)?;
    }
    Ok(())
}

fn check(path: &str, answer: &Answer) -> Result<()> {
    ensure!(answer.status == 200, "{path} answers {}: {}", answer.status, answer.text());
    Ok(())
}

async fn run(shop: &Served, goods: &[String], lasting: Duration) -> Result<[Spread; 4]> {
    let (port, end) = (shop.port, Instant::now() + lasting);
    let mut visitors = JoinSet::new();
    for visitor in 0..AT_ONCE {
        let goods = goods.to_vec();
        visitors.spawn(async move {
            let mut client = Client::connect(port).await?;
            let mut steps: [Spread; 4] = Default::default();
            let mut number = visitor;
            while Instant::now() < end {
                flow(&mut client, &goods, number, &mut steps).await?;
                number += AT_ONCE;
            }
            anyhow::Ok(steps)
        });
    }
    let mut all: [Spread; 4] = Default::default();
    while let Some(steps) = visitors.join_next().await {
        for (all, own) in all.iter_mut().zip(steps??) {
            all.join(own);
        }
    }
    Ok(all)
}
