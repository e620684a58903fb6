//! Three hundred applications in every state, each taken as far as its state by the verbs of those who took it there.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use domain::{
    actor::Actor,
    allocation::State,
    application::{self, Step},
    assignment,
    id::{AllocationId, ApplicationId},
    mode::Code,
    period::brussels_day,
    policy::Action,
    review::{self, Draft, TypedDecision},
    workflow::{Kind, assessment, edge::Node, question},
};

use super::{after_award, companies::Company, dice::Dice, people::Staff};
use crate::{
    Services,
    error::{Error, Result},
    store::entity,
};

/// An allocation that the demo world's company accepted and its site confirmed.
#[derive(Debug, Clone, Copy)]
pub struct Granted {
    pub allocation: AllocationId,
    pub owner: Actor,
}

/// How far an application goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Draft,
    Submitted,
    Withdrawn,
    Taken,
    Reviewed,
    AwaitingSignature,
    Refused,
    Approved,
    /// The applicant was asked something and has not answered.
    Asked,
    /// With a site's technical assessor.
    Assessment,
    /// The applicant may answer the reviews.
    Rebuttal,
    /// Refused, and the applicant does not agree.
    Appealed,
}

const COUNT: i64 = 300;
/// The oldest was submitted so long ago.
const SPAN_HOURS: i64 = 15 * 7 * 24;
const NEWEST: i64 = 60;

const TITLES: [&str; 8] = [
    "Protein language model for enzyme design",
    "Speech recognition for eleven small languages",
    "Foundation model of satellite crop images",
    "Inference benchmark of a legal assistant",
    "Fine-tuning a medical report model",
    "Weather downscaling for wind farms",
    "Defect detection in castings",
    "Code model for industrial controllers",
];

struct World<'a> {
    services: &'a Services,
    staff: &'a Staff,
    dice: Dice,
    granted: Vec<Granted>,
}

pub async fn make(
    services: &Services,
    now: DateTime<Utc>,
    staff: &Staff,
    companies: &[Company],
) -> Result<Vec<Granted>> {
    let mut world = World { services, staff, dice: Dice::new(1_848), granted: Vec::new() };
    for number in 0..COUNT {
        let at = now - TimeDelta::hours(age_hours(number));
        let place = usize::try_from((number * 37 + number / 60) % 60).unwrap_or_default();
        let company = companies.get(place).copied().ok_or(Error::NotFound)?;
        let fate = world.fate(number);
        match world.application(number, at, company, fate).await {
            // A rule of the mode (one open application at once, a class it is not for) keeps some from applying.
            Ok(()) => {}
            Err(Error::Invalid(invalid)) => tracing::debug!(%invalid, number, "stays a draft"),
            Err(error) => return Err(error),
        }
    }
    Ok(world.granted)
}

fn over_the_ceiling() -> TypedDecision {
    TypedDecision {
        outcome: "refused".to_owned(),
        hours: String::new(),
        reasons: "The project is sound, but the grant would take the undertaking over the ceiling of de minimis aid. \
                  Ask for fewer hours, or apply for Union access time."
            .to_owned(),
    }
}

/// The newest sixty came two hours apart, the others over fifteen weeks.
const fn age_hours(number: i64) -> i64 {
    let from_end = COUNT - number;
    if from_end <= NEWEST { from_end * 2 } else { NEWEST * 2 + (from_end - NEWEST) * (SPAN_HOURS - NEWEST * 2) / COUNT }
}

impl World<'_> {
    /// The old are decided; the newest hold every state. Those nobody has taken are the very newest: the queue is
    /// strict.
    fn fate(&mut self, number: i64) -> Fate {
        let from_end = COUNT - number;
        match from_end {
            30 => Fate::Rebuttal,
            34 => Fate::Assessment,
            // Both of the company that visitors try.
            52 => Fate::Asked,
            99 => Fate::Appealed,
            1..=8 => Fate::Draft,
            9..=24 => Fate::Submitted,
            25..=NEWEST => match number % 4 {
                0 => Fate::Taken,
                1 => Fate::Reviewed,
                2 => Fate::AwaitingSignature,
                _ => Fate::Approved,
            },
            _ => match self.dice.below(100) {
                0..=13 => Fate::Refused,
                14..=18 => Fate::Withdrawn,
                _ => Fate::Approved,
            },
        }
    }

    async fn application(&mut self, number: i64, at: DateTime<Utc>, company: Company, fate: Fate) -> Result<()> {
        let code = match (fate, self.dice.below(20)) {
            (Fate::AwaitingSignature | Fate::Assessment | Fate::Rebuttal, _) => Code::LS,
            (Fate::Asked | Fate::Appealed, _) => Code::PG,
            (_, 0..=2) => Code::LS,
            // Enough that waits to be given out.
            (Fate::Submitted, _) if number % 2 == 0 => Code::LS,
            (_, 3..=8) => Code::FL,
            _ => Code::PG,
        };
        let desk = self.services.desk_at(company.owner, at);
        let id = desk.start_application(code).await?;
        let fields = answers(&mut self.dice, number, at, code);
        let steps = if fate == Fate::Draft { &Step::ALL[..2] } else { &Step::ALL[..] };
        for step in steps {
            desk.save_draft(id, *step, &fields).await?;
        }
        if fate == Fate::Draft {
            return Ok(());
        }
        let seen = self.version(company.owner, id).await?;
        desk.submit_application(id, seen).await?;
        match fate {
            Fate::Withdrawn => {
                let seen = self.version(company.owner, id).await?;
                let later = self.services.desk_at(company.owner, at + TimeDelta::hours(5));
                later.withdraw_application(id, "Our own cluster is free earlier than expected.", seen).await
            }
            // Some are ready to be given out to reviewers, the others wait for an officer's check.
            Fate::Submitted if number % 4 == 0 => self.admit(id, at, fate).await,
            Fate::Draft | Fate::Submitted => Ok(()),
            Fate::Asked => self.ask(id, at).await,
            _ => self.judge(id, at, company, fate, code).await,
        }
    }

    /// An officer misses something; the company has not answered yet.
    async fn ask(&self, id: ApplicationId, at: DateTime<Utc>) -> Result<()> {
        let typed = question::Typed {
            text: "Which share of the training data is openly licensed, and where does the licence stand?".to_owned(),
            days: "10".to_owned(),
        };
        self.services.desk_at(self.staff.officer, at + TimeDelta::hours(2)).ask_question(id, &typed).await
    }

    /// The steps before the reviewers' turn, where the mode has them.
    async fn admit(&self, id: ApplicationId, at: DateTime<Utc>, fate: Fate) -> Result<()> {
        let officer = self.services.desk_at(self.staff.officer, at + TimeDelta::hours(1));
        let case = officer.course_case(id).await?;
        if case.course.node != Node::At(Kind::AdministrativeCheck) {
            return Ok(());
        }
        officer.check_admission(id, "admissible", "", case.application.version).await?;
        let case = officer.course_case(id).await?;
        let (site, operator) = self.staff.operators.first().copied().ok_or(Error::NotFound)?;
        let slug = case.sites.iter().find(|one| one.id == site).map(|one| one.slug.clone()).ok_or(Error::NotFound)?;
        officer.choose_site(id, &slug, case.application.version).await?;
        if fate == Fate::Assessment {
            return Ok(());
        }
        let draft: application::Draft = serde_json::from_str(&case.application.draft)?;
        let said = assessment::Typed {
            verdict: "feasible".to_owned(),
            hours: draft.get("hours").to_owned(),
            model: draft.get("model").to_owned(),
            conditions: String::new(),
            comments: "Runs on our partition; the measured throughput carries over.".to_owned(),
        };
        self.services.desk_at(operator, at + TimeDelta::hours(2)).assess(id, &said).await
    }

    async fn judge(
        &mut self,
        id: ApplicationId,
        at: DateTime<Utc>,
        company: Company,
        fate: Fate,
        code: Code,
    ) -> Result<()> {
        let hour = TimeDelta::hours(1);
        self.admit(id, at, fate).await?;
        if fate == Fate::Assessment {
            return Ok(());
        }
        let taking = self.services.desk_at(self.staff.reviewer, at + hour * 4);
        if assignment::is_given_out(code) {
            let person = self.staff.reviewer.person.ok_or(Error::NotFound)?;
            self.services.desk_at(self.staff.officer, at + hour * 3).assign_review(id, person).await?;
            taking.accept_assignment(id).await?;
        } else if taking.take_next().await? != id {
            return Ok(());
        }
        if fate == Fate::Taken {
            return Ok(());
        }
        let refuses = matches!(fate, Fate::Refused | Fate::Appealed);
        let review = self.review(id, refuses).await?;
        self.services.desk_at(self.staff.reviewer, at + hour * 20).hand_in_review(id, &review).await?;
        if fate == Fate::Rebuttal {
            return Ok(());
        }
        self.reply(id, at + hour * 24, company).await?;
        if fate == Fate::Reviewed {
            return Ok(());
        }
        let officer = self.services.desk_at(self.staff.officer, at + hour * 28);
        let case = officer.decision_case(id).await?;
        let decision = TypedDecision {
            outcome: if refuses { "refused" } else { "approved" }.to_owned(),
            hours: case.requested.whole_hours().to_string(),
            reasons: if refuses {
                "The estimate does not follow from the model size and the data that were named."
            } else {
                "The project fits the mode, the estimate is sound and the team is ready."
            }
            .to_owned(),
        };
        match officer.decide(id, &decision, case.application.version).await {
            // It would take the undertaking over its ceiling of aid: the whole grant is refused.
            Err(Error::Invalid(invalid)) if invalid.of("hours").next().is_some() => {
                return officer.decide(id, &over_the_ceiling(), case.application.version).await;
            }
            decided => decided?,
        }
        if fate == Fate::Appealed {
            let grounds = "The reviews compare our estimate with dense training. Our model is sparse, as the work plan \
                           says on its second page: a sixth of its parameters is used for each token.";
            let desk = self.services.desk_at(company.owner, at + TimeDelta::days(6));
            return desk.file_appeal(id, grounds).await;
        }
        if fate == Fate::AwaitingSignature {
            return Ok(());
        }
        if review::needs_second_signature(case.requested, brussels_day(at)) && !refuses {
            let second = self.services.desk_at(self.staff.second_officer, at + hour * 30);
            let seen = second.decision_case(id).await?.application.version;
            second.countersign(id, seen).await?;
        }
        if refuses { Ok(()) } else { self.place(id, at + hour * 31, company).await }
    }

    /// To the reviews, where the mode lets the applicant answer them.
    async fn reply(&self, id: ApplicationId, at: DateTime<Utc>, company: Company) -> Result<()> {
        let desk = self.services.desk_at(company.owner, at);
        if desk.read_application(id).await?.course.node != Node::At(Kind::Rebuttal) {
            return Ok(());
        }
        desk.reply(id, "Thank you. The throughput was measured on sixteen GPUs and scales as table 2 shows.").await
    }

    async fn review(&mut self, id: ApplicationId, refuses: bool) -> Result<Draft> {
        let case = self.services.desk(self.staff.reviewer).review_case(id).await?;
        let grades = case.rubric.criteria.iter().map(|criterion| {
            let grade = if refuses { self.dice.between(1, 2) } else { self.dice.between(3, 5) };
            (criterion.code.to_string(), grade.to_string())
        });
        Ok(Draft {
            grades: grades.collect(),
            to_applicant: "The description is clear; the figures were compared with measured throughput.".to_owned(),
            to_officer: String::new(),
            advice: if refuses { "refuse" } else { "approve" }.to_owned(),
        })
    }

    /// Offer, acceptance and confirmation; the newest offers are left open.
    async fn place(&mut self, id: ApplicationId, at: DateTime<Utc>, company: Company) -> Result<()> {
        // The newest of the modes with cut-offs are left for an officer's run.
        let is_old = self.services.now() - at > TimeDelta::days(21);
        self.services.desk_at(Actor::SYSTEM, at).match_in_order(is_old).await?;
        let offers = self.services.desk_at(company.owner, at).read_allocations(&[State::Offered]).await?;
        let Some(offer) = offers.into_iter().find(|offer| offer.row.application_id == id) else { return Ok(()) };
        let age = self.services.now() - at;
        if age < TimeDelta::days(6) {
            return Ok(());
        }
        let accepting = self.services.desk_at(company.owner, at + TimeDelta::hours(20));
        accepting.accept_offer(offer.row.id, offer.row.version).await?;
        if age < TimeDelta::days(9) {
            return Ok(());
        }
        let operator = self.staff.operators.iter().find(|(site, _)| *site == offer.row.site_id);
        let Some((_, operator)) = operator else { return Ok(()) };
        let confirming = self.services.desk_at(*operator, at + TimeDelta::hours(30));
        let seen = confirming.read_allocation(offer.row.id).await?.allocation.row.version;
        confirming.confirm_allocation(offer.row.id, seen).await?;
        let granted = Granted { allocation: offer.row.id, owner: company.owner };
        self.granted.push(granted);
        after_award::interim(self.services, self.staff, granted).await
    }

    async fn version(&self, actor: Actor, id: ApplicationId) -> Result<i32> {
        let tx = self.services.desk(actor).begin(Action::ReadApplication).await?;
        Ok(tx.find::<entity::application::Entity>(id).await?.version)
    }
}

/// Everything that an application answers.
pub fn answers(dice: &mut Dice, number: i64, at: DateTime<Utc>, code: Code) -> BTreeMap<String, String> {
    let (hours, gpus, months) = match code {
        Code::PG => (dice.between(10, 50) * 100, 8, dice.between(1, 3)),
        Code::FL => (dice.between(101, 500) * 100, 64, dice.between(2, 3)),
        Code::LS => (dice.between(600, 9_000) * 100, 1_024, 6),
    };
    let models = ["H100", "H200", "GH200", "B200", "MI300X", "A100"];
    let model = dice.one_of(&models).copied().unwrap_or("H100");
    // A Large Scale answer takes ten working days from the next cut-off.
    let earliest = brussels_day(at) + TimeDelta::days(if code == Code::LS { 40 } else { 9 });
    let deadline = earliest + TimeDelta::days(30 * months + 20);
    let title = TITLES.get(usize::try_from(number).unwrap_or_default() % TITLES.len()).copied().unwrap_or("Model");
    let text = |words: &str| words.to_owned();
    [
        ("title", text(title)),
        ("abstract", text("We train and evaluate a model on our own data and compare it with what exists today.")),
        ("innovation", text("No European company offers this at our quality and at a price that small firms can pay.")),
        ("impact", text("A product for small firms in at least five Member States, with twelve new jobs.")),
        ("work_plan", text("Month 1: data and baseline. Month 2: training. Month 3: evaluation and release.")),
        ("readiness", text("The code runs on eight GPUs with measured throughput; containers are built.")),
        ("model", text(model)),
        ("method", text("typed")),
        ("hours", hours.to_string()),
        ("unit", text("gpu_hour")),
        ("gpus", gpus.to_string()),
        ("earliest", earliest.to_string()),
        ("months", months.to_string()),
        ("flexible", text("yes")),
        ("deadline", deadline.to_string()),
        ("data_source", text("Our own measurements and openly licensed public data.")),
        ("personal_data", text("none")),
        ("storage_tb", text("20")),
        ("residency", text("union")),
        ("role", text("provider")),
        ("risk", text("minimal")),
        ("practice", text("none")),
        ("general_purpose", text("no")),
        ("not_started", text("yes")),
        ("civil", text("yes")),
        ("truthful", text("yes")),
        ("lead_name", text("Dr. Lena Lead")),
        ("lead_email", text("lead@demo.example")),
        ("lead_contract_end", format!("{}-12-31", at.year() + 2)),
        ("members", text("Two research engineers and one data engineer.")),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

/// What a Large Scale application says: the same for the same number.
pub(super) fn large_scale_fields(number: usize, at: DateTime<Utc>) -> BTreeMap<String, String> {
    let number = u64::try_from(number).unwrap_or_default();
    let mut typed = answers(&mut Dice::new(4_711 + number), i64::try_from(number).unwrap_or_default(), at, Code::LS);
    typed.insert("earliest".to_owned(), (brussels_day(at) + TimeDelta::days(60)).to_string());
    typed.insert("deadline".to_owned(), (brussels_day(at) + TimeDelta::days(280)).to_string());
    typed
}
