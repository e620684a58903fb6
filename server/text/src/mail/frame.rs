//! What is around the words of every mail, as text and as HTML.

use crate::Words;

pub(super) fn plain(words: Words, paragraphs: &[&str], (label, link): (&str, &str)) -> String {
    let mut text = words.t("mail-greeting");
    for paragraph in paragraphs {
        text.push_str("\n\n");
        text.push_str(paragraph);
    }
    text.push_str(&format!("\n\n{label}:\n{link}"));
    text.push_str(&format!("\n\n{}\n\n-- \n{}\n", words.t("mail-closing"), words.t("mail-footer")));
    text
}

/// One column that every mail reader can show; no pictures, nothing fetched.
pub(super) fn html(words: Words, subject: &str, paragraphs: &[&str], (label, link): (&str, &str)) -> String {
    let body: String = std::iter::once(words.t("mail-greeting"))
        .chain(paragraphs.iter().map(|paragraph| (*paragraph).to_owned()))
        .map(|paragraph| format!("<p>{}</p>\n", escape(&paragraph).replace('\n', "<br>\n")))
        .collect();
    let button = format!(
        "<p><a class=\"button\" href=\"{link}\">{label}</a></p>\n<p class=\"quiet\">{or}<br><a href=\"{link}\">{link}</a></p>\n",
        link = escape(link),
        label = escape(label),
        or = escape(&words.t("mail-or-copy")),
    );
    format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n<style>{STYLE}</style>\n\
         </head>\n<body>\n<div class=\"page\">\n<p class=\"brand\">Gigahours</p>\n{body}{button}<p>{closing}</p>\n\
         <p class=\"footer\">{footer}</p>\n</div>\n</body>\n</html>\n",
        lang = words.locale(),
        title = escape(subject),
        closing = escape(&words.t("mail-closing")),
        footer = escape(&words.t("mail-footer")).replace('\n', "<br>\n"),
    )
}

const STYLE: &str = "\
body{margin:0;padding:24px;background:#eef1f5;color:#17202c;font:16px/1.5 system-ui,sans-serif}\
.page{max-width:36em;margin:0 auto;padding:32px;background:#fff;border-top:4px solid #1d3f8f}\
.brand{margin:0 0 24px;font-weight:700;font-size:18px;color:#1d3f8f}\
.button{display:inline-block;padding:12px 20px;background:#1d3f8f;color:#fff;text-decoration:none;font-weight:600}\
.quiet,.footer{font-size:14px;color:#4a5766;overflow-wrap:anywhere}\
.footer{margin-top:32px;padding-top:16px;border-top:1px solid #d4dae2}";

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}
