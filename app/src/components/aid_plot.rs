//! Three years of aid drawn on the server: bars of grants on their days, the line of what counts together, the
//! ceiling, and today. Refuses floats: coordinates are pixels, reckoned from days and cents.

use std::fmt::Write;

use chrono::{Months, NaiveDate};
use leptos::prelude::*;
use services::AidOfState;
use text::{Words, args};

use super::chart::escape;

const WIDTH: i64 = 640;
const HEIGHT: i64 = 260;
const SIDE: i64 = 8;
const BOTTOM: i64 = 28;
const TOP: i64 = 28;

/// Where a day and an amount are drawn.
struct Frame {
    first: NaiveDate,
    days: i64,
    top: i64,
}

impl Frame {
    fn x(&self, day: NaiveDate) -> i64 {
        let past = (day - self.first).num_days().clamp(0, self.days);
        SIDE + (WIDTH - 2 * SIDE) * past / self.days.max(1)
    }

    fn y(&self, cents: i64) -> i64 {
        let room = i128::from(HEIGHT - BOTTOM - TOP);
        let up = room * i128::from(cents.clamp(0, self.top)) / i128::from(self.top.max(1));
        HEIGHT - BOTTOM - i64::try_from(up).unwrap_or_default()
    }
}

/// The plot of one State; its table is the page's own.
pub fn aid_plot(words: Words, aid: &AidOfState) -> AnyView {
    let Some(room) = &aid.room else { return ().into_any() };
    let (first, last) = (aid.today - Months::new(36), aid.today + Months::new(36));
    let highest = aid.steps.iter().map(|(_, sum)| sum.as_cents()).max().unwrap_or_default();
    let ceiling = room.ceiling.as_cents();
    // A tenth of room above whatever is highest.
    let top = highest.max(ceiling) / 10 * 11;
    let frame = Frame { first, days: (last - first).num_days(), top };
    let mut body = String::new();
    let base = HEIGHT - BOTTOM;
    let above = frame.y(ceiling);
    let _ = write!(
        body,
        "<line class=\"limit\" x1=\"{SIDE}\" y1=\"{above}\" x2=\"{right}\" y2=\"{above}\"/>\
         <text x=\"{right}\" y=\"{label}\" text-anchor=\"end\">{said}</text>",
        right = WIDTH - SIDE,
        label = above - 6,
        said = escape(&words.with("aid-plot-ceiling", args![amount => words.money(room.ceiling)])),
    );
    bars(words, aid, &frame, &mut body);
    line(words, aid, &frame, &mut body);
    let today = frame.x(aid.today);
    let _ = write!(
        body,
        "<line class=\"now\" x1=\"{today}\" y1=\"{TOP}\" x2=\"{today}\" y2=\"{base}\"/>\
         <line class=\"axis\" x1=\"{SIDE}\" y1=\"{base}\" x2=\"{right}\" y2=\"{base}\"/>",
        right = WIDTH - SIDE,
    );
    let ends = [
        (SIDE, "start", words.date(first)),
        (today, "middle", words.t("aid-plot-today")),
        (WIDTH - SIDE, "end", words.date(last)),
    ];
    for (x, anchor, said) in ends {
        let y = HEIGHT - 8;
        let _ = write!(body, "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{}</text>", escape(&said));
    }
    let (title, sentence) = (words.t("aid-plot"), words.t("aid-plot-sentence"));
    let svg = format!(
        "<svg class=\"chart aid\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\"><desc>{}</desc>{body}</svg>",
        escape(&title),
        escape(&sentence),
    );
    view! {
        <figure class="plot">
            <figcaption><strong>{title}</strong> " " {sentence}</figcaption>
            <div inner_html=svg></div>
        </figure>
    }
    .into_any()
}

/// One bar a grant; of the same day they stand on each other.
fn bars(words: Words, aid: &AidOfState, frame: &Frame, body: &mut String) {
    let mut stacked: Option<(NaiveDate, i64)> = None;
    for bar in &aid.bars {
        let below = stacked.filter(|(day, _)| *day == bar.on).map_or(0, |(_, cents)| cents);
        let upper = below.saturating_add(bar.amount.as_cents());
        stacked = Some((bar.on, upper));
        let (x, y, foot) = (frame.x(bar.on), frame.y(upper), frame.y(below));
        let said = words.with(
            "aid-plot-bar",
            args![day => words.date(bar.on), amount => words.money(bar.amount), whose => bar.whose.clone()],
        );
        let class = if bar.is_reserved { "series-1" } else { "series-0" };
        let _ = write!(
            body,
            "<rect class=\"{class}\" x=\"{}\" y=\"{y}\" width=\"8\" height=\"{}\"><title>{}</title></rect>",
            x - 4,
            (foot - y).max(1),
            escape(&said),
        );
    }
}

/// What counts together: level from each day on which it changes to the next.
fn line(words: Words, aid: &AidOfState, frame: &Frame, body: &mut String) {
    let mut points = String::new();
    let mut level: Option<i64> = None;
    for (day, sum) in &aid.steps {
        let (x, y) = (frame.x(*day), frame.y(sum.as_cents()));
        if let Some(before) = level {
            let _ = write!(points, "{x},{before} ");
        }
        let _ = write!(points, "{x},{y} ");
        level = Some(y);
        let said = words.with("aid-plot-step", args![day => words.date(*day), amount => words.money(*sum)]);
        let _ = write!(
            body,
            "<circle class=\"series-0\" cx=\"{x}\" cy=\"{y}\" r=\"3\"><title>{}</title></circle>",
            escape(&said)
        );
    }
    if let Some(level) = level {
        let _ = write!(points, "{},{level}", WIDTH - SIDE);
    }
    let _ = write!(body, "<polyline class=\"series-0\" points=\"{}\"/>", points.trim_end());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_cents_stay_inside_the_frame() {
        let first = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
        let frame = Frame { first, days: 100, top: 1_000 };
        let at = |days| frame.x(first + chrono::Days::new(days));
        assert_eq!((at(0), at(50), at(100), at(400)), (SIDE, WIDTH / 2, WIDTH - SIDE, WIDTH - SIDE));
        assert_eq!((frame.y(0), frame.y(1_000), frame.y(i64::MAX)), (HEIGHT - BOTTOM, TOP, TOP));
    }
}
