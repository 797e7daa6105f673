//! Processor time of the server and of its Postgres, as Linux counts it: what a request costs, whatever else runs.

use crate::served::{self, Served};
use anyhow::{Context, Result};
use std::{fs, ops::Sub};

/// Milliseconds of processor time since the processes began.
#[derive(Debug, Clone, Copy)]
pub struct Spent {
    pub server: f64,
    pub postgres: f64,
}

impl Spent {
    pub async fn read(shop: &Served) -> Result<Self> {
        let lock = fs::read_to_string(served::socket().await?.join(".s.PGSQL.5432.lock"))?;
        let postmaster: u32 = lock.lines().next().context("an empty lock file")?.trim().parse()?;
        let mut spent = Self { server: 0.0, postgres: 0.0 };
        for entry in fs::read_dir("/proc")? {
            let Some(id) = entry?.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
            // A process may end while we look.
            let Some(process) = Process::read(id) else { continue };
            if id == shop.id()? {
                spent.server += process.milliseconds;
            } else if process.parent == postmaster {
                spent.postgres += process.milliseconds;
            }
        }
        Ok(spent)
    }
}

impl Sub for Spent {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        Self { server: self.server - before.server, postgres: self.postgres - before.postgres }
    }
}

struct Process {
    parent: u32,
    milliseconds: f64,
}

impl Process {
    fn read(id: u32) -> Option<Self> {
        // The fields after the program's name, which may hold anything: state, parent, .., utime and stime as 12th and 13th.
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let ticks = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
        // Linux shows programs a hundred ticks a second, on every machine.
        Some(Self { parent: fields.get(1)?.parse().ok()?, milliseconds: ticks * 10.0 })
    }
}
