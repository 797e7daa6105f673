//! Recency, frequency and money by quintiles (Hughes 1994): each from 1 to 5, 5 the best fifth.

/// One customer's orders up to a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bought {
    /// Days since the last order.
    pub recency: i64,
    pub orders: u32,
    pub money: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scores {
    pub recency: u8,
    pub frequency: u8,
    pub money: u8,
}

/// `1 + ⌊5 · (customers who did worse)/n⌋`: equals share a score, so a fifth is only about one where many are alike.
#[must_use]
pub fn scores(customers: &[Bought]) -> Vec<Scores> {
    let recency = fifths(&customers.iter().map(|customer| -customer.recency as f64).collect::<Vec<_>>());
    let frequency = fifths(&customers.iter().map(|customer| f64::from(customer.orders)).collect::<Vec<_>>());
    let money = fifths(&customers.iter().map(|customer| customer.money).collect::<Vec<_>>());
    let together = recency.into_iter().zip(frequency).zip(money);
    together.map(|((recency, frequency), money)| Scores { recency, frequency, money }).collect()
}

fn fifths(values: &[f64]) -> Vec<u8> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let worse = |value: &f64| sorted.partition_point(|other| other.total_cmp(value).is_lt());
    values.iter().map(|value| u8::try_from(1 + 5 * worse(value) / sorted.len()).unwrap_or(5)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifths_and_ties() {
        assert_eq!(fifths(&[10.0, 20.0, 30.0, 40.0, 50.0]), [1, 2, 3, 4, 5]);
        assert_eq!(fifths(&[1.0, 1.0, 1.0, 2.0]), [1, 1, 1, 4]);
        let found = scores(&[Bought { recency: 3, orders: 4, money: 90.0 }, Bought { recency: 300, orders: 1, money: 120.0 }]);
        assert_eq!(found[0], Scores { recency: 3, frequency: 3, money: 1 });
        assert!(scores(&[]).is_empty());
    }
}
