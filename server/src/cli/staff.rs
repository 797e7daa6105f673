//! `server staff`: the first of the staff, who lets the others in; and a way back in for who lost theirs.

use anyhow::Result;
use domain::staff::{Role, Roles};
use shop::{
    Actor, Shop,
    account::staff::{self, NewStaff},
};
use time::OffsetDateTime;

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Add somebody and print the password to log in with.
    Add {
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
        /// agent, supervisor, manager, merchandiser or administrator; may be given several times.
        #[arg(long = "role", required = true, value_parser = role)]
        roles: Vec<Role>,
        /// Instead of one made up here; it stays in the shell's history.
        #[arg(long)]
        password: Option<String>,
    },
}

fn role(code: &str) -> Result<Role, String> {
    let known = Role::ALL.iter().map(|role| role.code()).collect::<Vec<_>>().join(", ");
    Role::from_code(code).ok_or_else(|| format!("one of {known}"))
}

pub async fn run(shop: &Shop, command: Command) -> Result<()> {
    let (operator, now) = (&Actor::Operator, OffsetDateTime::now_utc());
    match command {
        Command::Add { email, name, roles, password } => {
            let made_up = password.is_none();
            let password = password.unwrap_or_else(new_password);
            let new = NewStaff { email: email.clone(), name, roles: Roles::of(&roles) };
            staff::add(shop, operator, new, &password, now).await?;
            println!("{email} can log in at {}/en/desk", shop.settings.public_url);
            if made_up {
                println!("with the password {password}\nIt is shown only now; choose another under \"My account\".");
            }
        }
    }
    Ok(())
}

/// 100 random bits that can be read over a telephone: four groups of five letters and digits.
pub fn new_password() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let groups = (0..4).map(|_| (0..5).map(|_| char::from(LETTERS[usize::from(rand::random::<u8>() % 32)])).collect::<String>());
    groups.collect::<Vec<_>>().join("-")
}
