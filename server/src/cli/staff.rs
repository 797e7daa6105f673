//! `server staff`: the first of the staff, who lets the others in; and a way back in for who lost theirs.

use anyhow::Result;
use domain::staff::{Role, Roles};
use shop::{
    Actor, Shop,
    account::staff::{self, FirstPassword, NewStaff, Person},
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
    /// Who works here.
    List,
    /// Give somebody another password and take their second factor away, where no mail reaches them.
    Reset {
        email: String,
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
            let made_up = new_password();
            let (password, said) = given_or(&made_up, password.as_deref());
            staff::add(shop, operator, NewStaff { email: email.clone(), name, roles: Roles::of(&roles) }, password, now).await?;
            println!("{email} can log in at {}/en/desk{said}", shop.settings.public_url);
        }
        Command::List => staff::list(shop, operator).await?.iter().for_each(print),
        Command::Reset { email, password } => {
            let made_up = new_password();
            let (password, said) = given_or(&made_up, password.as_deref());
            staff::reset(shop, operator, &email, password, now).await?;
            println!("{email} is logged out everywhere and can log in at {}/en/desk{said}", shop.settings.public_url);
        }
    }
    Ok(())
}

/// The password, and what to say of one that was made up.
fn given_or<'a>(made_up: &'a str, given: Option<&'a str>) -> (FirstPassword<'a>, String) {
    match given {
        Some(given) => (FirstPassword::Own(given), String::new()),
        None => {
            let said = format!("\nwith the password {made_up}\nIt works once, to choose another, and is shown only now.");
            (FirstPassword::Given(made_up), said)
        }
    }
}

fn print(person: &Person) {
    let roles: Vec<_> = person.roles.list().into_iter().map(Role::code).collect();
    let standing = match person {
        Person { active: false, .. } => "switched off",
        Person { invited: true, .. } => "invited",
        Person { has_second_factor: true, .. } => "two factors",
        _ => "password only",
    };
    println!("{}  {}  {}  ({standing})", person.email, person.name, roles.join(", "));
}

/// 100 random bits that can be read over a telephone: four groups of five letters and digits.
pub fn new_password() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let groups = (0..4).map(|_| (0..5).map(|_| char::from(LETTERS[usize::from(rand::random::<u8>() % 32)])).collect::<String>());
    groups.collect::<Vec<_>>().join("-")
}
