//! Reading a draft: the figures that a price needs while it is written, and everything that submitting demands.
//!
//! Says all that is missing or wrong at once, field by field, in the order of the pages.

use chrono::{DateTime, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Draft, Kind, Need, Residency,
    draft::{self, FIELDS, Field},
};
use crate::{
    compute::{self, Training},
    country::Country,
    gpu::{GpuModel, GpuTime},
    mode::{self, Facts, Mode, Outcome, Rule},
    money::BasisPoints,
    period::brussels_day,
    problem::{Invalid, Problem},
    typed,
    units::{self, System, Unit},
};

/// An application that lacks nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submitted {
    pub title: String,
    pub need: Need,
    pub months: u32,
    /// Operations that the hours can do at the usual utilisation, as text: it does not fit a JSON number.
    pub flop: String,
}

/// Everything wrong with the draft for this mode and these facts, or what it asks for.
///
/// `facts` says what is known of the organisation (country, size class, open applications); what it says of the wish
/// is overwritten from the draft. Problems of the organisation are those of the field `organisation`.
pub fn submit(draft: &Draft, facts: &Facts, mode: &Mode, now: DateTime<Utc>) -> Result<Submitted, Invalid> {
    let mut invalid = Invalid::default();
    let need = read_need(draft, mode, &mut invalid);
    for field in FIELDS.iter().filter(|field| draft::is_asked(field, mode)) {
        if let Some(problem) = problem_of(field, draft) {
            invalid.add(field.name, problem);
        }
    }
    consistency(draft, need.as_ref(), now, &mut invalid);
    rules(draft, facts, mode, now, &mut invalid);
    in_order(&mut invalid);
    let months = draft.get("months").parse().unwrap_or_default();
    match need {
        Some(need) if invalid.is_empty() => {
            let flop = compute::flop_of(need.gpu_time, need.model, compute::USUAL_UTILISATION).unwrap_or(u128::MAX);
            Ok(Submitted { title: draft.get("title").trim().to_owned(), need, months, flop: flop.to_string() })
        }
        // Without a need something of it was found wrong.
        _ => Err(if invalid.is_empty() { Invalid::one("hours", Problem::Required) } else { invalid }),
    }
}

/// What of the draft the rules of a mode look at, as far as it can be read.
pub fn facts_of(draft: &Draft, organisation: &Facts) -> Facts {
    let earliest = typed::date(draft.get("earliest")).ok();
    let months: Option<u32> = draft.get("months").trim().parse().ok();
    Facts {
        gpu_time: gpu_time(draft).ok(),
        gpus: typed::count(draft.get("gpus")).ok(),
        months,
        earliest,
        deadline: deadline(draft, earliest, months),
        ..organisation.clone()
    }
}

/// The GPU time asked for: typed in some unit, or from the size of the training. Errors name the field.
pub fn gpu_time(draft: &Draft) -> Result<GpuTime, (&'static str, Problem)> {
    if draft.get("method") == "training" {
        let model = model(draft, "model").ok_or(("model", Problem::Required))?;
        let training = training(draft)?;
        return compute::estimate(&training, model).map_err(|_| ("tokens", Problem::TooLarge { max: 1_000_000_000 }));
    }
    let hundredths = positive(draft, "hours", 2)?;
    let each = gpu_seconds_of_unit(draft)?;
    units::to_gpu_time(hundredths, each).map_err(|_| ("hours", Problem::TooLarge { max: 1_000_000_000 }))
}

/// The training as typed: billions of parameters and of tokens, percent.
pub fn training(draft: &Draft) -> Result<Training, (&'static str, Problem)> {
    let percent = |name: &'static str, most: i64, least: i64| {
        let hundredths = typed::decimal(draft.get(name), 2).map_err(|problem| (name, problem))?;
        if hundredths < least * 100 {
            return Err((name, Problem::TooSmall { min: least }));
        }
        let points = i32::try_from(hundredths).ok().filter(|points| i64::from(*points) <= most * 100);
        points.map(BasisPoints::new).ok_or((name, Problem::TooLarge { max: most }))
    };
    Ok(Training {
        parameters_millions: positive(draft, "parameters", 3)?,
        tokens_millions: positive(draft, "tokens", 3)?,
        utilisation: percent("utilisation", 100, 1)?,
        restarts: if draft.get("restarts").trim().is_empty() {
            BasisPoints::ZERO
        } else {
            percent("restarts", 400, 0)?
        },
    })
}

fn gpu_seconds_of_unit(draft: &Draft) -> Result<i64, (&'static str, Problem)> {
    let typed = draft.get("unit");
    let unit =
        if typed.is_empty() { Unit::GpuHour } else { Unit::from_code(typed).ok_or(("unit", Problem::NotAChoice))? };
    let each = match System::from_code(draft.get("system")) {
        Some(system) => system.gpu_seconds(unit),
        None => {
            let model = model(draft, "model").ok_or(("model", Problem::Required))?;
            units::gpu_seconds_of_model(model, unit)
        }
    };
    // A core-hour means something only on a named system that bills by it.
    each.ok_or(("unit", Problem::NotAChoice))
}

/// What a draft asks for, if it can be read; a submitted one always can.
pub fn need_of(draft: &Draft) -> Option<Need> {
    let earliest = typed::date(draft.get("earliest")).ok()?;
    let fallback = ["fallback_1", "fallback_2"].iter().filter_map(|name| model(draft, name)).collect();
    Some(Need {
        model: model(draft, "model")?,
        fallback,
        gpus: typed::count(draft.get("gpus")).ok()?,
        gpu_time: gpu_time(draft).ok()?,
        earliest,
        deadline: deadline(draft, Some(earliest), draft.get("months").trim().parse().ok())?,
        flexible: draft.is_ticked("flexible") || draft.is_ticked("pauses"),
        pauses: draft.is_ticked("pauses"),
        residency: residency(draft)?,
        least: least(draft)?,
        preferred: PREFERRED.iter().map(|name| draft.get(name).to_owned()).filter(|site| !site.is_empty()).collect(),
        // The call says so, not the draft.
        offered_at: Vec::new(),
    })
}

/// As [`need_of`], and says which figures are wrong.
fn read_need(draft: &Draft, mode: &Mode, invalid: &mut Invalid) -> Option<Need> {
    if let Err((field, problem)) = gpu_time(draft) {
        note(invalid, field, problem);
    }
    if let Err(problem) = typed::count(draft.get("gpus")) {
        note(invalid, "gpus", problem);
    }
    let months: Option<u32> = draft.get("months").trim().parse().ok();
    need_of(draft).filter(|_| months.is_some_and(|months| mode.months.contains(&months)))
}

/// What is wrong with this field by itself. Figures are `read_need`'s.
fn problem_of(field: &Field, draft: &Draft) -> Option<Problem> {
    let typed = draft.get(field.name);
    let empty = typed.trim().is_empty();
    match field.kind {
        _ if !is_needed(field, draft) && empty => None,
        Kind::Number | Kind::Tick if empty && field.kind != Kind::Tick => None,
        Kind::Tick => (!draft.is_ticked(field.name)).then_some(Problem::MustAccept),
        _ if empty => Some(Problem::Required),
        Kind::Line(max) => typed::line(typed, max).err(),
        Kind::Text(max) => text(typed, max),
        Kind::Email => (!is_address(typed)).then_some(Problem::NotAnEmail),
        Kind::Number => (field.name == "storage_tb").then(|| typed::decimal(typed, 2).err()).flatten(),
        Kind::Day => typed::date(typed).err(),
        Kind::Choice(codes) => (!codes.contains(&typed)).then_some(Problem::NotAChoice),
        Kind::Model => GpuModel::from_code(typed).is_none().then_some(Problem::NotAChoice),
        Kind::System => System::from_code(typed).is_none().then_some(Problem::NotAChoice),
        Kind::Country => Country::from_code(typed).is_none().then_some(Problem::NotAChoice),
        // Which sites there are is not known here.
        Kind::Site => None,
        Kind::Months => typed.trim().parse::<u32>().is_err().then_some(Problem::NotAChoice),
    }
}

/// Whether the field must be filled, given the others.
pub fn is_needed(field: &Field, draft: &Draft) -> bool {
    match field.name {
        "fallback_1" | "fallback_2" | "restarts" | "flexible" | "pauses" | "deadline" | "other_aid" | "members"
        | "storage_tb" | "unit" | "least" | "prefer_1" | "prefer_2" => false,
        "system" => draft.get("unit") == "core_hour",
        "hours" => draft.get("method") != "training",
        "parameters" | "tokens" | "utilisation" => draft.get("method") == "training",
        "residency_country" => draft.get("residency") == "country",
        _ => true,
    }
}

/// What is wrong between fields.
fn consistency(draft: &Draft, need: Option<&Need>, now: DateTime<Utc>, invalid: &mut Invalid) {
    let practice = draft.get("practice");
    if draft::PRACTICES.contains(&practice) && practice != "none" {
        // Reg. (EU) 2024/1689, Art. 5: no condition makes these admissible.
        invalid.add("practice", Problem::Prohibited);
    }
    let chosen = draft.get("model");
    let fallbacks = [draft.get("fallback_1"), draft.get("fallback_2")];
    if !chosen.is_empty() && fallbacks.contains(&chosen) {
        invalid.add("fallback_1", Problem::NotAChoice);
    }
    let Some(need) = need else { return };
    let months: u32 = draft.get("months").trim().parse().unwrap_or_default();
    if need.deadline < mode::last_day(need.earliest, months) {
        invalid.add("deadline", Problem::TooSoon);
    }
    if need.deadline > need.earliest.checked_add_months(Months::new(24)).unwrap_or(need.deadline) {
        invalid.add("deadline", Problem::TooLate);
    }
    if let Ok(end) = typed::date(draft.get("lead_contract_end")) {
        // The contract of the principal investigator must outlast the allocation by three months (EuroHPC terms).
        let least = need.deadline.checked_add_months(Months::new(3)).unwrap_or(need.deadline);
        if end < least {
            invalid.add("lead_contract_end", Problem::TooSoon);
        }
    }
    let flop = compute::flop_of(need.gpu_time, need.model, compute::USUAL_UTILISATION).unwrap_or(u128::MAX);
    let systemic = compute::highest_mark(flop, brussels_day(now)) == Some(compute::Mark::SystemicRisk);
    if systemic && draft.get("general_purpose") == "no" {
        invalid.add("general_purpose", Problem::Mismatch);
    }
}

/// The rules of the mode that fail, as problems of the fields that can mend them.
fn rules(draft: &Draft, facts: &Facts, mode: &Mode, now: DateTime<Utc>, invalid: &mut Invalid) {
    for check in mode.fits(&facts_of(draft, facts), now) {
        let open = check.outcome == Outcome::Open;
        let (field, problem) = match check.rule {
            Rule::Country | Rule::SizeClass if open => ("organisation", Problem::Required),
            _ if check.outcome != Outcome::Fail => continue,
            Rule::Country | Rule::SizeClass => ("organisation", Problem::NotEligible),
            Rule::Open => ("", Problem::TooLate),
            Rule::AtOnce => ("", Problem::AlreadyDone),
            Rule::Hours => hours_problem(draft, mode),
            Rule::Gpus => ("gpus", Problem::TooLarge { max: mode.max_gpus }),
            Rule::Months => ("months", Problem::NotAChoice),
            Rule::Earliest => ("earliest", Problem::TooSoon),
            Rule::Feasible => ("gpus", Problem::NoCapacity),
        };
        note(invalid, field, problem);
    }
}

fn hours_problem(draft: &Draft, mode: &Mode) -> (&'static str, Problem) {
    let field = if draft.get("method") == "training" { "tokens" } else { "hours" };
    let too_many = gpu_time(draft).is_ok_and(|time| time > mode.at_most());
    let problem = if too_many {
        Problem::TooLarge { max: mode.at_most_hours }
    } else {
        Problem::TooSmall { min: mode.more_than_hours.saturating_add(1) }
    };
    (field, problem)
}

/// One problem a field and reason: what two rules find is said once.
fn note(invalid: &mut Invalid, field: &str, problem: Problem) {
    if !invalid.of(field).any(|known| known == problem) {
        invalid.add(field, problem);
    }
}

/// The form as a whole and the organisation first, then the fields as the pages have them; one problem a field.
fn in_order(invalid: &mut Invalid) {
    let place = |name: &str| FIELDS.iter().position(|field| field.name == name).map_or(0, |at| at + 1);
    invalid.0.sort_by_key(|(name, _)| place(name));
    invalid.0.dedup_by(|later, earlier| later.0 == earlier.0 && !later.0.is_empty());
}

fn deadline(draft: &Draft, earliest: Option<NaiveDate>, months: Option<u32>) -> Option<NaiveDate> {
    match typed::date(draft.get("deadline")) {
        Ok(day) => Some(day),
        Err(_) => Some(mode::last_day(earliest?, months?)),
    }
}

/// The fields that name a site.
pub const PREFERRED: [&str; 2] = ["prefer_1", "prefer_2"];

/// All or nothing if nothing was chosen.
fn least(draft: &Draft) -> Option<BasisPoints> {
    match draft.get("least") {
        "" => Some(BasisPoints::WHOLE),
        typed if draft::LEAST.contains(&typed) => Some(BasisPoints::new(typed.parse::<i32>().ok()? * 100)),
        _ => None,
    }
}

fn residency(draft: &Draft) -> Option<Residency> {
    match draft.get("residency") {
        "union" => Some(Residency::Union),
        "eea" => Some(Residency::Eea),
        "country" => Country::from_code(draft.get("residency_country")).map(Residency::Country),
        _ => None,
    }
}

fn model(draft: &Draft, name: &str) -> Option<GpuModel> {
    GpuModel::from_code(draft.get(name))
}

fn positive(draft: &Draft, name: &'static str, places: u32) -> Result<i64, (&'static str, Problem)> {
    match typed::decimal(draft.get(name), places) {
        Ok(number) if number > 0 => Ok(number),
        Ok(_) => Err((name, Problem::TooSmall { min: 1 })),
        Err(problem) => Err((name, problem)),
    }
}

fn text(typed: &str, max: i64) -> Option<Problem> {
    if typed.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        return Some(Problem::ControlCharacters);
    }
    let long = i64::try_from(typed.trim().chars().count()).unwrap_or(i64::MAX) > max;
    long.then_some(Problem::TooLong { max })
}

fn is_address(typed: &str) -> bool {
    let typed = typed.trim();
    let shape = |(user, host): (&str, &str)| {
        !user.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
    };
    !typed.chars().any(char::is_whitespace)
        && typed.matches('@').count() == 1
        && typed.split_once('@').is_some_and(shape)
}

#[cfg(test)]
#[path = "submit_tests.rs"]
mod tests;
