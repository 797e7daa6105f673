//! Stripe's documented test cards and what each is known for. No other number is accepted, so that
//! nobody's real card is ever typed into a sandbox.

/// What paying with a card leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Paid at once.
    Paid,
    /// Declined at once.
    Declined(Decline),
    /// A 3-D Secure challenge, and what follows when it is authorised.
    Challenge(Option<Decline>),
    /// Paid, and disputed at once for this reason.
    Disputed(&'static str),
    /// Paid; refunds are pending first, then succeed.
    SlowRefunds,
    /// Paid; refunds succeed first, then fail.
    FailingRefunds,
}

/// Why a card is declined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decline {
    Generic,
    InsufficientFunds,
    LostCard,
    StolenCard,
    ExpiredCard,
    IncorrectCvc,
    ProcessingError,
    IncorrectNumber,
    AuthenticationFailed,
    BankDebitFailed,
}

impl Decline {
    const ALL: [Self; 10] = [
        Self::Generic,
        Self::InsufficientFunds,
        Self::LostCard,
        Self::StolenCard,
        Self::ExpiredCard,
        Self::IncorrectCvc,
        Self::ProcessingError,
        Self::IncorrectNumber,
        Self::AuthenticationFailed,
        Self::BankDebitFailed,
    ];

    /// Stripe's `code`.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Generic | Self::InsufficientFunds | Self::LostCard | Self::StolenCard => "card_declined",
            Self::ExpiredCard => "expired_card",
            Self::IncorrectCvc => "incorrect_cvc",
            Self::ProcessingError => "processing_error",
            Self::IncorrectNumber => "incorrect_number",
            Self::AuthenticationFailed => "payment_intent_authentication_failure",
            Self::BankDebitFailed => "payment_intent_payment_attempt_failed",
        }
    }

    /// Stripe's `decline_code`, where it has one.
    pub(crate) fn decline_code(self) -> Option<&'static str> {
        match self {
            Self::Generic => Some("generic_decline"),
            Self::InsufficientFunds => Some("insufficient_funds"),
            Self::LostCard => Some("lost_card"),
            Self::StolenCard => Some("stolen_card"),
            _ => None,
        }
    }

    /// The name under which it is stored: the decline code, else the code.
    pub(crate) fn name(self) -> &'static str {
        self.decline_code().unwrap_or(self.code())
    }

    pub(crate) fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|decline| decline.name() == name)
    }

    /// Stripe's sentence for the API; the page has its own, in the shopper's language.
    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::Generic | Self::LostCard | Self::StolenCard => "Your card was declined.",
            Self::InsufficientFunds => "Your card has insufficient funds.",
            Self::ExpiredCard => "Your card has expired.",
            Self::IncorrectCvc => "Your card's security code is incorrect.",
            Self::ProcessingError => "An error occurred while processing your card. Try again in a little bit.",
            Self::IncorrectNumber => "Your card number is incorrect.",
            Self::AuthenticationFailed => "We are unable to authenticate your payment method.",
            Self::BankDebitFailed => "The customer's bank account could not be debited.",
        }
    }
}

/// One test card.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TestCard {
    pub(crate) number: &'static str,
    pub(crate) outcome: Outcome,
}

const fn card(number: &'static str, outcome: Outcome) -> TestCard {
    TestCard { number, outcome }
}

/// Every card the sandbox accepts, in the order its page lists them.
pub(crate) const TEST_CARDS: [TestCard; 19] = [
    card("4242424242424242", Outcome::Paid),
    card("5555555555554444", Outcome::Paid),
    card("378282246310005", Outcome::Paid),
    card("4000002760003184", Outcome::Challenge(None)),
    card("4000000000003220", Outcome::Challenge(None)),
    card("4000008400001629", Outcome::Challenge(Some(Decline::Generic))),
    card("4000008260003178", Outcome::Challenge(Some(Decline::InsufficientFunds))),
    card("4000000000000002", Outcome::Declined(Decline::Generic)),
    card("4000000000009995", Outcome::Declined(Decline::InsufficientFunds)),
    card("4000000000009987", Outcome::Declined(Decline::LostCard)),
    card("4000000000009979", Outcome::Declined(Decline::StolenCard)),
    card("4000000000000069", Outcome::Declined(Decline::ExpiredCard)),
    card("4000000000000127", Outcome::Declined(Decline::IncorrectCvc)),
    card("4000000000000119", Outcome::Declined(Decline::ProcessingError)),
    card("4242424242424241", Outcome::Declined(Decline::IncorrectNumber)),
    card("4000000000000259", Outcome::Disputed("fraudulent")),
    card("4000000000002685", Outcome::Disputed("product_not_received")),
    card("4000000000007726", Outcome::SlowRefunds),
    card("4000000000005126", Outcome::FailingRefunds),
];

impl TestCard {
    /// The test card with this number; blanks and dashes do not matter.
    pub(crate) fn find(number: &str) -> Option<Self> {
        let digits: String = number.chars().filter(|character| !matches!(character, ' ' | '-' | '\u{a0}')).collect();
        TEST_CARDS.into_iter().find(|card| card.number == digits)
    }

    pub(crate) fn last4(self) -> &'static str {
        &self.number[self.number.len() - 4..]
    }

    pub(crate) fn brand(self) -> &'static str {
        match self.number.as_bytes()[0] {
            b'3' => "amex",
            b'5' => "mastercard",
            _ => "visa",
        }
    }

    /// How many digits its security code has.
    pub(crate) fn cvc_length(self) -> usize {
        if self.brand() == "amex" { 4 } else { 3 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_test_numbers_are_found() {
        assert_eq!(TestCard::find("4242 4242-4242 4242").unwrap().last4(), "4242");
        assert_eq!(TestCard::find("378282246310005").unwrap().cvc_length(), 4);
        assert!(TestCard::find("4111111111111111").is_none());
        assert!(TestCard::find("").is_none());
    }

    #[test]
    fn declines_are_found_by_their_names() {
        for decline in Decline::ALL {
            assert_eq!(Decline::by_name(decline.name()), Some(decline));
        }
    }
}
