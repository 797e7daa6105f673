//! From configuration to a shop that works: the database (ours or a given one), migrations, payments.

use crate::{
    chat::fan_out::{self, FanOut},
    config::Config,
    embedded_postgres::Embedded,
    payment_service::PaymentService,
};
use anyhow::{Context, Result};
use shop::Shop;
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{sync::Arc, time::Duration};

/// A shop that is ready to serve, and what has to be stopped after it.
pub struct Started {
    pub shop: Shop,
    pub payment_service: PaymentService,
    pub fan_out: Arc<dyn FanOut>,
    pub postgres: Option<Embedded>,
}

/// Who opens the shop: our own Postgres belongs to the server, and commands beside it only use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Server,
    Command,
}

/// Opens the database, brings it up to date and connects to the payment service.
///
/// # Errors
/// A sentence on what is missing or wrong.
pub async fn start(config: &Config, role: Role) -> Result<Started> {
    let settings = Arc::new(config.settings()?);
    let (db, postgres) = open_database(config, role).await?;
    shop::MIGRATOR.run(&db).await.context("the database could not be brought up to date")?;
    let payment_service = PaymentService::open(config, &settings, &db).await?;
    let fan_out = fan_out::choose(config.nats_url.as_deref(), &db).await?;
    let shop = Shop {
        db,
        payments: Arc::clone(&payment_service.client),
        settings,
        hints: fan_out.hints(),
        counts: Arc::default(),
        answers: Arc::default(),
    };
    shop::catalog::search::prepare(&shop).await?;
    Ok(Started { shop, payment_service, fan_out, postgres })
}

impl Started {
    /// Closes what [`start`] opened.
    ///
    /// # Errors
    /// Our own Postgres does not stop.
    pub async fn stop(self) -> Result<()> {
        self.shop.db.close().await;
        match self.postgres {
            Some(postgres) => tokio::task::spawn_blocking(|| postgres.stop()).await?,
            None => Ok(()),
        }
    }
}

async fn open_database(config: &Config, role: Role) -> Result<(PgPool, Option<Embedded>)> {
    let (options, postgres) = match &config.database_url {
        Some(url) => {
            let options: PgConnectOptions = url.parse().context("DATABASE_URL must look like postgres://user:password@host/database")?;
            (options, None)
        }
        None => {
            let embedded = match role {
                Role::Server => Embedded::start(&config.data_folder, config.postgres_bin.clone()).await?,
                Role::Command => Embedded::join(&config.data_folder, config.postgres_bin.clone()).await?,
            };
            (embedded.options(), Some(embedded))
        }
    };
    let db = PgPoolOptions::new()
        .max_connections(config.database_connections)
        .acquire_timeout(Duration::from_secs(5))
        // A broken connection shows when it is used; testing each one first costs a round trip a query.
        .test_before_acquire(false)
        // Listings count many rows in a few milliseconds: compiling their plans would cost more than running them. Planning a
        // product's page anew for each of its readers did, too.
        .connect_with(options.application_name("vitrina").options([
            ("jit", "off"),
            ("work_mem", "16MB"),
            ("plan_cache_mode", "force_generic_plan"),
        ]))
        .await
        .context("the database does not answer; check DATABASE_URL")?;
    Ok((db, postgres))
}
