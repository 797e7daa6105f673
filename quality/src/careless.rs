//! Signs that somebody answered without reading. Nobody's answers are deleted for them: scores are shown with and
//! without.

use crate::{Cell, sample::Moments};

/// Seconds an item below which nobody can have read it (Huang et al. 2012), and below which it is beyond doubt.
pub const FAST: f64 = 2.0;
pub const SEVERE: f64 = 1.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Care {
    Fair,
    Flagged,
    Severe,
}

/// The most answers alike one after another, in the order they were asked (Johnson 2005); a missing one does not
/// interrupt.
#[must_use]
pub fn longest_run(answers: &[Cell]) -> usize {
    let (mut longest, mut run, mut before) = (0, 0, None);
    for answer in answers.iter().flatten() {
        run = if before.is_some_and(|before: f64| before.total_cmp(answer).is_eq()) { run + 1 } else { 1 };
        longest = longest.max(run);
        before = Some(*answer);
    }
    longest
}

/// By the median of the seconds an item took: one long pause does not hide the rest.
#[must_use]
pub fn pace(seconds: &[f64]) -> Care {
    let mut sorted = seconds.to_vec();
    sorted.sort_by(f64::total_cmp);
    let Some(high) = sorted.get(sorted.len() / 2) else { return Care::Fair };
    let low = sorted[(sorted.len() - 1) / 2];
    match f64::midpoint(low, *high) {
        median if median < SEVERE => Care::Severe,
        median if median < FAST => Care::Flagged,
        _ => Care::Fair,
    }
}

/// The worse of pace and run; a run is a sign when it is at least half of the items asked (Curran 2016), and six.
#[must_use]
pub fn judge(answers: &[Cell], seconds: &[f64]) -> Care {
    let asked = answers.iter().flatten().count();
    let run = longest_run(answers);
    let by_run = if run >= 6 && 2 * run >= asked { Care::Flagged } else { Care::Fair };
    by_run.max(pace(seconds))
}

/// Scores of everyone, and of those without a sign.
#[must_use]
pub fn with_and_without(scores: &[Cell], care: &[Care]) -> (Moments, Moments) {
    let careful = scores.iter().zip(care).filter(|(_, care)| **care == Care::Fair).filter_map(|(score, _)| *score);
    (scores.iter().flatten().copied().collect(), careful.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_and_pace() {
        let answers = [3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 4.0, 5.0].map(Some);
        assert_eq!(longest_run(&answers), 6);
        assert_eq!(longest_run(&[Some(2.0), None, Some(2.0), Some(1.0)]), 2);
        assert_eq!((longest_run(&[]), pace(&[])), (0, Care::Fair));
        assert_eq!(judge(&answers, &[4.0; 8]), Care::Flagged);
        assert_eq!((pace(&[2.0; 5]), pace(&[1.9; 5]), pace(&[0.9, 0.8, 600.0])), (Care::Fair, Care::Flagged, Care::Severe));
    }

    #[test]
    fn nobody_is_deleted() {
        let (all, careful) = with_and_without(&[Some(1.0), Some(5.0), None], &[Care::Severe, Care::Fair, Care::Fair]);
        assert_eq!((all.n, careful.n, careful.mean()), (2, 1, Some(5.0)));
    }
}
