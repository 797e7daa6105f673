//! The demonstration's products and help articles, for a shop that has none. Loading them takes a minute and may be interrupted: a mark in
//! the data folder stands from before the first product until after the last, and the next start loads the rest.
//! And its staff, for a shop where nobody works.

use super::{catalog, staff};
use anyhow::{Context, Result, ensure};
use domain::staff::{Role, Roles};
use shop::{
    Actor, Shop,
    account::staff::{self as team, FirstPassword, NewStaff},
    help::{self, Leaf},
    orders,
};
use std::{
    fs,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};
use time::OffsetDateTime;

/// Fills an empty shop, or one that was being filled; leaves any other alone.
pub async fn load(shop: &Shop, folder: &Path) -> Result<()> {
    load_help(shop, &folder.join("help")).await?;
    let mark = shop.settings.data_folder.join("demonstration-unfinished");
    let database = name_of_database(shop).await?;
    let was_interrupted = fs::read_to_string(&mark).is_ok_and(|marked| marked == database);
    let has_products: bool = sqlx::query_scalar("select exists (select from product)").fetch_one(&shop.db).await?;
    if has_products && !was_interrupted {
        return Ok(());
    }
    let file = folder.join("catalog.csv");
    ensure!(file.exists(), "the demonstration catalogue {} is missing", file.display());
    eprintln!("Loading the demonstration catalogue (its pictures take about a minute) ...");
    fs::write(&mark, database).with_context(|| format!("{} cannot be written", mark.display()))?;
    catalog::import(shop, &file, Some(folder), false).await?;
    let scenes = folder.join("scenes.csv");
    if scenes.exists() {
        catalog::import_scenes(shop, &scenes, Some(folder), false).await?;
    }
    fs::remove_file(&mark).with_context(|| format!("{} cannot be removed", mark.display()))
}

/// The articles, for a shop that has none.
async fn load_help(shop: &Shop, folder: &Path) -> Result<()> {
    if !folder.exists() || !help::is_empty(shop).await? {
        return Ok(());
    }
    let mut leaves = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let file = entry?.path();
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        leaves.push(Leaf::read(&name, &text)?);
    }
    help::load(shop, leaves, OffsetDateTime::now_utc()).await?;
    Ok(())
}

/// Who works in the demonstration.
const STAFF: [(&str, &str, Role); 4] = [
    ("agent@demo.example", "Alba Agente", Role::Agent),
    ("supervisor@demo.example", "Sol Supervisora", Role::Supervisor),
    ("manager@demo.example", "Mar Manager", Role::Manager),
    ("administrator@demo.example", "Ada Administradora", Role::Administrator),
];

/// Has the demonstration's staff work in a shop where nobody does. What to tell whoever started it: how to log in, as
/// long as these are the people who were made here.
pub async fn open_desk(shop: &Shop) -> Result<Option<String>> {
    let kept = shop.settings.data_folder.join("demonstration-staff");
    let database = name_of_database(shop).await?;
    if !team::is_anybody(shop).await? {
        let password = staff::new_password();
        // Written before anybody is made: without it nobody could log in.
        write_secret(&kept, &format!("{database}\n{password}\n"))?;
        for (email, name, role) in STAFF {
            let new = NewStaff { email: email.to_owned(), name: name.to_owned(), roles: Roles::of(&[role]) };
            team::add(shop, &Actor::System, new, FirstPassword::Own(&password), OffsetDateTime::now_utc()).await?;
        }
    }
    let known = fs::read_to_string(&kept).unwrap_or_default();
    let Some(password) = known.strip_prefix(&format!("{database}\n")) else { return Ok(None) };
    let addresses = STAFF.map(|(email, ..)| format!("    {email}\n")).concat();
    let desk = format!("{}/en/desk", shop.settings.public_url);
    Ok(Some(format!("Its desk is at {desk}; these work there, each with the password {}:\n{addresses}", password.trim())))
}

/// What else a demonstration may have, while it has no orders.
pub async fn what_more(shop: &Shop) -> Result<&'static str> {
    let is_new = orders::list(shop, 1).await?.is_empty();
    Ok(if is_new {
        "A year of orders, conversations and answers for it: stop the shop, run `server demo history`, open it again.\n"
    } else {
        ""
    })
}

fn write_secret(path: &PathBuf, text: &str) -> Result<()> {
    let file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.with_context(|| format!("{} cannot be written", path.display()))
}

/// A data folder may be used with another database the next time.
async fn name_of_database(shop: &Shop) -> Result<String> {
    let name = "select format('%s %s', system_identifier, oid) from pg_control_system(), pg_database where datname = current_database()";
    Ok(sqlx::query_scalar(name).fetch_one(&shop.db).await?)
}
