//! The demo world: people of every role, a company with its figures, sites with room. Made through the verbs wherever
//! there is one, so that everything in it could have happened.
//!
//! Refuses to run in earnest: its passwords are known.

use std::collections::BTreeMap;

use chrono::{Datelike, TimeDelta};
use domain::{
    actor::{Actor, Seat, StaffRole, Stand},
    application,
    capacity::Publication,
    country::Country,
    gpu::GpuModel,
    id::{OrganisationId, PersonId, SiteId},
    mode::Code,
    organisation::DetailsForm,
    period::{brussels_day, week_of},
    policy::Action,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};

use crate::{
    Services,
    error::{Error, Result},
    jobs::Worker,
    sites::NewSite,
    store::{self, entity::person},
};

/// Of every account of the demo world.
pub const PASSWORD: &str = "gigahours-demo";

const WEEKS: i32 = 52;

struct Site {
    slug: &'static str,
    name: &'static str,
    country: &'static str,
    city: &'static str,
    /// Models with how many GPUs of each.
    gpus: &'static [(GpuModel, i64)],
}

const SITES: [Site; 4] = [
    Site {
        slug: "aurora",
        name: "Aurora Gigafactory",
        country: "FI",
        city: "Kajaani",
        gpus: &[(GpuModel::H100, 96), (GpuModel::MI250X, 256)],
    },
    Site {
        slug: "cantabria",
        name: "Cantabria Gigafactory",
        country: "ES",
        city: "Santander",
        gpus: &[(GpuModel::H100, 64), (GpuModel::H200, 48)],
    },
    Site {
        slug: "ponte",
        name: "Ponte Gigafactory",
        country: "IT",
        city: "Bologna",
        gpus: &[(GpuModel::A100, 192), (GpuModel::H200, 32)],
    },
    Site {
        slug: "rhein",
        name: "Rhein Gigafactory",
        country: "DE",
        city: "Jülich",
        gpus: &[(GpuModel::GH200, 128), (GpuModel::B200, 32)],
    },
];

/// Makes the demo world, unless it is there. Says whether it was made.
pub async fn demo(services: &Services) -> Result<bool> {
    if !services.settings().demo {
        return Err(Error::NotFound);
    }
    let system = services.desk(Actor::SYSTEM);
    let tx = system.begin(Action::ReadPublic).await?;
    let is_made = store::account::person_by_email(&tx, &address("admin")).await?.is_some();
    drop(tx);
    if is_made {
        return Ok(false);
    }
    let sites = sites(services).await?;
    people(services, &sites).await?;
    // The register's answer and the mails that all this caused.
    Worker::new(services.clone(), "seed".to_owned()).drain().await?;
    Ok(true)
}

fn address(name: &str) -> String {
    format!("{name}@demo.example")
}

async fn sites(services: &Services) -> Result<Vec<SiteId>> {
    let system = services.desk(Actor::SYSTEM);
    let first_week = week_of(brussels_day(system.now));
    let mut ids = Vec::new();
    for site in SITES {
        let id = system
            .add_site(NewSite {
                slug: site.slug.to_owned(),
                name: site.name.to_owned(),
                country: Country::from_code(site.country).ok_or(Error::NotFound)?,
                city: site.city.to_owned(),
                login_host: format!("login.{}.gigahours.example", site.slug),
            })
            .await?;
        for (model, gpus) in site.gpus.iter().copied() {
            publish(services, id, Publication { model, first_week, weeks: WEEKS, gpus, maintenance: 0 }).await?;
            // A maintenance week each spring and autumn, so that the calendar shows one.
            let upkeep = first_week + TimeDelta::weeks(9);
            publish(services, id, Publication { model, first_week: upkeep, weeks: 1, gpus, maintenance: gpus / 2 })
                .await?;
        }
        ids.push(id);
    }
    Ok(ids)
}

async fn publish(services: &Services, site: SiteId, publication: Publication) -> Result<()> {
    services.desk(Actor::SYSTEM).publish_site_capacity(site, publication).await
}

async fn people(services: &Services, sites: &[SiteId]) -> Result<()> {
    let hash = services.passwords().hash(PASSWORD.to_owned()).await?;
    let applicant = person(services, "applicant", "Ana Lindqvist", &hash).await?;
    company(services, applicant).await?;
    let first = sites.first().copied();
    for (name, called, role, site) in [
        ("reviewer", "Rui Marques", StaffRole::Reviewer, None),
        ("officer", "Odile Garnier", StaffRole::Officer, None),
        ("officer2", "Otto Brandt", StaffRole::Officer, None),
        ("operator", "Oskari Niemi", StaffRole::Operator, first),
        ("finance", "Fiona Byrne", StaffRole::Finance, None),
        ("admin", "Adam Novák", StaffRole::Administrator, None),
    ] {
        let id = person(services, name, called, &hash).await?;
        services.desk(Actor::SYSTEM).grant_role(id, role, site).await?;
    }
    Ok(())
}

async fn person(services: &Services, name: &str, called: &str, hash: &str) -> Result<PersonId> {
    let desk = services.desk(Actor::SYSTEM);
    let mut tx = desk.begin(Action::Seed).await?;
    let id = tx.new_id();
    tx.insert(person::ActiveModel {
        id: Set(id),
        email: Set(address(name)),
        name: Set(called.to_owned()),
        password_hash: Set(hash.to_owned()),
        locale: Set("en".to_owned()),
        confirmed_at: Set(Some(desk.now)),
        created_at: Set(desk.now),
        version: Set(1),
    })
    .await?;
    tx.commit().await?;
    Ok(id)
}

async fn company(services: &Services, owner: PersonId) -> Result<OrganisationId> {
    let newcomer = services.desk(Actor::person(owner, Stand::SignedIn));
    let form = DetailsForm {
        legal_name: "Nordwind Protein Design GmbH".to_owned(),
        street: "Am Speicher 12".to_owned(),
        city: "Hamburg".to_owned(),
        postcode: "20457".to_owned(),
        country: "DE".to_owned(),
        registration_number: "HRB 184202".to_owned(),
        vat_id: "DE136695976".to_owned(),
        founded_on: "2023-03-01".to_owned(),
        nace: "72.10".to_owned(),
        ..DetailsForm::default()
    };
    let id = newcomer.create_organisation(&form).await?;
    let owner = services.desk(Actor::person(owner, Stand::Member { organisation: id, seat: Seat::Owner }));
    let figures = [
        ("year1_ends", "2025-12-31"),
        ("year1_staff", "14.5"),
        ("year1_turnover", "1850000"),
        ("year1_balance", "2400000"),
        ("year2_ends", "2024-12-31"),
        ("year2_staff", "9"),
        ("year2_turnover", "920000"),
        ("year2_balance", "1300000"),
    ];
    let typed: BTreeMap<String, String> =
        figures.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect();
    let seen = owner.own_organisation().await?.organisation.version;
    owner.change_figures(&typed, seen).await?;
    Ok(id)
}

/// Copies of an application of the demo world, submitted one after the other: bulk for measurements.
pub async fn applications(services: &Services, count: u32) -> Result<()> {
    if count == 0 {
        return Ok(());
    }
    let desk = services.desk(Actor::SYSTEM);
    let mut tx = desk.begin(Action::Seed).await?;
    let model = store::seed::any_submitted(&tx).await?.ok_or(Error::NotFound)?;
    let year = brussels_day(desk.now).year();
    let mut rows = Vec::new();
    for number in 0..count {
        let submitted = desk.now - TimeDelta::minutes(i64::from(count - number));
        let mut row = model.clone().into_active_model();
        row.id = Set(tx.new_id());
        // Far above what the demo world itself will reach.
        row.reference = Set(Some(application::reference(Code::PG, year, 10_000_000 + i64::from(number))));
        row.state = Set(application::State::Submitted);
        row.submitted_at = Set(Some(submitted));
        row.created_at = Set(submitted);
        row.updated_at = Set(submitted);
        row.due_at = Set(Some(submitted + TimeDelta::days(10)));
        row.decided_at = Set(None);
        rows.push(row);
    }
    tx.insert_many(rows).await?;
    tx.commit().await
}
