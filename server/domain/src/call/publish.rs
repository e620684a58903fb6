//! From what was typed to the terms of a call: everything that is missing or wrong at once, each at its field.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::{
    Admission, Draft, Intake, LANGUAGES, Terms, Worded,
    draft::{Typed, is_on},
    intake,
    question::{Attachment, Condition, Kind as Asked, Question},
};
use crate::{
    application::draft::FIELDS,
    country::Programme,
    gpu::GpuModel,
    mode::Code,
    money::{BasisPoints, Money},
    organisation::SizeClass,
    period::brussels_day,
    problem::{Invalid, Problem},
    review::{Criterion, GRADES, Rubric},
    typed,
    workflow::{Kind, Plan, Step},
};

/// What a call can name that lives elsewhere.
#[derive(Debug, Clone, Default)]
pub struct Known {
    pub pots: Vec<String>,
    /// Those of them that have a funder to invoice.
    pub funded: Vec<String>,
    /// Short names of the sites.
    pub sites: Vec<String>,
    /// Codes of other calls.
    pub calls: Vec<String>,
}

/// Questions of the common form that a call may ask.
pub fn askable() -> impl Iterator<Item = &'static str> {
    FIELDS.iter().filter(|field| field.by_mode).map(|field| field.name)
}

pub const PROGRAMMES: [(&str, Programme); 5] = [
    ("union", Programme::Union),
    ("euro_hpc", Programme::EuroHpc),
    ("digital_europe", Programme::DigitalEurope),
    ("horizon_europe", Programme::HorizonEurope),
    ("connecting_europe", Programme::ConnectingEurope),
];

const TITLE_MAX: i64 = 150;
const TEXT_MAX: i64 = 4_000;
const HOURS_MAX: i64 = 100_000_000;

/// The terms that were typed. Errors with every fault, at its field, in the order of the sections.
pub fn terms(draft: &Draft, known: &Known, now: DateTime<Utc>) -> Result<Terms, Invalid> {
    let mut read = Reader::new(draft);
    let code = read.code();
    let mode = read.mode();
    if read.languages.is_empty() {
        read.invalid.add("language-en", Problem::Required);
    }
    let title = read.worded("title-", TITLE_MAX);
    let summary = read.worded("summary-", TEXT_MAX);
    let audience = read.worded("audience-", TEXT_MAX);
    let admission = read.admission(known);
    let (more_than_hours, at_most_hours) = read.sizes();
    let months = read.months();
    let max_gpus = read.whole("max_gpus", 1, 1_000_000);
    let pot = draft.get("pot").to_owned();
    if !known.pots.contains(&pot) {
        read.invalid.add("pot", if pot.is_empty() { Problem::Required } else { Problem::NotAChoice });
    }
    let is_split = draft.is_ticked("split");
    if is_split && known.pots.contains(&pot) && !known.funded.contains(&pot) {
        read.invalid.add("split", Problem::PotWithoutFunder);
    }
    let models = GpuModel::ALL.into_iter().filter(|model| draft.is_ticked(&format!("model-{}", model.code())));
    let sites = known.sites.iter().filter(|slug| draft.is_ticked(&format!("site-{slug}"))).cloned().collect();
    let asks = askable().filter(|name| draft.is_ticked(&format!("ask-{name}"))).map(str::to_owned).collect();
    let questions = read.questions();
    let rubric = read.rubric(mode, brussels_day(now));
    let plan = read.plan();
    let intake = read.intake(now);
    let terms = Terms {
        code,
        mode,
        languages: read.languages.clone(),
        title,
        summary,
        audience,
        admission,
        more_than_hours,
        at_most_hours,
        months,
        max_gpus,
        pot,
        is_split,
        models: models.collect(),
        sites,
        asks,
        questions,
        rubric,
        plan,
        intake,
    };
    read.invalid.or(terms)
}

/// Reads fields and notes what is wrong with them.
struct Reader<'a> {
    draft: &'a Draft,
    languages: Vec<String>,
    invalid: Invalid,
}

impl<'a> Reader<'a> {
    fn new(draft: &'a Draft) -> Self {
        Self { draft, languages: draft.languages(), invalid: Invalid::default() }
    }

    fn noted<T: Default>(&mut self, name: &str, read: Result<T, Problem>) -> T {
        read.map_err(|problem| self.invalid.add(name, problem)).unwrap_or_default()
    }

    fn code(&mut self) -> String {
        let code = self.draft.get("code").trim().to_ascii_uppercase();
        let is_right = (2..=30).contains(&code.len())
            && code.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && code.chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
        if code.is_empty() {
            self.invalid.add("code", Problem::Required);
        } else if !is_right {
            self.invalid.add("code", Problem::CallCode);
        }
        code
    }

    fn mode(&mut self) -> Code {
        let mode = Code::from_code(self.draft.get("mode"));
        mode.unwrap_or_else(|| {
            self.invalid.add("mode", Problem::Required);
            Code::LS
        })
    }

    /// A text in every language of the call.
    fn worded(&mut self, prefix: &str, max: i64) -> Worded {
        let draft = self.draft;
        self.worded_of(&draft.fields, prefix, prefix, max, true)
    }

    fn worded_of(&mut self, typed: &Typed, prefix: &str, shown: &str, max: i64, is_required: bool) -> Worded {
        let mut texts = Worded::new();
        for language in self.languages.clone() {
            let text = typed.get(&format!("{prefix}{language}")).map_or("", |text| text.trim());
            match text_of(text, max) {
                Err(Problem::Required) if !is_required => {}
                Err(problem) => self.invalid.add(&format!("{shown}{language}"), problem),
                Ok(text) => {
                    texts.insert(language, text);
                }
            }
        }
        texts
    }

    fn whole(&mut self, name: &str, least: i64, most: i64) -> i64 {
        let read = whole(self.draft.get(name), least, most);
        self.noted(name, read)
    }

    fn optional_whole(&mut self, name: &str, least: i64, most: i64) -> Option<i64> {
        let read = typed::optional(self.draft.get(name), |text| whole(text, least, most));
        self.noted(name, read)
    }

    fn admission(&mut self, known: &Known) -> Admission {
        let draft = self.draft;
        let programmes: Vec<Programme> = PROGRAMMES
            .into_iter()
            .filter(|(code, _)| draft.is_ticked(&format!("programme-{code}")))
            .map(|(_, programme)| programme)
            .collect();
        let classes: Vec<SizeClass> =
            SizeClass::ALL.into_iter().filter(|class| draft.is_ticked(&format!("class-{}", class.code()))).collect();
        for (field, is_missing) in [("programme-union", programmes.is_empty()), ("class-micro", classes.is_empty())] {
            if is_missing {
                self.invalid.add(field, Problem::Required);
            }
        }
        let per_organisation = self.whole("per_organisation", 1, 1_000);
        let per_group = self.whole("per_group", 1, 1_000);
        if per_group < per_organisation && per_group > 0 {
            self.invalid.add("per_group", Problem::TooSmall { min: per_organisation });
        }
        let exclusive: Vec<String> = words_of(draft.get("exclusive")).map(str::to_ascii_uppercase).collect();
        if exclusive.iter().any(|code| !known.calls.contains(code)) {
            self.invalid.add("exclusive", Problem::NotAChoice);
        }
        let needs_reports = draft.is_ticked("needs_reports");
        Admission { programmes, classes, per_organisation, per_group, exclusive, needs_reports }
    }

    fn sizes(&mut self) -> (i64, i64) {
        let more_than = self.whole("more_than", 0, HOURS_MAX);
        let at_most = self.whole("at_most", 1, HOURS_MAX);
        if at_most > 0 && at_most <= more_than {
            self.invalid.add("at_most", Problem::TooSmall { min: more_than.saturating_add(1) });
        }
        (more_than, at_most)
    }

    fn months(&mut self) -> Vec<u32> {
        let read: Result<Vec<u32>, _> = words_of(self.draft.get("months")).map(str::parse).collect();
        let mut months = read.unwrap_or_default();
        months.sort_unstable();
        months.dedup();
        if months.is_empty() {
            let is_blank = self.draft.get("months").trim().is_empty();
            self.invalid.add("months", if is_blank { Problem::Required } else { Problem::NotANumber });
        } else if months.iter().any(|months| !(1..=24).contains(months)) {
            self.invalid.add("months", Problem::TooLarge { max: 24 });
        }
        months
    }

    fn plan(&mut self) -> Plan {
        let draft = self.draft;
        let mut steps = Vec::new();
        for kind in Kind::ALL {
            if draft.is_ticked(&format!("step-{}", kind.code())) {
                let days = self.whole(&format!("days-{}", kind.code()), 1, 250);
                steps.push(Step { kind, working_days: u32::try_from(days).unwrap_or(1) });
            }
        }
        let has = |kind| steps.iter().any(|step: &Step| step.kind == kind);
        if !has(Kind::Decision) {
            self.invalid.add("step-decision", Problem::Required);
        }
        // Nothing can be answered or ranked that nobody has reviewed.
        if (has(Kind::Rebuttal) || has(Kind::Panel)) && !has(Kind::ExpertReview) {
            self.invalid.add("step-expert_review", Problem::Required);
        }
        let reviews = if has(Kind::ExpertReview) { self.whole("reviews", 1, 10) } else { 1 };
        let rebuttal_words = if has(Kind::Rebuttal) { self.whole("rebuttal_words", 50, 5_000) } else { 0 };
        let appeal_days = self.whole("appeal_days", 0, 60);
        let small = |number: i64| u32::try_from(number).unwrap_or_default();
        Plan {
            steps,
            reviews: small(reviews),
            blind: draft.is_ticked("blind"),
            rebuttal_words: small(rebuttal_words),
            appeal_days: small(appeal_days),
            lot: draft.is_ticked("lot"),
        }
    }

    fn intake(&mut self, now: DateTime<Utc>) -> Intake {
        let draft = self.draft;
        let opens = self.noted("opens", typed::optional(draft.get("opens"), typed::date));
        let time = match draft.get("time").trim() {
            "" => NaiveTime::from_hms_opt(10, 0, 0).ok_or(Problem::NotATime),
            typed => NaiveTime::parse_from_str(typed, "%H:%M").map_err(|_| Problem::NotATime),
        };
        let time = self.noted("time", time);
        let kind = intake::Kind::from_code(draft.get("intake"));
        let (field, days) = match kind {
            Some(intake::Kind::Always) => ("intake", Ok(Vec::new())),
            Some(intake::Kind::Deadline) => ("deadline", typed::date(draft.get("deadline")).map(|day| vec![day])),
            Some(intake::Kind::CutOffs) => ("cut_offs", days_of(draft.get("cut_offs"))),
            None => ("intake", Err(Problem::Required)),
        };
        let days = self.noted(field, days);
        let places = self.optional_whole("places", 1, 100_000);
        let funds = typed::optional(draft.get("funds"), |text| typed::money(text).and_then(positive));
        let funds = self.noted("funds", funds);
        let kind = kind.unwrap_or(intake::Kind::Always);
        let intake = Intake { opens, kind, days, time, places, funds };
        if let Some(last) = intake.rounds().max() {
            if last <= now {
                self.invalid.add(field, Problem::InThePast);
            } else if intake.opens_at().is_some_and(|opens| last <= opens) {
                self.invalid.add("opens", Problem::TooLate);
            }
        }
        intake
    }

    fn rubric(&mut self, mode: Code, on: NaiveDate) -> Rubric {
        let draft = self.draft;
        let mut criteria = Vec::new();
        for (place, typed) in draft.criteria.iter().enumerate() {
            let shown = format!("criterion-{}-", place + 1);
            let of = |name: &str| typed.get(name).map_or("", String::as_str);
            let weight = typed::decimal(of("weight"), 2).and_then(|points| match i32::try_from(points) {
                Ok(points) if (1..=10_000).contains(&points) => Ok(points),
                _ => Err(Problem::TooLarge { max: 100 }),
            });
            let weight = BasisPoints::new(self.noted(&format!("{shown}weight"), weight));
            let least = typed::optional(of("least"), |text| whole(text, 1, 5));
            let least = self.noted(&format!("{shown}least"), least).unwrap_or_default();
            let title = self.worded_of(typed, "title-", &format!("{shown}title-"), TITLE_MAX, true);
            let help = self.worded_of(typed, "help-", &format!("{shown}help-"), TEXT_MAX, false);
            criteria.push(Criterion { code: of("code").to_owned().into(), weight, least, title, help });
        }
        if criteria.is_empty() {
            self.invalid.add("criterion-1-title-en", Problem::Required);
        } else if criteria.iter().map(|one| i64::from(one.weight.get())).sum::<i64>() != 10_000
            && !self.invalid.0.iter().any(|(name, _)| name.starts_with("criterion-") && name.ends_with("-weight"))
        {
            self.invalid.add("criterion-1-weight", Problem::WeightsNotWhole);
        }
        let scale: Vec<Worded> = GRADES.iter().map(|grade| self.worded(&format!("grade-{grade}-"), 300)).collect();
        let threshold = typed::decimal(draft.get("threshold"), 2).and_then(|grade| match grade {
            100..=500 => Ok(grade),
            ..100 => Err(Problem::TooSmall { min: 1 }),
            _ => Err(Problem::TooLarge { max: 5 }),
        });
        let threshold = self.noted("threshold", threshold);
        Rubric { mode: mode.code().into(), valid_from: on, criteria: criteria.into(), threshold, scale: scale.into() }
    }

    fn questions(&mut self) -> Vec<Question> {
        let mut questions: Vec<Question> = Vec::new();
        for (place, typed) in self.draft.questions.iter().enumerate() {
            let question = self.question(&format!("question-{}-", place + 1), typed, &questions);
            questions.push(question);
        }
        questions
    }

    fn question(&mut self, shown: &str, typed: &Typed, earlier: &[Question]) -> Question {
        let of = |name: &str| typed.get(name).map_or("", String::as_str);
        let kind = Asked::from_code(of("kind"));
        if kind.is_none() {
            self.invalid.add(&format!("{shown}kind"), Problem::Required);
        }
        let kind = kind.unwrap_or(Asked::Short);
        let words_max = match kind {
            Asked::Long => Some(self.noted(&format!("{shown}words_max"), whole(of("words_max"), 1, 3_000))),
            _ => None,
        };
        let mut bound = |name: &str| {
            let read = typed::optional(of(name), |text| typed::decimal(text, 2));
            self.noted(&format!("{shown}{name}"), read).filter(|_| kind == Asked::Number)
        };
        let (least, most) = (bound("least"), bound("most"));
        if least.zip(most).is_some_and(|(least, most)| most < least) {
            self.invalid.add(&format!("{shown}most"), Problem::TooSmall { min: least.unwrap_or_default() / 100 });
        }
        let choices = if kind.has_choices() { self.choices(shown, typed) } else { Vec::new() };
        let shown_if = self.condition(shown, of("shown_if"), earlier);
        Question {
            code: of("code").to_owned(),
            kind,
            label: self.worded_of(typed, "label-", &format!("{shown}label-"), 500, true),
            help: self.worded_of(typed, "help-", &format!("{shown}help-"), 1_000, false),
            is_required: is_on(of("required")),
            words_max,
            least,
            most,
            choices,
            shown_if,
            attachment: Attachment::from_code(of("attachment")).unwrap_or_default(),
        }
    }

    /// One a line, as many in every language.
    fn choices(&mut self, shown: &str, typed: &Typed) -> Vec<Worded> {
        let lists: Vec<(String, Vec<String>)> = self
            .languages
            .iter()
            .map(|language| {
                let text = typed.get(&format!("choices-{language}")).map_or("", String::as_str);
                let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
                (language.clone(), lines.map(str::to_owned).collect())
            })
            .collect();
        let count = lists.first().map_or(0, |(_, list)| list.len());
        for (language, list) in &lists {
            let field = format!("{shown}choices-{language}");
            match list.len() {
                0 | 1 => self.invalid.add(&field, Problem::Required),
                _ if list.len() != count => self.invalid.add(&field, Problem::Mismatch),
                _ if list.len() > 50 || list.iter().any(|line| line.chars().count() > 300) => {
                    self.invalid.add(&field, Problem::TooLong { max: 300 });
                }
                _ => {}
            }
        }
        (0..count)
            .map(|place| {
                let one =
                    lists.iter().filter_map(|(language, list)| Some((language.clone(), list.get(place)?.clone())));
                one.collect()
            })
            .collect()
    }

    /// `code=answer` of an earlier question.
    fn condition(&mut self, shown: &str, typed: &str, earlier: &[Question]) -> Option<Condition> {
        if typed.is_empty() {
            return None;
        }
        let found = typed.split_once('=').filter(|(code, answer)| {
            let question = earlier.iter().find(|question| question.code == *code);
            question.is_some_and(|question| question.deciding_answers().iter().any(|known| known == answer))
        });
        if found.is_none() {
            self.invalid.add(&format!("{shown}shown_if"), Problem::NotAChoice);
        }
        found.map(|(question, answer)| Condition { question: question.to_owned(), answer: answer.to_owned() })
    }
}

fn text_of(text: &str, max: i64) -> Result<String, Problem> {
    if text.is_empty() {
        return Err(Problem::Required);
    }
    if text.chars().any(|character| character.is_control() && !"\n\t".contains(character)) {
        return Err(Problem::ControlCharacters);
    }
    if i64::try_from(text.chars().count()).unwrap_or(i64::MAX) > max {
        return Err(Problem::TooLong { max });
    }
    Ok(text.to_owned())
}

fn whole(text: &str, least: i64, most: i64) -> Result<i64, Problem> {
    match typed::decimal(text, 0)? {
        number if number < least => Err(Problem::TooSmall { min: least }),
        number if number > most => Err(Problem::TooLarge { max: most }),
        number => Ok(number),
    }
}

fn positive(amount: Money) -> Result<Money, Problem> {
    if amount > Money::ZERO { Ok(amount) } else { Err(Problem::NotPositive) }
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || c == ',' || c == ';').filter(|word| !word.is_empty())
}

fn days_of(text: &str) -> Result<Vec<NaiveDate>, Problem> {
    let mut days = words_of(text).map(typed::date).collect::<Result<Vec<_>, _>>()?;
    days.sort_unstable();
    days.dedup();
    if days.is_empty() { Err(Problem::Required) } else { Ok(days) }
}

/// Every language, ticked: what a new call begins with.
pub fn every_language(draft: &mut Draft) {
    for language in LANGUAGES {
        draft.set(&format!("language-{language}"), "on");
    }
}
