//! The rules of the desk, for those who may set them.

use crate::{request, words};
use domain::{Language, credit::MakesUpBy, staff::Permission};
use leptos::prelude::*;
use shop::promises::Rules;

#[component]
pub(super) fn RulesForm(language: Language) -> impl IntoView {
    request::actor().may(Permission::SetRules).then(|| {
        view! {
            <section class="panel stack" id="rules" aria-labelledby="rules-title">
                <h2 id="rules-title">{words!(language, promises.rules.title)}</h2>
                <Said language/>
                <Suspense>
                    {Suspend::new(async move {
                        shop::promises::rules(&request::shop()).await.ok().map(|rules| view! { <Fields rules language/> })
                    })}
                </Suspense>
            </section>
        }
    })
}

#[component]
fn Said(language: Language) -> impl IntoView {
    match request::queried("rules").as_deref() {
        Some("set") => {
            Some(view! { <p class="notice" data-kind="good" role="status">{words!(language, promises.rules.done)}</p> }.into_any())
        }
        Some(_) => Some(view! { <p class="notice" data-kind="bad" role="alert">{words!(language, promises.rules.refused)}</p> }.into_any()),
        None => None,
    }
}

#[component]
fn Fields(rules: Rules, language: Language) -> impl IntoView {
    let late = rules.late_basis_points / 100;
    let month = rules.credit_month_minor / 100;
    view! {
        <form class="stack" method="post" action="/api/desk/service-rules">
            <div class="fields">
                <div class="field">
                    <label for="rule-reply">{words!(language, promises.rules.reply)}</label>
                    <input id="rule-reply" name="reply" type="number" min="1" max="100000" required value=rules.complaint_reply_minutes/>
                </div>
                <div class="field">
                    <label for="rule-confirmation">{words!(language, promises.rules.confirmation)}</label>
                    <input id="rule-confirmation" name="confirmation" type="number" min="1" max="365" required value=rules.confirmation_days/>
                </div>
                <div class="field">
                    <label for="rule-late">{words!(language, promises.rules.late)}</label>
                    <input id="rule-late" name="late" type="number" min="0" max="100" required value=late aria-describedby="rule-late-hint"/>
                    <p class="field__hint" id="rule-late-hint">{words!(language, promises.rules.late_hint)}</p>
                </div>
                <div class="field">
                    <label for="rule-late-by">{words!(language, promises.rules.late_by)}</label>
                    <select id="rule-late-by" name="late_by">
                        <option value=MakesUpBy::Credit.code() selected=rules.late_by == MakesUpBy::Credit>{words!(language, promises.rules.as_credit)}</option>
                        <option value=MakesUpBy::Refund.code() selected=rules.late_by == MakesUpBy::Refund>{words!(language, promises.rules.as_refund)}</option>
                    </select>
                </div>
                <div class="field">
                    <label for="rule-month">{words!(language, promises.rules.month)}</label>
                    <input id="rule-month" name="month" type="number" min="0" max="1000000" required value=month/>
                </div>
            </div>
            <div><button class="button" type="submit">{words!(language, promises.rules.submit)}</button></div>
        </form>
    }
}
