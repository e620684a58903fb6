//! What the branches above a node have decided about a request.

use std::ops::Range;

use crate::{
    model::{Ask, Model},
    solution::Test,
};

#[derive(Debug, Clone)]
pub struct Limit {
    pub is_awarded: bool,
    pub is_refused: bool,
    /// Whether it may run there, by its fits.
    pub fits: Vec<bool>,
    /// Whether it may be paid out of it, by its pots.
    pub pots: Vec<bool>,
    /// Weeks in which a block may start.
    pub starts: Range<usize>,
    /// Centi-hours, either end included.
    pub hours: (i64, i64),
}

impl Limit {
    /// Nothing is decided.
    pub fn open(ask: &Ask) -> Self {
        Self {
            is_awarded: false,
            is_refused: false,
            fits: vec![true; ask.fits.len()],
            pots: vec![true; ask.pots.len()],
            starts: ask.from..ask.to,
            hours: (0, i64::MAX),
        }
    }

    /// The request passes the test, or it fails it: whoever gets nothing fails every test.
    pub fn decide(&mut self, model: &Model, ask: &Ask, test: Test, is_passed: bool) {
        self.is_awarded |= is_passed;
        match test {
            Test::Awarded => self.is_refused |= !is_passed,
            Test::Pool(pool) => {
                for (open, fit) in self.fits.iter_mut().zip(model.fits_of(ask)) {
                    *open &= (fit.pool == pool) == is_passed;
                }
            }
            Test::Pot(pot) => {
                for (open, own) in self.pots.iter_mut().zip(model.pots_for(ask)) {
                    *open &= (*own == pot) == is_passed;
                }
            }
            Test::Before(week) if is_passed => self.starts.end = self.starts.end.min(week),
            Test::Before(week) => self.starts.start = self.starts.start.max(week),
            Test::Hours(hours) if is_passed => self.hours.0 = self.hours.0.max(hours),
            Test::Hours(hours) => self.hours.1 = self.hours.1.min(hours - 1),
        }
    }
}
