//! All customers at once: how many are in each class, how much may be lost, and the model of the last night.

use crate::{Actor, Failure, NotAllowed, Outcome, Shop};
use domain::{Money, customers::CustomerClass, staff::Permission};
use time::{Date, OffsetDateTime};

#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// Nothing while nothing was computed yet.
    pub computed: Option<Night>,
    /// How many are in each class, none left out.
    pub classes: Vec<(CustomerClass, i64)>,
    /// How many of value have probably left, and what would be lost with them.
    pub at_risk: (i64, Money),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Night {
    pub day: Date,
    pub at: OffsetDateTime,
    pub people: u32,
    pub model: Option<Model>,
}

/// The parameters of BG/NBD in weeks, and the summed log-likelihood.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Model {
    pub r: f64,
    pub alpha: f64,
    pub a: f64,
    pub b: f64,
    pub log_likelihood: f64,
    /// By a weak penalty, for the likelihood alone did not settle.
    pub held: bool,
}

/// # Errors
/// The person's roles do not reach so far.
pub async fn overview(shop: &Shop, actor: &Actor) -> Outcome<Overview, NotAllowed> {
    actor.needs(Permission::SeeReports).map_err(Failure::Refused)?;
    let last =
        sqlx::query!("select day, people, r, alpha, a, b, log_likelihood, held, computed_at from customer_model order by day desc limit 1")
            .fetch_optional(&shop.db)
            .await?;
    let computed = last.map(|row| Night {
        day: row.day,
        at: shop.settings.local(row.computed_at),
        people: row.people.unsigned_abs(),
        model: row.r.zip(row.alpha).zip(row.a.zip(row.b)).zip(row.log_likelihood).map(|(((r, alpha), (a, b)), log_likelihood)| Model {
            r,
            alpha,
            a,
            b,
            log_likelihood,
            held: row.held,
        }),
    });
    let counts = sqlx::query!(r#"select class, count(*) as "people!" from customer_class where until is null group by class"#)
        .fetch_all(&shop.db)
        .await?;
    // Nobody who is kept is a prospect: they have bought.
    let kept = CustomerClass::ALL.iter().copied().filter(|class| *class != CustomerClass::Prospect);
    let people = |class: CustomerClass| counts.iter().find(|row| row.class == class.code()).map_or(0, |row| row.people);
    let risk = sqlx::query!(
        r#"select count(*) as "people!", coalesce(sum(loss_minor), 0)::bigint as "minor!" from customer_standing where loss_minor is not null"#
    )
    .fetch_one(&shop.db)
    .await?;
    Ok(Overview {
        computed,
        classes: kept.map(|class| (class, people(class))).collect(),
        at_risk: (risk.people, Money::new(risk.minor, shop.settings.currency)),
    })
}
