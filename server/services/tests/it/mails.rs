//! Mails: tried again while the relay is away, given up where people see it, sent once it is back; links stay secret.

use chrono::TimeDelta;
use domain::actor::{Actor, Stand};
use services::{
    Services, SignUp,
    gateways::{Gateways, mail::Mailer},
    jobs::Worker,
    rows::MailState,
};
use testkit::{World, both};
use text::Locale;

/// The same world with a relay that nobody answers at.
fn without_relay(world: &World) -> Services {
    let mail = Mailer::smtp("smtp://127.0.0.1:1", "Gigahours <no-reply@gigahours.example>").unwrap();
    let gateways = Gateways { mail, ..world.services.gateways().clone() };
    Services::new(world.services.database().clone(), gateways, world.services.settings().clone())
}

async fn sign_up(world: &World) {
    let typed = SignUp {
        email: "ana@firma.example".to_owned(),
        name: "Ana Silva".to_owned(),
        password: "correct horse battery".to_owned(),
        locale: Locale::En,
        network: "192.0.2.1".to_owned(),
    };
    world.desk(Actor::VISITOR).sign_up(typed).await.unwrap();
}

both! {
    async fn a_mail_waits_for_the_relay_and_is_given_up_where_people_see_it(world) {
        sign_up(&world).await;
        let broken = Worker::new(without_relay(&world), "broken".to_owned());
        broken.drain().await.unwrap();
        let state = |mails: &[services::rows::MailRow]| mails.first().map(|mail| (mail.state, mail.attempts)).unwrap();
        let system = world.desk(Actor::SYSTEM);
        assert_eq!(state(&system.demo_mails(5).await.unwrap()), (MailState::Queued, 1), "tried, and still to be sent");
        for _ in 0..7 {
            world.advance(TimeDelta::hours(5));
            broken.drain().await.unwrap();
        }
        let mails = system.demo_mails(5).await.unwrap();
        assert_eq!(state(&mails), (MailState::Failed, 8));
        assert!(mails.first().unwrap().last_error.is_some());

        let person = world.person("root@programme.example").await;
        let admin = world.desk(Actor::person(person, Stand::Administrator));
        let jobs = admin.jobs().await.unwrap();
        let parked = jobs.iter().find(|job| job.parked_at.is_some()).expect("a parked job");
        assert_eq!(parked.kind, "send_mail");
        admin.retry_job(parked.id).await.unwrap();
        world.work().await;
        assert_eq!(state(&system.demo_mails(5).await.unwrap()).0, MailState::Sent);
        assert!(admin.jobs().await.unwrap().iter().all(|job| job.parked_at.is_none()));
    }

    async fn links_that_prove_who_one_is_are_nobody_elses_to_read(world) {
        sign_up(&world).await;
        let person = world.person("staff@programme.example").await;
        for stand in [Stand::Finance, Stand::Administrator] {
            let staff = world.desk(Actor::person(person, stand));
            assert!(staff.mails(None, 50).await.unwrap().is_empty(), "{stand:?}");
        }
    }
}
