//! The studentized range: how far apart the largest and the smallest of k means lie, in units of an estimated error.

use crate::distributions::{normal_cdf, root};
use statrs::function::gamma::ln_gamma;

/// P(Q <= q) for k means and an error estimated with `df` degrees of freedom:
/// `∫ f(s) W(q s) ds`, `W(w) = k ∫ φ(z) (Φ(z) - Φ(z - w))^(k-1) dz`, s² being chi squared over its df
/// (Copenhaver & Holland 1988). Both integrals by the trapezoid rule, that over s in ln s: the integrands fade so fast
/// on both sides that it is exact to rounding.
#[must_use]
pub fn cdf(q: f64, k: usize, df: f64) -> f64 {
    if q <= 0.0 {
        return 0.0;
    }
    if df > 25_000.0 {
        return range_of_normals(q, k);
    }
    let half = df / 2.0;
    let constant = 2.0_f64.ln() + half * half.ln() - ln_gamma(half);
    let density = |u: f64| df.mul_add(u, constant) - half * (2.0 * u).exp();
    let step = (0.5 / (2.0 * df).sqrt()).min(0.1);
    let peak = density(0.0);
    let matters = |u: &f64| density(*u) > peak - 42.0;
    let term = |u: f64| density(u).exp() * range_of_normals(q * u.exp(), k);
    let up: f64 = (0_u32..).map(|i| step * f64::from(i)).take_while(matters).map(term).sum();
    let down: f64 = (1_u32..).map(|i| -step * f64::from(i)).take_while(matters).map(term).sum();
    ((up + down) * step).clamp(0.0, 1.0)
}

fn range_of_normals(w: f64, k: usize) -> f64 {
    const STEP: f64 = 0.125;
    const SIDE: i32 = 68;
    let power = i32::try_from(k).unwrap_or(i32::MAX) - 1;
    let sum: f64 = (-SIDE..=SIDE)
        .map(|i| {
            let z = STEP * f64::from(i);
            (-z * z / 2.0).exp() * (normal_cdf(z) - normal_cdf(z - w)).powi(power)
        })
        .sum();
    k as f64 * sum * STEP / (2.0 * std::f64::consts::PI).sqrt()
}

/// The q below which the range lies with probability `p`.
#[must_use]
pub fn quantile(p: f64, k: usize, df: f64) -> f64 {
    let mut high = 4.0;
    while cdf(high, k, df) < p {
        high *= 2.0;
    }
    root(|q| cdf(q, k, df) - p, 0.0, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distributions::student_two_sided;

    /// R 4.2: ptukey(3.5, 3, 20), ptukey(4.2, 7, 133.7), qtukey(.95, 4, 11.5).
    #[test]
    fn it_agrees_with_r() {
        for (q, k, df, expected) in [(3.5, 3, 20.0, 0.944_108_150_918), (4.2, 7, 133.7, 0.946_649_001_712)] {
            assert!((cdf(q, k, df) - expected).abs() < 1e-9, "{q} {k} {df}: {} is not {expected}", cdf(q, k, df));
        }
        assert!((quantile(0.95, 4, 11.5) - 4.226_015_865_11).abs() < 1e-6);
    }

    /// Two means: Q = √2 |t|.
    #[test]
    fn of_two_it_is_students_t() {
        for (q, df) in [(2.0, 1.0), (3.0, 4.5), (1.0, 30_000.0), (2.8, 900.0)] {
            let expected = 1.0 - student_two_sided(q / 2.0_f64.sqrt(), df);
            // Of many degrees of freedom the limit is taken.
            let within = if df > 25_000.0 { 1e-5 } else { 1e-9 };
            assert!((cdf(q, 2, df) - expected).abs() < within, "{q} {df}: {} is not {expected}", cdf(q, 2, df));
        }
    }
}
