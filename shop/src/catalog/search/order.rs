//! The order of what a listing found. A search puts products first that hold the words in their title. Where it is not
//! known of all (`places`), Postgres reads the words of some, shortest titles first, and of all only where those do not
//! fill the page: of tens of thousands, what will not be shown need not be weighed.

use super::{
    cursor::Cursor,
    fact::Fact,
    places::{NAMED, Places},
};
use domain::catalog::Sort;
use uuid::Uuid;

/// Products a page.
pub(super) const PAGE_SIZE: usize = 24;
/// The cursor of a search holds place and length of the title in one number; a length is less than this.
const PLACE: i64 = 1000;
/// So many pages are looked at, if places were spread evenly over short and long titles; and at least so many products.
const MARGIN: usize = 3;
const NEAREST: usize = 300;

/// Lower is earlier, then by the product's id as a number: of tens of thousands, comparing anything else takes too long.
type Key = (i64, u128);
/// One that Postgres chose: where in the choice it stands, from 1, and where it holds the words.
pub(super) type Chosen = (i64, i16);

#[derive(Debug)]
pub(super) struct Order {
    sort: Sort,
    keys: Vec<Key>,
    /// Of each of the keys, where titles are sorted by.
    names: Vec<String>,
    /// The last product on the page before.
    after: Option<Key>,
    /// Where it is there, the keys say everything but the place.
    unknown: Option<Unknown>,
}

#[derive(Debug)]
struct Unknown {
    /// Of every place before this one all products are known, and these are they; those of `keys` are in this or a later one.
    place: i64,
    before: Vec<Key>,
}

/// What the page is to be chosen from, in order but for the place.
#[derive(Debug)]
pub(super) struct Choice {
    keys: Vec<Key>,
    /// Whether the place is to be looked at.
    pub(super) by_place: bool,
    /// Places before it are past; in it, so many of the products.
    pub(super) place: i16,
    pub(super) passed: i64,
    /// Up to this place, nothing that was left out comes before something that is here.
    sure: i64,
}

impl Order {
    /// Of those of the `facts` that are `fitting`. `titles` are theirs, where titles are sorted by; `places` where it
    /// counts first where words stand.
    pub(super) fn of(
        sort: Sort,
        places: Option<&Places>,
        facts: &[Fact],
        titles: &[&str],
        fitting: &[usize],
        after: Option<Cursor>,
    ) -> Self {
        if sort == Sort::Title {
            return Self::of_titles(fitting.iter().filter_map(|&index| Some((*titles.get(index)?, facts[index].product))), after);
        }
        let after = after.map(|cursor| (cursor.rank, cursor.product.as_u128()));
        if let Some(places) = places {
            let products = fitting.iter().map(|&index| (i64::from(facts[index].title_length), facts[index].product.as_u128()));
            return Self::of_words(places, products, after);
        }
        let keys = fitting.iter().map(|&index| (rank(&facts[index], sort), facts[index].product.as_u128()));
        Self::of_keys(sort, keys.collect(), after)
    }

    /// Nothing more need be known of them.
    fn of_keys(sort: Sort, mut keys: Vec<Key>, after: Option<Key>) -> Self {
        keys.retain(|key| is_after(key, after.as_ref()));
        shorten(&mut keys, PAGE_SIZE + 1);
        Self { sort, keys, names: Vec::new(), after, unknown: None }
    }

    /// Their rank is where they stand from here on.
    fn of_titles<'a>(titles: impl Iterator<Item = (&'a str, Uuid)>, after: Option<Cursor>) -> Self {
        let is_next = |title: &(&str, Uuid)| after.as_ref().is_none_or(|last| *title > (last.name.as_str(), last.product));
        let mut titles: Vec<(&str, Uuid)> = titles.filter(is_next).collect();
        shorten(&mut titles, PAGE_SIZE + 1);
        titles.sort_unstable();
        let keys = (0..).zip(&titles).map(|(at, (_, product))| (at, product.as_u128())).collect();
        let names = titles.iter().map(|(name, _)| (*name).to_owned()).collect();
        Self { sort: Sort::Title, keys, names, after: None, unknown: None }
    }

    /// Among `products` (the length of their title, and their id) that hold the words in the same place, a shorter title
    /// says it more exactly.
    fn of_words(places: &Places, products: impl Iterator<Item = Key>, after: Option<Key>) -> Self {
        let (mut known, mut rest) = (Vec::new(), Vec::new());
        for (length, product) in products {
            match places.of_product(product) {
                Some(place) => known.push((place * PLACE + length, product)),
                None => rest.push((length, product)),
            }
        }
        let place = places.first_unknown();
        if rest.is_empty() {
            return Self::of_keys(Sort::Relevance, known, after);
        }
        let (mut before, others): (Vec<Key>, Vec<Key>) = known.into_iter().partition(|(rank, _)| *rank < place * PLACE);
        if before.iter().filter(|key| is_after(key, after.as_ref())).count() > PAGE_SIZE {
            return Self::of_keys(Sort::Relevance, before, after);
        }
        let within = |(rank, product): Key| (rank.rem_euclid(PLACE), product);
        rest.extend(others.into_iter().map(within));
        before.iter_mut().for_each(|key| *key = within(*key));
        Self { sort: Sort::Relevance, keys: rest, names: Vec::new(), after, unknown: Some(Unknown { place, before }) }
    }

    /// What the page is most likely on.
    pub(super) fn nearest(&self) -> Choice {
        let Some(unknown) = &self.unknown else { return self.all() };
        let (place, last) = self.last();
        // Then those whose place is not known all come later than the last product, whatever their titles.
        let in_known = i64::from(place) < unknown.place;
        let after = |keys: &[Key], all: bool| keys.iter().filter(|key| all || is_after(key, last.as_ref())).copied().collect::<Vec<_>>();
        let mut keys = after(&self.keys, in_known);
        // Of all that was found, at least this share is in the first place that is not known.
        shorten(&mut keys, (MARGIN * PAGE_SIZE * self.keys.len() / NAMED).max(NEAREST));
        if in_known {
            keys.extend(after(&unknown.before, false));
        }
        keys.sort_unstable();
        Choice { keys, by_place: true, place, passed: 0, sure: unknown.place.max(i64::from(place)) }
    }

    pub(super) fn all(&self) -> Choice {
        let mut keys = self.keys.clone();
        keys.extend(self.unknown.iter().flat_map(|unknown| &unknown.before));
        keys.sort_unstable();
        let (place, last) = if self.unknown.is_some() { self.last() } else { (0, None) };
        let passed = last.map_or(0, |last| keys.partition_point(|key| *key <= last));
        Choice { keys, by_place: self.unknown.is_some(), place, passed: i64::try_from(passed).unwrap_or(i64::MAX), sure: i64::MAX }
    }

    /// Where the page after the one of these begins, if there is one.
    pub(super) fn next(&self, choice: &Choice, chosen: &[Chosen]) -> Option<String> {
        let (number, place) = chosen.get(PAGE_SIZE - 1).filter(|_| chosen.len() > PAGE_SIZE)?;
        let index = usize::try_from(*number).ok()?.checked_sub(1)?;
        let (rank, product) = choice.keys.get(index)?;
        let name = self.names.get(index).cloned().unwrap_or_default();
        Some(Cursor::new(self.sort, i64::from(*place) * PLACE + rank, name, Uuid::from_u128(*product)).encode())
    }

    /// The place of the last product on the page before, and its key within it.
    fn last(&self) -> (i16, Option<Key>) {
        let Some((rank, product)) = self.after else { return (0, None) };
        (i16::try_from(rank.div_euclid(PLACE)).unwrap_or(i16::MAX), Some((rank.rem_euclid(PLACE), product)))
    }
}

impl Choice {
    pub(super) fn products(&self) -> Vec<Uuid> {
        self.keys.iter().map(|(_, product)| Uuid::from_u128(*product)).collect()
    }

    /// No product that was left out comes before one of these.
    pub(super) fn is_settled_by(&self, chosen: &[Chosen]) -> bool {
        self.sure == i64::MAX || (chosen.len() > PAGE_SIZE && chosen.iter().all(|(_, place)| i64::from(*place) <= self.sure))
    }
}

fn rank(fact: &Fact, sort: Sort) -> i64 {
    match sort {
        Sort::PriceUp => fact.price,
        Sort::PriceDown => -fact.price,
        Sort::Newest => -fact.created,
        Sort::Relevance | Sort::Title => 0,
    }
}

fn is_after(key: &Key, last: Option<&Key>) -> bool {
    last.is_none_or(|last| key > last)
}

/// The first so many, in any order.
fn shorten<T: Ord>(keys: &mut Vec<T>, most: usize) {
    if keys.len() > most {
        keys.select_nth_unstable(most);
        keys.truncate(most);
    }
}
