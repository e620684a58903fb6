//! How old debts are: what each company owes by age, on a page and as CSV.

use domain::{late_payment::Age, money::Money};
use leptos::prelude::*;
use services::AgeingLine;
use text::Words;

use crate::{
    PageResult, Visit, cells,
    components::{Table, empty, figure, figures, layout::heading},
    csv,
};

pub async fn get(visit: Visit) -> PageResult {
    let lines = visit.desk.ageing().await?;
    let sums = sums(&lines)?;
    Ok(visit.page(visit.words.t("ageing-title"), move |words| page(words, &lines, &sums)).await)
}

/// One amount for each age, and the whole.
fn sums(lines: &[AgeingLine]) -> Result<Vec<Money>, services::Error> {
    let mut sums = Vec::new();
    for place in 0..Age::ALL.len() {
        sums.push(Money::sum(lines.iter().filter_map(|line| line.amounts.get(place)).copied())?);
    }
    sums.push(Money::sum(lines.iter().map(|line| line.total))?);
    Ok(sums)
}

fn age_key(age: Age) -> String {
    format!("ageing-{}", age.code().replace('_', "-"))
}

fn page(words: Words, lines: &[AgeingLine], sums: &[Money]) -> impl IntoView + use<> {
    let keys: Vec<String> = Age::ALL.iter().map(|age| age_key(*age)).chain(["ageing-total".to_owned()]).collect();
    let numbers =
        sums.iter().zip(&keys).map(|(sum, key)| figure(words.money(*sum), words.t(key), None)).collect::<Vec<_>>();
    let rows: Vec<_> = lines
        .iter()
        .map(|line| {
            let mut cells = cells![line.name.clone()];
            cells.extend(line.amounts.iter().map(|amount| words.money_figure(*amount).into_any()));
            cells.push(words.money_figure(line.total).into_any());
            cells
        })
        .collect();
    let mut table = Table::new("ageing-caption").column("invoice-organisation");
    for key in &keys {
        table = table.figures(&format!("{key}-euro"));
    }
    let table =
        table.rows(rows).csv("/finance/ageing.csv").empty(empty(words, "ageing-none", "ageing-none-help", None));
    view! {
        {heading(words.t("ageing-title"), None, None)}
        {figures(numbers)}
        {table.show(words)}
        <p><a href="/finance/reminders">{words.t("reminders-title")}</a></p>
    }
}

pub async fn csv(visit: Visit) -> PageResult {
    let lines = visit.desk.ageing().await?;
    let mut head = vec!["organisation".to_owned(), "country".to_owned()];
    head.extend(Age::ALL.iter().map(|age| format!("{}_euro", age.code())));
    head.push("total_euro".to_owned());
    let records = lines.into_iter().map(|line| {
        let mut record = vec![line.name, line.country];
        record.extend(line.amounts.iter().map(ToString::to_string));
        record.push(line.total.to_string());
        record
    });
    csv::download("ageing.csv", std::iter::once(head).chain(records))
}
