//! `server mail`: what the shop has written to people, and what they answer by mail.

use crate::inbound;
use anyhow::{Context, Result};
use shop::{
    Failure, Shop, chat,
    mail::{self, InboundRefusal, Letter, MOST_MAIL},
};
use std::io::Read;
use time::OffsetDateTime;

/// A mail that will never be taken: the mail server tells its sender (EX_DATAERR). After any other failure it tries again.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct TurnedAway(InboundRefusal);

/// EX_DATAERR and EX_TEMPFAIL, as mail servers read them.
pub const FOR_GOOD: u8 = 65;
pub const FOR_NOW: u8 = 75;

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// The latest mails, newest first.
    List {
        #[arg(long, default_value_t = 10)]
        limit: u32,
        /// With their text.
        #[arg(long)]
        full: bool,
    },
    /// Try once more to send what the mail server refused for good.
    Retry,
    /// Read one mail from the standard input, as a mail server's pipe or fetchmail hands it over, into its conversation.
    Receive,
}

pub async fn run(shop: &Shop, command: Command) -> Result<()> {
    match command {
        Command::List { limit, full } => mail::list(shop, limit).await?.iter().for_each(|letter| print(letter, full)),
        Command::Retry => println!("{} to be tried again", mail::try_again(shop, OffsetDateTime::now_utc()).await?),
        Command::Receive => println!("{}", receive(shop).await?),
    }
    Ok(())
}

async fn receive(shop: &Shop) -> Result<String> {
    let mut raw = Vec::new();
    // One byte too many tells a mail that is too large from one that just fits.
    std::io::stdin().take(MOST_MAIL as u64 + 1).read_to_end(&mut raw).context("the mail cannot be read")?;
    match chat::receive_mail(shop, &raw, OffsetDateTime::now_utc()).await {
        Ok(received) => Ok(inbound::sentence(received)),
        Err(Failure::Refused(refusal)) => Err(TurnedAway(refusal).into()),
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}

fn print(letter: &Letter, full: bool) {
    let at = letter.queued_at;
    println!("{} {:02}:{:02}  {}  {}  ({})", at.date(), at.hour(), at.minute(), letter.recipient, letter.subject, standing(letter));
    if full {
        println!("\n{}\n{}\n", letter.text, "-".repeat(72));
    }
}

fn standing(letter: &Letter) -> String {
    match (letter.sent_at, &letter.trouble) {
        (Some(at), _) => format!("sent {}", at.date()),
        (None, Some(why)) if letter.given_up => format!("failed: {why}"),
        (None, Some(why)) => format!("waiting, last time: {why}"),
        (None, None) => "waiting".to_owned(),
    }
}
