//! Conflicts of interest, kind by kind: what is found, and what is not.

use uuid::Uuid;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn today() -> NaiveDate {
    day("2026-11-23")
}

fn country(code: &str) -> Country {
    Country::from_code(code).unwrap()
}

fn organisation(n: u128) -> OrganisationId {
    OrganisationId::from_uuid(Uuid::from_u128(n))
}

fn person(n: u128) -> PersonId {
    PersonId::from_uuid(Uuid::from_u128(n))
}

fn named(name: &str) -> Party {
    Party::new(name, None, "")
}

fn entered(name: &str, code: &str, number: &str) -> Party {
    Party::new(name, Some(country(code)), number)
}

/// Alpha and Beta belong to Holding; Gamma holds a tenth of Alpha; Delta is a stranger.
fn register() -> Register {
    Register::new(vec![
        Company {
            id: organisation(1),
            country: country("DE"),
            party: entered("Alpha Robotics GmbH", "DE", "HRB 1"),
            links: vec![
                (named("Holding AG"), Tie::Group),
                (named("Gamma Capital"), Tie::Investor),
                (named("Ines Angel"), Tie::Investor),
            ],
        },
        Company {
            id: organisation(2),
            country: country("FR"),
            party: entered("Beta Sensors SAS", "FR", "303 265 045"),
            links: vec![(named("HOLDING A.G."), Tie::Group)],
        },
        Company {
            id: organisation(3),
            country: country("FI"),
            party: entered("Delta Textiles Oy", "FI", "99"),
            links: vec![],
        },
    ])
}

fn judge(ties: Vec<PersonTie>) -> Judge {
    Judge {
        person: person(1),
        name: "Rita Reviewer".to_owned(),
        email: "rita@x.example".to_owned(),
        country: Some(country("DE")),
        ties,
    }
}

fn tie(kind: InterestKind, party: Party) -> PersonTie {
    PersonTie { kind, party, ended_on: None, seat: None }
}

/// Kind, origin and what it was found by, of a person with these ties and Alpha.
fn with(ties: Vec<PersonTie>) -> Vec<(Kind, By)> {
    found(&judge(ties), &[], "lead@x.example", &[], false)
}

fn found(
    judge: &Judge,
    named: &[(InterestKind, Party)],
    lead_email: &str,
    authors: &[PersonId],
    same_country: bool,
) -> Vec<(Kind, By)> {
    let register = register();
    let company = &register.company(organisation(1)).unwrap().party;
    let circle = register.circle(company);
    let named: Vec<_> = named.iter().map(|(kind, party)| (*kind, register.circle(party))).collect();
    let country = country("DE");
    let applicant = Applicant { company, country, circle: &circle, named: &named, lead_email, authors, same_country };
    detect(judge, &applicant, today()).into_iter().map(|one| (one.kind, one.evidence.by)).collect()
}

#[test]
fn one_company_has_one_name_however_it_is_written() {
    for (one, other) in [
        ("Müller & Söhne GmbH", "Mueller".to_owned().as_str()),
        ("L'Oréal S.A.", "LOREAL SA"),
        ("Ørsted A/S", "orsted"),
        ("Ｆｕｌｌ Ｗｉｄｔｈ Ltd.", "full width limited"),
        ("Nova Sp. z o.o.", "NOVA"),
        ("UAB „Šviesa“", "sviesa"),
        ("Alpha GmbH & Co. KG", "alpha"),
        ("Müller und Söhne", "MÜLLER & SÖHNE OHG"),
        ("Straße AG", "strasse ag"),
        ("Ελληνική ΑΕ", "Ellenike AE"),
        ("de\u{301}ja", "déja S.R.L."),
    ] {
        if one.starts_with("Müller & Söhne G") {
            // German transcription of the umlaut is not a form of writing that Unicode knows.
            assert_ne!(name_key(one), name_key(other));
        } else {
            assert_eq!(name_key(one), name_key(other), "{one} and {other}");
        }
    }
    assert_ne!(name_key("Alpha Robotics"), name_key("Alpha Sensors"));
    assert_eq!(name_key("SE"), "se", "a name is never all legal form");
    assert_eq!(name_key("— !"), "", "nothing to compare");
    assert!(named("— !").is(&named("!?")).is_none(), "and so nothing equal");
}

#[test]
fn the_register_counts_more_than_the_name() {
    let entry = entered("Nova GmbH", "DE", "HRB 1");
    assert_eq!(entry.is(&entered("Nova Renamed SE", "DE", "hrb-1")), Some(By::Registration));
    assert_eq!(entry.is(&entered("Nova GmbH", "DE", "HRB 2")), None, "two of that name");
    assert_eq!(entry.is(&entered("Nova GmbH", "FR", "HRB 2")), Some(By::Name), "a foreign branch");
    assert_eq!(entry.is(&named("NOVA")), Some(By::Name));
}

#[test]
fn employers_are_found_by_register_name_and_group() {
    use InterestKind::{Employer, FormerEmployer};
    let by_number = tie(Employer, entered("Alpha (renamed)", "DE", "HRB1"));
    assert_eq!(with(vec![by_number]), [(Kind::SameEmployer, By::Registration)]);
    assert_eq!(with(vec![tie(Employer, named("ALPHA ROBOTICS"))]), [(Kind::SameEmployer, By::Name)]);
    assert_eq!(with(vec![tie(Employer, named("Holding"))]), [(Kind::SameGroup, By::Ownership)]);
    assert_eq!(with(vec![tie(Employer, named("Beta Sensors"))]), [(Kind::SameGroup, By::Ownership)], "a sister");
    assert_eq!(with(vec![tie(Employer, named("Gamma Capital"))]), [(Kind::Investor, By::Ownership)]);
    assert_eq!(with(vec![tie(Employer, named("Delta Textiles"))]), []);
    let seat = PersonTie { seat: Some(By::Seat), ..tie(Employer, entered("Alpha Robotics GmbH", "DE", "HRB 1")) };
    assert_eq!(with(vec![seat]), [(Kind::SameEmployer, By::Seat)]);
    let left = |day_left| PersonTie { ended_on: Some(day(day_left)), ..tie(FormerEmployer, named("Alpha Robotics")) };
    assert_eq!(with(vec![left("2023-11-23")]), [(Kind::FormerEmployer, By::Name)], "three years ago to the day");
    assert_eq!(with(vec![left("2023-11-22")]), [], "and a day");
    let sister = PersonTie { ended_on: Some(day("2025-01-01")), ..tie(FormerEmployer, named("Beta Sensors")) };
    assert_eq!(with(vec![sister]), [(Kind::FormerEmployer, By::Ownership)]);
}

#[test]
fn either_side_can_name_competitors_investors_and_customers() {
    use InterestKind::{Competitor, Customer, Employer, Family, Investor};
    for (interest, kind) in
        [(Competitor, Kind::Competitor), (Investor, Kind::Investor), (Customer, Kind::Customer), (Family, Kind::Family)]
    {
        assert_eq!(with(vec![tie(interest, named("Alpha Robotics"))]), [(kind, By::Name)], "{interest:?}");
    }
    let employed = judge(vec![tie(Employer, named("Delta Textiles"))]);
    let by_them = |party: Party| found(&employed, &[(Competitor, party)], "", &[], false);
    assert_eq!(by_them(named("DELTA TEXTILES OY")), [(Kind::Competitor, By::Name)]);
    assert_eq!(by_them(named("Epsilon")), []);
    let sister = judge(vec![tie(Employer, named("Beta Sensors"))]);
    let named_holding = found(&sister, &[(Investor, named("Holding"))], "", &[], false);
    assert_eq!(named_holding, [(Kind::SameGroup, By::Ownership), (Kind::Investor, By::Ownership)]);
    let angel = Judge { name: "Inès ANGEL".to_owned(), ..judge(vec![]) };
    assert_eq!(found(&angel, &[], "", &[], false), [(Kind::Investor, By::Ownership)], "in the ownership table");
}

#[test]
fn who_leads_or_writes_it_and_who_shares_a_country() {
    let rita = judge(vec![]);
    assert_eq!(found(&rita, &[], " Rita@X.example ", &[], false), [(Kind::CoApplicant, By::Lead)]);
    assert_eq!(found(&rita, &[], "", &[person(1)], false), [(Kind::CoApplicant, By::Author)]);
    assert_eq!(found(&rita, &[], "", &[person(2)], true), [(Kind::SameCountry, By::Country)]);
    assert_eq!(found(&Judge { country: None, ..rita }, &[], "", &[], true), []);
}

#[test]
fn ownership_makes_a_group_from_a_quarter_on_and_investors_by_trade_do_not() {
    let share = BasisPoints::new;
    assert_eq!(Tie::of(HolderKind::Enterprise, share(2_500), false), Tie::Group);
    assert_eq!(Tie::of(HolderKind::Enterprise, share(2_499), false), Tie::Investor);
    assert_eq!(Tie::of(HolderKind::Enterprise, share(1_000), true), Tie::Group);
    assert_eq!(Tie::of(HolderKind::VentureCapital, share(4_000), false), Tie::Investor);
    assert_eq!(Tie::of(HolderKind::VentureCapital, share(4_000), true), Tie::Group);
}

#[test]
fn rings_of_owners_end() {
    let ring = Register::new(
        (1..=4)
            .map(|n| Company {
                id: organisation(n),
                country: country("DE"),
                party: named(&format!("Ring {n}")),
                links: vec![(named(&format!("Ring {}", n % 4 + 1)), Tie::Group)],
            })
            .collect(),
    );
    let circle = ring.circle(&named("Ring 1"));
    assert_eq!(circle.group.len(), 4);
}

#[test]
fn facts_that_change_change_the_record_and_nothing_declared() {
    let evidence =
        |theirs: &str| Evidence { by: By::Name, theirs: theirs.to_owned(), company: "Alpha".to_owned(), until: None };
    let found = |theirs| Found { kind: Kind::Competitor, origin: Origin::Detected, evidence: evidence(theirs) };
    let known =
        |origin, state, theirs| Known { kind: Kind::Competitor, origin, state, evidence: Some(evidence(theirs)) };
    let detected = |state| [known(Origin::Detected, state, "Alpha")];
    assert_eq!(changes(&[found("Alpha")], &[]), [Change::Insert(found("Alpha"))]);
    assert_eq!(changes(&[found("Alpha")], &detected(State::InForce)), []);
    assert_eq!(changes(&[found("Alpha")], &detected(State::Waived)), [], "waived for these facts");
    assert_eq!(changes(&[found("Other")], &detected(State::Waived)), [Change::Renew(found("Other"))], "not for others");
    assert_eq!(changes(&[found("Alpha")], &detected(State::Ended)), [Change::Renew(found("Alpha"))]);
    assert_eq!(changes(&[], &detected(State::InForce)), [Change::End(Kind::Competitor, Origin::Detected)]);
    assert_eq!(changes(&[], &detected(State::Ended)), []);
    for origin in [Origin::Declared, Origin::Officer] {
        assert_eq!(changes(&[], &[known(origin, State::InForce, "Alpha")]), [], "{origin:?}");
    }
}

#[test]
fn a_waiver_takes_two_and_never_oneself() {
    assert_eq!(may_ask(person(1), person(2), State::InForce, None), Ok(()));
    assert_eq!(may_ask(person(2), person(2), State::InForce, None), Err(Problem::OwnConflict));
    assert_eq!(may_ask(person(1), person(2), State::Waived, None), Err(Problem::AlreadyDone));
    let seat = Evidence { by: By::Seat, theirs: String::new(), company: String::new(), until: None };
    assert_eq!(may_ask(person(1), person(2), State::InForce, Some(&seat)), Err(Problem::OwnCompany));
    assert_eq!(may_decide(person(3), person(2), person(1)), Ok(()));
    assert_eq!(may_decide(person(1), person(2), person(1)), Err(Problem::SecondSignatureSame));
    assert_eq!(may_decide(person(2), person(2), person(1)), Err(Problem::OwnConflict));
    assert_eq!(reason("  ").unwrap_err(), Invalid::one("reason", Problem::Required));
    assert_eq!(reason(" Long ago. ").unwrap(), "Long ago.");
}
