//! Every word of the payment page, in Spanish and in English.

use crate::cards::{Decline, Outcome, TEST_CARDS, TestCard};

/// A language the page speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Spanish,
    English,
}

impl Language {
    /// The session's locale decides; `auto` or none leaves it to what the browser asks for first.
    pub(crate) fn choose(locale: Option<&str>, accepted: Option<&str>) -> Self {
        let wanted = match locale {
            Some(locale) if locale != "auto" => locale,
            _ => accepted.unwrap_or_default(),
        };
        if wanted.trim_start().to_ascii_lowercase().starts_with("es") { Self::Spanish } else { Self::English }
    }

    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::Spanish => "es",
            Self::English => "en",
        }
    }

    pub(crate) fn words(self) -> &'static Words {
        match self {
            Self::Spanish => &SPANISH,
            Self::English => &ENGLISH,
        }
    }
}

/// The page's words in one language.
pub(crate) struct Words {
    pub(crate) banner: &'static str,
    pub(crate) title: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) item: &'static str,
    pub(crate) amount: &'static str,
    pub(crate) total: &'static str,
    pub(crate) by_card: &'static str,
    pub(crate) number: &'static str,
    pub(crate) number_before: &'static str,
    pub(crate) expiry: &'static str,
    pub(crate) expiry_hint: &'static str,
    pub(crate) cvc: &'static str,
    pub(crate) cvc_hint: &'static str,
    pub(crate) name: &'static str,
    pub(crate) pay: &'static str,
    pub(crate) cancel: &'static str,
    pub(crate) test_cards: &'static str,
    pub(crate) test_cards_hint: &'static str,
    pub(crate) outcome: &'static str,
    pub(crate) by_debit: &'static str,
    pub(crate) debit_hint: &'static str,
    pub(crate) debit_succeeds: &'static str,
    pub(crate) debit_fails: &'static str,
    pub(crate) refused: &'static str,
    pub(crate) only_test_cards: &'static str,
    pub(crate) number_missing: &'static str,
    pub(crate) expiry_wrong: &'static str,
    pub(crate) expiry_past: &'static str,
    pub(crate) cvc_wrong: &'static str,
    pub(crate) name_missing: &'static str,
    pub(crate) challenge_title: &'static str,
    pub(crate) challenge_text: &'static str,
    pub(crate) authorise: &'static str,
    pub(crate) fail: &'static str,
    pub(crate) complete_title: &'static str,
    pub(crate) complete_text: &'static str,
    pub(crate) complete_link: &'static str,
    pub(crate) expired_title: &'static str,
    pub(crate) expired_text: &'static str,
    pub(crate) expired_link: &'static str,
    pub(crate) missing_title: &'static str,
    pub(crate) missing_text: &'static str,
    pub(crate) fault_title: &'static str,
    pub(crate) fault_text: &'static str,
}

const SPANISH: Words = Words {
    banner: "PRUEBA: aquí no se cobra dinero. No escriba nunca una tarjeta real.",
    title: "Pagar el pedido",
    summary: "Su pedido",
    item: "Artículo",
    amount: "Importe",
    total: "Total",
    by_card: "Pagar con tarjeta",
    number: "Número de tarjeta",
    number_before: "Vuelva a escribir el número; el anterior terminaba en",
    expiry: "Caducidad",
    expiry_hint: "MM/AA, una fecha futura",
    cvc: "CVC",
    cvc_hint: "3 cifras; 4 en American Express",
    name: "Nombre en la tarjeta",
    pay: "Pagar",
    cancel: "Volver a la tienda sin pagar",
    test_cards: "Tarjetas de prueba",
    test_cards_hint: "Con cualquier fecha futura, cualquier CVC y cualquier nombre.",
    outcome: "Resultado",
    by_debit: "Otra forma: adeudo bancario, con retraso",
    debit_hint: "El pedido queda pendiente de cobro y el banco responde al cabo de un rato. Elija la respuesta:",
    debit_succeeds: "Adeudo que se cobrará",
    debit_fails: "Adeudo que fallará",
    refused: "No se ha cobrado nada.",
    only_test_cards: "Aquí solo valen las tarjetas de prueba de la lista de abajo. No escriba nunca una tarjeta real.",
    number_missing: "Escriba el número de una de las tarjetas de prueba.",
    expiry_wrong: "Escriba la caducidad con mes y año, como 12/34.",
    expiry_past: "Esa fecha ya ha pasado. Escriba una fecha futura, como 12/34.",
    cvc_wrong: "Escriba el CVC: 3 cifras, o 4 en American Express.",
    name_missing: "Escriba el nombre que figura en la tarjeta.",
    challenge_title: "Su banco pide confirmación",
    challenge_text: "Esta es una página de prueba de la autenticación 3-D Secure. Elija lo que respondería el titular de la tarjeta.",
    authorise: "Autorizar el pago",
    fail: "Rechazar el pago",
    complete_title: "Este pago ya está hecho",
    complete_text: "No hace falta pagar otra vez.",
    complete_link: "Volver a la tienda",
    expired_title: "Esta página de pago ha caducado",
    expired_text: "No se ha cobrado nada. Puede empezar de nuevo desde la tienda.",
    expired_link: "Volver a la tienda",
    missing_title: "Esta página de pago no existe",
    missing_text: "Compruebe la dirección o vuelva a empezar desde la tienda.",
    fault_title: "Algo ha fallado",
    fault_text: "No sabemos si el pago ha llegado. Espere un momento y vuelva a cargar la página.",
};

const ENGLISH: Words = Words {
    banner: "TEST: no money is taken here. Never type a real card.",
    title: "Pay for your order",
    summary: "Your order",
    item: "Item",
    amount: "Amount",
    total: "Total",
    by_card: "Pay by card",
    number: "Card number",
    number_before: "Type the number again; the last one ended in",
    expiry: "Expiry date",
    expiry_hint: "MM/YY, a date to come",
    cvc: "CVC",
    cvc_hint: "3 digits; 4 for American Express",
    name: "Name on card",
    pay: "Pay",
    cancel: "Back to the shop without paying",
    test_cards: "Test cards",
    test_cards_hint: "With any date to come, any CVC and any name.",
    outcome: "What happens",
    by_debit: "Another way: bank debit, delayed",
    debit_hint: "The order waits for its payment, and the bank answers after a while. Choose its answer:",
    debit_succeeds: "A debit that will be paid",
    debit_fails: "A debit that will fail",
    refused: "Nothing was charged.",
    only_test_cards: "Only the test cards listed below work here. Never type a real card.",
    number_missing: "Type the number of one of the test cards.",
    expiry_wrong: "Type the expiry date as month and year, like 12/34.",
    expiry_past: "That date has passed. Type a date to come, like 12/34.",
    cvc_wrong: "Type the CVC: 3 digits, or 4 for American Express.",
    name_missing: "Type the name that is on the card.",
    challenge_title: "Your bank asks you to confirm",
    challenge_text: "This is a test page for 3-D Secure authentication. Choose what the card holder would answer.",
    authorise: "Authorise the payment",
    fail: "Refuse the payment",
    complete_title: "This payment is already done",
    complete_text: "There is no need to pay again.",
    complete_link: "Back to the shop",
    expired_title: "This payment page has expired",
    expired_text: "Nothing was charged. You can start again from the shop.",
    expired_link: "Back to the shop",
    missing_title: "There is no such payment page",
    missing_text: "Check the address, or start again from the shop.",
    fault_title: "Something went wrong",
    fault_text: "We do not know whether the payment went through. Wait a moment, then load this page again.",
};

/// Why a payment was declined, for whoever pays.
pub(crate) fn declined(decline: Decline, language: Language) -> &'static str {
    let (spanish, english) = match decline {
        Decline::Generic => ("El banco ha rechazado la tarjeta. Pruebe con otra.", "The bank declined this card. Try another one."),
        Decline::InsufficientFunds => {
            ("La tarjeta no tiene fondos suficientes. Pruebe con otra.", "This card has insufficient funds. Try another one.")
        }
        // Saying that a card is reported would help a thief more than its owner.
        Decline::LostCard | Decline::StolenCard => (
            "El banco ha rechazado la tarjeta. Pruebe con otra o llame a su banco.",
            "The bank declined this card. Try another one, or call your bank.",
        ),
        Decline::ExpiredCard => ("La tarjeta ha caducado. Pruebe con otra.", "This card has expired. Try another one."),
        Decline::IncorrectCvc => ("El CVC no es correcto. Revíselo.", "The CVC is wrong. Check it."),
        Decline::ProcessingError => (
            "El banco no ha podido procesar el pago. Inténtelo de nuevo en un momento.",
            "The bank could not process the payment. Try again in a moment.",
        ),
        Decline::IncorrectNumber => ("El número de tarjeta no es correcto. Revíselo.", "The card number is wrong. Check it."),
        Decline::AuthenticationFailed => (
            "El pago no se ha confirmado con su banco. Inténtelo de nuevo o use otra tarjeta.",
            "The payment was not confirmed with your bank. Try again, or use another card.",
        ),
        Decline::BankDebitFailed => ("El adeudo ha fallado.", "The debit failed."),
    };
    match language {
        Language::Spanish => spanish,
        Language::English => english,
    }
}

/// The rows of the table of test cards: a number in groups, and what it leads to.
pub(crate) fn test_cards(language: Language) -> impl Iterator<Item = (String, String)> {
    TEST_CARDS.into_iter().map(move |card| (grouped(card), leads_to(card.outcome, language)))
}

fn grouped(card: TestCard) -> String {
    // American Express groups 4, 6 and 5 digits; the others 4 by 4.
    let ends: &[usize] = if card.brand() == "amex" { &[4, 10, 15] } else { &[4, 8, 12, 16] };
    let mut start = 0;
    let groups = ends.iter().map(|end| {
        let group = &card.number[start..*end];
        start = *end;
        group
    });
    groups.collect::<Vec<_>>().join(" ")
}

fn leads_to(outcome: Outcome, language: Language) -> String {
    let spanish = language == Language::Spanish;
    let pick = |es: &str, en: &str| if spanish { es.to_owned() } else { en.to_owned() };
    match outcome {
        Outcome::Paid => pick("Pago aceptado", "Payment accepted"),
        Outcome::Declined(why) => {
            let label = pick("Rechazada", "Declined");
            format!("{label}: {}", why.name())
        }
        Outcome::Challenge(None) => pick("3-D Secure, luego aceptado", "3-D Secure, then accepted"),
        Outcome::Challenge(Some(Decline::InsufficientFunds)) => {
            pick("3-D Secure, luego sin fondos suficientes", "3-D Secure, then insufficient funds")
        }
        Outcome::Challenge(Some(_)) => pick("3-D Secure, luego rechazada", "3-D Secure, then declined"),
        Outcome::Disputed("fraudulent") => pick("Aceptado, luego disputa por fraude", "Accepted, then disputed as fraud"),
        Outcome::Disputed(_) => pick("Aceptado, luego disputa por no haberlo recibido", "Accepted, then disputed as not received"),
        Outcome::SlowRefunds => pick("Aceptado; la devolución tarda", "Accepted; refunds take a while"),
        Outcome::FailingRefunds => pick("Aceptado; la devolución falla después", "Accepted; refunds fail later"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sessions_locale_comes_before_the_browsers() {
        assert_eq!(Language::choose(Some("es"), Some("en")), Language::Spanish);
        assert_eq!(Language::choose(Some("es-419"), None), Language::Spanish);
        assert_eq!(Language::choose(Some("auto"), Some("es-ES,en;q=0.8")), Language::Spanish);
        assert_eq!(Language::choose(None, Some("de")), Language::English);
    }

    #[test]
    fn numbers_are_grouped_as_on_the_card() {
        assert_eq!(grouped(TestCard::find("378282246310005").unwrap()), "3782 822463 10005");
        assert_eq!(grouped(TestCard::find("4242424242424242").unwrap()), "4242 4242 4242 4242");
    }
}
