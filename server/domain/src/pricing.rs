//! What GPU time costs: list price by tariff, the share that public money carries by size class and pot, and VAT.
//!
//! Exact and monotone: more hours never cost less. Refuses to choose a tariff by itself: rows come with their dates.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    gpu::{GpuModel, GpuTime},
    id::SiteId,
    money::{BasisPoints, Money, Overflow, Rate},
    organisation::SizeClass,
    price::{self, Reference},
    vat::{Applied, Treatment},
};

/// The State-aid regime an award stands under: it follows from whose money pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Regime {
    /// Union access time, not under a Member State's control: no State aid (Reg. (EU) 2021/1173, Art. 12b).
    UnionResources,
    /// Reg. (EU) 2023/2831: EUR 300,000 a Member State and single undertaking over three years.
    DeMinimis,
    /// Reg. (EU) 651/2014.
    Gber,
    /// The operator's own terms: no aid.
    Market,
}

impl Regime {
    pub const ALL: [Self; 4] = [Self::UnionResources, Self::DeMinimis, Self::Gber, Self::Market];

    pub const fn code(self) -> &'static str {
        match self {
            Self::UnionResources => "union_resources",
            Self::DeMinimis => "de_minimis",
            Self::Gber => "gber",
            Self::Market => "market",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|regime| regime.code() == code)
    }

    /// Whether the subsidy is State aid that must be told, registered and kept below a ceiling.
    pub const fn is_aid(self) -> bool {
        matches!(self, Self::DeMinimis | Self::Gber)
    }
}

/// The list price of one model from its first day, at one site or at every site that has no price of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tariff {
    pub model: GpuModel,
    #[serde(default)]
    pub site: Option<SiteId>,
    pub list_rate: Rate,
    /// Where the price comes from, as an award must be able to say.
    pub source: String,
    pub valid_from: NaiveDate,
    /// Its last day, if that is known.
    #[serde(default)]
    pub valid_until: Option<NaiveDate>,
}

/// How a list rate was reached, and what the market asked on that day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Derivation {
    /// The site whose price it is; `None` for the programme's, which holds at every site.
    pub site: Option<SiteId>,
    /// The list price of the book, before scarcity.
    pub book_rate: Rate,
    /// The site that it was asked for, whose scarcity it is; `None` for any, and in what was frozen before this was kept.
    #[serde(default)]
    pub at: Option<SiteId>,
    /// What the rate rises by because the weeks at that site are sought after.
    pub scarcity: BasisPoints,
    pub reference: Option<Reference>,
}

/// What one pot pays for one size class, from its first day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subsidy {
    pub size_class: SizeClass,
    pub pot: String,
    pub regime: Regime,
    pub share: BasisPoints,
    pub valid_from: NaiveDate,
}

/// A price with everything it rests on; frozen when an application is submitted and on the allocation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    pub model: GpuModel,
    pub gpu_time: GpuTime,
    pub list_rate: Rate,
    pub list: Money,
    pub subsidy_share: BasisPoints,
    pub subsidy: Money,
    pub pot: String,
    pub regime: Regime,
    /// The applicant's own share, before VAT.
    pub own: Money,
    pub vat_treatment: Treatment,
    pub vat_rate: BasisPoints,
    pub vat: Money,
    pub due: Money,
    pub priced_on: NaiveDate,
    pub price_source: String,
    /// Not there in prices that were frozen before there was a price book.
    #[serde(default)]
    pub derivation: Option<Derivation>,
}

/// What an amount is reckoned from: the same in the browser, on an offer and on an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    pub list_rate: Rate,
    pub subsidy_share: BasisPoints,
    pub vat_rate: BasisPoints,
}

/// The amounts of a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amounts {
    pub list: Money,
    pub subsidy: Money,
    /// The applicant's own share, before VAT.
    pub own: Money,
    pub vat: Money,
    pub due: Money,
}

impl Terms {
    /// What that much GPU time costs.
    pub fn of(&self, gpu_time: GpuTime) -> Result<Amounts, Overflow> {
        let list = self.list_rate.times(gpu_time)?;
        let subsidy = list.share(self.subsidy_share)?;
        let own = list.checked_sub(subsidy)?;
        let vat = own.share(self.vat_rate)?;
        Ok(Amounts { list, subsidy, own, vat, due: own.checked_add(vat)? })
    }
}

/// The programme's row in force on that day: the latest that has begun and not ended.
pub fn tariff_on(rows: &[Tariff], model: GpuModel, on: NaiveDate) -> Option<&Tariff> {
    price::list_on(rows, None, model, on)
}

/// What this pot pays for this class on that day.
pub fn subsidy_on<'a>(rows: &'a [Subsidy], pot: &str, class: SizeClass, on: NaiveDate) -> Option<&'a Subsidy> {
    rows.iter()
        .filter(|row| row.pot == pot && row.size_class == class && row.valid_from <= on)
        .max_by_key(|row| row.valid_from)
}

/// The price of that much GPU time on these terms.
pub fn quote(
    tariff: &Tariff,
    subsidy: &Subsidy,
    gpu_time: GpuTime,
    vat: Applied,
    on: NaiveDate,
) -> Result<Quote, Overflow> {
    let empty = Quote {
        model: tariff.model,
        gpu_time: GpuTime::ZERO,
        list_rate: tariff.list_rate,
        list: Money::ZERO,
        subsidy_share: subsidy.share,
        subsidy: Money::ZERO,
        pot: subsidy.pot.clone(),
        regime: subsidy.regime,
        own: Money::ZERO,
        vat_treatment: vat.treatment,
        vat_rate: vat.rate,
        vat: Money::ZERO,
        due: Money::ZERO,
        priced_on: on,
        price_source: tariff.source.clone(),
        derivation: None,
    };
    empty.of(gpu_time)
}

impl Quote {
    /// The same frozen terms for another amount of GPU time, as an offer or an invoice needs them.
    pub fn of(&self, gpu_time: GpuTime) -> Result<Self, Overflow> {
        let Amounts { list, subsidy, own, vat, due } = self.terms().of(gpu_time)?;
        Ok(Self { gpu_time, list, subsidy, own, vat, due, ..self.clone() })
    }

    pub const fn terms(&self) -> Terms {
        Terms { list_rate: self.list_rate, subsidy_share: self.subsidy_share, vat_rate: self.vat_rate }
    }

    /// The same time on the list price of that row, risen by this much for the site it is asked for, with what the market
    /// asked that day.
    pub fn listed(
        &self,
        tariff: &Tariff,
        (at, scarcity): (Option<SiteId>, BasisPoints),
        reference: Option<Reference>,
    ) -> Result<Self, Overflow> {
        let risen = Self {
            list_rate: tariff.list_rate.risen(scarcity)?,
            price_source: tariff.source.clone(),
            derivation: Some(Derivation { site: tariff.site, book_rate: tariff.list_rate, at, scarcity, reference }),
            ..self.clone()
        };
        risen.of(self.gpu_time)
    }

    /// The same promise to the same customer at the prices of another: model, list price, its day and its derivation
    /// are the other's; what public money carries and VAT stay.
    pub fn priced_as(&self, other: &Self) -> Result<Self, Overflow> {
        let priced = Self {
            model: other.model,
            list_rate: other.list_rate,
            price_source: other.price_source.clone(),
            priced_on: other.priced_on,
            derivation: other.derivation.clone(),
            ..self.clone()
        };
        priced.of(self.gpu_time)
    }

    fn reference(&self) -> Option<&Reference> {
        self.derivation.as_ref().and_then(|derivation| derivation.reference.as_ref())
    }

    /// What an hour is worth on the market: what aid is measured by (Reg. (EU) 2023/2831, Art. 3(5)). The list price
    /// where no observation was known.
    pub fn market_rate(&self) -> Rate {
        self.reference().map_or(self.list_rate, |reference| reference.rate)
    }

    /// Who says so.
    pub fn market_source(&self) -> String {
        self.reference().map_or_else(|| self.price_source.clone(), |reference| reference.sources.join("; "))
    }

    /// What the whole time is worth on the market.
    pub fn market(&self) -> Result<Money, Overflow> {
        match self.reference() {
            Some(reference) => reference.rate.times(self.gpu_time),
            None => Ok(self.list),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{country::Country, vat};

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    fn tariff(micro: i64) -> Tariff {
        Tariff {
            model: GpuModel::H100,
            site: None,
            list_rate: Rate::micro_euro(micro),
            source: "list of May".to_owned(),
            valid_from: day(2026, 5, 1),
            valid_until: None,
        }
    }

    fn subsidy(points: i32) -> Subsidy {
        Subsidy {
            size_class: SizeClass::Small,
            pot: "state".to_owned(),
            regime: Regime::DeMinimis,
            share: BasisPoints::new(points),
            valid_from: day(2026, 1, 1),
        }
    }

    fn german() -> Applied {
        let de = Country::of(*b"DE");
        vat::treatment(de, de, vat::VatState::Unchecked, "10115", day(2026, 11, 23))
    }

    #[test]
    fn five_thousand_hours_at_seventy_percent_and_german_vat() {
        let quote =
            quote(&tariff(2_750_000), &subsidy(7_000), GpuTime::hours(5_000).unwrap(), german(), day(2026, 11, 23))
                .unwrap();
        assert_eq!(quote.list, Money::cents(1_375_000));
        assert_eq!(quote.subsidy, Money::cents(962_500));
        assert_eq!(quote.own, Money::cents(412_500));
        assert_eq!(quote.vat, Money::cents(78_375));
        assert_eq!(quote.due, Money::cents(490_875));
        let half = quote.of(GpuTime::hours(2_500).unwrap()).unwrap();
        assert_eq!(
            (half.list, half.list_rate, half.priced_on),
            (Money::cents(687_500), quote.list_rate, quote.priced_on)
        );
    }

    #[test]
    fn rows_begin_on_their_day() {
        let rows = [
            tariff(2_750_000),
            Tariff { list_rate: Rate::micro_euro(2_500_000), valid_from: day(2027, 1, 1), ..tariff(0) },
        ];
        let rate = |on| tariff_on(&rows, GpuModel::H100, on).map(|row| row.list_rate.as_micro_euro());
        assert_eq!(rate(day(2026, 4, 30)), None);
        assert_eq!(rate(day(2026, 12, 31)), Some(2_750_000));
        assert_eq!(rate(day(2027, 1, 1)), Some(2_500_000));
        assert_eq!(tariff_on(&rows, GpuModel::A100, day(2027, 1, 1)), None);
    }

    #[test]
    fn a_price_is_risen_and_taken_over_with_its_derivation() {
        let hours = GpuTime::hours(1_000).unwrap();
        let plain = quote(&tariff(2_500_000), &subsidy(5_000), hours, german(), day(2026, 11, 23)).unwrap();
        let reference = Reference {
            rate: Rate::micro_euro(3_000_000),
            observed_on: day(2026, 11, 1),
            sources: vec!["a".to_owned(), "b".to_owned()],
        };
        let risen = plain.listed(&tariff(2_500_000), (None, BasisPoints::new(400)), Some(reference.clone())).unwrap();
        assert_eq!((risen.list_rate, risen.list), (Rate::micro_euro(2_600_000), Money::cents(260_000)));
        assert_eq!((risen.own, risen.market_rate()), (Money::cents(130_000), reference.rate));
        assert_eq!((risen.market(), risen.market_source()), (Ok(Money::cents(300_000)), "a; b".to_owned()));
        assert_eq!(plain.market_rate(), plain.list_rate);
        let other = quote(&tariff(9), &subsidy(7_000), hours, german(), day(2026, 12, 1)).unwrap();
        let taken = other.priced_as(&risen).unwrap();
        assert_eq!((taken.list, taken.priced_on), (risen.list, day(2026, 11, 23)));
        assert_eq!((taken.own, taken.derivation), (Money::cents(78_000), risen.derivation), "its own subsidy");
        let old = serde_json::to_string(&plain).unwrap().replace(",\"derivation\":null", "");
        assert!(!old.contains("derivation"));
        assert_eq!(serde_json::from_str::<Quote>(&old).unwrap(), plain, "what was frozen before is still read");
    }

    #[test]
    fn a_whole_subsidy_leaves_nothing_due() {
        let quote =
            quote(&tariff(2_750_001), &subsidy(10_000), GpuTime::seconds(12_345), german(), day(2026, 11, 23)).unwrap();
        assert_eq!(quote.due, Money::ZERO);
        assert_eq!(quote.subsidy, quote.list);
    }

    proptest! {
        #[test]
        fn quotes_are_monotone_and_add_up(
            micro in 0_i64..20_000_000, points in 0_i32..=10_000,
            seconds in 0_i64..10_000_000_000, more in 0_i64..1_000_000,
        ) {
            let on = day(2026, 11, 23);
            let price = |seconds| quote(&tariff(micro), &subsidy(points), GpuTime::seconds(seconds), german(), on).unwrap();
            let (less, longer) = (price(seconds), price(seconds + more));
            prop_assert!(longer.list >= less.list && longer.own >= less.own && longer.due >= less.due);
            prop_assert_eq!(less.own.checked_add(less.subsidy).unwrap(), less.list);
            prop_assert_eq!(less.own.checked_add(less.vat).unwrap(), less.due);
            prop_assert!(less.own >= Money::ZERO);
        }
    }
}
