//! A document growing downwards: lines of text, columns, rules, page breaks, and page numbers known at the end.
//!
//! Lengths are points on A4. Coordinates start at the top left.

use chrono::{Datelike, NaiveDate};
use krilla::{
    Document, SerializeSettings,
    color::rgb,
    configure::{Archival, Configuration, ConfigurationBuilder},
    geom::{PathBuilder, Point},
    metadata::{DateTime, Metadata},
    num::NormalizedF32,
    page::PageSettings,
    paint::{Fill, Stroke},
};
use text::{Words, args};

use crate::{
    Error,
    font::{Face, Fonts},
};

const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
pub const LEFT: f32 = 56.0;
pub const RIGHT: f32 = WIDTH - 56.0;
const TOP: f32 = 56.0;
/// Text ends here; below is the page number.
const BOTTOM: f32 = HEIGHT - 72.0;
const LEADING: f32 = 1.4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
}

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub from: f32,
    pub to: f32,
    pub align: Align,
}

/// How a text looks.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    pub face: Face,
    pub size: f32,
    pub quiet: bool,
}

pub const BODY: Look = Look { face: Face::Regular, size: 9.5, quiet: false };
pub const STRONG: Look = Look { face: Face::Strong, size: 9.5, quiet: false };
pub const SMALL: Look = Look { face: Face::Regular, size: 8.0, quiet: true };
pub const HEAD: Look = Look { face: Face::Strong, size: 8.0, quiet: true };
pub const TITLE: Look = Look { face: Face::Strong, size: 20.0, quiet: false };

enum Mark {
    Text { x: f32, y: f32, look: Look, text: String },
    Rule { y: f32, heavy: bool },
}

/// What the file says of itself.
pub struct About {
    pub title: String,
    pub author: String,
    pub on: NaiveDate,
}

pub struct Sheet {
    fonts: Fonts,
    words: Words,
    pages: Vec<Vec<Mark>>,
    y: f32,
}

impl Sheet {
    pub fn new(words: Words) -> Result<Self, Error> {
        Ok(Self { fonts: Fonts::new()?, words, pages: vec![Vec::new()], y: TOP })
    }

    pub const fn y(&self) -> f32 {
        self.y
    }

    /// Goes back up on the same page, for a second column beside the first.
    pub const fn rise_to(&mut self, y: f32) {
        self.y = y;
    }

    pub const fn sink_to(&mut self, y: f32) {
        if y > self.y {
            self.y = y;
        }
    }

    pub fn skip(&mut self, by: f32) {
        self.y += by;
    }

    /// True, and a new page, if this much does not fit any more.
    pub fn make_room(&mut self, height: f32) -> bool {
        if self.y + height <= BOTTOM {
            return false;
        }
        self.pages.push(Vec::new());
        self.y = TOP;
        true
    }

    pub fn rule(&mut self, heavy: bool) {
        let y = self.y;
        self.mark(Mark::Rule { y, heavy });
        self.y += 6.0;
    }

    /// A paragraph across the page.
    pub fn paragraph(&mut self, look: Look, text: &str) {
        self.column(Column { from: LEFT, to: RIGHT, align: Align::Left }, look, text);
    }

    /// Text within a column, wrapped, and on to the next line.
    pub fn column(&mut self, column: Column, look: Look, text: &str) {
        for line in self.wrap(text, look, column.to - column.from) {
            self.make_room(look.size * LEADING);
            self.put(column, look, line);
            self.y += look.size * LEADING;
        }
    }

    /// Texts side by side; the next row begins below the tallest. A row is never torn apart.
    pub fn row(&mut self, cells: &[(Column, Look, String)]) {
        self.make_room(self.row_height(cells));
        let top = self.y;
        let mut lowest = top;
        for (column, look, text) in cells {
            self.y = top;
            for line in self.wrap(text, *look, column.to - column.from) {
                self.put(*column, *look, line);
                self.y += look.size * LEADING;
            }
            lowest = lowest.max(self.y);
        }
        self.y = lowest;
    }

    /// Whether this row fits on a page of its own.
    pub fn fits(&self, cells: &[(Column, Look, String)]) -> bool {
        TOP + self.row_height(cells) <= BOTTOM
    }

    pub fn row_height(&self, cells: &[(Column, Look, String)]) -> f32 {
        let height = |(column, look, text): &(Column, Look, String)| {
            self.wrap(text, *look, column.to - column.from).iter().map(|_| look.size * LEADING).sum::<f32>()
        };
        cells.iter().map(height).fold(0.0, f32::max)
    }

    fn put(&mut self, column: Column, look: Look, text: String) {
        let x = match column.align {
            Align::Left => column.from,
            Align::Right => column.to - self.fonts.get(look.face).width(&text, look.size),
        };
        let y = self.y + look.size;
        self.mark(Mark::Text { x, y, look, text });
    }

    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    /// Lines no wider than this; a word that is wider alone is cut.
    fn wrap(&self, text: &str, look: Look, width: f32) -> Vec<String> {
        let face = self.fonts.get(look.face);
        let mut lines = Vec::new();
        for paragraph in text.split('\n') {
            let mut line = String::new();
            for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
                let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
                if face.width(&longer, look.size) <= width {
                    line = longer;
                    continue;
                }
                if !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
                for letter in word.chars() {
                    if face.width(&format!("{line}{letter}"), look.size) > width && !line.is_empty() {
                        lines.push(std::mem::take(&mut line));
                    }
                    line.push(letter);
                }
            }
            lines.push(line);
        }
        lines
    }

    /// Draws every page, with its number, and writes the file: PDF/A-3b, readable for as long as it must be kept.
    pub fn finish(mut self, about: &About) -> Result<Vec<u8>, Error> {
        let count = self.pages.len();
        let pages = std::mem::take(&mut self.pages);
        let mut document =
            Document::new_with(SerializeSettings { configuration: archival()?, ..SerializeSettings::default() });
        document.set_metadata(metadata(about, self.words));
        for (index, marks) in pages.into_iter().enumerate() {
            let size = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| Error::Pdf("page size".to_owned()))?;
            let mut page = document.start_page_with(size);
            let mut surface = page.surface();
            for mark in marks {
                self.draw(&mut surface, mark);
            }
            let number = (index + 1).to_string();
            let text = self.words.with("document-page", args![number => number, count => count.to_string()]);
            let x = RIGHT - self.fonts.get(SMALL.face).width(&text, SMALL.size);
            self.draw(&mut surface, Mark::Text { x, y: HEIGHT - 40.0, look: SMALL, text });
            let title = about.title.clone();
            self.draw(&mut surface, Mark::Text { x: LEFT, y: HEIGHT - 40.0, look: SMALL, text: title });
            surface.finish();
            page.finish();
        }
        document.finish().map_err(|error| Error::Pdf(format!("{error:?}")))
    }

    fn draw(&self, surface: &mut krilla::surface::Surface<'_>, mark: Mark) {
        match mark {
            Mark::Text { x, y, look, text } => {
                surface.set_stroke(None);
                let paint = ink(look.quiet).into();
                surface.set_fill(Some(Fill { paint, opacity: NormalizedF32::ONE, ..Fill::default() }));
                let face = self.fonts.get(look.face);
                let glyphs = face.glyphs(&text);
                surface.draw_glyphs(Point::from_xy(x, y), &glyphs, face.font.clone(), &text, look.size, false);
            }
            Mark::Rule { y, heavy } => {
                let mut path = PathBuilder::new();
                path.move_to(LEFT, y);
                path.line_to(RIGHT, y);
                if let Some(path) = path.finish() {
                    surface.set_fill(None);
                    surface.set_stroke(Some(Stroke {
                        paint: ink(true).into(),
                        width: if heavy { 1.0 } else { 0.4 },
                        opacity: NormalizedF32::ONE,
                        ..Stroke::default()
                    }));
                    surface.draw_path(&path);
                }
            }
        }
    }
}

fn archival() -> Result<Configuration, Error> {
    let builder = ConfigurationBuilder::new().with_archival_validator(Archival::A3_B);
    builder.finish().map_err(|error| Error::Pdf(format!("{error:?}")))
}

fn ink(quiet: bool) -> rgb::Color {
    if quiet { rgb::Color::new(0x4a, 0x57, 0x66) } else { rgb::Color::new(0x17, 0x20, 0x2c) }
}

fn metadata(about: &About, words: Words) -> Metadata {
    let year = u16::try_from(about.on.year()).unwrap_or_default();
    let month = u8::try_from(about.on.month()).unwrap_or(1);
    let day = u8::try_from(about.on.day()).unwrap_or(1);
    Metadata::new()
        .title(about.title.clone())
        .language(words.locale().code().to_owned())
        .authors(vec![about.author.clone()])
        .creator("Gigahours".to_owned())
        .creation_date(
            DateTime::new(year)
                .month(month)
                .day(day)
                .hour(0)
                .minute(0)
                .second(0)
                .utc_offset_hour(0)
                .utc_offset_minute(0),
        )
}
