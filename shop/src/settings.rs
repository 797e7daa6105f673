//! What the merchant decides: read from the environment by the server, the same on every node.

use domain::{Currency, Language, delivery::Handling};
use std::{net::IpAddr, path::PathBuf};
use time::Duration;

pub struct Settings {
    /// As it stands in the header, in mails and on the payment page.
    pub shop_name: String,
    /// Where the shop is reached, without a slash at the end: `https://shop.example`.
    pub public_url: String,
    /// Where replies to our mails go, and the sender of them.
    pub mail_from: String,
    pub currency: Currency,
    /// ISO code of the country that the shop sells to first: what is said of delivery to somebody who named none yet.
    pub home_country: String,
    /// Of texts without a translation, and of the base columns of an import.
    pub base_language: Language,
    /// IANA name of the workshop's time zone: cut-off times and days are local there.
    pub time_zone: String,
    pub handling: Handling,
    /// Signs cookies and links. Keep it, or every cart and tracking link is lost.
    pub secret: Secret,
    /// Derived pictures, mails and whatever else is not in the database.
    pub data_folder: PathBuf,
    /// Where answers to mails of conversations go, as `reply+{token}@shop.example`; without it nobody reads them.
    pub inbound_address: Option<String>,
    /// `smtp://..` or `smtps://..`; without it mails are written to the data folder.
    pub smtp_url: Option<Secret>,
    /// `s3://bucket` for the files of conversations; without it they are kept in the data folder.
    pub files_url: Option<String>,
    /// How long a payment session stays open (Stripe allows 30 minutes to 24 hours).
    pub payment_window: Duration,
    /// How much longer than that the stock is held.
    pub reservation_grace: Duration,
}

/// A value that never shows in a log.
#[derive(Clone)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// A name or address that means this machine, with or without a port, such as `localhost:3000`.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(address) => address.split(']').next(),
        None => host.split(':').next(),
    };
    let name = name.unwrap_or_default();
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl Settings {
    /// Local time at the workshop. An unknown zone was refused at start, so UTC is only a last resort.
    #[must_use]
    pub fn local(&self, at: time::OffsetDateTime) -> time::OffsetDateTime {
        use time_tz::{OffsetDateTimeExt, timezones};
        timezones::get_by_name(&self.time_zone).map_or(at, |zone| at.to_timezone(zone))
    }
}
