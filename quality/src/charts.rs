//! Control charts: between which limits a figure moves by chance alone (Montgomery 2013, chapters 6, 7 and 9).

use crate::{distributions::normal_cdf, sample::Moments};
use statrs::{
    distribution::{Binomial, DiscreteCDF},
    function::gamma::ln_gamma,
};

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
    let moments: Vec<Moments> = groups.iter().map(|group| group.iter().copied().collect()).collect();
    means_of(&moments).into_iter().flatten().collect()
}

/// The same of groups that are known by their moments, each in its place; nothing for groups of fewer than two.
#[must_use]
pub fn means_of(groups: &[Moments]) -> Vec<Option<Point>> {
    let known: Vec<Option<(f64, f64, f64)>> =
        groups.iter().map(|group| Some((group.mean()?, group.deviation()? / c4(group.n), group.n as f64))).collect();
    let sum = |of: fn(&(f64, f64, f64)) -> f64| known.iter().flatten().map(of).sum::<f64>();
    let people = sum(|(.., n)| *n);
    let centre = sum(|(mean, _, n)| mean * n) / people;
    let free = people - known.iter().flatten().count() as f64;
    let deviation = sum(|(_, deviation, n)| deviation * (n - 1.0)) / free;
    let point = |(mean, _, n): (f64, f64, f64)| {
        let reach = 3.0 * deviation / n.sqrt();
        Point { value: mean, centre, low: centre - reach, high: centre + reach }
    };
    known.into_iter().map(|group| group.map(point)).collect()
}

/// The same against what is usual: groups that are outside the limits around the median group are left out and the limits
/// drawn anew, so that a fault does not widen the very limits that it is to be seen by (phase I of Montgomery 2013, 6.2).
#[must_use]
pub fn means_against_the_usual(groups: &[Moments]) -> Vec<Option<Point>> {
    let first = means_of(groups);
    let Some(middle) = median(first.iter().flatten().map(|point| point.value)) else { return first };
    let is_usual = |point: &Option<Point>| point.is_some_and(|point| (point.value - middle).abs() <= point.high - point.centre);
    let usual: Vec<Moments> =
        groups.iter().zip(&first).map(|(group, point)| if is_usual(point) { *group } else { Moments::default() }).collect();
    let limits = usual.iter().zip(means_of(&usual)).find_map(|(group, point)| {
        let point = point?;
        Some((point.centre, (point.high - point.centre) * (group.n as f64).sqrt()))
    });
    let Some((centre, reach)) = limits else { return first };
    let point = |group: &Moments| {
        let reach = reach / (group.n as f64).sqrt();
        Some(Point { value: group.mean()?, centre, low: centre - reach, high: centre + reach })
    };
    groups.iter().map(|group| point(group).filter(|_| group.n > 1)).collect()
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// The share of all, without those that are outside the limits around the median share: `(hits + ½)/(n + 1)` (Jeffreys), for
/// what never failed yet is not sure never to fail.
#[must_use]
pub fn usual_share(counts: &[(u64, u64)]) -> f64 {
    let share = |counts: &mut dyn Iterator<Item = &(u64, u64)>| {
        let (hits, n) = counts.fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
        (hits as f64 + 0.5) / (n as f64 + 1.0)
    };
    let Some(middle) = median(counts.iter().filter(|(_, n)| *n > 0).map(|(hits, n)| (*hits as f64 + 0.5) / (*n as f64 + 1.0))) else {
        return share(&mut counts.iter());
    };
    let is_usual = |(hits, n): &&(u64, u64)| {
        let reach = 3.0 * (middle * (1.0 - middle) / *n as f64).sqrt();
        *n > 0 && (*hits as f64 / *n as f64 - middle).abs() <= reach
    };
    share(&mut counts.iter().filter(is_usual))
}

/// How probable a mean so far from the centre is by chance, two-sided. Its standard error is that of the limits, which
/// stand three away, or the group's own where that is larger: a few who were very unhappy among many who were not are
/// less than everybody being less happy.
#[must_use]
pub fn chance_of_mean(point: &Point, group: &Moments) -> f64 {
    let own = group.deviation().map_or(0.0, |deviation| deviation / (group.n as f64).sqrt());
    let error = own.max((point.high - point.centre) / 3.0);
    if error <= 0.0 {
        return 1.0;
    }
    2.0 * normal_cdf(-((point.value - point.centre) / error).abs())
}

/// How probable a share of `hits` in `n` or one farther out is when `centre` is the true one: twice the smaller tail of
/// the binomial, which no small n misleads.
#[must_use]
pub fn chance_of_share(hits: u64, n: u64, centre: f64) -> f64 {
    let Ok(binomial) = Binomial::new(centre.clamp(0.0, 1.0), n) else { return 1.0 };
    let at_most = binomial.cdf(hits);
    let at_least = if hits == 0 { 1.0 } else { binomial.sf(hits - 1) };
    (2.0 * at_most.min(at_least)).clamp(0.0, 1.0)
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

    /// R 4.2: 2 * pnorm(-3), 2 * pbinom(12, 20, 0.95) and 2 * (1 - pbinom(19, 20, 0.8)).
    #[test]
    fn what_chance_would_do() {
        let point = Point { value: 1.0, centre: 4.0, low: 1.0, high: 7.0 };
        let alike: Moments = [0.5, 1.5].into_iter().collect();
        assert!((chance_of_mean(&point, &alike) - 0.002_699_796).abs() < 1e-8);
        let torn: Moments = [-1.0, 3.0].into_iter().collect();
        assert!((chance_of_mean(&point, &torn) - 0.133_614_4).abs() < 1e-6, "2 * pnorm(-1.5)");
        assert!((chance_of_share(12, 20, 0.95) - 5.713_771e-6).abs() < 1e-10, "{}", chance_of_share(12, 20, 0.95));
        assert!((chance_of_share(20, 20, 0.8) - 0.023_058_43).abs() < 1e-8);
    }

    #[test]
    fn a_fault_does_not_widen_the_limits_that_show_it() {
        let usual = |shift: f64| -> Moments { (0..20).map(|i| shift + f64::from(i % 5)).collect() };
        let groups: Vec<Moments> = (0..9).map(|_| usual(0.0)).chain([usual(-1.5)]).collect();
        let chart = means_against_the_usual(&groups);
        assert!((chart[9].unwrap().centre - 2.0).abs() < 1e-12 && chart[9].unwrap().is_out() && !chart[0].unwrap().is_out());
        assert!(means_of(&groups)[9].unwrap().centre < 2.0);
        assert!((usual_share(&[(95, 100), (94, 100), (96, 100), (40, 100)]) - 285.5 / 301.0).abs() < 1e-12);
        let spotless = usual_share(&[(10, 10); 12]);
        assert!(chance_of_share(9, 10, spotless) > 0.05, "one broken promise of a carrier that never broke any is no fault yet");
    }

    #[test]
    fn whole_sums_say_the_same_as_the_values() {
        let values = [3.25_f64, 4.5, 1.0, 5.0, 4.75];
        let whole: Vec<i128> = values.iter().map(|value| (value * 1e6) as i128).collect();
        let known = Moments::of_sums(5, whole.iter().sum(), whole.iter().map(|value| value * value).sum(), 1e-6);
        let straight: Moments = values.into_iter().collect();
        assert!((known.mean().unwrap() - straight.mean().unwrap()).abs() < 1e-12);
        assert!((known.variance().unwrap() - straight.variance().unwrap()).abs() < 1e-12);
    }
}
