//! How soon the server is ready over a database that exists, and what it holds while nobody comes.

use crate::{
    report::{Report, Target},
    served::Served,
};
use anyhow::Result;
use std::time::Duration;
use tokio::time::sleep;

const ROUNDS: usize = 5;

pub async fn measure(report: &mut Report) -> Result<()> {
    report.area("Start and rest");
    let mut times = Vec::new();
    let mut resident = 0.0;
    for round in 0..ROUNDS {
        let shop = Served::shipped().await?;
        times.push(shop.ready_after.as_secs_f64());
        if round + 1 == ROUNDS {
            sleep(Duration::from_secs(10)).await;
            resident = shop.resident()?;
        }
        shop.stop().await?;
    }
    times.sort_by(f64::total_cmp);
    report.figure("start", "ready after, its Postgres included (median of 5)", times[ROUNDS / 2], "s", Target::AtMost(2.0));
    report.figure("start", "memory at rest, 10 s after the start", resident, "MB", Target::AtMost(60.0));
    Ok(())
}
