//! Answers of earlier surveys that come in by a file count as if they had been given here, and in no rate of those asked.

use crate::{
    MONDAY, Person, desk,
    exact::{assert_exact, mixed},
    filter, finished, near, random,
    support::{World, refusal},
    world,
};
use domain::{
    Language,
    ids::StaffId,
    staff::{Role, Roles},
};
use futures::TryStreamExt;
use shop::{
    Actor, scores,
    survey_health::{self, Filter, Health},
    surveys::{
        self,
        earlier::{self, EarlierRefusal, Options, Report},
    },
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::sync::Arc;
use time::Duration;
use uuid::Uuid;

fn options() -> Options {
    Options { instrument: "service-quality".into(), file: "old.csv".into(), ..Options::default() }
}

async fn import(w: &World, text: &str) -> Report {
    earlier::import(&w.shop, &Actor::Operator, text.as_bytes(), &options(), |_| (), w.now).await.unwrap()
}

async fn forget(w: &World, report: &Report) -> usize {
    earlier::forget_import(&w.shop, &Actor::Operator, report.number.unwrap(), w.now).await.unwrap()
}

fn counts(report: &Report) -> (u64, u64, u64) {
    (report.imported, report.unchanged, report.rejected)
}

fn everything() -> Filter {
    Filter { instrument: "service-quality".into(), ..Filter::default() }
}

async fn health(w: &World) -> Arc<Health> {
    survey_health::health(&w.shop, &Actor::Operator, &everything(), w.now).await.unwrap().found
}

async fn exported(w: &World) -> String {
    let table = survey_health::export(&w.shop, &Actor::Operator, &everything(), w.now).await.unwrap();
    table.try_collect::<Vec<String>>().await.unwrap().concat()
}

/// Every sum there is.
async fn sums(w: &World) -> String {
    w.text(
        "select coalesce(string_agg(line, ' ' order by line), '') from (
             select r::text as line from survey_rollup r union all select i::text from survey_item_rollup i
             union all select p::text from survey_product p) all_sums",
    )
    .await
}

/// So many people of a questionnaire on paper, one a day, who were asked for the main dimensions.
fn paper(seed: u64, count: i64) -> String {
    let mut random = random(seed);
    let people: Vec<Person> = (0..count).map(|n| Person::minded(MONDAY - Duration::days(n), &mut random, |_| 3.2)).collect();
    let codes: Vec<&str> = people[0].answers.iter().map(|(code, _)| code.as_str()).collect();
    let mut text = format!("finished,{}\n", codes.join(","));
    for person in &people {
        let values: Vec<String> = person.answers.iter().filter_map(|(_, value)| value.map(|value| value.to_string())).collect();
        text += &format!("{},{}\n", person.at.date(), values.join(","));
    }
    text
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_one_shop_exports_says_the_same_at_another(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    finished(&w, &mixed(5, 700)).await;
    let (desk_there, health_there, file) = (desk(&w, &filter(52, "EFF")).await, health(&w).await, exported(&w).await);
    w.sql("truncate survey_response, survey_rollup, survey_item_rollup, survey_product cascade").await;
    let report = import(&w, &file).await;
    assert_eq!(counts(&report), (file.lines().count() as u64 - 1, 0, 0), "{report:?}");
    assert!(report.unknown_columns.is_empty() && report.imported > 600);
    assert_exact(&w).await;
    let (desk_here, health_here) = (desk(&w, &filter(52, "EFF")).await, health(&w).await);
    assert_eq!((desk_here.people, &desk_here.overall), (desk_there.people, &desk_there.overall));
    assert_eq!(desk_here.dimensions, desk_there.dimensions);
    assert_eq!(desk_here.items, desk_there.items, "and to whom it did not apply");
    assert_eq!(desk_here.trend, desk_there.trend, "each in the week it was finished");
    assert_eq!(desk_here.choices, desk_there.choices);
    for (here, there) in health_here.dimensions.iter().zip(&health_there.dimensions) {
        assert_eq!((here.answered, here.complete), (there.answered, there.complete), "{}", here.code);
        near(here.alpha.said().copied().or(Some(0.0)), there.alpha.said().copied().unwrap_or(0.0));
    }
    assert!(health_here.dimensions[0].alpha.said().is_some());
    assert_eq!((health_here.careless.as_ref().unwrap().timed, health_there.careless.as_ref().unwrap().timed), (0, health_there.people));

    let before = sums(&w).await;
    let again = import(&w, &file).await;
    assert_eq!((counts(&again), again.number), ((0, report.imported, 0), None), "the same file again changes nothing");
    assert_eq!(sums(&w).await, before);
    assert_eq!(forget(&w, &report).await as u64, report.imported);
    assert_eq!(sums(&w).await, "");
    assert_eq!(w.number("select count(*) from survey_response").await, 0);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_import_that_is_taken_back_leaves_everything_as_it_was(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    finished(&w, &mixed(6, 60)).await;
    scores::fold(&w.shop).await.unwrap();
    let (before, healthy) = (sums(&w).await, health(&w).await);
    let report = import(&w, &paper(7, 40)).await;
    let other = import(&w, &paper(8, 30)).await;
    assert_exact(&w).await;
    assert_ne!(sums(&w).await, before);
    let all = earlier::imports(&w.shop, &Actor::Operator).await.unwrap();
    assert_eq!(all.iter().map(|import| (import.responses, import.by.as_deref())).collect::<Vec<_>>(), [(30, None), (40, None)]);
    assert_eq!((all[0].file.as_str(), all[0].instrument.as_str(), all[0].at), ("old.csv", "service-quality", w.now));
    assert_eq!((forget(&w, &report).await, forget(&w, &other).await), (40, 30));
    assert_eq!(sums(&w).await, before);
    assert_eq!(health(&w).await.people, healthy.people);
    let gone = earlier::forget_import(&w.shop, &Actor::Operator, other.number.unwrap(), w.now).await;
    assert_eq!(refusal(gone), EarlierRefusal::NoSuchImport(other.number.unwrap()));
    let written = "select count(*) from audit where staff_id is null and detail ->> 'file' = 'old.csv' and action = ";
    assert_eq!(w.number(&format!("{written}'survey.imported'")).await, 2);
    assert_eq!(w.number(&format!("{written}'survey.import_forgotten' and detail ->> 'responses' in ('40', '30')")).await, 2);

    // As many others in the same days: what was computed of the first is not taken for theirs.
    import(&w, &paper(7, 40)).await;
    let first = health(&w).await.dimensions[0].items[0].mean;
    forget(&w, &Report { number: Some(other.number.unwrap() + 1), ..Report::default() }).await;
    import(&w, &paper(9, 40)).await;
    assert_ne!(health(&w).await.dimensions[0].items[0].mean, first);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_was_not_asked_here_is_in_no_rate(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let mut random = random(10);
    let people: Vec<Person> = (0..40).map(|n| Person::minded(MONDAY - Duration::hours(n), &mut random, |_| 4.0)).collect();
    finished(&w, &people).await;
    let responses = async || survey_health::responses(&w.shop, &Actor::Operator, &everything(), Language::En, w.now).await.unwrap().found;
    let before = responses().await;
    assert!(!before.forms.break_even.is_empty() && before.forms.full.seconds.is_some());
    // The last of them is as unhappy as can be, and asks for help.
    let paper = paper(11, 30);
    let (header, rows) = paper.split_once('\n').unwrap();
    let unhappy = format!("2026-11-20,{}Please call me back I need help\n", "1,".repeat(22));
    let file = format!("{header},OWN\n{}{unhappy}", rows.replace('\n', ",\n"));
    assert_eq!(counts(&import(&w, &file).await), (31, 0, 0));
    assert_eq!(format!("{:?}", responses().await), format!("{before:?}"));
    let found = health(&w).await;
    assert_eq!((found.people, found.careless.as_ref().unwrap().timed), (71, 40), "they count in everything else, and have no pace");
    for table in ["survey_invitation", "survey_link", "survey_case", "mail", "event"] {
        assert_eq!(w.number(&format!("select count(*) from {table}")).await, 0, "{table}");
    }
    let cells = "select string_agg(distinct cell, ' ' order by cell) from survey_rollup where week = '2026-11-09'";
    assert_eq!(w.text(cells).await, "all form=full language=es", "what is not known of them is no group");
    assert_eq!(exported(&w).await.lines().filter(|line| line.contains(",full,es,2026-W46,,,,,0,,")).count(), 7);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn rows_with_mistakes_are_named_and_the_others_come_in(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let file = "respondent;Finished;week;language;device;trouble_said;EFF1;EFF2;NPS;RES1;OWN;Till\r\n\
        ana;2026-11-20;;es;phone;;5;4;10;;Great;7\r\n\
        ben;2026-11-20;;es;phone;;6;4;11;;;7\r\n\
        eva;20/11/2026;;es;phone;;5;4;;;;\r\n\
        ;;2026-W60;es;phone;;5;4;;;;\r\n\
        ;2026-12-24;;es;phone;;5;4;;;;\r\n\
        cai;2026-11-20;;fr;watch;;5;;;;;\r\n\
        dan;2026-11-21;;;;;;;;;;\r\n\
        ida;2026-11-21;;5\r\n\
        fay;2020-01-01;;;;;5;4;;;;\r\n\
        ana;2026-11-20;;es;;;1;1;;;;\r\n\
        hal;;;;;;1;1;;;;\r\n\
        jon;2026-11-20;;;;no;4;;;2;;\r\n\
        gil;2026-11-22 00:30;2026-W40;en;other;1;na;5.0;0;2;;\r\n";
    let report = import(&w, file).await;
    let found: Vec<(u64, &str)> =
        report.rejections.iter().map(|finding| (finding.line, finding.column.as_deref().unwrap_or_default())).collect();
    let expected = [
        (3, "EFF1"),
        (3, "NPS"),
        (4, "Finished"),
        (5, "week"),
        (6, "Finished"),
        (7, "language"),
        (7, "device"),
        (8, ""),
        (9, ""),
        (10, "Finished"),
        (11, "respondent"),
        (12, ""),
        (13, "RES1"),
    ];
    assert_eq!(found, expected);
    assert_eq!(report.rejections[0].to_string(), "line 3, EFF1: \"6\" is neither from 1 to 5 nor NA");
    assert_eq!((counts(&report), report.unknown_columns), ((2, 0, 11), vec!["Till".to_owned()]));
    let kept = "select string_agg(concat_ws(' ', r.completed_at at time zone 'Europe/Madrid', r.language, r.device, r.trouble_said, (
            select string_agg(i.code || coalesce(a.value::text, '-'), ' ' order by i.code) from survey_answer a
            join survey_item i on i.id = a.item_id where a.response_id = r.id and a.milliseconds is null),
            (select body from survey_comment c where c.response_id = r.id)), '; ' order by completed_at) from survey_response r";
    assert_eq!(w.text(kept).await, "2026-11-20 00:00:00 es phone EFF15 EFF24 NPS10 Great; 2026-11-22 00:30:00 en t EFF1- EFF25 NPS0 RES12");
    // Of whom something else is said now, nothing is taken over.
    let changed = import(&w, &file.replace("EFF2", "EFF3").replace("gil;", "zoe;")).await;
    assert_eq!((counts(&changed), changed.rejections[0].line), ((1, 0, 12), 2));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn moments_are_those_of_the_workshop_where_no_zone_is_said(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let moments = [
        ("2026-06-01", "2026-05-31 22:00"),
        ("2026-11-22", "2026-11-21 23:00"),
        ("2026-11-22 10:15", "2026-11-22 09:15"),
        ("2026-06-01T10:15:00", "2026-06-01 08:15"),
        ("2026-11-22T10:15:00Z", "2026-11-22 10:15"),
        ("2026-11-22 10:15:00+05:00", "2026-11-22 05:15"),
    ];
    for (said, utc) in moments {
        assert_eq!(counts(&import(&w, &format!("respondent,finished,EFF1\n{said},{said},5\n")).await), (1, 0, 0), "{said}");
        let latest = "select to_char(completed_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') from survey_response where import_id =
            (select id from survey_import order by number desc limit 1)";
        assert_eq!(w.text(latest).await, utc, "{said}");
    }
    for wrong in ["2026-11-31", "22.11.2026", "2026-11-22 25:00", "2026-11-22T10:15+99:00", "2026-11-30 10:30", "9999-12-31", "0001-01-01"]
    {
        assert_eq!(counts(&import(&w, &format!("finished,EFF1\n{wrong},5\n")).await), (0, 0, 1), "{wrong}");
    }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_row_comes_in_once_and_people_who_said_the_same_are_several(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    let same = |count: usize| format!("id,week,EFF1,carrier\n{}", "9,2026-W46,5,dhl\n".repeat(count));
    let dry = Options { dry_run: true, ..options_of("dry.csv") };
    let would = earlier::import(&w.shop, &Actor::Operator, same(3).as_bytes(), &dry, |_| (), w.now).await.unwrap();
    assert_eq!((counts(&would), would.number), ((3, 0, 0), None));
    assert_eq!(w.number("select count(*) from survey_response").await + w.number("select count(*) from survey_import").await, 0);
    assert_eq!(counts(&import(&w, &same(3)).await), (3, 0, 0));
    // In another order, without what an export names only of many, and later.
    w.later(Duration::days(3));
    assert_eq!(counts(&import(&w, "EFF1,week\n5,2026-W46\n5,2026-W46\n5,2026-W46\n5,2026-W46\n").await), (1, 3, 0));
    assert_eq!(w.number("select count(*) from survey_response where carrier = 'dhl'").await, 3);
    // More than are in memory at once.
    let many: String = (0..1203).map(|n| format!("p{n},2026-W45,{}\n", n % 5 + 1)).collect();
    let many = format!("respondent,week,EFF1\n{many}");
    assert_eq!(counts(&import(&w, &many).await), (1203, 0, 0));
    assert_eq!(counts(&import(&w, &many.replace("p7,", "q7,")).await), (1, 1202, 0));
    assert_exact(&w).await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_is_forgotten_is_forgotten_in_earlier_answers_too(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let file = "respondent,week,EFF1,OWN\nAna@example.org,2026-W46,5,I am Ana\nben,2026-W46,4,Fine\n";
    import(&w, file).await;
    assert!(!w.text("select string_agg(r::text, ' ') from survey_response r").await.contains("example.org"));
    assert_eq!(surveys::forget_person(&w.shop, &Actor::Operator, "ana@example.org", w.now).await.unwrap(), 1);
    assert_eq!(w.text("select string_agg(body, ' ') from survey_comment").await, "Fine");
    assert_eq!(counts(&import(&w, file).await), (0, 2, 0), "nor do their words come back");
    assert_eq!(w.text("select string_agg(body, ' ') from survey_comment").await, "Fine");
}

fn options_of(file: &str) -> Options {
    Options { file: file.into(), ..options() }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_file_that_is_none_of_answers_is_refused(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let try_as =
        async |actor: &Actor, text: &str, options: Options| earlier::import(&w.shop, actor, text.as_bytes(), &options, |_| (), w.now).await;
    for (text, expected) in [
        ("", EarlierRefusal::Empty),
        ("finished,Till\n", EarlierRefusal::NoItem("EFF1".into())),
        ("EFF1,EFF2\n", EarlierRefusal::NoMoment),
        ("week,EFF1,EFF1\n", EarlierRefusal::ColumnTwice("EFF1".into())),
        ("week,respondent,pseudonym,EFF1\n", EarlierRefusal::ColumnTwice("pseudonym".into())),
    ] {
        assert_eq!(refusal(try_as(&Actor::Operator, text, options_of("x.csv")).await), expected, "{text}");
    }
    let file = "week,version,EFF1\n2026-W46,7,4\n";
    let other = |instrument: &str, version| Options { instrument: instrument.into(), version, ..options_of("x.csv") };
    let none = EarlierRefusal::NoSuchInstrument("nothing".into());
    assert_eq!(refusal(try_as(&Actor::Operator, file, other("nothing", None)).await), none);
    assert_eq!(refusal(try_as(&Actor::Operator, file, other("service-quality", Some(7))).await), EarlierRefusal::NoSuchVersion(7));
    let agent = Actor::Staff { id: StaffId(Uuid::new_v4()), roles: Roles::of(&[Role::Agent]) };
    assert_eq!(refusal(try_as(&agent, file, other("service-quality", None)).await), EarlierRefusal::NotAllowed);
    assert_eq!(refusal(earlier::forget_import(&w.shop, &agent, 1, w.now).await), EarlierRefusal::NotAllowed);
    let unknown = try_as(&Actor::Operator, file, other("service-quality", None)).await.unwrap();
    assert_eq!(unknown.rejections[0].to_string(), "line 2, version: there is no version 7 of the instrument here");
    assert_eq!(counts(&try_as(&Actor::Operator, file, other("service-quality", Some(1))).await.unwrap()), (1, 0, 0));
    assert_eq!(desk(&w, &filter(4, "EFF")).await.items[0].people, 1);
}
