//! What would stand apart: so few people that they could be told, or so few beside them that those could be worked out by
//! subtracting one page from another.

use super::scope::{Filter, Kind, Scope};
use crate::{Fault, Shop};
use domain::surveys::Form;
use quality::suppression;

/// Why something is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hidden {
    /// Fewer than are needed.
    Few,
    /// A page with less of a filter would show it with so few others that theirs could be subtracted.
    RestFew,
}

/// Whether `count` may be shown where each of `wider` may be shown, too.
pub(super) fn hidden(count: usize, wider: impl IntoIterator<Item = usize>, least: u64) -> Option<Hidden> {
    let people = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    if people(count) < least {
        return Some(Hidden::Few);
    }
    let few = |all: usize| suppression::row(&[people(count), people(all.saturating_sub(count))], least)[0];
    wider.into_iter().any(few).then_some(Hidden::RestFew)
}

/// Whether a figure over everybody in the scope may be shown.
pub(super) async fn of_everybody(shop: &Shop, scope: &Scope, least: u64) -> Result<(usize, Option<Hidden>), Fault> {
    let kinds = kinds(shop, scope).await?;
    let count = |filter: &Filter| kinds.iter().filter(|(kind, _)| filter.holds(kind)).map(|(_, people)| people).sum::<usize>();
    let people = count(&scope.filter);
    Ok((people, hidden(people, scope.filter.wider().iter().map(count), least)))
}

/// How many of each kind finished a survey of the instrument, whatever the filter.
async fn kinds(shop: &Shop, scope: &Scope) -> Result<Vec<(Kind, usize)>, Fault> {
    let all: Vec<_> = scope.versions.iter().map(|(id, _)| *id).collect();
    let [month, quarter, year] = scope.begins;
    let rows = sqlx::query!(
        r#"select version_id, form, language,
                  (completed_at >= $2)::int + (completed_at >= $3)::int + (completed_at >= $4)::int as "recency!", count(*) as "people!"
           from survey_response where version_id = any($1) and completed_at is not null and (not $5 or import_id is null)
           group by 1, 2, 3, 4"#,
        &all,
        month,
        quarter,
        year,
        scope.only_asked
    )
    .fetch_all(&shop.db)
    .await?;
    let kinds = rows.into_iter().map(|row| {
        let kind = Kind {
            version: scope.number(row.version_id),
            form: Form::from_code(&row.form),
            language: row.language.parse().ok(),
            recency: usize::try_from(row.recency).unwrap_or(0),
        };
        (kind, usize::try_from(row.people).unwrap_or(0))
    });
    Ok(kinds.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_are_hidden_and_so_is_what_leaves_a_few() {
        assert_eq!(hidden(4, [], 5), Some(Hidden::Few));
        assert_eq!(hidden(0, [], 5), Some(Hidden::Few));
        assert_eq!(hidden(20, [20, 25], 5), None, "none others, or enough");
        assert_eq!(hidden(20, [20, 24], 5), Some(Hidden::RestFew), "four others could be worked out");
    }
}
