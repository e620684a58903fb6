//! Verbs of the price book: reading it, recording what the market asks, and list prices that two people agree to.

use chrono::NaiveDate;
use domain::{
    gpu::GpuModel,
    id::{ListPriceId, PersonId, PolicyRequestId, SiteId},
    period::brussels_day,
    policy::Action,
    price::{self, Observation, PricePolicy, Reference, State, TypedList, TypedObservation, TypedPolicy},
    pricing::Tariff,
    problem::Problem,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};
use uuid::Uuid;

use crate::{
    desk::Desk,
    error::{Error, OnUnique, Result, anyhow},
    invoices::new_uuid,
    sites::Site,
    store::{
        self,
        entity::{list_price, policy_request, price_observation, price_policy},
        rows::{ListPriceRow, PolicyRequestRow, PriceObservationRow},
    },
};

/// What is known of the price of one model.
#[derive(Debug, Clone)]
pub struct ModelPrice {
    pub model: GpuModel,
    /// What the market asks today; `None` where nobody ever looked.
    pub reference: Option<Reference>,
    /// The observations that make it up, the least first.
    pub counted: Vec<Observation>,
    /// Each day on which the reference became another one, oldest first.
    pub history: Vec<(NaiveDate, Reference)>,
    /// The programme's list price today.
    pub list: Option<Tariff>,
    /// List prices of the programme and of sites: those past, in force and to come, the latest first.
    pub tariffs: Vec<Tariff>,
}

/// The price book as it stands today.
#[derive(Debug, Clone)]
pub struct PriceBook {
    pub today: NaiveDate,
    pub policy: PricePolicy,
    /// Policies that begin on a day to come, the next first.
    pub policies_to_come: Vec<PricePolicy>,
    pub models: Vec<ModelPrice>,
    pub sites: Vec<Site>,
    /// Observations that do not count yet, and may be taken back.
    pub pending: Vec<PriceObservationRow>,
    /// List prices that wait for a second person: for those who keep the book.
    pub asked: Vec<ListPriceRow>,
    /// Policies that do, for the same.
    pub asked_policies: Vec<PolicyRequestRow>,
    /// Who reads, so that nobody is offered to agree with themselves.
    pub reader: Option<PersonId>,
}

impl PriceBook {
    pub fn site(&self, id: SiteId) -> Option<&Site> {
        self.sites.iter().find(|site| site.id == id)
    }
}

impl Desk {
    /// The whole book: published, but for what waits for a second person.
    pub async fn price_book(&self) -> Result<PriceBook> {
        let tx = self.begin(Action::ReadPrices).await?;
        let today = brussels_day(self.now);
        let observations = store::price::observations(&tx, None).await?;
        let policies = store::price::policies(&tx).await?;
        let tariffs = store::price::tariffs(&tx).await?;
        let policy = *price::policy_on(&policies, today).ok_or_else(|| anyhow("no policy of prices"))?;
        let of_model = |model: &GpuModel| {
            let model = *model;
            let observed: Vec<Observation> = observations.iter().filter(|one| one.model == model).cloned().collect();
            let mut of_model: Vec<Tariff> = tariffs.iter().filter(|row| row.model == model).cloned().collect();
            of_model.sort_by_key(|row| std::cmp::Reverse((row.valid_from, row.site)));
            ModelPrice {
                model,
                reference: price::reference_on(&observed, &policy, model, today),
                counted: price::counted(&observed, &policy, model, today).into_iter().cloned().collect(),
                history: price::history(&observed, &policies, model, today),
                list: price::list_on(&tariffs, None, model, today).cloned(),
                tariffs: of_model,
            }
        };
        Ok(PriceBook {
            today,
            policy,
            policies_to_come: policies.iter().filter(|row| row.valid_from > today).copied().collect(),
            models: GpuModel::ALL.iter().map(of_model).collect(),
            sites: store::capacity::sites(&tx).await?.into_iter().map(Site::from).collect(),
            pending: store::price::pending(&tx, today).await?,
            asked: store::price::asked(&tx).await?,
            asked_policies: store::price::asked_policies(&tx).await?,
            reader: self.actor.person,
        })
    }

    /// List prices that wait for a second person.
    pub async fn asked_list_prices(&self) -> Result<Vec<ListPriceRow>> {
        store::price::asked(&self.begin(Action::ReadPrices).await?).await
    }

    /// Policies of prices that wait for a second person.
    pub async fn asked_price_policies(&self) -> Result<Vec<PolicyRequestRow>> {
        store::price::asked_policies(&self.begin(Action::ReadPrices).await?).await
    }

    /// Asks for another policy of prices from a day to come on. Errors as [`price::read_policy`] says, and at
    /// `valid_from` where there is one from that day.
    pub async fn ask_price_policy(&self, typed: &TypedPolicy) -> Result<PolicyRequestId> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::AskPricePolicy).await?;
        let (wanted, reason) = price::read_policy(typed, brussels_day(self.now))?;
        if store::price::policies(&tx).await?.iter().any(|row| row.valid_from == wanted.valid_from) {
            return Err(Error::invalid("valid_from", Problem::AlreadyAsked));
        }
        let id = tx.new_id();
        tx.insert(policy_request::ActiveModel {
            id: Set(id),
            valid_from: Set(wanted.valid_from),
            quote_days: Set(wanted.quote_days),
            observation_days: Set(wanted.observation_days),
            scarcity_from: Set(wanted.scarcity_from),
            scarcity_most: Set(wanted.scarcity_most),
            reason: Set(reason),
            state: Set(State::Asked),
            asked_by: Set(me),
            asked_at: Set(self.now),
            signed_by: Set(None),
            signed_at: Set(None),
        })
        .await
        .on_unique("valid_from", Problem::AlreadyAsked)?;
        tx.commit().await?;
        Ok(id)
    }

    /// The second person agrees, and prices go by it from its day on; or does not. `DeadlinePassed` where its day has
    /// come meanwhile.
    pub async fn sign_price_policy(&self, id: PolicyRequestId, agrees: bool) -> Result<()> {
        let mut tx = self.begin(Action::SignPricePolicy).await?;
        let found = tx.lock::<policy_request::Entity>(id).await?;
        let signer = self.answers(found.state, found.asked_by, found.valid_from, agrees)?;
        if agrees {
            let policy = found.policy();
            tx.insert(price_policy::ActiveModel {
                valid_from: Set(policy.valid_from),
                quote_days: Set(policy.quote_days),
                observation_days: Set(policy.observation_days),
                scarcity_from: Set(policy.scarcity_from),
                scarcity_most: Set(policy.scarcity_most),
            })
            .await?;
        }
        let mut next = found.into_active_model();
        next.state = Set(if agrees { State::Agreed } else { State::Refused });
        next.signed_by = Set(Some(signer));
        next.signed_at = Set(Some(self.now));
        tx.update(next).await?;
        tx.commit().await
    }

    /// Records what a source asks; it counts from tomorrow. Errors as [`price::read_observation`] says, and at
    /// `observed_on` where that source's price of that day is there already.
    pub async fn record_observation(&self, typed: &TypedObservation) -> Result<()> {
        let mut tx = self.begin(Action::RecordObservation).await?;
        let read = price::read_observation(typed, brussels_day(self.now))?;
        tx.insert(price_observation::ActiveModel {
            id: Set(new_uuid(&tx)),
            model: Set(read.model),
            rate: Set(read.rate),
            source: Set(read.source),
            address: Set(read.address),
            observed_on: Set(read.observed_on),
            counts_from: Set(read.counts_from),
            recorded_by: Set(self.actor.person),
            recorded_at: Set(self.now),
        })
        .await
        .on_unique("observed_on", Problem::ObservationThere)?;
        tx.commit().await
    }

    /// Takes back what was recorded by mistake, while it does not count. Refused once it does: the past stays.
    pub async fn take_back_observation(&self, id: Uuid) -> Result<()> {
        let mut tx = self.begin(Action::TakeBackObservation).await?;
        let found = tx.lock::<price_observation::Entity>(id).await?;
        if found.counts_from <= brussels_day(self.now) {
            return Err(Error::invalid("", Problem::ObservationCounts));
        }
        tx.delete(found.into_active_model()).await?;
        tx.commit().await
    }

    /// Asks for a list price from a day to come on: it is charged once a second person agrees. Errors as
    /// [`price::read_list`] says, and at `valid_from` where there is one from that day.
    pub async fn ask_list_price(&self, typed: &TypedList) -> Result<ListPriceId> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::AskListPrice).await?;
        let sites = store::capacity::sites(&tx).await?;
        let slugs: Vec<&str> = sites.iter().map(|site| site.slug.as_str()).collect();
        let wanted = price::read_list(typed, &slugs, brussels_day(self.now))?;
        let site = sites.iter().find(|site| wanted.site.as_ref() == Some(&site.slug));
        let is_first = |row: &Tariff| row.site.is_none() && row.model == wanted.model;
        let taken = store::price::tariffs(&tx).await?.into_iter().filter(is_first);
        if site.is_none() && taken.into_iter().any(|row| row.valid_from == wanted.valid_from) {
            return Err(Error::invalid("valid_from", Problem::AlreadyAsked));
        }
        let id = tx.new_id();
        tx.insert(list_price::ActiveModel {
            id: Set(id),
            site_id: Set(site.map(|site| site.id)),
            model: Set(wanted.model),
            rate: Set(wanted.rate),
            valid_from: Set(wanted.valid_from),
            valid_until: Set(wanted.valid_until),
            reason: Set(wanted.reason),
            state: Set(State::Asked),
            asked_by: Set(me),
            asked_at: Set(self.now),
            signed_by: Set(None),
            signed_at: Set(None),
        })
        .await
        .on_unique("valid_from", Problem::AlreadyAsked)?;
        tx.commit().await?;
        Ok(id)
    }

    /// The second person agrees, and the price begins on its day; or does not, and it never does. `DeadlinePassed`
    /// where its day has come meanwhile: what was charged is not changed afterwards.
    pub async fn sign_list_price(&self, id: ListPriceId, agrees: bool) -> Result<()> {
        let mut tx = self.begin(Action::SignListPrice).await?;
        let found = tx.lock::<list_price::Entity>(id).await?;
        let signer = self.answers(found.state, found.asked_by, found.valid_from, agrees)?;
        let mut next = found.into_active_model();
        next.state = Set(if agrees { State::Agreed } else { State::Refused });
        next.signed_by = Set(Some(signer));
        next.signed_at = Set(Some(self.now));
        tx.update(next).await?;
        tx.commit().await
    }

    /// Who answers what was asked for from a day to come: somebody else, once, and in time where they agree.
    fn answers(&self, state: State, asked_by: PersonId, valid_from: NaiveDate, agrees: bool) -> Result<PersonId> {
        if state != State::Asked {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        let signer = self.second_of(Some(asked_by))?;
        if agrees && !price::begins_later(valid_from, brussels_day(self.now)) {
            return Err(Error::invalid("", Problem::DeadlinePassed));
        }
        Ok(signer)
    }
}
