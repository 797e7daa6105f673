//! The desk's console with two thousand open conversations and fifty agents: its lists, a conversation, a search.

use crate::{
    chat,
    client::Client,
    report::{Report, Target},
    served::{self, Served},
    spread::Spread,
};
use anyhow::{Context, Result, ensure};
use sqlx::PgPool;
use std::{fs, time::Instant};

const ROUNDS: usize = 200;
const AGENT: &str = "agent@demo.example";
/// By which its conversations are known.
const PAGE: &str = "bench-console";

pub async fn measure(report: &mut Report) -> Result<()> {
    report.area("The desk's console: 2,000 open conversations, 50 agents");
    let shop = Served::unlimited().await?;
    report.note("settings changed: RATE_LIMITS=off, because all requests come from one address");
    let db = chat::database().await?;
    clear(&db).await?;
    fill(&db).await?;
    let ids: Vec<String> =
        sqlx::query_scalar("select id::text from conversation where page = 'bench-console' order by id limit 500").fetch_all(&db).await?;
    let mut client = Client::connect(shop.port).await?;
    log_in(&mut client).await?;
    let id = |round: usize| &ids[round * 7 % ids.len()];
    let word = |round: usize| ["kiln", "teapot+glaze", "ana17", "1204", "broken"][round % 5];
    time(report, &mut client, "own and waiting", |_| "/en/desk?list=queue".to_owned()).await?;
    time(report, &mut client, "all", |_| "/en/desk?list=all".to_owned()).await?;
    time(report, &mut client, "a conversation opened", |round| format!("/en/desk?list=all&c={}", id(round))).await?;
    time(report, &mut client, "a search", |round| format!("/en/desk?q={}", word(round))).await?;
    clear(&db).await?;
    shop.stop().await
}

/// Whole pages, rendered from scratch: what a person waits for, on a connection that is open.
async fn time(report: &mut Report, client: &mut Client, what: &str, path: impl Fn(usize) -> String) -> Result<()> {
    let mut times = Spread::default();
    for round in 0..ROUNDS {
        let (path, began) = (path(round), Instant::now());
        let answer = client.get(&path).await?;
        times.add(began.elapsed());
        ensure!(answer.status == 200, "{path} answers {}", answer.status);
    }
    report.figure("console", format!("{what}: p50"), times.percentile(50), "ms", Target::None);
    report.figure("console", format!("{what}: p99"), times.percentile(99), "ms", Target::AtMost(100.0));
    Ok(())
}

async fn log_in(client: &mut Client) -> Result<()> {
    let kept = fs::read_to_string(served::data()?.join("demonstration-staff")).context("the demonstration's staff")?;
    let password = kept.lines().nth(1).context("the demonstration's staff have no password")?;
    let form = serde_urlencoded::to_string([("email", AGENT), ("password", password)])?;
    let answer = client.post_form("/api/desk/log-in", &form).await?;
    ensure!(answer.location.as_deref() == Some("/en/desk"), "the agent is not let in: {:?}", answer.location);
    Ok(())
}

/// Six things said in each; three in four are somebody's, the others wait.
async fn fill(db: &PgPool) -> Result<()> {
    sqlx::raw_sql(
        "insert into staff (id, email, name, roles, created_at)
         select gen_random_uuid(), 'bench-' || n || '@console.example', 'Agent ' || n, '{agent}', now() from generate_series(1, 49) n;
         insert into staff_presence (staff_id, state, since, until)
         select id, 'available', now(), now() + interval '1 hour' from staff where email like '%@console.example'
         on conflict do nothing;
         with agents as (select array_agg(id order by id) as ids from staff where email like '%@console.example' or email = 'agent@demo.example')
         insert into conversation (id, channel, visitor, client_id, language, name, email, topic, page, state, assigned_to, priority, last_seq,
            opened_at, changed_at, cycle_began_at, waiting_since)
         select gen_random_uuid(), 'chat', gen_random_uuid(), gen_random_uuid(), 'en', 'Ana' || n, 'ana' || n || '@example.org',
            'delivery', 'bench-console', case when n % 4 = 0 then 'queued' else 'assigned' end,
            case when n % 4 = 0 then null else ids[n % 50 + 1] end, (array['low', 'normal', 'high', 'urgent'])[n % 4 + 1], 6,
            now() - n * interval '20 seconds', now() - n * interval '10 seconds', now() - n * interval '20 seconds', now() - n * interval '5 seconds'
         from agents, generate_series(1, 2000) n;
         insert into conversation_entry (conversation_id, seq, kind, author, author_name, client_id, body, at)
         select c.id, s, 'message', case when s % 2 = 1 then 'shopper' else 'staff' end, c.name, gen_random_uuid(),
            (array['Is the teapot safe for the oven, and is its glaze?', 'It comes out of the same kiln as the bowls.',
                'My parcel came broken, two plates of order ' || c.number || '.', 'I am sorry to hear that. I look at it at once.',
                'Thank you, that helps.', 'The new one leaves today.'])[s], c.opened_at + s * interval '1 minute'
         from conversation c, generate_series(1, 6) s where c.page = 'bench-console';
         analyze conversation; analyze conversation_entry; analyze staff",
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn clear(db: &PgPool) -> Result<()> {
    chat::clear(db, PAGE).await?;
    sqlx::query("delete from staff where email like '%@console.example'").execute(db).await?;
    Ok(())
}
