//! Minor units: ISO 4217 counts some currencies otherwise than Stripe does. The rest of the shop speaks
//! ISO minor units; amounts are converted here on their way out and back.

/// An amount that Stripe cannot express, or an answer that ISO minor units cannot.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Not three ASCII letters.
    #[error("{0:?} is no ISO 4217 currency code")]
    Currency(String),
    /// The last digits must be zero: Stripe has no unit so small.
    #[error("{minor} minor units of {currency} have digits that Stripe cannot charge")]
    TooFine {
        /// Lower-case ISO 4217 code.
        currency: String,
        /// The amount as it was given.
        minor: i64,
    },
    /// The converted amount does not fit.
    #[error("{minor} minor units of {currency} are too many")]
    TooLarge {
        /// Lower-case ISO 4217 code.
        currency: String,
        /// The amount as it was given.
        minor: i64,
    },
}

/// Digits after the decimal separator by ISO 4217.
const ISO_WITHOUT_DECIMALS: [&str; 16] =
    ["bif", "clp", "djf", "gnf", "isk", "jpy", "kmf", "krw", "pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf"];
const ISO_THREE_DECIMALS: [&str; 7] = ["bhd", "iqd", "jod", "kwd", "lyd", "omr", "tnd"];

/// Digits in Stripe's amounts, as its page on currencies lists them: `isk` and `ugx` keep two for
/// backwards compatibility, `mga` has none.
const STRIPE_WITHOUT_DECIMALS: [&str; 15] =
    ["bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"];

/// Digits after the decimal separator in ISO 4217 minor units of a currency (either case).
#[must_use]
pub fn iso_exponent(currency: &str) -> u32 {
    exponent(&currency.to_ascii_lowercase(), &ISO_WITHOUT_DECIMALS)
}

/// Digits after the decimal separator in Stripe's amounts of a currency (either case).
#[must_use]
pub fn stripe_exponent(currency: &str) -> u32 {
    exponent(&currency.to_ascii_lowercase(), &STRIPE_WITHOUT_DECIMALS)
}

fn exponent(currency: &str, without_decimals: &[&str]) -> u32 {
    if without_decimals.contains(&currency) {
        0
    } else if ISO_THREE_DECIMALS.contains(&currency) {
        3
    } else {
        2
    }
}

/// ISO minor units to the amount Stripe expects.
///
/// # Errors
/// A code that is none, an amount finer than Stripe's smallest unit (three-decimal currencies must end
/// in 0), or one too large.
pub fn to_stripe(currency: &str, minor: i64) -> Result<i64, AmountError> {
    let currency = code(currency)?;
    let three_decimals = ISO_THREE_DECIMALS.contains(&currency.as_str());
    if three_decimals && minor % 10 != 0 {
        return Err(AmountError::TooFine { currency, minor });
    }
    let (from, to) = (iso_exponent(&currency), stripe_exponent(&currency));
    rescale(currency, minor, from, to)
}

/// An amount from Stripe to ISO minor units.
///
/// # Errors
/// A code that is none, or an amount that ISO minor units cannot express.
pub fn from_stripe(currency: &str, amount: i64) -> Result<i64, AmountError> {
    let currency = code(currency)?;
    let (from, to) = (stripe_exponent(&currency), iso_exponent(&currency));
    rescale(currency, amount, from, to)
}

fn code(currency: &str) -> Result<String, AmountError> {
    if currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        Ok(currency.to_ascii_lowercase())
    } else {
        Err(AmountError::Currency(currency.to_owned()))
    }
}

fn rescale(currency: String, minor: i64, from: u32, to: u32) -> Result<i64, AmountError> {
    let factor = 10_i64.pow(from.abs_diff(to));
    if to >= from {
        minor.checked_mul(factor).ok_or(AmountError::TooLarge { currency, minor })
    } else if minor % factor == 0 {
        Ok(minor / factor)
    } else {
        Err(AmountError::TooFine { currency, minor })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_currencies_are_the_same_on_both_sides() {
        assert_eq!(to_stripe("EUR", 1999), Ok(1999));
        assert_eq!(to_stripe("usd", 1), Ok(1));
        assert_eq!(to_stripe("jpy", 500), Ok(500));
        assert_eq!(to_stripe("clp", 990), Ok(990));
    }

    #[test]
    fn isk_and_ugx_are_sent_times_a_hundred() {
        assert_eq!(to_stripe("isk", 15), Ok(1500));
        assert_eq!(to_stripe("UGX", 15), Ok(1500));
        assert_eq!(from_stripe("isk", 1500), Ok(15));
        assert!(matches!(from_stripe("isk", 1550), Err(AmountError::TooFine { .. })));
    }

    #[test]
    fn three_decimals_end_in_zero() {
        assert_eq!(to_stripe("kwd", 5120), Ok(5120));
        assert!(matches!(to_stripe("kwd", 5124), Err(AmountError::TooFine { .. })));
    }

    #[test]
    fn ariary_have_decimals_in_iso_only() {
        assert_eq!(to_stripe("mga", 50_000), Ok(500));
        assert!(to_stripe("mga", 501).is_err());
        assert_eq!(from_stripe("mga", 500), Ok(50_000));
    }

    #[test]
    fn what_cannot_be_converted_is_refused() {
        assert_eq!(to_stripe("euro", 1), Err(AmountError::Currency("euro".into())));
        assert!(matches!(to_stripe("isk", i64::MAX), Err(AmountError::TooLarge { .. })));
    }

    #[test]
    fn there_and_back_is_the_same() {
        for currency in ISO_WITHOUT_DECIMALS.iter().chain(&ISO_THREE_DECIMALS).chain(&["eur", "mga"]) {
            let sent = to_stripe(currency, 12_000).unwrap();
            assert_eq!(from_stripe(currency, sent), Ok(12_000), "{currency}");
        }
    }
}
