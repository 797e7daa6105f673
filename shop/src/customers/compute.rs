//! From what people bought to what is known of them on a day: numbers in, numbers out.

use super::rules::Rules;
use domain::customers::Reason;
use quality::customers::{
    classes::{self, Class, Customer, Lines},
    lifetime::{self, History, Model},
    rfm::{self, Bought, Scores},
};
use time::Date;

/// The model says something of people where so many of them came back, else of chance.
const LEAST_REPEATERS: usize = 20;
/// Holds the model of customers who are too few or too much alike for the likelihood alone.
const PENALTY: f64 = 0.01;
const DAYS_A_WEEK: f64 = 7.0;
/// For how many weeks orders are expected.
const AHEAD: f64 = 12.0;
/// Somebody of this fifth of money or a better one is missed.
const OF_VALUE: u8 = 4;

/// Somebody who bought something.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) email: String,
    pub(super) name: String,
    /// Days of orders, oldest first, never none.
    pub(super) days: Vec<Date>,
    pub(super) spent_minor: i64,
    pub(super) satisfaction: Option<u8>,
    pub(super) complaint: bool,
}

/// The model of all, and whether it had to be held.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fitted {
    pub(super) model: Model,
    pub(super) held: bool,
}

/// What is known of them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Standing {
    pub(super) email: String,
    pub(super) name: String,
    pub(super) orders: i32,
    pub(super) spent_minor: i64,
    pub(super) first_on: Date,
    pub(super) last_on: Date,
    pub(super) scores: Scores,
    pub(super) alive: Option<f64>,
    pub(super) expected: Option<f64>,
    pub(super) loss_minor: Option<i64>,
    pub(super) reasons: Vec<Reason>,
}

/// The model of all, where there is one, and everybody's standing in the same order.
pub(super) fn standings(people: Vec<Person>, today: Date, rules: Rules) -> (Option<Fitted>, Vec<Standing>) {
    let histories: Vec<History> = people.iter().map(|person| history(&person.days, today)).collect();
    let repeaters = histories.iter().filter(|history| history.repeats > 0).count();
    let model = if repeaters < LEAST_REPEATERS { None } else { fitted(&histories) };
    let bought: Vec<Bought> = people.iter().map(|person| bought(person, today)).collect();
    let lines = rules.lines();
    let each = people.into_iter().zip(histories).zip(rfm::scores(&bought));
    let of_all = model.as_ref().map(|fitted| &fitted.model);
    let standings = each.map(|((person, history), scores)| standing(person, &history, scores, of_all, today, &lines));
    let standings = standings.collect();
    (model, standings)
}

/// By the likelihood alone where that settles.
fn fitted(histories: &[History]) -> Option<Fitted> {
    let free = lifetime::fit(histories).map(|model| Fitted { model, held: false });
    free.or_else(|_| lifetime::fit_held(histories, PENALTY).map(|model| Fitted { model, held: true })).ok()
}

fn history(days: &[Date], today: Date) -> History {
    let (first, last) = (days[0], days[days.len() - 1]);
    let weeks = |from: Date, to: Date| (to - from).whole_days() as f64 / DAYS_A_WEEK;
    let others = days.windows(2).filter(|pair| pair[0] != pair[1]).count();
    History { repeats: u32::try_from(others).unwrap_or(u32::MAX), recency: weeks(first, last), age: weeks(first, today) }
}

fn bought(person: &Person, today: Date) -> Bought {
    Bought {
        recency: (today - person.days[person.days.len() - 1]).whole_days(),
        orders: u32::try_from(person.days.len()).unwrap_or(u32::MAX),
        money: person.spent_minor as f64,
    }
}

fn standing(person: Person, history: &History, scores: Scores, model: Option<&Model>, today: Date, lines: &Lines) -> Standing {
    let alive = model.map(|model| model.alive(history));
    let expected = model.map(|model| model.expected(history, AHEAD)).filter(|expected| expected.is_finite());
    let (first_on, last_on) = (person.days[0], person.days[person.days.len() - 1]);
    let orders = i32::try_from(person.days.len()).unwrap_or(i32::MAX);
    let leaving = alive.zip(expected).filter(|(alive, _)| scores.money >= OF_VALUE && *alive < lines.fragile_alive);
    let loss_minor = leaving.map(|(alive, expected)| loss(alive, expected, person.spent_minor as f64 / f64::from(orders)));
    let customer = Customer {
        orders: person.days,
        money: Some(scores.money),
        last_satisfaction: person.satisfaction.map(f64::from),
        last_recommendation: None,
        alive,
        open_complaint: person.complaint,
    };
    let reasons = classes::classes(&customer, today, lines).iter().filter_map(|class| reason(class, last_on)).collect();
    Standing {
        email: person.email,
        name: person.name,
        orders,
        spent_minor: person.spent_minor,
        first_on,
        last_on,
        scores,
        alive: alive.map(|alive| rounded(alive, 3)),
        expected: expected.map(|expected| rounded(expected, 3)),
        loss_minor,
        reasons,
    }
}

/// What somebody would spend within the weeks ahead if they had not left (`expected` counts that they may have), times the
/// chance that they have.
fn loss(alive: f64, expected: f64, mean_minor: f64) -> i64 {
    let if_there = if alive > 0.0 { expected / alive } else { 0.0 };
    (if_there * mean_minor * (1.0 - alive)).round() as i64
}

/// The figures, as exactly as they are told.
fn reason(class: &Class, last: Date) -> Option<Reason> {
    let count = |orders: usize| u32::try_from(orders).unwrap_or(u32::MAX);
    Some(match *class {
        Class::Active { .. } => Reason::Active { last },
        Class::Inactive { .. } => Reason::Inactive { last },
        Class::Prospect => return None,
        Class::Frequent { orders, mean_gap } => Reason::Frequent { orders: count(orders), mean_gap: rounded(mean_gap, 1) },
        Class::Habitual { orders, variation } => Reason::Habitual { orders: count(orders), variation: rounded(variation, 2) },
        Class::Occasional { orders } => Reason::Occasional { orders: count(orders) },
        Class::HighVolume { quintile } => Reason::HighVolume { money: quintile },
        Class::AverageVolume { quintile } => Reason::AverageVolume { money: quintile },
        Class::PleasedButFragile { satisfaction, alive, .. } => {
            Reason::PleasedButFragile { satisfaction: satisfaction as u8, alive: rounded(alive?, 2) }
        }
        Class::Dissatisfied { satisfaction, complaint } => {
            Reason::Dissatisfied { satisfaction: satisfaction.map(|score| score as u8), complaint }
        }
    })
}

fn rounded(value: f64, places: i32) -> f64 {
    let scale = 10_f64.powi(places);
    (value * scale).round() / scale
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::{Duration, macros::date};

    const TODAY: Date = date!(2026 - 11 - 28);

    fn person(n: usize, days_ago: &[i64], spent_minor: i64) -> Person {
        let days = days_ago.iter().map(|days| TODAY - Duration::days(*days)).collect();
        Person { email: format!("{n}@example.org"), name: String::new(), days, spent_minor, satisfaction: None, complaint: false }
    }

    /// Who bought every ten days for long and then stopped stands among sixty who come and go.
    #[test]
    fn whoever_spent_much_and_stays_away_is_at_risk_by_what_is_lost() {
        let mut people: Vec<Person> = (0..60).map(|n| person(n, &[200 + n as i64, 90 + n as i64, 5 + n as i64], 3_000)).collect();
        people.push(person(60, &[400, 390, 380, 370, 360, 350, 340], 70_000));
        people.push(person(61, &[60, 50, 40, 30, 20, 10, 1], 70_000));
        let (model, standings) = standings(people, TODAY, Rules::default());
        assert!(model.is_some());
        let (gone, there) = (&standings[60], &standings[61]);
        assert!(gone.alive.unwrap() < 0.5 && there.alive.unwrap() > 0.5, "{gone:?} {there:?}");
        assert!(gone.loss_minor.unwrap() > 0 && there.loss_minor.is_none(), "who is there is not lost");
        assert!(standings[..60].iter().all(|each| each.loss_minor.is_none()), "nor is who spent little");
        // Still there after 57 weeks with seven orders, they would order about once in 12 weeks: 100 euros, most of it lost.
        assert!((5_000..12_000).contains(&gone.loss_minor.unwrap()), "{gone:?}");
    }

    #[test]
    fn a_loss_is_what_would_be_spent_times_the_chance_that_it_is_not() {
        assert_eq!(loss(0.25, 0.5, 1_000.0), 1_500);
        assert_eq!(loss(0.0, 0.0, 1_000.0), 0);
    }

    #[test]
    fn of_few_people_the_model_says_nothing() {
        let (model, standings) = standings((0..19).map(|n| person(n, &[40, 20], 1_000)).collect(), TODAY, Rules::default());
        assert!(model.is_none() && standings.iter().all(|each| each.alive.is_none() && each.expected.is_none()));
    }
}
