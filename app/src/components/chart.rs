//! Line plots and bars, drawn on the server: an SVG with its title and description, and its table below.
//!
//! Refuses floats: values are integers, coordinates are pixels.

use std::fmt::Write;

use leptos::prelude::*;
use text::Words;

use super::{layout::details, table::Table};

/// Points in order; `value` draws, `words` is read.
#[derive(Debug, Clone)]
pub struct Point {
    pub name: String,
    pub value: i64,
    pub words: String,
}

#[derive(Debug, Clone)]
pub struct Series {
    /// Key of its name.
    pub name: String,
    pub points: Vec<Point>,
}

/// A plot: keys of its title, of the sentence that says what it shows, and of what its points are.
pub struct Plot {
    pub title: String,
    pub sentence: String,
    pub point_label: &'static str,
    pub series: Vec<Series>,
    /// Value at the foot of the plot: nought, but where only the differences tell anything.
    pub foot: i64,
}

const WIDTH: i64 = 640;
const HEIGHT: i64 = 240;
const LEFT: i64 = 8;
const BOTTOM: i64 = 28;
const TOP: i64 = 16;

/// One line a series, over the same points.
pub fn line_plot(words: Words, plot: Plot) -> AnyView {
    let top = greatest(&plot);
    let mut body = String::new();
    for (position, series) in plot.series.iter().enumerate() {
        let count = series.points.len();
        let coordinates: Vec<(i64, i64)> = series
            .points
            .iter()
            .enumerate()
            .map(|(at, point)| (across(at, count), height_of(point.value - plot.foot, (top - plot.foot).max(1))))
            .collect();
        let line: String = coordinates.iter().map(|(x, y)| format!("{x},{y} ")).collect();
        let _ = write!(body, "<polyline class=\"series-{position}\" points=\"{}\"/>", line.trim_end());
        for ((x, y), point) in coordinates.iter().zip(&series.points) {
            let said = escape(&format!("{}: {}", point.name, point.words));
            let _ = write!(
                body,
                "<circle class=\"series-{position}\" cx=\"{x}\" cy=\"{y}\" r=\"4\"><title>{said}</title></circle>"
            );
        }
    }
    frame(words, plot, body)
}

/// Bars of the first series.
pub fn bars(words: Words, plot: Plot) -> AnyView {
    let top = greatest(&plot);
    let mut body = String::new();
    if let Some(series) = plot.series.first() {
        let count = series.points.len();
        let room = (WIDTH - 2 * LEFT) / i64::try_from(count.max(1)).unwrap_or(1);
        for (at, point) in series.points.iter().enumerate() {
            let (x, y) = (LEFT + room * i64::try_from(at).unwrap_or_default(), height_of(point.value, top));
            let said = escape(&format!("{}: {}", point.name, point.words));
            let _ = write!(
                body,
                "<rect class=\"series-0\" x=\"{}\" y=\"{y}\" width=\"{}\" height=\"{}\"><title>{said}</title></rect>",
                x + room / 8,
                (room * 3 / 4).max(1),
                (HEIGHT - BOTTOM - y).max(0),
            );
        }
    }
    frame(words, plot, body)
}

fn greatest(plot: &Plot) -> i64 {
    plot.series.iter().flat_map(|series| &series.points).map(|point| point.value).max().unwrap_or_default().max(1)
}

fn across(at: usize, count: usize) -> i64 {
    let steps = i64::try_from(count.saturating_sub(1).max(1)).unwrap_or(1);
    LEFT + (WIDTH - 2 * LEFT) * i64::try_from(at).unwrap_or_default() / steps
}

fn height_of(value: i64, top: i64) -> i64 {
    let room = i128::from(HEIGHT - BOTTOM - TOP);
    let up = room * i128::from(value.clamp(0, top)) / i128::from(top);
    HEIGHT - BOTTOM - i64::try_from(up).unwrap_or_default()
}

fn frame(words: Words, plot: Plot, body: String) -> AnyView {
    let (title, sentence) = (words.t(&plot.title), words.t(&plot.sentence));
    let points = plot.series.first().map(|series| series.points.clone()).unwrap_or_default();
    let ends = [(points.first(), LEFT, "start"), (points.last(), WIDTH - LEFT, "end")];
    let mut svg = format!(
        "<svg class=\"chart\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\"><desc>{}</desc>\
         <line class=\"axis\" x1=\"{LEFT}\" y1=\"{base}\" x2=\"{right}\" y2=\"{base}\"/>{body}",
        escape(&title),
        escape(&sentence),
        base = HEIGHT - BOTTOM,
        right = WIDTH - LEFT,
    );
    for (point, x, anchor) in ends {
        if let Some(point) = point {
            let _ = write!(
                svg,
                "<text x=\"{x}\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>",
                HEIGHT - 8,
                escape(&point.name)
            );
        }
    }
    svg.push_str("</svg>");
    let mut table = Table::new(plot.title.clone()).column(plot.point_label).under_heading();
    for series in &plot.series {
        table = table.figures(&series.name);
    }
    let rows = points.iter().enumerate().map(|(at, point)| {
        let cells = plot.series.iter().map(|series| series.points.get(at).map(|point| point.words.clone()).into_any());
        std::iter::once(point.name.clone().into_any()).chain(cells).collect()
    });
    let table = table.rows(rows.collect::<Vec<Vec<AnyView>>>()).show(words);
    let names = (plot.series.len() > 1).then(|| {
        let names = plot.series.iter().enumerate();
        names
            .map(|(at, series)| view! { <span class=format!("key series-{at}")>{words.t(&series.name)}</span> })
            .collect_view()
    });
    view! {
        <figure class="plot">
            <figcaption><strong>{title}</strong>" "{sentence}</figcaption>
            <div inner_html=svg></div>
            {names.map(|names| view! { <p class="legend">{names}</p> })}
            {details(words.t("plot-table"), table)}
        </figure>
    }
    .into_any()
}

/// Text inside markup that is built as text.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_stay_inside_the_frame() {
        assert_eq!((across(0, 1), across(0, 3), across(2, 3)), (LEFT, LEFT, WIDTH - LEFT));
        assert_eq!((height_of(0, 10), height_of(10, 10), height_of(99, 10)), (HEIGHT - BOTTOM, TOP, TOP));
        assert_eq!(height_of(i64::MAX, i64::MAX), TOP);
    }

    #[test]
    fn names_cannot_bring_markup_along() {
        assert_eq!(escape("<a href=\"x\">&"), "&lt;a href=&quot;x&quot;&gt;&amp;");
    }
}
