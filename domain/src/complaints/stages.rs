//! The stages of a complaint: the only moves there are, and what each needs.

use super::{ComplaintKind, ComplaintRefusal, Stage};
use serde::{Deserialize, Serialize};

/// What is known of a complaint, as far as its stages ask for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Known {
    pub owner: bool,
    /// It is about an order.
    pub order: bool,
    pub order_line: bool,
    pub date: bool,
    pub evidence: bool,
    pub cause: bool,
    pub consequences: bool,
    pub acknowledged: bool,
    pub solution: bool,
    pub deadline: bool,
    pub outcome: bool,
    /// The customer confirmed, or their time to do so is over.
    pub confirmation: bool,
    /// Of a suggestion or praise.
    pub answer: bool,
}

/// Something that a stage needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Needed {
    Owner,
    OrderLine,
    Date,
    Evidence,
    Cause,
    Consequences,
    Acknowledgement,
    Solution,
    Deadline,
    Outcome,
    Confirmation,
    Answer,
}

impl Stage {
    /// The only moves there are.
    #[must_use]
    pub const fn may_become(self, next: Self, kind: ComplaintKind) -> bool {
        use Stage::{Assigned, Closed, Investigated, Opened, Promised, Solved};
        match kind {
            ComplaintKind::Complaint => matches!(
                (self, next),
                (Opened, Assigned)
                    | (Assigned, Investigated)
                    | (Investigated, Promised)
                    | (Promised, Solved)
                    | (Solved, Closed)
                    // The customer says that it is not solved.
                    | (Solved | Closed, Investigated)
            ),
            ComplaintKind::Suggestion | ComplaintKind::Praise => matches!((self, next), (Opened, Assigned) | (Assigned, Closed)),
        }
    }

    /// What has to be known before a complaint may stand here.
    #[must_use]
    pub const fn needs(self, kind: ComplaintKind) -> &'static [Needed] {
        use Needed::{
            Acknowledgement, Answer, Cause, Confirmation, Consequences, Date, Deadline, Evidence, OrderLine, Outcome, Owner, Solution,
        };
        match (self, kind) {
            (Self::Opened, _) => &[],
            (Self::Assigned, _) => &[Owner],
            (Self::Closed, ComplaintKind::Suggestion | ComplaintKind::Praise) => &[Owner, Answer],
            (Self::Investigated, _) => &[Owner, OrderLine, Date, Evidence, Cause, Consequences],
            (Self::Promised, _) => &[Owner, OrderLine, Date, Evidence, Cause, Consequences, Acknowledgement, Solution, Deadline],
            (Self::Solved, _) => &[Owner, Acknowledgement, Solution, Deadline, Outcome],
            (Self::Closed, ComplaintKind::Complaint) => &[Owner, Outcome, Confirmation],
        }
    }

    /// Moves on, if there is such a move and nothing is missing for it.
    ///
    /// # Errors
    /// No such move, or what is missing.
    pub fn advance(self, next: Self, kind: ComplaintKind, known: &Known) -> Result<Self, ComplaintRefusal> {
        if !self.may_become(next, kind) {
            return Err(ComplaintRefusal::WrongStage(self));
        }
        let missing: Vec<_> = next.needs(kind).iter().copied().filter(|&needed| !known.has(needed)).collect();
        if missing.is_empty() { Ok(next) } else { Err(ComplaintRefusal::Missing(missing)) }
    }
}

impl Known {
    const fn has(&self, needed: Needed) -> bool {
        match needed {
            Needed::Owner => self.owner,
            // There is a line to name only where there is an order.
            Needed::OrderLine => self.order_line || !self.order,
            Needed::Date => self.date,
            Needed::Evidence => self.evidence,
            Needed::Cause => self.cause,
            Needed::Consequences => self.consequences,
            Needed::Acknowledgement => self.acknowledged,
            Needed::Solution => self.solution,
            Needed::Deadline => self.deadline,
            Needed::Outcome => self.outcome,
            Needed::Confirmation => self.confirmation,
            Needed::Answer => self.answer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ComplaintKind::{Complaint, Praise, Suggestion};
    use Stage::{Assigned, Closed, Investigated, Opened, Promised, Solved};

    const EVERYTHING: Known = Known {
        owner: true,
        order: true,
        order_line: true,
        date: true,
        evidence: true,
        cause: true,
        consequences: true,
        acknowledged: true,
        solution: true,
        deadline: true,
        outcome: true,
        confirmation: true,
        answer: true,
    };

    #[test]
    fn a_complaint_goes_one_stage_at_a_time_and_back_only_when_it_is_not_solved() {
        let way = [Opened, Assigned, Investigated, Promised, Solved, Closed];
        for (n, &from) in way.iter().enumerate() {
            for (m, &to) in way.iter().enumerate() {
                let on = m == n + 1 || (to == Investigated && n >= 4);
                assert_eq!(from.may_become(to, Complaint), on, "{from:?} -> {to:?}");
            }
        }
        assert!(Assigned.may_become(Closed, Suggestion) && Assigned.may_become(Closed, Praise));
        assert!(!Opened.may_become(Closed, Praise), "nobody is thanked by nobody");
        assert!(!Assigned.may_become(Closed, Complaint));
    }

    #[test]
    fn each_stage_is_refused_for_every_single_thing_it_needs() {
        for (from, to) in [(Opened, Assigned), (Assigned, Investigated), (Investigated, Promised), (Promised, Solved), (Solved, Closed)] {
            assert_eq!(from.advance(to, Complaint, &EVERYTHING), Ok(to));
            for &needed in to.needs(Complaint) {
                let mut known = EVERYTHING;
                *match needed {
                    Needed::Owner => &mut known.owner,
                    Needed::OrderLine => &mut known.order_line,
                    Needed::Date => &mut known.date,
                    Needed::Evidence => &mut known.evidence,
                    Needed::Cause => &mut known.cause,
                    Needed::Consequences => &mut known.consequences,
                    Needed::Acknowledgement => &mut known.acknowledged,
                    Needed::Solution => &mut known.solution,
                    Needed::Deadline => &mut known.deadline,
                    Needed::Outcome => &mut known.outcome,
                    Needed::Confirmation => &mut known.confirmation,
                    Needed::Answer => &mut known.answer,
                } = false;
                assert_eq!(from.advance(to, Complaint, &known), Err(ComplaintRefusal::Missing(vec![needed])), "{to:?}");
            }
        }
        assert!(Promised.needs(Complaint).contains(&Needed::Acknowledgement), "no solution is sent before we said that we are sorry");
        let without_order = Known { order: false, order_line: false, ..EVERYTHING };
        assert_eq!(Assigned.advance(Investigated, Complaint, &without_order), Ok(Investigated));
        let unanswered = Known { answer: false, ..EVERYTHING };
        assert!(Assigned.advance(Closed, Suggestion, &unanswered).is_err());
    }
}
