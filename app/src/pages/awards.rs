//! Who got what: every award in public, as a page, as CSV and as JSON. The filters are the address.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use domain::{country::Country, gpu::GpuModel, id::AllocationId, money::Money};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{Award, AwardFilter};
use text::Words;

use crate::{
    AppError, PageResult, Query, Visit, cells,
    components::{Field, Listing, Table, empty, field::Choice, form::FormState, layout::kept, table::filters},
    csv,
};

/// What the address asks for; what cannot be read asks for nothing.
#[derive(Debug, Default, Clone, Deserialize)]
pub struct Asked {
    #[serde(default)]
    name: String,
    #[serde(default)]
    country: String,
    #[serde(default)]
    model: String,
    #[serde(default)]
    after: String,
}

const PAGE_ROWS: u64 = 50;
const EXPORT_ROWS: u64 = 10_000;

impl Asked {
    fn filter(&self) -> AwardFilter {
        AwardFilter {
            name: self.name.trim().to_owned(),
            country: Country::from_code(&self.country),
            model: GpuModel::from_code(&self.model),
        }
    }

    fn after(&self) -> Option<AllocationId> {
        self.after.parse().ok()
    }

    fn pairs(&self) -> [(&'static str, String); 3] {
        [("name", self.name.clone()), ("country", self.country.clone()), ("model", self.model.clone())]
    }
}

pub async fn get(visit: Visit, Query(asked): Query<Asked>) -> PageResult {
    let mut awards = visit.desk.read_awards(&asked.filter(), asked.after(), PAGE_ROWS + 1).await?;
    let has_more = awards.len() > usize::try_from(PAGE_ROWS).unwrap_or(usize::MAX);
    if has_more {
        awards.pop();
    }
    let next = awards.last().filter(|_| has_more).map(|award| award.id.to_string());
    let listing = Listing {
        filters: asked.pairs().map(|(name, value)| (name.to_owned(), value)).to_vec(),
        next,
        is_later: asked.after().is_some(),
        ..Listing::at("/awards")
    };
    Ok(visit.page(visit.words.t("awards-title"), move |words| page(words, &asked, awards, listing)).await)
}

fn page(words: Words, asked: &Asked, awards: Vec<Award>, listing: Listing) -> impl IntoView + use<> {
    let form = FormState::new(asked.pairs());
    let any = || Choice::new("", "awards-any");
    let mut countries: Vec<Choice> = Country::participants()
        .into_iter()
        .map(|country| Choice::new(country.code(), words.t(&format!("country-{}", country.code()))))
        .collect();
    countries.sort_by(|one, other| one.label.cmp(&other.label));
    countries.insert(0, any());
    let models = GpuModel::ALL.map(|model| Choice::new(model.code(), model.code()));
    let models = std::iter::once(any()).chain(models).collect();
    let fields = view! {
        {Field::search("name", "awards-name").show(words, &form)}
        {Field::select("country", "awards-country", countries).show(words, &form)}
        {Field::select("model", "awards-model", models).show(words, &form)}
    };
    view! {
        <h1>{words.t("awards-title")}</h1>
        <p class="lead">{words.t("awards-lead")}</p>
        {filters(words, "/awards", fields)}
        {table(words, awards, listing)}
        <p><a href="/awards.json">{words.t("awards-json")}</a></p>
        <p><a href="/statistics">{words.t("awards-to-statistics")}</a></p>
        <p><a href="/lots">{words.t("lots-title")}</a></p>
    }
}

fn table(words: Words, awards: Vec<Award>, listing: Listing) -> AnyView {
    let rows = awards.into_iter().map(|award| {
        let country = words.t(&format!("country-{}", award.country.code()));
        let class = award.size_class.map(|class| words.t(&format!("size-class-{}", class.code())));
        cells![
            award.organisation,
            country,
            class,
            award.site,
            award.model.code(),
            words.hours_figure(award.gpu_seconds),
            words.money_figure(award.list_cents),
            words.money_figure(award.subsidy_cents),
            kept(words.date_figure(award.granted_on)),
            kept(award.reference),
        ]
    });
    Table::new("awards-caption")
        .column("awards-organisation")
        .column("awards-country")
        .column("awards-class")
        .column("awards-site")
        .column("awards-model")
        .figures("awards-hours")
        .figures("awards-list")
        .figures("awards-subsidy")
        .column("awards-granted")
        .column("awards-reference")
        .rows(rows.collect::<Vec<_>>())
        .listing(listing)
        .csv("/awards.csv")
        .empty(empty(words, "awards-none", "awards-none-help", None))
        .show(words)
}

/// One line of the CSV: plain figures and codes, the same in every language.
#[derive(Serialize)]
struct Line {
    reference: String,
    organisation: String,
    country: String,
    size_class: &'static str,
    nace: String,
    site: String,
    gpu_model: &'static str,
    gpu_seconds: i64,
    list_euro: String,
    subsidy_euro: String,
    own_share_euro: String,
    pot: String,
    regime: String,
    granted_on: String,
}

impl From<Award> for Line {
    fn from(award: Award) -> Self {
        let euro = |amount: Money| amount.to_string();
        Self {
            reference: award.reference,
            organisation: award.organisation,
            country: award.country.code().to_owned(),
            size_class: award.size_class.map_or("", |class| class.code()),
            nace: award.nace,
            site: award.site,
            gpu_model: award.model.code(),
            gpu_seconds: award.gpu_seconds.as_seconds(),
            list_euro: euro(award.list_cents),
            subsidy_euro: euro(award.subsidy_cents),
            own_share_euro: euro(award.own_cents),
            pot: award.pot,
            regime: award.regime,
            granted_on: award.granted_on.to_string(),
        }
    }
}

pub async fn csv(visit: Visit, Query(asked): Query<Asked>) -> PageResult {
    let awards = visit.desk.read_awards(&asked.filter(), None, EXPORT_ROWS).await?;
    csv::download("awards.csv", awards.into_iter().map(Line::from))
}

pub async fn json(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, AppError> {
    Ok(Json(visit.desk.read_awards(&asked.filter(), None, EXPORT_ROWS).await?).into_response())
}
