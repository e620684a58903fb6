//! The programme's people: one account a role, all with the demo password.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    actor::{Actor, StaffRole, Stand},
    id::{PersonId, SiteId},
    policy::Action,
};
use sea_orm::ActiveValue::Set;

use super::PASSWORD;
use crate::{
    Services,
    error::Result,
    store::{
        Tx,
        entity::{person, role},
    },
};

/// Who does the programme's part of the demo world.
pub struct Staff {
    pub reviewer: Actor,
    pub officer: Actor,
    pub second_officer: Actor,
    pub finance: Actor,
    pub second_finance: Actor,
    /// One operator for each site, in the order of the sites.
    pub operators: Vec<(SiteId, Actor)>,
}

pub async fn make(services: &Services, now: DateTime<Utc>, sites: &[SiteId]) -> Result<Staff> {
    let password_hash = services.passwords().hash(PASSWORD.to_owned()).await?;
    let then = now - TimeDelta::weeks(20);
    let mut tx = services.desk_at(Actor::SYSTEM, then).begin(Action::Seed).await?;
    let reviewer = add(&mut tx, "reviewer@demo.example", "Rita Reviewer", &password_hash).await?;
    grant(&mut tx, reviewer, StaffRole::Reviewer, None).await?;
    let officer = add(&mut tx, "officer@demo.example", "Otto Officer", &password_hash).await?;
    grant(&mut tx, officer, StaffRole::Officer, None).await?;
    let second = add(&mut tx, "officer2@demo.example", "Olga Officer", &password_hash).await?;
    grant(&mut tx, second, StaffRole::Officer, None).await?;
    let finance = add(&mut tx, "finance@demo.example", "Fatima Finance", &password_hash).await?;
    grant(&mut tx, finance, StaffRole::Finance, None).await?;
    // Whoever signs what the first has asked for.
    let second_finance = add(&mut tx, "finance2@demo.example", "Fabien Finance", &password_hash).await?;
    grant(&mut tx, second_finance, StaffRole::Finance, None).await?;
    let admin = add(&mut tx, "admin@demo.example", "Ada Administrator", &password_hash).await?;
    grant(&mut tx, admin, StaffRole::Administrator, None).await?;
    let operator = add(&mut tx, "operator@demo.example", "Oskar Operator", &password_hash).await?;
    for site in sites {
        grant(&mut tx, operator, StaffRole::Operator, Some(*site)).await?;
    }
    tx.commit().await?;
    Ok(Staff {
        reviewer: Actor::person(reviewer, Stand::Reviewer),
        officer: Actor::person(officer, Stand::Officer),
        second_officer: Actor::person(second, Stand::Officer),
        finance: Actor::person(finance, Stand::Finance),
        second_finance: Actor::person(second_finance, Stand::Finance),
        operators: sites.iter().map(|site| (*site, Actor::person(operator, Stand::Operator { site: *site }))).collect(),
    })
}

/// A person whose address is confirmed.
pub async fn add(tx: &mut Tx, email: &str, name: &str, password_hash: &str) -> Result<PersonId> {
    let id = tx.new_id();
    let now = tx.now();
    tx.insert(person::ActiveModel {
        id: Set(id),
        email: Set(email.to_owned()),
        name: Set(name.to_owned()),
        password_hash: Set(password_hash.to_owned()),
        locale: Set("en".to_owned()),
        confirmed_at: Set(Some(now)),
        created_at: Set(now),
        version: Set(1),
    })
    .await?;
    Ok(id)
}

pub async fn grant(tx: &mut Tx, person: PersonId, staff_role: StaffRole, site: Option<SiteId>) -> Result<()> {
    let now = tx.now();
    tx.insert(role::ActiveModel {
        id: Set(tx.new_id::<domain::id::Event>().uuid()),
        person_id: Set(person),
        role: Set(staff_role),
        site_id: Set(site),
        granted_at: Set(now),
    })
    .await?;
    Ok(())
}
