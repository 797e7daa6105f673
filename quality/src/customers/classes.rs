//! The classes of customers as a rule: from what is known of one on a day, to the classes and the figures that made them.

use serde::{Deserialize, Serialize};
use time::{Date, Duration};

/// Where the lines between classes lie.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lines {
    /// Days since the last order within which a customer is active.
    pub active_days: i64,
    /// Orders within twelve months from which a customer is frequent or habitual.
    pub many_orders: usize,
    pub frequent_gap_days: f64,
    /// Standard deviation of the gaps over their mean.
    pub habitual_variation: f64,
    pub pleased: f64,
    pub fragile_recommendation: f64,
    pub fragile_alive: f64,
    pub dissatisfied: f64,
}

impl Default for Lines {
    fn default() -> Self {
        Self {
            active_days: 180,
            many_orders: 3,
            frequent_gap_days: 30.0,
            habitual_variation: 0.5,
            pleased: 4.0,
            fragile_recommendation: 8.0,
            fragile_alive: 0.5,
            dissatisfied: 2.0,
        }
    }
}

/// A customer on a day.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Customer {
    /// Days with orders, in any order.
    pub orders: Vec<Date>,
    /// Quintile of money, when there are customers to compare with.
    pub money: Option<u8>,
    pub last_satisfaction: Option<f64>,
    pub last_recommendation: Option<f64>,
    pub alive: Option<f64>,
    /// A complaint that is open, or closed without the customer's word.
    pub open_complaint: bool,
}

/// A class with the figures that put a customer into it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "class", rename_all = "snake_case")]
pub enum Class {
    Active {
        days_ago: i64,
    },
    Inactive {
        days_ago: i64,
    },
    Prospect,
    Frequent {
        orders: usize,
        mean_gap: f64,
    },
    Habitual {
        orders: usize,
        variation: f64,
    },
    /// Worth a task for somebody.
    Occasional {
        orders: usize,
    },
    HighVolume {
        quintile: u8,
    },
    AverageVolume {
        quintile: u8,
    },
    PleasedButFragile {
        satisfaction: f64,
        recommendation: Option<f64>,
        alive: Option<f64>,
    },
    Dissatisfied {
        satisfaction: Option<f64>,
        complaint: bool,
    },
}

/// All classes of a customer on a day; orders after it do not count yet.
#[must_use]
pub fn classes(customer: &Customer, today: Date, lines: &Lines) -> Vec<Class> {
    let mut orders: Vec<Date> = customer.orders.iter().copied().filter(|order| *order <= today).collect();
    orders.sort_unstable();
    let mut classes = vec![by_recency(&orders, today, lines)];
    classes.extend(by_frequency(&orders, today, lines));
    if !orders.is_empty() {
        classes.extend(customer.money.and_then(by_volume));
    }
    classes.extend(by_mood(customer, lines));
    classes
}

fn by_recency(orders: &[Date], today: Date, lines: &Lines) -> Class {
    match orders.last().map(|last| (today - *last).whole_days()) {
        None => Class::Prospect,
        Some(days_ago) if days_ago <= lines.active_days => Class::Active { days_ago },
        Some(days_ago) => Class::Inactive { days_ago },
    }
}

fn by_frequency(orders: &[Date], today: Date, lines: &Lines) -> Vec<Class> {
    let year_ago = today.saturating_sub(Duration::days(365));
    let recent: Vec<Date> = orders.iter().copied().filter(|order| *order > year_ago).collect();
    let count = recent.len();
    if count == 0 {
        return Vec::new();
    }
    if count < lines.many_orders {
        return vec![Class::Occasional { orders: count }];
    }
    let gaps: crate::sample::Moments = recent.windows(2).map(|pair| (pair[1] - pair[0]).whole_days() as f64).collect();
    let (Some(mean_gap), Some(deviation)) = (gaps.mean(), gaps.deviation()) else { return Vec::new() };
    let variation = if mean_gap > 0.0 { deviation / mean_gap } else { 0.0 };
    let frequent = (mean_gap <= lines.frequent_gap_days).then_some(Class::Frequent { orders: count, mean_gap });
    let habitual = (variation <= lines.habitual_variation).then_some(Class::Habitual { orders: count, variation });
    frequent.into_iter().chain(habitual).collect()
}

const fn by_volume(quintile: u8) -> Option<Class> {
    match quintile {
        5 => Some(Class::HighVolume { quintile }),
        2..=4 => Some(Class::AverageVolume { quintile }),
        _ => None,
    }
}

fn by_mood(customer: &Customer, lines: &Lines) -> Vec<Class> {
    let Customer { last_satisfaction: satisfaction, last_recommendation: recommendation, alive, open_complaint: complaint, .. } = *customer;
    let fragile =
        recommendation.is_some_and(|score| score <= lines.fragile_recommendation) || alive.is_some_and(|p| p < lines.fragile_alive);
    let pleased = satisfaction.filter(|score| *score >= lines.pleased && fragile);
    let unhappy = complaint || satisfaction.is_some_and(|score| score <= lines.dissatisfied);
    let pleased = pleased.map(|satisfaction| Class::PleasedButFragile { satisfaction, recommendation, alive });
    pleased.into_iter().chain(unhappy.then_some(Class::Dissatisfied { satisfaction, complaint })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    const TODAY: Date = date!(2026 - 11 - 28);

    fn bought(days_ago: &[i64]) -> Customer {
        Customer { orders: days_ago.iter().map(|days| TODAY - Duration::days(*days)).collect(), ..Customer::default() }
    }

    fn of(customer: &Customer) -> Vec<Class> {
        classes(customer, TODAY, &Lines::default())
    }

    #[test]
    fn by_when_they_bought() {
        assert_eq!(of(&bought(&[])), [Class::Prospect]);
        assert_eq!(of(&bought(&[180])), [Class::Active { days_ago: 180 }, Class::Occasional { orders: 1 }]);
        assert_eq!(of(&bought(&[181]))[0], Class::Inactive { days_ago: 181 });
        assert_eq!(of(&bought(&[400, 500])), [Class::Inactive { days_ago: 400 }]);
    }

    #[test]
    fn by_how_often_and_how_evenly() {
        let even = of(&bought(&[63, 42, 21, 0]));
        assert_eq!(
            even,
            [Class::Active { days_ago: 0 }, Class::Frequent { orders: 4, mean_gap: 21.0 }, Class::Habitual { orders: 4, variation: 0.0 }]
        );
        let slow = of(&bought(&[10, 70, 130]));
        assert_eq!(slow[1..], [Class::Habitual { orders: 3, variation: 0.0 }]);
        let bursts = of(&bought(&[10, 11, 12, 90]));
        assert!(matches!(bursts[1..], [Class::Frequent { orders: 4, .. }]), "{bursts:?}");
    }

    #[test]
    fn by_volume_and_mood() {
        let customer = Customer { money: Some(5), last_satisfaction: Some(4.0), last_recommendation: Some(8.0), ..bought(&[5]) };
        assert_eq!(
            of(&customer)[2..],
            [Class::HighVolume { quintile: 5 }, Class::PleasedButFragile { satisfaction: 4.0, recommendation: Some(8.0), alive: None }]
        );
        let loyal = Customer { last_recommendation: Some(9.0), alive: Some(0.5), money: Some(1), ..customer.clone() };
        assert_eq!(of(&loyal).len(), 2);
        let leaving = Customer { alive: Some(0.49), ..loyal };
        assert!(matches!(of(&leaving)[2], Class::PleasedButFragile { .. }));
        let angry = Customer { open_complaint: true, ..bought(&[5]) };
        assert_eq!(of(&angry)[2], Class::Dissatisfied { satisfaction: None, complaint: true });
    }
}
