//! Passwords: hashed with Argon2id, away from the threads that answer requests, and only a few at once: each takes
//! 19 MiB and tens of milliseconds.

use crate::Fault;
use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier, password_hash::SaltString};
use std::sync::OnceLock;
use tokio::sync::Semaphore;

static AT_ONCE: Semaphore = Semaphore::const_new(4);

/// Of a password that nobody has: checked where there is no account, so that the answer takes as long.
static NOBODYS: OnceLock<String> = OnceLock::new();

/// The PHC string to keep.
pub(super) async fn hash(password: &str) -> Result<String, Fault> {
    let password = password.to_owned();
    apart(move || hash_now(&password)).await?
}

/// Whether this is the password behind `kept`; never, where nothing is kept.
pub(super) async fn is_right(password: &str, kept: Option<String>) -> Result<bool, Fault> {
    let password = password.to_owned();
    apart(move || {
        let known = kept.is_some();
        let kept = kept.unwrap_or_else(|| NOBODYS.get_or_init(|| hash_now("nobody").unwrap_or_default()).clone());
        let parsed = PasswordHash::new(&kept).map_err(|error| Fault::new(error.to_string()))?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && known)
    })
    .await?
}

fn hash_now(password: &str) -> Result<String, Fault> {
    let fault = |error: argon2::password_hash::Error| Fault::new(error.to_string());
    let salt = SaltString::encode_b64(&rand::random::<[u8; 16]>()).map_err(fault)?;
    Ok(Argon2::default().hash_password(password.as_bytes(), &salt).map_err(fault)?.to_string())
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
    let _place = AT_ONCE.acquire().await.map_err(Fault::new)?;
    tokio::task::spawn_blocking(work).await.map_err(Fault::new)
}
