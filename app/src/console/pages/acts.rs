//! What one may do with an order: forms that open in place, each with a key, so that a second click does nothing.

use super::order::Act;
use crate::{console::refusal::order_state, request, words};
use domain::{address::Country, desk::OrderMail, format};
use leptos::prelude::*;
use serde_json::Value;

impl Act {
    /// Why this form was refused.
    fn refused(self, form: &str) -> Option<String> {
        self.notice.with_value(|notice| notice.as_ref().filter(|n| n.refused && n.form == form).map(|n| n.sentence.clone()))
    }

    fn number(self) -> String {
        self.panel.with_value(|panel| panel.order.number.clone())
    }
}

/// What every form carries, and why it was refused.
#[component]
fn Carried(act: Act, form: &'static str) -> impl IntoView {
    let key = shop::new_id(request::now());
    view! {
        <input type="hidden" name="key" value=key.to_string()/>
        <input type="hidden" name="number" value=act.number()/>
        <input type="hidden" name="conversation" value=act.conversation.to_string()/>
        <input type="hidden" name="back" value=act.back.get_value()/>
        {act.refused(form).map(|why| view! { <p class="field__error" role="alert" id=format!("{form}-error")>{why}</p> })}
    }
}

#[component]
pub(super) fn Refund(act: Act, typed: String) -> impl IntoView {
    let language = act.language;
    let (refundable, limited) = act.panel.with_value(|panel| (panel.refundable, panel.limited));
    let typed: Value = serde_json::from_str(&typed).unwrap_or_default();
    let field = |name: &str| typed[name].as_str().unwrap_or_default().to_owned();
    let (amount, reason) = (field("amount"), field("reason"));
    let is_refused = act.refused("refund").is_some();
    let form = match refundable {
        None => view! { <p class="act__form soft">{words!(language, console.order.refund_none)}</p> }.into_any(),
        Some(most) => {
            let most = format::money(most, language);
            let hint = if limited {
                words!(language, console.order.refund_limit, money = most)
            } else {
                words!(language, console.order.refund_most, money = most)
            };
            view! {
                <form class="act__form stack stack--tight" method="post" action="/api/desk/order/refund">
                    <Carried act form="refund"/>
                    <div class="field">
                        <label for="refund-amount">{words!(language, console.order.amount)}</label>
                        <input id="refund-amount" name="amount" type="text" inputmode="decimal" autocomplete="off" value=amount aria-required="true"
                            aria-invalid=is_refused.to_string() aria-describedby="refund-hint refund-error"/>
                        <p class="field__hint" id="refund-hint">{hint}</p>
                    </div>
                    <div class="field">
                        <label for="refund-reason">{words!(language, console.order.reason)}</label>
                        <input id="refund-reason" name="reason" type="text" value=reason maxlength="200" aria-required="true"/>
                    </div>
                    <button class="button button--small" type="submit">{words!(language, console.order.refund_submit)}</button>
                </form>
            }
            .into_any()
        }
    };
    view! {
        <details class="act" id="refund" open=is_refused>
            <summary class="button button--quiet button--small">{words!(language, console.order.refund)}</summary>
            {form}
        </details>
    }
}

#[component]
pub(super) fn Credit(act: Act, typed: String) -> impl IntoView {
    let language = act.language;
    let typed: Value = serde_json::from_str(&typed).unwrap_or_default();
    let field = |name: &str| typed[name].as_str().unwrap_or_default().to_owned();
    let (amount, reason) = (field("amount"), field("reason"));
    let is_refused = act.refused("credit").is_some();
    view! {
        <details class="act" id="credit" open=is_refused>
            <summary class="button button--quiet button--small">{words!(language, console.order.credit)}</summary>
            <form class="act__form stack stack--tight" method="post" action="/api/desk/order/credit">
                <Carried act form="credit"/>
                <div class="field">
                    <label for="credit-amount">{words!(language, console.order.amount)}</label>
                    <input id="credit-amount" name="amount" type="text" inputmode="decimal" autocomplete="off" value=amount aria-required="true"
                        aria-invalid=is_refused.to_string() aria-describedby="credit-hint credit-error"/>
                    <p class="field__hint" id="credit-hint">{words!(language, console.order.credit_hint)}</p>
                </div>
                <div class="field">
                    <label for="credit-reason">{words!(language, console.order.reason)}</label>
                    <input id="credit-reason" name="reason" type="text" value=reason maxlength="200" aria-required="true"/>
                </div>
                <button class="button button--small" type="submit">{words!(language, console.order.credit_submit)}</button>
            </form>
        </details>
    }
}

#[component]
pub(super) fn Address(act: Act, typed: String) -> impl IntoView {
    let language = act.language;
    let (may, state, name, address) =
        act.panel.with_value(|panel| (panel.may_change_address, panel.order.state, panel.order.name.clone(), panel.order.address.clone()));
    let typed: Value = serde_json::from_str(&typed).unwrap_or_default();
    let field = |key: &str, now: &str| typed[key].as_str().unwrap_or(now).to_owned();
    let country = Country::by_code(&address.country);
    let fields = [
        ("name", words!(language, console.order.name), field("name", &name)),
        ("line1", words!(language, console.order.line1), field("line1", &address.line1)),
        ("line2", words!(language, console.order.line2), field("line2", &address.line2)),
        ("postcode", words!(language, console.order.postcode), field("postcode", &address.postcode)),
        ("city", words!(language, console.order.city), field("city", &address.city)),
    ];
    let region = field("region", &address.region);
    let regions = country.map(|country| country.regions).filter(|regions| !regions.is_empty()).map(|regions| {
        let options = regions.iter().map(|(code, name)| view! { <option value=*code selected=*code == region>{*name}</option> });
        view! {
            <div class="field">
                <label for="address-region">{words!(language, console.order.region)}</label>
                <select id="address-region" name="region">{options.collect_view()}</select>
            </div>
        }
    });
    let inputs = fields.map(|(key, label, value)| {
        view! {
            <div class="field">
                <label for=format!("address-{key}")>{label}</label>
                <input id=format!("address-{key}") name=key type="text" autocomplete="off" value=value/>
            </div>
        }
    });
    let country_name = country.map_or(address.country.clone(), |country| country.name(language).to_owned());
    let form = if may {
        view! {
            <form class="act__form stack stack--tight" method="post" action="/api/desk/order/address">
                <Carried act form="address"/>
                {inputs.into_iter().collect_view()}
                {regions}
                <p class="field__hint">{words!(language, console.order.country, country = country_name)}</p>
                <button class="button button--small" type="submit">{words!(language, console.order.address_submit)}</button>
            </form>
        }
        .into_any()
    } else {
        let state = order_state(state, language);
        let refused = act.refused("address").map(|why| view! { <p class="field__error" role="alert">{why}</p> });
        view! { <div class="act__form">{refused}<p class="soft">{words!(language, console.order.address_packed, state = state)}</p></div> }
            .into_any()
    };
    view! {
        <details class="act" id="address" open=act.refused("address").is_some()>
            <summary class="button button--quiet button--small">{words!(language, console.order.address)}</summary>
            {form}
        </details>
    }
}

#[component]
pub(super) fn Mail(act: Act) -> impl IntoView {
    let language = act.language;
    let (mails, email) = act.panel.with_value(|panel| (panel.mails.clone(), panel.order.email.clone()));
    let is_empty = mails.is_empty();
    let buttons = mails.into_iter().map(|(mail, at)| {
        let name = match mail {
            OrderMail::Confirmation => words!(language, console.order.mail_confirmation),
            OrderMail::Dispatched => words!(language, console.order.mail_dispatched),
            OrderMail::Delivered => words!(language, console.order.mail_delivered),
        };
        let label = words!(language, console.order.mail_of, mail = name, day = format::short_day(at.date(), language));
        view! {
            <form class="card__inline" method="post" action="/api/desk/order/mail">
                <Carried act form="mail"/>
                <span>{label.clone()}</span>
                <button class="button button--quiet button--small" name="mail" value=mail.code() aria-label=format!("{}: {label}", words!(language, console.order.mail_submit))>
                    {words!(language, console.order.mail_submit)}
                </button>
            </form>
        }
    });
    let buttons = buttons.collect_view();
    let none = is_empty.then(|| view! { <p class="soft">{words!(language, console.order.no_mails)}</p> });
    view! {
        <details class="act" id="mail" open=act.refused("mail").is_some()>
            <summary class="button button--quiet button--small">{words!(language, console.order.mail)}</summary>
            <div class="act__form stack stack--tight">
                <p class="soft">{words!(language, console.order.mail_text, email = email)}</p>
                {none}
                {buttons}
            </div>
        </details>
    }
}

#[component]
pub(super) fn Cancel(act: Act, typed: String) -> impl IntoView {
    let language = act.language;
    let (may, state, paid, number) = act.panel.with_value(|panel| {
        (panel.may_cancel, panel.order.state, panel.order.total.minus(panel.order.refunded), panel.order.number.clone())
    });
    let is_refused = act.refused("cancel").is_some();
    let form = if may {
        let text = match paid {
            Ok(paid) if state != domain::orders::OrderState::Placed && !paid.is_zero() => {
                words!(language, console.order.cancel_text, money = format::money(paid, language))
            }
            _ => words!(language, console.order.cancel_unpaid),
        };
        view! {
            <form class="act__form stack stack--tight" method="post" action="/api/desk/order/cancel">
                <Carried act form="cancel"/>
                <p>{text}</p>
                <div class="field">
                    <label for="cancel-reason">{words!(language, console.order.reason)}</label>
                    <input id="cancel-reason" name="reason" type="text" value=typed maxlength="200" aria-required="true" aria-invalid=is_refused.to_string()
                        aria-describedby="cancel-error"/>
                </div>
                <button class="button button--danger button--small" type="submit">{words!(language, console.order.cancel_submit, number = number)}</button>
            </form>
        }
        .into_any()
    } else {
        let refused = act.refused("cancel").map(|why| view! { <p class="field__error" role="alert">{why}</p> });
        let state = order_state(state, language);
        view! { <div class="act__form">{refused}<p class="soft">{words!(language, console.order.cancel_not, state = state)}</p></div> }
            .into_any()
    };
    view! {
        <details class="act" id="cancel" open=is_refused>
            <summary class="button button--quiet button--small">{words!(language, console.order.cancel)}</summary>
            {form}
        </details>
    }
}
