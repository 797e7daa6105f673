//! The sums that a page of the quality desk is made of, as few rows as will do: the group that is looked at by the week,
//! the others by the month.

use crate::{Failure, Fault, Outcome, Shop, transaction};
use domain::{
    Translated,
    scores::{Filter, ScoreRefusal},
    surveys::Version,
};
use quality::{intervals::FEW, sample::Moments};
use sqlx::PgConnection;
use std::collections::BTreeMap;
use time::Date;
use uuid::Uuid;

/// Scores are kept in millionths of a step.
pub(super) const UNIT: f64 = 1e-6;

/// So many people, the sum of their scores and of the squares of those.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sum {
    pub people: u64,
    total: i128,
    squares: i128,
}

impl Sum {
    pub fn plus(self, other: Self) -> Self {
        Self { people: self.people + other.people, total: self.total + other.total, squares: self.squares + other.squares }
    }

    pub fn moments(self) -> Moments {
        Moments::of_sums(self.people, self.total, self.squares, UNIT)
    }
}

/// Sums of one group and measure.
#[derive(Debug, Clone, Default)]
pub(super) struct Course {
    /// Of the time that is looked at; by the week of the group that is, else by the month its Mondays are in.
    pub by_slot: BTreeMap<Date, Sum>,
    /// Of as long a time before.
    pub before: Sum,
}

impl Course {
    pub fn whole(&self) -> Sum {
        self.by_slot.values().copied().fold(Sum::default(), Sum::plus)
    }
}

pub(super) struct Sums {
    pub version: Version,
    /// Every instrument with its newest title.
    pub instruments: Vec<(String, Translated)>,
    pub versions: Vec<i32>,
    pub first: Date,
    pub after: Date,
    pub courses: BTreeMap<(String, String), Course>,
    /// Scores themselves where they are so few that their interval is resampled.
    pub few: BTreeMap<(String, String), Vec<f64>>,
    /// How many of the group gave which value to the item of this code; `None`: it does not apply.
    pub answers: BTreeMap<String, BTreeMap<Option<i16>, u64>>,
    /// By outcome, of everybody: sums of products of two measures, '' being 1.
    pub products: BTreeMap<String, BTreeMap<(String, String), f64>>,
    /// By version and measure, of the group.
    pub waves: BTreeMap<i32, BTreeMap<String, Sum>>,
}

impl Sums {
    pub fn course(&self, cell: &str, measure: &str) -> Course {
        self.courses.get(&(cell.to_owned(), measure.to_owned())).cloned().unwrap_or_default()
    }
}

pub(super) async fn read(shop: &Shop, filter: &Filter, (first, after): (Date, Date)) -> Outcome<Sums, ScoreRefusal> {
    let mut db = transaction::begin_reading(&shop.db).await?;
    let all = sqlx::query!(
        "select n.code, v.id, v.number, v.title from survey_version v join survey_instrument n on n.id = v.instrument_id
         order by n.created_at, n.code, v.number desc"
    )
    .fetch_all(&mut *db)
    .await?;
    let mut instruments: Vec<(String, Translated)> = Vec::new();
    for row in &all {
        if instruments.last().is_none_or(|(code, _)| *code != row.code) {
            instruments.push((row.code.clone(), serde_json::from_value(row.title.clone()).map_err(Fault::new)?));
        }
    }
    let known: Vec<(Uuid, i32)> = all.iter().filter(|row| row.code == filter.instrument).map(|row| (row.id, row.number)).collect();
    let is_asked = |number: i32| filter.version.is_none_or(|version| version == number);
    let chosen: Vec<Uuid> = known.iter().filter(|(_, number)| is_asked(*number)).map(|(id, _)| *id).collect();
    let newest = *chosen.first().ok_or(Failure::Refused(ScoreRefusal::NoSuchInstrument))?;
    let version = crate::surveys::load(&mut db, newest).await?;
    let courses = courses(&mut db, filter, &chosen, (first, after)).await?;
    Ok(Sums {
        version,
        instruments,
        versions: known.iter().map(|(_, number)| *number).collect(),
        few: few(&mut db, filter, &chosen, &courses, (first, after)).await?,
        courses,
        answers: answers(&mut db, filter, &chosen, (first, after)).await?,
        products: products(&mut db, &chosen, (first, after)).await?,
        waves: if known.len() > 1 {
            waves(&mut db, filter, &known.iter().map(|(id, _)| *id).collect::<Vec<_>>(), (first, after)).await?
        } else {
            BTreeMap::new()
        },
        first,
        after,
    })
}

async fn courses(
    db: &mut PgConnection,
    filter: &Filter,
    versions: &[Uuid],
    (first, after): (Date, Date),
) -> Result<BTreeMap<(String, String), Course>, Fault> {
    let rows = sqlx::query!(
        r#"select cell, measure, case when cell in ('all', $2) then week else date_trunc('month', week)::date end as "slot!",
                  week >= $4 as "current!", sum(people)::bigint as "people!", sum(total)::text as "total!", sum(squares)::text as "squares!"
           from survey_rollup
           where version_id = any($1) and week < $5 and (week >= $4 or cell = $2 and week >= $3)
           group by 1, 2, 3, 4"#,
        versions,
        filter.cell(),
        first - (after - first),
        first,
        after
    )
    .fetch_all(&mut *db)
    .await?;
    let mut courses: BTreeMap<(String, String), Course> = BTreeMap::new();
    for row in rows {
        let sum = sum(row.people, &row.total, &row.squares)?;
        let course = courses.entry((row.cell, row.measure)).or_default();
        if row.current {
            let slot = course.by_slot.entry(row.slot).or_default();
            *slot = slot.plus(sum);
        } else {
            course.before = course.before.plus(sum);
        }
    }
    Ok(courses)
}

fn sum(people: i64, total: &str, squares: &str) -> Result<Sum, Fault> {
    let whole = |text: &str| text.parse::<i128>().map_err(Fault::new);
    Ok(Sum { people: people.unsigned_abs(), total: whole(total)?, squares: whole(squares)? })
}

/// The scores of groups of 5 to 29 people, as far as the page shows them.
async fn few(
    db: &mut PgConnection,
    filter: &Filter,
    versions: &[Uuid],
    courses: &BTreeMap<(String, String), Course>,
    (first, after): (Date, Date),
) -> Result<BTreeMap<(String, String), Vec<f64>>, Fault> {
    let shown = |(cell, measure): &(String, String)| *cell == filter.cell() || *measure == filter.measure;
    let is_few = |course: &Course| (quality::suppression::SCORE..FEW as u64).contains(&course.whole().people);
    let (cells, measures): (Vec<String>, Vec<String>) =
        courses.iter().filter(|(key, course)| shown(key) && is_few(course)).map(|(key, _)| key.clone()).unzip();
    if cells.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = sqlx::query!(
        r#"select w.cell as "cell!", w.measure as "measure!", one.score as "score!"
           from unnest($2::text[], $3::text[]) as w (cell, measure)
           join survey_sheet s on s.cells @> array[w.cell] and s.version_id = any($1) and s.week >= $4 and s.week < $5
           cross join lateral unnest(s.measures, s.scores) as one (measure, score)
           where one.measure = w.measure order by s.response_id"#,
        versions,
        &cells,
        &measures,
        first,
        after
    )
    .fetch_all(&mut *db)
    .await?;
    let mut few: BTreeMap<(String, String), Vec<f64>> = BTreeMap::new();
    for row in rows {
        few.entry((row.cell, row.measure)).or_default().push(f64::from(row.score) * UNIT);
    }
    Ok(few)
}

async fn answers(
    db: &mut PgConnection,
    filter: &Filter,
    versions: &[Uuid],
    (first, after): (Date, Date),
) -> Result<BTreeMap<String, BTreeMap<Option<i16>, u64>>, Fault> {
    let rows = sqlx::query!(
        r#"select i.code, r.value, sum(r.people)::bigint as "people!"
           from survey_item_rollup r join survey_item i on i.id = r.item_id
           where r.version_id = any($1) and r.cell = $2 and r.week >= $3 and r.week < $4 group by 1, 2"#,
        versions,
        filter.cell(),
        first,
        after
    )
    .fetch_all(&mut *db)
    .await?;
    let mut answers: BTreeMap<String, BTreeMap<Option<i16>, u64>> = BTreeMap::new();
    for row in rows {
        let value = Some(row.value).filter(|value| *value >= 0);
        *answers.entry(row.code).or_default().entry(value).or_default() += row.people.unsigned_abs();
    }
    Ok(answers)
}

async fn products(
    db: &mut PgConnection,
    versions: &[Uuid],
    (first, after): (Date, Date),
) -> Result<BTreeMap<String, BTreeMap<(String, String), f64>>, Fault> {
    let rows = sqlx::query!(
        r#"select outcome, first, second, sum(total)::float8 as "total!" from survey_product
           where version_id = any($1) and week >= $2 and week < $3 group by 1, 2, 3"#,
        versions,
        first,
        after
    )
    .fetch_all(&mut *db)
    .await?;
    let mut products: BTreeMap<String, BTreeMap<(String, String), f64>> = BTreeMap::new();
    for row in rows {
        products.entry(row.outcome).or_default().insert((row.first, row.second), row.total);
    }
    Ok(products)
}

async fn waves(
    db: &mut PgConnection,
    filter: &Filter,
    versions: &[Uuid],
    (first, after): (Date, Date),
) -> Result<BTreeMap<i32, BTreeMap<String, Sum>>, Fault> {
    let rows = sqlx::query!(
        r#"select v.number, r.measure, sum(r.people)::bigint as "people!", sum(r.total)::text as "total!", sum(r.squares)::text as "squares!"
           from survey_rollup r join survey_version v on v.id = r.version_id
           where r.version_id = any($1) and r.cell = $2 and r.week >= $3 and r.week < $4 group by 1, 2"#,
        versions,
        filter.cell(),
        first,
        after
    )
    .fetch_all(&mut *db)
    .await?;
    let mut waves: BTreeMap<i32, BTreeMap<String, Sum>> = BTreeMap::new();
    for row in rows {
        waves.entry(row.number).or_default().insert(row.measure, sum(row.people, &row.total, &row.squares)?);
    }
    Ok(waves)
}
