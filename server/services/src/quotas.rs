//! Verbs of quotas: setting a cap, reading what is bound of it, and holding a booking against every cap that concerns
//! it.
//!
//! Whatever binds more hours queues at one row before it reads, so that two bookings never pass a cap together: the
//! second sees what the first bound. Refuses to keep counters: what is bound is reckoned from the bookings.

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::{
    actor::StaffRole,
    aid::undertaking::Undertakings,
    gpu::GpuTime,
    id::{AllocationId, CallId, PersonId, QuotaId, SiteId},
    period::brussels_day,
    policy::Action,
    problem::Problem,
    quota::{self, Cap, Kind, Name, Scope, Slice, Standing, TypedQuota, Wanted},
    usage,
};
use sea_orm::ActiveValue::Set;
use text::mail::Mail;

use crate::{
    aid,
    desk::Desk,
    error::{Error, Result},
    sites::Site,
    store::{
        self, Letter, Tx,
        entity::{allocation, call, quota as row, quota_warning, site},
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
    pub name: Name,
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
    pub sites: Vec<Site>,
}

impl Desk {
    /// Every quota this actor may see.
    pub async fn quotas(&self) -> Result<Quotas> {
        let tx = self.begin(Action::ReadQuotas).await?;
        let mut rows = store::quota::seen(&tx).await?;
        let caps = Caps::on(&tx, brussels_day(self.now)).await?;
        let hidden = hidden_groups(&tx, &caps.groups, &rows).await?;
        rows.retain(|row| !hidden.contains(&row.id));
        let setters = store::step::names(&tx, rows.iter().map(|row| row.set_by).collect()).await?;
        let current: Vec<&Cap> = caps.in_force.iter().filter(|cap| rows.iter().any(|row| row.id == cap.id)).collect();
        let mut in_force = Vec::new();
        for cap in &current {
            let standing = caps.standing(&tx, cap, None).await?;
            if let Some(found) = rows.iter().find(|row| row.id == cap.id) {
                in_force.push(named(&tx, &setters, found.clone(), standing).await?);
            }
        }
        let mut others = Vec::new();
        for row in rows.into_iter().filter(|row| !current.iter().any(|cap| cap.id == row.id)) {
            others.push(named(&tx, &setters, row, None).await?);
        }
        let calls = store::call::published(&tx).await?;
        let sites = store::capacity::sites(&tx).await?.into_iter().map(Site::from).collect();
        Ok(Quotas { in_force, others, calls, pots: paying(&tx).await?, sites })
    }

    /// Sets a cap from a day on, or lifts one. What is bound already stays bound.
    pub async fn set_quota(&self, typed: &TypedQuota) -> Result<QuotaId> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::SetQuota).await?;
        let read = quota::read(typed, &paying(&tx).await?, brussels_day(self.now))?;
        let scope = match read.of {
            Wanted::Other(scope) => known(&tx, scope).await?,
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
        let then = Caps::on(&tx, read.valid_from).await?;
        let last = then.rows.iter().filter_map(row::Model::cap).rfind(of_it);
        let wanted = (read.most, read.valid_from, read.counts_from);
        if let Some(last) = last.filter(|last| (last.most, last.valid_from, last.counts_from) == wanted) {
            return Ok(last.id);
        }
        match (&scope, read.most) {
            (Scope::Reserve(slice), Some(most)) => then.can_keep(slice, most)?,
            (Scope::Pot(pot, site), Some(most)) => then.keeps_within(pot, *site, most)?,
            _ => {}
        }
        let cap =
            Cap { id: tx.new_id(), scope, most: read.most, valid_from: read.valid_from, counts_from: read.counts_from };
        let id = cap.id;
        insert(&mut tx, cap, read.reason, me).await?;
        // One that nobody may set is one that they may not see: of a company in conflict.
        tx.find::<row::Entity>(id).await.map_err(where_missing("company", Problem::ConflictOfInterest))?;
        tx.commit().await?;
        Ok(id)
    }

    /// The quotas that one of the company's own bookings or offers is held against.
    pub async fn quotas_of(&self, id: AllocationId) -> Result<Vec<QuotaRead>> {
        let tx = self.begin(Action::ReadOwnQuotas).await?;
        let found = tx.find::<allocation::Entity>(id).await?;
        let caps = Caps::on(&tx, brussels_day(self.now)).await?;
        let setters = store::step::names(&tx, caps.rows.iter().map(|row| row.set_by).collect()).await?;
        let mut reads = Vec::new();
        let (concerning, call) = caps.concerning(&tx, &found).await?;
        for cap in concerning {
            let standing = caps.standing(&tx, cap, call).await?;
            if let Some(row) = caps.rows.iter().find(|row| row.id == cap.id) {
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
        let caps = Caps::on(tx, brussels_day(self.now)).await?;
        let (concerning, call) = caps.concerning(tx, found).await?;
        let mut standings = Vec::with_capacity(concerning.len());
        for cap in &concerning {
            standings.extend(caps.standing(tx, cap, call).await?);
        }
        quota::check(&standings, more, field)?;
        Ok(Held(concerning.into_iter().cloned().zip(standings.iter().map(|standing| standing.with(more))).collect()))
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

/// The caps in force on a day, and who is one undertaking with whom where any cap is a group's.
pub(crate) struct Caps {
    /// Every row, in force or not, in the order in which they were set.
    rows: Vec<QuotaRow>,
    in_force: Vec<Cap>,
    groups: Undertakings,
}

impl Caps {
    pub(crate) async fn on(tx: &Tx, day: NaiveDate) -> Result<Self> {
        let rows = store::quota::all(tx).await?;
        let caps: Vec<Cap> = rows.iter().filter_map(row::Model::cap).collect();
        let groups = if rows.iter().any(|row| row.kind == Kind::Group) {
            aid::undertakings(tx).await?
        } else {
            Undertakings::default()
        };
        Ok(Self { in_force: quota::in_force(&caps, day), rows, groups })
    }

    pub(crate) fn of(&self, scope: &Scope) -> Option<&Cap> {
        self.in_force.iter().find(|cap| cap.scope == *scope)
    }

    /// What is bound of the cap of this scope; `None` where it has none.
    pub(crate) async fn standing_of(&self, tx: &Tx, scope: &Scope) -> Result<Option<Standing>> {
        match self.of(scope) {
            Some(cap) => self.standing(tx, cap, None).await,
            None => Ok(None),
        }
    }

    /// Slices of what this pot has, everywhere or at this site.
    fn slices<'a>(&'a self, pot: &'a str, site: Option<SiteId>) -> impl Iterator<Item = (&'a Cap, &'a Slice)> {
        self.in_force.iter().filter_map(move |cap| match &cap.scope {
            Scope::Reserve(slice) if slice.pot == pot && slice.site == site => Some((cap, slice)),
            _ => None,
        })
    }

    /// Whether so much can be kept: of a quota, and with the other slices no more than it has.
    fn can_keep(&self, slice: &Slice, hours: GpuTime) -> Result<()> {
        let Some(whole) = self.of(&Scope::Pot(slice.pot.clone(), slice.site)).and_then(|cap| cap.most) else {
            return Err(Error::invalid("pot", Problem::NoQuotaThere));
        };
        let others = self.slices(&slice.pot, slice.site).filter(|(_, other)| *other != slice);
        let kept = GpuTime::sum(others.filter_map(|(cap, _)| cap.most))?;
        let free = whole.checked_sub(kept)?.max(GpuTime::ZERO);
        if hours <= free {
            Ok(())
        } else {
            Err(Error::invalid("hours", Problem::QuotaShared { free: free.whole_hours() }))
        }
    }

    /// Whether what is kept of a pot still fits into so much of it.
    fn keeps_within(&self, pot: &str, site: Option<SiteId>, most: GpuTime) -> Result<()> {
        let kept = GpuTime::sum(self.slices(pot, site).filter_map(|(cap, _)| cap.most))?;
        let least = kept.whole_hours();
        if kept <= most { Ok(()) } else { Err(Error::invalid("hours", Problem::QuotaKept { least })) }
    }

    /// Those that this booking or offer is held against, in the order in which they are checked, and its call.
    async fn concerning(&self, tx: &Tx, found: &allocation::Model) -> Result<(Vec<&Cap>, Option<CallId>)> {
        let (call, project) = store::quota::under_of(tx, found.application_id).await?;
        let group = self.groups.members(found.organisation_id);
        let country = store::aid::company(tx, found.organisation_id).await?.country;
        let pot = store::quota::pot_of(&found.terms);
        let concerns = |cap: &&Cap| match &cap.scope {
            Scope::Project(id) => Some(*id) == project,
            Scope::Organisation(id) => *id == found.organisation_id,
            Scope::Group(id) => group.contains(id),
            Scope::Country(of) => *of == country,
            Scope::Call(id) => Some(*id) == call,
            Scope::Pot(code, site) => Some(code) == pot.as_ref() && site.is_none_or(|site| site == found.site_id),
            Scope::Reserve(_) => false,
        };
        Ok((self.in_force.iter().filter(concerns).collect(), call))
    }

    /// What is bound of a cap, to a booking under this call: slices of other calls are none of its. Nothing of one that
    /// is lifted.
    pub(crate) async fn standing(&self, tx: &Tx, cap: &Cap, call: Option<CallId>) -> Result<Option<Standing>> {
        let Some(most) = cap.most else { return Ok(None) };
        let reach = match &cap.scope {
            Scope::Project(id) => Reach::Project(*id),
            Scope::Organisation(id) => Reach::Companies(vec![*id]),
            Scope::Group(id) => Reach::Companies(self.groups.members(*id)),
            Scope::Country(country) => Reach::Country(*country),
            Scope::Call(id) => Reach::Call(*id),
            Scope::Pot(pot, site) => Reach::Pot(pot.clone(), *site),
            Scope::Reserve(slice) => Reach::Slice(slice.clone()),
        };
        let mut kept = Vec::new();
        if let Scope::Pot(pot, site) = &cap.scope {
            for (slice_cap, slice) in self.slices(pot, *site).filter(|(_, slice)| Some(slice.call) != call) {
                let bound = store::quota::bound(tx, &Reach::Slice(slice.clone()), slice_cap.counts_from).await?;
                kept.push((slice_cap.most.unwrap_or_default(), bound));
            }
        }
        let bound = store::quota::bound(tx, &reach, cap.counts_from).await?;
        let reserved = quota::unfilled(&kept);
        Ok(Some(Standing { id: cap.id, kind: cap.scope.kind(), most, bound, reserved }))
    }
}

/// A scope that names what there is. Errors at `call` and `site`.
async fn known(tx: &Tx, scope: Scope) -> Result<Scope> {
    let (call, site) = match &scope {
        Scope::Call(id) => (Some(*id), None),
        Scope::Pot(_, site) => (None, *site),
        Scope::Reserve(slice) => (Some(slice.call), slice.site),
        _ => (None, None),
    };
    if let Some(call) = call {
        tx.find::<call::Entity>(call).await.map_err(where_missing("call", Problem::NotAChoice))?;
    }
    if let Some(site) = site {
        tx.find::<site::Entity>(site).await.map_err(where_missing("site", Problem::NotAChoice))?;
    }
    Ok(scope)
}

pub(crate) async fn insert(tx: &mut Tx, cap: Cap, reason: String, set_by: PersonId) -> Result<()> {
    let mut new = row::ActiveModel {
        id: Set(cap.id),
        kind: Set(cap.scope.kind()),
        organisation_id: Set(None),
        country: Set(None),
        call_id: Set(None),
        pot: Set(None),
        site_id: Set(None),
        project_id: Set(None),
        gpu_seconds: Set(cap.most),
        valid_from: Set(cap.valid_from),
        counts_from: Set(cap.counts_from),
        reason: Set(reason),
        set_by: Set(set_by),
        set_at: Set(tx.now()),
    };
    match cap.scope {
        Scope::Project(id) => new.project_id = Set(Some(id)),
        Scope::Organisation(id) | Scope::Group(id) => new.organisation_id = Set(Some(id)),
        Scope::Country(country) => new.country = Set(Some(country)),
        Scope::Call(id) => new.call_id = Set(Some(id)),
        Scope::Pot(pot, site) => (new.pot, new.site_id) = (Set(Some(pot)), Set(site)),
        Scope::Reserve(Slice { pot, site, call }) => {
            (new.pot, new.site_id, new.call_id) = (Set(Some(pot)), Set(site), Set(Some(call)));
        }
    }
    tx.insert(new).await?;
    Ok(())
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

async fn named(
    tx: &Tx,
    setters: &HashMap<PersonId, String>,
    row: QuotaRow,
    standing: Option<Standing>,
) -> Result<QuotaRead> {
    let name = match row.cap() {
        Some(cap) => scope_name(tx, &cap.scope).await?,
        None => Name { kind: row.kind, of: String::new(), site: None, call: None },
    };
    let set_by = setters.get(&row.set_by).cloned().unwrap_or_default();
    Ok(QuotaRead { row, standing, name, set_by })
}

async fn scope_name(tx: &Tx, scope: &Scope) -> Result<Name> {
    let (mut site, mut call) = (None, None);
    let of = match scope {
        Scope::Project(id) => store::project::name(tx, *id).await?,
        Scope::Organisation(id) | Scope::Group(id) => store::aid::company(tx, *id).await?.legal_name,
        Scope::Country(country) => country.to_string(),
        Scope::Call(id) => store::quota::call_codes(tx).await?.remove(id).unwrap_or_default(),
        Scope::Pot(pot, at) => {
            site = *at;
            pot.clone()
        }
        Scope::Reserve(slice) => {
            site = slice.site;
            call = store::quota::call_codes(tx).await?.remove(&slice.call);
            slice.pot.clone()
        }
    };
    let site = match site {
        Some(id) => store::quota::site_name(tx, id).await?,
        None => None,
    };
    Ok(Name { kind: scope.kind(), of, site, call })
}
