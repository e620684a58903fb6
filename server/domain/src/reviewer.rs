//! Reviewers: what they know, how much they take on and when, the terms they accept, and what they would like to read.
//!
//! Refuses to say who may not read what: that is `conflict`'s.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    coded::coded,
    country::Country,
    problem::{Invalid, Problem},
    typed,
};

coded! {
    /// What ties somebody who judges to a company.
    InterestKind {
        Employer "employer",
        /// With the day they left it.
        FormerEmployer "former_employer",
        Competitor "competitor",
        Investor "investor",
        Customer "customer",
        /// A company in which a close relative works or holds shares.
        Family "family",
    }
}

impl InterestKind {
    /// The kinds of companies that an applicant can name, so that nobody of theirs judges it.
    pub const NAMED: [Self; 3] = [Self::Competitor, Self::Investor, Self::Customer];
}

coded! {
    /// How gladly a reviewer would read an application.
    Wish {
        Eager "eager",
        Willing "willing",
        Unwilling "unwilling",
        /// Declares one, and hides the application.
        Conflict "conflict",
    }
}

coded! {
    /// How much reviewers see of an application before it is theirs to review.
    Disclosure {
        Title "title",
        Summary "summary",
    }
}

/// The vocabulary of expertise; its words are `expertise-<code>`. A code that was given is never taken out.
pub const EXPERTISE: [&str; 24] = [
    "agriculture",
    "audio_speech",
    "biology_genomics",
    "chemistry_materials",
    "climate_weather",
    "computer_vision",
    "cybersecurity",
    "education",
    "energy",
    "finance_insurance",
    "foundation_models",
    "generative_media",
    "health_medicine",
    "hpc_engineering",
    "language_models",
    "law_public_sector",
    "manufacturing",
    "mobility_transport",
    "physics_simulation",
    "privacy_federated",
    "reinforcement_learning",
    "robotics",
    "safety_evaluation",
    "space_observation",
];

/// The official languages of the Union (Regulation No 1/1958, Article 1); their words are `tongue-<code>`.
pub const LANGUAGES: [&str; 24] = [
    "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt", "lv", "mt", "nl", "pl",
    "pt", "ro", "sk", "sl", "sv",
];

const YEAR_2026: NaiveDate = match NaiveDate::from_ymd_opt(2026, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// Open reviews that somebody takes on who has not said how many, from a day on.
const LOAD_LIMIT: &[(NaiveDate, i32)] = &[(YEAR_2026, 10)];
/// Nobody reads more at once with care.
pub const LOAD_LIMIT_MAX: i32 = 50;

/// Versions of the terms and of the confidentiality that reviewers accept, from a day on; the words of a version are
/// `reviewer-terms-<version>`.
const TERMS: &[(NaiveDate, i32)] = &[(YEAR_2026, 1)];

/// Hundredths of a grade between two reviews from which one more is suggested, from a day on.
const SPREAD: &[(NaiveDate, i64)] = &[(YEAR_2026, 150)];

const KEYWORDS_MAX: usize = 20;
const KEYWORD_LENGTH_MAX: usize = 60;
const NAME_LENGTH_MAX: usize = 200;
const REGISTRATION_LENGTH_MAX: usize = 60;
const DECLINE_LENGTH_MAX: usize = 2_000;

fn on_day<T: Copy + Default>(table: &[(NaiveDate, T)], on: NaiveDate) -> T {
    let found = table.iter().filter(|(from, _)| *from <= on).max_by_key(|(from, _)| *from);
    found.map(|(_, value)| *value).unwrap_or_default()
}

/// The limit of somebody who has not set their own.
pub fn load_limit(on: NaiveDate) -> i32 {
    on_day(LOAD_LIMIT, on)
}

/// The version of the terms that has to be accepted on that day.
pub fn terms_version(on: NaiveDate) -> i32 {
    on_day(TERMS, on)
}

/// How a mode or a call is reviewed, as long as nobody has said otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeRules {
    /// Nobody reviews a company of their own country.
    pub same_country: bool,
    /// Reviewers are not told whose application it is.
    pub blind: bool,
    pub disclosure: Disclosure,
    /// Hundredths of a grade between two reviews from which one more is suggested.
    pub spread: i64,
}

impl ScopeRules {
    pub fn on(day: NaiveDate) -> Self {
        Self { same_country: false, blind: false, disclosure: Disclosure::Summary, spread: on_day(SPREAD, day) }
    }
}

/// The rules of a scope as an officer types them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TypedRules {
    pub same_country: bool,
    pub blind: bool,
    pub disclosure: String,
    /// Grades with at most two decimals.
    pub spread: String,
    pub reason: String,
}

impl TypedRules {
    /// Errors by field: `disclosure`, `spread`, `reason`.
    pub fn check(&self) -> Result<ScopeRules, Invalid> {
        let mut invalid = Invalid::default();
        let disclosure = Disclosure::from_code(&self.disclosure);
        if disclosure.is_none() {
            invalid.add("disclosure", Problem::NotAChoice);
        }
        let spread = match typed::decimal(&self.spread, 2) {
            Ok(spread) if spread < 1 => Err(Problem::NotPositive),
            Ok(spread) if spread > 400 => Err(Problem::TooLarge { max: 4 }),
            read => read,
        };
        let spread = spread.map_err(|problem| invalid.add("spread", problem)).unwrap_or_default();
        if let Err(problem) = sentence(&self.reason, true, DECLINE_LENGTH_MAX) {
            invalid.add("reason", problem);
        }
        let (same_country, blind) = (self.same_country, self.blind);
        let disclosure = disclosure.unwrap_or(Disclosure::Title);
        invalid.or(ScopeRules { same_country, blind, disclosure, spread })
    }
}

/// A profile as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TypedProfile {
    pub expertise: Vec<String>,
    /// Separated by commas or lines.
    pub keywords: String,
    pub languages: Vec<String>,
    pub country: String,
    pub load_limit: String,
}

/// What a reviewer knows and how much they take on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub expertise: Vec<String>,
    pub keywords: Vec<String>,
    pub languages: Vec<String>,
    pub country: Option<Country>,
    pub load_limit: i32,
}

impl TypedProfile {
    /// Errors by field: `expertise`, `keywords`, `languages`, `country`, `load_limit`.
    pub fn check(&self) -> Result<Profile, Invalid> {
        let mut invalid = Invalid::default();
        let expertise = choices(&self.expertise, &EXPERTISE, "expertise", &mut invalid);
        let languages = choices(&self.languages, &LANGUAGES, "languages", &mut invalid);
        let keywords = keywords(&self.keywords).map_err(|problem| invalid.add("keywords", problem));
        let country = Country::from_code(self.country.trim());
        if country.is_none() {
            let is_empty = self.country.trim().is_empty();
            invalid.add("country", if is_empty { Problem::Required } else { Problem::NotAChoice });
        }
        let load_limit = match typed::decimal(&self.load_limit, 0) {
            Ok(limit) if limit < 0 => Err(Problem::TooSmall { min: 0 }),
            Ok(limit) => i32::try_from(limit)
                .ok()
                .filter(|limit| *limit <= LOAD_LIMIT_MAX)
                .ok_or(Problem::TooLarge { max: i64::from(LOAD_LIMIT_MAX) }),
            Err(problem) => Err(problem),
        };
        let load_limit = load_limit.map_err(|problem| invalid.add("load_limit", problem)).unwrap_or_default();
        invalid.or(Profile { expertise, keywords: keywords.unwrap_or_default(), languages, country, load_limit })
    }
}

/// Those that were chosen, in the order of the list; at least one.
fn choices(typed: &[String], known: &[&str], field: &str, invalid: &mut Invalid) -> Vec<String> {
    if typed.is_empty() {
        invalid.add(field, Problem::Required);
    } else if typed.iter().any(|code| !known.contains(&code.as_str())) {
        invalid.add(field, Problem::NotAChoice);
    }
    known.iter().filter(|code| typed.iter().any(|typed| typed == *code)).map(|code| (*code).to_owned()).collect()
}

fn keywords(typed: &str) -> Result<Vec<String>, Problem> {
    let mut found: Vec<String> = Vec::new();
    for word in typed.split([',', ';', '\n', '\r']).map(str::trim).filter(|word| !word.is_empty()) {
        if word.chars().count() > KEYWORD_LENGTH_MAX {
            return Err(Problem::TooLong { max: 60 });
        }
        if word.chars().any(char::is_control) {
            return Err(Problem::ControlCharacters);
        }
        if !found.iter().any(|known| known.to_lowercase() == word.to_lowercase()) {
            found.push(word.to_owned());
        }
    }
    if found.len() > KEYWORDS_MAX { Err(Problem::TooLarge { max: 20 }) } else { Ok(found) }
}

/// Days on which a reviewer takes nothing on, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
}

impl Absence {
    /// Reads two days. Errors by field: `first_day`, `last_day`.
    pub fn read(first: &str, last: &str, today: NaiveDate) -> Result<Self, Invalid> {
        let mut invalid = Invalid::default();
        let mut day = |field: &str, text: &str| typed::date(text).map_err(|problem| invalid.add(field, problem)).ok();
        let days = day("first_day", first).zip(day("last_day", last));
        let Some((first_day, last_day)) = days else { return Err(invalid) };
        if last_day < first_day {
            invalid.add("last_day", Problem::TooSoon);
        } else if last_day < today {
            invalid.add("last_day", Problem::InThePast);
        }
        invalid.or(Self { first_day, last_day })
    }

    pub fn covers(&self, day: NaiveDate) -> bool {
        self.first_day <= day && day <= self.last_day
    }
}

/// What is known of somebody to whom a review could be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load<'a> {
    /// Reviews that are theirs and not handed in.
    pub open: i64,
    /// `None` if they have not said how many they take.
    pub limit: Option<i32>,
    pub absences: &'a [Absence],
}

impl Load<'_> {
    pub fn limit(&self, today: NaiveDate) -> i64 {
        i64::from(self.limit.unwrap_or_else(|| load_limit(today)))
    }

    /// Nobody is given a review while they are away or beyond what they take on.
    pub fn check(&self, today: NaiveDate) -> Result<(), Problem> {
        if self.absences.iter().any(|absence| absence.covers(today)) {
            Err(Problem::ReviewerAway)
        } else if self.open >= self.limit(today) {
            Err(Problem::LoadFull)
        } else {
            Ok(())
        }
    }
}

/// An interest as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TypedInterest {
    pub kind: String,
    pub name: String,
    pub country: String,
    pub registration_number: String,
    pub ended_on: String,
}

/// A company and what ties somebody to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interest {
    pub kind: InterestKind,
    pub name: String,
    pub country: Option<Country>,
    pub registration_number: String,
    pub ended_on: Option<NaiveDate>,
}

impl TypedInterest {
    pub fn of(sent: &BTreeMap<String, String>) -> Self {
        let text = |field: &str| sent.get(field).cloned().unwrap_or_default();
        Self {
            kind: text("kind"),
            name: text("name"),
            country: text("country"),
            registration_number: text("registration_number"),
            ended_on: text("ended_on"),
        }
    }

    /// Checks it; `kinds` are those that can be given here. Errors by field, named as the fields are.
    pub fn check(&self, kinds: &[InterestKind], today: NaiveDate) -> Result<Interest, Invalid> {
        let mut invalid = Invalid::default();
        let kind = InterestKind::from_code(&self.kind).filter(|kind| kinds.contains(kind));
        if kind.is_none() {
            let is_empty = self.kind.is_empty();
            invalid.add("kind", if is_empty { Problem::Required } else { Problem::NotAChoice });
        }
        if let Err(problem) = sentence(&self.name, true, NAME_LENGTH_MAX) {
            invalid.add("name", problem);
        }
        let registration_number = self.registration_number.trim();
        if let Err(problem) = sentence(registration_number, false, REGISTRATION_LENGTH_MAX) {
            invalid.add("registration_number", problem);
        }
        let country = Country::from_code(self.country.trim());
        if country.is_none() && !self.country.trim().is_empty() {
            invalid.add("country", Problem::NotAChoice);
        } else if country.is_none() && !registration_number.is_empty() {
            // A register is a country's: a number alone names nobody.
            invalid.add("country", Problem::Required);
        }
        let ended_on = self.ended(kind, today).map_err(|problem| invalid.add("ended_on", problem)).ok().flatten();
        invalid.or(Interest {
            kind: kind.unwrap_or(InterestKind::Employer),
            name: self.name.trim().to_owned(),
            country,
            registration_number: registration_number.to_owned(),
            ended_on,
        })
    }

    fn ended(&self, kind: Option<InterestKind>, today: NaiveDate) -> Result<Option<NaiveDate>, Problem> {
        if kind != Some(InterestKind::FormerEmployer) {
            return Ok(None);
        }
        match typed::date(&self.ended_on)? {
            day if day > today => Err(Problem::InTheFuture),
            day => Ok(Some(day)),
        }
    }
}

/// Why an invitation is declined.
pub fn decline(reason: &str) -> Result<String, Invalid> {
    match sentence(reason, true, DECLINE_LENGTH_MAX) {
        Ok(()) => Ok(reason.trim().to_owned()),
        Err(Problem::Required) => Err(Invalid::one("reason", Problem::ReasonRequired)),
        Err(problem) => Err(Invalid::one("reason", problem)),
    }
}

/// Text of a person: not too long, with no characters that are none.
pub(crate) fn sentence(text: &str, is_required: bool, longest: usize) -> Result<(), Problem> {
    if text.trim().is_empty() {
        return if is_required { Err(Problem::Required) } else { Ok(()) };
    }
    if text.chars().count() > longest {
        return Err(Problem::TooLong { max: i64::try_from(longest).unwrap_or(i64::MAX) });
    }
    let is_wrong = |character: char| character.is_control() && !"\n\r\t".contains(character);
    if text.chars().any(is_wrong) { Err(Problem::ControlCharacters) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn fields(invalid: Invalid) -> Vec<(String, Problem)> {
        invalid.0
    }

    #[test]
    fn a_profile_names_every_wrong_field_and_keeps_what_is_right() {
        let typed = TypedProfile {
            expertise: vec!["robotics".to_owned(), "agriculture".to_owned()],
            keywords: "MPI, sparse attention,\n mpi; ".to_owned(),
            languages: vec!["fr".to_owned(), "en".to_owned()],
            country: "FR".to_owned(),
            load_limit: "6".to_owned(),
        };
        let profile = typed.check().unwrap();
        assert_eq!(profile.expertise, ["agriculture", "robotics"]);
        assert_eq!(profile.keywords, ["MPI", "sparse attention"]);
        assert_eq!((profile.languages.len(), profile.load_limit), (2, 6));
        let wrong = TypedProfile {
            expertise: vec!["astrology".to_owned()],
            keywords: "a\u{7}b".to_owned(),
            load_limit: "51".to_owned(),
            country: "XX9".to_owned(),
            ..TypedProfile::default()
        };
        assert_eq!(
            fields(wrong.check().unwrap_err()),
            [
                ("expertise".to_owned(), Problem::NotAChoice),
                ("languages".to_owned(), Problem::Required),
                ("keywords".to_owned(), Problem::ControlCharacters),
                ("country".to_owned(), Problem::NotAChoice),
                ("load_limit".to_owned(), Problem::TooLarge { max: 50 }),
            ]
        );
    }

    #[test]
    fn nobody_takes_more_than_they_said_or_while_they_are_away() {
        let away = [Absence { first_day: day("2026-12-01"), last_day: day("2026-12-10") }];
        let load = Load { open: 2, limit: Some(3), absences: &away };
        for (on, expected) in [
            ("2026-11-30", Ok(())),
            ("2026-12-01", Err(Problem::ReviewerAway)),
            ("2026-12-10", Err(Problem::ReviewerAway)),
            ("2026-12-11", Ok(())),
        ] {
            assert_eq!(load.check(day(on)), expected, "{on}");
        }
        assert_eq!(Load { open: 3, ..load }.check(day("2026-11-30")), Err(Problem::LoadFull));
        assert_eq!(Load { open: 9, limit: None, absences: &[] }.check(day("2026-11-30")), Ok(()));
        assert_eq!(Load { open: 10, limit: None, absences: &[] }.check(day("2026-11-30")), Err(Problem::LoadFull));
        assert_eq!(Load { open: 0, limit: Some(0), absences: &[] }.check(day("2026-11-30")), Err(Problem::LoadFull));
    }

    #[test]
    fn an_absence_has_an_end_after_its_beginning_that_is_not_over() {
        let today = day("2026-11-23");
        assert!(Absence::read("2026-11-01", "2026-11-23", today).is_ok());
        let wrong = |first, last| fields(Absence::read(first, last, today).unwrap_err());
        assert_eq!(wrong("2026-12-02", "2026-12-01"), [("last_day".to_owned(), Problem::TooSoon)]);
        assert_eq!(wrong("2026-11-01", "2026-11-22"), [("last_day".to_owned(), Problem::InThePast)]);
        assert_eq!(
            wrong("", "soon"),
            [("first_day".to_owned(), Problem::Required), ("last_day".to_owned(), Problem::NotADate)]
        );
    }

    #[test]
    fn an_interest_says_which_company_and_a_former_employer_since_when() {
        let today = day("2026-11-23");
        let typed = |kind: &str, country: &str, number: &str, ended: &str| TypedInterest {
            kind: kind.to_owned(),
            name: " Nordwind GmbH ".to_owned(),
            country: country.to_owned(),
            registration_number: number.to_owned(),
            ended_on: ended.to_owned(),
        };
        let read = typed("former_employer", "DE", "HRB 1", "2025-01-31").check(InterestKind::ALL, today).unwrap();
        assert_eq!((read.name.as_str(), read.ended_on), ("Nordwind GmbH", Some(day("2025-01-31"))));
        assert_eq!(typed("employer", "", "", "2025-01-31").check(InterestKind::ALL, today).unwrap().ended_on, None);
        let wrong = |typed: TypedInterest, kinds: &[InterestKind]| fields(typed.check(kinds, today).unwrap_err());
        let all = InterestKind::ALL;
        assert_eq!(
            wrong(typed("former_employer", "", "", "2026-11-24"), all),
            [("ended_on".to_owned(), Problem::InTheFuture)]
        );
        assert_eq!(wrong(typed("former_employer", "", "", ""), all), [("ended_on".to_owned(), Problem::Required)]);
        assert_eq!(wrong(typed("employer", "", "HRB 1", ""), all), [("country".to_owned(), Problem::Required)]);
        assert_eq!(
            wrong(typed("family", "", "", ""), &InterestKind::NAMED),
            [("kind".to_owned(), Problem::NotAChoice)]
        );
    }

    #[test]
    fn the_rules_of_a_scope_are_read_or_refused_by_field() {
        let typed = TypedRules {
            same_country: true,
            disclosure: "title".to_owned(),
            spread: "1.5".to_owned(),
            reason: "Few applicants a country.".to_owned(),
            ..TypedRules::default()
        };
        let rules = typed.check().unwrap();
        assert_eq!((rules.same_country, rules.disclosure, rules.spread), (true, Disclosure::Title, 150));
        let wrong = TypedRules { disclosure: "all".to_owned(), spread: "5".to_owned(), ..TypedRules::default() };
        let names: Vec<String> = fields(wrong.check().unwrap_err()).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["disclosure", "spread", "reason"]);
    }

    #[test]
    fn defaults_are_in_force_from_2026_on() {
        let today = day("2026-11-23");
        assert_eq!((load_limit(today), terms_version(today), ScopeRules::on(today).spread), (10, 1, 150));
        assert_eq!(terms_version(day("2025-12-31")), 0, "nothing to accept before the programme began");
    }
}
