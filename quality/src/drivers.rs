//! What an outcome such as loyalty depends on: each predictor's share of R², two ways that both add up to it.

use crate::{Unsaid, matrix, sample};
use nalgebra::{DMatrix, DVector, SymmetricEigen};

const MOST: usize = 16;

/// Shares in the order of the predictors.
#[derive(Debug, Clone, PartialEq)]
pub struct Drivers {
    pub n: usize,
    pub r2: f64,
    pub lmg: Vec<f64>,
    pub johnson: Vec<f64>,
}

/// Shares of R² from complete rows whose last column is the outcome.
///
/// # Errors
/// Too few rows, a column that does not vary, predictors that say the same, or more of them than can be tried.
pub fn of_rows(rows: &DMatrix<f64>) -> Result<Drivers, Unsaid> {
    if rows.nrows() < 2 {
        return Err(Unsaid::TooFew);
    }
    let (means, covariances) = sample::covariances(rows, 1);
    of_covariances(rows.nrows(), &means, &covariances)
}

/// The same from what `n` people's complete rows add up to.
///
/// # Errors
/// As [`of_rows`].
pub fn of_covariances(n: usize, means: &DVector<f64>, covariances: &DMatrix<f64>) -> Result<Drivers, Unsaid> {
    let predictors = means.len().saturating_sub(1);
    if predictors > MOST {
        return Err(Unsaid::ManyPredictors);
    }
    if predictors == 0 || n < predictors + 2 {
        return Err(Unsaid::TooFew);
    }
    if means.iter().enumerate().any(|(i, mean)| sample::is_constant(covariances[(i, i)], *mean)) {
        return Err(Unsaid::Constant);
    }
    let all = matrix::correlations(covariances);
    let among = all.view((0, 0), (predictors, predictors)).into_owned();
    let with_outcome = all.view((0, predictors), (predictors, 1)).column(0).into_owned();
    matrix::cholesky(&among).ok_or(Unsaid::Singular)?;
    let explained = explained(&among, &with_outcome)?;
    let r2 = explained[explained.len() - 1];
    Ok(Drivers { n, r2, lmg: lmg(&explained, predictors), johnson: johnson(&among, &with_outcome) })
}

/// R² of every set of predictors, a set being the bits of its place: `r' R⁻¹ r`.
fn explained(among: &DMatrix<f64>, with_outcome: &DVector<f64>) -> Result<Vec<f64>, Unsaid> {
    (0_usize..1 << among.nrows())
        .map(|set| {
            let members: Vec<usize> = (0..among.nrows()).filter(|i| set >> i & 1 == 1).collect();
            if members.is_empty() {
                return Ok(0.0);
            }
            let factor = matrix::cholesky(&matrix::part(among, &members, &members)).ok_or(Unsaid::Singular)?;
            let with = DVector::from_fn(members.len(), |i, _| with_outcome[members[i]]);
            Ok(with.dot(&factor.solve(&with)))
        })
        .collect()
}

/// The mean of what a predictor adds to R², over all orders of entering them: Lindeman, Merenda & Gold (1980), which are
/// Shapley's values of R²: `Σ |S|! (m - |S| - 1)!/m! (R²(S + j) - R²(S))`.
fn lmg(explained: &[f64], predictors: usize) -> Vec<f64> {
    let weights: Vec<f64> = (0..predictors).map(|size| 1.0 / (predictors as f64 * choose(predictors - 1, size))).collect();
    let share = |j: usize| {
        let without = (0..explained.len()).filter(|set| set >> j & 1 == 0);
        without.map(|set| weights[set.count_ones() as usize] * (explained[set | 1 << j] - explained[set])).sum()
    };
    (0..predictors).map(share).collect()
}

fn choose(n: usize, k: usize) -> f64 {
    (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product()
}

/// Relative weights of Johnson (2000): with `Λ = R^½` and `β = Λ⁻¹ r`, predictor j has `Σ_k Λ_jk² β_k²`.
fn johnson(among: &DMatrix<f64>, with_outcome: &DVector<f64>) -> Vec<f64> {
    let SymmetricEigen { eigenvectors, eigenvalues } = SymmetricEigen::new(among.clone());
    let power = |exponent: f64| {
        let stretched = eigenvalues.map(|value| value.max(f64::MIN_POSITIVE).powf(exponent));
        &eigenvectors * DMatrix::from_diagonal(&stretched) * eigenvectors.transpose()
    };
    let (root, slopes) = (power(0.5), power(-0.5) * with_outcome);
    (root.map(|value| value * value) * slopes.map(|value| value * value)).iter().copied().collect()
}

/// Where a dimension stands between how much it matters and how well it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quadrant {
    /// Matters and is done well.
    KeepUp,
    /// Matters and is done badly.
    Concentrate,
    /// Matters little and is done badly.
    LowPriority,
    /// Matters little and is done well.
    Overdone,
}

/// Importance and performance (Martilla & James 1977) against fixed lines, so that a dimension does not move because
/// another one did.
#[must_use]
pub fn quadrant(importance: f64, performance: f64, lines: (f64, f64)) -> Quadrant {
    match (importance >= lines.0, performance >= lines.1) {
        (true, true) => Quadrant::KeepUp,
        (true, false) => Quadrant::Concentrate,
        (false, false) => Quadrant::LowPriority,
        (false, true) => Quadrant::Overdone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn independent_predictors_get_their_squared_correlations() {
        let signs = |bit: usize| (0..8).map(move |row| if row >> bit & 1 == 1 { 1.0 } else { -1.0 });
        let (a, b, noise): (Vec<f64>, Vec<f64>, Vec<f64>) = (signs(0).collect(), signs(1).collect(), signs(2).collect());
        let rows = DMatrix::from_fn(8, 3, |row, column| match column {
            0 => a[row],
            1 => b[row],
            _ => 2.0 * a[row] + b[row] + 2.0 * noise[row],
        });
        let found = of_rows(&rows).unwrap();
        for shares in [&found.lmg, &found.johnson] {
            assert!((shares[0] - 4.0 / 9.0).abs() < 1e-12 && (shares[1] - 1.0 / 9.0).abs() < 1e-12, "{shares:?}");
        }
    }

    #[test]
    fn a_predictor_said_twice_is_refused() {
        let rows = DMatrix::from_fn(9, 3, |row, column| if column == 2 { (row * row) as f64 } else { row as f64 });
        assert_eq!(of_rows(&rows), Err(Unsaid::Singular));
    }

    #[test]
    fn quadrants_have_fixed_lines() {
        assert_eq!(quadrant(0.3, 3.2, (0.25, 4.0)), Quadrant::Concentrate);
        assert_eq!(quadrant(0.1, 4.2, (0.25, 4.0)), Quadrant::Overdone);
    }
}
