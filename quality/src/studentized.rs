//! The studentized range: how far apart the largest and the smallest of k means lie, in units of an estimated error.

use crate::distributions::{normal_cdf, root};
use statrs::function::gamma::ln_gamma;
use std::sync::LazyLock;

/// Beyond so many degrees of freedom the error is as good as known.
const MANY: f64 = 25_000.0;
/// Both integrands are smooth and fade on both sides, so that the trapezoid rule errs by less than 1e-9 with steps as wide
/// as these: in standard deviations of ln s, and of z.
const STEP_OF_ERROR: f64 = 0.7;
const STEP: f64 = 0.25;
/// Standard deviations to either side, times [`STEP`].
const SIDE: i32 = 32;

/// P(Q <= q) for k means and an error estimated with `df` degrees of freedom:
/// `∫ f(s) W(q s) ds`, `W(w) = k ∫ φ(z) (Φ(z) - Φ(z - w))^(k-1) dz`, s² being chi squared over its df
/// (Copenhaver & Holland 1988); that over s is taken in ln s.
#[must_use]
pub fn cdf(q: f64, k: usize, df: f64) -> f64 {
    if q <= 0.0 {
        return 0.0;
    }
    if df > MANY {
        return range_of_normals(q, k);
    }
    let half = df / 2.0;
    let constant = 2.0_f64.ln() + half * half.ln() - ln_gamma(half);
    let density = |u: f64| df.mul_add(u, constant) - half * (2.0 * u).exp();
    let step = (STEP_OF_ERROR / (2.0 * df).sqrt()).min(0.1);
    let peak = density(0.0);
    let matters = |u: &f64| density(*u) > peak - 32.0;
    let term = |u: f64| density(u).exp() * range_of_normals(q * u.exp(), k);
    let up: f64 = (0_u32..).map(|i| step * f64::from(i)).take_while(matters).map(term).sum();
    let down: f64 = (1_u32..).map(|i| -step * f64::from(i)).take_while(matters).map(term).sum();
    ((up + down) * step).clamp(0.0, 1.0)
}

fn range_of_normals(w: f64, k: usize) -> f64 {
    /// z, the normal's density there without its constant, and what lies below.
    static GRID: LazyLock<Vec<(f64, f64, f64)>> = LazyLock::new(|| {
        let at = |i: i32| STEP * f64::from(i);
        (-SIDE..=SIDE).map(at).map(|z| (z, (-z * z / 2.0).exp(), normal_cdf(z))).collect()
    });
    let power = i32::try_from(k).unwrap_or(i32::MAX) - 1;
    let sum: f64 = GRID.iter().map(|(z, density, below)| density * (below - normal_cdf(z - w)).powi(power)).sum();
    k as f64 * sum * STEP / (2.0 * std::f64::consts::PI).sqrt()
}

/// The q below which the range lies with probability `p`.
#[must_use]
pub fn quantile(p: f64, k: usize, df: f64) -> f64 {
    let mut high = 4.0;
    while range_of_normals(high, k) < p {
        high *= 2.0;
    }
    let of_normals = root(|q| range_of_normals(q, k) - p, 0.0, high);
    if df > MANY {
        return of_normals;
    }
    // An estimated error only widens it, at first by some (1 + q²) / 4 df of itself as Student's t.
    let mut further = of_normals * (1.0 + of_normals * of_normals) / (2.0 * df);
    while cdf(of_normals + further, k, df) < p {
        further *= 2.0;
    }
    root(|q| cdf(q, k, df) - p, of_normals, of_normals + further)
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
