//! The reviewer's queue: what one has taken, and what waits, in strict order of arrival.

use domain::problem::Problem;
use leptos::prelude::*;
use services::{AskedReview, Case, Error, Queue};
use text::{Words, args};

use super::{assigned::section, conflict::conflict_link, reviewer_terms};
use crate::{
    PageResult, Visit,
    components::{
        Table, empty,
        form::{FormState, button_form, error_summary},
        layout::{heading, kept},
    },
};

pub async fn get(visit: Visit) -> PageResult {
    let queue = visit.desk.review_queue().await?;
    let asked = visit.desk.list_asked().await?;
    let form = FormState::default();
    Ok(visit.page(visit.words.t("queue-title"), move |words| page(words, &queue, &asked, &form)).await)
}

/// Takes the first that waits; choosing is not offered.
pub async fn post(visit: Visit) -> PageResult {
    match visit.desk.take_next().await {
        Ok(id) => Ok(visit.redirect(&format!("/review/{id}"))),
        Err(Error::NotFound) => visit.redirect_saying("/queue", "queue-nothing-left").await,
        // The terms first, and back here.
        Err(Error::Invalid(invalid)) if invalid.of("").any(|problem| problem == Problem::TermsNotAccepted) => {
            let scope = visit.desk.first_waiting_scope().await?;
            Ok(visit.redirect(&reviewer_terms::path(scope, "/queue")))
        }
        Err(Error::Invalid(invalid)) => {
            let queue = visit.desk.review_queue().await?;
            let asked = visit.desk.list_asked().await?;
            let form = FormState::default().with(invalid);
            Ok(visit.refused(visit.words.t("queue-title"), move |words| page(words, &queue, &asked, &form)).await)
        }
        Err(error) => Err(error.into()),
    }
}

fn page(words: Words, queue: &Queue, asked: &[AskedReview], form: &FormState) -> impl IntoView + use<> {
    let shown = i64::try_from(queue.waiting.len()).unwrap_or(i64::MAX);
    let take = (!queue.waiting.is_empty()).then(|| button_form(words, "/queue", "queue-take", &[]));
    view! {
        {error_summary(words, form)}
        {heading(words.t("queue-title"), None, None)}
        <p>{words.t("queue-order")}</p>
        {section(words, asked)}
        <section>
            <h2>{words.t("queue-mine")}</h2>
            {table("queue-mine", &queue.mine, true, words)
                .empty(empty(words, "queue-mine-empty", "queue-mine-empty-help", None))
                .show(words)}
        </section>
        <section>
            <h2>{words.t("queue-waiting")}</h2>
            {take}
            {(queue.waiting_in_all > shown).then(|| view! {
                <p>{words.with("queue-first-shown", args![shown => shown, count => queue.waiting_in_all])}</p>
            })}
            {table("queue-waiting", &queue.waiting, false, words)
                .empty(empty(words, "queue-waiting-empty", "queue-waiting-empty-help", None))
                .show(words)}
        </section>
    }
}

fn table(caption: &str, cases: &[Case], is_open: bool, words: Words) -> Table {
    let rows = cases.iter().map(|case| {
        let reference = kept(case.reference.clone());
        let name = if is_open {
            view! { <a href=format!("/review/{}", case.id)>{reference}</a> }.into_any()
        } else {
            reference.into_any()
        };
        vec![
            name,
            words.t(&format!("mode-name-{}", case.mode)).into_any(),
            case.organisation.clone().into_any(),
            case.submitted_at.map(|at| words.instant_figure(at)).into_any(),
            case.due_at.map(|at| words.instant_figure(at)).into_any(),
            conflict_link(words, case.id, &case.reference),
        ]
    });
    Table::new(caption)
        .column("case-reference")
        .column("case-mode")
        .column("case-organisation")
        .column("case-arrived")
        .column("case-due")
        .column("conflict-column")
        .rows(rows)
        .under_heading()
}
