//! A product's options and variants, read from its rows.

use super::{
    cells::{Cells, excerpt},
    parse::variant_rows,
};
use crate::catalog::csv::{
    columns as column,
    model::{Picture, ProductOption, Variant},
};
use domain::{Money, Translated};

/// Columns that also stand on rows that only bring a picture.
const NOT_OF_VARIANTS: [&str; 2] = [column::VARIANT_IMAGE, column::WEIGHT_UNIT];

pub struct Variants {
    pub options: Vec<ProductOption>,
    pub variants: Vec<Variant>,
    /// On which each variant begins.
    pub lines: Vec<u64>,
    /// Which variant each row is.
    pub of_row: Vec<Option<usize>>,
    /// With those that only variants show.
    pub pictures: Vec<Picture>,
}

pub fn is_variant_row(cells: &Cells<'_>, row: usize) -> bool {
    let names = cells.reading.header.names.iter().map(String::as_str);
    let mut of_variants =
        names.filter(|name| column::OPTION_VALUES.contains(name) || (name.starts_with("Variant ") && !NOT_OF_VARIANTS.contains(name)));
    of_variants.any(|name| !cells.text(row, name).is_empty())
}

pub fn read(cells: &mut Cells<'_>, mut pictures: Vec<Picture>) -> Variants {
    let rows = variant_rows(cells);
    let slots = option_slots(cells, &rows);
    let mut options: Vec<ProductOption> = slots
        .iter()
        .map(|&slot| ProductOption { name: cells.translated_of_product(column::OPTION_NAMES[slot]), values: Vec::new() })
        .collect();
    let mut of_row = vec![None; cells.rows.len()];
    let (mut variants, mut lines): (Vec<Variant>, Vec<u64>) = (Vec::new(), Vec::new());
    for (index, &row) in rows.iter().enumerate() {
        let values = slots.iter().zip(&mut options).map(|(&slot, option)| option_value(cells, row, slot, option)).collect();
        let picture = variant_picture(cells, row, &mut pictures);
        variants.push(variant(cells, row, values, picture));
        lines.push(cells.rows[row].line);
        of_row[row] = Some(index);
    }
    reject_twins(cells, &rows, &variants);
    Variants { options, variants, lines, of_row, pictures }
}

/// Which of the three option columns the product uses: none for Shopify's "Title: Default Title".
fn option_slots(cells: &mut Cells<'_>, rows: &[usize]) -> Vec<usize> {
    let mut slots = Vec::new();
    for (slot, (name, value)) in column::OPTION_NAMES.into_iter().zip(column::OPTION_VALUES).enumerate() {
        if !cells.of_product(name).is_empty() {
            slots.push(slot);
        } else if let Some(&row) = rows.iter().find(|&&row| !["", column::NO_OPTION_VALUE].contains(&cells.text(row, value))) {
            cells.reject(row, value, format!("is a value of an option without a name: {name} is empty"));
        }
    }
    let is_title = cells.of_product(column::OPTION_NAMES[0]) == column::NO_OPTION;
    let is_default = |&row: &usize| ["", column::NO_OPTION_VALUE].contains(&cells.text(row, column::OPTION_VALUES[0]));
    if slots == [0] && is_title && rows.iter().all(is_default) {
        slots.clear();
    }
    slots
}

/// The index of the row's value among the option's values.
fn option_value(cells: &mut Cells<'_>, row: usize, slot: usize, option: &mut ProductOption) -> usize {
    let (column, base) = (column::OPTION_VALUES[slot], cells.reading.base);
    let value = cells.translated(row, column);
    let Some(name) = value.0.get(&base) else {
        cells.reject(row, column, format!("is empty, but the product has the option `{}`", excerpt(option.name.get(base))));
        return 0;
    };
    let Some(index) = option.values.iter().position(|known| known.0.get(&base) == Some(name)) else {
        option.values.push(value);
        return option.values.len() - 1;
    };
    merge(cells, row, column, &mut option.values[index], &value);
    index
}

/// A value has one translation, which not every row needs to repeat.
fn merge(cells: &mut Cells<'_>, row: usize, column: &str, known: &mut Translated, value: &Translated) {
    for (language, text) in &value.0 {
        let said = known.0.entry(*language).or_insert_with(|| text.clone()).clone();
        if said != *text {
            let first = (0..row).find(|&r| cells.translated(r, column).0.get(language) == Some(&said)).map_or(0, |r| cells.rows[r].line);
            let reason = format!("`{}` here, but `{}` for the same value on line {first}", excerpt(text), excerpt(&said));
            let column = cells.column_in(column, *language);
            cells.reject(row, &column, reason);
        }
    }
}

fn variant_picture(cells: &Cells<'_>, row: usize, pictures: &mut Vec<Picture>) -> Option<usize> {
    let source = cells.text(row, column::VARIANT_IMAGE);
    if source.is_empty() {
        return None;
    }
    let known = pictures.iter().position(|picture| picture.source == source);
    Some(known.unwrap_or_else(|| {
        pictures.push(Picture { source: source.to_owned(), alt: Translated::default() });
        pictures.len() - 1
    }))
}

fn variant(cells: &mut Cells<'_>, row: usize, values: Vec<usize>, picture: Option<usize>) -> Variant {
    let tracked = !cells.text(row, column::TRACKER).is_empty();
    let backorder = policy(cells, row);
    let price = cells.amount(row, column::PRICE);
    if price.is_none() && cells.text(row, column::PRICE).is_empty() {
        cells.reject(row, column::PRICE, "is empty".to_owned());
    }
    Variant {
        sku: Some(cells.text(row, column::SKU).to_owned()).filter(|sku| !sku.is_empty()),
        barcode: cells.text(row, column::BARCODE).to_owned(),
        grams: grams(cells, row),
        requires_shipping: cells.flag(row, column::REQUIRES_SHIPPING),
        taxable: cells.flag(row, column::TAXABLE),
        backorder,
        tracked,
        available: available(cells, row, tracked, backorder),
        price: price.unwrap_or(Money::zero(cells.reading.currency)),
        // Nothing was ever sold for nothing: 0 is how some shops write that there is no former price.
        compare_at: cells.amount(row, column::COMPARE_AT).filter(|amount| amount.minor > 0),
        values,
        picture,
        kept: cells.kept_with_variant(row),
    }
}

fn policy(cells: &mut Cells<'_>, row: usize) -> bool {
    let given = cells.text(row, column::POLICY);
    match given.to_ascii_lowercase().as_str() {
        "" | "deny" => false,
        "continue" => true,
        _ => {
            cells.reject(row, column::POLICY, format!("`{}` is not a policy; there are deny and continue", excerpt(given)));
            false
        }
    }
}

fn grams(cells: &mut Cells<'_>, row: usize) -> i32 {
    let grams = cells.quantity(row, column::GRAMS).unwrap_or(0);
    if grams < 0 {
        cells.reject(row, column::GRAMS, "is below zero".to_owned());
    }
    grams
}

/// None leaves the stock as it is: the file has no such column, or nobody counts.
fn available(cells: &mut Cells<'_>, row: usize, tracked: bool, backorder: bool) -> Option<i32> {
    let given = cells.quantity(row, column::QUANTITY);
    if given.is_some_and(|left| left < 0) && tracked && !backorder {
        cells.reject(row, column::QUANTITY, "is below zero, and the policy is to deny".to_owned());
    }
    let counts = tracked && cells.reading.header.has(column::QUANTITY);
    given.or(counts.then_some(0))
}

/// Two variants that nobody could tell apart.
fn reject_twins(cells: &mut Cells<'_>, rows: &[usize], variants: &[Variant]) {
    for (index, variant) in variants.iter().enumerate() {
        let earlier = &variants[..index];
        if let Some(twin) = variant.sku.as_ref().and_then(|sku| earlier.iter().position(|v| v.sku.as_ref() == Some(sku))) {
            let line = cells.rows[rows[twin]].line;
            cells.reject(rows[index], column::SKU, format!("is the SKU of the variant on line {line}, too"));
        } else if let Some(twin) = earlier.iter().position(|v| v.values == variant.values) {
            let line = cells.rows[rows[twin]].line;
            cells.reject(rows[index], column::OPTION_VALUES[0], format!("the variant on line {line} has the same options"));
        }
    }
}
