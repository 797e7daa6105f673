//! The words of the pages, in the reader's language: `words!(language, catalog.add_to_cart)`.

use crate::i18n::Locale;
use domain::Language;

#[must_use]
pub fn locale(language: Language) -> Locale {
    match language {
        Language::Es => Locale::es,
        Language::En => Locale::en,
    }
}

/// A text of `locales/{language}/{feature}.json` as a `String`, by feature and key; values for its
/// `{{ placeholders }}` follow as `name = value`.
#[macro_export]
macro_rules! words {
    ($language:expr, $($rest:tt)*) => {{
        // Only texts with placeholders need the traits in it.
        #[allow(unused_imports)]
        use $crate::i18n::*;
        ::std::string::ToString::to_string(&::leptos_i18n::td_string!($crate::words::locale($language), $($rest)*))
    }};
}
