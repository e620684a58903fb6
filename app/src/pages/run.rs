//! A run of the engine: how good its plan is, who gets what and why not, and the second signature.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::Path,
    response::{
        IntoResponse, Response,
        sse::{Event, Sse},
    },
};
use domain::{
    capacity::{Slot, Slots},
    id::{PersonId, RunId},
    problem::Problem,
    run::{self, Rules, State, TypedRules},
};
use futures_util::stream;
use http::header;
use leptos::prelude::*;
use matching::Explanation;
use serde::Deserialize;
use services::{Error, RunLine, RunListed, RunOutcome, RunPool, RunRead, RunReason, Site};
use text::{Words, args};

use super::{rules, run_reason, run_shares, run_signature, run_ties, run_weeks};
use crate::{
    Form, PageResult, Query, Visit, cells,
    components::{
        Table, Tone,
        chart::{Plot, Point, Series, line_plot},
        empty, facts, figure, figures,
        form::{FormState, button_form, error_summary},
        layout::{details, heading, kept, tabs},
        notice,
        table::Listing,
        tag,
    },
};

pub(super) const LINES: usize = 50;
/// Other runs offered to compare with.
const COMPARED: usize = 10;
/// How often a run that is at work says how far it is.
const TOLD: Duration = Duration::from_secs(1);
/// Units of the engine's objective in one hour at full merit.
const HOUR: i64 = 5_000_000;

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// Lines before this one were on the pages before.
    #[serde(default)]
    pub(super) after: String,
    /// Which lines: all, `served` or `without`.
    #[serde(default)]
    show: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct Like {
    /// The run whose rules another begins with.
    #[serde(default)]
    like: String,
}

/// Every run, and the rules for another.
pub async fn list(visit: Visit, Query(asked): Query<Like>) -> PageResult {
    let (runs, waiting) = (visit.desk.runs().await?, visit.desk.count_competing().await?);
    let like = runs.iter().find(|one| one.id.to_string() == asked.like);
    let like_it: Option<Rules> = like.and_then(|one| serde_json::from_str(&one.rules).ok());
    let rules = match like_it {
        Some(rules) => rules,
        None => visit.desk.list_rules().await?.into_iter().next().map(|version| version.rules).unwrap_or_default(),
    };
    let after = like.filter(|one| one.state != State::Solving).map(|one| one.id.to_string());
    let form = FormState::of(&TypedRules { after: after.unwrap_or_default(), ..rules.typed() });
    let sites = visit.desk.sites().await?;
    Ok(visit.page(visit.words.t("runs-title"), move |words| listed(words, &form, &runs, (waiting, &sites))).await)
}

pub async fn post(visit: Visit, Form(typed): Form<TypedRules>) -> PageResult {
    let form = FormState::of(&typed);
    match visit.desk.start_run(&typed).await {
        Ok(id) => Ok(visit.redirect(&format!("/runs/{id}"))),
        Err(Error::Invalid(invalid)) if invalid.of("").next() == Some(Problem::AlreadyDone) => {
            visit.redirect_saying("/runs", "runs-nobody").await
        }
        Err(Error::Invalid(invalid)) => {
            let (runs, waiting) = (visit.desk.runs().await?, visit.desk.count_competing().await?);
            let form = form.with(invalid);
            let (title, sites) = (visit.words.t("runs-title"), visit.desk.sites().await?);
            Ok(visit.refused(title, move |words| listed(words, &form, &runs, (waiting, &sites))).await)
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn get(visit: Visit, Path(id): Path<RunId>, Query(asked): Query<Asked>) -> PageResult {
    let read = visit.desk.read_run(id).await?;
    let me = visit.desk.actor.person;
    let runs = visit.desk.runs().await?;
    let (title, is_live) = (title(visit.words, &read), read.row.state == State::Solving);
    let view = move |words| page(words, &FormState::default(), read, me, &asked, &runs);
    Ok(if is_live { visit.live(title, view).await } else { visit.page(title, view).await })
}

pub async fn instance(visit: Visit, Path(id): Path<RunId>) -> PageResult {
    Ok(file(visit.desk.run_files(id).await?.instance))
}

pub async fn standing(visit: Visit, Path(id): Path<RunId>) -> PageResult {
    Ok(file(visit.desk.run_files(id).await?.standing.ok_or(Error::NotFound)?))
}

pub async fn solution(visit: Visit, Path(id): Path<RunId>) -> PageResult {
    Ok(file(visit.desk.run_files(id).await?.solution.ok_or(Error::NotFound)?))
}

fn file(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], text).into_response()
}

fn listed(
    words: Words,
    form: &FormState,
    runs: &[RunListed],
    (waiting, sites): (usize, &[Site]),
) -> impl IntoView + use<> {
    let waiting = i64::try_from(waiting).unwrap_or(i64::MAX);
    let rows = runs.iter().map(|one| {
        let rules: Rules = serde_json::from_str(&one.rules).unwrap_or_default();
        cells![
            view! { <a href=format!("/runs/{}", one.id)>{kept(words.instant_figure(one.made_at))}</a> },
            words.whole_percent(rules.small_share),
            words.whole_percent(rules.country_share),
            words.integer(rules.bonus_hours),
            words.integer(rules.budget),
            if one.is_partial { hidden() } else { served(words, one.awarded, one.requests) },
            if one.is_partial { hidden() } else { words.integer(one.hours) },
            gap(words, one.value, one.bound),
            state_tag(words, one.state),
        ]
    });
    let table = Table::new("runs-made")
        .column("run-made-at")
        .figures("run-small-share")
        .figures("run-country-share")
        .figures("run-bonus-hours")
        .figures("run-budget")
        .figures("run-served")
        .figures("run-hours")
        .figures("run-gap")
        .column("run-state")
        .rows(rows)
        .empty(empty(words, "runs-none", "runs-none-help", None))
        .show(words);
    view! {
        {error_summary(words, form)}
        {heading(words.t("runs-title"), None, None)}
        <p class="lead">{words.t("runs-lead")} " " <a href="/rules">{words.t("rules-title")}</a></p>
        <p>{words.with("runs-waiting", args![count => waiting])}</p>
        {(waiting > 0).then(|| run_ties::rules_form(words, form, runs, sites))}
        {table}
    }
}

/// Stands for a total that would count what a conflict hides.
fn hidden() -> String {
    "–".to_owned()
}

pub(super) fn served(words: Words, awarded: i32, requests: i32) -> String {
    let (awarded, requests) = (words.integer(awarded.into()), words.integer(requests.into()));
    words.with("run-served-of", args![awarded => awarded, requests => requests])
}

pub(super) fn gap(words: Words, value: Option<i64>, bound: Option<i64>) -> String {
    let found = value.zip(bound).map(|(value, bound)| run::gap(value, bound));
    let shown = found.map(|gap| domain::money::BasisPoints::new(i32::try_from(gap).unwrap_or_default()));
    shown.map_or_else(|| "–".to_owned(), |gap| words.percent(gap))
}

fn state_tag(words: Words, state: State) -> AnyView {
    let tone = match state {
        State::Solving => Tone::Waiting,
        State::Solved => Tone::Yours,
        State::Published => Tone::Good,
    };
    tag(tone, words.t(&format!("run-state-{}", state.code())))
}

pub(super) fn title(words: Words, read: &RunRead) -> String {
    words.with("run-title", args![at => words.instant_figure(read.row.made_at)])
}

pub(super) fn page(
    words: Words,
    form: &FormState,
    read: RunRead,
    me: Option<PersonId>,
    asked: &Asked,
    runs: &[RunListed],
) -> impl IntoView + use<> {
    let title = title(words, &read);
    let here = format!("/runs/{}", read.row.id);
    let numbers = figures(vec![
        figure(served(words, read.row.awarded, read.row.requests), words.t("run-served"), None),
        figure(words.integer(read.row.hours), words.t("run-hours"), None),
        figure(gap(words, read.row.value, read.row.bound), words.t("run-gap"), Some(words.t("run-gap-note"))),
    ]);
    let mut rules: Vec<_> =
        rules_of(words, &read.rules, &read.sites).into_iter().map(|(name, rule)| (name, rule.into_any())).collect();
    rules.extend(run_ties::facts(words, &read, runs));
    let rules = facts(words, rules);
    let plan = match read.row.state {
        State::Solving => at_work(words, &read, &here),
        // Totals would count what a conflict hides.
        State::Solved | State::Published if read.is_partial => ().into_any(),
        State::Solved | State::Published => numbers,
    };
    view! {
        {error_summary(words, form)}
        {heading(title, Some(words.t("runs-title")), Some(state_tag(words, read.row.state)))}
        {plan}
        {run_signature::signature(words, form, &read, me)}
        {rules}
        {others(words, &read, runs)}
        {(read.points.len() > 1 && !read.is_partial).then(|| progress(words, &read))}
        {read.row.solution.is_some().then(|| view! { {run_weeks::before_and_after(words, &read)} {sites(words, &read)} })}
        {(!read.is_partial).then(|| run_weeks::scarcity(words, &read.sites, &read.scarcity))}
        {(read.row.solution.is_some() && !read.is_partial).then(|| run_shares::who(words, &read))}
        <h2>{words.t("run-lines")}</h2>
        {filter(words, &here, &asked.show)}
        {table(words, &read, &here, asked)}
        {(read.row.solution.is_some() && !read.is_partial).then(|| files(words, &here, read.row.ties.is_some()))}
    }
}

/// How far the engine is: by itself with JavaScript, by looking again without.
fn at_work(words: Words, read: &RunRead, here: &str) -> AnyView {
    let events = (!read.is_partial).then(|| format!("{here}/events"));
    let far = read.points.last().filter(|_| !read.is_partial).map(|point| reached(words, *point));
    let stop = match (read.is_partial, read.row.stop_asked) {
        (true, _) => ().into_any(),
        (false, true) => view! { <p>{words.t("run-stopping")}</p> }.into_any(),
        (false, false) => button_form(words, format!("{here}/stop"), "run-stop", &[]),
    };
    let again = here.to_owned();
    notice(
        Tone::Waiting,
        view! {
            <p>{words.t("run-started")} " " <a href=again>{words.t("run-look-again")}</a></p>
            <p id="run-live" role="status" data-events=events>{far}</p>
            {stop}
            <islands::LiveRun/>
        },
    )
}

fn reached(words: Words, point: run::Point) -> String {
    let gap = gap(words, Some(point.value), Some(point.bound));
    words.with("run-reached", args![moves => words.integer(point.moves), gap => gap])
}

/// How far the engine is, sent every second; `done` when the plan is there.
pub async fn events(visit: Visit, Path(id): Path<RunId>) -> PageResult {
    visit.desk.run_progress(id).await?;
    let told = stream::unfold(Some(visit), move |visit| async move {
        let visit = visit?;
        let (state, point) = visit.desk.run_progress(id).await.ok()?;
        if state != State::Solving {
            return Some((Ok::<_, Infallible>(Event::default().event("done").data("done")), None));
        }
        tokio::time::sleep(TOLD).await;
        let far = point.map(|point| reached(visit.words, point)).unwrap_or_default();
        Some((Ok(Event::default().data(far)), Some(visit)))
    });
    Ok(Sse::new(told).into_response())
}

pub async fn post_stop(visit: Visit, Path(id): Path<RunId>) -> PageResult {
    visit.desk.stop_run(id).await?;
    visit.redirect_saying(&format!("/runs/{id}"), "run-stopping").await
}

/// Its rules with their names, as sentences show them.
pub(super) fn rules_of(words: Words, rules: &Rules, sites: &[Site]) -> Vec<(&'static str, String)> {
    let mut shown = rules::named(words, rules);
    if rules.is_what_if() {
        let share = words.whole_percent(rules.extra_gpus);
        let shown_at = |at| {
            let site = run_weeks::site_name(sites, at);
            words.with("run-extra-gpus-at", args![share => share.clone(), site => site])
        };
        shown.push(("run-extra-gpus", rules.extra_at.map_or_else(|| share.clone(), shown_at)));
    }
    shown
}

/// Another run by these rules, and the runs that this one can be compared with.
fn others(words: Words, read: &RunRead, runs: &[RunListed]) -> AnyView {
    let like = format!("/runs?like={}", read.row.id);
    let solved = runs.iter().filter(|one| one.id != read.row.id && one.state != State::Solving);
    let links = solved.take(COMPARED).map(|one| {
        let rules: Rules = serde_json::from_str(&one.rules).unwrap_or_default();
        let rules: Vec<String> = rules::changes(words, &read.rules, &rules);
        let href = format!("/runs/{}/beside/{}", read.row.id, one.id);
        view! { <li><a href=href>{words.instant_figure(one.made_at)}</a> " " {rules.join(" · ")}</li> }
    });
    let links = links.collect_view();
    let is_comparable = !links.is_empty() && !read.is_partial && read.row.solution.is_some();
    view! {
        <p><a href=like>{words.t("run-like")}</a></p>
        {is_comparable.then(|| details(words.t("run-compare"), view! { <ul>{links}</ul> }))}
    }
    .into_any()
}

/// Ways to the plan of each site that has a pool in the run.
fn sites(words: Words, read: &RunRead) -> AnyView {
    let here = read.sites.iter().filter(|site| read.pools.iter().any(|pool| pool.site == site.id));
    let links = here.map(|site| {
        let href = format!("/runs/{}/sites/{}", read.row.id, site.slug);
        view! { <li><a href=href>{site.name.clone()}</a></li> }
    });
    details(words.t("run-site-plan"), view! { <ul>{links.collect_view()}</ul> })
}

fn filter(words: Words, here: &str, show: &str) -> AnyView {
    let address = |show: &str| if show.is_empty() { here.to_owned() } else { format!("{here}?show={show}") };
    let all = ["", "served", "without"].map(|show| {
        let name = if show.is_empty() { "run-show-all".to_owned() } else { format!("run-show-{show}") };
        (address(show), name)
    });
    tabs(words, "run-lines", all.into(), &address(show))
}

fn progress(words: Words, read: &RunRead) -> AnyView {
    let series = |name: &str, value: fn(&run::Point) -> i64| Series {
        name: name.to_owned(),
        points: read
            .points
            .iter()
            .map(|point| Point {
                name: words.integer(point.moves),
                value: value(point) / HOUR,
                words: words.integer(value(point) / HOUR),
            })
            .collect(),
    };
    line_plot(
        words,
        Plot {
            title: words.t("run-progress-title"),
            sentence: words.t("run-progress-sentence"),
            point_label: "run-progress-moves",
            foot: foot(read),
            series: vec![
                series("run-progress-value", |point| point.value),
                series("run-progress-bound", |point| point.bound),
            ],
        },
    )
}

/// A little below the first plan, where the growth can be seen.
fn foot(read: &RunRead) -> i64 {
    let values = || read.points.iter().map(|point| point.value / HOUR);
    let bound = read.points.iter().map(|point| point.bound / HOUR).max().unwrap_or_default();
    let least = values().min().unwrap_or_default();
    // A plan that reaches its bound is at the top, not at the foot.
    (least - ((bound - least) / 4).max(1)).max(0)
}

fn table(words: Words, read: &RunRead, here: &str, asked: &Asked) -> AnyView {
    let after: usize = asked.after.parse().unwrap_or_default();
    let is_shown = |line: &&RunLine| match (asked.show.as_str(), &line.outcome) {
        ("served", outcome) => matches!(outcome, RunOutcome::Offer(_)),
        ("without", outcome) => !matches!(outcome, RunOutcome::Offer(_)),
        _ => true,
    };
    let lines: Vec<&RunLine> = read.lines.iter().filter(is_shown).collect();
    let next = (after.saturating_add(LINES) < lines.len()).then(|| (after + LINES).to_string());
    let rows = lines.into_iter().skip(after).take(LINES).map(|line| {
        cells![
            view! { <a href=format!("/decision/{}", line.application)>{kept(line.reference.clone())}</a> },
            line.organisation.clone(),
            words.hundredths(line.score),
            words.integer(line.hours),
            words.integer(line.gpus),
            outcome(words, read, line),
        ]
    });
    let filters = vec![("show".to_owned(), asked.show.clone())];
    let listing = Listing { next, is_later: after > 0, filters, ..Listing::at(here) };
    Table::new("run-lines")
        .column("allocation-reference")
        .column("allocation-organisation")
        .figures("run-merit")
        .figures("allocation-hours")
        .figures("allocation-gpus")
        .column("run-outcome")
        .rows(rows)
        .listing(listing)
        .under_heading()
        .show(words)
}

pub(super) fn outcome(words: Words, read: &RunRead, line: &RunLine) -> AnyView {
    match &line.outcome {
        RunOutcome::Open => words.t("run-open").into_any(),
        RunOutcome::Offer(slots) => {
            let whole = tag(Tone::Good, offers(words, read, slots));
            let Some(partly) = &line.partly else { return whole };
            let hours = args![hours => words.integer(line.awarded_hours()), asked => words.integer(line.hours)];
            view! { {whole} <p>{words.with("run-partly", hours)}</p> {reason(words, read, partly)} }.into_any()
        }
        RunOutcome::Nothing(said) => reason(words, read, said),
    }
}

fn reason(words: Words, read: &RunRead, said: &Explanation) -> AnyView {
    let name = |pool: &RunPool| run_weeks::pool_name(&read.sites, (pool.site, pool.model));
    let pools = read.pools.iter().map(name).collect();
    let (explanation, mondays, why) = (said.clone(), read.mondays.clone(), read.ties.why.clone());
    run_reason::show(words, &RunReason { explanation, mondays, pools, why })
}

/// Each stretch of weeks of an award.
pub(super) fn offers(words: Words, read: &RunRead, slots: &Slots) -> String {
    slots.iter().map(|slot| offer(words, read, slot)).collect::<Vec<_>>().join(" · ")
}

pub(super) fn offer(words: Words, read: &RunRead, slot: &Slot) -> String {
    words.with(
        "run-offer",
        args![
            gpus => words.integer(slot.gpus), model => slot.model.code(), site => run_weeks::site_name(&read.sites, slot.site),
            weeks => i64::from(slot.weeks), day => words.date_figure(slot.first_week),
        ],
    )
}

fn files(words: Words, here: &str, is_tied: bool) -> AnyView {
    let standing = format!("{here}/standing.json");
    view! {
        <p>{words.t("run-files")}</p>
        <ul>
            <li><a href=format!("{here}/instance.json") download="instance.json">{words.t("run-instance-file")}</a></li>
            {is_tied.then(|| view! {
                <li><a href=standing download="standing.json">{words.t("run-standing-file")}</a></li>
            })}
            <li><a href=format!("{here}/solution.json") download="solution.json">{words.t("run-solution-file")}</a></li>
        </ul>
    }
    .into_any()
}
