//! How much compute a training takes, and what the AI Act makes of it. Whole numbers throughout.
//!
//! The estimate is 6 × parameters × tokens; refuses to promise that a training will take that long.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    gpu::{GpuModel, GpuTime},
    money::{BasisPoints, Overflow},
};

/// The vendor's figure for dense BF16, in teraflops a second of one GPU.
pub const fn peak_teraflops(model: GpuModel) -> u128 {
    match model {
        GpuModel::A100 => 312,
        GpuModel::H100 | GpuModel::H200 | GpuModel::GH200 => 989,
        GpuModel::B200 => 2_250,
        GpuModel::GB200 => 2_500,
        GpuModel::MI250X => 383,
        GpuModel::MI300A => 981,
        GpuModel::MI300X => 1_307,
    }
}

/// The share of the peak that a good training sustains, where the applicant says nothing else.
pub const USUAL_UTILISATION: BasisPoints = BasisPoints::new(4_000);

const TERA: u128 = 1_000_000_000_000;

/// What is to be trained, and how well the code runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Training {
    /// Millions of parameters.
    pub parameters_millions: i64,
    /// Millions of tokens, all epochs together.
    pub tokens_millions: i64,
    /// Of the vendor's peak; 4,000 is 40 %.
    pub utilisation: BasisPoints,
    /// Work done again after failures and for trials, on top.
    pub restarts: BasisPoints,
}

/// Floating-point operations of the training itself: 6 × N × D.
pub fn training_flop(training: &Training) -> Result<u128, Overflow> {
    const MILLION_SQUARED: u128 = 1_000_000_000_000;
    let parameters = u128::try_from(training.parameters_millions).map_err(|_| Overflow)?;
    let tokens = u128::try_from(training.tokens_millions).map_err(|_| Overflow)?;
    let product = parameters.checked_mul(tokens).and_then(|n| n.checked_mul(6)).ok_or(Overflow)?;
    product.checked_mul(MILLION_SQUARED).ok_or(Overflow)
}

/// The GPU time it takes on this model, restarts included, a started second counted whole.
pub fn estimate(training: &Training, model: GpuModel) -> Result<GpuTime, Overflow> {
    let whole = share(BasisPoints::WHOLE)?;
    let flop = training_flop(training)?;
    let with_restarts = flop.checked_mul(whole + share(training.restarts)?).ok_or(Overflow)?;
    // Shares of both sides cancel: (1 + restarts) / utilisation.
    let a_second = (peak_teraflops(model) * TERA).checked_mul(share(training.utilisation)?).ok_or(Overflow)?;
    if a_second == 0 {
        return Err(Overflow);
    }
    i64::try_from(with_restarts.div_ceil(a_second)).map(GpuTime::seconds).map_err(|_| Overflow)
}

/// Operations that this GPU time can do at this utilisation.
pub fn flop_of(time: GpuTime, model: GpuModel, utilisation: BasisPoints) -> Result<u128, Overflow> {
    let seconds = u128::try_from(time.as_seconds()).map_err(|_| Overflow)?;
    let peak = seconds.checked_mul(peak_teraflops(model) * TERA).ok_or(Overflow)?;
    Ok(peak.checked_mul(share(utilisation)?).ok_or(Overflow)? / share(BasisPoints::WHOLE)?)
}

fn share(points: BasisPoints) -> Result<u128, Overflow> {
    u128::try_from(points.get()).map_err(|_| Overflow)
}

/// What an amount of training compute makes of a model under the AI Act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Indication of a general-purpose model (Commission guidelines on Reg. (EU) 2024/1689, Art. 3(63)).
    GeneralPurpose,
    /// Presumption of systemic risk, to be notified within two weeks (Reg. (EU) 2024/1689, Art. 51(2), 52(1)).
    SystemicRisk,
}

impl Mark {
    pub const fn code(self) -> &'static str {
        match self {
            Self::GeneralPurpose => "general_purpose",
            Self::SystemicRisk => "systemic_risk",
        }
    }
}

/// One threshold from its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threshold {
    pub mark: Mark,
    /// At or above for the indication, strictly above for the presumption.
    pub flop: u128,
    pub strictly: bool,
    pub valid_from: (i32, u32, u32),
    pub law: &'static str,
}

const THRESHOLDS: &[Threshold] = &[
    Threshold {
        mark: Mark::GeneralPurpose,
        flop: 100_000_000_000_000_000_000_000,
        strictly: false,
        valid_from: (2025, 8, 2),
        law: "Commission guidelines of 18 July 2025 on general-purpose AI models",
    },
    Threshold {
        mark: Mark::SystemicRisk,
        flop: 10_000_000_000_000_000_000_000_000,
        strictly: true,
        valid_from: (2025, 8, 2),
        law: "Reg. (EU) 2024/1689, Art. 51(2)",
    },
];

/// The thresholds in force on that day, lowest first, each with whether this much compute reaches it.
pub fn marks(flop: u128, on: NaiveDate) -> Vec<(Threshold, bool)> {
    THRESHOLDS
        .iter()
        .filter(|row| {
            let (year, month, day) = row.valid_from;
            NaiveDate::from_ymd_opt(year, month, day).is_some_and(|since| since <= on)
        })
        .map(|row| (*row, if row.strictly { flop > row.flop } else { flop >= row.flop }))
        .collect()
}

/// The highest mark that this much compute reaches on that day.
pub fn highest_mark(flop: u128, on: NaiveDate) -> Option<Mark> {
    marks(flop, on).into_iter().rev().find(|(_, reached)| *reached).map(|(threshold, _)| threshold.mark)
}

/// An exponent in raised digits: 22 as `²²`.
pub fn raised(exponent: u32) -> String {
    const RAISED: [&str; 10] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"];
    let digits = exponent.to_string();
    digits.bytes().filter_map(|digit| RAISED.get(usize::from(digit.saturating_sub(b'0')))).copied().collect()
}

/// `4.20e23` as its mantissa in hundredths and its exponent: (420, 23). Zero is (0, 0).
pub fn scientific(flop: u128) -> (u128, u32) {
    let Some(exponent) = flop.checked_ilog10() else { return (0, 0) };
    let hundredths = if exponent >= 2 { flop / 10_u128.pow(exponent - 2) } else { flop * 10_u128.pow(2 - exponent) };
    (hundredths, exponent)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn training(parameters_millions: i64, tokens_millions: i64) -> Training {
        Training {
            parameters_millions,
            tokens_millions,
            utilisation: USUAL_UTILISATION,
            restarts: BasisPoints::new(1_000),
        }
    }

    #[test]
    fn seven_billion_on_two_trillion_tokens() {
        let job = training(7_000, 2_000_000);
        assert_eq!(training_flop(&job), Ok(84_000_000_000_000_000_000_000));
        // 8.4e22 × 1.1 / (989e12 × 0.4) = 233,569,261.9 GPU-seconds.
        assert_eq!(estimate(&job, GpuModel::H100), Ok(GpuTime::seconds(233_569_262)));
        assert_eq!(GpuTime::seconds(233_569_262).whole_hours(), 64_880);
    }

    #[test]
    fn the_marks_of_the_ai_act_in_gpu_hours_at_forty_percent() {
        let on = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let cases = [
            (GpuModel::A100, 222_500, None),
            (GpuModel::A100, 222_700, Some(Mark::GeneralPurpose)),
            (GpuModel::H100, 70_200, None),
            (GpuModel::H100, 70_300, Some(Mark::GeneralPurpose)),
            (GpuModel::MI300X, 53_200, Some(Mark::GeneralPurpose)),
            (GpuModel::B200, 30_800, None),
            (GpuModel::H100, 7_100_000, Some(Mark::SystemicRisk)),
        ];
        for (model, hours, expected) in cases {
            let flop = flop_of(GpuTime::hours(hours).unwrap(), model, USUAL_UTILISATION).unwrap();
            assert_eq!(highest_mark(flop, on), expected, "{hours} of {model}");
        }
        let before = NaiveDate::from_ymd_opt(2025, 8, 1).unwrap();
        assert_eq!(highest_mark(u128::MAX, before), None);
    }

    #[test]
    fn numbers_far_outside_are_refused_not_wrapped() {
        assert_eq!(training_flop(&training(i64::MAX, i64::MAX)), Err(Overflow));
        assert_eq!(training_flop(&training(-1, 1)), Err(Overflow));
        let idle = Training { utilisation: BasisPoints::ZERO, ..training(1, 1) };
        assert_eq!(estimate(&idle, GpuModel::A100), Err(Overflow));
    }

    #[test]
    fn large_numbers_are_written_with_their_exponent() {
        assert_eq!(scientific(0), (0, 0));
        assert_eq!(scientific(84_000_000_000_000_000_000_000), (840, 22));
        assert_eq!(scientific(7), (700, 0));
    }

    proptest! {
        #[test]
        fn more_work_never_takes_less_time(n in 1_i64..2_000_000, d in 1_i64..50_000_000, more in 0_i64..1_000) {
            let less = estimate(&training(n, d), GpuModel::H100).unwrap();
            let longer = estimate(&training(n + more, d), GpuModel::H100).unwrap();
            prop_assert!(longer >= less);
        }
    }
}
