//! `server mail`: what the shop has written to people.

use anyhow::Result;
use shop::{
    Shop,
    mail::{self, Letter},
};
use time::OffsetDateTime;

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
}

pub async fn run(shop: &Shop, command: Command) -> Result<()> {
    match command {
        Command::List { limit, full } => mail::list(shop, limit).await?.iter().for_each(|letter| print(letter, full)),
        Command::Retry => println!("{} to be tried again", mail::try_again(shop, OffsetDateTime::now_utc()).await?),
    }
    Ok(())
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
