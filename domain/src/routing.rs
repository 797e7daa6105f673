//! Who gets a conversation: an ordered list of rules, then whoever speaks the language and has the least to do. Pure,
//! so that the test bench on `/desk/routing` and the real assignment cannot disagree: both call [`choose`].
//!
//! The assignment loads the rules with `shop::desk::routing::rules`, gives a conversation to the agent of the
//! [`Decision`], and writes it down with `shop::desk::routing::record`, all in one transaction.

use crate::{
    Language,
    chat::{Channel, Topic},
    customers::{Classes, CustomerClass},
    ids::{RuleId, StaffId},
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// What is known of a conversation when it looks for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    pub language: Language,
    pub topic: Topic,
    pub channel: Channel,
    /// It is about an order that is known.
    pub has_order: bool,
    /// What is known of the customer since the last night; nothing of somebody unknown.
    #[serde(default)]
    pub classes: Classes,
    /// Local hour at the workshop, 0 to 23.
    pub hour: u8,
}

/// Somebody who is there and takes conversations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    pub id: StaffId,
    pub name: String,
    pub languages: Vec<Language>,
    pub skills: Vec<String>,
    /// Conversations they have now, and the most they take.
    pub load: u32,
    pub cap: u32,
    /// When they last got one: with the same load, whoever waits longest is next.
    pub last_given: Option<OffsetDateTime>,
}

impl Agent {
    #[must_use]
    pub const fn has_room(&self) -> bool {
        self.load < self.cap
    }
}

/// For which conversations a rule is; what is `None` does not matter to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Conditions {
    pub language: Option<Language>,
    pub topic: Option<Topic>,
    pub has_order: Option<bool>,
    pub class: Option<CustomerClass>,
    /// From the first hour up to, not including, the second; over midnight where the second is smaller.
    pub hours: Option<(u8, u8)>,
}

impl Conditions {
    #[must_use]
    pub fn hold_for(&self, case: &Case) -> bool {
        self.language.is_none_or(|language| language == case.language)
            && self.topic.is_none_or(|topic| topic == case.topic)
            && self.has_order.is_none_or(|has_order| has_order == case.has_order)
            && self.class.is_none_or(|class| case.classes.has(class))
            && self.hours.is_none_or(|(from, to)| is_between(case.hour, from, to))
    }
}

const fn is_between(hour: u8, from: u8, to: u8) -> bool {
    if from <= to { from <= hour && hour < to } else { from <= hour || hour < to }
}

/// To whom a rule gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    Skill(String),
    Person(StaffId),
}

impl Target {
    fn includes(&self, agent: &Agent) -> bool {
        match self {
            Self::Skill(skill) => agent.skills.iter().any(|known| known.eq_ignore_ascii_case(skill)),
            Self::Person(id) => agent.id == *id,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    pub id: RuleId,
    pub name: String,
    pub conditions: Conditions,
    pub target: Target,
    /// Nobody else will do: the conversation waits for one of them. Otherwise the next rules get their turn.
    pub waits: bool,
}

/// Who gets it, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Nobody: it waits in the queue.
    pub agent: Option<StaffId>,
    /// The rule that decided; none where nobody had to be asked for by a rule.
    pub rule: Option<RuleId>,
    pub why: Why,
    /// Rules that were meant for it and had nobody free.
    pub passed_over: Vec<RuleId>,
    /// What they had before this one, and how many others could have had it.
    pub load: u32,
    pub others: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// By a rule.
    Rule,
    /// No rule; somebody has the topic as a skill.
    Skill,
    /// The least loaded of those who speak the language.
    LeastLoaded,
    /// A rule would rather wait than give it to anybody else.
    RuleWaits,
    /// Everybody who speaks the language has as many as they can take.
    Full,
    /// Nobody who is there speaks the language.
    NobodySpeaksIt,
}

/// The rules in their order, then whoever has the topic as a skill, then the least loaded. Nobody gets more than their cap, or a language they don't speak.
#[must_use]
pub fn choose(rules: &[Rule], agents: &[Agent], case: &Case) -> Decision {
    let speaking: Vec<&Agent> = agents.iter().filter(|agent| agent.languages.contains(&case.language)).collect();
    let free: Vec<&Agent> = speaking.iter().copied().filter(|agent| agent.has_room()).collect();
    let mut passed_over = Vec::new();
    for rule in rules.iter().filter(|rule| rule.conditions.hold_for(case)) {
        let fit: Vec<&Agent> = free.iter().copied().filter(|agent| rule.target.includes(agent)).collect();
        if !fit.is_empty() || rule.waits {
            let why = if fit.is_empty() { Why::RuleWaits } else { Why::Rule };
            return decided(&fit, Some(rule.id), why, passed_over);
        }
        passed_over.push(rule.id);
    }
    let topic = Target::Skill(case.topic.code().to_owned());
    let skilled: Vec<&Agent> = free.iter().copied().filter(|agent| topic.includes(agent)).collect();
    if !skilled.is_empty() {
        return decided(&skilled, None, Why::Skill, passed_over);
    }
    let why = match (free.is_empty(), speaking.is_empty()) {
        (false, _) => Why::LeastLoaded,
        (true, false) => Why::Full,
        (true, true) => Why::NobodySpeaksIt,
    };
    decided(&free, None, why, passed_over)
}

/// The least loaded of those who fit: by the share of their cap that is used, so that somebody with a small cap is not
/// always full first.
fn decided(fit: &[&Agent], rule: Option<RuleId>, why: Why, passed_over: Vec<RuleId>) -> Decision {
    let chosen = fit.iter().min_by(|a, b| {
        let (of_a, of_b) = (u64::from(a.load) * u64::from(b.cap), u64::from(b.load) * u64::from(a.cap));
        of_a.cmp(&of_b).then(a.last_given.cmp(&b.last_given)).then(a.id.cmp(&b.id))
    });
    Decision {
        agent: chosen.map(|agent| agent.id),
        rule,
        why,
        passed_over,
        load: chosen.map_or(0, |agent| agent.load),
        others: fit.len().saturating_sub(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::datetime;
    use uuid::Uuid;

    fn case() -> Case {
        let classes = Classes::of(&[CustomerClass::Frequent, CustomerClass::Dissatisfied]);
        Case { language: Language::Es, topic: Topic::Delivery, channel: Channel::Chat, has_order: true, classes, hour: 10 }
    }

    fn person(n: u128) -> StaffId {
        StaffId(Uuid::from_u128(n))
    }

    fn agent(n: u128, load: u32, skills: &[&str]) -> Agent {
        let skills = skills.iter().map(|&skill| skill.to_owned()).collect();
        Agent { id: person(n), name: format!("Agent {n}"), languages: vec![Language::Es], skills, load, cap: 4, last_given: None }
    }

    fn rule(n: u128, conditions: Conditions, target: Target, waits: bool) -> Rule {
        Rule { id: RuleId(Uuid::from_u128(n)), name: String::new(), conditions, target, waits }
    }

    fn parcels(waits: bool) -> Rule {
        rule(1, Conditions { topic: Some(Topic::Delivery), ..Conditions::default() }, Target::Skill("parcels".into()), waits)
    }

    #[test]
    fn the_first_rule_with_somebody_free_decides() {
        let agents = [agent(1, 0, &[]), agent(2, 2, &["Parcels"]), agent(3, 3, &["parcels"])];
        let second = rule(2, Conditions::default(), Target::Person(person(1)), false);
        let decision = choose(&[parcels(false), second.clone()], &agents, &case());
        assert_eq!((decision.agent, decision.why), (Some(person(2)), Why::Rule), "the less loaded of those with the skill");
        let decision = choose(&[second, parcels(false)], &agents, &case());
        assert_eq!(decision.agent, Some(person(1)), "the order of the list is the order of the rules");
        let other = Case { topic: Topic::Payment, ..case() };
        let decision = choose(&[parcels(false)], &agents, &other);
        assert_eq!((decision.agent, decision.why, decision.rule), (Some(person(1)), Why::LeastLoaded, None));
    }

    #[test]
    fn a_rule_whose_people_are_full_waits_or_passes_on() {
        let agents = [agent(1, 0, &[]), agent(2, 4, &["parcels"])];
        let decision = choose(&[parcels(true)], &agents, &case());
        assert_eq!((decision.agent, decision.why), (None, Why::RuleWaits));
        let decision = choose(&[parcels(false)], &agents, &case());
        assert_eq!((decision.agent, decision.why, decision.passed_over.len()), (Some(person(1)), Why::LeastLoaded, 1));
    }

    #[test]
    fn why_nobody_gets_it_is_said() {
        assert_eq!(choose(&[], &[agent(1, 4, &[])], &case()).why, Why::Full);
        assert_eq!(choose(&[], &[agent(1, 0, &[])], &Case { language: Language::En, ..case() }).why, Why::NobodySpeaksIt);
    }

    #[test]
    fn of_two_with_the_same_load_whoever_waited_longer_is_next() {
        let earlier = Agent { last_given: Some(datetime!(2026-11-27 9:00 UTC)), ..agent(2, 1, &[]) };
        let later = Agent { last_given: Some(datetime!(2026-11-27 9:05 UTC)), ..agent(1, 1, &[]) };
        assert_eq!(choose(&[], &[later.clone(), earlier], &case()).agent, Some(person(2)));
        assert_eq!(choose(&[], &[later, agent(3, 1, &[])], &case()).agent, Some(person(3)), "never yet is longest");
    }

    #[test]
    fn without_a_rule_whoever_knows_the_topic_goes_before_a_short_list() {
        let agents = [agent(1, 0, &[]), agent(2, 3, &["delivery"])];
        let decision = choose(&[], &agents, &case());
        assert_eq!((decision.agent, decision.why), (Some(person(2)), Why::Skill));
    }

    #[test]
    fn a_rule_for_a_class_is_for_whoever_is_in_it_among_others() {
        let agents = [agent(1, 0, &[]), agent(2, 3, &["care"])];
        let of = |class| rule(1, Conditions { class: Some(class), ..Conditions::default() }, Target::Skill("care".into()), false);
        let decision = choose(&[of(CustomerClass::Dissatisfied)], &agents, &case());
        assert_eq!((decision.agent, decision.why), (Some(person(2)), Why::Rule));
        assert_eq!(choose(&[of(CustomerClass::Inactive)], &agents, &case()).agent, Some(person(1)));
        let unknown = Case { classes: Classes::default(), ..case() };
        assert_eq!(choose(&[of(CustomerClass::Dissatisfied)], &agents, &unknown).agent, Some(person(1)), "of nobody anything is known");
    }

    #[test]
    fn hours_may_go_over_midnight() {
        let night = Conditions { hours: Some((22, 6)), ..Conditions::default() };
        let at = |hour| night.hold_for(&Case { hour, ..case() });
        assert!(at(22) && at(23) && at(0) && at(5) && !at(6) && !at(12) && !at(21));
    }

    proptest! {
        #[test]
        fn nobody_gets_more_than_they_can_take_or_a_language_they_dont_speak(
            people in proptest::collection::vec((0u32..6, 1u32..5, any::<bool>(), any::<bool>()), 0..8),
            waits: bool,
        ) {
            let agents: Vec<Agent> = (1u128..)
                .zip(&people)
                .map(|(n, &(load, cap, spanish, skilled))| Agent {
                    languages: vec![if spanish { Language::Es } else { Language::En }],
                    cap,
                    ..agent(n, load, if skilled { &["parcels"] } else { &[] })
                })
                .collect();
            let decision = choose(&[parcels(waits)], &agents, &case());
            match decision.agent {
                Some(id) => {
                    let chosen = agents.iter().find(|agent| agent.id == id).unwrap();
                    prop_assert!(chosen.load < chosen.cap && chosen.languages.contains(&Language::Es));
                }
                None => prop_assert!(waits || !agents.iter().any(|a| a.has_room() && a.languages.contains(&Language::Es))),
            }
        }
    }
}
