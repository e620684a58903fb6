//! The same problem as a mixed-integer programme for HiGHS: an oracle for tests and benchmarks, and for nothing else.
//!
//! Behind the feature `highs`: the library takes eight CPU minutes to build and needs cmake, a C++ compiler and libclang.
//! Nothing is shared with our own solver but the file formats, so that a mistake of one is not a mistake of both.
//!
//! Euros, H100-equivalent hours, and an objective in hours at a merit of 1.00: figures that a solver with floating point
//! can hold side by side. What it finds is rounded to whole GPUs and has to pass `verify` like any other plan.

mod ask;

use std::time::Duration;

use highs::{Col, HighsModelStatus, RowProblem, Sense, SolvedModel};

use crate::{
    instance::{Fault, Instance},
    solution::{Award, SOLUTION_FORMAT, Segment, Solution},
};
use ask::{Ask, Piece};

/// Units of the objective in an hour at a merit of 1.00.
const HOUR: f64 = 1_000_000.0;

/// What HiGHS found.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its best plan, if it found any in time. Nothing is claimed in it: `verify` says what it is worth.
    pub solution: Option<Solution>,
    /// What its plan is worth by its own reckoning, and what it says no plan can exceed; units of the objective.
    pub value: f64,
    pub bound: f64,
    pub is_optimal: bool,
    /// Of the programme.
    pub columns: usize,
    pub rows: usize,
}

/// Sums of columns.
type Terms = Vec<(Col, f64)>;

struct Programme<'a> {
    instance: &'a Instance,
    problem: RowProblem,
    /// GPUs by pool and week, flat.
    taken: Vec<Terms>,
    asks: Vec<Ask>,
}

/// Solves the instance with one thread, for so long; first writes the programme to a file, if one is named, in the format
/// that its ending says (`.mps` or `.lp`). Every fault of the instance.
pub fn solve_exactly(instance: &Instance, limit: Duration, file: Option<&str>) -> Result<Answer, Vec<Fault>> {
    instance.check()?;
    let mut programme = Programme {
        instance,
        problem: RowProblem::default(),
        taken: vec![Vec::new(); instance.pools.len() * instance.weeks],
        asks: Vec::new(),
    };
    for number in 0..instance.requests.len() {
        programme.ask(number);
    }
    programme.supply();
    programme.organisations();
    programme.shares();
    let (columns, rows) = (programme.problem.num_cols(), programme.problem.num_rows());
    let Programme { problem, asks, .. } = programme;
    let mut model = problem.optimise(Sense::Maximise);
    model.make_quiet();
    model.set_option("threads", 1);
    model.set_option("time_limit", limit.as_secs_f64());
    model.set_option("mip_rel_gap", 0.0);
    model.set_option("mip_feasibility_tolerance", 1e-9);
    if let Some(file) = file {
        model.set_option("write_model_file", file);
    }
    let solved = model.solve();
    let bound = solved.double_info_value(c"mip_dual_bound").unwrap_or(f64::INFINITY) * HOUR;
    let solution = has_plan(&solved).then(|| plan(instance, &asks, solved.get_solution().columns()));
    let is_optimal = solved.status() == HighsModelStatus::Optimal;
    Ok(Answer { solution, value: solved.objective_value() * HOUR, bound, is_optimal, columns, rows })
}

fn has_plan(solved: &SolvedModel) -> bool {
    solved.primal_solution_status() == highs::HighsSolutionStatus::Feasible
}

/// The awards in these values of the columns.
fn plan(instance: &Instance, asks: &[Ask], values: &[f64]) -> Solution {
    let whole = |col: &Col| round(values[col.index()]);
    let awards = asks.iter().filter_map(|ask| {
        let mut segments: Vec<Segment> = Vec::new();
        for Piece { pool, start, weeks, count, each } in &ask.pieces {
            let gpus = whole(count) * each;
            match segments.last_mut() {
                _ if gpus == 0 => {}
                Some(last) if (last.pool, last.start + last.weeks, last.gpus) == (*pool, *start, gpus) => {
                    last.weeks += weeks;
                }
                _ => segments.push(Segment { pool: *pool, start: *start, weeks: *weeks, gpus }),
            }
        }
        segments.sort_unstable_by_key(|segment| segment.start);
        let pot = match ask.pays.as_slice() {
            [(only, _)] => *only,
            several => several.iter().find(|(_, col)| col.is_some_and(|col| whole(&col) == 1))?.0,
        };
        (!segments.is_empty()).then_some(Award { request: ask.request, pot, segments })
    });
    Solution {
        format: SOLUTION_FORMAT.to_owned(),
        instance: instance.name.clone(),
        solver: "HiGHS".to_owned(),
        objective: None,
        upper_bound: None,
        awards: awards.collect(),
        prices: None,
        branches: None,
    }
}

impl Programme<'_> {
    fn at_most(&mut self, terms: &Terms, most: f64) {
        self.problem.add_row(..=most, terms.clone());
    }

    fn binary(&mut self, worth: f64) -> Col {
        self.problem.add_integer_column(worth, 0..=1)
    }

    /// GPUs of each pool and week, and euros of each pot.
    fn supply(&mut self) {
        for pool in 0..self.instance.pools.len() {
            for week in 0..self.instance.weeks {
                let terms = std::mem::take(&mut self.taken[pool * self.instance.weeks + week]);
                self.at_most(&terms, real(self.instance.pools[pool].cap[week]));
            }
        }
        for pot in 0..self.instance.pots.len() {
            let spent = self.asks.iter().flat_map(|ask| &ask.spent).filter(|(from, _, _)| *from == pot);
            let terms: Terms = spent.map(|(_, col, euros)| (*col, *euros)).collect();
            self.at_most(&terms, real(self.instance.pots[pot].eur));
        }
    }

    /// Fair-share caps, and headroom under the de minimis ceiling.
    fn organisations(&mut self) {
        for (number, org) in self.instance.orgs.iter().enumerate() {
            let own = |ask: &&Ask| self.instance.requests[ask.request].org == number;
            let hours: Terms = self.asks.iter().filter(own).flat_map(|ask| ask.hours.clone()).collect();
            let aid = self.asks.iter().filter(own).filter(|ask| self.instance.requests[ask.request].de_minimis);
            let euros: Terms = aid.flat_map(|ask| ask.euros.clone()).collect();
            if let Some(cap) = org.cap_hours {
                self.at_most(&hours, real(cap));
            }
            self.at_most(&euros, real(org.de_minimis_eur));
        }
    }

    /// Minimum shares, the ceiling of every country, and floors.
    fn shares(&mut self) {
        let instance = self.instance;
        let org = |ask: &Ask| &instance.orgs[instance.requests[ask.request].org];
        let mut rows: Vec<Terms> = Vec::new();
        let mut weigh = |own: &dyn Fn(&Ask) -> f64| {
            let of = |ask: &Ask| {
                let factor = own(ask);
                ask.hours.iter().map(|(col, hours)| (*col, hours * factor)).collect::<Terms>()
            };
            rows.push(self.asks.iter().flat_map(of).collect());
        };
        for share in &instance.params.min_share {
            let pct = real(share.pct);
            weigh(&|ask| if share.sizes.contains(&org(ask).size) { pct - 100.0 } else { pct });
        }
        let most = real(instance.params.country_max_pct);
        for country in &instance.countries {
            weigh(&|ask| if org(ask).country == *country { 100.0 - most } else { -most });
        }
        for row in rows {
            self.at_most(&row, 0.0);
        }
        for floor in &instance.floors {
            let own = self.asks.iter().filter(|ask| org(ask).country == floor.country);
            let mut row: Terms = own.flat_map(|ask| ask.hours.iter().map(|(col, hours)| (*col, -hours))).collect();
            let worth = real(instance.params.floor_bonus_weight) / 100.0;
            row.push((self.problem.add_column(worth, 0.0..=real(floor.hours)), 1.0));
            self.at_most(&row, 0.0);
        }
    }
}

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "figures are far below 2^53")]
const fn real(value: i64) -> f64 {
    value as f64
}

#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "counts of GPUs")]
fn round(value: f64) -> i64 {
    value.round() as i64
}
