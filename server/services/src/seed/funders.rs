//! A ministry of the demo world, and a pilot call that split its invoices: some of the first awards were made under it.

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use domain::{
    actor::{Actor, Seat, Stand},
    call::Section,
    id::{ApplicationId, CallId},
    mode::Code,
    organisation::DetailsForm,
    policy::Action,
};
use sea_orm::{ActiveValue::Set, IntoActiveModel};

use super::{PASSWORD, applications::Granted, companies::Company, dice::Dice, money, people, people::Staff};
use crate::{
    Services,
    calls::office::CallSource,
    error::Result,
    store::{
        Tx,
        entity::{allocation, application},
    },
};

const FUNDER: &str = "Ministry of Innovation (demo)";
const POT: &str = "participating_state";
/// Awards made under the pilot call.
const AWARDS: usize = 3;

pub async fn make(
    services: &Services,
    now: DateTime<Utc>,
    staff: &Staff,
    companies: &[Company],
    granted: &[Granted],
) -> Result<Actor> {
    let then = now - TimeDelta::weeks(17);
    let funder = ministry(services, then).await?;
    services.desk_at(staff.finance, then).set_funder(POT, FUNDER).await?;
    let call = pilot(services, then, staff).await?;
    let mut tx = services.desk_at(Actor::SYSTEM, then).begin(Action::Seed).await?;
    let shown = companies.first().and_then(|company| company.owner.organisation());
    let others = granted.iter().filter(|one| one.owner.organisation() != shown);
    for id in under_pilot(&tx, others).await? {
        let mut row = tx.find::<application::Entity>(id).await?.into_active_model();
        row.call_id = Set(Some(call));
        row.call_version = Set(1);
        tx.update(row).await?;
    }
    tx.commit().await?;
    Ok(funder)
}

/// The ministry pays most of what it was asked for.
pub async fn pay(services: &Services, now: DateTime<Utc>, funder: Actor) -> Result<()> {
    let owners = funder.organisation().map(|organisation| (organisation, funder)).into_iter().collect();
    money::pay(services, now - TimeDelta::days(3), &owners, &mut Dice::new(2)).await
}

async fn ministry(services: &Services, then: DateTime<Utc>) -> Result<Actor> {
    let hash = services.passwords().hash(PASSWORD.to_owned()).await?;
    let mut tx = services.desk_at(Actor::SYSTEM, then).begin(Action::Seed).await?;
    let person = people::add(&mut tx, "funder@demo.example", "Frida Funder", &hash).await?;
    tx.commit().await?;
    let form = DetailsForm {
        legal_name: FUNDER.to_owned(),
        street: "Demo Street 100".to_owned(),
        city: "Luxembourg".to_owned(),
        postcode: "1219".to_owned(),
        country: "LU".to_owned(),
        registration_number: "DEMO-20001".to_owned(),
        founded_on: "2013-12-04".to_owned(),
        nace: "84.13".to_owned(),
        ..DetailsForm::default()
    };
    let organisation =
        services.desk_at(Actor::person(person, Stand::SignedIn), then).create_organisation(&form).await?;
    Ok(Actor::person(person, Stand::Member { organisation, seat: Seat::Owner }))
}

async fn pilot(services: &Services, then: DateTime<Utc>, staff: &Staff) -> Result<CallId> {
    let desk = services.desk_at(staff.officer, then);
    let id = desk.create_call(CallSource::Template(Code::PG)).await?;
    let code = format!("PG-{}-PILOT", then.year());
    let sections: [(Section, &[(&str, &str)]); 4] = [
        (Section::Basics, &[("code", code.as_str()), ("mode", "PG")]),
        (Section::Texts, &[("title-en", "Pilot of a state’s share"), ("title-fr", "Pilote de la part d’un État")]),
        (Section::Size, &[("split", "on"), ("pot", POT)]),
        (Section::Intake, &[("intake", "always")]),
    ];
    for (section, pairs) in sections {
        let call = desk.read_call_draft(id).await?;
        let mut sent = call.draft.fields.clone();
        sent.extend(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        desk.save_call(id, section, &sent, call.row.version).await?;
    }
    let seen = desk.read_call_draft(id).await?.row.version;
    desk.publish_call(id, "", seen).await?;
    let seen = desk.read_call_draft(id).await?.row.version;
    desk.close_call(id, "The pilot is over.", seen).await?;
    let seen = desk.read_call_draft(id).await?.row.version;
    desk.archive_call(id, seen).await?;
    Ok(id)
}

/// The first of these awards out of the pot.
async fn under_pilot(tx: &Tx, granted: impl Iterator<Item = &Granted>) -> Result<Vec<ApplicationId>> {
    let mut found = Vec::new();
    for one in granted {
        let row = tx.find::<allocation::Entity>(one.allocation).await?;
        if found.len() < AWARDS && row.terms.contains(&format!("\"pot\":\"{POT}\"")) {
            found.push(row.application_id);
        }
    }
    Ok(found)
}
