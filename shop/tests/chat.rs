//! Conversations on a real database: the log under many writers, marks, who may do what, routing and presence.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail loudly too")]

mod support;

use domain::{
    Language,
    chat::{Author, ChatRefusal, Conversation, ConversationState, DetailsChange, Entry, EntryKind, PresenceState, Priority, Topic},
    ids::{ConversationId, StaffId},
    staff::{Role, Roles},
};
use shop::{
    Actor, Outcome,
    chat::{self, OpenConversation, Post, Visitor, Who},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use support::{World, refusal};
use time::{Duration, OffsetDateTime, macros::datetime};
use uuid::Uuid;

const GUEST: Actor = Actor::Guest { cart: None };
/// A Monday morning at the workshop.
const MONDAY: OffsetDateTime = datetime!(2026-11-30 09:00 UTC);

/// Somebody who chats.
#[derive(Clone, Copy)]
struct Shopper(Visitor);

impl Shopper {
    fn new() -> Self {
        Self(Visitor(Uuid::new_v4()))
    }

    fn who(self) -> Who {
        Who::shopper(&GUEST, self.0)
    }

    async fn opens(self, w: &World, body: &str) -> Conversation {
        chat::open(&w.shop, &GUEST, self.0, opening(body), w.now).await.unwrap()
    }
}

fn opening(body: &str) -> OpenConversation {
    OpenConversation {
        client_id: Uuid::new_v4(),
        language: Language::Es,
        name: "Ana".into(),
        email: "ana@example.org".into(),
        topic: Topic::Other,
        body: body.into(),
        message_client_id: Uuid::new_v4(),
        page: "/es".into(),
        order: None,
    }
}

fn says(body: &str) -> Post {
    Post { client_id: Uuid::new_v4(), body: body.into(), attachments: Vec::new(), note: false }
}

async fn world(pool: PgPoolOptions, options: PgConnectOptions) -> World {
    let mut w = World::new(pool, options).await;
    w.now = MONDAY;
    w
}

/// Somebody of the staff with these roles, who speaks Spanish and English unless `languages` says otherwise.
async fn person(w: &World, name: &str, roles: &[Role], languages: &str, cap: i32) -> Actor {
    let id = Uuid::new_v4();
    let codes: Vec<&str> = roles.iter().map(|role| role.code()).collect();
    sqlx::query(
        "insert into staff (id, email, name, roles, languages, load_cap, created_at) values ($1, $2, $3, $4, $5::text[], $6, now())",
    )
    .bind(id)
    .bind(format!("{name}@shop.test"))
    .bind(name)
    .bind(codes)
    .bind(languages)
    .bind(cap)
    .execute(&w.shop.db)
    .await
    .unwrap();
    Actor::Staff { id: StaffId(id), roles: Roles::of(roles) }
}

async fn agent(w: &World, name: &str) -> Actor {
    person(w, name, &[Role::Agent], "{es,en}", 5).await
}

/// The same at work.
async fn present(w: &World, name: &str) -> Actor {
    let actor = agent(w, name).await;
    chat::set_presence(&w.shop, &actor, PresenceState::Available, w.now).await.unwrap();
    actor
}

async fn log(w: &World, who: Who, id: ConversationId) -> Vec<Entry> {
    chat::entries(&w.shop, who, id, 0, 200).await.unwrap().unwrap().entries
}

async fn kinds(w: &World, id: ConversationId) -> Vec<EntryKind> {
    log(w, Who::Staff(Actor::System), id).await.into_iter().map(|entry| entry.kind).collect()
}

/// As the shopper sees it now.
async fn seen(w: &World, shopper: Shopper, id: ConversationId) -> Conversation {
    chat::conversation(&w.shop, shopper.who(), id).await.unwrap()
}

async fn count(w: &World, kind: &str) -> i64 {
    w.number(&format!("select count(*) from event where kind = '{kind}'")).await
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn numbers_have_no_gap_and_follow_the_commits_of_twenty_writers(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let shopper = Shopper::new();
    let id = shopper.opens(&w, "Hola").await.id;
    let first = seen(&w, shopper, id).await.last_seq;
    let writers = (0..20).map(|writer| {
        let (shop, now) = (w.shop.clone(), w.now);
        tokio::spawn(async move {
            let mut numbers = Vec::new();
            for n in 0..10 {
                let seq = chat::post(&shop, shopper.who(), id, says(&format!("{writer}:{n}")), now).await.unwrap();
                // Whatever was acknowledged is there with everything before it, for whoever reads now.
                let read = chat::entries(&shop, shopper.who(), id, first, 200).await.unwrap().unwrap().entries;
                let seen: Vec<u64> = read.iter().map(|entry| entry.seq).collect();
                assert_eq!(seen, (first + 1..=first + seen.len() as u64).collect::<Vec<_>>());
                assert!(seen.contains(&seq));
                numbers.push(seq);
            }
            numbers
        })
    });
    let mut numbers = Vec::new();
    for writer in writers.collect::<Vec<_>>() {
        let own = writer.await.unwrap();
        assert!(own.is_sorted());
        numbers.extend(own);
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (first + 1..=first + 200).collect::<Vec<_>>());
    assert_eq!(seen(&w, shopper, id).await.last_seq, first + 200);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_is_sent_again_gets_the_first_answer_again(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let shopper = Shopper::new();
    let opening = opening("Hola");
    let opened = chat::open(&w.shop, &GUEST, shopper.0, opening.clone(), w.now).await.unwrap();
    let again = chat::open(&w.shop, &GUEST, shopper.0, opening.clone(), w.now).await.unwrap();
    assert_eq!(opened, again);
    let other = chat::open(&w.shop, &GUEST, Shopper::new().0, opening, w.now).await.unwrap();
    assert_ne!(opened.id, other.id, "another browser's id is another id");

    let post = says("¿Hay alguien?");
    let tries = (0..8).map(|_| {
        let (shop, post, now) = (w.shop.clone(), post.clone(), w.now);
        tokio::spawn(async move { chat::post(&shop, shopper.who(), opened.id, post, now).await.unwrap() })
    });
    let mut answers = Vec::new();
    for attempt in tries.collect::<Vec<_>>() {
        answers.push(attempt.await.unwrap());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    let said = log(&w, shopper.who(), opened.id).await;
    assert_eq!(said.iter().filter(|entry| entry.client_id == Some(post.client_id)).count(), 1);
    assert_eq!(count(&w, "message.posted").await, 3, "one for each of two openings, one for the message");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_log_is_read_from_a_number_and_never_beyond_it(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let shopper = Shopper::new();
    let id = shopper.opens(&w, "Hola").await.id;
    for n in 0..5 {
        chat::post(&w.shop, shopper.who(), id, says(&n.to_string()), w.now).await.unwrap();
    }
    let last = seen(&w, shopper, id).await.last_seq;
    let read = async |after, limit| chat::entries(&w.shop, shopper.who(), id, after, limit).await.unwrap();
    let page = read(3, 2).await.unwrap();
    assert_eq!((page.entries.iter().map(|e| e.seq).collect::<Vec<_>>(), page.last), (vec![4, 5], last));
    assert_eq!(read(last, 2).await.unwrap().entries, []);
    assert_eq!(read(last + 1, 2).await, None, "a number of another log");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_conversation_is_its_shoppers_and_the_staffs(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let (shopper, stranger) = (Shopper::new(), Shopper::new());
    let id = shopper.opens(&w, "Hola").await.id;
    let gone = ChatRefusal::NoSuchConversation;
    assert_eq!(refusal(chat::entries(&w.shop, stranger.who(), id, 0, 9).await), gone);
    assert_eq!(refusal(chat::post(&w.shop, stranger.who(), id, says("x"), w.now).await), gone);
    assert_eq!(refusal(chat::post(&w.shop, Who::shopper(&GUEST, None), id, says("x"), w.now).await), gone);
    assert_eq!(refusal(chat::leave_address(&w.shop, stranger.who(), id, "eva@example.org", w.now).await), gone);
    assert_eq!(refusal(chat::close_by_shopper(&w.shop, stranger.who(), id, w.now).await), gone);
    assert!(chat::mine(&w.shop, stranger.who()).await.unwrap().is_empty());
    assert_eq!(chat::mine(&w.shop, shopper.who()).await.unwrap().len(), 1);

    let clerk = person(&w, "clerk", &[Role::Merchandiser], "{es}", 5).await;
    assert_eq!(refusal(chat::entries(&w.shop, Who::staff(&clerk), id, 0, 9).await), ChatRefusal::NotAllowed);
    assert_eq!(refusal(chat::queue(&w.shop, &clerk).await), ChatRefusal::NotAllowed);
    assert_eq!(refusal(chat::open_one(&w.shop, &GUEST, id).await), ChatRefusal::NotAllowed);
    let agent = agent(&w, "eva").await;
    assert_eq!(chat::open_one(&w.shop, &agent, id).await.unwrap().entries.entries.len(), 2);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_staff_says_among_itself_leaves_an_empty_number(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let shopper = Shopper::new();
    let id = shopper.opens(&w, "Hola").await.id;
    let (eva, luz) = (present(&w, "eva").await, present(&w, "luz").await);
    chat::take(&w.shop, &eva, id, w.now).await.unwrap();
    let note = Post { note: true, ..says("He broke it himself") };
    chat::post(&w.shop, Who::staff(&eva), id, note.clone(), w.now).await.unwrap();
    chat::transfer(&w.shop, &eva, id, luz.staff().unwrap(), "Wants a new one; be careful", w.now).await.unwrap();
    chat::close(&w.shop, &luz, id, "only shouting", w.now).await.unwrap();
    let by_staff = log(&w, Who::staff(&luz), id).await;
    assert!(by_staff.iter().any(|entry| entry.body == note.body));
    let by_shopper = log(&w, shopper.who(), id).await;
    assert_eq!(
        by_shopper.iter().map(|e| (e.seq, e.kind)).collect::<Vec<_>>(),
        by_staff.iter().map(|e| (e.seq, e.kind)).collect::<Vec<_>>()
    );
    let heard: String = by_shopper.iter().map(|entry| entry.body.as_str()).collect();
    assert_eq!(heard, "Hola", "nothing of the note, the summary, the reason");
    let mine = Post { note: true, ..says("x") };
    assert_eq!(refusal(chat::post(&w.shop, shopper.who(), id, mine, w.now).await), ChatRefusal::NotAllowed);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn marks_answer_messages_and_only_go_forward(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let shopper = Shopper::new();
    let id = shopper.opens(&w, "Hola").await.id;
    let (eva, luz) = (present(&w, "eva").await, present(&w, "luz").await);
    chat::take(&w.shop, &eva, id, w.now).await.unwrap();
    let said = chat::post(&w.shop, Who::staff(&eva), id, says("Dime"), w.now).await.unwrap();
    let before = kinds(&w, id).await.len();
    chat::read(&w.shop, Who::staff(&luz), id, 99, w.now).await.unwrap();
    assert_eq!(seen(&w, shopper, id).await.staff_read, 0, "who only looks on has not seen it for the shopper");
    chat::read(&w.shop, Who::staff(&eva), id, 99, w.now).await.unwrap();
    let now = seen(&w, shopper, id).await;
    assert_eq!((now.staff_read, now.staff_delivered), (2, 2), "the shopper's last message, and not beyond");
    chat::delivered(&w.shop, shopper.who(), id, said, w.now).await.unwrap();
    assert_eq!(seen(&w, shopper, id).await.shopper_read, 0);
    chat::read(&w.shop, shopper.who(), id, said, w.now).await.unwrap();
    assert_eq!(seen(&w, shopper, id).await.shopper_read, said);
    assert_eq!(kinds(&w, id).await.len(), before + 3);
    for _ in 0..3 {
        let last = seen(&w, shopper, id).await.last_seq;
        chat::read(&w.shop, shopper.who(), id, last, w.now).await.unwrap();
        chat::delivered(&w.shop, shopper.who(), id, 1, w.now).await.unwrap();
        chat::read(&w.shop, Who::staff(&eva), id, last, w.now).await.unwrap();
    }
    assert_eq!(kinds(&w, id).await.len(), before + 3, "marks are not marked");
    let marks = log(&w, shopper.who(), id).await;
    assert_eq!(marks.last().map(|e| (e.kind, e.author, e.upto)), Some((EntryKind::Read, Author::Shopper, Some(said))));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_answers_what_nobody_has_has_it(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let shopper = Shopper::new();
    let id = shopper.opens(&w, "Hola").await.id;
    let (eva, luz) = (agent(&w, "eva").await, agent(&w, "luz").await);
    let chief = person(&w, "chief", &[Role::Supervisor], "{es}", 5).await;
    chat::post(&w.shop, Who::staff(&eva), id, says("Dime"), w.now).await.unwrap();
    assert_eq!(seen(&w, shopper, id).await.agent.as_deref(), Some("eva"));
    assert_eq!(refusal(chat::take(&w.shop, &luz, id, w.now).await), ChatRefusal::TakenByAnother);
    assert_eq!(refusal(chat::post(&w.shop, Who::staff(&luz), id, says("x"), w.now).await), ChatRefusal::TakenByAnother);
    assert_eq!(refusal(chat::release(&w.shop, &luz, id, w.now).await), ChatRefusal::TakenByAnother);
    assert_eq!(refusal(chat::close(&w.shop, &luz, id, "x", w.now).await), ChatRefusal::TakenByAnother);
    chat::take(&w.shop, &eva, id, w.now).await.unwrap();
    chat::post(&w.shop, Who::staff(&chief), id, says("Yo también estoy"), w.now).await.unwrap();
    assert_eq!(seen(&w, shopper, id).await.agent.as_deref(), Some("eva"));
    let to = luz.staff().unwrap();
    assert_eq!(refusal(chat::assign(&w.shop, &eva, id, to, w.now).await), ChatRefusal::NotAllowed);
    assert_eq!(refusal(chat::assign(&w.shop, &chief, id, to, w.now).await), ChatRefusal::NoSuchPerson, "luz is not at work");
    chat::set_presence(&w.shop, &luz, PresenceState::Paused, w.now).await.unwrap();
    chat::assign(&w.shop, &chief, id, to, w.now).await.unwrap();
    assert_eq!(seen(&w, shopper, id).await.agent.as_deref(), Some("luz"));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn two_who_take_at_once_do_not_both_have_it(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let id = Shopper::new().opens(&w, "Hola").await.id;
    let mut takers = Vec::new();
    for n in 0..6 {
        let (actor, shop, now) = (agent(&w, &format!("agent{n}")).await, w.shop.clone(), w.now);
        takers.push(tokio::spawn(async move { chat::take(&shop, &actor, id, now).await }));
    }
    let mut taken = 0;
    for taker in takers {
        match taker.await.unwrap() {
            Ok(()) => taken += 1,
            failed => assert_eq!(refusal(failed), ChatRefusal::TakenByAnother),
        }
    }
    assert_eq!((taken, count(&w, "conversation.assigned").await), (1, 1));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn nobody_takes_over_without_being_told_what_happened(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let shopper = Shopper::new();
    let id = shopper.opens(&w, "Hola").await.id;
    let (eva, luz) = (present(&w, "eva").await, present(&w, "luz").await);
    chat::take(&w.shop, &eva, id, w.now).await.unwrap();
    let to = luz.staff().unwrap();
    for nothing in ["", "  \n "] {
        assert_eq!(refusal(chat::transfer(&w.shop, &eva, id, to, nothing, w.now).await), ChatRefusal::SummaryMissing);
    }
    w.sql("update staff set load_cap = 1 where name = 'luz'").await;
    let other = Shopper::new().opens(&w, "Hola").await.id;
    chat::take(&w.shop, &luz, other, w.now).await.unwrap();
    assert_eq!(refusal(chat::transfer(&w.shop, &eva, id, to, "Wants a bowl", w.now).await), ChatRefusal::AtCap);
    chat::close(&w.shop, &luz, other, "solved", w.now).await.unwrap();
    chat::transfer(&w.shop, &eva, id, to, "Wants a bowl", w.now).await.unwrap();
    let opened = chat::open_one(&w.shop, &luz, id).await.unwrap();
    let summary = opened.entries.entries.iter().find(|entry| entry.kind == EntryKind::Transferred).unwrap();
    assert_eq!((summary.body.as_str(), summary.to.as_deref()), ("Wants a bowl", Some("luz")));
    assert_eq!(opened.conversation.agent.as_deref(), Some("luz"));
    assert_eq!(refusal(chat::close(&w.shop, &luz, id, " ", w.now).await), ChatRefusal::ReasonMissing);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn only_what_a_person_closed_is_rated_and_each_time_once(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    let shopper = Shopper::new();
    let id = shopper.opens(&w, "Hola").await.id;
    let rate = async |w: &World, stars| chat::rate(&w.shop, shopper.who(), id, stars, "", w.now).await;
    assert_eq!(refusal(rate(&w, 5).await), ChatRefusal::NotToBeRated, "it is open");
    let eva = agent(&w, "eva").await;
    chat::post(&w.shop, Who::staff(&eva), id, says("Dime"), w.now).await.unwrap();

    w.later(Duration::days(4));
    assert_eq!(chat::close_idle(&w.shop, w.now).await.unwrap(), 1);
    assert!(!seen(&w, shopper, id).await.may_be_rated);
    assert_eq!(refusal(rate(&w, 5).await), ChatRefusal::NotToBeRated, "the shop closed it by itself");

    chat::post(&w.shop, shopper.who(), id, says("Sigo aquí"), w.now).await.unwrap();
    chat::take(&w.shop, &eva, id, w.now).await.unwrap();
    chat::close(&w.shop, &eva, id, "solved", w.now).await.unwrap();
    assert!(seen(&w, shopper, id).await.may_be_rated);
    for wrong in [0, 6] {
        assert_eq!(refusal(rate(&w, wrong).await), ChatRefusal::NotToBeRated);
    }
    rate(&w, 4).await.unwrap();
    let rated = seen(&w, shopper, id).await;
    assert_eq!((rated.rating, rated.may_be_rated), (Some(4), false));
    assert_eq!(refusal(rate(&w, 1).await), ChatRefusal::NotToBeRated, "once");

    w.later(Duration::minutes(1));
    chat::post(&w.shop, shopper.who(), id, says("Otra cosa"), w.now).await.unwrap();
    chat::post(&w.shop, Who::staff(&eva), id, says("Dime"), w.now).await.unwrap();
    chat::close_by_shopper(&w.shop, shopper.who(), id, w.now).await.unwrap();
    rate(&w, 2).await.unwrap();
    let ratings = w.text("select string_agg(payload ->> 'rating', ',' order by id) from event where kind = 'conversation.rated'").await;
    assert_eq!(ratings, "4,2", "each time has its own");

    let unanswered = shopper.opens(&w, "¿Hola?").await.id;
    chat::close_by_shopper(&w.shop, shopper.who(), unanswered, w.now).await.unwrap();
    let told = refusal(chat::rate(&w.shop, shopper.who(), unanswered, 1, "", w.now).await);
    assert_eq!(told, ChatRefusal::NotToBeRated, "nobody did anything that could be rated");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_writes_into_a_closed_one_begins_a_new_cycle(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    let shopper = Shopper::new();
    let id = shopper.opens(&w, "Hola").await.id;
    let eva = agent(&w, "eva").await;
    w.later(Duration::seconds(90));
    chat::post(&w.shop, Who::staff(&eva), id, says("Dime"), w.now).await.unwrap();
    w.later(Duration::minutes(10));
    chat::close(&w.shop, &eva, id, "solved", w.now).await.unwrap();
    assert_eq!(refusal(chat::post(&w.shop, Who::staff(&eva), id, says("x"), w.now).await), ChatRefusal::Closed);
    w.later(Duration::hours(1));
    chat::post(&w.shop, shopper.who(), id, says("No funciona"), w.now).await.unwrap();
    assert_eq!(seen(&w, shopper, id).await.state, ConversationState::Queued);
    w.later(Duration::seconds(30));
    chat::post(&w.shop, Who::staff(&eva), id, says("Vaya"), w.now).await.unwrap();
    chat::post(&w.shop, Who::staff(&eva), id, says("Lo miro"), w.now).await.unwrap();
    let replies =
        "select string_agg(concat_ws('/', payload ->> 'cycle', payload ->> 'seconds', payload ->> 'business_seconds'), ' ' order by id)
                   from event where kind = 'conversation.first_reply'";
    assert_eq!(w.text(replies).await, "1/90/90 2/30/30", "a first reply for each cycle, and only the first");
    let closed = "select concat_ws('/', payload ->> 'cycle', payload ->> 'seconds', payload ->> 'by', payload ->> 'reason') from event where kind = 'conversation.closed'";
    assert_eq!(w.text(closed).await, "1/690/staff/solved");
    assert_eq!(count(&w, "conversation.reopened").await, 1);
    let kept = "select string_agg(kind || '/' || (kept_at is not null)::text, ' ' order by made_at, kind) from promise";
    assert_eq!(w.text(kept).await, "reply/true resolution/true reply/true resolution/false");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn first_replies_outside_of_the_hours_count_by_the_calendar_too(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    w.now = datetime!(2026-11-28 12:55 UTC);
    let id = Shopper::new().opens(&w, "Hola").await.id;
    let reception = chat::reception(&w.shop, datetime!(2026-11-28 14:00 UTC)).await.unwrap();
    assert_eq!((reception.open, reception.agents, reception.waiting), (false, 0, 1));
    assert_eq!(reception.opens_at.unwrap(), datetime!(2026-11-30 08:00 UTC));
    w.now = datetime!(2026-11-30 08:01 UTC);
    let eva = agent(&w, "eva").await;
    chat::post(&w.shop, Who::staff(&eva), id, says("Dime"), w.now).await.unwrap();
    let seconds = "select (payload ->> 'seconds')::bigint - 100 * (payload ->> 'business_seconds')::bigint from event where kind = 'conversation.first_reply'";
    // Five minutes until it closed on Saturday and one on Monday.
    assert_eq!(w.number(seconds).await, (43 * 3600 + 6 * 60) - 100 * 360);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn whoever_is_gone_keeps_no_conversation(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    let shopper = Shopper::new();
    let eva = present(&w, "eva").await;
    let id = shopper.opens(&w, "Hola").await.id;
    assert_eq!(seen(&w, shopper, id).await.agent.as_deref(), Some("eva"));
    // Two heartbeats are missed: within the grace.
    w.later(Duration::seconds(60));
    assert_eq!(chat::release_lapsed(&w.shop, w.now).await.unwrap(), 0);
    chat::keep_presence(&w.shop, &eva, w.now).await.unwrap();
    w.later(Duration::seconds(60));
    assert_eq!(chat::release_lapsed(&w.shop, w.now).await.unwrap(), 0, "she was heard of");
    w.later(Duration::seconds(30));
    assert_eq!(chat::release_lapsed(&w.shop, w.now).await.unwrap(), 1);
    let now = seen(&w, shopper, id).await;
    assert_eq!((now.state, now.agent), (ConversationState::Queued, None));
    assert_eq!(kinds(&w, id).await.last(), Some(&EntryKind::Released));
    assert_eq!(chat::keep_presence(&w.shop, &eva, w.now).await.unwrap(), PresenceState::Away, "a heartbeat does not bring her back");
    assert_eq!(chat::assign_waiting(&w.shop, w.now).await.unwrap(), 0);
    let luz = present(&w, "luz").await;
    assert_eq!(chat::assign_waiting(&w.shop, w.now).await.unwrap(), 1);
    chat::set_presence(&w.shop, &luz, PresenceState::Away, w.now).await.unwrap();
    assert_eq!(seen(&w, shopper, id).await.agent, None, "who goes gives back at once");

    // Who took one without ever being there is looked after too.
    chat::take(&w.shop, &agent(&w, "sol").await, id, w.now).await.unwrap();
    w.later(Duration::minutes(2));
    assert_eq!(chat::release_lapsed(&w.shop, w.now).await.unwrap(), 1);
    w.sql("update staff set active = false where name = 'eva'").await;
    assert_eq!(refusal(chat::keep_presence(&w.shop, &eva, w.now).await), ChatRefusal::NotAllowed);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_oldest_of_the_most_urgent_goes_to_whoever_has_the_fewest(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    let chief = person(&w, "chief", &[Role::Supervisor], "{es}", 5).await;
    let mut waiting = Vec::new();
    for n in 0..4 {
        waiting.push(Shopper::new().opens(&w, &n.to_string()).await.id);
        w.later(Duration::seconds(10));
    }
    let english = OpenConversation { language: Language::En, ..opening("hello") };
    let english = chat::open(&w.shop, &GUEST, Shopper::new().0, english, w.now).await.unwrap().id;
    let urgent = DetailsChange { priority: Some(Priority::Urgent), ..DetailsChange::default() };
    chat::set_details(&w.shop, &chief, waiting[3], urgent, w.now).await.unwrap();
    let queue: Vec<_> = chat::queue(&w.shop, &chief).await.unwrap().into_iter().map(|listed| listed.id).collect();
    assert_eq!(queue, [waiting[3], waiting[0], waiting[1], waiting[2], english]);

    let eva = person(&w, "eva", &[Role::Agent], "{es}", 2).await;
    let luz = person(&w, "luz", &[Role::Agent], "{es}", 1).await;
    let paused = person(&w, "paused", &[Role::Agent], "{es,en}", 9).await;
    for actor in [&eva, &luz] {
        chat::set_presence(&w.shop, actor, PresenceState::Available, w.now).await.unwrap();
    }
    chat::set_presence(&w.shop, &paused, PresenceState::Paused, w.now).await.unwrap();
    assert_eq!(chat::assign_waiting(&w.shop, w.now).await.unwrap(), 3, "as many as they have room for");
    let of = async |actor: &Actor| -> Vec<ConversationId> {
        let mut ids: Vec<_> = chat::own(&w.shop, actor).await.unwrap().into_iter().map(|listed| listed.id).collect();
        ids.sort();
        ids
    };
    let (hers, others) = (of(&eva).await, of(&luz).await);
    assert_eq!((hers.len(), others.len()), (2, 1));
    let mut given = [hers, others].concat();
    given.sort();
    let mut due = vec![waiting[3], waiting[0], waiting[1]];
    due.sort();
    assert_eq!(given, due, "the most urgent, then the oldest");
    let decided = w.number("select count(*) from conversation_entry where kind = 'assigned' and detail -> 'decision' is not null").await;
    assert_eq!(decided, 3, "what was weighed is kept");
    assert_eq!(of(&paused).await, []);
    chat::set_presence(&w.shop, &paused, PresenceState::Available, w.now).await.unwrap();
    assert_eq!(chat::assign_waiting(&w.shop, w.now).await.unwrap(), 2);
    assert!(of(&paused).await.contains(&english));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_is_typed_is_kept_within_bounds(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let shopper = Shopper::new();
    let open = async |change: OpenConversation| -> Outcome<Conversation, ChatRefusal> {
        chat::open(&w.shop, &GUEST, shopper.0, change, w.now).await
    };
    assert_eq!(refusal(open(opening(" \n ")).await), ChatRefusal::Empty);
    assert_eq!(refusal(open(opening(&"é".repeat(4001))).await), ChatRefusal::TooLong);
    assert_eq!(refusal(open(OpenConversation { email: "ana".into(), ..opening("x") }).await), ChatRefusal::NotAnAddress);
    let nobodys = Some(("10001".to_owned(), domain::token::Token("x".into())));
    assert_eq!(refusal(open(OpenConversation { order: nobodys, ..opening("x") }).await), ChatRefusal::NoSuchOrder);
    let id = open(OpenConversation { name: "Ana\r\n\0<b>".into(), ..opening("a\0b\r\nc") }).await.unwrap().id;
    let said = log(&w, shopper.who(), id).await;
    assert_eq!((said[1].body.as_str(), said[1].name.as_str()), ("ab\nc", "Ana <b>"));
    chat::post(&w.shop, shopper.who(), id, says(&"é".repeat(4000)), w.now).await.unwrap();
    for _ in 0..9 {
        shopper.opens(&w, "otra").await;
    }
    assert_eq!(refusal(open(opening("x")).await), ChatRefusal::TooFast, "ten open ones are enough");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_order_in_view_is_the_conversations_and_staff_sees_it_all(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 5).await;
    let (_, placed) = w.paid(&[(bowl, 1)]).await;
    w.later(Duration::minutes(1));
    let shopper = Shopper::new();
    let about = OpenConversation { order: Some((placed.number.clone(), placed.token.clone())), ..opening("¿Dónde está?") };
    let opened = chat::open(&w.shop, &GUEST, shopper.0, about, w.now).await.unwrap();
    assert_eq!(opened.order.as_deref(), Some(placed.number.as_str()));
    let second = shopper.opens(&w, "Y otra cosa").await.id;
    let eva = agent(&w, "eva").await;
    let one = chat::open_one(&w.shop, &eva, second).await.unwrap();
    assert_eq!(one.orders[0].number, placed.number, "by the mail address");
    assert_eq!(one.earlier[0].id, opened.id);
    for found in [&*placed.number, "#1", "donde", "ANA@", "Ana", "está"] {
        let found_ids: Vec<_> = chat::search(&w.shop, &eva, found).await.unwrap().into_iter().map(|l| l.id).collect();
        assert!(found_ids.contains(&opened.id), "{found}");
    }
    assert!(chat::search(&w.shop, &eva, "100%_\\").await.unwrap().is_empty());
    let page = chat::all(&w.shop, &eva, &chat::Filter::default(), None).await.unwrap();
    assert_eq!((page.conversations.len(), page.next), (2, None));
}
