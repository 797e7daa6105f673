//! What people and staff of the history say, in both languages: sentences of ours.

use super::chance::Chance;
use anyhow::{Context, Result};
use domain::Language;
use serde::Deserialize;

pub struct Words {
    en: Sentences,
    es: Sentences,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sentences {
    pub where_is_it: Vec<String>,
    pub late: Vec<String>,
    pub broken: Vec<String>,
    pub wrong: Vec<String>,
    pub before_buying: Vec<String>,
    pub reply_where: Vec<String>,
    pub reply_late: Vec<String>,
    pub reply_broken: Vec<String>,
    pub reply_wrong: Vec<String>,
    pub reply_before: Vec<String>,
    pub thanks: Vec<String>,
    pub grumbles: Vec<String>,
    pub goodbye: Vec<String>,
    pub closed_because: Vec<String>,
    pub complaint_late: Vec<String>,
    pub complaint_broken: Vec<String>,
    pub complaint_wrong: Vec<String>,
    pub wanted: Vec<String>,
    pub evidence: Vec<String>,
    pub consequences: Vec<String>,
    pub sorry: Vec<String>,
    pub solution: Vec<String>,
    pub outcome: Vec<String>,
    pub not_solved: Vec<String>,
    pub noted: Vec<String>,
    pub praise: Vec<String>,
    pub suggestion: Vec<String>,
    pub comment_late: Vec<String>,
    pub comment_slow: Vec<String>,
    pub comment_solved: Vec<String>,
    pub comment_unsolved: Vec<String>,
    pub comment_fine: Vec<String>,
    pub wish: Vec<String>,
}

impl Words {
    /// # Errors
    /// A sentence is missing in one of the languages.
    pub fn read() -> Result<Self> {
        let en = serde_json::from_str(include_str!("words/en.json")).context("the English sentences of the history")?;
        let es = serde_json::from_str(include_str!("words/es.json")).context("the Spanish sentences of the history")?;
        Ok(Self { en, es })
    }

    pub fn of(&self, language: Language) -> &Sentences {
        match language {
            Language::En => &self.en,
            Language::Es => &self.es,
        }
    }
}

/// One of these, with the names put in: `{name}` by which somebody is called, `{order}` the order's number.
pub fn say(chance: &mut Chance, sentences: &[String], name: &str, order: &str) -> String {
    let called = name.split(' ').next().unwrap_or_default();
    chance.one(sentences).map_or_else(String::new, |sentence| sentence.replace("{name}", called).replace("{order}", order))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::complaints::defensive;

    #[test]
    fn both_languages_say_everything_and_staff_never_defend_themselves() {
        let words = Words::read().unwrap();
        for language in Language::ALL {
            let of = words.of(language);
            for sentence in [&of.sorry, &of.solution, &of.outcome, &of.noted].into_iter().flatten() {
                assert_eq!(defensive(sentence), Vec::<String>::new(), "{sentence}");
            }
            let said = say(&mut Chance::of(1, "say", 0), &of.reply_late, "Inés Arana", "10001");
            assert!(said.contains("Inés") && !said.contains('{') && !said.contains("Arana"), "{said}");
        }
    }
}
