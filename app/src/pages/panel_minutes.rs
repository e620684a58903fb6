//! The frozen minutes of a panel, as a page and as a PDF; corrections are added below.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use domain::{
    id::PanelId,
    panel::{Outcome, minutes::Item},
};
use http::{HeaderValue, header};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{Error, MinutesRead};
use text::{Words, args};

use super::panels::state_tag;
use crate::{
    AppError, Form, PageResult, Visit, cells,
    components::{
        Field, Table, empty, facts,
        field::Choice,
        form::{FormState, error_summary, post_form, submit},
        layout::{heading, panel},
        progress::{Moment, timeline},
    },
};

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Typed {
    #[serde(default)]
    about: String,
    #[serde(default)]
    text: String,
}

pub async fn get(visit: Visit, Path(id): Path<PanelId>) -> PageResult {
    let read = visit.desk.read_minutes(id).await?;
    let title = title(visit.words, &read);
    Ok(visit.page(title, move |words| page(words, &read, &FormState::default())).await)
}

pub async fn pdf(visit: Visit, Path(id): Path<PanelId>) -> PageResult {
    let (name, bytes) = visit.desk.minutes_pdf(id, visit.words.locale()).await?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

pub async fn post(visit: Visit, Path(id): Path<PanelId>, Form(typed): Form<Typed>) -> PageResult {
    match visit.desk.add_to_minutes(id, &typed.about, &typed.text).await {
        Ok(()) => visit.redirect_saying(&format!("/panels/{id}/minutes"), "minutes-added").await,
        Err(Error::Invalid(invalid)) => refused(&visit, id, FormState::of(&typed).with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

async fn refused(visit: &Visit, id: PanelId, form: FormState) -> Result<Response, AppError> {
    let read = visit.desk.read_minutes(id).await?;
    let title = title(visit.words, &read);
    Ok(visit.refused(title, move |words| page(words, &read, &form)).await)
}

fn title(words: Words, read: &MinutesRead) -> String {
    words.with("minutes-title-of", args![name => read.minutes.name.clone()])
}

fn page(words: Words, read: &MinutesRead, form: &FormState) -> impl IntoView + use<> {
    let minutes = &read.minutes;
    let id = read.panel.id;
    let frozen =
        words.with("minutes-frozen", args![day => words.date(minutes.held_on), at => words.instant(minutes.closed_at)]);
    let present = minutes.attendance.iter().map(|member| {
        let presence = if member.is_present { "panel-present" } else { "panel-absent" };
        cells![member.name.clone(), words.t(&format!("panel-role-{}", member.role.code())), words.t(presence)]
    });
    let attendance = Table::new("panel-members")
        .column("panel-member-name")
        .column("panel-role")
        .column("panel-attendance")
        .rows(present)
        .under_heading()
        .show(words);
    let items = if minutes.items.is_empty() {
        empty(words, "panel-agenda-empty", "minutes-empty-help", None)
    } else {
        minutes.items.iter().map(|item| one(words, item)).collect_view().into_any()
    };
    view! {
        {error_summary(words, form)}
        {heading(title(words, read), Some(words.t("panels-title")), Some(state_tag(words, read.panel.state)))}
        <p class="lead">{frozen}</p>
        <p><a href=format!("/panels/{id}/minutes.pdf") download="">{words.t("minutes-pdf")}</a></p>
        <h2>{words.t("panel-members")}</h2>
        {attendance}
        <h2>{words.t("minutes-recommendations")}</h2>
        {items}
        <p class="hint">{words.t("panel-ranking-method")}</p>
        {addenda(words, read)}
        {read.can_add.then(|| add(words, read, form))}
    }
}

fn one(words: Words, item: &Item) -> AnyView {
    let left = if item.left.is_empty() { words.t("minutes-nobody-left") } else { item.left.join(", ") };
    let mean = item.mean.map_or_else(
        || "–".to_owned(),
        |mean| words.with("panel-mean-of", args![mean => words.hundredths(mean), count => item.reviews]),
    );
    let amount = |time, storage: Option<i64>| match storage {
        Some(storage) => {
            format!("{} · {}", words.hours(time), words.with("amount-terabytes", args![count => storage]))
        }
        None => words.hours(time),
    };
    let mut shown = vec![
        ("panel-outcome", words.t(&format!("panel-outcome-{}", item.outcome.code())).into_any()),
        ("panel-place", words.integer(i64::try_from(item.place).unwrap_or(i64::MAX)).into_any()),
        ("panel-mean", mean.into_any()),
        ("amount-requested", amount(item.requested, item.requested_tb).into_any()),
    ];
    if item.outcome != Outcome::Refuse {
        shown.push(("amount-recommended", amount(item.recommended, item.recommended_tb).into_any()));
    }
    shown.push(("minutes-left", left.into_any()));
    shown.push(("panel-note", view! { <span class="typed">{item.reasons.clone()}</span> }.into_any()));
    let heading = format!("{} · {}", item.reference, item.organisation);
    panel(view! { <h3>{heading}</h3> {facts(words, shown)} })
}

fn addenda(words: Words, read: &MinutesRead) -> Option<AnyView> {
    let moments: Vec<Moment> = read
        .addenda
        .iter()
        .map(|addendum| Moment {
            at: words.instant(addendum.written_at),
            what: addendum.about.clone().unwrap_or_else(|| words.t("minutes-about-sitting")),
            who: addendum.role.map(|role| words.t(&format!("panel-role-{}", role.code()))),
            why: Some(addendum.text.clone()),
            tone: crate::components::Tone::Calm,
        })
        .collect();
    let is_some = !moments.is_empty();
    is_some.then(|| view! { <h2>{words.t("minutes-addenda")}</h2> {timeline(words, moments)} }.into_any())
}

fn add(words: Words, read: &MinutesRead, form: &FormState) -> AnyView {
    let whole = Choice::new("", words.t("minutes-about-sitting"));
    let items = read.minutes.items.iter().map(|item| Choice::new(item.id.to_string(), item.reference.clone()));
    let about = std::iter::once(whole).chain(items).collect();
    view! {
        <h2>{words.t("minutes-add")}</h2>
        {post_form(
            format!("/panels/{}/minutes", read.panel.id),
            view! {
                {Field::select("about", "minutes-about", about).show(words, form)}
                {Field::area("text", "minutes-text").hint(words.t("minutes-text-help")).show(words, form)}
                {submit(words, "minutes-add-button")}
            },
        )}
    }
    .into_any()
}
