//! Turns the words in `locales/` into checked functions: a missing or misspelt key stops the build. The browser
//! gets its words with its islands, so its build needs none of this.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "ssr")]
    words::generate()?;
    Ok(())
}

#[cfg(feature = "ssr")]
mod words {
    use leptos_i18n_build::{Config, ParseOptions, TranslationsInfos};
    use std::{env, error::Error, path::PathBuf};

    /// A file each in every language: `locales/{language}/{feature}.json`.
    const FEATURES: [&str; 19] = [
        "layout",
        "catalog",
        "cart",
        "checkout",
        "orders",
        "turned_away",
        "account",
        "backoffice",
        "chat",
        "help",
        "complaints",
        "console",
        "promises",
        "reports",
        "surveys",
        "quality",
        "customers",
        "cases",
        "health",
    ];

    pub fn generate() -> Result<(), Box<dyn Error>> {
        let config =
            Config::new("en")?.add_locale("es")?.add_namespaces(FEATURES)?.parse_options(ParseOptions::new().interpolate_display(true));
        let translations = TranslationsInfos::parse(config)?;
        translations.emit_diagnostics();
        translations.rerun_if_locales_changed();
        translations.generate_i18n_module(PathBuf::from(env::var("OUT_DIR")?).join("i18n"))?;
        Ok(())
    }
}
