//! What became of a form, as a sentence: the address says which form, and why not as the refusal itself.

use super::{islands::Notice, words::RefusedWords};
use crate::words;
use domain::{
    Language,
    chat::ChatRefusal,
    checkout::Field,
    desk::{DeskRefusal, ScriptProblem},
    format,
    orders::{OrderState, PaymentState},
};

/// The notice that the address asks for.
pub(super) fn notice(pairs: &[(String, String)], language: Language) -> Option<Notice> {
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    if let Some(form) = value("refused") {
        let why = value("why").unwrap_or_default();
        let sentence = match (serde_json::from_str::<ChatRefusal>(why), serde_json::from_str::<DeskRefusal>(why)) {
            // `"not_allowed"` and the like are said alike by both.
            (Ok(refusal), _) => RefusedWords::of(language).sentence(refusal).to_owned(),
            (_, Ok(refusal)) => desk(&refusal, language),
            _ => words!(language, console.refused.fault),
        };
        return Some(Notice { form: form.to_owned(), sentence, refused: true });
    }
    let form = value("done")?;
    let sentence = match form {
        "take" => words!(language, console.done.take),
        "release" => words!(language, console.done.release),
        "transfer" => words!(language, console.done.transfer),
        "close" => words!(language, console.done.close),
        "details" => words!(language, console.done.details),
        "presence" => words!(language, console.done.presence),
        "post" => words!(language, console.done.post),
        "mail" => words!(language, console.done.mail),
        "address" => words!(language, console.done.address),
        "cancel" => words!(language, console.done.cancel),
        "refund" => words!(language, console.done.refund),
        "credit" => words!(language, console.done.credit),
        "template" => words!(language, console.done.template),
        "delete" => words!(language, console.done.delete),
        "rule" => words!(language, console.done.rule),
        "rules" => words!(language, console.done.rules),
        "contact" => words!(language, console.done.contact),
        "score" => words!(language, console.done.score),
        "block" => words!(language, console.done.block),
        "unblock" => words!(language, console.done.unblock),
        "script" => words!(language, console.done.script),
        "script-save" => words!(language, console.done.script_save),
        _ => return None,
    };
    Some(Notice { form: form.to_owned(), sentence, refused: false })
}

fn desk(refusal: &DeskRefusal, language: Language) -> String {
    let money = |amount| format::money(amount, language);
    match refusal {
        DeskRefusal::NotAllowed => words!(language, console.refused.not_allowed),
        DeskRefusal::NoSuchOrder => words!(language, console.refused.no_such_order),
        DeskRefusal::WrongState(state) => words!(language, console.refused.wrong_state, state = order_state(*state, language)),
        DeskRefusal::Disputed => words!(language, console.refused.disputed),
        DeskRefusal::NotPaid => words!(language, console.refused.not_paid),
        DeskRefusal::TooMuch { most } => words!(language, console.refused.too_much, money = money(*most)),
        DeskRefusal::AboveLimit { left } => words!(language, console.refused.above_limit, money = money(*left)),
        DeskRefusal::AboveBudget { left } => words!(language, console.refused.above_budget, money = money(*left)),
        DeskRefusal::NotAnAmount => words!(language, console.refused.not_an_amount),
        DeskRefusal::ReasonMissing => words!(language, console.refused.reason),
        DeskRefusal::Address(problems) => {
            let fields = problems.keys().map(|field| field_name(*field, language)).collect::<Vec<_>>().join(", ");
            words!(language, console.refused.address, fields = fields)
        }
        DeskRefusal::OtherCountry => words!(language, console.refused.other_country),
        DeskRefusal::NothingToSend => words!(language, console.refused.nothing_to_send),
        DeskRefusal::NameMissing => words!(language, console.refused.name),
        DeskRefusal::TargetMissing => words!(language, console.refused.target),
        DeskRefusal::Shortcut => words!(language, console.refused.shortcut),
        DeskRefusal::TextMissing => words!(language, console.refused.texts),
        DeskRefusal::MarksMissing => words!(language, console.refused.marks),
        DeskRefusal::OwnConversation => words!(language, console.refused.own),
        DeskRefusal::NoSuchConversation => words!(language, console.refused.no_such_conversation),
        DeskRefusal::Script(fault) => {
            words!(language, console.refused.script, line = fault.line, problem = script_problem(fault.problem, language))
        }
        DeskRefusal::NoSuchScript => words!(language, console.refused.no_such_script),
        DeskRefusal::ScriptRuns => words!(language, console.refused.script_runs),
        DeskRefusal::CapturesMissing(labels) => {
            let labels = labels.iter().map(|label| label.get(language)).collect::<Vec<_>>().join(", ");
            words!(language, console.refused.captures, notes = labels)
        }
        DeskRefusal::BlockReason => words!(language, console.refused.block_reason),
        DeskRefusal::BlockTooLong => words!(language, console.refused.block_too_long),
        DeskRefusal::NobodyToBlock => words!(language, console.refused.nobody_to_block),
        DeskRefusal::NotBlocked => words!(language, console.refused.not_blocked),
        DeskRefusal::Chat(refusal) => RefusedWords::of(language).sentence(*refusal).to_owned(),
    }
}

fn script_problem(problem: ScriptProblem, language: Language) -> String {
    match problem {
        ScriptProblem::Empty => words!(language, console.scripts.problem.empty),
        ScriptProblem::TooLong => words!(language, console.scripts.problem.too_long),
        ScriptProblem::NotUnderstood => words!(language, console.scripts.problem.not_understood),
        ScriptProblem::Name => words!(language, console.scripts.problem.name),
        ScriptProblem::LanguageMissing => words!(language, console.scripts.problem.language),
        ScriptProblem::LeadsNowhere => words!(language, console.scripts.problem.nowhere),
        ScriptProblem::Unreachable => words!(language, console.scripts.problem.unreachable),
        ScriptProblem::NoEnd => words!(language, console.scripts.problem.no_end),
    }
}

fn field_name(field: Field, language: Language) -> String {
    match field {
        Field::Line1 => words!(language, console.order.line1),
        Field::Line2 => words!(language, console.order.line2),
        Field::City => words!(language, console.order.city),
        Field::Region => words!(language, console.order.region),
        Field::Postcode => words!(language, console.order.postcode),
        Field::Name | Field::Email | Field::Phone | Field::Country | Field::Method | Field::Credit => words!(language, console.order.name),
    }
}

pub(crate) fn order_state(state: OrderState, language: Language) -> String {
    match state {
        OrderState::Placed => words!(language, console.order.state.placed),
        OrderState::Paid => words!(language, console.order.state.paid),
        OrderState::Packed => words!(language, console.order.state.packed),
        OrderState::Shipped => words!(language, console.order.state.shipped),
        OrderState::Delivered => words!(language, console.order.state.delivered),
        OrderState::Cancelled => words!(language, console.order.state.cancelled),
    }
}

pub(super) fn payment_state(state: PaymentState, language: Language) -> String {
    match state {
        PaymentState::Unpaid => words!(language, console.order.payment.unpaid),
        PaymentState::Processing => words!(language, console.order.payment.processing),
        PaymentState::Paid => words!(language, console.order.payment.paid),
        PaymentState::PartRefunded => words!(language, console.order.payment.part_refunded),
        PaymentState::Refunded => words!(language, console.order.payment.refunded),
        PaymentState::Disputed => words!(language, console.order.payment.disputed),
        PaymentState::ChargedBack => words!(language, console.order.payment.charged_back),
    }
}
