//! The register: a complaint goes through its stages, well or badly; a suggestion and praise are answered.

use super::{
    chance::Chance,
    plan::Spoiled,
    words::say,
    world::{Act, World},
};
use anyhow::{Context, Result};
use domain::complaints::{Cause, ComplaintKind, Department, Intake, Remedy};
use shop::{
    Actor,
    complaints::{self, Findings, NewComplaint, OfOrder, Opened, Way},
};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// A complaint, a suggestion or praise on its way.
pub struct Case {
    order: usize,
    kind: ComplaintKind,
    opened: Option<Opened>,
    /// It was said once that it is not solved.
    contested: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Opens,
    /// Somebody takes it and says that we are sorry.
    Acknowledged,
    Promised,
    Solved,
    Confirmed,
    Contested,
}

const NO_ID: &str = "somebody of the staff without an id";

impl Case {
    pub fn late(order: usize) -> Self {
        Self { order, kind: ComplaintKind::Complaint, opened: None, contested: false }
    }

    pub fn spoiled(order: usize) -> Self {
        Self::late(order)
    }

    pub fn kind_words(order: usize, praise: bool) -> Self {
        Self { kind: if praise { ComplaintKind::Praise } else { ComplaintKind::Suggestion }, ..Self::late(order) }
    }
}

impl World<'_> {
    pub(super) fn begin_case(&mut self, case: Case, at: OffsetDateTime) {
        self.cases.push(case);
        self.later(at, Act::Case(self.cases.len() - 1, Step::Opens));
    }

    pub(super) async fn work_on(&mut self, index: usize, step: Step, at: OffsetDateTime) -> Result<()> {
        if step == Step::Opens {
            return self.opens(index, at).await;
        }
        let Some(opened) = self.cases[index].opened.clone() else { return Ok(()) };
        match step {
            Step::Opens => Ok(()),
            Step::Acknowledged if self.cases[index].kind == ComplaintKind::Complaint => self.acknowledges(index, opened.number, at).await,
            Step::Acknowledged => self.answers_kindly(index, opened.number, at).await,
            Step::Promised => self.promises(index, opened.number, at).await,
            Step::Solved => self.solves(index, opened.number, at).await,
            Step::Confirmed => Ok(complaints::confirm(self.shop, opened.number, &opened.token, at).await?),
            Step::Contested => self.contests(index, &opened, at).await,
        }
    }

    async fn opens(&mut self, index: usize, at: OffsetDateTime) -> Result<()> {
        let Case { order, kind, .. } = self.cases[index];
        let Some(standing) = &self.orders[order] else { return Ok(()) };
        let person = &self.plan.people[self.plan.orders[order].person];
        let sentences = self.sentences(person.language);
        let (statement, about) = match (kind, self.plan.orders[order].spoiled) {
            (ComplaintKind::Praise, _) => (&sentences.praise, Department::Service),
            (ComplaintKind::Suggestion, _) => (&sentences.suggestion, Department::Web),
            (_, Some(Spoiled::Broken)) => (&sentences.complaint_broken, Department::Workshop),
            (_, Some(Spoiled::Wrong)) => (&sentences.complaint_wrong, Department::Dispatch),
            (_, None) => (&sentences.complaint_late, Department::Dispatch),
        };
        let mut chance = self.throws(index, Step::Opens);
        let is_complaint = kind == ComplaintKind::Complaint;
        let new = NewComplaint {
            kind,
            language: person.language,
            statement: say(&mut chance, statement, &person.name, &standing.number),
            wanted: if is_complaint { say(&mut chance, &sentences.wanted, "", "") } else { String::new() },
            from: Department::Web,
            about,
            intake: Intake::Web,
            name: person.name.clone(),
            email: person.email.clone(),
            anonymous: false,
            order: Some(OfOrder { number: standing.number.clone(), token: Some(standing.token.clone()), line: Some(0) }),
            happened_on: None,
            conversation: None,
            angry: false,
            take: false,
        };
        let opened = complaints::open(self.shop, &Actor::Guest { cart: None }, &new, at).await?;
        self.cases[index].opened = Some(opened);
        self.made.complaints += 1;
        let minutes = if self.is_well(index) { chance.between(15, 200) } else { chance.between(500, 1400) };
        self.later(self.hours.due(at, u32::try_from(minutes).unwrap_or(60)), Act::Case(index, Step::Acknowledged));
        Ok(())
    }

    /// Takes it, says sorry and writes down what happened.
    async fn acknowledges(&mut self, index: usize, number: i64, at: OffsetDateTime) -> Result<()> {
        let owner = self.team.agent(index);
        let mut chance = self.throws(index, Step::Acknowledged);
        let order = &self.plan.orders[self.cases[index].order];
        let sentences = self.sentences(self.plan.people[order.person].language);
        let sorry = say(&mut chance, &sentences.sorry, "", "");
        // Notes among staff are in the shop's own language.
        let notes = self.sentences(self.shop.settings.base_language);
        let findings = Findings {
            line: Some(0),
            happened_on: Some(self.shop.settings.local(at).date() - Duration::days(2)),
            evidence: say(&mut chance, &notes.evidence, "", ""),
            cause: Some(match order.spoiled {
                Some(Spoiled::Broken) => Cause::Product,
                Some(Spoiled::Wrong) => Cause::Errors,
                None => Cause::Delay,
            }),
            consequences: say(&mut chance, &notes.consequences, "", ""),
        };
        if !self.cases[index].contested {
            complaints::assign(self.shop, &owner, number, owner.staff().context(NO_ID)?, at).await?;
            complaints::investigate(self.shop, &owner, number, &findings, at + Duration::minutes(8)).await?;
        }
        complaints::acknowledge(self.shop, &owner, number, &sorry, false, at + Duration::minutes(9)).await?;
        self.later(self.hours.due(at + Duration::minutes(9), 90), Act::Case(index, Step::Promised));
        Ok(())
    }

    async fn promises(&mut self, index: usize, number: i64, at: OffsetDateTime) -> Result<()> {
        let owner = self.team.agent(index);
        let person = &self.plan.people[self.plan.orders[self.cases[index].order].person];
        let solution = say(&mut self.throws(index, Step::Promised), &self.sentences(person.language).solution, "", "");
        let deadline = self.shop.settings.local(at).date() + Duration::days(3);
        complaints::promise(self.shop, &owner, number, (&solution, Remedy::Credit), deadline, false, at).await?;
        let days = if self.is_well(index) { 1 } else { 5 };
        self.later(self.hours.due(at + Duration::days(days), 60), Act::Case(index, Step::Solved));
        Ok(())
    }

    async fn solves(&mut self, index: usize, number: i64, at: OffsetDateTime) -> Result<()> {
        let mut chance = self.throws(index, Step::Solved);
        let (order, well) = (self.cases[index].order, self.is_well(index));
        let person = &self.plan.people[self.plan.orders[order].person];
        if well {
            let key = Uuid::from_u128(chance.id());
            let way = if chance.yes(0.6) { Way::Credit } else { Way::Refund };
            complaints::compensate(self.shop, &self.team.lead, key, number, (way, "6.00"), "for the trouble", at).await?;
        }
        let outcome = say(&mut chance, &self.sentences(person.language).outcome, "", "");
        complaints::solve(self.shop, &self.team.agent(index), number, &outcome, false, at + Duration::minutes(5)).await?;
        if let Some(standing) = &mut self.orders[order] {
            standing.solved = Some(well);
        }
        let later = at + Duration::hours(chance.between(4, 60));
        if well && chance.yes(0.8) {
            self.later(later, Act::Case(index, Step::Confirmed));
        } else if !well && !self.cases[index].contested && chance.yes(0.5) {
            self.later(later, Act::Case(index, Step::Contested));
        }
        Ok(())
    }

    async fn contests(&mut self, index: usize, opened: &Opened, at: OffsetDateTime) -> Result<()> {
        let person = &self.plan.people[self.plan.orders[self.cases[index].order].person];
        let because = say(&mut self.throws(index, Step::Contested), &self.sentences(person.language).not_solved, "", "");
        complaints::dispute(self.shop, opened.number, &opened.token, &because, at).await?;
        self.cases[index].contested = true;
        self.later(self.hours.due(at, 300), Act::Case(index, Step::Acknowledged));
        Ok(())
    }

    async fn answers_kindly(&mut self, index: usize, number: i64, at: OffsetDateTime) -> Result<()> {
        let owner = self.team.agent(index);
        let kind = self.cases[index].kind;
        let person = &self.plan.people[self.plan.orders[self.cases[index].order].person];
        let noted = &self.sentences(person.language).noted;
        let answer = if kind == ComplaintKind::Suggestion { noted.first() } else { noted.last() };
        complaints::assign(self.shop, &owner, number, owner.staff().context(NO_ID)?, at).await?;
        complaints::answer(self.shop, &owner, number, answer.map_or("", String::as_str), false, at + Duration::minutes(4)).await?;
        Ok(())
    }

    fn is_well(&self, index: usize) -> bool {
        self.plan.orders[self.cases[index].order].well
    }

    fn throws(&self, index: usize, step: Step) -> Chance {
        Chance::of(self.plan.seed, "case", index as u64 * 8 + step as u64)
    }
}
