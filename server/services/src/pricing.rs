//! Prices for an organisation: tariff and subsidy in force today, and VAT by its place.

use chrono::NaiveDate;
use domain::{
    country::Country,
    gpu::{GpuModel, GpuTime},
    id::SiteId,
    mode::Mode,
    money::BasisPoints,
    organisation::SizeClass,
    period::brussels_day,
    price::{self, Observation, PricePolicy, Reference},
    pricing::{self, Quote, Subsidy, Tariff},
    vat::{self, VatState},
};

use crate::{
    error::{Result, anyhow},
    invoices,
    store::{self, Tx, entity::organisation},
};

/// For whom a price is quoted.
#[derive(Debug, Clone)]
pub(crate) struct Customer {
    pub country: Country,
    pub postcode: String,
    pub vat_state: VatState,
    pub size_class: SizeClass,
}

impl Customer {
    /// An organisation without figures is quoted as a large one: no subsidy is promised before the size is known.
    pub(crate) fn of(row: &organisation::Model) -> Self {
        Self {
            country: row.country,
            postcode: row.postcode.clone(),
            vat_state: row.vat_state,
            size_class: row.size_class.unwrap_or(SizeClass::Large),
        }
    }

    /// For visitors: a small company with a valid number in another Member State.
    fn example() -> Self {
        Self {
            country: Country::of(*b"DE"),
            postcode: String::new(),
            vat_state: VatState::Valid,
            size_class: SizeClass::Small,
        }
    }
}

/// What every model costs one customer in one mode today.
#[derive(Debug, Clone)]
pub struct PriceTerms {
    /// One a model, for no time at all: [`Quote::of`] gives the price of any.
    pub quotes: Vec<Quote>,
    pub size_class: SizeClass,
    /// Whether these are the terms of the reader's own organisation.
    pub is_own: bool,
}

impl PriceTerms {
    pub fn quote(&self, model: GpuModel, gpu_time: GpuTime) -> Option<Quote> {
        self.quotes.iter().find(|quote| quote.model == model).and_then(|terms| terms.of(gpu_time).ok())
    }
}

/// The rows in force, read once a verb.
pub(crate) struct Prices {
    tariffs: Vec<Tariff>,
    subsidies: Vec<Subsidy>,
    observations: Vec<Observation>,
    policies: Vec<PricePolicy>,
}

impl Prices {
    pub(crate) async fn read(tx: &Tx) -> Result<Self> {
        Ok(Self {
            tariffs: store::price::tariffs(tx).await?,
            subsidies: store::mode::subsidies(tx).await?,
            observations: store::price::observations(tx, None).await?,
            policies: store::price::policies(tx).await?,
        })
    }

    /// What prices go by on that day. `Broken` where nothing is in force.
    pub(crate) fn policy(&self, on: NaiveDate) -> Result<&PricePolicy> {
        price::policy_on(&self.policies, on).ok_or_else(|| anyhow("no policy of prices").into())
    }

    /// What the market asks for this model on that day.
    fn reference(&self, model: GpuModel, on: NaiveDate) -> Option<Reference> {
        let policy = price::policy_on(&self.policies, on)?;
        price::reference_on(&self.observations, policy, model, on)
    }

    /// The same promise at the list price of that day, at a site or of the programme, risen by this much.
    pub(crate) fn relisted(
        &self,
        quote: &Quote,
        site: Option<SiteId>,
        scarcity: BasisPoints,
        on: NaiveDate,
    ) -> Result<Quote> {
        let tariff =
            price::list_on(&self.tariffs, site, quote.model, on).ok_or_else(|| anyhow("no list price that day"))?;
        let listed = quote.listed(tariff, (site, scarcity), self.reference(quote.model, on))?;
        Ok(Quote { priced_on: on, ..listed })
    }

    /// The price for this customer today. `Broken` where no tariff or subsidy row is in force: ours to mend.
    pub(crate) fn quote(
        &self,
        tx: &Tx,
        customer: &Customer,
        mode: &Mode,
        model: GpuModel,
        gpu_time: GpuTime,
    ) -> Result<Quote> {
        let today = brussels_day(tx.now());
        let tariff = pricing::tariff_on(&self.tariffs, model, today).ok_or_else(|| anyhow("no tariff"))?;
        let subsidy = pricing::subsidy_on(&self.subsidies, &mode.pot, customer.size_class, today)
            .ok_or_else(|| anyhow("no subsidy row"))?;
        let home = Country::from_code(invoices::SUPPLIER_COUNTRY).ok_or_else(|| anyhow("the supplier's country"))?;
        let applied = vat::treatment(home, customer.country, customer.vat_state, &customer.postcode, today);
        let plain = pricing::quote(tariff, subsidy, gpu_time, applied, today)?;
        self.relisted(&plain, None, BasisPoints::ZERO, today)
    }

    pub(crate) fn terms(&self, tx: &Tx, organisation: Option<&organisation::Model>, mode: &Mode) -> Result<PriceTerms> {
        let customer = organisation.map_or_else(Customer::example, Customer::of);
        let quotes: Result<Vec<Quote>> =
            GpuModel::ALL.iter().map(|model| self.quote(tx, &customer, mode, *model, GpuTime::ZERO)).collect();
        Ok(PriceTerms { quotes: quotes?, size_class: customer.size_class, is_own: organisation.is_some() })
    }
}
