//! Verbs of quotes: asking for one, reading them, and what a submission or a booking takes from one.
//!
//! A quote promises prices, not a subsidy: what public money carries is what the organisation is when it hands in.

mod paper;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use domain::{
    application::{Draft, State as ApplicationState, submit},
    gpu::{GpuModel, GpuTime},
    id::{AllocationId, ApplicationId, QuoteId, SiteId},
    mode,
    money::{BasisPoints, Money},
    period::{brussels_day, week_of},
    policy::Action,
    pricing::{Derivation, Quote},
    problem::Problem,
    quote::{self, Inputs, Standing, State},
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};

use crate::{
    calls,
    desk::Desk,
    error::{Error, Result},
    pricing::{Customer, Prices},
    sites::Site,
    store::{
        self, Tx,
        entity::{allocation, application, organisation, quote as row, site},
        rows::QuoteRow,
    },
};

/// Of the list of an organisation's quotes.
const MOST: u64 = 500;

/// One version of a quote with what its page shows.
#[derive(Debug, Clone)]
pub struct QuoteRead {
    pub row: QuoteRow,
    pub price: Quote,
    pub standing: Standing,
    /// `None` where it is for any site.
    pub site: Option<Site>,
    /// Of the application: its reference, or its title while it has none.
    pub about: String,
    /// Every version of this number, the latest first.
    pub versions: Vec<(QuoteRow, Standing)>,
}

/// What a quote would be today, before anybody asks for it.
#[derive(Debug, Clone)]
pub struct QuoteAsk {
    pub application: ApplicationId,
    pub about: String,
    pub inputs: Inputs,
    /// Today's price for any site.
    pub price: Quote,
    /// Sites that have published such GPUs for those weeks, with today's price there.
    pub sites: Vec<(Site, Quote)>,
    /// The latest there is.
    pub latest: Option<(QuoteRow, Standing)>,
}

/// What an offer's price rests on, where a quote was asked for. Whoever asks for one never pays more than what their
/// submission fixed: that stands for GPUs it was fixed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Its prices stand.
    Holds,
    /// They would be higher than what was fixed at submission, which stands.
    Lower,
    /// It has run out: today's prices, or what was fixed at submission where that is lower.
    Expired,
    /// It was for other GPUs or another site: what was fixed at submission, without what was that site's.
    Elsewhere,
}

impl Basis {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Lower => "lower",
            Self::Expired => "expired",
            Self::Elsewhere => "elsewhere",
        }
    }
}

/// The quote that an offer's price comes from.
#[derive(Debug, Clone)]
pub struct Quoted {
    pub id: QuoteId,
    pub number: String,
    pub version: i32,
    pub expires_at: DateTime<Utc>,
    pub basis: Basis,
    /// What accepting freezes now.
    pub(crate) terms: String,
    pub due: Money,
}

/// What a price is asked for, and for whom.
struct Asking {
    application: application::Model,
    about: String,
    inputs: Inputs,
    /// The price of the programme's list today, with what public money carries.
    price: Quote,
    /// What this application holds already is not scarce to it.
    offer: Option<allocation::Model>,
}

impl Desk {
    /// The organisation's quotes, the newest first.
    pub async fn quotes(&self) -> Result<Vec<(QuoteRow, Standing)>> {
        let tx = self.begin(Action::ReadQuotes).await?;
        let Some(organisation) = self.actor.organisation() else { return Ok(Vec::new()) };
        let rows = store::quote::of_organisation(&tx, organisation, MOST).await?;
        Ok(rows.into_iter().map(|row| (row.clone(), row.standing(self.now))).collect())
    }

    pub async fn quote(&self, id: QuoteId) -> Result<QuoteRead> {
        let tx = self.begin(Action::ReadQuotes).await?;
        let row = tx.find::<row::Entity>(id).await?;
        let application = tx.find::<application::Entity>(row.application_id).await?;
        let site = match row.site_id {
            Some(site) => Some(Site::from(tx.find::<site::Entity>(site).await?)),
            None => None,
        };
        let versions = store::quote::versions(&tx, &row.number).await?;
        let versions = versions.into_iter().map(|row| (row.clone(), row.standing(self.now))).collect();
        let (price, standing) = (serde_json::from_str(&row.price)?, row.standing(self.now));
        Ok(QuoteRead { price, standing, site, about: about(&application)?, versions, row })
    }

    /// What one could ask for now. Errors as [`Desk::ask_quote`] does, but for the site.
    pub async fn quote_ask(&self, id: ApplicationId) -> Result<QuoteAsk> {
        let tx = self.begin(Action::ReadQuotes).await?;
        let application = tx.find::<application::Entity>(id).await?;
        let prices = Prices::read(&tx).await?;
        let asking = asking(&tx, &prices, application).await?;
        let mut sites = Vec::new();
        for site in store::capacity::sites(&tx).await? {
            let at = Inputs { site: Some(site.id), ..asking.inputs };
            if let Some(price) = priced(&tx, &prices, &asking.price, &at, asking.offer.as_ref()).await? {
                sites.push((Site::from(site), price));
            }
        }
        let latest = store::quote::latest(&tx, id).await?;
        let latest = latest.map(|row| (row.clone(), row.standing(self.now)));
        let Asking { about, inputs, price, .. } = asking;
        Ok(QuoteAsk { application: id, about, inputs, price, sites, latest })
    }

    /// A quote for what the application asks for, at any site or at the one of this slug. Asked for again with the same
    /// inputs it stays what it is, unless the price has fallen or it has run out; otherwise the next version takes its
    /// place. `NothingToPrice` where the application does not say enough, `NotAChoice` on `site` where no such GPUs are
    /// published, `NotPossibleNow` once it is booked or over.
    pub async fn ask_quote(&self, id: ApplicationId, site: &str) -> Result<QuoteId> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::AskQuote).await?;
        let application = tx.lock::<application::Entity>(id).await?;
        let prices = Prices::read(&tx).await?;
        let asking = asking(&tx, &prices, application).await?;
        let sites = store::capacity::sites(&tx).await?;
        let named = sites.iter().find(|row| row.slug == site).map(|row| row.id);
        if named.is_none() && !site.is_empty() {
            return Err(Error::invalid("site", Problem::NotAChoice));
        }
        let inputs = Inputs { site: named, ..asking.inputs };
        let price = priced(&tx, &prices, &asking.price, &inputs, asking.offer.as_ref()).await?;
        let price = price.ok_or_else(|| Error::invalid("site", Problem::NotAChoice))?;
        let former = store::quote::latest(&tx, id).await?;
        if let Some(same) = former.as_ref().filter(|row| row.standing(self.now) == Standing::Open)
            && same.inputs() == inputs
            && same.due_cents <= price.due
        {
            return Ok(same.id);
        }
        let (number, version) = match &former {
            Some(former) => (former.number.clone(), former.version.saturating_add(1)),
            None => {
                let year = brussels_day(self.now).year();
                (quote::reference(year, tx.next_number(&quote::series(year)).await?), 1)
            }
        };
        if let Some(former) = former.filter(|row| row.state == State::Open) {
            let mut replaced = former.into_active_model();
            replaced.state = Set(State::Replaced);
            tx.update(replaced).await?;
        }
        let days = prices.policy(brussels_day(self.now))?.quote_days;
        let id = tx.new_id();
        tx.insert(row::ActiveModel {
            id: Set(id),
            number: Set(number),
            version: Set(version),
            organisation_id: Set(asking.application.organisation_id),
            application_id: Set(asking.application.id),
            model: Set(inputs.model),
            site_id: Set(inputs.site),
            gpu_seconds: Set(inputs.gpu_time),
            first_day: Set(inputs.first_day),
            last_day: Set(inputs.last_day),
            price: Set(serde_json::to_string(&price)?),
            due_cents: Set(price.due),
            state: Set(State::Open),
            asked_by: Set(me),
            asked_at: Set(self.now),
            expires_at: Set(quote::expires_at(self.now, days)),
            accepted_at: Set(None),
            allocation_id: Set(None),
        })
        .await?;
        tx.commit().await?;
        Ok(id)
    }
}

/// What the application asks for now: what was granted, else what was handed in, else what the draft says.
async fn asking(tx: &Tx, prices: &Prices, application: application::Model) -> Result<Asking> {
    let id = application.id;
    let offers = store::allocation::of_applications(tx, &[id]).await?;
    let is_over = matches!(application.state, ApplicationState::Refused | ApplicationState::Withdrawn);
    if is_over || offers.iter().any(|offer| offer.state.is_open() && offer.state.is_awarded()) {
        return Err(Error::invalid("", Problem::NotPossibleNow));
    }
    let unsaid = || Error::invalid("", Problem::NothingToPrice);
    let draft: Draft = serde_json::from_str(&application.draft)?;
    let said = submit::facts_of(&draft, &mode::Facts::default());
    let (Some(first_day), Some(last_day)) = (said.earliest, said.deadline) else { return Err(unsaid()) };
    let price = match application.quote.as_deref() {
        Some(frozen) => {
            let frozen: Quote = serde_json::from_str(frozen)?;
            let decision = match application.state {
                ApplicationState::Approved => store::review::decision(tx, id).await?,
                _ => None,
            };
            let granted = decision.map_or(frozen.gpu_time, |decision| decision.granted);
            let frozen = frozen.of(granted)?;
            prices.relisted(&frozen, None, BasisPoints::ZERO, brussels_day(tx.now()))?
        }
        None => {
            let organisation = tx.find::<organisation::Entity>(application.organisation_id).await?;
            let mode = calls::terms_of(tx, &application).await?.mode;
            let model = GpuModel::from_code(draft.get("model")).ok_or_else(unsaid)?;
            let gpu_time = said.gpu_time.ok_or_else(unsaid)?;
            prices.quote(tx, &Customer::of(&organisation), &mode, model, gpu_time)?
        }
    };
    if price.gpu_time <= GpuTime::ZERO || last_day < first_day {
        return Err(unsaid());
    }
    let inputs = Inputs { model: price.model, site: None, gpu_time: price.gpu_time, first_day, last_day };
    let offer = offers.into_iter().find(|offer| offer.state == domain::allocation::State::Offered);
    Ok(Asking { about: about(&application)?, application, inputs, price, offer })
}

fn about(application: &application::Model) -> Result<String> {
    if let Some(reference) = &application.reference {
        return Ok(reference.clone());
    }
    let draft: Draft = serde_json::from_str(&application.draft)?;
    Ok(draft.get("title").to_owned())
}

/// Today's price of these inputs; `None` where their site publishes no such GPUs for those weeks.
async fn priced(
    tx: &Tx,
    prices: &Prices,
    promise: &Quote,
    inputs: &Inputs,
    own: Option<&allocation::Model>,
) -> Result<Option<Quote>> {
    let today = brussels_day(tx.now());
    let scarcity = match inputs.site {
        None => BasisPoints::ZERO,
        Some(site) => {
            let days = (inputs.first_day, inputs.last_day);
            let (taken, offered) = taken(tx, (site, inputs.model), days, own).await?;
            if offered == 0 {
                return Ok(None);
            }
            prices.policy(today)?.scarcity(taken, offered)
        }
    };
    Ok(Some(prices.relisted(promise, inputs.site, scarcity, today)?))
}

/// GPU-weeks of a model at a site between two days that others have taken, and those that are published there.
async fn taken(
    tx: &Tx,
    (site, model): (SiteId, GpuModel),
    (first, last): (NaiveDate, NaiveDate),
    own: Option<&allocation::Model>,
) -> Result<(i64, i64)> {
    let windows = store::capacity::rows(tx, Some(site), week_of(first), last.succ_opt()).await?;
    let (mut taken, mut offered) = (0_i64, 0_i64);
    for window in windows.iter().filter(|window| window.model == model) {
        let slots = own.map(allocation::Model::slots);
        let held = slots.iter().flat_map(|slots| slots.iter()).filter(|slot| {
            (slot.site, slot.model) == (site, model) && slot.mondays().any(|monday| monday == window.week)
        });
        let held: i64 = held.map(|slot| slot.gpus).sum();
        taken = taken.saturating_add(window.held.saturating_add(window.booked).saturating_sub(held));
        offered = offered.saturating_add(window.gpus.saturating_sub(window.maintenance));
    }
    Ok((taken, offered))
}

/// What a submission freezes: today's promise at the prices of the quote, where one for just this still stands.
pub(crate) async fn for_submission(tx: &Tx, id: ApplicationId, today: Quote) -> Result<Quote> {
    let Some(found) = store::quote::open(tx, id).await? else { return Ok(today) };
    let draft: Draft = serde_json::from_str(&tx.find::<application::Entity>(id).await?.draft)?;
    let said = submit::facts_of(&draft, &mode::Facts::default());
    let days = (Some(found.first_day), Some(found.last_day));
    let is_same = (found.model, found.gpu_seconds) == (today.model, today.gpu_time)
        && (found.site_id.is_none() || days == (said.earliest, said.deadline));
    if !is_same || found.standing(tx.now()) != Standing::Open {
        return Ok(today);
    }
    // Nobody pays more for having asked.
    let promised = today.priced_as(&serde_json::from_str(&found.price)?)?;
    Ok(if promised.list_rate > today.list_rate { today } else { promised })
}

/// What accepting this offer freezes now, where its company asked for a quote; otherwise its terms stay what they are.
pub(crate) async fn for_offer(tx: &Tx, offer: &allocation::Model) -> Result<Option<Quoted>> {
    let Some(found) = store::quote::latest(tx, offer.application_id).await? else { return Ok(None) };
    let Ok(terms) = serde_json::from_str::<Quote>(&offer.terms) else { return Ok(None) };
    let (inputs, slots) = (found.inputs(), offer.slots());
    let submitted_at = tx.find::<application::Entity>(offer.application_id).await?.submitted_at;
    let submitted_on = submitted_at.map_or(terms.priced_on, brussels_day);
    let terms = anywhere(tx, terms, offer.site_id, submitted_on).await?;
    let covers_weeks = slots.iter().all(|slot| inputs.covers_weeks(slot.first_week, slot.end()));
    let (basis, priced) = if !inputs.covers(offer.site_id, offer.model) || !covers_weeks {
        (Basis::Elsewhere, terms)
    } else if tx.now() < found.expires_at {
        let priced = terms.priced_as(&serde_json::from_str(&found.price)?)?;
        if priced.list_rate > terms.list_rate { (Basis::Lower, terms) } else { (Basis::Holds, priced) }
    } else {
        let priced = today(tx, &terms, &inputs, offer).await?;
        (Basis::Expired, if priced.list_rate > terms.list_rate { terms } else { priced })
    };
    Ok(Some(Quoted {
        id: found.id,
        number: found.number,
        version: found.version,
        expires_at: found.expires_at,
        basis,
        terms: serde_json::to_string(&priced)?,
        due: priced.due,
    }))
}

/// Today's price of these inputs for an offer. Where such GPUs are no longer published, nothing of them is scarce.
async fn today(tx: &Tx, terms: &Quote, inputs: &Inputs, offer: &allocation::Model) -> Result<Quote> {
    let prices = Prices::read(tx).await?;
    match priced(tx, &prices, terms, inputs, Some(offer)).await? {
        Some(priced) => Ok(priced),
        None => prices.relisted(terms, inputs.site, BasisPoints::ZERO, brussels_day(tx.now())),
    }
}

/// Terms at another site than the one whose price they may be: the programme's list price of the day of submission, as
/// for those who never asked.
async fn anywhere(tx: &Tx, terms: Quote, site: SiteId, submitted_on: NaiveDate) -> Result<Quote> {
    let is_of_here = |derivation: &Derivation| match derivation.at {
        Some(at) => at == site,
        None => derivation.scarcity == BasisPoints::ZERO && derivation.site.is_none_or(|of| of == site),
    };
    if terms.derivation.as_ref().is_none_or(is_of_here) {
        return Ok(terms);
    }
    Prices::read(tx).await?.relisted(&terms, None, BasisPoints::ZERO, submitted_on)
}

/// The quote whose prices a booking took is used up by it.
pub(crate) async fn accept(tx: &mut Tx, quoted: &Quoted, booked: AllocationId) -> Result<()> {
    if quoted.basis != Basis::Holds {
        return Ok(());
    }
    let found = tx.lock::<row::Entity>(quoted.id).await?;
    // One that an earlier booking used up keeps that booking's name.
    if found.state != State::Open {
        return Ok(());
    }
    let now = tx.now();
    let mut next = found.into_active_model();
    next.state = Set(State::Accepted);
    next.accepted_at = Set(Some(now));
    next.allocation_id = Set(Some(booked));
    tx.update(next).await?;
    Ok(())
}
