//! What a large call has millions of, in a few bytes each: every pass reads them all, and memory is what it waits for.

use std::ops::Range;

use crate::numbers::{index, small};

/// GPUs need so many bits, and weeks so many: see `Instance::check`.
const GPU_BITS: u32 = 20;
const WEEK_BITS: u32 = 9;
/// Above the per cents of an H100.
const ELSEWHERE: u16 = 1 << 15;

/// Places that follow each other in a list of the model.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    first: u32,
    count: u32,
}

impl Span {
    pub fn new(range: &Range<usize>) -> Self {
        Self { first: small(range.start), count: small(range.len()) }
    }

    pub fn range(self) -> Range<usize> {
        index(self.first)..index(self.first) + index(self.count)
    }

    pub fn first(self) -> usize {
        index(self.first)
    }

    pub fn len(self) -> usize {
        index(self.count)
    }

    pub const fn is_empty(self) -> bool {
        self.count == 0
    }
}

/// A pool a request may run in: what it counts for, and whether it is off the preferred sites.
#[derive(Debug, Clone, Copy)]
pub struct Seat {
    pool: u16,
    equiv: u16,
}

impl Seat {
    pub fn new(pool: usize, equiv: i64, is_elsewhere: bool) -> Self {
        let equiv = u16::try_from(equiv).unwrap_or(0) & !ELSEWHERE;
        Self { pool: u16::try_from(pool).unwrap_or(u16::MAX), equiv: equiv | if is_elsewhere { ELSEWHERE } else { 0 } }
    }

    pub fn pool(self) -> usize {
        usize::from(self.pool)
    }

    /// Per cent of an H100.
    pub fn equiv(self) -> i64 {
        i64::from(self.equiv & !ELSEWHERE)
    }

    pub const fn is_elsewhere(self) -> bool {
        self.equiv & ELSEWHERE > 0
    }
}

/// A pool and a duration that a block may have, with the gangs its own limits allow.
#[derive(Debug, Clone, Copy)]
pub struct Rectangle(u64);

impl Rectangle {
    /// `fit` is among the request's fits; `high` the first number of GPUs that reaches all its hours, if limits let it;
    /// `is_roomy` if an empty pool has that many in every window.
    pub fn new(fit: usize, weeks: usize, (low, high): (i64, i64), is_roomy: bool) -> Self {
        let bits = |value: u64, bits: u32| value & ((1 << bits) - 1);
        let gpus = |count: i64| bits(u64::try_from(count).unwrap_or(0), GPU_BITS);
        let place = |count: usize| u64::try_from(count).unwrap_or(0);
        let fit = place(fit) << (1 + WEEK_BITS) | bits(place(weeks), WEEK_BITS) << 1 | u64::from(is_roomy);
        Self(fit << (2 * GPU_BITS) | gpus(low) << GPU_BITS | gpus(high))
    }

    fn part(self, from: u32, bits: u32) -> u32 {
        u32::try_from(self.0 >> from & ((1 << bits) - 1)).unwrap_or(0)
    }

    pub fn fit(self) -> usize {
        index(self.part(2 * GPU_BITS + WEEK_BITS + 1, 14))
    }

    pub fn weeks(self) -> usize {
        index(self.part(2 * GPU_BITS + 1, WEEK_BITS))
    }

    pub fn low(self) -> i64 {
        i64::from(self.part(GPU_BITS, GPU_BITS))
    }

    pub fn high(self) -> i64 {
        i64::from(self.part(0, GPU_BITS))
    }

    pub fn is_roomy(self) -> bool {
        self.part(2 * GPU_BITS, 1) > 0
    }
}

/// How many GPU-weeks of a pool a flexible request may take there, by its own limits and those of an empty pool.
#[derive(Debug, Clone, Copy)]
pub struct Goal {
    /// The fewest that reach the least hours, and the most that stay below all of them.
    pub least: i64,
    pub top: i64,
    /// The first that reach all hours, if any do.
    pub over: Option<i64>,
}

/// A goal, or none where the least is out of reach. No goal is nought.
#[derive(Debug, Clone, Copy, Default)]
pub struct Aim {
    least: u32,
    top: u32,
    over: u32,
}

impl Aim {
    pub fn new(goal: Option<Goal>) -> Self {
        let amount = |gpus: i64| u32::try_from(gpus).unwrap_or(u32::MAX);
        goal.map_or_else(Self::default, |Goal { least, top, over }| Self {
            least: amount(least),
            top: amount(top),
            over: over.map_or(0, amount),
        })
    }

    pub fn goal(self) -> Option<Goal> {
        let over = (self.over > 0).then(|| i64::from(self.over));
        (self.least > 0).then(|| Goal { least: i64::from(self.least), top: i64::from(self.top), over })
    }
}

/// Which of a request's places comes next when the best come first, and how far below the best it is, to a part in 128:
/// never further than it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank(u32);

/// Of the place; what is left is for the distance.
const PLACE_BITS: u32 = 19;

impl Rank {
    pub fn new(below: u64, place: usize) -> Self {
        // As floating point has it: seven bits, and how often they are doubled.
        let doubled = below.max(1).ilog2().saturating_sub(7);
        let figures = u32::try_from(below >> doubled).unwrap_or(0);
        let code = if below < 128 { figures } else { (doubled + 1) << 7 | figures & 127 };
        Self(code << PLACE_BITS | small(place) & ((1 << PLACE_BITS) - 1))
    }

    pub fn place(self) -> usize {
        index(self.0 & ((1 << PLACE_BITS) - 1))
    }

    pub fn below(self) -> i64 {
        let code = self.0 >> PLACE_BITS;
        match code >> 7 {
            0 => i64::from(code),
            doubled => i64::from(code & 127 | 128).checked_shl(doubled - 1).unwrap_or(i64::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rectangle_keeps_all_it_is_told() {
        for (fit, weeks, low, high, is_roomy) in
            [(0, 1, 1, 1, false), (1_999, 260, 1, 1_000_000, true), (7, 52, 1_000_000, 1_000_000, false)]
        {
            let one = Rectangle::new(fit, weeks, (low, high), is_roomy);
            assert_eq!((one.fit(), one.weeks(), one.low()), (fit, weeks, low));
            assert_eq!((one.high(), one.is_roomy()), (high, is_roomy));
        }
    }

    #[test]
    fn a_rank_is_never_further_below_than_it_is() {
        let mut last = 0;
        for below in (0..63).flat_map(|bit| [1_u64 << bit, (1 << bit) + (1 << bit) / 3, (2 << bit) - 1]) {
            let rank = Rank::new(below, 519_999);
            let kept = u64::try_from(rank.below()).unwrap();
            assert!(kept <= below && below - kept <= below / 128 && kept >= last, "{below}: {kept}");
            assert_eq!(rank.place(), 519_999);
            last = kept;
        }
    }
}
