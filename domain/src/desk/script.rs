//! Scripts («guión»): steps that branch by what the customer answers, with what has to be noted on the way. One writes them
//! as a text: `# step`, `es:` and `en:` what is said, `* key!: note | note` (the `!` where it is required) and
//! `> step: answer | answer`, each Spanish first. A step without answers is an end.

use super::is_shortcut;
use crate::{Language, Translated, states::states};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The longest script, in characters.
pub const MOST_OF_A_SCRIPT: usize = 20_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// The first is where it begins.
    pub steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub name: String,
    pub say: Translated,
    pub captures: Vec<Capture>,
    pub branches: Vec<Branch>,
    line: u32,
}

/// Something to be noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capture {
    pub key: String,
    pub label: Translated,
    pub required: bool,
}

/// What the customer may answer, and the step it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    pub to: String,
    pub answer: Translated,
    line: u32,
}

states! {
    /// What is wrong with the text of a script.
    ScriptProblem {
        Empty = "empty",
        TooLong = "too_long",
        NotUnderstood = "not_understood",
        /// A step or a note without a name of its own, in small letters, digits and hyphens.
        Name = "name",
        LanguageMissing = "language_missing",
        LeadsNowhere = "leads_nowhere",
        /// No answer leads to this step.
        Unreachable = "unreachable",
        /// From this step one goes round in circles for ever.
        NoEnd = "no_end",
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScriptFault {
    /// Counted from one.
    pub line: u32,
    pub problem: ScriptProblem,
}

type Read<T> = Result<T, ScriptFault>;

fn fault<T>(line: u32, problem: ScriptProblem) -> Read<T> {
    Err(ScriptFault { line, problem })
}

impl Script {
    /// Reads a script whole: every step can be reached, and an end from every step.
    ///
    /// # Errors
    /// The first line with something wrong.
    pub fn parse(text: &str) -> Read<Self> {
        if text.chars().count() > MOST_OF_A_SCRIPT {
            return fault(1, ScriptProblem::TooLong);
        }
        let mut steps: Vec<Step> = Vec::new();
        let mut told = None;
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if let Some(name) = line.strip_prefix('#') {
                let step = Step {
                    name: name.trim().to_owned(),
                    say: Translated::default(),
                    captures: Vec::new(),
                    branches: Vec::new(),
                    line: number,
                };
                steps.push(step);
                told = None;
            } else if let Some(step) = steps.last_mut() {
                told = read_line(step, line, number, told)?;
            } else if !line.is_empty() {
                return fault(number, ScriptProblem::NotUnderstood);
            }
        }
        let script = Self { steps };
        script.check()?;
        Ok(script)
    }

    #[must_use]
    pub fn step(&self, name: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.name == name)
    }

    fn check(&self) -> Read<()> {
        let Some(first) = self.steps.first() else { return fault(1, ScriptProblem::Empty) };
        let (mut names, mut keys) = (BTreeSet::new(), BTreeSet::new());
        for step in &self.steps {
            let is_fresh = is_shortcut(&step.name) && names.insert(&step.name);
            if !is_fresh || !step.captures.iter().all(|capture| is_shortcut(&capture.key) && keys.insert(&capture.key)) {
                return fault(step.line, ScriptProblem::Name);
            }
            if !Language::ALL.iter().all(|language| step.say.0.contains_key(language)) {
                return fault(step.line, ScriptProblem::LanguageMissing);
            }
        }
        if let Some(lost) = self.steps.iter().flat_map(|step| &step.branches).find(|branch| self.step(&branch.to).is_none()) {
            return fault(lost.line, ScriptProblem::LeadsNowhere);
        }
        let reached = self.spread([first.name.as_str()].into(), |from| from.branches.iter().map(|branch| branch.to.as_str()).collect());
        if let Some(step) = self.steps.iter().find(|step| !reached.contains(step.name.as_str())) {
            return fault(step.line, ScriptProblem::Unreachable);
        }
        let ends = self.steps.iter().filter(|step| step.is_end()).map(|step| step.name.as_str()).collect();
        let before =
            |to: &Step| self.steps.iter().filter(|step| step.branch_to(&to.name).is_some()).map(|step| step.name.as_str()).collect();
        let ending = self.spread(ends, before);
        match self.steps.iter().find(|step| !ending.contains(step.name.as_str())) {
            Some(step) => fault(step.line, ScriptProblem::NoEnd),
            None => Ok(()),
        }
    }

    /// Everything that is found from these steps, taking one after another.
    fn spread<'a>(&'a self, from: BTreeSet<&'a str>, next: impl Fn(&'a Step) -> Vec<&'a str>) -> BTreeSet<&'a str> {
        let (mut waiting, mut found): (Vec<&str>, _) = (from.iter().copied().collect(), from);
        while let Some(step) = waiting.pop().and_then(|name| self.step(name)) {
            waiting.extend(next(step).into_iter().filter(|name| found.insert(name)));
        }
        found
    }
}

impl Step {
    #[must_use]
    pub fn is_end(&self) -> bool {
        self.branches.is_empty()
    }

    #[must_use]
    pub fn branch_to(&self, name: &str) -> Option<&Branch> {
        self.branches.iter().find(|branch| branch.to == name)
    }
}

/// A line within a step; what was being said, where it goes on.
fn read_line(step: &mut Step, line: &str, number: u32, told: Option<Language>) -> Read<Option<Language>> {
    if let Some(rest) = line.strip_prefix('*') {
        let (key, label) = named(rest, number)?;
        let required = key.ends_with('!');
        step.captures.push(Capture { key: key.trim_end_matches('!').to_owned(), label, required });
        return Ok(None);
    }
    if let Some(rest) = line.strip_prefix('>') {
        let (to, answer) = named(rest, number)?;
        step.branches.push(Branch { to: to.to_owned(), answer, line: number });
        return Ok(None);
    }
    let begun = Language::ALL.into_iter().find_map(|language| Some((language, line.strip_prefix(language.code())?.strip_prefix(':')?)));
    match (begun, told) {
        (Some((language, said)), _) if !step.say.0.contains_key(&language) && !said.trim().is_empty() => {
            step.say.0.insert(language, said.trim().to_owned());
            Ok(Some(language))
        }
        (Some(_), _) => fault(number, ScriptProblem::LanguageMissing),
        (None, Some(language)) => {
            if let Some(said) = step.say.0.get_mut(&language).filter(|_| !line.is_empty()) {
                said.push('\n');
                said.push_str(line);
            }
            Ok(told)
        }
        (None, None) if line.is_empty() => Ok(None),
        (None, None) => fault(number, ScriptProblem::NotUnderstood),
    }
}

/// `name: Spanish | English`.
fn named(rest: &str, number: u32) -> Read<(&str, Translated)> {
    let Some((name, texts)) = rest.split_once(':') else { return fault(number, ScriptProblem::NotUnderstood) };
    let (es, en) = texts.split_once('|').unwrap_or_default();
    if es.trim().is_empty() || en.trim().is_empty() {
        return fault(number, ScriptProblem::LanguageMissing);
    }
    Ok((name.trim(), Translated([(Language::Es, es.trim().to_owned()), (Language::En, en.trim().to_owned())].into())))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BROKEN: &str = "# piece
es: ¿Qué pieza es?
Míralo en el pedido.
en: Which piece is it?
* sku!: Pieza | Piece
* note: Nota | Note
> money: Quiere el dinero | Wants the money
> piece-two: Otra más | One more

# piece-two
es: ¿Cuál?
en: Which?
> piece: Volver | Back

# money
es: Lo devolvemos.
en: We give it back.
";

    fn problem(text: &str) -> (u32, ScriptProblem) {
        let fault = Script::parse(text).expect_err("something is wrong with it");
        (fault.line, fault.problem)
    }

    #[test]
    fn a_script_is_read_as_it_was_written() {
        let script = Script::parse(BROKEN).expect("a whole script");
        let first = &script.steps[0];
        assert_eq!(first.say.get(Language::Es), "¿Qué pieza es?\nMíralo en el pedido.");
        let captures: Vec<_> = first.captures.iter().map(|c| (c.key.as_str(), c.required, c.label.get(Language::En))).collect();
        assert_eq!(captures, [("sku", true, "Piece"), ("note", false, "Note")]);
        assert_eq!(first.branch_to("money").map(|branch| branch.answer.get(Language::Es)), Some("Quiere el dinero"));
        assert!(script.step("money").is_some_and(Step::is_end) && !first.is_end());
    }

    #[test]
    fn the_line_with_something_wrong_is_named() {
        use ScriptProblem::{Empty, LanguageMissing, LeadsNowhere, Name, NoEnd, NotUnderstood, Unreachable};
        let said = "es: a\nen: b\n";
        for (text, expected) in [
            (String::new(), (1, Empty)),
            ("hello".to_owned(), (1, NotUnderstood)),
            ("# one\nsay something".to_owned(), (2, NotUnderstood)),
            ("# One\nes: a\nen: b".to_owned(), (1, Name)),
            (format!("# one\n{said}* k!: a | b\n* k: c | d"), (1, Name)),
            (format!("# one\n{said}> one: a | b\n# one\n{said}"), (5, Name)),
            ("# one\nes: a".to_owned(), (1, LanguageMissing)),
            (format!("# one\n{said}> two: only Spanish"), (4, LanguageMissing)),
            (format!("# one\n{said}> two: a | b"), (4, LeadsNowhere)),
            (format!("# one\n{said}# two\n{said}"), (4, Unreachable)),
            (format!("# one\n{said}> two: a | b\n# two\n{said}> one: a | b"), (1, NoEnd)),
        ] {
            assert_eq!(problem(&text), expected, "{text}");
        }
    }
}
