//! What is asked: applications, reviewers, what each pair is worth, and what must not be.

use serde::{Deserialize, Serialize};

/// Points of a pair or a weight are at most this, so that no sum can overflow.
pub const MOST_POINTS: i32 = 1_000_000;
/// With these the dearest arc of the network stays below what eight bytes hold.
const MOST_REVIEWS: u32 = 100;
const MOST_REVIEWERS: usize = 20_000;
const MOST_APPLICATIONS: usize = 1_000_000;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    pub name: String,
    /// How many reviews it needs.
    pub reviews: u32,
    /// How many of them by experts, at least.
    pub experts: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewer {
    pub name: String,
    /// Never more than this, `busy` included.
    pub limit: u32,
    /// What they already have outside this instance.
    pub busy: u32,
    /// At least this is wanted, `busy` included; a wish, not a rule.
    pub least: u32,
    /// Their fair share, `busy` included: each review beyond it costs [`Weights::over`].
    pub share: u32,
}

/// What a reviewer is to an application.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// From affinity and bid.
    pub points: i32,
    pub is_expert: bool,
    /// A conflict, a refusal, somebody absent: never.
    pub is_forbidden: bool,
    /// By hand or already accepted: always.
    pub is_fixed: bool,
    /// As things stand; kept if it costs less than [`Weights::keep`].
    pub is_held: bool,
}

const EXPERT: u8 = 1;
const FORBIDDEN: u8 = 2;
const FIXED: u8 = 4;
const HELD: u8 = 8;

/// Every application with every reviewer, five bytes each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pairs {
    width: usize,
    points: Vec<i32>,
    marks: Vec<u8>,
}

impl Pairs {
    /// Nobody knows anything, nobody is in conflict.
    pub fn new(applications: usize, reviewers: usize) -> Self {
        let count = applications.saturating_mul(reviewers);
        Self { width: reviewers, points: vec![0; count], marks: vec![0; count] }
    }

    pub fn get(&self, application: usize, reviewer: usize) -> Pair {
        let at = application * self.width + reviewer;
        let marks = self.marks[at];
        Pair {
            points: self.points[at],
            is_expert: marks & EXPERT != 0,
            is_forbidden: marks & FORBIDDEN != 0,
            is_fixed: marks & FIXED != 0,
            is_held: marks & HELD != 0,
        }
    }

    pub fn set(&mut self, application: usize, reviewer: usize, pair: Pair) {
        let at = application * self.width + reviewer;
        let mark = |is_so: bool, mark: u8| if is_so { mark } else { 0 };
        self.points[at] = pair.points;
        self.marks[at] = mark(pair.is_expert, EXPERT)
            | mark(pair.is_forbidden, FORBIDDEN)
            | mark(pair.is_fixed, FIXED)
            | mark(pair.is_held, HELD);
    }

    /// Between the worst pair and the best.
    pub(crate) fn widest(&self) -> i64 {
        let most = self.points.iter().max().copied().unwrap_or(0);
        i64::from(most) - i64::from(self.points.iter().min().copied().unwrap_or(0))
    }

    const fn fits(&self, applications: usize, reviewers: usize) -> bool {
        self.width == reviewers
            && self.points.len() == applications.saturating_mul(reviewers)
            && self.marks.len() == self.points.len()
    }
}

/// What points are set against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weights {
    /// A reviewer's last review at full load costs about twice this, one at half load this, the first hardly anything.
    pub balance: i32,
    /// What each review is worth of those that a reviewer should have at least.
    pub least: i32,
    /// What each review costs beyond a reviewer's fair share.
    pub over: i32,
    /// What it is worth that an assignment stays as it is.
    pub keep: i32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instance {
    pub applications: Vec<Application>,
    pub reviewers: Vec<Reviewer>,
    pub pairs: Pairs,
    /// Of each group at most one on the same application: colleagues of one employer, relatives.
    pub apart: Vec<Vec<usize>>,
    pub weights: Weights,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("the table of pairs does not fit {applications} applications and {reviewers} reviewers")]
    Size { applications: usize, reviewers: usize },
    #[error("{name} asks for {reviews} reviews, {experts} by experts")]
    Reviews { name: String, reviews: u32, experts: u32 },
    #[error("{0} points or weights are more than can be reckoned with")]
    Points(i64),
    #[error("a group names a reviewer that is not there: {0}")]
    Group(usize),
    #[error("{reviewer} is fixed on {application} and must not be there")]
    Forbidden { application: String, reviewer: String },
    #[error("{reviewer} has {fixed} fixed and may have {limit}")]
    Limit { reviewer: String, fixed: u32, limit: u32 },
    #[error("{one} and {other} are both fixed on {application} and must not sit together")]
    Together { application: String, one: String, other: String },
}

impl Instance {
    /// What [`crate::solve`] relies on.
    ///
    /// # Errors
    /// The first thing that cannot be.
    pub fn check(&self) -> Result<(), Fault> {
        let (applications, reviewers) = (self.applications.len(), self.reviewers.len());
        if !self.pairs.fits(applications, reviewers) || applications > MOST_APPLICATIONS || reviewers > MOST_REVIEWERS {
            return Err(Fault::Size { applications, reviewers });
        }
        if let Some(one) = self.applications.iter().find(|one| one.reviews > MOST_REVIEWS || one.experts > one.reviews)
        {
            return Err(Fault::Reviews { name: one.name.clone(), reviews: one.reviews, experts: one.experts });
        }
        let weights = self.weights;
        if let Some(&odd) = [weights.balance, weights.least, weights.over, weights.keep]
            .iter()
            .find(|one| !(0..=MOST_POINTS).contains(*one))
        {
            return Err(Fault::Points(odd.into()));
        }
        if let Some(&odd) = self.pairs.points.iter().find(|one| one.unsigned_abs() > MOST_POINTS.unsigned_abs()) {
            return Err(Fault::Points(odd.into()));
        }
        if let Some(&odd) = self.apart.iter().flatten().find(|one| **one >= reviewers) {
            return Err(Fault::Group(odd));
        }
        self.check_fixed()
    }

    fn check_fixed(&self) -> Result<(), Fault> {
        let mut fixed = vec![0_u32; self.reviewers.len()];
        for (at, application) in self.applications.iter().enumerate() {
            let here = self.fixed(at);
            for &one in &here {
                fixed[one] += 1;
                if self.pairs.get(at, one).is_forbidden {
                    let reviewer = self.reviewers[one].name.clone();
                    return Err(Fault::Forbidden { application: application.name.clone(), reviewer });
                }
            }
            if here.len() > 1
                && let Some((one, other)) = self.together(&here)
            {
                let name = |one: usize| self.reviewers[one].name.clone();
                return Err(Fault::Together {
                    application: application.name.clone(),
                    one: name(one),
                    other: name(other),
                });
            }
        }
        for (reviewer, fixed) in self.reviewers.iter().zip(fixed) {
            if fixed > 0 && reviewer.busy.saturating_add(fixed) > reviewer.limit {
                return Err(Fault::Limit { reviewer: reviewer.name.clone(), fixed, limit: reviewer.limit });
            }
        }
        Ok(())
    }

    /// Who is on it whatever else.
    pub fn fixed(&self, application: usize) -> Vec<usize> {
        let from = application * self.reviewers.len();
        let marks = &self.pairs.marks[from..from + self.reviewers.len()];
        marks.iter().enumerate().filter(|(_, marks)| **marks & FIXED != 0).map(|(one, _)| one).collect()
    }

    /// The first two of these who must not sit together.
    pub fn together(&self, here: &[usize]) -> Option<(usize, usize)> {
        self.apart.iter().find_map(|group| {
            let mut both = here.iter().copied().filter(|one| group.contains(one));
            both.next().zip(both.next())
        })
    }

    /// Of each reviewer the groups they are in.
    pub fn groups(&self) -> Vec<Vec<usize>> {
        let mut groups = vec![Vec::new(); self.reviewers.len()];
        for (group, members) in self.apart.iter().enumerate() {
            members.iter().for_each(|one| groups[*one].push(group));
        }
        groups
    }

    /// What the review costs that brings a reviewer's load to `load`: never less than the one before.
    pub fn marginal(&self, reviewer: usize, load: u32) -> i64 {
        let one = &self.reviewers[reviewer];
        let rising = i64::from(self.weights.balance) * (2 * i64::from(load) - 1).max(0) / i64::from(one.limit.max(1));
        let over = if load > one.share { i64::from(self.weights.over) } else { 0 };
        rising + over - if load <= one.least { i64::from(self.weights.least) } else { 0 }
    }

    /// Points of a pair with what it is worth to keep it.
    pub fn worth(&self, application: usize, reviewer: usize) -> i64 {
        let pair = self.pairs.get(application, reviewer);
        i64::from(pair.points) + if pair.is_held { i64::from(self.weights.keep) } else { 0 }
    }
}
