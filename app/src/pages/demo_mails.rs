//! The demo world's mailbox: what would have been sent, to be read here. Anywhere else there is no such page.

use axum::{
    extract::Path,
    response::{Html, IntoResponse},
};
use domain::id::MailId;
use http::header;
use leptos::prelude::*;
use services::rows::{MailRow, MailState};
use text::Words;

use crate::{
    PageResult, Visit, cells,
    components::{Table, Tone, empty, facts, layout::heading, tag},
};

const SHOWN: u64 = 200;

pub async fn get(visit: Visit) -> PageResult {
    let mails = visit.desk.demo_mails(SHOWN).await?;
    Ok(visit.page(visit.words.t("demo-mails-title"), move |words| list(words, mails)).await)
}

fn list(words: Words, mails: Vec<MailRow>) -> impl IntoView + use<> {
    let rows = mails.into_iter().map(|mail| {
        let href = format!("/demo/mails/{}", mail.id);
        let subject = view! { <a href=href>{mail.subject.clone()}</a> };
        cells![subject, mail.address.clone(), state(words, mail.state), words.instant_figure(mail.queued_at)]
    });
    let table = Table::new("demo-mails-caption")
        .column("demo-mails-subject")
        .column("demo-mails-to")
        .column("demo-mails-state")
        .column("demo-mails-queued")
        .rows(rows.collect::<Vec<_>>())
        .empty(empty(words, "demo-mails-none", "demo-mails-none-help", None))
        .show(words);
    view! {
        <h1>{words.t("demo-mails-title")}</h1>
        <p>{words.t("demo-mails-lead")}</p>
        {table}
    }
}

fn state(words: Words, state: MailState) -> AnyView {
    match state {
        MailState::Queued => tag(Tone::Waiting, words.t("mail-state-queued")),
        MailState::Sent => tag(Tone::Good, words.t("mail-state-sent")),
        MailState::Failed => tag(Tone::Bad, words.t("mail-state-failed")),
    }
}

pub async fn show(visit: Visit, Path(id): Path<MailId>) -> PageResult {
    let mail = visit.desk.demo_mail(id).await?;
    let base = visit.state.services.settings().public_url.clone();
    Ok(visit.page(mail.subject.clone(), move |words| one(words, &mail, &base)).await)
}

fn one(words: Words, mail: &MailRow, base: &str) -> impl IntoView + use<> {
    let html = format!("/demo/mails/{}/html", mail.id);
    let about = vec![
        ("demo-mails-to", mail.address.clone().into_any()),
        ("demo-mails-queued", words.instant(mail.queued_at).into_any()),
        ("demo-mails-state", state(words, mail.state)),
        (
            "demo-mails-attachment",
            mail.attachment_name.clone().unwrap_or_else(|| words.t("demo-mails-no-attachment")).into_any(),
        ),
    ];
    let lines = mail.text.lines().map(|line| linked(line, base)).collect_view();
    view! {
        {heading(mail.subject.clone(), Some(words.t("demo-mails-title")), None)}
        {facts(words, about)}
        <div class="panel">{lines}</div>
        <p><a href=html>{words.t("demo-mails-html")}</a></p>
        <p><a href="/demo/mails">{words.t("demo-mails-all")}</a></p>
    }
}

/// A line that is one of our addresses becomes a link within this server.
fn linked(line: &str, base: &str) -> AnyView {
    match line.trim().strip_prefix(base).filter(|path| path.starts_with('/')) {
        Some(path) => view! { <p><a href=path.to_owned()>{line.to_owned()}</a></p> }.into_any(),
        None if line.trim().is_empty() => view! { <br/> }.into_any(),
        None => view! { <div>{line.to_owned()}</div> }.into_any(),
    }
}

/// The HTML as a mail reader shows it: under a policy of its own, which lets its styles through and nothing else.
pub async fn html(visit: Visit, Path(id): Path<MailId>) -> PageResult {
    let mail = visit.desk.demo_mail(id).await?;
    let policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'none'";
    Ok(([(header::CONTENT_SECURITY_POLICY, policy)], Html(mail.html)).into_response())
}
