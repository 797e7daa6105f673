//! Mail that comes from outside, read: to which conversation it goes, who sent it, what is new in it, and its files.
//! What programs send by themselves is left alone, or two of them would answer each other for ever.

use crate::{Settings, signing};
use domain::{
    chat::{MOST_ATTACHMENTS, MOST_BYTES},
    reply,
};
use lettre::{Address, message::Mailbox};
use mail_parser::{Addr, Message, MessageParser, MimeHeaders, PartType, decoders::html::html_to_text};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The largest mail that is read: as many files as a message takes, as mail encodes them, and the rest of it.
pub const MOST_MAIL: usize = MOST_ATTACHMENTS * MOST_BYTES / 3 * 4 + 2 * 1024 * 1024;

/// Stands for the token in the address that answers go to.
const TOKEN: &str = "{token}";
/// Where mail servers write whom a mail was for, besides `To` and `Cc`.
const ENVELOPES: [&str; 5] = ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Forwarded-To"];

/// Why a mail is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InboundRefusal {
    #[error("answers by mail are not set up: INBOUND_MAIL_ADDRESS is missing")]
    NotSetUp,
    #[error("this cannot be read as a mail")]
    Unreadable,
    #[error("a mail may have at most {} MB", MOST_MAIL / 1_000_000)]
    TooLarge,
    #[error("no conversation has this address: answer the latest mail from us, or write to us from our page")]
    UnknownAddress,
}

/// An answer to a mail of a conversation.
pub(crate) struct Answer {
    /// The conversation's number, by a token that is ours.
    pub(crate) conversation: i64,
    pub(crate) from: String,
    /// The same for the same mail, however often it comes.
    pub(crate) id: Uuid,
    /// Without what it quotes.
    pub(crate) text: String,
    pub(crate) files: Vec<(String, Vec<u8>)>,
}

pub(crate) enum Mail {
    Answer(Answer),
    /// Not from a person, and why we think so.
    Automatic(&'static str),
}

/// # Errors
/// Why no answer could ever arrive at this address.
pub fn check_inbound(pattern: &str) -> Result<(), String> {
    if pattern.matches(TOKEN).count() != 1 {
        return Err(format!("`{pattern}` must hold {TOKEN} once"));
    }
    let example = pattern.replace(TOKEN, "123456-0123456789abcdef01234567");
    let parsed: Address = example.parse().map_err(|error| format!("`{pattern}` is no address: {error}"))?;
    if !parsed.user().contains("123456-") {
        return Err(format!("{TOKEN} must stand before the @"));
    }
    if parsed.user().len() > 64 {
        return Err("what stands before the @ is too long".into());
    }
    Ok(())
}

/// Where answers to a conversation's mails go; `None` where nobody reads them.
pub(crate) fn reply_address(settings: &Settings, conversation: i64) -> Option<String> {
    Some(settings.inbound_address.as_ref()?.replace(TOKEN, &signing::reply_token(settings, conversation)))
}

/// # Errors
/// Not set up, not to be read, or to an address that is none of ours.
pub(crate) fn read(settings: &Settings, raw: &[u8]) -> Result<Mail, InboundRefusal> {
    let pattern = settings.inbound_address.as_deref().ok_or(InboundRefusal::NotSetUp)?;
    if raw.len() > MOST_MAIL {
        return Err(InboundRefusal::TooLarge);
    }
    let message = MessageParser::default().parse(raw).ok_or(InboundRefusal::Unreadable)?;
    let from = message.from().and_then(|from| from.first()?.address()).map(str::to_owned).ok_or(InboundRefusal::Unreadable)?;
    if let Some(why) = automatic(&message) {
        return Ok(Mail::Automatic(why));
    }
    if is_own(settings, pattern, &from) {
        return Ok(Mail::Automatic("a mail of our own"));
    }
    let token = recipients(&message).iter().find_map(|address| token_in(pattern, address)).ok_or(InboundRefusal::UnknownAddress)?;
    let conversation = signing::conversation_from_reply(settings, &token).ok_or(InboundRefusal::UnknownAddress)?;
    Ok(Mail::Answer(Answer { conversation, from, id: id(&message, raw), text: reply::new_text(&text(&message)), files: files(&message) }))
}

/// By what automatic answers, mailing lists and reports of failure say of themselves.
fn automatic(message: &Message<'_>) -> Option<&'static str> {
    let said = |name: &'static str| message.header_raw(name).map(|value| value.trim().to_lowercase());
    if said("Auto-Submitted").is_some_and(|said| said != "no")
        || ["X-Autoreply", "X-Autorespond"].into_iter().any(|name| said(name).is_some())
    {
        return Some("an automatic answer");
    }
    if said("Precedence").is_some_and(|said| ["bulk", "junk", "list", "auto_reply"].contains(&said.as_str())) || said("List-Id").is_some() {
        return Some("a mail to many");
    }
    let is_report = said("Content-Type").is_some_and(|said| said.starts_with("multipart/report"));
    (is_report || said("Return-Path").is_some_and(|said| said == "<>")).then_some("a report of another mail")
}

fn is_own(settings: &Settings, pattern: &str, from: &str) -> bool {
    let sender = settings.mail_from.parse::<Mailbox>().is_ok_and(|sender| sender.email.to_string().eq_ignore_ascii_case(from));
    sender || token_in(pattern, from).is_some()
}

/// Every address the mail went to, as far as it knows.
fn recipients(message: &Message<'_>) -> Vec<String> {
    let named = [message.to(), message.cc()].into_iter().flatten().flat_map(|all| all.iter().filter_map(Addr::address).map(str::to_owned));
    let of_envelope = ENVELOPES.into_iter().filter_map(|name| message.header_raw(name));
    named.chain(of_envelope.map(|value| value.trim().trim_matches(['<', '>']).to_owned())).collect()
}

fn token_in(pattern: &str, address: &str) -> Option<String> {
    let (before, after) = pattern.split_once(TOKEN)?;
    let (before, after, address) = (before.to_lowercase(), after.to_lowercase(), address.to_lowercase());
    Some(address.strip_prefix(&before)?.strip_suffix(&after)?.to_owned()).filter(|token| !token.is_empty())
}

/// By the mail's own id; by all of it, where it has none.
fn id(message: &Message<'_>, raw: &[u8]) -> Uuid {
    let hash = Sha256::digest(message.message_id().map_or(raw, str::as_bytes));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

fn text(message: &Message<'_>) -> String {
    let parts = message.text_bodies().filter_map(|part| match &part.body {
        PartType::Text(text) => Some(text.to_string()),
        PartType::Html(html) => Some(html_to_text(&with_lines(html))),
        _ => None,
    });
    parts.collect::<Vec<_>>().join("\n")
}

/// Where programs begin the letter that they quote.
const QUOTATIONS: [&str; 4] = ["class=\"gmail_quote", "<blockquote type=\"cite\"", "id=\"divrplyfwdmsg\"", "id=\"appendonsend\""];
/// After or before what a line ends; the parser breaks lines at `<br>` and `</p>` only.
const ENDS_OF_LINES: [&str; 8] = ["</div>", "</li>", "</tr>", "</h1>", "</h2>", "<blockquote", "<hr", "<br "];

/// HTML with plain line breaks, and with our line to write above where a quotation begins.
fn with_lines(html: &str) -> String {
    // Upper-case letters outside of ASCII may have another length in small ones: positions must stay.
    let lower = html.to_ascii_lowercase();
    let quotation = QUOTATIONS.iter().filter_map(|sign| lower.find(sign)).min().map(|at| lower[..=at].rfind('<').unwrap_or(at));
    let mut lines = String::with_capacity(html.len() + html.len() / 8);
    for (at, letter) in html.char_indices() {
        if quotation == Some(at) {
            lines.push_str("<br>");
            lines.push_str(&reply::above_line(domain::Language::En));
            lines.push_str("<br>");
        }
        if letter == '<' && ENDS_OF_LINES.iter().any(|end| lower[at..].starts_with(end)) {
            lines.push_str("<br>");
        }
        lines.push(letter);
    }
    lines
}

fn files(message: &Message<'_>) -> Vec<(String, Vec<u8>)> {
    message.attachments().map(|part| (part.attachment_name().unwrap_or_default().to_owned(), part.contents().to_vec())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_for_answers_has_one_token_before_the_at() {
        assert!(check_inbound("reply+{token}@shop.test").is_ok() && check_inbound("{token}@reply.shop.test").is_ok());
        for wrong in ["reply@shop.test", "reply+{token}", "a@{token}.test", "{token}{token}@shop.test", "a b{token}@shop.test"] {
            assert!(check_inbound(wrong).is_err(), "{wrong}");
        }
        assert_eq!(token_in("reply+{token}@shop.test", "Reply+1-AB@Shop.test").as_deref(), Some("1-ab"));
        assert_eq!(token_in("reply+{token}@shop.test", "reply+@shop.test"), None);
        assert_eq!(token_in("reply+{token}@shop.test", "reply+1@elsewhere.test"), None);
    }

    #[test]
    fn html_keeps_its_lines_and_ends_where_it_quotes() {
        let html = "<div>Sí, gracias.</div><div>¿Y el otro?</div><div class=\"gmail_quote\">Den 30. nov skrev Barro:<blockquote>Hola</blockquote></div>";
        assert_eq!(reply::new_text(&html_to_text(&with_lines(html))), "Sí, gracias.\n¿Y el otro?");
        let html = "<P>One<BR clear=all>two</P><BLOCKQUOTE type=\"cite\">old</BLOCKQUOTE>";
        assert_eq!(reply::new_text(&html_to_text(&with_lines(html))), "One\ntwo");
    }
}
