//! Did it really change, do groups really differ: tests, and their correction when there are several.

use crate::{
    Unsaid,
    distributions::student_two_sided,
    intervals::Interval,
    sample::{Moments, is_constant},
    studentized,
};

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Welch {
    /// First less second.
    pub difference: f64,
    pub t: f64,
    pub df: f64,
    pub p: f64,
}

/// Welch's t of two groups: `(m1 - m2)/√(s1²/n1 + s2²/n2)`, with Satterthwaite's df
/// `(v1 + v2)²/(v1²/(n1 - 1) + v2²/(n2 - 1))`, v = s²/n (Welch 1947).
///
/// # Errors
/// Fewer than two people in a group, or nobody differs in either.
pub fn welch(first: &[f64], second: &[f64]) -> Result<Welch, Unsaid> {
    welch_of(&moments(first), &moments(second))
}

/// The same of groups that are known by their moments.
///
/// # Errors
/// As [`welch`].
pub fn welch_of(first: &Moments, second: &Moments) -> Result<Welch, Unsaid> {
    let Gap { difference, error, df } = gap(first, second)?;
    let t = difference / error;
    Ok(Welch { difference, t, df, p: student_two_sided(t, df) })
}

struct Gap {
    difference: f64,
    error: f64,
    df: f64,
}

fn moments(values: &[f64]) -> Moments {
    values.iter().copied().collect()
}

fn gap(first: &Moments, second: &Moments) -> Result<Gap, Unsaid> {
    let parts = |group: &Moments| Some((group.mean()?, group.variance()? / group.n as f64, group.n as f64 - 1.0));
    let (Some((mean_1, v1, free_1)), Some((mean_2, v2, free_2))) = (parts(first), parts(second)) else { return Err(Unsaid::FewGroups) };
    let both = v1 + v2;
    if is_constant(both, mean_1.abs().max(mean_2.abs())) {
        return Err(Unsaid::Constant);
    }
    let df = both * both / (v1 * v1 / free_1 + v2 * v2 / free_2);
    Ok(Gap { difference: mean_1 - mean_2, error: both.sqrt(), df })
}

/// Holm's (1979) correction: the i-th smallest of m is multiplied by m - i + 1, and none is smaller than one before it.
#[must_use]
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*a].total_cmp(&p[*b]));
    let mut corrected = vec![0.0; p.len()];
    let mut largest = 0.0_f64;
    for (place, index) in order.into_iter().enumerate() {
        largest = largest.max((p.len() - place) as f64 * p[index]).min(1.0);
        corrected[index] = largest;
    }
    corrected
}

/// Two of several groups, by their places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    pub first: usize,
    pub second: usize,
    pub difference: f64,
    pub error: f64,
    pub t: f64,
    pub df: f64,
    /// Already for all pairs together.
    pub p: f64,
    pub interval: Interval,
}

/// Games & Howell (1976): every pair as in Welch's test, against the studentized range of as many means as there are
/// groups: `p = P(Q > √2 |t|)`; the interval is `difference ± q(.95) error/√2`.
#[must_use]
pub fn games_howell(groups: &[Vec<f64>]) -> Vec<Result<Pair, Unsaid>> {
    games_howell_of(&groups.iter().map(|group| moments(group)).collect::<Vec<_>>())
}

/// The same of groups that are known by their moments.
#[must_use]
pub fn games_howell_of(groups: &[Moments]) -> Vec<Result<Pair, Unsaid>> {
    let pairs = (0..groups.len()).flat_map(|first| (first + 1..groups.len()).map(move |second| (first, second)));
    pairs
        .map(|(first, second)| {
            let Gap { difference, error, df } = gap(&groups[first], &groups[second])?;
            let t = difference / error;
            let p = (1.0 - studentized::cdf(std::f64::consts::SQRT_2 * t.abs(), groups.len(), df)).max(0.0);
            let reach = studentized::quantile(crate::intervals::LEVEL, groups.len(), df) * error / std::f64::consts::SQRT_2;
            Ok(Pair { first, second, difference, error, t, df, p, interval: (difference - reach, difference + reach) })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R 4.2: t.test(extra ~ group, data = sleep), Student's own soporific drugs.
    #[test]
    fn students_sleepers() {
        let first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
        let second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
        let found = welch(&first, &second).unwrap();
        assert!((found.t - -1.860_813_5).abs() < 1e-6 && (found.df - 17.776_474).abs() < 1e-5 && (found.p - 0.079_394_14).abs() < 1e-7);
        assert_eq!(welch(&[1.0, 1.0], &[2.0, 2.0]), Err(Unsaid::Constant));
        assert_eq!(welch(&[1.0], &[2.0, 3.0]), Err(Unsaid::FewGroups));
    }

    /// R 4.2: p.adjust(c(.01, .04, .03, .005), "holm").
    #[test]
    fn holm_keeps_the_order() {
        let found = holm(&[0.01, 0.04, 0.03, 0.005]);
        let expected = [0.03, 0.06, 0.06, 0.02];
        assert!(found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-12), "{found:?}");
    }
}
