//! The script beside a conversation: the step where it stands, what is to be noted there, where each answer leads; and what
//! was noted before.

use crate::{
    console::{islands::Notice, way::Way},
    request, words,
};
use domain::{
    Language,
    chat::{ConversationState, Listed},
    desk::{Branch, Capture, Step},
    format,
    staff::Permission,
};
use leptos::prelude::*;
use shop::{chat::Run, desk::ScriptCard};

#[component]
pub(super) fn Script(
    conversation: Listed,
    runs: Vec<Run>,
    scripts: Vec<ScriptCard>,
    way: Way,
    notice: Option<Notice>,
    language: Language,
) -> impl IntoView {
    let refused = notice.filter(|notice| notice.refused && notice.form == "script").map(|notice| notice.sentence);
    let back = way.query();
    let id = conversation.id.to_string();
    let actor = request::actor();
    let is_mine = actor.staff().is_some() && conversation.assigned_to == actor.staff();
    let holds = conversation.state == ConversationState::Assigned && (is_mine || actor.may(Permission::Supervise));
    let is_under_way = runs.iter().any(|run| run.step.is_some());
    // Who only looks on reads what was noted.
    let (open, others): (Vec<Run>, Vec<Run>) = runs.into_iter().partition(|run| holds && run.step.is_some());
    let offered: Vec<ScriptCard> = scripts.into_iter().filter(|script| !script.retired).collect();
    let may_start = holds && !is_under_way && !offered.is_empty();
    let is_shown = refused.is_some() || may_start || !open.is_empty() || !others.is_empty();
    let start = may_start.then(|| view! { <Start id=id.clone() back=back.clone() offered language/> });
    let running = open.into_iter().next().map(|run| view! { <Running run id back theirs=conversation.language language/> });
    let others = others.into_iter().map(|run| view! { <Past run language/> }).collect_view();
    is_shown.then(|| {
        view! {
            <section class="card" id="script" aria-labelledby="script-title">
                <h3 id="script-title">{words!(language, console.script.title)}</h3>
                {refused.map(|why| view! { <p class="field__error" role="alert">{why}</p> })}
                {running}
                {start}
                {others}
            </section>
        }
    })
}

#[component]
fn Start(id: String, back: String, offered: Vec<ScriptCard>, language: Language) -> impl IntoView {
    let options = offered.into_iter().map(|script| {
        view! { <option value=script.id.to_string()>{script.title.get(language).to_owned()}</option> }
    });
    view! {
        <form class="card__inline" method="post" action="/api/desk/script/start">
            <input type="hidden" name="conversation" value=id/>
            <input type="hidden" name="back" value=back/>
            <label class="visually-hidden" for="script-choice">{words!(language, console.script.choice)}</label>
            <select class="input" id="script-choice" name="script">{options.collect_view()}</select>
            <button class="button button--quiet button--small" type="submit">{words!(language, console.script.start)}</button>
        </form>
    }
}

#[component]
fn Running(run: Run, id: String, back: String, theirs: Language, language: Language) -> impl IntoView {
    let Run { title, version, step, is_first_step, captured, .. } = run;
    let step = step?;
    let value = |key: &str| captured.iter().find(|(each, ..)| each == key).map(|(.., value)| value.clone()).unwrap_or_default();
    let fields =
        step.captures.iter().map(|capture| view! { <Note capture=capture.clone() value=value(&capture.key) language/> }).collect_view();
    let before: Vec<_> = captured.iter().filter(|(key, ..)| !step.captures.iter().any(|capture| capture.key == *key)).cloned().collect();
    let noted = (!before.is_empty()).then(|| view! { <Noted captured=before language/> });
    Some(view! {
        <p class="soft">{title.get(language).to_owned()}" · "{words!(language, console.scripts.version, version = version)}</p>
        <blockquote class="script__say" lang=theirs.code()>{step.say.get(theirs).to_owned()}</blockquote>
        <form class="stack stack--tight" method="post" action="/api/desk/script/follow">
            <input type="hidden" name="conversation" value=id/>
            <input type="hidden" name="back" value=back/>
            <input type="hidden" name="step" value=step.name.clone()/>
            {fields}
            <Ways step is_first_step language/>
        </form>
        {noted}
    })
}

#[component]
fn Note(capture: Capture, value: String, language: Language) -> impl IntoView {
    let id = format!("note-{}", capture.key);
    let optional = (!capture.required).then(|| view! { " "<span class="optional">{words!(language, console.contact.optional)}</span> });
    view! {
        <div class="field">
            <label for=id.clone()>{capture.label.get(language).to_owned()}{optional}</label>
            <input id=id.clone() name=id type="text" value=value maxlength="2000" autocomplete="off" aria-required=capture.required.to_string()/>
        </div>
    }
}

/// One button an answer; the key Enter in a field only keeps what was noted, for the first button is the one it presses.
#[component]
fn Ways(step: Step, is_first_step: bool, language: Language) -> impl IntoView {
    let keeps = !step.captures.is_empty();
    let is_end = step.is_end();
    let answers = step.branches.into_iter().map(|Branch { to, answer, .. }| {
        view! { <button class="button button--quiet button--small" name="go" value=format!("to-{to}")>{answer.get(language).to_owned()}</button> }
    });
    let answers = answers.collect_view();
    let ends = is_end.then(|| {
        view! {
            <button class="button button--small" name="go" value="close">{words!(language, console.script.close)}</button>
            <button class="button button--quiet button--small" name="go" value="end">{words!(language, console.script.end)}</button>
        }
    });
    let legend = if is_end { words!(language, console.script.at_end) } else { words!(language, console.script.answers) };
    view! {
        {keeps.then(|| view! { <button class="visually-hidden" name="go" value="stay" tabindex="-1">{words!(language, console.script.keep)}</button> })}
        <fieldset class="script__ways">
            <legend class="soft">{legend}</legend>
            {answers}{ends}
        </fieldset>
        <div class="cluster">
            {(!is_first_step).then(|| view! { <button class="button button--text" name="go" value="back">{words!(language, console.script.back)}</button> })}
            <button class="button button--text" name="go" value="leave">{words!(language, console.script.leave)}</button>
        </div>
    }
}

#[component]
fn Noted(captured: Vec<(String, domain::Translated, String)>, language: Language) -> impl IntoView {
    let rows = captured.into_iter().map(|(_, label, value)| view! { <div><dt>{label.get(language).to_owned()}</dt><dd>{value}</dd></div> });
    view! { <dl class="script__noted">{rows.collect_view()}</dl> }
}

#[component]
fn Past(run: Run, language: Language) -> impl IntoView {
    let day = format::short_day(request::shop().settings.local(run.began_at).date(), language);
    let how = if run.step.is_some() {
        words!(language, console.script.under_way)
    } else if run.done {
        words!(language, console.script.was_done)
    } else {
        words!(language, console.script.was_left)
    };
    view! {
        <p class="soft">{run.title.get(language).to_owned()}" · "{how}" · "{day}</p>
        <Noted captured=run.captured language/>
    }
}
