//! Calls of the demo world: an open Large Scale call with questions and a rubric of its own and applications under it,
//! one that its last place has closed, and one that is still being written.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, TimeDelta, Utc};
use domain::{
    application::Step,
    call::{Section, draft::Typed},
    id::{ApplicationId, CallId},
    mode::Code,
    period::brussels_day,
    policy::Action,
};

use super::{companies::Company, people::Staff};
use crate::{
    Services,
    calls::office::{CallSource, QuestionDeed},
    error::{Error, Result},
    store::entity::application,
};

/// Companies that apply under the open call, by their place among all.
const APPLICANTS: [usize; 16] = [2, 3, 4, 5, 12, 13, 14, 15, 22, 23, 24, 25, 32, 33, 34, 35];

type Pairs<'a> = &'a [(&'a str, &'a str)];

const QUESTIONS: [Pairs<'static>; 3] = [
    &[
        ("kind", "choice"),
        ("required", "on"),
        ("label-en", "What will come of the work?"),
        ("label-fr", "Que produira le travail ?"),
        ("choices-en", "An open model\nA model for our own products\nA service for others"),
        ("choices-fr", "Un modèle ouvert\nUn modèle pour nos propres produits\nUn service pour d’autres"),
    ],
    &[
        ("kind", "short"),
        ("required", "on"),
        ("label-en", "Under which licence will it be open?"),
        ("label-fr", "Sous quelle licence sera-t-il ouvert ?"),
        ("help-en", "Its short name, such as Apache-2.0."),
        ("help-fr", "Son nom court, par exemple Apache-2.0."),
        ("shown_if", "1=1"),
    ],
    &[
        ("kind", "long"),
        ("required", "on"),
        ("words_max", "300"),
        ("attachment", "optional"),
        ("label-en", "How do you measure that the training went well?"),
        ("label-fr", "Comment mesurez-vous que l’entraînement a réussi ?"),
    ],
];

const RUBRIC: Pairs<'static> = &[
    ("criterion-1-weight", "40"),
    ("criterion-2-weight", "30"),
    ("criterion-2-least", "3"),
    ("criterion-3-weight", "20"),
    ("criterion-4-weight", "10"),
    ("criterion-4-title-en", "Openness"),
    ("criterion-4-title-fr", "Ouverture"),
    ("criterion-4-help-en", "Can others in Europe build on what comes of it?"),
    ("criterion-4-help-fr", "D’autres en Europe pourront-ils s’appuyer sur le résultat ?"),
];

const MEASURES: [&str; 3] = [
    "Against a held-out set of every language, with error bars over three seeds, and against the best open model of its size.",
    "By the share of defects found in a plant that was in no training data, with an inspector's judgement as the truth.",
    "On public benchmarks and on two hundred tasks of our customers, scored by people who do not know which model answered.",
];

pub async fn make(services: &Services, now: DateTime<Utc>, staff: &Staff, companies: &[Company]) -> Result<()> {
    let office = Office { services, staff, now };
    let made = now - TimeDelta::weeks(3);
    let year = (now + TimeDelta::days(90)).year();
    let open = office.large_scale(made, &format!("LS-{year}")).await?;
    office.publish(open, made + TimeDelta::hours(2), "").await?;
    for (number, place) in APPLICANTS.iter().enumerate() {
        let company = companies.get(*place).ok_or(Error::NotFound)?;
        let hours = i64::try_from(number).unwrap_or_default();
        let at = now - TimeDelta::hours(70 - 4 * hours);
        match office.apply(&format!("LS-{year}"), *company, number, at).await {
            // A class the call is not for.
            Ok(()) => {}
            Err(Error::Invalid(invalid)) => tracing::debug!(%invalid, number, "does not apply"),
            Err(error) => return Err(error),
        }
    }
    office.change(open, now - TimeDelta::hours(3)).await?;
    office.closed(companies, year).await?;
    office.unfinished(now - TimeDelta::days(1)).await
}

struct Office<'a> {
    services: &'a Services,
    staff: &'a Staff,
    now: DateTime<Utc>,
}

impl Office<'_> {
    fn officer(&self, at: DateTime<Utc>) -> crate::Desk {
        self.services.desk_at(self.staff.officer, at)
    }

    async fn large_scale(&self, at: DateTime<Utc>, code: &str) -> Result<CallId> {
        let desk = self.officer(at);
        let id = desk.create_call(CallSource::Template(Code::LS)).await?;
        let basics = [("code", code), ("mode", "LS"), ("language-en", "on"), ("language-fr", "on")];
        self.save(id, at, Section::Basics, &basics).await?;
        let texts = [
            ("title-en", "Large Scale: models that speak Europe's languages"),
            ("title-fr", "Large Scale : des modèles qui parlent les langues de l’Europe"),
        ];
        self.save(id, at, Section::Texts, &texts).await?;
        for (index, question) in QUESTIONS.iter().enumerate() {
            self.question(id, at, index + 1, question).await?;
        }
        self.save(id, at, Section::Rubric, RUBRIC).await?;
        let today = brussels_day(self.now);
        let rounds: Vec<String> = [10, 40, 100, 300].map(|days| (today + Days::new(days)).to_string()).to_vec();
        let rounds = rounds.join("\n");
        self.save(id, at, Section::Intake, &[("intake", "cut_offs"), ("cut_offs", &rounds), ("time", "10:00")]).await?;
        Ok(id)
    }

    async fn save(&self, id: CallId, at: DateTime<Utc>, section: Section, pairs: Pairs<'_>) -> Result<()> {
        let desk = self.officer(at);
        let call = desk.read_call_draft(id).await?;
        // What the page shows is what it sends: boxes that are ticked stay so.
        let mut sent: Typed = call.draft.fields.clone();
        sent.extend(typed(pairs));
        desk.save_call(id, section, &sent, call.row.version).await
    }

    async fn question(&self, id: CallId, at: DateTime<Utc>, place: usize, pairs: Pairs<'_>) -> Result<()> {
        let desk = self.officer(at);
        let seen = desk.read_call_draft(id).await?.row.version;
        desk.change_call_questions(id, QuestionDeed::Add, seen).await?;
        let sent = pairs.iter().map(|(name, value)| (format!("question-{place}-{name}"), (*value).to_owned()));
        desk.save_call_question(id, place, &sent.collect(), seen + 1).await
    }

    async fn publish(&self, id: CallId, at: DateTime<Utc>, reason: &str) -> Result<()> {
        let desk = self.officer(at);
        let seen = desk.read_call_draft(id).await?.row.version;
        desk.publish_call(id, reason, seen).await
    }

    async fn apply(&self, code: &str, company: Company, number: usize, at: DateTime<Utc>) -> Result<()> {
        let desk = self.services.desk_at(company.owner, at);
        let id = desk.start_application_under(code).await?;
        let fields = super::applications::large_scale_fields(number, at);
        for step in Step::ALL {
            desk.save_draft(id, step, &fields).await?;
        }
        // A third of them opens what it makes; the page shows the licence once that is answered.
        let outcome = (number % 3 + 1).to_string();
        let measure = MEASURES.get(number % MEASURES.len()).copied().unwrap_or_default();
        let answers = [("q-1", outcome.as_str()), ("q-2", "Apache-2.0"), ("q-3", measure)];
        desk.save_answers(id, &typed(&answers)).await?;
        desk.save_answers(id, &typed(&answers)).await?;
        let seen = self.version(company, id).await?;
        desk.submit_application(id, seen).await
    }

    async fn version(&self, company: Company, id: ApplicationId) -> Result<i32> {
        let tx = self.services.desk(company.owner).begin(Action::ReadApplication).await?;
        Ok(tx.find::<application::Entity>(id).await?.version)
    }

    /// A second version, after the applications.
    async fn change(&self, id: CallId, at: DateTime<Utc>) -> Result<()> {
        self.save(id, at, Section::Size, &[("max_gpus", "4096")]).await?;
        self.publish(id, at, "The largest partition is in maintenance in the spring.").await
    }

    /// A Playground call for two, closed by the second.
    async fn closed(&self, companies: &[Company], year: i32) -> Result<()> {
        let at = self.now - TimeDelta::weeks(2);
        let code = format!("PG-{year}-FIRST-STEPS");
        let id = self.officer(at).create_call(CallSource::Template(Code::PG)).await?;
        let basics = [("code", code.as_str()), ("mode", "PG"), ("language-en", "on"), ("language-fr", "on")];
        self.save(id, at, Section::Basics, &basics).await?;
        let texts = [("title-en", "First steps: two packages"), ("title-fr", "Premiers pas : deux lots d’heures")];
        self.save(id, at, Section::Texts, &texts).await?;
        self.save(id, at, Section::Intake, &[("intake", "always"), ("places", "2")]).await?;
        self.publish(id, at, "").await?;
        let small = companies.iter().skip(2).step_by(5).copied();
        let mut left = 2;
        for (number, company) in small.enumerate() {
            if left == 0 {
                break;
            }
            let later = at + TimeDelta::hours(i64::try_from(number).unwrap_or_default() + 1);
            match self.first_steps(&code, company, later).await {
                Ok(()) => left -= 1,
                Err(Error::Invalid(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn first_steps(&self, code: &str, company: Company, at: DateTime<Utc>) -> Result<()> {
        let desk = self.services.desk_at(company.owner, at);
        let id = desk.start_application_under(code).await?;
        let mut fields = super::applications::large_scale_fields(4, at);
        fields.extend(typed(&[("hours", "2000"), ("gpus", "16"), ("months", "2")]));
        for step in Step::ALL {
            desk.save_draft(id, step, &fields).await?;
        }
        let seen = self.version(company, id).await?;
        desk.submit_application(id, seen).await
    }

    async fn unfinished(&self, at: DateTime<Utc>) -> Result<()> {
        let id = self.officer(at).create_call(CallSource::Template(Code::FL)).await?;
        let texts = [("title-en", "Fast Lane for robotics"), ("title-fr", "Fast Lane pour la robotique")];
        self.save(id, at, Section::Texts, &texts).await?;
        self.save(id, at, Section::Size, &[("max_gpus", "as many as there are")]).await
    }
}

fn typed(pairs: Pairs<'_>) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
