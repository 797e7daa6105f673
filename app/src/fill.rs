//! Words that an island completes by itself: the server hands them over with `{name}` where a value goes; and what
//! somebody typed, written into a page.

use std::fmt::Display;

/// `text` with every `{name}` replaced by the value beside that name.
#[must_use]
pub fn fill(text: &str, values: &[(&str, &dyn Display)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), &value.to_string()))
}

/// What somebody typed, as the content (`inner_html`) of a text area: views write the children of one as they
/// are, and what somebody typed could end it.
#[must_use]
pub fn written(typed: &str) -> String {
    typed.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The words that an island needs, as a struct that the server fills: `pay(total)` is the text `pay` of that group of
/// `locales/`, in which `{total}` is left for [`fill`].
#[macro_export]
macro_rules! island_words {
    ($(#[$doc:meta])* $visibility:vis struct $name:ident from $group:tt { $($key:ident $(($($value:ident),+))?),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, ::serde::Serialize, ::serde::Deserialize)]
        $visibility struct $name { $(pub $key: String),+ }

        #[cfg(feature = "ssr")]
        impl $name {
            #[must_use]
            pub fn of(language: ::domain::Language) -> Self {
                Self { $($key: $crate::island_words!(@word language, $group, $key $(, $($value),+)?)),+ }
            }
        }
    };
    (@word $language:ident, [$($group:tt)+], $key:ident $(, $value:ident)*) => {
        $crate::words!($language, $($group)+ . $key $(, $value = concat!("{", stringify!($value), "}"))*)
    };
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn values_take_their_places() {
        assert_eq!(fill("{a} of {b}", &[("a", &1), ("b", &"two")]), "1 of two");
        assert_eq!(fill("nothing", &[("a", &1)]), "nothing");
    }
}
