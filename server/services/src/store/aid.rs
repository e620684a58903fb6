//! Queries of aid. What counts against a ceiling is read whole, whoever asks: it is summed, not told. What is shown is
//! narrowed like everything else.

use std::collections::{BTreeMap, HashSet};

use domain::{
    aid::{Standing, pot::Pot, register::Register, transfer::Transfer},
    country::Country,
    id::{AllocationId, ApplicationId, OrganisationId},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, prelude::Uuid,
    sea_query::OnConflict,
};

use super::{
    Tx,
    entity::{
        aid_declaration, aid_entry, aid_export, aid_grant, aid_pot, aid_test, aid_transfer, application, organisation,
        owner,
    },
    guard,
};
use crate::error::{Error, Result};

/// How many values go into one statement at most; SQLite takes a limited number.
const SOME: usize = 500;

/// Whose money each pot is, every row.
pub(crate) async fn pots(tx: &Tx) -> Result<Vec<Pot>> {
    let rows = tx.select::<aid_pot::Entity>().order_by_asc(aid_pot::Column::Pot).all(tx.connection()).await?;
    let read = |row: aid_pot::Model| Pot {
        pot: row.pot,
        valid_from: row.valid_from,
        payer: row.payer,
        state: row.state,
        article: row.article,
        has_bonus: row.has_bonus,
        has_tail: row.has_tail,
        authority: row.authority,
        instrument: row.instrument,
        scheme: row.scheme,
    };
    Ok(rows.into_iter().map(read).collect())
}

/// The company of an application that the caller has found, guarded: its address and size are its State's to know.
pub(crate) async fn company(tx: &Tx, id: OrganisationId) -> Result<organisation::Model> {
    organisation::Entity::find_by_id(id).one(tx.connection()).await?.ok_or(Error::NotFound)
}

/// The application of an allocation that the caller has found, guarded: sites see none, and change theirs.
pub(crate) async fn application(tx: &Tx, id: ApplicationId) -> Result<application::Model> {
    application::Entity::find_by_id(id).one(tx.connection()).await?.ok_or(Error::NotFound)
}

/// Every registered company with its rows of owners and holdings, parents before their children.
pub(crate) async fn companies(tx: &Tx) -> Result<Vec<(OrganisationId, String, Vec<owner::Model>)>> {
    let companies: Vec<(OrganisationId, String)> = organisation::Entity::find()
        .select_only()
        .columns([organisation::Column::Id, organisation::Column::LegalName])
        .order_by_asc(organisation::Column::Id)
        .into_tuple()
        .all(tx.connection())
        .await?;
    let rows = owner::Entity::find()
        .order_by_asc(owner::Column::CreatedAt)
        .order_by_asc(owner::Column::Id)
        .all(tx.connection())
        .await?;
    let mut owners: BTreeMap<OrganisationId, Vec<owner::Model>> = BTreeMap::new();
    for row in rows {
        owners.entry(row.organisation_id).or_default().push(row);
    }
    Ok(companies
        .into_iter()
        .map(|(id, name)| {
            let own = owners.remove(&id).unwrap_or_default();
            (id, name, own)
        })
        .collect())
}

/// What this State granted or has reserved for these companies and not taken back.
pub(crate) async fn standing(
    tx: &Tx,
    state: Option<Country>,
    companies: &[OrganisationId],
) -> Result<Vec<aid_grant::Model>> {
    let mut found = Vec::new();
    for some in companies.chunks(SOME) {
        let mut select = aid_grant::Entity::find()
            .filter(aid_grant::Column::OrganisationId.is_in(some.iter().copied()))
            .filter(aid_grant::Column::Standing.ne(Standing::Released));
        if let Some(state) = state {
            select = select.filter(aid_grant::Column::State.eq(state));
        }
        found.extend(select.order_by_asc(aid_grant::Column::Number).all(tx.connection()).await?);
    }
    Ok(found)
}

/// Every grant that stands, of everybody.
pub(crate) async fn all_standing(tx: &Tx) -> Result<Vec<aid_grant::Model>> {
    Ok(aid_grant::Entity::find()
        .filter(aid_grant::Column::Standing.ne(Standing::Released))
        .order_by_asc(aid_grant::Column::State)
        .order_by_asc(aid_grant::Column::Number)
        .all(tx.connection())
        .await?)
}

/// Mergers and splits in the order of their days: they are few.
pub(crate) async fn transfers(tx: &Tx) -> Result<Vec<Transfer>> {
    let rows = aid_transfer::Entity::find()
        .order_by_asc(aid_transfer::Column::EffectiveOn)
        .order_by_asc(aid_transfer::Column::RecordedAt)
        .order_by_asc(aid_transfer::Column::Id)
        .all(tx.connection())
        .await?;
    let read = |row: aid_transfer::Model| Transfer {
        event: row.event,
        from: row.from_id,
        to: row.to_id,
        on: row.effective_on,
        share: row.share,
        grant: row.grant_id,
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Those that the actor may see, newest first.
pub(crate) async fn transfers_seen(tx: &Tx, companies: &[OrganisationId]) -> Result<Vec<aid_transfer::Model>> {
    let rows = tx
        .select::<aid_transfer::Entity>()
        .order_by_desc(aid_transfer::Column::EffectiveOn)
        .order_by_desc(aid_transfer::Column::Id)
        .all(tx.connection())
        .await?;
    let is_theirs = |row: &aid_transfer::Model| companies.contains(&row.from_id) || companies.contains(&row.to_id);
    Ok(rows.into_iter().filter(is_theirs).collect())
}

/// The latest declaration of each of these companies about each State.
pub(crate) async fn declarations(tx: &Tx, companies: &[OrganisationId]) -> Result<Vec<aid_declaration::Model>> {
    let mut latest: BTreeMap<(OrganisationId, Country), aid_declaration::Model> = BTreeMap::new();
    for some in companies.chunks(SOME) {
        let rows = aid_declaration::Entity::find()
            .filter(aid_declaration::Column::OrganisationId.is_in(some.iter().copied()))
            .order_by_asc(aid_declaration::Column::DeclaredAt)
            .order_by_asc(aid_declaration::Column::Id)
            .all(tx.connection())
            .await?;
        latest.extend(rows.into_iter().map(|row| ((row.organisation_id, row.state), row)));
    }
    Ok(latest.into_values().collect())
}

/// Those of a company that the actor may see, newest first.
pub(crate) async fn declarations_seen(tx: &Tx, company: OrganisationId) -> Result<Vec<aid_declaration::Model>> {
    Ok(tx
        .select::<aid_declaration::Entity>()
        .filter(aid_declaration::Column::OrganisationId.eq(company))
        .order_by_desc(aid_declaration::Column::DeclaredAt)
        .order_by_desc(aid_declaration::Column::Id)
        .all(tx.connection())
        .await?)
}

/// The grants of an application that stand, oldest first.
pub(crate) async fn of_application(tx: &Tx, application: ApplicationId) -> Result<Vec<aid_grant::Model>> {
    Ok(aid_grant::Entity::find()
        .filter(aid_grant::Column::ApplicationId.eq(application))
        .filter(aid_grant::Column::Standing.ne(Standing::Released))
        .order_by_asc(aid_grant::Column::CreatedAt)
        .order_by_asc(aid_grant::Column::Number)
        .all(tx.connection())
        .await?)
}

/// Those of an allocation that stand, oldest first.
pub(crate) async fn of_allocation(tx: &Tx, allocation: AllocationId) -> Result<Vec<aid_grant::Model>> {
    Ok(aid_grant::Entity::find()
        .filter(aid_grant::Column::AllocationId.eq(allocation))
        .filter(aid_grant::Column::Standing.ne(Standing::Released))
        .order_by_asc(aid_grant::Column::CreatedAt)
        .order_by_asc(aid_grant::Column::Number)
        .all(tx.connection())
        .await?)
}

/// Every grant of these companies that the actor may see, newest first; what was released too.
pub(crate) async fn grants_seen(tx: &Tx, companies: &[OrganisationId]) -> Result<Vec<aid_grant::Model>> {
    let mut found = Vec::new();
    for some in companies.chunks(SOME) {
        let select = tx.select::<aid_grant::Entity>();
        let select = select.filter(aid_grant::Column::OrganisationId.is_in(some.iter().copied()));
        found.extend(select.order_by_desc(aid_grant::Column::CreatedAt).all(tx.connection()).await?);
    }
    Ok(found)
}

/// One that the actor may see.
pub(crate) async fn grants_of(tx: &Tx, application: ApplicationId) -> Result<Vec<aid_grant::Model>> {
    Ok(tx
        .select::<aid_grant::Entity>()
        .filter(aid_grant::Column::ApplicationId.eq(application))
        .order_by_asc(aid_grant::Column::CreatedAt)
        .order_by_asc(aid_grant::Column::Number)
        .all(tx.connection())
        .await?)
}

/// The movements of these grants, each grant's in order.
pub(crate) async fn entries(tx: &Tx, grants: &[Uuid]) -> Result<Vec<aid_entry::Model>> {
    let mut found = Vec::new();
    for some in grants.chunks(SOME) {
        let select = aid_entry::Entity::find().filter(aid_entry::Column::GrantId.is_in(some.iter().copied()));
        let select = select.order_by_asc(aid_entry::Column::GrantId).order_by_asc(aid_entry::Column::Number);
        found.extend(select.all(tx.connection()).await?);
    }
    Ok(found)
}

/// The number of the next movement of a grant that the caller holds.
pub(crate) async fn next_entry(tx: &Tx, grant: Uuid) -> Result<i32> {
    let last: Option<i32> = aid_entry::Entity::find()
        .select_only()
        .column(aid_entry::Column::Number)
        .filter(aid_entry::Column::GrantId.eq(grant))
        .order_by_desc(aid_entry::Column::Number)
        .limit(1)
        .into_tuple()
        .one(tx.connection())
        .await?;
    Ok(last.unwrap_or_default().saturating_add(1))
}

/// The tests of an application that the actor may see, oldest first.
pub(crate) async fn tests(tx: &Tx, application: ApplicationId) -> Result<Vec<aid_test::Model>> {
    Ok(tx
        .select::<aid_test::Entity>()
        .filter(aid_test::Column::ApplicationId.eq(application))
        .order_by_asc(aid_test::Column::At)
        .order_by_asc(aid_test::Column::Id)
        .all(tx.connection())
        .await?)
}

/// Of these companies, those of which nothing is hidden from the actor.
pub(crate) async fn open_companies(tx: &Tx, companies: &[OrganisationId]) -> Result<HashSet<OrganisationId>> {
    let mut found = HashSet::new();
    for some in companies.chunks(SOME) {
        let mut select = tx
            .select::<organisation::Entity>()
            .select_only()
            .column(organisation::Column::Id)
            .filter(organisation::Column::Id.is_in(some.iter().copied()));
        if let (Some(person), None) = (tx.actor().person, tx.actor().organisation()) {
            select = select.filter(guard::aid::open_company(organisation::Column::Id, person));
        }
        let ids: Vec<OrganisationId> = select.into_tuple().all(tx.connection()).await?;
        found.extend(ids);
    }
    Ok(found)
}

/// Companies by registration number, whatever is between its digits.
pub(crate) async fn by_registration(tx: &Tx, key: &str) -> Result<Option<organisation::Model>> {
    let mut found = tx
        .select::<organisation::Entity>()
        .filter(organisation::Column::RegistrationKey.eq(key))
        .limit(2)
        .all(tx.connection())
        .await?;
    // The same number in two countries' registers names nobody.
    Ok(if found.len() == 1 { found.pop() } else { None })
}

/// Movements of grants that the actor may see and that no register has: those by which something was granted, more or
/// less of it, or nothing any more.
pub(crate) async fn unpublished(tx: &Tx) -> Result<Vec<(aid_entry::Model, aid_grant::Model)>> {
    let published = aid_export::Entity::find().select_only().column(aid_export::Column::EntryId).into_query();
    movements(tx, tx.select::<aid_entry::Entity>().filter(aid_entry::Column::Id.not_in_subquery(published))).await
}

/// The last that were published, newest first.
pub(crate) async fn published(
    tx: &Tx,
    most: u64,
) -> Result<Vec<(aid_export::Model, aid_entry::Model, aid_grant::Model)>> {
    let rows = tx
        .select::<aid_export::Entity>()
        .order_by_desc(aid_export::Column::ExportedAt)
        .order_by_asc(aid_export::Column::EntryId)
        .limit(most)
        .all(tx.connection())
        .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.entry_id).collect();
    let moved = movements(tx, tx.select::<aid_entry::Entity>().filter(aid_entry::Column::Id.is_in(ids))).await?;
    let mut moved: BTreeMap<Uuid, (aid_entry::Model, aid_grant::Model)> =
        moved.into_iter().map(|(entry, grant)| (entry.id, (entry, grant))).collect();
    let with = |row: aid_export::Model| moved.remove(&row.entry_id).map(|(entry, grant)| (row, entry, grant));
    Ok(rows.into_iter().filter_map(with).collect())
}

/// Of these movements those of which something was granted, with their grants, in the order of entry.
async fn movements(
    tx: &Tx,
    entries: sea_orm::Select<aid_entry::Entity>,
) -> Result<Vec<(aid_entry::Model, aid_grant::Model)>> {
    let entries = entries
        .filter(aid_entry::Column::GrantedCents.ne(0))
        .order_by_asc(aid_entry::Column::At)
        .order_by_asc(aid_entry::Column::Id)
        .all(tx.connection())
        .await?;
    let mut ids: Vec<Uuid> = entries.iter().map(|entry| entry.grant_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut grants: BTreeMap<Uuid, aid_grant::Model> = BTreeMap::new();
    for some in ids.chunks(SOME) {
        let select = tx.select::<aid_grant::Entity>().filter(aid_grant::Column::Id.is_in(some.iter().copied()));
        grants.extend(select.all(tx.connection()).await?.into_iter().map(|grant| (grant.id, grant)));
    }
    let with = |entry: aid_entry::Model| grants.get(&entry.grant_id).cloned().map(|grant| (entry, grant));
    Ok(entries.into_iter().filter_map(with).collect())
}

/// Every grant in force that the actor may see: for the year's aid by sector.
pub(crate) async fn granted(tx: &Tx) -> Result<Vec<aid_grant::Model>> {
    let select = tx.select::<aid_grant::Entity>().filter(aid_grant::Column::Standing.eq(Standing::Granted));
    Ok(select.order_by_asc(aid_grant::Column::GrantedOn).all(tx.connection()).await?)
}

/// Notes that a movement went to its register. Whoever does so twice does it once; whether this was the once.
pub(crate) async fn publish(tx: &mut Tx, entry: Uuid, register: Register, by: domain::id::PersonId) -> Result<bool> {
    let row = aid_export::ActiveModel {
        entry_id: Set(entry),
        register: Set(register),
        exported_at: Set(tx.now()),
        exported_by: Set(by),
    };
    let once = OnConflict::column(aid_export::Column::EntryId).do_nothing().to_owned();
    let inserted = aid_export::Entity::insert(row).on_conflict(once).exec_without_returning(tx.connection()).await;
    let is_new = match inserted {
        Ok(rows) => rows > 0,
        Err(sea_orm::DbErr::RecordNotInserted) => false,
        Err(error) => return Err(error.into()),
    };
    if is_new {
        tx.changed("insert", "aid_export", entry.to_string());
    }
    Ok(is_new)
}
