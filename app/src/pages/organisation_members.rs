//! Who is in the organisation, at which seat, and who is invited.

use axum::response::Response;
use domain::{actor::Seat, problem::Invalid};
use leptos::prelude::*;
use serde::Deserialize;
use services::{Error, Member, Membership, rows::InvitationRow};
use text::{Words, args};

use super::organisation::is_owner;
use crate::{
    Form, PageResult, Visit, cells,
    components::{
        field::{Choice, Field},
        form::{FormState, error_summary, hidden, post_form, row_button, submit},
        layout::{Confirm, confirm},
        table::Table,
    },
    visit::key,
};

#[derive(Deserialize)]
pub struct Invitation {
    #[serde(default)]
    email: String,
    #[serde(default)]
    seat: String,
}

#[derive(Deserialize)]
pub struct Change {
    #[serde(default)]
    person: String,
    #[serde(default)]
    seat: String,
}

#[derive(Deserialize)]
pub struct Withdrawal {
    #[serde(default)]
    id: String,
}

const PATH: &str = "/organisation/members";

pub async fn get(visit: Visit) -> PageResult {
    let people = visit.desk.members().await?;
    let reader = Reader::of(&visit);
    let title = visit.words.t("members-title");
    Ok(visit.page(title, move |words| page(words, &people, &FormState::default(), &reader)).await)
}

pub async fn post_invitation(visit: Visit, Form(typed): Form<Invitation>) -> PageResult {
    let seat = Seat::from_code(&typed.seat);
    match visit.desk.invite_member(&typed.email, seat, visit.words.locale()).await {
        Ok(()) => visit.redirect_saying(PATH, "members-invited").await,
        Err(Error::Invalid(invalid)) => {
            let form = FormState::new([("email", typed.email), ("seat", typed.seat)]).with(invalid);
            refused(&visit, form).await
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn post_withdrawal(visit: Visit, Form(typed): Form<Withdrawal>) -> PageResult {
    visit.desk.withdraw_invitation(typed.id.parse().map_err(|_| Error::NotFound)?).await?;
    visit.redirect_saying(PATH, "members-withdrawn").await
}

pub async fn post_seat(visit: Visit, Form(typed): Form<Change>) -> PageResult {
    let person = typed.person.parse().map_err(|_| Error::NotFound)?;
    let seat = Seat::from_code(&typed.seat).ok_or(Error::NotFound)?;
    match visit.desk.change_member(person, seat).await {
        Ok(()) => visit.redirect_saying(PATH, "members-changed").await,
        Err(Error::Invalid(invalid)) => refused(&visit, whole(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn post_removal(visit: Visit, Form(typed): Form<Change>) -> PageResult {
    let person = typed.person.parse().map_err(|_| Error::NotFound)?;
    match visit.desk.remove_member(person).await {
        Ok(()) => visit.redirect_saying(PATH, "members-removed").await,
        Err(Error::Invalid(invalid)) => refused(&visit, whole(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn post_leave(visit: Visit) -> PageResult {
    match visit.desk.leave_organisation().await {
        Ok(()) => {
            let dropped = visit.session.remove_value(key::STAND).await;
            dropped.map_err(|error| Error::Broken(services::anyhow(error)))?;
            visit.redirect_saying("/home", "members-left").await
        }
        Err(Error::Invalid(invalid)) => refused(&visit, whole(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

fn whole(invalid: Invalid) -> FormState {
    FormState::default().with(invalid)
}

async fn refused(visit: &Visit, form: FormState) -> PageResult {
    let people = visit.desk.members().await?;
    let reader = Reader::of(visit);
    let title = visit.words.t("members-title");
    let response: Response = visit.refused(title, move |words| page(words, &people, &form, &reader)).await;
    Ok(response)
}

/// Who reads the page: what they may do here.
struct Reader {
    is_owner: bool,
    now: chrono::DateTime<chrono::Utc>,
}

impl Reader {
    fn of(visit: &Visit) -> Self {
        Self { is_owner: is_owner(visit), now: visit.desk.now }
    }
}

fn seat_name(words: Words, seat: Seat) -> String {
    words.t(&format!("stand-{}", seat.code()))
}

fn page(words: Words, people: &Membership, form: &FormState, reader: &Reader) -> impl IntoView + use<> {
    let is_owner = reader.is_owner;
    let table = Table::new(words.with("members-caption", args![organisation => people.organisation.clone()]))
        .column("members-name")
        .column("members-email")
        .column("members-seat")
        .column("members-since");
    let table = if is_owner { table.column("members-actions") } else { table };
    let invitations =
        (is_owner && !people.invitations.is_empty()).then(|| invitation_table(words, &people.invitations, reader.now));
    let leave = Confirm {
        action: "/organisation/members/leave".to_owned(),
        open: "members-leave",
        consequence: "members-leave-help".to_owned(),
        button: "members-leave",
        values: Vec::new(),
    };
    view! {
        {error_summary(words, form)}
        <h1>{words.t("members-title")}</h1>
        {table.rows(people.members.iter().map(|member| member_row(words, member, is_owner))).show(words)}
        {is_owner.then(|| invite(words, form))}
        {invitations}
        {confirm(words, leave, None)}
    }
}

fn member_row(words: Words, member: &Member, is_owner: bool) -> Vec<AnyView> {
    let since = words.date_figure(domain::period::brussels_day(member.since));
    let mut cells = cells![member.name.clone(), member.email.clone(), seat_name(words, member.seat), since];
    if is_owner {
        cells.push(member_actions(words, member));
    }
    cells
}

fn member_actions(words: Words, member: &Member) -> AnyView {
    let id = member.person.to_string();
    let field = format!("seat-of-{id}");
    let options = Seat::ALL
        .map(|seat| {
            let is_chosen = seat == member.seat;
            view! { <option value=seat.code() selected=is_chosen>{seat_name(words, seat)}</option> }
        })
        .collect_view();
    let label = words.with("members-change", args![name => member.name.clone()]);
    let remove = words.with("members-remove", args![name => member.name.clone()]);
    view! {
        <div>
            <form class="inline-form" method="post" action="/organisation/members/seat">
                {hidden("person", id.clone())}
                <label class="for-ears" for=field.clone()>{label}</label>
                <select class="select" id=field name="seat">{options}</select>
                <button class="button small" type="submit">{words.t("members-save")}</button>
            </form>
            {row_button(words, "/organisation/members/remove", "members-remove-short", remove, &[("person", &id)])}
        </div>
    }
    .into_any()
}

fn invite(words: Words, form: &FormState) -> impl IntoView + use<> {
    let seats = Seat::ALL.map(|seat| {
        let code = seat.code();
        Choice::new(code, format!("stand-{code}")).hint(words.t(&format!("seat-{code}-help")))
    });
    let fields = view! {
        {Field::email("email", "members-email").hint(words.t("members-invite-help")).show(words, form)}
        {Field::radios("seat", "members-seat", seats.to_vec()).show(words, form)}
        {submit(words, "members-invite")}
    };
    view! {
        <section>
            <h2>{words.t("members-invite-title")}</h2>
            {post_form("/organisation/members", fields)}
        </section>
    }
}

fn invitation_table(words: Words, rows: &[InvitationRow], now: chrono::DateTime<chrono::Utc>) -> impl IntoView + use<> {
    let rows = rows.iter().map(|row| {
        let until =
            if row.expires_at > now { words.instant_figure(row.expires_at) } else { words.t("members-expired") };
        let label = words.with("members-withdraw", args![email => row.email.clone()]);
        let id = row.id.to_string();
        let withdraw =
            row_button(words, "/organisation/members/withdraw", "members-withdraw-short", label, &[("id", &id)]);
        cells![row.email.clone(), seat_name(words, row.seat), until, withdraw]
    });
    let table = Table::new("members-invitations-caption")
        .column("members-email")
        .column("members-seat")
        .column("members-expires")
        .column("members-actions")
        .rows(rows)
        .show(words);
    view! {
        <section>
            <h2>{words.t("members-invitations")}</h2>
            {table}
        </section>
    }
}
