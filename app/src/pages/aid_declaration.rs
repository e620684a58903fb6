//! Declaring other aid: the list, the questions of the exemption, and the text that is declared.

use chrono::NaiveDate;
use domain::{
    aid::declaration::{LINES, Typed, text_version},
    period,
};
use leptos::prelude::*;
use serde::Deserialize;
use services::{AidRead, Error, declaration_text};
use text::{Words, args};

use super::organisation::country_name;
use crate::{
    Form, PageResult, Query, Visit,
    components::{
        Field,
        field::Choice,
        form::{FormState, error_summary, post_form, submit},
        layout::{details, heading, panel},
    },
};

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    state: String,
}

pub async fn get(visit: Visit, Query(asked): Query<Asked>) -> PageResult {
    let read = visit.desk.own_aid().await?;
    let state = if asked.state.is_empty() { read.home.to_string() } else { asked.state };
    let form = FormState::new([("state", state)]);
    let today = period::brussels_day(visit.desk.now);
    Ok(visit.page(visit.words.t("aid-declare-title"), move |words| page(words, &read, &form, today)).await)
}

pub async fn post(visit: Visit, Form(typed): Form<Typed>) -> PageResult {
    match visit.desk.declare_aid(&typed, visit.words.locale()).await {
        Ok(()) => visit.redirect_saying("/organisation/aid", "aid-declared-flash").await,
        Err(Error::Invalid(invalid)) => {
            let read = visit.desk.own_aid().await?;
            let form = FormState::new(typed).with(invalid);
            let today = period::brussels_day(visit.desk.now);
            let title = visit.words.t("aid-declare-title");
            Ok(visit.refused(title, move |words| page(words, &read, &form, today)).await)
        }
        Err(error) => Err(error.into()),
    }
}

fn page(words: Words, read: &AidRead, form: &FormState, today: NaiveDate) -> impl IntoView + use<> {
    let mut states: Vec<Choice> =
        read.declarable.iter().map(|state| Choice::new(state.to_string(), country_name(words, *state))).collect();
    states.sort_by(|one, other| one.label.cmp(&other.label));
    let yes_no = || vec![Choice::new("yes", words.t("aid-declare-yes")), Choice::new("no", words.t("aid-declare-no"))];
    // As many as are filled, and one more; the rest opens.
    let is_filled = |number: usize| {
        ["on", "amount", "authority"].iter().any(|name| !form.value(&format!("aid{number}_{name}")).is_empty())
    };
    let shown = (1..=LINES).rev().find(|number| is_filled(*number)).map_or(1, |last| (last + 1).min(LINES));
    let first = (1..=shown).map(|number| line(words, form, number)).collect_view();
    let more = (shown < LINES).then(|| {
        let rest = (shown + 1..=LINES).map(|number| line(words, form, number)).collect_view();
        details(words.t("aid-declare-more"), rest)
    });
    let fields = view! {
        {Field::select("state", "aid-declare-state", states).show(words, form)}
        {first}
        {more}
        {Field::checkbox("nothing", "aid-declare-nothing").show(words, form)}
        {Field::number("same_costs", "aid-declare-same-costs")
            .unit("€")
            .hint(words.t("aid-declare-same-costs-help"))
            .optional()
            .show(words, form)}
        {Field::radios("in_difficulty", "aid-declare-difficulty", yes_no()).show(words, form)}
        {Field::radios("owes_recovery", "aid-declare-recovery", yes_no()).show(words, form)}
        {panel(view! {
            <h2>{words.t("aid-declare-text")}</h2>
            <p>{declaration_text(words.locale(), text_version(today))}</p>
        })}
        {Field::checkbox("declared", "aid-declare-accept").show(words, form)}
        {submit(words, "aid-declare-submit")}
    };
    view! {
        {error_summary(words, form)}
        {heading(words.t("aid-declare-title"), Some(read.company.name.clone()), None)}
        <p class="lead">{words.t("aid-declare-lead")}</p>
        {post_form("/organisation/aid/declaration", fields)}
    }
}

fn line(words: Words, form: &FormState, number: usize) -> AnyView {
    let count = i64::try_from(number).unwrap_or(i64::MAX);
    let field = |name: &str| format!("aid{number}_{name}");
    view! {
        <fieldset class="group">
            <legend>{words.with("aid-declare-line", args![number => count])}</legend>
            {Field::date(&field("on"), "aid-declare-on").optional().show(words, form)}
            {Field::number(&field("amount"), "aid-declare-amount").unit("€").optional().show(words, form)}
            {Field::text(&field("authority"), "aid-declare-authority").optional().show(words, form)}
        </fieldset>
    }
    .into_any()
}
