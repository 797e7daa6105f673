//! What is asked of symmetric matrices: inverse and log-determinant by Cholesky, which says when there is none.

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

/// Below this share of its own size a pivot is rounding: the row is a sum of others.
const RANK: f64 = 1e-11;

/// The Cholesky factor of a matrix that is positive definite beyond rounding.
#[must_use]
pub fn cholesky(matrix: &DMatrix<f64>) -> Option<Cholesky<f64, Dyn>> {
    let factor = Cholesky::new(matrix.clone())?;
    let lower = factor.l_dirty();
    let firm = (0..matrix.nrows()).all(|i| lower[(i, i)].powi(2) > RANK * matrix[(i, i)]);
    firm.then_some(factor)
}

/// ln det, from the factor.
#[must_use]
pub fn log_determinant(factor: &Cholesky<f64, Dyn>) -> f64 {
    let lower = factor.l_dirty();
    (0..lower.nrows()).map(|i| 2.0 * lower[(i, i)].ln()).sum()
}

/// Square roots of the diagonal.
#[must_use]
pub fn deviations(covariances: &DMatrix<f64>) -> DVector<f64> {
    covariances.diagonal().map(f64::sqrt)
}

/// Covariances to correlations; the caller has made sure that nothing is constant.
#[must_use]
pub fn correlations(covariances: &DMatrix<f64>) -> DMatrix<f64> {
    let deviations = deviations(covariances);
    DMatrix::from_fn(covariances.nrows(), covariances.ncols(), |row, column| {
        if row == column { 1.0 } else { covariances[(row, column)] / (deviations[row] * deviations[column]) }
    })
}

/// The rows and columns at `kept`, in that order.
#[must_use]
pub fn part(matrix: &DMatrix<f64>, rows: &[usize], columns: &[usize]) -> DMatrix<f64> {
    DMatrix::from_fn(rows.len(), columns.len(), |row, column| matrix[(rows[row], columns[column])])
}
