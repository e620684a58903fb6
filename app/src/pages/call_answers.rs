//! A call's own questions: asked of the applicant with the files that go with them, and read by those who judge.

use std::collections::BTreeMap;

use axum::{
    body::Body,
    extract::{Multipart, Path},
    response::Response,
};
use domain::{
    application::State,
    call::{
        Answers, Question,
        question::{Attachment, Kind},
        said,
    },
    id::{ApplicationId, AttachmentId},
    problem::{Invalid, Problem},
};
use http::{HeaderValue, StatusCode, header};
use leptos::prelude::*;
use services::{ApplicationRead, Attached, CallAnswers, Error, FILE_BYTES_MAX};
use text::{Words, args};

use super::applications;
use crate::{
    AppError, Form, PageResult, Visit,
    components::{
        field::{Choice, Field},
        form::{Answer, FormState, button_form, check_answers, error_summary, submit, submit_as, upload_form},
        layout::{Tone, heading, notice},
    },
};

/// The largest upload: a file with what a form puts around it.
pub const UPLOAD_BYTES_MAX: usize = FILE_BYTES_MAX + 64 * 1024;

pub async fn get(visit: Visit, Path(id): Path<ApplicationId>) -> PageResult {
    let read = visit.desk.read_application(id).await?;
    if read.application.state != State::Draft || !applications::may_write(&visit) {
        return Ok(visit.redirect(&format!("/applications/{id}")));
    }
    if read.answers.questions.is_empty() {
        return Ok(visit.redirect(&format!("/applications/{id}/check")));
    }
    let form = stored(&read.answers);
    Ok(visit.page(visit.words.t("call-questions"), move |words| page(words, &read, &form)).await)
}

/// Keeps what was typed. If the answers bring other questions, they are shown before one goes on.
pub async fn post(
    visit: Visit,
    Path(id): Path<ApplicationId>,
    Form(sent): Form<BTreeMap<String, String>>,
) -> PageResult {
    let has_more = visit.desk.save_answers(id, &sent).await?;
    let here = format!("/applications/{id}/questions");
    if has_more {
        return visit.redirect_saying(&here, "call-more-questions").await;
    }
    if sent.get("then").is_some_and(|then| then == "stay") {
        return visit.redirect_saying(&here, "application-saved").await;
    }
    Ok(visit.redirect(&format!("/applications/{id}/check")))
}

pub async fn post_file(
    visit: Visit,
    Path((id, question)): Path<(ApplicationId, String)>,
    upload: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> PageResult {
    let field = format!("file-{question}");
    let kept = match file_of(upload, &field).await {
        Ok((name, content)) => visit.desk.attach(id, &question, &name, content).await,
        Err(fault) => Err(fault),
    };
    match kept {
        Ok(()) => visit.redirect_saying(&format!("/applications/{id}/questions#{field}"), "call-file-kept").await,
        Err(Error::Invalid(invalid)) => {
            let read = visit.desk.read_application(id).await?;
            if read.application.state != State::Draft {
                return Ok(visit.redirect(&format!("/applications/{id}")));
            }
            let form = stored(&read.answers).with(invalid);
            Ok(visit.refused(visit.words.t("call-questions"), move |words| page(words, &read, &form)).await)
        }
        Err(error) => Err(error.into()),
    }
}

/// Name and content of the one file sent; too much of it is a problem of its field.
async fn file_of(
    upload: Result<Multipart, axum::extract::multipart::MultipartRejection>,
    field: &str,
) -> Result<(String, Vec<u8>), Error> {
    let too_large = || {
        let megabytes = i64::try_from(FILE_BYTES_MAX / 1_048_576).unwrap_or_default();
        Error::invalid(field, Problem::FileTooLarge { max: megabytes })
    };
    let Ok(mut upload) = upload else { return Err(Error::invalid(field, Problem::Required)) };
    loop {
        match upload.next_field().await {
            Ok(Some(part)) if part.name() == Some("file") => {
                let name = part.file_name().unwrap_or_default().to_owned();
                let content = part.bytes().await.map_err(|_| too_large())?;
                return Ok((name, content.to_vec()));
            }
            Ok(Some(_)) => {}
            Ok(None) => return Err(Error::invalid(field, Problem::Required)),
            Err(fault) if fault.status() == StatusCode::PAYLOAD_TOO_LARGE => return Err(too_large()),
            Err(_) => return Err(Error::invalid(field, Problem::Required)),
        }
    }
}

pub async fn post_removal(visit: Visit, Path((id, question)): Path<(ApplicationId, String)>) -> PageResult {
    visit.desk.detach(id, &question).await?;
    visit.redirect_saying(&format!("/applications/{id}/questions"), "call-file-removed").await
}

/// As a download and nothing else: nothing of it runs or is shown here.
pub async fn file(visit: Visit, Path(id): Path<AttachmentId>) -> PageResult {
    let (name, content) = visit.desk.read_attachment(id).await?;
    let plain: String = name.chars().map(|c| if c.is_ascii_graphic() && c != '"' { c } else { '_' }).collect();
    let encoded: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20");
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    let broken = |error: http::Error| AppError::Service(Error::Broken(services::anyhow(error)));
    Response::builder()
        .header(header::CONTENT_TYPE, "application/pdf")
        .header(header::CONTENT_DISPOSITION, disposition)
        .header(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"))
        .header(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"))
        .header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))
        .body(Body::from(content))
        .map_err(broken)
}

fn page(words: Words, read: &ApplicationRead, form: &FormState) -> impl IntoView + use<> {
    let id = read.application.id;
    let files: Vec<AnyView> = read
        .answers
        .visible()
        .filter(|question| question.attachment != Attachment::None)
        .map(|question| upload(words, form, id, question, read.answers.file(&question.code)))
        .collect();
    let files = (!files.is_empty()).then(|| view! { <h2>{words.t("call-files")}</h2> {files} });
    view! {
        {error_summary(words, form)}
        <p class="above"><a href=format!("/applications/{id}")>{applications::title_of(words, read)}</a></p>
        {heading(words.t("call-questions"), None, None)}
        <p class="hint">{words.t("call-questions-hint")}</p>
        <form class="form" method="post" action=format!("/applications/{id}/questions") novalidate=true>
            {fields(words, form, read.answers.visible())}
            <div class="buttons">
                {submit(words, "application-save-next")}
                {submit_as(words, "call-save-stay", "then", "stay")}
            </div>
        </form>
        {files}
    }
}

/// The questions as fields, in their order.
pub(super) fn fields<'a>(
    words: Words,
    form: &FormState,
    questions: impl Iterator<Item = &'a Question>,
) -> Vec<AnyView> {
    questions.map(|question| field(words, form, question)).collect()
}

fn field(words: Words, form: &FormState, question: &Question) -> AnyView {
    let language = words.locale().code();
    let (name, label) = (question.field(), said(&question.label, language));
    let numbered = |named: bool| -> Vec<Choice> {
        let value = |number: String| if named { format!("{name}-{number}") } else { number };
        question.numbers().map(|(number, text)| Choice::new(value(number), said(text, language))).collect()
    };
    let field = match question.kind {
        Kind::Short => Field::text(&name, label),
        Kind::Long => Field::area(&name, label),
        Kind::Number => Field::number(&name, label),
        Kind::Date => Field::date(&name, label),
        Kind::Choice => Field::radios(&name, label, numbered(false)),
        Kind::Many => Field::boxes(&name, label, numbered(true)),
        Kind::YesNo => {
            let answers = ["yes", "no"].map(|answer| Choice::new(answer, words.t(&format!("answer-{answer}"))));
            Field::radios(&name, label, answers.to_vec())
        }
    };
    let field = match question.words_max {
        Some(max) => field.words(max),
        None => field,
    };
    let field = if question.is_required { field } else { field.optional() };
    let help = said(&question.help, language);
    let field = if help.is_empty() { field } else { field.hint(help) };
    field.show(words, form)
}

fn upload(words: Words, form: &FormState, id: ApplicationId, question: &Question, file: Option<&Attached>) -> AnyView {
    let anchor = format!("file-{}", question.code);
    let action = format!("/applications/{id}/questions/{}/file", question.code);
    let label = said(&question.label, words.locale().code()).to_owned();
    // The summary names the field by this label.
    form.note(&anchor, label.clone());
    let problem = form.problems().of(&anchor).next().map(|problem| words.problem(problem));
    let is_wrong = problem.is_some();
    let described = format!("{anchor}-hint");
    let kept = file.map(|file| {
        view! {
            <p>{link(words, file)}</p>
            {button_form(words, format!("{action}/remove"), "call-file-remove", &[])}
        }
    });
    let button = if file.is_some() { "call-file-replace" } else { "call-file-send" };
    let hint = if question.attachment == Attachment::Required { "call-file-required" } else { "call-file-optional" };
    view! {
        <section class="panel">
            <h3>{label.clone()}</h3>
            {kept}
            {upload_form(action, view! {
                <div class="field" class:wrong=is_wrong>
                    <label for=anchor.clone()>{words.t("call-file-label")}</label>
                    <p class="hint" id=described.clone()>{words.t(hint)}</p>
                    {problem.map(|problem| view! { <p class="problem">{problem}</p> })}
                    <input class="file" id=anchor name="file" type="file" accept="application/pdf,.pdf" aria-describedby=described/>
                </div>
                <button class="button" type="submit">{words.t(button)}</button>
            })}
        </section>
    }
    .into_any()
}

fn link(words: Words, file: &Attached) -> AnyView {
    let kilobytes = (file.bytes / 1_024).max(1);
    let size = words.with("call-file-size", args![kilobytes => words.integer(kilobytes)]);
    view! { <a href=format!("/attachments/{}", file.id) download="">{file.name.clone()}</a> " " <span class="hint">{size}</span> }
        .into_any()
}

/// What was answered, as the fields take it.
fn stored(answers: &CallAnswers) -> FormState {
    let mut form = FormState::default();
    for question in &answers.questions {
        let typed = answers.answers.get(&question.code);
        if question.kind == Kind::Many {
            for number in typed.split(',').filter(|number| !number.is_empty()) {
                form = form.set(&format!("{}-{number}", question.field()), "on");
            }
        } else {
            form = form.set(&question.field(), typed);
        }
    }
    // Wrong things are said at once, missing things once the check page has been asked.
    let wrong = answers.faults().0.into_iter().filter(|(_, problem)| *problem != Problem::Required);
    form.with(Invalid(wrong.collect()))
}

/// One answer in words.
fn worded(words: Words, question: &Question, answers: &Answers) -> String {
    let typed = answers.get(&question.code);
    let language = words.locale().code();
    if let Some(chosen) = question.chosen(typed, language) {
        return chosen;
    }
    match question.kind {
        Kind::YesNo if matches!(typed, "yes" | "no") => words.t(&format!("answer-{typed}")),
        Kind::Date => typed.parse().map_or_else(|_| typed.to_owned(), |day| words.date(day)),
        _ => typed.to_owned(),
    }
}

/// On the page that checks before handing in: every question shown, each a link to its field.
pub(super) fn section(words: Words, read: &ApplicationRead) -> AnyView {
    if read.answers.questions.is_empty() {
        return ().into_any();
    }
    let id = read.application.id;
    let answers = read.answers.visible().flat_map(|question| {
        let label = said(&question.label, words.locale().code()).to_owned();
        let of_file = (question.attachment != Attachment::None).then(|| Answer {
            question: words.with("call-file-of", args![question => label.clone()]),
            answer: read.answers.file(&question.code).map(|file| file.name.clone()).unwrap_or_default(),
            change: Some(format!("/applications/{id}/questions#file-{}", question.code)),
        });
        let own = Answer {
            question: label,
            answer: worded(words, question, &read.answers.answers),
            change: Some(format!("/applications/{id}/questions#{}", question.field())),
        };
        std::iter::once(own).chain(of_file)
    });
    view! { <h2>{words.t("call-questions")}</h2> {check_answers(words, answers.collect())} }.into_any()
}

/// As those read it who judge it: questions and answers in their order, with the files.
pub(super) fn answered(words: Words, answers: &CallAnswers) -> AnyView {
    if answers.questions.is_empty() {
        return ().into_any();
    }
    let language = words.locale().code();
    let rows = answers.visible().map(|question| {
        let answer = worded(words, question, &answers.answers);
        let answer = if answer.is_empty() { words.t("answer-missing") } else { answer };
        let file = answers.file(&question.code).map(|file| link(words, file));
        view! { <div><dt>{said(&question.label, language).to_owned()}</dt><dd class="typed">{answer}</dd>{file.map(|file| view! { <dd>{file}</dd> })}</div> }
    });
    let version = i64::from(answers.version);
    view! {
        <h2>{words.t("call-questions")}</h2>
        <p class="hint">{words.with("call-answered-under", args![code => answers.code.clone(), version => version])}</p>
        <dl class="facts">{rows.collect_view()}</dl>
    }
    .into_any()
}

/// Which call and which version of it an application is under.
pub(super) fn under(words: Words, read: &ApplicationRead) -> AnyView {
    let Some(call) = &read.call else { return ().into_any() };
    let href = format!("/calls/{}", call.code);
    let sentence = words.with("call-applied-under", args![version => i64::from(call.version)]);
    let closed = (read.application.state == State::Draft && !call.standing.is_open())
        .then(|| notice(Tone::Bad, view! { <p>{super::calls::standing(words, call)}</p> }));
    view! { <p><a href=href>{super::calls::title(words, call)}</a> " · " {sentence}</p> {closed} }.into_any()
}
