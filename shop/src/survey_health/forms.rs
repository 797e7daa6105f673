//! The full form against the short one: what each gets, and whether the short one gets enough more to be worth it.

use super::{
    FEWEST, apart,
    dimension::DimensionHealth,
    instrument,
    scope::{Filter, Scope},
};
use crate::{Fault, Shop, surveys};
use domain::{
    Language, Translated,
    surveys::{Form, Part, Split, Version},
};
use quality::{
    forms::break_even,
    intervals::{self, Interval},
};

#[derive(Debug, Clone)]
pub struct Forms {
    pub full: FormFigures,
    pub short: FormFigures,
    /// How the forms are given out now.
    pub split: Split,
    /// How many times as large a share the short form completes.
    pub gets: Option<Gets>,
    /// Of the main dimensions whose alpha can be said.
    pub break_even: Vec<BreakEven>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gets {
    pub times: f64,
    pub interval: Interval,
}

#[derive(Debug, Clone, Default)]
pub struct FormFigures {
    pub asked: usize,
    pub completed: usize,
    pub rate: Option<f64>,
    /// Wilson's.
    pub interval: Option<Interval>,
    /// Median seconds from beginning to end.
    pub seconds: Option<f64>,
    /// The share of the questions asked on a scale that were left without an answer. "Doesn't apply" is one.
    pub unanswered: Option<f64>,
}

/// For the same interval of a dimension's mean the short form needs so many times the people.
#[derive(Debug, Clone, PartialEq)]
pub struct BreakEven {
    pub code: String,
    pub name: Translated,
    pub alpha: f64,
    pub items: usize,
    pub asked: usize,
    pub needs: f64,
}

/// Whether the short form gets the people that it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worth {
    Yes,
    No,
    /// It may, by what is known yet.
    Open,
}

impl BreakEven {
    #[must_use]
    pub fn worth(&self, gets: &Gets) -> Worth {
        match gets.interval {
            (low, _) if low >= self.needs => Worth::Yes,
            (_, high) if high < self.needs => Worth::No,
            _ => Worth::Open,
        }
    }
}

pub(super) async fn compare(shop: &Shop, scope: &Scope) -> Result<Forms, Fault> {
    let full = figures(shop, scope, Form::Full).await?;
    let short = figures(shop, scope, Form::Short).await?;
    let rules = surveys::rules(shop).await.map_err(Fault::new)?;
    let both = Scope { filter: Filter { form: None, ..scope.filter.clone() }, only_asked: true, ..scope.clone() };
    let health = instrument::of_scope(shop, &both).await?;
    let version = scope.wanted().next().map(|(_, version)| version);
    let break_even =
        health.dimensions.iter().filter(|dimension| dimension.part == Part::Main).filter_map(|dimension| at(dimension, version?));
    Ok(Forms { gets: gets(&short, &full), break_even: break_even.collect(), full, short, split: rules.split })
}

fn gets(short: &FormFigures, full: &FormFigures) -> Option<Gets> {
    let interval = intervals::of_ratio((short.completed, short.asked), (full.completed, full.asked)).ok()?;
    Some(Gets { times: short.rate? / full.rate?, interval })
}

fn at(dimension: &DimensionHealth, version: &Version) -> Option<BreakEven> {
    let items = version.items.iter().filter(|item| item.dimension == dimension.code).count();
    let short = version.dimensions.iter().find(|known| known.code == dimension.code)?.short_items?;
    let alpha = *dimension.alpha.said().or_else(|| dimension.pairwise.said())?;
    let asked = short.min(items);
    (asked > 0 && alpha > 0.0).then(|| BreakEven {
        code: dimension.code.clone(),
        name: dimension.name.clone(),
        alpha,
        items,
        asked,
        needs: break_even(alpha, items, asked),
    })
}

async fn figures(shop: &Shop, scope: &Scope, form: Form) -> Result<FormFigures, Fault> {
    if scope.filter.form.is_some_and(|wanted| wanted != form) {
        return Ok(FormFigures::default());
    }
    let (ids, language) = (scope.ids(), scope.filter.language.map(Language::code));
    let invited = sqlx::query!(
        r#"select count(*) as "asked!", count(completed_at) as "completed!" from survey_invitation
           where version_id = any($1) and asked_at >= $2 and form = $3 and ($4::text is null or language = $4)"#,
        &ids,
        scope.since(),
        form.code(),
        language
    )
    .fetch_one(&shop.db)
    .await?;
    let taken = sqlx::query!(
        r#"select version_id, count(*) as "people!" from survey_response
           where version_id = any($1) and completed_at >= $2 and form = $3 and ($4::text is null or language = $4) and import_id is null
           group by 1"#,
        &ids,
        scope.since(),
        form.code(),
        language
    )
    .fetch_all(&shop.db)
    .await?;
    let people = |rows: i64| usize::try_from(rows).unwrap_or(0);
    let finished: usize = taken.iter().map(|row| people(row.people)).sum();
    let asked_items: usize = taken.iter().map(|row| people(row.people) * items_of(scope, row.version_id, form)).sum();
    let (seconds, given) = spent(shop, scope, form).await?;
    let (asked, completed) = (people(invited.asked), people(invited.completed));
    let enough = apart::hidden(finished, [], FEWEST).is_none();
    Ok(FormFigures {
        asked,
        completed,
        rate: (asked > 0).then(|| completed as f64 / asked as f64),
        interval: intervals::of_share(completed, asked).ok(),
        seconds: seconds.filter(|_| enough),
        unanswered: (asked_items > 0 && enough).then(|| 1.0 - given as f64 / asked_items as f64),
    })
}

/// How many questions on a scale one is asked by this form, whether or not there was a problem.
fn items_of(scope: &Scope, version: uuid::Uuid, form: Form) -> usize {
    let version = scope.versions.iter().find(|(id, _)| *id == version).map(|(_, version)| version);
    version.map_or(0, |version| {
        let asked = version.set(form, 0, 0, 0);
        asked.iter().filter(|item| item.scale.is_some() && matches!(version.part_of(item), Part::Main | Part::Companion)).count()
    })
}

/// Median seconds of who finished, and how many of those questions they answered in all.
async fn spent(shop: &Shop, scope: &Scope, form: Form) -> Result<(Option<f64>, i64), Fault> {
    let row = sqlx::query!(
        r#"with finished as (
               select id, extract(epoch from completed_at - started_at)::float8 as seconds from survey_response
               where version_id = any($1) and completed_at >= $2 and form = $3 and ($4::text is null or language = $4)
                 and import_id is null
           )
           select (select percentile_cont(0.5) within group (order by seconds) from finished) as seconds,
                  (select count(*) from finished f join survey_answer a on a.response_id = f.id join survey_item i on i.id = a.item_id
                   join survey_dimension d on d.version_id = i.version_id and d.code = i.dimension
                   where d.part in ('main', 'companion')) as "given!""#,
        &scope.ids(),
        scope.since(),
        form.code(),
        scope.filter.language.map(Language::code)
    )
    .fetch_one(&shop.db)
    .await?;
    Ok((row.seconds, row.given))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_form_is_worth_it_when_it_surely_gets_as_many_as_it_needs() {
        let of = |needs| BreakEven { code: String::new(), name: Translated::default(), alpha: 0.9, items: 8, asked: 2, needs };
        let gets = Gets { times: 1.3, interval: (1.2, 1.4) };
        assert_eq!(
            [1.1, 1.2, 1.25, 1.4, 1.5].map(|needs| of(needs).worth(&gets)),
            [Worth::Yes, Worth::Yes, Worth::Open, Worth::Open, Worth::No]
        );
    }
}
