//! Money in US dollars, exact.

use std::fmt;
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// US dollars as an exact decimal; crosses boundaries as a string, never as a float.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Usd(pub Decimal);

impl Usd {
    /// No money.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// The sum, or the largest amount when it does not fit.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The difference; may be negative.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// The amount to its last digit, with two decimals at least, as messages and lists of budgets
    /// name it.
    #[must_use]
    pub fn display_exact(self) -> String {
        let mut shown = self.0.normalize();
        if shown.scale() < 2 {
            shown.rescale(2);
        }
        match shown.is_sign_negative() {
            true => format!("-${}", shown.abs()),
            false => format!("${shown}"),
        }
    }

    /// The amount with four decimals for a run, as people read it; `$0` for nothing, and only for
    /// nothing.
    #[must_use]
    pub fn display_run(self) -> String {
        self.rounded(4)
    }

    /// The amount with two decimals for a sum over many runs, as people read it; `$0` for nothing,
    /// and only for nothing.
    #[must_use]
    pub fn display_period(self) -> String {
        self.rounded(2)
    }

    fn rounded(self, decimals: u32) -> String {
        if self.0.is_zero() {
            return "$0".to_owned();
        }
        let mut shown = self
            .0
            .round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
        if shown.is_zero() {
            return format!("under ${}", Decimal::new(1, decimals));
        }
        shown.rescale(decimals);
        format!("${shown}")
    }
}

impl fmt::Display for Usd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.normalize().fmt(f)
    }
}

/// Why a text is not an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not an amount in US dollars: write digits with an optional decimal point, such as 0.50"
)]
pub struct InvalidAmount(String);

impl FromStr for Usd {
    type Err = InvalidAmount;

    fn from_str(text: &str) -> Result<Self, InvalidAmount> {
        let invalid = || InvalidAmount(text.chars().take(40).collect());
        let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        if !plain {
            return Err(invalid());
        }
        Decimal::from_str_exact(text)
            .map(Self)
            .map_err(|_| invalid())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_and_strings() {
        let amount: Usd = "0.10".parse().unwrap();
        let sum = amount.plus("0.20".parse().unwrap());
        assert_eq!(sum, "0.3".parse().unwrap());
        assert_eq!(serde_json::to_string(&sum).unwrap(), "\"0.30\"");
        assert_eq!(sum.to_string(), "0.3");
    }

    #[test]
    fn shown_amounts_are_rounded_and_never_hide_a_cost() {
        for (amount, run, period) in [
            ("0", "$0", "$0"),
            ("0.0785", "$0.0785", "$0.08"),
            ("0.00867", "$0.0087", "$0.01"),
            ("0.00004", "under $0.0001", "under $0.01"),
            ("17.2351", "$17.2351", "$17.24"),
            ("3", "$3.0000", "$3.00"),
        ] {
            let amount: Usd = amount.parse().unwrap();
            assert_eq!(
                (
                    amount.display_run().as_str(),
                    amount.display_period().as_str()
                ),
                (run, period)
            );
        }
    }

    #[test]
    fn exact_amounts_keep_every_digit_and_two_decimals() {
        for (amount, shown) in [
            ("0", "$0.00"),
            ("0.5", "$0.50"),
            ("3", "$3.00"),
            ("1.00", "$1.00"),
            ("0.0000001", "$0.0000001"),
            ("12.3450", "$12.345"),
        ] {
            let amount: Usd = amount.parse().unwrap();
            assert_eq!(amount.display_exact(), shown);
        }
        let owed = Usd::ZERO.minus("0.5".parse().unwrap());
        assert_eq!(owed.display_exact(), "-$0.50");
    }

    #[test]
    fn nonsense_is_no_amount() {
        for bad in ["", "-1", "1e3", "0,5", "$1", "NaN", "1.2.3", " 1"] {
            assert!(bad.parse::<Usd>().is_err(), "{bad:?} is no amount");
        }
    }
}
