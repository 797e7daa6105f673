//! The log: its numbers under many writers, what is sent again, who reads what, and how far it was read.

use super::{GUEST, Shopper, agent, count, entries, kinds, opening, person, present, says, seen, support::refusal, world};
use domain::{
    chat::{Author, ChatRefusal, Conversation, EntryKind},
    staff::Role,
};
use shop::{
    Outcome,
    chat::{self, OpenConversation, Post, Who},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

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
    let said = entries(&w, shopper.who(), opened.id).await;
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
    let by_staff = entries(&w, Who::staff(&luz), id).await;
    assert!(by_staff.iter().any(|entry| entry.body == note.body));
    let by_shopper = entries(&w, shopper.who(), id).await;
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
    let marks = entries(&w, shopper.who(), id).await;
    assert_eq!(marks.last().map(|e| (e.kind, e.author, e.upto)), Some((EntryKind::Read, Author::Shopper, Some(said))));
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
    let said = entries(&w, shopper.who(), id).await;
    assert_eq!((said[1].body.as_str(), said[1].name.as_str()), ("ab\nc", "Ana <b>"));
    chat::post(&w.shop, shopper.who(), id, says(&"é".repeat(4000)), w.now).await.unwrap();
    for _ in 0..9 {
        shopper.opens(&w, "otra").await;
    }
    assert_eq!(refusal(open(opening("x")).await), ChatRefusal::TooFast, "ten open ones are enough");
}
