//! Who runs when: one row for each, weeks to the right, drawn on the server with its table below.

use std::fmt::Write;

use chrono::{Days, NaiveDate};
use leptos::prelude::*;
use text::Words;

use super::{Table, chart::escape, layout::details};

/// A booking or offer: from this Monday for so many weeks.
#[derive(Debug, Clone)]
pub struct Bar {
    pub name: String,
    pub first_week: NaiveDate,
    pub weeks: i64,
    pub words: String,
    /// Not certain yet: drawn as an outline.
    pub is_open: bool,
}

/// Keys of the title, of the sentence that says what it shows, and of what a row is.
pub struct Gantt {
    pub title: &'static str,
    pub sentence: &'static str,
    pub row_label: &'static str,
    pub from: NaiveDate,
    pub weeks: i64,
    pub bars: Vec<Bar>,
}

const NAMES_WIDTH: i64 = 190;
const WEEK_WIDTH: i64 = 26;
const ROW_HEIGHT: i64 = 28;
const HEADS_HEIGHT: i64 = 28;
/// Weeks between two dates at the top.
const DATED: i64 = 4;

pub fn gantt(words: Words, mut gantt: Gantt) -> AnyView {
    let (from, weeks) = (gantt.from, gantt.weeks);
    gantt.bars.retain(|bar| {
        let (first, end) = inside((from, weeks), bar);
        first < end
    });
    let svg = svg(words, &gantt);
    let rows = gantt.bars.iter().map(|bar| crate::cells![bar.name.clone(), bar.words.clone()]);
    let table =
        Table::new(gantt.title).column(gantt.row_label).column("gantt-when").rows(rows).under_heading().show(words);
    view! {
        <figure class="plot">
            <figcaption><strong>{words.t(gantt.title)}</strong>" "{words.t(gantt.sentence)}</figcaption>
            <div class="plot-scroll" tabindex="0" role="region" aria-label=words.t(gantt.title) inner_html=svg></div>
            {details(words.t("plot-table"), table)}
        </figure>
    }
    .into_any()
}

fn svg(words: Words, gantt: &Gantt) -> String {
    let rows = i64::try_from(gantt.bars.len()).unwrap_or_default();
    let (width, height) = (NAMES_WIDTH + gantt.weeks * WEEK_WIDTH, HEADS_HEIGHT + rows * ROW_HEIGHT);
    let mut out = format!(
        "<svg class=\"gantt\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" \
         aria-label=\"{}\"><desc>{}</desc>",
        escape(&words.t(gantt.title)),
        escape(&words.t(gantt.sentence)),
    );
    for week in (0..gantt.weeks).filter(|week| week % DATED == 0) {
        let x = NAMES_WIDTH + week * WEEK_WIDTH;
        let days = Days::new(u64::try_from(7 * week).unwrap_or_default());
        let monday = gantt.from.checked_add_days(days).unwrap_or(gantt.from);
        let _ = write!(
            out,
            "<line class=\"axis\" x1=\"{x}\" y1=\"{HEADS_HEIGHT}\" x2=\"{x}\" y2=\"{height}\"/>\
             <text class=\"gantt-head\" x=\"{x}\" y=\"19\">{}</text>",
            escape(&words.short_date(monday))
        );
    }
    for (position, bar) in (0..).zip(&gantt.bars) {
        let y = HEADS_HEIGHT + position * ROW_HEIGHT;
        let _ = write!(out, "<text x=\"0\" y=\"{}\">{}</text>", y + 19, escape(&bar.name));
        let (from, to) = inside((gantt.from, gantt.weeks), bar);
        if from < to {
            let class = if bar.is_open { "open" } else { "sure" };
            let _ = write!(
                out,
                "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"3\"><title>{}: {}</title></rect>",
                NAMES_WIDTH + from * WEEK_WIDTH + 1,
                y + 4,
                (to - from) * WEEK_WIDTH - 2,
                ROW_HEIGHT - 8,
                escape(&bar.name),
                escape(&bar.words),
            );
        }
    }
    out.push_str("</svg>");
    out
}

/// The weeks of the plot that a bar covers, end exclusive.
fn inside((start, weeks): (NaiveDate, i64), bar: &Bar) -> (i64, i64) {
    let from = bar.first_week.signed_duration_since(start).num_days().div_euclid(7);
    (from.clamp(0, weeks), (from + bar.weeks).clamp(0, weeks))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_end_at_the_edges_of_the_plot() {
        let monday = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let bar = |days: u64, before: u64, weeks| Bar {
            name: "<a>".to_owned(),
            first_week: monday + Days::new(days) - Days::new(before),
            weeks,
            words: String::new(),
            is_open: false,
        };
        let plot = |bars| Gantt { title: "", sentence: "", row_label: "", from: monday, weeks: 26, bars };
        assert_eq!(inside((monday, 26), &bar(14, 0, 3)), (2, 5));
        assert_eq!(inside((monday, 26), &bar(0, 21, 4)), (0, 1), "begun before");
        assert_eq!(inside((monday, 26), &bar(0, 70, 4)), (0, 0), "over");
        assert_eq!(inside((monday, 26), &bar(175, 0, 9)), (25, 26), "longer than shown");
        let drawn = svg(Words::new(text::Locale::En), &plot(vec![bar(0, 0, 2)]));
        assert!(drawn.contains("&lt;a&gt;") && drawn.contains("class=\"sure\""));
    }
}
