//! How strict each reviewer is, estimated from who read what: shown beside the scores, never instead of them.
//!
//! Additive model, score = application + reviewer, by least squares with a ridge on the reviewers (Hoerl and Kennard,
//! 1970): somebody who read little is taken for average. Fixed point throughout, so that every machine says the same.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::id::{ApplicationId, PersonId};

/// One review that was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Score {
    pub application: ApplicationId,
    pub reviewer: PersonId,
    /// Hundredths of a grade.
    pub total: i64,
}

/// What the estimate goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Model {
    /// Reviews of an average reviewer that are added to everybody's own: the greater, the less is read into few.
    pub ridge: i64,
    /// Hundredths of a grade by which two reviews of one application differ for no reason, as long as little is known.
    pub noise: i64,
    /// Reviews that this noise counts for.
    pub noise_weight: i64,
    /// Hundredths of a standard error to each side of the band: 196 holds nineteen of twenty.
    pub width: i64,
}

const YEAR_2026: NaiveDate = match NaiveDate::from_ymd_opt(2026, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

const MODELS: &[(NaiveDate, Model)] = &[(YEAR_2026, Model { ridge: 2, noise: 60, noise_weight: 8, width: 196 })];

/// The model in force on this day.
pub fn model(on: NaiveDate) -> Option<Model> {
    MODELS.iter().filter(|(from, _)| *from <= on).max_by_key(|(from, _)| *from).map(|(_, model)| *model)
}

/// An application's scores, and what they would be if everybody were equally strict. All in hundredths of a grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calibrated {
    pub reviews: usize,
    /// The mean of the scores as given.
    pub raw: i64,
    /// The same without what is the reviewers'.
    pub level: i64,
    /// The level lies so far to either side.
    pub band: i64,
    /// Between the highest and the lowest.
    pub spread: i64,
}

impl Calibrated {
    /// The cut lies within the band: the scores alone do not say on which side this is.
    pub const fn is_close_to(&self, cut: i64) -> bool {
        (self.level - cut).abs() <= self.band
    }

    /// The reviews disagree so strongly that one more is worth its time.
    pub const fn asks_for_another(&self, threshold: i64) -> bool {
        self.reviews > 1 && self.spread >= threshold
    }
}

/// How somebody scores beside others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Severity {
    pub reviews: usize,
    /// Hundredths of a grade above what others give the same applications; below it if negative.
    pub lean: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calibration {
    pub reviewers: BTreeMap<PersonId, Severity>,
    pub applications: BTreeMap<ApplicationId, Calibrated>,
}

/// Thirty-two binary places.
const ONE: i64 = 1 << 32;

fn product(a: i64, b: i64) -> i64 {
    narrow((i128::from(a) * i128::from(b)) >> 32)
}

fn quotient(a: i64, b: i64) -> i64 {
    if b == 0 { 0 } else { narrow((i128::from(a) << 32) / i128::from(b)) }
}

fn narrow(wide: i128) -> i64 {
    i64::try_from(wide).unwrap_or(if wide < 0 { i64::MIN } else { i64::MAX })
}

fn count(of: usize) -> i64 {
    i64::try_from(of).unwrap_or(i64::MAX)
}

/// To the nearest whole.
const fn rounded(fixed: i64) -> i64 {
    (fixed + ONE / 2).div_euclid(ONE)
}

/// The scores of one application: reviewer's place and total.
type Case = Vec<(usize, i64)>;

/// Estimates every reviewer's lean and every application's level. The order of the scores makes no difference; no
/// scores make an empty answer.
pub fn calibrate(scores: &[Score], model: &Model) -> Calibration {
    let mut people: Vec<PersonId> = scores.iter().map(|score| score.reviewer).collect();
    people.sort_unstable();
    people.dedup();
    let mut cases: BTreeMap<ApplicationId, Case> = BTreeMap::new();
    for score in scores {
        let Ok(place) = people.binary_search(&score.reviewer) else { continue };
        cases.entry(score.application).or_default().push((place, score.total));
    }
    for case in cases.values_mut() {
        case.sort_unstable();
    }
    let (matrix, right) = normal(&cases, people.len(), model.ridge);
    let inverse = inverse(matrix);
    let leans: Vec<i64> = inverse.iter().map(|row| dot(row, &right)).collect();
    let variance = variance(&cases, &leans, &inverse, model);
    let mut reviews = vec![0; people.len()];
    for (place, _) in cases.values().flatten() {
        if let Some(reviews) = reviews.get_mut(*place) {
            *reviews += 1;
        }
    }
    let reviewers = people.iter().zip(leans.iter().zip(reviews));
    Calibration {
        reviewers: reviewers
            .map(|(person, (lean, reviews))| (*person, Severity { reviews, lean: rounded(*lean) }))
            .collect(),
        applications: cases
            .iter()
            .map(|(id, case)| (*id, calibrated(case, &leans, &inverse, variance, model.width)))
            .collect(),
    }
}

fn dot(row: &[i64], other: &[i64]) -> i64 {
    narrow(row.iter().zip(other).map(|(a, b)| i128::from(*a) * i128::from(*b)).sum::<i128>() >> 32)
}

fn mean(case: &[(usize, i64)]) -> i64 {
    let sum: i64 = case.iter().map(|(_, total)| *total).sum();
    quotient(sum, count(case.len()))
}

/// The normal equations of the reviewers, with the applications' levels taken out.
fn normal(cases: &BTreeMap<ApplicationId, Case>, people: usize, ridge: i64) -> (Vec<Vec<i64>>, Vec<i64>) {
    let mut matrix = vec![vec![0_i64; people]; people];
    let mut right = vec![0_i64; people];
    for (place, row) in matrix.iter_mut().enumerate() {
        if let Some(cell) = row.get_mut(place) {
            *cell = ridge.max(1) * ONE;
        }
    }
    for case in cases.values() {
        let (mean, share) = (mean(case), quotient(1, count(case.len())));
        for (place, total) in case {
            if let Some(cell) = right.get_mut(*place) {
                *cell += total * ONE - mean;
            }
            let Some(row) = matrix.get_mut(*place) else { continue };
            for (other, _) in case {
                if let Some(cell) = row.get_mut(*other) {
                    *cell += if place == other { ONE - share } else { -share };
                }
            }
        }
    }
    (matrix, right)
}

/// The inverse of a symmetric matrix whose eigenvalues are at least the ridge: by its factors L D Lᵀ, column by column.
fn inverse(matrix: Vec<Vec<i64>>) -> Vec<Vec<i64>> {
    let size = matrix.len();
    let (lower, diagonal) = factors(matrix);
    let mut inverse = Vec::with_capacity(size);
    for column in 0..size {
        let mut solution = vec![0_i64; size];
        if let Some(cell) = solution.get_mut(column) {
            *cell = ONE;
        }
        for place in 0..size {
            let (before, rest) = solution.split_at_mut(place);
            if let (Some(cell), Some(row)) = (rest.first_mut(), lower.get(place)) {
                *cell -= dot(row, before);
            }
        }
        for (cell, pivot) in solution.iter_mut().zip(&diagonal) {
            *cell = quotient(*cell, *pivot);
        }
        for place in (0..size).rev() {
            let (before, rest) = solution.split_at_mut(place);
            let (Some(known), Some(row)) = (rest.first(), lower.get(place)) else { continue };
            for (cell, factor) in before.iter_mut().zip(row) {
                *cell -= product(*factor, *known);
            }
        }
        inverse.push(solution);
    }
    inverse
}

/// The rows of L to the left of its diagonal of ones, and D.
fn factors(matrix: Vec<Vec<i64>>) -> (Vec<Vec<i64>>, Vec<i64>) {
    let mut lower: Vec<Vec<i64>> = Vec::with_capacity(matrix.len());
    let mut diagonal: Vec<i64> = Vec::with_capacity(matrix.len());
    for (place, source) in matrix.into_iter().enumerate() {
        // Each entry times its pivot, as long as the row is being made.
        let mut scaled: Vec<i64> = Vec::with_capacity(place);
        for (above, value) in lower.iter().zip(&source) {
            let cell = value - dot(above, &scaled);
            scaled.push(cell);
        }
        let row: Vec<i64> = scaled.iter().zip(&diagonal).map(|(cell, pivot)| quotient(*cell, *pivot)).collect();
        let pivot = source.get(place).copied().unwrap_or(ONE) - dot(&row, &scaled);
        lower.push(row);
        diagonal.push(pivot.max(1));
    }
    (lower, diagonal)
}

/// Square hundredths by which reviews differ for no reason: what is left over, with the noise known beforehand.
fn variance(cases: &BTreeMap<ApplicationId, Case>, leans: &[i64], inverse: &[Vec<i64>], model: &Model) -> i64 {
    let lean = |place: usize| leans.get(place).copied().unwrap_or_default();
    let mut left = 0_i128;
    let mut reviews = 0_usize;
    for case in cases.values() {
        let level = level(case, leans);
        for (place, total) in case {
            // In hundredths of a hundredth, so that the squares stay exact enough.
            let off = i128::from(total * ONE - level - lean(*place)) * 100 / i128::from(ONE);
            left += off * off;
        }
        reviews += case.len();
    }
    // Every application takes one degree of freedom, every reviewer what the ridge leaves them.
    let kept: i64 = inverse.iter().enumerate().filter_map(|(place, row)| row.get(place)).sum();
    let people = count(leans.len()) * ONE - model.ridge.max(1).saturating_mul(kept);
    let free = (count(reviews.saturating_sub(cases.len())) * ONE - people).max(0);
    let prior = i128::from(model.noise) * i128::from(model.noise) * i128::from(model.noise_weight.max(1));
    let sum = (left / 10_000 + prior) << 32;
    narrow(sum / i128::from(free + model.noise_weight.max(1) * ONE))
}

/// The mean of the scores without the reviewers' leans.
fn level(case: &[(usize, i64)], leans: &[i64]) -> i64 {
    let of_reviewers: i64 = case.iter().filter_map(|(place, _)| leans.get(*place)).sum();
    mean(case) - of_reviewers / count(case.len()).max(1)
}

fn calibrated(case: &[(usize, i64)], leans: &[i64], inverse: &[Vec<i64>], variance: i64, width: i64) -> Calibrated {
    let together: i64 = case
        .iter()
        .filter_map(|(place, _)| inverse.get(*place))
        .flat_map(|row| case.iter().filter_map(|(other, _)| row.get(*other)))
        .sum();
    let reviews = count(case.len()).max(1);
    // One over the number of reviews, and what is not known of the reviewers.
    let share = ONE / reviews + together.max(0) / (reviews * reviews);
    let square = i128::from(variance) * i128::from(share) * i128::from(width) * i128::from(width);
    let band = (square / 10_000 / i128::from(ONE)).unsigned_abs().isqrt();
    let totals = || case.iter().map(|(_, total)| *total);
    Calibrated {
        reviews: case.len(),
        raw: rounded(mean(case)),
        level: rounded(level(case, leans)),
        band: i64::try_from(band).unwrap_or(i64::MAX),
        spread: totals().max().unwrap_or_default() - totals().min().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn score(application: u128, reviewer: u128, total: i64) -> Score {
        Score {
            application: ApplicationId::from_uuid(Uuid::from_u128(application)),
            reviewer: PersonId::from_uuid(Uuid::from_u128(reviewer)),
            total,
        }
    }

    fn in_force() -> Model {
        model(NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()).unwrap()
    }

    fn lean(of: &Calibration, reviewer: u128) -> i64 {
        of.reviewers.get(&PersonId::from_uuid(Uuid::from_u128(reviewer))).unwrap().lean
    }

    fn of(calibration: &Calibration, application: u128) -> Calibrated {
        *calibration.applications.get(&ApplicationId::from_uuid(Uuid::from_u128(application))).unwrap()
    }

    /// Forty applications with known levels, each read by three of eight reviewers with known leans.
    fn known() -> Vec<Score> {
        const LEANS: [i64; 8] = [-60, -40, -20, 0, 0, 20, 40, 60];
        (0..40_u128)
            .flat_map(|application| {
                (0..3_u128).map(move |turn| {
                    let reviewer = (application * 3 + turn * 5 + application / 8) % 8;
                    let level = 200 + i64::try_from(application).unwrap() * 5;
                    score(application, reviewer, level + LEANS[usize::try_from(reviewer).unwrap()])
                })
            })
            .collect()
    }

    #[test]
    fn who_is_strict_is_found_out_and_the_levels_come_back() {
        let calibration = calibrate(&known(), &Model { ridge: 1, ..in_force() });
        assert!(lean(&calibration, 0) < -45 && lean(&calibration, 7) > 45, "{:?}", calibration.reviewers);
        assert!(lean(&calibration, 3).abs() <= 5);
        for application in 0..40 {
            let one = of(&calibration, application);
            let level = 200 + i64::try_from(application).unwrap() * 5;
            assert!((one.level - level).abs() <= 8, "{application}: {one:?}");
        }
    }

    #[test]
    fn a_single_review_says_nothing_of_its_reviewer() {
        let calibration = calibrate(&[score(1, 1, 480), score(2, 2, 120)], &in_force());
        assert_eq!((lean(&calibration, 1), lean(&calibration, 2)), (0, 0));
        let one = of(&calibration, 1);
        assert_eq!((one.raw, one.level, one.spread, one.reviews), (480, 480, 0, 1));
        assert!(one.band > of(&calibrate(&known(), &in_force()), 1).band, "less is known of one review than of three");
        assert!(!one.asks_for_another(0), "nobody disagrees with themselves");
    }

    #[test]
    fn little_is_read_into_few_reviews() {
        let few = [score(1, 1, 500), score(1, 2, 300)];
        let calibration = calibrate(&few, &in_force());
        // Each differs from the mean by a grade; the ridge of two leaves a third of it.
        assert_eq!((lean(&calibration, 1), lean(&calibration, 2)), (33, -33));
        let one = of(&calibration, 1);
        assert_eq!((one.raw, one.level, one.spread), (400, 400, 200));
        assert!(one.asks_for_another(200) && !one.asks_for_another(201));
    }

    #[test]
    fn the_band_says_what_is_too_close_to_the_cut() {
        let one = Calibrated { reviews: 3, raw: 310, level: 300, band: 25, spread: 40 };
        assert!(one.is_close_to(325) && one.is_close_to(275));
        assert!(!one.is_close_to(326) && !one.is_close_to(274));
    }

    #[test]
    fn nothing_makes_nothing() {
        assert_eq!(calibrate(&[], &in_force()), Calibration::default());
    }

    proptest! {
        /// The order of the rows changes nothing, raw means are the means, and equal scores leave nobody leaning.
        #[test]
        fn order_is_nothing_and_raw_stays_raw(
            rows in prop::collection::btree_map((0..12_u128, 0..6_u128), 100..=500_i64, 1..50),
        ) {
            let scores: Vec<Score> = rows.iter().map(|((a, r), total)| score(*a, *r, *total)).collect();
            let calibration = calibrate(&scores, &in_force());
            let backwards: Vec<Score> = scores.iter().rev().copied().collect();
            prop_assert_eq!(&calibrate(&backwards, &in_force()), &calibration);
            for (id, one) in &calibration.applications {
                let totals: Vec<i64> =
                    scores.iter().filter(|score| score.application == *id).map(|score| score.total).collect();
                let sum: i64 = totals.iter().sum();
                let twice = 2 * sum - 2 * one.raw * count(totals.len());
                prop_assert!(twice.abs() <= count(totals.len()), "{one:?} of {totals:?}");
                prop_assert!(one.band > 0);
            }
            let equal: Vec<Score> = scores.iter().map(|score| Score { total: 300, ..*score }).collect();
            prop_assert!(calibrate(&equal, &in_force()).reviewers.values().all(|one| one.lean == 0));
        }
    }
}
