//! Every reviewer as an officer has to know them before giving them anything, and who is invited.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use serde::Deserialize;
use services::{Error, ReviewerLine, rows::ReviewerInvitationRow};
use text::{Words, args};

use crate::{
    Form, PageResult, Query, Visit, cells,
    components::{
        Field, Table, Tone, empty,
        form::{FormState, error_summary, post_form, row_button, submit},
        layout::heading,
        table::filters,
        tag,
    },
};

#[derive(Debug, Default, Deserialize)]
pub struct Filter {
    #[serde(default)]
    q: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct Invitation {
    #[serde(default)]
    email: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct Withdrawal {
    #[serde(default)]
    id: String,
}

const PATH: &str = "/reviewers";

struct Listed {
    lines: Vec<ReviewerLine>,
    invitations: Vec<ReviewerInvitationRow>,
    now: DateTime<Utc>,
}

async fn listed(visit: &Visit, text: &str) -> Result<Listed, Error> {
    Ok(Listed {
        lines: visit.desk.reviewers(text).await?,
        invitations: visit.desk.reviewer_invitations().await?,
        now: visit.desk.now,
    })
}

pub async fn get(visit: Visit, Query(filter): Query<Filter>) -> PageResult {
    let listed = listed(&visit, &filter.q).await?;
    let form = FormState::new([("q", filter.q)]);
    Ok(visit.page(visit.words.t("reviewers-title"), move |words| page(words, &listed, &form)).await)
}

pub async fn post(visit: Visit, Form(typed): Form<Invitation>) -> PageResult {
    match visit.desk.invite_reviewer(&typed.email, visit.words.locale()).await {
        Ok(()) => visit.redirect_saying(PATH, "reviewers-invited").await,
        Err(Error::Invalid(invalid)) => {
            let listed = listed(&visit, "").await?;
            let form = FormState::new([("email", typed.email)]).with(invalid);
            Ok(visit.refused(visit.words.t("reviewers-title"), move |words| page(words, &listed, &form)).await)
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn post_withdrawal(visit: Visit, Form(typed): Form<Withdrawal>) -> PageResult {
    visit.desk.withdraw_reviewer_invitation(typed.id.parse().map_err(|_| Error::NotFound)?).await?;
    visit.redirect_saying(PATH, "reviewers-withdrawn").await
}

fn page(words: Words, listed: &Listed, form: &FormState) -> impl IntoView + use<> {
    let rows = listed.lines.iter().map(|line| row(words, line));
    view! {
        {error_summary(words, form)}
        {heading(words.t("reviewers-title"), None, None)}
        <p><a href="/reviewers/scopes">{words.t("scopes-title")}</a></p>
        {filters(words, PATH, Field::search("q", "reviewers-search").optional().show(words, form))}
        {Table::new("reviewers-title")
            .column("reviewers-name")
            .column("reviewers-expertise")
            .column("reviewers-languages")
            .figures("reviewers-load")
            .column("reviewers-absence")
            .figures("reviewers-excluded")
            .rows(rows)
            .under_heading()
            .empty(empty(words, "reviewers-empty", "reviewers-empty-help", None))
            .show(words)}
        <section>
            <h2>{words.t("reviewers-invite")}</h2>
            {post_form(
                PATH,
                view! {
                    {Field::email("email", "members-email").hint("reviewers-invite-help").show(words, form)}
                    {submit(words, "reviewers-invite-submit")}
                },
            )}
        </section>
        {(!listed.invitations.is_empty()).then(|| invitations(words, &listed.invitations, listed.now))}
    }
}

fn row(words: Words, line: &ReviewerLine) -> Vec<AnyView> {
    let fields =
        |codes: &[String]| -> Vec<String> { codes.iter().map(|code| words.t(&format!("expertise-{code}"))).collect() };
    let tongues =
        |codes: &[String]| -> Vec<String> { codes.iter().map(|code| words.t(&format!("tongue-{code}"))).collect() };
    let (expertise, languages) = match &line.profile {
        Some(profile) => {
            let keywords = (!profile.keywords.is_empty())
                .then(|| view! { <small class="below">{profile.keywords.join(", ")}</small> });
            let expertise = view! { <span>{fields(&profile.expertise).join(", ")}</span> {keywords} };
            (expertise.into_any(), tongues(&profile.languages).join(", "))
        }
        None => (tag(Tone::Waiting, words.t("reviewers-no-profile")), String::new()),
    };
    let absence = match (line.away, line.next_absence) {
        (Some(away), _) => tag(Tone::Waiting, words.with("reviewers-away", args![until => words.date(away.last_day)])),
        (None, Some(next)) => {
            let days = args![first => words.date_figure(next.first_day), last => words.date_figure(next.last_day)];
            words.with("reviewers-away-later", days).into_any()
        }
        (None, None) => ().into_any(),
    };
    let (open, limit) = line.load;
    let load = words.with("reviewers-load-of", args![open => open, limit => limit]);
    let full = (open >= limit).then(|| tag(Tone::Bad, words.t("reviewers-full")));
    let employers = line.employers.join(", ");
    let name = view! {
        {line.name.clone()}
        <small class="below">{line.email.clone()}</small>
        {(!employers.is_empty()).then(|| view! { <small class="below">{employers}</small> })}
    };
    cells![name, expertise, languages, view! { <span>{load} " " {full}</span> }, absence, words.integer(line.excluded)]
}

fn invitations(words: Words, rows: &[ReviewerInvitationRow], now: DateTime<Utc>) -> impl IntoView + use<> {
    let rows = rows.iter().map(|row| {
        let state = match row.declined_at {
            Some(at) => view! {
                {tag(Tone::Bad, words.with("reviewers-declined", args![at => words.instant_figure(at)]))}
                <small class="below">{row.reason.clone()}</small>
            }
            .into_any(),
            None if row.expires_at <= now => tag(Tone::Bad, words.t("members-expired")),
            None => {
                tag(Tone::Waiting, words.with("reviewers-open", args![until => words.instant_figure(row.expires_at)]))
            }
        };
        let label = words.with("members-withdraw", args![email => row.email.clone()]);
        let id = row.id.to_string();
        let withdraw = row_button(words, "/reviewers/withdraw", "members-withdraw-short", label, &[("id", &id)]);
        cells![row.email.clone(), state, withdraw]
    });
    let table = Table::new("reviewers-invitations")
        .column("members-email")
        .column("case-state")
        .column("members-actions")
        .rows(rows)
        .under_heading()
        .show(words);
    view! { <section><h2>{words.t("reviewers-invitations")}</h2>{table}</section> }
}
