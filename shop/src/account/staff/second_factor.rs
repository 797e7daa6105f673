//! The second factor: six digits that an app makes of a secret and the time (TOTP, RFC 6238), each good once; and
//! recovery codes for who lost the app.

use super::{
    super::{
        secret,
        session::{self, Owner},
        throttle,
    },
    LoggedIn, Way,
    own::prove,
    who,
};
use crate::{Actor, Failure, Fault, Outcome, Settings, Shop, audit, transaction};
use domain::{
    account::AccountRefusal,
    ids::{SessionId, StaffId},
};
use fast_qr::{
    QRBuilder,
    convert::{Builder, svg::SvgBuilder},
};
use serde_json::json;
use sqlx::PgConnection;
use subtle::ConstantTimeEq;
use time::OffsetDateTime;
use totp_rs::{Algorithm, Secret, TOTP};
use uuid::Uuid;

/// Seconds that a code stands for.
const STEP: u64 = 30;
const DIGITS: usize = 6;
const RECOVERY_CODES: usize = 10;

/// What an app needs to make codes, until a first code shows that it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// To be typed where there is no camera, in groups of four.
    pub secret: String,
    /// The same as a picture.
    pub svg: String,
}

/// A new secret, which counts once a code of it was typed.
///
/// # Errors
/// Nobody is logged in. A factor that counts is not replaced: it is removed first.
pub async fn begin_second_factor(shop: &Shop, actor: &Actor) -> Outcome<(), AccountRefusal> {
    let id = who(actor)?;
    let secret = Secret::Raw(rand::random::<[u8; 20]>().to_vec()).to_encoded().to_string();
    sqlx::query!("update staff set totp_secret = $2, totp_last_step = null where id = $1 and totp_confirmed_at is null", id.0, secret)
        .execute(&shop.db)
        .await?;
    Ok(())
}

/// The secret that waits for its first code; and whether there is a factor that counts.
///
/// # Errors
/// Nobody is logged in.
pub async fn enrolment(shop: &Shop, actor: &Actor) -> Outcome<(Option<Enrolment>, bool), AccountRefusal> {
    let id = who(actor)?;
    let row = sqlx::query!("select email, totp_secret, totp_confirmed_at from staff where id = $1", id.0).fetch_one(&shop.db).await?;
    let counts = row.totp_confirmed_at.is_some();
    let Some(secret) = row.totp_secret.filter(|_| !counts) else { return Ok((None, counts)) };
    let url = app(&secret, &shop.settings, row.email)?.get_url();
    let code = QRBuilder::new(url).build().map_err(|error| Fault::new(format!("{error:?}")))?;
    let svg = SvgBuilder::default().margin(4).to_str(&code);
    let groups: Vec<_> = secret.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    Ok((Some(Enrolment { secret: groups.join(" "), svg }), counts))
}

/// The first code: from now on logging in asks for one. The recovery codes, which are never shown again.
///
/// # Errors
/// The code is wrong, too many tries, or nobody is logged in.
pub async fn confirm_second_factor(
    shop: &Shop,
    actor: &Actor,
    own_session: SessionId,
    code: &str,
    now: OffsetDateTime,
) -> Outcome<Vec<String>, AccountRefusal> {
    let id = who(actor)?;
    let account = throttled(id);
    throttle::attempt(shop, &account, now).await?;
    let mut db = transaction::begin(&shop.db).await?;
    if !is_right(&mut db, shop, id, code, now).await? {
        return Err(Failure::Refused(AccountRefusal::WrongCode));
    }
    sqlx::query!("update staff set totp_confirmed_at = $2 where id = $1 and totp_confirmed_at is null", id.0, now)
        .execute(&mut *db)
        .await?;
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| recovery_code()).collect();
    sqlx::query!("delete from recovery_code where staff_id = $1", id.0).execute(&mut *db).await?;
    for code in &codes {
        sqlx::query!("insert into recovery_code (staff_id, code_hash) values ($1, $2)", id.0, secret::hash(code)).execute(&mut *db).await?;
    }
    // Those that began with the password alone.
    session::end_all(&mut db, Owner::Staff(id), Some(own_session)).await?;
    throttle::forgive(&mut db, &account).await?;
    audit::record(&mut db, actor, "second_factor.confirmed", Some(id.0), json!({}), now).await?;
    db.commit().await?;
    Ok(codes)
}

/// From now on the password is enough.
///
/// # Errors
/// The password is wrong, too many tries, or nobody is logged in.
pub async fn remove_second_factor(shop: &Shop, actor: &Actor, password: &str, now: OffsetDateTime) -> Outcome<(), AccountRefusal> {
    let id = who(actor)?;
    prove(shop, id, password, now).await?;
    let mut db = transaction::begin(&shop.db).await?;
    forget(&mut db, id).await?;
    audit::record(&mut db, actor, "second_factor.removed", Some(id.0), json!({}), now).await?;
    db.commit().await?;
    Ok(())
}

pub(super) async fn forget(db: &mut PgConnection, id: StaffId) -> Result<(), Fault> {
    sqlx::query!("update staff set totp_secret = null, totp_confirmed_at = null, totp_last_step = null where id = $1", id.0)
        .execute(&mut *db)
        .await?;
    sqlx::query!("delete from recovery_code where staff_id = $1", id.0).execute(db).await?;
    Ok(())
}

/// Lets somebody in whose password was right: by a code of the app, or by a recovery code.
///
/// # Errors
/// The code is wrong or was used, too many tries, or the first half took too long.
pub async fn complete(
    shop: &Shop,
    half_way: SessionId,
    code: &str,
    user_agent: &str,
    now: OffsetDateTime,
) -> Outcome<LoggedIn, AccountRefusal> {
    let id = sqlx::query_scalar!(
        r#"select staff_id as "staff_id!" from session join staff on staff.id = staff_id
           where session.id = $1 and not complete and expires_at > $2 and active"#,
        half_way.0,
        now
    )
    .fetch_optional(&shop.db)
    .await?;
    let id = StaffId(id.ok_or(Failure::Refused(AccountRefusal::NotAllowed))?);
    let account = throttled(id);
    throttle::attempt(shop, &account, now).await?;
    let mut db = transaction::begin(&shop.db).await?;
    let by_recovery = spend_recovery_code(&mut db, id, code, now).await?;
    if !by_recovery && !is_right(&mut db, shop, id, code, now).await? {
        return Err(Failure::Refused(AccountRefusal::WrongCode));
    }
    let roles = sqlx::query_scalar!("select roles from staff where id = $1", id.0).fetch_one(&mut *db).await?;
    let roles = session::roles(&roles);
    sqlx::query!("delete from session where id = $1", half_way.0).execute(&mut *db).await?;
    let session = session::begin(&mut db, Owner::Staff(id), true, user_agent, now).await?;
    throttle::forgive(&mut db, &account).await?;
    let detail = json!({ "second_factor": if by_recovery { "recovery code" } else { "app" } });
    audit::record(&mut db, &Actor::Staff { id, roles }, "staff.logged_in", Some(id.0), detail, now).await?;
    db.commit().await?;
    Ok(LoggedIn { session, roles, way: Way::In })
}

pub(super) fn throttled(id: StaffId) -> String {
    format!("staff-code:{id}")
}

/// Whether the app would show this code now, or just before or after; and marks it as used.
async fn is_right(db: &mut PgConnection, shop: &Shop, id: StaffId, code: &str, now: OffsetDateTime) -> Result<bool, Fault> {
    let row =
        sqlx::query!("select email, totp_secret, totp_last_step from staff where id = $1 for update", id.0).fetch_one(&mut *db).await?;
    let Some(secret) = row.totp_secret else { return Ok(false) };
    let app = app(&secret, &shop.settings, row.email)?;
    let typed: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let this = u64::try_from(now.unix_timestamp()).unwrap_or_default() / STEP;
    let step = (this.saturating_sub(1)..=this + 1).find(|step| app.generate(step * STEP).as_bytes().ct_eq(typed.as_bytes()).into());
    let Some(step) = step.and_then(|step| i64::try_from(step).ok()) else { return Ok(false) };
    if row.totp_last_step.is_some_and(|last| step <= last) {
        return Ok(false);
    }
    sqlx::query!("update staff set totp_last_step = $2 where id = $1", id.0, step).execute(db).await?;
    Ok(true)
}

async fn spend_recovery_code(db: &mut PgConnection, id: StaffId, code: &str, now: OffsetDateTime) -> Result<bool, Fault> {
    let letters: Vec<char> = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    let typed = letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-");
    let spent = sqlx::query!(
        "update recovery_code set spent_at = $3 where staff_id = $1 and code_hash = $2 and spent_at is null",
        id.0,
        secret::hash(&typed),
        now
    )
    .execute(db)
    .await?;
    Ok(spent.rows_affected() > 0)
}

/// 64 random bits in four groups.
fn recovery_code() -> String {
    let digits = Uuid::new_v4().simple().to_string();
    let groups: Vec<&str> = (0..4).map(|group| &digits[group * 4..group * 4 + 4]).collect();
    groups.join("-")
}

fn app(secret: &str, settings: &Settings, email: String) -> Result<TOTP, Fault> {
    let secret = Secret::Encoded(secret.to_owned()).to_bytes().map_err(|error| Fault::new(format!("{error:?}")))?;
    // A colon ends the issuer's name in the address that the picture holds.
    let issuer = settings.shop_name.replace(':', " ");
    TOTP::new(Algorithm::SHA1, DIGITS, 1, STEP, secret, Some(issuer), email).map_err(Fault::new)
}
