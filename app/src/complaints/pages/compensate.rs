//! Making up for a complaint: a sum, as credit or the way the order was paid, and why.

use crate::{request, words};
use domain::{Language, complaints::Stage, staff::Permission};
use leptos::prelude::*;
use shop::complaints::View as Complaint;

#[component]
pub(super) fn Compensate(complaint: Complaint, language: Language) -> impl IntoView {
    let may = complaint.may_work && complaint.stage != Stage::Opened && request::actor().may(Permission::GiveBack);
    let typed = |name: &str| request::queried(name).unwrap_or_default();
    let (way, amount, reason) = (typed("way"), typed("amount"), typed("reason"));
    let key = shop::new_id(request::now()).to_string();
    may.then(|| {
        view! {
            <section class="panel stack" id="compensate" aria-labelledby="compensate-title">
                <h2 id="compensate-title">{words!(language, complaints.compensate.title)}</h2>
                <form class="stack" method="post" action="/api/desk/complaint-compensate">
                    <input type="hidden" name="key" value=key/>
                    <input type="hidden" name="number" value=complaint.number/>
                    <div class="field">
                        <label for="compensate-way">{words!(language, complaints.compensate.way)}</label>
                        <select id="compensate-way" name="way">
                            <option value="credit">{words!(language, complaints.compensate.credit)}</option>
                            <option value="refund" selected=way == "refund">{words!(language, complaints.compensate.refund)}</option>
                        </select>
                    </div>
                    <div class="field">
                        <label for="compensate-amount">{words!(language, complaints.compensate.amount)}</label>
                        <input id="compensate-amount" name="amount" type="text" inputmode="decimal" autocomplete="off" value=amount aria-required="true"/>
                    </div>
                    <div class="field">
                        <label for="compensate-reason">{words!(language, complaints.compensate.reason)}</label>
                        <input id="compensate-reason" name="reason" type="text" maxlength="200" value=reason aria-required="true"/>
                    </div>
                    <div><button class="button" type="submit">{words!(language, complaints.compensate.submit)}</button></div>
                </form>
            </section>
        }
    })
}
