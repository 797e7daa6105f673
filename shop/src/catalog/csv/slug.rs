//! Slugs: what stands in an address for a name.

/// `Té & café` becomes `te-cafe`: lower case, accents off, hyphens between words. Letters of other scripts stay.
/// Empty when the name has neither letters nor digits.
#[must_use]
pub fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for letter in name.chars().flat_map(char::to_lowercase) {
        match plain(letter) {
            Some(letters) => slug.push_str(letters),
            None if letter.is_alphanumeric() => slug.push(letter),
            None if is_mark(letter) => {}
            None if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            None => {}
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// A handle as an address: as it is when it can be one, else its slug.
#[must_use]
pub fn slug_of_handle(handle: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '~');
    if handle.chars().all(is_plain) && handle.chars().any(char::is_alphanumeric) { handle.to_owned() } else { slug(handle) }
}

/// The first of `candidate`, `candidate-2`, `candidate-3`.. that is free.
#[must_use]
pub fn first_free(candidate: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let candidate = if candidate.is_empty() { "x" } else { candidate };
    let numbered = (2_u32..).map(|n| format!("{candidate}-{n}"));
    std::iter::once(candidate.to_owned()).chain(numbered).find(|slug| !is_taken(slug)).unwrap_or_default()
}

/// Latin letters without their accents.
fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'č' => "c",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' => "e",
        'ì' | 'í' | 'î' | 'ï' | 'ī' => "i",
        'ñ' | 'ń' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' => "o",
        'œ' => "oe",
        'ß' => "ss",
        'š' | 'ś' => "s",
        'ł' => "l",
        'ù' | 'ú' | 'û' | 'ü' | 'ū' => "u",
        'ý' | 'ÿ' => "y",
        'ž' | 'ź' | 'ż' => "z",
        _ => return None,
    })
}

/// Accents that stand apart from their letter.
fn is_mark(letter: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&letter) || matches!(letter, '\'' | '’')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_addresses() {
        assert_eq!(slug("Té & Café"), "te-cafe");
        assert_eq!(slug("  Ski/boarding "), "ski-boarding");
        assert_eq!(slug("Cocción 1220 °C"), "coccion-1220-c");
        assert_eq!(slug("e\u{301}te\u{301}"), "ete");
        assert_eq!(slug("茶"), "茶");
        assert_eq!(slug("?!"), "");
        assert_eq!(slug_of_handle("a--b_c"), "a--b_c");
        assert_eq!(slug_of_handle("a b/c"), "a-b-c");
    }

    #[test]
    fn a_taken_slug_gets_a_number() {
        assert_eq!(first_free("bowl", |s| s == "bowl" || s == "bowl-2"), "bowl-3");
        assert_eq!(first_free("", |_| false), "x");
    }
}
