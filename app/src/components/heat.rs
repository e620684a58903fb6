//! The heat map: rows by columns in twelve steps of one hue's darkness, with the same figures as a table.
//!
//! Refuses colour alone: every cell carries its figure, and the table says it again.

use std::fmt::Write;

use leptos::prelude::*;
use text::Words;

use super::{chart::escape, layout::details, table::Table};

/// One cell: how full it is in hundredths, and what to say of it. `None` where nothing is published.
#[derive(Debug, Clone)]
pub struct HeatCell {
    pub hundredths: Option<i64>,
    pub words: String,
    /// Where a reader goes from here.
    pub href: Option<String>,
}

#[derive(Debug, Clone)]
pub struct HeatRow {
    pub name: String,
    pub cells: Vec<HeatCell>,
}

/// What a heat map shows: keys of its title and of the name of its rows, a sentence on what is seen, heads of its columns.
pub struct Heat {
    pub title: String,
    pub sentence: String,
    pub row_label: &'static str,
    pub columns: Vec<String>,
    pub rows: Vec<HeatRow>,
    /// Keys of what the lightest and the darkest step mean.
    pub ends: (&'static str, &'static str),
}

const CELL_WIDTH: usize = 46;
const CELL_HEIGHT: usize = 34;
const NAMES_WIDTH: usize = 190;
const HEADS_HEIGHT: usize = 30;

pub fn heat_map(words: Words, heat: Heat) -> AnyView {
    let svg = svg(words, &heat);
    let mut table = Table::new(heat.title.clone()).column(heat.row_label).under_heading();
    for column in &heat.columns {
        table = table.figures(column);
    }
    let rows = heat.rows.into_iter().map(|row| {
        let cells = row.cells.into_iter().map(|cell| cell.words.into_any());
        std::iter::once(row.name.into_any()).chain(cells).collect()
    });
    let table = table.rows(rows).show(words);
    let (title, sentence) = (words.t(&heat.title), words.t(&heat.sentence));
    let (region, ends) = (title.clone(), heat.ends);
    view! {
        <figure class="plot">
            <figcaption><strong>{title}</strong>" "{sentence}</figcaption>
            <div class="plot-scroll" role="region" aria-label=region tabindex="0" inner_html=svg></div>
            {legend(words, ends)}
            {details(words.t("plot-table"), table)}
        </figure>
    }
    .into_any()
}

/// Which of the twelve steps a share of the whole has.
fn step(hundredths: i64) -> i64 {
    (hundredths.clamp(0, 100) * 12 / 101).clamp(0, 11)
}

fn svg(words: Words, heat: &Heat) -> String {
    let width = NAMES_WIDTH + heat.columns.len() * CELL_WIDTH;
    let height = HEADS_HEIGHT + heat.rows.len() * CELL_HEIGHT;
    let mut out = format!(
        "<svg class=\"heat\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" \
         aria-label=\"{}\"><desc>{}</desc>",
        escape(&words.t(&heat.title)),
        escape(&words.t(&heat.sentence)),
    );
    for (position, column) in heat.columns.iter().enumerate() {
        let x = NAMES_WIDTH + position * CELL_WIDTH + CELL_WIDTH / 2;
        let _ = write!(
            out,
            "<text class=\"heat-head\" x=\"{x}\" y=\"19\" text-anchor=\"middle\">{}</text>",
            escape(&words.t(column))
        );
    }
    for (position, row) in heat.rows.iter().enumerate() {
        let y = HEADS_HEIGHT + position * CELL_HEIGHT;
        let _ = write!(out, "<text class=\"heat-name\" x=\"0\" y=\"{}\">{}</text>", y + 22, escape(&row.name));
        for (column, cell) in row.cells.iter().enumerate() {
            draw_cell(&mut out, NAMES_WIDTH + column * CELL_WIDTH, y, &row.name, cell);
        }
    }
    out.push_str("</svg>");
    out
}

fn draw_cell(out: &mut String, x: usize, y: usize, name: &str, cell: &HeatCell) {
    let (class, figure) = match cell.hundredths {
        Some(hundredths) => (format!("heat-{}", step(hundredths)), hundredths.to_string()),
        None => ("heat-none".to_owned(), "–".to_owned()),
    };
    if let Some(href) = &cell.href {
        let _ = write!(out, "<a href=\"{}\">", escape(href));
    }
    let _ = write!(
        out,
        "<g class=\"{class}\"><title>{}: {}</title><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"2\"/>\
         <text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{figure}</text></g>",
        escape(name),
        escape(&cell.words),
        x + 1,
        y + 1,
        CELL_WIDTH - 2,
        CELL_HEIGHT - 2,
        x + CELL_WIDTH / 2,
        y + 22,
    );
    if cell.href.is_some() {
        out.push_str("</a>");
    }
}

fn legend(words: Words, (least, most): (&str, &str)) -> AnyView {
    let mut svg =
        String::from("<svg class=\"heat\" viewBox=\"0 0 216 16\" width=\"216\" height=\"16\" aria-hidden=\"true\">");
    for step in 0..12 {
        let _ =
            write!(svg, "<g class=\"heat-{step}\"><rect x=\"{}\" y=\"0\" width=\"18\" height=\"16\"/></g>", step * 18);
    }
    svg.push_str("</svg>");
    view! {
        <p class="legend">
            <span>{words.t(least)}</span><span inner_html=svg></span><span>{words.t(most)}</span>
        </p>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::step;

    #[test]
    fn twelve_steps_cover_nought_to_a_hundred() {
        let steps: Vec<i64> = (0..=100).map(step).collect();
        assert_eq!((steps[0], steps[100], step(-5), step(150)), (0, 11, 0, 11));
        for wanted in 0..12 {
            assert!(steps.contains(&wanted), "{wanted}");
        }
    }
}
