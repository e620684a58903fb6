//! State aid: which money is aid, how much of it an award is, what an undertaking has had, and whether more fits.
//!
//! Every figure of the law is a row with its days and its article; every test keeps the facts it saw. Refuses to ask
//! where a company sits when it means whose money it is: the granting State comes from the pot.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    coded::coded,
    gpu::GpuTime,
    id::OrganisationId,
    money::{Money, Overflow},
    pricing::{Quote, Regime},
};

pub mod ceiling;
pub mod declaration;
pub mod gber;
pub mod pot;
pub mod register;
pub mod test;
pub mod transfer;
pub mod undertaking;
pub mod window;

coded! {
    /// One movement of the ledger.
    Kind {
        /// An award is proposed: its amount counts against the ceiling before anybody signs.
        Reserve "reserve",
        /// The company has the legal right: this is the grant (Reg. (EU) 2023/2831, Art. 3(3)).
        Confirm "confirm",
        /// Nothing is granted, or nothing any more.
        Release "release",
        /// More or less than was granted, as hours are handed back or other GPUs are taken.
        Correct "correct",
    }
}

coded! {
    /// The rule that aid is granted under.
    Article {
        /// Reg. (EU) 2023/2831.
        DeMinimis "de_minimis",
        /// Reg. (EU) No 651/2014, Art. 25(2)(a).
        Fundamental "gber_25_fundamental",
        /// Art. 25(2)(b).
        Industrial "gber_25_industrial",
        /// Art. 25(2)(c).
        Experimental "gber_25_experimental",
        /// Art. 25(2)(d).
        Feasibility "gber_25_feasibility",
        /// Art. 28(2)(c) and (4): innovation support services for SMEs.
        SmeSupport "gber_28_support",
    }
}

coded! {
    /// Where a grant stands.
    Standing {
        Reserved "reserved",
        Granted "granted",
        Released "released",
    }
}

coded! {
    /// Before what a grant was tested.
    Occasion {
        /// An officer decides.
        Award "award",
        /// A second officer signs: the right comes with it.
        Signature "signature",
        /// The company accepts an offer that is worth more than the award was reckoned at.
        Booking "booking",
        /// More hours after the award.
        Change "change",
    }
}

/// The gross grant equivalent of GPU time: the reference price less the price paid, never less than nothing, before
/// tax (Reg. (EU) 2023/2831, Art. 3(5)); both frozen on the day of the grant, so that it can be reckoned beforehand
/// without an assessment of risk (Art. 4(1)).
pub fn gross_grant_equivalent(reference: Money, paid: Money) -> Result<Money, Overflow> {
    Ok(reference.checked_sub(paid)?.max(Money::ZERO))
}

/// The same of a frozen price.
pub fn of_quote(quote: &Quote) -> Result<Money, Overflow> {
    gross_grant_equivalent(quote.market()?, quote.own)
}

/// The same of that much GPU time on the terms of a frozen price.
pub fn of_hours(quote: &Quote, gpu_time: GpuTime) -> Result<Money, Overflow> {
    gross_grant_equivalent(quote.market_rate().times(gpu_time)?, quote.terms().of(gpu_time)?.own)
}

/// Aid that counts somewhere: granted here, or declared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    pub organisation: OrganisationId,
    pub amount: Money,
    pub granted_on: NaiveDate,
    /// The grant in this ledger; `None` for what was declared.
    pub grant: Option<Uuid>,
    /// Who granted it, where it was declared.
    pub authority: String,
}

/// Whether aid under this regime has an entry in the ledger at all. Union access time that no Member State controls
/// is no State aid (Reg. (EU) 2023/2831, recital 14; Reg. (EU) 2021/1173, Art. 12b), nor is what a market operator gives.
pub const fn has_entry(regime: Regime) -> bool {
    regime.is_aid()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        gpu::GpuModel,
        money::{BasisPoints, Rate},
        vat::Treatment,
    };

    fn quote(micro: i64, share: i32, hours: i64) -> Quote {
        let empty = Quote {
            model: GpuModel::H100,
            gpu_time: GpuTime::ZERO,
            list_rate: Rate::micro_euro(micro),
            list: Money::ZERO,
            subsidy_share: BasisPoints::new(share),
            subsidy: Money::ZERO,
            pot: "participating_state".to_owned(),
            regime: Regime::DeMinimis,
            own: Money::ZERO,
            vat_treatment: Treatment::Domestic,
            vat_rate: BasisPoints::ZERO,
            vat: Money::ZERO,
            due: Money::ZERO,
            priced_on: NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(),
            price_source: "list".to_owned(),
            derivation: None,
        };
        empty.of(GpuTime::hours(hours).unwrap()).unwrap()
    }

    #[test]
    fn aid_is_measured_by_the_market_and_not_by_our_own_list() {
        use crate::{price::Reference, pricing::Derivation};
        let plain = quote(2_500_000, 6_000, 1_000);
        let at_market = |micro| {
            let reference = Reference { rate: Rate::micro_euro(micro), observed_on: plain.priced_on, sources: vec![] };
            let derivation = Derivation {
                site: None,
                book_rate: plain.list_rate,
                at: None,
                scarcity: BasisPoints::ZERO,
                reference: Some(reference),
            };
            let quote = Quote { derivation: Some(derivation), ..plain.clone() };
            let half = of_hours(&quote, GpuTime::hours(500).unwrap()).unwrap();
            (of_quote(&quote).unwrap().as_cents(), half.as_cents())
        };
        // 1,000.00 is paid.
        assert_eq!(at_market(2_500_000), (150_000, 75_000));
        assert_eq!(at_market(3_000_000), (200_000, 100_000), "a list below the market is aid too");
        assert_eq!(at_market(900_000), (0, 0), "whoever pays more than the market gets none");
    }

    /// Hours wholly free, at four reference prices.
    #[test]
    fn the_value_of_hours_that_are_free() {
        let cases = [
            (1_030_000, 5_000, 515_000),
            (1_030_000, 50_000, 5_150_000),
            (1_030_000, 2_400_000, 247_200_000),
            (2_500_000, 5_000, 1_250_000),
            (2_500_000, 120_000, 30_000_000),
            (4_500_000, 50_000, 22_500_000),
            (4_500_000, 2_400_000, 1_080_000_000),
            (6_000_000, 5_000, 3_000_000),
            (6_000_000, 50_000, 30_000_000),
        ];
        for (micro, hours, cents) in cases {
            assert_eq!(of_quote(&quote(micro, 10_000, hours)), Ok(Money::cents(cents)), "{micro} × {hours}");
        }
    }

    #[test]
    fn what_is_paid_is_no_aid_and_aid_is_never_negative() {
        assert_eq!(of_quote(&quote(2_800_000, 7_000, 5_000)), Ok(Money::cents(980_000)));
        assert_eq!(
            of_hours(&quote(2_800_000, 7_000, 5_000), GpuTime::hours(2_500).unwrap()),
            Ok(Money::cents(490_000))
        );
        assert_eq!(gross_grant_equivalent(Money::cents(100), Money::cents(101)), Ok(Money::ZERO));
        assert_eq!(gross_grant_equivalent(Money::cents(i64::MIN), Money::cents(1)), Err(Overflow));
    }

    #[test]
    fn only_money_of_a_state_has_an_entry() {
        let with: Vec<Regime> = Regime::ALL.into_iter().filter(|regime| has_entry(*regime)).collect();
        assert_eq!(with, [Regime::DeMinimis, Regime::Gber]);
    }
}
