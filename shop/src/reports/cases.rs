//! Cases: each cycle of each conversation, from its opening (or reopening) to its close, read from its log. A reply is
//! the first public message of a person; what the shop says by itself is none.

use crate::{Fault, Shop};
use domain::{
    calendar::Calendar,
    chat::{Channel, Topic},
};
use std::collections::BTreeMap;
use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

/// A contact on the same topic within this time means that the first one did not settle it.
pub const SETTLED_AFTER: Duration = Duration::days(7);

/// What became of a promise to answer or to settle by a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Met,
    /// Also one that is still open and past its time.
    Missed,
    /// Still open and in time, or given up by its shopper before its time.
    Undecided,
}

/// One cycle of a conversation. Seconds are business and calendar seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    pub number: i64,
    pub cycle: u32,
    pub channel: Channel,
    pub topic: Topic,
    /// Of the person who replied first; else who closed it; nobody yet.
    pub agent: Option<String>,
    /// The team that person is in now; none of nobody, and of who is in none.
    pub team: Option<String>,
    pub day: Date,
    /// Of the workshop's clock.
    pub hour: u8,
    pub first_reply: Option<(i64, i64)>,
    pub resolution: Option<(i64, i64)>,
    pub reply_target: Target,
    pub resolution_target: Target,
    /// It ended without a person having said anything.
    pub abandoned: bool,
    /// Of calendar seconds, while its shopper waits.
    pub waits: Option<i64>,
    /// Settled at the first contact; none where that cannot be said yet.
    pub first_contact: Option<bool>,
    /// 1 to 5.
    pub rating: Option<u8>,
}

struct Conversation {
    id: Uuid,
    number: i64,
    channel: Channel,
    topic: Topic,
    /// Whoever it is, as well as that is known.
    person: Option<String>,
    opened_at: OffsetDateTime,
    waiting_since: Option<OffsetDateTime>,
    /// Business minutes.
    reply_minutes: u32,
    resolution_minutes: u32,
}

struct Entry {
    kind: String,
    by_staff: bool,
    by: By,
    rating: Option<u8>,
    at: OffsetDateTime,
}

/// Somebody as they were called then, and the team they are in now.
#[derive(Clone, Default)]
struct By {
    name: String,
    team: String,
}

/// From a beginning to an end.
#[derive(Default)]
struct Cycle {
    reply: Option<(OffsetDateTime, By)>,
    /// When, whether a person of the staff did it, and who.
    close: Option<(OffsetDateTime, bool, By)>,
    reopened_at: Option<OffsetDateTime>,
    rating: Option<u8>,
}

/// Every case that began since a moment, oldest first.
pub(super) async fn read(shop: &Shop, calendar: &Calendar, since: OffsetDateTime, now: OffsetDateTime) -> Result<Vec<Case>, Fault> {
    let conversations = conversations(shop, since, now).await?;
    let mut logs = logs(shop, since, now).await?;
    let mut cases = Vec::new();
    for conversation in &conversations {
        let cycles = cycles(conversation, logs.remove(&conversation.id).unwrap_or_default());
        for (n, (began, cycle)) in (1..).zip(&cycles) {
            let ends = cycles.get(n as usize).map(|(next, _)| *next);
            if *began >= since {
                let last = ends.is_none();
                cases.push(case(conversation, &conversations, (n, *began, cycle, last), calendar, now));
            }
        }
    }
    Ok(cases)
}

async fn conversations(shop: &Shop, since: OffsetDateTime, now: OffsetDateTime) -> Result<Vec<Conversation>, Fault> {
    let rows = sqlx::query!(
        r#"select c.id, c.number, c.channel, c.topic, c.opened_at, c.waiting_since,
                  coalesce('c' || c.customer_id, 'm' || lower(nullif(c.email, '')), 'v' || c.visitor) as person,
                  t.first_reply_minutes, t.resolution_minutes
           from conversation c join service_target t on t.priority = c.priority
           where (c.opened_at >= $1 or c.changed_at >= $1) and c.opened_at <= $2 order by c.opened_at, c.id"#,
        since,
        now
    )
    .fetch_all(&shop.db)
    .await?;
    let unknown = || Fault::new("a conversation of another version");
    let conversations = rows.into_iter().map(|row| {
        Ok(Conversation {
            id: row.id,
            number: row.number,
            channel: Channel::from_code(&row.channel).ok_or_else(unknown)?,
            topic: Topic::from_code(&row.topic).unwrap_or(Topic::Other),
            person: row.person,
            opened_at: row.opened_at,
            waiting_since: row.waiting_since,
            reply_minutes: row.first_reply_minutes.unsigned_abs(),
            resolution_minutes: row.resolution_minutes.unsigned_abs(),
        })
    });
    conversations.collect()
}

/// What the measures are taken from, in the order of the logs.
async fn logs(shop: &Shop, since: OffsetDateTime, now: OffsetDateTime) -> Result<BTreeMap<Uuid, Vec<Entry>>, Fault> {
    let rows = sqlx::query!(
        r#"select e.conversation_id, e.kind, e.author, e.author_name, e.at, (e.detail ->> 'rating')::int as rating,
                coalesce(s.team, '') as "team!"
         from conversation_entry e join conversation c on c.id = e.conversation_id left join staff s on s.id = e.staff_id
         where (c.opened_at >= $1 or c.changed_at >= $1) and e.at <= $2
           and (e.kind in ('closed', 'reopened', 'rated') or (e.kind = 'message' and e.author = 'staff'))
         order by e.conversation_id, e.seq"#,
        since,
        now
    )
    .fetch_all(&shop.db)
    .await?;
    let mut logs: BTreeMap<Uuid, Vec<Entry>> = BTreeMap::new();
    for row in rows {
        let rating = row.rating.and_then(|rating| u8::try_from(rating).ok());
        let by = By { name: row.author_name, team: row.team };
        let entry = Entry { kind: row.kind, by_staff: row.author == "staff", by, rating, at: row.at };
        logs.entry(row.conversation_id).or_default().push(entry);
    }
    Ok(logs)
}

/// A reopening begins a new one.
fn cycles(conversation: &Conversation, log: Vec<Entry>) -> Vec<(OffsetDateTime, Cycle)> {
    let mut cycles = vec![(conversation.opened_at, Cycle::default())];
    for entry in log {
        let Some((_, cycle)) = cycles.last_mut() else { continue };
        match entry.kind.as_str() {
            "message" => {
                cycle.reply.get_or_insert((entry.at, entry.by));
            }
            "rated" => cycle.rating = entry.rating,
            "closed" => cycle.close = Some((entry.at, entry.by_staff, entry.by)),
            _ => {
                cycle.reopened_at = Some(entry.at);
                cycles.push((entry.at, Cycle::default()));
            }
        }
    }
    cycles
}

fn case(
    conversation: &Conversation,
    all: &[Conversation],
    (n, began, cycle, last): (u32, OffsetDateTime, &Cycle, bool),
    calendar: &Calendar,
    now: OffsetDateTime,
) -> Case {
    let local = calendar.local(began);
    let took = |at: OffsetDateTime| (calendar.seconds_between(began, at), (at - began).whole_seconds());
    // At the counter and on the phone a person answers by picking up.
    let is_written = !matches!(conversation.channel, Channel::Phone | Channel::Counter);
    let replied_at = cycle.reply.as_ref().map(|(at, _)| *at).filter(|_| is_written);
    let settled_at = cycle.close.as_ref().filter(|(_, by_staff, _)| *by_staff).map(|(at, ..)| *at);
    let ended_at = cycle.close.as_ref().map(|(at, ..)| *at);
    let target = |minutes, done: Option<OffsetDateTime>| {
        let due = calendar.due(began, minutes);
        match done {
            Some(at) if at <= due => Target::Met,
            None if ended_at.unwrap_or(now) <= due => Target::Undecided,
            _ => Target::Missed,
        }
    };
    let by = cycle.reply.as_ref().map(|(_, by)| by).or(cycle.close.as_ref().filter(|(_, by_staff, _)| *by_staff).map(|(.., by)| by));
    let by = by.cloned().unwrap_or_default();
    Case {
        number: conversation.number,
        cycle: n,
        channel: conversation.channel,
        topic: conversation.topic,
        agent: Some(by.name).filter(|name| !name.is_empty()),
        team: Some(by.team).filter(|team| !team.is_empty()),
        day: local.date(),
        hour: local.hour(),
        first_reply: replied_at.map(took),
        resolution: settled_at.map(took),
        reply_target: if is_written { target(conversation.reply_minutes, replied_at) } else { Target::Undecided },
        resolution_target: target(conversation.resolution_minutes, settled_at),
        abandoned: is_written && cycle.reply.is_none() && ended_at.is_some() && settled_at.is_none(),
        waits: conversation.waiting_since.filter(|_| last && ended_at.is_none()).map(|since| (now - since).whole_seconds()),
        first_contact: settled_at.filter(|_| n == 1).and_then(|at| first_contact(conversation, all, cycle, at, now)),
        rating: cycle.rating,
    }
}

/// Settled, and neither reopened nor followed by another contact of the same person on the same topic. It can be said
/// only of those that are old enough.
fn first_contact(
    conversation: &Conversation,
    all: &[Conversation],
    cycle: &Cycle,
    settled_at: OffsetDateTime,
    now: OffsetDateTime,
) -> Option<bool> {
    let until = settled_at + SETTLED_AFTER;
    if until > now {
        return None;
    }
    let reopened = cycle.reopened_at.is_some_and(|at| at <= until);
    let again = |other: &&Conversation| {
        other.id != conversation.id
            && other.topic == conversation.topic
            && other.person.is_some()
            && other.person == conversation.person
            && other.opened_at > conversation.opened_at
            && other.opened_at <= until
    };
    Some(!reopened && !all.iter().any(|other| again(&other)))
}
