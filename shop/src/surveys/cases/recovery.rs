//! What closing the loop is worth: how many cases of the last year were answered in time and confirmed, and the
//! recommendation of the same people before and after.

use super::row::{Step, needs};
use crate::{Actor, Shop};
use domain::staff::Permission;
use quality::{intervals, suppression};
use time::{Duration, OffsetDateTime};

/// So far back cases count, by the day they were opened. One period only: of two, one could be subtracted.
pub const DAYS: i64 = 365;

#[derive(Debug, Clone, PartialEq)]
pub struct Recovery {
    pub opened: i64,
    /// Answered within the target at first, of those where that is decided.
    pub in_time: i64,
    pub decided: i64,
    pub confirmed: i64,
    pub unconfirmed: i64,
    /// Who said both before and after how likely they are to recommend the shop.
    pub people: usize,
    /// `None` with too few of them to be shown.
    pub paired: Option<Paired>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paired {
    pub before: f64,
    pub after: f64,
    /// Of the differences, person by person.
    pub difference: f64,
    /// At 95 %; `None` where all differences are alike.
    pub interval: Option<(f64, f64)>,
}

/// # Errors
/// The person's roles do not reach so far.
pub async fn recovery(shop: &Shop, actor: &Actor, now: OffsetDateTime) -> Step<Recovery> {
    needs(actor, Permission::SeeReports)?;
    let since = now - Duration::days(DAYS);
    let row = sqlx::query!(
        r#"select count(*) as "opened!", count(p.kept_at) as "in_time!",
                  count(*) filter (where p.kept_at is not null or p.broken_at is not null
                      or p.done_at is null and p.withdrawn_at is null and p.due_at < $2) as "decided!",
                  count(*) filter (where k.state = 'confirmed') as "confirmed!",
                  count(*) filter (where k.state = 'unconfirmed') as "unconfirmed!"
           from survey_case k
           left join lateral (select * from promise q where q.kind = 'reply' and q.subject = k.id order by q.made_at limit 1) p on true
           where k.opened_at >= $1"#,
        since,
        now
    )
    .fetch_one(&shop.db)
    .await?;
    let pairs = sqlx::query!(
        r#"select recommend_before as "before!", recommend_after as "after!" from survey_case
           where opened_at >= $1 and recommend_before is not null and recommend_after is not null"#,
        since
    )
    .fetch_all(&shop.db)
    .await?;
    let pairs: Vec<(f64, f64)> = pairs.into_iter().map(|pair| (f64::from(pair.before), f64::from(pair.after))).collect();
    Ok(Recovery {
        opened: row.opened,
        in_time: row.in_time,
        decided: row.decided,
        confirmed: row.confirmed,
        unconfirmed: row.unconfirmed,
        people: pairs.len(),
        paired: paired(&pairs),
    })
}

fn paired(pairs: &[(f64, f64)]) -> Option<Paired> {
    if (pairs.len() as u64) < suppression::SCORE {
        return None;
    }
    let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / pairs.len() as f64;
    let differences: Vec<f64> = pairs.iter().map(|(before, after)| after - before).collect();
    Some(Paired {
        before: mean(|pair| pair.0),
        after: mean(|pair| pair.1),
        difference: mean(|pair| pair.1 - pair.0),
        interval: intervals::of_mean(&differences).ok(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_of_the_same_people_and_few_are_not_shown() {
        let pairs: Vec<(f64, f64)> = (0..40).map(|n| (f64::from(n % 4), f64::from(n % 4 + 5 + n % 3))).collect();
        let shown = paired(&pairs).unwrap();
        assert!((shown.difference - (shown.after - shown.before)).abs() < 1e-12);
        let (low, high) = shown.interval.unwrap();
        // Of people who began anywhere from 0 to 3, the gain is known much better than either mean.
        assert!(low > 5.6 && shown.difference > low && shown.difference < high && high < 6.4, "{low} {high}");
        assert!(paired(&pairs[..4]).is_none());
        assert!(paired(&[(2.0, 7.0); 6]).unwrap().interval.is_none(), "all alike");
    }
}
