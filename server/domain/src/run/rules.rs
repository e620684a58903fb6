//! The rules a run goes by, and how an officer types them.

use serde::{Deserialize, Serialize};

use super::Ties;
use crate::{
    country::Country,
    id::SiteId,
    problem::{Invalid, Problem},
    typed,
};

/// What an officer may change between runs. A field that an older version did not know has its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    /// Of all hours, at least, for start-ups and small and medium companies; per cent.
    pub small_share: i64,
    /// Of all hours, at most, for any one country; per cent.
    pub country_share: i64,
    /// Of all hours that are free, at most, for any one organisation; per cent.
    pub organisation_share: i64,
    /// What an hour of a start-up or a small or medium company weighs, per cent of any other's.
    pub small_weight: i64,
    /// Hours that being served at all counts for: more of them serve more companies, fewer give more hours.
    pub bonus_hours: i64,
    /// What an hour loses away from the sites that its applicant prefers; per cent.
    pub away_loss: i64,
    /// Hours that each pause of work that may pause loses: more of them keep such work together.
    pub pause_hours: i64,
    /// Hours of each country with an applicant that count for more, until it has so many.
    pub floor_hours: i64,
    /// Merit that each of those hours has besides its own; hundredths of a grade.
    pub floor_merit: i64,
    /// Whole euros that the programme's subsidy may reach.
    pub budget: i64,
    /// Whole euros besides, for organisations of one country only.
    pub country_budgets: Vec<(Country, i64)>,
    /// Whole euros of de minimis aid that one organisation may have in three years (Reg. (EU) 2023/2831, Art. 3(2)).
    pub de_minimis_ceiling: i64,
    /// Per cent of GPUs that are not there, on top of those that are: what if there were more of them?
    pub extra_gpus: i64,
    /// The one site that has them; every site if none.
    pub extra_at: Option<SiteId>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            small_share: 40,
            country_share: 100,
            organisation_share: 100,
            small_weight: 100,
            bonus_hours: 2_000,
            away_loss: 10,
            pause_hours: 20,
            floor_hours: 0,
            floor_merit: 0,
            budget: 1_000_000_000,
            country_budgets: Vec::new(),
            de_minimis_ceiling: 300_000,
            extra_gpus: 0,
            extra_at: None,
        }
    }
}

impl Rules {
    /// Whether it plans with what does not exist, so that nobody can be offered anything.
    pub const fn is_what_if(&self) -> bool {
        self.extra_gpus > 0
    }

    /// Euros of each pot in the order of a run's instance: the programme's, then the countries'.
    pub fn budgets(&self) -> impl Iterator<Item = i64> {
        std::iter::once(self.budget).chain(self.country_budgets.iter().map(|(_, euros)| *euros))
    }

    /// As an officer would type them.
    pub fn typed(&self) -> TypedRules {
        let budgets = self.country_budgets.iter().map(|(country, budget)| format!("{country} {budget}"));
        TypedRules {
            small_share: self.small_share.to_string(),
            country_share: self.country_share.to_string(),
            organisation_share: self.organisation_share.to_string(),
            small_weight: self.small_weight.to_string(),
            bonus_hours: self.bonus_hours.to_string(),
            away_loss: self.away_loss.to_string(),
            pause_hours: self.pause_hours.to_string(),
            floor_hours: self.floor_hours.to_string(),
            floor_merit: format!("{}.{:02}", self.floor_merit / 100, self.floor_merit % 100),
            budget: self.budget.to_string(),
            country_budgets: budgets.collect::<Vec<_>>().join("\n"),
            de_minimis_ceiling: self.de_minimis_ceiling.to_string(),
            extra_gpus: self.extra_gpus.to_string(),
            extra_at: self.extra_at.map(|site| site.to_string()).unwrap_or_default(),
            ..TypedRules::default()
        }
    }
}

/// The rules and the ties of a run as typed: the fields of its form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedRules {
    pub small_share: String,
    pub country_share: String,
    pub organisation_share: String,
    pub small_weight: String,
    pub bonus_hours: String,
    pub away_loss: String,
    pub pause_hours: String,
    pub floor_hours: String,
    pub floor_merit: String,
    pub budget: String,
    /// A line each: the code of a country and euros.
    pub country_budgets: String,
    pub de_minimis_ceiling: String,
    pub extra_gpus: String,
    /// Of a site; empty for all.
    pub extra_at: String,
    /// Of a run; empty for none.
    pub after: String,
    pub move_hours: String,
    /// References, with anything between them.
    pub keep: String,
    pub leave_out: String,
    pub why: String,
}

/// Letters of a reason at most.
const WHY_MAX: i64 = 500;
const HOURS_MAX: i64 = 1_000_000;
const EUR_MAX: i64 = 100_000_000_000;

/// A whole number between the two; its fault is at the field.
fn figure(invalid: &mut Invalid, field: &str, text: &str, (min, max): (i64, i64)) -> i64 {
    let read = typed::decimal(text, 0).and_then(|value| match value {
        value if value < min => Err(Problem::TooSmall { min }),
        value if value > max => Err(Problem::TooLarge { max }),
        value => Ok(value),
    });
    read.unwrap_or_else(|problem| {
        invalid.add(field, problem);
        min
    })
}

impl TypedRules {
    /// Both sets of rules, or every problem of either at its field.
    pub fn check(&self) -> Result<(Rules, Ties), Invalid> {
        match (self.rules(), self.ties()) {
            (Ok(rules), Ok(ties)) => Ok((rules, ties)),
            (Err(mut first), Err(second)) => {
                first.0.extend(second.0);
                Err(first)
            }
            (Err(invalid), _) | (_, Err(invalid)) => Err(invalid),
        }
    }

    fn rules(&self) -> Result<Rules, Invalid> {
        let mut invalid = Invalid::default();
        let usual = Rules::default();
        let mut whole = |field: &str, text: &str, range| figure(&mut invalid, field, text, range);
        // What may stay empty has its usual figure then.
        let or_usual =
            |text: &str, usual: i64| if text.trim().is_empty() { usual.to_string() } else { text.to_owned() };
        let mut rules = Rules {
            small_share: whole("small_share", &self.small_share, (0, 100)),
            country_share: whole("country_share", &self.country_share, (1, 100)),
            organisation_share: whole(
                "organisation_share",
                &or_usual(&self.organisation_share, usual.organisation_share),
                (1, 100),
            ),
            small_weight: whole("small_weight", &or_usual(&self.small_weight, usual.small_weight), (50, 200)),
            bonus_hours: whole("bonus_hours", &self.bonus_hours, (0, HOURS_MAX)),
            away_loss: whole("away_loss", &or_usual(&self.away_loss, usual.away_loss), (0, 100)),
            pause_hours: whole("pause_hours", &or_usual(&self.pause_hours, usual.pause_hours), (0, HOURS_MAX)),
            floor_hours: whole("floor_hours", &or_usual(&self.floor_hours, usual.floor_hours), (0, HOURS_MAX)),
            budget: whole("budget", &self.budget, (0, EUR_MAX)),
            de_minimis_ceiling: whole(
                "de_minimis_ceiling",
                &or_usual(&self.de_minimis_ceiling, usual.de_minimis_ceiling),
                (0, EUR_MAX),
            ),
            extra_gpus: whole("extra_gpus", &or_usual(&self.extra_gpus, usual.extra_gpus), (0, 100)),
            ..usual
        };
        if !self.floor_merit.trim().is_empty() {
            // The limits are said in grades, as they are typed.
            match typed::decimal(&self.floor_merit, 2) {
                Ok(..0) => invalid.add("floor_merit", Problem::TooSmall { min: 0 }),
                Ok(merit @ 0..=500) => rules.floor_merit = merit,
                Ok(_) => invalid.add("floor_merit", Problem::TooLarge { max: 5 }),
                Err(problem) => invalid.add("floor_merit", problem),
            }
        }
        match self.budgets() {
            Ok(budgets) => rules.country_budgets = budgets,
            Err(problem) => invalid.add("country_budgets", problem),
        }
        match self.extra_at.trim() {
            "" => {}
            text => match text.parse() {
                // Nothing more is at no site.
                Ok(site) => rules.extra_at = Some(site).filter(|_| rules.extra_gpus > 0),
                Err(_) => invalid.add("extra_at", Problem::NotAChoice),
            },
        }
        invalid.or(rules)
    }

    /// One country and its euros a line, in the order of the countries' codes.
    fn budgets(&self) -> Result<Vec<(Country, i64)>, Problem> {
        let mut budgets = Vec::new();
        for line in self.country_budgets.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (code, euros) =
                line.split_once(|letter: char| !letter.is_alphabetic()).ok_or(Problem::CountryBudget)?;
            let country = Country::from_code(code).filter(|country| Country::participants().contains(country));
            let country = country.ok_or(Problem::CountryBudget)?;
            let euros = typed::decimal(euros.trim_start_matches([':', '=', '\t']), 0)?;
            if !(0..=EUR_MAX).contains(&euros) || budgets.iter().any(|(other, _)| *other == country) {
                return Err(Problem::CountryBudget);
            }
            budgets.push((country, euros));
        }
        budgets.sort_unstable();
        Ok(budgets)
    }

    fn ties(&self) -> Result<Ties, Invalid> {
        let mut invalid = Invalid::default();
        let references = |text: &str| {
            let words = text.split(|letter: char| letter.is_whitespace() || ",;".contains(letter));
            words.filter(|word| !word.is_empty()).map(str::to_uppercase).collect::<Vec<String>>()
        };
        let after = match self.after.trim() {
            "" => None,
            text => text.parse().map_err(|_| invalid.add("after", Problem::NotAChoice)).ok(),
        };
        let move_hours = match self.move_hours.trim() {
            "" => 0,
            text => figure(&mut invalid, "move_hours", text, (0, HOURS_MAX)),
        };
        let (keep, leave_out) = (references(&self.keep), references(&self.leave_out));
        if !keep.is_empty() && self.after.trim().is_empty() {
            invalid.add("after", Problem::Required);
        }
        if leave_out.iter().any(|reference| keep.contains(reference)) {
            invalid.add("leave_out", Problem::Mismatch);
        }
        let why = self.why.trim().to_owned();
        if !leave_out.is_empty() && why.is_empty() {
            invalid.add("why", Problem::ReasonRequired);
        }
        if i64::try_from(why.chars().count()).is_ok_and(|letters| letters > WHY_MAX) {
            invalid.add("why", Problem::TooLong { max: WHY_MAX });
        }
        invalid.or(Ties { after, move_hours, keep, leave_out, why })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::id::RunId;

    fn typed(small_share: &str, country_share: &str, bonus_hours: &str, budget: &str) -> TypedRules {
        let [small_share, country_share, bonus_hours, budget] =
            [small_share, country_share, bonus_hours, budget].map(str::to_owned);
        TypedRules { small_share, country_share, bonus_hours, budget, ..TypedRules::default() }
    }

    #[test]
    fn rules_are_read_as_people_type_them_and_refused_where_they_are_wrong() {
        let rules = typed("40", "25", "2 000", "12 500 000").check().unwrap();
        let expected = Rules { country_share: 25, budget: 12_500_000, ..Rules::default() };
        assert_eq!(rules, (expected, Ties::default()));
        let invalid = typed("101", "0", "many", "").check().unwrap_err();
        assert_eq!(invalid.of("small_share").next(), Some(Problem::TooLarge { max: 100 }));
        assert_eq!(invalid.of("country_share").next(), Some(Problem::TooSmall { min: 1 }));
        assert_eq!(invalid.of("bonus_hours").next(), Some(Problem::NotANumber));
        assert_eq!(invalid.of("budget").next(), Some(Problem::Required));
    }

    #[test]
    fn what_is_typed_for_rules_reads_back_as_the_same_rules() {
        let site = SiteId::from_uuid(Uuid::from_u128(9));
        let rules = Rules {
            organisation_share: 10,
            small_weight: 125,
            away_loss: 25,
            pause_hours: 100,
            floor_hours: 50_000,
            floor_merit: 105,
            country_budgets: vec![(Country::of(*b"DE"), 20_000_000), (Country::of(*b"PL"), 0)],
            extra_gpus: 25,
            extra_at: Some(site),
            ..Rules::default()
        };
        assert_eq!(rules.typed().check().unwrap().0, rules);
        let typed = TypedRules { country_budgets: " pl: 5 000 000\n\nDE=20.000.000".to_owned(), ..rules.typed() };
        let read = typed.check().unwrap().0.country_budgets;
        assert_eq!(read, [(Country::of(*b"DE"), 20_000_000), (Country::of(*b"PL"), 5_000_000)]);
        let typed = TypedRules { extra_gpus: String::new(), ..rules.typed() };
        assert_eq!(typed.check().unwrap().0.extra_at, None, "nothing more is at no site");
        for wrong in ["US 5", "DE", "DE 1\nde 2", "DE -1", "Germany 5"] {
            let typed = TypedRules { country_budgets: wrong.to_owned(), ..rules.typed() };
            let invalid = typed.check().unwrap_err();
            assert_eq!(invalid.of("country_budgets").next(), Some(Problem::CountryBudget), "{wrong}");
        }
        let typed = TypedRules { floor_merit: "5.01".to_owned(), extra_at: "all".to_owned(), ..rules.typed() };
        let invalid = typed.check().unwrap_err();
        assert_eq!(invalid.of("floor_merit").next(), Some(Problem::TooLarge { max: 5 }));
        assert_eq!(invalid.of("extra_at").next(), Some(Problem::NotAChoice));
    }

    #[test]
    fn rules_of_before_a_field_was_there_have_its_default() {
        let old = r#"{"small_share":40,"country_share":100,"bonus_hours":2000,"budget":1000000000}"#;
        assert_eq!(serde_json::from_str::<Rules>(old).unwrap(), Rules::default());
    }

    #[test]
    fn references_are_read_with_anything_between_and_leaving_out_needs_a_reason() {
        let run = RunId::from_uuid(Uuid::from_u128(7));
        let typed = TypedRules {
            after: run.to_string(),
            move_hours: "1 500".to_owned(),
            keep: " ghr-1, GHR-2;\nghr-3 ".to_owned(),
            leave_out: "GHR-4".to_owned(),
            why: " under review ".to_owned(),
            ..typed("40", "25", "2000", "1")
        };
        let (_, ties) = typed.check().unwrap();
        assert_eq!((ties.after, ties.move_hours, ties.why.as_str()), (Some(run), 1_500, "under review"));
        assert_eq!(
            (ties.keep, ties.leave_out),
            (["GHR-1", "GHR-2", "GHR-3"].map(str::to_owned).into(), vec!["GHR-4".to_owned()])
        );
        let wrong = TypedRules {
            after: String::new(),
            move_hours: "-1".to_owned(),
            keep: "GHR-4".to_owned(),
            why: String::new(),
            budget: "none".to_owned(),
            ..typed
        };
        let invalid = wrong.check().unwrap_err();
        let of = |field| invalid.of(field).next();
        assert_eq!((of("after"), of("leave_out")), (Some(Problem::Required), Some(Problem::Mismatch)));
        assert_eq!((of("why"), of("budget")), (Some(Problem::ReasonRequired), Some(Problem::NotANumber)));
        assert!(of("move_hours").is_some());
    }
}
