//! Answers by mail: which conversation they join, what of them is new, and what is turned away.

use super::{PDF, PNG, Talk, refusal};
use domain::chat::{ConversationState, Entry, EntryKind};
use shop::{
    chat::{self, Received, receive_mail},
    mail::InboundRefusal,
    signing,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::{fmt::Write as _, sync::Arc};
use time::Duration;

const ANA: &str = "ana@example.org";

impl Talk {
    async fn with_inbound(pool: PgPoolOptions, options: PgConnectOptions) -> Self {
        let mut talk = Self::new(pool, options, ANA).await;
        Arc::get_mut(&mut talk.w.shop.settings).unwrap().inbound_address = Some("reply+{token}@shop.test".into());
        talk
    }

    fn address(&self) -> String {
        format!("reply+{}@shop.test", signing::reply_token(&self.w.shop.settings, 1))
    }

    async fn arrives(&self, mail: &str) -> shop::Outcome<Received, InboundRefusal> {
        receive_mail(&self.w.shop, mail.replace('\n', "\r\n").as_bytes(), self.w.now).await
    }

    /// A plain mail from Ana with these headers besides.
    fn mail(&self, headers: &str, body: &str) -> String {
        format!(
            "From: Ana Gil <Ana@Example.org>\nTo: Barro <{}>\nSubject: Re: hola\nMessage-ID: <1@example.org>\n{headers}\
             Content-Type: text/plain; charset=utf-8\n\n{body}",
            self.address()
        )
    }

    async fn log(&self) -> Vec<Entry> {
        chat::entries(&self.w.shop, self.staff(), self.id, 0, 200).await.unwrap().unwrap().entries
    }

    async fn last(&self, kind: EntryKind) -> Entry {
        self.log().await.into_iter().rev().find(|entry| entry.kind == kind).unwrap()
    }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_answer_by_mail_joins_its_conversation_once_without_what_it_quotes(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut talk = Talk::with_inbound(pool, options).await;
    talk.answer("Sí, es apto.").await;
    talk.w.later(Duration::minutes(6));
    let letter = talk.mails().await.pop().unwrap();
    assert!(letter.contains("▲ Contesta por encima de esta línea ▲"), "{letter}");
    assert_eq!(talk.w.text("select reply_to from mail").await, talk.address());
    let file = talk.w.shop.settings.data_folder.join(format!("mail/{}.eml", talk.w.text("select id::text from mail").await));
    let sent = std::fs::read_to_string(file).unwrap();
    assert!(sent.contains(&format!("References: <thread.{}>\r\n", talk.address())), "all mails of a conversation name its thread: {sent}");

    let quoted = letter.lines().fold(String::new(), |mut all, line| {
        let _ = writeln!(all, "> {line}");
        all
    });
    let body = format!("Gracias, ¿y para el horno?\n\nEl lun, 30 nov 2026 a las 10:06, Barro (<hola@shop.test>) escribió:\n{quoted}");
    let mail = talk.mail("", &body);
    assert_eq!(talk.arrives(&mail).await.unwrap(), Received::Said(1));
    let said = talk.last(EntryKind::Message).await;
    assert_eq!((said.body.as_str(), said.name.as_str()), ("Gracias, ¿y para el horno?", "Ana"));
    assert_eq!(talk.arrives(&mail).await.unwrap(), Received::Known(1));
    let (one, two) = tokio::join!(talk.arrives(&mail), talk.arrives(&mail));
    assert_eq!((one.unwrap(), two.unwrap()), (Received::Known(1), Received::Known(1)));
    assert_eq!(talk.log().await.iter().filter(|entry| entry.body.contains("horno")).count(), 1);

    let english = "And the dishwasher?\n\nOn Mon, 30 Nov 2026 at 10:06, Barro\n<hola@shop.test> wrote:\n\n> Sí, es apto.\n";
    let second = talk.mail("", english).replace("<1@example.org>", "<2@example.org>");
    let (one, two) = tokio::join!(talk.arrives(&second), talk.arrives(&second));
    let mut became = [one.unwrap(), two.unwrap()];
    became.sort_by_key(|received| *received == Received::Known(1));
    assert_eq!(became[0], Received::Said(1));
    assert_eq!(talk.last(EntryKind::Message).await.body, "And the dishwasher?");
    assert_eq!(talk.log().await.iter().filter(|entry| entry.body == "And the dishwasher?").count(), 1, "twice at once is once");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn html_and_files_come_as_the_chat_takes_them(pool: PgPoolOptions, options: PgConnectOptions) {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let talk = Talk::with_inbound(pool, options).await;
    let html = "<html><body><div dir=\"ltr\">Aqu&iacute; est&aacute;.</div><div>Roto.</div>\
                <div class=\"gmail_quote\">El lun, Barro escribi&oacute;:<blockquote>Hola</blockquote></div></body></html>";
    let part = |name: &str, bytes: &[u8]| {
        format!(
            "--x\nContent-Type: application/octet-stream; name=\"{name}\"\nContent-Disposition: attachment; filename=\"{name}\"\n\
             Content-Transfer-Encoding: base64\n\n{}\n",
            STANDARD.encode(bytes)
        )
    };
    let mail = format!(
        "From: {ANA}\nTo: someone@shop.test\nDelivered-To: {}\nMessage-ID: <3@example.org>\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/html; charset=utf-8\n\n{html}\n{}{}{}--x--\n",
        talk.address().to_uppercase(),
        part("../plato.png", PNG),
        part("factura.pdf", PDF),
        part("virus.exe", b"MZ\x90\0")
    );
    assert_eq!(talk.arrives(&mail).await.unwrap(), Received::Said(1));
    let said = talk.last(EntryKind::Message).await;
    assert_eq!(said.body, "Aquí está.\nRoto.\n\n[No se admitió: virus.exe]");
    let mut names: Vec<_> = said.attachments.iter().map(|file| file.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["factura.pdf", "plato.png"]);
    let picture = said.attachments.iter().find(|file| file.is_picture()).unwrap();
    assert_eq!(chat::file(&talk.w.shop, talk.shopper(), picture.id).await.unwrap().bytes, PNG);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_no_person_wrote_and_what_is_forged_goes_nowhere(pool: PgPoolOptions, options: PgConnectOptions) {
    let talk = Talk::with_inbound(pool, options).await;
    let before = talk.log().await.len();
    for headers in [
        "Auto-Submitted: auto-replied\n",
        "Auto-Submitted: auto-generated (vacation)\n",
        "Precedence: bulk\n",
        "Precedence: Auto_Reply\n",
        "X-Autoreply: yes\n",
        "List-Id: <all.example.org>\n",
        "Return-Path: <>\n",
    ] {
        let became = talk.arrives(&talk.mail(headers, "Estoy de vacaciones.")).await.unwrap();
        assert!(matches!(became, Received::Ignored(_)), "{headers}: {became:?}");
    }
    let own = talk.mail("", "Hola").replace("Ana@Example.org", "hola@shop.test");
    assert!(matches!(talk.arrives(&own).await.unwrap(), Received::Ignored(_)), "our own mail comes back");
    let looped = talk.mail("", "Hola").replace("Ana@Example.org", &talk.address());
    assert!(matches!(talk.arrives(&looped).await.unwrap(), Received::Ignored(_)));
    let empty = talk.mail("", "\n> todo citado\n");
    assert!(matches!(talk.arrives(&empty).await.unwrap(), Received::Ignored(_)));

    let another = signing::reply_token(&talk.w.shop.settings, 2);
    let forged = format!("1-{}", another.split_once('-').unwrap().1);
    for token in [another.as_str(), &forged, "1-000000000000000000000000", "1", "-"] {
        let mail = talk.mail("", "Hola").replace(&signing::reply_token(&talk.w.shop.settings, 1), token);
        let told = refusal(talk.arrives(&mail).await);
        assert_eq!(told, InboundRefusal::UnknownAddress, "{token}");
        assert!(told.to_string().contains("no conversation has this address"));
    }
    assert_eq!(refusal(talk.arrives("no mail at all").await), InboundRefusal::Unreadable);
    assert_eq!(talk.log().await.len(), before);
    assert!(talk.arrives(&talk.mail("Auto-Submitted: no\n", "Soy yo")).await.is_ok());
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn another_address_becomes_a_note_that_somebody_waits_behind(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut talk = Talk::with_inbound(pool, options).await;
    talk.answer("Sí.").await;
    chat::close(&talk.w.shop, &talk.agent, talk.id, "hecho", talk.w.now).await.unwrap();
    talk.w.later(Duration::hours(1));
    let from_work = talk.mail("", "Os escribo desde el trabajo.").replace("Ana@Example.org", "ana@work.example");
    assert_eq!(talk.arrives(&from_work).await.unwrap(), Received::Noted(1));
    let note = talk.last(EntryKind::Note).await;
    assert_eq!(note.body, "Desde otra dirección: ana@work.example\n\nOs escribo desde el trabajo.");
    assert_eq!(talk.arrives(&from_work).await.unwrap(), Received::Known(1));
    let hers = chat::entries(&talk.w.shop, talk.shopper(), talk.id, 0, 200).await.unwrap().unwrap().entries;
    assert!(hers.iter().all(|entry| !entry.body.contains("trabajo")), "a note is among staff");
    let state = async || chat::open_one(&talk.w.shop, &talk.agent, talk.id).await.unwrap().conversation;
    assert_eq!(state().await.state, ConversationState::Queued, "somebody has to look at it");

    chat::close(&talk.w.shop, &talk.agent, talk.id, "hecho", talk.w.now).await.unwrap();
    let mine = talk.mail("", "Y soy yo otra vez.").replace("<1@example.org>", "<9@example.org>");
    assert_eq!(talk.arrives(&mine).await.unwrap(), Received::Said(1));
    assert_eq!(state().await.state, ConversationState::Queued, "as in the chat, it is open again");
    assert!(talk.last(EntryKind::Reopened).await.seq < talk.last(EntryKind::Message).await.seq);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_is_blocked_does_not_get_through_with_a_mail(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut talk = Talk::with_inbound(pool, options).await;
    talk.answer("Sí.").await;
    chat::block(&talk.w.shop, &talk.agent, talk.id, "insulta", Some(2), talk.w.now).await.unwrap();
    let (before, mail) = (talk.log().await.len(), talk.mail("", "Y otra cosa."));
    assert!(matches!(talk.arrives(&mail).await, Ok(Received::Ignored(_))));
    assert_eq!(talk.log().await.len(), before);
    talk.w.later(Duration::days(3));
    assert_eq!(talk.arrives(&mail).await.unwrap(), Received::Said(1));
}
