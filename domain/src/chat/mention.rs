//! Whom a note among staff calls: an `@` where a word begins, and behind it the name of a colleague, whole or the first
//! one only.

use crate::ids::ConversationId;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// A note that calls whoever reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    pub conversation: ConversationId,
    pub number: i64,
    /// The note in the conversation's log.
    pub seq: u64,
    /// With whom the conversation is; may be empty.
    pub shopper: String,
    /// Who wrote the note.
    pub by: String,
    /// The beginning of the note.
    pub said: String,
    pub seen: bool,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

/// Which of these names a note calls, as their places in the list. The longest name that fits is meant; a first name that
/// several have calls all of them, so that whoever is meant reads it.
#[must_use]
pub fn called(note: &str, names: &[&str]) -> Vec<usize> {
    let note: Vec<char> = folded(note);
    let names: Vec<Vec<char>> = names.iter().map(|name| folded(name.trim())).collect();
    let mut called = Vec::new();
    for (at, _) in note.iter().enumerate().filter(|(_, letter)| **letter == '@') {
        // What stands in a mail address calls nobody.
        if at > 0 && note[at - 1].is_alphanumeric() {
            continue;
        }
        let rest = &note[at + 1..];
        let whole = |name: &[char]| !name.is_empty() && rest.starts_with(name) && ends_at(rest, name.len());
        let longest = names.iter().filter(|name| whole(name)).map(Vec::len).max();
        let is_meant = |name: &[char]| match longest {
            Some(length) => name.len() == length && whole(name),
            None => whole(first_of(name)),
        };
        called.extend(names.iter().enumerate().filter(|(_, name)| is_meant(name)).map(|(place, _)| place));
    }
    called.sort_unstable();
    called.dedup();
    called
}

/// Whether what was typed so far begins this name, or a word of it.
#[must_use]
pub fn begins_name(name: &str, typed: &str) -> bool {
    let (name, typed) = (folded(name), folded(typed));
    let begins = |at: usize| at == 0 || !name[at - 1].is_alphanumeric();
    (0..name.len()).any(|at| begins(at) && name[at..].starts_with(&typed))
}

fn ends_at(text: &[char], at: usize) -> bool {
    text.get(at).is_none_or(|letter| !letter.is_alphanumeric())
}

fn first_of(name: &[char]) -> &[char] {
    name.split(|letter| letter.is_whitespace()).next().unwrap_or_default()
}

/// Small letters without accents: nobody looks for an accent in a hurry.
fn folded(text: &str) -> Vec<char> {
    text.chars().flat_map(char::to_lowercase).map(crate::help::plain).collect()
}

#[cfg(test)]
mod tests {
    use super::{begins_name, called};

    const NAMES: [&str; 4] = ["Eva", "Eva García", "Luz Peña", "Luz Marín"];

    #[test]
    fn the_longest_name_is_meant_with_or_without_accents() {
        assert_eq!(called("@Eva García, mira esto", &NAMES), [1]);
        assert_eq!(called("mira esto, @eva garcia", &NAMES), [1]);
        assert_eq!(called("@EVA: mira esto", &NAMES), [0]);
        assert_eq!(called("(@Luz Peña y @Eva)", &NAMES), [0, 2]);
    }

    #[test]
    fn a_first_name_calls_everybody_who_has_it() {
        assert_eq!(called("@luz puedes?", &NAMES), [2, 3]);
    }

    #[test]
    fn a_name_is_found_by_the_beginning_of_any_word_of_it() {
        for typed in ["", "l", "LUZ", "luz p", "peñ", "pena"] {
            assert!(begins_name("Luz Peña", typed), "{typed}");
        }
        assert!(!begins_name("Luz Peña", "uz") && !begins_name("Luz Peña", "luz peñas"));
    }

    #[test]
    fn an_address_a_longer_word_and_nothing_call_nobody() {
        for note in ["ana@eva.org", "@Evaristo", "Eva", "@", "@ Eva", ""] {
            assert_eq!(called(note, &NAMES), [0_usize; 0], "{note}");
        }
        assert_eq!(called("@x", &["", " "]), [0_usize; 0]);
    }
}
