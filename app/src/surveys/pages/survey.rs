//! `/{language}/survey?t={token}`: the cover, then one question a page (`q`) or all on one (`view=all`), then thanks. To
//! open it spends nothing; what was answered elsewhere is there.

use super::{
    super::{
        answer::{page, refused},
        islands::{FORM, Saving, SavingWords},
    },
    Over,
    question::{Contact, QuestionField, anchor},
};
use crate::{
    boundary::report,
    layout::{Fault, Head},
    request, words,
};
use domain::{Language, format, surveys::Question, token::Token};
use leptos::prelude::*;
use shop::{
    Failure,
    surveys::{Cover, Done, Sheet, Standing},
};

#[component]
pub fn SurveyPage() -> impl IntoView {
    let language = request::language();
    let token = Token(request::queried("t").unwrap_or_default());
    let content = Suspend::new(async move {
        match shop::surveys::open(&request::shop(), &token, language, request::now()).await {
            Ok(Standing::Cover(cover)) => view! { <Begin cover token=token.0 language/> }.into_any(),
            Ok(Standing::Sheet(sheet)) if request::queried("view").as_deref() == Some("all") => {
                view! { <AllOnOne sheet token=token.0 language/> }.into_any()
            }
            Ok(Standing::Sheet(sheet)) => view! { <OneByOne sheet token=token.0 language/> }.into_any(),
            Ok(Standing::Finished(done)) => view! { <Thanks done language/> }.into_any(),
            Err(Failure::Refused(refusal)) => view! { <Over refusal language/> }.into_any(),
            Err(Failure::Fault(fault)) => view! { <Fault reference=report(&fault)/> }.into_any(),
        }
    });
    view! { <Suspense>{content}</Suspense> }
}

#[component]
fn Begin(cover: Cover, token: String, language: Language) -> impl IntoView {
    // Six a minute, which is slow.
    let minutes = cover.questions.div_ceil(6).max(1);
    let day = format::day(cover.closes_at.date(), language);
    view! {
        <Head title=cover.title.clone() description=cover.title.clone() listed=false/>
        <div class="wrap survey">
            <h1>{cover.title}</h1>
            <p class="lead">{cover.intro}</p>
            <ul class="survey__facts">
                <li>{words!(language, surveys.cover.length, questions = cover.questions, minutes = minutes)}</li>
                <li>{words!(language, surveys.cover.resume, day = day)}</li>
                <li>{words!(language, surveys.cover.privacy, days = cover.traced_days)}</li>
            </ul>
            <form class="cluster" method="post" action="/api/survey/begin">
                <input type="hidden" name="t" value=token/>
                <button class="button" type="submit">{words!(language, surveys.cover.begin)}</button>
                <button class="button button--quiet" type="submit" name="view" value="all">{words!(language, surveys.cover.all)}</button>
            </form>
        </div>
    }
}

#[component]
fn OneByOne(sheet: Sheet, token: String, language: Language) -> impl IntoView {
    let wanted = sheet.wants_answer;
    let asked: Vec<Question> = sheet.questions.into_iter().filter(|question| !question.hidden).collect();
    let first_open = asked.iter().position(|question| !question.is_answered()).unwrap_or(asked.len());
    let number = request::queried("q").and_then(|q| q.parse::<usize>().ok()).unwrap_or(first_open + 1).max(1);
    let Some(question) = asked.get(number - 1).cloned() else {
        return view! { <End asked wanted title=sheet.title token language/> }.into_any();
    };
    let count = asked.len();
    let before = (number > 1).then(|| page(&token, &[("q", &(number - 1).to_string())]));
    let shown = (request::now().unix_timestamp_nanos() / 1_000_000).to_string();
    let all = page(&token, &[("view", "all")]);
    view! {
        <Head title=sheet.title.clone() description=sheet.title.clone() listed=false/>
        <div class="wrap survey">
            <Progress title=sheet.title now=number of=count language/>
            <Refused language/>
            <form class="stack stack--wide" id=FORM method="post" action="/api/survey/save">
                <input type="hidden" name="t" value=token.clone()/>
                <input type="hidden" name="at" value=number/>
                <input type="hidden" name="shown" value=shown/>
                <QuestionField question typed=request::queried("typed") language/>
                <div class="survey__ways">
                    <button class="button" type="submit" name="then" value="next">{words!(language, surveys.next)}</button>
                    {before.map(|address| view! { <a class="button button--quiet" href=address>{words!(language, surveys.back)}</a> })}
                </div>
            </form>
            <Saving words=SavingWords::of(language) token/>
            <p class="small"><a href=all>{words!(language, surveys.show_all)}</a></p>
        </div>
    }
    .into_any()
}

#[component]
fn Progress(title: String, now: usize, of: usize, language: Language) -> impl IntoView {
    let behind = now - 1;
    view! {
        <header class="survey__head">
            <h1 class="survey__title">{title}</h1>
            <p class="small soft numbers" id="progress">{words!(language, surveys.progress, now = now, of = of)}</p>
            <progress class="survey__progress" aria-labelledby="progress" max=of value=behind></progress>
        </header>
    }
}

/// What is left, and the end.
#[component]
fn End(asked: Vec<Question>, wanted: bool, title: String, token: String, language: Language) -> impl IntoView {
    let link = |(index, question): (usize, &Question)| {
        let address = page(&token, &[("q", &(index + 1).to_string())]);
        view! { <li><a href=address>{question.text.clone()}</a></li> }
    };
    let left: Vec<_> = asked.iter().enumerate().filter(|(_, question)| !question.is_answered()).map(link).collect();
    let open = (!left.is_empty()).then(|| {
        view! {
            <section class="stack stack--tight" aria-labelledby="left">
                <h2 class="survey__left" id="left">{words!(language, surveys.end.left, count = left.len())}</h2>
                <ul class="survey__open">{left}</ul>
            </section>
        }
    });
    let (last, after) = (page(&token, &[("q", &asked.len().to_string())]), asked.len() + 1);
    view! {
        <Head title=title.clone() description=title.clone() listed=false/>
        <div class="wrap survey">
            <h1>{words!(language, surveys.end.title)}</h1>
            <Refused language/>
            <p class="lead">{words!(language, surveys.end.text)}</p>
            <form class="stack stack--wide" method="post" action="/api/survey/save">
                <input type="hidden" name="t" value=token/>
                <input type="hidden" name="at" value=after/>
                <Contact wanted language/>
                <div class="survey__ways">
                    <button class="button" type="submit" name="then" value="finish">{words!(language, surveys.end.finish)}</button>
                    <a class="button button--quiet" href=last>{words!(language, surveys.back)}</a>
                </div>
            </form>
            {open}
        </div>
    }
}

/// Questions that only some are asked are there for the style sheet to show, so that it needs no scripts.
#[component]
fn AllOnOne(sheet: Sheet, token: String, language: Language) -> impl IntoView {
    let typed = request::queried("typed");
    let fields = sheet.questions.into_iter().map(|question| {
        let hidden = question.hidden.then_some("true");
        let (part, place) = (question.part.code(), format!("{}-place", anchor(&question)));
        view! { <li data-part=part data-closed=hidden id=place><QuestionField question typed=typed.clone() language/></li> }
    });
    let one = page(&token, &[]);
    let saved = request::queried("saved")
        .map(|_| view! { <p class="notice" data-kind="good" role="status">{words!(language, surveys.saved_all)}</p> });
    view! {
        <Head title=sheet.title.clone() description=sheet.title.clone() listed=false/>
        <div class="wrap survey">
            <h1>{sheet.title}</h1>
            <Refused language/>
            {saved}
            <p><a href=one>{words!(language, surveys.show_one)}</a></p>
            <form class="stack stack--wide" id=FORM method="post" action="/api/survey/save">
                <input type="hidden" name="t" value=token.clone()/>
                <input type="hidden" name="view" value="all"/>
                <ol class="survey__all">{fields.collect_view()}</ol>
                <Contact wanted=sheet.wants_answer language/>
                <div class="survey__ways">
                    <button class="button" type="submit" name="then" value="finish">{words!(language, surveys.end.finish)}</button>
                    <button class="button button--quiet" type="submit" name="then" value="stay">{words!(language, surveys.save)}</button>
                </div>
            </form>
            <Saving words=SavingWords::of(language) token/>
        </div>
    }
}

#[component]
fn Refused(language: Language) -> impl IntoView {
    refused(language).map(|sentence| view! { <p class="notice" data-kind="bad" role="alert">{sentence}</p> })
}

/// Right after finishing, and whenever the link is followed again.
#[component]
fn Thanks(done: Done, language: Language) -> impl IntoView {
    let title = done.title;
    let by = done.answered_by.map(|at| {
        let (day, time) = (format::day(at.date(), language), format::clock(at.time()));
        view! { <p>{words!(language, cases.contact.by, day = day, time = time)}</p> }
    });
    let again = request::queried("done").is_none();
    let text = if again { words!(language, surveys.thanks.again) } else { words!(language, surveys.thanks.text) };
    view! {
        <Head title=title.clone() description=title listed=false/>
        <div class="wrap survey">
            <h1>{words!(language, surveys.thanks.title)}</h1>
            <p class="lead" role="status">{text}</p>
            {by}
            <p>{words!(language, surveys.thanks.person)}</p>
            <div class="cluster">
                <a class="button" href=format!("/{language}")>{words!(language, surveys.thanks.shop)}</a>
                <a class="button button--quiet" href=format!("/{language}/chat")>{words!(language, surveys.over.ask)}</a>
            </div>
        </div>
    }
}
