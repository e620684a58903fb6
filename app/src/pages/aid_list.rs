//! Undertakings and how much of their ceilings is left; recording a merger or a split.

use domain::{
    aid::transfer::{Event, Typed},
    money::{BasisPoints, Money},
    policy::Action,
};
use leptos::prelude::*;
use services::{AidListed, Error, rows::AidGrantRow};
use text::{Words, args};

use super::organisation::country_name;
use crate::{
    Form, PageResult, Visit, cells,
    components::{
        Field, Table, Tone, empty,
        field::Choice,
        form::{FormState, error_summary, post_form, submit},
        layout::{details, heading},
        tag,
    },
};

/// From this much of the ceiling on an undertaking is near it.
const NEAR: BasisPoints = BasisPoints::new(8_000);

pub async fn get(visit: Visit) -> PageResult {
    let list = visit.desk.aid_list().await?;
    // Whose grants there are to choose from is known once a company is typed.
    let grants: Option<&[AidGrantRow]> = can_record(&visit).then_some(&[]);
    let title = visit.words.t("aid-list-title");
    Ok(visit.page(title, move |words| page(words, &list, &FormState::default(), grants)).await)
}

pub async fn post_transfer(visit: Visit, Form(typed): Form<Typed>) -> PageResult {
    match visit.desk.record_aid_transfer(&typed).await {
        Ok(()) => visit.redirect_saying("/aid", "aid-transfer-done").await,
        Err(Error::Invalid(invalid)) => {
            let list = visit.desk.aid_list().await?;
            let grants = visit.desk.transferable_grants(&typed.from).await?;
            let form = FormState::of(&typed).with(invalid);
            let title = visit.words.t("aid-list-title");
            Ok(visit.refused(title, move |words| page(words, &list, &form, Some(&grants))).await)
        }
        Err(error) => Err(error.into()),
    }
}

fn can_record(visit: &Visit) -> bool {
    domain::policy::allows(visit.actor(), Action::RecordAidTransfer).is_ok()
}

/// `grants` are those of the company that is typed; `None` where nothing can be recorded.
fn page(words: Words, list: &[AidListed], form: &FormState, grants: Option<&[AidGrantRow]>) -> impl IntoView + use<> {
    let rows = list.iter().map(|one| {
        let names = one.members.iter().map(|member| {
            let href = format!("/aid/{}", member.id);
            view! { <a class="below" href=href>{member.name.clone()}</a> }
        });
        let share = share(one.used, one.ceiling);
        let (tone, said) = match share {
            share if share >= BasisPoints::WHOLE => (Tone::Bad, "aid-full"),
            share if share >= NEAR => (Tone::Yours, "aid-near"),
            _ => (Tone::Good, "aid-room"),
        };
        cells![
            view! { <span>{names.collect_view()}</span> },
            country_name(words, one.state),
            words.money_figure(one.used),
            words.money_figure(one.left),
            view! { {words.percent(share)} " " {tag(tone, words.t(said))} },
            one.next_free.map(|day| words.date_figure(day)).unwrap_or_default(),
        ]
    });
    let table = Table::new("aid-list-title")
        .column("aid-col-whose")
        .column("aid-case-state")
        .figures("aid-col-used")
        .figures("aid-col-left")
        .column("aid-col-share")
        .column("aid-col-next")
        .rows(rows)
        .under_heading()
        .empty(empty(words, "aid-list-empty", "aid-list-empty-help", None))
        .show(words);
    let recording = grants.map(|grants| {
        let body = transfer(words, form, grants);
        if form.problems().is_empty() {
            details(words.t("aid-transfer-title"), body)
        } else {
            view! { <h2>{words.t("aid-transfer-title")}</h2> {body} }.into_any()
        }
    });
    view! {
        {error_summary(words, form)}
        {heading(words.t("aid-list-title"), None, None)}
        <p class="lead">{words.t("aid-list-lead")}</p>
        {table}
        <p><a href="/aid/register">{words.t("aid-register-title")}</a></p>
        {recording}
    }
}

/// How much of the whole a part is, rounded down.
fn share(part: Money, whole: Money) -> BasisPoints {
    let points = i128::from(part.as_cents()) * 10_000 / i128::from(whole.as_cents().max(1));
    i32::try_from(points).map_or(BasisPoints::WHOLE, BasisPoints::new)
}

/// A grant by day, State and amount.
fn described(words: Words, grant: &AidGrantRow) -> Choice {
    let amount = grant.reserved_cents.checked_add(grant.granted_cents).unwrap_or_default();
    let said = args![
        day => words.date(grant.granted_on.unwrap_or(grant.reserved_on)), state => country_name(words, grant.state),
        amount => words.money(amount), number => format!("{}-{}", grant.state, grant.number),
        standing => words.t(&format!("aid-standing-{}", grant.standing.code())),
    ];
    Choice::new(grant.id.to_string(), words.with("aid-transfer-grant-choice", said))
}

fn transfer(words: Words, form: &FormState, grants: &[AidGrantRow]) -> AnyView {
    let events = Event::ALL
        .iter()
        .map(|event| Choice::new(event.code(), words.t(&format!("aid-transfer-event-{}", event.code()))));
    let grants = grants.iter().map(|grant| described(words, grant));
    let grants = std::iter::once(Choice::new("", "aid-transfer-grant-none")).chain(grants).collect();
    let fields = view! {
        <p>{words.t("aid-transfer-lead")}</p>
        {Field::radios("event", "aid-transfer-event", events.collect()).show(words, form)}
        {Field::text("from", "aid-transfer-from").show(words, form)}
        {Field::text("to", "aid-transfer-to").show(words, form)}
        {Field::date("on", "aid-transfer-on").show(words, form)}
        {Field::number("share", "aid-transfer-share").unit("%").optional().show(words, form)}
        {Field::select("grant", "aid-transfer-grant", grants).hint(words.t("aid-transfer-grant-help")).optional().show(words, form)}
        {Field::area("reason", "aid-transfer-reason").rows(2).show(words, form)}
        {submit(words, "aid-transfer-submit")}
    };
    post_form("/aid/transfers", fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_not_rounded_up_to_the_whole() {
        assert_eq!(share(Money::cents(29_999_999), Money::cents(30_000_000)), BasisPoints::new(9_999));
        assert_eq!(share(Money::cents(30_000_000), Money::cents(30_000_000)), BasisPoints::WHOLE);
        assert_eq!(share(Money::ZERO, Money::ZERO), BasisPoints::ZERO);
    }
}
