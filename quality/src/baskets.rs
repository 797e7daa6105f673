//! What is bought together: frequent sets of items and the rules between their parts.

use std::collections::{BTreeMap, BTreeSet};
use thiserror::Error;

/// More sets than this say nothing to anybody.
const MOST_SETS: usize = 200_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("more than {MOST_SETS} sets of items are that frequent: ask for a higher support")]
pub struct TooMany;

/// Who buys all of `given` also buys all of `then`. With N baskets and n(·) of them holding a set (Agrawal, Imieliński &
/// Swami 1993): support = n(A∪C)/N, confidence = n(A∪C)/n(A), lift = confidence/(n(C)/N).
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    pub given: Vec<String>,
    pub then: Vec<String>,
    pub count: usize,
    pub support: f64,
    pub confidence: f64,
    pub lift: f64,
}

/// The same of two items.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair<T> {
    pub given: T,
    pub then: T,
    pub count: usize,
    pub support: f64,
    pub confidence: f64,
    pub lift: f64,
}

/// A set of items that enough baskets hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frequent {
    pub items: Vec<String>,
    pub count: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Baskets {
    pub baskets: usize,
    pub sets: Vec<Frequent>,
    pub rules: Vec<Rule>,
}

/// All sets with at least the `support`, most frequent first, and all rules between their parts with at least the
/// `confidence`, those with the most lift first.
///
/// # Errors
/// There are too many sets.
pub fn analyse(baskets: &[BTreeSet<String>], support: f64, confidence: f64) -> Result<Baskets, TooMany> {
    let n = baskets.len();
    let is_frequent = |count: usize| count > 0 && count as f64 / n as f64 >= support;
    let mut holders: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (basket, items) in (0_u32..).zip(baskets) {
        items.iter().for_each(|item| holders.entry(item).or_default().push(basket));
    }
    let singles: Vec<(&str, Vec<u32>)> = holders.into_iter().filter(|(_, held)| is_frequent(held.len())).collect();
    let mut counts = BTreeMap::new();
    grow(&[], &singles, &is_frequent, &mut counts)?;

    let mut rules: Vec<Rule> =
        counts.keys().flat_map(|set| rules_of(set, &counts, n)).filter(|rule| rule.confidence >= confidence).collect();
    rules.sort_by(|a, b| {
        let by_figures = b.lift.total_cmp(&a.lift).then(b.confidence.total_cmp(&a.confidence)).then(b.count.cmp(&a.count));
        by_figures.then_with(|| (&a.given, &a.then).cmp(&(&b.given, &b.then)))
    });
    let mut sets: Vec<Frequent> = counts.iter().map(|(set, count)| Frequent { items: named(set), count: *count }).collect();
    sets.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.items.cmp(&b.items)));
    Ok(Baskets { baskets: n, sets, rules })
}

/// The rules of [`analyse`] between two items, in no order: of pairs that at least so many baskets hold, with at least the
/// `confidence`. Counted basket by basket, so that large baskets that are alike make no trouble.
#[must_use]
pub fn pairs<T: Copy + Ord>(baskets: &[BTreeSet<T>], least: usize, confidence: f64) -> Vec<Pair<T>> {
    let n = baskets.len() as f64;
    let mut holders: BTreeMap<T, usize> = BTreeMap::new();
    baskets.iter().flatten().for_each(|item| *holders.entry(*item).or_default() += 1);
    let mut together: BTreeMap<(T, T), usize> = BTreeMap::new();
    for basket in baskets {
        let common: Vec<T> = basket.iter().copied().filter(|item| holders[item] >= least).collect();
        for (place, first) in common.iter().enumerate() {
            common[place + 1..].iter().for_each(|second| *together.entry((*first, *second)).or_default() += 1);
        }
    }
    let rule = |given: T, then: T, count: usize| {
        let confidence = count as f64 / holders[&given] as f64;
        Pair { given, then, count, support: count as f64 / n, confidence, lift: confidence / (holders[&then] as f64 / n) }
    };
    let both_ways = together.into_iter().filter(|(_, count)| *count >= least.max(1));
    let rules = both_ways.flat_map(|((first, second), count)| [rule(first, second, count), rule(second, first, count)]);
    rules.filter(|rule| rule.confidence >= confidence).collect()
}

/// Deeper sets from the baskets that hold the shallower ones (Eclat, Zaki 2000).
fn grow<'a>(
    prefix: &[&'a str],
    candidates: &[(&'a str, Vec<u32>)],
    is_frequent: &impl Fn(usize) -> bool,
    counts: &mut BTreeMap<Vec<&'a str>, usize>,
) -> Result<(), TooMany> {
    for (place, (item, held)) in candidates.iter().enumerate() {
        let set: Vec<&str> = prefix.iter().copied().chain([*item]).collect();
        let deeper: Vec<(&str, Vec<u32>)> = candidates[place + 1..]
            .iter()
            .map(|(other, other_held)| (*other, both(held, other_held)))
            .filter(|(_, both)| is_frequent(both.len()))
            .collect();
        counts.insert(set.clone(), held.len());
        if counts.len() > MOST_SETS {
            return Err(TooMany);
        }
        grow(&set, &deeper, is_frequent, counts)?;
    }
    Ok(())
}

fn both(first: &[u32], second: &[u32]) -> Vec<u32> {
    let (mut i, mut j, mut common) = (0, 0, Vec::new());
    while i < first.len() && j < second.len() {
        match first[i].cmp(&second[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                common.push(first[i]);
                (i, j) = (i + 1, j + 1);
            }
        }
    }
    common
}

/// A set splits in two in every way; all parts of a frequent set are frequent, so their counts are known.
fn rules_of(set: &[&str], counts: &BTreeMap<Vec<&str>, usize>, n: usize) -> Vec<Rule> {
    let Some(count) = counts.get(set).filter(|_| set.len() > 1 && set.len() < 20) else { return Vec::new() };
    let split = |chosen: u32| {
        let part = |wanted: u32| {
            (0..).zip(set).filter(move |(i, _)| chosen >> *i & 1 == wanted).map(|(_, item): (u32, _)| *item).collect::<Vec<_>>()
        };
        let (given, then) = (part(1), part(0));
        let (of_given, of_then) = (*counts.get(&given)? as f64, *counts.get(&then)? as f64);
        let (all, people) = (*count as f64, n as f64);
        let confidence = all / of_given;
        Some(Rule {
            given: named(&given),
            then: named(&then),
            count: *count,
            support: all / people,
            confidence,
            lift: confidence / (of_then / people),
        })
    };
    (1..(1_u32 << set.len()) - 1).filter_map(split).collect()
}

fn named(set: &[&str]) -> Vec<String> {
    set.iter().map(|item| (*item).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn baskets(lines: &[&str]) -> Vec<BTreeSet<String>> {
        lines.iter().map(|line| line.split(' ').map(str::to_owned).collect()).collect()
    }

    #[test]
    fn by_hand() {
        let found = analyse(&baskets(&["tea cup", "tea cup pot", "tea", "cup", "pot"]), 0.4, 0.6).unwrap();
        assert_eq!(
            found.sets.iter().map(|set| (set.items.join(" "), set.count)).collect::<Vec<_>>(),
            [("cup".to_owned(), 3), ("tea".to_owned(), 3), ("cup tea".to_owned(), 2), ("pot".to_owned(), 2)]
        );
        assert_eq!(found.rules.len(), 2);
        let rule = &found.rules[0];
        assert_eq!((rule.given.join(" "), rule.then.join(" "), rule.count), ("cup".to_owned(), "tea".to_owned(), 2));
        assert!((rule.confidence - 2.0 / 3.0).abs() < 1e-12 && (rule.lift - 10.0 / 9.0).abs() < 1e-12);
    }

    #[test]
    fn rules_of_two_are_those_of_all_sets() {
        let lines = ["tea cup", "tea cup pot", "tea", "cup", "pot tea", "pot cup tea", "vase"];
        let all = analyse(&baskets(&lines), 2.0 / 7.0, 0.6).unwrap().rules;
        let of_two: Vec<&Rule> = all.iter().filter(|rule| rule.given.len() + rule.then.len() == 2).collect();
        let given: Vec<BTreeSet<&str>> = lines.iter().map(|line| line.split(' ').collect()).collect();
        let pairs = pairs(&given, 2, 0.6);
        assert_eq!(pairs.len(), of_two.len());
        for rule in of_two {
            let same = pairs.iter().find(|pair| pair.given == rule.given[0] && pair.then == rule.then[0]).unwrap();
            assert_eq!(same.count, rule.count);
            for (pair, rule) in [(same.support, rule.support), (same.confidence, rule.confidence), (same.lift, rule.lift)] {
                assert!((pair - rule).abs() < 1e-12);
            }
        }
        assert!(super::pairs::<u32>(&[], 2, 0.1).is_empty());
    }

    #[test]
    fn a_basket_of_everything_is_refused_in_words() {
        let one: BTreeSet<String> = (0..30).map(|i| i.to_string()).collect();
        assert_eq!(analyse(&[one], 0.5, 0.5), Err(TooMany));
    }
}
