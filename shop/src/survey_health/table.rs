//! The answers themselves, a person a row, read in one go: a year of them is a million.

use super::scope::Scope;
use crate::{Fault, Shop};
use domain::{
    Language, Translated,
    surveys::{Dimension, Form, Version},
};
use quality::Cell;
use uuid::Uuid;

/// An item that is answered on a scale, the same over the versions that ask it.
#[derive(Debug, Clone)]
pub(super) struct Rated {
    pub code: String,
    pub dimension: String,
    pub scale: String,
    pub lowest: i16,
    pub highest: i16,
    /// As the newest of the versions has it.
    pub text: Translated,
}

#[derive(Debug, Clone)]
pub(super) struct Given {
    /// Its place among the items.
    pub item: usize,
    /// As it was answered; `None`: it does not apply.
    pub value: Option<i16>,
    pub turned: bool,
    pub milliseconds: Option<i32>,
    asked: i32,
}

#[derive(Debug, Clone)]
pub(super) struct Person {
    pub form: Option<Form>,
    pub language: Option<Language>,
    /// In the order they were asked.
    pub given: Vec<Given>,
}

#[derive(Debug, Clone)]
pub(super) struct Table {
    pub items: Vec<Rated>,
    pub people: Vec<Person>,
}

impl Table {
    /// The items of a dimension, by their places.
    pub fn places(&self, dimension: &str) -> Vec<usize> {
        (0..self.items.len()).filter(|place| self.items[*place].dimension == dimension).collect()
    }

    /// A column an item and a row a person; high is good.
    pub fn columns(&self, places: &[usize], people: &[&Person]) -> Vec<Vec<Cell>> {
        let mut columns = vec![vec![None; people.len()]; places.len()];
        let mut column_of = vec![None; self.items.len()];
        places.iter().enumerate().for_each(|(column, place)| column_of[*place] = Some(column));
        for (row, person) in people.iter().enumerate() {
            for given in &person.given {
                if let Some(column) = column_of[given.item] {
                    columns[column][row] = self.good(given);
                }
            }
        }
        columns
    }

    /// An answer, turned round where a high one is a bad one.
    pub fn good(&self, given: &Given) -> Cell {
        let item = &self.items[given.item];
        let turn = |value: i16| if given.turned { item.lowest + item.highest - value } else { value };
        given.value.map(|value| f64::from(turn(value)))
    }
}

/// The dimensions that are answered on scales, in their order: those of the newest of these versions, then others.
pub(super) fn dimensions<'a>(versions: impl Iterator<Item = &'a Version>) -> Vec<Dimension> {
    let mut dimensions: Vec<Dimension> = Vec::new();
    for version in versions {
        for dimension in &version.dimensions {
            let is_rated = version.items.iter().any(|item| item.dimension == dimension.code && item.scale.is_some());
            if is_rated && !dimensions.iter().any(|known| known.code == dimension.code) {
                dimensions.push(dimension.clone());
            }
        }
    }
    dimensions
}

/// The rated items of these versions, and what each item's id stands for: its place and whether it is turned round.
pub(super) fn rated<'a>(versions: impl Iterator<Item = &'a Version>) -> (Vec<Rated>, Vec<(Uuid, usize, bool)>) {
    let (mut items, mut ids) = (Vec::<Rated>::new(), Vec::new());
    for version in versions {
        for item in &version.items {
            let Some(scale) = &item.scale else { continue };
            let known = items.iter().position(|known| known.code == item.code);
            let place = known.unwrap_or_else(|| {
                items.push(Rated {
                    code: item.code.clone(),
                    dimension: item.dimension.clone(),
                    scale: scale.code.clone(),
                    lowest: scale.lowest,
                    highest: scale.highest,
                    text: item.text.clone(),
                });
                items.len() - 1
            });
            ids.push((item.id, place, item.reversed));
        }
    }
    (items, ids)
}

/// Everybody who finished since the scope's beginning, of both forms and all languages: whether a few stand apart can only
/// be told beside the rest.
pub(super) async fn load(shop: &Shop, scope: &Scope) -> Result<Table, Fault> {
    let (items, meanings) = rated(scope.wanted().map(|(_, version)| version));
    let ids: Vec<Uuid> = meanings.iter().map(|(id, ..)| *id).collect();
    let rows = sqlx::query!(
        r#"select r.form, r.language, array_agg(i.place) as "places!: Vec<i64>", array_agg(a.value) as "values!: Vec<Option<i16>>",
                  array_agg(a.milliseconds) as "times!: Vec<Option<i32>>",
                  array_agg(array_position(r.items, a.item_id)) as "asked!: Vec<Option<i32>>"
           from survey_response r join survey_answer a on a.response_id = r.id
           join unnest($3::uuid[]) with ordinality as i (id, place) on i.id = a.item_id
           where r.version_id = any($1) and r.completed_at >= $2 and (not $4 or r.import_id is null) group by r.id"#,
        &scope.ids(),
        scope.since(),
        &ids,
        scope.only_asked
    )
    .fetch_all(&shop.db)
    .await?;
    let people = rows.into_iter().map(|row| {
        let given = row.places.iter().zip(&row.values).zip(&row.times).zip(&row.asked);
        let given = given.filter_map(|(((place, value), milliseconds), asked)| {
            let (_, item, turned) = meanings.get(usize::try_from(*place).ok()?.checked_sub(1)?)?;
            Some(Given { item: *item, value: *value, turned: *turned, milliseconds: *milliseconds, asked: asked.unwrap_or(i32::MAX) })
        });
        let mut given: Vec<Given> = given.collect();
        given.sort_by_key(|given| given.asked);
        Person { form: Form::from_code(&row.form), language: row.language.parse().ok(), given }
    });
    Ok(Table { people: people.collect(), items })
}
