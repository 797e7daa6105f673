//! The short form: who is asked which items, and how many more people it needs.

use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};

/// The mean correlation of two items of a scale with this alpha, `ρ = α/(K - α(K-1))` (Spearman-Brown, backwards).
#[must_use]
pub fn item_correlation(alpha: f64, items: usize) -> f64 {
    let k = items as f64;
    alpha / (k - alpha * (k - 1.0))
}

/// How many times the people a form of `asked` of `items` items a dimension needs for the same interval of the mean:
/// `[ρ + (1-ρ)/m]/[ρ + (1-ρ)/K]`. The short form wins only when completions rise by more.
#[must_use]
pub fn break_even(alpha: f64, items: usize, asked: usize) -> f64 {
    let rho = item_correlation(alpha, items);
    let spread = |n: usize| rho + (1.0 - rho) / n as f64;
    spread(asked) / spread(items)
}

/// The two items of each dimension that the person at `position` is asked, by their places in the dimension. Everyone
/// in a row gets another pair until all have been given, in an order drawn by `seed` anew each time; so every pair,
/// and with it every item, is asked equally often: with 8, 4, 7 and 3 items after every 84 people.
#[must_use]
pub fn pairs_for(position: usize, dimensions: &[usize], seed: u64) -> Vec<(usize, usize)> {
    dimensions.iter().enumerate().filter_map(|(dimension, items)| pair_for(position, dimension, *items, seed)).collect()
}

fn pair_for(position: usize, dimension: usize, items: usize, seed: u64) -> Option<(usize, usize)> {
    let mut pairs: Vec<(usize, usize)> = (0..items).flat_map(|first| (first + 1..items).map(move |second| (first, second))).collect();
    let round = position.checked_div(pairs.len())?;
    let place = position % pairs.len();
    let draw = seed ^ (round as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (dimension as u64).wrapping_mul(0xC2B2_AE3D_27D4_EB4F);
    pairs.shuffle(&mut StdRng::seed_from_u64(draw));
    pairs.get(place).copied()
}

/// After how many people all dimensions are balanced at once.
#[must_use]
pub fn cycle(dimensions: &[usize]) -> usize {
    let common = |a: usize, b: usize| {
        let (mut x, mut y) = (a, b);
        while y != 0 {
            (x, y) = (y, x % y);
        }
        a / x * b
    };
    dimensions.iter().map(|items| items * items.saturating_sub(1) / 2).filter(|pairs| *pairs > 0).fold(1, common)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    const ESQUAL: [usize; 4] = [8, 4, 7, 3];

    #[test]
    fn every_item_and_pair_is_asked_equally_often() {
        assert_eq!(cycle(&ESQUAL), 84);
        for begin in [0, 84, 840] {
            let mut pairs = BTreeMap::<_, u32>::new();
            let mut items = BTreeMap::<_, u32>::new();
            for position in begin..begin + 84 {
                for (dimension, (first, second)) in pairs_for(position, &ESQUAL, 7).into_iter().enumerate() {
                    *pairs.entry((dimension, first, second)).or_default() += 1;
                    *items.entry((dimension, first)).or_default() += 1;
                    *items.entry((dimension, second)).or_default() += 1;
                }
            }
            for (dimension, size) in ESQUAL.into_iter().enumerate() {
                let all_pairs = size * (size - 1) / 2;
                let of_pairs: Vec<u32> = pairs.iter().filter(|((d, ..), _)| *d == dimension).map(|(_, count)| *count).collect();
                let of_items: Vec<u32> = items.iter().filter(|((d, _), _)| *d == dimension).map(|(_, count)| *count).collect();
                assert_eq!(of_pairs, vec![84 / all_pairs as u32; all_pairs]);
                assert_eq!(of_items, vec![168 / size as u32; size]);
            }
        }
    }

    #[test]
    fn a_person_keeps_their_set() {
        assert_eq!(pairs_for(41, &ESQUAL, 7), pairs_for(41, &ESQUAL, 7));
        assert_ne!(
            (0..84).map(|i| pairs_for(i, &ESQUAL, 7)).collect::<Vec<_>>(),
            (0..84).map(|i| pairs_for(i, &ESQUAL, 8)).collect::<Vec<_>>()
        );
    }

    #[test]
    fn what_the_short_form_costs() {
        // By hand: alpha .9 of 8 items is a mean correlation of .9/1.7; two of eight need (ρ + (1-ρ)/2)/(ρ + (1-ρ)/8).
        assert!((item_correlation(0.9, 8) - 0.529_411_764_7).abs() < 1e-9);
        assert!((break_even(0.9, 8, 2) - 1.3).abs() < 1e-9);
        assert!((break_even(0.9, 8, 8) - 1.0).abs() < 1e-12);
    }
}
