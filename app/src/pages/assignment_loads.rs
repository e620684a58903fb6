//! Parts of the assignment page: who lacks reviews and why, how loads would be, who was asked and what they said.

use domain::assignment::State;
use leptos::prelude::*;
use services::{AssignmentOutcome, AssignmentRead};
use text::{Words, args};

use super::assignment::pair_fields;
use crate::{
    cells,
    components::{
        Table, Tone,
        chart::{Plot, Point, Series, bars},
        empty,
        form::{FormState, hidden, post_form},
        layout::{details_if, kept, tag},
        notice,
    },
};

/// Which applications lack how many reviews, and why.
pub fn lacks(words: Words, read: &AssignmentRead, outcome: &AssignmentOutcome) -> AnyView {
    let lines: Vec<_> = outcome
        .lacks
        .iter()
        .filter_map(|lack| {
            let reference = read.cases.get(&lack.application)?.reference.clone();
            let why = format!("{:?}", lack.why).to_lowercase();
            let lacking = if lack.missing > 0 {
                words.with("assignment-lacks", args![reference => reference, count => i64::from(lack.missing)])
            } else {
                words.with("assignment-lacks-expert", args![reference => reference, count => i64::from(lack.experts)])
            };
            let counts = args![
                conflicted => i64::from(lack.conflicted), full => i64::from(lack.full), apart => i64::from(lack.apart),
            ];
            let why = words.t(&format!("assignment-lack-{why}"));
            Some(view! { <li>{lacking} " " {why} " " {words.with("assignment-lack-counts", counts)}</li> })
        })
        .collect();
    if lines.is_empty() {
        return ().into_any();
    }
    let title = words.with("assignment-lacking", args![count => i64::try_from(lines.len()).unwrap_or(i64::MAX)]);
    notice(Tone::Waiting, view! { <p><strong>{title}</strong></p> <ul>{lines}</ul> })
}

/// Open reviews of everybody, as they would be.
pub fn loads(words: Words, read: &AssignmentRead, outcome: &AssignmentOutcome) -> AnyView {
    let point = |load: &services::ReviewerLoad| Point {
        name: read.name(load.reviewer).to_owned(),
        value: i64::from(load.after),
        words: words.with(
            "assignment-load-words",
            args![
                after => i64::from(load.after), before => i64::from(load.before), limit => i64::from(load.limit),
            ],
        ),
    };
    let points = outcome.loads.iter().map(point).collect();
    let plot = Plot {
        title: "assignment-loads".to_owned(),
        sentence: "assignment-loads-sentence".to_owned(),
        point_label: "assignment-reviewer",
        series: vec![Series { name: "assignment-load-after".to_owned(), points }],
        foot: 0,
    };
    view! { <h2>{words.t("assignment-loads")}</h2> {bars(words, plot)} }.into_any()
}

/// Who was asked, newest first, and a way to ask somebody directly.
pub fn asked(words: Words, read: &AssignmentRead, form: &FormState) -> AnyView {
    let rows = read.asked.iter().rev().filter_map(|row| {
        let case = read.cases.get(&row.application_id)?;
        let tone = match row.state {
            State::Offered => Tone::Waiting,
            State::Accepted => Tone::Good,
            State::Declined | State::Released => Tone::Bad,
        };
        let state = words.t(&format!("assignment-state-{}", row.state.code()));
        Some(cells![
            view! { <a href=format!("/decision/{}", case.id)>{kept(case.reference.clone())}</a> },
            read.name(row.person_id).to_owned(),
            tag(tone, state),
            words.instant_figure(if row.state == State::Offered { row.answer_due_at } else { row.review_due_at }),
            row.reason.clone(),
        ])
    });
    let table = Table::new("assignment-asked")
        .column("case-reference")
        .column("assignment-reviewer")
        .column("case-state")
        .column("assignment-due")
        .column("assignment-declined-why")
        .rows(rows)
        .under_heading()
        .empty(empty(words, "assignment-asked-none", "assignment-asked-none-help", None))
        .show(words);
    let is_refused = form.refuses(&["give_application", "give_person"]);
    let fields = view! {
        {hidden("scope", read.scope.to_string())}
        {pair_fields(words, read, form, ["give_application", "give_person"])}
        <button class="button" type="submit">{words.t("assignment-give-submit")}</button>
    };
    view! {
        <h2>{words.t("assignment-asked")}</h2>
        {table}
        {details_if(is_refused, words.t("assignment-give"), post_form("/assignment/give", fields))}
    }
    .into_any()
}
