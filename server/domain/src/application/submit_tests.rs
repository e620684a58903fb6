//! What submitting demands, on a whole application with one thing changed at a time.

use super::*;
use crate::{
    mode::{Code, tests::mode},
    organisation::SizeClass,
};

fn now() -> DateTime<Utc> {
    "2026-11-23T09:00:00Z".parse().unwrap()
}

fn facts() -> Facts {
    Facts { country: Country::from_code("DE"), size_class: Some(SizeClass::Small), open: Some(0), ..Facts::default() }
}

fn whole_draft() -> Draft {
    let mut draft = Draft::default();
    for (name, value) in [
        ("title", "Speech for small languages"),
        ("abstract", "We train a speech model."),
        ("innovation", "Nobody has one."),
        ("impact", "Much."),
        ("work_plan", "First, then."),
        ("readiness", "Ran on 8 GPUs."),
        ("model", "H100"),
        ("fallback_1", "A100"),
        ("method", "typed"),
        ("hours", "4 800"),
        ("gpus", "16"),
        ("earliest", "2026-12-07"),
        ("months", "1"),
        ("data_source", "Own recordings."),
        ("personal_data", "pseudonymised"),
        ("residency", "eea"),
        ("role", "provider"),
        ("risk", "minimal"),
        ("practice", "none"),
        ("general_purpose", "no"),
        ("not_started", "yes"),
        ("civil", "yes"),
        ("truthful", "yes"),
        ("lead_name", "Ada Lovelace"),
        ("lead_email", "ada@example.com"),
        ("lead_contract_end", "2028-01-01"),
    ] {
        draft.set(name, value);
    }
    draft
}

fn with(changes: &[(&str, &str)]) -> Draft {
    let mut draft = whole_draft();
    for (name, value) in changes {
        draft.set(name, value);
    }
    draft
}

fn problems(draft: &Draft, facts: &Facts, code: Code) -> Vec<(String, Problem)> {
    submit(draft, facts, &mode(code), now()).err().map(|invalid| invalid.0).unwrap_or_default()
}

#[test]
fn a_whole_draft_becomes_a_need() {
    let submitted = submit(&whole_draft(), &facts(), &mode(Code::PG), now()).unwrap();
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    assert_eq!(
        submitted.need,
        Need {
            model: GpuModel::H100,
            fallback: vec![GpuModel::A100],
            gpus: 16,
            gpu_time: GpuTime::hours(4_800).unwrap(),
            earliest: day("2026-12-07"),
            deadline: day("2027-01-06"),
            flexible: false,
            pauses: false,
            residency: Residency::Eea,
            least: BasisPoints::WHOLE,
            preferred: vec![],
            offered_at: vec![],
        }
    );
}

#[test]
fn an_empty_draft_is_told_everything_at_once() {
    let found = problems(&Draft::default(), &Facts::default(), Code::LS);
    let named: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(named.first(), Some(&"organisation"));
    for field in FIELDS.iter().filter(|field| is_needed(field, &Draft::default())) {
        assert!(named.contains(&field.name), "{} is missing", field.name);
    }
    let places: Vec<usize> =
        named.iter().filter_map(|name| FIELDS.iter().position(|field| field.name == *name)).collect();
    assert!(places.is_sorted(), "in the order of the pages: {named:?}");
}

#[test]
fn one_thing_wrong_is_one_problem_of_its_field() {
    use Problem::{
        ControlCharacters, MustAccept, NoCapacity, NotAChoice, NotAnEmail, Prohibited, Required, TooLarge, TooLong,
        TooSmall, TooSoon,
    };
    type Case<'a> = (&'a [(&'a str, &'a str)], &'a str, Problem);
    let cases: &[Case<'_>] = &[
        (&[("title", " ")], "title", Required),
        (&[("title", "a\u{7}b")], "title", ControlCharacters),
        (&[("abstract", &"x".repeat(3_001))], "abstract", TooLong { max: 3_000 }),
        (&[("hours", "5001")], "hours", TooLarge { max: 5_000 }),
        (&[("hours", "0")], "hours", TooSmall { min: 1 }),
        (&[("gpus", "65")], "gpus", TooLarge { max: 64 }),
        (&[("gpus", "2")], "gpus", NoCapacity),
        (&[("months", "6")], "months", NotAChoice),
        (&[("earliest", "2026-11-25")], "earliest", TooSoon),
        (&[("deadline", "2026-12-20")], "deadline", TooSoon),
        (&[("unit", "core_hour"), ("system", "")], "unit", NotAChoice),
        (&[("fallback_2", "H100")], "fallback_1", NotAChoice),
        (&[("least", "10")], "least", NotAChoice),
        (&[("residency", "country")], "residency_country", Required),
        (&[("practice", "f")], "practice", Prohibited),
        (&[("civil", "")], "civil", MustAccept),
        (&[("lead_email", "ada@example")], "lead_email", NotAnEmail),
        (&[("lead_contract_end", "2027-02-01")], "lead_contract_end", TooSoon),
    ];
    for (changes, field, problem) in cases {
        let found = problems(&with(changes), &facts(), Code::PG);
        assert!(found.contains(&((*field).to_owned(), *problem)), "{changes:?}: {found:?}");
    }
}

#[test]
fn units_and_trainings_become_gpu_hours() {
    let node = with(&[("unit", "node_hour"), ("hours", "1250"), ("system", "leonardo")]);
    assert_eq!(gpu_time(&node), Ok(GpuTime::hours(5_000).unwrap()));
    let gcd = with(&[("unit", "gcd_hour"), ("hours", "100"), ("model", "MI250X")]);
    assert_eq!(gpu_time(&gcd), Ok(GpuTime::hours(50).unwrap()));
    let training =
        [("method", "training"), ("parameters", "7"), ("tokens", "2 000"), ("utilisation", "40"), ("restarts", "10")];
    assert_eq!(gpu_time(&with(&training)), Ok(GpuTime::seconds(233_569_262)));
    let unknown = [("method", "training"), ("parameters", "7"), ("tokens", "2 000")];
    assert_eq!(gpu_time(&with(&unknown)), Err(("utilisation", Problem::Required)));
}

#[test]
fn the_organisation_is_tested_again() {
    let american = Facts { country: Country::from_code("US"), ..facts() };
    assert_eq!(problems(&whole_draft(), &american, Code::PG), [("organisation".to_owned(), Problem::NotEligible)]);
    let unknown = Facts { size_class: None, ..facts() };
    assert_eq!(problems(&whole_draft(), &unknown, Code::PG), [("organisation".to_owned(), Problem::Required)]);
    let busy = Facts { open: Some(1), ..facts() };
    assert_eq!(problems(&whole_draft(), &busy, Code::PG), [(String::new(), Problem::AlreadyDone)]);
}

#[test]
fn what_could_be_systemic_cannot_be_no_general_purpose_model() {
    let huge = with(&[
        ("model", "B200"),
        ("fallback_1", ""),
        ("hours", "2 400 000"),
        ("gpus", "2000"),
        ("months", "3"),
        ("earliest", "2027-01-11"),
    ]);
    assert_eq!(problems(&huge, &facts(), Code::LS), []);
    let all = submit(&huge, &facts(), &mode(Code::LS), now()).unwrap();
    assert!(all.flop.len() > 20);
}
