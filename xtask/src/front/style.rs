//! The style sheets: style/main.css, the desk's style/staff.css and all that they import, each as one
//! minified file for browsers since spring 2023. What they lack, nesting above all, is rewritten for them.

use anyhow::{Result, anyhow};
use lightningcss::{
    bundler::{Bundler, FileProvider},
    printer::PrinterOptions,
    stylesheet::{MinifyOptions, ParserOptions},
    targets::{Browsers, Features, Targets},
};
use std::path::Path;

/// Bundles and minifies; an error names file and line.
pub fn bundle(root: &Path, sheet: &str) -> Result<String> {
    let entry = root.join("style").join(sheet);
    let files = FileProvider::new();
    let mut sheet =
        Bundler::new(&files, None, ParserOptions::default()).bundle(&entry).map_err(|error| anyhow!("the style sheet: {error}"))?;
    let browsers = Browsers {
        chrome: Some(version(111, 0)),
        edge: Some(version(111, 0)),
        firefox: Some(version(113, 0)),
        safari: Some(version(16, 4)),
        ios_saf: Some(version(16, 4)),
        ..Browsers::default()
    };
    // Rewritten, light-dark() would need color-scheme in this very sheet and fail silently without it.
    let targets = Targets { browsers: Some(browsers), exclude: Features::LightDark, ..Targets::default() };
    sheet.minify(MinifyOptions { targets, ..MinifyOptions::default() }).map_err(|error| anyhow!("the style sheet: {error}"))?;
    let printed = sheet
        .to_css(PrinterOptions { minify: true, targets, ..PrinterOptions::default() })
        .map_err(|error| anyhow!("the style sheet: {error}"))?;
    Ok(printed.code)
}

/// As lightningcss counts versions.
fn version(major: u32, minor: u32) -> u32 {
    major << 16 | minor << 8
}
