//! The award list: what is reviewed in one mode by its score, cut under a budget, with ties marked; and the draw among
//! those tied at the cut. An officer fixes it before deciding, and what was fixed stays as it was.
//!
//! Refuses to decide and to alter: the score is the plain mean of the reviews, the amounts are what was asked for and
//! what a panel recommended.

mod fixed;

use std::collections::HashMap;

use domain::{
    gpu::GpuTime,
    id::{ApplicationId, LotId},
    panel::Outcome,
    policy::Action,
    ranking::{self, Cut},
    scope::Scope,
    typed,
};
use serde::{Deserialize, Serialize};

use crate::{
    decisions::requested,
    desk::Desk,
    error::{Error, Result},
    lots::Lot,
    reviewers::{self, ScopeName},
    reviews::{Case, cases},
    store::{
        self,
        entity::{application, panel_item},
    },
};

pub(crate) use fixed::latest_with;
pub use fixed::{Decided, Fixed, FixedName, ListPlace};

/// So many lines at most; more than any round had.
const MOST: u64 = 5_000;

/// How an application was judged and where it is cut: what stays of it in a list that is fixed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// Hundredths of a grade: the plain mean, the least and the most that a reviewer gave.
    pub mean: i64,
    pub least: i64,
    pub most: i64,
    pub reviews: i64,
    pub requested: GpuTime,
    pub recommended: Option<GpuTime>,
    pub outcome: Option<Outcome>,
    /// Under a budget, where one is given.
    pub cut: Option<Cut>,
    /// Its place in the lot, where one was drawn.
    pub drawn: Option<usize>,
}

/// One application of the list.
#[derive(Debug, Clone)]
pub struct AwardLine {
    pub case: Case,
    pub judged: Judged,
    /// By score; equal scores share a place.
    pub place: usize,
    pub is_tied: bool,
    /// With everything before it, as far as it is counted.
    pub running: GpuTime,
    /// What it draws with in a lot: its code, or its reference if it was handed in before there were codes.
    pub lot_code: String,
    /// What was decided since the list was fixed.
    pub decided: Option<Decided>,
}

impl Judged {
    /// The hours that count against the budget: what was recommended, else what was asked for.
    pub fn wanted(&self) -> GpuTime {
        self.recommended.unwrap_or(self.requested)
    }
}

#[derive(Debug, Clone)]
pub struct AwardList {
    pub scope: Scope,
    pub scopes: Vec<ScopeName>,
    pub budget: Option<GpuTime>,
    pub lines: Vec<AwardLine>,
    /// The latest lot of the scope.
    pub lot: Option<Lot>,
    /// When and by whom, if this is how it was fixed.
    pub fixed: Option<Fixed>,
    /// The lists that were fixed of this scope, the newest first.
    pub earlier: Vec<FixedName>,
}

impl AwardLine {
    fn new(row: &application::Model, case: Case, judged: Judged) -> Self {
        Self {
            lot_code: row.lot_code.clone().unwrap_or_else(|| case.reference.clone()),
            case,
            judged,
            place: 0,
            is_tied: false,
            running: GpuTime::ZERO,
            decided: None,
        }
    }
}

impl AwardList {
    /// Those with the score at which the budget ends.
    pub fn tied(&self) -> impl Iterator<Item = &AwardLine> {
        self.lines.iter().filter(|line| line.judged.cut == Some(Cut::Tied))
    }
}

impl Desk {
    /// The list of a scope under this budget, as far as this officer may see it.
    pub async fn award_list(&self, scope: impl Into<Scope>, budget: Option<GpuTime>) -> Result<AwardList> {
        let scope = scope.into();
        let tx = self.begin(Action::ReadAwardList).await?;
        let rows = store::award_list::reviewed(&tx, scope, MOST).await?;
        let ids: Vec<ApplicationId> = rows.iter().map(|row| row.id).collect();
        let scores = store::panel::scores(&tx, &ids).await?;
        let recommended: HashMap<ApplicationId, panel_item::Model> = store::award_list::recommendations(&tx, &ids)
            .await?
            .into_iter()
            .map(|item| (item.application_id, item))
            .collect();
        let mut lines = Vec::with_capacity(rows.len());
        for (row, case) in rows.iter().zip(cases(&tx, &rows).await?) {
            let [reviews, sum, least, most] = scores.get(&row.id).copied().unwrap_or_default();
            let Some(mean) = ranking::mean(sum, reviews) else { continue };
            let item = recommended.get(&row.id);
            let judged = Judged {
                mean,
                least,
                most,
                reviews,
                requested: requested(row)?,
                recommended: item.and_then(|item| item.gpu_time),
                outcome: item.and_then(|item| item.outcome),
                cut: None,
                drawn: None,
            };
            lines.push(AwardLine::new(row, case, judged));
        }
        let lot = store::lot::latest(&tx, scope).await?;
        let earlier = fixed::names(&tx, scope).await?;
        let scopes = reviewers::every_scope(&tx).await?;
        drop(tx);
        let lot = match lot {
            Some(lot) => Some(self.read_lot(lot.id).await?),
            None => None,
        };
        place(&mut lines, budget, lot.as_ref())?;
        Ok(AwardList { scope, scopes, budget, lines, lot, fixed: None, earlier })
    }

    /// Draws the scope's lot among those tied at the cut of this budget. The whole list is cut, whatever this officer may
    /// see of it: drawing leaves nothing to their discretion.
    pub async fn draw_at_cut(&self, id: LotId, budget: GpuTime) -> Result<()> {
        drop(self.begin(Action::RevealLot).await?);
        let lot = self.read_lot(id).await?;
        let list = self.as_system().award_list(lot.of.scope, Some(budget)).await?;
        let codes = list.tied().map(|line| line.lot_code.clone()).collect();
        self.draw_lot(id, codes).await
    }
}

/// Sorts by score, then by lot where one was drawn, then by arrival; places and cuts.
fn place(lines: &mut [AwardLine], budget: Option<GpuTime>, lot: Option<&Lot>) -> Result<()> {
    for line in lines.iter_mut() {
        let drawn = lot.and_then(|lot| crate::lots::place_in(lot, &line.lot_code));
        line.judged.drawn = drawn.and_then(|(_, place)| place);
    }
    lines.sort_by(|one, other| {
        let drawn = |line: &AwardLine| line.judged.drawn.unwrap_or(usize::MAX);
        other.judged.mean.cmp(&one.judged.mean).then(drawn(one).cmp(&drawn(other)))
    });
    let cuts = budget.map(|budget| {
        let amounts: Vec<_> =
            lines.iter().map(|line| ((line.judged.mean, line.judged.drawn), line.judged.wanted())).collect();
        ranking::cut(&amounts, budget)
    });
    for (position, line) in lines.iter_mut().enumerate() {
        line.judged.cut = cuts.as_ref().and_then(|cuts| cuts.get(position)).copied();
    }
    number(lines)
}

/// Places, ties and running sums of lines in their order.
fn number(lines: &mut [AwardLine]) -> Result<()> {
    let mut running = GpuTime::ZERO;
    let mut before: Option<(i64, usize)> = None;
    for (position, line) in lines.iter_mut().enumerate() {
        let place = before.filter(|(mean, _)| *mean == line.judged.mean).map_or(position + 1, |(_, place)| place);
        before = Some((line.judged.mean, place));
        running = running.checked_add(line.judged.wanted())?;
        line.place = place;
        line.running = running;
    }
    let places: Vec<usize> = lines.iter().map(|line| line.place).collect();
    for (position, line) in lines.iter_mut().enumerate() {
        let is_same = |at: Option<usize>| at.and_then(|at| places.get(at)).is_some_and(|place| *place == line.place);
        line.is_tied = is_same(position.checked_sub(1)) || is_same(Some(position + 1));
    }
    Ok(())
}

/// The typed budget: whole GPU-hours, or nothing.
pub fn budget(text: &str) -> Result<Option<GpuTime>> {
    typed::optional(text, typed::gpu_hours).map_err(|problem| Error::invalid("budget", problem))
}
