//! Intervals of 95 % for means, shares and recommendation.

use crate::{
    Cell, Unsaid, bootstrap,
    distributions::{normal_within, student_within},
    sample::{Moments, is_constant},
};

/// The level of every interval here.
pub const LEVEL: f64 = 0.95;
/// With fewer answers than this a mean's interval is bootstrapped.
pub const FEW: usize = 30;

/// From the first to the second, both included.
pub type Interval = (f64, f64);

/// `mean ± t(.975; n-1) s/√n`; bootstrapped (BCa) with fewer than 30 answers, which lean too much for Student's.
///
/// # Errors
/// Fewer than two answers, or all alike.
pub fn of_mean(values: &[f64]) -> Result<Interval, Unsaid> {
    let moments: Moments = values.iter().copied().collect();
    let (Some(mean), Some(deviation)) = (moments.mean(), moments.deviation()) else { return Err(Unsaid::TooFew) };
    if is_constant(deviation * deviation, mean) {
        return Err(Unsaid::Constant);
    }
    if values.len() < FEW {
        return bootstrap::of_mean(values);
    }
    of_moments(&moments)
}

/// `mean ± t(.975; n-1) s/√n` of values that are known by their moments; of 30 and more.
///
/// # Errors
/// Fewer than two answers.
pub fn of_moments(moments: &Moments) -> Result<Interval, Unsaid> {
    let (Some(mean), Some(deviation)) = (moments.mean(), moments.deviation()) else { return Err(Unsaid::TooFew) };
    let n = moments.n as f64;
    let reach = student_within(LEVEL, n - 1.0) * deviation / n.sqrt();
    Ok((mean - reach, mean + reach))
}

/// Wilson's score interval (1927) of a share, such as that of the two best answers:
/// `(p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)`.
///
/// # Errors
/// Nobody answered.
pub fn of_share(count: usize, n: usize) -> Result<Interval, Unsaid> {
    if n == 0 {
        return Err(Unsaid::TooFew);
    }
    let (n, z) = (n as f64, normal_within(LEVEL));
    let (p, square) = (count as f64 / n, z * z);
    let middle = p + square / (2.0 * n);
    let reach = z * (p * (1.0 - p) / n + square / (4.0 * n * n)).sqrt();
    let scale = 1.0 + square / n;
    Ok(((middle - reach) / scale, (middle + reach) / scale))
}

/// How many times as large the first share is as the second, from Wilson's limits of both (MOVER-R, Donner and Zou 2012):
/// the `r` at which `p1 - r p2` would be as far from nothing as its interval reaches, to either side.
///
/// # Errors
/// Nobody answered in one of them, or the second share is nothing.
pub fn of_ratio((a, n): (usize, usize), (b, m): (usize, usize)) -> Result<Interval, Unsaid> {
    let ((low1, high1), (low2, high2)) = (of_share(a, n)?, of_share(b, m)?);
    if b == 0 {
        return Err(Unsaid::TooFew);
    }
    let (p1, p2) = (a as f64 / n as f64, b as f64 / m as f64);
    // `p² - (p - limit)²`
    let inner = |p: f64, limit: f64| limit * (2.0 * p - limit);
    let root = |limit1, limit2| ((p1 * p2).powi(2) - inner(p1, limit1) * inner(p2, limit2)).max(0.0).sqrt();
    Ok((inner(p1, low1) / (p1 * p2 + root(low1, high2)), (p1 * p2 + root(high1, low2)) / inner(p2, low2)))
}

/// How many answered with one of the `top` best points of a scale that ends at `best`.
#[must_use]
pub fn top_box(answers: &[Cell], best: f64, top: u32) -> (usize, usize) {
    let given = answers.iter().flatten();
    let count = given.clone().filter(|answer| **answer > best - f64::from(top)).count();
    (count, given.count())
}

/// A net promoter score, in points from -100 to 100.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recommendation {
    pub promoters: usize,
    pub passives: usize,
    pub detractors: usize,
    pub score: f64,
    pub interval: Interval,
}

/// Promoters (9, 10) less detractors (0 to 6), in percent, with the adjusted Wald interval (Rocks 2016): three people are
/// added, three quarters of one to either side; `Var = p + d - (p - d)²`.
///
/// # Errors
/// Nobody answered.
pub fn recommendation(promoters: usize, passives: usize, detractors: usize) -> Result<Recommendation, Unsaid> {
    let n = (promoters + passives + detractors) as f64;
    if n < 1.0 {
        return Err(Unsaid::TooFew);
    }
    let score = 100.0 * (promoters as f64 - detractors as f64) / n;
    let (p, d) = ((promoters as f64 + 0.75) / (n + 3.0), (detractors as f64 + 0.75) / (n + 3.0));
    let difference = p - d;
    let reach = normal_within(LEVEL) * ((p + d - difference * difference) / (n + 3.0)).sqrt();
    let interval = (100.0 * (difference - reach), 100.0 * (difference + reach));
    Ok(Recommendation { promoters, passives, detractors, score, interval })
}

/// Answers of 0 to 10 as promoters, passives and detractors.
///
/// # Errors
/// Nobody answered.
pub fn recommendation_of(answers: &[Cell]) -> Result<Recommendation, Unsaid> {
    let count = |range: fn(f64) -> bool| answers.iter().flatten().filter(|answer| range(**answer)).count();
    recommendation(count(|answer| answer >= 9.0), count(|answer| (7.0..9.0).contains(&answer)), count(|answer| answer < 7.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_interval(found: Interval, low: f64, high: f64, within: f64) {
        assert!((found.0 - low).abs() < within && (found.1 - high).abs() < within, "{found:?} is not {low} to {high}");
    }

    /// As published in ESQUAL.md, the project's specification.
    #[test]
    fn published_intervals() {
        assert_interval(of_share(45, 60).unwrap(), 0.6277, 0.8422, 5e-5);
        let nps = recommendation(58, 24, 18).unwrap();
        assert!((nps.score - 40.0).abs() < 1e-12);
        assert_interval(nps.interval, 23.86, 53.81, 5e-3);
    }

    /// Wilson's limits by statsmodels 0.14 (proportion_confint), the two equations solved by scipy 1.15 (brentq).
    #[test]
    fn a_share_so_many_times_as_large_as_another() {
        for ((a, n), (b, m), low, high) in [
            ((56, 70), (48, 80), 1.078_294_6, 1.662_919_97),
            ((9, 10), (3, 10), 1.322_396_5, 8.368_906_1),
            ((120, 400), (90, 400), 1.054_633_97, 1.686_830_7),
            ((10, 10), (20, 20), 0.722_467_2, 1.192_072_9),
        ] {
            assert_interval(of_ratio((a, n), (b, m)).unwrap(), low, high, 1e-6);
        }
        assert_eq!(of_ratio((3, 4), (0, 4)), Err(Unsaid::TooFew));
    }

    #[test]
    fn everyone_or_no_one_stays_within_the_scale() {
        let (low, high) = of_share(20, 20).unwrap();
        assert!(low > 0.8 && high <= 1.0 + 1e-12);
        assert_eq!(of_share(0, 0), Err(Unsaid::TooFew));
        assert_eq!(recommendation_of(&[None]), Err(Unsaid::TooFew));
    }

    #[test]
    fn boxes_and_answers_are_counted_without_those_that_are_missing() {
        let answers = [Some(5.0), Some(4.0), Some(3.0), None];
        assert_eq!(top_box(&answers, 5.0, 2), (2, 3));
        let nps = recommendation_of(&[Some(10.0), Some(9.0), Some(8.0), Some(7.0), Some(6.0), Some(0.0), None]).unwrap();
        assert_eq!((nps.promoters, nps.passives, nps.detractors), (2, 2, 2));
    }

    /// R 4.2: t.test(1:40)$conf.int
    #[test]
    fn a_mean_of_forty() {
        let values: Vec<f64> = (1..=40).map(f64::from).collect();
        assert_interval(of_mean(&values).unwrap(), 16.761_212, 24.238_788, 1e-5);
        assert_eq!(of_mean(&[3.0; 40]), Err(Unsaid::Constant));
    }
}
