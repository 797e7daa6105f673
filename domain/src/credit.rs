//! Store credit: the code that one types at checkout, and how much of an order it pays.

use crate::{Money, MoneyError, states::states};
use serde::{Deserialize, Serialize};

/// Crockford's: nothing in it is taken for something else.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 16;

/// Payment services take no payment smaller than this, minor units.
const LEAST_BY_CARD: i64 = 50;

states! {
    /// How the shop makes up for a parcel that was late.
    MakesUpBy {
        Credit = "credit",
        Refund = "refund",
    }
}

/// A code of eighty random bits.
#[must_use]
pub fn code_of(random: [u8; LENGTH]) -> String {
    random.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}

/// The code that somebody typed, however they grouped it and whatever they took for a letter; `None` when it is none.
#[must_use]
pub fn read_code(typed: &str) -> Option<String> {
    let read = |c: char| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        c => c,
    };
    let code: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').take(LENGTH + 1).map(read).collect();
    let is_code = code.len() == LENGTH && code.bytes().all(|byte| LETTERS.contains(&byte));
    is_code.then_some(code)
}

/// In groups of four, as it stands in mails and on pages.
#[must_use]
pub fn shown(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// What of an order is paid with credit, and what the credit has left then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditUse {
    pub used: Money,
    pub left: Money,
}

impl CreditUse {
    /// As much as there is, but never so much that a card would have to pay less than cards can.
    ///
    /// # Errors
    /// Two currencies.
    pub fn of(available: Money, total: Money) -> Result<Self, MoneyError> {
        let rest = total.minus(available)?.minor.max(0);
        let rest = if rest > 0 { rest.max(LEAST_BY_CARD.min(total.minor)) } else { 0 };
        let used = Money::new(total.minor - rest, total.currency);
        Ok(Self { used, left: available.minus(used)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Currency;
    use proptest::prelude::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = code_of([7; LENGTH]);
        assert_eq!(shown(&code), "7777-7777-7777-7777");
        assert_eq!(read_code(" 7777 7777-77777777 ").as_ref(), Some(&code));
        assert_eq!(read_code("oil0-0000-0000-abcd").as_deref(), Some("011000000000ABCD"));
        for bad in ["", "7777", "7777-7777-7777-7777-7", "7777-7777-7777-777U", "7777-7777-7777-777ñ"] {
            assert_eq!(read_code(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn credit_and_card_pay_the_total_and_neither_more_than_it_can(available in 0i64..20_000, total in 0i64..20_000) {
            let money = |minor| Money::new(minor, Currency::EUR);
            let credit = CreditUse::of(money(available), money(total)).unwrap();
            let by_card = total - credit.used.minor;
            prop_assert!(credit.used.minor >= 0 && credit.left.minor >= 0 && by_card >= 0);
            prop_assert_eq!(credit.used.minor + credit.left.minor, available);
            prop_assert!(by_card == 0 || by_card >= LEAST_BY_CARD || by_card == total, "{by_card}");
            prop_assert!(credit.left.minor == 0 || by_card <= LEAST_BY_CARD, "credit is used before a card is");
        }
    }
}
