//! Late invoices: who is where, what comes next and when, pauses, promises, and what is given up.

use axum::extract::Path;
use domain::{
    id::{InvoiceId, WriteOffId},
    money::Money,
    problem::Invalid,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{
    Error, HoldForm, ReminderCase, ReminderRead,
    rows::{WriteOffRow, WriteOffState},
};
use text::{Words, args};

use crate::{
    Form, PageResult, Visit, cells,
    components::{
        Field, Table, Tone, confirm, empty, facts,
        field::Choice,
        form::{FormState, button_form, error_summary, post_form, submit},
        layout::{Confirm, heading, kept},
        tag,
    },
};

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Held {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    promised_by: String,
}

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct GivenUp {
    #[serde(default)]
    why: String,
}

pub async fn get(visit: Visit) -> PageResult {
    let rows = visit.desk.reminders().await?;
    let asked = visit.desk.asked_write_offs().await?;
    Ok(visit.page(visit.words.t("reminders-title"), move |words| page(words, &rows, &asked)).await)
}

pub async fn get_one(visit: Visit, Path(id): Path<InvoiceId>) -> PageResult {
    let case = visit.desk.reminder_case(id).await?;
    Ok(visit.page(visit.words.t("reminders-title"), move |words| one(words, &case, &FormState::default())).await)
}

pub async fn post_hold(visit: Visit, Path(id): Path<InvoiceId>, Form(held): Form<Held>) -> PageResult {
    let form = FormState::of(&held);
    let Held { kind, until, reason, promised_by } = held;
    let done = visit.desk.hold_reminders(id, &HoldForm { kind, until, reason, promised_by }).await;
    after(&visit, id, done, form, "reminder-held").await
}

pub async fn post_end(visit: Visit, Path(id): Path<InvoiceId>) -> PageResult {
    let done = visit.desk.end_hold(id).await;
    after(&visit, id, done, FormState::default(), "reminder-resumed").await
}

pub async fn post_write_off(visit: Visit, Path(id): Path<InvoiceId>, Form(typed): Form<GivenUp>) -> PageResult {
    let form = FormState::of(&typed);
    // A field of the name that the verb gives is in the other form of this page.
    let done = visit.desk.write_off(id, &typed.why).await.map_err(|error| match error {
        Error::Invalid(Invalid(faults)) => Error::Invalid(Invalid(
            faults.into_iter().map(|(field, fault)| (field.replace("reason", "why"), fault)).collect(),
        )),
        error => error,
    });
    after(&visit, id, done, form, "write-off-asked").await
}

pub async fn post_sign(visit: Visit, Path(id): Path<WriteOffId>) -> PageResult {
    let invoice = visit.desk.invoice_of_write_off(id).await?;
    let done = visit.desk.sign_write_off(id).await.map(|_| ());
    after(&visit, invoice, done, FormState::default(), "write-off-signed").await
}

pub async fn post_refuse(visit: Visit, Path(id): Path<WriteOffId>) -> PageResult {
    let invoice = visit.desk.invoice_of_write_off(id).await?;
    let done = visit.desk.refuse_write_off(id).await.map(|_| ());
    after(&visit, invoice, done, FormState::default(), "write-off-refused").await
}

async fn after(visit: &Visit, id: InvoiceId, done: Result<(), Error>, form: FormState, saying: &str) -> PageResult {
    match done {
        Ok(()) => visit.redirect_saying(&format!("/finance/reminders/{id}"), saying).await,
        Err(Error::Invalid(invalid)) => refused(visit, id, form, invalid).await,
        Err(error) => Err(error.into()),
    }
}

async fn refused(visit: &Visit, id: InvoiceId, form: FormState, invalid: Invalid) -> PageResult {
    let case = visit.desk.reminder_case(id).await?;
    let form = form.with(invalid);
    Ok(visit.refused(visit.words.t("reminders-title"), move |words| one(words, &case, &form)).await)
}

fn page(words: Words, rows: &[ReminderRead], asked: &[WriteOffRow]) -> impl IntoView + use<> {
    let rows: Vec<_> = rows
        .iter()
        .map(|read| {
            let href = format!("/finance/reminders/{}", read.invoice.id);
            let number = read.invoice.number.clone();
            let due = read.invoice.due_on.map(|due| words.date_figure(due)).unwrap_or_default();
            cells![
                view! { <a href=href>{number}</a> },
                read.organisation.clone(),
                kept(due),
                step_tag(words, read),
                next(words, read),
                words.money_figure(read.invoice.outstanding()),
            ]
        })
        .collect();
    let table = Table::new("reminders-caption")
        .column("invoice-number")
        .column("invoice-organisation")
        .column("invoice-due")
        .column("reminder-step")
        .column("reminder-next")
        .figures("invoice-left-euro")
        .rows(rows)
        .empty(empty(words, "reminders-none", "reminders-none-help", None))
        .show(words);
    let asked: Vec<AnyView> = asked
        .iter()
        .map(|row| {
            let href = format!("/finance/reminders/{}", row.invoice_id);
            let label = words.with("write-off-waits", args![amount => words.money(row.amount_cents)]);
            view! { <li><a href=href>{label}</a> " " {row.reason.clone()}</li> }.into_any()
        })
        .collect();
    let asked = (!asked.is_empty()).then(|| view! { <h2>{words.t("write-offs-waiting")}</h2> <ul>{asked}</ul> });
    view! {
        {heading(words.t("reminders-title"), None, None)}
        {asked}
        {table}
        <p><a href="/finance/ageing">{words.t("ageing-title")}</a></p>
    }
}

/// The last step that was taken, and what keeps the next one waiting.
fn step_tag(words: Words, read: &ReminderRead) -> AnyView {
    let last = read.reminders.last().map(|one| one.step.code().replace('_', "-"));
    let last = last.unwrap_or_else(|| "none".to_owned());
    let tone = if read.blocks { Tone::Bad } else { Tone::Waiting };
    let held = Some(held(words, read)).filter(|held| !held.is_empty());
    let held = held.map(|held| view! { <br/> <small>{held}</small> });
    view! { {tag(tone, words.t(&format!("reminder-step-{last}")))} {held} }.into_any()
}

fn held(words: Words, read: &ReminderRead) -> String {
    if read.is_disputed {
        return words.t("reminder-disputed");
    }
    let Some(hold) = &read.hold else { return String::new() };
    words.with(&format!("reminder-hold-{}", hold.kind.code()), args![day => words.date(hold.until_day)])
}

fn next(words: Words, read: &ReminderRead) -> String {
    match read.next {
        _ if read.is_disputed => words.t("reminder-next-none"),
        Some(next) => {
            let step = words.t(&format!("reminder-step-{}", next.step.code().replace('_', "-")));
            words.with("reminder-next-on", args![step => step, day => words.date(next.on)])
        }
        None => words.t("reminder-next-none"),
    }
}

fn one(words: Words, case: &ReminderCase, form: &FormState) -> impl IntoView + use<> {
    let read = &case.read;
    let invoice = &read.invoice;
    let href = format!("/invoices/{}", invoice.id);
    let owes = invoice.outstanding() > Money::ZERO;
    let about = facts(
        words,
        vec![
            ("invoice-number", view! { <a href=href>{invoice.number.clone()}</a> }.into_any()),
            ("invoice-due", invoice.due_on.map(|due| words.date(due)).unwrap_or_default().into_any()),
            ("reminder-owed", words.money(invoice.outstanding()).into_any()),
            ("reminder-next", next(words, read).into_any()),
            ("reminder-interest-now", interest(words, read).into_any()),
            ("reminder-costs", words.money(read.costs).into_any()),
        ],
    );
    let forms = owes.then(|| {
        view! { {hold_form(words, case, form)} {write_off_form(words, case, form)} }
    });
    view! {
        {error_summary(words, form)}
        <p class="above"><a href="/finance/reminders">{words.t("reminders-title")}</a></p>
        {heading(read.organisation.clone(), None, Some(step_tag(words, read)))}
        {about}
        {steps(words, read)}
        {holds(words, case)}
        {write_offs(words, case)}
        {forms}
    }
}

fn interest(words: Words, read: &ReminderRead) -> String {
    words.with("reminder-interest-of", args![amount => words.money(read.interest), rate => words.percent(read.rate)])
}

fn steps(words: Words, read: &ReminderRead) -> AnyView {
    let rows: Vec<_> = read
        .reminders
        .iter()
        .map(|row| {
            cells![
                words.t(&format!("reminder-step-{}", row.step.code().replace('_', "-"))),
                words.date_figure(row.taken_on),
                words.money_figure(row.outstanding_cents),
                words.money_figure(row.interest_cents),
                words.money_figure(row.costs_cents),
            ]
        })
        .collect();
    let table = Table::new("reminder-steps")
        .column("reminder-step")
        .column("reminder-taken")
        .figures("invoice-left-euro")
        .figures("reminder-interest-euro")
        .figures("reminder-costs-euro")
        .rows(rows)
        .empty(empty(words, "reminder-no-steps", "reminder-no-steps-help", None))
        .under_heading()
        .show(words);
    view! { <h2>{words.t("reminder-steps")}</h2> {table} }.into_any()
}

fn holds(words: Words, case: &ReminderCase) -> Option<AnyView> {
    if case.holds.is_empty() {
        return None;
    }
    let rows: Vec<_> = case
        .holds
        .iter()
        .map(|row| {
            cells![
                words.t(&format!("hold-kind-{}", row.kind.code())),
                words.date_figure(row.until_day),
                row.promised_by.clone().unwrap_or_default(),
                row.reason.clone(),
                row.ended_at.map(|at| words.instant_figure(at)).unwrap_or_default(),
            ]
        })
        .collect();
    let table = Table::new("holds-title")
        .column("hold-kind")
        .column("hold-until")
        .column("hold-promised-by")
        .column("bank-reason")
        .column("hold-ended")
        .rows(rows)
        .under_heading()
        .show(words);
    Some(view! { <h2>{words.t("holds-title")}</h2> {table} }.into_any())
}

fn hold_form(words: Words, case: &ReminderCase, form: &FormState) -> AnyView {
    let read = &case.read;
    let here = format!("/finance/reminders/{}", read.invoice.id);
    let ends = read.hold.as_ref().map(|_| button_form(words, format!("{here}/resume"), "reminder-resume", &[]));
    let kinds = case.hold_days.iter().map(|(kind, days)| {
        let hint = words.with(&format!("hold-kind-{}-hint", kind.code()), args![days => *days]);
        Choice::new(kind.code(), format!("hold-kind-{}", kind.code())).hint(hint)
    });
    let fields = view! {
        {Field::radios("kind", "hold-kind", kinds.collect()).show(words, form)}
        {Field::date("until", "hold-until").show(words, form)}
        {Field::text("promised_by", "hold-promised-by").hint("hold-promised-by-hint").optional().show(words, form)}
        {Field::area("reason", "bank-reason").rows(3).show(words, form)}
        {submit(words, "hold-submit")}
    };
    view! { <h2>{words.t("hold-title")}</h2> {ends} {post_form(format!("{here}/hold"), fields)} }.into_any()
}

fn write_offs(words: Words, case: &ReminderCase) -> Option<AnyView> {
    if case.write_offs.is_empty() {
        return None;
    }
    let rows: Vec<_> = case
        .write_offs
        .iter()
        .map(|row| {
            let here = format!("/finance/write-offs/{}", row.id);
            let buttons = (row.state == WriteOffState::Asked).then(|| {
                let is_second = row.asked_by != case.reader;
                view! {
                    {is_second.then(|| button_form(words, format!("{here}/sign"), "write-off-sign", &[]))} " "
                    {button_form(words, format!("{here}/refuse"), "write-off-refuse", &[])}
                }
            });
            cells![
                words.t(&format!("write-off-state-{}", row.state.code())),
                row.reason.clone(),
                words.instant_figure(row.asked_at),
                buttons,
                words.money_figure(row.amount_cents),
            ]
        })
        .collect();
    let table = Table::new("write-offs-title")
        .column("bank-state")
        .column("bank-reason")
        .column("payment-asked")
        .column("mail-again")
        .figures("bank-amount-euro")
        .rows(rows)
        .under_heading()
        .show(words);
    Some(view! { <h2>{words.t("write-offs-title")}</h2> {table} }.into_any())
}

fn write_off_form(words: Words, case: &ReminderCase, form: &FormState) -> Option<AnyView> {
    if case.write_offs.iter().any(|row| row.state == WriteOffState::Asked) {
        return None;
    }
    let ask = Confirm {
        action: format!("/finance/reminders/{}/write-off", case.read.invoice.id),
        open: "write-off",
        consequence: words
            .with("write-off-means", args![amount => words.whole_euros(case.second_above.as_cents() / 100)]),
        button: "write-off",
        values: Vec::new(),
    };
    Some(confirm(words, ask, Some((Field::area("why", "bank-reason").rows(3), form))))
}
