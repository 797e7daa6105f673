//! Who gets which form and which items of it: a balanced incomplete block design. By their turns, people go through all
//! sets of a dimension before one is given again, in an order that the seed shuffles anew each time round: so every item
//! and every pair of items is asked equally often after each round, and after a full cycle in all dimensions at once.

use super::{Form, Split};

/// The form of the `turn`th person who is asked. Evenly: of every four, two get each, in random order.
#[must_use]
pub fn form(split: Split, turn: u64, seed: u64) -> Form {
    match split {
        Split::Full => Form::Full,
        Split::Short => Form::Short,
        Split::Even => {
            let mut block = [Form::Full, Form::Full, Form::Short, Form::Short];
            shuffle(&mut block, mixed(seed, turn / 4));
            block[usize::try_from(turn % 4).unwrap_or(0)]
        }
    }
}

/// Which `count` of `size` items the `turn`th person is asked, as indices in ascending order.
#[must_use]
pub fn chosen(size: usize, count: usize, turn: u64, seed: u64) -> Vec<usize> {
    let mut sets = sets(size, count.min(size));
    let round = u64::try_from(sets.len()).unwrap_or(1);
    shuffle(&mut sets, mixed(seed, turn / round));
    sets.swap_remove(usize::try_from(turn % round).unwrap_or(0))
}

/// After how many people all dimensions (with so many items, of which so many are asked) are balanced at once.
#[must_use]
pub fn cycle(dimensions: &[(usize, usize)]) -> u64 {
    dimensions.iter().map(|&(size, count)| u64::try_from(sets(size, count.min(size)).len()).unwrap_or(1)).fold(1, least_common_multiple)
}

/// All sets of `count` of `size` items. There is always one at least: the empty one.
fn sets(size: usize, count: usize) -> Vec<Vec<usize>> {
    let mut sets = vec![Vec::new()];
    for _ in 0..count {
        let longer = |set: &Vec<usize>| {
            let next = set.last().map_or(0, |last| last + 1);
            let set = set.clone();
            (next..size).map(move |item| set.iter().copied().chain([item]).collect::<Vec<_>>())
        };
        sets = sets.iter().flat_map(longer).collect();
    }
    sets
}

fn least_common_multiple(a: u64, b: u64) -> u64 {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    a / x * b
}

/// Fisher and Yates, by numbers that the seed alone decides.
pub(super) fn shuffle<T>(things: &mut [T], seed: u64) {
    let mut state = seed;
    for last in (1..things.len()).rev() {
        state = state.wrapping_add(STEP);
        let bound = u64::try_from(last + 1).unwrap_or(1);
        things.swap(last, usize::try_from(mixed(state, 0) % bound).unwrap_or(0));
    }
}

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// SplitMix64 (Steele, Lea and Flood 2014): one number of two, without a pattern.
const fn mixed(a: u64, b: u64) -> u64 {
    let mut z = a.wrapping_add(b.wrapping_add(1).wrapping_mul(STEP));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// Efficiency, system availability, fulfilment, privacy.
    const DIMENSIONS: [(usize, usize); 4] = [(8, 2), (4, 2), (7, 2), (3, 2)];

    fn counted<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, u32> {
        keys.fold(BTreeMap::new(), |mut counts, key| {
            *counts.entry(key).or_default() += 1;
            counts
        })
    }

    #[test]
    fn a_full_cycle_is_84_people() {
        assert_eq!(cycle(&DIMENSIONS), 84);
    }

    #[test]
    fn every_item_and_every_pair_is_asked_equally_often_in_every_cycle() {
        for seed in [0, 1, 2005, u64::MAX] {
            for begin in [0, 84, 84 * 17] {
                for (size, _) in DIMENSIONS {
                    let sets: Vec<_> = (begin..begin + 84).map(|turn| chosen(size, 2, turn, seed)).collect();
                    let items = counted(sets.iter().flatten().copied());
                    assert_eq!(items.len(), size);
                    assert!(items.values().all(|&times| usize::try_from(times).unwrap() == 168 / size), "{size}: {items:?}");
                    let pairs = counted(sets.iter().cloned());
                    assert_eq!(pairs.len(), size * (size - 1) / 2);
                    assert!(pairs.values().all(|&times| usize::try_from(times).unwrap() == 84 / pairs.len()), "{size}: {pairs:?}");
                }
            }
        }
    }

    #[test]
    fn no_set_of_one_dimension_tells_that_of_another() {
        let both = counted((0..84 * 20).map(|turn| (chosen(8, 2, turn, 1), chosen(7, 2, turn, 2))));
        assert!(both.len() > 500, "of 588 that there are: {}", both.len());
    }

    #[test]
    fn the_forms_are_given_out_fairly_and_in_no_order_one_could_guess() {
        let forms: Vec<_> = (0..400).map(|turn| form(Split::Even, turn, 5)).collect();
        assert!(forms.chunks(4).all(|block| block.iter().filter(|form| **form == Form::Short).count() == 2));
        assert!(counted(forms.chunks(4).map(|block| format!("{block:?}"))).len() > 3);
        assert!((0..9).all(|turn| form(Split::Full, turn, 5) == Form::Full && form(Split::Short, turn, 5) == Form::Short));
    }

    #[test]
    fn few_items_are_all_asked_and_none_is_a_set_too() {
        assert_eq!(chosen(1, 2, 3, 9), [0]);
        assert!(chosen(5, 0, 3, 9).is_empty() && chosen(0, 2, 3, 9).is_empty());
    }
}
