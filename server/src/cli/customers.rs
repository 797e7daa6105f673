//! `server customers`: a file of orders in, who buys how, who will come back and in which classes they are out; and the
//! shop's own customers classed without waiting for the night.

use super::sheet::{self, Mistakes, Row, Sheet, is_missing};
use anyhow::{Context, Result, ensure};
use clap::ValueEnum;
use quality::{
    analysis::Named,
    customers::{
        classes::{self, Class, Customer, Lines},
        lifetime::{self, History, Model},
        rfm::{self, Bought, Scores},
    },
};
use serde::Serialize;
use shop::{Actor, Shop, customers::Computed};
use std::{collections::BTreeMap, path::PathBuf, time::Instant};
use time::{Date, OffsetDateTime, format_description::well_known::Iso8601};

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Analyse a CSV file with the columns customer, date and amount, a row an order; needs no database.
    Analyse(Analysis),
    /// Class the shop's customers now, as is done every night, and find what is bought together.
    Classify,
}

#[derive(Debug, clap::Args)]
pub struct Analysis {
    file: PathBuf,
    /// The last day that counts, as 2026-03-31.
    #[arg(long, value_parser = day)]
    until: Date,
    /// In what the model counts time: days are divided by 1, 7 or 30.4375.
    #[arg(long, value_enum, default_value = "week")]
    unit: Unit,
    /// For how many units ahead orders are expected.
    #[arg(long, default_value_t = 12.0)]
    ahead: f64,
    /// For programs instead of people.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Day,
    Week,
    Month,
}

impl Unit {
    const fn days(self) -> f64 {
        match self {
            Self::Day => 1.0,
            Self::Week => 7.0,
            Self::Month => 30.4375,
        }
    }
}

/// A day, also as the beginning of a time.
fn day(text: &str) -> Result<Date, String> {
    let day = text.split(['T', ' ']).next().unwrap_or_default();
    Date::parse(day, &Iso8601::DATE).map_err(|_| format!("\"{text}\" is no date like 2026-03-31"))
}

#[derive(Serialize)]
struct Found {
    until: String,
    unit: Unit,
    ahead: f64,
    orders: usize,
    /// Orders after the last day.
    later_orders: usize,
    bg_nbd: Option<Parameters>,
    customers: Named<Person>,
    notes: Named<String>,
}

#[derive(Serialize)]
struct Parameters {
    r: f64,
    alpha: f64,
    a: f64,
    b: f64,
    log_likelihood: f64,
}

#[derive(Serialize)]
struct Person {
    orders: u32,
    amount: f64,
    days_ago: i64,
    /// Days with orders after the first; time from the first to the last of them, and to the end.
    frequency: u32,
    recency: f64,
    age: f64,
    rfm: Rfm,
    p_alive: Option<f64>,
    expected_orders: Option<f64>,
    classes: Vec<Class>,
}

#[derive(Serialize)]
struct Rfm {
    recency: u8,
    frequency: u8,
    money: u8,
}

/// # Errors
/// The file has mistakes; they are named.
pub fn run(analysis: &Analysis) -> Result<()> {
    let Analysis { file, until, unit, ahead, json } = analysis;
    ensure!(*ahead > 0.0 && ahead.is_finite(), "--ahead must be more than nothing");
    let mut mistakes = Mistakes::default();
    let sheet = Sheet::read(file, &mut mistakes)?;
    let orders = orders(&sheet, &mut mistakes).with_context(|| format!("{} was not analysed", file.display()))?;
    mistakes.none(file)?;
    let found = analyse(&orders, *until, *unit, *ahead);
    ensure!(!found.customers.0.is_empty(), "{} has no orders until {until}", file.display());
    sheet::say(&if *json { serde_json::to_string_pretty(&found)? + "\n" } else { table(&found) })
}

/// # Errors
/// The database refused it.
pub async fn classify(shop: &Shop) -> Result<()> {
    let began = Instant::now();
    let Some(computed) = shop::customers::classify(shop, &Actor::Operator, OffsetDateTime::now_utc()).await? else {
        println!("a node of the shop is at it");
        return Ok(());
    };
    let Computed { people, standings, began: begun, ended, explained, products } = computed;
    println!("{people} customers in {:.1} s: {standings} with other figures", began.elapsed().as_secs_f64());
    println!("classes: {begun} began, {ended} ended, {explained} go on for another reason");
    println!("products that others are bought with now: {products}");
    Ok(())
}

struct Order {
    customer: String,
    date: Date,
    amount: f64,
}

fn orders(sheet: &Sheet, mistakes: &mut Mistakes) -> Result<Vec<Order>> {
    let [customer, date, amount_column] = [sheet.column("customer")?, sheet.column("date")?, sheet.column("amount")?];
    let amounts = sheet.numbers(amount_column, mistakes, |_| Ok(()));
    let mut read = |(row, amount): (&Row, Option<f64>)| {
        let who = row.cells[customer].clone();
        if is_missing(&who) {
            mistakes.cell(row.line, "customer", "nobody is named");
        }
        if is_missing(&row.cells[amount_column]) {
            mistakes.cell(row.line, "amount", "there is none");
        }
        let date = day(&row.cells[date]).map_err(|why| mistakes.cell(row.line, "date", &why)).ok()?;
        Some(Order { customer: who, date, amount: amount? })
    };
    Ok(sheet.rows.iter().zip(amounts).filter_map(&mut read).collect())
}

fn analyse(orders: &[Order], until: Date, unit: Unit, ahead: f64) -> Found {
    let mut by_customer: BTreeMap<&str, Vec<&Order>> = BTreeMap::new();
    for order in orders.iter().filter(|order| order.date <= until) {
        by_customer.entry(&order.customer).or_default().push(order);
    }
    let bought: Vec<Bought> = by_customer.values().map(|orders| bought(orders, until)).collect();
    let histories: Vec<History> = by_customer.values().map(|orders| history(orders, until, unit)).collect();
    let fitted = lifetime::fit(&histories);
    let scores = rfm::scores(&bought);
    let people = by_customer.iter().zip(bought.iter().zip(&histories).zip(&scores));
    let customers = people.map(|((name, orders), ((bought, history), scores))| {
        ((*name).to_owned(), person(orders, bought, history, *scores, fitted.as_ref().ok(), (until, ahead)))
    });
    let counted: u32 = bought.iter().map(|bought| bought.orders).sum();
    Found {
        until: until.to_string(),
        unit,
        ahead,
        orders: counted as usize,
        later_orders: orders.len() - counted as usize,
        bg_nbd: fitted.as_ref().ok().map(|model| {
            let Model { r, alpha, a, b, log_likelihood } = *model;
            Parameters { r, alpha, a, b, log_likelihood }
        }),
        customers: Named(customers.collect()),
        notes: Named(fitted.err().map(|why| ("bg_nbd".to_owned(), why.to_string())).into_iter().collect()),
    }
}

fn bought(orders: &[&Order], until: Date) -> Bought {
    let last = orders.iter().map(|order| order.date).max().unwrap_or(until);
    let count = u32::try_from(orders.len()).unwrap_or(u32::MAX);
    Bought { recency: (until - last).whole_days(), orders: count, money: orders.iter().map(|order| order.amount).sum() }
}

fn history(orders: &[&Order], until: Date, unit: Unit) -> History {
    let mut days: Vec<Date> = orders.iter().map(|order| order.date).collect();
    days.sort_unstable();
    days.dedup();
    let (first, last) = (days.first().copied().unwrap_or(until), days.last().copied().unwrap_or(until));
    let time = |from: Date, to: Date| (to - from).whole_days() as f64 / unit.days();
    History { repeats: u32::try_from(days.len() - 1).unwrap_or(u32::MAX), recency: time(first, last), age: time(first, until) }
}

fn person(
    orders: &[&Order],
    bought: &Bought,
    history: &History,
    scores: Scores,
    model: Option<&Model>,
    (until, ahead): (Date, f64),
) -> Person {
    let alive = model.map(|model| model.alive(history));
    let customer =
        Customer { orders: orders.iter().map(|order| order.date).collect(), money: Some(scores.money), alive, ..Customer::default() };
    Person {
        orders: bought.orders,
        amount: bought.money,
        days_ago: bought.recency,
        frequency: history.repeats,
        recency: history.recency,
        age: history.age,
        rfm: Rfm { recency: scores.recency, frequency: scores.frequency, money: scores.money },
        p_alive: alive,
        expected_orders: model.map(|model| model.expected(history, ahead)),
        classes: classes::classes(&customer, until, &Lines::default()),
    }
}

fn table(found: &Found) -> String {
    let mut lines = vec![format!("{} orders of {} customers until {}", found.orders, found.customers.0.len(), found.until)];
    if found.later_orders > 0 {
        lines.push(format!("{} later orders were left out", found.later_orders));
    }
    if let Some(Parameters { r, alpha, a, b, log_likelihood }) = &found.bg_nbd {
        lines.push(format!("BG/NBD: r {r:.4}  alpha {alpha:.4}  a {a:.4}  b {b:.4}  log-likelihood {log_likelihood:.4}"));
    }
    for (key, why) in &found.notes.0 {
        lines.push(format!("no {key}: {why}"));
    }
    lines.push(format!(
        "{:<20} {:>6} {:>12} {:>8} {:>5} {:>8} {:>9}  classes",
        "customer", "orders", "amount", "days ago", "RFM", "P(alive)", "expected"
    ));
    for (name, person) in &found.customers.0 {
        let Rfm { recency, frequency, money } = person.rfm;
        let number = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.3}"));
        let classes: Vec<String> = person.classes.iter().map(explain).collect();
        lines.push(format!(
            "{name:<20} {:>6} {:>12.2} {:>8} {:>5} {:>8} {:>9}  {}",
            person.orders,
            person.amount,
            person.days_ago,
            format!("{recency}{frequency}{money}"),
            number(person.p_alive),
            number(person.expected_orders),
            classes.join("; ")
        ));
    }
    lines.join("\n") + "\n"
}

fn explain(class: &Class) -> String {
    match class {
        Class::Active { days_ago } => format!("active: bought {days_ago} days ago"),
        Class::Inactive { days_ago } => format!("inactive: bought {days_ago} days ago"),
        Class::Prospect => "prospect".to_owned(),
        Class::Frequent { orders, mean_gap } => format!("frequent: {orders} orders in 12 months, mean gap {mean_gap:.0} days"),
        Class::Habitual { orders, variation } => format!("habitual: {orders} orders in 12 months, gaps vary by {variation:.2}"),
        Class::Occasional { orders: 1 } => "occasional: 1 order in 12 months".to_owned(),
        Class::Occasional { orders } => format!("occasional: {orders} orders in 12 months"),
        Class::HighVolume { .. } => "high volume".to_owned(),
        Class::AverageVolume { .. } => "average volume".to_owned(),
        Class::PleasedButFragile { .. } => "pleased but fragile".to_owned(),
        Class::Dissatisfied { .. } => "dissatisfied".to_owned(),
    }
}
