//! Writing to us: the customer's form, and the desk's for somebody on the phone or at the counter. From an order's
//! page it knows the order already.

use super::{
    super::{answer::RefusedNotice, api::ComplaintForm, labels},
    fields::{Area, Choose, Text, Tick},
};
use crate::{
    backoffice::{Desk, Section},
    layout::Head,
    request, words,
};
use domain::{
    Language,
    chat::{Author, EntryKind},
    complaints::{ComplaintKind, Department, Intake},
    staff::Permission,
    token::Token,
};
use leptos::prelude::*;
use shop::{
    account::customer,
    complaints::{OrderOffer, order_offer},
};

/// `/{language}/complaints/new`
#[component]
pub fn NewPage() -> impl IntoView {
    let language = request::language();
    let content = Suspend::new(async move {
        let form = ComplaintForm::recalled().await;
        let offer = offer(&form).await;
        let form = if offer.is_none() { introduced(form).await } else { form };
        view! { <CustomerForm form offer language/> }
    });
    let title = words!(language, complaints.new.title);
    view! {
        <Head title=title.clone() description=words!(language, complaints.new.lead) listed=false/>
        <div class="wrap complaint">
            <header class="stack stack--tight">
                <h1>{title}</h1>
                <p class="lead">{words!(language, complaints.new.lead)}</p>
            </header>
            <RefusedNotice language/>
            <Suspense>{content}</Suspense>
        </div>
    }
}

/// Who is logged in need not say who they are.
async fn introduced(form: ComplaintForm) -> ComplaintForm {
    let is_blank = form.name.is_empty() && form.email.is_empty() && form.anonymous.is_empty();
    match customer::profile(&request::shop(), &request::actor()).await {
        Ok(profile) if is_blank => ComplaintForm { name: profile.name, email: profile.email, ..form },
        _ => form,
    }
}

async fn offer(form: &ComplaintForm) -> Option<OrderOffer> {
    if form.order.trim().is_empty() {
        return None;
    }
    order_offer(&request::shop(), &request::actor(), &form.order, Some(&Token(form.t.clone()))).await.ok()
}

fn kinds(chosen: &str, language: Language) -> impl IntoView + use<> {
    let chosen = ComplaintKind::from_code(chosen).unwrap_or(ComplaintKind::Complaint);
    let options = ComplaintKind::ALL.iter().map(|&kind| {
        view! {
            <label class="choice">
                <input type="radio" name="kind" value=kind.code() checked=kind == chosen/>
                <span class="choice__text">{labels::kind(kind, language)}</span>
            </label>
        }
    });
    view! {
        <fieldset class="field">
            <legend>{words!(language, complaints.new.kind)}</legend>
            <div class="choices">{options.collect_view()}</div>
        </fieldset>
    }
}

/// The lines of the order, if it is about one.
#[component]
fn OrderLines(offer: OrderOffer, chosen: String, language: Language) -> impl IntoView {
    let options = offer.lines.into_iter().map(|line| (line.position.to_string(), format!("{} × {}", line.quantity, line.title))).collect();
    view! {
        <Choose id="line".to_owned() name="line" label=words!(language, complaints.new.line, number = offer.number) options chosen
            empty=Some(words!(language, complaints.new.whole))/>
    }
}

#[component]
fn CustomerForm(form: ComplaintForm, offer: Option<OrderOffer>, language: Language) -> impl IntoView {
    let abouts: Vec<_> = Department::ALL.iter().map(|&d| (d.code().to_owned(), labels::about(d, language))).collect();
    let known =
        |typed: &str, of_order: Option<&String>| if typed.is_empty() { of_order.cloned().unwrap_or_default() } else { typed.to_owned() };
    let name = known(&form.name, offer.as_ref().map(|o| &o.name));
    let email = known(&form.email, offer.as_ref().map(|o| &o.email));
    let optional = words!(language, complaints.new.optional);
    let of_order = offer.clone().map(|offer| {
        view! {
            <input type="hidden" name="order" value=form.order.clone()/>
            <input type="hidden" name="t" value=form.t.clone()/>
            <OrderLines offer chosen=form.line.clone() language/>
        }
    });
    let anonymous = offer.is_none().then(|| {
        view! {
            <div class="field">
                <Tick name="anonymous" label=words!(language, complaints.new.anonymous) ticked=form.anonymous == "true"/>
                <p class="field__hint">{words!(language, complaints.new.anonymous_hint)}</p>
            </div>
        }
    });
    let from_order = offer.is_none().then(|| view! { <p class="soft small">{words!(language, complaints.new.order_link)}</p> });
    let about = if form.about.is_empty() { Department::Dispatch.code().to_owned() } else { form.about };
    view! {
        <form class="panel stack complaint__form" method="post" action="/api/complaints/open">
            {kinds(&form.kind, language)}
            {from_order}
            {of_order}
            <Area id="statement".to_owned() name="statement" label=words!(language, complaints.new.statement)
                hint=words!(language, complaints.new.statement_hint) value=form.statement rows=6/>
            <Area id="wanted".to_owned() name="wanted" label=words!(language, complaints.new.wanted)
                hint=words!(language, complaints.new.wanted_hint) value=form.wanted rows=3 required=false/>
            <div class="fields">
                <Choose id="about".to_owned() name="about" label=words!(language, complaints.new.about) options=abouts chosen=about/>
                <Text id="happened_on" kind="date" label=format!("{} {optional}", words!(language, complaints.new.happened_on)) value=form.happened_on/>
                <Text id="name" label=words!(language, complaints.new.name) value=name autocomplete="name"/>
                <Text id="email" kind="email" label=words!(language, complaints.new.email) value=email autocomplete="email"/>
            </div>
            {anonymous}
            <button class="button" type="submit">{words!(language, complaints.new.submit)}</button>
        </form>
    }
}

/// `/{language}/desk/complaints/new?conversation=&order=`
#[component]
pub fn DeskNewPage() -> impl IntoView {
    let language = request::language();
    view! {
        <Desk section=Section::Complaints needs=Permission::HandleComplaints title=words!(language, complaints.desk.new)>
            <p class="soft">{words!(language, complaints.desk.lead_new)}</p>
            <RefusedNotice language/>
            <Suspense>
                {Suspend::new(async move {
                    let form = known(ComplaintForm::recalled().await).await;
                    let offer = offer(&form).await;
                    view! { <DeskForm form offer language/> }
                })}
            </Suspense>
        </Desk>
    }
}

/// What the conversation knows already: nobody is asked twice.
async fn known(form: ComplaintForm) -> ComplaintForm {
    let Ok(id) = form.conversation.parse() else { return form };
    let Ok(conversation) = shop::chat::open_one(&request::shop(), &request::actor(), id).await else { return form };
    let or = |typed: String, known: String| if typed.is_empty() { known } else { typed };
    let messages = conversation.entries.entries.iter().filter(|entry| entry.kind == EntryKind::Message && entry.author == Author::Shopper);
    let said = messages.map(|entry| entry.body.as_str()).collect::<Vec<_>>().join("\n");
    let customer = conversation.customer.map(|customer| (customer.name, customer.email)).unwrap_or_default();
    let about = conversation.conversation;
    ComplaintForm {
        statement: or(form.statement, said),
        name: or(or(form.name, customer.0), about.name),
        email: or(or(form.email, customer.1), about.email),
        language: or(form.language, about.language.code().to_owned()),
        ..form
    }
}

#[component]
fn DeskForm(form: ComplaintForm, offer: Option<OrderOffer>, language: Language) -> impl IntoView {
    let departments: Vec<_> = Department::ALL.iter().map(|&d| (d.code().to_owned(), labels::department(d, language))).collect();
    let intakes = Intake::ALL.iter().map(|&i| (i.code().to_owned(), labels::intake(i, language))).collect();
    let languages = Language::ALL.iter().map(|l| (l.code().to_owned(), l.endonym().to_owned())).collect();
    let or = |typed: String, usual: &str| if typed.is_empty() { usual.to_owned() } else { typed };
    let usual_intake = if form.conversation.is_empty() { Intake::Phone } else { Intake::Chat };
    let lines = offer.clone().map(|offer| view! { <OrderLines offer chosen=form.line.clone() language/> });
    let name = or(form.name, offer.as_ref().map_or("", |o| &o.name));
    let email = or(form.email, offer.as_ref().map_or("", |o| &o.email));
    let conversation =
        (!form.conversation.is_empty()).then(|| view! { <input type="hidden" name="conversation" value=form.conversation/> });
    view! {
        <form class="panel stack" method="post" action="/api/desk/complaint-open">
            {conversation}
            {kinds(&form.kind, language)}
            <Area id="statement".to_owned() name="statement" label=words!(language, complaints.new.statement) value=form.statement rows=6/>
            <Area id="wanted".to_owned() name="wanted" label=words!(language, complaints.desk.ask_wanted) value=form.wanted rows=3 required=false/>
            <div class="fields">
                <Text id="order" label=words!(language, complaints.desk.order) value=form.order/>
                {lines}
                <Text id="happened_on" kind="date" label=words!(language, complaints.new.happened_on) value=form.happened_on/>
                <Text id="name" label=words!(language, complaints.new.name) value=name/>
                <Text id="email" kind="email" label=words!(language, complaints.new.email) value=email/>
                <Choose id="language".to_owned() name="language" label=words!(language, complaints.desk.language) options=languages
                    chosen=or(form.language, language.code())/>
                <Choose id="intake".to_owned() name="intake" label=words!(language, complaints.desk.intake) options=intakes
                    chosen=or(form.intake, usual_intake.code())/>
                <Choose id="from".to_owned() name="from" label=words!(language, complaints.desk.from) options=departments.clone()
                    chosen=or(form.from, Department::Service.code())/>
                <Choose id="about".to_owned() name="about" label=words!(language, complaints.desk.about_department) options=departments
                    chosen=or(form.about, Department::Dispatch.code())/>
            </div>
            <Tick name="take" label=words!(language, complaints.desk.take) ticked=true/>
            <Tick name="angry" label=words!(language, complaints.desk.angry) ticked=form.angry == "true"/>
            <button class="button" type="submit">{words!(language, complaints.desk.new)}</button>
        </form>
    }
}
