//! The scores of a scope as they were given, and beside them what they would be if everybody were equally strict.

use domain::{mode::Code, review::GRADES, scope::Scope};
use leptos::prelude::*;
use serde::Deserialize;
use services::{ScoreBoard, ScoreLine};
use text::{Words, args};

use super::scope;
use crate::{
    PageResult, Query, Visit, cells,
    components::{
        Table, Tone, empty,
        layout::{heading, kept, tabs},
        tag,
    },
};

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    mode: String,
}

pub async fn get(visit: Visit, Query(asked): Query<Asked>) -> PageResult {
    let scope = Scope::parse(&asked.mode).unwrap_or(Scope::Mode(Code::LS));
    let board = visit.desk.scores(scope).await?;
    Ok(visit.page(visit.words.t("scores-title"), move |words| page(words, &board)).await)
}

fn href(scope: Scope) -> String {
    format!("/scores?mode={scope}")
}

fn page(words: Words, board: &ScoreBoard) -> impl IntoView + use<> {
    let scopes = scope::links(words, &board.scopes, href);
    // The cut is a line between rows: above it are those whose level reaches it.
    let above = board.lines.iter().filter(|line| line.scores.level >= board.cut).count();
    let rows = board.lines.iter().map(|line| row(words, line));
    let reviewers = board.reviewers.iter().map(|(name, one)| {
        let reviews = i64::try_from(one.reviews).unwrap_or(i64::MAX);
        cells![name.clone(), words.integer(reviews), signed(words, one.lean)]
    });
    let counts = args![
        cut => words.hundredths(board.cut),
        above => i64::try_from(above).unwrap_or(i64::MAX),
        count => i64::try_from(board.lines.len()).unwrap_or(i64::MAX),
    ];
    view! {
        {heading(words.t("scores-title"), None, None)}
        {tabs(words, "scores-modes", scopes, &href(board.scope))}
        <p>{words.t("scores-help")}</p>
        <p>{words.with("scores-cut", counts)}</p>
        {Table::new("scores-title")
            .column("case-reference")
            .column("case-organisation")
            .figures("scores-reviews")
            .figures("scores-raw")
            .figures("scores-level")
            .figures("scores-spread")
            .column("scores-says")
            .rows(rows)
            .under_heading()
            .empty(empty(words, "scores-empty", "scores-empty-help", None))
            .show(words)}
        <section>
            <h2>{words.t("scores-reviewers")}</h2>
            <p>{words.t("scores-reviewers-help")}</p>
            {Table::new("scores-reviewers")
                .column("reviewers-name")
                .figures("scores-reviews")
                .figures("scores-lean")
                .rows(reviewers)
                .under_heading()
                .empty(empty(words, "scores-empty", "scores-empty-help", None))
                .show(words)}
        </section>
    }
}

fn signed(words: Words, hundredths: i64) -> String {
    let number = words.hundredths(hundredths.abs());
    match hundredths {
        0 => number,
        more if more > 0 => format!("+{number}"),
        _ => format!("−{number}"),
    }
}

/// An estimate beyond the best grade says no more than the best grade.
fn within_scale(level: i64) -> i64 {
    let [lowest, .., highest] = GRADES;
    level.clamp(lowest * 100, highest * 100)
}

fn row(words: Words, line: &ScoreLine) -> Vec<AnyView> {
    let reviews = i64::try_from(line.scores.reviews).unwrap_or(i64::MAX);
    let band = words.with("scores-band", args![band => words.hundredths(line.scores.band)]);
    let close = line.is_close.then(|| tag(Tone::Waiting, words.t("scores-close")));
    let another = line.asks_for_another.then(|| tag(Tone::Yours, words.t("scores-another")));
    cells![
        view! { <a href=format!("/decision/{}", line.case.id)>{kept(line.case.reference.clone())}</a> },
        line.case.organisation.clone(),
        words.integer(reviews),
        words.hundredths(line.scores.raw),
        view! { <span>{words.hundredths(within_scale(line.scores.level))} " " <small class="kept">{band}</small></span> },
        words.hundredths(line.scores.spread),
        view! { <span>{close} " " {another}</span> }
    ]
}
