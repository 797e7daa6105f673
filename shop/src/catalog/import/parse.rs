//! The rows of one product, understood: or every reason why they cannot be.

use super::{
    cells::Cells,
    report::Finding,
    variants::{Variants, is_variant_row},
};
use crate::catalog::csv::{
    columns::{self as column, Header},
    given::Extra,
    index::Row,
    model::{Picture, Product, Specification, Texts},
    rows::Layout,
    slug::slug_of_handle,
};
use domain::{Currency, Language, Translated};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, mem};

/// Counted up when the same rows are to be understood differently: every product is then written again.
const EDITION: u8 = 1;

/// What a file is read with.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    pub header: &'a Header,
    /// Of the columns without a language.
    pub base: Language,
    /// Of the columns without a language in an export.
    pub export_base: Language,
    pub currency: Currency,
}

#[derive(Debug)]
pub struct Parsed {
    pub product: Product,
    pub extra: Extra,
    /// Of the first row, of each variant and of each picture.
    pub line: u64,
    pub variant_lines: Vec<u64>,
    pub picture_lines: Vec<u64>,
    /// Of everything the rows say, but not of the quantities: stock changes by itself.
    pub digest: Sha256,
}

/// `rows` are all rows of `handle`, in the order of the file.
pub fn parse(handle: &str, rows: Vec<Row>, reading: Reading<'_>) -> Result<Parsed, Vec<Finding>> {
    let mut cells = Cells::new(handle, &rows, reading);
    let (pictures, picture_lines, picture_of_row) = pictures(&mut cells);
    let Variants { options, variants, lines, of_row, pictures } = super::variants::read(&mut cells, pictures);
    let product = Product {
        handle: handle.to_owned(),
        status: status(&mut cells),
        published: cells.flag_of_product(column::PUBLISHED),
        vendor: cells.of_product(column::VENDOR),
        tags: cells.of_product(column::TAGS).split(',').map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect(),
        kind: cells.translated_of_product(column::KIND),
        category: category(&mut cells),
        texts: texts(&mut cells, handle),
        options,
        specifications: specifications(&mut cells),
        pictures,
        variants,
        kept: cells.kept_with_product(),
    };
    let findings = mem::take(&mut cells.findings);
    if !findings.is_empty() {
        return Err(findings);
    }
    let layout = Layout {
        variants: product.variants.len(),
        pictures: product.pictures.len(),
        rows: of_row.into_iter().zip(picture_of_row).collect(),
    };
    let digest = digest(&rows, reading);
    let line = rows.first().map_or(0, |row| row.line);
    let given: Vec<Vec<String>> = rows.into_iter().map(|row| row.cells).collect();
    let extra = Extra::of(&product, layout, reading.header, &given, reading.export_base);
    Ok(Parsed { product, extra, line, variant_lines: lines, picture_lines, digest })
}

fn digest(rows: &[Row], reading: Reading<'_>) -> Sha256 {
    let mut digest = Sha256::new();
    digest.update([EDITION]);
    digest.update(reading.base.code());
    digest.update(reading.currency.code());
    for row in rows {
        digest.update([b'\n']);
        for &position in &reading.header.sorted {
            let (name, text) = (&reading.header.names[position], &row.cells[position]);
            if name != column::QUANTITY && !text.is_empty() {
                for part in [name, text] {
                    digest.update((part.len() as u64).to_le_bytes());
                    digest.update(part);
                }
            }
        }
    }
    digest
}

fn status(cells: &mut Cells<'_>) -> String {
    let given = cells.of_product(column::STATUS);
    match given.to_ascii_lowercase().as_str() {
        "" => "active".to_owned(),
        known @ ("active" | "draft" | "archived") => known.to_owned(),
        _ => {
            cells.reject_product(column::STATUS, format!("`{given}` is not a status; there are active, draft and archived"));
            given
        }
    }
}

fn texts(cells: &mut Cells<'_>, handle: &str) -> BTreeMap<Language, Texts> {
    let (base, mut texts) = (cells.reading.base, BTreeMap::new());
    let mut in_base = texts_in(cells, base);
    if in_base.title.is_empty() {
        cells.reject_product(column::TITLE, "is empty".to_owned());
    }
    in_base.slug = slug_of_handle(handle);
    if in_base.slug.is_empty() {
        cells.reject_product(column::HANDLE, "has neither letters nor digits".to_owned());
    }
    for language in Language::ALL.into_iter().filter(|l| *l != base) {
        let mut own = texts_in(cells, language);
        // An untranslated product is shown in its base language; a translated one is not mixed with another one's summary.
        if own.title.is_empty() && own.seo_title.is_empty() && own.seo_description.is_empty() {
            own.seo_title.clone_from(&in_base.seo_title);
            own.seo_description.clone_from(&in_base.seo_description);
        }
        for (text, fallback) in [(&mut own.title, &in_base.title), (&mut own.body_html, &in_base.body_html), (&mut own.slug, &in_base.slug)]
        {
            if text.is_empty() {
                text.clone_from(fallback);
            }
        }
        texts.insert(language, own);
    }
    texts.insert(base, in_base);
    texts
}

fn texts_in(cells: &mut Cells<'_>, language: Language) -> Texts {
    let mut text = |name| cells.of_product(&cells.column_in(name, language));
    Texts {
        slug: slug_of_handle(&text(column::HANDLE)),
        title: text(column::TITLE),
        body_html: ammonia::clean(&text(column::BODY)),
        seo_title: text(column::SEO_TITLE),
        seo_description: text(column::SEO_DESCRIPTION),
    }
}

/// `Tableware > Bowls`, with as many levels in every language that has it.
fn category(cells: &mut Cells<'_>) -> Vec<Translated> {
    let levels = |path: &str| -> Vec<String> { path.split('>').map(|l| l.trim().to_owned()).filter(|l| !l.is_empty()).collect() };
    let base = cells.reading.base;
    let mut names: Vec<Translated> =
        levels(&cells.of_product(column::CATEGORY)).into_iter().map(|name| Translated([(base, name)].into())).collect();
    for language in Language::ALL.into_iter().filter(|l| *l != base) {
        let column = cells.column_in(column::CATEGORY, language);
        let translated = levels(&cells.of_product(&column));
        if translated.is_empty() {
            continue;
        }
        if translated.len() != names.len() {
            let reason = format!("has {} levels, {} has {}", translated.len(), column::CATEGORY, names.len());
            cells.reject_product(&column, reason);
        }
        for (name, translation) in names.iter_mut().zip(translated) {
            name.0.insert(language, translation);
        }
    }
    names
}

fn specifications(cells: &mut Cells<'_>) -> Vec<Specification> {
    let mut found = Vec::new();
    for known in &cells.reading.header.specifications {
        let value = cells.translated_of_product(&known.column);
        // Two columns may have one key, of one product at most one of them is filled in.
        if !value.0.is_empty() && found.iter().all(|earlier: &Specification| earlier.code != known.code) {
            found.push(Specification { code: known.code.clone(), label: known.label.clone(), value });
        }
    }
    found
}

/// The pictures in order of their positions, the line of each, and which one each row shows.
fn pictures(cells: &mut Cells<'_>) -> (Vec<Picture>, Vec<u64>, Vec<Option<usize>>) {
    let mut found: Vec<(u32, u64, Picture)> = Vec::new();
    let mut of_row: Vec<Option<String>> = Vec::with_capacity(cells.rows.len());
    for row in 0..cells.rows.len() {
        let source = cells.text(row, column::IMAGE_SRC).to_owned();
        let is_shown = !source.is_empty();
        if is_shown && found.iter().all(|(.., picture)| picture.source != source) {
            let position = cells.position(row, found.len());
            let alt = cells.translated(row, column::IMAGE_ALT);
            found.push((position, cells.rows[row].line, Picture { source: source.clone(), alt }));
        }
        of_row.push(is_shown.then_some(source));
    }
    found.sort_by_key(|(position, ..)| *position);
    let index_of = |source: &String| found.iter().position(|(.., picture)| picture.source == *source);
    let of_row = of_row.iter().map(|source| source.as_ref().and_then(index_of)).collect();
    let (lines, pictures) = found.into_iter().map(|(_, line, picture)| (line, picture)).unzip();
    (pictures, lines, of_row)
}

/// A later row without anything of a variant only brings a picture.
pub(super) fn variant_rows(cells: &Cells<'_>) -> Vec<usize> {
    (0..cells.rows.len()).filter(|&row| row == 0 || is_variant_row(cells, row)).collect()
}
