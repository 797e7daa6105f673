//! Conversations on a real database: the log under many writers, marks, who may do what, routing and presence.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail loudly too")]

#[path = "../support/mod.rs"]
mod support;

mod blocks;
mod handling;
mod log;
mod mentions;
mod scripts;

use domain::{
    Language,
    chat::{Conversation, Entry, EntryKind, PresenceState, Topic},
    ids::{ConversationId, StaffId},
    staff::{Role, Roles},
};
use shop::{
    Actor,
    chat::{self, OpenConversation, Post, Visitor, Who},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use support::World;
use time::{OffsetDateTime, macros::datetime};
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

async fn entries(w: &World, who: Who, id: ConversationId) -> Vec<Entry> {
    chat::entries(&w.shop, who, id, 0, 200).await.unwrap().unwrap().entries
}

async fn kinds(w: &World, id: ConversationId) -> Vec<EntryKind> {
    entries(w, Who::Staff(Actor::System), id).await.into_iter().map(|entry| entry.kind).collect()
}

/// As the shopper sees it now.
async fn seen(w: &World, shopper: Shopper, id: ConversationId) -> Conversation {
    chat::conversation(&w.shop, shopper.who(), id).await.unwrap()
}

async fn count(w: &World, kind: &str) -> i64 {
    w.number(&format!("select count(*) from event where kind = '{kind}'")).await
}
