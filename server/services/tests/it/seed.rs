//! The demo world can be made on either database, once.

use domain::{actor::Actor, vat::VatState};
use services::{Credentials, seed};
use testkit::both;

both! {
    async fn it_is_made_once_and_everybody_can_sign_in(world) {
        assert!(seed::demo(&world.services).await.unwrap());
        assert!(!seed::demo(&world.services).await.unwrap(), "the second time it is there");
        for name in ["applicant", "reviewer", "officer", "officer2", "operator", "finance", "admin"] {
            let desk = world.desk(Actor::VISITOR);
            let credentials = Credentials {
                email: format!("{name}@demo.example"),
                password: seed::PASSWORD.to_owned(),
                network: name.to_owned(),
            };
            let person = desk.sign_in(credentials).await.unwrap();
            let standing = desk.standing(person).await.unwrap();
            // The operator can stand at each of the twelve sites, so that whoever tries the demo can confirm any booking.
            let places = if name == "operator" { 12 } else { 1 };
            assert_eq!(standing.stands.len(), places, "{name}");
        }
    }

    async fn the_company_has_a_size_and_a_checked_vat_number(world) {
        seed::demo(&world.services).await.unwrap();
        let desk = world.desk(Actor::VISITOR);
        let network = String::new();
        let credentials = Credentials { email: "applicant@demo.example".to_owned(), password: seed::PASSWORD.to_owned(), network };
        let standing = desk.standing(desk.sign_in(credentials).await.unwrap()).await.unwrap();
        let facts = world.desk(standing.actor(None)).own_organisation().await.unwrap();
        assert_eq!(facts.organisation.vat_state, VatState::Valid);
        assert!(facts.organisation.start_up && facts.organisation.size_class.is_some());
    }
}
