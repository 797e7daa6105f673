//! How well the items of a scale measure the same thing.

use crate::{
    Cell, Unsaid, bootstrap,
    distributions::f_quantile,
    factor::{self, Model},
    intervals::{Interval, LEVEL},
    missing, sample,
};
use nalgebra::DMatrix;

/// Resampled people an interval; fewer where there are many people, whose interval needs no more.
const RESAMPLES: usize = 2_000;
const DRAWS: usize = 4_000_000;

/// Cronbach's (1951) `k/(k-1) (1 - Σ s_jj / Σ s_jl)` from any covariances; the divisor does not matter.
///
/// # Errors
/// One item, or nothing varies.
pub fn alpha(covariances: &DMatrix<f64>) -> Result<f64, Unsaid> {
    let k = covariances.nrows();
    if k < 2 {
        return Err(Unsaid::OneItem);
    }
    let (own, all) = (covariances.trace(), covariances.sum());
    if all <= 1e-12 * own || own <= 0.0 {
        return Err(Unsaid::Constant);
    }
    Ok(k as f64 / (k - 1) as f64 * (1.0 - own / all))
}

/// Alpha of the people who answered every item.
///
/// # Errors
/// As [`alpha`], or fewer than two of them.
pub fn alpha_listwise(columns: &[&[Cell]]) -> Result<f64, Unsaid> {
    alpha(&complete(columns)?)
}

/// Alpha with each s_jl over those who answered both: for answers missing by design.
///
/// # Errors
/// As [`alpha`], or two items that were never answered together.
pub fn alpha_pairwise(columns: &[&[Cell]]) -> Result<f64, Unsaid> {
    more_than_one(columns)?;
    alpha(&sample::pairwise_covariances(columns).ok_or(Unsaid::NeverTogether)?)
}

/// Alpha from the full-information covariances of [`missing::estimate`]; without gaps nothing is left to estimate.
///
/// # Errors
/// As [`alpha`] and [`missing::estimate`].
pub fn alpha_full_information(columns: &[&[Cell]]) -> Result<f64, Unsaid> {
    more_than_one(columns)?;
    if !has_gaps(columns) {
        return alpha_listwise(columns);
    }
    alpha(&missing::estimate(columns)?.covariances)
}

/// Feldt's (1965) interval of alpha for n people without gaps:
/// `1 - (1 - alpha) F` at .975 and .025 of F with n - 1 and (n - 1)(k - 1) degrees of freedom.
///
/// # Errors
/// Fewer than two people or items.
pub fn feldt(alpha: f64, n: usize, items: usize) -> Result<Interval, Unsaid> {
    if n < 2 || items < 2 {
        return Err(Unsaid::TooFew);
    }
    let (d1, d2) = ((n - 1) as f64, ((n - 1) * (items - 1)) as f64);
    let beyond = (1.0 - LEVEL) / 2.0;
    let end = |p: f64| 1.0 - (1.0 - alpha) * f_quantile(p, d1, d2);
    Ok((end(1.0 - beyond), end(beyond)))
}

/// The interval of alpha: Feldt's without gaps; with them, people are resampled and alpha is that of pairs.
///
/// # Errors
/// Alpha itself cannot be said.
pub fn alpha_interval(columns: &[&[Cell]]) -> Result<Interval, Unsaid> {
    if !has_gaps(columns) {
        return feldt(alpha_listwise(columns)?, sample::complete_rows(columns).nrows(), columns.len());
    }
    alpha_pairwise(columns)?;
    let answered = answered(columns);
    let resamples = (DRAWS / answered.len().max(1)).clamp(400, RESAMPLES);
    bootstrap::of_people(answered.len(), resamples, |people| {
        let drawn: Vec<Vec<Cell>> = columns.iter().map(|column| people.iter().map(|person| column[answered[*person]]).collect()).collect();
        let drawn: Vec<&[Cell]> = drawn.iter().map(Vec::as_slice).collect();
        alpha_pairwise(&drawn).ok()
    })
}

/// `(Σl)² / ((Σl)² + Σθ)` from a one-factor model of maximum likelihood, in the items' own units (McDonald 1999). Of the
/// people who answered every item; where those are too few, of the full-information covariances.
///
/// # Errors
/// Fewer than three items (not identified), a negative error variance, or no convergence.
pub fn omega(columns: &[&[Cell]]) -> Result<f64, Unsaid> {
    more_than_one(columns)?;
    let model = Model::of_sizes(&[columns.len()]);
    let rows = sample::complete_rows(columns);
    let solution = match factor::fit(&rows, &model) {
        Err(Unsaid::TooFew) => {
            let estimate = missing::estimate(columns)?;
            factor::fit_covariances(&estimate.covariances, estimate.n, &model)?
        }
        fitted => fitted?,
    };
    if !solution.heywood().is_empty() {
        return Err(Unsaid::Heywood);
    }
    let loadings: Option<Vec<f64>> = solution.loadings.iter().copied().collect();
    let shared = loadings.ok_or(Unsaid::Improper)?.iter().sum::<f64>().powi(2);
    Ok(shared / (shared + solution.errors.iter().sum::<f64>()))
}

/// The correlation of each item with the sum of the others, `Σ s_jl / √(s_jj Var(rest))`, from any covariances.
///
/// # Errors
/// One item; a single correlation is an error where one side does not vary.
pub fn rest_correlations(covariances: &DMatrix<f64>) -> Result<Vec<Result<f64, Unsaid>>, Unsaid> {
    if covariances.nrows() < 2 {
        return Err(Unsaid::OneItem);
    }
    let all = covariances.sum();
    let of_item = |item: usize| {
        let own = covariances[(item, item)];
        let with_rest = covariances.row(item).sum() - own;
        let rest = all - own - 2.0 * with_rest;
        let floor = 1e-12 * covariances.trace();
        if own <= floor || rest <= floor { Err(Unsaid::Constant) } else { Ok(with_rest / (own * rest).sqrt()) }
    };
    Ok((0..covariances.nrows()).map(of_item).collect())
}

/// Alpha of the scale without each item in turn.
///
/// # Errors
/// As [`alpha`], item by item.
#[must_use]
pub fn alpha_if_dropped(covariances: &DMatrix<f64>) -> Vec<Result<f64, Unsaid>> {
    (0..covariances.nrows()).map(|item| alpha(&covariances.clone().remove_row(item).remove_column(item))).collect()
}

/// The covariances that item statistics are made of: of the people who answered every item; where there are none, by
/// design, the full-information ones.
///
/// # Errors
/// Neither can be said.
pub fn item_covariances(columns: &[&[Cell]]) -> Result<DMatrix<f64>, Unsaid> {
    more_than_one(columns)?;
    complete(columns).or_else(|_| Ok(missing::estimate(columns)?.covariances))
}

/// The rows of people who answered any item.
fn answered(columns: &[&[Cell]]) -> Vec<usize> {
    let rows = columns.first().map_or(0, |column| column.len());
    (0..rows).filter(|row| columns.iter().any(|column| column[*row].is_some())).collect()
}

/// Whether anybody answered some items and not others.
#[must_use]
pub fn has_gaps(columns: &[&[Cell]]) -> bool {
    answered(columns).into_iter().any(|row| columns.iter().any(|column| column[row].is_none()))
}

fn complete(columns: &[&[Cell]]) -> Result<DMatrix<f64>, Unsaid> {
    more_than_one(columns)?;
    let rows = sample::complete_rows(columns);
    if rows.nrows() < 2 { Err(Unsaid::TooFew) } else { Ok(sample::covariances(&rows, 1).1) }
}

fn more_than_one(columns: &[&[Cell]]) -> Result<(), Unsaid> {
    if columns.len() < 2 { Err(Unsaid::OneItem) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_rows_are_not_taken_where_there_are_gaps() {
        // By hand: pairs (1,2), (1,3), (2,3) each over their own people.
        let first = [1.0, 2.0, 3.0, 4.0].map(Some);
        let second = [Some(2.0), Some(2.0), Some(4.0), None];
        let expected = {
            let (s11, s22, s12) = (5.0 / 3.0, 4.0 / 3.0, 1.0);
            2.0 * (1.0 - (s11 + s22) / (s11 + s22 + 2.0 * s12))
        };
        assert!((alpha_pairwise(&[&first, &second]).unwrap() - expected).abs() < 1e-12);
    }

    #[test]
    fn what_cannot_be_said_is_not() {
        let column = [1.0, 2.0, 3.0].map(Some);
        assert_eq!(alpha_listwise(&[&column]), Err(Unsaid::OneItem));
        assert_eq!(alpha_listwise(&[&[Some(3.0); 3], &[Some(2.0); 3]]), Err(Unsaid::Constant));
        assert_eq!(omega(&[&column, &[2.0, 1.0, 5.0].map(Some)]), Err(Unsaid::NotIdentified));
        assert_eq!(alpha_listwise(&[&[None], &[None]]), Err(Unsaid::TooFew));
    }
}
