//! The demo world's time, which anybody may let pass: offers lapse, months close, invoices fall due.

use chrono::{DateTime, TimeDelta, Utc};
use leptos::prelude::*;
use serde::Deserialize;
use text::{Words, args};

use crate::{
    AppError, Form, PageResult, Visit,
    components::{form::button_form, layout::heading},
};

const STEPS: [(&str, &str); 3] = [("1", "demo-clock-day"), ("7", "demo-clock-week"), ("30", "demo-clock-month")];

#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    days: String,
}

pub async fn get(visit: Visit) -> PageResult {
    only_demo(&visit)?;
    let now = visit.desk.now;
    Ok(visit.page(visit.words.t("demo-clock-title"), move |words| page(words, now)).await)
}

pub async fn post(visit: Visit, Form(typed): Form<Typed>) -> PageResult {
    only_demo(&visit)?;
    let days = typed.days.parse::<i64>().ok().filter(|days| (1..=366).contains(days));
    let days = days.ok_or_else(|| AppError::Form("days".to_owned()))?;
    visit.state.services.clock().advance(TimeDelta::days(days));
    Ok(visit.redirect("/demo/clock"))
}

/// In earnest there is no such page.
fn only_demo(visit: &Visit) -> Result<(), AppError> {
    if visit.state.services.settings().demo { Ok(()) } else { Err(AppError::NOT_FOUND) }
}

fn page(words: Words, now: DateTime<Utc>) -> impl IntoView + use<> {
    let steps = STEPS.map(|(days, label)| button_form(words, "/demo/clock", label, &[("days", days)])).collect_view();
    view! {
        {heading(words.t("demo-clock-title"), None, None)}
        <p><time datetime=now.to_rfc3339()>{words.with("demo-clock-now", args![now => words.instant(now)])}</time></p>
        <p>{words.t("demo-clock-lead")}</p>
        {steps}
    }
}
