//! Files of comma-separated values as they leave the house: quoted, without formulas, kept by nobody on the way.

use axum::response::{IntoResponse, Response};
use http::header;
use serde::Serialize;

use crate::{AppError, PageResult};

/// The lines as a file to keep; a struct's names are its first line, where there is a line.
pub(crate) fn download<T: Serialize>(name: &str, lines: impl IntoIterator<Item = T>) -> PageResult {
    let mut out = csv::Writer::from_writer(Vec::new());
    for line in lines {
        out.serialize(line).map_err(broken)?;
    }
    download_file(name, &out.into_inner().map_err(broken)?)
}

/// As [`download`], of a file that was made elsewhere.
pub(crate) fn download_file(name: &str, file: &[u8]) -> PageResult {
    Ok(attachment(name, "text/csv; charset=utf-8", inert(file)?))
}

/// A file to keep, and not to be kept on the way.
pub(crate) fn attachment(name: &str, content_type: &'static str, file: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", safe(name))),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (headers, file).into_response()
}

/// The same lines; what a spreadsheet would run as a formula begins with an apostrophe.
fn inert(file: &[u8]) -> Result<Vec<u8>, AppError> {
    let mut lines = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file);
    let mut out = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for line in lines.records() {
        out.write_record(line.map_err(broken)?.iter().map(cell)).map_err(broken)?;
    }
    out.into_inner().map_err(broken)
}

fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number(text);
    if is_formula { format!("'{text}") } else { text.to_owned() }
}

/// `-12.50`: digits, at most one point between them, a sign before them if it is less than nothing.
fn is_number(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let bare = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = bare.split_once('.').unwrap_or((bare, "0"));
    digits(whole) && digits(part)
}

/// A name of letters, digits, points and dashes: nothing of it ends the header's quotes.
fn safe(name: &str) -> String {
    let keep = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_');
    name.chars().map(|character| if keep(character) { character } else { '-' }).collect()
}

fn broken(error: impl std::fmt::Display) -> AppError {
    AppError::Service(services::Error::Broken(services::anyhow(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_no_formulas_and_numbers_stay_numbers() {
        for (typed, kept) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+49 30 1", "'+49 30 1"),
            ("-2+3", "'-2+3"),
            ("\tx", "'\tx"),
            ("\r=1", "'\r=1"),
            ("-", "'-"),
            ("-12.50", "-12.50"),
            ("Nordwind GmbH", "Nordwind GmbH"),
            ("", ""),
        ] {
            assert_eq!(cell(typed), kept, "{typed:?}");
        }
    }

    #[test]
    fn a_file_is_quoted_named_and_kept_by_nobody() {
        let response = download("a\"b\r\n.csv", [["name", "sum"], ["=x, \"y\"", "-1.00"]]).unwrap();
        assert_eq!(response.headers()[header::CONTENT_DISPOSITION], "attachment; filename=\"a-b--.csv\"");
        assert_eq!(response.headers()[header::CACHE_CONTROL], "private, no-store");
        let file = inert(b"name,sum\n\"=x, \"\"y\"\"\",-1.00\n").unwrap();
        assert_eq!(String::from_utf8(file).unwrap(), "name,sum\n\"'=x, \"\"y\"\"\",-1.00\n");
    }
}
