//! What a reviewer would like to read: titles and summaries, and a word about each.

use axum::extract::Path;
use domain::{id::ApplicationId, problem::Problem, reviewer::Wish};
use leptos::prelude::*;
use serde::Deserialize;
use services::{BidLine, BidPage, Error};
use text::{Words, args};

use super::{conflict::conflict_link, reviewer_terms, scope};
use crate::{
    Form, PageResult, Query, Visit,
    components::{
        Table, Tone, empty,
        form::hidden,
        layout::{heading, kept},
        notice,
        table::Listing,
        tag,
    },
};

#[derive(Debug, Default, Deserialize)]
pub struct Page {
    /// The last row of the page before.
    #[serde(default)]
    after: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct Typed {
    #[serde(default)]
    wish: String,
    #[serde(default)]
    after: String,
}

const PATH: &str = "/bids";
const OFFERED: [Wish; 3] = [Wish::Eager, Wish::Willing, Wish::Unwilling];

pub async fn get(visit: Visit, Query(asked): Query<Page>) -> PageResult {
    let bids = visit.desk.bids(asked.after.parse().ok()).await?;
    Ok(visit.page(visit.words.t("bids-title"), move |words| page(words, &bids, &asked.after)).await)
}

pub async fn post(visit: Visit, Path(id): Path<ApplicationId>, Form(typed): Form<Typed>) -> PageResult {
    let wish = Wish::from_code(&typed.wish).ok_or(Error::NotFound)?;
    match visit.desk.bid(id, wish).await {
        Ok(()) => {
            let after = typed.after.parse::<ApplicationId>().map(|after| format!("{PATH}?after={after}"));
            visit.redirect_saying(&after.unwrap_or_else(|_| PATH.to_owned()), "bids-placed").await
        }
        // A conflict is declared on its own page, with its kind and reason.
        Err(Error::Invalid(_)) if wish == Wish::Conflict => Ok(visit.redirect(&format!("/conflict/{id}"))),
        Err(Error::Invalid(invalid)) if invalid.of("").any(|problem| problem == Problem::TermsNotAccepted) => {
            Ok(visit.redirect("/reviewer/terms"))
        }
        Err(Error::Invalid(_)) => visit.redirect_saying(PATH, "bids-too-late").await,
        Err(error) => Err(error.into()),
    }
}

fn page(words: Words, bids: &BidPage, after: &str) -> impl IntoView + use<> {
    let closed = bids.closed.iter().map(|of| {
        let mode = scope::name(words, of);
        let href = reviewer_terms::path(of.scope, PATH);
        view! { <li><a href=href>{words.with("bids-closed-mode", args![mode => mode])}</a></li> }
    });
    let closed: Vec<AnyView> = closed.map(IntoAny::into_any).collect();
    let closed =
        (!closed.is_empty()).then(|| notice(Tone::Yours, view! { <p>{words.t("bids-closed")}</p> <ul>{closed}</ul> }));
    let rows: Vec<_> = bids.lines.iter().map(|line| row(words, line, after)).collect();
    let listing =
        Listing { next: bids.next.map(|id| id.to_string()), is_later: !after.is_empty(), ..Listing::at(PATH) };
    view! {
        {heading(words.t("bids-title"), None, None)}
        <p>{words.t("bids-help")}</p>
        {closed}
        {Table::new("bids-title")
            .column("case-reference")
            .column("bids-what")
            .column("bids-wish")
            .column("conflict-column")
            .rows(rows)
            .listing(listing)
            .under_heading()
            .empty(empty(words, "bids-empty", "bids-empty-help", None))
            .show(words)}
    }
}

fn row(words: Words, line: &BidLine, after: &str) -> Vec<AnyView> {
    let title = if line.title.is_empty() { words.t("bids-untitled") } else { line.title.clone() };
    let now = line.wish.map(|wish| tag(Tone::Calm, words.t(&format!("wish-{}", wish.code()))));
    let buttons = OFFERED.map(|wish| {
        let label = words.t(&format!("wish-{}", wish.code()));
        let name = words.with("bids-say", args![wish => label.clone(), reference => line.reference.clone()]);
        let is_it = (line.wish == Some(wish)).then_some("true");
        view! {
            <button class="button small" type="submit" name="wish" value=wish.code() aria-label=name aria-pressed=is_it>
                {label}
            </button>
        }
    });
    vec![
        view! {
            {kept(line.reference.clone())}
            <small class="below">{words.t(&format!("mode-name-{}", line.mode))}</small>
        }
        .into_any(),
        view! {
            <strong>{title}</strong>
            {(!line.summary.is_empty()).then(|| view! { <p class="typed">{line.summary.clone()}</p> })}
        }
        .into_any(),
        view! {
            <form class="inline-form" method="post" action=format!("{PATH}/{}", line.id)>
                {hidden("after", after)}
                {now}
                {buttons.collect_view()}
            </form>
        }
        .into_any(),
        conflict_link(words, line.id, &line.reference),
    ]
}
