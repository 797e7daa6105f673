//! Confirmatory factor models, each item on one factor, as lavaan fits them by default: maximum likelihood on the
//! covariances of complete rows with divisor N; the first loading of a factor is 1, factor variances and covariances
//! are free; the error of a factor's only item is 0.

use crate::{
    Unsaid,
    factor_fit::{self, Fit},
    matrix,
    optimize::{self, Slope},
    sample,
};
use nalgebra::{DMatrix, DVector};

/// Which items belong to which factor, by their place in the covariance matrix.
#[derive(Debug, Clone)]
pub struct Model {
    factor_of: Vec<usize>,
    factors: usize,
    free_loadings: Vec<usize>,
    free_errors: Vec<usize>,
}

impl Model {
    /// Items in a row: the first `sizes[0]` of them on the first factor, and so on.
    #[must_use]
    pub fn of_sizes(sizes: &[usize]) -> Self {
        let factor_of: Vec<usize> = sizes.iter().enumerate().flat_map(|(factor, size)| std::iter::repeat_n(factor, *size)).collect();
        let begins_factor = |item: usize| item == 0 || factor_of[item] != factor_of[item - 1];
        let free_loadings = (0..factor_of.len()).filter(|item| !begins_factor(*item)).collect();
        let free_errors = (0..factor_of.len()).filter(|item| sizes[factor_of[*item]] > 1).collect();
        Self { factors: sizes.len(), free_loadings, free_errors, factor_of }
    }

    #[must_use]
    pub fn items(&self) -> usize {
        self.factor_of.len()
    }

    /// Free numbers: loadings, error variances, factor variances and covariances.
    #[must_use]
    pub fn parameters(&self) -> usize {
        self.free_loadings.len() + self.free_errors.len() + self.factors * (self.factors + 1) / 2
    }

    fn unpack(&self, at: &DVector<f64>) -> Parts {
        let mut values = at.iter().copied();
        let mut next = || values.next().unwrap_or_default();
        let mut parts = Parts {
            loadings: DVector::from_element(self.items(), 1.0),
            errors: DVector::zeros(self.items()),
            factors: DMatrix::zeros(self.factors, self.factors),
        };
        self.free_loadings.iter().for_each(|item| parts.loadings[*item] = next());
        self.free_errors.iter().for_each(|item| parts.errors[*item] = next());
        for row in 0..self.factors {
            for column in 0..=row {
                let value = next();
                parts.factors[(row, column)] = value;
                parts.factors[(column, row)] = value;
            }
        }
        parts
    }

    fn pack(&self, parts: &Parts) -> DVector<f64> {
        let loadings = self.free_loadings.iter().map(|item| parts.loadings[*item]);
        let errors = self.free_errors.iter().map(|item| parts.errors[*item]);
        let factors = (0..self.factors).flat_map(|row| (0..=row).map(move |column| parts.factors[(row, column)]));
        DVector::from_iterator(self.parameters(), loadings.chain(errors).chain(factors))
    }

    /// Σ = ΛΦΛ' + Θ.
    fn implied(&self, parts: &Parts) -> DMatrix<f64> {
        DMatrix::from_fn(self.items(), self.items(), |i, j| {
            let shared = parts.loadings[i] * parts.loadings[j] * parts.factors[(self.factor_of[i], self.factor_of[j])];
            if i == j { shared + parts.errors[i] } else { shared }
        })
    }

    /// `F = ln|Σ| + tr(SΣ⁻¹)` and its slope: with `W = Σ⁻¹ - Σ⁻¹SΣ⁻¹`, `∂F/∂Λ = 2WΛΦ`, `∂F/∂Θ = diag W`,
    /// `∂F/∂Φ = Λ'WΛ` (Jöreskog 1967; Bollen 1989, appendix 4A).
    fn discrepancy(&self, observed: &DMatrix<f64>, at: &DVector<f64>) -> Slope {
        let parts = self.unpack(at);
        let factor = nalgebra::Cholesky::new(self.implied(&parts))?;
        let inverse = factor.inverse();
        let fitted = observed * &inverse;
        let value = matrix::log_determinant(&factor) + fitted.trace();
        let weights = &inverse - &inverse * fitted;
        let mut slope = Parts {
            loadings: DVector::zeros(self.items()),
            errors: weights.diagonal(),
            factors: DMatrix::zeros(self.factors, self.factors),
        };
        for (j, i) in (0..self.items()).flat_map(|j| (0..self.items()).map(move |i| (j, i))) {
            let (a, b) = (self.factor_of[i], self.factor_of[j]);
            let pull = weights[(i, j)] * parts.loadings[j];
            slope.loadings[i] += 2.0 * pull * parts.factors[(a, b)];
            slope.factors[(a, b)] += pull * parts.loadings[i] * if a == b { 1.0 } else { 2.0 };
        }
        value.is_finite().then(|| (value, self.pack(&slope)))
    }

    /// Centroid loadings of each factor alone (Thurstone), and the correlations of sums.
    fn begin(&self, correlations: &DMatrix<f64>) -> DVector<f64> {
        let sums = DMatrix::from_fn(self.items(), self.factors, |item, factor| {
            (0..self.items()).filter(|other| self.factor_of[*other] == factor).map(|other| correlations[(item, other)]).sum::<f64>()
        });
        let totals = DMatrix::from_fn(self.factors, self.factors, |a, b| {
            (0..self.items()).filter(|item| self.factor_of[*item] == a).map(|item| sums[(item, b)]).sum::<f64>()
        });
        let own = |item: usize| -> f64 {
            let factor = self.factor_of[item];
            (sums[(item, factor)] / totals[(factor, factor)].max(0.1).sqrt()).clamp(-0.95, 0.95)
        };
        let marker = |factor: usize| {
            let first = (0..self.items()).find(|item| self.factor_of[*item] == factor).map_or(0.5, own);
            if first.abs() < 0.2 { 0.2_f64.copysign(first) } else { first }
        };
        let loadings = DVector::from_fn(self.items(), |item, _| own(item) / marker(self.factor_of[item]));
        let errors = DVector::from_fn(self.items(), |item, _| 1.0 - own(item).powi(2));
        let factors = DMatrix::from_fn(self.factors, self.factors, |a, b| {
            let size = (totals[(a, a)].max(0.1) * totals[(b, b)].max(0.1)).sqrt();
            let correlation = if a == b { 1.0 } else { (totals[(a, b)] / size).clamp(-0.8, 0.8) };
            correlation * marker(a) * marker(b)
        });
        self.pack(&Parts { loadings, errors, factors })
    }

    /// lavaan's simplest: loadings of 1, half of the variance error, small factor variances, no covariances.
    fn begin_plainly(&self) -> DVector<f64> {
        self.pack(&Parts {
            loadings: DVector::from_element(self.items(), 1.0),
            errors: DVector::from_element(self.items(), 0.5),
            factors: DMatrix::from_diagonal_element(self.factors, self.factors, 0.05),
        })
    }
}

#[derive(Debug, Clone)]
struct Parts {
    loadings: DVector<f64>,
    errors: DVector<f64>,
    factors: DMatrix<f64>,
}

/// A fitted model. Loadings and errors are those of factors with variance 1.
#[derive(Debug, Clone)]
pub struct Solution {
    pub fit: Fit,
    /// In the items' own units, for omega; NaN never: `None` where the factor's variance is not positive.
    pub loadings: Vec<Option<f64>>,
    pub errors: Vec<f64>,
    /// Factor and item both with variance 1.
    pub standardized: Vec<Option<f64>>,
    /// Between factors; `None` where a variance is not positive.
    pub correlations: Vec<Vec<Option<f64>>>,
}

impl Solution {
    /// Items with a negative error variance.
    #[must_use]
    pub fn heywood(&self) -> Vec<usize> {
        (0..self.errors.len()).filter(|item| self.errors[*item] < 0.0).collect()
    }
}

/// Fits a model to complete rows.
///
/// # Errors
/// The model is not identified, the covariances are singular, or the estimate does not settle.
pub fn fit(rows: &DMatrix<f64>, model: &Model) -> Result<Solution, Unsaid> {
    if rows.nrows() <= rows.ncols() {
        return Err(Unsaid::TooFew);
    }
    let (means, covariances) = sample::covariances(rows, 0);
    if means.iter().enumerate().any(|(i, mean)| sample::is_constant(covariances[(i, i)], *mean)) {
        return Err(Unsaid::ConstantItem);
    }
    fit_covariances(&covariances, rows.nrows(), model)
}

/// Fits a model to covariances of maximum likelihood (divisor n).
///
/// # Errors
/// As [`fit`].
pub fn fit_covariances(covariances: &DMatrix<f64>, n: usize, model: &Model) -> Result<Solution, Unsaid> {
    let items = model.items();
    let df = (items * (items + 1) / 2).checked_sub(model.parameters()).ok_or(Unsaid::NotIdentified)?;
    if items < 2 {
        return Err(Unsaid::OneItem);
    }
    // Maximum likelihood does not depend on the items' units, and the search is easier in those of correlations.
    let observed = matrix::correlations(covariances);
    let log_determinant = matrix::log_determinant(&matrix::cholesky(&observed).ok_or(Unsaid::Singular)?);
    let search = |start| optimize::minimize(start, |at| model.discrepancy(&observed, at));
    let found = search(model.begin(&observed)).or_else(|_| search(model.begin_plainly()))?;
    let parts = model.unpack(&found.at);
    let implied = model.implied(&parts);
    let minimum = (found.value - log_determinant - items as f64).max(0.0);
    let fit = factor_fit::fit(n, df, minimum, -log_determinant, &observed, &implied);
    let scales = matrix::deviations(covariances);
    let size = |factor: usize| Some(parts.factors[(factor, factor)]).filter(|variance| *variance > 0.0).map(f64::sqrt);
    let loading = |item: usize| size(model.factor_of[item]).map(|size| parts.loadings[item] * size);
    Ok(Solution {
        fit,
        loadings: (0..items).map(|item| loading(item).map(|loading| loading * scales[item])).collect(),
        errors: (0..items).map(|item| parts.errors[item] * scales[item].powi(2)).collect(),
        standardized: (0..items).map(|item| loading(item).map(|loading| loading / implied[(item, item)].sqrt())).collect(),
        correlations: (0..model.factors)
            .map(|a| (0..model.factors).map(|b| Some(parts.factors[(a, b)] / (size(a)? * size(b)?))).collect())
            .collect(),
    })
}
