//! The chat's socket as browsers, and what only look like browsers, meet it.

use crate::{
    chat_client::{Socket, begin, cookie, message},
    support::{Node, Program, eventually},
};
use domain::{
    chat::{Ask, ChatRefusal, EntryKind, Tell, close},
    ids::{ConversationId, StaffId},
    staff::{Role, Roles},
};
use reqwest::multipart::{Form, Part};
use shop::{
    Actor,
    chat::{self, Post, Visitor, Who},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::time::Duration;
use time::OffsetDateTime;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::{
        CloseFrame,
        frame::{
            Frame, FrameHeader,
            coding::{Control, Data, OpCode},
        },
    },
};
use uuid::Uuid;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";

fn somebody() -> Visitor {
    Visitor(Uuid::new_v4())
}

/// Somebody of the staff who answers, beside the socket.
async fn agent(node: &Node) -> Actor {
    let id = Uuid::new_v4();
    sqlx::query("insert into staff (id, email, name, roles, created_at) values ($1, $2, 'Eva', '{agent}', now())")
        .bind(id)
        .bind(format!("{id}@shop.test"))
        .execute(&node.shop.db)
        .await
        .unwrap();
    Actor::Staff { id: StaffId(id), roles: Roles::of(&[Role::Agent]) }
}

async fn answer(node: &Node, agent: &Actor, conversation: ConversationId, body: &str, note: bool) -> u64 {
    let post = Post { client_id: Uuid::new_v4(), body: body.into(), attachments: Vec::new(), note };
    chat::post(&node.shop, Who::staff(agent), conversation, post, OffsetDateTime::now_utc()).await.unwrap()
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_one_says_every_other_hears_at_once_and_in_order(_: PgPoolOptions, database: PgConnectOptions) {
    let (one, two) = (Node::open(&database, &[]).await, Node::open(&database, &[]).await);
    let (ana, eva) = (somebody(), agent(&one).await);
    let id = begin(&one.shop, ana, "Hello").await.id;
    let (mut here, mut there) = (Socket::of(&one, ana).await, Socket::of(&two, ana).await);
    let said = here.resumes(id, 0).await;
    assert_eq!(said.iter().map(|entry| (entry.seq, entry.kind)).collect::<Vec<_>>(), [(1, EntryKind::Opened), (2, EntryKind::Message)]);
    assert_eq!(there.resumes(id, 1).await.len(), 1, "from a number on");

    let (post, client_id) = message(id, "Is anybody there?");
    here.ask(&post).await;
    let heard = there.entry().await;
    assert_eq!((heard.seq, heard.body.as_str(), heard.client_id), (3, "Is anybody there?", Some(client_id)));
    // The same again gets the first answer again, here and elsewhere.
    there.ask(&post).await;
    assert_eq!(there.hears().await, Tell::Posted { conversation: id, client_id, seq: 3 });
    answer(&two, &eva, id, "for us", true).await;
    answer(&two, &eva, id, "Yes!", false).await;
    let mut heard = Vec::new();
    for _ in 0..3 {
        heard.push(there.entry().await);
    }
    assert_eq!(
        heard.iter().map(|e| (e.seq, e.kind, e.body.as_str())).collect::<Vec<_>>(),
        [(4, EntryKind::Note, ""), (5, EntryKind::Assigned, ""), (6, EntryKind::Message, "Yes!"),]
    );
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_number_of_another_log_is_forgotten(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    let ana = somebody();
    let id = begin(&node.shop, ana, "Hello").await.id;
    let mut socket = Socket::of(&node, ana).await;
    socket.ask(&Ask::Resume { conversation: id, after: 99 }).await;
    assert_eq!(socket.hears().await, Tell::Reset { conversation: id });
    assert_eq!(socket.resumes(id, 0).await.len(), 2);
    assert_eq!(socket.resumes(id, 2).await, []);
    for n in 0..20 {
        socket.ask(&message(id, &n.to_string()).0).await;
    }
    let mut posted = 0;
    while posted < 20 {
        posted += usize::from(matches!(socket.hears().await, Tell::Posted { .. }));
    }
    let mut again = Socket::of(&node, ana).await;
    assert_eq!(again.resumes(id, 0).await.len(), 22, "what was acknowledged is there");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn nobody_hears_another_shoppers_conversation(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    let (ana, bea) = (somebody(), somebody());
    let id = begin(&node.shop, ana, "Hello").await.id;
    let mut socket = Socket::of(&node, bea).await;
    let why = ChatRefusal::NoSuchConversation;
    for ask in [Ask::Resume { conversation: id, after: 0 }, Ask::Read { conversation: id, seq: 1 }] {
        socket.ask(&ask).await;
        assert_eq!(socket.hears().await, Tell::Refused { conversation: id, client_id: None, why });
    }
    let (post, client_id) = message(id, "It is me, Ana");
    socket.ask(&post).await;
    assert_eq!(socket.hears().await, Tell::Refused { conversation: id, client_id: Some(client_id), why });
    socket.ask(&Ask::Typing { conversation: id }).await;
    answer(&node, &agent(&node).await, id, "a secret", false).await;
    socket.hears_nothing().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_socket_opens_for_our_own_pages_and_a_visitor_who_is_one(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    let cookie = cookie(&node.shop, somebody());
    let opens = async |path: &str, headers: &[(&'static str, &str)]| Socket::open(&node.origin, path, headers).await.map(drop);
    assert_eq!(opens("/ws/chat", &[("cookie", &cookie), ("origin", &node.origin)]).await, Ok(()));
    assert_eq!(opens("/ws/chat", &[("cookie", &cookie), ("origin", "https://evil.example")]).await, Err(403));
    assert_eq!(opens("/ws/chat", &[("cookie", &cookie), ("sec-fetch-site", "cross-site")]).await, Err(403));
    assert_eq!(opens("/ws/chat", &[("origin", &node.origin)]).await, Err(403), "nobody");
    let forged = cookie.replace('.', ".x");
    assert_eq!(opens("/ws/chat", &[("cookie", &forged), ("origin", &node.origin)]).await, Err(403));
    assert_eq!(opens("/ws/desk", &[("cookie", &cookie), ("origin", &node.origin)]).await, Err(403), "no staff");
    assert_eq!(node.browser().get("/ws/chat").await.status, 400, "no handshake");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_other_side_is_heard_writing_and_oneself_is_not(_: PgPoolOptions, database: PgConnectOptions) {
    let (one, two) = (Node::open(&database, &[]).await, Node::open(&database, &[]).await);
    let (ana, eva) = (somebody(), agent(&one).await);
    let id = begin(&one.shop, ana, "Hello").await.id;
    let mut socket = Socket::of(&one, ana).await;
    socket.resumes(id, 0).await;
    socket.ask(&Ask::Typing { conversation: id }).await;
    chat::is_writing(&two.shop, Who::staff(&eva), id, OffsetDateTime::now_utc()).await.unwrap();
    assert_eq!(socket.hears().await, Tell::Typing { conversation: id, name: "Eva".into() });
    socket.hears_nothing().await;
    socket.ask(&Ask::Ping).await;
    assert_eq!(socket.hears().await, Tell::Pong);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_says_too_much_is_told_and_who_asks_too_much_is_cut(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    let ana = somebody();
    let id = begin(&node.shop, ana, "Hello").await.id;
    let mut socket = Socket::of(&node, ana).await;
    for n in 0..40 {
        socket.ask(&message(id, &n.to_string()).0).await;
    }
    let (mut posted, mut refused) = (0, 0);
    while posted + refused < 40 {
        match socket.hears().await {
            Tell::Posted { .. } => posted += 1,
            Tell::Refused { why: ChatRefusal::TooFast, client_id: Some(_), .. } => refused += 1,
            other => panic!("{other:?}"),
        }
    }
    assert!(posted >= 20 && refused > 0, "{posted} {refused}");
    for _ in 0..1000 {
        if !socket.tries(&Ask::Ping).await {
            break;
        }
    }
    assert_eq!(socket.closed().await, 1008);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_is_against_the_protocol_is_closed_with_the_code_for_it(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    let ana = somebody();
    let frame = |payload: &[u8], code, last| Message::Frame(Frame::message(payload.to_vec(), code, last));
    let (text, more) = (OpCode::Data(Data::Text), OpCode::Data(Data::Continue));
    let ping = FrameHeader { is_final: false, opcode: OpCode::Control(Control::Ping), ..Default::default() };
    let long = "x".repeat(40_000);
    let cases: [(&str, Vec<Message>, u16); 10] = [
        ("bytes", vec![Message::binary(vec![1, 2])], 1003),
        ("no JSON", vec![Message::text("hello")], 1007),
        ("no question", vec![Message::text(r#"{"type":"rule_the_world"}"#)], 1007),
        ("broken UTF-8", vec![frame(b"\xc3\x28", text, true)], 1007),
        ("UTF-8 broken in its second piece", vec![frame(b"\"\xe2\x82", text, false), frame(b"\x28", more, true)], 1007),
        ("too long", vec![Message::text(long.clone())], 1009),
        ("too long in pieces", vec![frame(&long.as_bytes()[..20_000], text, false), frame(&long.as_bytes()[20_000..], more, true)], 1009),
        ("a piece of nothing", vec![frame(b"x", more, true)], 1002),
        ("a new message before the last is whole", vec![frame(b"x", text, false), frame(b"x", text, true)], 1002),
        ("a ping in pieces", vec![Message::Frame(Frame::from_payload(ping, b"x"[..].into()))], 1002),
    ];
    for (case, messages, code) in cases {
        let mut socket = Socket::of(&node, ana).await;
        for message in messages {
            socket.send(message).await;
        }
        assert_eq!(socket.closed().await, code, "{case}");
    }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_is_within_the_protocol_is_understood(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    let ana = somebody();
    let id = begin(&node.shop, ana, "Hello").await.id;
    let mut socket = Socket::of(&node, ana).await;
    socket.resumes(id, 0).await;
    // In pieces that part a letter, with a ping between them.
    let (ask, _) = message(id, "señora 🏺");
    let bytes = serde_json::to_vec(&ask).unwrap();
    let frame = |payload: &[u8], code, last| Message::Frame(Frame::message(payload.to_vec(), code, last));
    for (index, byte) in bytes.iter().enumerate() {
        let code = if index == 0 { Data::Text } else { Data::Continue };
        socket.send(frame(&[*byte], OpCode::Data(code), index + 1 == bytes.len())).await;
        if index == 7 {
            socket.send(Message::Ping(b"between"[..].into())).await;
        }
    }
    let pong = futures::StreamExt::next(&mut socket.stream).await.unwrap().unwrap();
    assert_eq!(pong, Message::Pong(b"between"[..].into()));
    assert_eq!(socket.entry().await.body, "señora 🏺");
    // The longest message there may be, in the letters that take most room.
    let longest: String = "🏺".repeat(4000);
    socket.ask(&message(id, &longest).0).await;
    assert_eq!(socket.entry().await.body, longest);
    let (too_long, client_id) = message(id, &format!("{longest}x"));
    socket.ask(&too_long).await;
    let told = socket.hears().await;
    let told = if matches!(told, Tell::Posted { .. }) { socket.hears().await } else { told };
    assert_eq!(told, Tell::Refused { conversation: id, client_id: Some(client_id), why: ChatRefusal::TooLong });
    socket.send(Message::Close(Some(CloseFrame { code: 1000.into(), reason: "bye".into() }))).await;
    assert_eq!(socket.closed().await, 1000);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_link_on_which_nothing_is_heard_is_given_up(_: PgPoolOptions, database: PgConnectOptions) {
    let pace = server::chat::Pace { silence: Duration::from_secs(3), ..Default::default() };
    let node = Node::with_pace(&database, &[], pace).await;
    let ana = somebody();
    let id = begin(&node.shop, ana, "Hello").await.id;
    let mut socket = Socket::of(&node, ana).await;
    for _ in 0..4 {
        tokio::time::sleep(Duration::from_secs(1)).await;
        socket.ask(&Ask::Ping).await;
        assert_eq!(socket.hears().await, Tell::Pong);
    }
    socket.resumes(id, 0).await;
    assert_eq!(node.server.chat.hub.followed(), 1);
    assert_eq!(socket.closed().await, close::SILENT);
    eventually("nobody is followed any more", async || node.server.chat.hub.followed() == 0).await;
}

/// It asks for a lot and reads nothing: a link to a machine that fell asleep.
#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_link_that_takes_nothing_is_cut_and_holds_up_nobody(_: PgPoolOptions, database: PgConnectOptions) {
    let pace = server::chat::Pace { stuck: Duration::from_millis(800), ..Default::default() };
    let node = Node::with_pace(&database, &["--rate-limits=off"], pace).await;
    let (ana, eva) = (somebody(), agent(&node).await);
    let id = begin(&node.shop, ana, "Hello").await.id;
    let large = "x".repeat(4000);
    for _ in 0..60 {
        answer(&node, &eva, id, &large, false).await;
    }
    let mut asleep = Socket::of(&node, ana).await;
    let mut awake = Socket::of(&node, ana).await;
    awake.resumes(id, 60).await;
    // Sixty megabytes, of which it takes none.
    for _ in 0..250 {
        if !asleep.tries(&Ask::Resume { conversation: id, after: 0 }).await {
            break;
        }
    }
    eventually("both follow", async || node.server.chat.hub.followers(id) == 2).await;
    answer(&node, &eva, id, "still here", false).await;
    assert_eq!(awake.entry().await.body, "still here");
    eventually("the one that sleeps is given up", async || node.server.chat.hub.followers(id) == 1).await;
    answer(&node, &eva, id, "and still", false).await;
    assert_eq!(awake.entry().await.body, "and still");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_closing_shop_says_when_to_come_again(_: PgPoolOptions, database: PgConnectOptions) {
    let mut program = Program::start(&database, &[]).await;
    let node = Node::open(&database, &[]).await;
    let ana = somebody();
    let headers = [("cookie", &*cookie(&node.shop, ana)), ("origin", &*program.origin)];
    let mut socket = Socket::open(&program.origin, "/ws/chat", &headers).await.unwrap();
    let id = begin(&node.shop, ana, "Hello").await.id;
    socket.resumes(id, 0).await;
    program.ask_to_stop();
    assert_eq!(socket.closed().await, close::RESTART);
    assert!(program.stopped_within(Duration::from_secs(5)).await.success());
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn files_come_and_go_by_plain_forms_too(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    let ana = somebody();
    let id = begin(&node.shop, ana, "Hello").await.id;
    let (browser, stranger) = (node.browser(), node.browser());
    browser.set_cookie("visitor", cookie(&node.shop, ana).trim_start_matches("visitor="));
    stranger.set_cookie("visitor", cookie(&node.shop, somebody()).trim_start_matches("visitor="));
    let form = |name: &'static str, bytes: &[u8]| Form::new().part("file", Part::bytes(bytes.to_vec()).file_name(name));
    let address = format!("/chat/files?conversation={id}");
    let send = async |browser: &crate::support::Browser, form: Form, accept: &str| {
        let request = browser.request(reqwest::Method::POST, &address).header("accept", accept).header("sec-fetch-site", "same-origin");
        browser.send(request.multipart(form)).await
    };
    let stored = send(&browser, form("plato \"roto\" ñ.png", PNG), "application/json").await;
    assert_eq!(stored.status, 200, "{}", stored.text);
    let stored: Vec<domain::chat::Attachment> = serde_json::from_str(&stored.text).unwrap();
    let file = stored[0].address();
    let fetched = browser.get(&file).await;
    assert_eq!((fetched.status, fetched.header("content-type"), fetched.header("x-content-type-options")), (200, "image/png", "nosniff"));
    assert_eq!(fetched.header("content-disposition"), "inline; filename*=UTF-8''plato%20roto%20%C3%B1.png");
    assert!(fetched.header("content-security-policy").contains("sandbox"));
    assert_eq!(stranger.get(&file).await.status, 404);
    assert_eq!(node.browser().get(&file).await.status, 404);

    let told = send(&browser, form("page.png", b"<!doctype html><script>alert(1)</script>"), "application/json").await;
    assert_eq!((told.status, told.text.as_str()), (422, "\"wrong_type\""));
    assert_eq!(send(&stranger, form("x.png", PNG), "application/json").await.text, "\"no_such_conversation\"");
    let foreign = browser.request(reqwest::Method::POST, &address).header("sec-fetch-site", "cross-site").multipart(form("x.png", PNG));
    assert_eq!(browser.send(foreign).await.status, 403);
    let large = send(&browser, form("large.png", &vec![0; 10 * 1024 * 1024]), "application/json").await;
    assert_eq!((large.status, large.text.as_str()), (422, "\"too_large\""));

    let plain = form("plato.png", PNG).text("body", "Mira").text("client_id", Uuid::new_v4().to_string()).text("next", "/en/chat");
    let sent = send(&browser, plain, "text/html").await;
    assert_eq!((sent.status, sent.leads_to()), (303, "/en/chat"), "{}", sent.text);
    let entries = chat::entries(&node.shop, Who::Staff(Actor::System), id, 2, 9).await.unwrap().unwrap().entries;
    assert_eq!((entries[0].body.as_str(), entries[0].attachments.len()), ("Mira", 1));
    let refused = send(&browser, form("x.png", b"x").text("next", "/en/chat?c=1"), "text/html").await;
    assert_eq!(refused.leads_to(), "/en/chat?c=1&refused=wrong_type&form=say&typed=#say");
    let elsewhere = send(&browser, form("plato.png", PNG).text("next", "//evil.example"), "text/html").await;
    assert_ne!(elsewhere.status, 303);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_shake_of_hands_that_is_none_is_refused(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    let cookie = cookie(&node.shop, somebody());
    let mut raw = TcpStream::connect(node.origin.trim_start_matches("http://")).await.unwrap();
    let request = format!(
        "GET /ws/chat HTTP/1.1\r\nhost: shop.test\r\ncookie: {cookie}\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 7\r\n\
         sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    );
    raw.write_all(request.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    raw.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 400");
}
