//! Whether the instrument measures what it asks about: each dimension and its items, the structure of them all, and
//! answers given without care. Computed once for the same answers.

use super::{
    FEWEST, Refusable,
    apart::{self, Hidden},
    careless::{self, Carelessness},
    dimension::{self, DimensionHealth, Stated},
    may_see,
    scope::{Filter, Scope, Seen, scope},
    structure::{self, Structure},
    table::{self, Person, Table},
};
use crate::{Actor, Fault, Shop, database};
use domain::surveys::{Dimension, Part};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};
use time::OffsetDateTime;

#[derive(Debug, Clone)]
pub struct Health {
    /// Who finished.
    pub people: usize,
    /// The rest is empty then.
    pub hidden: Option<Hidden>,
    pub dimensions: Vec<DimensionHealth>,
    /// Of the main dimensions.
    pub structure: Stated<Structure>,
    pub careless: Option<Carelessness>,
}

/// What the same figures come of: the shop, the filter, where its period begins, whether only those count who were asked,
/// how many finished, the last of them, and the last import.
#[derive(Debug, Clone, PartialEq)]
struct Key(String, Filter, OffsetDateTime, bool, i64, Option<OffsetDateTime>, Option<i64>);

/// What was computed lately, the latest last.
static KEPT: Mutex<VecDeque<(Key, Arc<Health>)>> = Mutex::new(VecDeque::new());
const MOST_KEPT: usize = 48;

/// How the instrument is.
///
/// # Errors
/// The person's roles do not reach so far, or there is no such instrument or version.
pub async fn health(shop: &Shop, actor: &Actor, filter: &Filter, now: OffsetDateTime) -> Refusable<Seen<Arc<Health>>> {
    may_see(actor)?;
    let scope = scope(shop, filter, now).await?;
    let found = of_scope(shop, &scope).await?;
    Ok(scope.seen(found))
}

/// The same within the module. While answers come in, what was computed before they came is not used again.
pub(super) async fn of_scope(shop: &Shop, scope: &Scope) -> Result<Arc<Health>, Fault> {
    let all: Vec<_> = scope.versions.iter().map(|(id, _)| *id).collect();
    let newest = sqlx::query!(
        r#"select max(completed_at) as newest, count(*) as "count!", count(import_id) > 0 as "imported!",
                  (select max(number) from survey_import) as import
           from survey_response where version_id = any($1) and completed_at is not null"#,
        &all
    )
    .fetch_one(&shop.db)
    .await?;
    // Where nothing was imported both are the same.
    let only_asked = scope.only_asked && newest.imported;
    let key = Key(database(&shop.db), scope.filter.clone(), scope.since(), only_asked, newest.count, newest.newest, newest.import);
    let kept = || KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, health)) = kept().iter().find(|(known, _)| *known == key) {
        return Ok(health.clone());
    }
    let (people, hidden) = apart::of_everybody(shop, scope, FEWEST).await?;
    let health = Arc::new(match hidden {
        Some(_) => Health { people, hidden, dimensions: Vec::new(), structure: Stated::Few, careless: None },
        None => {
            let table = table::load(shop, scope).await?;
            let (filter, dimensions) = (scope.filter.clone(), table::dimensions(scope.wanted().map(|(_, version)| version)));
            // Seconds of work for a year of answers: not where others wait for their turn.
            tokio::task::spawn_blocking(move || compute(&table, &filter, &dimensions)).await.map_err(Fault::new)?
        }
    });
    let mut kept = kept();
    if kept.len() == MOST_KEPT {
        kept.pop_front();
    }
    kept.push_back((key, health.clone()));
    Ok(health)
}

fn compute(table: &Table, filter: &Filter, dimensions: &[Dimension]) -> Health {
    let is_wanted = |person: &&Person| {
        filter.form.is_none_or(|form| person.form == Some(form)) && filter.language.is_none_or(|language| person.language == Some(language))
    };
    let people: Vec<&Person> = table.people.iter().filter(is_wanted).collect();
    let main: Vec<&Dimension> = dimensions.iter().filter(|dimension| dimension.part == Part::Main).collect();
    Health {
        people: people.len(),
        hidden: None,
        dimensions: dimensions.iter().map(|each| dimension::of(table, each, &people)).collect(),
        structure: structure::of(table, &main, &people),
        careless: Some(careless::of(table, &main, &people)),
    }
}
