//! The rows of the table of answers, some hundreds at a time, in an order that chance gave.

use super::{
    super::{FEWEST, scope::Scope},
    layout::{Layout, OTHER},
};
use crate::{Fault, Shop, spreadsheet};
use domain::{Language, surveys::Form};
use quality::{Cell, sample::Moments};
use std::collections::BTreeSet;
use time::OffsetDateTime;
use uuid::Uuid;

const PIECE: i64 = 500;

pub(super) struct Reader {
    shop: Shop,
    scope: Scope,
    layout: Layout,
    ids: Vec<Uuid>,
    /// Segments that enough people have.
    common: BTreeSet<(String, String)>,
    last: Uuid,
    number: u64,
}

struct Row {
    id: Uuid,
    version_id: Uuid,
    form: String,
    language: String,
    completed_at: OffsetDateTime,
    returning_customer: Option<bool>,
    device: Option<String>,
    category: Option<String>,
    carrier: Option<String>,
    trouble_known: bool,
    trouble_said: Option<bool>,
    places: Vec<i64>,
    values: Vec<Option<i16>>,
    times: Vec<Option<i32>>,
}

impl Reader {
    pub async fn open(shop: &Shop, scope: Scope, layout: Layout) -> Result<Self, Fault> {
        let rows = sqlx::query!(
            r#"select s.name as "name!", s.value as "value!" from survey_response r
               cross join lateral (values ('device', r.device), ('category', r.category), ('carrier', r.carrier)) s (name, value)
               where r.version_id = any($1) and r.completed_at >= $2 and ($3::text is null or r.form = $3)
                 and ($4::text is null or r.language = $4) and s.value is not null
               group by 1, 2 having count(*) >= $5"#,
            &scope.ids(),
            scope.since(),
            scope.filter.form.map(Form::code),
            scope.filter.language.map(Language::code),
            i64::try_from(FEWEST).unwrap_or(i64::MAX)
        )
        .fetch_all(&shop.db)
        .await?;
        let common = rows.into_iter().map(|row| (row.name, row.value)).collect();
        let ids = layout.meanings.iter().map(|(id, ..)| *id).collect();
        Ok(Self { shop: shop.clone(), scope, layout, ids, common, last: Uuid::nil(), number: 0 })
    }

    /// The next piece; none at the end.
    pub async fn read(&mut self) -> Result<Option<String>, Fault> {
        // Ids of responses are random: by them, rows are in no order that tells who came when.
        let rows = sqlx::query_as!(
            Row,
            r#"select r.id, r.version_id, r.form, r.language, r.completed_at as "completed_at!", r.returning_customer, r.device, r.category,
                      r.carrier, r.trouble_known, r.trouble_said, coalesce(a.places, '{}') as "places!: Vec<i64>",
                      coalesce(a.answers, '{}') as "values!: Vec<Option<i16>>", coalesce(a.times, '{}') as "times!: Vec<Option<i32>>"
               from (select * from survey_response
                     where version_id = any($1) and completed_at >= $2 and ($3::text is null or form = $3)
                       and ($4::text is null or language = $4) and id > $5 order by id limit $6) r
               cross join lateral (
                   select array_agg(i.place) as places, array_agg(a.value) as answers, array_agg(a.milliseconds) as times
                   from survey_answer a join unnest($7::uuid[]) with ordinality as i (id, place) on i.id = a.item_id
                   where a.response_id = r.id) a
               order by r.id"#,
            &self.scope.ids(),
            self.scope.since(),
            self.scope.filter.form.map(Form::code),
            self.scope.filter.language.map(Language::code),
            self.last,
            PIECE,
            &self.ids
        )
        .fetch_all(&self.shop.db)
        .await?;
        let Some(last) = rows.last() else { return Ok(None) };
        self.last = last.id;
        let first = self.number + 1;
        self.number += u64::try_from(rows.len()).unwrap_or(0);
        Ok(Some(spreadsheet::lines((first..).zip(rows).map(|(number, row)| self.cells(number, row)))?))
    }

    fn cells(&self, number: u64, row: Row) -> Vec<String> {
        let flag = |yes: bool| i32::from(yes).to_string();
        let segment = |name: &str, value: Option<String>| {
            let key = value.map(|value| (name.to_owned(), value));
            key.map(|key| if self.common.contains(&key) { key.1 } else { OTHER.to_owned() }).unwrap_or_default()
        };
        let (year, week, _) = self.shop.settings.local(row.completed_at).to_iso_week_date();
        let mut cells = vec![
            number.to_string(),
            self.scope.number(row.version_id).to_string(),
            row.form,
            row.language,
            format!("{year}-W{week:02}"),
            row.returning_customer.map(flag).unwrap_or_default(),
            segment("device", row.device),
            segment("category", row.category),
            segment("carrier", row.carrier),
            flag(row.trouble_known),
            row.trouble_said.map(flag).unwrap_or_default(),
        ];
        let items = self.layout.items.len();
        let (mut answers, mut seconds) = (vec![String::new(); items], vec![String::new(); items]);
        let mut good: Vec<Cell> = vec![None; items];
        for ((place, value), time) in row.places.into_iter().zip(row.values).zip(row.times) {
            let meaning = usize::try_from(place - 1).ok().and_then(|place| self.layout.meanings.get(place));
            let Some((_, item, turned)) = meaning else { continue };
            let scale = &self.layout.items[*item];
            answers[*item] = value.map_or_else(|| "NA".to_owned(), |value| value.to_string());
            seconds[*item] = time.map(|time| format!("{:.3}", f64::from(time) / 1000.0)).unwrap_or_default();
            good[*item] = value.map(|value| f64::from(if *turned { scale.lowest + scale.highest - value } else { value }));
        }
        cells.append(&mut answers);
        cells.append(&mut seconds);
        cells.extend(self.layout.dimensions.iter().map(|dimension| {
            let own = self.layout.items.iter().zip(&good).filter(|(item, _)| item.dimension == dimension.code);
            let score = own.filter_map(|(_, answer)| *answer).collect::<Moments>().mean();
            score.map(|score| format!("{score:.4}")).unwrap_or_default()
        }));
        cells
    }
}
