//! Every setting, from the command line or the environment. A wrong value stops the start with a sentence that
//! says which and how to mend it; secrets never show in a log.

use anyhow::{Context, Result, anyhow, ensure};
use clap::{Args, ValueEnum};
use domain::{Currency, Language, address::Country, delivery::Handling};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use shop::{Settings, settings::Secret};
use std::{
    fs,
    io::{ErrorKind, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};
use time::{Duration, Time, format_description::BorrowedFormatItem, macros::format_description};

const CLOCK: &[BorrowedFormatItem<'_>] = format_description!("[hour]:[minute]");
/// The fewest characters of a secret.
const SECRET_LENGTH: usize = 32;

#[derive(Debug, Clone, Args)]
pub struct Config {
    /// Address and port to listen on.
    #[arg(long, env = "LISTEN", default_value = "127.0.0.1:3000", global = true)]
    pub listen: SocketAddr,
    /// Where browsers reach the shop, such as https://shop.example; without it, the address it listens on.
    #[arg(long, env = "PUBLIC_URL", global = true)]
    pub public_url: Option<String>,
    /// Pictures, mails and, without DATABASE_URL, the database.
    #[arg(long, env = "DATA_FOLDER", default_value = "data", global = true)]
    pub data_folder: PathBuf,
    /// The built front end.
    #[arg(long, env = "SITE_FOLDER", default_value = "target/site", global = true)]
    pub site_folder: PathBuf,
    /// A Postgres to use; without it the server keeps one of its own in the data folder.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,
    /// Folder of initdb and pg_ctl, when they are not where Debian puts them.
    #[arg(long, env = "POSTGRES_BIN", global = true)]
    pub postgres_bin: Option<PathBuf>,
    /// Connections to the database; answers to surveys take up to four more.
    #[arg(long, env = "DATABASE_CONNECTIONS", default_value_t = 16, global = true)]
    pub database_connections: u32,

    #[arg(long, env = "SHOP_NAME", default_value = "Barro Claro", global = true)]
    pub shop_name: String,
    /// ISO 4217 code of the currency that prices are in.
    #[arg(long, env = "SHOP_CURRENCY", default_value = "EUR", global = true)]
    pub currency: String,
    /// Country that the shop sells to first: its delivery is promised to visitors who named none yet.
    #[arg(long, env = "SHOP_COUNTRY", default_value = "ES", global = true)]
    pub country: String,
    /// Language of texts without a translation and of an import's plain columns.
    #[arg(long, env = "SHOP_BASE_LANGUAGE", default_value = "en", global = true)]
    pub base_language: String,
    /// IANA name of the workshop's time zone.
    #[arg(long, env = "SHOP_TIME_ZONE", default_value = "Europe/Madrid", global = true)]
    pub time_zone: String,
    /// Orders until this local time count from the same day, as 13:00.
    #[arg(long, env = "CUT_OFF", default_value = "13:00", global = true)]
    pub cut_off: String,
    /// Working days from order to hand-over of what is in stock.
    #[arg(long, env = "HANDLING_DAYS", default_value_t = 1, global = true)]
    pub handling_days: u32,
    /// Working days to make what is made to order.
    #[arg(long, env = "BACKORDER_DAYS", default_value_t = 15, global = true)]
    pub backorder_days: u32,

    /// Signs cookies and links; at least 32 characters, the same on every node. Without it one is made and kept in the data folder.
    #[arg(long, env = "SECRET", hide_env_values = true, global = true)]
    pub secret: Option<String>,
    /// Stripe's secret key; without it payments go to the built-in sandbox, where no money moves.
    #[arg(long, env = "STRIPE_SECRET_KEY", hide_env_values = true, global = true)]
    pub stripe_secret_key: Option<String>,
    /// Secrets of the webhook endpoint {PUBLIC_URL}/webhooks/stripe, separated by commas.
    #[arg(long, env = "STRIPE_WEBHOOK_SECRETS", hide_env_values = true, value_delimiter = ',', global = true)]
    pub stripe_webhook_secrets: Vec<String>,
    /// Let the sandbox serve a public shop, as a demonstration.
    #[arg(long, env = "ALLOW_SANDBOX", global = true)]
    pub allow_sandbox: bool,
    /// Minutes a payment page stays open, 30 to 1440.
    #[arg(long, env = "PAYMENT_MINUTES", default_value_t = 30, global = true)]
    pub payment_minutes: u32,

    /// smtps://user:password@host, or smtp://user:password@host:587?tls=required for STARTTLS (unencrypted only to this machine); without it mails are written to the data folder.
    #[arg(long, env = "SMTP_URL", hide_env_values = true, global = true)]
    pub smtp_url: Option<String>,
    /// Sender of the mails, such as Barro Claro <hello@shop.example>.
    #[arg(long, env = "MAIL_FROM", default_value = "shop@localhost.localdomain", global = true)]
    pub mail_from: String,

    /// Where answers to our mails arrive, as reply+{token}@shop.example; hand them to `server mail receive` or to {PUBLIC_URL}/mail/inbound.
    #[arg(long, env = "INBOUND_MAIL_ADDRESS", global = true)]
    pub inbound_address: Option<String>,
    /// Who says it with `Authorization: Bearer`, or as the password of Basic, may post mails to /mail/inbound; at least 16 characters.
    #[arg(long, env = "INBOUND_MAIL_SECRET", hide_env_values = true, global = true)]
    pub inbound_secret: Option<String>,

    /// Where the files of conversations go, as s3://bucket, with AWS_ACCESS_KEY_ID and what else the AWS tools read; without it they are kept in the data folder.
    #[arg(long, env = "FILES_URL", global = true)]
    pub files_url: Option<String>,
    /// A NATS server that tells several nodes of new messages, as nats://host:4222; without it Postgres does.
    #[arg(long, env = "NATS_URL", hide_env_values = true, global = true)]
    pub nats_url: Option<String>,

    #[arg(long, env = "RATE_LIMITS", default_value = "on", global = true)]
    pub rate_limits: Switch,
    /// Who says it with `Authorization: Bearer` may read /metrics from elsewhere than this machine; at least 16 characters.
    #[arg(long, env = "METRICS_TOKEN", hide_env_values = true, global = true)]
    pub metrics_token: Option<String>,
    /// How many proxies of ours stand before the server and append to X-Forwarded-For.
    #[arg(long, env = "TRUSTED_PROXIES", default_value_t = 0, global = true)]
    pub trusted_proxies: usize,
    /// `text` for people, `json` for machines.
    #[arg(long, env = "LOG_FORMAT", default_value = "text", global = true)]
    pub log_format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    On,
    Off,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

impl Config {
    #[must_use]
    pub fn public_url(&self) -> String {
        let url = self.public_url.clone().unwrap_or_else(|| format!("http://{}", self.reachable()));
        url.trim_end_matches('/').to_owned()
    }

    /// Where it can be reached: to listen on all addresses is to have none that a browser could open.
    fn reachable(&self) -> SocketAddr {
        let address = match self.listen.ip() {
            IpAddr::V4(all) if all.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(all) if all.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            one => one,
        };
        SocketAddr::new(address, self.listen.port())
    }

    /// The shop is meant for the public: its address is not this machine's.
    #[must_use]
    pub fn is_production(&self) -> bool {
        self.public_url().starts_with("https://")
    }

    /// Limits go by addresses, and every visitor comes with the proxy's: TLS ends before this server.
    #[must_use]
    pub fn is_one_visitor_to_limits(&self) -> bool {
        self.is_production() && self.rate_limits == Switch::On && self.trusted_proxies == 0
    }

    /// What the shop itself needs of the configuration.
    ///
    /// # Errors
    /// A sentence on the setting that is wrong.
    pub fn settings(&self) -> Result<Settings> {
        let public_url = self.public_url();
        ensure!(
            is_origin(&public_url),
            "PUBLIC_URL must be http:// or https:// and a host, without a path, as in https://shop.example; it is `{public_url}`"
        );
        ensure!(
            time_tz::timezones::get_by_name(&self.time_zone).is_some(),
            "SHOP_TIME_ZONE must be a name such as Europe/Madrid; `{}` is not known",
            self.time_zone
        );
        ensure!(
            (30..=1440).contains(&self.payment_minutes),
            "PAYMENT_MINUTES must lie between 30 and 1440, as Stripe allows; it is {}",
            self.payment_minutes
        );
        ensure!(self.metrics_token.as_ref().is_none_or(|token| token.len() >= 16), "METRICS_TOKEN must have at least 16 characters");
        shop::mail::check(&self.mail_from, self.smtp_url.as_deref()).map_err(|why| anyhow!("MAIL_FROM or SMTP_URL: {why}"))?;
        if let Some(url) = &self.files_url {
            shop::chat::check_storage(url).map_err(|why| anyhow!("FILES_URL must look like s3://bucket: {why}"))?;
        }
        ensure!(
            self.inbound_secret.as_ref().is_none_or(|secret| secret.len() >= 16),
            "INBOUND_MAIL_SECRET must have at least 16 characters"
        );
        if let Some(address) = &self.inbound_address {
            shop::mail::check_inbound(address)
                .map_err(|why| anyhow!("INBOUND_MAIL_ADDRESS must look like reply+{{token}}@shop.example: {why}"))?;
        }
        let cut_off = Time::parse(&self.cut_off, &CLOCK)
            .with_context(|| format!("CUT_OFF must be a time of day such as 13:00; it is `{}`", self.cut_off))?;
        let currency: Currency = self.currency.parse().context("SHOP_CURRENCY must be a code such as EUR")?;
        ensure!(
            Country::by_code(&self.country).is_some(),
            "SHOP_COUNTRY must be the code of a country that the forms know, such as ES; it is `{}`",
            self.country
        );
        let base_language: Language = self.base_language.parse().context("SHOP_BASE_LANGUAGE")?;
        fs::create_dir_all(&self.data_folder).with_context(|| format!("cannot make the data folder {}", self.data_folder.display()))?;
        Ok(Settings {
            shop_name: self.shop_name.clone(),
            public_url,
            mail_from: self.mail_from.clone(),
            currency,
            home_country: self.country.clone(),
            base_language,
            time_zone: self.time_zone.clone(),
            handling: Handling { cut_off, days: self.handling_days, backorder_days: self.backorder_days },
            secret: Secret(self.secret()?),
            data_folder: self.data_folder.clone(),
            smtp_url: self.smtp_url.clone().map(Secret),
            inbound_address: self.inbound_address.clone(),
            files_url: self.files_url.clone(),
            payment_window: Duration::minutes(self.payment_minutes.into()),
            reservation_grace: Duration::minutes(10),
        })
    }

    fn secret(&self) -> Result<String> {
        match &self.secret {
            Some(secret) => {
                ensure!(
                    secret.len() >= SECRET_LENGTH,
                    "SECRET must have at least {SECRET_LENGTH} characters; `openssl rand -hex 32` makes one"
                );
                Ok(secret.clone())
            }
            None => kept_secret(&self.data_folder.join("secret")),
        }
    }
}

fn is_origin(url: &str) -> bool {
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    host.is_some_and(|host| host.parse::<http::uri::Authority>().is_ok() && !host.contains(['@', ';', ',']))
}

/// A key for one purpose, made from the shop's secret.
#[must_use]
pub fn derived(secret: &Secret, purpose: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.0.as_bytes()) else { return String::new() };
    mac.update(purpose.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

fn kept_secret(file: &Path) -> Result<String> {
    match fs::read_to_string(file) {
        Ok(secret) => {
            let secret = secret.trim();
            ensure!(
                secret.len() >= SECRET_LENGTH,
                "{} is damaged: it holds fewer than {SECRET_LENGTH} characters; put it back from a backup, or remove it for a new \
                 one, with which carts and links in mails no longer open",
                file.display()
            );
            Ok(secret.to_owned())
        }
        Err(error) if error.kind() == ErrorKind::NotFound => new_secret(file),
        Err(error) => Err(error).with_context(|| format!("the secret in {} cannot be read", file.display())),
    }
}

/// Written whole beside its place before it is put there: half a secret must never be taken for one.
fn new_secret(file: &Path) -> Result<String> {
    let secret = hex::encode(rand::random::<[u8; 32]>());
    let unfinished = file.with_added_extension(std::process::id().to_string());
    let write = || {
        let mut out = fs::OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&unfinished)?;
        out.write_all(secret.as_bytes())?;
        out.sync_all()?;
        fs::rename(&unfinished, file)
    };
    write().with_context(|| {
        format!("cannot keep a secret in {}; set SECRET, or DATA_FOLDER to a folder that can be written", file.display())
    })?;
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        config: Config,
    }

    fn config(settings: &[&str]) -> Config {
        Line::parse_from(["server"].iter().chain(settings)).config
    }

    #[test]
    fn a_shop_on_every_address_is_opened_under_one_that_a_browser_knows() {
        let url = |listen: &str| config(&[&format!("--listen={listen}")]).public_url();
        assert_eq!(url("0.0.0.0:3000"), "http://127.0.0.1:3000");
        assert_eq!(url("[::]:3000"), "http://[::1]:3000");
        assert_eq!(url("192.0.2.7:3000"), "http://192.0.2.7:3000");
    }

    #[test]
    fn a_public_address_is_a_host_and_nothing_else() {
        assert!(["https://shop.example", "http://127.0.0.1:3000", "http://[::1]:3000"].into_iter().all(is_origin));
        let wrong = ["shop.example", "https://", "https://shop.example/shop", "https://a b", "https://a; b", "https://u@a", "ftp://a"];
        assert!(!wrong.into_iter().any(is_origin));
    }

    #[test]
    fn behind_tls_limits_need_to_know_the_proxies() {
        let shared = |settings: &[&str]| config(settings).is_one_visitor_to_limits();
        assert!(shared(&["--public-url=https://shop.example"]));
        assert!(!shared(&["--public-url=https://shop.example", "--trusted-proxies=1"]));
        assert!(!shared(&["--public-url=https://shop.example", "--rate-limits=off"]) && !shared(&[]));
    }

    #[test]
    fn a_secret_is_made_once_and_never_taken_from_a_damaged_file() {
        let folder = std::env::temp_dir().join(format!("vitrina-secret-{}", uuid::Uuid::new_v4()));
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join("secret");
        let made = kept_secret(&file).unwrap();
        assert_eq!((made.len(), kept_secret(&file).unwrap()), (64, made));
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "nothing is left beside it");
        for damaged in ["", "\n", "0123456789"] {
            fs::write(&file, damaged).unwrap();
            let said = kept_secret(&file).unwrap_err().to_string();
            assert!(said.contains("is damaged") && said.contains("secret"), "{said}");
        }
        fs::write(&file, [0xff; 64]).unwrap();
        assert!(kept_secret(&file).is_err());
        assert_eq!(fs::read(&file).unwrap(), [0xff; 64], "what cannot be read is not written over");
        fs::remove_dir_all(folder).unwrap();
    }
}
