//! The letters of accounts, each with a link that opens something once.

use super::link::Purpose;
use crate::{
    Fault, Settings, Shop,
    mail::{self, Note, Part},
};
use domain::{Language, token::Token};
use sqlx::PgConnection;
use time::OffsetDateTime;

/// To whom a letter goes.
pub(super) struct Reader<'a> {
    pub(super) email: &'a str,
    /// May be empty.
    pub(super) name: &'a str,
    pub(super) language: Language,
}

/// Writes the letter with this link.
pub(super) async fn send(
    db: &mut PgConnection,
    shop: &Shop,
    purpose: Purpose,
    reader: &Reader<'_>,
    link: &Token,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let language = reader.language;
    let url = format!("{}/{language}/{}?t={}", shop.settings.public_url, purpose.page(), link.0);
    let (subject, text, label) = words(purpose, &shop.settings, language);
    let parts = vec![
        Part::Paragraph(greeting(reader)),
        Part::Paragraph(text),
        Part::Link { label: label.to_owned(), url },
        Part::Paragraph(lasting(purpose, language)),
    ];
    let key = format!("{}:{}", purpose.code(), crate::new_id(now));
    mail::write_down(db, &shop.settings, Note { key: &key, to: reader.email, language, order: None, subject, parts }, now).await
}

pub(super) fn greeting(reader: &Reader<'_>) -> String {
    match (reader.language, reader.name) {
        (Language::Es, "") => "Hola:".to_owned(),
        (Language::En, "") => "Hello,".to_owned(),
        (Language::Es, name) => format!("Hola, {name}:"),
        (Language::En, name) => format!("Hello {name},"),
    }
}

/// Subject, what it is about, and what the link is called.
fn words(purpose: Purpose, settings: &Settings, language: Language) -> (String, String, &'static str) {
    let shop = &settings.shop_name;
    match (purpose, language) {
        (Purpose::StaffInvitation, Language::Es) => (
            format!("Te damos la bienvenida al equipo de {shop}"),
            format!("Ya tienes una cuenta en el mostrador de {shop}. Elige tu contraseña para entrar."),
            "Elegir contraseña",
        ),
        (Purpose::StaffInvitation, Language::En) => (
            format!("Welcome to the team of {shop}"),
            format!("There is an account for you at the desk of {shop}. Choose your password to log in."),
            "Choose a password",
        ),
        (Purpose::StaffPassword | Purpose::CustomerPassword, Language::Es) => (
            "Una contraseña nueva".to_owned(),
            format!("Con este enlace eliges una contraseña nueva para tu cuenta en {shop}. Mientras tanto sigue valiendo la de siempre."),
            "Elegir contraseña",
        ),
        (Purpose::StaffPassword | Purpose::CustomerPassword, Language::En) => (
            "A new password".to_owned(),
            format!("With this link you choose a new password for your account at {shop}. Until you do, the old one keeps working."),
            "Choose a password",
        ),
        (Purpose::CustomerConfirmation, Language::Es) => (
            format!("Confirma tu cuenta en {shop}"),
            "Confirma que esta dirección es tuya. Después verás también los pedidos que hiciste con ella sin cuenta.".to_owned(),
            "Confirmar la dirección",
        ),
        (Purpose::CustomerConfirmation, Language::En) => (
            format!("Confirm your account at {shop}"),
            "Confirm that this address is yours. Then you also see the orders that you placed with it without an account.".to_owned(),
            "Confirm the address",
        ),
        (Purpose::CustomerEmail, Language::Es) => (
            format!("Confirma tu nueva dirección en {shop}"),
            format!("Tu cuenta en {shop} pasará a esta dirección cuando la confirmes. Hasta entonces no cambia nada."),
            "Confirmar la dirección",
        ),
        (Purpose::CustomerEmail, Language::En) => (
            format!("Confirm your new address at {shop}"),
            format!("Your account at {shop} moves to this address when you confirm it. Until then nothing changes."),
            "Confirm the address",
        ),
        (Purpose::CustomerDeletion, Language::Es) => (
            format!("Borrar tu cuenta en {shop}"),
            "Este enlace te lleva a la página que dice qué se borra y qué se queda. Allí decides.".to_owned(),
            "Ver y decidir",
        ),
        (Purpose::CustomerDeletion, Language::En) => (
            format!("Deleting your account at {shop}"),
            "This link leads to the page that says what goes and what stays. There you decide.".to_owned(),
            "See and decide",
        ),
        (Purpose::CustomerLogIn, Language::Es) => (
            format!("Tu enlace para entrar en {shop}"),
            format!("Con este enlace entras en tu cuenta de {shop}, sin contraseña."),
            "Entrar",
        ),
        (Purpose::CustomerLogIn, Language::En) => (
            format!("Your link to log in at {shop}"),
            format!("With this link you are in your account at {shop}, without a password."),
            "Log in",
        ),
    }
}

fn lasting(purpose: Purpose, language: Language) -> String {
    let hours = purpose.lasts().whole_hours();
    match (language, hours) {
        (Language::Es, ..=1) => {
            "Vale una hora y una sola vez. Si no lo has pedido tú, no hagas nada: sin el enlace no pasa nada.".to_owned()
        }
        (Language::En, ..=1) => {
            "It works for one hour, and once. If you did not ask for it, do nothing: without the link nothing happens.".to_owned()
        }
        (Language::Es, hours) => format!("Vale {} días y una sola vez. Si no lo esperabas, no hagas nada.", hours / 24),
        (Language::En, hours) => format!("It works for {} days, and once. If you did not expect it, do nothing.", hours / 24),
    }
}
