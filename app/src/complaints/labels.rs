//! The register's words as people read them.

use crate::words;
use domain::{
    Language,
    complaints::{Cause, ClosedHow, ComplaintKind, Department, HistoryKind, ImprovementKind, Intake, Needed, Remedy, Stage},
};

pub(crate) fn kind(kind: ComplaintKind, language: Language) -> String {
    match kind {
        ComplaintKind::Complaint => words!(language, complaints.kind.complaint),
        ComplaintKind::Suggestion => words!(language, complaints.kind.suggestion),
        ComplaintKind::Praise => words!(language, complaints.kind.praise),
    }
}

pub(crate) fn stage(stage: Stage, language: Language) -> String {
    match stage {
        Stage::Opened => words!(language, complaints.stage.opened),
        Stage::Assigned => words!(language, complaints.stage.assigned),
        Stage::Investigated => words!(language, complaints.stage.investigated),
        Stage::Promised => words!(language, complaints.stage.promised),
        Stage::Solved => words!(language, complaints.stage.solved),
        Stage::Closed => words!(language, complaints.stage.closed),
    }
}

pub(super) fn closed_how(closed_how: ClosedHow, language: Language) -> String {
    match closed_how {
        ClosedHow::Confirmed => words!(language, complaints.closed_how.confirmed),
        ClosedHow::Unconfirmed => words!(language, complaints.closed_how.unconfirmed),
        ClosedHow::Answered => words!(language, complaints.closed_how.answered),
        ClosedHow::Merged => words!(language, complaints.closed_how.merged),
    }
}

/// The stage; of a closed one, how it was closed.
pub(super) fn standing(at: Stage, how: Option<ClosedHow>, language: Language) -> String {
    match (at, how) {
        (Stage::Closed, Some(how)) => closed_how(how, language),
        _ => stage(at, language),
    }
}

pub(super) fn department(department: Department, language: Language) -> String {
    match department {
        Department::Sales => words!(language, complaints.department.sales),
        Department::Workshop => words!(language, complaints.department.workshop),
        Department::Dispatch => words!(language, complaints.department.dispatch),
        Department::Web => words!(language, complaints.department.web),
        Department::Service => words!(language, complaints.department.service),
        Department::Accounts => words!(language, complaints.department.accounts),
        Department::Management => words!(language, complaints.department.management),
    }
}

/// What it is about, as a customer would say it.
pub(super) fn about(about: Department, language: Language) -> String {
    match about {
        Department::Sales => words!(language, complaints.about.sales),
        Department::Workshop => words!(language, complaints.about.workshop),
        Department::Dispatch => words!(language, complaints.about.dispatch),
        Department::Web => words!(language, complaints.about.web),
        Department::Service => words!(language, complaints.about.service),
        Department::Accounts => words!(language, complaints.about.accounts),
        Department::Management => words!(language, complaints.about.management),
    }
}

pub(super) fn cause(cause: Cause, language: Language) -> String {
    match cause {
        Cause::Product => words!(language, complaints.cause.product),
        Cause::Service => words!(language, complaints.cause.service),
        Cause::Inflexibility => words!(language, complaints.cause.inflexibility),
        Cause::Errors => words!(language, complaints.cause.errors),
        Cause::OutsideCommunication => words!(language, complaints.cause.outside_communication),
        Cause::InsideCommunication => words!(language, complaints.cause.inside_communication),
        Cause::Delay => words!(language, complaints.cause.delay),
        Cause::Behaviour => words!(language, complaints.cause.behaviour),
    }
}

pub(super) fn remedy(remedy: Remedy, language: Language) -> String {
    match remedy {
        Remedy::Replacement => words!(language, complaints.remedy.replacement),
        Remedy::Repair => words!(language, complaints.remedy.repair),
        Remedy::Refund => words!(language, complaints.remedy.refund),
        Remedy::Credit => words!(language, complaints.remedy.credit),
        Remedy::Explanation => words!(language, complaints.remedy.explanation),
        Remedy::Other => words!(language, complaints.remedy.other),
    }
}

pub(super) fn intake(intake: Intake, language: Language) -> String {
    match intake {
        Intake::Web => words!(language, complaints.intake.web),
        Intake::Chat => words!(language, complaints.intake.chat),
        Intake::Mail => words!(language, complaints.intake.mail),
        Intake::Phone => words!(language, complaints.intake.phone),
        Intake::Counter => words!(language, complaints.intake.counter),
        Intake::Letter => words!(language, complaints.intake.letter),
        Intake::Fax => words!(language, complaints.intake.fax),
    }
}

pub(super) fn improvement(improvement: ImprovementKind, language: Language) -> String {
    match improvement {
        ImprovementKind::Procedure => words!(language, complaints.improvement.procedure),
        ImprovementKind::Defect => words!(language, complaints.improvement.defect),
        ImprovementKind::Attitude => words!(language, complaints.improvement.attitude),
        ImprovementKind::Standard => words!(language, complaints.improvement.standard),
        ImprovementKind::Focus => words!(language, complaints.improvement.focus),
    }
}

pub(super) fn needed(needed: Needed, language: Language) -> String {
    match needed {
        Needed::Owner => words!(language, complaints.needed.owner),
        Needed::OrderLine => words!(language, complaints.needed.order_line),
        Needed::Date => words!(language, complaints.needed.date),
        Needed::Evidence => words!(language, complaints.needed.evidence),
        Needed::Cause => words!(language, complaints.needed.cause),
        Needed::Consequences => words!(language, complaints.needed.consequences),
        Needed::Acknowledgement => words!(language, complaints.needed.acknowledgement),
        Needed::Solution => words!(language, complaints.needed.solution),
        Needed::Deadline => words!(language, complaints.needed.deadline),
        Needed::Outcome => words!(language, complaints.needed.outcome),
        Needed::Confirmation => words!(language, complaints.needed.confirmation),
        Needed::Answer => words!(language, complaints.needed.answer),
    }
}

/// One line of the history; `body` of some kinds is a name or a number that belongs into the sentence.
pub(super) fn history(kind: HistoryKind, body: &str, language: Language) -> String {
    match kind {
        HistoryKind::Assigned => words!(language, complaints.history.assigned, name = body.to_owned()),
        HistoryKind::Merged => words!(language, complaints.history.merged, number = body.to_owned()),
        HistoryKind::Transferred => words!(language, complaints.history.transferred),
        HistoryKind::Note => words!(language, complaints.history.note),
        HistoryKind::Message => words!(language, complaints.history.message),
        HistoryKind::Investigated => words!(language, complaints.history.investigated),
        HistoryKind::Acknowledged => words!(language, complaints.history.acknowledged),
        HistoryKind::Promised => words!(language, complaints.history.promised),
        HistoryKind::Renegotiated => words!(language, complaints.history.renegotiated),
        HistoryKind::Solved => words!(language, complaints.history.solved),
        HistoryKind::Confirmed => words!(language, complaints.history.confirmed),
        HistoryKind::Disputed => words!(language, complaints.history.disputed),
        HistoryKind::Closed => words!(language, complaints.history.closed),
        HistoryKind::Angry => words!(language, complaints.history.angry),
        HistoryKind::Compensated => words!(language, complaints.history.compensated),
        HistoryKind::Reviewed => words!(language, complaints.history.reviewed),
        HistoryKind::Opened => words!(language, complaints.history.opened),
    }
}
