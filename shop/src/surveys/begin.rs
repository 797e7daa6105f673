//! Beginning to answer: the person's set is drawn and kept, with what segments go by and nothing that says who it is.

use super::{Invitation, Refusable, instrument, lock};
use crate::{Fault, Shop, customers, signing, transaction};
use domain::{
    Language,
    surveys::{Device, Form},
    token::Token,
};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// What an order tells of its buyer's group.
struct Facts {
    email: String,
    returning: bool,
    category: Option<String>,
    carrier: String,
    trouble: bool,
    /// Whether it came as promised.
    arrival: Option<String>,
}

/// Begins, unless it was begun before: on another device one goes on.
///
/// # Errors
/// No such survey, too late, or finished already.
pub async fn begin(shop: &Shop, token: &Token, language: Language, device: Device, now: OffsetDateTime) -> Refusable {
    let mut db = transaction::begin(&shop.db).await?;
    let invitation = lock(&mut db, shop, token).await?;
    invitation.is_open(now)?;
    if invitation.response.is_none() {
        draw(&mut db, shop, &invitation, language, device, now).await?;
        db.commit().await?;
    }
    Ok(())
}

async fn draw(
    db: &mut PgConnection,
    shop: &Shop,
    invitation: &Invitation,
    language: Language,
    device: Device,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let form = Form::from_code(&invitation.form).ok_or_else(|| Fault::new("a form of another version"))?;
    let version = instrument::load(db, invitation.version).await?;
    let (turn, seed) = take_turn(db, invitation.version, form).await?;
    let items: Vec<Uuid> = version.set(form, turn, seed, rand::random()).into_iter().map(|item| item.id).collect();
    let facts = facts(db, invitation.order).await?;
    // Random, for an id by time would tell which invitation it belongs to.
    let response = Uuid::new_v4();
    sqlx::query!(
        "insert into survey_response (id, version_id, pseudonym, form, language, items, returning_customer, device, category, carrier,
             trouble_known, arrival, class, started_at, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)",
        response,
        invitation.version,
        signing::pseudonym(&shop.settings, "survey-answers", &facts.email),
        form.code(),
        language.code(),
        &items,
        facts.returning,
        device.code(),
        facts.category,
        facts.carrier,
        facts.trouble && version.gate.is_some(),
        facts.arrival,
        customers::primary_class(&mut *db, &facts.email).await?,
        now
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!("insert into survey_link (invitation_id, response_id) values ($1, $2)", invitation.id, response).execute(&mut *db).await?;
    sqlx::query!("update survey_invitation set started_at = $2, opened_at = coalesce(opened_at, $2) where id = $1", invitation.id, now)
        .execute(db)
        .await?;
    Ok(())
}

/// The next turn among the short sets; the row's lock makes one queue of all who begin. The full form takes none.
async fn take_turn(db: &mut PgConnection, version: Uuid, form: Form) -> Result<(u64, u64), Fault> {
    let row = sqlx::query!(
        r#"update survey_version set short_sets = short_sets + $2 where id = $1 returning short_sets - $2 as "turn!", seed"#,
        version,
        i64::from(form == Form::Short)
    )
    .fetch_one(db)
    .await?;
    Ok((row.turn.unsigned_abs(), row.seed.cast_unsigned()))
}

/// The category is that of what cost most in the order, by its address in the base language.
async fn facts(db: &mut PgConnection, order: Uuid) -> Result<Facts, Fault> {
    let facts = sqlx::query_as!(
        Facts,
        r#"select o.email,
               exists (select from orders e where lower(e.email) = lower(o.email) and e.placed_at < o.placed_at and e.paid_at is not null) as "returning!",
               (select t.slug from order_line l join product p on p.id = l.product_id join category_translation t on t.category_id = p.category_id
                where l.order_id = o.id order by l.total_minor desc, l.position, t.language limit 1) as category,
               coalesce((select s.carrier_code from shipment s where s.order_id = o.id order by s.shipped_at desc limit 1), o.carrier_code) as "carrier!",
               exists (select from complaint c where c.order_id = o.id and c.kind = 'queja')
                   or exists (select from conversation c where c.order_id = o.id)
                   or exists (select from refund r where r.order_id = o.id) as "trouble!",
               (select case when p.kept_at is not null then 'on_time' when p.broken_at is not null then 'late' end
                from promise p where p.kind = 'delivery' and p.subject = o.id) as arrival
           from orders o where o.id = $1"#,
        order
    )
    .fetch_one(db)
    .await?;
    Ok(facts)
}
