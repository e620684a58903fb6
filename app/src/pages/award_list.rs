//! The award list of a scope: by score, cut under a budget, ties marked, each a way to its decision; as CSV and JSON too.
//! A list that was fixed is shown as it was, with what was decided since.

use axum::{Json, response::IntoResponse};
use domain::{gpu::GpuTime, mode::Code, problem::Invalid, ranking::Cut, review::Outcome, scope::Scope};
use http::header;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{AwardLine, AwardList, Error, Fixed};
use text::{Words, args};

use super::scope;
use crate::{
    AppError, Form, PageResult, Query, Visit, cells,
    components::{
        Field, Table, Tone, empty, facts,
        form::{FormState, error_summary, hidden, post_form, submit},
        layout::{heading, kept},
        notice,
        table::{Listing, filters},
        tag,
    },
    csv,
};

/// The first line of the CSV.
const HEAD: [&str; 16] = [
    "place",
    "tied",
    "reference",
    "organisation",
    "mean_hundredths",
    "lowest",
    "highest",
    "reviews",
    "requested_gpu_hours",
    "recommended_gpu_hours",
    "recommendation",
    "running_gpu_hours",
    "cut",
    "lot",
    "decision",
    "granted_gpu_hours",
];

/// Lines on a page.
const LINES: usize = 100;

#[derive(Debug, Default, Clone, Deserialize, Serialize)]
pub struct Asked {
    #[serde(default)]
    mode: String,
    /// Whole GPU-hours; empty for no cut.
    #[serde(default)]
    budget: String,
    /// Lines before this one were on the pages before.
    #[serde(default)]
    after: String,
    /// A list that was fixed; empty for the one of now.
    #[serde(default)]
    list: String,
}

impl Asked {
    fn scope(&self) -> Scope {
        Scope::parse(&self.mode).unwrap_or(Scope::Mode(Code::LS))
    }

    /// What is drawn or fixed is of the scope that was sent, and of no other.
    fn sent_scope(&self) -> Result<Scope, AppError> {
        Scope::parse(&self.mode).ok_or(AppError::NOT_FOUND)
    }

    fn query(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if self.list.is_empty() {
            query.append_pair("mode", &self.scope().to_string()).append_pair("budget", self.budget.trim());
        } else {
            query.append_pair("list", &self.list);
        }
        query.finish()
    }

    /// The list that was fixed, or the one of now under this budget.
    async fn read(&self, visit: &Visit) -> Result<AwardList, AppError> {
        if self.list.is_empty() {
            let budget = services::budget(&self.budget)?;
            return Ok(visit.desk.award_list(self.scope(), budget).await?);
        }
        let list = self.list.parse().map_err(|_| AppError::NOT_FOUND)?;
        Ok(visit.desk.fixed_award_list(list).await?)
    }
}

pub async fn get(visit: Visit, Query(asked): Query<Asked>) -> PageResult {
    let title = visit.words.t("award-list-title");
    match services::budget(&asked.budget) {
        Ok(_) => {
            let list = asked.read(&visit).await?;
            let form = FormState::of(&asked);
            Ok(visit.page(title, move |words| page(words, &list, &asked, &form)).await)
        }
        Err(Error::Invalid(invalid)) => {
            let list = visit.desk.award_list(asked.scope(), None).await?;
            let form = FormState::of(&asked).with(invalid);
            Ok(visit.refused(title, move |words| page(words, &list, &asked, &form)).await)
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Debug, Default, Clone, Deserialize, Serialize)]
pub struct Draw {
    #[serde(flatten)]
    asked: Asked,
    #[serde(default)]
    lot: String,
}

/// Draws the committed lot among those tied at the cut.
pub async fn post_draw(visit: Visit, Form(typed): Form<Draw>) -> PageResult {
    typed.asked.sent_scope()?;
    let lot = typed.lot.parse().map_err(|_| AppError::NOT_FOUND)?;
    let budget = services::budget(&typed.asked.budget)?.unwrap_or(GpuTime::ZERO);
    let to = format!("/award-list?{}", typed.asked.query());
    match visit.desk.draw_at_cut(lot, budget).await {
        Ok(()) => visit.redirect_saying(&to, "lot-drawn").await,
        Err(Error::Invalid(invalid)) => {
            let list = visit.desk.award_list(typed.asked.scope(), Some(budget)).await?;
            let problems = Invalid(invalid.0.into_iter().map(|(_, problem)| (String::new(), problem)).collect());
            let form = FormState::of(&typed.asked).with(problems);
            let title = visit.words.t("award-list-title");
            Ok(visit.refused(title, move |words| page(words, &list, &typed.asked, &form)).await)
        }
        Err(error) => Err(error.into()),
    }
}

/// Fixes the list as it is now, and shows it.
pub async fn post_fix(visit: Visit, Form(asked): Form<Asked>) -> PageResult {
    let scope = asked.sent_scope()?;
    let done = match services::budget(&asked.budget) {
        Ok(budget) => visit.desk.fix_award_list(scope, budget).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(id) => visit.redirect_saying(&format!("/award-list?list={id}"), "award-list-fixed").await,
        Err(Error::Invalid(invalid)) => {
            let list = visit.desk.award_list(asked.scope(), None).await?;
            let form = FormState::of(&asked).with(invalid);
            let title = visit.words.t("award-list-title");
            Ok(visit.refused(title, move |words| page(words, &list, &asked, &form)).await)
        }
        Err(error) => Err(error.into()),
    }
}

/// A line as it is exported: what is shown, in plain units.
#[derive(Serialize)]
struct Exported {
    place: usize,
    tied: bool,
    reference: String,
    organisation: String,
    /// Hundredths of a grade, each.
    mean: i64,
    lowest: i64,
    highest: i64,
    reviews: i64,
    requested_gpu_hours: i64,
    recommended_gpu_hours: Option<i64>,
    recommendation: Option<&'static str>,
    running_gpu_hours: i64,
    cut: Option<&'static str>,
    lot: Option<usize>,
    decision: Option<&'static str>,
    granted_gpu_hours: Option<i64>,
}

fn exported(line: &AwardLine) -> Exported {
    let judged = &line.judged;
    Exported {
        place: line.place,
        tied: line.is_tied,
        reference: line.case.reference.clone(),
        organisation: line.case.organisation.clone(),
        mean: judged.mean,
        lowest: judged.least,
        highest: judged.most,
        reviews: judged.reviews,
        requested_gpu_hours: judged.requested.whole_hours(),
        recommended_gpu_hours: judged.recommended.map(GpuTime::whole_hours),
        recommendation: judged.outcome.map(domain::panel::Outcome::code),
        running_gpu_hours: line.running.whole_hours(),
        cut: judged.cut.map(Cut::code),
        lot: judged.drawn,
        decision: line.decided.map(|decided| decided.outcome.code()),
        granted_gpu_hours: line.decided.map(|decided| decided.granted.whole_hours()),
    }
}

async fn asked_for(visit: &Visit, asked: &Asked) -> Result<Vec<Exported>, AppError> {
    let list = asked.read(visit).await?;
    Ok(list.lines.iter().map(exported).collect())
}

pub async fn json(visit: Visit, Query(asked): Query<Asked>) -> PageResult {
    let lines = asked_for(&visit, &asked).await?;
    Ok(([(header::CACHE_CONTROL, "private, no-store")], Json(lines)).into_response())
}

pub async fn csv(visit: Visit, Query(asked): Query<Asked>) -> PageResult {
    let lines = asked_for(&visit, &asked).await?;
    let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    let records = lines.into_iter().map(|line| {
        [
            line.place.to_string(),
            line.tied.to_string(),
            line.reference,
            line.organisation,
            line.mean.to_string(),
            line.lowest.to_string(),
            line.highest.to_string(),
            line.reviews.to_string(),
            line.requested_gpu_hours.to_string(),
            number(line.recommended_gpu_hours),
            line.recommendation.unwrap_or_default().to_owned(),
            line.running_gpu_hours.to_string(),
            line.cut.unwrap_or_default().to_owned(),
            line.lot.map(|place| place.to_string()).unwrap_or_default(),
            line.decision.unwrap_or_default().to_owned(),
            number(line.granted_gpu_hours),
        ]
    });
    csv::download("award-list.csv", std::iter::once(HEAD.map(str::to_owned)).chain(records))
}

fn page(words: Words, list: &AwardList, asked: &Asked, form: &FormState) -> impl IntoView + use<> {
    let query = asked.query();
    let above = match &list.fixed {
        Some(fixed) => as_fixed(words, list, fixed).into_any(),
        None => of_now(words, list, asked, form).into_any(),
    };
    view! {
        {error_summary(words, form)}
        {heading(words.t("award-list-title"), None, None)}
        {above}
        {table(words, list, asked)}
        {(!list.lines.is_empty()).then(|| view! {
            <p>
                <a href=format!("/award-list.csv?{query}")>{words.t("table-csv")}</a>
                " · "
                <a href=format!("/award-list.json?{query}")>{words.t("award-list-json")}</a>
            </p>
        })}
        {earlier(words, list)}
    }
}

/// What it is a list of, the ties at its cut, and the way to fix it.
fn of_now(words: Words, list: &AwardList, asked: &Asked, form: &FormState) -> impl IntoView + use<> {
    let scopes = scope::choices(words, &list.scopes);
    let mut shown = form.clone();
    if shown.value("mode").is_empty() {
        shown = shown.set("mode", list.scope.to_string());
    }
    let fix = (!list.lines.is_empty()).then(|| {
        let fields = view! {
            {hidden("mode", list.scope.to_string())}
            {hidden("budget", if list.budget.is_some() { asked.budget.clone() } else { String::new() })}
            <p class="hint">{words.t("award-list-fix-help")}</p>
            {submit(words, "award-list-fix")}
        };
        post_form("/award-list/fix", fields)
    });
    view! {
        <p class="lead">{words.t("award-list-lead")}</p>
        {filters(
            words,
            "/award-list",
            view! {
                {Field::select("mode", "case-mode", scopes).show(words, &shown)}
                {Field::number("budget", "award-list-budget")
                    .unit(words.t("unit-gpu-hours"))
                    .hint(words.t("award-list-budget-help"))
                    .optional()
                    .show(words, &shown)}
            },
        )}
        <p><a href="/lots">{words.t("lots-title")}</a></p>
        {draw(words, list, asked)}
        {fix}
    }
}

/// When it was fixed and by whom, its budget and how much of that is awarded.
fn as_fixed(words: Words, list: &AwardList, fixed: &Fixed) -> impl IntoView + use<> {
    let name = scope::name_in(words, &list.scopes, list.scope);
    let awarded = list.awarded().unwrap_or_default();
    let mut about = vec![
        ("case-mode", name.into_any()),
        ("award-list-fixed-at", words.instant(fixed.at).into_any()),
        ("award-list-fixed-by", fixed.by.clone().into_any()),
    ];
    if let Some(budget) = list.budget {
        about.push(("award-list-budget", words.hours(budget).into_any()));
    }
    about.push(("award-list-awarded", words.hours(awarded).into_any()));
    if let Some(left) = list.budget.and_then(|budget| budget.checked_sub(awarded).ok()) {
        about.push(("award-list-left", words.hours(left).into_any()));
    }
    let now =
        url::form_urlencoded::Serializer::new(String::new()).append_pair("mode", &list.scope.to_string()).finish();
    view! {
        <p class="lead">{words.t("award-list-fixed-lead")}</p>
        {facts(words, about)}
        <p><a href=format!("/award-list?{now}")>{words.t("award-list-now")}</a></p>
    }
}

/// The lists that were fixed of the same scope, the newest first.
fn earlier(words: Words, list: &AwardList) -> Option<AnyView> {
    let shown = list.fixed.as_ref().map(|fixed| fixed.id);
    let others: Vec<_> = list.earlier.iter().filter(|one| Some(one.id) != shown).collect();
    if others.is_empty() {
        return None;
    }
    let lines = others
        .into_iter()
        .map(|one| {
            let at = words.instant(one.at);
            let said = match one.budget {
                Some(budget) => words.with("award-list-of-budget", args![at => at, budget => words.hours(budget)]),
                None => words.with("award-list-of", args![at => at]),
            };
            view! { <li><a href=format!("/award-list?list={}", one.id)>{said}</a></li> }
        })
        .collect_view();
    Some(view! { <section><h2>{words.t("award-list-earlier")}</h2> <ul>{lines}</ul></section> }.into_any())
}

/// What a tie at the cut means, and the lot that ends it.
fn draw(words: Words, list: &AwardList, asked: &Asked) -> Option<AnyView> {
    let tied = i64::try_from(list.tied().count()).unwrap_or(i64::MAX);
    if tied == 0 {
        return None;
    }
    let said = words.with("award-list-tied", args![count => tied]);
    let lot = match &list.lot {
        Some(lot) if lot.revealed_at.is_none() => {
            let form = post_form(
                "/award-list/draw",
                view! {
                    {hidden("mode", list.scope.to_string())}
                    {hidden("budget", asked.budget.clone())}
                    {hidden("lot", lot.id.to_string())}
                    {submit(words, "lot-draw")}
                },
            );
            let name = lot.name.clone();
            view! {
                <p><a href=format!("/lots/{}", lot.id)>{name}</a></p>
                <p class="hint">{words.with("lot-draw-help", args![at => words.instant(lot.deadline)])}</p>
                {form}
            }
            .into_any()
        }
        _ => view! { <p>{words.t("award-list-no-lot")} " " <a href="/lots">{words.t("lots-title")}</a></p> }.into_any(),
    };
    Some(notice(Tone::Yours, view! { <p>{said}</p> {lot} }))
}

fn table(words: Words, list: &AwardList, asked: &Asked) -> AnyView {
    let after: usize = asked.after.parse().unwrap_or_default();
    let next = (after.saturating_add(LINES) < list.lines.len()).then(|| (after + LINES).to_string());
    let has_budget = list.budget.is_some();
    let is_fixed = list.fixed.is_some();
    let rows = list.lines.iter().skip(after).take(LINES).map(|line| row(words, line, is_fixed));
    let filters = match &list.fixed {
        Some(fixed) => vec![("list".to_owned(), fixed.id.to_string())],
        None => vec![
            ("mode".to_owned(), list.scope.to_string()),
            ("budget".to_owned(), if has_budget { asked.budget.clone() } else { String::new() }),
        ],
    };
    let listing = Listing { next, is_later: after > 0, filters, ..Listing::at("/award-list") };
    let table = Table::new("award-list-title")
        .figures("award-list-place")
        .column("case-reference")
        .column("case-organisation")
        .figures("panel-mean")
        .figures("award-list-spread")
        .figures("award-list-requested")
        .column("award-list-recommended")
        .figures("award-list-running")
        .column("award-list-cut");
    let table = if is_fixed { table.column("award-list-decision") } else { table };
    table
        .rows(rows)
        .listing(listing)
        .under_heading()
        .empty(empty(words, "award-list-empty", "award-list-empty-help", None))
        .show(words)
}

fn row(words: Words, line: &AwardLine, is_fixed: bool) -> Vec<AnyView> {
    let judged = &line.judged;
    let place = words.integer(i64::try_from(line.place).unwrap_or(i64::MAX));
    let place = if line.is_tied { words.with("award-list-equal", args![place => place]) } else { place };
    let page =
        if line.case.state == domain::application::State::AwaitingSignature { "countersign" } else { "decision" };
    let spread = if judged.reviews > 1 {
        format!("{} – {}", words.hundredths(judged.least), words.hundredths(judged.most))
    } else {
        "–".to_owned()
    };
    let recommended = judged.outcome.map(|outcome| {
        let said = words.t(&format!("panel-outcome-{}", outcome.code()));
        match judged.recommended.filter(|time| time.as_seconds() > 0) {
            Some(time) => format!("{said} · {}", words.hours(time)),
            None => said,
        }
    });
    let cut = judged.cut.map(|cut| {
        let tone = match cut {
            Cut::Above => Tone::Good,
            Cut::Tied => Tone::Yours,
            Cut::Below => Tone::Calm,
        };
        tag(tone, words.t(&format!("cut-{}", cut.code())))
    });
    let drawn = judged.drawn.map(|place| {
        let place = i64::try_from(place).unwrap_or(i64::MAX);
        view! { <small class="below">{words.with("award-list-drawn", args![place => place])}</small> }
    });
    let mut cells = cells![
        place,
        view! { <a href=format!("/{page}/{}", line.case.id)>{kept(line.case.reference.clone())}</a> },
        line.case.organisation.clone(),
        words.with("panel-mean-of", args![mean => words.hundredths(judged.mean), count => judged.reviews]),
        spread,
        words.hours_figure(judged.requested),
        recommended.unwrap_or_else(|| "–".to_owned()),
        words.hours_figure(line.running),
        view! { {cut} {drawn} },
    ];
    if is_fixed {
        cells.push(decided(words, line));
    }
    cells
}

/// What was decided since the list was fixed, and how much.
fn decided(words: Words, line: &AwardLine) -> AnyView {
    let Some(decided) = line.decided else { return words.t("award-list-undecided").into_any() };
    let tone = match decided.outcome {
        Outcome::Approved => Tone::Good,
        Outcome::Refused => Tone::Calm,
    };
    let said = tag(tone, words.t(&format!("outcome-{}", decided.outcome.code())));
    let granted = (decided.granted > GpuTime::ZERO).then(|| words.hours(decided.granted));
    let unsigned = (!decided.is_in_force).then(|| {
        view! { <small class="below">{words.t("award-list-unsigned")}</small> }
    });
    view! { {said} " " {granted} {unsigned} }.into_any()
}
