//! Intervals from resampling people, where no formula holds. Seeded: the same answers always give the same interval.

use crate::{
    Unsaid,
    distributions::{normal_cdf, normal_quantile},
    intervals::{Interval, LEVEL},
};
use rand::{Rng, SeedableRng, rngs::StdRng};

const SEED: u64 = 20_05;
const RESAMPLES: usize = 10_000;

/// The mean's interval, bias-corrected and accelerated (Efron 1987): the ends are the quantiles
/// `Φ(z0 + (z0 ± z)/(1 - a (z0 ± z)))` of the resampled means, with z0 from the share of them below the mean and a from
/// the skew of the values.
///
/// # Errors
/// Fewer than two values.
pub fn of_mean(values: &[f64]) -> Result<Interval, Unsaid> {
    let n = values.len();
    if n < 2 {
        return Err(Unsaid::TooFew);
    }
    let mean = values.iter().sum::<f64>() / n as f64;
    let mut random = StdRng::seed_from_u64(SEED);
    let mut means: Vec<f64> = (0..RESAMPLES).map(|_| (0..n).map(|_| values[random.random_range(0..n)]).sum::<f64>() / n as f64).collect();
    means.sort_by(f64::total_cmp);
    let tie = 1e-9 * mean.abs().max(1.0);
    let below = means.partition_point(|resampled| *resampled < mean - tie);
    let equal = means.partition_point(|resampled| *resampled <= mean + tie) - below;
    // Answers on a scale tie often: half of the ties count as below.
    let share = (below as f64 + equal as f64 / 2.0) / RESAMPLES as f64;
    let bias = normal_quantile(share.clamp(1e-4, 1.0 - 1e-4));
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let cubes: f64 = values.iter().map(|value| (value - mean).powi(3)).sum();
    let acceleration = if squares > 0.0 { cubes / (6.0 * squares.powf(1.5)) } else { 0.0 };
    let end = |z: f64| {
        let moved = bias + z;
        quantile(&means, normal_cdf(bias + moved / (1.0 - acceleration * moved)))
    };
    let z = normal_quantile(f64::midpoint(1.0, LEVEL));
    Ok((end(-z), end(z)))
}

/// The quantiles that hold the middle 95 % of a statistic over resampled people; resamples for which it cannot be said
/// are left out.
///
/// # Errors
/// It can be said for fewer than half of them.
pub fn of_people(people: usize, resamples: usize, statistic: impl Fn(&[usize]) -> Option<f64>) -> Result<Interval, Unsaid> {
    let mut random = StdRng::seed_from_u64(SEED);
    let mut drawn = vec![0; people];
    let mut found = Vec::with_capacity(resamples);
    for _ in 0..resamples {
        drawn.fill_with(|| random.random_range(0..people));
        found.extend(statistic(&drawn));
    }
    if found.len() * 2 < resamples || found.is_empty() {
        return Err(Unsaid::TooFew);
    }
    found.sort_by(f64::total_cmp);
    let beyond = (1.0 - LEVEL) / 2.0;
    Ok((quantile(&found, beyond), quantile(&found, 1.0 - beyond)))
}

/// Between the neighbours, as R's default does (Hyndman & Fan's seventh).
fn quantile(sorted: &[f64], p: f64) -> f64 {
    let place = p.clamp(0.0, 1.0) * (sorted.len() - 1) as f64;
    let low = place.floor() as usize;
    let high = (low + 1).min(sorted.len() - 1);
    (sorted[high] - sorted[low]).mul_add(place - low as f64, sorted[low])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R 4.2, boot: boot.ci(boot(c(1,2,2,3,3,3,4,4,5,5,5,5), \(x, i) mean(x[i]), 1e6), type = "bca") gives 2.67 to 4.17.
    #[test]
    fn a_mean_of_twelve() {
        let values = [1.0, 2.0, 2.0, 3.0, 3.0, 3.0, 4.0, 4.0, 5.0, 5.0, 5.0, 5.0];
        let (low, high) = of_mean(&values).unwrap();
        assert!((low - 2.67).abs() < 0.09 && (high - 4.17).abs() < 0.09, "{low} to {high}");
        assert_eq!(of_mean(&values).unwrap(), (low, high), "the same answers give the same interval");
    }
}
