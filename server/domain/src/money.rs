//! Euro amounts, rates per GPU-hour and shares, all as integers, and the one rounding rule.
//!
//! Refuses floats and unchecked arithmetic. Amounts are cents; rates are millionths of a euro.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::gpu::GpuTime;
pub use crate::overflow::Overflow;

/// Euro cents; may be negative (credit).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::DeriveValueType))]
#[serde(transparent)]
pub struct Money(i64);

impl Money {
    pub const ZERO: Self = Self(0);

    pub const fn cents(cents: i64) -> Self {
        Self(cents)
    }

    pub const fn as_cents(self) -> i64 {
        self.0
    }

    pub fn checked_add(self, other: Self) -> Result<Self, Overflow> {
        self.0.checked_add(other.0).map(Self).ok_or(Overflow)
    }

    pub fn checked_sub(self, other: Self) -> Result<Self, Overflow> {
        self.0.checked_sub(other.0).map(Self).ok_or(Overflow)
    }

    /// The mirror of a line, for credit notes.
    pub fn negated(self) -> Result<Self, Overflow> {
        self.0.checked_neg().map(Self).ok_or(Overflow)
    }

    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, Overflow> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// This share of the amount, rounded half away from zero to the cent.
    pub fn share(self, share: BasisPoints) -> Result<Self, Overflow> {
        rounded(i128::from(self.0) * i128::from(share.0), i128::from(BasisPoints::WHOLE.0)).map(Self)
    }

    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for Money {
    /// Plain `-12.34`, for logs and machine formats; people see `text::format`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", cents / 100, cents % 100)
    }
}

/// Millionths of a euro for one GPU-hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::DeriveValueType))]
#[serde(transparent)]
pub struct Rate(i64);

impl Rate {
    pub const ZERO: Self = Self(0);

    pub const fn micro_euro(micro: i64) -> Self {
        Self(micro)
    }

    pub const fn as_micro_euro(self) -> i64 {
        self.0
    }

    /// This much dearer, rounded once to the millionth.
    pub fn risen(self, by: BasisPoints) -> Result<Self, Overflow> {
        let more = rounded(i128::from(self.0) * i128::from(by.0), i128::from(BasisPoints::WHOLE.0))?;
        self.0.checked_add(more).map(Self).ok_or(Overflow)
    }

    /// The price of that much GPU time: seconds times micro-euro, rounded once to the cent.
    pub fn times(self, time: GpuTime) -> Result<Money, Overflow> {
        const MICRO_EURO_SECONDS_PER_CENT_HOUR: i128 = 3_600 * 10_000;
        rounded(i128::from(self.0) * i128::from(time.as_seconds()), MICRO_EURO_SECONDS_PER_CENT_HOUR).map(Money)
    }
}

/// Hundredths of a percent: 10,000 is the whole. Finland's 25.5 % is 2,550.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::DeriveValueType))]
#[serde(transparent)]
pub struct BasisPoints(i32);

impl BasisPoints {
    pub const ZERO: Self = Self(0);
    pub const WHOLE: Self = Self(10_000);

    pub const fn new(points: i32) -> Self {
        Self(points)
    }

    pub const fn get(self) -> i32 {
        self.0
    }

    /// What is left of the whole.
    #[must_use]
    pub const fn rest(self) -> Self {
        Self(Self::WHOLE.0.saturating_sub(self.0))
    }
}

/// Half away from zero, so that a credit is the exact mirror of its charge.
fn rounded(numerator: i128, denominator: i128) -> Result<i64, Overflow> {
    let half = denominator / 2;
    let shifted = if numerator < 0 { numerator - half } else { numerator + half };
    i64::try_from(shifted / denominator).map_err(|_| Overflow)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_price_is_rounded_once_half_away_from_zero() {
        let rate = Rate::micro_euro(2_500_000);
        assert_eq!(rate.times(GpuTime::seconds(3_600 * 400)), Ok(Money::cents(100_000)));
        assert_eq!(Rate::micro_euro(5_000).times(GpuTime::seconds(3_600)), Ok(Money::cents(1)));
        assert_eq!(Rate::micro_euro(4_999).times(GpuTime::seconds(3_600)), Ok(Money::cents(0)));
        assert_eq!(Money::cents(-250).share(BasisPoints::new(5_000)), Ok(Money::cents(-125)));
        assert_eq!(Money::cents(-3).share(BasisPoints::new(5_000)), Ok(Money::cents(-2)));
    }

    #[test]
    fn too_much_is_refused() {
        assert_eq!(Money::cents(i64::MAX).checked_add(Money::cents(1)), Err(Overflow));
        assert_eq!(Rate::micro_euro(i64::MAX).times(GpuTime::seconds(i64::MAX)), Err(Overflow));
    }

    proptest! {
        #[test]
        fn a_credit_mirrors_its_charge(cents in -1_000_000_000_i64..1_000_000_000, points in 0_i32..10_000) {
            let share = BasisPoints::new(points);
            let charge = Money::cents(cents).share(share).unwrap();
            prop_assert_eq!(Money::cents(-cents).share(share).unwrap(), charge.negated().unwrap());
        }
    }
}
