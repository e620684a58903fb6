//! What is shown of aid: a company's three years State by State, undertakings near a ceiling, and one award's test.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::{
    aid::{Article, Counted, Standing, ceiling, ceiling::Room, declaration, test::Tested, transfer, window},
    country::Country,
    gpu::GpuTime,
    id::{ApplicationId, OrganisationId},
    money::Money,
    period::brussels_day,
    policy::Action,
    pricing::Quote,
};
use uuid::Uuid;

use super::{DeclarationRead, Reserved, Scene, Wish, counted, declare, examine, frozen, granting_state};
use crate::{
    desk::Desk,
    error::{Error, Result},
    rows::{AidEntryRow, AidGrantRow, AidTestRow, AidTransferRow},
    store::{
        self, Tx,
        entity::{application, organisation},
    },
};

/// A company of an undertaking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AidMember {
    pub id: OrganisationId,
    pub name: String,
}

/// One amount that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    pub on: NaiveDate,
    /// The first day on which it counts no more.
    pub free_on: NaiveDate,
    pub amount: Money,
    pub whose: String,
    /// `FR-12` of this ledger; `None` for what was declared.
    pub number: Option<String>,
    pub authority: String,
    pub is_reserved: bool,
}

/// An undertaking's de minimis aid of one State, seen from one day.
#[derive(Debug, Clone)]
pub struct AidOfState {
    pub state: Country,
    pub today: NaiveDate,
    /// `None` where no Regulation is in force.
    pub room: Option<Room>,
    /// Of the last three years, oldest first.
    pub bars: Vec<Bar>,
    /// What counts from each of these days on.
    pub steps: Vec<(NaiveDate, Money)>,
    /// The day of the company's latest declaration, and the last on which it is taken as told.
    pub declared: Option<(NaiveDate, NaiveDate)>,
    pub needs_declaration: bool,
}

/// A company's aid with everything that belongs to it.
#[derive(Debug, Clone)]
pub struct AidRead {
    pub company: AidMember,
    /// Of its undertaking, itself among them.
    pub members: Vec<AidMember>,
    pub states: Vec<AidOfState>,
    /// Its own grants that the reader may see, newest first, with their movements.
    pub grants: Vec<(AidGrantRow, Vec<AidEntryRow>)>,
    /// Newest first.
    pub declarations: Vec<DeclarationRead>,
    pub transfers: Vec<AidTransferRow>,
    /// About which it may declare.
    pub declarable: Vec<Country>,
    pub home: Country,
}

/// An undertaking in the list.
#[derive(Debug, Clone)]
pub struct AidListed {
    pub state: Country,
    pub members: Vec<AidMember>,
    pub used: Money,
    pub left: Money,
    pub ceiling: Money,
    /// When the next of it counts no more.
    pub next_free: Option<NaiveDate>,
}

/// One award's aid: what it would be today, and every test and grant so far.
#[derive(Debug, Clone)]
pub struct AidCase {
    /// `None` where its money is no aid.
    pub tested: Option<Tested>,
    pub state: Option<Country>,
    pub tests: Vec<(AidTestRow, Tested)>,
    pub grants: Vec<(AidGrantRow, Vec<AidEntryRow>)>,
}

impl Desk {
    /// The aid of the company the actor stands in.
    pub async fn own_aid(&self) -> Result<AidRead> {
        let own = self.actor.organisation().ok_or(Error::NotFound)?;
        let tx = self.begin(Action::ReadOwnAid).await?;
        self.aid_read(&tx, own).await
    }

    /// The aid of any company; `NotFound` where a conflict of interest hides anything of its undertaking.
    pub async fn aid_of(&self, company: OrganisationId) -> Result<AidRead> {
        let tx = self.begin(Action::ReadAid).await?;
        tx.find::<organisation::Entity>(company).await?;
        let members = Scene::read(&tx).await?.undertakings.members(company);
        if store::aid::open_companies(&tx, &members).await?.len() < members.len() {
            return Err(Error::NotFound);
        }
        self.aid_read(&tx, company).await
    }

    async fn aid_read(&self, tx: &Tx, company: OrganisationId) -> Result<AidRead> {
        let row = tx.find::<organisation::Entity>(company).await?;
        let scene = Scene::read(tx).await?;
        let ids = scene.undertakings.members(company);
        let mut states = Vec::new();
        for state in states_of(tx, &ids, row.country).await? {
            states.push(self.of_state(tx, &scene, (company, &ids), state).await?);
        }
        let grants = store::aid::grants_seen(tx, &[company]).await?;
        let declarations = store::aid::declarations_seen(tx, company).await?;
        let declarations: Result<Vec<DeclarationRead>> = declarations.into_iter().map(declare::read).collect();
        let member = |id: OrganisationId| AidMember { id, name: scene.name(id) };
        Ok(AidRead {
            company: member(company),
            members: ids.into_iter().map(member).collect(),
            states,
            grants: with_entries(tx, grants).await?,
            declarations: declarations?,
            transfers: store::aid::transfers_seen(tx, &[company]).await?,
            declarable: declare::states(tx, row.country).await?,
            home: row.country,
        })
    }

    async fn of_state(
        &self,
        tx: &Tx,
        scene: &Scene,
        (company, members): (OrganisationId, &[OrganisationId]),
        state: Country,
    ) -> Result<AidOfState> {
        let today = brussels_day(self.now);
        let reserved = Reserved::to(&self.actor);
        let aid = counted(tx, members, (state, Article::DeMinimis), &[], reserved).await?;
        let rows = store::aid::standing(tx, Some(state), &everybody(tx, members).await?).await?;
        let row = |one: &Counted| rows.iter().find(|row| Some(row.id) == one.grant);
        let is_reserved = |one: &Counted| row(one).is_some_and(|row| row.standing == Standing::Reserved);
        let mut bars: Vec<Bar> = aid
            .iter()
            .filter(|one| window::counts(one.granted_on, today))
            .map(|one| Bar {
                on: one.granted_on,
                free_on: window::free_on(one.granted_on),
                amount: one.amount,
                whose: scene.name(one.organisation),
                number: row(one).map(|row| format!("{}-{}", row.state, row.number)),
                authority: one.authority.clone(),
                is_reserved: is_reserved(one),
            })
            .collect();
        bars.sort_by_key(|bar| bar.on);
        let room = ceiling::on(today, false).map(|limit| ceiling::room(limit, &aid, today)).transpose()?;
        let declared = store::aid::declarations(tx, &[company]).await?.into_iter().find(|row| row.state == state);
        let declared = declared.map(|row| brussels_day(row.declared_at));
        let declared = declared.map(|on| (on, declaration::stands_until(on)));
        let is_told = declared.is_some_and(|(_, until)| today <= until);
        let steps = steps(&aid, today)?;
        let needs_declaration = declaration::is_needed(today) && !is_told;
        Ok(AidOfState { state, today, room, bars, steps, declared, needs_declaration })
    }

    /// Undertakings that had aid in the last three years, the fullest first. Those of which anything is hidden from
    /// the actor are left out whole.
    pub async fn aid_list(&self) -> Result<Vec<AidListed>> {
        let tx = self.begin(Action::ReadAid).await?;
        let scene = Scene::read(&tx).await?;
        let today = brussels_day(self.now);
        let Some(limit) = ceiling::on(today, false) else { return Ok(Vec::new()) };
        let grants = store::aid::all_standing(&tx).await?;
        let mut wanted: BTreeSet<(Country, Vec<OrganisationId>)> = BTreeSet::new();
        for grant in grants.iter().filter(|grant| grant.article == Article::DeMinimis) {
            wanted.insert((grant.state, scene.undertakings.members(grant.organisation_id)));
        }
        let all: Vec<OrganisationId> = scene.names.keys().copied().collect();
        for row in store::aid::declarations(&tx, &all).await? {
            wanted.insert((row.state, scene.undertakings.members(row.organisation_id)));
        }
        let open = store::aid::open_companies(&tx, &all).await?;
        let mut found = Vec::new();
        for (state, members) in wanted {
            if !members.iter().all(|id| open.contains(id)) {
                continue;
            }
            let rule = (state, Article::DeMinimis);
            let room = ceiling::room(limit, &counted(&tx, &members, rule, &[], Reserved::Counts).await?, today)?;
            if room.used.is_zero() {
                continue;
            }
            found.push(AidListed {
                state,
                next_free: room.counted.iter().map(|one| window::free_on(one.granted_on)).min(),
                members: members.iter().map(|id| AidMember { id: *id, name: scene.name(*id) }).collect(),
                used: room.used,
                left: room.left,
                ceiling: limit,
            });
        }
        found.sort_by(|one, other| one.left.cmp(&other.left).then_with(|| one.state.cmp(&other.state)));
        Ok(found)
    }

    /// What an award of so much would be as aid today, for the officer who decides on it.
    pub async fn aid_case(&self, id: ApplicationId, granted: GpuTime) -> Result<AidCase> {
        let tx = self.begin(Action::ReadAid).await?;
        let application = tx.find::<application::Entity>(id).await?;
        self.case_of(&tx, &application, frozen(&application, granted)?).await
    }

    /// The same for the applicant: of what they asked for, at the price they were told.
    pub async fn own_aid_case(&self, id: ApplicationId, quote: Option<&Quote>) -> Result<AidCase> {
        let tx = self.begin(Action::ReadOwnAid).await?;
        let application = tx.find::<application::Entity>(id).await?;
        let kept: Option<Quote> = application.quote.as_deref().map(serde_json::from_str).transpose()?;
        self.case_of(&tx, &application, kept.or_else(|| quote.cloned())).await
    }

    async fn case_of(&self, tx: &Tx, application: &application::Model, quote: Option<Quote>) -> Result<AidCase> {
        let organisation = store::aid::company(tx, application.organisation_id).await?;
        let grants = store::aid::grants_of(tx, application.id).await?;
        let own: Vec<Uuid> =
            store::aid::of_application(tx, application.id).await?.iter().map(|grant| grant.id).collect();
        let mut case = AidCase {
            tested: None,
            state: None,
            tests: tests(tx, application.id).await?,
            grants: with_entries(tx, grants).await?,
        };
        let Some(quote) = quote else { return Ok(case) };
        let Some((state, pot)) = granting_state(tx, &quote, organisation.country).await? else { return Ok(case) };
        let wish = Wish { application, quote, instead_of: &own };
        let reserved = Reserved::to(&self.actor);
        case.tested = Some(examine(tx, &wish, &organisation, (state, &pot), reserved).await?);
        case.state = Some(state);
        Ok(case)
    }
}

/// Every test of an application that the actor may see, with what it looked at.
pub(crate) async fn tests(tx: &Tx, id: ApplicationId) -> Result<Vec<(AidTestRow, Tested)>> {
    let rows = store::aid::tests(tx, id).await?;
    rows.into_iter().map(|row| Ok((row.clone(), serde_json::from_str(&row.tested)?))).collect()
}

pub(crate) async fn with_entries(tx: &Tx, grants: Vec<AidGrantRow>) -> Result<Vec<(AidGrantRow, Vec<AidEntryRow>)>> {
    let ids: Vec<Uuid> = grants.iter().map(|grant| grant.id).collect();
    let mut entries: BTreeMap<Uuid, Vec<AidEntryRow>> = BTreeMap::new();
    for entry in store::aid::entries(tx, &ids).await? {
        entries.entry(entry.grant_id).or_default().push(entry);
    }
    Ok(grants
        .into_iter()
        .map(|grant| {
            let own = entries.remove(&grant.id).unwrap_or_default();
            (grant, own)
        })
        .collect())
}

/// These companies and all whose aid may have come to them.
async fn everybody(tx: &Tx, members: &[OrganisationId]) -> Result<Vec<OrganisationId>> {
    Ok(transfer::sources(members, &store::aid::transfers(tx).await?))
}

/// Their own State, and every State that granted them aid or about which they declared.
async fn states_of(tx: &Tx, members: &[OrganisationId], home: Country) -> Result<Vec<Country>> {
    let all = everybody(tx, members).await?;
    let mut states: Vec<Country> =
        declare::states(tx, home).await?.into_iter().filter(|state| *state == home).collect();
    states.extend(store::aid::standing(tx, None, &all).await?.into_iter().map(|row| row.state));
    states.extend(store::aid::declarations(tx, &all).await?.into_iter().map(|row| row.state));
    states.sort_unstable_by_key(|state| (*state != home, *state));
    states.dedup();
    Ok(states)
}

/// What counts from each day on, on which it changes: three years back, and until nothing of it counts any more.
fn steps(aid: &[Counted], today: NaiveDate) -> Result<Vec<(NaiveDate, Money)>> {
    let first = window::since(today);
    let mut days: Vec<NaiveDate> = aid
        .iter()
        .flat_map(|one| [one.granted_on, window::free_on(one.granted_on)])
        .filter(|day| first < *day)
        .collect();
    days.extend([first, today]);
    days.sort_unstable();
    days.dedup();
    days.into_iter()
        .map(|day| {
            let sum = Money::sum(aid.iter().filter(|one| window::counts(one.granted_on, day)).map(|one| one.amount));
            Ok((day, sum?))
        })
        .collect()
}
