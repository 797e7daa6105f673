//! Whether the main dimensions are the ones that the items fall into: a confirmatory factor model of those who answered
//! every item of them, so of full forms.

use super::{
    FEWEST,
    dimension::Stated,
    table::{Person, Table},
};
use domain::{Translated, surveys::Dimension};
use quality::{
    Cell,
    factor::{self, Model},
    factor_fit::Fit,
    sample,
};

#[derive(Debug, Clone, PartialEq)]
pub struct Structure {
    pub fit: Fit,
    pub dimensions: Vec<(String, Translated)>,
    /// An item's code, its dimension's and its standardized loading; none where the model has no proper one for it.
    pub loadings: Vec<(String, String, Option<f64>)>,
    /// Between dimensions, in their order.
    pub correlations: Vec<Vec<Option<f64>>>,
}

impl Structure {
    /// Between two dimensions, by their codes.
    #[must_use]
    pub fn correlation(&self, one: &str, other: &str) -> Option<f64> {
        let place = |code: &str| self.dimensions.iter().position(|(known, _)| known == code);
        self.correlations[place(one)?][place(other)?]
    }
}

pub(super) fn of(table: &Table, main: &[&Dimension], people: &[&Person]) -> Stated<Structure> {
    let places: Vec<Vec<usize>> = main.iter().map(|dimension| table.places(&dimension.code)).collect();
    let sizes: Vec<usize> = places.iter().map(Vec::len).collect();
    let all = places.concat();
    let columns = table.columns(&all, people);
    let rows = sample::complete_rows(&columns.iter().map(Vec::as_slice).collect::<Vec<&[Cell]>>());
    let enough = u64::try_from(rows.nrows()).is_ok_and(|rows| rows >= FEWEST);
    Stated::of(enough, || {
        let solution = factor::fit(&rows, &Model::of_sizes(&sizes))?;
        let improper = solution.heywood();
        let loading = |(column, place): (usize, &usize)| {
            let item = &table.items[*place];
            let proper = solution.standardized[column].filter(|_| !improper.contains(&column));
            (item.code.clone(), item.dimension.clone(), proper)
        };
        Ok(Structure {
            fit: solution.fit,
            dimensions: main.iter().map(|dimension| (dimension.code.clone(), dimension.name.clone())).collect(),
            loadings: all.iter().enumerate().map(loading).collect(),
            correlations: solution.correlations.clone(),
        })
    })
}
