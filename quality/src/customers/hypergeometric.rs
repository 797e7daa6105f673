//! Gauss's hypergeometric function, as far as expected orders need it.

/// `₂F₁(a, b; c; z)` for 0 <= z < 1 by its series, after Euler's transformation
/// `(1-z)^(c-a-b) ₂F₁(c-a, c-b; c; z)` where that series is shorter (Abramowitz & Stegun 15.1.1, 15.3.3).
#[must_use]
pub fn gauss(a: f64, b: f64, c: f64, z: f64) -> f64 {
    if c - a - b < 0.0 { (1.0 - z).powf(c - a - b) * series(c - a, c - b, c, z) } else { series(a, b, c, z) }
}

fn series(a: f64, b: f64, c: f64, z: f64) -> f64 {
    const TERMS: u32 = 1_000_000;
    let (mut term, mut sum) = (1.0_f64, 1.0_f64);
    for i in 0..TERMS {
        let n = f64::from(i);
        let ratio = (a + n) * (b + n) / ((c + n) * (n + 1.0)) * z;
        term *= ratio;
        sum += term;
        // Terms may grow before they fall: only then does a small one mean the end.
        if ratio.abs() < 1.0 && term.abs() <= 1e-16 * sum.abs() {
            break;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_forms() {
        // ₂F₁(1, 1; 2; z) = -ln(1-z)/z, ₂F₁(a, b; b; z) = (1-z)^-a, ₂F₁(1/2, 1; 3/2; z²) = artanh(z)/z.
        let close = |found: f64, expected: f64| assert!((found / expected - 1.0).abs() < 1e-11, "{found} is not {expected}");
        close(gauss(1.0, 1.0, 2.0, 0.9), -(0.1_f64.ln()) / 0.9);
        close(gauss(3.3, 2.0, 2.0, 0.7), 0.3_f64.powf(-3.3));
        close(gauss(0.5, 1.0, 1.5, 0.25), 0.5_f64.atanh() / 0.5);
    }
}
