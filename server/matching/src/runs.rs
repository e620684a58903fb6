//! The runs of weeks of an award as plans keep them. Nearly all awards are one run, and plans are copied and changed all
//! the time: one run needs no memory of its own.

use crate::{
    numbers::{index, int},
    solution::Segment,
};

/// A segment in so many bits for its GPUs, its weeks, its start, and its pool: see `Instance::check`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run(u64);

const GPU_BITS: u32 = 20;
const WEEK_BITS: u32 = 9;
const POOL_BITS: u32 = 11;

impl Run {
    fn of(segment: &Segment) -> Self {
        let bits = |count: u64, bits: u32| count & ((1 << bits) - 1);
        let small = |count: usize| u64::try_from(count).unwrap_or(0);
        let weeks = bits(small(segment.start), WEEK_BITS) << WEEK_BITS | bits(small(segment.weeks), WEEK_BITS);
        let place = bits(small(segment.pool), POOL_BITS) << (2 * WEEK_BITS) | weeks;
        Self(place << GPU_BITS | bits(u64::try_from(segment.gpus).unwrap_or(0), GPU_BITS))
    }

    fn segment(self) -> Segment {
        let part = |from: u32, bits: u32| index(u32::try_from(self.0 >> from & ((1 << bits) - 1)).unwrap_or(0));
        Segment {
            pool: part(GPU_BITS + 2 * WEEK_BITS, POOL_BITS),
            start: part(GPU_BITS + WEEK_BITS, WEEK_BITS),
            weeks: part(GPU_BITS, WEEK_BITS),
            gpus: int(part(0, GPU_BITS)),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Runs {
    One(Run),
    Many(Box<[Run]>),
}

impl Runs {
    pub fn one(segment: &Segment) -> Self {
        Self::One(Run::of(segment))
    }

    pub fn many(segments: &[Segment]) -> Self {
        match segments {
            [one] => Self::one(one),
            _ => Self::Many(segments.iter().map(Run::of).collect()),
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = Segment> + Clone {
        let runs = match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(runs) => runs,
        };
        runs.iter().map(|run| run.segment())
    }

    pub fn to_vec(&self) -> Vec<Segment> {
        self.iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_keeps_all_it_is_told() {
        let segments = [
            Segment { pool: 1_999, start: 259, weeks: 1, gpus: 1_000_000 },
            Segment { pool: 0, start: 0, weeks: 260, gpus: 1 },
        ];
        assert_eq!(Runs::many(&segments).to_vec(), segments);
        assert_eq!(Runs::many(&segments[..1]), Runs::one(&segments[0]));
        assert_eq!(size_of::<Runs>(), 16);
    }
}
