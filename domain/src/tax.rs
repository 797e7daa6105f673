//! Tax on an order: a rate by country and region, inside the shown prices or on top, rounded once a line.

use crate::{Money, MoneyError};
use serde::{Deserialize, Serialize};

/// A rate as the shop's table has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxRate {
    /// What the country calls it: IVA, VAT.
    pub name: String,
    /// Hundredths of a percent: 2100 is 21 %.
    pub basis_points: u32,
    /// Shown prices contain the tax; otherwise it is added to them.
    pub included: bool,
}

impl TaxRate {
    /// The rate of places the table does not know: nothing is added.
    #[must_use]
    pub fn none() -> Self {
        Self { name: String::new(), basis_points: 0, included: true }
    }

    /// The tax in (or on) one line's amount, rounded once, halves away from zero.
    ///
    /// # Errors
    /// Overflow.
    pub fn tax_of(&self, amount: Money) -> Result<Money, MoneyError> {
        let rate = i128::from(self.basis_points);
        let divisor = if self.included { 10_000 + rate } else { 10_000 };
        let scaled = i128::from(amount.minor) * rate;
        let rounded = (scaled.abs() * 2 + divisor) / (divisor * 2) * scaled.signum();
        Ok(Money { minor: i64::try_from(rounded).map_err(|_| MoneyError::Overflow)?, ..amount })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Currency;

    fn tax(minor: i64, basis_points: u32, included: bool) -> i64 {
        let rate = TaxRate { name: "IVA".into(), basis_points, included };
        rate.tax_of(Money::new(minor, Currency::EUR)).unwrap().minor
    }

    #[test]
    fn the_tax_inside_a_price_and_the_tax_on_top_of_one() {
        assert_eq!(tax(12_100, 2100, true), 2100);
        assert_eq!(tax(10_000, 2100, false), 2100);
        // 24.90 with 21 % inside: 24.90 - 24.90/1.21 = 4.3215
        assert_eq!(tax(2490, 2100, true), 432);
        // Halves go up: 0.50 at 1 % is 0.005
        assert_eq!(tax(50, 100, false), 1);
        assert_eq!(tax(2490, 0, true), 0);
    }
}
