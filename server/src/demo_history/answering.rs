//! Answering a survey as one does who followed its link: what was asked, and an end, mostly.

use super::{
    chance::Chance,
    opinion::{Experience, Opinion},
    world::{Survey, World},
};
use anyhow::Result;
use domain::surveys::{Ask, DOES_NOT_APPLY, Part, Question};
use shop::surveys::{self, Given, Standing};
use time::{Duration, OffsetDateTime};

impl World<'_> {
    pub(super) async fn answers(&mut self, index: usize, survey: Survey, at: OffsetDateTime) -> Result<()> {
        let Some(standing) = &self.orders[index] else { return Ok(()) };
        let person = &self.plan.people[self.plan.orders[index].person];
        let (shop, language) = (self.shop, person.language);
        // Not everybody is asked about every order.
        let Some(offer) = surveys::offer(shop, &standing.number, &standing.token, language, at).await? else { return Ok(()) };
        let experience = Experience {
            late: standing.course.map_or(0, |course| course.late),
            slow: self.plan.faults.is_slow(at),
            spoiled: self.plan.orders[index].spoiled.is_some(),
            solved: standing.solved,
        };
        let mut chance = Chance::of(self.plan.seed, if survey == Survey::AfterDelivery { "answers" } else { "what matters" }, index as u64);
        if !chance.yes(person.answers + if experience.has_trouble() { 0.1 } else { 0.0 }) {
            return Ok(());
        }
        let gives_up = chance.yes(0.07);
        surveys::open(shop, &offer.token, language, at).await?;
        surveys::begin(shop, &offer.token, language, person.device, at + Duration::seconds(20)).await?;
        let Standing::Sheet(sheet) = surveys::open(shop, &offer.token, language, at + Duration::seconds(20)).await? else { return Ok(()) };
        let given = self.given(&sheet.questions, experience, Opinion::of(person, experience, chance));
        let half = given.len() / 2;
        surveys::save(shop, &offer.token, &given[..half], at + Duration::minutes(2)).await?;
        if gives_up {
            return Ok(());
        }
        surveys::save(shop, &offer.token, &given[half..], at + Duration::minutes(4)).await?;
        surveys::finish(shop, &offer.token, at + Duration::minutes(4)).await?;
        self.made.answers += 1;
        Ok(())
    }

    fn given(&self, questions: &[Question], experience: Experience, mut opinion: Opinion<'_>) -> Vec<Given> {
        let mut opened = false;
        let mut given = Vec::new();
        // The order they are asked in is drawn anew each time: with the same seed the same is thought all the same.
        let mut questions: Vec<&Question> = questions.iter().collect();
        questions.sort_by_key(|question| (question.ask != Ask::Gate, &question.code));
        for question in questions {
            if question.part == Part::Recovery && question.hidden && question.ask != Ask::Gate && !opened {
                continue;
            }
            let sent = match &question.ask {
                Ask::Gate => {
                    opened = experience.has_trouble();
                    if opened { "yes" } else { "no" }.to_owned()
                }
                Ask::Words => self.comment(question, experience, &mut opinion),
                Ask::Scale(steps) => {
                    let (lowest, highest) = (steps.first().map_or(1, |step| step.0), steps.last().map_or(5, |step| step.0));
                    opinion.value(&question.code, lowest, highest).map_or_else(|| DOES_NOT_APPLY.to_owned(), |value| value.to_string())
                }
            };
            if !sent.is_empty() {
                given.push(Given { code: question.code.clone(), sent, milliseconds: Some(opinion.milliseconds()) });
            }
        }
        given
    }

    /// In the language in which it was asked; mostly nothing.
    fn comment(&self, question: &Question, experience: Experience, opinion: &mut Opinion<'_>) -> String {
        let sentences = self.sentences(opinion.language());
        let chance = opinion.chance();
        let Experience { late, slow, solved, .. } = experience;
        let (said, often) = match (question.code.as_str(), solved) {
            ("WISH", _) => (&sentences.wish, 0.4),
            (_, Some(false)) => (&sentences.comment_unsolved, 0.65),
            (_, Some(true)) => (&sentences.comment_solved, 0.5),
            _ if late > 0 => (&sentences.comment_late, 0.6),
            _ if slow => (&sentences.comment_slow, 0.5),
            _ => (&sentences.comment_fine, 0.25),
        };
        if chance.yes(often) { chance.one(said).cloned().unwrap_or_default() } else { String::new() }
    }
}
