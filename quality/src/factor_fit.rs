//! How well a model's covariances match those observed.

use crate::{
    distributions::{chi_squared_beyond, noncentral_chi_squared, root},
    intervals::Interval,
};
use nalgebra::DMatrix;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    pub n: usize,
    pub chi2: f64,
    pub df: usize,
    /// `None` for a model with as many numbers as the data has.
    pub p: Option<f64>,
    pub cfi: f64,
    pub tli: f64,
    pub rmsea: f64,
    /// Of 90 %, as is usual for it.
    pub rmsea_interval: Interval,
    pub srmr: f64,
}

/// `minimum` is F of the model, `independence` that of the model in which no item has to do with another. By formula:
/// - chi2 = N F, against independence with p(p-1)/2 df;
/// - CFI = 1 - max(chi2 - df, 0)/max(chi2 - df, chi2₀ - df₀, 0) (Bentler 1990);
/// - TLI = (chi2₀/df₀ - chi2/df)/(chi2₀/df₀ - 1) (Tucker & Lewis 1973);
/// - RMSEA = √max((chi2 - df)/(N df), 0), its interval from the noncentral chi squared (Browne & Cudeck 1993);
/// - SRMR = root mean square of (s - σ)/√(s s) over the p(p+1)/2 covariances (Bentler 1995).
#[must_use]
pub fn fit(n: usize, df: usize, minimum: f64, independence: f64, observed: &DMatrix<f64>, implied: &DMatrix<f64>) -> Fit {
    let items = observed.nrows();
    let (people, free) = (n as f64, df as f64);
    let chi2 = people * minimum;
    let (alone, alone_df) = (people * independence, (items * (items - 1) / 2) as f64);
    let (excess, alone_excess) = ((chi2 - free).max(0.0), (alone - alone_df).max(0.0));
    let worst = excess.max(alone_excess);
    let cfi = if worst > 0.0 { 1.0 - excess / worst } else { 1.0 };
    let alone_ratio = alone / alone_df;
    let tli = if df == 0 || (alone_ratio - 1.0).abs() < 1e-12 { 1.0 } else { (alone_ratio - chi2 / free) / (alone_ratio - 1.0) };
    let rmsea = if df == 0 { 0.0 } else { (excess / (people * free)).sqrt() };
    Fit {
        n,
        chi2,
        df,
        p: (df > 0).then(|| chi_squared_beyond(chi2, free)),
        cfi,
        tli,
        rmsea,
        rmsea_interval: if df == 0 { (0.0, 0.0) } else { rmsea_interval(chi2, free, people) },
        srmr: srmr(observed, implied),
    }
}

fn rmsea_interval(chi2: f64, df: f64, n: f64) -> Interval {
    let end = |share: f64| {
        let more_than = |noncentrality: f64| noncentral_chi_squared(chi2, df, noncentrality) - share;
        if more_than(0.0) <= 0.0 {
            return 0.0;
        }
        let mut high = chi2.max(df);
        while more_than(high) > 0.0 {
            high *= 2.0;
        }
        (root(more_than, 0.0, high) / (n * df)).sqrt()
    };
    (end(0.95), end(0.05))
}

fn srmr(observed: &DMatrix<f64>, implied: &DMatrix<f64>) -> f64 {
    let items = observed.nrows();
    let squares: f64 = (0..items)
        .flat_map(|i| (0..=i).map(move |j| (i, j)))
        .map(|(i, j)| (observed[(i, j)] - implied[(i, j)]).powi(2) / (observed[(i, i)] * observed[(j, j)]))
        .sum();
    (squares / (items * (items + 1) / 2) as f64).sqrt()
}
