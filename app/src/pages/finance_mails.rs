//! Every mail with what became of it; any can be sent again.

use axum::extract::Path;
use domain::id::MailId;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::rows::{MailRow, MailState};
use text::Words;

use crate::{
    PageResult, Query, Visit, cells,
    components::{
        Field, Table, Tone, empty,
        field::Choice,
        form::{FormState, button_form},
        layout::heading,
        table::filters,
        tag,
    },
};

#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Asked {
    #[serde(default)]
    state: String,
}

const STATES: [(&str, MailState); 3] =
    [("queued", MailState::Queued), ("sent", MailState::Sent), ("failed", MailState::Failed)];

pub async fn get(visit: Visit, Query(asked): Query<Asked>) -> PageResult {
    let state = STATES.into_iter().find(|(code, _)| *code == asked.state).map(|(_, state)| state);
    let rows = visit.desk.mails(state, 200).await?;
    let form = FormState::of(&asked);
    Ok(visit.page(visit.words.t("finance-mails-title"), move |words| page(words, &form, rows)).await)
}

pub async fn post(visit: Visit, Path(id): Path<MailId>) -> PageResult {
    visit.desk.resend_mail(id).await?;
    visit.redirect_saying("/finance/mails", "finance-mail-queued").await
}

fn page(words: Words, form: &FormState, rows: Vec<MailRow>) -> impl IntoView + use<> {
    let choices = std::iter::once(Choice::new("", "filter-any"))
        .chain(STATES.map(|(code, _)| Choice::new(code, format!("mail-state-{code}"))));
    let field = Field::select("state", "invoice-standing", choices.collect()).show(words, form);
    let rows = rows.into_iter().map(|mail| {
        let (tone, code) = match mail.state {
            MailState::Queued => (Tone::Waiting, "mail-state-queued"),
            MailState::Sent => (Tone::Good, "mail-state-sent"),
            MailState::Failed => (Tone::Bad, "mail-state-failed"),
        };
        let error = mail.last_error.map(|error| view! { <br/><small>{error}</small> });
        let state = view! { {tag(tone, words.t(code))} {error} };
        let again = button_form(words, format!("/finance/mails/{}", mail.id), "finance-mail-resend", &[]);
        let attached = mail.attachment_name.map(|name| view! { <br/><small>{name}</small> });
        cells![
            view! { {mail.subject} {attached} },
            mail.address,
            words.instant_figure(mail.queued_at),
            mail.sent_at.map(|at| words.instant_figure(at)).unwrap_or_default(),
            state,
            again,
        ]
    });
    let table = Table::new("finance-mails-caption")
        .column("mail-subject")
        .column("mail-address")
        .column("mail-queued")
        .column("mail-sent")
        .column("invoice-standing")
        .column("mail-again")
        .rows(rows)
        .empty(empty(words, "finance-mails-none", "finance-mails-none-help", None))
        .show(words);
    view! {
        {heading(words.t("finance-mails-title"), None, None)}
        {filters(words, "/finance/mails", field)}
        {table}
    }
}
