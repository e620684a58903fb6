//! Figures and owners: what the size class is computed from, and the class computed anew with each change.

use domain::{
    id::OrganisationId,
    money::BasisPoints,
    organisation::{
        Direction, Figures, Holding, SizeClass, Year,
        figures::{self, Typed},
        size, start_up,
    },
    period,
    policy::Action,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use uuid::Uuid;

use super::lock_own;
use crate::{
    conflicts::detect,
    desk::Desk,
    error::{Error, Result},
    store::{
        self, Tx,
        conflict::Reach,
        entity::{fiscal_year, organisation, owner},
    },
};

/// A row of `owner` as the size test sees it: for whoever needs the tree.
pub type Ownership = Vec<Holding>;

impl Desk {
    /// Replaces the years' figures.
    pub async fn change_figures(&self, typed: &Typed, seen: i32) -> Result<()> {
        let mut tx = self.begin(Action::ChangeOrganisation).await?;
        let row = lock_own(&tx, seen).await?;
        let read = figures::read_years(typed, period::brussels_day(self.now))?;
        store::organisation::delete_years(&mut tx, row.id).await?;
        for year in read {
            let year = fiscal_year::ActiveModel {
                id: Set(tx.new_id::<domain::id::Organisation>().uuid()),
                organisation_id: Set(row.id),
                ends: Set(year.ends),
                staff: Set(year.figures.staff),
                turnover: Set(year.figures.turnover),
                balance: Set(year.figures.balance),
                estimated: Set(year.estimated),
            };
            tx.insert(year).await?;
        }
        finish(tx, row, "figures_changed").await
    }

    /// Adds an owner or holding; `parent` is the owner beneath whom it stands, if not ourselves.
    pub async fn add_owner(&self, typed: &Typed, parent: Option<Uuid>, seen: i32) -> Result<()> {
        let mut tx = self.begin(Action::ChangeOrganisation).await?;
        let row = lock_own(&tx, seen).await?;
        let known = store::organisation::owners(&tx, row.id).await?;
        if parent.is_some_and(|parent| !known.iter().any(|owner| owner.id == parent)) {
            return Err(Error::NotFound);
        }
        let held = known
            .iter()
            .filter(|owner| owner.parent_id == parent && owner.direction == Direction::Upstream)
            .fold(0_i32, |sum, owner| sum.saturating_add(owner.share.get()));
        let read = figures::read_owner(typed, BasisPoints::new(held))?;
        let owner = owner::ActiveModel {
            id: Set(tx.new_id::<domain::id::Organisation>().uuid()),
            organisation_id: Set(row.id),
            parent_id: Set(parent),
            name: Set(read.name),
            direction: Set(read.direction),
            kind: Set(read.kind),
            share: Set(read.share),
            controls: Set(read.controls),
            acts_with: Set(read.acts_with),
            staff: Set(read.figures.map(|figures| figures.staff)),
            turnover: Set(read.figures.map(|figures| figures.turnover)),
            balance: Set(read.figures.map(|figures| figures.balance)),
            created_at: Set(self.now),
        };
        tx.insert(owner).await?;
        find_conflicts(&mut tx, row.id, Vec::new()).await?;
        finish(tx, row, "owner_added").await
    }

    /// Removes an owner or holding and everything beneath it.
    pub async fn remove_owner(&self, id: Uuid, seen: i32) -> Result<()> {
        let mut tx = self.begin(Action::ChangeOrganisation).await?;
        let row = lock_own(&tx, seen).await?;
        let known = store::organisation::owners(&tx, row.id).await?;
        if !known.iter().any(|owner| owner.id == id) {
            return Err(Error::NotFound);
        }
        let before = detect::group_of(&tx, row.id).await?;
        let mut doomed = vec![id];
        // Children were entered after their parents, so one pass finds every generation.
        for owner in &known {
            if owner.parent_id.is_some_and(|parent| doomed.contains(&parent)) {
                doomed.push(owner.id);
            }
        }
        for owner in known.into_iter().rev().filter(|owner| doomed.contains(&owner.id)) {
            tx.delete(owner.into_active_model()).await?;
        }
        find_conflicts(&mut tx, row.id, before).await?;
        finish(tx, row, "owner_removed").await
    }
}

/// The group may have changed: whoever is tied to any of it is found, and hidden from, before this is seen.
pub(super) async fn find_conflicts(tx: &mut Tx, id: OrganisationId, before: Vec<OrganisationId>) -> Result<()> {
    let mut group = detect::group_of(tx, id).await?;
    group.extend(before);
    group.sort_unstable();
    group.dedup();
    detect::detect(tx, Reach::Organisations(&group), None).await?;
    Ok(())
}

async fn finish(mut tx: Tx, row: organisation::Model, event: &str) -> Result<()> {
    let (id, version) = (row.id, row.version);
    let mut next = row.into_active_model();
    next.version = Set(version + 1);
    let row = tx.update(next).await?;
    let class = judge(&mut tx, row).await?;
    tx.event(id, event, json!({ "size": class.map(SizeClass::code) })).await?;
    tx.commit().await
}

/// Computes size class and start-up anew from what is stored, and keeps them on the organisation.
pub(super) async fn judge(tx: &mut Tx, row: organisation::Model) -> Result<Option<SizeClass>> {
    let today = period::brussels_day(tx.now());
    let stored = stored(tx, row.id).await?;
    let class = size::assess(&stored.0, &stored.1, today).map(|size| size.class);
    let young = class.and_then(|class| start_up(&row, class, today)).is_some_and(|found| found.holds());
    if row.size_class == class && row.start_up == young {
        return Ok(class);
    }
    let mut next = row.into_active_model();
    next.size_class = Set(class);
    next.start_up = Set(young);
    tx.update(next).await?;
    Ok(class)
}

async fn stored(tx: &Tx, id: OrganisationId) -> Result<(Vec<Year>, Ownership)> {
    let rows = store::organisation::years(tx, id).await?;
    let owners = store::organisation::owners(tx, id).await?;
    Ok((years(&rows), tree(&owners)))
}

pub(super) fn start_up(
    row: &organisation::Model,
    class: SizeClass,
    today: chrono::NaiveDate,
) -> Option<start_up::StartUp> {
    let facts = start_up::Facts {
        class,
        founded_on: row.founded_on,
        listed: row.listed,
        distributed_profits: row.distributed_profits,
        from_merger: row.from_merger,
    };
    start_up::assess(&facts, today)
}

pub(super) fn years(rows: &[fiscal_year::Model]) -> Vec<Year> {
    rows.iter()
        .map(|row| Year {
            ends: row.ends,
            figures: Figures { staff: row.staff, turnover: row.turnover, balance: row.balance },
            estimated: row.estimated,
        })
        .collect()
}

/// The rows as the tree they describe.
pub(crate) fn tree(rows: &[owner::Model]) -> Ownership {
    beneath(rows, None)
}

fn beneath(rows: &[owner::Model], parent: Option<Uuid>) -> Ownership {
    rows.iter()
        .filter(|row| row.parent_id == parent)
        .map(|row| Holding {
            name: row.name.clone(),
            direction: row.direction,
            kind: row.kind,
            share: row.share,
            controls: row.controls,
            acts_with: row.acts_with,
            figures: match (row.staff, row.turnover, row.balance) {
                (Some(staff), Some(turnover), Some(balance)) => Some(Figures { staff, turnover, balance }),
                _ => None,
            },
            beneath: beneath(rows, Some(row.id)),
        })
        .collect()
}
