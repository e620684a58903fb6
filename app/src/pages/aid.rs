//! A company's State aid: what is left of each State's ceiling, three years drawn with their table, every grant with
//! its movements, the undertaking it is part of, and what it declared. The company sees its own, staff anybody's.

use axum::extract::Path;
use domain::{aid::Standing, id::OrganisationId, money::Money, policy::Action};
use leptos::prelude::*;
use services::{
    AidMember, AidOfState, AidRead, DeclarationRead, DocumentForm,
    rows::{AidEntryRow, AidGrantRow, AidTransferRow},
};
use text::{Words, args};

use super::{invoice::download, organisation::country_name};
use crate::{
    AppError, PageResult, Visit, cells,
    components::{
        Table, Tone,
        aid_plot::aid_plot,
        empty, figure, figures,
        layout::{heading, kept, link_button, panel},
        notice, tag,
    },
};

pub async fn get(visit: Visit) -> PageResult {
    let read = visit.desk.own_aid().await?;
    let can_declare = domain::policy::allows(visit.actor(), Action::DeclareAid).is_ok();
    Ok(visit.page(visit.words.t("aid-title"), move |words| page(words, &read, can_declare)).await)
}

pub async fn get_one(visit: Visit, Path(id): Path<OrganisationId>) -> PageResult {
    let read = visit.desk.aid_of(id).await?;
    Ok(visit.page(visit.words.t("aid-title"), move |words| page(words, &read, false)).await)
}

/// The letter of a grant as PDF.
pub async fn letter(visit: Visit, Path(id): Path<String>) -> PageResult {
    let id = id.parse().map_err(|_| AppError::NOT_FOUND)?;
    let (name, bytes) = visit.desk.aid_letter_pdf(id, visit.words.locale()).await?;
    Ok(download(&name, DocumentForm::Pdf, bytes))
}

fn page(words: Words, read: &AidRead, can_declare: bool) -> impl IntoView + use<> {
    let states = read.states.iter().map(|aid| of_state(words, aid, can_declare)).collect_view();
    view! {
        {heading(words.t("aid-title"), Some(read.company.name.clone()), None)}
        <p class="lead">{words.t("aid-lead")}</p>
        {states}
        <h2>{words.t("aid-grants")}</h2>
        {grants(words, &read.grants)}
        {undertaking(words, read)}
        {transfers(words, &read.transfers)}
        {declarations(words, &read.declarations)}
    }
}

fn of_state(words: Words, aid: &AidOfState, can_declare: bool) -> AnyView {
    let country = country_name(words, aid.state);
    let title = words.with("aid-of-state", args![country => country.clone()]);
    let needed = aid.needs_declaration.then(|| {
        let said = words.with("aid-declaration-needed", args![country => country.clone()]);
        let href = format!("/organisation/aid/declaration?state={}", aid.state);
        let button = can_declare.then(|| link_button(words, href, "aid-declare"));
        notice(Tone::Yours, view! { <p>{said}</p> {button} })
    });
    let stands = aid.declared.filter(|_| !aid.needs_declaration).map(|(on, until)| {
        let said = words.with("aid-declaration-stands", args![day => words.date(on), until => words.date(until)]);
        view! { <p class="hint">{said}</p> }
    });
    let Some(room) = &aid.room else {
        return panel(view! { <h2>{title}</h2> <p>{words.t("aid-no-regulation")}</p> });
    };
    let next = aid.bars.iter().map(|bar| (bar.free_on, bar.amount)).min_by_key(|(day, _)| *day);
    let mut numbers = vec![
        figure(words.money(room.left), words.t("aid-figure-left"), None),
        figure(words.money(room.used), words.t("aid-figure-used"), None),
    ];
    numbers.extend(next.map(|(day, amount)| {
        figure(words.money(amount), words.with("aid-figure-next", args![day => words.date(day)]), None)
    }));
    let said = words.with(
        "aid-left",
        args![
            left => words.money(room.left),
            ceiling => words.money(room.ceiling),
            used => words.money(room.used),
        ],
    );
    let body = if aid.bars.is_empty() {
        view! { <p>{words.t("aid-none")}</p> }.into_any()
    } else {
        view! { {aid_plot(words, aid)} {counting(words, aid)} }.into_any()
    };
    panel(view! {
        <h2>{title}</h2>
        <p>{said}</p>
        {needed}
        {stands}
        {figures(numbers)}
        {body}
    })
}

/// The plot's table: what counts and until when.
fn counting(words: Words, aid: &AidOfState) -> AnyView {
    let rows = aid.bars.iter().map(|bar| {
        let source = match (&bar.number, bar.is_reserved) {
            (Some(number), true) => words.with("aid-proposed", args![number => number.as_str()]),
            (Some(number), false) => {
                words.with("aid-granted-by", args![number => number.as_str(), authority => bar.authority.as_str()])
            }
            (None, _) => words.with("aid-declared-by", args![authority => bar.authority.clone()]),
        };
        cells![
            words.date_figure(bar.on),
            words.money_figure(bar.amount),
            bar.whose.clone(),
            source,
            words.date_figure(bar.free_on),
        ]
    });
    Table::new("aid-table")
        .column("aid-col-day")
        .figures("aid-col-amount")
        .column("aid-col-whose")
        .column("aid-col-source")
        .column("aid-col-free")
        .rows(rows)
        .show(words)
}

pub(super) fn standing(words: Words, standing: Standing) -> AnyView {
    let tone = match standing {
        Standing::Reserved => Tone::Waiting,
        Standing::Granted => Tone::Good,
        Standing::Released => Tone::Calm,
    };
    tag(tone, words.t(&format!("aid-standing-{}", standing.code())))
}

/// Grants with their movements, each in the order it was entered.
pub(super) fn grants(words: Words, grants: &[(AidGrantRow, Vec<AidEntryRow>)]) -> AnyView {
    let rows = grants.iter().map(|(grant, entries)| {
        let movements = entries.iter().map(|entry| view! { <li>{movement(words, entry)}</li> }).collect_view();
        let amount = grant.reserved_cents.checked_add(grant.granted_cents).unwrap_or_default();
        cells![
            number(words, grant),
            standing(words, grant.standing),
            words.money_figure(amount),
            words.hours_figure(grant.gpu_seconds),
            words.t(&format!("aid-article-{}", grant.article.code().replace('_', "-"))),
            view! { <ul class="plain">{movements}</ul> },
        ]
    });
    Table::new("aid-grants")
        .column("aid-col-number")
        .column("aid-col-standing")
        .figures("aid-col-amount")
        .figures("aid-col-hours")
        .column("aid-col-rule")
        .column("aid-col-movements")
        .rows(rows)
        .under_heading()
        .empty(empty(words, "aid-grants-empty", "aid-grants-empty-help", None))
        .show(words)
}

/// Its number, and its letter once it is granted.
fn number(words: Words, grant: &AidGrantRow) -> AnyView {
    let number = format!("{}-{}", grant.state, grant.number);
    let letter = (grant.standing == Standing::Granted).then(|| {
        let href = format!("/aid/letters/{}", grant.id);
        let name = words.with("aid-letter-of", args![number => number.clone()]);
        view! { " " <a href=href download="" aria-label=name>{words.t("aid-letter")}</a> }
    });
    view! { {kept(number)} {letter} }.into_any()
}

pub(super) fn movement(words: Words, entry: &AidEntryRow) -> String {
    let amount = if entry.granted_cents.is_zero() { entry.reserved_cents } else { entry.granted_cents };
    words.with(
        "aid-movement",
        args![
            day => words.date(entry.entered_on),
            kind => words.t(&format!("aid-kind-{}", entry.kind.code())),
            amount => words.money(amount),
            why => words.t(&format!("aid-why-{}", entry.reason.replace('_', "-"))),
        ],
    )
}

fn undertaking(words: Words, read: &AidRead) -> AnyView {
    let others: Vec<&AidMember> = read.members.iter().filter(|member| member.id != read.company.id).collect();
    let body = if others.is_empty() {
        view! { <p>{words.t("aid-alone")}</p> }.into_any()
    } else {
        let names = read.members.iter().map(|member| view! { <li>{member.name.clone()}</li> }).collect_view();
        view! { <p>{words.t("aid-members-help")}</p> <ul>{names}</ul> }.into_any()
    };
    view! { <h2>{words.t("aid-members")}</h2> {body} }.into_any()
}

fn transfers(words: Words, rows: &[AidTransferRow]) -> Option<AnyView> {
    let lines = rows.iter().map(|row| {
        let (day, share) = (words.date(row.effective_on), words.percent(row.share));
        let key = format!("aid-transfer-{}", row.event.code());
        let said = match row.event {
            domain::aid::transfer::Event::Split => words.with(&key, args![day => day, share => share]),
            _ => words.with(&key, args![day => day]),
        };
        view! { <li>{said} " " <span class="hint">{row.reason.clone()}</span></li> }
    });
    let lines = lines.collect_view();
    (!rows.is_empty()).then(|| view! { <h2>{words.t("aid-transfers")}</h2> <ul>{lines}</ul> }.into_any())
}

fn declarations(words: Words, all: &[DeclarationRead]) -> Option<AnyView> {
    let rows = all.iter().map(|one| {
        let row = &one.row;
        cells![words.instant_figure(row.declared_at), country_name(words, row.state), says(words, one)]
    });
    let table = Table::new("aid-declarations")
        .column("aid-col-declared-on")
        .column("aid-col-state")
        .column("aid-col-says")
        .rows(rows)
        .under_heading()
        .show(words);
    (!all.is_empty()).then(|| view! { <h2>{words.t("aid-declarations")}</h2> {table} }.into_any())
}

fn says(words: Words, one: &DeclarationRead) -> String {
    let declared = &one.declared;
    let sum = Money::sum(declared.lines.iter().map(|line| line.amount)).unwrap_or_default();
    let count = i64::try_from(declared.lines.len()).unwrap_or(i64::MAX);
    let answer = |flag: bool| if flag { "yes" } else { "no" };
    words.with(
        "aid-declared-says",
        args![
            count => count,
            amount => words.money(sum),
            difficulty => answer(declared.in_difficulty),
            recovery => answer(declared.owes_recovery),
        ],
    )
}
