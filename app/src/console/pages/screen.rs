//! `/{language}/desk`: lists, conversation, customer and order on one screen.

use super::{NoticeBox, blocked::Blocking, customer::CustomerPanel, order::OrderSection, script::Script};
use crate::{
    backoffice::{Desk, Section},
    boundary::report,
    console::{
        api::load,
        islands::{Console, Notice, Open, Start, Tab, Text, Typed},
        refusal,
        way::{ListKind, Way},
        words::ConsoleWords,
    },
    layout::Fault,
    request, words,
};
use domain::{
    Language,
    catalog::{Found, ProductPage},
    chat::{Channel, ChatRefusal, StaffConversation},
    desk::{BlockCard, Template, Variables},
    format,
    staff::{Member, Permission},
};
use leptos::prelude::*;
use shop::{Failure, Outcome, chat, desk};
use std::collections::BTreeMap;

#[component]
pub fn ConsolePage() -> impl IntoView {
    let language = request::language();
    view! {
        <Desk section=Section::Console needs=Permission::Converse title=words!(language, console.title)>
            <Screen language/>
        </Desk>
    }
}

#[component]
fn Screen(language: Language) -> impl IntoView {
    let content = Suspend::new(async move {
        match screen(language).await {
            Ok(screen) => view! { <Shown screen language/> }.into_any(),
            Err(Failure::Refused(_)) => ().into_any(),
            Err(Failure::Fault(fault)) => view! { <Fault reference=report(&fault)/> }.into_any(),
        }
    });
    view! { <Suspense>{content}</Suspense> }
}

/// Everything on the screen.
struct Loaded {
    start: Start,
    way: Way,
    open: Option<Beside>,
}

/// What stands beside the open conversation.
struct Beside {
    conversation: StaffConversation,
    around: desk::Around,
    order: Option<desk::OrderPanel>,
    /// On whose page it began.
    product: Option<ProductPage>,
    drafts: BTreeMap<String, String>,
    runs: Vec<chat::Run>,
    scripts: Vec<desk::ScriptCard>,
    block: Option<BlockCard>,
}

/// Forms that say themselves why they were refused.
const BESIDE: [&str; 9] = ["transfer", "close", "post", "mail", "address", "cancel", "refund", "script", "block"];
/// Forms whose effect is plain to see.
const SEEN: [&str; 3] = ["post", "presence", "script"];

#[component]
fn Shown(screen: Loaded, language: Language) -> impl IntoView {
    let Loaded { start, way, open } = screen;
    let notice = start.notice.clone();
    let on_top = notice
        .clone()
        .filter(|notice| if notice.refused { !BESIDE.contains(&notice.form.as_str()) } else { !SEEN.contains(&notice.form.as_str()) });
    let aside = open.map(|beside| view! { <Aside beside way notice language/> });
    view! {
        <NoticeBox notice=on_top/>
        <div class="console">
            <Console start words=ConsoleWords::of(language)/>
            {aside}
        </div>
    }
}

/// A script that runs stands on top; one that may be begun waits below who it is.
#[component]
fn Aside(beside: Beside, way: Way, notice: Option<Notice>, language: Language) -> impl IntoView {
    let Beside { conversation, around, order, product, drafts, runs, scripts, block } = beside;
    let (listed, id) = (conversation.conversation.clone(), conversation.conversation.id);
    let runs_one = runs.iter().any(|run| run.step.is_some());
    let script = view! { <Script conversation=listed runs scripts way=way.clone() notice=notice.clone() language/> };
    let typed = drafts.get("block").cloned().unwrap_or_default();
    let is_chat = conversation.conversation.channel == Channel::Chat;
    let blocking = is_chat.then(|| view! { <Blocking conversation=id block typed way=way.clone() notice=notice.clone() language/> });
    let (above, below) = if runs_one { (Some(script), None) } else { (None, Some(script)) };
    view! {
        <aside class="beside" aria-label=words!(language, console.customer.title)>
            {above}
            <CustomerPanel conversation around product way=way.clone() language>{blocking}</CustomerPanel>
            {below}
            {order.map(|panel| view! { <OrderSection panel conversation=id way drafts notice language/> })}
        </aside>
    }
}

async fn screen(language: Language) -> Outcome<Loaded, ChatRefusal> {
    let (shop, actor, now) = (request::shop(), request::actor(), request::now());
    let Some(member) = request::member() else { return Err(Failure::Refused(ChatRefusal::NotAllowed)) };
    let pairs = request::query_pairs();
    let mut way = Way::of(&pairs);
    // A page that is looked at is a sign of life, as a heartbeat is.
    let presence = chat::keep_presence(&shop, &actor, now).await?;
    let colleagues = chat::present(&shop, &actor, now).await?;
    let open = match way.conversation {
        Some(id) => match chat::open_one(&shop, &actor, id).await {
            Ok(open) => Some(beside(open, &way, language).await?),
            Err(Failure::Refused(ChatRefusal::NoSuchConversation)) => None,
            Err(failure) => return Err(failure),
        },
        None => None,
    };
    match &open {
        Some(open) => {
            let last = open.conversation.entries.last;
            chat::see_mentions(&shop, &actor, open.conversation.conversation.id, last, now).await?;
        }
        None => way.conversation = None,
    }
    // What calls here is seen by now.
    let lists = load::lists(&way).await?;
    let templates = desk::templates(&shop, &actor).await.map_err(chat_refusal)?;
    let mine = colleagues.iter().find(|colleague| colleague.id == member.id);
    let asked = pairs.iter().find(|(key, _)| key == "template").map(|(_, value)| value.as_str());
    let texts = texts(&templates, open.as_ref(), &member, &way);
    let start = Start {
        language,
        me: member.id,
        my_name: member.name.clone(),
        supervises: member.roles.may(Permission::Supervise),
        tabs: ListKind::ALL
            .into_iter()
            .map(|kind| Tab { code: kind.code().to_owned(), address: way.listing(kind).address(&[]), current: kind == way.list })
            .collect(),
        search: way.search.clone(),
        back: way.query(),
        row: format!("{}{}c=", Way { conversation: None, order: String::new(), ..way.clone() }.address(&[]), "&"),
        cleared: way.listing(way.list).address(&[]),
        older: lists.older.clone().map(|older| Way { older, ..way.clone() }.address(&[])),
        presence,
        load: mine.map_or(0, |colleague| colleague.load),
        cap: mine.map_or(0, |colleague| colleague.cap),
        open: open.as_ref().map(|beside| Open {
            conversation: beside.conversation.conversation.clone(),
            page: beside.conversation.page.clone(),
            shopper_delivered: beside.conversation.shopper_delivered,
            shopper_read: beside.conversation.shopper_read,
            entries: beside.conversation.entries.clone(),
        }),
        typed: typed(open.as_ref(), texts.iter().find(|text| Some(text.shortcut.as_str()) == asked)),
        texts,
        key: shop::new_id(request::now()),
        notice: refusal::notice(&pairs, language),
        now,
        offset: shop.settings.local(now).offset().whole_seconds(),
        lists,
        colleagues,
    };
    Ok(Loaded { start, way, open })
}

async fn beside(conversation: StaffConversation, way: &Way, language: Language) -> Outcome<Beside, ChatRefusal> {
    let (shop, actor, now) = (request::shop(), request::actor(), request::now());
    let id = conversation.conversation.id;
    let around = desk::around(&shop, &actor, id, language, now).await.map_err(chat_refusal)?;
    // The one that was asked for, else the one it is about, else the newest.
    let number = Some(way.order.clone()).filter(|number| !number.is_empty());
    let number =
        number.or_else(|| conversation.conversation.order.clone()).or_else(|| conversation.orders.first().map(|o| o.number.clone()));
    let order = match number {
        Some(number) => match desk::order(&shop, &actor, &number, language, now).await {
            Ok(panel) => Some(panel),
            Err(Failure::Refused(_)) => None,
            Err(Failure::Fault(fault)) => return Err(fault.into()),
        },
        None => None,
    };
    let drafts = desk::drafts(&shop, &actor, id).await.map_err(|failure| failure.map_refusal(|never| match never {}))?;
    let product = product(&conversation.page, language).await?;
    let runs = chat::script_runs(&shop, &actor, id).await.map_err(chat_refusal)?;
    let scripts = desk::scripts(&shop, &actor).await.map_err(chat_refusal)?;
    let block = chat::block_of(&shop, &actor, id, now).await.map_err(chat_refusal)?;
    Ok(Beside { conversation, around, order, product, drafts, runs, scripts, block })
}

/// The product whose page this is.
async fn product(page: &str, language: Language) -> Outcome<Option<ProductPage>, ChatRefusal> {
    let mut parts = page.trim_start_matches('/').split('/');
    let (Some(theirs), Some("p"), Some(slug), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else { return Ok(None) };
    let Ok(theirs) = theirs.parse::<Language>() else { return Ok(None) };
    let find = |language, slug: String| async move {
        let found = shop::catalog::product::page(&request::shop(), language, &slug, request::now()).await;
        found.map_err(|failure| failure.map_refusal(|never| match never {}))
    };
    // Found by the name it has in their language, and read in one's own.
    let Found::Here(found) = find(theirs, slug.to_owned()).await? else { return Ok(None) };
    let Some((_, own)) = found.slugs.iter().find(|(each, _)| *each == language && language != theirs) else { return Ok(Some(found)) };
    match find(language, own.clone()).await? {
        Found::Here(product) => Ok(Some(product)),
        Found::Moved(_) | Found::Nowhere => Ok(Some(found)),
    }
}

fn chat_refusal<E>(failure: Failure<E>) -> Failure<ChatRefusal> {
    failure.map_refusal(|_| ChatRefusal::NotAllowed)
}

/// The templates in the customer's language, their places taken.
fn texts(templates: &[Template], open: Option<&Beside>, member: &Member, way: &Way) -> Vec<Text> {
    let language = open.map_or(Language::default(), |beside| beside.conversation.conversation.language);
    let order = open.and_then(|beside| beside.order.as_ref());
    let variables = Variables {
        name: open.map(|beside| beside.conversation.conversation.name.clone()).unwrap_or_default(),
        order: order.map(|panel| panel.order.number.clone()).unwrap_or_default(),
        promised: order.map(|panel| format::day(panel.order.promised.latest, language)).unwrap_or_default(),
        agent: member.name.clone(),
    };
    let text = |template: &Template| Text {
        shortcut: template.shortcut.clone(),
        title: template.title.get(request::language()).to_owned(),
        body: template.filled(language, &variables),
        calm: template.calm,
        address: format!("{}#post", way.address(&[("template", &template.shortcut)])),
    };
    templates.iter().map(text).collect()
}

/// What was typed and not taken; a template that was asked for follows it.
fn typed(open: Option<&Beside>, asked: Option<&Text>) -> Typed {
    let draft = |form: &str| open.and_then(|beside| beside.drafts.get(form).cloned()).unwrap_or_default();
    let transfer: serde_json::Value = serde_json::from_str(&draft("transfer")).unwrap_or_default();
    let parts = [draft("post"), asked.map(|text| text.body.clone()).unwrap_or_default()];
    Typed {
        post: parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n"),
        transfer_to: transfer["to"].as_str().and_then(|id| id.parse().ok()),
        summary: transfer["summary"].as_str().unwrap_or_default().to_owned(),
        close: draft("close"),
    }
}
