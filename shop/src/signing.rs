//! Signatures on cookies and links (HMAC-SHA256, 128 bits kept), so that nobody can make one up.

use crate::{Settings, chat::Visitor, settings::Secret};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    ids::{CartId, CaseId, ComplaintId, InvitationId, OrderId},
    token::Token,
};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// The cookie that holds a shopper's cart.
pub const CART_COOKIE: &str = "cart";

/// The value of the cart's cookie.
#[must_use]
pub fn cart_cookie(settings: &Settings, cart: CartId) -> String {
    format!("{cart}.{}", signature(&settings.secret, "cart", &cart.to_string()))
}

/// The cart a cookie stands for, unless somebody made it up.
#[must_use]
pub fn cart_from_cookie(settings: &Settings, cookie: &str) -> Option<CartId> {
    let (id, signed) = cookie.split_once('.')?;
    let cart: CartId = id.parse().ok()?;
    same(&signature(&settings.secret, "cart", &cart.to_string()), signed).then_some(cart)
}

/// The cookie that tells a chatting shopper's browser from every other.
pub const VISITOR_COOKIE: &str = "visitor";

/// The value of a chatting browser's cookie.
#[must_use]
pub fn visitor_cookie(settings: &Settings, visitor: Visitor) -> String {
    format!("{}.{}", visitor.0, signature(&settings.secret, "visitor", &visitor.0.to_string()))
}

/// The browser a cookie stands for, unless somebody made it up.
#[must_use]
pub fn visitor_from_cookie(settings: &Settings, cookie: &str) -> Option<Visitor> {
    let (id, signed) = cookie.split_once('.')?;
    let id: uuid::Uuid = id.parse().ok()?;
    same(&signature(&settings.secret, "visitor", &id.to_string()), signed).then_some(Visitor(id))
}

/// The secret part of an order's tracking link.
#[must_use]
pub fn order_token(settings: &Settings, order: OrderId) -> Token {
    Token(signature(&settings.secret, "order", &order.to_string()))
}

#[must_use]
pub fn is_order_token(settings: &Settings, order: OrderId, token: &Token) -> bool {
    same(&order_token(settings, order).0, &token.0)
}

/// The secret part of the link under which a customer follows a complaint.
#[must_use]
pub fn complaint_token(settings: &Settings, complaint: ComplaintId) -> Token {
    Token(signature(&settings.secret, "complaint", &complaint.to_string()))
}

#[must_use]
pub fn is_complaint_token(settings: &Settings, complaint: ComplaintId, token: &Token) -> bool {
    same(&complaint_token(settings, complaint).0, &token.0)
}

/// The one link of somebody who was asked to answer a survey.
#[must_use]
pub fn survey_token(settings: &Settings, invitation: InvitationId) -> Token {
    let id = URL_SAFE_NO_PAD.encode(invitation.0.as_bytes());
    Token(format!("{id}.{}", signature(&settings.secret, "survey", &invitation.to_string())))
}

/// Who was asked by this link, unless somebody made it up.
#[must_use]
pub fn survey_from_token(settings: &Settings, token: &Token) -> Option<InvitationId> {
    let (id, signed) = token.0.split_once('.')?;
    let invitation = InvitationId(uuid::Uuid::from_slice(&URL_SAFE_NO_PAD.decode(id).ok()?).ok()?);
    same(&signature(&settings.secret, "survey", &invitation.to_string()), signed).then_some(invitation)
}

/// The link by which somebody says whether the answer to their case solves it.
#[must_use]
pub fn case_token(settings: &Settings, case: CaseId) -> Token {
    let id = URL_SAFE_NO_PAD.encode(case.0.as_bytes());
    Token(format!("{id}.{}", signature(&settings.secret, "survey-case", &case.to_string())))
}

/// The case behind this link, unless somebody made it up.
#[must_use]
pub fn case_from_token(settings: &Settings, token: &Token) -> Option<CaseId> {
    let (id, signed) = token.0.split_once('.')?;
    let case = CaseId(uuid::Uuid::from_slice(&URL_SAFE_NO_PAD.decode(id).ok()?).ok()?);
    same(&signature(&settings.secret, "survey-case", &case.to_string()), signed).then_some(case)
}

/// Stands for a mail address where nobody shall read it; another for every purpose.
#[must_use]
pub fn pseudonym(settings: &Settings, purpose: &str, email: &str) -> Vec<u8> {
    signature(&settings.secret, purpose, &email.trim().to_lowercase()).into_bytes()
}

/// What stands in the address that answers to a conversation's mails go to. Mail servers may write it in small letters.
#[must_use]
pub fn reply_token(settings: &Settings, conversation: i64) -> String {
    let mac = mac(&settings.secret, "reply", &conversation.to_string());
    mac.map(|mac| format!("{conversation}-{}", hex::encode(&mac[..12]))).unwrap_or_default()
}

/// The number of the conversation behind such a token, unless somebody made it up.
#[must_use]
pub fn conversation_from_reply(settings: &Settings, token: &str) -> Option<i64> {
    let token = token.to_ascii_lowercase();
    let conversation: i64 = token.split_once('-')?.0.parse().ok()?;
    same(&reply_token(settings, conversation), &token).then_some(conversation)
}

fn signature(secret: &Secret, purpose: &str, subject: &str) -> String {
    mac(secret, purpose, subject).map(|mac| URL_SAFE_NO_PAD.encode(&mac[..16])).unwrap_or_default()
}

fn mac(secret: &Secret, purpose: &str, subject: &str) -> Option<[u8; 32]> {
    // HMAC takes a key of any length: this cannot fail.
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.0.as_bytes()).ok()?;
    mac.update(purpose.as_bytes());
    mac.update(b":");
    mac.update(subject.as_bytes());
    Some(mac.finalize().into_bytes().into())
}

fn same(a: &str, b: &str) -> bool {
    !a.is_empty() && a.as_bytes().ct_eq(b.as_bytes()).into()
}
