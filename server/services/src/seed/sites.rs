//! Seven and five sites, as InvestAI announced numbers of; names, places and models are invented.
//!
//! No gigafactory has been selected: every name says that it is a demonstration.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    actor::Actor,
    capacity::Publication,
    country::Country,
    gpu::GpuModel,
    id::SiteId,
    period::{brussels_day, week_of},
};

use crate::{
    Services,
    error::{Error, Result},
    sites::NewSite,
};

struct Plan {
    slug: &'static str,
    name: &'static str,
    country: &'static str,
    city: &'static str,
    /// GPUs by model, about a hundred thousand in all.
    models: &'static [(GpuModel, i64)],
}

const PLANS: [Plan; 12] = [
    Plan {
        slug: "aurora",
        name: "Aurora (demo)",
        country: "FI",
        city: "Kajaani",
        models: &[(GpuModel::MI300X, 60_000), (GpuModel::MI250X, 40_000)],
    },
    Plan {
        slug: "rhenus",
        name: "Rhenus (demo)",
        country: "DE",
        city: "Jülich",
        models: &[(GpuModel::GH200, 50_000), (GpuModel::B200, 50_000)],
    },
    Plan {
        slug: "padus",
        name: "Padus (demo)",
        country: "IT",
        city: "Bologna",
        models: &[(GpuModel::H100, 40_000), (GpuModel::GB200, 60_000)],
    },
    Plan {
        slug: "iberia",
        name: "Iberia (demo)",
        country: "ES",
        city: "Zaragoza",
        models: &[(GpuModel::H100, 60_000), (GpuModel::H200, 40_000)],
    },
    Plan {
        slug: "mosella",
        name: "Mosella (demo)",
        country: "LU",
        city: "Bissen",
        models: &[(GpuModel::H200, 80_000)],
    },
    Plan {
        slug: "boreas",
        name: "Boreas (demo)",
        country: "SE",
        city: "Luleå",
        models: &[(GpuModel::GH200, 70_000), (GpuModel::MI300A, 30_000)],
    },
    Plan {
        slug: "aegis",
        name: "Aegis (demo)",
        country: "GR",
        city: "Lávrio",
        models: &[(GpuModel::GH200, 60_000), (GpuModel::A100, 30_000)],
    },
    Plan {
        slug: "danubius",
        name: "Danubius (demo)",
        country: "AT",
        city: "Wien",
        models: &[(GpuModel::H100, 50_000), (GpuModel::B200, 40_000)],
    },
    Plan { slug: "balkan", name: "Balkan (demo)", country: "BG", city: "Sofia", models: &[(GpuModel::H200, 90_000)] },
    Plan {
        slug: "sequana",
        name: "Sequana (demo)",
        country: "FR",
        city: "Fouju",
        models: &[(GpuModel::GB200, 70_000), (GpuModel::MI300A, 40_000)],
    },
    Plan {
        slug: "vistula",
        name: "Vistula (demo)",
        country: "PL",
        city: "Poznań",
        models: &[(GpuModel::B200, 60_000), (GpuModel::H100, 40_000)],
    },
    Plan {
        slug: "carniola",
        name: "Carniola (demo)",
        country: "SI",
        city: "Maribor",
        models: &[(GpuModel::A100, 50_000), (GpuModel::H200, 40_000)],
    },
];

/// Weeks of the past that have windows, and of the future.
const WEEKS_PAST: i64 = 16;
const WEEKS: i32 = 68;

pub async fn make(services: &Services, now: DateTime<Utc>) -> Result<Vec<SiteId>> {
    let then = now - TimeDelta::weeks(WEEKS_PAST);
    let first_week = week_of(brussels_day(then));
    let desk = services.desk_at(Actor::SYSTEM, then);
    let mut sites = Vec::new();
    for plan in &PLANS {
        let country = Country::from_code(plan.country).ok_or(Error::NotFound)?;
        let site = NewSite {
            slug: plan.slug.to_owned(),
            name: plan.name.to_owned(),
            country,
            city: plan.city.to_owned(),
            login_host: format!("login.{}.demo.example", plan.slug),
        };
        let site = desk.add_site(site).await?;
        for (model, gpus) in plan.models {
            // Most of a site is the Union's, the state's and the operator's own time; the programme gets its share.
            let publication =
                Publication { model: *model, first_week, weeks: WEEKS, gpus: *gpus, maintenance: gpus / 50 };
            desk.publish_site_capacity(site, publication).await?;
        }
        sites.push(site);
    }
    Ok(sites)
}
