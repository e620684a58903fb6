//! Asking for a change of an allocation: the form, what it would do and cost beside it, and hours given back.

use axum::{extract::Path, response::Response};
use domain::{
    action::{Effect, Kind, Typed as TypedChange},
    id::AllocationId,
    period::brussels_day,
    pricing::Quote,
    problem::Problem,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use services::{ActionForm, Allocation, Asked, Error, Preview, PriceChange, Wanted};
use text::{Words, args};

use super::organisation::version;
use crate::{
    AppError, Form, PageResult, Visit,
    components::{
        Field, Tone, facts,
        field::Choice,
        form::{FormState, error_summary, hidden, post_form, submit, submit_as},
        layout::{beside, heading, panel},
        notice,
        price::{PriceLine, price_panel},
    },
};

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Typed {
    hours: String,
    weeks: String,
    start: String,
    later: String,
    end: String,
    why: String,
    version: String,
    #[serde(rename = "do")]
    doing: String,
}

impl Typed {
    fn wanted(&self) -> Wanted {
        Wanted {
            typed: TypedChange {
                hours: self.hours.clone(),
                weeks: self.weeks.clone(),
                start: self.start.clone(),
                why: self.why.clone(),
            },
            later: self.later.parse().ok(),
            keeps_end: self.end == "keep",
        }
    }
}

fn kind_of(code: &str) -> Result<Kind, AppError> {
    Kind::from_code(code).ok_or(AppError::NOT_FOUND)
}

pub async fn get(visit: Visit, Path((id, code)): Path<(AllocationId, String)>) -> PageResult {
    let kind = kind_of(&code)?;
    let read = visit.desk.action_form(id, kind).await?;
    let title = visit.words.t(&format!("action-kind-{code}"));
    let form = FormState::new([("end", "early".to_owned())]);
    Ok(visit.page(title, move |words| page(words, &read, &form, None)).await)
}

pub async fn post(
    visit: Visit,
    Path((id, code)): Path<(AllocationId, String)>,
    Form(typed): Form<Typed>,
) -> PageResult {
    let kind = kind_of(&code)?;
    let wanted = typed.wanted();
    let form = FormState::of(&typed);
    if typed.doing == "show" {
        return show(&visit, id, kind, &wanted, form).await;
    }
    let back = format!("/allocations/{id}");
    match visit.desk.ask_action(id, kind, &wanted, version(&typed.version)?).await {
        Ok(Asked::Waits) => visit.redirect_saying(&back, "action-asked-flash").await,
        Ok(Asked::Done) => visit.redirect_saying(&back, "action-done-flash").await,
        Ok(Asked::Renewed(draft)) => {
            visit.redirect_saying(&format!("/applications/{draft}"), "action-renewed-flash").await
        }
        Err(Error::Invalid(invalid)) => refused(&visit, id, kind, form.with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

/// The same page with what it would do beside the form; nothing is done.
async fn show(visit: &Visit, id: AllocationId, kind: Kind, wanted: &Wanted, form: FormState) -> PageResult {
    match visit.desk.preview_action(id, kind, wanted).await {
        Ok(preview) => {
            let read = visit.desk.action_form(id, kind).await?;
            let title = visit.words.t(&format!("action-kind-{}", kind.code()));
            Ok(visit.page(title, move |words| page(words, &read, &form, Some(&preview))).await)
        }
        Err(Error::Invalid(invalid)) => refused(visit, id, kind, form.with(invalid)).await,
        Err(error) => Err(error.into()),
    }
}

async fn refused(visit: &Visit, id: AllocationId, kind: Kind, form: FormState) -> Result<Response, AppError> {
    let read = visit.desk.action_form(id, kind).await?;
    let title = visit.words.t(&format!("action-kind-{}", kind.code()));
    Ok(visit.refused(title, move |words| page(words, &read, &form, None)).await)
}

pub async fn post_withdrawal(visit: Visit, Path((id, code)): Path<(AllocationId, String)>) -> PageResult {
    match visit.desk.withdraw_action(id, kind_of(&code)?).await {
        Ok(()) => visit.redirect_saying(&format!("/allocations/{id}"), "action-withdrawn-flash").await,
        Err(error) => Err(error.into()),
    }
}

fn page(words: Words, read: &ActionForm, form: &FormState, preview: Option<&Preview>) -> AnyView {
    let code = read.kind.code();
    let row = &read.allocation.row;
    let back = format!("/allocations/{}", row.id);
    let above = words
        .with("allocation-at", args![reference => row.reference.clone(), site => read.allocation.site.name.clone()]);
    let cannot = match read.problem {
        Some(Problem::AlreadyAsked) => Some(words.problem(Problem::AlreadyAsked)),
        Some(_) => Some(words.t(&format!("action-when-{code}"))),
        None if read.kind == Kind::Advance && read.later.is_empty() => Some(words.t("action-no-later")),
        None => None,
    };
    let main = match cannot {
        Some(why) => notice(Tone::Calm, view! { <p>{why}</p> }),
        None => post_form(format!("/allocations/{}/actions/{code}", row.id), fields(words, read, form, preview)),
    };
    let due = read.kind.is_decided().then(|| {
        let due = words.weekday_date(brussels_day(read.due_at));
        view! { <p class="hint">{words.with("action-due", args![due => due])}</p> }
    });
    let aside = match preview {
        Some(preview) => view! { {effect(words, &read.allocation, preview)} {price(words, &preview.price)} }.into_any(),
        None => now(words, &read.allocation),
    };
    view! {
        {error_summary(words, form)}
        <p class="above"><a href=back>{above}</a></p>
        {heading(words.t(&format!("action-kind-{code}")), None, None)}
        <p>{words.t(&format!("action-means-{code}"))}</p>
        {due}
        {beside(main, aside)}
    }
    .into_any()
}

fn fields(words: Words, read: &ActionForm, form: &FormState, preview: Option<&Preview>) -> AnyView {
    let left = words.with("action-hours-left", args![hours => words.hours(read.allocation.left)]);
    let hours = || Field::number("hours", "action-hours").unit("unit-gpu-hours").hint(left.clone()).show(words, form);
    let why = || Field::area("why", "action-why").hint("action-why-hint").show(words, form);
    let both = || view! { {submit(words, "action-ask")} {submit_as(words, "action-show", "do", "show")} }.into_any();
    let body = match read.kind {
        Kind::Supplement => view! { {hours()} {why()} {both()} }.into_any(),
        Kind::Extension => view! {
            {Field::number("weeks", "action-weeks").show(words, form)} {why()} {both()}
        }
        .into_any(),
        Kind::Transfer => view! {
            {Field::date("start", "action-start").hint("action-start-hint").show(words, form)} {why()} {both()}
        }
        .into_any(),
        Kind::Advance => view! { {later(words, read, form)} {hours()} {why()} {both()} }.into_any(),
        Kind::HandBack => {
            let ends = vec![Choice::new("early", "action-end-early"), Choice::new("keep", "action-end-keep")];
            // The effect is seen before it happens: only then there is the button that does it.
            let button = if preview.is_some() {
                view! {
                    {submit(words, "action-hand-back-submit")} {submit_as(words, "action-hand-back-show", "do", "show")}
                }
                .into_any()
            } else {
                view! { {hidden("do", "show")} {submit(words, "action-hand-back-show")} }.into_any()
            };
            view! { {hours()} {Field::radios("end", "action-end", ends).show(words, form)} {button} }.into_any()
        }
        Kind::Renewal => submit(words, "action-renew"),
    };
    view! { {hidden("version", read.allocation.row.version.to_string())} {body} }.into_any()
}

fn later(words: Words, read: &ActionForm, form: &FormState) -> AnyView {
    let option = |one: &Allocation| {
        let label = words.with(
            "action-later-option",
            args![
                reference => one.row.reference.clone(),
                hours => words.hours(one.left),
                day => words.date(one.row.first_week),
            ],
        );
        Choice::new(one.row.id.to_string(), label)
    };
    let choices = std::iter::once(Choice::new("", "action-later-choose")).chain(read.later.iter().map(option));
    Field::select("later", "action-later", choices.collect()).show(words, form)
}

/// As it is.
fn now(words: Words, one: &Allocation) -> AnyView {
    let row = &one.row;
    let last = row.slots().end().pred_opt().unwrap_or(row.first_week);
    panel(facts(
        words,
        vec![
            ("action-effect-hours", words.hours_figure(row.gpu_seconds).into_any()),
            ("action-effect-left", words.hours_figure(one.left).into_any()),
            ("action-effect-gpus", words.integer(row.slots().most_gpus()).into_any()),
            ("action-effect-first", words.weekday_date(row.first_week).into_any()),
            ("action-effect-last", words.weekday_date(last).into_any()),
        ],
    ))
}

fn effect(words: Words, one: &Allocation, preview: &Preview) -> AnyView {
    let rest = preview.deducted.as_ref().map(|rest| {
        let last = rest.slots.end().pred_opt().unwrap_or(rest.slots.first().first_week);
        words.with("action-effect-deducted", args![hours => words.hours(rest.left), day => words.date(last)])
    });
    panel(view! {
        <h2>{words.t("action-effect")}</h2>
        {changes(words, one, &preview.effect)}
        {rest.map(|rest| view! { <p>{rest}</p> })}
    })
}

/// What there is and what becomes of it, line by line.
pub fn changes(words: Words, one: &Allocation, effect: &Effect) -> AnyView {
    let row = &one.row;
    let from_to = |before: String, after: String| {
        if before == after {
            return before.into_any();
        }
        words.with("action-effect-from-to", args![before => before, after => after]).into_any()
    };
    let last = |end: chrono::NaiveDate| words.date(end.pred_opt().unwrap_or(end));
    let lines = facts(
        words,
        vec![
            ("action-effect-hours", from_to(words.hours_figure(row.gpu_seconds), words.hours_figure(effect.granted))),
            ("action-effect-left", from_to(words.hours_figure(one.left), words.hours_figure(effect.left))),
            (
                "action-effect-gpus",
                from_to(words.integer(row.slots().most_gpus()), words.integer(effect.slots.most_gpus())),
            ),
            ("action-effect-first", from_to(words.date(row.first_week), words.date(effect.slots.first().first_week))),
            ("action-effect-last", from_to(last(row.slots().end()), last(effect.slots.end()))),
        ],
    );
    let frees = (effect.slots.end() < row.slots().end() && !effect.ends).then(|| {
        words.with(
            "action-effect-frees",
            args![gpus => row.slots().most_gpus(), day => words.weekday_date(effect.slots.end())],
        )
    });
    let ends = effect.ends.then(|| words.t("action-effect-ends"));
    let said = frees.or(ends).map(|said| view! { <p>{said}</p> });
    view! { {lines} {said} }.into_any()
}

pub fn price(words: Words, price: &PriceChange) -> AnyView {
    if price.more.is_none() && price.less.is_none() {
        return view! { <p class="hint">{words.t("action-price-none")}</p> }.into_any();
    }
    let part = |title: &str, total: &str, quote: &Quote| {
        let lines = vec![
            PriceLine::new(words.t("quote-list"), quote.list, words.t("allocation-price-list-why")),
            PriceLine::new(
                words.t("quote-subsidy"),
                quote.subsidy.negated().unwrap_or(quote.subsidy),
                words.t("allocation-price-subsidy-why"),
            ),
            PriceLine::new(words.t("quote-own"), quote.own, words.t("quote-own-why")),
            PriceLine::new(words.t("allocation-price-vat"), quote.vat, words.t("allocation-price-vat-why")),
            PriceLine::total(words.t(total), quote.due),
        ];
        price_panel(words, title, lines, Some(words.t("allocation-price-note")))
    };
    let more = price.more.as_ref().map(|quote| part("action-price-more", "action-price-more-total", quote));
    let less = price.less.as_ref().map(|quote| part("action-price-less", "action-price-less-total", quote));
    view! { {more} {less} }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_what_is_wanted() {
        let typed =
            Typed { hours: "5".to_owned(), end: "keep".to_owned(), later: "nonsense".to_owned(), ..Typed::default() };
        let wanted = typed.wanted();
        assert_eq!((wanted.typed.hours.as_str(), wanted.keeps_end, wanted.later), ("5", true, None));
        assert!(kind_of("hand-back").is_ok() && kind_of("everything").is_err());
    }
}
