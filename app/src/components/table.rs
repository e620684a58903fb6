//! Tables that sort, filter, page by key and export; on narrow screens each row becomes a card.
//!
//! Refuses to sort or page by itself: the query does, and the table shows its links.

use leptos::prelude::*;
use text::Words;

/// The cells of one row, of any type: `cells![reference, tag(…), words.money(due)]`.
#[macro_export]
macro_rules! cells {
    ($($cell:expr),* $(,)?) => { vec![$(leptos::prelude::IntoAny::into_any($cell)),*] };
}

/// Where a list is shown and how it is asked for: its path and the query that stays while one part changes.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    pub path: String,
    /// Filters in force, without sort and key.
    pub filters: Vec<(String, String)>,
    /// Column and whether the greatest comes first.
    pub sort: Option<(String, bool)>,
    /// The key after which the next page begins, if there is one.
    pub next: Option<String>,
    /// Whether this is not the first page.
    pub is_later: bool,
}

impl Listing {
    pub fn at(path: impl Into<String>) -> Self {
        Self { path: path.into(), ..Self::default() }
    }

    /// An address of this list with these parts of the query besides the filters.
    fn href(&self, path: &str, parts: &[(&str, &str)]) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.filters.iter().filter(|(_, value)| !value.is_empty()));
        query.extend_pairs(parts);
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    fn sorted(&self) -> Option<(&str, String)> {
        self.sort.as_ref().map(|(column, down)| ("sort", if *down { format!("-{column}") } else { column.clone() }))
    }
}

struct Column {
    label: String,
    is_figure: bool,
    sort: Option<&'static str>,
}

/// With so many columns a table needs a wide screen.
const WIDE: usize = 6;

/// A table, described; [`Table::show`] renders it.
pub struct Table {
    caption: String,
    columns: Vec<Column>,
    rows: Vec<Vec<AnyView>>,
    listing: Option<Listing>,
    csv: Option<&'static str>,
    empty: Option<AnyView>,
    hides_caption: bool,
}

impl Table {
    /// The caption says what the rows are; columns and captions are keys.
    pub fn new(caption: impl Into<String>) -> Self {
        Self {
            caption: caption.into(),
            columns: Vec::new(),
            rows: Vec::new(),
            listing: None,
            csv: None,
            empty: None,
            hides_caption: false,
        }
    }

    #[must_use]
    pub fn column(mut self, label: &str) -> Self {
        self.columns.push(Column { label: label.to_owned(), is_figure: false, sort: None });
        self
    }

    /// A column of figures: right-aligned; the header names the unit.
    #[must_use]
    pub fn figures(mut self, label: &str) -> Self {
        self.columns.push(Column { label: label.to_owned(), is_figure: true, sort: None });
        self
    }

    /// The last column added sorts, by this name in the query.
    #[must_use]
    pub fn sorts(mut self, by: &'static str) -> Self {
        if let Some(column) = self.columns.last_mut() {
            column.sort = Some(by);
        }
        self
    }

    #[must_use]
    pub fn row(mut self, cells: Vec<AnyView>) -> Self {
        self.rows.push(cells);
        self
    }

    #[must_use]
    pub fn rows(mut self, rows: impl IntoIterator<Item = Vec<AnyView>>) -> Self {
        self.rows.extend(rows);
        self
    }

    #[must_use]
    pub fn listing(mut self, listing: Listing) -> Self {
        self.listing = Some(listing);
        self
    }

    /// The path that gives what is shown as CSV; the filters go along.
    #[must_use]
    pub const fn csv(mut self, path: &'static str) -> Self {
        self.csv = Some(path);
        self
    }

    /// Shown instead of a table without rows.
    #[must_use]
    pub fn empty(mut self, empty: AnyView) -> Self {
        self.empty = Some(empty);
        self
    }

    /// Under a heading that says the same, the caption is for ears only.
    #[must_use]
    pub const fn under_heading(mut self) -> Self {
        self.hides_caption = true;
        self
    }

    pub fn show(self, words: Words) -> AnyView {
        if self.rows.is_empty()
            && let Some(empty) = self.empty
        {
            return empty;
        }
        let caption = words.t(&self.caption);
        let caption_class = if self.hides_caption { "for-ears" } else { "" };
        let heads = heads(words, &self.columns, self.listing.as_ref());
        let labels: Vec<(String, bool)> =
            self.columns.iter().map(|column| (words.t(&column.label), column.is_figure)).collect();
        let columns = labels.len();
        let rows = self.rows.into_iter().map(|cells| row(&labels, cells)).collect_view();
        let below = below(words, self.listing, self.csv);
        let region = caption.clone();
        let frame = if columns >= WIDE { "table-frame wide" } else { "table-frame" };
        view! {
            <div class=frame role="region" aria-label=region tabindex="0">
                <table class="table">
                    <caption class=caption_class>{caption}</caption>
                    <thead><tr>{heads}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {below}
        }
        .into_any()
    }
}

fn heads(words: Words, columns: &[Column], listing: Option<&Listing>) -> AnyView {
    let heads = columns.iter().map(|column| {
        let label = words.t(&column.label);
        let class = if column.is_figure { "figures" } else { "" };
        let (Some(by), Some(listing)) = (column.sort, listing) else {
            return view! { <th scope="col" class=class>{label}</th> }.into_any();
        };
        let current = listing.sort.as_ref().filter(|(column, _)| column == by).map(|(_, down)| *down);
        let (sorted, next) = match current {
            Some(false) => (Some("ascending"), format!("-{by}")),
            Some(true) => (Some("descending"), by.to_owned()),
            None => (None, by.to_owned()),
        };
        let href = listing.href(&listing.path, &[("sort", &next)]);
        view! { <th scope="col" class=class aria-sort=sorted><a href=href>{label}</a></th> }.into_any()
    });
    heads.collect_view().into_any()
}

fn row(labels: &[(String, bool)], cells: Vec<AnyView>) -> AnyView {
    let cells = cells.into_iter().enumerate().map(|(position, cell)| {
        let (label, is_figure) = labels.get(position).cloned().unwrap_or_default();
        let class = if is_figure { "figures" } else { "" };
        if position == 0 {
            view! { <th scope="row" class=class>{cell}</th> }.into_any()
        } else {
            view! { <td class=class data-label=label>{cell}</td> }.into_any()
        }
    });
    view! { <tr>{cells.collect_view()}</tr> }.into_any()
}

fn below(words: Words, listing: Option<Listing>, csv: Option<&'static str>) -> AnyView {
    let Some(listing) = listing else {
        return csv.map(|path| view! { <p><a href=path>{words.t("table-csv")}</a></p> }).into_any();
    };
    let sort = listing.sorted();
    let with = |path: &str, after: Option<&str>| {
        let sort = sort.iter().map(|(name, value)| (*name, value.as_str()));
        let parts: Vec<(&str, &str)> = sort.chain(after.map(|after| ("after", after))).collect();
        listing.href(path, &parts)
    };
    let first = listing.is_later.then(|| with(&listing.path, None));
    let next = listing.next.as_deref().map(|after| with(&listing.path, Some(after)));
    let csv = csv.map(|path| with(path, None));
    if first.is_none() && next.is_none() && csv.is_none() {
        return ().into_any();
    }
    view! {
        <nav class="pager" aria-label=words.t("table-pages")>
            {first.map(|href| view! { <a href=href>{words.t("table-first")}</a> })}
            {next.map(|href| view! { <a rel="next" href=href>{words.t("table-next")}</a> })}
            {csv.map(|href| view! { <a href=href>{words.t("table-csv")}</a> })}
        </nav>
    }
    .into_any()
}

/// The filters of a list, sent by GET so that what is shown has an address.
pub fn filters(words: Words, path: impl Into<String>, fields: impl IntoView + 'static) -> AnyView {
    let path = path.into();
    let action = path.clone();
    view! {
        <form class="filters" method="get" action=action>
            {fields.into_any()}
            <div class="filter-buttons">
                <button class="button" type="submit">{words.t("filter-apply")}</button>
                <a href=path>{words.t("filter-clear")}</a>
            </div>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_keep_the_filters_and_escape_them() {
        let listing = Listing {
            filters: vec![("q".to_owned(), "a&b c".to_owned()), ("state".to_owned(), String::new())],
            sort: Some(("due".to_owned(), true)),
            ..Listing::at("/queue")
        };
        assert_eq!(listing.href("/queue", &[("sort", "due")]), "/queue?q=a%26b+c&sort=due");
        assert_eq!(listing.sorted(), Some(("sort", "-due".to_owned())));
        assert_eq!(Listing::at("/queue").href("/queue", &[]), "/queue");
    }
}
