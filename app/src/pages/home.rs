//! What needs the reader today, for where they stand; below it, how their things stand.
//!
//! One list a group: the page asks only what that group may read.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    actor::Group,
    allocation,
    application::State,
    gpu::GpuTime,
    invoice::{self, Standing},
    money::Money,
    period::brussels_day,
    vat::VatState,
    workflow::Kind,
};
use leptos::prelude::*;
use services::{ApplicationListed, Awaited, BoardKind, BoardQuery, Case, Error, InvoiceFilter, rows::MailState};
use text::{Words, args};

use crate::{
    PageResult, Visit, cells,
    components::{Table, Tone, empty, figure, figures, layout::Figure, layout::heading, layout::link_button, tag},
};

/// One thing to do: a link that says what, and until when or why.
struct Turn {
    href: String,
    what: String,
    note: Option<String>,
    is_late: bool,
}

impl Turn {
    fn new(href: impl Into<String>, what: String) -> Self {
        Self { href: href.into(), what, note: None, is_late: false }
    }

    fn note(mut self, note: String) -> Self {
        self.note = Some(note);
        self
    }

    /// Due then; late if that has passed.
    fn due(mut self, words: Words, at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Self {
        self.note = at.map(|at| words.with("home-until", args![at => words.instant(at)]));
        self.is_late = at.is_some_and(|at| at < now);
        self
    }
}

/// What one group's home shows.
#[derive(Default)]
struct Home {
    turns: Vec<Turn>,
    figures: Vec<Figure>,
    applications: Vec<ApplicationListed>,
    /// The way on when there is nothing yet: address and key.
    start: Option<(&'static str, &'static str)>,
}

pub async fn get(visit: Visit) -> PageResult {
    let home = match visit.actor().group() {
        Group::Owner | Group::Applicant | Group::Billing | Group::Reader => of_member(&visit).await?,
        Group::Reviewer => of_reviewer(&visit).await?,
        Group::Officer => of_officer(&visit).await?,
        Group::Operator => of_operator(&visit).await?,
        Group::Finance => of_finance(&visit).await?,
        Group::Administrator => of_administrator(&visit).await?,
        Group::Visitor | Group::SignedIn | Group::Meter | Group::System => newcomer(visit.words),
    };
    let above = place(&visit).await?;
    Ok(visit.page(visit.words.t("home-title"), move |words| page(words, home, above)).await)
}

/// The organisation or the site that the reader stands in.
async fn place(visit: &Visit) -> Result<Option<String>, Error> {
    if visit.actor().organisation().is_some() {
        return Ok(Some(visit.desk.own_organisation().await?.organisation.legal_name));
    }
    if visit.actor().site().is_some() {
        return Ok(Some(visit.desk.own_site().await?.name));
    }
    Ok(None)
}

fn count(words: Words, of: usize) -> String {
    words.integer(i64::try_from(of).unwrap_or(i64::MAX))
}

fn newcomer(words: Words) -> Home {
    let turns = vec![
        Turn::new("/organisation/new", words.t("home-register")).note(words.t("home-register-note")),
        Turn::new("/modes", words.t("home-read-modes")).note(words.t("home-read-modes-note")),
    ];
    Home { turns, ..Home::default() }
}

async fn of_member(visit: &Visit) -> Result<Home, Error> {
    let (words, now) = (visit.words, visit.desk.now);
    let group = visit.actor().group();
    let mut home = Home::default();
    if group == Group::Owner {
        home.turns.extend(organisation_turns(visit).await?);
    }
    if matches!(group, Group::Owner | Group::Billing) {
        home.turns.extend(invoice_turns(visit).await?);
    }
    let allocations = visit.desk.read_allocations(&[allocation::State::Offered, allocation::State::Active]).await?;
    let can_answer = matches!(group, Group::Owner | Group::Applicant);
    for one in allocations.iter().filter(|one| can_answer && one.row.state == allocation::State::Offered) {
        let what = words.with("home-answer-offer", args![reference => one.row.reference.clone()]);
        home.turns.push(Turn::new(format!("/offers/{}", one.row.id), what).due(words, Some(one.row.expires_at), now));
    }
    if can_answer {
        home.turns.extend(report_turns(visit).await?);
    }
    home.applications = visit.desk.list_applications().await?;
    for one in home.applications.iter().filter(|one| can_answer && one.application.state == State::Draft) {
        let title = if one.title.is_empty() { words.t("home-untitled") } else { one.title.clone() };
        let what = words.with("home-finish-draft", args![title => title]);
        home.turns.push(Turn::new(format!("/applications/{}", one.application.id), what));
    }
    for one in home.applications.iter().filter(|_| can_answer) {
        let title = if one.title.is_empty() { words.t("home-untitled") } else { one.title.clone() };
        let (page, key, due) = match one.awaited {
            Some(Awaited::Answer(due)) => ("answer", "home-answer-question", due),
            Some(Awaited::Reply(due)) => ("reply", "home-answer-reviews", due),
            None => continue,
        };
        let what = words.with(key, args![title => title]);
        let href = format!("/applications/{}/{page}", one.application.id);
        home.turns.insert(0, Turn::new(href, what).due(words, due, now));
    }
    if home.applications.is_empty() && can_answer {
        home.start = Some(("/modes", "home-choose-mode"));
    }
    let active = allocations.iter().filter(|one| one.row.state == allocation::State::Active);
    let left = GpuTime::sum(active.map(|one| one.left))?;
    let open = home.applications.iter().filter(|one| one.application.state.is_open()).count();
    let (_, due) = owed(visit).await?;
    home.figures = vec![
        figure(words.hours(left), words.t("home-hours-left"), None),
        figure(count(words, open), words.t("home-under-way"), None),
        figure(words.money(due), words.t("home-to-pay"), None),
    ];
    Ok(home)
}

/// Reports that the company owes.
async fn report_turns(visit: &Visit) -> Result<Vec<Turn>, Error> {
    let words = visit.words;
    let owed = visit.desk.reports_owed().await?;
    Ok(owed
        .into_iter()
        .map(|one| {
            let kind = words.t(&format!("report-kind-{}", one.row.kind.code()));
            let what = words.with("home-report", args![kind => kind, reference => one.reference.clone()]);
            let href = format!("/allocations/{}/report/{}", one.row.allocation_id, one.row.kind.code());
            let mut turn = Turn::new(href, what).note(until_day(words, one.row.due_on));
            turn.is_late = one.is_overdue;
            turn
        })
        .collect())
}

/// How many invoices wait for money, and how much.
async fn owed(visit: &Visit) -> Result<(u64, Money), Error> {
    let (open, open_sum) = visit.desk.invoices_total(Standing::Open).await?;
    let (late, late_sum) = visit.desk.invoices_total(Standing::Overdue).await?;
    Ok((open.saturating_add(late), open_sum.checked_add(late_sum)?))
}

/// What an organisation still lacks before it can apply.
async fn organisation_turns(visit: &Visit) -> Result<Vec<Turn>, Error> {
    let words = visit.words;
    let facts = visit.desk.own_organisation().await?;
    let mut turns = Vec::new();
    if facts.size.is_none() {
        let turn = Turn::new("/organisation/size", words.t("home-tell-size"));
        turns.push(turn.note(words.t("home-tell-size-note")));
    }
    if facts.organisation.vat_state == VatState::Invalid {
        turns.push(Turn::new("/organisation", words.t("home-vat-invalid")).note(words.t("home-vat-invalid-note")));
    }
    Ok(turns)
}

async fn invoice_turns(visit: &Visit) -> Result<Vec<Turn>, Error> {
    let words = visit.words;
    let mut turns = Vec::new();
    for standing in [Standing::Overdue, Standing::Open] {
        let filter = InvoiceFilter { standing: Some(standing), limit: 10, ..InvoiceFilter::default() };
        for one in visit.desk.invoices(&filter).await? {
            if one.row.kind != invoice::Kind::Invoice {
                continue;
            }
            let due = words.money(one.row.outstanding());
            let what = words.with("home-pay", args![number => one.row.number.clone(), amount => due]);
            let mut turn = Turn::new(format!("/invoices/{}", one.row.id), what);
            turn.note = one.row.due_on.map(|day| until_day(words, day));
            turn.is_late = standing == Standing::Overdue;
            turns.push(turn);
        }
    }
    Ok(turns)
}

fn until_day(words: Words, day: NaiveDate) -> String {
    words.with("home-until", args![at => words.date(day)])
}

async fn of_reviewer(visit: &Visit) -> Result<Home, Error> {
    let (words, now) = (visit.words, visit.desk.now);
    let queue = visit.desk.review_queue().await?;
    let mut turns = cases(words, &queue.mine, "/review", "home-finish-review", (promised, now));
    for asked in visit.desk.list_asked().await? {
        let what = words.with("home-answer-asked", args![reference => asked.case.reference.clone()]);
        let due = Some(asked.summary.answer_due_at);
        turns.push(Turn::new(format!("/assigned/{}", asked.case.id), what).due(words, due, now));
    }
    if let Some(first) = queue.waiting.first() {
        let what = words.with("home-take-next", args![count => queue.waiting_in_all]);
        turns.push(Turn::new("/queue", what).due(words, first.due_at, now));
    }
    turns.extend(panels(visit).await?);
    let figures = vec![
        figure(count(words, queue.mine.len()), words.t("home-reviews-mine"), None),
        figure(words.integer(queue.waiting_in_all), words.t("home-reviews-waiting"), None),
    ];
    Ok(Home { turns, figures, ..Home::default() })
}

/// Panels that sit, with the reader in them.
async fn panels(visit: &Visit) -> Result<Vec<Turn>, Error> {
    let words = visit.words;
    let panels = visit.desk.list_panels().await?.into_iter();
    let open = panels.filter(|one| one.role.is_some() && one.row.state == domain::panel::State::Open);
    let turn = |one: services::PanelListed| {
        let what = words.with("home-panel", args![name => one.row.name]);
        Turn::new(format!("/panels/{}", one.row.id), what).note(words.date(one.row.held_on))
    };
    Ok(open.map(turn).collect())
}

/// By which clock a case is due.
type DueOf = fn(&Case) -> Option<DateTime<Utc>>;

/// When the answer was promised for.
const fn promised(case: &Case) -> Option<DateTime<Utc>> {
    case.due_at
}

/// When the step that goes on is due.
fn of_step(case: &Case) -> Option<DateTime<Utc>> {
    case.clock.as_ref().and_then(|clock| clock.due_at)
}

fn cases<'a>(
    words: Words,
    cases: impl IntoIterator<Item = &'a Case>,
    folder: &str,
    key: &str,
    (due, now): (DueOf, DateTime<Utc>),
) -> Vec<Turn> {
    let turn = |case: &Case| {
        Turn::new(format!("{folder}/{}", case.id), words.with(key, case_args(case))).due(words, due(case), now)
    };
    cases.into_iter().map(turn).collect()
}

async fn of_officer(visit: &Visit) -> Result<Home, Error> {
    let (words, now) = (visit.words, visit.desk.now);
    let board = async |which| visit.desk.board(&BoardQuery { which, ..BoardQuery::default() }).await;
    let to_decide = board(BoardKind::ToDecide).await?;
    let to_sign = board(BoardKind::ToSign).await?;
    let mut turns = cases(words, &to_decide.cases, "/decision", "home-decide", (promised, now));
    let own = visit.desk.awaiting_others().await?;
    let signable = to_sign.cases.iter().filter(|case| !own.contains(&case.id));
    turns.extend(cases(words, signable, "/countersign", "home-countersign", (promised, now)));
    let more =
        [(&to_decide, BoardKind::ToDecide, "home-more-to-decide"), (&to_sign, BoardKind::ToSign, "home-more-to-sign")];
    for (_, which, key) in more.into_iter().filter(|(board, ..)| board.next.is_some()) {
        turns.push(Turn::new(format!("/board?state={}", which.code()), words.t(key)));
    }
    turns.extend(after_award_turns(visit).await?);
    turns.extend(panels(visit).await?);
    turns.extend(workflow_turns(visit).await?);
    let matching = visit.desk.read_matching().await?;
    if !matching.waiting.is_empty() {
        let waiting = i64::try_from(matching.waiting.len()).unwrap_or(i64::MAX);
        turns.push(Turn::new("/matching", words.with("home-match", args![count => waiting])));
    }
    turns.extend(run_turns(visit).await?);
    let figures = vec![
        figure(words.integer(to_sign.open()), words.t("home-under-way"), None),
        figure(words.integer(to_sign.late), words.t("home-late"), None),
        figure(count(words, matching.offered.len()), words.t("home-offers-out"), None),
    ];
    Ok(Home { turns, figures, ..Home::default() })
}

/// The latest run that is not published, and what waits for a run where there is none.
async fn run_turns(visit: &Visit) -> Result<Vec<Turn>, Error> {
    let words = visit.words;
    let runs = visit.desk.runs().await?;
    let open = runs.first().filter(|run| run.state != domain::run::State::Published);
    if let Some(run) = open {
        let what = words.with("home-run", args![at => words.instant(run.made_at)]);
        return Ok(vec![Turn::new(format!("/runs/{}", run.id), what)]);
    }
    let waiting = i64::try_from(visit.desk.count_competing().await?).unwrap_or(i64::MAX);
    Ok(if waiting > 0 {
        vec![Turn::new("/runs", words.with("runs-waiting", args![count => waiting]))]
    } else {
        Vec::new()
    })
}

/// Changes and reports that wait for an officer.
async fn after_award_turns(visit: &Visit) -> Result<Vec<Turn>, Error> {
    let (words, now) = (visit.words, visit.desk.now);
    let (waiting, first_due) = visit.desk.actions_waiting().await?;
    let reports = visit.desk.reports_handed_in().await?.len();
    let mut turns = Vec::new();
    for (key, number, due) in [("home-actions", waiting, first_due), ("home-reports", reports, None)] {
        if number > 0 {
            let number = i64::try_from(number).unwrap_or(i64::MAX);
            turns.push(Turn::new("/actions", words.with(key, args![count => number])).due(words, due, now));
        }
    }
    Ok(turns)
}

/// What the steps before the decision, appeals and reopenings want of an officer.
async fn workflow_turns(visit: &Visit) -> Result<Vec<Turn>, Error> {
    let (words, now) = (visit.words, visit.desk.now);
    let mut turns = Vec::new();
    for case in &visit.desk.officer_turns().await? {
        let key = match case.clock.as_ref().map(|clock| clock.kind) {
            Some(Kind::TechnicalAssessment) => "home-choose-site",
            Some(Kind::Panel) => "home-finish-panel",
            _ => "home-check-admission",
        };
        turns.extend(cases(words, [case], "/cases", key, (of_step, now)));
    }
    for case in &visit.desk.suggested_questions().await? {
        let what = words.with("home-suggested-question", case_args(case));
        turns.push(Turn::new(format!("/cases/{}", case.id), what));
    }
    for appeal in visit.desk.open_appeals().await?.iter().filter(|appeal| appeal.is_mine) {
        let what = words.with("home-judge-appeal", case_args(&appeal.case));
        turns.push(Turn::new(format!("/cases/{}", appeal.case.id), what).due(words, Some(appeal.due_at), now));
    }
    for case in &visit.desk.open_reopenings().await? {
        let what = words.with("home-sign-reopening", case_args(case));
        turns.push(Turn::new(format!("/cases/{}", case.id), what));
    }
    Ok(turns)
}

fn case_args(case: &Case) -> text::FluentArgs<'static> {
    args![reference => case.reference.clone(), organisation => case.organisation.clone()]
}

async fn of_operator(visit: &Visit) -> Result<Home, Error> {
    let (words, now) = (visit.words, visit.desk.now);
    let booked = visit.desk.read_allocations(&[allocation::State::Accepted, allocation::State::Active]).await?;
    let (accepted, active): (Vec<_>, Vec<_>) =
        booked.into_iter().partition(|one| one.row.state == allocation::State::Accepted);
    let assessed = visit.desk.assessments().await?;
    let running = assessed.iter().filter(|case| case.clock.as_ref().is_some_and(|clock| !clock.is_stopped));
    let mut turns = cases(words, running, "/site/assessments", "home-assess", (of_step, now));
    let confirmed: Vec<Turn> = accepted
        .iter()
        .map(|one| {
            let what = words.with(
                "home-confirm-booking",
                args![reference => one.row.reference.clone(), organisation => one.organisation.clone()],
            );
            let starts = words.with("home-starts", args![at => words.date(one.row.first_week)]);
            Turn::new("/site/bookings", what).note(starts)
        })
        .collect();
    turns.extend(confirmed);
    let feed = visit.desk.read_feed().await?;
    let last = feed.last.map_or_else(|| words.t("home-no-reading"), |at| words.date_figure(brussels_day(at)));
    let refused = i64::try_from(feed.refused).unwrap_or(i64::MAX);
    let figures = vec![
        figure(count(words, active.len()), words.t("home-running"), None),
        figure(last, words.t("home-last-reading"), feed.last.map(|at| words.instant(at))),
        figure(words.integer(refused), words.t("home-refused-readings"), None),
    ];
    Ok(Home { turns, figures, ..Home::default() })
}

async fn of_finance(visit: &Visit) -> Result<Home, Error> {
    let words = visit.words;
    let (late, late_sum) = visit.desk.invoices_total(Standing::Overdue).await?;
    let failed = visit.desk.mails(Some(MailState::Failed), 100).await?.len();
    let unmatched = visit.desk.unmatched_events().await?.len();
    let mut turns = Vec::new();
    let mut turn = |href: &str, key: &str, number: i64| {
        if number > 0 {
            turns.push(Turn::new(href, words.with(key, args![count => number])));
        }
    };
    turn("/finance/payments", "home-unmatched", i64::try_from(unmatched).unwrap_or(i64::MAX));
    turn("/finance/mails?state=failed", "home-failed-mails", i64::try_from(failed).unwrap_or(i64::MAX));
    turn("/finance/invoices?standing=overdue", "home-overdue", i64::try_from(late).unwrap_or(i64::MAX));
    let (_, open_sum) = visit.desk.invoices_total(Standing::Open).await?;
    let figures = vec![
        figure(words.money(open_sum), words.t("home-open"), None),
        figure(words.money(late_sum), words.t("home-overdue-sum"), None),
    ];
    Ok(Home { turns, figures, ..Home::default() })
}

async fn of_administrator(visit: &Visit) -> Result<Home, Error> {
    let words = visit.words;
    let jobs = visit.desk.jobs().await?;
    let parked = jobs.iter().filter(|job| job.parked_at.is_some()).count();
    let mut turns = Vec::new();
    if parked > 0 {
        let number = i64::try_from(parked).unwrap_or(i64::MAX);
        turns.push(Turn::new("/admin/jobs", words.with("home-parked", args![count => number])));
    }
    let figures = vec![
        figure(count(words, parked), words.t("home-parked-jobs"), None),
        figure(count(words, jobs.len() - parked), words.t("home-waiting-jobs"), None),
    ];
    Ok(Home { turns, figures, ..Home::default() })
}

fn page(words: Words, home: Home, above: Option<String>) -> AnyView {
    let Home { turns, figures: numbers, applications, start } = home;
    let start = start.map(|(href, label)| link_button(words, href, label));
    view! {
        {heading(words.t("home-title"), above, None)}
        <h2>{words.t("home-your-turn")}</h2>
        {turn_list(words, turns)}
        {start}
        {(!numbers.is_empty()).then(|| figures(numbers))}
        {(!applications.is_empty()).then(|| application_table(words, applications))}
    }
    .into_any()
}

fn turn_list(words: Words, turns: Vec<Turn>) -> AnyView {
    if turns.is_empty() {
        return empty(words, "home-nothing", "home-nothing-help", None);
    }
    let rows = turns.into_iter().map(|turn| {
        let late = turn.is_late.then(|| tag(Tone::Bad, words.t("home-is-late")));
        let when = match (turn.note, late) {
            (None, None) => ().into_any(),
            (note, late) => view! { <span>{note} " " {late}</span> }.into_any(),
        };
        cells![view! { <a href=turn.href>{turn.what}</a> }, when]
    });
    Table::new("home-your-turn").column("home-what").column("home-when").rows(rows).under_heading().show(words)
}

fn application_table(words: Words, applications: Vec<ApplicationListed>) -> AnyView {
    let rows = applications.into_iter().map(|one| {
        let row = one.application;
        let title = if one.title.is_empty() { words.t("home-untitled") } else { one.title };
        let tone = match row.state {
            State::Draft => Tone::Yours,
            State::Approved => Tone::Good,
            State::Refused => Tone::Bad,
            State::Withdrawn => Tone::Calm,
            State::Submitted | State::InReview | State::AwaitingSignature => Tone::Waiting,
        };
        let state = words.t(&format!("state-{}", row.state.code().replace('_', "-")));
        let due = row.due_at.filter(|_| row.state.is_open()).map(|at| words.instant_figure(at));
        cells![view! { <a href=format!("/applications/{}", row.id)>{title}</a> }, row.reference, tag(tone, state), due,]
    });
    view! {
        <h2>{words.t("home-applications")}</h2>
        {Table::new("home-applications")
            .column("home-application")
            .column("case-reference")
            .column("case-state")
            .column("case-due")
            .rows(rows)
            .under_heading()
            .show(words)}
        <p><a href="/applications">{words.t("home-all-applications")}</a></p>
    }
    .into_any()
}
