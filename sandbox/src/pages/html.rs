//! The payment page's HTML: plain, without scripts, readable on a phone and by a screen reader. All text
//! that comes from outside goes through [`escape`].

use std::fmt::Write;

use super::card_form::{CardForm, Field};
use super::words::{Language, Words, test_cards};
use crate::money;
use crate::store::Stored;

/// Text and attribute values, made harmless.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

fn page(language: Language, title: &str, content: &str) -> String {
    let (tag, banner) = (language.tag(), language.words().banner);
    format!(
        "<!DOCTYPE html>\n<html lang=\"{tag}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"robots\" content=\"noindex\"><title>{title}</title>\
         <link rel=\"stylesheet\" href=\"/sandbox/style.css\"></head>\
         <body><p class=\"banner\" role=\"note\">{banner}</p><main><h1>{title}</h1>{content}</main>\
         </body></html>"
    )
}

/// A page that only says something, with a link onwards where there is one.
pub(super) fn notice(language: Language, title: &str, text: &str, link: Option<(&str, &str)>) -> String {
    let link = link.map_or_else(String::new, |(url, label)| format!("<p><a class=\"button\" href=\"{}\">{label}</a></p>", escape(url)));
    page(language, title, &format!("<p>{text}</p>{link}"))
}

/// The payment page of an open session.
pub(super) fn pay(session: &Stored, form: &CardForm, language: Language) -> String {
    let words = language.words();
    let mut content = summary(session, language);
    content.push_str(&card_section(session, form, words, language));
    let takes_debit =
        session.body["payment_method_types"].as_array().is_some_and(|methods| methods.iter().any(|method| method == "sepa_debit"));
    if takes_debit {
        content.push_str(&debit_section(session, words));
    }
    if let Some(url) = session.body["cancel_url"].as_str() {
        let _ = write!(content, "<p><a href=\"{}\">{}</a></p>", escape(url), words.cancel);
    }
    page(language, words.title, &content)
}

fn summary(session: &Stored, language: Language) -> String {
    let words = language.words();
    let currency = session.text("currency");
    let mut rows = String::new();
    for item in session.hidden["line_items"].as_array().into_iter().flatten() {
        let quantity = item["quantity"].as_i64().unwrap_or(1);
        let times = if quantity > 1 { format!(" × {quantity}") } else { String::new() };
        let _ = write!(
            rows,
            "<tr><td>{}{times}</td><td class=\"amount\">{}</td></tr>",
            escape(item["description"].as_str().unwrap_or_default()),
            money::format(item["amount_total"].as_i64().unwrap_or_default(), currency, language),
        );
    }
    let total = money::format(session.number("amount_total"), currency, language);
    format!(
        "<table><caption>{}</caption><thead><tr><th scope=\"col\">{}</th>\
         <th scope=\"col\" class=\"amount\">{}</th></tr></thead><tbody>{rows}</tbody>\
         <tfoot><tr><th scope=\"row\">{}</th><td class=\"amount\">{total}</td></tr></tfoot></table>",
        words.summary, words.item, words.amount, words.total,
    )
}

fn card_section(session: &Stored, form: &CardForm, words: &Words, language: Language) -> String {
    let total = money::format(session.number("amount_total"), session.text("currency"), language);
    let alert = if form.has_errors() { format!("<p class=\"alert\" role=\"alert\">{}</p>", words.refused) } else { String::new() };
    let number_hint = form.last4_before.as_ref().map(|last4| format!("{} {}.", words.number_before, escape(last4)));
    let fields = [
        input(form, Field::Number, words.number, number_hint.as_deref()),
        format!(
            "<div class=\"pair\">{}{}</div>",
            input(form, Field::Expiry, words.expiry, Some(words.expiry_hint)),
            input(form, Field::Cvc, words.cvc, Some(words.cvc_hint)),
        ),
        input(form, Field::Name, words.name, None),
    ];
    format!(
        "<section aria-labelledby=\"by-card\"><h2 id=\"by-card\">{}</h2>{alert}\
         <form method=\"post\" action=\"/sandbox/pay/{}\" novalidate>{}\
         <button type=\"submit\" name=\"method\" value=\"card\">{} {total}</button></form>{}</section>",
        words.by_card,
        escape(&session.id),
        fields.concat(),
        words.pay,
        card_table(words, language),
    )
}

/// Without autocompletion: a browser would offer its owner's real cards.
fn input(form: &CardForm, field: Field, label: &str, hint: Option<&str>) -> String {
    let (name, mode) = match field {
        Field::Number => ("number", "numeric"),
        Field::Expiry => ("expiry", "text"),
        Field::Cvc => ("cvc", "numeric"),
        Field::Name => ("name", "text"),
    };
    let mut described = Vec::new();
    let mut notes = String::new();
    if let Some(hint) = hint {
        described.push(format!("{name}-hint"));
        let _ = write!(notes, "<p class=\"hint\" id=\"{name}-hint\">{hint}</p>");
    }
    let error = form.error(field);
    if let Some(error) = error {
        described.push(format!("{name}-error"));
        let _ = write!(notes, "<p class=\"error\" id=\"{name}-error\">{error}</p>");
    }
    let described = if described.is_empty() { String::new() } else { format!(" aria-describedby=\"{}\"", described.join(" ")) };
    let invalid = if error.is_some() { " aria-invalid=\"true\"" } else { "" };
    format!(
        "<div class=\"field\"><label for=\"{name}\">{label}</label>{notes}\
         <input id=\"{name}\" name=\"{name}\" value=\"{}\" autocomplete=\"off\" \
         inputmode=\"{mode}\" maxlength=\"60\" required{described}{invalid}></div>",
        escape(form.value(field)),
    )
}

fn card_table(words: &Words, language: Language) -> String {
    let mut rows = String::new();
    for (number, outcome) in test_cards(language) {
        let _ = write!(rows, "<tr><td class=\"number\">{number}</td><td>{outcome}</td></tr>");
    }
    format!(
        "<details><summary>{}</summary><p>{}</p><table><thead><tr><th scope=\"col\">{}</th>\
         <th scope=\"col\">{}</th></tr></thead><tbody>{rows}</tbody></table></details>",
        words.test_cards, words.test_cards_hint, words.number, words.outcome,
    )
}

fn debit_section(session: &Stored, words: &Words) -> String {
    format!(
        "<details><summary>{}</summary><p>{}</p>\
         <form method=\"post\" action=\"/sandbox/pay/{}\">\
         <button type=\"submit\" name=\"method\" value=\"debit_succeeds\">{}</button> \
         <button type=\"submit\" name=\"method\" value=\"debit_fails\" class=\"quiet\">{}</button>\
         </form></details>",
        words.by_debit,
        words.debit_hint,
        escape(&session.id),
        words.debit_succeeds,
        words.debit_fails,
    )
}

/// The bank's question.
pub(super) fn challenge(challenge: &Stored, session: &Stored, language: Language) -> String {
    let words = language.words();
    let total = money::format(session.number("amount_total"), session.text("currency"), language);
    let content = format!(
        "<p>{}</p><p class=\"total\">{}: <strong>{total}</strong> · •••• {}</p>\
         <form method=\"post\" action=\"/sandbox/3ds/{}\">\
         <button type=\"submit\" name=\"answer\" value=\"authorise\">{}</button> \
         <button type=\"submit\" name=\"answer\" value=\"fail\" class=\"quiet\">{}</button></form>",
        words.challenge_text,
        words.total,
        escape(challenge.text("last4")),
        escape(&challenge.id),
        words.authorise,
        words.fail,
    );
    page(language, words.challenge_title, &content)
}
