//! Calls through their pages: an officer builds, previews and publishes one, an applicant applies under it, and hostile
//! input is told what is wrong with it.

use axum::body::Body;
use domain::actor::Stand;
use http::{Request, header};
use testkit::World;

use crate::{
    applications::{STEPS, applicant},
    browser::{Answer, Browser},
};

const PDF: &str = "%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 \
>> endobj\n3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 72 72] >> endobj\n";

/// The smallest PDF with a page.
fn pdf() -> String {
    let objects = ["1 0 obj", "2 0 obj", "3 0 obj"];
    let rows: String = objects.map(|one| format!("{:010} 00000 n \n", PDF.find(one).expect("an object"))).concat();
    format!(
        "{PDF}xref\n0 4\n0000000000 65535 f \n{rows}trailer << /Size 4 /Root 1 0 R >>\nstartxref\n{}\n%%EOF\n",
        PDF.len()
    )
}

async fn officer(world: &World) -> Browser {
    let person = world.person("officer@x.example").await;
    world.place(person, Stand::Officer).await;
    let mut browser = Browser::new(world);
    browser.enter_as(world, person, Stand::Officer).await;
    browser
}

/// One page of the call, sent as it was shown with these fields besides.
async fn save(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let version = browser.get(path).await.value("version").expect("a version");
    let mut sent = vec![("version", version.as_str())];
    sent.extend(fields);
    browser.post(path, &sent).await
}

async fn upload(browser: &mut Browser, path: &str, name: &str, content: &str) -> Answer {
    const MARK: &str = "0123456789abcdef";
    let body = format!(
        "--{MARK}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: \
         application/pdf\r\n\r\n{content}\r\n--{MARK}--\r\n"
    );
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={MARK}"))
        .header(header::CONTENT_LENGTH, body.len())
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body));
    browser.send(request.expect("a request")).await
}

const QUESTIONS: [&[(&str, &str)]; 3] = [
    &[
        ("question-1-kind", "yes_no"),
        ("question-1-label-en", "Is it <b>open</b>?"),
        ("question-1-label-fr", "Est-ce ouvert ?"),
        ("question-1-required", "on"),
    ],
    &[
        ("question-2-kind", "long"),
        ("question-2-label-en", "Under which licence?"),
        ("question-2-label-fr", "Sous quelle licence ?"),
        ("question-2-required", "on"),
        ("question-2-words_max", "10"),
        ("question-2-shown_if", "1=yes"),
    ],
    &[
        ("question-3-kind", "short"),
        ("question-3-label-en", "Plan"),
        ("question-3-label-fr", "Plan"),
        ("question-3-attachment", "optional"),
    ],
];

/// A published call, made through the pages; its path among the officer's.
async fn published(officer: &mut Browser) -> String {
    let made = officer.post("/calls/manage", &[("from", "PG")]).await;
    let call = made.location().to_owned();
    assert!(call.starts_with("/calls/manage/"), "{}", made.body);
    let basics = [("code", "open-pg"), ("mode", "PG"), ("language-en", "on"), ("language-fr", "on")];
    assert_eq!(save(officer, &format!("{call}/basics"), &basics).await.location(), format!("{call}/texts"));
    for (index, question) in QUESTIONS.iter().enumerate() {
        let version = officer.get(&format!("{call}/questions")).await.value("version").expect("a version");
        let added = officer.post(&format!("{call}/questions/change"), &[("do", "add"), ("version", &version)]).await;
        assert_eq!(added.location(), format!("{call}/question/{}", index + 1));
        let path = added.location().to_owned();
        assert_eq!(save(officer, &path, question).await.location(), format!("{call}/questions"));
    }
    let publish = format!("{call}/publish");
    let published = save(officer, &publish, &[]).await;
    assert_eq!(published.location(), call, "{}", published.body);
    call
}

/// A draft under the call with the common form filled in: its overview.
async fn begun(company: &mut Browser) -> String {
    let overview = company.post("/calls/OPEN-PG/apply", &[]).await.location().to_owned();
    assert!(overview.starts_with("/applications/"), "{overview}");
    for (step, fields) in STEPS {
        company.post(&format!("{overview}/{step}"), fields).await;
    }
    overview
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_builds_previews_publishes_changes_and_closes_a_call() {
    let world = World::sqlite().await;
    let mut officer = officer(&world).await;
    assert!(officer.get("/calls/manage").await.says("No calls yet"));
    let made = officer.post("/calls/manage", &[("from", "LS")]).await;
    let call = made.location().to_owned();
    let overview = officer.get(&call).await;
    assert!(overview.says("Large Scale call") && overview.says("To do") && overview.says("Complete"));
    // Every section shows what the template typed, and the preview says what is missing before it shows anything.
    for section in ["basics", "texts", "eligibility", "size", "questions", "rubric", "steps", "intake"] {
        assert_eq!(officer.get(&format!("{call}/{section}")).await.status, 200, "{section}");
    }
    assert_eq!(officer.get(&format!("{call}/size")).await.value("max_gpus").as_deref(), Some("8192"));
    let preview = officer.get(&format!("{call}/preview")).await;
    assert!(preview.says(&format!("href=\"{call}/basics#code\"")), "{}", preview.body);
    // What is wrong stays as it was typed and is said at its field.
    let basics = [("code", "no spaces"), ("mode", "LS"), ("language-en", "on"), ("language-fr", "on")];
    save(&mut officer, &format!("{call}/basics"), &basics).await;
    let page = officer.get(&format!("{call}/basics")).await;
    assert_eq!(page.value("code").as_deref(), Some("no spaces"));
    assert!(page.says("Use 2 to 30 letters"), "{}", page.body);
    let basics = [("code", "ls-2027"), ("mode", "LS"), ("language-en", "on"), ("language-fr", "on")];
    save(&mut officer, &format!("{call}/basics"), &basics).await;
    let preview = officer.get(&format!("{call}/preview")).await;
    assert!(preview.says("A preview of what is typed now") && preview.says("Excellence"), "{}", preview.body);
    assert_eq!(Browser::new(&world).get("/calls/LS-2027").await.status, 404, "not public yet");
    // Two tabs: the second is told.
    let old = officer.get(&format!("{call}/texts")).await.value("version").expect("a version");
    assert_eq!(save(&mut officer, &format!("{call}/publish"), &[]).await.location(), call);
    assert_eq!(officer.post(&format!("{call}/texts"), &[("version", &old)]).await.status, 409);
    let mut visitor = Browser::new(&world);
    let public = visitor.get("/calls/ls-2027").await;
    assert!(public.says("next cut-off") && public.says("Brussels"), "{}", public.body);
    assert!(visitor.get("/calls").await.says("LS-2027"));
    assert!(visitor.get("/").await.says("/calls/LS-2027") && visitor.get("/modes/LS").await.says("/calls/LS-2027"));
    // A second version says why; what changed is on the page.
    save(&mut officer, &format!("{call}/size"), &[("max_gpus", "4096")]).await;
    assert!(officer.get(&call).await.says("changed since the version in force"));
    save(&mut officer, &format!("{call}/publish"), &[("reason", "")]).await.assert_wrong("reason");
    let again = save(&mut officer, &format!("{call}/publish"), &[("reason", "Half the machine is away.")]).await;
    assert_eq!(again.location(), call, "{}", again.body);
    let overview = officer.get(&call).await;
    assert!(overview.says("GPUs at once, at most") && overview.says("8192") && overview.says("Half the machine"));
    let version = overview.value("version").expect("a version");
    officer.post(&format!("{call}/close"), &[("version", &version)]).await.assert_wrong("reason");
    let closed = officer.post(&format!("{call}/close"), &[("version", &version), ("reason", "Enough.")]).await;
    assert_eq!(closed.location(), call, "{}", closed.body);
    assert!(visitor.get("/calls/LS-2027").await.says("Closed by the programme office"));
    // A closed call is changed by nobody any more.
    assert_eq!(officer.get(&format!("{call}/size")).await.status, 303);
    let archived = save(&mut officer, &call, &[]).await;
    assert_eq!(archived.status, 405, "there is nothing to post to the overview itself");
    let version = officer.get(&call).await.value("version").expect("a version");
    assert_eq!(officer.post(&format!("{call}/archive"), &[("version", &version)]).await.location(), "/calls/manage");
    assert!(!visitor.get("/calls").await.says("LS-2027"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_applicant_answers_the_questions_that_the_answers_show() {
    let world = World::sqlite().await;
    published(&mut officer(&world).await).await;
    let mut company = applicant(&world).await;
    let page = company.get("/calls/OPEN-PG").await;
    assert!(page.says("Start an application under this call") && page.says("Met"), "{}", page.body);
    let overview = begun(&mut company).await;
    assert!(company.get(&overview).await.says("Questions of this call"));
    let questions = format!("{overview}/questions");
    let page = company.get(&questions).await;
    assert!(page.says("Is it &lt;b&gt;open&lt;/b&gt;?") && !page.says("Under which licence"), "{}", page.body);
    // The answer brings another question: one is shown it before one goes on.
    assert_eq!(company.post(&questions, &[("q-1", "yes"), ("q-3", "One")]).await.location(), questions);
    let page = company.get(&questions).await;
    assert!(page.says("bring further questions") && page.says("Under which licence"), "{}", page.body);
    let check = format!("{overview}/check");
    assert!(company.get(&check).await.says(&format!("href=\"{questions}#q-2\"")));
    let long = "word ".repeat(11);
    let typed = [("q-1", "yes"), ("q-2", long.as_str()), ("q-3", "One")];
    assert_eq!(company.post(&questions, &typed).await.location(), check);
    let page = company.get(&questions).await;
    assert!(page.says("11 words of at most 10") && page.says("error-summary"), "{}", page.body);
    let typed = [("q-1", "yes"), ("q-2", "<script>alert(1)</script>"), ("q-3", "One")];
    company.post(&questions, &typed).await;
    let page = company.get(&check).await;
    assert!(page.says("&lt;script&gt;alert(1)") && !page.says("<script>alert(1)"), "{}", page.body);
    let version = page.value("version").expect("a version");
    let sent = company.post(&check, &[("version", &version)]).await;
    assert_eq!(sent.location(), overview, "{}", sent.body);
    // A double submit leads to what is there.
    let again = company.post(&check, &[("version", &version)]).await;
    assert_eq!(again.status, 409);
    let page = company.get(&overview).await;
    assert!(page.says("under version 1 of the call") && page.says("Under which licence?"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_taken_if_it_is_a_pdf_and_given_out_as_a_download() {
    let world = World::sqlite().await;
    published(&mut officer(&world).await).await;
    let mut company = applicant(&world).await;
    let overview = begun(&mut company).await;
    let file = format!("{overview}/questions/3/file");
    for wrong in ["GIF89a", "%PDF-1.7 <script>alert(1)</script>", ""] {
        let refused = upload(&mut company, &file, "plan.pdf", wrong).await;
        refused.assert_wrong("file-3");
    }
    let large = format!("{}{}", pdf(), " ".repeat(10 * 1024 * 1024));
    upload(&mut company, &file, "plan.pdf", &large).await.assert_wrong("file-3");
    let enormous = " ".repeat(11 * 1024 * 1024);
    assert_eq!(upload(&mut company, &file, "plan.pdf", &enormous).await.status, 413);
    // Not a form with a file at all.
    company.post(&file, &[("file", "x")]).await.assert_wrong("file-3");
    let kept = upload(&mut company, &file, "../../été \u{202e}.pdf", &pdf()).await;
    assert_eq!(kept.location(), format!("{overview}/questions#file-3"), "{}", kept.body);
    let page = company.get(&format!("{overview}/questions")).await;
    let path = page.body.split("href=\"/attachments/").nth(1).expect("a link");
    let path = format!("/attachments/{}", path.split('"').next().expect("an address"));
    let answer = company.get(&path).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/pdf"));
    assert!(answer.header("content-disposition").starts_with("attachment; filename=\""), "{:?}", answer.headers);
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!(answer.body, pdf());
    assert_eq!(Browser::new(&world).get(&path).await.status, 303, "a visitor signs in first");
    let stranger = world.person("stranger@x.example").await;
    world.place(stranger, Stand::Reviewer).await;
    let mut browser = Browser::new(&world);
    browser.enter_as(&world, stranger, Stand::Reviewer).await;
    assert_eq!(browser.get(&path).await.status, 404, "a draft is nobody's");
    assert_eq!(company.post(&format!("{file}/remove"), &[]).await.status, 303);
    assert_eq!(company.get(&path).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_megabytes_and_control_characters_are_refused_and_nothing_breaks() {
    let world = World::sqlite().await;
    let mut officer = officer(&world).await;
    let call = published(&mut officer).await;
    let enormous = "x".repeat(10_000_000);
    let path = format!("{call}/texts");
    let version = officer.get(&path).await.value("version").expect("a version");
    let refused = officer.post(&path, &[("version", &version), ("title-en", &enormous)]).await;
    assert!(refused.status.is_client_error(), "{}", refused.status);
    let long = "x".repeat(1_900_000);
    assert_eq!(save(&mut officer, &path, &[("title-en", &long), ("title-fr", "a\u{7}b")]).await.status, 303);
    let page = officer.get(&path).await;
    assert!(page.says("error-summary") || page.says("problem"), "{}", page.status);
    let publish = officer.get(&format!("{call}/publish")).await;
    assert!(publish.says(&format!("{call}/texts#title-en")) && publish.says(&format!("{call}/texts#title-fr")));
    for (path, fields) in [
        (format!("{call}/publish"), vec![("version", "many"), ("reason", "x")]),
        (format!("{call}/close"), vec![("version", "-1"), ("reason", "x")]),
    ] {
        assert_eq!(officer.post(&path, &fields).await.status, 409, "{path}");
    }
    for path in ["question/0", "question/9", "question/x", "nothing"] {
        assert_eq!(officer.get(&format!("{call}/{path}")).await.status, 404, "{path}");
    }
    officer.post("/calls/manage", &[("from", "<b>")]).await.assert_wrong("from");
}
