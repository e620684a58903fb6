//! A call's own questions: how each is asked, when it is shown, and what is wrong with an answer.
//!
//! Answers are kept as typed, by the question's code; what is missing or wrong is said at submit.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Worded, said};
use crate::{
    problem::{Invalid, Problem},
    typed,
};

/// How a question is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One line.
    Short,
    /// Paragraphs within a number of words.
    Long,
    Number,
    Choice,
    /// Any number of the choices.
    Many,
    YesNo,
    Date,
}

impl Kind {
    pub const ALL: [Self; 7] =
        [Self::Short, Self::Long, Self::Number, Self::Choice, Self::Many, Self::YesNo, Self::Date];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Long => "long",
            Self::Number => "number",
            Self::Choice => "choice",
            Self::Many => "many",
            Self::YesNo => "yes_no",
            Self::Date => "date",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    pub const fn has_choices(self) -> bool {
        matches!(self, Self::Choice | Self::Many)
    }

    /// Whether another question can depend on its answer.
    pub const fn decides(self) -> bool {
        matches!(self, Self::Choice | Self::Many | Self::YesNo)
    }
}

/// Whether a PDF can come with the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attachment {
    #[default]
    None,
    Optional,
    Required,
}

impl Attachment {
    pub const ALL: [Self; 3] = [Self::None, Self::Optional, Self::Required];

    pub const fn code(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Optional => "optional",
            Self::Required => "required",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|attachment| attachment.code() == code)
    }
}

/// Shown only if that question was answered so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    pub question: String,
    pub answer: String,
}

/// One question of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Stays the same over all versions of the call.
    pub code: String,
    pub kind: Kind,
    pub label: Worded,
    pub help: Worded,
    pub is_required: bool,
    /// Of a long text, at most.
    pub words_max: Option<i64>,
    /// Bounds of a number, in hundredths.
    pub least: Option<i64>,
    pub most: Option<i64>,
    /// Answered by their number from one on.
    pub choices: Vec<Worded>,
    pub shown_if: Option<Condition>,
    pub attachment: Attachment,
}

/// Characters of one line at most.
const LINE_MAX: i64 = 300;
/// The longest text kept of any one answer, in characters.
const KEPT_MAX: usize = 20_000;

impl Question {
    /// The name of its field.
    pub fn field(&self) -> String {
        format!("q-{}", self.code)
    }

    /// The numbers of its choices, from one on.
    pub fn numbers(&self) -> impl Iterator<Item = (String, &Worded)> {
        self.choices.iter().enumerate().map(|(place, text)| ((place + 1).to_string(), text))
    }

    /// The texts of the choices that were made; nothing where the question has none.
    pub fn chosen(&self, answer: &str, language: &str) -> Option<String> {
        let text = |number: &str| {
            let found = self.numbers().find(|(known, _)| known == number);
            found.map_or(number.to_owned(), |(_, text)| said(text, language).to_owned())
        };
        let is_made = self.kind.has_choices() && !answer.is_empty();
        is_made.then(|| answer.split(',').map(text).collect::<Vec<String>>().join("; "))
    }

    fn has_choice(&self, number: &str) -> bool {
        self.numbers().any(|(known, _)| known == number)
    }

    /// The answers on which another question can depend.
    pub fn deciding_answers(&self) -> Vec<String> {
        match self.kind {
            Kind::YesNo => vec!["yes".to_owned(), "no".to_owned()],
            Kind::Choice | Kind::Many => self.numbers().map(|(number, _)| number).collect(),
            _ => Vec::new(),
        }
    }

    fn problem_of(&self, typed: &str) -> Option<Problem> {
        let typed = typed.trim();
        if typed.is_empty() {
            return self.is_required.then_some(Problem::Required);
        }
        match self.kind {
            Kind::Short => typed::line(typed, LINE_MAX).err(),
            Kind::Long => self.problem_of_text(typed),
            Kind::Number => self.problem_of_number(typed),
            Kind::Choice => (!self.has_choice(typed)).then_some(Problem::NotAChoice),
            Kind::Many => typed.split(',').any(|number| !self.has_choice(number)).then_some(Problem::NotAChoice),
            Kind::YesNo => (!matches!(typed, "yes" | "no")).then_some(Problem::NotAChoice),
            Kind::Date => typed::date(typed).err(),
        }
    }

    fn problem_of_text(&self, typed: &str) -> Option<Problem> {
        if typed.chars().any(|character| character.is_control() && !"\n\r\t".contains(character)) {
            return Some(Problem::ControlCharacters);
        }
        let words = i64::try_from(typed.split_whitespace().count()).unwrap_or(i64::MAX);
        if let Some(max) = self.words_max.filter(|max| words > *max) {
            return Some(Problem::TooManyWords { max });
        }
        let max = i64::try_from(KEPT_MAX).unwrap_or(i64::MAX);
        (typed.chars().count() >= KEPT_MAX).then_some(Problem::TooLong { max })
    }

    fn problem_of_number(&self, typed: &str) -> Option<Problem> {
        match typed::decimal(typed, 2) {
            Err(problem) => Some(problem),
            Ok(number) => match (self.least, self.most) {
                (Some(least), _) if number < least => Some(Problem::TooSmall { min: least.div_euclid(100) }),
                (_, Some(most)) if number > most => Some(Problem::TooLarge { max: most.div_euclid(100) }),
                _ => None,
            },
        }
    }
}

/// What was answered, by the question's code.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(BTreeMap<String, String>);

impl Answers {
    pub fn get(&self, code: &str) -> &str {
        self.0.get(code).map_or("", String::as_str)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn set(&mut self, code: &str, answer: &str) {
        let kept: String = answer.replace("\r\n", "\n").chars().take(KEPT_MAX).collect();
        if kept.is_empty() {
            self.0.remove(code);
        } else {
            self.0.insert(code.to_owned(), kept);
        }
    }

    /// Whether this is, or is among, what was answered.
    pub fn holds(&self, code: &str, answer: &str) -> bool {
        self.get(code).split(',').any(|one| one == answer)
    }

    /// The page of the questions that were shown, as it was sent. Questions that were not shown keep their answers.
    pub fn take(&mut self, questions: &[Question], sent: &BTreeMap<String, String>) {
        let shown: Vec<Question> = visible(questions, self).cloned().collect();
        for question in shown {
            let field = question.field();
            if question.kind == Kind::Many {
                let on = |number: &String| sent.contains_key(&format!("{field}-{number}"));
                let ticked: Vec<String> = question.numbers().map(|(number, _)| number).filter(on).collect();
                self.set(&question.code, &ticked.join(","));
            } else if let Some(answer) = sent.get(&field) {
                self.set(&question.code, answer);
            }
        }
    }
}

/// The questions that these answers show, in their order.
pub fn visible<'a>(questions: &'a [Question], answers: &Answers) -> impl Iterator<Item = &'a Question> {
    let mut shown: BTreeSet<&str> = BTreeSet::new();
    let mut found = Vec::new();
    for question in questions {
        // A question can only depend on an earlier one: whether that is shown is known here.
        let is_shown = question.shown_if.as_ref().is_none_or(|condition| {
            shown.contains(condition.question.as_str()) && answers.holds(&condition.question, &condition.answer)
        });
        if is_shown {
            shown.insert(&question.code);
            found.push(question);
        }
    }
    found.into_iter()
}

/// What is missing or wrong, at the field of each question shown. `attached` has the questions that a file came with.
pub fn faults(questions: &[Question], answers: &Answers, attached: &BTreeSet<String>) -> Invalid {
    let mut invalid = Invalid::default();
    for question in visible(questions, answers) {
        if let Some(problem) = question.problem_of(answers.get(&question.code)) {
            invalid.add(&question.field(), problem);
        }
        if question.attachment == Attachment::Required && !attached.contains(&question.code) {
            invalid.add(&format!("file-{}", question.code), Problem::Required);
        }
    }
    invalid
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn question(code: &str, kind: Kind) -> Question {
        let worded = |text: &str| Worded::from([("en".to_owned(), text.to_owned())]);
        Question {
            code: code.to_owned(),
            kind,
            label: worded(code),
            help: Worded::new(),
            is_required: true,
            words_max: None,
            least: None,
            most: None,
            choices: if kind.has_choices() { vec![worded("One"), worded("Two")] } else { Vec::new() },
            shown_if: None,
            attachment: Attachment::None,
        }
    }

    fn condition(question: &str, answer: &str) -> Option<Condition> {
        Some(Condition { question: question.to_owned(), answer: answer.to_owned() })
    }

    fn answers(pairs: &[(&str, &str)]) -> Answers {
        let mut answers = Answers::default();
        for (code, answer) in pairs {
            answers.set(code, answer);
        }
        answers
    }

    #[test]
    fn every_kind_says_what_is_wrong_at_its_field() {
        let number = Question { least: Some(100), most: Some(1_000), ..question("n", Kind::Number) };
        let long = Question { words_max: Some(3), ..question("l", Kind::Long) };
        let cases = [
            (question("s", Kind::Short), "one line", None),
            (question("s", Kind::Short), "two\nlines", Some(Problem::ControlCharacters)),
            (question("s", Kind::Short), " ", Some(Problem::Required)),
            (long.clone(), "just three words", None),
            (long.clone(), "one too many words", Some(Problem::TooManyWords { max: 3 })),
            (long, "bell\u{7}", Some(Problem::ControlCharacters)),
            (number.clone(), "9,99", None),
            (number.clone(), "10.01", Some(Problem::TooLarge { max: 10 })),
            (number.clone(), "0", Some(Problem::TooSmall { min: 1 })),
            (number, "ten", Some(Problem::NotANumber)),
            (question("c", Kind::Choice), "2", None),
            (question("c", Kind::Choice), "3", Some(Problem::NotAChoice)),
            (question("m", Kind::Many), "1,2", None),
            (question("m", Kind::Many), "1,9", Some(Problem::NotAChoice)),
            (question("y", Kind::YesNo), "no", None),
            (question("y", Kind::YesNo), "<b>", Some(Problem::NotAChoice)),
            (question("d", Kind::Date), "2027-02-28", None),
            (question("d", Kind::Date), "2027-02-29", Some(Problem::NotADate)),
        ];
        for (question, typed, problem) in cases {
            let found = faults(std::slice::from_ref(&question), &answers(&[(&question.code, typed)]), &BTreeSet::new());
            let found: Vec<Problem> = found.of(&question.field()).collect();
            assert_eq!(found, problem.into_iter().collect::<Vec<_>>(), "{:?} {typed:?}", question.kind);
        }
    }

    #[test]
    fn what_is_not_shown_is_not_asked_and_a_chain_breaks_at_its_first_link() {
        let questions = [
            question("a", Kind::YesNo),
            Question { shown_if: condition("a", "yes"), ..question("b", Kind::Many) },
            Question { shown_if: condition("b", "2"), ..question("c", Kind::Short) },
        ];
        let shown = |answers: &Answers| visible(&questions, answers).map(|one| one.code.clone()).collect::<String>();
        assert_eq!(shown(&Answers::default()), "a");
        assert_eq!(shown(&answers(&[("a", "yes"), ("b", "1,2")])), "abc");
        // The answer to b is kept, but b is not shown and neither is what hangs on it.
        let kept = answers(&[("a", "no"), ("b", "1,2")]);
        assert_eq!(shown(&kept), "a");
        assert!(faults(&questions, &kept, &BTreeSet::new()).is_empty());
    }

    #[test]
    fn a_page_takes_what_it_showed_and_nothing_else() {
        let questions =
            [question("a", Kind::Many), Question { shown_if: condition("a", "1"), ..question("b", Kind::Short) }];
        let sent = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let mut answers = Answers::default();
        answers.take(&questions, &sent(&[("q-a-1", "on"), ("q-b", "unseen"), ("q-evil", "x")]));
        assert_eq!((answers.get("a"), answers.get("b"), answers.get("evil")), ("1", "", ""));
        answers.take(&questions, &sent(&[("q-a-1", "on"), ("q-a-2", "on"), ("q-b", "seen\r\n")]));
        assert_eq!((answers.get("a"), answers.get("b")), ("1,2", "seen\n"));
        answers.take(&questions, &sent(&[]));
        assert_eq!((answers.get("a"), answers.get("b")), ("", "seen\n"));
    }

    #[test]
    fn ten_megabytes_are_kept_as_no_more_than_an_answer_and_refused() {
        let long = question("l", Kind::Long);
        let answers = answers(&[("l", &"x".repeat(10_000_000))]);
        assert_eq!(answers.get("l").len(), KEPT_MAX);
        let found = faults(&[long], &answers, &BTreeSet::new());
        assert_eq!(found.of("q-l").next(), Some(Problem::TooLong { max: 20_000 }));
    }

    #[test]
    fn a_file_that_must_come_is_missed_at_its_own_field() {
        let asked = Question { attachment: Attachment::Required, ..question("f", Kind::Short) };
        let given = answers(&[("f", "x")]);
        let missing = faults(std::slice::from_ref(&asked), &given, &BTreeSet::new());
        assert_eq!(missing, Invalid::one("file-f", Problem::Required));
        assert!(faults(&[asked], &given, &BTreeSet::from(["f".to_owned()])).is_empty());
    }
}
