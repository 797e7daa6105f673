//! Giving credit, once a cause, with the mail that holds its code; and what an account has of it.

use crate::{Actor, Fault, Outcome, Shop, events, mail, new_id};
use domain::{
    Language, Money,
    credit::{code_of, shown},
    format,
    ids::{ComplaintId, OrderId, StaffId},
    staff::Permission,
};
use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

pub(crate) struct Gift<'a> {
    pub(crate) money: Money,
    pub(crate) to: &'a str,
    pub(crate) name: &'a str,
    pub(crate) language: Language,
    /// `late_delivery`, `compensation` or `goodwill`; once a source.
    pub(crate) reason: &'static str,
    pub(crate) source: Uuid,
    /// In the words of whoever gives it.
    pub(crate) note: &'a str,
    pub(crate) by: Option<StaffId>,
    pub(crate) order: Option<OrderId>,
    pub(crate) complaint: Option<ComplaintId>,
}

/// Writes a credit, its first entry and its mail; `false` when it was given already. It is listed in the account of
/// whoever has confirmed the address.
pub(crate) async fn give(db: &mut PgConnection, shop: &Shop, gift: &Gift<'_>, now: OffsetDateTime) -> Result<bool, Fault> {
    let (id, code) = (new_id(now), code_of(rand::random()));
    let given = sqlx::query!(
        "insert into store_credit (id, code, currency, email, customer_id, reason, source, note, given_by, order_id, complaint_id, created_at)
         values ($1, $2, $3, $4, (select id from customer where lower(email) = lower($4) and confirmed_at is not null),
             $5, $6, $7, $8, $9, $10, $11)
         on conflict (reason, source) do nothing",
        id,
        code,
        gift.money.currency.code(),
        gift.to,
        gift.reason,
        gift.source,
        gift.note,
        gift.by.map(|id| id.0),
        gift.order.map(|id| id.0),
        gift.complaint.map(|id| id.0),
        now
    )
    .execute(&mut *db)
    .await?;
    if given.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query!(
        "insert into store_credit_entry (id, credit_id, kind, minor, staff_id, at) values ($1, $2, 'given', $3, $4, $5)",
        new_id(now),
        id,
        gift.money.minor,
        gift.by.map(|id| id.0),
        now
    )
    .execute(&mut *db)
    .await?;
    let subject = gift.order.map_or(id, |order| order.0);
    events::record(db, "credit.given", subject, json!({ "minor": gift.money.minor, "reason": gift.reason }), now).await?;
    write(db, shop, gift, id, &code, now).await?;
    Ok(true)
}

async fn write(db: &mut PgConnection, shop: &Shop, gift: &Gift<'_>, id: Uuid, code: &str, now: OffsetDateTime) -> Result<(), Fault> {
    let language = gift.language;
    let say = |es: String, en: String| if language == Language::Es { es } else { en };
    let (amount, code) = (format::money(gift.money, language), shown(code));
    let why = match gift.reason {
        "late_delivery" => say(
            format!(
                "Tu pedido llegó más tarde de lo que prometimos. Lo sentimos. Para compensarte, tienes {amount} de saldo en la tienda."
            ),
            format!("Your order arrived later than we promised. We are sorry. To make up for it, you have {amount} of store credit."),
        ),
        "compensation" => say(
            format!("Sentimos lo que ha pasado. Para compensarte, tienes {amount} de saldo en la tienda."),
            format!("We are sorry for what happened. To make up for it, you have {amount} of store credit."),
        ),
        _ => say(format!("Tienes {amount} de saldo en la tienda."), format!("You have {amount} of store credit.")),
    };
    let how = say(
        format!("Tu código es {code}. Escríbelo en el último paso de la compra: paga lo que alcance, y lo que sobre queda para otra vez."),
        format!(
            "Your code is {code}. Type it at the last step of the checkout: it pays as far as it goes, and what is left stays for another time."
        ),
    );
    let greeting = match (gift.name.is_empty(), language) {
        (true, Language::Es) => "Hola:".to_owned(),
        (true, Language::En) => "Hello,".to_owned(),
        (false, Language::Es) => format!("Hola, {}:", gift.name),
        (false, Language::En) => format!("Hello {},", gift.name),
    };
    let link = mail::Part::Link {
        label: say("Ir a la tienda".to_owned(), "To the shop".to_owned()),
        url: format!("{}/{language}", shop.settings.public_url),
    };
    let parts = vec![mail::Part::Paragraph(greeting), mail::Part::Paragraph(why), mail::Part::Paragraph(how), link];
    let subject = say(format!("Tienes {amount} de saldo"), format!("You have {amount} of store credit"));
    let key = format!("credit.given:{id}");
    mail::write_down(db, &shop.settings, mail::Note { key: &key, to: gift.to, language, order: gift.order, subject, parts }, now).await
}

/// What is left of what this person may give as credit in this month, minor units; `None` for those who have no limit.
/// Two gifts of one person wait for each other here.
pub(crate) async fn left_of_budget(db: &mut PgConnection, shop: &Shop, actor: &Actor, now: OffsetDateTime) -> Result<Option<i64>, Fault> {
    let Some(staff) = actor.staff().filter(|_| !actor.may(Permission::Supervise)) else { return Ok(None) };
    sqlx::query!("select id from staff where id = $1 for no key update", staff.0).fetch_optional(&mut *db).await?;
    let left = sqlx::query_scalar!(
        r#"select greatest(0, r.credit_month_minor - coalesce((
               select sum(e.minor) from store_credit c join store_credit_entry e on e.credit_id = c.id and e.kind = 'given'
               where c.given_by = $1 and c.created_at >= date_trunc('month', $2::timestamptz at time zone $3) at time zone $3
           ), 0))::bigint as "left!" from service_rule r"#,
        staff.0,
        now,
        shop.settings.time_zone
    )
    .fetch_one(db)
    .await?;
    Ok(Some(left))
}

/// Credit as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    /// In groups, as it is typed at checkout.
    pub code: String,
    pub left: Money,
    pub given: Money,
    /// Local at the workshop.
    pub given_at: OffsetDateTime,
}

/// The credit of who is logged in, newest first: what was sent to an address that they have confirmed.
///
/// # Errors
/// A fault only.
pub async fn of_customer(shop: &Shop, actor: &Actor) -> Outcome<Vec<Credit>> {
    let Some(customer) = actor.customer() else { return Ok(Vec::new()) };
    let rows = sqlx::query!(
        r#"select c.code, c.balance_minor, c.currency, c.created_at, e.minor as given
           from store_credit c join store_credit_entry e on e.credit_id = c.id and e.kind = 'given'
           where c.customer_id = $1
              or lower(c.email) = (select lower(email) from customer where id = $1 and confirmed_at is not null)
           order by c.created_at desc, c.id desc limit 100"#,
        customer.0
    )
    .fetch_all(&shop.db)
    .await?;
    let credits = rows.into_iter().map(|row| {
        let currency = row.currency.parse().map_err(Fault::new)?;
        Ok(Credit {
            code: shown(&row.code),
            left: Money::new(row.balance_minor, currency),
            given: Money::new(row.given, currency),
            given_at: shop.settings.local(row.created_at),
        })
    });
    Ok(credits.collect::<Result<_, Fault>>()?)
}
