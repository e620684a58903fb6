//! Windows of capacity, and the one statement that moves them: it cannot take what is not there.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{
    capacity::{Publication, Slot, Slots, Window},
    gpu::GpuModel,
    id::SiteId,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, SimpleExpr},
};

use super::{
    Tx,
    entity::{capacity, site},
};
use crate::error::Result;

/// Every site, by name.
pub(crate) async fn sites(tx: &Tx) -> Result<Vec<site::Model>> {
    Ok(tx.select::<site::Entity>().order_by_asc(site::Column::Name).all(tx.connection()).await?)
}

pub(crate) async fn count_sites(tx: &Tx) -> Result<u64> {
    Ok(tx.select::<site::Entity>().count(tx.connection()).await?)
}

pub(crate) async fn site_by_token(tx: &Tx, hash: &str) -> Result<Option<site::Model>> {
    Ok(tx.select::<site::Entity>().filter(site::Column::TokenHash.eq(hash)).one(tx.connection()).await?)
}

/// The windows of these weeks, of one site or of all, by site, model and week.
pub(crate) async fn rows(
    tx: &Tx,
    site: Option<SiteId>,
    from: NaiveDate,
    until: Option<NaiveDate>,
) -> Result<Vec<capacity::Model>> {
    let mut select = tx.select::<capacity::Entity>().filter(capacity::Column::Week.gte(from));
    if let Some(site) = site {
        select = select.filter(capacity::Column::SiteId.eq(site));
    }
    if let Some(until) = until {
        select = select.filter(capacity::Column::Week.lt(until));
    }
    let ordered = select
        .order_by_asc(capacity::Column::SiteId)
        .order_by_asc(capacity::Column::Model)
        .order_by_asc(capacity::Column::Week);
    Ok(ordered.all(tx.connection()).await?)
}

/// Everything published from this week on, up to the week `until`, as the domain plans with it.
pub(crate) async fn windows(tx: &Tx, from: NaiveDate, until: Option<NaiveDate>) -> Result<Vec<Window>> {
    let countries: BTreeMap<SiteId, _> = sites(tx).await?.into_iter().map(|site| (site.id, site.country)).collect();
    let rows = rows(tx, None, from, until).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(Window {
                site: row.site_id,
                country: *countries.get(&row.site_id)?,
                model: row.model,
                week: row.week,
                gpus: row.gpus,
                maintenance: row.maintenance,
                held: row.held,
                booked: row.booked,
            })
        })
        .collect())
}

/// GPUs nobody has taken, week by week, over all sites.
pub(crate) async fn free_by_week(tx: &Tx, from: NaiveDate, until: NaiveDate) -> Result<BTreeMap<NaiveDate, i64>> {
    use capacity::Column::{Booked, Gpus, Held, Maintenance, Week};
    let free = Expr::col(Gpus).sub(Expr::col(Maintenance)).sub(Expr::col(Held)).sub(Expr::col(Booked));
    let found: Vec<(NaiveDate, i64)> = tx
        .select::<capacity::Entity>()
        .select_only()
        .column(Week)
        .column_as(Expr::expr(free).sum().cast_as("bigint"), "free")
        .filter(Week.gte(from))
        .filter(Week.lt(until))
        .group_by(Week)
        .into_tuple()
        .all(tx.connection())
        .await?;
    Ok(found.into_iter().collect())
}

/// So many GPUs more or less in one window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Shift {
    pub held: i64,
    pub booked: i64,
}

/// Shifts of several windows, kept in one order so that two transactions never wait for each other.
#[derive(Debug, Default)]
pub(crate) struct Shifts(BTreeMap<(SiteId, GpuModel, NaiveDate), Shift>);

impl Shifts {
    /// The same shift in each week of the slot from this Monday on.
    pub(crate) fn add(mut self, slot: &Slot, from: NaiveDate, shift: Shift) -> Self {
        for monday in slot.mondays().filter(|monday| *monday >= from) {
            let sum = self.0.entry((slot.site, slot.model, monday)).or_default();
            sum.held += shift.held;
            sum.booked += shift.booked;
        }
        self
    }

    pub(crate) fn hold(self, slots: &Slots) -> Self {
        self.each(slots, NaiveDate::MIN, |gpus| Shift { held: gpus, booked: 0 })
    }

    pub(crate) fn unhold(self, slots: &Slots) -> Self {
        self.each(slots, NaiveDate::MIN, |gpus| Shift { held: -gpus, booked: 0 })
    }

    pub(crate) fn book(self, slots: &Slots) -> Self {
        self.each(slots, NaiveDate::MIN, |gpus| Shift { held: -gpus, booked: gpus })
    }

    /// Books anew what was freed.
    pub(crate) fn rebook(self, slots: &Slots, from: NaiveDate) -> Self {
        self.each(slots, from, |gpus| Shift { held: 0, booked: gpus })
    }

    pub(crate) fn unbook(self, slots: &Slots, from: NaiveDate) -> Self {
        self.each(slots, from, |gpus| Shift { held: 0, booked: -gpus })
    }

    fn each(self, slots: &Slots, from: NaiveDate, shift: impl Fn(i64) -> Shift) -> Self {
        slots.iter().fold(self, |shifts, slot| shifts.add(slot, from, shift(slot.gpus)))
    }

    /// `false` if some window has not enough left: then the transaction must not commit.
    pub(crate) async fn apply(self, tx: &mut Tx) -> Result<bool> {
        for ((site, model, week), shift) in self.0 {
            if shift != Shift::default() && !move_window(tx, site, model, week, shift).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn column(column: capacity::Column) -> SimpleExpr {
    Expr::col(column)
}

async fn move_window(tx: &mut Tx, site: SiteId, model: GpuModel, week: NaiveDate, shift: Shift) -> Result<bool> {
    use capacity::Column::{Booked, Gpus, Held, Maintenance};
    let taken = column(Held).add(column(Booked)).add(column(Maintenance)).add(shift.held + shift.booked);
    let moved = capacity::Entity::update_many()
        .col_expr(Held, column(Held).add(shift.held))
        .col_expr(Booked, column(Booked).add(shift.booked))
        .filter(capacity::Column::SiteId.eq(site))
        .filter(capacity::Column::Model.eq(model))
        .filter(capacity::Column::Week.eq(week))
        .filter(column(Held).add(shift.held).gte(0))
        .filter(column(Booked).add(shift.booked).gte(0))
        .filter(taken.lte(column(Gpus)))
        .exec(tx.connection())
        .await?;
    tx.changed("shift", "capacity", format!("{site} {model} {week} {:+} {:+}", shift.held, shift.booked));
    Ok(moved.rows_affected == 1)
}

/// Publishes one week. `false` if what is promised there does not fit into it.
pub(crate) async fn publish(tx: &mut Tx, site: SiteId, week: NaiveDate, publication: &Publication) -> Result<bool> {
    use capacity::Column::{Booked, Gpus, Held, Maintenance};
    let changed = capacity::Entity::update_many()
        .col_expr(Gpus, Expr::value(publication.gpus))
        .col_expr(Maintenance, Expr::value(publication.maintenance))
        .filter(capacity::Column::SiteId.eq(site))
        .filter(capacity::Column::Model.eq(publication.model))
        .filter(capacity::Column::Week.eq(week))
        .filter(column(Held).add(column(Booked)).add(publication.maintenance).lte(publication.gpus))
        .exec(tx.connection())
        .await?;
    if changed.rows_affected == 1 {
        tx.changed("publish", "capacity", format!("{site} {} {week}", publication.model));
        return Ok(true);
    }
    if row(tx, site, publication.model, week).await?.is_some() {
        return Ok(false);
    }
    let id = tx.new_id();
    tx.insert(capacity::ActiveModel {
        id: Set(id),
        site_id: Set(site),
        model: Set(publication.model),
        week: Set(week),
        gpus: Set(publication.gpus),
        maintenance: Set(publication.maintenance),
        held: Set(0),
        booked: Set(0),
    })
    .await?;
    Ok(true)
}

pub(crate) async fn row(tx: &Tx, site: SiteId, model: GpuModel, week: NaiveDate) -> Result<Option<capacity::Model>> {
    let found = tx
        .select::<capacity::Entity>()
        .filter(capacity::Column::SiteId.eq(site))
        .filter(capacity::Column::Model.eq(model))
        .filter(capacity::Column::Week.eq(week))
        .one(tx.connection())
        .await?;
    Ok(found)
}
