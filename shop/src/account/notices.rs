//! Letters that tell what happened to an account, without a link that would open anything.

use super::letters::{Reader, greeting};
use crate::{
    Fault, Shop,
    mail::{self, Note, Part},
};
use domain::Language;
use sqlx::PgConnection;
use time::OffsetDateTime;

pub(super) enum Notice<'a> {
    /// To the old address: somebody asked for this one instead.
    EmailAsked(&'a str),
    /// To the old address: the account has another now.
    EmailChanged,
    /// To an address that another account was to have, and that has one already.
    EmailTaken,
    /// The account is gone. Codes with what is left on them, and orders with the way to follow them.
    Deleted { credits: Vec<(String, String)>, orders: Vec<(String, String)> },
}

impl Notice<'_> {
    const fn code(&self) -> &'static str {
        match self {
            Self::EmailAsked(_) => "customer_email_asked",
            Self::EmailChanged => "customer_email_changed",
            Self::EmailTaken => "customer_email_taken",
            Self::Deleted { .. } => "customer_deleted",
        }
    }
}

/// Writes the letter.
pub(super) async fn send(
    db: &mut PgConnection,
    shop: &Shop,
    notice: Notice<'_>,
    reader: &Reader<'_>,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let key = format!("{}:{}", notice.code(), crate::new_id(now));
    let (subject, mut parts) = words(notice, shop, reader.language);
    parts.insert(0, Part::Paragraph(greeting(reader)));
    let note = Note { key: &key, to: reader.email, language: reader.language, order: None, subject, parts };
    mail::write_down(db, &shop.settings, note, now).await
}

fn words(notice: Notice<'_>, shop: &Shop, language: Language) -> (String, Vec<Part>) {
    let (name, home) = (&shop.settings.shop_name, format!("{}/{language}/account", shop.settings.public_url));
    let say = |es: String, en: String| if language == Language::Es { es } else { en };
    let account = Part::Link { label: say("Ir a la cuenta".to_owned(), "To the account".to_owned()), url: home };
    match notice {
        Notice::EmailAsked(new) => (
            say("Otra dirección para tu cuenta".to_owned(), "Another address for your account".to_owned()),
            vec![
                Part::Paragraph(say(
                    format!(
                        "Alguien que está dentro de tu cuenta en {name} ha pedido que pase a la dirección {new}. No cambia nada hasta que se confirme desde allí."
                    ),
                    format!(
                        "Somebody who is in your account at {name} asked for it to move to the address {new}. Nothing changes until it is confirmed from there."
                    ),
                )),
                Part::Paragraph(say(
                    "¿No has sido tú? Entra, cambia la contraseña y deja la dirección como está.".to_owned(),
                    "It was not you? Log in, change your password, and leave the address as it is.".to_owned(),
                )),
                account,
            ],
        ),
        Notice::EmailChanged => (
            say("Tu cuenta tiene otra dirección".to_owned(), "Your account has another address".to_owned()),
            vec![Part::Paragraph(say(
                format!(
                    "Tu cuenta en {name} ya no está en esta dirección: la nueva está confirmada. Si no has sido tú, contesta a este correo."
                ),
                format!(
                    "Your account at {name} is no longer under this address: the new one is confirmed. If it was not you, answer this mail."
                ),
            ))],
        ),
        Notice::EmailTaken => (
            say(format!("Tu dirección y {name}"), format!("Your address and {name}")),
            vec![
                Part::Paragraph(say(
                    "Alguien ha pedido esta dirección para otra cuenta. Ya tienes una con ella, así que no ha cambiado nada.".to_owned(),
                    "Somebody asked for this address for another account. You have one with it already, so nothing has changed.".to_owned(),
                )),
                account,
            ],
        ),
        Notice::Deleted { credits, orders } => {
            (say("Tu cuenta está borrada".to_owned(), "Your account is deleted".to_owned()), farewell(name, credits, orders, say))
        }
    }
}

fn farewell(
    name: &str,
    credits: Vec<(String, String)>,
    orders: Vec<(String, String)>,
    say: impl Fn(String, String) -> String,
) -> Vec<Part> {
    let mut parts = vec![Part::Paragraph(say(
        format!(
            "Tu cuenta en {name} está borrada, con tus direcciones, tus preferencias y tus sesiones. Con esta dirección puedes registrarte otra vez cuando quieras."
        ),
        format!(
            "Your account at {name} is deleted, with your addresses, preferences and sessions. You may register with this address again at any time."
        ),
    ))];
    if !credits.is_empty() {
        parts.push(Part::Paragraph(say(
            "Tu saldo sigue siendo tuyo. Guarda los códigos: paga con ellos quien los tenga.".to_owned(),
            "Your store credit is still yours. Keep the codes: whoever has them pays with them.".to_owned(),
        )));
        parts.push(Part::Paragraph(credits.into_iter().map(|(code, left)| format!("{code}: {left}")).collect::<Vec<_>>().join("\n")));
    }
    if !orders.is_empty() {
        parts.push(Part::Paragraph(say("Lo que has pedido sigue su camino:".to_owned(), "What you ordered stays on its way:".to_owned())));
        parts.extend(
            orders.into_iter().map(|(number, url)| Part::Link { label: say(format!("Pedido {number}"), format!("Order {number}")), url }),
        );
    }
    parts
}
