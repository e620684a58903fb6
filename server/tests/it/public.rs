//! Pages for everybody, through HTTP: prices by address, exports, languages, the demo world's mailbox.

use http::StatusCode;
use testkit::World;

use crate::browser::Browser;

#[tokio::test]
async fn the_calculator_answers_by_address_and_says_what_is_wrong() {
    let world = World::sqlite().await;
    let mut browser = Browser::new(&world);
    let page = browser.get("/?hours=12000&model=H200&size=micro&country=FR").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.value("hours").as_deref(), Some("12000"));
    assert!(page.says("Fast Lane") && page.says("You pay"), "{}", page.body);
    let page = browser.get("/?hours=many&model=H200&size=micro&country=FR").await;
    page.assert_wrong("hours");
    assert_eq!(page.value("hours").as_deref(), Some("many"), "what was typed stays");
    let page = browser.get("/?hours=7500&model=H200&size=micro&country=FR").await;
    page.assert_wrong("hours");
    assert!(page.says("at most 5,000, or 10,001 and more"), "{}", page.body);
    assert!(browser.get("/?hours=12%20000&model=H200&size=micro&country=FR").await.says("Fast Lane"));
}

#[tokio::test]
async fn awards_come_as_a_page_as_csv_and_as_json() {
    let world = World::sqlite().await;
    let mut browser = Browser::new(&world);
    assert_eq!(browser.get("/awards?name=%25%27&country=ZZ&after=nonsense").await.status, StatusCode::OK);
    let csv = browser.get("/awards.csv?country=FR").await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(csv.header("content-disposition"), "attachment; filename=\"awards.csv\"");
    assert_eq!(csv.header("cache-control"), "private, no-store");
    for path in ["/awards?name=a%00b", "/calls/%00"] {
        let page = browser.get(path).await;
        assert!(page.status == StatusCode::BAD_REQUEST && page.says("<main"), "{path}: {}", page.body);
    }
    let json = browser.get("/awards.json").await;
    assert_eq!((json.status, json.body.starts_with('[')), (StatusCode::OK, true));
}

#[tokio::test]
async fn pages_have_no_inline_style_and_no_key_for_a_word() {
    let world = World::sqlite().await;
    let mut browser = Browser::new(&world);
    for path in ["/", "/awards", "/status", "/accessibility", "/privacy", "/imprint", "/demo/mails", "/nowhere"] {
        let page = browser.get(path).await;
        assert!(!page.says("style=\"") && !page.says("<script>"), "{path}: {}", page.body);
        assert_eq!(page.body.matches("<h1").count(), 1, "{path}");
        for part in page.body.split('>').skip(1) {
            let text = part.split('<').next().unwrap_or_default().trim();
            let is_key = text.starts_with(|first: char| first.is_ascii_lowercase())
                && text.matches('-').count() > 1
                && text.chars().all(|character| character.is_ascii_lowercase() || character == '-');
            assert!(!is_key, "{path} shows the key {text}");
        }
    }
}

#[tokio::test]
async fn a_mail_of_the_demo_world_can_be_read_and_followed() {
    let world = World::sqlite().await;
    let mut browser = Browser::new(&world);
    let typed = [("name", "Ana"), ("email", "ana@firma.example"), ("password", "correct horse battery")];
    browser.post("/sign-up", &typed).await;
    let list = browser.get("/demo/mails").await;
    let href = list.body.split("href=\"/demo/mails/").nth(1).and_then(|rest| rest.split('"').next()).expect("a mail");
    let path = format!("/demo/mails/{href}");
    let mail = browser.get(&path).await;
    assert!(mail.says("href=\"/confirm/"), "the link leads back here: {}", mail.body);
    let html = browser.get(&format!("{path}/html")).await;
    assert!(html.header("content-security-policy").contains("default-src 'none'"));
    assert!(html.says("<!doctype html>"));
}
