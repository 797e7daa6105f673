//! Who may not write in the chat: beside their conversation, and for supervisors `/{language}/desk/blocked` with all of them.

use super::NoticeBox;
use crate::{
    backoffice::{Desk, Section},
    boundary::report,
    console::{islands::Notice, refusal, way::Way},
    layout::Fault,
    request, words,
};
use domain::{Language, desk::BlockCard, format, ids::ConversationId, staff::Permission};
use leptos::prelude::*;
use shop::Failure;
use time::OffsetDateTime;

/// What a form offers, in days; nothing: until it is lifted.
const TIMES: [Option<u32>; 4] = [Some(1), Some(7), Some(30), None];
/// Longer ones are for supervisors.
const MOST_DAYS: u32 = 7;

fn moment(at: OffsetDateTime, language: Language) -> String {
    let at = request::shop().settings.local(at);
    format!("{}, {}", format::short_day(at.date(), language), format::clock(at.time()))
}

fn until(card: &BlockCard, language: Language) -> String {
    card.until
        .map_or_else(|| words!(language, console.block.for_ever), |at| words!(language, console.block.until, at = moment(at, language)))
}

/// Beside a conversation.
#[component]
pub(super) fn Blocking(
    conversation: ConversationId,
    block: Option<BlockCard>,
    typed: String,
    way: Way,
    notice: Option<Notice>,
    language: Language,
) -> impl IntoView {
    let refused = notice.filter(|notice| notice.refused && notice.form == "block").map(|notice| notice.sentence);
    match block {
        Some(block) => view! { <Standing block back=way.query() language/> }.into_any(),
        None if request::actor().may(Permission::Block) => {
            view! { <Form conversation typed back=way.query() refused language/> }.into_any()
        }
        None => ().into_any(),
    }
}

#[component]
fn Standing(block: BlockCard, back: String, language: Language) -> impl IntoView {
    let actor = request::actor();
    let may_lift = actor.may(Permission::Supervise) || (actor.staff().is_some() && actor.staff() == block.by_id);
    let until = until(&block, language);
    let lift = may_lift.then(|| view! { <Lift block=block.clone() back language/> });
    view! {
        <div class="card__warn">
            <p><strong>{words!(language, console.block.is_blocked, until = until)}</strong></p>
            <p>{words!(language, console.block.by, name = block.by.clone(), reason = block.reason.clone())}</p>
        </div>
        {lift}
    }
}

#[component]
fn Lift(block: BlockCard, back: String, language: Language) -> impl IntoView {
    view! {
        <form method="post" action="/api/desk/unblock">
            <input type="hidden" name="block" value=block.id.to_string()/>
            <input type="hidden" name="back" value=back/>
            <button class="button button--quiet button--small" type="submit">{words!(language, console.block.lift)}</button>
        </form>
    }
}

#[component]
fn Form(conversation: ConversationId, typed: String, back: String, refused: Option<String>, language: Language) -> impl IntoView {
    let supervises = request::actor().may(Permission::Supervise);
    let times = TIMES.into_iter().filter(|days| supervises || days.is_some_and(|days| days <= MOST_DAYS));
    let options = times.map(|days| {
        let name = match days {
            None => words!(language, console.block.for_ever),
            Some(1) => words!(language, console.block.day),
            Some(days) => words!(language, console.block.days, days = days),
        };
        view! { <option value=days.map(|days| days.to_string()).unwrap_or_default()>{name}</option> }
    });
    let is_refused = refused.is_some();
    view! {
        <details class="act" id="block" open=is_refused>
            <summary class="button button--text">{words!(language, console.block.title)}</summary>
            <form class="act__form stack stack--tight" method="post" action="/api/desk/block">
                <input type="hidden" name="conversation" value=conversation.to_string()/>
                <input type="hidden" name="back" value=back/>
                <p class="soft">{words!(language, console.block.text)}</p>
                <div class="field">
                    <label for="block-reason">{words!(language, console.block.reason)}</label>
                    <input id="block-reason" name="reason" type="text" value=typed maxlength="400" aria-required="true" aria-invalid=is_refused.to_string()
                        aria-describedby="block-error"/>
                    <p class="field__error" id="block-error" role="alert">{refused}</p>
                </div>
                <div class="field">
                    <label for="block-days">{words!(language, console.block.how_long)}</label>
                    <select id="block-days" name="days">{options.collect_view()}</select>
                </div>
                <button class="button button--small" type="submit">{words!(language, console.block.submit)}</button>
            </form>
        </details>
    }
}

#[component]
pub fn BlockedPage() -> impl IntoView {
    let language = request::language();
    view! {
        <Desk section=Section::Console needs=Permission::Supervise title=words!(language, console.block.list)>
            <Everybody language/>
        </Desk>
    }
}

#[component]
fn Everybody(language: Language) -> impl IntoView {
    let content = Suspend::new(async move {
        match shop::chat::blocks(&request::shop(), &request::actor(), request::now()).await {
            Ok(blocks) => view! { <Table blocks language/> }.into_any(),
            Err(Failure::Refused(_)) => ().into_any(),
            Err(Failure::Fault(fault)) => view! { <Fault reference=report(&fault)/> }.into_any(),
        }
    });
    let notice = refusal::notice(&request::query_pairs(), language);
    view! {
        <div class="stack desk-page">
            <p class="lead">{words!(language, console.block.lead)}</p>
            <NoticeBox notice/>
            <Suspense>{content}</Suspense>
        </div>
    }
}

#[component]
fn Table(blocks: Vec<BlockCard>, language: Language) -> impl IntoView {
    if blocks.is_empty() {
        return view! { <p class="soft">{words!(language, console.block.nobody)}</p> }.into_any();
    }
    let rows = blocks.into_iter().map(|block| {
        let name =
            if block.shopper.is_empty() { words!(language, console.list.nobody, number = block.number) } else { block.shopper.clone() };
        view! {
            <tr>
                <th scope="row"><a href=format!("/{language}/desk?list=all&c={}", block.conversation)>{name}</a></th>
                <td>{block.reason.clone()}</td>
                <td>{block.by.clone()}</td>
                <td>{moment(block.at, language)}</td>
                <td>{until(&block, language)}</td>
                <td><Lift block back=String::new() language/></td>
            </tr>
        }
    });
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=words!(language, console.block.list)><table class="table">
            <thead><tr>
                <th scope="col">{words!(language, console.block.who)}</th>
                <th scope="col">{words!(language, console.block.reason)}</th>
                <th scope="col">{words!(language, console.block.decided)}</th>
                <th scope="col">{words!(language, console.block.since)}</th>
                <th scope="col">{words!(language, console.block.how_long)}</th>
                <th scope="col"><span class="visually-hidden">{words!(language, console.block.lift)}</span></th>
            </tr></thead>
            <tbody>{rows.collect_view()}</tbody>
        </table></div>
    }
    .into_any()
}
