//! Two panels over what is reviewed and undecided: one closed with its minutes, one that sits; and a lot that waits.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    actor::{Actor, StaffRole, Stand},
    id::{ApplicationId, PanelId, PanelItemId},
    mode::Code,
    panel::{Role, TypedPanel, TypedRecommendation},
    period::brussels_day,
    policy::Action,
};

use super::{PASSWORD, people, people::Staff};
use crate::{
    Services,
    error::{Error, Result},
    lots::TypedLot,
    panels::Floor,
    store,
};

const MEMBERS: [(&str, &str); 4] = [
    ("panel1@demo.example", "Petra Pavlova"),
    ("panel2@demo.example", "Pavel Prochazka"),
    ("panel3@demo.example", "Paola Pellegrini"),
    ("panel4@demo.example", "Piet Peeters"),
];

/// What becomes of one application after the other: outcome, share of the hours in percent, and why.
const RECOMMENDED: [(&str, i64, &str); 3] = [
    ("award", 100, "The estimate is measured and the team can begin at once; the panel was of one mind."),
    (
        "award",
        60,
        "The second half of the plan rests on results that are not there yet: sixty per cent for the first half.",
    ),
    ("reserve", 100, "Sound, but less urgent than the two before it: to be awarded if hours are left."),
];

pub async fn make(services: &Services, now: DateTime<Utc>, staff: &Staff) -> Result<()> {
    let members = members(services, now).await?;
    let reviewed = reviewed(services, now).await?;
    // Some stay on no agenda, so that whoever tries the demo can arrange a panel of their own.
    let open = reviewed.len().saturating_sub(2);
    let closed = (open / 2).min(RECOMMENDED.len());
    let [first, second, third, fourth] = members;
    let office = Office { services, arranger: staff.officer };
    if closed > 0 {
        let at = now - TimeDelta::hours(26);
        let applications = reviewed.iter().take(closed).cloned().collect::<Vec<_>>();
        let seats = [
            (first, Role::Chair),
            (staff.second_officer, Role::Secretary),
            (second, Role::Member),
            (third, Role::Member),
        ];
        let panel = office.arrange(at, "Expert panel of last week", &applications, &seats).await?;
        office.conflict(second, at, applications.get(1)).await?;
        office.sit_through(at, panel, &seats).await?;
    }
    if open > closed {
        let at = now - TimeDelta::hours(2);
        let applications = reviewed.iter().take(open).skip(closed).cloned().collect::<Vec<_>>();
        let seats = [
            (staff.officer, Role::Chair),
            (staff.second_officer, Role::Secretary),
            (first, Role::Member),
            (second, Role::Member),
            (third, Role::Member),
            (fourth, Role::Member),
        ];
        let panel = office.arrange(at, "Expert panel of this week", &applications, &seats).await?;
        office.conflict(third, at, applications.get(1)).await?;
        office.conflict(fourth, at, applications.last()).await?;
        office.begin(at, panel, &seats).await?;
    }
    lot(services, now, staff).await
}

async fn members(services: &Services, now: DateTime<Utc>) -> Result<[Actor; 4]> {
    let password_hash = services.passwords().hash(PASSWORD.to_owned()).await?;
    let mut tx = services.desk_at(Actor::SYSTEM, now - TimeDelta::weeks(20)).begin(Action::Seed).await?;
    let mut members = Vec::new();
    for (email, name) in MEMBERS {
        let person = people::add(&mut tx, email, name, &password_hash).await?;
        people::grant(&mut tx, person, StaffRole::Reviewer, None).await?;
        members.push(Actor::person(person, Stand::Reviewer));
    }
    tx.commit().await?;
    members.try_into().map_err(|_| Error::NotFound)
}

/// Applications that are reviewed and undecided, with their references: by mode, each in order of arrival. The last are
/// Playground's: those stay free for a panel that somebody arranges.
async fn reviewed(services: &Services, now: DateTime<Utc>) -> Result<Vec<(ApplicationId, String)>> {
    let tx = services.desk_at(Actor::SYSTEM, now).begin(Action::ReadApplication).await?;
    let mut found = Vec::new();
    for mode in [Code::LS, Code::FL, Code::PG] {
        let rows = store::panel::to_judge(&tx, mode.into(), 500).await?;
        found.extend(rows.into_iter().filter_map(|row| Some((row.id, row.reference?))));
    }
    Ok(found)
}

struct Office<'a> {
    services: &'a Services,
    arranger: Actor,
}

impl Office<'_> {
    async fn arrange(
        &self,
        at: DateTime<Utc>,
        name: &str,
        applications: &[(ApplicationId, String)],
        seats: &[(Actor, Role)],
    ) -> Result<PanelId> {
        let desk = self.services.desk_at(self.arranger, at - TimeDelta::hours(1));
        let held_on = brussels_day(at).to_string();
        let panel = desk.create_panel(&TypedPanel { name: name.to_owned(), mode: String::new(), held_on }).await?;
        for (actor, role) in seats {
            let person = actor.person.ok_or(Error::NotFound)?.to_string();
            desk.add_panel_member(panel, &person, role.code()).await?;
        }
        let references: Vec<&str> = applications.iter().map(|(_, reference)| reference.as_str()).collect();
        desk.add_to_agenda(panel, &references.join("\n")).await?;
        Ok(panel)
    }

    async fn conflict(
        &self,
        actor: Actor,
        at: DateTime<Utc>,
        application: Option<&(ApplicationId, String)>,
    ) -> Result<()> {
        let Some((application, _)) = application else { return Ok(()) };
        let desk = self.services.desk_at(actor, at - TimeDelta::minutes(30));
        desk.declare_conflict(*application, "I advised this company last year.").await
    }

    /// Opened, everybody there but the last, every vote in, and the first application recommended.
    async fn begin(&self, at: DateTime<Utc>, panel: PanelId, seats: &[(Actor, Role)]) -> Result<()> {
        let arranger = self.services.desk_at(self.arranger, at);
        let seen = arranger.read_panel(panel).await?.row.version;
        arranger.open_panel(panel, seen).await?;
        let chair = seats.first().map(|(actor, _)| *actor).ok_or(Error::NotFound)?;
        for (actor, _) in seats.iter().rev().skip(1) {
            let person = actor.person.ok_or(Error::NotFound)?;
            self.services.desk_at(chair, at).set_attendance(panel, person, true).await?;
        }
        for (number, (actor, _)) in (0..).zip(seats.iter().filter(|(_, role)| role.votes())) {
            self.vote(*actor, at, panel, number).await?;
        }
        self.next(at, panel, seats).await?;
        self.recommend(at, panel, seats, 0).await
    }

    async fn vote(&self, actor: Actor, at: DateTime<Utc>, panel: PanelId, number: usize) -> Result<()> {
        let desk = self.services.desk_at(actor, at);
        let lines = desk.read_panel(panel).await?.lines;
        let count = lines.len().max(1);
        let place = |position: usize| (1 + (position + number / 2) % count).to_string();
        let places: BTreeMap<PanelItemId, String> =
            lines.iter().enumerate().map(|(position, line)| (line.item.id, place(position))).collect();
        desk.rank(panel, &places).await
    }

    /// Who leads now goes on.
    async fn next(&self, at: DateTime<Utc>, panel: PanelId, seats: &[(Actor, Role)]) -> Result<()> {
        for (actor, _) in seats {
            let desk = self.services.desk_at(*actor, at);
            let read = desk.read_panel(panel).await?;
            if read.leads {
                let seen = if let Floor::Item(item) = read.floor { Some(item) } else { None };
                return desk.take_next_item(panel, seen, false).await;
            }
        }
        Ok(())
    }

    async fn recommend(&self, at: DateTime<Utc>, panel: PanelId, seats: &[(Actor, Role)], number: usize) -> Result<()> {
        let Some((outcome, share, note)) = RECOMMENDED.get(number % RECOMMENDED.len()) else { return Ok(()) };
        for (actor, _) in seats {
            let desk = self.services.desk_at(*actor, at);
            let read = desk.read_panel(panel).await?;
            let Floor::Item(item) = read.floor else { continue };
            let Some(line) = read.lines.into_iter().find(|line| line.item.id == item) else { continue };
            let typed = TypedRecommendation {
                outcome: (*outcome).to_owned(),
                hours: (line.requested.whole_hours() * share / 100).to_string(),
                storage: line.storage_tb.unwrap_or_default().to_string(),
                note: (*note).to_owned(),
            };
            return desk.recommend(panel, item, &typed, line.item.version).await;
        }
        Ok(())
    }

    /// The whole agenda, the minutes, and something added to them the day after.
    async fn sit_through(&self, at: DateTime<Utc>, panel: PanelId, seats: &[(Actor, Role)]) -> Result<()> {
        self.begin(at, panel, seats).await?;
        let chair = seats.first().map(|(actor, _)| *actor).ok_or(Error::NotFound)?;
        let count = self.services.desk_at(self.arranger, at).read_panel(panel).await?.lines.len();
        for number in 1..count {
            self.next(at + TimeDelta::minutes(20), panel, seats).await?;
            self.recommend(at + TimeDelta::minutes(30), panel, seats, number).await?;
        }
        self.next(at + TimeDelta::minutes(40), panel, seats).await?;
        let closing = self.services.desk_at(chair, at + TimeDelta::minutes(45));
        let seen = closing.read_panel(panel).await?.row.version;
        closing.close_panel(panel, seen).await?;
        let after = self.services.desk_at(chair, at + TimeDelta::hours(18));
        after
            .add_to_minutes(panel, "", "Piet Peeters had excused himself; his name was left out of the attendance.")
            .await
    }
}

/// A lot whose deadline has passed and that nobody has drawn yet, and one for the next cut-off.
async fn lot(services: &Services, now: DateTime<Utc>, staff: &Staff) -> Result<()> {
    let commit = async |mode: Code, name: &str, deadline: DateTime<Utc>| {
        let typed = TypedLot {
            name: name.to_owned(),
            mode: mode.code().to_owned(),
            day: brussels_day(deadline).to_string(),
            time: "10:00".to_owned(),
        };
        services.desk_at(staff.officer, deadline - TimeDelta::days(7)).commit_lot(&typed).await
    };
    commit(Code::PG, "Playground, equals of last week", now - TimeDelta::days(1)).await?;
    commit(Code::LS, "Large Scale, next cut-off", now + TimeDelta::days(6)).await?;
    Ok(())
}
