//! Numbers, euros, GPU time, shares, days and instants the way the reader writes them.
//!
//! Refuses floats: everything comes from the integers of `domain` and is cut into digits as text.

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use domain::{
    compute::{raised, scientific},
    gpu::GpuTime,
    money::{BasisPoints, Money, Rate},
    organisation::Staff,
    period::{Month, ZONE},
};
use fluent_bundle::FluentValue;
use icu_decimal::{DecimalFormatter, input::Decimal};
use icu_locale_core::locale;

use crate::{Words, args, locale::Locale};

// The formatters cannot be shared between threads, and are small.
thread_local! {
    static ENGLISH: Option<DecimalFormatter> = formatter(Locale::En);
    static FRENCH: Option<DecimalFormatter> = formatter(Locale::Fr);
}

fn formatter(locale: Locale) -> Option<DecimalFormatter> {
    let tag = match locale {
        Locale::En => locale!("en"),
        Locale::Fr => locale!("fr"),
    };
    DecimalFormatter::try_new(tag.into(), Default::default()).ok()
}

impl Words {
    /// `12,345` or `12 345`.
    pub fn integer(self, value: i64) -> String {
        self.decimal(&value.to_string())
    }

    /// A plain decimal such as `-1234.5`, grouped, with as many places as it came with.
    pub(crate) fn decimal(self, plain: &str) -> String {
        let formatter = match self.locale() {
            Locale::En => &ENGLISH,
            Locale::Fr => &FRENCH,
        };
        formatter.with(|formatter| match (formatter, plain.parse::<Decimal>()) {
            (Some(formatter), Ok(value)) => formatter.format(&value).to_string(),
            _ => plain.to_owned(),
        })
    }

    /// Hundredths with both places: `4.05` or `4,05`.
    pub fn hundredths(self, value: i64) -> String {
        let sign = if value < 0 { "-" } else { "" };
        self.decimal(&format!("{sign}{}.{:02}", value.unsigned_abs() / 100, value.unsigned_abs() % 100))
    }

    /// A count of operations: `8.40 × 10²²`.
    pub fn flop(self, flop: u128) -> String {
        let (hundredths, exponent) = scientific(flop);
        let mantissa = self.hundredths(i64::try_from(hundredths).unwrap_or(i64::MAX));
        format!("{mantissa} × 10{}", raised(exponent))
    }

    /// `€1,234.50` or `1 234,50 €`.
    pub fn money(self, amount: Money) -> String {
        let figure = self.money_figure(amount);
        match (self.locale(), figure.strip_prefix('-')) {
            (Locale::En, Some(positive)) => format!("-€{positive}"),
            (Locale::En, None) => format!("€{figure}"),
            (Locale::Fr, _) => format!("{figure}\u{a0}€"),
        }
    }

    /// Whole per cent: `40%` or `40 %`.
    pub fn whole_percent(self, whole: i64) -> String {
        self.percent(BasisPoints::new(i32::try_from(whole.saturating_mul(100)).unwrap_or_default()))
    }

    /// Euros without cents: `€1,234` or `1 234 €`.
    pub fn whole_euros(self, euros: i64) -> String {
        let figure = self.integer(euros);
        match self.locale() {
            Locale::En => format!("€{figure}"),
            Locale::Fr => format!("{figure}\u{a0}€"),
        }
    }

    /// The amount without its sign of currency: for columns whose header names the euro.
    pub fn money_figure(self, amount: Money) -> String {
        self.decimal(&amount.to_string())
    }

    /// A figure in millionths, with at least four places and as many as it has: `11.0515`.
    pub fn decimal_millionths(self, millionths: i64) -> String {
        let sign = if millionths < 0 { "-" } else { "" };
        let (whole, fraction) = (millionths.unsigned_abs() / 1_000_000, millionths.unsigned_abs() % 1_000_000);
        self.decimal(&format!("{sign}{whole}.{}", places(&format!("{fraction:06}"), 4)))
    }

    /// A price of one GPU-hour, with at least two places and as many as it has: `€2.50 per GPU-hour`.
    pub fn rate(self, rate: Rate) -> String {
        let figure = self.rate_figure(rate);
        let amount = match self.locale() {
            Locale::En => format!("€{figure}"),
            Locale::Fr => format!("{figure}\u{a0}€"),
        };
        self.with("format-per-gpu-hour", args![amount => amount])
    }

    /// The same without its unit: for columns whose header names it.
    pub fn rate_figure(self, rate: Rate) -> String {
        let micro = rate.as_micro_euro();
        let sign = if micro < 0 { "-" } else { "" };
        let (euro, fraction) = (micro.unsigned_abs() / 1_000_000, micro.unsigned_abs() % 1_000_000);
        self.decimal(&format!("{sign}{euro}.{}", places(&format!("{fraction:06}"), 2)))
    }

    /// GPU time with its unit: `5,000 GPU-hours`.
    pub fn hours(self, time: GpuTime) -> String {
        let plain = plain_hours(time);
        let count = FluentValue::try_number(&plain);
        self.with("format-gpu-hours", args![figure => self.decimal(&plain), count => count])
    }

    /// GPU-hours without the unit, with up to two places: for columns whose header names it. Rounded towards zero,
    /// so that no table shows more than was measured.
    pub fn hours_figure(self, time: GpuTime) -> String {
        self.decimal(&plain_hours(time))
    }

    /// Annual work units, as few places as they have: `8.5`.
    pub fn staff(self, staff: Staff) -> String {
        let hundredths = staff.as_hundredths();
        let fraction = format!("{:02}", hundredths.rem_euclid(100));
        let fraction = places(&fraction, 0);
        let point = if fraction.is_empty() { "" } else { "." };
        self.decimal(&format!("{}{point}{fraction}", hundredths.div_euclid(100)))
    }

    /// `62.5%` or `62,5 %`.
    pub fn percent(self, share: BasisPoints) -> String {
        let points = share.get();
        let sign = if points < 0 { "-" } else { "" };
        let fraction = format!("{:02}", points.unsigned_abs() % 100);
        let fraction = places(&fraction, 0);
        let point = if fraction.is_empty() { "" } else { "." };
        let figure = self.decimal(&format!("{sign}{}{point}{fraction}", points.unsigned_abs() / 100));
        match self.locale() {
            Locale::En => format!("{figure}%"),
            Locale::Fr => format!("{figure}\u{202f}%"),
        }
    }

    /// `8 December 2026`.
    pub fn date(self, day: NaiveDate) -> String {
        let args =
            args![day => self.day_of_month(day), month => self.month_name(day.month()), year => day.year().to_string()];
        self.with("format-date", args)
    }

    /// `8 Dec 2026`, never broken: for columns.
    pub fn date_figure(self, day: NaiveDate) -> String {
        self.with("format-date-figure", args![date => self.short_date(day), year => day.year().to_string()])
            .replace(' ', "\u{a0}")
    }

    /// `8 Dec 2026, 10:00 CET`, Brussels time: for columns.
    pub fn instant_figure(self, at: DateTime<Utc>) -> String {
        let local = at.with_timezone(&ZONE);
        let time = format!("{:02}:{:02}\u{a0}{}", local.hour(), local.minute(), local.format("%Z"));
        self.with("format-instant-figure", args![date => self.date_figure(local.date_naive()), time => time])
    }

    /// `8 Dec`: for heads of narrow columns.
    pub fn short_date(self, day: NaiveDate) -> String {
        let month = self.t(&format!("format-month-short-{}", day.month()));
        self.with("format-date-short", args![day => day.day().to_string(), month => month])
    }

    /// `Tuesday 8 December 2026`.
    pub fn weekday_date(self, day: NaiveDate) -> String {
        let weekday = self.t(&format!("format-weekday-{}", day.weekday().number_from_monday()));
        self.with("format-weekday-date", args![weekday => weekday, date => self.date(day)])
    }

    /// `December 2026`.
    pub fn month(self, month: Month) -> String {
        let day = month.first_day();
        self.with("format-month-year", args![month => self.month_name(day.month()), year => day.year().to_string()])
    }

    /// An instant in Brussels time, which is named: `8 December 2026, 10:00 (Brussels time)`.
    pub fn instant(self, at: DateTime<Utc>) -> String {
        let local = at.with_timezone(&ZONE);
        let args = args![
            date => self.date(local.date_naive()),
            hour => format!("{:02}", local.hour()),
            minute => format!("{:02}", local.minute()),
        ];
        self.with("format-instant", args)
    }

    fn day_of_month(self, day: NaiveDate) -> String {
        match (self.locale(), day.day()) {
            (Locale::Fr, 1) => "1er".to_owned(),
            (_, number) => number.to_string(),
        }
    }

    fn month_name(self, month: u32) -> String {
        self.t(&format!("format-month-{month}"))
    }
}

fn plain_hours(time: GpuTime) -> String {
    let seconds = time.as_seconds();
    let sign = if seconds < 0 { "-" } else { "" };
    let (whole, rest) = (seconds.unsigned_abs() / 3_600, seconds.unsigned_abs() % 3_600);
    let fraction = places(&format!("{:02}", rest * 100 / 3_600), 0);
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}")
}

/// Decimal places without the noughts at their end, but at least `least` of them.
fn places(digits: &str, least: usize) -> String {
    let short = digits.trim_end_matches('0');
    format!("{short:0<least$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: Words = Words::new(Locale::En);
    const FR: Words = Words::new(Locale::Fr);

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn euros() {
        for (cents, en, fr) in [
            (0, "€0.00", "0,00\u{a0}€"),
            (123_456_789, "€1,234,567.89", "1\u{202f}234\u{202f}567,89\u{a0}€"),
            (-5, "-€0.05", "-0,05\u{a0}€"),
        ] {
            assert_eq!(EN.money(Money::cents(cents)), en);
            assert_eq!(FR.money(Money::cents(cents)), fr);
        }
        assert_eq!(EN.money_figure(Money::cents(i64::MIN)), "-92,233,720,368,547,758.08");
    }

    #[test]
    fn exchange_rates_have_four_places_or_more() {
        assert_eq!(EN.decimal_millionths(11_051_500), "11.0515");
        assert_eq!(FR.decimal_millionths(7_460_000), "7,4600");
        assert_eq!(EN.decimal_millionths(10_987_654), "10.987654");
    }

    #[test]
    fn rates_keep_the_places_they_have() {
        assert_eq!(EN.rate(Rate::micro_euro(2_500_000)), "€2.50 per GPU-hour");
        assert_eq!(EN.rate(Rate::micro_euro(1_025_130)), "€1.02513 per GPU-hour");
        assert_eq!(FR.rate(Rate::micro_euro(2_000_000)), "2,00\u{a0}€ par heure-GPU");
    }

    #[test]
    fn gpu_time_is_never_shown_as_more_than_it_is() {
        let hours = |seconds| (EN.hours(GpuTime::seconds(seconds)), FR.hours(GpuTime::seconds(seconds)));
        assert_eq!(hours(18_000_000), ("5,000 GPU-hours".to_owned(), "5\u{202f}000 heures-GPU".to_owned()));
        assert_eq!(hours(3_600), ("1 GPU-hour".to_owned(), "1 heure-GPU".to_owned()));
        assert_eq!(hours(5_400), ("1.5 GPU-hours".to_owned(), "1,5 heure-GPU".to_owned()));
        assert_eq!(EN.hours_figure(GpuTime::seconds(3_599)), "0.99");
        assert_eq!(EN.hours_figure(GpuTime::seconds(-3_600)), "-1");
    }

    #[test]
    fn shares() {
        assert_eq!(EN.percent(BasisPoints::new(6_250)), "62.5%");
        assert_eq!(FR.percent(BasisPoints::new(6_250)), "62,5\u{202f}%");
        assert_eq!(EN.percent(BasisPoints::WHOLE), "100%");
        assert_eq!(EN.percent(BasisPoints::new(7)), "0.07%");
    }

    #[test]
    fn days_and_months() {
        assert_eq!(EN.date(day(2026, 12, 8)), "8 December 2026");
        assert_eq!(FR.date(day(2026, 8, 1)), "1er août 2026");
        assert_eq!(EN.weekday_date(day(2026, 12, 8)), "Tuesday 8 December 2026");
        assert_eq!(FR.weekday_date(day(2026, 12, 8)), "mardi 8 décembre 2026");
        assert_eq!(EN.short_date(day(2026, 12, 8)), "8 Dec");
        assert_eq!(FR.month(Month::of_day(day(2026, 2, 3))), "février 2026");
    }

    #[test]
    fn instants_are_in_brussels_summer_and_winter() {
        assert_eq!(EN.instant("2026-11-30T09:00:00Z".parse().unwrap()), "30 November 2026, 10:00 (Brussels time)");
        assert_eq!(
            FR.instant("2026-07-15T08:05:00Z".parse().unwrap()),
            "15 juillet 2026 à 10\u{a0}h\u{a0}05 (heure de Bruxelles)"
        );
    }

    #[test]
    fn columns_name_the_zone_in_three_or_four_letters() {
        let (winter, summer) = ("2026-11-30T09:00:00Z".parse().unwrap(), "2026-07-15T08:05:00Z".parse().unwrap());
        assert_eq!(EN.instant_figure(winter), "30\u{a0}Nov\u{a0}2026, 10:00\u{a0}CET");
        assert_eq!(FR.instant_figure(summer), "15\u{a0}juil.\u{a0}2026, 10:05\u{a0}CEST");
    }

    #[test]
    fn numbers_in_sentences_are_grouped_too() {
        assert_eq!(EN.integer(1_234_567), "1,234,567");
        assert_eq!(EN.problem(domain::problem::Problem::TooLong { max: 12_000 }), "Use at most 12,000 characters.");
    }
}
