//! `server orders`: staff's way to move orders, until there is a back office.

use anyhow::{Context, Result};
use domain::{Language, Money, format, orders::TrackingKind};
use shop::{
    Actor, Shop, checkout,
    orders::{self, Trouble, TroubleKind},
};
use time::OffsetDateTime;

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// The latest orders, newest first.
    List {
        #[arg(long, default_value_t = 20)]
        limit: u32,
    },
    /// Everything is in the box.
    Pack { number: String },
    /// The parcel was handed to the carrier.
    Ship {
        number: String,
        /// Code of the carrier: correos, seur, dhl.
        #[arg(long)]
        carrier: String,
        /// The parcel's number.
        #[arg(long)]
        tracking: String,
    },
    /// The carrier reports something of the parcel.
    Track {
        number: String,
        #[arg(value_parser = ["in_transit", "out_for_delivery", "problem"])]
        kind: String,
        #[arg(long, default_value = "")]
        place: String,
        #[arg(long, default_value = "")]
        note: String,
    },
    /// The parcel is at the door.
    Deliver { number: String },
    /// Cancel an order; what was paid is given back.
    Cancel { number: String },
    /// What needs a person: refunds that fail, disputes, orders that are paid and cannot be fulfilled.
    Trouble,
    /// Give back a part of what was paid (cancelling gives back all of it).
    Refund {
        number: String,
        /// As written in the order's currency: 12.50
        #[arg(long)]
        amount: String,
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Send the refunds of an order that failed once more.
    RefundAgain { number: String },
    /// The buyer got the money of failed refunds in another way.
    RefundSettled {
        number: String,
        /// For the record: "bank transfer of 3 May".
        #[arg(long)]
        how: String,
    },
}

pub async fn run(shop: &Shop, command: Command) -> Result<()> {
    let (staff, now) = (&Actor::Operator, OffsetDateTime::now_utc());
    let number = match command {
        Command::List { limit } => return list(shop, limit).await,
        Command::Trouble => return trouble(shop, now).await,
        Command::Pack { number } => orders::pack(shop, staff, &number, now).await.map(|()| number)?,
        Command::Ship { number, carrier, tracking } => {
            orders::ship(shop, staff, &number, &carrier, &tracking, now).await.map(|()| number)?
        }
        Command::Track { number, kind, place, note } => {
            let kind = TrackingKind::from_code(&kind).unwrap_or(TrackingKind::InTransit);
            orders::track(shop, staff, &number, kind, &place, &note, now).await.map(|()| number)?
        }
        Command::Deliver { number } => orders::deliver(shop, staff, &number, now).await.map(|()| number)?,
        Command::Cancel { number } => orders::cancel(shop, staff, &number, now).await.map(|()| number)?,
        Command::Refund { number, amount, reason } => {
            let money = Money::parse(&amount, shop.settings.currency).context("--amount must look like 12.50")?;
            checkout::request_refund(shop, staff, &number, money, &reason, now).await.map(|()| number)?
        }
        Command::RefundAgain { number } => checkout::refund_again(shop, staff, &number, now).await.map(|()| number)?,
        Command::RefundSettled { number, how } => checkout::settle_by_hand(shop, staff, &number, &how, now).await.map(|()| number)?,
    };
    println!("{number}: done");
    Ok(())
}

async fn list(shop: &Shop, limit: u32) -> Result<()> {
    for order in orders::list(shop, limit).await? {
        println!(
            "{:<10} {}  {:<10} {:<10} {:>12}  by {}  {}",
            order.number,
            order.placed_at.date(),
            order.state.code(),
            order.payment.code(),
            format::money(order.total, Language::En),
            order.promised_by.date(),
            order.name
        );
        println!("           {}/es/order/{}?t={}", shop.settings.public_url, order.number, order.token.0);
    }
    Ok(())
}

async fn trouble(shop: &Shop, now: OffsetDateTime) -> Result<()> {
    let troubles = orders::trouble(shop, now).await?;
    if troubles.is_empty() {
        println!("No trouble.");
    }
    for trouble in troubles {
        println!("{}\n           {}", headline(&trouble), what_to_do(&trouble));
    }
    Ok(())
}

fn headline(trouble: &Trouble) -> String {
    let what = match trouble.what {
        TroubleKind::RefundFailed => "refund failed",
        TroubleKind::RefundWaits => "refund waits",
        TroubleKind::Disputed => "disputed",
        TroubleKind::DisputeLost => "dispute lost",
        TroubleKind::CannotBeFulfilled => "paid, not fulfilled",
    };
    let money = format::money(trouble.money, Language::En);
    let why = if trouble.why.is_empty() { String::new() } else { format!(" ({})", trouble.why) };
    let (since, number) = (trouble.since.date(), &trouble.number);
    format!("{number:<10} {since}  {what:<19} {money:>12}  {} <{}>{why}", trouble.name, trouble.email)
}

fn what_to_do(trouble: &Trouble) -> String {
    let number = &trouble.number;
    match trouble.what {
        TroubleKind::RefundFailed => format!(
            "The buyer is owed it: `orders refund-again {number}`, or pay in another way and `orders refund-settled {number} --how ..`"
        ),
        TroubleKind::RefundWaits => "It is tried again by itself; if it stays, look at the payment service's dashboard.".to_owned(),
        TroubleKind::Disputed => "Answer the bank in the payment service's dashboard. Nothing is shipped or refunded meanwhile.".to_owned(),
        TroubleKind::DisputeLost => format!("The goods are still here: `orders cancel {number}`"),
        TroubleKind::CannotBeFulfilled => "Its refund is queued; if it stays, look at the server's log.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Currency;
    use time::macros::datetime;

    #[test]
    fn a_trouble_says_who_how_much_and_what_to_do() {
        let trouble = Trouble {
            number: "10001".into(),
            name: "Ana Gil".into(),
            email: "ana@example.org".into(),
            what: TroubleKind::RefundFailed,
            money: Money::new(2980, Currency::EUR),
            since: datetime!(2026-05-03 10:00 UTC),
            why: "expired_or_canceled_card".into(),
        };
        let said = headline(&trouble);
        for part in ["10001", "2026-05-03", "refund failed", "29.80", "Ana Gil <ana@example.org>", "(expired_or_canceled_card)"] {
            assert!(said.contains(part), "no `{part}` in: {said}");
        }
        assert!(what_to_do(&trouble).contains("orders refund-again 10001"));
    }
}
