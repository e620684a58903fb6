//! Conflicts of interest: their kinds, how they are found from what both sides say, and who may waive one.
//!
//! Refuses to store and to hide anything: found here, kept by `services`, enforced by the guard of every query.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::{
    coded::coded,
    country::Country,
    id::{OrganisationId, PersonId},
    money::BasisPoints,
    organisation::HolderKind,
    problem::{Invalid, Problem},
    reviewer::{InterestKind, sentence},
};

mod name;
#[cfg(test)]
mod tests;

pub use name::{name_key, registration_key};

coded! {
    /// What the tie between a person and an applicant is (Financial Regulation (EU, Euratom) 2024/2509, Article 61:
    /// family, emotional life, political or national affinity, economic interest, or any other personal interest).
    Kind {
        SameEmployer "same_employer",
        SameGroup "same_group",
        FormerEmployer "former_employer",
        CoApplicant "co_applicant",
        Competitor "competitor",
        Investor "investor",
        Customer "customer",
        Family "family",
        Personal "personal",
        SameCountry "same_country",
    }
}

impl Kind {
    /// The kinds a person can declare or an officer record: all but the one that only a scope asks for.
    pub const DECLARED: [Self; 9] = [
        Self::SameEmployer,
        Self::SameGroup,
        Self::FormerEmployer,
        Self::CoApplicant,
        Self::Competitor,
        Self::Investor,
        Self::Customer,
        Self::Family,
        Self::Personal,
    ];
}

coded! {
    /// Who says so.
    Origin {
        Declared "declared",
        Detected "detected",
        /// The applicant named the person's company.
        Applicant "applicant",
        Officer "officer",
    }
}

impl Origin {
    /// Found from facts, so that it ends with them; what somebody declared or recorded stays.
    pub const fn is_found(self) -> bool {
        matches!(self, Self::Detected | Self::Applicant)
    }
}

coded! {
    State {
        InForce "in_force",
        Waived "waived",
        /// The facts it was found from are gone.
        Ended "ended",
    }
}

coded! {
    WaiverOutcome {
        Granted "granted",
        Refused "refused",
    }
}

coded! {
    /// What a conflict was found by.
    By {
        Seat "seat",
        FormerSeat "former_seat",
        Registration "registration",
        Name "name",
        Ownership "ownership",
        Lead "lead",
        Author "author",
        Country "country",
    }
}

/// What a found conflict rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub by: By,
    /// On the person's side: their company, their relative's, or they themselves.
    pub theirs: String,
    /// On the applicant's side.
    pub company: String,
    /// The day until which the tie lasted, if it is over.
    pub until: Option<NaiveDate>,
}

/// A conflict that the facts show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub kind: Kind,
    pub origin: Origin,
    pub evidence: Evidence,
}

/// A company as somebody names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    pub name: String,
    key: String,
    register: Option<(Country, String)>,
}

impl Party {
    pub fn new(name: &str, country: Option<Country>, registration_number: &str) -> Self {
        let number = registration_key(registration_number);
        Self {
            name: name.trim().to_owned(),
            key: name_key(name),
            register: country.filter(|_| !number.is_empty()).map(|country| (country, number)),
        }
    }

    /// Whether both are the same company: by the register, or by the name unless the register says otherwise.
    fn is(&self, other: &Self) -> Option<By> {
        match (&self.register, &other.register) {
            (Some(mine), Some(theirs)) if mine == theirs => return Some(By::Registration),
            // Two entries of one country's register are two companies, whatever they are called.
            (Some((here, _)), Some((there, _))) if here == there => return None,
            _ => {}
        }
        (!self.key.is_empty() && self.key == other.key).then_some(By::Name)
    }
}

/// How close an owner or a holding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tie {
    /// One group for our purpose: linked or partner enterprises (Recommendation 2003/361/EC, Annex, Article 3).
    Group,
    /// Money without that closeness.
    Investor,
}

/// A partner enterprise holds 25 % or more (Recommendation 2003/361/EC, Annex, Article 3(2)).
const PARTNER: BasisPoints = BasisPoints::new(2_500);

impl Tie {
    /// What a row of the ownership table means; investors by trade make no group of what they hold (Article 3(2), (3)).
    pub fn of(kind: HolderKind, share: BasisPoints, controls: bool) -> Self {
        let by_trade = !matches!(kind, HolderKind::Enterprise | HolderKind::Person);
        if controls || (!by_trade && share >= PARTNER) { Self::Group } else { Self::Investor }
    }
}

/// A registered company with whom it names as owners and holdings.
#[derive(Debug, Clone)]
pub struct Company {
    pub id: OrganisationId,
    pub country: Country,
    pub party: Party,
    pub links: Vec<(Party, Tie)>,
}

/// Every registered company, found by name, by register, and by who names it.
#[derive(Debug, Default)]
pub struct Register {
    companies: Vec<Company>,
    by_id: HashMap<OrganisationId, usize>,
    by_name: HashMap<String, Vec<usize>>,
    by_number: HashMap<(Country, String), usize>,
    named_by: HashMap<String, Vec<usize>>,
}

/// A group of thousands is none that ownership tells anything about.
const CIRCLE_MAX: usize = 500;

impl Register {
    pub fn new(companies: Vec<Company>) -> Self {
        let mut register = Self::default();
        for (place, company) in companies.iter().enumerate() {
            register.by_id.insert(company.id, place);
            register.by_name.entry(company.party.key.clone()).or_default().push(place);
            if let Some(number) = &company.party.register {
                register.by_number.insert(number.clone(), place);
            }
            for (party, _) in &company.links {
                register.named_by.entry(party.key.clone()).or_default().push(place);
            }
        }
        register.companies = companies;
        register
    }

    pub fn company(&self, id: OrganisationId) -> Option<&Company> {
        self.by_id.get(&id).and_then(|place| self.companies.get(*place))
    }

    /// The registered companies that this is.
    fn known(&self, party: &Party) -> Vec<usize> {
        let by_number = party.register.as_ref().and_then(|number| self.by_number.get(number));
        let named = self.by_name.get(&party.key).into_iter().flatten();
        let is_it = |place: &&usize| self.companies.get(**place).is_some_and(|one| one.party.is(party).is_some());
        let mut found: Vec<usize> = by_number.into_iter().chain(named.filter(is_it)).copied().collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The registered companies of a circle.
    pub fn members(&self, circle: &Circle) -> Vec<OrganisationId> {
        let places = circle.group.iter().flat_map(|party| self.known(party));
        places.filter_map(|place| self.companies.get(place)).map(|company| company.id).collect()
    }

    /// Everybody who belongs to this company by ownership, and everybody with money in one of them.
    pub fn circle(&self, of: &Party) -> Circle {
        let mut circle = Circle::default();
        circle.add(of.clone());
        let mut seen: HashSet<usize> = HashSet::new();
        let mut next: VecDeque<Party> = VecDeque::from([of.clone()]);
        while let Some(party) = next.pop_front() {
            if circle.group.len() >= CIRCLE_MAX {
                break;
            }
            let naming = self.named_by.get(&party.key).into_iter().flatten().copied().filter(|_| !party.key.is_empty());
            for place in self.known(&party).into_iter().chain(naming) {
                let Some(company) = self.companies.get(place) else { continue };
                let own = company.party.is(&party).is_some();
                let tie = company.links.iter().find(|(link, _)| link.is(&party).is_some()).map(|(_, tie)| *tie);
                match (own, tie) {
                    (false, Some(Tie::Investor)) => circle.investors.push(company.party.clone()),
                    (false, None) => {}
                    _ if seen.insert(place) => {
                        circle.add(company.party.clone());
                        next.push_back(company.party.clone());
                        for (link, tie) in &company.links {
                            match tie {
                                Tie::Group if circle.add(link.clone()) => next.push_back(link.clone()),
                                Tie::Group => {}
                                Tie::Investor => circle.investors.push(link.clone()),
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
        circle
    }
}

/// A company with its group and its investors.
#[derive(Debug, Default)]
pub struct Circle {
    /// The company first.
    group: Vec<Party>,
    investors: Vec<Party>,
}

/// Where in a circle a company stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Itself,
    Group,
    Investor,
}

impl Circle {
    fn add(&mut self, party: Party) -> bool {
        let is_new = !self.group.iter().any(|known| known.is(&party).is_some());
        if is_new {
            self.group.push(party);
        }
        is_new
    }

    fn place(&self, party: &Party) -> Option<(Place, By, &Party)> {
        let at = |parties: &'_ [Party]| parties.iter().position(|one| one.is(party).is_some());
        if let Some(position) = at(&self.group) {
            let found = self.group.get(position)?;
            let by = found.is(party)?;
            return Some(if position == 0 { (Place::Itself, by, found) } else { (Place::Group, By::Ownership, found) });
        }
        let found = self.investors.get(at(&self.investors)?)?;
        Some((Place::Investor, By::Ownership, found))
    }
}

/// A tie of a person to a company.
#[derive(Debug, Clone)]
pub struct PersonTie {
    pub kind: InterestKind,
    pub party: Party,
    pub ended_on: Option<NaiveDate>,
    /// The seat it follows from, if it is one.
    pub seat: Option<By>,
}

/// Somebody who judges.
#[derive(Debug, Clone)]
pub struct Judge {
    pub person: PersonId,
    pub name: String,
    pub email: String,
    pub country: Option<Country>,
    pub ties: Vec<PersonTie>,
}

/// What an applicant's side says.
#[derive(Debug)]
pub struct Applicant<'a> {
    pub company: &'a Party,
    pub country: Country,
    pub circle: &'a Circle,
    /// Whom the company does not want to be judged by, each with its circle.
    pub named: &'a [(InterestKind, Circle)],
    /// Address of the one who leads the work, as typed.
    pub lead_email: &'a str,
    /// Who wrote an application of this company in the last three years.
    pub authors: &'a [PersonId],
    /// Nobody reviews a company of their own country.
    pub same_country: bool,
}

const YEAR_2026: NaiveDate = match NaiveDate::from_ymd_opt(2026, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// Months for which a tie that is over still counts, from a day on.
const LOOK_BACK: &[(NaiveDate, u32)] = &[(YEAR_2026, 36)];

/// The first day from which a tie that ended still counts.
pub fn counts_since(today: NaiveDate) -> NaiveDate {
    let found = LOOK_BACK.iter().filter(|(from, _)| *from <= today).max_by_key(|(from, _)| *from);
    let months = Months::new(found.map_or(36, |(_, months)| *months));
    today.checked_sub_months(months).unwrap_or(NaiveDate::MIN)
}

/// Every conflict that the facts show between somebody who judges and an applicant; one of each kind and origin.
pub fn detect(judge: &Judge, applicant: &Applicant<'_>, today: NaiveDate) -> Vec<Found> {
    let mut found: BTreeMap<(Kind, Origin), Evidence> = BTreeMap::new();
    let mut add = |kind, origin, evidence| {
        found.entry((kind, origin)).or_insert(evidence);
    };
    let since = counts_since(today);
    for tie in &judge.ties {
        if let Some((kind, evidence)) = tied(tie, applicant, since) {
            add(kind, Origin::Detected, evidence);
        }
    }
    for (named, circle) in applicant.named {
        if let Some(evidence) = named_tie(judge, circle) {
            add(of_interest(*named), Origin::Applicant, evidence);
        }
    }
    let themselves = Party::new(&judge.name, None, "");
    let evidence =
        |by, company: &str| Evidence { by, theirs: judge.name.clone(), company: company.to_owned(), until: None };
    if let Some((place, _, owner)) = applicant.circle.place(&themselves)
        && place != Place::Itself
    {
        add(Kind::Investor, Origin::Detected, evidence(By::Ownership, &owner.name));
    }
    if !judge.email.is_empty() && applicant.lead_email.trim().to_lowercase() == judge.email {
        add(Kind::CoApplicant, Origin::Detected, evidence(By::Lead, &applicant.company.name));
    }
    if applicant.authors.contains(&judge.person) {
        add(Kind::CoApplicant, Origin::Detected, evidence(By::Author, &applicant.company.name));
    }
    if applicant.same_country && judge.country == Some(applicant.country) {
        add(Kind::SameCountry, Origin::Detected, evidence(By::Country, &applicant.company.name));
    }
    found.into_iter().map(|((kind, origin), evidence)| Found { kind, origin, evidence }).collect()
}

fn tied(tie: &PersonTie, applicant: &Applicant<'_>, since: NaiveDate) -> Option<(Kind, Evidence)> {
    if tie.ended_on.is_some_and(|ended| ended < since) {
        return None;
    }
    let (place, by, company) = applicant.circle.place(&tie.party)?;
    let kind = match (tie.kind, place) {
        (InterestKind::Employer, Place::Itself) => Kind::SameEmployer,
        (InterestKind::Employer, Place::Group) => Kind::SameGroup,
        (InterestKind::Employer, Place::Investor) => Kind::Investor,
        // Whoever left an investor of theirs, or competes with one, has no interest in them.
        (_, Place::Investor) => return None,
        (InterestKind::FormerEmployer, _) => Kind::FormerEmployer,
        (other, _) => of_interest(other),
    };
    let by = if place == Place::Itself { tie.seat.unwrap_or(by) } else { by };
    let evidence = Evidence { by, theirs: tie.party.name.clone(), company: company.name.clone(), until: tie.ended_on };
    Some((kind, evidence))
}

/// The applicant's named company, or one of its group, is where this person works, or is this person.
fn named_tie(judge: &Judge, circle: &Circle) -> Option<Evidence> {
    let employers = judge.ties.iter().filter(|tie| tie.kind == InterestKind::Employer).map(|tie| tie.party.clone());
    let themselves = Party::new(&judge.name, None, "");
    employers.chain([themselves]).find_map(|party| match circle.place(&party)? {
        (Place::Investor, ..) => None,
        (_, by, company) => {
            Some(Evidence { by, theirs: party.name.clone(), company: company.name.clone(), until: None })
        }
    })
}

const fn of_interest(kind: InterestKind) -> Kind {
    match kind {
        InterestKind::Employer => Kind::SameEmployer,
        InterestKind::FormerEmployer => Kind::FormerEmployer,
        InterestKind::Competitor => Kind::Competitor,
        InterestKind::Investor => Kind::Investor,
        InterestKind::Customer => Kind::Customer,
        InterestKind::Family => Kind::Family,
    }
}

/// A conflict on record between the same two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub kind: Kind,
    pub origin: Origin,
    pub state: State,
    /// `None` if what it rests on cannot be read any more.
    pub evidence: Option<Evidence>,
}

/// What has to be done so that the record says what the facts show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    Insert(Found),
    /// In force (again), resting on this: a waiver was given for other facts.
    Renew(Found),
    End(Kind, Origin),
}

/// Compares. What was declared or recorded by an officer is never touched.
pub fn changes(found: &[Found], known: &[Known]) -> Vec<Change> {
    let mut changes = Vec::new();
    for one in found {
        match known.iter().find(|known| (known.kind, known.origin) == (one.kind, one.origin)) {
            None => changes.push(Change::Insert(one.clone())),
            Some(known) if known.state == State::Ended || known.evidence.as_ref() != Some(&one.evidence) => {
                changes.push(Change::Renew(one.clone()));
            }
            Some(_) => {}
        }
    }
    for known in known.iter().filter(|known| known.origin.is_found() && known.state != State::Ended) {
        if !found.iter().any(|one| (one.kind, one.origin) == (known.kind, known.origin)) {
            changes.push(Change::End(known.kind, known.origin));
        }
    }
    changes
}

const REASON_LENGTH_MAX: usize = 2_000;

/// The words of a declaration, a record, or a waiver. The field is `reason`.
pub fn reason(typed: &str) -> Result<String, Invalid> {
    match sentence(typed, true, REASON_LENGTH_MAX) {
        Ok(()) => Ok(typed.trim().to_owned()),
        Err(problem) => Err(Invalid::one("reason", problem)),
    }
}

/// Whether this officer may ask that the conflict of `person` does not count: never their own, and never a seat in
/// the applicant's own company.
pub fn may_ask(me: PersonId, person: PersonId, state: State, evidence: Option<&Evidence>) -> Result<(), Problem> {
    if me == person {
        Err(Problem::OwnConflict)
    } else if evidence.is_some_and(|evidence| evidence.by == By::Seat) {
        Err(Problem::OwnCompany)
    } else if state == State::InForce {
        Ok(())
    } else {
        Err(Problem::AlreadyDone)
    }
}

/// Whether this officer may say yes or no to what another asked: a second one, and not the one whose conflict it is.
pub fn may_decide(me: PersonId, person: PersonId, asked_by: PersonId) -> Result<(), Problem> {
    if me == person {
        Err(Problem::OwnConflict)
    } else if me == asked_by {
        Err(Problem::SecondSignatureSame)
    } else {
        Ok(())
    }
}
