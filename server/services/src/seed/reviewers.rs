//! Twelve reviewers: what they know, where they work, when they are away, which conflicts follow, and what they would
//! like to read. The first is the one visitors try, and has no conflict.

use chrono::{DateTime, Days, TimeDelta, Utc};
use domain::{
    actor::{Actor, StaffRole, Stand},
    conflict::{Kind, State, WaiverOutcome},
    id::ApplicationId,
    period::brussels_day,
    policy::Action,
    review::Draft,
    reviewer::{TypedInterest, TypedProfile, Wish},
};
use text::Locale;

use super::{
    PASSWORD,
    companies::Company,
    dice::Dice,
    people::{self, Staff},
};
use crate::{
    BoardKind, BoardQuery, Desk, Services,
    error::{Error, Result},
};

struct Expert {
    email: &'static str,
    name: &'static str,
    country: &'static str,
    expertise: &'static [&'static str],
    languages: &'static [&'static str],
    keywords: &'static str,
    limit: &'static str,
    employer: &'static str,
    /// Days from now until which they are away, and since when.
    away: Option<(u64, u64)>,
}

const EXPERTS: [Expert; 12] = [
    Expert {
        email: "reviewer@demo.example",
        name: "Rita Reviewer",
        country: "LU",
        expertise: &["language_models", "foundation_models", "hpc_engineering"],
        languages: &["en", "fr", "de"],
        keywords: "throughput, scaling laws",
        limit: "40",
        employer: "Université de Démonstration",
        away: None,
    },
    Expert {
        email: "reviewer2@demo.example",
        name: "Bruno Bianchi",
        country: "IT",
        expertise: &["computer_vision", "manufacturing"],
        languages: &["it", "en"],
        keywords: "defect detection",
        limit: "6",
        employer: "",
        away: None,
    },
    Expert {
        email: "reviewer3@demo.example",
        name: "Clara Costa",
        country: "PT",
        expertise: &["health_medicine", "privacy_federated"],
        languages: &["pt", "en", "es"],
        keywords: "medical reports",
        limit: "5",
        employer: "Instituto Demo de Saúde",
        away: None,
    },
    Expert {
        email: "reviewer4@demo.example",
        name: "Dirk de Vries",
        country: "NL",
        expertise: &["energy", "climate_weather"],
        languages: &["nl", "en", "de"],
        keywords: "downscaling, wind",
        limit: "6",
        employer: "Demo Weather Institute",
        away: Some((0, 12)),
    },
    Expert {
        email: "reviewer5@demo.example",
        name: "Eeva Eskola",
        country: "FI",
        expertise: &["audio_speech", "language_models"],
        languages: &["fi", "sv", "en"],
        keywords: "small languages",
        limit: "8",
        employer: "Demo University of Tampere",
        away: None,
    },
    Expert {
        email: "reviewer6@demo.example",
        name: "Filip Fiala",
        country: "CZ",
        expertise: &["robotics", "reinforcement_learning"],
        languages: &["cs", "sk", "en"],
        keywords: "controllers",
        limit: "5",
        employer: "Rivalis Automation s.r.o.",
        away: None,
    },
    Expert {
        email: "reviewer7@demo.example",
        name: "Greta Graf",
        country: "AT",
        expertise: &["biology_genomics", "chemistry_materials"],
        languages: &["de", "en"],
        keywords: "protein folding",
        limit: "6",
        employer: "Aurora Holding SE",
        away: None,
    },
    Expert {
        email: "reviewer8@demo.example",
        name: "Henrik Holm",
        country: "DK",
        expertise: &["space_observation", "agriculture"],
        languages: &["da", "sv", "en"],
        keywords: "crop images",
        limit: "4",
        employer: "Demo Space Centre",
        away: Some((3, 20)),
    },
    Expert {
        email: "reviewer9@demo.example",
        name: "Ioana Ionescu",
        country: "RO",
        expertise: &["law_public_sector", "safety_evaluation"],
        languages: &["ro", "en", "fr"],
        keywords: "legal assistants",
        limit: "6",
        employer: "Demo Law School",
        away: None,
    },
    Expert {
        email: "reviewer10@demo.example",
        name: "Jonas Jonaitis",
        country: "LT",
        expertise: &["physics_simulation", "hpc_engineering"],
        languages: &["lt", "en", "pl"],
        keywords: "MPI, kernels",
        limit: "7",
        employer: "UAB Demo Skaičiavimai",
        away: Some((0, 5)),
    },
    Expert {
        email: "reviewer11@demo.example",
        name: "Katarzyna Kowalska",
        country: "PL",
        expertise: &["finance_insurance", "cybersecurity"],
        languages: &["pl", "en"],
        keywords: "fraud",
        limit: "6",
        employer: "Demo Risk Lab",
        away: None,
    },
    Expert {
        email: "reviewer12@demo.example",
        name: "Luc Lambert",
        country: "BE",
        expertise: &["generative_media", "education", "mobility_transport"],
        languages: &["fr", "nl", "en"],
        keywords: "video",
        limit: "3",
        employer: "Haute école de démonstration",
        away: None,
    },
];

/// The reviewers in their order, and an officer with a conflict of their own.
pub struct Panel {
    pub reviewers: Vec<Actor>,
}

/// Before the first application: accounts, profiles, terms, absences and interests.
pub async fn make(services: &Services, now: DateTime<Utc>, staff: &Staff, companies: &[Company]) -> Result<Panel> {
    let then = now - TimeDelta::weeks(17);
    let password_hash = services.passwords().hash(PASSWORD.to_owned()).await?;
    let mut reviewers = Vec::new();
    for (place, expert) in EXPERTS.iter().enumerate() {
        let actor = if place == 0 {
            staff.reviewer
        } else {
            let mut tx = services.desk_at(Actor::SYSTEM, then).begin(Action::Seed).await?;
            let person = people::add(&mut tx, expert.email, expert.name, &password_hash).await?;
            people::grant(&mut tx, person, StaffRole::Reviewer, None).await?;
            tx.commit().await?;
            Actor::person(person, Stand::Reviewer)
        };
        introduce(services, now, then, actor, expert).await?;
        reviewers.push(actor);
    }
    interests(services, then, &reviewers, companies).await?;
    Ok(Panel { reviewers })
}

async fn introduce(
    services: &Services,
    now: DateTime<Utc>,
    then: DateTime<Utc>,
    actor: Actor,
    expert: &Expert,
) -> Result<()> {
    let desk = services.desk_at(actor, then);
    let text = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
    let profile = TypedProfile {
        expertise: text(expert.expertise),
        keywords: expert.keywords.to_owned(),
        languages: text(expert.languages),
        country: expert.country.to_owned(),
        load_limit: expert.limit.to_owned(),
    };
    desk.save_profile(&profile, 0).await?;
    accept_terms(&desk).await?;
    if !expert.employer.is_empty() {
        desk.add_interest(&interest("employer", expert.employer)).await?;
    }
    if let Some((first, last)) = expert.away {
        let today = brussels_day(now);
        let day = |days: u64| (today + Days::new(days)).to_string();
        desk.add_absence(&day(first), &day(last)).await?;
    }
    Ok(())
}

fn interest(kind: &str, name: &str) -> TypedInterest {
    TypedInterest { kind: kind.to_owned(), name: name.to_owned(), ..TypedInterest::default() }
}

/// Ties to companies of the demo world, one of each kind.
async fn interests(services: &Services, then: DateTime<Utc>, reviewers: &[Actor], companies: &[Company]) -> Result<()> {
    let desk = |place: usize| {
        let actor = reviewers.get(place).copied().ok_or(Error::NotFound);
        actor.map(|actor| services.desk_at(actor, then))
    };
    let owner = |place: usize| companies.get(place).map(|company| company.owner).ok_or(Error::NotFound);
    let facts = async |place: usize| services.desk_at(owner(place)?, then).own_organisation().await;
    // Works for one of them, by its number in the register.
    let row = facts(2).await?.organisation;
    let employer = TypedInterest {
        country: row.country.code().to_owned(),
        registration_number: row.registration_number,
        ..interest("employer", &row.legal_name)
    };
    desk(1)?.add_interest(&employer).await?;
    let left = (brussels_day(then) - Days::new(400)).to_string();
    let former =
        TypedInterest { ended_on: left, ..interest("former_employer", &facts(7).await?.organisation.legal_name) };
    desk(2)?.add_interest(&former).await?;
    for (place, kind, company) in [(4, "investor", 11), (8, "customer", 14), (10, "competitor", 23), (11, "family", 26)]
    {
        desk(place)?.add_interest(&interest(kind, &facts(company).await?.organisation.legal_name)).await?;
    }
    // One company does not want to be judged by a rival; another belongs to a reviewer's employer.
    services.desk_at(owner(13)?, then).name_party(None, &interest("competitor", "RIVALIS AUTOMATION")).await?;
    let typed = [("name", "Aurora Holding"), ("direction", "upstream"), ("kind", "enterprise"), ("share", "40")];
    let typed = typed.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter().collect();
    let seen = facts(17).await?.organisation.version;
    services.desk_at(owner(17)?, then).add_owner(&typed, None, seen).await
}

/// After the applications: second reviews where somebody can decide, waivers, and bids.
pub async fn finish(services: &Services, now: DateTime<Utc>, staff: &Staff, panel: &Panel) -> Result<()> {
    let at = now - TimeDelta::hours(3);
    let officer = services.desk_at(staff.officer, at);
    let query = BoardQuery { which: BoardKind::ToDecide, ..BoardQuery::default() };
    let to_decide: Vec<ApplicationId> = officer.board(&query).await?.cases.iter().map(|case| case.id).collect();
    let mut dice = Dice::new(512);
    for (number, id) in to_decide.iter().take(6).enumerate() {
        for reviewer in panel.reviewers.iter().skip(1 + number % 4).step_by(4).take(2) {
            second_review(services, at, staff, *reviewer, *id, &mut dice).await?;
        }
    }
    waivers(services, at, staff).await?;
    for reviewer in panel.reviewers.iter().skip(1).take(6) {
        let desk = services.desk_at(*reviewer, at);
        for line in desk.bids(None).await?.lines.iter().take(12) {
            let wish = match dice.below(4) {
                0 => continue,
                1 => Wish::Eager,
                2 => Wish::Willing,
                _ => Wish::Unwilling,
            };
            desk.bid(line.id, wish).await?;
        }
    }
    let first = panel.reviewers.get(11).copied().ok_or(Error::NotFound)?;
    let desk = services.desk_at(first, at);
    if let Some(line) = desk.bids(None).await?.lines.last() {
        desk.declare(line.id, Some(Kind::Personal), "We share an office with their founder.").await?;
    }
    Ok(())
}

/// Every term that is open.
async fn accept_terms(desk: &Desk) -> Result<()> {
    for terms in desk.reviewer().await?.terms.into_iter().filter(|terms| terms.accepted_at.is_none()) {
        let scope = terms.name.scope.to_string();
        desk.accept_terms(&scope, terms.version, true, Locale::En).await?;
    }
    Ok(())
}

/// Calls that were published since: all but the last reviewer have accepted their terms.
pub async fn accept_calls(services: &Services, now: DateTime<Utc>, staff: &Staff, panel: &Panel) -> Result<()> {
    let (_, most) = panel.reviewers.split_last().ok_or(Error::NotFound)?;
    for reviewer in std::iter::once(&staff.reviewer).chain(most) {
        accept_terms(&services.desk_at(*reviewer, now - TimeDelta::hours(1))).await?;
    }
    Ok(())
}

async fn second_review(
    services: &Services,
    at: DateTime<Utc>,
    staff: &Staff,
    reviewer: Actor,
    id: ApplicationId,
    dice: &mut Dice,
) -> Result<()> {
    let person = reviewer.person.ok_or(Error::NotFound)?;
    match services.desk_at(staff.officer, at).give_review(id, person).await {
        Ok(()) => {}
        // Away, full, or in conflict: somebody else's turn.
        Err(Error::Invalid(_)) => return Ok(()),
        Err(error) => return Err(error),
    }
    let desk = services.desk_at(reviewer, at);
    let case = desk.review_case(id).await?;
    let grade = dice.between(2, 5);
    let draft = Draft {
        grades: case.rubric.criteria.iter().map(|one| (one.code.to_string(), grade.to_string())).collect(),
        to_applicant: "The plan is clear; say how the evaluation will be done.".to_owned(),
        to_officer: "I would have liked to see measured throughput.".to_owned(),
        advice: if grade < 3 { "refuse" } else { "approve" }.to_owned(),
    };
    desk.hand_in_review(id, &draft).await
}

/// The first two conflicts in force with what waits: one waived, one asked for.
async fn waivers(services: &Services, at: DateTime<Utc>, staff: &Staff) -> Result<()> {
    let (first, second) = (services.desk_at(staff.officer, at), services.desk_at(staff.second_officer, at));
    let mut asked = 0;
    for case in first.board(&BoardQuery::default()).await?.cases {
        let board = first.conflict_board(case.id).await?;
        let in_force = board.bench.iter().flat_map(|one| &one.conflicts);
        let Some(conflict) = in_force.into_iter().find(|one| one.row.state == State::InForce) else { continue };
        let id = conflict.row.id;
        first.ask_waiver(id, "The tie is old, and nobody else knows this field.").await?;
        asked += 1;
        if asked == 2 {
            break;
        }
        let waivers = second.conflict_board(case.id).await?.bench.into_iter().flat_map(|one| one.conflicts);
        let waiver = waivers.into_iter().find(|one| one.row.id == id).and_then(|one| one.waivers.last().cloned());
        if let Some(waiver) = waiver {
            second.decide_waiver(waiver.row.id, WaiverOutcome::Granted, "Agreed: no contract is open.").await?;
        }
    }
    Ok(())
}
