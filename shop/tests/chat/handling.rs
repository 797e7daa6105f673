//! Who has a conversation: taking, passing on, closing and rating, and to whom routing gives it.

use super::{
    GUEST, Shopper, agent, count, kinds, opening, person, present, says, seen,
    support::{World, refusal},
    world,
};
use domain::{
    Language,
    chat::{ChatRefusal, ConversationState, DetailsChange, EntryKind, PresenceState, Priority},
    ids::ConversationId,
    staff::Role,
};
use shop::{
    Actor,
    chat::{self, OpenConversation, Who},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use time::{Duration, macros::datetime};

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
