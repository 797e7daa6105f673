//! What a file said in other words than an export would: `10` for `10.00`, a picture on a row of its own,
//! HTML that was cleaned. Kept beside the product, so that an export gives back what came in for as long as
//! the product has not changed.

use super::{
    columns::Header,
    model::Product,
    rows::{Cells, Layout, rows},
};
use domain::Language;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// A product's `extra` in the database.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extra {
    /// Columns of the product that are of no use to us.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, String>,
    /// Where it is not the usual one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layout: Option<Layout>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub given: Vec<Given>,
}

/// A cell as the file had it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    pub row: usize,
    pub column: String,
    /// Digest of what an export would write instead; once it would write something else, that is the truth.
    pub instead_of: String,
    pub text: String,
}

impl Extra {
    /// What must be kept so that `product` is written again as it stands in `given`, the cells of its rows.
    #[must_use]
    pub fn of(product: &Product, layout: Layout, header: &Header, given: &[Vec<String>], base: Language) -> Self {
        let usual = rows(product, &layout, base);
        let given = given.iter().zip(&usual).enumerate().flat_map(|(row, (cells, usual))| differences(row, cells, header, usual)).collect();
        let layout = Some(layout).filter(|layout| *layout != Layout::usual(product));
        Self { columns: product.kept.clone(), layout, given }
    }

    /// The rows of a product that was stored with this.
    #[must_use]
    pub fn rows_of(&self, product: &Product, base: Language) -> Vec<Cells> {
        let layout = self.layout.clone().filter(|layout| layout.fits(product)).unwrap_or_else(|| Layout::usual(product));
        let mut rows = rows(product, &layout, base);
        for given in &self.given {
            let Some(row) = rows.get_mut(given.row) else { continue };
            if digest(row.get(&given.column).map_or("", String::as_str)) == given.instead_of {
                row.insert(given.column.clone(), given.text.clone());
            }
        }
        rows
    }
}

fn differences(row: usize, cells: &[String], header: &Header, usual: &Cells) -> Vec<Given> {
    let columns: BTreeSet<&str> = header.names.iter().chain(usual.keys()).map(String::as_str).collect();
    let difference = |column: &str| {
        let given = header.position(column).and_then(|position| cells.get(position)).map_or("", String::as_str);
        let usual = usual.get(column).map_or("", String::as_str);
        (given != usual).then(|| Given { row, column: column.to_owned(), instead_of: digest(usual), text: given.to_owned() })
    };
    columns.into_iter().filter_map(difference).collect()
}

/// Long enough to tell one product's former texts apart.
fn digest(text: &str) -> String {
    hex::encode(&Sha256::digest(text)[..8])
}
