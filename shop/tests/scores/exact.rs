//! The sums are what the answers add up to: by whoever they are folded, and after answers are forgotten.

use crate::{MAIN, MONDAY, Person, desk, filter, finished, near, quiet_year, random, world};
use domain::scores::ALL;
use nalgebra::DMatrix;
use rand::Rng;
use shop::{scores, surveys};
use sqlx::{
    Row,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::collections::BTreeMap;
use time::Duration;

use crate::support::World;

/// Group, week and measure with people, mean and variance, straight from the answers by Postgres' own functions.
const ANEW: &str = "
    with dimension as (
        select r.id, r.version_id, r.completed_at, r.language, r.device, r.carrier, r.form, r.returning_customer, i.dimension as measure,
               avg(a.value)::float8 as score
        from survey_response r join survey_answer a on a.response_id = r.id join survey_item i on i.id = a.item_id
        where r.completed_at is not null and a.value is not null group by 1, 2, 3, 4, 5, 6, 7, 8, 9
    ), everything as (
        select * from dimension
        union all
        select id, version_id, completed_at, language, device, carrier, form, returning_customer, 'ALL', avg(score)
        from dimension where measure in ('EFF', 'SYS', 'FUL', 'PRI') group by 1, 2, 3, 4, 5, 6, 7, 8 having count(*) = 4
    )
    select cell, date_trunc('week', completed_at at time zone 'Europe/Madrid')::date::text as week, measure, count(*) as people,
           avg(score) as mean, coalesce(var_samp(score), 0) as variance
    from everything, lateral (values ('all'), ('language=' || language), ('device=' || device), ('carrier=' || carrier), ('form=' || form),
        ('buyer=' || case when returning_customer then 'returning' when not returning_customer then 'new' end)) as c (cell)
    where cell is not null group by 1, 2, 3";

const KEPT: &str = "
    select cell, week::text as week, measure, people, (total / people::numeric / 1000000)::float8 as mean,
           case when people > 1 then ((squares - total::numeric * total / people) / (people - 1) / 1000000 / 1000000)::float8 else 0 end as variance
    from survey_rollup";

async fn read(w: &World, query: &'static str) -> BTreeMap<(String, String, String), (i64, f64, f64)> {
    let rows = sqlx::query(query).fetch_all(&w.shop.db).await.unwrap();
    rows.into_iter()
        .map(|row| ((row.get("cell"), row.get("week"), row.get("measure")), (row.get("people"), row.get("mean"), row.get("variance"))))
        .collect()
}

pub async fn assert_exact(w: &World) -> usize {
    let (kept, anew) = (read(w, KEPT).await, read(w, ANEW).await);
    assert_eq!(kept.keys().collect::<Vec<_>>(), anew.keys().collect::<Vec<_>>());
    for (key, (people, mean, variance)) in &anew {
        let found = kept[key];
        assert_eq!(found.0, *people, "{key:?}");
        assert!((found.1 - mean).abs() < 1e-6 && (found.2 - variance).abs() < 1e-5, "{key:?}: {found:?}, not {mean} {variance}");
    }
    anew.len()
}

pub fn mixed(seed: u64, count: i64) -> Vec<Person> {
    let mut random = random(seed);
    let people = (0..count).map(|n| {
        let mut person = Person::minded(MONDAY - Duration::days(n % 60) - Duration::minutes(n), &mut random, |_| 3.6);
        person.language = ["es", "en"][random.random_range(0..2)];
        person.device = ["phone", "tablet", "desktop"][random.random_range(0..3)];
        person.carrier = ["correos", "seur"][random.random_range(0..2)];
        person.returning = random.random();
        if n % 2 == 0 {
            person.form = "short";
            person.answers.retain(|_| random.random_range(0..3) == 0);
        }
        if n % 7 == 0 {
            person.answers.iter_mut().step_by(3).for_each(|(_, value)| *value = None);
        }
        person
    });
    people.filter(|person| !person.answers.is_empty()).collect()
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn sums_are_those_of_a_recomputation_whoever_makes_them(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    finished(&w, &mixed(1, 150)).await;
    assert!(scores::fold(&w.shop).await.unwrap() > 140);
    finished(&w, &mixed(2, 150)).await;
    // Four at once: nobody is counted twice.
    let folded = tokio::join!(scores::fold(&w.shop), scores::fold(&w.shop), scores::fold(&w.shop), scores::fold(&w.shop));
    assert!(folded.0.unwrap() + folded.1.unwrap() + folded.2.unwrap() + folded.3.unwrap() > 140);
    assert_eq!(scores::fold(&w.shop).await.unwrap(), 0, "all are counted");
    assert!(assert_exact(&w).await > 500);

    // Half of it becomes too old: what is forgotten leaves the sums as well, to the last.
    w.sql("update survey_rule set answer_months = 1").await;
    let before = w.number("select count(*) from survey_response").await;
    surveys::sweep(&w.shop, w.now).await.unwrap();
    let after = w.number("select count(*) from survey_response").await;
    assert!(after > 50 && after < before - 50, "{before} became {after}");
    assert_exact(&w).await;
    w.sql("update survey_response set started_at = started_at - interval '2 months'").await;
    surveys::sweep(&w.shop, w.now).await.unwrap();
    for table in ["survey_rollup", "survey_item_rollup", "survey_product", "survey_sheet"] {
        assert_eq!(w.number(&format!("select count(*) from {table}")).await, 0, "{table}");
    }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_score_is_the_mean_of_the_means_of_its_questions(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    // Six say 5 to PRI1 and nothing of the others; six say 2 to PRI2 and PRI3: people's mean is 3.5, the questions' is 3.
    let one = |n: i64, codes: &'static [&'static str], value: i16| {
        let mut person = Person::saying(MONDAY - Duration::hours(n), value);
        person.answers.retain(|(code, _)| codes.contains(&code.as_str()));
        person
    };
    let people: Vec<Person> = (1..7).flat_map(|n| [one(n, &["PRI1"], 5), one(n, &["PRI2", "PRI3"], 2)]).collect();
    finished(&w, &people).await;
    let found = desk(&w, &filter(4, "PRI")).await;
    let privacy = found.dimensions.iter().find(|dimension| dimension.code == "PRI").unwrap();
    near(privacy.score.mean, 3.0);
    assert_eq!((privacy.score.people, found.overall.people), (12, 0), "overall needs all four");
    let items: Vec<(&str, u64, Option<f64>)> = found.items.iter().map(|item| (item.code.as_str(), item.people, item.mean)).collect();
    assert_eq!(items, [("PRI1", 6, Some(5.0)), ("PRI2", 6, Some(2.0)), ("PRI3", 6, Some(2.0))]);
    assert!(found.items.iter().all(|item| item.distribution.is_none()), "no distribution of six");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_loyalty_depends_on_is_that_of_the_people_themselves(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let mut random = random(3);
    let mut people = quiet_year(4, 2);
    let mut rows = Vec::new();
    for person in &mut people {
        let of = |code: &str| -> f64 {
            let values: Vec<f64> =
                person.answers.iter().filter(|(item, _)| item.starts_with(code)).filter_map(|(_, value)| value.map(f64::from)).collect();
            values.iter().sum::<f64>() / values.len() as f64
        };
        let scores: Vec<f64> = MAIN.iter().map(|(code, _)| of(code)).collect();
        let loyal = (1.5 * scores[2] - 2.0 + random.random_range(-0.5..0.5)).round().clamp(1.0, 5.0);
        #[allow(clippy::cast_possible_truncation)]
        person.answers.extend((1..=5).map(|n| (format!("LOY{n}"), Some(loyal as i16))));
        rows.push(scores.into_iter().chain([loyal]).collect::<Vec<_>>());
    }
    finished(&w, &people).await;
    let found = desk(&w, &filter(52, ALL)).await;
    let drivers = found.drivers.iter().find(|drivers| drivers.outcome == "LOY").unwrap();
    let expected = quality::drivers::of_rows(&DMatrix::from_fn(rows.len(), 5, |row, column| rows[row][column])).unwrap();
    assert_eq!(drivers.people, rows.len());
    near(Some(drivers.r2), expected.r2);
    for (place, (code, lmg, johnson, _)) in drivers.shares.iter().enumerate() {
        assert_eq!(code, MAIN[place].0);
        assert!((lmg - expected.lmg[place]).abs() < 1e-6 && (johnson - expected.johnson[place]).abs() < 1e-6, "{code}");
    }
    assert!(drivers.shares[2].1 > drivers.shares[1].1, "fulfilment matters most here");
}
