//! Money: whole minor units of one currency, checked arithmetic, never a float.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// An ISO 4217 currency, by its upper-case code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

impl Currency {
    pub const EUR: Self = Self(*b"EUR");
    pub const USD: Self = Self(*b"USD");
    pub const JPY: Self = Self(*b"JPY");

    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// How many decimal places the currency is written with: 2 for EUR, 0 for JPY, 3 for KWD (ISO 4217).
    #[must_use]
    pub const fn exponent(self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF" | b"UGX" | b"UYI" | b"VND" | b"VUV"
            | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(code: &str) -> Result<Self, MoneyError> {
        match <[u8; 3]>::try_from(code.as_bytes()) {
            Ok(letters) if letters.iter().all(u8::is_ascii_alphabetic) => Ok(Self(letters.map(|l| l.to_ascii_uppercase()))),
            _ => Err(MoneyError::UnknownCurrency(code.to_owned())),
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = MoneyError;

    fn try_from(code: String) -> Result<Self, MoneyError> {
        code.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum MoneyError {
    #[error("{0} and {1} cannot be reckoned together")]
    MixedCurrencies(Currency, Currency),
    #[error("an amount too large to reckon with")]
    Overflow,
    #[error("`{0}` is not a currency code")]
    UnknownCurrency(String),
    #[error("`{0}` is not an amount of {1}")]
    NotAnAmount(String, Currency),
    #[error("nothing to divide by")]
    NoWeights,
}

/// An amount in minor units (cents of a euro, whole yen).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    pub minor: i64,
    pub currency: Currency,
}

impl Money {
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// # Errors
    /// Different currencies, or overflow.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::MixedCurrencies(self.currency, other.currency));
        }
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    /// # Errors
    /// Different currencies, or overflow.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.plus(Self { minor: other.minor.checked_neg().ok_or(MoneyError::Overflow)?, ..other })
    }

    /// # Errors
    /// Overflow.
    pub fn times(self, quantity: i64) -> Result<Self, MoneyError> {
        let minor = self.minor.checked_mul(quantity).ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    /// The sum, in `currency` also when there is nothing to sum.
    ///
    /// # Errors
    /// Different currencies, or overflow.
    pub fn sum(currency: Currency, amounts: impl IntoIterator<Item = Self>) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::plus)
    }

    /// Splits the amount in proportion to `weights` so that the parts add up exactly: each part is
    /// rounded down, and what is left goes, a unit each, to the largest remainders (Hamilton's method),
    /// to the earlier one where they tie.
    ///
    /// # Errors
    /// No positive weight, or overflow.
    pub fn allocate(self, weights: &[u64]) -> Result<Vec<Self>, MoneyError> {
        let total: i128 = weights.iter().map(|&w| i128::from(w)).sum();
        if total == 0 {
            return Err(MoneyError::NoWeights);
        }
        let amount = i128::from(self.minor);
        let mut parts: Vec<i128> = Vec::with_capacity(weights.len());
        let mut remainders: Vec<(i128, usize)> = Vec::with_capacity(weights.len());
        for (index, &weight) in weights.iter().enumerate() {
            let exact = amount.checked_mul(i128::from(weight)).ok_or(MoneyError::Overflow)?;
            parts.push(exact.div_euclid(total));
            remainders.push((exact.rem_euclid(total), index));
        }
        remainders.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        let left = amount - parts.iter().sum::<i128>();
        for &(_, index) in remainders.iter().take(usize::try_from(left).unwrap_or(0)) {
            parts[index] += 1;
        }
        parts.into_iter().map(|part| Ok(Self { minor: i64::try_from(part).map_err(|_| MoneyError::Overflow)?, ..self })).collect()
    }

    /// Reads a plain decimal such as `12.50`, with no more decimals than the currency has.
    ///
    /// # Errors
    /// Not a number, too many decimals, or too large.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let bad = || MoneyError::NotAnAmount(text.to_owned(), currency);
        let trimmed = text.trim();
        let (negative, digits) = trimmed.strip_prefix('-').map_or((false, trimmed), |rest| (true, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let places = currency.exponent() as usize;
        let fraction = if fraction.len() > places { fraction.trim_end_matches('0') } else { fraction };
        let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !plain(whole) || !plain(fraction) || fraction.len() > places {
            return Err(bad());
        }
        let minor: i64 = format!("{whole}{fraction:0<places$}").parse().map_err(|_| bad())?;
        Ok(Self::new(if negative { -minor } else { minor }, currency))
    }

    /// `12.50`: for machines (CSV, JSON-LD); what people read comes from [`crate::format::money`].
    #[must_use]
    pub fn to_decimal(self) -> String {
        let places = self.currency.exponent() as usize;
        let sign = if self.minor < 0 { "-" } else { "" };
        let digits = format!("{:0>width$}", self.minor.unsigned_abs(), width = places + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places);
        if places == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_are_read_and_written_in_the_currencys_own_decimals() {
        assert_eq!(Money::parse("12.5", Currency::EUR), Ok(Money::new(1250, Currency::EUR)));
        assert_eq!(Money::parse("109.990", Currency::EUR), Ok(Money::new(10999, Currency::EUR)));
        assert_eq!(Money::parse("1200", Currency::JPY), Ok(Money::new(1200, Currency::JPY)));
        assert!(Money::parse("1.005", Currency::EUR).is_err());
        assert!(Money::parse("1.5", Currency::JPY).is_err());
        assert!(Money::parse("", Currency::EUR).is_err());
        assert!(Money::parse("12,50", Currency::EUR).is_err());
        assert_eq!(Money::new(-5, Currency::EUR).to_decimal(), "-0.05");
        assert_eq!(Money::new(7, Currency::JPY).to_decimal(), "7");
    }

    #[test]
    fn currencies_do_not_mix() {
        assert!(Money::new(1, Currency::EUR).plus(Money::new(1, Currency::USD)).is_err());
        assert_eq!(Money::new(i64::MAX, Currency::EUR).times(2), Err(MoneyError::Overflow));
    }

    #[test]
    fn what_does_not_divide_goes_to_the_largest_remainders() {
        let parts = Money::new(100, Currency::EUR).allocate(&[1, 1, 1]).unwrap();
        assert_eq!(parts.iter().map(|p| p.minor).collect::<Vec<_>>(), [34, 33, 33]);
        let parts = Money::new(10, Currency::EUR).allocate(&[0, 5, 95]).unwrap();
        assert_eq!(parts.iter().map(|p| p.minor).collect::<Vec<_>>(), [0, 1, 9]);
    }

    proptest! {
        #[test]
        fn an_allocation_adds_up_and_is_never_a_unit_away_from_its_share(minor in -1_000_000_000i64..1_000_000_000, weights in proptest::collection::vec(0u64..10_000, 1..20)) {
            prop_assume!(weights.iter().any(|&w| w > 0));
            let parts = Money::new(minor, Currency::EUR).allocate(&weights).unwrap();
            prop_assert_eq!(parts.iter().map(|p| p.minor).sum::<i64>(), minor);
            let total: i128 = weights.iter().map(|&w| i128::from(w)).sum();
            for (part, &weight) in parts.iter().zip(&weights) {
                let off = i128::from(part.minor) * total - i128::from(minor) * i128::from(weight);
                prop_assert!(off.abs() < total);
            }
        }

        #[test]
        fn a_written_amount_reads_back(minor in any::<i32>(), zero_places in any::<bool>()) {
            let money = Money::new(i64::from(minor), if zero_places { Currency::JPY } else { Currency::EUR });
            prop_assert_eq!(Money::parse(&money.to_decimal(), money.currency), Ok(money));
        }
    }
}
