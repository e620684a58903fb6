//! The award list of a scope: by score, cut under a budget, ties marked, each a way to its decision; as CSV and JSON too.

use axum::{
    Json,
    extract::Query,
    response::{IntoResponse, Response},
};
use domain::{gpu::GpuTime, mode::Code, problem::Invalid, ranking::Cut, scope::Scope};
use http::header;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{AwardLine, AwardList, Error};
use text::{Words, args};

use super::scope;
use crate::{
    AppError, Form, PageResult, Visit, cells,
    components::{
        Field, Table, Tone, empty,
        form::{FormState, error_summary, hidden, post_form, submit},
        layout::{heading, kept},
        notice,
        table::{Listing, filters},
        tag,
    },
};

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
}

impl Asked {
    fn scope(&self) -> Scope {
        Scope::parse(&self.mode).unwrap_or(Scope::Mode(Code::LS))
    }

    fn query(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("mode", &self.scope().to_string()).append_pair("budget", self.budget.trim());
        query.finish()
    }
}

pub async fn get(visit: Visit, Query(asked): Query<Asked>) -> PageResult {
    let title = visit.words.t("award-list-title");
    match services::budget(&asked.budget) {
        Ok(budget) => {
            let list = visit.desk.award_list(asked.scope(), budget).await?;
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
}

fn exported(line: &AwardLine) -> Exported {
    Exported {
        place: line.place,
        tied: line.is_tied,
        reference: line.case.reference.clone(),
        organisation: line.case.organisation.clone(),
        mean: line.mean,
        lowest: line.least,
        highest: line.most,
        reviews: line.reviews,
        requested_gpu_hours: line.requested.whole_hours(),
        recommended_gpu_hours: line.recommended.map(GpuTime::whole_hours),
        recommendation: line.outcome.map(domain::panel::Outcome::code),
        running_gpu_hours: line.running.whole_hours(),
        cut: line.cut.map(Cut::code),
        lot: line.drawn,
    }
}

async fn asked_for(visit: &Visit, asked: &Asked) -> Result<Vec<Exported>, AppError> {
    let budget = services::budget(&asked.budget)?;
    let list = visit.desk.award_list(asked.scope(), budget).await?;
    Ok(list.lines.iter().map(exported).collect())
}

pub async fn json(visit: Visit, Query(asked): Query<Asked>) -> PageResult {
    let lines = asked_for(&visit, &asked).await?;
    Ok(([(header::CACHE_CONTROL, "private, no-store")], Json(lines)).into_response())
}

pub async fn csv(visit: Visit, Query(asked): Query<Asked>) -> PageResult {
    let lines = asked_for(&visit, &asked).await?;
    let mut csv = String::from(
        "place,tied,reference,organisation,mean_hundredths,lowest,highest,reviews,requested_gpu_hours,\
         recommended_gpu_hours,recommendation,running_gpu_hours,cut,lot\r\n",
    );
    for line in &lines {
        let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
        let fields = [
            line.place.to_string(),
            line.tied.to_string(),
            cell(&line.reference),
            cell(&line.organisation),
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
        ];
        csv.push_str(&fields.join(","));
        csv.push_str("\r\n");
    }
    Ok(download(csv))
}

/// Quoted where it must be; what a spreadsheet would run as a formula is text.
fn cell(text: &str) -> String {
    let text = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

fn download(csv: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"award-list.csv\""),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    (headers, csv).into_response()
}

fn page(words: Words, list: &AwardList, asked: &Asked, form: &FormState) -> impl IntoView + use<> {
    let scopes = scope::choices(words, &list.scopes);
    let mut shown = form.clone();
    if shown.value("mode").is_empty() {
        shown = shown.set("mode", list.scope.to_string());
    }
    let query = asked.query();
    view! {
        {error_summary(words, &shown)}
        {heading(words.t("award-list-title"), None, None)}
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
        {table(words, list, asked)}
        {(!list.lines.is_empty()).then(|| view! {
            <p>
                <a href=format!("/award-list.csv?{query}")>{words.t("table-csv")}</a>
                " · "
                <a href=format!("/award-list.json?{query}")>{words.t("award-list-json")}</a>
            </p>
        })}
    }
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
    let rows = list.lines.iter().skip(after).take(LINES).map(|line| row(words, line));
    let filters = vec![
        ("mode".to_owned(), list.scope.to_string()),
        ("budget".to_owned(), if has_budget { asked.budget.clone() } else { String::new() }),
    ];
    let listing = Listing { next, is_later: after > 0, filters, ..Listing::at("/award-list") };
    Table::new("award-list-title")
        .figures("award-list-place")
        .column("case-reference")
        .column("case-organisation")
        .figures("panel-mean")
        .figures("award-list-spread")
        .figures("award-list-requested")
        .column("award-list-recommended")
        .figures("award-list-running")
        .column("award-list-cut")
        .rows(rows)
        .listing(listing)
        .under_heading()
        .empty(empty(words, "award-list-empty", "award-list-empty-help", None))
        .show(words)
}

fn row(words: Words, line: &AwardLine) -> Vec<AnyView> {
    let place = words.integer(i64::try_from(line.place).unwrap_or(i64::MAX));
    let place = if line.is_tied { words.with("award-list-equal", args![place => place]) } else { place };
    let page =
        if line.case.state == domain::application::State::AwaitingSignature { "countersign" } else { "decision" };
    let spread = if line.reviews > 1 {
        format!("{} – {}", words.hundredths(line.least), words.hundredths(line.most))
    } else {
        "–".to_owned()
    };
    let recommended = line.outcome.map(|outcome| {
        let said = words.t(&format!("panel-outcome-{}", outcome.code()));
        match line.recommended.filter(|time| time.as_seconds() > 0) {
            Some(time) => format!("{said} · {}", words.hours(time)),
            None => said,
        }
    });
    let cut = line.cut.map(|cut| {
        let tone = match cut {
            Cut::Above => Tone::Good,
            Cut::Tied => Tone::Yours,
            Cut::Below => Tone::Calm,
        };
        tag(tone, words.t(&format!("cut-{}", cut.code())))
    });
    let drawn = line.drawn.map(|place| {
        let place = i64::try_from(place).unwrap_or(i64::MAX);
        view! { <small class="below">{words.with("award-list-drawn", args![place => place])}</small> }
    });
    cells![
        place,
        view! { <a href=format!("/{page}/{}", line.case.id)>{kept(line.case.reference.clone())}</a> },
        line.case.organisation.clone(),
        words.with("panel-mean-of", args![mean => words.hundredths(line.mean), count => line.reviews]),
        spread,
        words.hours_figure(line.requested),
        recommended.unwrap_or_else(|| "–".to_owned()),
        words.hours_figure(line.running),
        view! { {cut} {drawn} },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_or_ends_early() {
        assert_eq!(cell("Nord, AI"), "\"Nord, AI\"");
        assert_eq!(cell("The \"Firm\""), "\"The \"\"Firm\"\"\"");
        assert_eq!(cell("=1+1"), "'=1+1");
    }
}
