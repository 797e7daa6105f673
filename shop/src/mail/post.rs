//! The way out: a pooled SMTP connection, or files in the data folder where no server is set.

use super::{Rejected, Written};
use crate::{Failure, Fault, Outcome, Settings, settings::is_loopback};
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp,
};
use std::time::Duration;
use time::OffsetDateTime;
use tokio::sync::OnceCell;

type Server = AsyncSmtpTransport<Tokio1Executor>;

/// For each step of the conversation with the mail server: other jobs wait meanwhile.
const PATIENCE: Duration = Duration::from_secs(20);

/// One pool of connections a process: its settings are read once, at start.
static SERVER: OnceCell<Server> = OnceCell::const_new();

/// # Errors
/// Why no mail could ever be sent with these settings.
pub fn check(mail_from: &str, smtp_url: Option<&str>) -> Result<(), String> {
    let from: Mailbox = mail_from.parse().map_err(|error| format!("`{mail_from}` is no sender: {error}"))?;
    let Some(url) = smtp_url else { return Ok(()) };
    // The address holds a password, so it is not repeated.
    Server::from_url(url).map_err(|error| format!("no mail server has such an address: {error}"))?;
    if is_overheard(url) {
        return Err("mails and the password would go through the network in the clear; begin SMTP_URL with smtps://, or end it \
                    with ?tls=required"
            .into());
    }
    if from.email.domain().ends_with("localhost.localdomain") {
        return Err(format!("`{mail_from}` cannot be answered; set MAIL_FROM to an address of the shop's"));
    }
    Ok(())
}

/// Without a word on TLS, `smtp://` is never encrypted. Within this machine nobody listens.
fn is_overheard(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else { return true };
    let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
    let server = address.split('/').next().unwrap_or_default();
    let host = server.rsplit('@').next().unwrap_or_default();
    scheme.eq_ignore_ascii_case("smtp") && !is_loopback(host) && !query.split('&').any(|part| part.starts_with("tls="))
}

pub(super) async fn send(settings: &Settings, written: &Written, now: OffsetDateTime) -> Outcome<(), Rejected> {
    let Ok(to) = written.recipient.parse() else { return Err(Failure::Refused(Rejected("the address cannot be written to".into()))) };
    let message = message(settings, written, to, now)?;
    match &settings.smtp_url {
        Some(url) => {
            let connect = || async { Ok::<_, Fault>(Server::from_url(&url.0).map_err(Fault::new)?.timeout(Some(PATIENCE)).build()) };
            SERVER.get_or_try_init(connect).await?.send(message).await.map_err(refused)?;
        }
        None => {
            let folder = settings.data_folder.join("mail");
            tokio::fs::create_dir_all(&folder).await.map_err(Fault::new)?;
            tokio::fs::write(folder.join(format!("{}.eml", written.id)), message.formatted()).await.map_err(Fault::new)?;
        }
    }
    Ok(())
}

/// Only what is said of this mail or of its reader lasts; what is said of us (a wrong password, say) can be put right.
fn refused(error: smtp::Error) -> Failure<Rejected> {
    match error.status().map(u16::from) {
        Some(501 | 550..=556) => Failure::Refused(Rejected(Fault::new(error).to_string())),
        _ => Fault::new(error).into(),
    }
}

/// Addresses are parsed and headers encoded by the library: nothing a shopper typed can begin a header of its own.
fn message(settings: &Settings, written: &Written, to: Address, now: OffsetDateTime) -> Result<Message, Fault> {
    let from: Mailbox = settings.mail_from.parse().map_err(Fault::new)?;
    let host = from.email.domain().to_owned();
    let builder = match &written.reply_to {
        // Who reads them by thread finds the mails of one conversation together.
        Some(address) => Message::builder()
            .reply_to(Mailbox::new(from.name.clone(), address.parse().map_err(Fault::new)?))
            .references(format!("<thread.{address}>")),
        None => Message::builder(),
    };
    let mut message = builder
        .from(from)
        .to(Mailbox::new(None, to))
        .subject(written.subject.as_str())
        .date(now.into())
        // The same mail sent twice is recognised as one.
        .message_id(Some(format!("<{}@{host}>", written.id)))
        .multipart(MultiPart::alternative_plain_html(written.text_body.clone(), written.html_body.clone()))
        .map_err(Fault::new)?;
    if let Some(address) = &written.unsubscribe {
        let header = |name, value| HeaderValue::new(HeaderName::new_from_ascii_str(name), value);
        message.headers_mut().insert_raw(header("List-Unsubscribe", format!("<{address}>")));
        message.headers_mut().insert_raw(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".into()));
    }
    Ok(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FROM: &str = "Barro y Sal <hola@shop.test>";

    #[test]
    fn mail_never_goes_through_the_network_in_the_clear() {
        let is_fine = |url: &str| check(FROM, Some(url)).is_ok();
        let safe = ["smtps://ana:pw@mail.test", "smtp://ana:pw@mail.test:587?tls=required", "smtp://mail.test?tls=opportunistic"];
        let here = ["smtp://localhost", "smtp://127.0.0.1:2525", "smtp://ana:pw@[::1]:25"];
        assert!(safe.into_iter().chain(here).all(is_fine));
        for open in [
            "smtp://ana:pw@mail.test",
            "smtp://mail.test:587",
            "SMTP://mail.test",
            "smtp://localhost:pw@mail.test",
            "smtp://mail.test/?x=1",
        ] {
            let said = check(FROM, Some(open)).unwrap_err();
            assert!(said.contains("in the clear") && said.contains("tls=required") && !said.contains("pw"), "{open}: {said}");
        }
        assert!(!is_fine("smtp://mail.test?tls=perhaps") && !is_fine("mail.test"));
    }

    #[test]
    fn real_mail_has_a_sender_that_can_be_answered() {
        assert!(check("shop@localhost.localdomain", None).is_ok());
        assert!(check("shop@localhost.localdomain", Some("smtps://mail.test")).unwrap_err().contains("MAIL_FROM"));
        assert!(check("nobody", None).is_err());
    }
}
