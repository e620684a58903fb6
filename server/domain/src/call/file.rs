//! Files that come with answers: whether the content is a PDF, whatever it is called, and the name it is kept by.
//!
//! Looks at the frame only: header, cross-reference, end (ISO 32000-2, 7.5). Unpacks nothing, so that a file of a few
//! megabytes cannot become one of gigabytes.

/// Where the end of a file says that the cross-reference begins is looked for in so many bytes.
const TAIL: usize = 2_048;
const NAME_MAX: usize = 100;

/// Whether this is a PDF: it begins as one, ends as one, and its end leads to a cross-reference with a trailer.
pub fn is_pdf(content: &[u8]) -> bool {
    let version = content.strip_prefix(b"%PDF-").and_then(|rest| rest.get(..3));
    if !version.is_some_and(|version| matches!(version, [b'1' | b'2', b'.', b'0'..=b'9'])) {
        return false;
    }
    let from = content.len().saturating_sub(TAIL);
    let Some(tail) = content.get(from..) else { return false };
    let Some(mark) = last(tail, b"startxref") else { return false };
    let Some(after) = tail.get(mark + b"startxref".len()..) else { return false };
    let Some((offset, rest)) = number(blank(after)) else { return false };
    let is_ended = last(rest, b"%%EOF").is_some();
    is_ended && content.get(offset..from + mark).is_some_and(is_cross_reference)
}

/// A table with its trailer (7.5.4), or an object that is a stream (7.5.8).
fn is_cross_reference(part: &[u8]) -> bool {
    let part = blank(part);
    if part.starts_with(b"xref") {
        return last(part, b"trailer").is_some();
    }
    let Some((_, rest)) = number(part) else { return false };
    let Some((_, rest)) = number(blank(rest)) else { return false };
    blank(rest).starts_with(b"obj") && last(rest, b"/XRef").is_some() && last(rest, b"endstream").is_some()
}

fn last(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).rposition(|window| window == what)
}

fn blank(text: &[u8]) -> &[u8] {
    let first = text.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0x0c | 0));
    first.and_then(|first| text.get(first..)).unwrap_or_default()
}

/// A number and what follows it.
fn number(text: &[u8]) -> Option<(usize, &[u8])> {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let digits = std::str::from_utf8(text.get(..end)?).ok()?;
    Some((digits.parse().ok()?, text.get(end..)?))
}

/// The last part of whatever path was sent, in letters that every file system and header takes.
pub fn file_name(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = last.strip_suffix(".pdf").or_else(|| last.strip_suffix(".PDF")).unwrap_or(last);
    let kept: String = stem
        .chars()
        .map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_' | ' ' | '.') { c } else { '_' })
        .take(NAME_MAX)
        .collect();
    let kept = kept.trim_matches(['.', ' ']);
    format!("{}.pdf", if kept.is_empty() { "attachment" } else { kept })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\n";

    fn with_table(tail: &str) -> Vec<u8> {
        format!("{BODY}xref\n0 1\n0000000000 65535 f \ntrailer << /Root 1 0 R >>\nstartxref\n{}\n{tail}", BODY.len())
            .into_bytes()
    }

    #[test]
    fn a_table_and_a_stream_make_a_pdf_with_what_a_mailer_adds_at_its_end() {
        assert!(is_pdf(&with_table("%%EOF")) && is_pdf(&with_table("%%EOF\r\n\r\n")));
        let stream = "9 0 obj << /Type /XRef /Length 0 >> stream\n\nendstream endobj\n";
        let whole = format!("{BODY}{stream}startxref\n{}\n%%EOF\n", BODY.len());
        assert!(is_pdf(whole.as_bytes()));
    }

    #[test]
    fn what_only_begins_or_ends_like_a_pdf_is_none() {
        let good = with_table("%%EOF");
        let text = String::from_utf8(good.clone()).unwrap();
        let cut = good.len() / 2;
        let wrong: [&[u8]; 10] = [
            b"",
            b"GIF89a",
            b"<!doctype html>",
            b"%PDF-1.7\n<script>alert(1)</script>",
            b"%PDF-1.4\n%%EOF",
            b"%PDF-1.4\nstartxref\n99999999999999999999999\n%%EOF",
            b"%PDF-1.4\nstartxref\n0\n%%EOF",
            &good[..cut],
            &good[1..],
            &[b"MZ".as_slice(), &good].concat(),
        ];
        for content in wrong {
            assert!(!is_pdf(content), "{:?}", String::from_utf8_lossy(content));
        }
        for (part, instead) in [("trailer", "trailing"), ("xref\n0 1", "yref\n0 1"), ("%%EOF", ""), ("-1.4", "-9.4")] {
            assert!(!is_pdf(text.replacen(part, instead, 1).as_bytes()), "{part}");
        }
    }

    #[test]
    fn a_name_has_no_path_no_control_characters_and_one_ending() {
        let cases = [
            ("plan.pdf", "plan.pdf"),
            ("C:\\secret\\Plan de travail.PDF", "Plan de travail.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            ("a\"\r\nX: y.pdf", "a___X_ y.pdf"),
            ("", "attachment.pdf"),
            ("...", "attachment.pdf"),
            ("run.exe", "run.exe.pdf"),
        ];
        for (sent, kept) in cases {
            assert_eq!(file_name(sent), kept, "{sent:?}");
        }
    }
}
