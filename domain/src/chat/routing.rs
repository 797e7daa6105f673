//! Who gets a conversation: somebody who is there, under their cap and speaks its language; of those whoever has the
//! fewest, and of those whoever has waited longest for one.

use crate::{Language, ids::StaffId};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Somebody who is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub staff: StaffId,
    pub name: String,
    pub languages: Vec<Language>,
    pub skills: Vec<String>,
    /// Conversations they have.
    pub load: u32,
    pub cap: u32,
    /// When they were last given one.
    pub given_at: Option<OffsetDateTime>,
}

/// What a conversation asks of whoever gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted<'a> {
    pub language: Language,
    /// Whoever has it is preferred, where somebody does.
    pub skill: Option<&'a str>,
}

/// Whom it was given to and what was weighed, as the log keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub staff: StaffId,
    pub name: String,
    pub language: Language,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skill: Option<String>,
    /// Conversations they had before this one, and the most they take.
    pub load: u32,
    pub cap: u32,
    /// How many others could have had it.
    pub others: usize,
}

/// Nobody where everybody is full or speaks another language.
#[must_use]
pub fn choose(wanted: &Wanted<'_>, candidates: &[Candidate]) -> Option<Decision> {
    let fit: Vec<&Candidate> = candidates.iter().filter(|c| c.load < c.cap && c.languages.contains(&wanted.language)).collect();
    let has_skill = |c: &Candidate| wanted.skill.is_some_and(|skill| c.skills.iter().any(|s| s == skill));
    let chosen = fit.iter().min_by_key(|c| (!has_skill(c), c.load, c.given_at, c.staff))?;
    Some(Decision {
        staff: chosen.staff,
        name: chosen.name.clone(),
        language: wanted.language,
        skill: wanted.skill.filter(|_| has_skill(chosen)).map(str::to_owned),
        load: chosen.load,
        cap: chosen.cap,
        others: fit.len() - 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;
    use uuid::Uuid;

    fn somebody(id: u128, languages: &[Language], load: u32) -> Candidate {
        Candidate {
            staff: StaffId(Uuid::from_u128(id)),
            name: String::new(),
            languages: languages.to_vec(),
            skills: Vec::new(),
            load,
            cap: 3,
            given_at: None,
        }
    }

    fn chosen(wanted: &Wanted<'_>, candidates: &[Candidate]) -> Option<u128> {
        choose(wanted, candidates).map(|decision| decision.staff.0.as_u128())
    }

    const ES: Wanted<'_> = Wanted { language: Language::Es, skill: None };

    #[test]
    fn whoever_has_the_fewest_and_speaks_the_language() {
        let english = somebody(1, &[Language::En], 0);
        let busy = somebody(2, &[Language::Es, Language::En], 2);
        let free = somebody(3, &[Language::Es], 1);
        assert_eq!(chosen(&ES, &[english.clone(), busy.clone(), free]), Some(3));
        assert_eq!(chosen(&ES, &[english.clone(), busy]), Some(2));
        assert_eq!(chosen(&ES, &[english]), None, "nobody is better than somebody who cannot read it");
    }

    #[test]
    fn nobody_above_their_cap() {
        assert_eq!(chosen(&ES, &[somebody(1, &[Language::Es], 3)]), None);
    }

    #[test]
    fn among_equals_whoever_waited_longest() {
        let mut first = somebody(1, &[Language::Es], 1);
        let mut second = somebody(2, &[Language::Es], 1);
        first.given_at = Some(datetime!(2026-01-02 10:05 UTC));
        second.given_at = Some(datetime!(2026-01-02 10:00 UTC));
        assert_eq!(chosen(&ES, &[first, second]), Some(2));
    }

    #[test]
    fn a_skill_goes_before_a_short_list() {
        let mut skilled = somebody(1, &[Language::Es], 2);
        skilled.skills = vec!["returns".into()];
        let free = somebody(2, &[Language::Es], 0);
        let wanted = Wanted { skill: Some("returns"), ..ES };
        let decision = choose(&wanted, &[skilled, free.clone()]).unwrap();
        assert_eq!((decision.staff.0.as_u128(), decision.skill.as_deref(), decision.others), (1, Some("returns"), 1));
        assert_eq!(choose(&wanted, &[free]).unwrap().skill, None);
    }
}
