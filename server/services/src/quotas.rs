//! Verbs of quotas: setting a cap, reading what is bound of it, and holding a booking against every cap that concerns
//! it.
//!
//! Whatever binds more hours queues at one row before it reads, so that two bookings never pass a cap together: the
//! second sees what the first bound. Refuses to keep counters: what is bound is reckoned from the bookings.

use std::collections::HashMap;

use domain::{
    actor::StaffRole,
    aid::undertaking::Undertakings,
    gpu::GpuTime,
    id::{AllocationId, PersonId, QuotaId},
    period::brussels_day,
    policy::Action,
    problem::Problem,
    quota::{self, Cap, Kind, Scope, Standing, TypedQuota, Wanted},
    usage,
};
use sea_orm::ActiveValue::Set;
use text::mail::Mail;

use crate::{
    aid,
    desk::Desk,
    error::{Error, Result},
    store::{
        self, Letter, Tx,
        entity::{allocation, call, quota as row, quota_warning},
        quota::Reach,
        rows::{CallRow, QuotaRow},
    },
};

/// A quota with what is bound of it.
#[derive(Debug, Clone)]
pub struct QuotaRead {
    pub row: QuotaRow,
    /// `None` where the cap is lifted.
    pub standing: Option<Standing>,
    /// The company's name, the country's or the pot's code, or the call's code.
    pub name: String,
    pub set_by: String,
}

/// The caps that a booking passed, each as it stands with the booking.
#[must_use]
pub(crate) struct Held(Vec<(Cap, Standing)>);

/// What officers see of quotas.
#[derive(Debug, Clone)]
pub struct Quotas {
    pub in_force: Vec<QuotaRead>,
    /// Not begun yet, or followed by another: the newest first.
    pub others: Vec<QuotaRead>,
    /// What the form offers.
    pub calls: Vec<CallRow>,
    pub pots: Vec<String>,
}

impl Desk {
    /// Every quota this actor may see.
    pub async fn quotas(&self) -> Result<Quotas> {
        let tx = self.begin(Action::ReadQuotas).await?;
        let mut rows = store::quota::seen(&tx).await?;
        let groups = groups(&tx).await?;
        let hidden = hidden_groups(&tx, &groups, &rows).await?;
        rows.retain(|row| !hidden.contains(&row.id));
        let caps: Vec<Cap> = rows.iter().filter_map(row::Model::cap).collect();
        let setters = store::step::names(&tx, rows.iter().map(|row| row.set_by).collect()).await?;
        let current = quota::in_force(&caps, brussels_day(self.now));
        let mut in_force = Vec::new();
        for cap in &current {
            let standing = standing(&tx, &groups, cap).await?;
            if let Some(found) = rows.iter().find(|row| row.id == cap.id) {
                in_force.push(named(&tx, &setters, found.clone(), standing).await?);
            }
        }
        let mut others = Vec::new();
        for row in rows.into_iter().filter(|row| !current.iter().any(|cap| cap.id == row.id)) {
            others.push(named(&tx, &setters, row, None).await?);
        }
        let calls = store::call::published(&tx).await?;
        Ok(Quotas { in_force, others, calls, pots: paying(&tx).await? })
    }

    /// Sets a cap from a day on, or lifts one. What is bound already stays bound.
    pub async fn set_quota(&self, typed: &TypedQuota) -> Result<QuotaId> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::SetQuota).await?;
        let read = quota::read(typed, &paying(&tx).await?, brussels_day(self.now))?;
        let scope = match read.of {
            Wanted::Other(Scope::Call(id)) => {
                let found = tx.find::<call::Entity>(id).await;
                Scope::Call(found.map_err(where_missing("call", Problem::NotAChoice))?.id)
            }
            Wanted::Other(scope) => scope,
            Wanted::Company(kind, called) => {
                let found = store::quota::companies_called(&tx, &called).await?;
                let &[company] = found.as_slice() else {
                    return Err(Error::invalid("company", Problem::NoSuchCompany));
                };
                if kind == Kind::Group { Scope::Group(company) } else { Scope::Organisation(company) }
            }
        };
        take_turn(&mut tx).await?;
        // Sent twice, it is set already: nobody is told of its steps again.
        let of_it = |cap: &Cap| cap.scope == scope;
        let last = store::quota::all(&tx).await?.iter().filter_map(row::Model::cap).rfind(of_it);
        let wanted = (read.most, read.valid_from, read.counts_from);
        if let Some(last) = last.filter(|last| (last.most, last.valid_from, last.counts_from) == wanted) {
            return Ok(last.id);
        }
        let id = tx.new_id();
        let mut new = row::ActiveModel {
            id: Set(id),
            kind: Set(scope.kind()),
            organisation_id: Set(None),
            country: Set(None),
            call_id: Set(None),
            pot: Set(None),
            gpu_seconds: Set(read.most),
            valid_from: Set(read.valid_from),
            counts_from: Set(read.counts_from),
            reason: Set(read.reason),
            set_by: Set(me),
            set_at: Set(self.now),
        };
        match scope {
            Scope::Organisation(id) | Scope::Group(id) => new.organisation_id = Set(Some(id)),
            Scope::Country(country) => new.country = Set(Some(country)),
            Scope::Call(id) => new.call_id = Set(Some(id)),
            Scope::Pot(pot) => new.pot = Set(Some(pot)),
        }
        tx.insert(new).await?;
        // One that nobody may set is one that they may not see: of a company in conflict.
        tx.find::<row::Entity>(id).await.map_err(where_missing("company", Problem::ConflictOfInterest))?;
        tx.commit().await?;
        Ok(id)
    }

    /// The quotas that one of the company's own bookings or offers is held against.
    pub async fn quotas_of(&self, id: AllocationId) -> Result<Vec<QuotaRead>> {
        let tx = self.begin(Action::ReadOwnQuotas).await?;
        let found = tx.find::<allocation::Entity>(id).await?;
        let rows = store::quota::all(&tx).await?;
        let setters = store::step::names(&tx, rows.iter().map(|row| row.set_by).collect()).await?;
        let mut reads = Vec::new();
        let groups = groups(&tx).await?;
        for cap in concerning(&tx, &groups, &found).await? {
            let standing = standing(&tx, &groups, &cap).await?;
            if let Some(row) = rows.iter().find(|row| row.id == cap.id) {
                reads.push(named(&tx, &setters, row.clone(), standing).await?);
            }
        }
        Ok(reads)
    }

    /// So much more is about to be bound by this booking: refused where any quota has less free. `field` is where a
    /// refusal is said. What it gives is for [`Self::tell_quotas`], once nothing else refuses.
    pub(crate) async fn hold_against_quotas(
        &self,
        tx: &mut Tx,
        found: &allocation::Model,
        more: GpuTime,
        field: &str,
    ) -> Result<Held> {
        take_turn(tx).await?;
        let groups = groups(tx).await?;
        let caps = concerning(tx, &groups, found).await?;
        let mut standings = Vec::with_capacity(caps.len());
        for cap in &caps {
            standings.extend(standing(tx, &groups, cap).await?);
        }
        quota::check(&standings, more, field)?;
        Ok(Held(caps.into_iter().zip(standings.iter().map(|standing| standing.with(more))).collect()))
    }

    /// Tells people of every step to which what is bound now fills a quota.
    pub(crate) async fn tell_quotas(&self, tx: &mut Tx, found: &allocation::Model, held: &Held) -> Result<()> {
        for (cap, after) in &held.0 {
            self.tell_quota(tx, found, cap, after).await?;
        }
        Ok(())
    }

    /// Tells each step once; of several reached at once, people hear of the highest.
    async fn tell_quota(&self, tx: &mut Tx, found: &allocation::Model, cap: &Cap, after: &Standing) -> Result<()> {
        let steps = steps(tx).await?;
        let told = store::quota::told(tx, cap.id).await?;
        let reached = usage::reached(after.bound, after.most, &told, &steps);
        let Some(highest) = reached.last().copied() else { return Ok(()) };
        for percent in reached {
            tx.insert(quota_warning::ActiveModel {
                id: Set(tx.new_id::<domain::id::Event>().uuid()),
                quota_id: Set(cap.id),
                percent: Set(percent),
                at: Set(self.now),
            })
            .await?;
        }
        let name = scope_name(tx, &cap.scope).await?;
        let mail = |link: String| Mail::QuotaWarning {
            of: after.kind,
            name: name.clone(),
            percent: i64::from(highest),
            most: after.most,
            free: after.free(),
            link,
        };
        let companies = match &cap.scope {
            Scope::Group(of) => aid::undertakings(tx).await?.members(*of),
            _ => vec![found.organisation_id],
        };
        for company in companies {
            let link = if company == found.organisation_id {
                self.link(&format!("/allocations/{}", found.id))
            } else {
                self.link("/allocations")
            };
            for person in store::allocation::addressees(tx, company).await? {
                tx.mail(Letter::to(&person, mail(link.clone()))).await?;
            }
        }
        if after.kind.is_of_the_programme() {
            for person in store::assignment::holders(tx, StaffRole::Officer).await? {
                tx.mail(Letter::to(&person, mail(self.link("/quotas")))).await?;
            }
        }
        Ok(())
    }
}

/// What is not there, or not to be seen, is a fault of this field.
fn where_missing(field: &'static str, problem: Problem) -> impl FnOnce(Error) -> Error {
    move |error| match error {
        Error::NotFound => Error::invalid(field, problem),
        other => other,
    }
}

/// Waits until nobody else binds hours: whoever comes next sees what was bound before. Before any other row that
/// bookings queue at.
pub(crate) async fn take_turn(tx: &mut Tx) -> Result<()> {
    tx.next_number("quota turn").await?;
    Ok(())
}

/// The steps at which people are told today; none where no policy has begun.
pub(crate) async fn steps(tx: &Tx) -> Result<Vec<i32>> {
    let policy = quota::policy_on(&store::quota::policies(tx).await?, brussels_day(tx.now()));
    Ok(policy.map(|policy| policy.steps.to_vec()).unwrap_or_default())
}

/// Pots that pay for anything, by code.
async fn paying(tx: &Tx) -> Result<Vec<String>> {
    let mut pots: Vec<String> = store::mode::subsidies(tx).await?.into_iter().map(|row| row.pot).collect();
    pots.sort_unstable();
    pots.dedup();
    Ok(pots)
}

/// The caps in force that this booking or offer is held against, in the order in which they are checked.
async fn concerning(tx: &Tx, groups: &Undertakings, found: &allocation::Model) -> Result<Vec<Cap>> {
    let caps: Vec<Cap> = store::quota::all(tx).await?.iter().filter_map(row::Model::cap).collect();
    let mut caps = quota::in_force(&caps, brussels_day(tx.now()));
    if caps.is_empty() {
        return Ok(caps);
    }
    let group = groups.members(found.organisation_id);
    let country = store::aid::company(tx, found.organisation_id).await?.country;
    let call = store::quota::call_of(tx, found.application_id).await?;
    let pot = store::quota::pot_of(&found.terms);
    caps.retain(|cap| match &cap.scope {
        Scope::Organisation(id) => *id == found.organisation_id,
        Scope::Group(id) => group.contains(id),
        Scope::Country(of) => *of == country,
        Scope::Call(id) => Some(*id) == call,
        Scope::Pot(code) => Some(code) == pot.as_ref(),
    });
    Ok(caps)
}

/// Who is one undertaking with whom; not looked for where no group has a cap.
async fn groups(tx: &Tx) -> Result<Undertakings> {
    if store::quota::all(tx).await?.iter().any(|row| row.kind == Kind::Group) {
        aid::undertakings(tx).await
    } else {
        Ok(Undertakings::default())
    }
}

/// Caps of groups of which a conflict of interest hides a company from this actor: what is bound of all would tell.
async fn hidden_groups(tx: &Tx, groups: &Undertakings, rows: &[QuotaRow]) -> Result<Vec<QuotaId>> {
    let mut hidden = Vec::new();
    for row in rows.iter().filter(|row| row.kind == Kind::Group) {
        let members = row.organisation_id.map(|id| groups.members(id)).unwrap_or_default();
        if store::aid::open_companies(tx, &members).await?.len() < members.len() {
            hidden.push(row.id);
        }
    }
    Ok(hidden)
}

/// What is bound of a cap; nothing of one that is lifted.
async fn standing(tx: &Tx, groups: &Undertakings, cap: &Cap) -> Result<Option<Standing>> {
    let Some(most) = cap.most else { return Ok(None) };
    let reach = match &cap.scope {
        Scope::Organisation(id) => Reach::Companies(vec![*id]),
        Scope::Group(id) => Reach::Companies(groups.members(*id)),
        Scope::Country(country) => Reach::Country(*country),
        Scope::Call(id) => Reach::Call(*id),
        Scope::Pot(pot) => Reach::Pot(pot.clone()),
    };
    let bound = store::quota::bound(tx, &reach, cap.counts_from).await?;
    Ok(Some(Standing { id: cap.id, kind: cap.scope.kind(), most, bound }))
}

async fn named(
    tx: &Tx,
    setters: &HashMap<PersonId, String>,
    row: QuotaRow,
    standing: Option<Standing>,
) -> Result<QuotaRead> {
    let name = match row.cap() {
        Some(cap) => scope_name(tx, &cap.scope).await?,
        None => String::new(),
    };
    let set_by = setters.get(&row.set_by).cloned().unwrap_or_default();
    Ok(QuotaRead { row, standing, name, set_by })
}

async fn scope_name(tx: &Tx, scope: &Scope) -> Result<String> {
    Ok(match scope {
        Scope::Organisation(id) | Scope::Group(id) => store::aid::company(tx, *id).await?.legal_name,
        Scope::Country(country) => country.to_string(),
        Scope::Call(id) => store::quota::call_codes(tx).await?.remove(id).unwrap_or_default(),
        Scope::Pot(pot) => pot.clone(),
    })
}
