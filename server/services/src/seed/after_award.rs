//! What follows an award, in the demo world: a company whose final report is overdue, reports with the officers, more
//! hours asked for, hours handed back, and the second parts of large awards.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{
    action::{Kind, Typed},
    actor::Actor,
    allocation::State,
    application::Step,
    capacity::Slot,
    id::{AllocationId, ApplicationId},
    mode::Code,
    period::{brussels_day, start_of_day, week_of},
    policy::Action,
    report::{self, Draft},
    review,
    usage::Reading,
};

use super::{
    applications::{Granted, answers},
    companies::Company,
    dice::Dice,
    people::Staff,
};
use crate::{
    Allocation, Services, Wanted,
    error::{Error, Result},
    store::{self, entity::application},
    usage::SentReading,
};

/// The company whose report is overdue: `owner3@demo.example`.
const LATE: usize = 3;
const DAY: TimeDelta = TimeDelta::days(1);
const HOUR: TimeDelta = TimeDelta::hours(1);

/// The oldest award of the demo world, of one week, and never reported on.
pub async fn overdue(services: &Services, now: DateTime<Utc>, staff: &Staff, companies: &[Company]) -> Result<()> {
    let company = companies.get(LATE).copied().ok_or(Error::NotFound)?;
    // The first week that sites have published.
    let monday = week_of(brussels_day(now - TimeDelta::weeks(16)));
    let begin = start_of_day(monday);
    let id = approved(services, begin - DAY * 6 + HOUR * 9, monday, staff, company).await?;
    let owner = services.desk_at(company.owner, begin - DAY * 3);
    let (offer, slot) = offered(services, begin - DAY * 3 - HOUR, id, monday).await?;
    owner.accept_offer(offer, 1).await?;
    let operator = staff.operators.iter().find(|(site, _)| *site == slot.site).ok_or(Error::NotFound)?;
    services.desk_at(operator.1, begin - DAY * 2).confirm_allocation(offer, 2).await?;
    let (start, end) = (begin + DAY, begin + DAY + HOUR * 60);
    let reading = Reading { job: "oldest-0".to_owned(), sequence: 0, gpus: slot.gpus, start, end };
    let meter = services.desk_at(Actor::meter(slot.site), end + HOUR);
    meter.record_readings(vec![SentReading { allocation: offer, reading }]).await?;
    services.desk_at(Actor::SYSTEM, begin + DAY * 9).end_allocations().await?;
    Ok(())
}

async fn approved(
    services: &Services,
    at: DateTime<Utc>,
    monday: NaiveDate,
    staff: &Staff,
    company: Company,
) -> Result<ApplicationId> {
    let desk = services.desk_at(company.owner, at);
    let id = desk.start_application(Code::PG).await?;
    let mut typed = answers(&mut Dice::new(1_815), 0, at, Code::PG);
    for (name, value) in [("hours", "1200"), ("months", "1"), ("model", "H100"), ("gpus", "8")] {
        typed.insert(name.to_owned(), value.to_owned());
    }
    typed.insert("earliest".to_owned(), monday.to_string());
    typed.insert("deadline".to_owned(), (monday + DAY * 60).to_string());
    for step in Step::ALL {
        desk.save_draft(id, step, &typed).await?;
    }
    desk.submit_application(id, version(services, company.owner, id).await?).await?;
    let reviewer = services.desk_at(staff.reviewer, at + HOUR * 2);
    reviewer.take_next().await?;
    let rubric = reviewer.review_case(id).await?.rubric;
    let grades = rubric.criteria.iter().map(|criterion| (criterion.code.to_string(), "4".to_owned()));
    let review = review::Draft {
        grades: grades.collect(),
        to_applicant: "The description is clear and the estimate is sound.".to_owned(),
        to_officer: String::new(),
        advice: "approve".to_owned(),
    };
    reviewer.hand_in_review(id, &review).await?;
    let officer = services.desk_at(staff.officer, at + HOUR * 5);
    let decision = review::TypedDecision {
        outcome: "approved".to_owned(),
        hours: "1200".to_owned(),
        reasons: "The project fits the mode and the team is ready.".to_owned(),
    };
    officer.decide(id, &decision, officer.decision_case(id).await?.application.version).await?;
    Ok(id)
}

async fn version(services: &Services, actor: Actor, id: ApplicationId) -> Result<i32> {
    let tx = services.desk(actor).begin(Action::ReadApplication).await?;
    Ok(tx.find::<application::Entity>(id).await?.version)
}

/// Eight GPUs for that week, at the first site that has them.
async fn offered(
    services: &Services,
    at: DateTime<Utc>,
    id: ApplicationId,
    monday: NaiveDate,
) -> Result<(AllocationId, Slot)> {
    let system = services.desk_at(Actor::SYSTEM, at);
    let tx = system.begin(Action::ReadMatching).await?;
    let all = store::matching::approved(&tx).await?;
    drop(tx);
    let approved = all.into_iter().find(|one| one.application == id).ok_or(Error::NotFound)?;
    let windows = system.read_capacity(3).await?.windows;
    let fits = |window: &&domain::capacity::Window| {
        window.week == monday && window.model == approved.need.model && window.free() >= 8
    };
    let window = windows.iter().filter(fits).min_by_key(|window| window.site).ok_or(Error::NotFound)?;
    let slot = Slot { site: window.site, model: window.model, first_week: monday, weeks: 1, gpus: 8 };
    let offer = system.offer_slot(&approved, slot, 1).await?.ok_or(Error::NotFound)?;
    Ok((offer, slot))
}

/// The second part of a large award, once its work has begun.
pub async fn interim(services: &Services, staff: &Staff, one: Granted) -> Result<()> {
    let read = match services.desk(one.owner).report_form(one.allocation, report::Kind::Interim).await {
        Err(Error::NotFound) => return Ok(()),
        read => read?,
    };
    let begun = start_of_day(read.allocation.row.first_week) + DAY;
    if begun + DAY * 2 > services.now() {
        return Ok(());
    }
    let owner = services.desk_at(one.owner, begun);
    owner.hand_in_report(one.allocation, report::Kind::Interim, &written(), read.row.version).await?;
    let officer = services.desk_at(staff.officer, begun + DAY * 2);
    let read = officer.read_report(read.row.id).await?;
    officer.decide_report(read.row.id, "approved", "The results so far justify the rest.", read.row.version).await
}

fn written() -> Draft {
    Draft::of(|name| {
        let text = match name {
            "results" => "The model was trained to the end and beats the baseline by nine points on our own test set.",
            "hours_use" => "Two thirds for training, the rest for ablations and evaluation.",
            "publications" => "A model card and a preprint.",
            "acknowledged" => "on",
            _ => "",
        };
        text.to_owned()
    })
}

/// Reports, changes and hours given back by those whose work runs or has ended.
pub async fn make(services: &Services, now: DateTime<Utc>, staff: &Staff, granted: &[Granted]) -> Result<()> {
    reports(services, now, staff, granted).await?;
    let mut running = of(services, granted, State::Active).await?;
    running.retain(|(one, _)| {
        let row = &one.row;
        start_of_day(row.first_week) + DAY * 4 < now && now + DAY * 15 < start_of_day(row.slot().end())
    });
    // In front of whoever tries the demo world as an applicant, if there is one of theirs.
    let first = granted.first().map(|one| one.owner);
    running.sort_by_key(|(one, owner)| (Some(*owner) != first, one.row.reference.clone()));
    let mut running = running.into_iter();
    if let Some((one, owner)) = running.next() {
        let hours = (one.row.gpu_seconds.whole_hours() / 10).max(1);
        let why = "The second data set is a third larger than we reckoned with.";
        ask(services, now - DAY, owner, &one, Kind::Supplement, (&hours.to_string(), why)).await?;
    }
    if let Some((one, owner)) = running.next() {
        let why = "The delivery of our data is two weeks late.";
        ask(services, now - HOUR * 30, owner, &one, Kind::Extension, ("2", why)).await?;
    }
    if let Some((one, owner)) = running.next() {
        let hours = (one.left.whole_hours() / 2).max(1);
        ask(services, now - HOUR * 6, owner, &one, Kind::HandBack, (&hours.to_string(), "")).await?;
    }
    Ok(())
}

async fn ask(
    services: &Services,
    at: DateTime<Utc>,
    owner: Actor,
    one: &Allocation,
    kind: Kind,
    (amount, why): (&str, &str),
) -> Result<()> {
    let typed = Typed { hours: amount.to_owned(), weeks: amount.to_owned(), why: why.to_owned(), ..Typed::default() };
    let wanted = Wanted { typed, ..Wanted::default() };
    match services.desk_at(owner, at).ask_action(one.row.id, kind, &wanted, one.row.version).await {
        // A limit of the day keeps it from asking: the demo world does without.
        Ok(_) | Err(Error::Invalid(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Of those that ended, one report is approved, one is with the officers, the rest are due.
async fn reports(services: &Services, now: DateTime<Utc>, staff: &Staff, granted: &[Granted]) -> Result<()> {
    let mut ended = of(services, granted, State::Ended).await?;
    ended.retain(|(one, _)| one.row.ended_at.is_some_and(|at| at + DAY * 6 < now));
    ended.sort_by_key(|(one, _)| (one.row.ended_at, one.row.reference.clone()));
    for (place, (one, owner)) in ended.into_iter().take(2).enumerate() {
        let id = one.row.id;
        let desk = services.desk_at(owner, now - DAY * 4);
        let read = match desk.report_form(id, report::Kind::Final).await {
            Err(Error::NotFound) => continue,
            read => read?,
        };
        desk.hand_in_report(id, report::Kind::Final, &written(), read.row.version).await?;
        if place == 0 {
            let officer = services.desk_at(staff.officer, now - DAY * 2);
            let read = officer.read_report(read.row.id).await?;
            officer.decide_report(read.row.id, "approved", "Clear and complete, thank you.", read.row.version).await?;
        }
    }
    Ok(())
}

async fn of(services: &Services, granted: &[Granted], state: State) -> Result<Vec<(Allocation, Actor)>> {
    let all = services.desk(Actor::SYSTEM).read_allocations(&[state]).await?;
    let owner = |id| granted.iter().find(|one| one.allocation == id).map(|one| one.owner);
    Ok(all.into_iter().filter_map(|one| owner(one.row.id).map(|owner| (one, owner))).collect())
}
