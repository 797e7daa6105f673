//! Control charts: between which limits a figure moves by chance alone (Montgomery 2013, chapters 6, 7 and 9).

use statrs::function::gamma::ln_gamma;

/// One point of a chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    pub value: f64,
    pub centre: f64,
    pub low: f64,
    pub high: f64,
}

impl Point {
    /// More than chance.
    #[must_use]
    pub fn is_out(&self) -> bool {
        self.value < self.low || self.value > self.high
    }
}

/// Shares over time: `p̄ ± 3 √(p̄(1-p̄)/n_i)`, each point with the limits of its own n; within 0 and 1. Points without
/// anybody are left out.
#[must_use]
pub fn shares(counts: &[(u64, u64)]) -> Vec<Point> {
    let (hits, all) = counts.iter().fold((0, 0), |sum, point| (sum.0 + point.0, sum.1 + point.1));
    let centre = hits as f64 / (all as f64).max(1.0);
    let point = |(hits, n): &(u64, u64)| {
        let reach = 3.0 * (centre * (1.0 - centre) / *n as f64).sqrt();
        Point { value: *hits as f64 / *n as f64, centre, low: (centre - reach).max(0.0), high: (centre + reach).min(1.0) }
    };
    counts.iter().filter(|(_, n)| *n > 0).map(point).collect()
}

/// Exponentially weighted moving average (Roberts 1959): `z_t = λ x_t + (1-λ) z_(t-1)`, from the target on, within
/// `target ± 3 s √(λ/(2-λ) (1-(1-λ)^2t))`.
#[must_use]
pub fn moving_average(values: &[f64], target: f64, deviation: f64, lambda: f64) -> Vec<Point> {
    let mut average = target;
    let mut fading = 1.0;
    let mut point = |value: &f64| {
        average = lambda.mul_add(*value, (1.0 - lambda) * average);
        fading *= (1.0 - lambda).powi(2);
        let reach = 3.0 * deviation * (lambda / (2.0 - lambda) * (1.0 - fading)).sqrt();
        Point { value: average, centre: target, low: target - reach, high: target + reach }
    };
    values.iter().map(&mut point).collect()
}

/// What the standard deviation of n normal values is short of the true one: `c4 = √(2/(n-1)) Γ(n/2)/Γ((n-1)/2)`.
#[must_use]
pub fn c4(n: usize) -> f64 {
    let n = n as f64;
    (2.0 / (n - 1.0)).sqrt() * (ln_gamma(n / 2.0) - ln_gamma((n - 1.0) / 2.0)).exp()
}

/// Means of groups: `x̿ ± 3 σ/√n_i`, σ being the mean of the groups' s/c4(n_i) weighted by n_i - 1. Groups of fewer than
/// two are left out.
#[must_use]
pub fn means(groups: &[Vec<f64>]) -> Vec<Point> {
    let moments: Vec<crate::sample::Moments> = groups.iter().map(|group| group.iter().copied().collect()).collect();
    let known: Vec<(f64, f64, f64)> =
        moments.iter().filter_map(|group| Some((group.mean()?, group.deviation()? / c4(group.n), group.n as f64))).collect();
    let people: f64 = known.iter().map(|(.., n)| n).sum();
    let centre = known.iter().map(|(mean, _, n)| mean * n).sum::<f64>() / people;
    let free = people - known.len() as f64;
    let deviation = known.iter().map(|(_, deviation, n)| deviation * (n - 1.0)).sum::<f64>() / free;
    let point = |(mean, _, n): &(f64, f64, f64)| {
        let reach = 3.0 * deviation / n.sqrt();
        Point { value: *mean, centre, low: centre - reach, high: centre + reach }
    };
    known.iter().map(point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Montgomery 2013, appendix VI.
    #[test]
    fn c4_is_that_of_the_tables() {
        for (n, expected) in [(2, 0.7979), (5, 0.9400), (10, 0.9727), (25, 0.9896)] {
            assert!((c4(n) - expected).abs() < 5e-5, "{n}");
        }
    }

    #[test]
    fn a_small_sample_has_wider_limits() {
        let chart = shares(&[(10, 100), (0, 0), (5, 25), (20, 100)]);
        assert_eq!(chart.len(), 3);
        let centre = 35.0 / 225.0;
        let reach = 3.0 * (centre * (1.0 - centre) / 100.0_f64).sqrt();
        assert!((chart[0].high - (centre + reach)).abs() < 1e-12 && chart[1].high > chart[0].high && !chart[0].is_out());
    }

    #[test]
    fn a_slow_drift_is_seen_by_the_average_first() {
        let drift = [0.0, 0.5, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0];
        let chart = moving_average(&drift, 0.0, 1.0, 0.2);
        // λ = 0.2: the first limit is 3·0.2, the last goes to 3·√(0.2/1.8) = 1.
        assert!((chart[0].high - 0.6).abs() < 1e-12 && (chart[1].value - 0.1).abs() < 1e-12);
        assert!((chart[1].high - 3.0 * (0.2 / 1.8 * (1.0 - 0.8_f64.powi(4))).sqrt()).abs() < 1e-12);
        assert!(!chart[8].is_out() && chart[8].high < 1.0);
    }

    #[test]
    fn means_of_groups_spread_as_c4_says() {
        let chart = means(&[vec![1.0, 2.0, 3.0], vec![2.0, 3.0, 4.0], vec![5.0]]);
        let reach = 3.0 / c4(3) / 3.0_f64.sqrt();
        assert_eq!(chart.len(), 2);
        assert!((chart[0].centre - 2.5).abs() < 1e-12 && (chart[0].high - (2.5 + reach)).abs() < 1e-12);
    }
}
