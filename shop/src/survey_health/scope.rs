//! What a page of the quality desk is asked about: an instrument, one of its versions or all, a time, a form, a language.

use super::Refusable;
use crate::{Failure, Fault, Shop, delivery::end_of_day, surveys};
use domain::{
    Language, Translated,
    surveys::{Form, SurveyRefusal, Version},
};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// Periods to choose from, in days, the shortest first.
pub const PERIODS: [u32; 3] = [30, 90, 365];

/// What a page shows. `None` stands for all of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Filter {
    /// Its code; the first there is where it is empty.
    pub instrument: String,
    pub version: Option<i32>,
    /// One of [`PERIODS`].
    pub days: Option<u32>,
    pub form: Option<Form>,
    pub language: Option<Language>,
}

/// What there is to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choices {
    pub instruments: Vec<(String, Translated)>,
    /// Of the instrument, the newest first.
    pub versions: Vec<i32>,
}

/// What was found by a filter, and what else one could ask for.
#[derive(Debug, Clone)]
pub struct Seen<T> {
    pub choices: Choices,
    pub filter: Filter,
    pub found: T,
}

/// A filter with what it stands for.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    pub filter: Filter,
    pub choices: Choices,
    /// All versions of the instrument, the newest first.
    pub versions: Vec<(Uuid, Version)>,
    /// Where each of the [`PERIODS`] begins, in whole days at the workshop.
    pub begins: [OffsetDateTime; PERIODS.len()],
    /// Without answers that were imported: this shop did not ask for them.
    pub only_asked: bool,
}

/// One kind of what is filtered, and how many there are.
#[derive(Debug, Clone)]
pub(super) struct Kind {
    pub version: i32,
    pub form: Option<Form>,
    pub language: Option<Language>,
    /// Of how many of the [`PERIODS`] it is.
    pub recency: usize,
}

impl Filter {
    pub(super) fn holds(&self, kind: &Kind) -> bool {
        let least = self.days.map_or(0, |days| PERIODS.iter().filter(|period| **period >= days).count());
        self.version.is_none_or(|version| version == kind.version)
            && self.form.is_none_or(|form| kind.form == Some(form))
            && self.language.is_none_or(|language| kind.language == Some(language))
            && kind.recency >= least
    }

    /// The filters beside which this one is seen: any one of its limits less, or longer ago, or none at all.
    pub(super) fn wider(&self) -> Vec<Self> {
        let longer =
            PERIODS.iter().filter(|period| self.days.is_some_and(|days| **period > days)).map(|period| Some(*period)).chain([None]);
        let mut wider: Vec<Self> = longer.map(|days| Self { days, ..self.clone() }).collect();
        wider.push(Self { version: None, ..self.clone() });
        wider.push(Self { form: None, ..self.clone() });
        wider.push(Self { language: None, ..self.clone() });
        wider.push(Self { instrument: self.instrument.clone(), ..Self::default() });
        wider.retain(|filter| filter != self);
        wider
    }
}

impl Scope {
    /// Those that are asked for, the newest first.
    pub fn wanted(&self) -> impl Iterator<Item = &(Uuid, Version)> {
        self.versions.iter().filter(|(_, version)| self.filter.version.is_none_or(|number| number == version.number))
    }

    pub fn ids(&self) -> Vec<Uuid> {
        self.wanted().map(|(id, _)| *id).collect()
    }

    /// The number of a version of the instrument.
    pub fn number(&self, id: Uuid) -> i32 {
        self.versions.iter().find(|(version, _)| *version == id).map_or(0, |(_, version)| version.number)
    }

    /// From when on it counts.
    pub fn since(&self) -> OffsetDateTime {
        let place = self.filter.days.and_then(|days| PERIODS.iter().position(|period| *period == days));
        place.map_or(OffsetDateTime::UNIX_EPOCH, |place| self.begins[place])
    }

    pub fn seen<T>(self, found: T) -> Seen<T> {
        Seen { choices: self.choices, filter: self.filter, found }
    }
}

/// Looks up what a filter stands for.
///
/// # Errors
/// There is no such instrument or version.
pub(super) async fn scope(shop: &Shop, filter: &Filter, now: OffsetDateTime) -> Refusable<Scope> {
    let rows = sqlx::query!(
        "select v.id, n.code, v.title from survey_version v join survey_instrument n on n.id = v.instrument_id
         order by n.created_at, n.code, v.number desc"
    )
    .fetch_all(&shop.db)
    .await?;
    let missing = || Failure::Refused(SurveyRefusal::NoSuchSurvey);
    let code = if filter.instrument.is_empty() { rows.first().map(|row| row.code.clone()) } else { Some(filter.instrument.clone()) };
    let code = code.ok_or_else(missing)?;
    let (mut versions, mut instruments) = (Vec::new(), Vec::<(String, Translated)>::new());
    for row in rows {
        if instruments.last().is_none_or(|(last, _)| *last != row.code) {
            instruments.push((row.code.clone(), serde_json::from_value(row.title).map_err(Fault::new)?));
        }
        if row.code == code {
            versions.push((row.id, surveys::instrument::load(&mut *shop.db.acquire().await?, row.id).await?));
        }
    }
    let numbers: Vec<i32> = versions.iter().map(|(_, version): &(Uuid, Version)| version.number).collect();
    if versions.is_empty() || filter.version.is_some_and(|number| !numbers.contains(&number)) {
        return Err(missing());
    }
    let today = shop.settings.local(now).date();
    let begins = PERIODS.map(|days| end_of_day(&shop.settings, today - Duration::days(days.into())) + Duration::seconds(1));
    let days = filter.days.filter(|days| PERIODS.contains(days));
    let filter = Filter { instrument: code, days, ..filter.clone() };
    Ok(Scope { filter, choices: Choices { instruments, versions: numbers }, versions, begins, only_asked: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_seen_beside_every_one_that_asks_for_less() {
        let filter = Filter { days: Some(90), form: Some(Form::Full), ..Filter::default() };
        let wider = filter.wider();
        for other in [
            Filter { days: Some(365), ..filter.clone() },
            Filter { days: None, ..filter.clone() },
            Filter { form: None, ..filter.clone() },
            Filter::default(),
        ] {
            assert!(wider.contains(&other), "{other:?}");
        }
        assert!(!wider.contains(&filter) && !wider.iter().any(|other| other.days == Some(30)));
        let old = Kind { version: 1, form: Some(Form::Full), language: None, recency: 1 };
        assert!(!filter.holds(&old) && wider[0].holds(&old), "recent enough for a year only");
        assert!(filter.holds(&Kind { recency: 2, ..old }));
    }
}
