//! Probabilities and quantiles: thin names over `statrs`, and what it lacks.

use statrs::{
    distribution::{ContinuousCDF, Normal},
    function::{
        beta::beta_reg,
        gamma::{gamma_lr, gamma_ur, ln_gamma},
    },
};
use std::f64::consts::SQRT_2;

/// P(|T| >= |t|) = I(df/2, 1/2; df/(df + t²)).
#[must_use]
pub fn student_two_sided(t: f64, df: f64) -> f64 {
    if t.is_infinite() { 0.0 } else { beta_reg(df / 2.0, 0.5, df / t.mul_add(t, df)) }
}

/// The t that a share `level` of Student's distribution lies within, on both sides: 0.95 gives the 0.975 quantile.
#[must_use]
pub fn student_within(level: f64, df: f64) -> f64 {
    let beyond = |t: f64| student_two_sided(t, df) - (1.0 - level);
    let mut high = 2.0;
    while beyond(high) > 0.0 {
        high *= 2.0;
    }
    root(beyond, 0.0, high)
}

/// Quantile of F: `P(F <= x) = I(d1/2, d2/2; d1 x/(d1 x + d2))`.
#[must_use]
pub fn f_quantile(p: f64, d1: f64, d2: f64) -> f64 {
    let below = |share: f64| beta_reg(d1 / 2.0, d2 / 2.0, share) - p;
    let share = root(below, 0.0, 1.0);
    d2 * share / (d1 * (1.0 - share))
}

#[must_use]
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * statrs::function::erf::erfc(-z / SQRT_2)
}

#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    Normal::standard().inverse_cdf(p)
}

/// The z that a share `level` lies within: 0.95 gives 1.96.
#[must_use]
pub fn normal_within(level: f64) -> f64 {
    normal_quantile(0.5 + level / 2.0)
}

/// P(X > x) for chi squared.
#[must_use]
pub fn chi_squared_beyond(x: f64, df: f64) -> f64 {
    if x <= 0.0 { 1.0 } else { gamma_ur(df / 2.0, x / 2.0) }
}

/// P(X <= x) for chi squared with noncentrality: central ones mixed by a Poisson distribution of mean `noncentrality`/2,
/// summed from its middle outwards (Johnson, Kotz & Balakrishnan 1995, 29.3).
#[must_use]
pub fn noncentral_chi_squared(x: f64, df: f64, noncentrality: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if noncentrality <= 0.0 {
        return gamma_lr(df / 2.0, x / 2.0);
    }
    let half = noncentrality / 2.0;
    let weight = |j: f64| (j.mul_add(half.ln(), -half) - ln_gamma(j + 1.0)).exp();
    let term = |j: f64| weight(j) * gamma_lr(df / 2.0 + j, x / 2.0);
    let middle = half.floor();
    let counts = |j: &f64| weight(*j) > 1e-18;
    let up = (0_u32..).map(|step| middle + f64::from(step)).take_while(counts).map(term);
    let down = (1_u32..).map(|step| middle - f64::from(step)).take_while(|j| *j >= 0.0 && counts(j)).map(term);
    (up.sum::<f64>() + down.sum::<f64>()).min(1.0)
}

/// Where a monotone function crosses zero between two points on either side of it (Ridders 1979).
#[must_use]
pub fn root(function: impl Fn(f64) -> f64, low: f64, high: f64) -> f64 {
    let (mut low, mut high) = (low, high);
    let (mut at_low, mut at_high) = (function(low), function(high));
    let mut best = if at_low.abs() < at_high.abs() { low } else { high };
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        let at_middle = function(middle);
        let bend = at_middle.mul_add(at_middle, -(at_low * at_high)).sqrt();
        if bend <= 0.0 || bend.is_nan() {
            return middle;
        }
        let step = (middle - low) * at_middle / bend;
        let next = if at_low >= at_high { middle + step } else { middle - step };
        if (next - best).abs() <= 1e-14 * next.abs() {
            return next;
        }
        best = next;
        let at_next = function(next);
        // Keep the two neighbours between which the sign changes.
        if (at_middle > 0.0) != (at_next > 0.0) {
            (low, at_low, high, at_high) = (middle, at_middle, next, at_next);
        } else if (at_low > 0.0) == (at_next > 0.0) {
            (low, at_low) = (next, at_next);
        } else {
            (high, at_high) = (next, at_next);
        }
        if at_next.abs() < 1e-300 || (high - low).abs() <= 1e-14 * high.abs() {
            return next;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-7 * expected.abs().max(1.0), "{found} is not {expected}");
    }

    /// R 4.2: qt(.975, 7), qf(.975, 9, 27), qf(.025, 299, 2093), pchisq(30, 10, ncp = 12), pchisq(2200, 474, ncp = 1650),
    /// 2 * pt(-2.5, 12.3).
    #[test]
    fn they_agree_with_r() {
        assert_close(student_within(0.95, 7.0), 2.364_624_251_592_785);
        assert_close(f_quantile(0.975, 9.0, 27.0), 2.630_855_587_92);
        assert_close(f_quantile(0.025, 299.0, 2093.0), 0.837_594_940_23);
        assert_close(noncentral_chi_squared(30.0, 10.0, 12.0), 0.838_191_321_999);
        assert_close(noncentral_chi_squared(2200.0, 474.0, 1650.0), 0.809_874_005_331);
        assert_close(normal_within(0.95), 1.959_963_984_540_054);
        assert_close(student_two_sided(-2.5, 12.3), 0.027_492_775_039_9);
    }
}
