//! The shop's own Postgres, used when DATABASE_URL is unset: a private cluster in the data folder,
//! from the system's binaries, on a unix socket only. It outlives a killed server, whose successor
//! takes it over, and is stopped when the server stops.

mod cluster;

use anyhow::{Context, Result};
use cluster::{Cluster, Purpose, ROLE};
use sqlx::{
    Connection, PgConnection,
    postgres::{PgConnectOptions, PgSslMode},
};
use std::path::{Path, PathBuf};

const DATABASE: &str = "vitrina";
/// Where a cluster goes when root's Postgres user cannot reach the data folder (a clone in /root).
const ELSEWHERE: &str = "/var/lib/vitrina";

/// A running Postgres of our own. Dropping it stops it, at the latest; a guest's drop does nothing.
pub struct Embedded {
    hold: Hold,
    stopped: bool,
}

enum Hold {
    /// We started it and stop it.
    Owner(Cluster),
    /// The shop's server runs it; we know its socket.
    Guest(PathBuf),
}

impl Embedded {
    /// Starts Postgres in `data_folder` (in its sub-folder `postgres`), with the programs in `bin`
    /// or else those that are installed, and makes the database when it is missing.
    ///
    /// Fails with a sentence for the person at the terminal when another server uses the folder,
    /// when another version of Postgres made the data, or when there is no Postgres.
    pub async fn start(data_folder: &Path, bin: Option<PathBuf>) -> Result<Self> {
        let folder = folder(data_folder)?;
        let cluster = tokio::task::spawn_blocking(move || {
            let cluster = Cluster::open(&folder, Path::new(ELSEWHERE), bin.as_deref(), Purpose::Keep)?;
            cluster.start()?;
            Ok::<_, anyhow::Error>(cluster)
        })
        .await??;
        let embedded = Self { hold: Hold::Owner(cluster), stopped: false };
        embedded.make_database().await?;
        Ok(embedded)
    }

    /// For commands beside a running server: uses the Postgres that the server runs, and leaves it
    /// running; starts it as [`Embedded::start`] does when no server has the folder.
    pub async fn join(data_folder: &Path, bin: Option<PathBuf>) -> Result<Self> {
        match Cluster::of_another(&folder(data_folder)?, Path::new(ELSEWHERE))? {
            Some(socket) => Ok(Self { hold: Hold::Guest(socket), stopped: false }),
            None => Self::start(data_folder, bin).await,
        }
    }

    /// How to connect to the shop's database.
    #[must_use]
    pub fn options(&self) -> PgConnectOptions {
        // Not from the password file and the PG* variables of whoever starts the shop.
        PgConnectOptions::new_without_pgpass()
            .socket(self.socket())
            .port(5432)
            .ssl_mode(PgSslMode::Disable)
            .username(ROLE)
            .database(DATABASE)
    }

    /// Ends all sessions and stops Postgres, unless another's. Blocks until it has stopped.
    pub fn stop(mut self) -> Result<()> {
        self.halt()
    }

    fn halt(&mut self) -> Result<()> {
        match &self.hold {
            Hold::Owner(cluster) if !self.stopped => {
                self.stopped = true;
                cluster.stop()
            }
            _ => Ok(()),
        }
    }

    fn socket(&self) -> &Path {
        match &self.hold {
            Hold::Owner(cluster) => cluster.socket(),
            Hold::Guest(socket) => socket,
        }
    }

    async fn make_database(&self) -> Result<()> {
        let mut connection =
            PgConnection::connect_with(&self.options().database("postgres")).await.context("cannot connect to the shop's own Postgres")?;
        let there: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
            .bind(DATABASE)
            .fetch_one(&mut connection)
            .await?;
        if !there {
            sqlx::query("create database vitrina").execute(&mut connection).await?;
        }
        connection.close().await?;
        Ok(())
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        if let Err(error) = self.halt() {
            tracing::error!(error = format!("{error:#}"), "the shop's own Postgres did not stop");
        }
    }
}

/// The folder of the cluster in the shop's data folder, which is made when missing.
fn folder(data_folder: &Path) -> Result<PathBuf> {
    std::fs::create_dir_all(data_folder).with_context(|| format!("cannot make the data folder {}", data_folder.display()))?;
    Ok(data_folder.join("postgres"))
}
