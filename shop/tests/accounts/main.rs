//! People with accounts: letting staff and customers in, and what each may do then.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail loudly too")]
#![allow(clippy::cloned_ref_to_slice_refs, reason = "a list of one reads best as a list")]

#[path = "../support/mod.rs"]
mod support;

mod changes;
mod customers;
mod staff;

use domain::{
    checkout::Draft,
    staff::{Role, Roles},
    token::Token,
};
use shop::Actor;
use shop::account::{
    session,
    staff::{self as team, FirstPassword, NewStaff},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use support::World;

const PASSWORD: &str = "a long enough secret";
const ANA: &str = "ana@example.org";

/// Where Ana lives.
fn home() -> Draft {
    Draft {
        email: ANA.into(),
        name: "Ana Gil".into(),
        line1: "Calle Mayor 1".into(),
        city: "Madrid".into(),
        postcode: "28013".into(),
        country: "ES".into(),
        ..Draft::default()
    }
}

/// How a test knows the people of the shop.
impl World {
    async fn without_goods(pool: PgPoolOptions, options: PgConnectOptions) -> Self {
        Self::new(pool, options).await
    }

    /// Somebody of the staff with this role, by their address.
    async fn hire(&self, email: &str, role: Role) -> Actor {
        let roles = Roles::of(&[role]);
        let new = NewStaff { email: email.into(), name: "Alba".into(), roles };
        let id = team::add(&self.shop, &Actor::Operator, new, FirstPassword::Own(PASSWORD), self.now).await.unwrap();
        Actor::Staff { id, roles }
    }

    /// Logs in with the password alone; the cookie.
    async fn enter(&self, email: &str) -> Token {
        team::log_in(&self.shop, email, PASSWORD, "a browser", self.now).await.unwrap().session
    }

    /// Whether this cookie of staff opens the desk.
    async fn opens_desk(&self, cookie: &Token) -> bool {
        session::of_staff(&self.shop, &cookie.0, self.now).await.unwrap().is_some_and(|session| session.complete)
    }

    /// The secret in the latest mail to this address.
    async fn link_to(&self, email: &str) -> Token {
        let text =
            self.text(&format!("select text_body from mail where recipient = '{email}' order by queued_at desc, id desc limit 1")).await;
        Token(text.split_once("?t=").unwrap().1.split_whitespace().next().unwrap().to_owned())
    }

    async fn letters_to(&self, email: &str) -> i64 {
        self.number(&format!("select count(*) from mail where recipient = '{email}'")).await
    }

    async fn audited(&self, action: &str) -> i64 {
        self.number(&format!("select count(*) from audit where action = '{action}'")).await
    }
}
