//! Accounts: nothing tells who is registered, links work once and in time, tries are counted.

use chrono::TimeDelta;
use domain::{
    actor::{Actor, Stand},
    problem::Problem,
};
use services::{Credentials, SignUp};
use testkit::{World, both, problem};
use text::Locale;

const PASSWORD: &str = "correct horse battery";

fn ana() -> SignUp {
    SignUp {
        email: "Ana@Firma.example".to_owned(),
        name: "Ana Silva".to_owned(),
        password: PASSWORD.to_owned(),
        locale: Locale::Fr,
        network: "192.0.2.1".to_owned(),
    }
}

fn credentials(password: &str) -> Credentials {
    Credentials {
        email: "ana@firma.example".to_owned(),
        password: password.to_owned(),
        network: "192.0.2.1".to_owned(),
    }
}

/// The secret at the end of the newest mail's link.
async fn secret(world: &World, kind: &str) -> String {
    let mails = world.desk(Actor::SYSTEM).demo_mails(50).await.unwrap();
    let mail = mails.iter().find(|mail| mail.kind == kind).unwrap_or_else(|| panic!("no mail {kind}"));
    let link = mail.text.lines().find(|line| line.starts_with("http")).expect("a link");
    link.rsplit('/').next().unwrap().to_owned()
}

async fn signed_up(world: &World) -> Actor {
    let visitor = world.desk(Actor::VISITOR);
    visitor.sign_up(ana()).await.unwrap();
    let person = visitor.confirm(&secret(world, "confirm_address").await).await.unwrap();
    Actor::person(person, Stand::SignedIn)
}

both! {
    async fn an_account_works_once_its_address_is_confirmed(world) {
        let visitor = world.desk(Actor::VISITOR);
        visitor.sign_up(ana()).await.unwrap();
        assert_eq!(problem(visitor.sign_in(credentials(PASSWORD)).await), Problem::CredentialsWrong);
        let secret = secret(&world, "confirm_address").await;
        visitor.confirmation(&secret).await.unwrap();
        let person = visitor.confirm(&secret).await.unwrap();
        assert_eq!(problem(visitor.confirm(&secret).await), Problem::LinkExpired, "a link works once");
        assert_eq!(visitor.sign_in(credentials(PASSWORD)).await.unwrap(), person);
        assert_eq!(problem(visitor.sign_in(credentials("wrong password here")).await), Problem::CredentialsWrong);
        let mails = world.desk(Actor::SYSTEM).demo_mails(10).await.unwrap();
        assert_eq!(mails.first().unwrap().locale, "fr", "in the language of the page");
    }

    async fn signing_up_twice_looks_the_same_and_tells_only_the_mailbox(world) {
        signed_up(&world).await;
        let visitor = world.desk(Actor::VISITOR);
        visitor.sign_up(SignUp { password: "somebody else's try".to_owned(), ..ana() }).await.unwrap();
        secret(&world, "already_registered").await;
        assert_eq!(problem(visitor.sign_in(credentials("somebody else's try")).await), Problem::CredentialsWrong);
        visitor.sign_in(credentials(PASSWORD)).await.unwrap();
    }

    async fn a_forgotten_password_is_replaced_by_link_within_the_hour(world) {
        signed_up(&world).await;
        let visitor = world.desk(Actor::VISITOR);
        visitor.forgotten("nobody@firma.example", "192.0.2.2", Locale::En).await.unwrap();
        visitor.forgotten("ana@firma.example", "192.0.2.2", Locale::En).await.unwrap();
        let first = secret(&world, "reset_password").await;
        world.advance(TimeDelta::minutes(61));
        let visitor = world.desk(Actor::VISITOR);
        assert_eq!(problem(visitor.reset_password(&first, "a new long password".to_owned()).await), Problem::LinkExpired);
        visitor.forgotten("ana@firma.example", "192.0.2.2", Locale::En).await.unwrap();
        let second = secret(&world, "reset_password").await;
        assert_eq!(problem(visitor.reset_password(&second, "short".to_owned()).await), Problem::TooShort { min: 12 });
        visitor.reset_password(&second, "a new long password".to_owned()).await.unwrap();
        visitor.sign_in(credentials("a new long password")).await.unwrap();
        assert_eq!(problem(visitor.sign_in(credentials(PASSWORD)).await), Problem::CredentialsWrong);
    }

    async fn an_address_changes_when_both_have_agreed(world) {
        let me = signed_up(&world).await;
        let desk = world.desk(me);
        desk.ask_to_change_address("ana@neu.example").await.unwrap();
        let (leave, take) = (secret(&world, "leave_address").await, secret(&world, "change_address").await);
        desk.confirm(&take).await.unwrap();
        assert_eq!(desk.account().await.unwrap().email, "ana@firma.example", "one half is not enough");
        desk.confirm(&leave).await.unwrap();
        assert_eq!(desk.account().await.unwrap().email, "ana@neu.example");
    }

    async fn tries_are_counted_by_account_and_given_back_with_time(world) {
        signed_up(&world).await;
        let visitor = world.desk(Actor::VISITOR);
        for _ in 0..10 {
            assert_eq!(problem(visitor.sign_in(credentials("wrong password here")).await), Problem::CredentialsWrong);
        }
        assert_eq!(problem(visitor.sign_in(credentials(PASSWORD)).await), Problem::TooManyTries);
        world.advance(TimeDelta::minutes(2));
        world.desk(Actor::VISITOR).sign_in(credentials(PASSWORD)).await.unwrap();
    }

    async fn mails_are_sent_by_the_queue(world) {
        world.desk(Actor::VISITOR).sign_up(ana()).await.unwrap();
        world.work().await;
        let mails = world.desk(Actor::SYSTEM).demo_mails(10).await.unwrap();
        let states: Vec<_> = mails.iter().map(|mail| (mail.kind.as_str(), mail.sent_at.is_some())).collect();
        assert_eq!(states, [("confirm_address", true)]);
    }
}
