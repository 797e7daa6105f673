//! Secrets that are handed out once and kept as a hash only: session cookies and links in mails.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::token::Token;
use sha2::{Digest, Sha256};

/// 256 random bits.
pub(super) fn new() -> Token {
    Token(URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()))
}

/// What the database holds of one. The secret is random: it needs no salt and no slow hash.
pub(super) fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret).to_vec()
}
