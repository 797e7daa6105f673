//! What is shown to whom, and what is not because it would tell whose answers they are.

use crate::{MONDAY, Person, desk, filter, finished, near, world};
use domain::{
    ids::StaffId,
    scores::{ALL, Filter, ScoreRefusal, Segment},
    staff::{Role, Roles},
};
use shop::{
    Actor,
    scores::{self, Groups},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use time::Duration;
use uuid::Uuid;

use crate::support::refusal;

fn some(count: i64, value: i16, change: impl Fn(&mut Person)) -> Vec<Person> {
    let people = (0..count).map(|n| {
        // Not quite alike, or nothing could be said of how sure it is.
        let mut person = Person::with(MONDAY - Duration::minutes(10 * n + 1), |code, number| {
            Some(if code == "EFF" && number == 1 && n % 2 == 0 { value - 1 } else { value })
        });
        change(&mut person);
        person
    });
    people.collect()
}

fn of(groups: &[Groups], segment: Segment) -> Vec<(String, Option<f64>)> {
    let table = groups.iter().find(|groups| groups.segment == segment).unwrap();
    table.scores.iter().map(|group| (group.value.clone(), group.score.mean)).collect()
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn four_answers_are_hidden_and_five_are_not(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    finished(&w, &some(4, 4, |_| ())).await;
    let few = desk(&w, &filter(13, ALL)).await;
    assert!(few.overall.hidden && few.overall.mean.is_none() && few.dimensions.iter().all(|dimension| dimension.score.mean.is_none()));
    assert!(few.items.iter().all(|item| item.mean.is_none()) && few.trend.iter().all(|week| week.point.is_none()));
    finished(&w, &some(1, 4, |_| ())).await;
    let enough = desk(&w, &filter(13, "EFF")).await;
    assert_eq!(enough.overall.people, 5);
    assert!(enough.overall.mean.is_some() && enough.overall.interval.is_some_and(|(low, high)| low < high));
    assert!(enough.items.iter().all(|item| item.mean.is_some() && item.distribution.is_none()), "a distribution needs eight");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn nobody_finds_a_hidden_group_by_subtracting(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let people = [
        some(3, 2, |person| person.device = "tablet"),
        some(12, 4, |person| person.device = "phone"),
        some(20, 5, |person| person.device = "desktop"),
    ];
    finished(&w, &people.concat()).await;
    let found = desk(&w, &filter(13, "FUL")).await;
    let devices = of(&found.groups, Segment::Device);
    assert_eq!(
        devices.iter().map(|(name, mean)| (name.as_str(), mean.is_some())).collect::<Vec<_>>(),
        [("desktop", true), ("phone", false), ("tablet", false)]
    );
    // Nor by asking for one group after the other.
    for (value, is_shown) in [("tablet", false), ("phone", false), ("desktop", true)] {
        let only = Filter { group: Some((Segment::Device, value.into())), ..filter(13, "FUL") };
        let found = desk(&w, &only).await;
        let ful = found.dimensions.iter().find(|dimension| dimension.code == "FUL").unwrap();
        assert_eq!((ful.score.mean.is_some(), ful.score.hidden), (is_shown, !is_shown), "{value}");
        assert_eq!(found.trend.iter().any(|week| week.point.is_some()), is_shown, "{value}");
        assert_eq!(found.items.iter().any(|item| item.mean.is_some()), is_shown, "{value}");
    }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn groups_that_really_differ_are_named(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let people = [some(15, 3, |person| person.language = "en"), some(15, 5, |_| ())];
    finished(&w, &people.concat()).await;
    let found = desk(&w, &filter(13, "EFF")).await;
    let languages = found.groups.iter().find(|groups| groups.segment == Segment::Language).unwrap();
    let [difference] = languages.differences.as_slice() else { panic!("{:?}", languages.differences) };
    assert_eq!(languages.scores[difference.first].value, "es", "the better one is named first");
    near(Some(difference.difference), 2.0);
    assert!(difference.p < 1e-6);
    assert!(found.groups.iter().all(|groups| groups.segment != Segment::Carrier), "one carrier is no comparison");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_change_is_real_only_when_it_is_more_than_chance(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let before = |person: &mut Person| person.at -= Duration::weeks(6);
    let mut people = some(20, 5, before);
    people.extend(some(20, 4, |person| {
        person.answers.iter_mut().filter(|(code, _)| code.starts_with("PRI")).for_each(|(_, value)| *value = Some(5));
    }));
    finished(&w, &people).await;
    let found = desk(&w, &filter(4, ALL)).await;
    let change = |code: &str| found.dimensions.iter().find(|dimension| dimension.code == code).unwrap().change;
    let eff = change("EFF").unwrap();
    assert!(eff.is_real() && (eff.difference + 1.0).abs() < 1e-6, "{eff:?}");
    assert_eq!(change("PRI").filter(scores::Change::is_real), None, "what stayed did not change");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_agent_does_not_see_scores(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let agent = Actor::Staff { id: StaffId(Uuid::new_v4()), roles: Roles::of(&[Role::Agent]) };
    assert_eq!(refusal(scores::desk(&w.shop, &agent, &filter(13, ALL), w.now).await), ScoreRefusal::NotAllowed);
    let other = Filter { instrument: "no-such".into(), ..filter(13, ALL) };
    assert_eq!(refusal(scores::desk(&w.shop, &Actor::Operator, &other, w.now).await), ScoreRefusal::NoSuchInstrument);
    let manager = Actor::Staff { id: StaffId(Uuid::new_v4()), roles: Roles::of(&[Role::Manager]) };
    let empty = scores::desk(&w.shop, &manager, &filter(13, ALL), w.now).await.unwrap();
    assert_eq!((empty.people, empty.overall.mean), (0, None));
}
