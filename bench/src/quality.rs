//! The statistics: a factor model over many answers, and who of many customers will come back.

use crate::report::{Report, Target};
use ::quality::{
    customers::{
        classes::{self, Customer, Lines},
        lifetime::{self, History},
        rfm::{self, Bought},
    },
    factor::{self, Model},
};
use anyhow::{Result, anyhow};
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::time::Instant;
use time::{Date, Duration, macros::date};

/// E-S-QUAL and E-RecS-QUAL.
const ITEMS: [usize; 7] = [8, 4, 7, 3, 5, 3, 3];
const PEOPLE: usize = 5_000;
const CUSTOMERS: usize = 100_000;
const TODAY: Date = date!(2026 - 06 - 30);

pub fn measure(report: &mut Report) -> Result<()> {
    report.area("Statistics");
    let answers = answers();
    let began = Instant::now();
    let solution = factor::fit(&answers, &Model::of_sizes(&ITEMS)).map_err(|why| anyhow!("{why}"))?;
    let seconds = began.elapsed().as_secs_f64();
    report.figure("quality", "factor model of 33 items and 5,000 people", 1000.0 * seconds, "ms", Target::AtMost(1_000.0));
    report.note(format!("chi2 {:.1} with {} df", solution.fit.chi2, solution.fit.df));

    let customers = customers();
    let began = Instant::now();
    let classed = classify(&customers)?;
    let seconds = began.elapsed().as_secs_f64();
    report.figure("quality", "model, scores and classes of 100,000 customers", seconds, "s", Target::AtMost(60.0));
    report.note(format!("{classed} classes given"));
    Ok(())
}

/// Answers on five points to items that share what their dimension says, and dimensions that share something.
fn answers() -> nalgebra::DMatrix<f64> {
    let mut random = StdRng::seed_from_u64(5);
    let mut normal = move || (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0;
    let factor_of: Vec<usize> = ITEMS.iter().enumerate().flat_map(|(factor, size)| std::iter::repeat_n(factor, *size)).collect();
    let mut rows = nalgebra::DMatrix::zeros(PEOPLE, factor_of.len());
    for mut row in rows.row_iter_mut() {
        let shared = normal();
        let factors = ITEMS.map(|_| 0.7 * shared + 0.7 * normal());
        for (cell, factor) in row.iter_mut().zip(&factor_of) {
            *cell = (3.5 + 0.7 * factors[*factor] + 0.7 * normal()).round().clamp(1.0, 5.0);
        }
    }
    rows
}

/// Days of orders: some buy often, most once or twice.
fn customers() -> Vec<Vec<Date>> {
    let mut random = StdRng::seed_from_u64(7);
    let mut one = |_| {
        let leaving = 0.8 * random.random::<f64>().powi(2);
        let pace = 10.0 + 400.0 * random.random::<f64>().powi(2);
        let mut day = 730.0 * random.random::<f64>();
        let mut orders = Vec::new();
        while day < 730.0 {
            orders.push(TODAY - Duration::days(730 - day as i64));
            if random.random::<f64>() < leaving {
                break;
            }
            day += 1.0 - pace * (1.0 - random.random::<f64>()).ln();
        }
        orders
    };
    (0..CUSTOMERS).map(&mut one).collect()
}

fn classify(customers: &[Vec<Date>]) -> Result<usize> {
    let days = |from: Date, to: Date| (to - from).whole_days();
    let history = |orders: &Vec<Date>| {
        let (first, last) = (orders[0], orders[orders.len() - 1]);
        let weeks = |from, to| days(from, to) as f64 / 7.0;
        History { repeats: orders.len() as u32 - 1, recency: weeks(first, last), age: weeks(first, TODAY) }
    };
    let bought = |orders: &Vec<Date>| Bought {
        recency: days(orders[orders.len() - 1], TODAY),
        orders: orders.len() as u32,
        money: 30.0 * orders.len() as f64,
    };
    let histories: Vec<History> = customers.iter().map(history).collect();
    let model = lifetime::fit(&histories).map_err(|why| anyhow!("{why}"))?;
    let scores = rfm::scores(&customers.iter().map(bought).collect::<Vec<_>>());
    let people = customers.iter().zip(&histories).zip(scores);
    let classes = people.map(|((orders, history), scores)| {
        let alive = Some(model.alive(history)).filter(|_| model.expected(history, 12.0).is_finite());
        let customer = Customer { orders: orders.clone(), money: Some(scores.money), alive, ..Customer::default() };
        classes::classes(&customer, TODAY, &Lines::default()).len()
    });
    Ok(classes.sum())
}
