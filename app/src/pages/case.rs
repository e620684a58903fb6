//! One application's steps, for an officer: whom it waits for, what the officer can do in this step, questions to the
//! applicant, the appeal, the reopening, and everything that happened with who did it.

use axum::{extract::Path, response::Response};
use domain::{
    award::TypedAward,
    id::{AppealId, ApplicationId, QuestionId},
    period::brussels_day,
    workflow::{
        Kind,
        appeal::Outcome,
        edge::Node,
        question::{self, DAYS_USUAL},
    },
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{CourseCase, Error, rows::QuestionRow};
use text::{Locale, Words, args};

use super::{application_text::answers, conflict::conflict_link, course};
use crate::{
    AppError, Form, PageResult, Visit, cells,
    components::{
        Field, Table, Tone, empty,
        field::{Choice, wrapped_area},
        form::{FormState, button_form, error_summary, hidden, post_form, submit, submit_as},
        layout::{Confirm, beside, confirm, heading, link_button, panel},
        notice,
        progress::timeline,
    },
};

/// What any of this page's forms sends.
#[derive(Debug, Default, Clone, Deserialize, Serialize)]
pub struct Typed {
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    reasons: String,
    #[serde(default)]
    site: String,
    #[serde(default)]
    question: String,
    #[serde(default)]
    days: String,
    #[serde(default)]
    id: String,
    /// Of the reasons of a refusal, and what they say in the applicant's.
    #[serde(default)]
    language: String,
    #[serde(default)]
    reasons_translated: String,
    #[serde(default, rename = "do")]
    deed: String,
    #[serde(default)]
    version: String,
}

impl Typed {
    /// What is no number was never read, and is refused as stale.
    fn seen(&self) -> i32 {
        self.version.parse().unwrap_or_default()
    }

    fn question(&self) -> question::Typed {
        question::Typed { text: self.question.clone(), days: self.days.clone() }
    }
}

pub async fn get(visit: Visit, Path(id): Path<ApplicationId>) -> PageResult {
    let case = visit.desk.course_case(id).await?;
    let (title, now) = (title(visit.words, &case), visit.desk.now);
    Ok(visit.page(title, move |words| page(words, &case, &FormState::default(), now)).await)
}

fn title(words: Words, case: &CourseCase) -> String {
    words.with("case-title", args![reference => case.case.reference.clone()])
}

async fn answer(
    visit: &Visit,
    id: ApplicationId,
    typed: &Typed,
    outcome: Result<(), Error>,
    says: &str,
) -> Result<Response, AppError> {
    match outcome {
        Ok(()) => visit.redirect_saying(&format!("/cases/{id}"), says).await,
        Err(Error::Invalid(invalid)) => {
            let case = visit.desk.course_case(id).await?;
            let (form, now) = (FormState::of(typed).with(invalid), visit.desk.now);
            Ok(visit.refused(title(visit.words, &case), move |words| page(words, &case, &form, now)).await)
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn post_admission(visit: Visit, Path(id): Path<ApplicationId>, Form(typed): Form<Typed>) -> PageResult {
    let wording = TypedAward {
        language: typed.language.clone(),
        reasons_translated: typed.reasons_translated.clone(),
        ..TypedAward::default()
    };
    let done = visit.desk.check_admission_in(id, &typed.outcome, &typed.reasons, &wording, typed.seen()).await;
    answer(&visit, id, &typed, done, "admission-done-flash").await
}

pub async fn post_site(visit: Visit, Path(id): Path<ApplicationId>, Form(typed): Form<Typed>) -> PageResult {
    let done = visit.desk.choose_site(id, &typed.site, typed.seen()).await;
    answer(&visit, id, &typed, done, "site-chosen-flash").await
}

pub async fn post_go_on(visit: Visit, Path(id): Path<ApplicationId>, Form(typed): Form<Typed>) -> PageResult {
    let done = visit.desk.go_on(id, &typed.reasons, typed.seen()).await;
    answer(&visit, id, &typed, done, "case-moved-flash").await
}

pub async fn post_panel(visit: Visit, Path(id): Path<ApplicationId>, Form(typed): Form<Typed>) -> PageResult {
    let done = visit.desk.finish_panel(id, &typed.reasons, typed.seen()).await;
    answer(&visit, id, &typed, done, "case-moved-flash").await
}

pub async fn post_question(visit: Visit, Path(id): Path<ApplicationId>, Form(typed): Form<Typed>) -> PageResult {
    if typed.id.is_empty() {
        let done = visit.desk.ask_question(id, &typed.question()).await;
        return answer(&visit, id, &typed, done, "question-asked-flash").await;
    }
    let suggested: QuestionId = typed.id.parse().map_err(|_| AppError::Form("id".to_owned()))?;
    if typed.deed == "drop" {
        let done = visit.desk.drop_question(id, suggested).await;
        return answer(&visit, id, &typed, done, "question-dropped-flash").await;
    }
    let done = visit.desk.pass_on_question(id, suggested, &typed.question()).await;
    answer(&visit, id, &typed, done, "question-asked-flash").await
}

pub async fn post_appeal(visit: Visit, Path(id): Path<ApplicationId>, Form(typed): Form<Typed>) -> PageResult {
    let appeal: AppealId = typed.id.parse().map_err(|_| AppError::Form("id".to_owned()))?;
    let done = visit.desk.judge_appeal(appeal, &typed.outcome, &typed.reasons).await;
    answer(&visit, id, &typed, done, "appeal-judged-flash").await
}

pub async fn post_reopening(visit: Visit, Path(id): Path<ApplicationId>, Form(typed): Form<Typed>) -> PageResult {
    let seen = typed.seen();
    let (done, says) = match typed.deed.as_str() {
        "sign" => (visit.desk.sign_reopening(id, seen).await, "reopen-signed-flash"),
        "drop" => (visit.desk.drop_reopening(id, seen).await, "reopen-dropped-flash"),
        _ => (visit.desk.propose_reopening(id, &typed.reasons, seen).await, "reopen-proposed-flash"),
    };
    answer(&visit, id, &typed, done, says).await
}

fn page(
    words: Words,
    case: &CourseCase,
    form: &FormState,
    now: chrono::DateTime<chrono::Utc>,
) -> impl IntoView + use<> {
    let id = case.case.id;
    let waits = course::waits_for_staff(words, &case.course);
    let waits = waits.map(|said| notice(Tone::Waiting, view! { <p>{said}</p> }));
    let charged = case.course.active().and_then(|step| step.in_charge).and_then(|person| case.names.get(&person));
    let charged = charged.map(|name| view! { <p>{words.with("case-in-charge", args![name => name.clone()])}</p> });
    let moments = case.course.transitions.iter().rev().filter_map(|row| {
        let name = row.person_id.and_then(|person| case.names.get(&person));
        course::internal_moment(words, row, name)
    });
    let suggested = case.course.questions.iter().filter(|row| row.state == question::State::Proposed);
    let suggestions = suggested.map(|row| suggestion(words, id, row)).collect_view();
    let others = case.course.questions.iter().filter(|row| row.state != question::State::Proposed);
    // Whoever checks it reads it here; later there is a page that has the reviews beside it.
    let is_checked = case.course.node == Node::At(Kind::AdministrativeCheck);
    let main = view! {
        {waits}
        {charged}
        {course::steps(words, &case.course, now)}
        {course::assessments(words, &case.course.assessments, &case.sites)}
        {(case.course.node == Node::At(Kind::TechnicalAssessment)).then(|| gpus_of_sites(words, case))}
        {course::questions(words, others)}
        {course::reply(words, &case.course)}
        {judged(words, case)}
        {is_checked.then(|| view! {
            <h2>{words.t("review-application")}</h2>
            {answers(words, &case.application.draft)}
        })}
        <h2>{words.t("application-timeline")}</h2>
        {timeline(words, moments.collect())}
    };
    let turn = view! {
        <div>
            {turn(words, case, form)}
            {suggestions}
        </div>
    };
    view! {
        {error_summary(words, form)}
        {heading(case.case.reference.clone(), Some(words.t(&format!("mode-name-{}", case.case.mode))), None)}
        <p>
            {case.case.organisation.clone()} " · "
            <a href=format!("/decision/{id}")>{words.t("case-read")}</a> " · "
            {conflict_link(words, id, &case.case.reference)}
        </p>
        {beside(main, turn)}
    }
}

/// What this officer can do here.
fn turn(words: Words, case: &CourseCase, form: &FormState) -> AnyView {
    let id = case.case.id;
    if let Node::Appealed = case.course.node {
        return judge_form(words, case, form);
    }
    if let Some(problem) = case.obstacle {
        return notice(Tone::Waiting, view! { <p>{words.problem(problem)}</p> });
    }
    if case.course.asked().is_some() {
        return notice(Tone::Waiting, view! { <p>{words.t("question-is-open")}</p> });
    }
    let version = case.application.version.to_string();
    let now = match case.course.node {
        Node::At(Kind::AdministrativeCheck) => panel(admission_form(words, case, version, form)),
        Node::At(Kind::TechnicalAssessment) => assessment_turn(words, case, form),
        Node::At(Kind::Panel) => panel(panel_form(words, id, version, form)),
        Node::At(Kind::Decision) => link_button(words, format!("/decision/{id}"), "case-decide"),
        Node::Signature => link_button(words, format!("/countersign/{id}"), "countersign-submit"),
        Node::Refused => reopening(words, case, form),
        _ => ().into_any(),
    };
    let asks = matches!(case.course.node, Node::At(_)).then(|| ask_form(words, format!("/cases/{id}/question"), form));
    view! { {now} {asks} }.into_any()
}

fn admission_form(words: Words, case: &CourseCase, version: String, form: &FormState) -> AnyView {
    let id = case.case.id;
    let languages = Locale::ALL.map(|locale| Choice::new(locale.code(), locale.own_name())).to_vec();
    let own = || args![language => case.language.own_name()];
    let mut form = form.clone();
    if form.value("language").is_empty() {
        form = form.set("language", case.language.code());
    }
    let form = &form;
    let outcomes =
        ["admissible", "not_admissible"].map(|code| Choice::new(code, words.t(&format!("admission-{code}"))));
    view! {
        <h2>{words.t("admission-title")}</h2>
        <p>{words.t("admission-help")}</p>
        {post_form(
            format!("/cases/{id}/admission"),
            view! {
                {hidden("version", version)}
                {Field::radios("outcome", "admission-outcome", outcomes.to_vec()).show(words, form)}
                {Field::area("reasons", "admission-reasons")
                    .rows(4)
                    .optional()
                    .hint(words.t("admission-reasons-help"))
                    .show(words, form)}
                {Field::select("language", "decision-language", languages)
                    .hint(words.with("decision-language-help", own()))
                    .show(words, form)}
                {Field::area("reasons_translated", "decision-reasons-translated")
                    .hint(words.with("decision-reasons-translated-help", own()))
                    .rows(4)
                    .optional()
                    .show(words, form)}
                {submit(words, "admission-submit")}
            },
        )}
    }
    .into_any()
}

fn panel_form(words: Words, id: ApplicationId, version: String, form: &FormState) -> AnyView {
    view! {
        <h2>{words.t("panel-title")}</h2>
        {post_form(
            format!("/cases/{id}/panel"),
            view! {
                {hidden("version", version)}
                {Field::area("reasons", "case-panel-note").rows(4).optional().show(words, form)}
                {submit(words, "panel-submit")}
            },
        )}
    }
    .into_any()
}

/// What each site has, and has free in the coming weeks.
fn gpus_of_sites(words: Words, case: &CourseCase) -> AnyView {
    let rows = case.outlook.iter().filter_map(|((site, model), outlook)| {
        let site = case.sites.iter().find(|one| one.id == *site)?;
        let free = match (outlook.least_free, outlook.most_free) {
            (least, most) if least == most => words.integer(most),
            (least, most) => format!("{} – {}", words.integer(least), words.integer(most)),
        };
        Some(cells![site.name.clone(), model.code(), words.integer(outlook.gpus), free])
    });
    Table::new("site-choose-gpus")
        .column("site-choose")
        .column("site-capacity-model")
        .figures("site-capacity-gpus")
        .figures("site-choose-free")
        .rows(rows)
        .empty(empty(words, "site-choose-gpus-empty", "site-choose-gpus-empty-help", None))
        .show(words)
}

/// The site is asked, or has to be chosen; what no site can run may go on with a reason.
fn assessment_turn(words: Words, case: &CourseCase, form: &FormState) -> AnyView {
    let id = case.case.id;
    let version = case.application.version.to_string();
    let asked = case.course.active().and_then(|step| step.site_id);
    let none = Choice::new("", words.t("choice-none"));
    let sites = case.sites.iter().filter(|site| Some(site.id) != asked);
    let sites = sites.map(|site| Choice::new(site.slug.clone(), format!("{}, {}", site.name, site.city)));
    let choose = post_form(
        format!("/cases/{id}/site"),
        view! {
            {hidden("version", version.clone())}
            {Field::select("site", "site-choose", std::iter::once(none).chain(sites).collect()).show(words, form)}
            {submit(words, "site-choose-submit")}
        },
    );
    let title = words.t(if asked.is_some() { "site-choose-again" } else { "site-choose-title" });
    let help = asked.is_none().then(|| view! { <p>{words.t("site-choose-help")}</p> });
    let goes_on = (asked.is_none() && !case.course.assessments.is_empty()).then(|| {
        confirm(
            words,
            Confirm {
                action: format!("/cases/{id}/go-on"),
                open: "go-on-title",
                consequence: "go-on-consequence".to_owned(),
                button: "go-on-submit",
                values: vec![("version", version)],
            },
            Some((Field::area("reasons", "go-on-reason").rows(4), form)),
        )
    });
    panel(view! { <h2>{title}</h2> {help} {choose} {goes_on} })
}

/// A question to the applicant, wherever it is asked from.
pub(super) fn ask_form(words: Words, action: String, form: &FormState) -> AnyView {
    let typed = form.value("days");
    let form = if typed.is_empty() { form.clone().set("days", DAYS_USUAL.to_string()) } else { form.clone() };
    panel(view! {
        <h2>{words.t("question-ask-title")}</h2>
        {post_form(
            action,
            view! {
                {Field::area("question", "question-text").rows(4).hint(words.t("question-text-help")).show(words, &form)}
                {Field::number("days", "question-days").unit("unit-working-days").show(words, &form)}
                {submit_as(words, "question-ask-submit", "do", "ask")}
            },
        )}
    })
}

/// What a reviewer would like to know, to be asked in these words or others.
fn suggestion(words: Words, id: ApplicationId, row: &QuestionRow) -> AnyView {
    panel(view! {
        <h2>{words.t("question-state-proposed")}</h2>
        {post_form(
            format!("/cases/{id}/question"),
            view! {
                {hidden("id", row.id.to_string())}
                {wrapped_area(words, "question", "question-text", &row.text)}
                {hidden("days", DAYS_USUAL.to_string())}
                <div class="buttons">
                    {submit_as(words, "question-pass-on", "do", "ask")}
                    {submit_as(words, "question-drop", "do", "drop")}
                </div>
            },
        )}
    })
}

fn judge_form(words: Words, case: &CourseCase, form: &FormState) -> AnyView {
    let Some(open) = case.course.open_appeal() else { return ().into_any() };
    let due = words.with("appeal-due-at", args![due => words.weekday_date(brussels_day(open.due_at))]);
    let grounds = view! {
        <h2>{words.t("appeal-judge-title")}</h2>
        <p>{due}</p>
        <h3>{words.t("appeal-grounds-read")}</h3>
        <p class="typed">{open.grounds.clone()}</p>
    };
    if let Some(problem) = case.judges_not {
        let obstacle = notice(Tone::Waiting, view! { <p>{words.problem(problem)}</p> });
        return panel(view! { {grounds} {obstacle} });
    }
    let outcomes =
        Outcome::ALL.map(|outcome| Choice::new(outcome.code(), words.t(&format!("appeal-outcome-{}", outcome.code()))));
    panel(view! {
        {grounds}
        {post_form(
            format!("/cases/{}/appeal", case.case.id),
            view! {
                {hidden("id", open.id.to_string())}
                {Field::radios("outcome", "appeal-outcome", outcomes.to_vec()).show(words, form)}
                {Field::area("reasons", "appeal-reasons").hint(words.t("appeal-reasons-help")).show(words, form)}
                {submit(words, "appeal-judge-submit")}
            },
        )}
    })
}

/// Appeals that were judged, with their reasons.
fn judged(words: Words, case: &CourseCase) -> AnyView {
    let judged = case.course.appeals.iter().filter_map(|row| {
        let title = words.t(&format!("appeal-judged-{}", row.outcome?.code()));
        let (grounds, reasons) = (row.grounds.clone(), row.reasons.clone());
        Some(panel(view! { <h3>{title}</h3> <p class="typed">{grounds}</p> <p class="typed">{reasons}</p> }))
    });
    judged.collect_view().into_any()
}

fn reopening(words: Words, case: &CourseCase, form: &FormState) -> AnyView {
    let id = case.case.id;
    let action = format!("/cases/{id}/reopening");
    let version = case.application.version.to_string();
    let Some(proposed) = &case.course.reopening else {
        return confirm(
            words,
            Confirm {
                action,
                open: "reopen-open",
                consequence: "reopen-consequence".to_owned(),
                button: "reopen-submit",
                values: vec![("version", version)],
            },
            Some((Field::area("reasons", "reopen-reasons").hint("reopen-reasons-help"), form)),
        );
    };
    let name = case.names.get(&proposed.proposed_by).cloned().unwrap_or_default();
    let values = |deed: &'static str| [("version", version.clone()), ("do", deed.to_owned())];
    let button = |label: &str, deed: &'static str| {
        let [version, deed] = values(deed);
        button_form(words, action.clone(), label, &[(version.0, &version.1), (deed.0, &deed.1)])
    };
    let sign = (proposed.proposed_by != case.me).then(|| button("reopen-sign", "sign"));
    panel(view! {
        <h2>{words.t("reopen-title")}</h2>
        <p>{words.with("reopen-waits", args![name => name])}</p>
        <p class="typed">{proposed.reasons.clone()}</p>
        <p>{words.t("reopen-consequence")}</p>
        <div class="buttons">{sign} {button("reopen-drop", "drop")}</div>
    })
}
