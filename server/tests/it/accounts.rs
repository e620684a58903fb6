//! Accounts through HTTP: what a stranger can learn, what a session is worth, how it ends.

use domain::{
    actor::{Actor, Stand},
    id::PersonId,
};
use http::StatusCode;
use testkit::World;

use crate::browser::Browser;

const EMAIL: &str = "ana@firma.example";
const PASSWORD: &str = "correct horse battery";

async fn sign_up(browser: &mut Browser, email: &str) -> crate::browser::Answer {
    browser.post("/sign-up", &[("name", "Ana Silva"), ("email", email), ("password", PASSWORD)]).await
}

/// The path of the link in the last mail to this address.
async fn link(world: &World, email: &str) -> String {
    let text = world.mail_to(email).await.expect("a mail");
    let link = text.lines().find(|line| line.starts_with("http")).expect("a link");
    link.strip_prefix("http://127.0.0.1:3000").expect("a link of ours").to_owned()
}

/// A browser of somebody who signed up, confirmed and signed in, all through the pages.
async fn signed_in(world: &World) -> Browser {
    let mut browser = Browser::new(world);
    assert_eq!(sign_up(&mut browser, EMAIL).await.location(), "/sign-up/sent");
    let link = link(world, EMAIL).await;
    assert_eq!(browser.get(&link).await.status, StatusCode::OK);
    assert_eq!(browser.get(&link).await.status, StatusCode::OK, "looking does not use the link up");
    assert_eq!(browser.post(&link, &[]).await.location(), "/sign-in");
    assert_eq!(browser.post(&link, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY, "it works once");
    sign_in(&mut browser, PASSWORD).await;
    browser
}

async fn sign_in(browser: &mut Browser, password: &str) {
    let answer = browser.post("/sign-in", &[("email", EMAIL), ("password", password)]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/home"), "{}", answer.body);
}

async fn is_in(browser: &mut Browser) -> bool {
    browser.get("/account").await.status == StatusCode::OK
}

#[tokio::test]
async fn a_sign_up_ends_in_a_session_with_the_right_cookie() {
    let world = World::sqlite().await;
    let mut browser = Browser::new(&world);
    sign_up(&mut browser, EMAIL).await;
    let link = link(&world, EMAIL).await;
    browser.post(&link, &[]).await;
    let answer = browser.post("/sign-in", &[("email", EMAIL), ("password", PASSWORD)]).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"), "{cookie}");
    assert!(!cookie.contains("Secure"), "plain HTTP on loopback could not send it back: {cookie}");
}

#[tokio::test]
async fn the_cookie_is_for_https_alone_where_others_can_reach_us() {
    let world = World::sqlite().await;
    signed_in(&world).await;
    let mut browser = Browser::on(
        &world,
        &[
            ("GIGAHOURS_DEMO", "0"),
            ("GIGAHOURS_LISTEN", "0.0.0.0:3000"),
            ("GIGAHOURS_PUBLIC_URL", "https://gigahours.example"),
            ("GIGAHOURS_SMTP_URL", "smtps://u:p@relay.example"),
            ("GIGAHOURS_STRIPE_KEY", "sk_test_x"),
            ("GIGAHOURS_STRIPE_WEBHOOK_SECRET", "whsec_x"),
            ("GIGAHOURS_SIGNING_KEY", &"ab".repeat(32)),
        ],
    );
    let answer = browser.post("/sign-in", &[("email", EMAIL), ("password", PASSWORD)]).await;
    assert!(answer.header("set-cookie").contains("Secure"), "{}", answer.header("set-cookie"));
}

#[tokio::test]
async fn a_session_planted_before_the_sign_in_is_worth_nothing_after_it() {
    let world = World::sqlite().await;
    let mut browser = signed_in(&world).await;
    browser.post("/sign-out", &[]).await;
    // A session of nobody that both the attacker and the victim have.
    let mut attacker = Browser::new(&world);
    let nobody: PersonId = "019aaf00-0000-7000-8000-00000000dead".parse().unwrap();
    attacker.enter_as(&world, nobody, Stand::SignedIn).await;
    let planted = attacker.session().to_owned();
    browser.set_session(&planted);
    sign_in(&mut browser, PASSWORD).await;
    assert!(is_in(&mut browser).await);
    assert_ne!(browser.session(), planted, "the id is new");
    assert!(!is_in(&mut attacker).await, "the old one leads nowhere");
    // Nor does an id that nobody gave out become a session.
    let mut chosen = Browser::new(&world);
    chosen.set_session("AAAAAAAAAAAAAAAAAAAAAA");
    sign_in(&mut chosen, PASSWORD).await;
    assert_ne!(chosen.session(), "AAAAAAAAAAAAAAAAAAAAAA");
}

#[tokio::test]
async fn signing_out_ends_the_session_and_not_only_the_cookie() {
    let world = World::sqlite().await;
    let mut browser = signed_in(&world).await;
    let stolen = browser.session().to_owned();
    assert_eq!(browser.get("/sign-out").await.status, StatusCode::METHOD_NOT_ALLOWED, "a picture cannot sign out");
    assert_eq!(browser.post("/sign-out", &[]).await.status, StatusCode::SEE_OTHER);
    let mut thief = Browser::new(&world);
    thief.set_session(&stolen);
    assert!(!is_in(&mut thief).await);
}

#[tokio::test]
async fn a_person_sees_their_sessions_and_ends_them() {
    let world = World::sqlite().await;
    let mut here = signed_in(&world).await;
    let mut there = Browser::new(&world);
    sign_in(&mut there, PASSWORD).await;
    let page = here.get("/account/sessions").await;
    assert_eq!(page.body.matches("name=\"id\"").count(), 1, "one other session, and this one without a button");
    assert!(!page.body.contains(here.session()) && !page.body.contains(there.session()), "ids stay in cookies");
    let handle = page.body.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(here.post("/account/sessions", &[("id", &handle)]).await.status, StatusCode::SEE_OTHER);
    assert!(is_in(&mut here).await && !is_in(&mut there).await);

    let mut stranger = Browser::new(&world);
    let other = world.person("other@firma.example").await;
    stranger.enter_as(&world, other, Stand::SignedIn).await;
    let handle = services::store::session::stored(&here.session().parse().unwrap());
    stranger.post("/account/sessions", &[("id", &handle)]).await;
    assert!(is_in(&mut here).await, "nobody ends another's session");
}

#[tokio::test]
async fn a_new_password_signs_out_everywhere_else() {
    let world = World::sqlite().await;
    let mut here = signed_in(&world).await;
    let mut there = Browser::new(&world);
    sign_in(&mut there, PASSWORD).await;
    let wrong = here.post("/account/password", &[("old", "not the old one"), ("new", "another long secret")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(is_in(&mut there).await);
    here.post("/account/password", &[("old", PASSWORD), ("new", "another long secret")]).await;
    assert!(is_in(&mut here).await && !is_in(&mut there).await);
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_and_every_session_ends() {
    let world = World::sqlite().await;
    let mut browser = signed_in(&world).await;
    let mut elsewhere = Browser::new(&world);
    elsewhere.post("/forgotten", &[("email", EMAIL)]).await;
    let link = link(&world, EMAIL).await;
    assert!(link.starts_with("/reset/"), "{link}");
    assert_eq!(elsewhere.get(&link).await.status, StatusCode::OK);
    assert_eq!(elsewhere.post(&link, &[("password", "another long secret")]).await.location(), "/sign-in");
    assert!(!is_in(&mut browser).await);
    sign_in(&mut browser, "another long secret").await;
    assert_eq!(
        elsewhere.post(&link, &[("password", "a third long secret")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

/// What an answer says, without the nonce and the address that was typed.
fn said(answer: &crate::browser::Answer, email: &str) -> String {
    let nonce = answer.header("content-security-policy").split("'nonce-").nth(1).unwrap_or_default();
    let nonce = nonce.split('\'').next().filter(|nonce| !nonce.is_empty()).unwrap_or("no nonce");
    answer.body.replace(nonce, "…").replace(email, "…")
}

#[tokio::test]
async fn no_answer_tells_whether_an_address_is_registered() {
    let world = World::sqlite().await;
    signed_in(&world).await;
    for (path, expected) in [
        ("/sign-up", StatusCode::SEE_OTHER),
        ("/forgotten", StatusCode::SEE_OTHER),
        ("/sign-in", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let mut answers = Vec::new();
        for email in [EMAIL, "nobody@firma.example"] {
            let fields = [("name", "Somebody"), ("email", email), ("password", "another long secret")];
            let mut browser = Browser::new(&world);
            let answer = browser.post(path, &fields).await;
            let next = browser.get(if answer.location().is_empty() { path } else { answer.location() }).await;
            answers.push((answer.status, answer.location().to_owned(), said(&answer, email), said(&next, email)));
        }
        assert_eq!(answers[0], answers[1], "{path}");
        assert_eq!(answers[0].0, expected, "{path}");
    }
    assert!(world.mail_to("nobody@firma.example").await.is_some(), "a mail goes either way");
}

#[tokio::test]
async fn after_too_many_tries_the_page_says_to_wait() {
    let world = World::sqlite().await;
    signed_in(&world).await;
    let mut browser = Browser::new(&world);
    let wrong = [("email", EMAIL), ("password", "not the password")];
    let mut last = browser.post("/sign-in", &wrong).await;
    for _ in 0..10 {
        last = browser.post("/sign-in", &wrong).await;
    }
    assert_eq!(last.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(last.body.contains("Too many tries"), "{}", last.body);
}

#[tokio::test]
async fn people_switch_where_they_stand_and_only_to_places_they_have() {
    let world = World::sqlite().await;
    let person = world.person("rea@programme.example").await;
    world.place(person, Stand::Reviewer).await;
    world.place(person, Stand::Administrator).await;
    let mut browser = Browser::new(&world);
    browser.enter_as(&world, person, Stand::Reviewer).await;
    assert_eq!(browser.get("/admin/people").await.status, StatusCode::NOT_FOUND, "one role at a time");
    assert_eq!(browser.post("/stand", &[("stand", "1")]).await.location(), "/home");
    assert_eq!(browser.get("/admin/people").await.status, StatusCode::OK);
    assert_eq!(browser.post("/stand", &[("stand", "2")]).await.status, StatusCode::NOT_FOUND);

    let page = browser.get(&format!("/admin/people/{person}")).await;
    assert!(page.body.contains("rea@programme.example"), "{}", page.body);
    let refused = browser.post(&format!("/admin/people/{person}/grant"), &[("role", "reviewer")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let granted = browser.post(&format!("/admin/people/{person}/grant"), &[("role", "finance")]).await;
    assert_eq!(granted.status, StatusCode::SEE_OTHER);
    let audit = browser.get("/admin/audit?actor=rea%40programme.example&action=ChangeRoles").await;
    assert!(audit.body.contains("ChangeRoles") && audit.body.contains("insert role"), "{}", audit.body);
}

#[tokio::test]
async fn a_forged_stand_in_the_session_gives_nothing() {
    let world = World::sqlite().await;
    let person = world.person("mal@firma.example").await;
    let mut browser = Browser::new(&world);
    browser.enter_as(&world, person, Stand::Administrator).await;
    assert_eq!(browser.get("/admin/people").await.status, StatusCode::NOT_FOUND);
    let standing = world.desk(Actor::SYSTEM).standing(person).await.unwrap();
    assert_eq!(standing.actor(Some(Stand::Administrator)).stand, Stand::SignedIn);
}

#[tokio::test]
async fn a_session_that_is_used_lives_on_and_an_idle_one_ends() {
    let world = World::sqlite().await;
    let mut browser = signed_in(&world).await;
    for _ in 0..3 {
        world.advance(chrono::TimeDelta::hours(8));
        assert!(is_in(&mut browser).await);
    }
    world.advance(chrono::TimeDelta::hours(13));
    assert!(!is_in(&mut browser).await);
}
