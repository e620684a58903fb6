//! Calls typed, published and read back: what a template makes, what is wrong and where, and who fits.

use chrono::{DateTime, Utc};

use super::{
    check::{Rule, fits},
    draft::Typed,
    publish::{Known, terms},
    *,
};
use crate::{
    country::Country,
    gpu::GpuTime,
    mode::{self, Outcome, tests::mode},
    period::brussels_day,
    problem::Problem,
    review,
};

fn now() -> DateTime<Utc> {
    "2026-11-23T09:00:00Z".parse().unwrap()
}

fn known() -> Known {
    let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Known {
        pots: list(&["union", "participating_state"]),
        funded: list(&["participating_state"]),
        sites: list(&["alpha", "beta"]),
        calls: list(&["OTHER"]),
    }
}

fn sent(pairs: &[(&str, &str)]) -> Typed {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// A template with what it leaves open filled in.
fn filled(code: Code) -> Draft {
    let on = brussels_day(now());
    let rubric = review::rubric(code.code(), on).unwrap();
    let mut draft = template::of_mode(&mode(code), rubric, on, |key, language| format!("{key} in {language}"));
    draft.set("code", "ls-2027-spring");
    draft
}

fn published(draft: &Draft) -> Terms {
    terms(draft, &known(), now()).unwrap_or_else(|invalid| panic!("{invalid}"))
}

fn faults(draft: &Draft) -> Vec<(String, Problem)> {
    terms(draft, &known(), now()).map(|_| Vec::new()).unwrap_or_else(|invalid| invalid.0)
}

fn fault(draft: &Draft) -> (String, Problem) {
    let mut found = faults(draft);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[test]
fn every_template_needs_nothing_but_a_code_and_says_what_its_mode_says() {
    for code in Code::ALL {
        let mut draft = filled(code);
        let terms = published(&draft);
        let mode = mode(code);
        let made = terms.mode(mode.version);
        assert_eq!(terms.code, "LS-2027-SPRING");
        assert_eq!(
            (made.more_than_hours, made.at_most_hours, &made.months, made.max_gpus, &made.classes, made.working_days),
            (
                mode.more_than_hours,
                mode.at_most_hours,
                &mode.months,
                mode.max_gpus,
                &mode.classes,
                terms.working_days()
            )
        );
        assert!(terms.plan.is_sound() && terms.rubric.criteria.len() >= 2);
        assert_eq!(made.next_cut_off(now()), mode.next_cut_off(now()));
        draft.set("code", "");
        assert_eq!(fault(&draft), ("code".to_owned(), Problem::Required));
    }
}

#[test]
fn each_fault_is_at_its_field() {
    let cases: &[(&str, &str, &str, Problem)] = &[
        ("code", "a b", "code", Problem::CallCode),
        ("mode", "XL", "mode", Problem::Required),
        ("title-fr", "", "title-fr", Problem::Required),
        ("title-en", "bell\u{7}", "title-en", Problem::ControlCharacters),
        ("at_most", "50000", "at_most", Problem::TooSmall { min: 50_001 }),
        ("more_than", "-1", "more_than", Problem::TooSmall { min: 0 }),
        ("months", "3, many", "months", Problem::NotANumber),
        ("months", "36", "months", Problem::TooLarge { max: 24 }),
        ("pot", "mine", "pot", Problem::NotAChoice),
        ("per_group", "0", "per_group", Problem::TooSmall { min: 1 }),
        ("exclusive", "NONE-SUCH", "exclusive", Problem::NotAChoice),
        ("threshold", "5.01", "threshold", Problem::TooLarge { max: 5 }),
        ("days-expert_review", "soon", "days-expert_review", Problem::NotANumber),
        ("step-decision", "", "step-decision", Problem::Required),
        ("reviews", "11", "reviews", Problem::TooLarge { max: 10 }),
        ("intake", "", "intake", Problem::Required),
        ("cut_offs", "2026-11-31", "cut_offs", Problem::NotADate),
        ("cut_offs", "2026-11-20", "cut_offs", Problem::InThePast),
        ("time", "25:00", "time", Problem::NotATime),
        ("opens", "2027-06-01", "opens", Problem::TooLate),
        ("places", "0", "places", Problem::TooSmall { min: 1 }),
        ("funds", "much", "funds", Problem::NotANumber),
        ("funds", "0", "funds", Problem::NotPositive),
        ("grade-3-en", "", "grade-3-en", Problem::Required),
    ];
    for (field, typed, at, problem) in cases {
        let mut draft = filled(Code::LS);
        draft.set(field, typed);
        assert_eq!(fault(&draft), ((*at).to_owned(), *problem), "{field} {typed:?}");
        assert!(Section::of(at).is_some(), "{at} is in a section");
    }
}

#[test]
fn weights_are_one_whole_and_criteria_come_and_go() {
    let mut draft = filled(Code::LS);
    draft.take(Section::Rubric, &sent(&[("criterion-3-weight", "31")]));
    assert_eq!(fault(&draft), ("criterion-1-weight".to_owned(), Problem::WeightsNotWhole));
    // The third goes, a fourth comes; the last block of the form was left empty.
    let page = [
        ("criterion-3-remove", "on"),
        ("criterion-4-weight", "30"),
        ("criterion-4-title-en", "Openness"),
        ("criterion-4-title-fr", "Ouverture"),
        ("criterion-5-weight", ""),
    ];
    draft.take(Section::Rubric, &sent(&page));
    let codes: Vec<_> = published(&draft).rubric.criteria.iter().map(|one| one.code.to_string()).collect();
    assert_eq!(codes, ["excellence", "impact", "c1"]);
}

#[test]
fn a_draft_takes_anything_of_its_page_and_nothing_else() {
    let mut draft = Draft::default();
    draft
        .take(Section::Size, &sent(&[("max_gpus", "<b>many</b>"), ("model-H100", "on"), ("code", "X"), ("evil", "x")]));
    assert_eq!((draft.get("max_gpus"), draft.get("code"), draft.get("evil")), ("<b>many</b>", "", ""));
    draft.take(Section::Size, &sent(&[("max_gpus", &"9".repeat(10_000_000))]));
    assert!(!draft.is_ticked("model-H100"), "a box that was not sent is not ticked");
    assert_eq!(draft.get("max_gpus").len(), 8_000);
    assert!(!faults(&draft).is_empty());
}

#[test]
fn questions_keep_their_codes_wherever_they_stand() {
    let mut draft = filled(Code::LS);
    for place in 1..=3 {
        assert_eq!(draft.add_question(), Some(place));
    }
    let ask = |place: usize, more: &[(&str, &str)]| {
        let names = [("kind", "yes_no"), ("label-en", "Why?"), ("label-fr", "Pourquoi ?")];
        let pairs =
            names.iter().chain(more).map(|(name, value)| (format!("question-{place}-{name}"), (*value).to_owned()));
        pairs.collect::<Typed>()
    };
    assert!(draft.take_question(1, &ask(1, &[])));
    assert!(draft.take_question(2, &ask(2, &[("kind", "long"), ("words_max", "200"), ("shown_if", "1=yes")])));
    assert!(draft.take_question(3, &ask(3, &[("kind", "choice"), ("choices-en", "A\nB"), ("choices-fr", "A\nB\nC")])));
    assert!(!draft.take_question(4, &ask(4, &[])) && !draft.take_question(0, &ask(0, &[])));
    assert_eq!(fault(&draft), ("question-3-choices-fr".to_owned(), Problem::Mismatch));
    draft.take_question(3, &ask(3, &[("choices-fr", "A\nB")]));
    let terms = published(&draft);
    assert_eq!(terms.questions.iter().map(|one| one.code.as_str()).collect::<String>(), "123");
    // Before the question it depends on, a question can never be shown.
    draft.raise_question(2);
    assert_eq!(fault(&draft), ("question-1-shown_if".to_owned(), Problem::NotAChoice));
    draft.remove_question(1);
    assert_eq!(draft.add_question(), Some(3));
    let codes: Vec<_> = draft.questions.iter().map(|one| one.get("code").unwrap().as_str()).collect();
    assert_eq!(codes, ["1", "3", "4"], "a code is never given twice");
}

#[test]
fn a_copy_has_no_code_and_no_days_and_two_versions_tell_their_differences() {
    let old = filled(Code::LS);
    let mut new = old.clone();
    new.set("max_gpus", "4096");
    new.add_question();
    let found = differences(&old, &new);
    let expect = |name: &str, before: &str, after: &str| (name.to_owned(), before.to_owned(), after.to_owned());
    assert_eq!(
        found,
        [
            expect("max_gpus", "8192", "4096"),
            expect("question.1.kind", "", "long"),
            expect("question.1.place", "", "1"),
        ]
    );
    let copy = old.copied();
    assert_eq!((copy.get("code"), copy.get("cut_offs"), copy.get("max_gpus")), ("", "", "8192"));
}

#[test]
fn every_rule_of_admission_says_what_it_saw() {
    let mut draft = filled(Code::LS);
    draft.take(
        Section::Eligibility,
        &sent(&[
            ("programme-digital_europe", "on"),
            ("class-small", "on"),
            ("per_organisation", "1"),
            ("per_group", "2"),
            ("exclusive", "other"),
            ("needs_reports", "on"),
        ]),
    );
    draft.set("model-H100", "on");
    let terms = published(&draft);
    let open = terms.intake.standing(State::Published, None, Taken::default(), now());
    let outcomes = |standing, facts: &Facts| -> Vec<(Rule, Outcome)> {
        fits(&terms, standing, facts, now()).into_iter().map(|check| (check.rule, check.outcome)).collect()
    };
    let failed = |standing, facts: &Facts| -> Vec<Rule> {
        let found = outcomes(standing, facts).into_iter();
        found.filter(|(_, outcome)| *outcome == Outcome::Fail).map(|(rule, _)| rule).collect()
    };
    let good = Facts {
        of_mode: mode::Facts {
            country: Country::from_code("UA"),
            size_class: Some(SizeClass::Small),
            gpu_time: GpuTime::hours(60_000).ok(),
            ..mode::Facts::default()
        },
        own: Some(0),
        group: Some(1),
        applied_elsewhere: None,
        reports: Reports::Complete,
        model: Some(GpuModel::H100),
    };
    assert_eq!(failed(open, &good), []);
    // Switzerland is associated to Digital Europe since 2025; Georgia is not.
    let bad = Facts {
        of_mode: mode::Facts {
            country: Country::from_code("GE"),
            size_class: Some(SizeClass::Large),
            ..good.of_mode.clone()
        },
        own: Some(1),
        group: Some(2),
        applied_elsewhere: Some("OTHER".to_owned()),
        reports: Reports::Overdue("GH-LS-2026-00001".to_owned()),
        model: Some(GpuModel::A100),
    };
    let all = [
        Rule::Open,
        Rule::Country,
        Rule::SizeClass,
        Rule::PerOrganisation,
        Rule::PerGroup,
        Rule::Exclusive,
        Rule::Reports,
        Rule::Model,
    ];
    assert_eq!(failed(Standing::Closed(Closing::Places), &bad), all);
    // Before anything is known only what is known is said.
    let unknown = outcomes(open, &Facts::default());
    let said: Vec<Rule> =
        unknown.iter().filter(|(_, outcome)| *outcome != Outcome::Open).map(|(rule, _)| *rule).collect();
    assert_eq!(said, [Rule::Open]);
}

#[test]
fn a_split_call_needs_somebody_to_invoice() {
    let mut draft = filled(Code::LS);
    assert!(!published(&draft).is_split);
    draft.set("pot", "union");
    draft.set("split", "on");
    assert_eq!(fault(&draft), ("split".to_owned(), Problem::PotWithoutFunder));
    draft.set("pot", "participating_state");
    assert!(published(&draft).is_split);
}
