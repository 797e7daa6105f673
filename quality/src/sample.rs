//! Means, variances and covariances, without the cancellation of sums of squares.

use crate::Cell;
use nalgebra::{DMatrix, DVector};

/// Count, mean and squared deviations, updated one value at a time (Welford 1962; Knuth, TAOCP 2, 4.2.2).
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Moments {
    pub n: usize,
    mean: f64,
    squares: f64,
}

impl Moments {
    pub fn push(&mut self, value: f64) {
        self.n += 1;
        let before = value - self.mean;
        self.mean += before / self.n as f64;
        self.squares += before * (value - self.mean);
    }

    /// From sums kept as whole numbers of `unit`s. Nothing is lost to rounding before the one division:
    /// `n Σx² - (Σx)²` is a whole number too.
    #[must_use]
    pub fn of_sums(n: u64, sum: i128, squares: i128, unit: f64) -> Self {
        let count = usize::try_from(n).unwrap_or(usize::MAX);
        if n == 0 {
            return Self::default();
        }
        let spread = i128::from(n).saturating_mul(squares).saturating_sub(sum.saturating_mul(sum)).max(0);
        Self { n: count, mean: sum as f64 / n as f64 * unit, squares: spread as f64 / n as f64 * unit * unit }
    }

    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.n > 0).then_some(self.mean)
    }

    /// With divisor n - 1.
    #[must_use]
    pub fn variance(&self) -> Option<f64> {
        (self.n > 1).then(|| self.squares / (self.n - 1) as f64)
    }

    #[must_use]
    pub fn deviation(&self) -> Option<f64> {
        self.variance().map(f64::sqrt)
    }
}

impl FromIterator<f64> for Moments {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut moments = Self::default();
        values.into_iter().for_each(|value| moments.push(value));
        moments
    }
}

/// A variance so small beside its mean that only rounding made it.
#[must_use]
pub fn is_constant(variance: f64, mean: f64) -> bool {
    variance <= (1e-12 * mean.abs().max(1e-12)).powi(2).max(f64::MIN_POSITIVE)
}

/// The rows in which every column has an answer.
#[must_use]
pub fn complete_rows(columns: &[&[Cell]]) -> DMatrix<f64> {
    let rows = columns.first().map_or(0, |column| column.len());
    let kept: Vec<Vec<f64>> = (0..rows).filter_map(|row| columns.iter().map(|column| column[row]).collect()).collect();
    DMatrix::from_fn(kept.len(), columns.len(), |row, column| kept[row][column])
}

/// Column means, and cross-products of deviations about them (two passes), divided by `n - less`: 1 for the unbiased
/// covariances, 0 for those of maximum likelihood.
#[must_use]
pub fn covariances(rows: &DMatrix<f64>, less: usize) -> (DVector<f64>, DMatrix<f64>) {
    let n = rows.nrows() as f64;
    let means = DVector::from_fn(rows.ncols(), |column, _| rows.column(column).sum() / n);
    let mut centred = rows.clone();
    for (mut column, mean) in centred.column_iter_mut().zip(means.iter()) {
        column.add_scalar_mut(-mean);
    }
    let products = centred.tr_mul(&centred);
    (means, products / (n - less as f64))
}

/// Covariances of those who answered both items of each pair, about the pair's own means; `None` where fewer than two
/// people did. Usually not positive definite: for sums of its cells only, never for a regression or a factor model.
#[must_use]
pub fn pairwise_covariances(columns: &[&[Cell]]) -> Option<DMatrix<f64>> {
    let k = columns.len();
    let mut matrix = DMatrix::zeros(k, k);
    for first in 0..k {
        for second in first..k {
            let covariance = pair_covariance(columns[first], columns[second])?;
            matrix[(first, second)] = covariance;
            matrix[(second, first)] = covariance;
        }
    }
    Some(matrix)
}

/// In two passes, without a division an answer: resampling asks for millions of these.
fn pair_covariance(first: &[Cell], second: &[Cell]) -> Option<f64> {
    let both = || first.iter().zip(second).filter_map(|(x, y)| x.zip(*y));
    let (n, sum_first, sum_second) = both().fold((0_usize, 0.0, 0.0), |(n, a, b), (x, y)| (n + 1, a + x, b + y));
    if n < 2 {
        return None;
    }
    let (mean_first, mean_second) = (sum_first / n as f64, sum_second / n as f64);
    Some(both().map(|(x, y)| (x - mean_first) * (y - mean_second)).sum::<f64>() / (n - 1) as f64)
}

/// A person's score: the mean of the items they answered.
#[must_use]
pub fn person_scores(columns: &[&[Cell]]) -> Vec<Cell> {
    let rows = columns.first().map_or(0, |column| column.len());
    (0..rows).map(|row| columns.iter().filter_map(|column| column[row]).collect::<Moments>().mean()).collect()
}

/// The score of a short form, in which people answered different items: the mean of the items' means.
#[must_use]
pub fn mean_of_item_means(columns: &[&[Cell]]) -> Option<f64> {
    let means: Option<Vec<f64>> = columns.iter().map(|column| column.iter().flatten().copied().collect::<Moments>().mean()).collect();
    means?.into_iter().collect::<Moments>().mean()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_mean_does_not_eat_the_variance() {
        let moments: Moments = [4.0, 7.0, 13.0, 16.0].map(|value| value + 1e9).into_iter().collect();
        assert!((moments.variance().unwrap() - 30.0).abs() < 1e-6);
        let rows = DMatrix::from_column_slice(4, 1, &[4.0, 7.0, 13.0, 16.0].map(|value| value + 1e9));
        assert!((covariances(&rows, 1).1[(0, 0)] - 30.0).abs() < 1e-6);
    }

    #[test]
    fn a_person_is_scored_by_what_they_answered() {
        let (first, second) = ([Some(1.0), None, None], [Some(4.0), Some(5.0), None]);
        assert_eq!(person_scores(&[&first, &second]), [Some(2.5), Some(5.0), None]);
        assert_eq!(mean_of_item_means(&[&first, &second]), Some(2.75));
    }
}
