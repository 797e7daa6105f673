//! Whether those who answered are like those who were asked: standardized differences (Austin 2009), which unlike a test
//! do not grow with the number of people.

use crate::sample::Moments;

/// A difference beyond this is worth a word.
pub const NOTABLE: f64 = 0.1;

/// Of a number: `(m1 - m0)/√((s1² + s0²)/2)`; `None` where nobody differs.
#[must_use]
pub fn of_numbers(answered: &Moments, asked: &Moments) -> Option<f64> {
    let spread = f64::midpoint(answered.variance()?, asked.variance()?).sqrt();
    (spread > 0.0).then_some((answered.mean()? - asked.mean()?) / spread)
}

/// Of a share: `(p1 - p0)/√((p1(1-p1) + p0(1-p0))/2)`; each side is those with the trait, and everyone.
#[must_use]
pub fn of_shares(answered: (usize, usize), asked: (usize, usize)) -> Option<f64> {
    if answered.1 == 0 || asked.1 == 0 {
        return None;
    }
    let share = |(count, n): (usize, usize)| count as f64 / n as f64;
    let (p1, p0) = (share(answered), share(asked));
    let spread = f64::midpoint(p1 * (1.0 - p1), p0 * (1.0 - p0)).sqrt();
    (spread > 0.0).then_some((p1 - p0) / spread)
}

/// From one step of sent, opened, started and completed to the next, and of all: shares of those before.
#[must_use]
pub fn funnel(steps: &[usize]) -> Vec<Option<f64>> {
    let kept = |(before, after): (usize, usize)| (before > 0).then(|| after as f64 / before as f64);
    let overall = steps.first().zip(steps.last()).map(|(first, last)| kept((*first, *last)));
    steps.windows(2).map(|pair| kept((pair[0], pair[1]))).chain(overall).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let (answered, asked): (Moments, Moments) = ([2.0, 4.0].into_iter().collect(), [1.0, 3.0].into_iter().collect());
        assert!((of_numbers(&answered, &asked).unwrap() - 1.0 / 2.0_f64.sqrt()).abs() < 1e-12);
        assert!((of_shares((60, 100), (500, 1000)).unwrap() - 0.1 / 0.245_f64.sqrt()).abs() < 1e-12);
        assert_eq!((of_shares((0, 0), (1, 2)), of_shares((2, 2), (3, 3))), (None, None));
        assert_eq!(funnel(&[100, 50, 40]), [Some(0.5), Some(0.8), Some(0.4)]);
    }
}
