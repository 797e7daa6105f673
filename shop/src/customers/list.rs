//! Customers as a list: by what they spent, or those who may be leaving by what is lost with them.

use crate::{Actor, Failure, Fault, NotAllowed, Outcome, Shop};
use domain::{
    Currency, Money,
    customers::{CustomerClass, Reason},
    staff::Permission,
};
use sqlx::{PgConnection, types::Json};
use time::Date;
use uuid::Uuid;

/// How many a page lists.
const PAGE: i64 = 40;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    pub class: Option<CustomerClass>,
    /// Only who spent much and has probably left.
    pub at_risk: bool,
    /// A part of a name or of a mail address.
    pub search: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    pub id: Uuid,
    pub email: String,
    pub name: String,
    pub orders: u32,
    pub spent: Money,
    pub first_on: Date,
    pub last_on: Date,
    /// Recency, frequency and money, each from 1 to 5.
    pub scores: [u8; 3],
    pub alive: Option<f64>,
    /// Within 12 weeks.
    pub expected: Option<f64>,
    /// Of who may be leaving.
    pub loss: Option<Money>,
    /// The classes they are in, each with why.
    pub reasons: Vec<Reason>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct PageOf {
    pub customers: Vec<Listed>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// A page of customers from `after` on.
///
/// # Errors
/// The person's roles do not reach so far.
pub async fn list(shop: &Shop, actor: &Actor, filter: &Filter, after: Option<&str>) -> Outcome<PageOf, NotAllowed> {
    actor.needs(Permission::SeeReports).map_err(Failure::Refused)?;
    let mut db = shop.db.acquire().await?;
    let rows = rows(&mut db, filter, after.and_then(read_cursor), Some(PAGE + 1)).await?;
    let page = PAGE.unsigned_abs() as usize;
    let next = (rows.len() > page).then(|| &rows[page - 1]).map(|row| cursor(row.sort_minor, row.id));
    let customers = rows.into_iter().take(page).map(|row| row.listed(shop.settings.currency)).collect();
    Ok(PageOf { customers, next })
}

pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) orders: i32,
    pub(super) spent_minor: i64,
    pub(super) first_on: Date,
    pub(super) last_on: Date,
    pub(super) recency: i16,
    pub(super) frequency: i16,
    pub(super) money: i16,
    pub(super) alive: Option<f64>,
    pub(super) expected: Option<f64>,
    pub(super) loss_minor: Option<i64>,
    pub(super) sort_minor: i64,
    pub(super) reasons: Vec<Json<Reason>>,
}

impl Row {
    pub(super) fn listed(self, currency: Currency) -> Listed {
        let mut reasons: Vec<Reason> = self.reasons.into_iter().map(|reason| reason.0).collect();
        reasons.sort_by_key(|reason| CustomerClass::ALL.iter().position(|class| *class == reason.class()));
        let score = |score: i16| u8::try_from(score).unwrap_or(0);
        Listed {
            id: self.id,
            email: self.email,
            name: self.name,
            orders: self.orders.unsigned_abs(),
            spent: Money::new(self.spent_minor, currency),
            first_on: self.first_on,
            last_on: self.last_on,
            scores: [score(self.recency), score(self.frequency), score(self.money)],
            alive: self.alive,
            expected: self.expected,
            loss: self.loss_minor.map(|minor| Money::new(minor, currency)),
            reasons,
        }
    }
}

/// All of them, without a limit.
pub(super) async fn rows(
    db: &mut PgConnection,
    filter: &Filter,
    after: Option<(i64, Uuid)>,
    limit: Option<i64>,
) -> Result<Vec<Row>, Fault> {
    let rows = sqlx::query_as!(
        Row,
        r#"select s.id as "id!", s.email as "email!", s.name as "name!", s.orders as "orders!", s.spent_minor as "spent_minor!",
                  s.first_on as "first_on!", s.last_on as "last_on!", s.recency as "recency!", s.frequency as "frequency!",
                  s.money as "money!", s.alive, s.expected, s.loss_minor, s.sort_minor as "sort_minor!",
                  array(select k.reason from customer_class k where k.email = s.email and k.until is null) as "reasons!: Vec<Json<Reason>>"
           from (select *, case when $2 then loss_minor else spent_minor end as sort_minor from customer_standing) s
           where ($1::text is null
                  or exists (select from customer_class k where k.email = s.email and k.class = $1 and k.until is null))
             and (not $2::boolean or s.loss_minor is not null)
             and ($3 = '' or plain_text(s.name || ' ' || s.email) like '%' || plain_text($3) || '%')
             and ($4::bigint is null or (s.sort_minor, s.id) < ($4, $5::uuid))
           order by s.sort_minor desc, s.id desc limit $6"#,
        filter.class.map(CustomerClass::code),
        filter.at_risk,
        literally(&filter.search),
        after.map(|(minor, _)| minor),
        after.map(|(_, id)| id),
        limit
    )
    .fetch_all(db)
    .await?;
    Ok(rows)
}

/// What was typed, for `like`: its own signs mean themselves.
fn literally(search: &str) -> String {
    let typed = search.trim().chars().filter(|&letter| letter != '\0').take(100);
    typed.flat_map(|letter| matches!(letter, '%' | '_' | '\\').then_some('\\').into_iter().chain([letter])).collect()
}

fn cursor(minor: i64, id: Uuid) -> String {
    format!("{minor}.{id}")
}

fn read_cursor(text: &str) -> Option<(i64, Uuid)> {
    let (minor, id) = text.split_once('.')?;
    Some((minor.parse().ok()?, id.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_begins_where_the_one_before_ended() {
        let id = Uuid::from_u128(7);
        assert_eq!(read_cursor(&cursor(-12, id)), Some((-12, id)));
        assert_eq!(read_cursor("12"), None);
    }

    #[test]
    fn signs_of_a_pattern_are_searched_for() {
        assert_eq!(literally(" ana_gil%\\\0 "), r"ana\_gil\%\\");
    }
}
