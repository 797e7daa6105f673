//! The quality desk over a year with a million answers; and answers coming in while shoppers look at pages.

use crate::{
    chat,
    client::Client,
    flows,
    report::{Report, Target},
    served::{self, Served},
    spread::Spread,
};
use anyhow::{Context, Result, ensure};
use clap::Parser;
use domain::ids::InvitationId;
use rand::{Rng, SeedableRng, rngs::StdRng};
use server::config::Config;
use sqlx::PgPool;
use std::{
    fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};
use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    time::sleep,
};
use uuid::Uuid;

const ROUNDS: usize = 60;
const MANAGER: &str = "manager@demo.example";
const SECRET: &str = "a secret of the bench, with enough letters";
/// The code of Postgres for it.
const DEADLOCK: &str = "40P01";
const PEOPLE: i64 = 49_000;
/// Who answers while pages are looked at.
const ANSWERING: i64 = 2_000;
const ANSWERS_A_SECOND: u32 = 1_000;
const PAGES_A_SECOND: u32 = 500;
const SECONDS: u32 = 15;
const TURNS: u32 = 5;
/// Links that pages are asked for over, and those of who answers: each is told within some hundredths of a second, and
/// sends the next answer then.
const LINKS: u32 = 16;
const ANSWERING_LINKS: u32 = 64;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    config: Config,
}

pub async fn measure(report: &mut Report) -> Result<()> {
    report.area("The quality desk: a year, 1,000,000 answers");
    let shop = Served::start(Path::new(served::SHIPPED), &["--demo"], &[("RATE_LIMITS", "off"), ("SECRET", SECRET)]).await?;
    report.note("settings changed: RATE_LIMITS=off, because all requests come from one address; SECRET, to make links of surveys");
    let db = chat::database().await?;
    clear(&db).await?;
    fill(&db).await?;
    let answers: i64 = sqlx::query_scalar("select count(*) from survey_answer").fetch_one(&db).await?;
    report.note(format!("{answers} answers of {PEOPLE} people"));
    let mut client = Client::connect(shop.port).await?;
    log_in(&mut client).await?;
    let folding = open(&mut client, "/en/desk/quality?weeks=52").await?;
    report.figure("scores", "the first look: everything is folded", folding.as_secs_f64(), "s", Target::None);
    quiet(&db).await?;
    time(report, &mut client, "the year", "/en/desk/quality?weeks=52").await?;
    time(report, &mut client, "the year, one dimension", "/en/desk/quality?weeks=52&measure=FUL").await?;
    time(report, &mut client, "the year, one group", "/en/desk/quality?weeks=52&measure=EFF&group=device%3Dphone").await?;
    ingest(report, &shop, &db).await?;
    clear(&db).await?;
    shop.stop().await
}

async fn time(report: &mut Report, client: &mut Client, what: &str, path: &str) -> Result<()> {
    let mut times = Spread::default();
    for _ in 0..ROUNDS {
        times.add(open(client, path).await?);
    }
    report.figure("scores", format!("{what}: p50"), times.percentile(50), "ms", Target::None);
    report.figure("scores", format!("{what}: p99"), times.percentile(99), "ms", Target::AtMost(200.0));
    Ok(())
}

async fn open(client: &mut Client, path: &str) -> Result<Duration> {
    let began = Instant::now();
    let answer = client.get(path).await?;
    ensure!(answer.status == 200, "{path} answers {}", answer.status);
    Ok(began.elapsed())
}

async fn log_in(client: &mut Client) -> Result<()> {
    let kept = fs::read_to_string(served::data()?.join("demonstration-staff")).context("the demonstration's staff")?;
    let password = kept.lines().nth(1).context("the demonstration's staff have no password")?;
    let form = serde_urlencoded::to_string([("email", MANAGER), ("password", password)])?;
    let answer = client.post_form("/api/desk/log-in", &form).await?;
    ensure!(answer.location.is_some(), "the manager is not let in");
    Ok(())
}

/// Pages at a fixed rate: alone, beside requests for nothing, and while answers are sent, each its own post as one question
/// a screen sends them. In turns, because the machine is not as quick one minute as the next.
async fn ingest(report: &mut Report, shop: &Served, db: &PgPool) -> Result<()> {
    flows::goods(shop).await?;
    let port = shop.port;
    let (links, code) = links(db).await?;
    let (mut alone, mut beside_nothing, mut meanwhile) = (Spread::default(), Spread::default(), Spread::default());
    let mut kept = 0;
    for turn in 1..=TURNS {
        let by_itself = pages(port).await?;
        let nothing = tokio::spawn(healths(port));
        let in_company = pages(port).await?;
        nothing.await??;
        let answering = tokio::spawn(answers(port, links.clone(), code.clone()));
        let among_answers = pages(port).await?;
        kept += answering.await??;
        let p99 = [&by_itself, &in_company, &among_answers].map(|spread| spread.percentile(99));
        report.note(format!(
            "turn {turn}: p99 of the pages {:.2} ms, beside nothing {:.2} ms, beside answers {:.2} ms",
            p99[0], p99[1], p99[2]
        ));
        alone.join(by_itself);
        beside_nothing.join(in_company);
        meanwhile.join(among_answers);
    }
    let seconds = f64::from(SECONDS * TURNS);
    report.figure(
        "scores",
        "answers kept a second, asked for 1,000",
        f64::from(kept) / seconds,
        "/s",
        Target::AtLeast(0.99 * f64::from(ANSWERS_A_SECOND)),
    );
    let count = f64::from(u32::try_from(meanwhile.count())?);
    report.figure("scores", "product pages a second meanwhile, asked for 500", count / seconds, "/s", Target::None);
    report.figure("scores", "product pages alone: p99", alone.percentile(99), "ms", Target::None);
    report.figure("scores", "product pages meanwhile: p99", meanwhile.percentile(99), "ms", Target::None);
    report.figure("scores", "meanwhile / alone, p99", meanwhile.percentile(99) / alone.percentile(99), "ratio", Target::AtMost(1.1));
    let least = beside_nothing.percentile(99) / alone.percentile(99);
    report.figure("scores", "beside 1,000 requests of /health a second / alone, p99", least, "ratio", Target::None);
    Ok(())
}

async fn links(db: &PgPool) -> Result<(Vec<String>, String)> {
    let folder = served::folder()?.join("settings");
    let line = ["bench", &format!("--secret={SECRET}"), &format!("--data-folder={}", folder.display())].map(str::to_owned);
    let settings = Line::parse_from(line).config.settings()?;
    let ids: Vec<Uuid> =
        sqlx::query_scalar("select id from survey_invitation where started_at is not null and completed_at is null order by id")
            .fetch_all(db)
            .await?;
    ensure!(i64::try_from(ids.len())? == ANSWERING, "{} invitations", ids.len());
    Ok((ids.into_iter().map(|id| shop::signing::survey_token(&settings, InvitationId(id)).0).collect(), "EFF1".to_owned()))
}

async fn answers(port: u16, links: Vec<String>, code: String) -> Result<u32> {
    let each = links.len() / ANSWERING_LINKS as usize;
    let tasks: Vec<_> = paced(ANSWERS_A_SECOND, ANSWERING_LINKS)
        .into_iter()
        .zip(links.chunks(each))
        .map(|(turns, some)| tokio::spawn(answer(port, turns, some.to_vec(), code.clone())))
        .collect();
    let mut kept = 0;
    for task in tasks {
        kept += task.await??;
    }
    Ok(kept)
}

async fn answer(port: u16, mut turns: UnboundedReceiver<()>, links: Vec<String>, code: String) -> Result<u32> {
    let mut client = Client::connect(port).await?;
    let mut kept = 0_usize;
    while turns.recv().await.is_some() {
        let token = &links[kept % links.len()];
        let value = (kept / links.len() % 5 + 1).to_string();
        let field = format!("a[{code}]");
        let form = serde_urlencoded::to_string([("t", token.as_str()), ("at", "1"), ("shown", "0"), ("then", "next"), (&field, &value)])?;
        let answer = client.post_form("/api/survey/save", &form).await?;
        ensure!(answer.location.is_some_and(|place| !place.contains("refused")), "an answer was refused");
        kept += 1;
    }
    Ok(u32::try_from(kept)?)
}

/// As many requests as there are answers, for which the shop does next to nothing: what of the pages' waiting is the machine's.
async fn healths(port: u16) -> Result<()> {
    let ask = async |mut turns: UnboundedReceiver<()>| {
        let mut client = Client::connect(port).await?;
        while turns.recv().await.is_some() {
            open(&mut client, "/health").await?;
        }
        anyhow::Ok(())
    };
    futures::future::try_join_all(paced(ANSWERS_A_SECOND, ANSWERING_LINKS).into_iter().map(ask)).await?;
    Ok(())
}

/// The shop asks about the newest of the deliveries that were made up, writes mails and credits what came late: once it has.
async fn quiet(db: &PgPool) -> Result<()> {
    let mut still = 0;
    let mut before = (0_i64, 0_i64);
    while still < 10 {
        sleep(Duration::from_secs(1)).await;
        let now: (i64, i64) = sqlx::query_as(
            "select (select count(*) from survey_invitation), (select count(*) from job where done_at is not null or run_at > now())",
        )
        .fetch_one(db)
        .await?;
        still = if now == before { still + 1 } else { 0 };
        before = now;
    }
    Ok(())
}

/// Turns at a fixed rate, each at any moment of its time, dealt out to so many links. A thread keeps the time: timers of the
/// runtime fire by the millisecond, and pages and answers would always be sent at the same instant. Whoever is late catches up.
fn paced(a_second: u32, links: u32) -> Vec<UnboundedReceiver<()>> {
    let (deal, turns): (Vec<_>, Vec<_>) = (0..links).map(|_| unbounded_channel()).unzip();
    thread::spawn(move || {
        let (began, mut random) = (Instant::now(), StdRng::seed_from_u64(a_second.into()));
        for (turn, link) in (0..a_second * SECONDS).zip(deal.iter().cycle()) {
            let at = Duration::from_secs_f64((f64::from(turn) + random.random::<f64>()) / f64::from(a_second));
            thread::sleep(at.saturating_sub(began.elapsed()));
            if link.send(()).is_err() {
                return;
            }
        }
    });
    turns
}

async fn pages(port: u16) -> Result<Spread> {
    let tasks: Vec<_> = paced(PAGES_A_SECOND, LINKS).into_iter().map(|turns| tokio::spawn(look(port, turns))).collect();
    let mut all = Spread::default();
    for task in tasks {
        all.join(task.await??);
    }
    Ok(all)
}

async fn look(port: u16, mut turns: UnboundedReceiver<()>) -> Result<Spread> {
    let mut client = Client::connect(port).await?;
    let mut took = Spread::default();
    let paths: Vec<String> = served::slugs().map(|slug| format!("/en/p/{slug}")).collect();
    for path in paths.iter().cycle() {
        if turns.recv().await.is_none() {
            break;
        }
        took.add(open(&mut client, path).await?);
    }
    Ok(took)
}

/// People over a year, every other one with the short form; page times, deliveries and their promises; and some who are at it.
async fn fill(db: &PgPool) -> Result<()> {
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
        "create temporary table main as select id, code, row_number() over (order by position) as place from survey_item
             where version_id = (select id from survey_version order by made_at, number, id limit 1) and scale = 'agree'
               and (code ~ '^(EFF|SYS|FUL|PRI|VAL|LOY)');
         create temporary table people as select gen_random_uuid() as id, n, now() - (n % 364) * interval '1 day' as at,
             case when n % 2 = 0 then 'full' else 'short' end as form from generate_series(1, {PEOPLE}) n;
         insert into survey_response (id, version_id, pseudonym, form, language, items, returning_customer, device, category, carrier,
             trouble_known, arrival, started_at, changed_at, completed_at)
         select p.id, v.version_id, uuid_send(p.id), p.form, (array['es', 'en'])[p.n % 2 + 1], '{{}}', p.n % 3 = 0,
             (array['phone', 'desktop', 'tablet'])[p.n % 3 + 1], (array['tableware', 'tea', 'vases', 'kitchen', 'home', 'tiles'])[p.n % 6 + 1],
             (array['correos', 'seur', 'dhl'])[p.n % 3 + 1], false, (array['on_time', 'on_time', 'late'])[p.n % 3 + 1], p.at, p.at, p.at
         from people p, (select version_id from survey_item where code = 'EFF1' order by 1 limit 1) v;
         insert into survey_answer (response_id, item_id, value, milliseconds, answered_at)
         select p.id, m.id, 3 + (p.n * m.place % 7)::int % 3, 2500, p.at from people p join main m on p.form = 'full' or (m.place + p.n) % 3 = 0 and m.place <= 28;
         insert into measure_week (week, measure, device, size, count)
         select date_trunc('week', now() - w * interval '1 week')::date, m, d, s, 400 - s from generate_series(0, 51) w,
             unnest(array['lcp', 'inp', 'cls', 'ttfb']) m, unnest(array['phone', 'desktop']) d, generate_series(40, 100) s
         on conflict do nothing;
         insert into measure (hour, measure, device, size, count)
         select date_trunc('hour', now(), 'UTC') - h * interval '1 hour', m, '', 0, (1::bigint << 60) - 1
         from generate_series(1, 8760) h, unnest(array['alive', 'open', 'staffed']) m on conflict do nothing;
         insert into measure (hour, measure, device, size, count)
         select date_trunc('hour', now(), 'UTC') - h * interval '1 hour', m, d, s, 3 from generate_series(1, 8760) h,
             unnest(array['lcp', 'inp', 'cls', 'ttfb']) m, unnest(array['phone', 'desktop']) d, generate_series(60, 80) s on conflict do nothing;
         create temporary table parcels as select gen_random_uuid() as id, n, now() - (n % 364) * interval '1 day' as at from generate_series(1, 20000) n;
         insert into orders (id, number, language, currency, email, name, address, country, goods_minor, delivery_minor, tax_minor, tax_included,
             total_minor, method_code, method_name, carrier_code, promised_from, promised_by, state, payment_state, placed_at, paid_at, delivered_at)
         select id, 'bench-' || n, 'en', 'EUR', 'bench' || n || '@example.org', 'Ana', '{{}}', 'ES', 2490, 0, 0, true, 2490, 'es-standard', 'Standard',
             (array['correos', 'seur', 'dhl'])[n % 3 + 1], at, at, 'delivered', 'paid', at - interval '4 days', at - interval '4 days', at from parcels;
         insert into shipment (id, order_id, carrier_code, tracking, shipped_at, delivered_at)
         select gen_random_uuid(), id, (array['correos', 'seur', 'dhl'])[n % 3 + 1], 'bench-' || n, at - interval '2 days', at from parcels;
         insert into promise (id, kind, promised_by, promised_to, subject, order_id, what, made_at, due_at, kept_at, broken_at, done_at)
         select gen_random_uuid(), 'delivery', 'shop', 'bench', id, id, 'bench', at - interval '4 days', at, case when n % 20 > 0 then at end,
             case when n % 20 = 0 then at end, at from parcels;
         create temporary table asking as select gen_random_uuid() as id, gen_random_uuid() as response, p.id as parcel from parcels p limit {ANSWERING};
         insert into survey_invitation (id, instrument_id, version_id, order_id, language, form, asked_at, opened_at, started_at, expires_at)
         select a.id, v.instrument_id, v.id, a.parcel, 'en', 'full', now(), now(), now(), now() + interval '1 day'
         from asking a, (select v.* from survey_version v join survey_item i on i.version_id = v.id where i.code = 'EFF1' order by v.number limit 1) v;
         insert into survey_response (id, version_id, pseudonym, form, language, items, returning_customer, device, carrier, trouble_known, started_at, changed_at)
         select a.response, i.version_id, uuid_send(a.id), 'full', 'en', array[i.id], false, 'phone', 'seur', false, now(), now()
         from asking a, (select id, version_id from survey_item where code = 'EFF1' order by version_id limit 1) i;
         insert into survey_link (invitation_id, response_id) select id, response from asking;
         analyze survey_response; analyze survey_answer; analyze orders; analyze shipment; analyze promise; analyze measure; analyze measure_week; analyze survey_invitation"
    )))
    .execute(&mut *db.acquire().await?)
    .await?;
    Ok(())
}

/// The server's workers read these tables meanwhile: whoever meets them the wrong way round is turned away and begins again.
async fn clear(db: &PgPool) -> Result<()> {
    for _ in 0..9 {
        match clear_once(db).await {
            Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(DEADLOCK) => {}
            other => return Ok(other?),
        }
    }
    Ok(clear_once(db).await?)
}

async fn clear_once(db: &PgPool) -> sqlx::Result<()> {
    sqlx::raw_sql(
        "drop table if exists main, people, parcels, asking;
         truncate survey_response, survey_answer, survey_comment, survey_link, survey_sheet, survey_rollup, survey_item_rollup, survey_product, measure, measure_week cascade;
         delete from survey_invitation; delete from promise where promised_to = 'bench'; delete from orders where email like 'bench%@example.org'",
    )
    .execute(db)
    .await?;
    Ok(())
}
