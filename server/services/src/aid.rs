//! The ledger of State aid: every award of a State's money is tested, reserved, granted and corrected here, in the
//! transaction of its cause.
//!
//! Grants of one State queue at one row, so that two officers who grant at once never both fit below a ceiling: the
//! second sees what the first wrote. Refuses to move what is granted without a row that says so.

use domain::{
    aid::{
        self, Article, Counted, Kind, Occasion, Standing,
        declaration::Declaration,
        pot::{self, Pot},
        test::{Declared, Facts, Member, Tested},
        transfer,
        undertaking::{Company, Undertakings},
    },
    application::Draft,
    country::Country,
    gpu::GpuTime,
    id::{AllocationId, OrganisationId, PersonId},
    money::Money,
    organisation::SizeClass,
    period::brussels_day,
    pricing::{self, Quote, Regime},
    typed,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use uuid::Uuid;

use crate::{
    desk::Desk,
    error::{Error, Result, anyhow},
    organisations::tree,
    store::{
        self, Tx,
        entity::{aid_entry, aid_grant, aid_test, application, organisation},
    },
};

mod declare;
mod events;
mod follow;
mod letter;
mod read;
mod register;

pub use declare::{DeclarationRead, declaration_text};
pub(crate) use follow::{booked, ended, follow, taken_back};
pub use read::{AidCase, AidListed, AidMember, AidOfState, AidRead, Bar};
pub(crate) use read::{tests, with_entries};
pub use register::{Published, RegisterBook, RegisterLine};

/// A grant that may be made: its test holds, and nobody else grants in its State before this transaction ends.
pub(crate) struct Prepared {
    pub tested: Tested,
    pub quote: Quote,
    pot: Pot,
    organisation: organisation::Model,
}

/// What is to be granted.
pub(crate) struct Wish<'a> {
    pub application: &'a application::Model,
    /// The frozen price of exactly so much GPU time.
    pub quote: Quote,
    /// Grants that this one takes the place of.
    pub instead_of: &'a [Uuid],
}

/// The granting State of this award's pot, if its money is aid.
pub(crate) async fn granting_state(tx: &Tx, quote: &Quote, home: Country) -> Result<Option<(Country, Pot)>> {
    if !aid::has_entry(quote.regime) {
        return Ok(None);
    }
    let rows = store::aid::pots(tx).await?;
    let found = pot::pot_on(&rows, &quote.pot, brussels_day(tx.now()));
    let pot = found.ok_or_else(|| anyhow(format!("nobody pays for the pot {}", quote.pot)))?.clone();
    Ok(pot.granting_state(home).map(|state| (state, pot)))
}

/// Waits until nobody else grants in this State: whoever comes next sees what was written before.
async fn take_turn(tx: &mut Tx, state: Country) -> Result<()> {
    tx.next_number(&format!("aid turn {state}")).await?;
    Ok(())
}

/// Tests a grant and keeps the test. `None` if it is no aid. Whoever is refused commits before they say so.
pub(crate) async fn prepare(
    tx: &mut Tx,
    wish: Wish<'_>,
    occasion: Occasion,
) -> Result<std::result::Result<Option<Prepared>, Error>> {
    let organisation = store::aid::company(tx, wish.application.organisation_id).await?;
    let Some((state, pot)) = granting_state(tx, &wish.quote, organisation.country).await? else { return Ok(Ok(None)) };
    if aid::of_quote(&wish.quote)?.is_zero() {
        return Ok(Ok(None));
    }
    take_turn(tx, state).await?;
    let tested = examine(tx, &wish, &organisation, (state, &pot), Reserved::Counts).await?;
    let fault = tested.fault();
    let at = tx.now();
    tx.insert(aid_test::ActiveModel {
        id: Set(tx.new_id::<domain::id::Event>().uuid()),
        application_id: Set(wish.application.id),
        grant_id: Set(wish.instead_of.first().copied()),
        occasion: Set(occasion),
        at: Set(at),
        holds: Set(fault.is_none()),
        tested: Set(serde_json::to_string(&tested)?),
    })
    .await?;
    Ok(match fault {
        Some((field, problem)) => Err(Error::invalid(field, problem)),
        None => Ok(Some(Prepared { tested, quote: wish.quote, pot, organisation })),
    })
}

/// The test itself: for pages that show it before anybody decides, too.
async fn examine(
    tx: &Tx,
    wish: &Wish<'_>,
    organisation: &organisation::Model,
    (state, pot): (Country, &Pot),
    reserved: Reserved,
) -> Result<Tested> {
    let on = brussels_day(tx.now());
    let quote = &wish.quote;
    let scene = Scene::read(tx).await?;
    let members = scene.undertakings.members(organisation.id);
    let article = pot::article(quote.regime, pot.article);
    let aid = counted(tx, &members, (state, article), wish.instead_of, reserved).await?;
    let declared = latest(tx, organisation.id, state).await?;
    let draft: Draft = serde_json::from_str(&wish.application.draft)?;
    let size_class = organisation.size_class.unwrap_or(SizeClass::Large);
    let facts = Facts {
        on,
        state,
        pot: quote.pot.clone(),
        regime: quote.regime,
        article,
        has_bonus: pot.has_bonus,
        has_tail: pot.has_tail,
        organisation: organisation.id,
        members: members.into_iter().map(|id| Member { id, name: scene.name(id) }).collect(),
        nace: organisation.nace.clone(),
        size_class,
        gpu_time: quote.gpu_time,
        list_rate: quote.market_rate(),
        price_source: quote.market_source(),
        priced_on: quote.priced_on,
        cost: quote.market()?,
        amount: aid::of_quote(quote)?,
        aid,
        declared,
        submitted_on: wish.application.submitted_at.map(brussels_day),
        starts_on: typed::date(draft.get("earliest")).ok(),
        not_started: !draft.get("not_started").is_empty(),
        pots: other_pots(tx, quote, size_class).await?,
    };
    Ok(aid::test::test(facts, quote)?)
}

/// Pots that pay this size something today, with their regimes.
async fn other_pots(tx: &Tx, quote: &Quote, class: SizeClass) -> Result<Vec<(String, Regime)>> {
    let rows = store::mode::subsidies(tx).await?;
    let today = brussels_day(tx.now());
    let mut pots: Vec<&str> = rows.iter().map(|row| row.pot.as_str()).filter(|pot| *pot != quote.pot).collect();
    pots.sort_unstable();
    pots.dedup();
    let paying = |pot: &str| {
        let row = pricing::subsidy_on(&rows, pot, class, today)?;
        (row.share.get() > 0 && row.regime != Regime::DeMinimis).then(|| (pot.to_owned(), row.regime))
    };
    Ok(pots.into_iter().filter_map(paying).collect())
}

/// Whether what is only proposed counts: it does for every grant; a company does not read of it before it is granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reserved {
    Counts,
    Hidden,
}

impl Reserved {
    fn to(actor: &domain::actor::Actor) -> Self {
        if actor.organisation().is_some() { Self::Hidden } else { Self::Counts }
    }
}

/// Who is one undertaking with whom, and how everybody is called.
struct Scene {
    undertakings: Undertakings,
    names: std::collections::BTreeMap<OrganisationId, String>,
}

impl Scene {
    async fn read(tx: &Tx) -> Result<Self> {
        let rows = store::aid::companies(tx).await?;
        let company = |(id, name, owners): &(OrganisationId, String, Vec<_>)| Company {
            id: *id,
            name: name.clone(),
            holdings: tree(owners),
        };
        let companies: Vec<Company> = rows.iter().map(company).collect();
        let names = rows.into_iter().map(|(id, name, _)| (id, name)).collect();
        Ok(Self { undertakings: Undertakings::of(&companies), names })
    }

    fn name(&self, id: OrganisationId) -> String {
        self.names.get(&id).cloned().unwrap_or_default()
    }
}

/// Who is one undertaking with whom, as ownership links stand now.
pub(crate) async fn undertakings(tx: &Tx) -> Result<Undertakings> {
    Ok(Scene::read(tx).await?.undertakings)
}

/// What this State has granted, reserved or been told of for these companies under the same rule, as mergers and
/// splits have moved it.
async fn counted(
    tx: &Tx,
    members: &[OrganisationId],
    (state, article): (Country, Article),
    without: &[Uuid],
    reserved: Reserved,
) -> Result<Vec<Counted>> {
    let transfers = store::aid::transfers(tx).await?;
    let sources = transfer::sources(members, &transfers);
    let rows = store::aid::standing(tx, Some(state), &sources).await?;
    let counts = |row: &&aid_grant::Model| reserved == Reserved::Counts || row.standing != Standing::Reserved;
    let rows = rows.iter().filter(counts).filter(|row| row.article == article && !without.contains(&row.id));
    let mut found = Vec::new();
    for row in rows {
        found.push(as_counted(row)?);
    }
    if article == Article::DeMinimis {
        found.extend(told(tx, &sources, state).await?);
    }
    let moved = transfer::apply(found, &transfers)?;
    Ok(moved.into_iter().filter(|one| members.contains(&one.organisation)).collect())
}

/// A grant by the day it was made; one that is only reserved by the day it was proposed.
fn as_counted(row: &aid_grant::Model) -> Result<Counted> {
    Ok(Counted {
        organisation: row.organisation_id,
        amount: row.reserved_cents.checked_add(row.granted_cents)?,
        granted_on: row.granted_on.unwrap_or(row.reserved_on),
        grant: Some(row.id),
        authority: row.authority.clone(),
    })
}

/// De minimis aid that these companies declared. Each declares for its whole undertaking: what two of them tell of the
/// same authority, day and amount is told once.
async fn told(tx: &Tx, companies: &[OrganisationId], state: Country) -> Result<Vec<Counted>> {
    let mut seen = std::collections::BTreeSet::new();
    let mut found = Vec::new();
    for row in store::aid::declarations(tx, companies).await?.into_iter().filter(|row| row.state == state) {
        let declared: Declaration = serde_json::from_str(&row.declared)?;
        for line in declared.lines {
            let key = (line.granted_on, line.amount, line.authority.trim().to_lowercase());
            if !seen.insert(key) {
                continue;
            }
            found.push(Counted {
                organisation: row.organisation_id,
                amount: line.amount,
                granted_on: line.granted_on,
                grant: None,
                authority: line.authority,
            });
        }
    }
    Ok(found)
}

/// The company's latest declaration about this State, as a test sees it.
async fn latest(tx: &Tx, company: OrganisationId, state: Country) -> Result<Option<Declared>> {
    let rows = store::aid::declarations(tx, &[company]).await?;
    let row = rows.into_iter().find(|row| row.state == state);
    let read = |row: store::entity::aid_declaration::Model| {
        let declared: Declaration = serde_json::from_str(&row.declared)?;
        Ok::<Declared, Error>(Declared {
            on: brussels_day(row.declared_at),
            text_version: row.text_version,
            same_costs: declared.same_costs,
            in_difficulty: declared.in_difficulty,
            owes_recovery: declared.owes_recovery,
        })
    };
    row.map(read).transpose()
}

/// Sets the amount aside: from here on it counts.
pub(crate) async fn reserve(
    tx: &mut Tx,
    prepared: &Prepared,
    application: &application::Model,
    by: Option<PersonId>,
) -> Result<aid_grant::Model> {
    let Prepared { tested, quote, pot, organisation } = prepared;
    let facts = &tested.facts;
    let number = tx.next_number(&format!("aid {}", facts.state)).await?;
    let (id, now) = (tx.new_id::<domain::id::Event>().uuid(), tx.now());
    let row = aid_grant::ActiveModel {
        id: Set(id),
        state: Set(facts.state),
        number: Set(number),
        standing: Set(Standing::Reserved),
        organisation_id: Set(organisation.id),
        application_id: Set(application.id),
        allocation_id: Set(None),
        regime: Set(facts.regime.code().to_owned()),
        article: Set(facts.article),
        pot: Set(pot.pot.clone()),
        authority: Set(pot.authority.clone()),
        instrument: Set(pot.instrument.clone()),
        scheme: Set(pot.scheme.clone()),
        beneficiary: Set(organisation.legal_name.clone()),
        registration_number: Set(organisation.registration_number.clone()),
        country: Set(organisation.country),
        nace: Set(organisation.nace.clone()),
        size_class: Set(facts.size_class),
        gpu_seconds: Set(quote.gpu_time),
        list_rate: Set(quote.market_rate()),
        price_source: Set(quote.market_source()),
        priced_on: Set(quote.priced_on),
        reserved_cents: Set(facts.amount),
        granted_cents: Set(Money::ZERO),
        reserved_on: Set(facts.on),
        granted_on: Set(None),
        decided_by: Set(by),
        created_at: Set(now),
    };
    let grant = tx.insert(row).await?;
    enter(tx, &grant, Kind::Reserve, (facts.amount, Money::ZERO), quote.gpu_time, "award_proposed").await?;
    Ok(grant)
}

/// One movement of a grant.
async fn enter(
    tx: &mut Tx,
    grant: &aid_grant::Model,
    kind: Kind,
    (reserved, granted): (Money, Money),
    gpu_time: GpuTime,
    reason: &str,
) -> Result<()> {
    let number = store::aid::next_entry(tx, grant.id).await?;
    let (now, by) = (tx.now(), tx.actor().person);
    tx.insert(aid_entry::ActiveModel {
        id: Set(tx.new_id::<domain::id::Event>().uuid()),
        grant_id: Set(grant.id),
        number: Set(number),
        kind: Set(kind),
        reserved_cents: Set(reserved),
        granted_cents: Set(granted),
        gpu_seconds: Set(gpu_time),
        entered_on: Set(brussels_day(now)),
        at: Set(now),
        entered_by: Set(by),
        reason: Set(reason.to_owned()),
    })
    .await?;
    Ok(())
}

/// The company has the right from now on: what was reserved is granted, on this day.
pub(crate) async fn confirm(tx: &mut Tx, grant: aid_grant::Model, reason: &str) -> Result<aid_grant::Model> {
    take_turn(tx, grant.state).await?;
    let amount = grant.reserved_cents;
    enter(tx, &grant, Kind::Confirm, (amount.negated()?, amount), grant.gpu_seconds, reason).await?;
    let today = brussels_day(tx.now());
    let mut next = grant.into_active_model();
    next.standing = Set(Standing::Granted);
    next.reserved_cents = Set(Money::ZERO);
    next.granted_cents = Set(amount);
    next.granted_on = Set(Some(today));
    tx.update(next).await
}

/// Nothing is granted, or nothing any more: it counts no longer.
pub(crate) async fn release(tx: &mut Tx, application: domain::id::ApplicationId, reason: &str) -> Result<()> {
    for grant in store::aid::of_application(tx, application).await? {
        take_turn(tx, grant.state).await?;
        free(tx, grant, reason).await?;
    }
    Ok(())
}

async fn free(tx: &mut Tx, grant: aid_grant::Model, reason: &str) -> Result<()> {
    let back = (grant.reserved_cents.negated()?, grant.granted_cents.negated()?);
    enter(tx, &grant, Kind::Release, back, GpuTime::ZERO, reason).await?;
    let mut next = grant.into_active_model();
    next.standing = Set(Standing::Released);
    next.reserved_cents = Set(Money::ZERO);
    next.granted_cents = Set(Money::ZERO);
    next.gpu_seconds = Set(GpuTime::ZERO);
    tx.update(next).await?;
    Ok(())
}

impl Desk {
    /// Tests an award and keeps the test: what may be granted, or why not.
    pub(crate) async fn test_award(
        &self,
        tx: &mut Tx,
        application: &application::Model,
        granted: GpuTime,
        occasion: Occasion,
    ) -> Result<std::result::Result<Option<Prepared>, Error>> {
        let Some(quote) = frozen(application, granted)? else { return Ok(Ok(None)) };
        let before = store::aid::of_application(tx, application.id).await?;
        let before: Vec<Uuid> = before.iter().map(|grant| grant.id).collect();
        prepare(tx, Wish { application, quote, instead_of: &before }, occasion).await
    }

    /// The award is in force: what was reserved for it is granted, and the company is told how much aid it is and
    /// under which Regulation (Reg. (EU) 2023/2831, Art. 7(4); Reg. (EU) No 651/2014, Art. 3).
    pub(crate) async fn grant_award(&self, tx: &mut Tx, application: &application::Model) -> Result<()> {
        for grant in store::aid::of_application(tx, application.id).await? {
            if grant.standing != Standing::Reserved {
                continue;
            }
            let grant = confirm(tx, grant, "award_in_force").await?;
            self.tell_aid(tx, &grant, application.reference.as_deref().unwrap_or_default()).await?;
        }
        Ok(())
    }
}

/// The price that was frozen at submission, for so much GPU time; `None` where none was.
pub(crate) fn frozen(application: &application::Model, granted: GpuTime) -> Result<Option<Quote>> {
    let Some(quote) = application.quote.as_deref() else { return Ok(None) };
    Ok(Some(serde_json::from_str::<Quote>(quote)?.of(granted)?))
}

/// The grants of one allocation hang on it from now on.
async fn attach(tx: &mut Tx, grant: aid_grant::Model, allocation: AllocationId) -> Result<aid_grant::Model> {
    let mut next = grant.into_active_model();
    next.allocation_id = Set(Some(allocation));
    tx.update(next).await
}
