//! Whether those who answered are like those who were asked, by what their orders tell. It never touches an answer.

use super::{FEWEST, scope::Scope};
use crate::{Fault, Shop};
use domain::{Language, surveys::Form};
use quality::{
    nonresponse::{self, NOTABLE},
    sample::Moments,
    suppression,
};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum TraitKind {
    /// What the order came to, in the shop's currency.
    Value,
    Returning,
    Late,
    /// The shop knew of a complaint, a conversation or a refund.
    Trouble,
    Language(Language),
    /// By its name.
    Category(String),
    Carrier(String),
}

/// Of those who answered beside all who were asked: a mean, or the share that has the trait.
#[derive(Debug, Clone, PartialEq)]
pub struct Trait {
    pub kind: TraitKind,
    /// None where so few have it, or have it not, that it could be told who answered.
    pub answered: Option<f64>,
    pub asked: Option<f64>,
    /// In standard deviations.
    pub difference: Option<f64>,
}

impl Trait {
    /// A difference that is worth a word.
    #[must_use]
    pub fn is_notable(&self) -> bool {
        self.difference.is_some_and(|difference| difference.abs() > NOTABLE)
    }
}

/// Somebody who was asked.
struct Asked {
    answered: bool,
    language: String,
    minor: Option<i64>,
    returning: bool,
    late: bool,
    trouble: bool,
    category: Option<String>,
    carrier: String,
}

/// How many have a trait, of those who answered and of all.
#[derive(Debug, Clone, Copy, Default)]
struct Having {
    answered: usize,
    asked: usize,
}

/// Everything the orders tell, the same as the answers' segments go by.
pub(super) async fn traits(shop: &Shop, scope: &Scope, language: Language) -> Result<Vec<Trait>, Fault> {
    let people = people(shop, scope, language).await?;
    let answered = people.iter().filter(|person| person.answered).count();
    if u64::try_from(answered).is_ok_and(|answered| answered < FEWEST) {
        return Ok(Vec::new());
    }
    let mut having = BTreeMap::<TraitKind, Having>::new();
    for person in &people {
        let fixed = [(TraitKind::Returning, person.returning), (TraitKind::Late, person.late), (TraitKind::Trouble, person.trouble)];
        let named = person.language.parse().ok().map(TraitKind::Language).into_iter();
        let named = named.chain(person.category.clone().map(TraitKind::Category)).chain([TraitKind::Carrier(person.carrier.clone())]);
        for (kind, has) in fixed.into_iter().chain(named.map(|kind| (kind, true))) {
            let counts = having.entry(kind).or_default();
            counts.asked += usize::from(has);
            counts.answered += usize::from(has && person.answered);
        }
    }
    let shares = having.into_iter().map(|(kind, counts)| share(kind, counts, answered, people.len()));
    Ok([value(&people)].into_iter().chain(shares).collect())
}

fn value(people: &[Asked]) -> Trait {
    let of = |only_answered: bool| -> Moments {
        let chosen = people.iter().filter(|person| person.answered || !only_answered);
        chosen.filter_map(|person| person.minor).map(|minor| minor as f64 / 100.0).collect()
    };
    let (answered, asked) = (of(true), of(false));
    let difference = nonresponse::of_numbers(&answered, &asked);
    Trait { kind: TraitKind::Value, answered: answered.mean(), asked: asked.mean(), difference }
}

fn share(kind: TraitKind, counts: Having, answered: usize, asked: usize) -> Trait {
    let people = |count: usize| u64::try_from(count).unwrap_or(0);
    let cells = [people(counts.answered), people(answered - counts.answered)];
    if suppression::row(&cells, FEWEST)[0] {
        return Trait { kind, answered: None, asked: None, difference: None };
    }
    Trait {
        kind,
        answered: Some(counts.answered as f64 / answered as f64),
        asked: Some(counts.asked as f64 / asked as f64),
        difference: nonresponse::of_shares((counts.answered, answered), (counts.asked, asked)),
    }
}

async fn people(shop: &Shop, scope: &Scope, language: Language) -> Result<Vec<Asked>, Fault> {
    let rows = sqlx::query_as!(
        Asked,
        r#"select i.completed_at is not null as "answered!", i.language, case when o.currency = $5 then o.total_minor end as minor,
               exists (select from orders e where lower(e.email) = lower(o.email) and e.placed_at < o.placed_at and e.paid_at is not null) as "returning!",
               coalesce(o.delivered_at > o.promised_by, false) as "late!",
               exists (select from complaint c where c.order_id = o.id and c.kind = 'queja')
                   or exists (select from conversation c where c.order_id = o.id)
                   or exists (select from refund r where r.order_id = o.id) as "trouble!",
               (select t.name from order_line l join product p on p.id = l.product_id join category_translation t on t.category_id = p.category_id
                where l.order_id = o.id order by l.total_minor desc, l.position, t.language = $6 desc, t.language limit 1) as category,
               coalesce((select s.carrier_code from shipment s where s.order_id = o.id order by s.shipped_at desc limit 1), o.carrier_code) as "carrier!"
           from survey_invitation i join orders o on o.id = i.order_id
           where i.version_id = any($1) and i.asked_at >= $2 and ($3::text is null or i.form = $3) and ($4::text is null or i.language = $4)"#,
        &scope.ids(),
        scope.since(),
        scope.filter.form.map(Form::code),
        scope.filter.language.map(Language::code),
        shop.settings.currency.code(),
        language.code()
    )
    .fetch_all(&shop.db)
    .await?;
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_hidden_where_a_few_who_answered_could_be_told() {
        let of = |answered, asked| share(TraitKind::Late, Having { answered, asked }, 40, 100).answered;
        assert_eq!((of(3, 20), of(38, 60)), (None, None), "three have it, two have it not");
        assert_eq!((of(10, 20), of(0, 20)), (Some(0.25), Some(0.0)));
    }

    #[test]
    fn a_difference_is_worth_a_word_from_a_tenth_of_a_deviation() {
        // (.25 - .20)/√((.1875 + .16)/2), by hand.
        let found = share(TraitKind::Late, Having { answered: 10, asked: 20 }, 40, 100);
        assert!((found.difference.unwrap() - 0.05 / 0.173_75_f64.sqrt()).abs() < 1e-12);
        assert!(found.is_notable());
        assert!(!Trait { difference: Some(-0.09), ..found }.is_notable());
    }
}
