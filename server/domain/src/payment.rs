//! A payment attempt: what is known of it grows with what is seen, whatever the order and however often.
//!
//! Refuses to believe an event: it takes what the provider says is true now. Money once received stays received;
//! giving it back is a refund.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    coded::coded,
    money::{Money, Overflow},
};

coded! {
    /// Which way money came.
    Rail {
        /// The payment provider: card or direct debit.
        Stripe "stripe",
        /// A transfer to our account, seen on a statement.
        Bank "bank",
        /// What the company had with us.
        Credit "credit",
    }
}

coded! {
    /// How far a dispute of a payment is.
    DisputeState {
        Open "open",
        /// The money stays.
        Won "won",
        /// The money is taken back, and the invoice is open again.
        Lost "lost",
    }
}

/// Cents above which a refund, and above which a write-off, is signed by a second person, from a day on.
const SECOND_ABOVE: &[(NaiveDate, i64, i64)] = &[(NaiveDate::MIN, 100_000, 50_000)];

/// Amounts above which a refund, and above which a write-off, takes two people on this day.
pub fn second_above(on: NaiveDate) -> (Money, Money) {
    let row = SECOND_ABOVE.iter().filter(|(from, ..)| *from <= on).max_by_key(|(from, ..)| *from);
    let (_, refund, write_off) = row.copied().unwrap_or((on, 0, 0));
    (Money::cents(refund), Money::cents(write_off))
}

/// Whether giving this much back takes two people.
pub fn refund_needs_second(amount: Money, on: NaiveDate) -> bool {
    amount > second_above(on).0
}

/// Whether giving this much up takes two people.
pub fn write_off_needs_second(amount: Money, on: NaiveDate) -> bool {
    amount > second_above(on).1
}

/// How far an attempt is. The order is the order of knowledge: an attempt never goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Recorded here; the provider may not know it yet.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "intended"))]
    Intended,
    /// The payment page waits for its payer.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "open"))]
    Open,
    /// On its way.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "processing"))]
    Processing,
    /// Over, and nothing came.
    #[cfg_attr(feature = "orm", sea_orm(string_value = "closed"))]
    Closed,
    #[cfg_attr(feature = "orm", sea_orm(string_value = "received"))]
    Received,
}

impl State {
    pub const ALL: [Self; 5] = [Self::Intended, Self::Open, Self::Processing, Self::Closed, Self::Received];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Intended => "intended",
            Self::Open => "open",
            Self::Processing => "processing",
            Self::Closed => "closed",
            Self::Received => "received",
        }
    }

    /// Whether something may still come.
    pub const fn is_pending(self) -> bool {
        matches!(self, Self::Intended | Self::Open | Self::Processing)
    }
}

/// What is known of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    pub state: State,
    pub amount: Money,
    pub received: Money,
    pub refunded: Money,
    /// Taken back against our will, or never ours: a lost dispute, an undone match.
    pub reversed: Money,
    /// Of what was received, what was for interest and recovery costs beside the invoice.
    pub claim: Money,
    /// Of what was received, what became a credit of the company: the invoice asked for less when it came.
    pub over: Money,
}

/// What the provider says now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    Open,
    Processing,
    Closed,
    /// This much has arrived in all.
    Received(Money),
    /// This much has been given back in all.
    Refunded(Money),
    /// This much was taken back in all by lost disputes.
    Reversed(Money),
}

impl Payment {
    pub const fn new(amount: Money) -> Self {
        Self {
            state: State::Intended,
            amount,
            received: Money::ZERO,
            refunded: Money::ZERO,
            reversed: Money::ZERO,
            claim: Money::ZERO,
            over: Money::ZERO,
        }
    }

    /// What is known after this. Any order of the same sightings leads to the same knowledge.
    #[must_use]
    pub fn after(self, seen: Seen) -> Self {
        let at_least = |state| Self { state: self.state.max(state), ..self };
        match seen {
            Seen::Open => at_least(State::Open),
            Seen::Processing => at_least(State::Processing),
            Seen::Closed => at_least(State::Closed),
            Seen::Received(received) if received <= Money::ZERO => self,
            Seen::Received(received) => Self { received: self.received.max(received), ..at_least(State::Received) },
            Seen::Refunded(refunded) => Self { refunded: self.refunded.max(refunded), ..self },
            Seen::Reversed(reversed) => Self { reversed: self.reversed.max(reversed), ..self },
        }
    }

    /// What of it can still be given back, after refunds that are asked for and not refused. What paid interest and
    /// costs is no part of it, nor what became a credit: that is sent back as one.
    pub fn refundable(&self, asked: Money) -> Result<Money, Overflow> {
        let kept = self.received.checked_sub(self.reversed)?.checked_sub(self.claim)?.checked_sub(self.over)?;
        Ok(kept.checked_sub(self.refunded.max(asked))?.max(Money::ZERO))
    }

    /// What came and was not taken back. Money that was given back by decision is in it; it was received.
    pub fn kept(&self) -> Money {
        // No more is taken back than is left after what was given back.
        let most = self.received.checked_sub(self.refunded).unwrap_or(Money::ZERO);
        self.received.checked_sub(self.reversed.min(most)).unwrap_or(self.received)
    }

    /// What of it paid interest and recovery costs. What is taken back is taken off the invoice first.
    pub fn for_claim(&self) -> Money {
        self.claim.min(self.kept())
    }

    /// What of it pays what the company owes: the invoice, and what became a credit.
    pub fn for_company(&self) -> Money {
        self.kept().checked_sub(self.for_claim()).unwrap_or(Money::ZERO)
    }

    /// What of it is a credit of the company. What was given back by decision is no part of it: where the rest is taken
    /// back against our will, nothing is left that a credit could be.
    pub fn for_credit(&self) -> Money {
        let left = self.for_company().checked_sub(self.refunded).unwrap_or(Money::ZERO);
        self.over.min(left).max(Money::ZERO)
    }

    /// What of it the invoice counts.
    pub fn counted(&self) -> Money {
        self.for_company().checked_sub(self.for_credit()).unwrap_or(Money::ZERO)
    }

    /// Less or more came than was asked for: a person must look.
    pub fn is_odd(&self) -> bool {
        self.state == State::Received && self.received != self.amount
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_credit_is_of_money_that_is_left() {
        let cents = Money::cents;
        let paid = Payment { received: cents(12_000), over: cents(3_800), ..Payment::new(cents(12_000)) };
        let paid = paid.after(Seen::Received(cents(12_000)));
        assert_eq!(paid.for_credit(), cents(3_800));
        let part = paid.after(Seen::Refunded(cents(1_000)));
        assert_eq!((part.for_credit(), part.counted()), (cents(3_800), cents(8_200)));
        let lost = part.after(Seen::Reversed(cents(11_000)));
        assert_eq!((lost.for_credit(), lost.kept()), (Money::ZERO, cents(1_000)), "what is kept was given back");
        let half = part.after(Seen::Reversed(cents(9_000)));
        assert_eq!(half.for_credit(), cents(2_000));
        assert_eq!(paid.after(Seen::Reversed(cents(12_000))).for_credit(), Money::ZERO);
    }

    const AMOUNT: Money = Money::cents(1_000);

    fn after(seen: &[Seen]) -> Payment {
        seen.iter().fold(Payment::new(AMOUNT), |payment, seen| payment.after(*seen))
    }

    #[test]
    fn paid_stays_paid() {
        let paid = after(&[Seen::Open, Seen::Received(AMOUNT), Seen::Closed, Seen::Processing, Seen::Open]);
        assert_eq!((paid.state, paid.received), (State::Received, AMOUNT));
        assert!(!paid.is_odd() && !paid.state.is_pending());
    }

    #[test]
    fn money_that_comes_after_the_page_closed_counts() {
        assert_eq!(after(&[Seen::Closed, Seen::Received(AMOUNT)]).state, State::Received);
        assert_eq!(after(&[Seen::Open, Seen::Closed]).state, State::Closed);
    }

    #[test]
    fn part_of_the_money_is_odd_and_nothing_is_not_received() {
        let part = after(&[Seen::Received(Money::cents(400))]);
        assert!(part.is_odd());
        assert_eq!(after(&[Seen::Received(Money::ZERO)]).state, State::Intended);
    }

    #[test]
    fn a_refund_is_never_more_than_what_came() {
        let paid = after(&[Seen::Received(AMOUNT), Seen::Refunded(Money::cents(300))]);
        assert_eq!(paid.refundable(Money::ZERO), Ok(Money::cents(700)));
        assert_eq!(paid.refundable(Money::cents(900)), Ok(Money::cents(100)));
        assert_eq!(paid.refundable(Money::cents(1_500)), Ok(Money::ZERO));
        assert_eq!(paid.state, State::Received, "given back is not unpaid");
    }

    #[test]
    fn what_is_taken_back_no_longer_counts() {
        let lost = after(&[Seen::Received(AMOUNT), Seen::Reversed(AMOUNT)]);
        assert_eq!((lost.counted(), lost.refundable(Money::ZERO)), (Money::ZERO, Ok(Money::ZERO)));
        let both = after(&[Seen::Received(AMOUNT), Seen::Refunded(Money::cents(300)), Seen::Reversed(AMOUNT)]);
        assert_eq!(both.counted(), Money::cents(300), "what was given back cannot be taken back");
    }

    #[test]
    fn what_paid_interest_and_costs_does_not_pay_the_invoice() {
        let paid = Payment { claim: Money::cents(300), ..after(&[Seen::Received(AMOUNT)]) };
        assert_eq!((paid.counted(), paid.for_claim()), (Money::cents(700), Money::cents(300)));
        assert_eq!(paid.refundable(Money::ZERO), Ok(Money::cents(700)));
        let part = paid.after(Seen::Reversed(Money::cents(800)));
        assert_eq!((part.counted(), part.for_claim()), (Money::ZERO, Money::cents(200)));
        let none = paid.after(Seen::Reversed(AMOUNT));
        assert_eq!((none.kept(), none.counted(), none.for_claim()), (Money::ZERO, Money::ZERO, Money::ZERO));
    }

    #[test]
    fn what_became_a_credit_does_not_pay_the_invoice_and_is_taken_back_last() {
        let paid = Payment { over: Money::cents(300), ..after(&[Seen::Received(AMOUNT)]) };
        assert_eq!(
            (paid.for_company(), paid.counted(), paid.for_credit()),
            (AMOUNT, Money::cents(700), Money::cents(300))
        );
        assert_eq!(paid.refundable(Money::ZERO), Ok(Money::cents(700)));
        let part = paid.after(Seen::Reversed(Money::cents(800)));
        assert_eq!((part.counted(), part.for_credit()), (Money::ZERO, Money::cents(200)));
    }

    #[test]
    fn large_amounts_take_two_people() {
        let on = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let cents = Money::cents;
        assert_eq!(second_above(on), (cents(100_000), cents(50_000)));
        assert!(!refund_needs_second(cents(100_000), on) && refund_needs_second(cents(100_001), on));
        assert!(!write_off_needs_second(cents(50_000), on) && write_off_needs_second(cents(50_001), on));
    }

    fn sighting() -> impl Strategy<Value = Seen> {
        prop_oneof![
            Just(Seen::Open),
            Just(Seen::Processing),
            Just(Seen::Closed),
            (0_i64..2_000).prop_map(|cents| Seen::Received(Money::cents(cents))),
            (0_i64..2_000).prop_map(|cents| Seen::Refunded(Money::cents(cents))),
            (0_i64..2_000).prop_map(|cents| Seen::Reversed(Money::cents(cents))),
        ]
    }

    proptest! {
        #[test]
        fn neither_order_nor_repetition_matters(
            seen in proptest::collection::vec(sighting(), 0..8),
            shuffled in any::<proptest::sample::Index>(),
        ) {
            let mut other = seen.clone();
            other.extend(seen.iter().rev().copied());
            if !other.is_empty() {
                let at = shuffled.index(other.len());
                other.rotate_left(at);
            }
            prop_assert_eq!(after(&seen), after(&other));
        }
    }
}
