//! Means and covariances from answers with gaps: maximum likelihood of a normal distribution, which uses all that was
//! answered (full information), by expectation and maximization.

use crate::{Cell, Unsaid, matrix, sample::Moments};
use nalgebra::{DMatrix, DVector};
use std::collections::BTreeMap;

/// Change of a step, in standard deviations, at which it is settled; and at which it is taken after many steps: with few
/// answers a pair the likelihood is flat, and its top may lie where items are not independent, which is neared ever slower.
const SETTLED: f64 = 1e-10;
const CLOSE: f64 = 1e-5;
const STEPS: usize = 20_000;

/// Estimates of maximum likelihood (divisor n).
#[derive(Debug, Clone)]
pub struct Estimate {
    /// People with at least one answer.
    pub n: usize,
    pub means: DVector<f64>,
    pub covariances: DMatrix<f64>,
}

/// The people who answered the same items, summed up.
struct Pattern {
    seen: Vec<usize>,
    gone: Vec<usize>,
    n: f64,
    means: DVector<f64>,
    /// Cross-products of deviations from those means.
    products: DMatrix<f64>,
}

/// EM for a normal distribution with values missing at random (Dempster, Laird & Rubin 1977; Little & Rubin 2002, 11.2).
/// People are grouped by what they answered, so a step costs as much for a million people as for a hundred.
///
/// # Errors
/// Two items were never answered together, an item does not vary, or the items are not independent.
pub fn estimate(columns: &[&[Cell]]) -> Result<Estimate, Unsaid> {
    let moments: Vec<Moments> = columns.iter().map(|column| column.iter().flatten().copied().collect()).collect();
    let mut centres = Vec::new();
    let mut scales = Vec::new();
    for moments in &moments {
        let (Some(mean), Some(variance)) = (moments.mean(), moments.variance()) else { return Err(Unsaid::TooFew) };
        if crate::sample::is_constant(variance, mean) {
            return Err(Unsaid::ConstantItem);
        }
        centres.push(mean);
        scales.push(variance.sqrt());
    }
    let patterns = patterns(columns, &centres, &scales);
    all_together(&patterns, columns.len())?;
    let n: f64 = patterns.iter().map(|pattern| pattern.n).sum();
    let (means, covariances) = settle(&patterns, n, columns.len())?;
    matrix::cholesky(&covariances).ok_or(Unsaid::Singular)?;
    Ok(Estimate {
        n: n as usize,
        means: DVector::from_fn(means.len(), |i, _| means[i].mul_add(scales[i], centres[i])),
        covariances: DMatrix::from_fn(means.len(), means.len(), |i, j| covariances[(i, j)] * scales[i] * scales[j]),
    })
}

fn patterns(columns: &[&[Cell]], centres: &[f64], scales: &[f64]) -> Vec<Pattern> {
    let rows = columns.first().map_or(0, |column| column.len());
    let mut people: BTreeMap<Vec<usize>, Vec<f64>> = BTreeMap::new();
    for row in 0..rows {
        let seen: Vec<usize> = (0..columns.len()).filter(|i| columns[*i][row].is_some()).collect();
        if !seen.is_empty() {
            let values: Vec<f64> = seen.iter().filter_map(|i| columns[*i][row].map(|value| (value - centres[*i]) / scales[*i])).collect();
            people.entry(seen).or_default().extend(values);
        }
    }
    people.into_iter().map(|(seen, values)| pattern(seen, &values, columns.len())).collect()
}

fn pattern(seen: Vec<usize>, values: &[f64], items: usize) -> Pattern {
    let rows = DMatrix::from_row_slice(values.len() / seen.len(), seen.len(), values);
    let n = rows.nrows() as f64;
    let (means, covariances) = crate::sample::covariances(&rows, 0);
    let gone = (0..items).filter(|item| !seen.contains(item)).collect();
    Pattern { seen, gone, n, means, products: covariances * n }
}

fn all_together(patterns: &[Pattern], items: usize) -> Result<(), Unsaid> {
    let mut together = DMatrix::from_element(items, items, 0.0);
    for pattern in patterns {
        for (i, j) in pattern.seen.iter().flat_map(|i| pattern.seen.iter().map(move |j| (*i, *j))) {
            together[(i, j)] += pattern.n;
        }
    }
    if together.iter().all(|n| *n > 1.5) { Ok(()) } else { Err(Unsaid::NeverTogether) }
}

fn settle(patterns: &[Pattern], n: f64, items: usize) -> Result<(DVector<f64>, DMatrix<f64>), Unsaid> {
    let (mut means, mut covariances) = (DVector::zeros(items), DMatrix::identity(items, items));
    let mut change = f64::INFINITY;
    for _ in 0..STEPS {
        let (next_means, next_covariances) = step(patterns, n, &means, &covariances)?;
        change = (&next_means - &means).amax().max((&next_covariances - &covariances).amax());
        (means, covariances) = (next_means, next_covariances);
        if change < SETTLED {
            return Ok((means, covariances));
        }
    }
    if change < CLOSE { Ok((means, covariances)) } else { Err(Unsaid::NoConvergence) }
}

/// What the missing answers are expected to be given the others (regression), and the means and covariances of all
/// that, with the variance that a regression leaves.
fn step(patterns: &[Pattern], n: f64, means: &DVector<f64>, covariances: &DMatrix<f64>) -> Result<(DVector<f64>, DMatrix<f64>), Unsaid> {
    let items = means.len();
    let (mut sums, mut products) = (DVector::zeros(items), DMatrix::zeros(items, items));
    for pattern in patterns {
        let Pattern { seen, gone, .. } = pattern;
        let inner = matrix::cholesky(&matrix::part(covariances, seen, seen)).ok_or(Unsaid::Singular)?;
        let across = matrix::part(covariances, seen, gone);
        let slopes = inner.solve(&across);
        let away = DVector::from_fn(seen.len(), |i, _| pattern.means[i] - means[seen[i]]);
        let guessed = slopes.tr_mul(&away);
        let left = matrix::part(covariances, gone, gone) - across.tr_mul(&slopes);
        let crossed = &pattern.products * &slopes;
        let guessed_products = slopes.tr_mul(&crossed) + left * pattern.n;

        let mut expected = DVector::zeros(items);
        seen.iter().enumerate().for_each(|(i, item)| expected[*item] = pattern.means[i]);
        gone.iter().enumerate().for_each(|(i, item)| expected[*item] = means[*item] + guessed[i]);
        for (i, item) in seen.iter().enumerate() {
            seen.iter().enumerate().for_each(|(j, other)| products[(*item, *other)] += pattern.products[(i, j)]);
            for (j, other) in gone.iter().enumerate() {
                products[(*item, *other)] += crossed[(i, j)];
                products[(*other, *item)] += crossed[(i, j)];
            }
        }
        for (i, item) in gone.iter().enumerate() {
            gone.iter().enumerate().for_each(|(j, other)| products[(*item, *other)] += guessed_products[(i, j)]);
        }
        products.ger(pattern.n, &expected, &expected, 1.0);
        sums.axpy(pattern.n, &expected, 1.0);
    }
    let next = sums / n;
    let squares = &next * next.transpose();
    Ok((next, products / n - squares))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complete_answers_need_no_guessing() {
        let (x, y) = ([1.0, 2.0, 4.0, 5.0].map(Some), [2.0, 1.0, 5.0, 4.0].map(Some));
        let found = estimate(&[&x, &y]).unwrap();
        assert!((found.covariances[(0, 1)] - 2.0).abs() < 1e-9 && (found.means[0] - 3.0).abs() < 1e-9);
    }

    #[test]
    fn items_that_nobody_answered_together_are_refused() {
        let (x, y) = ([Some(1.0), Some(2.0), None, None], [None, None, Some(1.0), Some(3.0)]);
        assert_eq!(estimate(&[&x, &y]).unwrap_err(), Unsaid::NeverTogether);
        assert_eq!(estimate(&[&x, &[Some(3.0); 4]]).unwrap_err(), Unsaid::ConstantItem);
    }
}
