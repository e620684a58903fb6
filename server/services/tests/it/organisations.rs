//! Organisations: registered once, changed by their owners, sized from their figures, checked in the background.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use domain::{
    actor::{Actor, Seat, Stand},
    id::{OrganisationId, PersonId},
    organisation::{DetailsForm, SizeClass},
    problem::Problem,
    vat::VatState,
};
use services::{Desk, Error};
use testkit::{World, both, fault};
use text::Locale;

fn form(name: &str, registration: &str, vat_id: &str) -> DetailsForm {
    DetailsForm {
        legal_name: name.to_owned(),
        street: "Rue du Calcul 3".to_owned(),
        city: "Paris".to_owned(),
        postcode: "75011".to_owned(),
        country: "FR".to_owned(),
        registration_number: registration.to_owned(),
        vat_id: vat_id.to_owned(),
        founded_on: "2024-02-01".to_owned(),
        nace: "62.10".to_owned(),
        ..DetailsForm::default()
    }
}

fn typed(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn seat(world: &World, person: PersonId, organisation: OrganisationId, seat: Seat) -> Desk {
    world.desk(Actor::person(person, Stand::Member { organisation, seat }))
}

/// A person who has registered an organisation, as its owner.
async fn owner(world: &World, email: &str, registration: &str, vat_id: &str) -> (PersonId, OrganisationId, Desk) {
    let person = world.person(email).await;
    let desk = world.desk(Actor::person(person, Stand::SignedIn));
    let id = desk.create_organisation(&form("Cosmos Vision SAS", registration, vat_id)).await.unwrap();
    (person, id, seat(world, person, id, Seat::Owner))
}

/// The secret in the last invitation mailed to that address.
async fn invitation_secret(world: &World, email: &str) -> String {
    let text = world.mail_to(email).await.expect("a mail");
    let link = text.split_whitespace().find(|word| word.contains("/invitation/")).expect("a link");
    link.rsplit('/').next().unwrap().to_owned()
}

both! {
    async fn registering_makes_an_owner_and_asks_about_the_number(world) {
        let (person, id, desk) = owner(&world, "a@x.example", "303 265 045", "FR 40303265045").await;
        let facts = desk.own_organisation().await.unwrap();
        assert_eq!(facts.organisation.id, id);
        assert_eq!(facts.organisation.vat_state, VatState::Unchecked);
        assert_eq!(facts.organisation.size_class, None);
        let members = desk.members().await.unwrap().members;
        assert_eq!(members.iter().map(|member| (member.person, member.seat)).collect::<Vec<_>>(), [(person, Seat::Owner)]);
        world.work().await;
        let facts = desk.own_organisation().await.unwrap();
        assert_eq!(facts.organisation.vat_state, VatState::Valid);
        assert_eq!(facts.organisation.vat_consultation.as_deref(), Some("FAKE-FR40303265045"));
        assert_eq!(facts.checks.len(), 1);
    }

    async fn a_legal_entity_is_registered_once(world) {
        owner(&world, "a@x.example", "303 265 045", "").await;
        let second = world.person("b@x.example").await;
        let desk = world.desk(Actor::person(second, Stand::SignedIn));
        let again = desk.create_organisation(&form("Another name", "303.265.045", "")).await;
        assert_eq!(fault(again), ("registration_number".to_owned(), Problem::Taken));
    }

    async fn an_outage_is_asked_again_and_does_not_undo_an_answer(world) {
        let (_, _, desk) = owner(&world, "a@x.example", "1", "FR40303265099").await;
        world.work().await;
        assert_eq!(desk.own_organisation().await.unwrap().organisation.vat_state, VatState::Unavailable);
        world.advance(TimeDelta::hours(1));
        world.work().await;
        let facts = desk.own_organisation().await.unwrap();
        assert_eq!(facts.checks.len(), 2);
        assert!(facts.organisation.vat_checked_at.is_none());

        let version = facts.organisation.version;
        desk.change_organisation(&form("Cosmos Vision SAS", "1", "FR40303265045"), version).await.unwrap();
        world.work().await;
        assert_eq!(desk.own_organisation().await.unwrap().organisation.vat_state, VatState::Valid);
        // The job that still asks about the old number finds it gone.
        world.advance(TimeDelta::hours(5));
        world.work().await;
        assert_eq!(desk.own_organisation().await.unwrap().organisation.vat_state, VatState::Valid);
        let version = desk.own_organisation().await.unwrap().organisation.version;
        desk.change_organisation(&form("Cosmos Vision SAS", "1", "FR41303265045"), version).await.unwrap();
        world.work().await;
        assert_eq!(desk.own_organisation().await.unwrap().organisation.vat_state, VatState::Invalid);
    }

    async fn nobody_overwrites_what_they_have_not_seen(world) {
        let (_, _, desk) = owner(&world, "a@x.example", "1", "").await;
        desk.change_organisation(&form("New name", "1", ""), 1).await.unwrap();
        let late = desk.change_organisation(&form("Other name", "1", ""), 1).await;
        assert!(matches!(late, Err(Error::Stale)));
    }

    async fn others_do_not_find_it(world) {
        let (_, id, _) = owner(&world, "a@x.example", "1", "").await;
        let (_, _, other) = owner(&world, "b@x.example", "2", "").await;
        assert!(matches!(other.read_organisation(id).await, Err(Error::NotFound)));
        let visitor = world.desk(Actor::VISITOR);
        assert!(matches!(visitor.read_organisation(id).await, Err(Error::Denied(_))));
        let reviewer = world.desk(Actor::person(world.person("r@x.example").await, Stand::Reviewer));
        assert!(reviewer.read_organisation(id).await.is_ok());
    }

    async fn figures_and_owners_make_the_size(world) {
        let (person, id, desk) = owner(&world, "a@x.example", "1", "").await;
        let years = typed(&[
            ("year1_ends", "2025-12-31"), ("year1_staff", "40"), ("year1_turnover", "1000000"), ("year1_balance", "1000000"),
        ]);
        desk.change_figures(&years, 1).await.unwrap();
        let facts = desk.own_organisation().await.unwrap();
        assert_eq!((facts.organisation.size_class, facts.organisation.start_up), (Some(SizeClass::Small), true));
        let partner = typed(&[
            ("name", "Partner AG"), ("direction", "upstream"), ("kind", "enterprise"), ("share", "30"),
            ("staff", "40"), ("turnover", "0"), ("balance", "0"),
        ]);
        desk.add_owner(&partner, None, 2).await.unwrap();
        let facts = desk.own_organisation().await.unwrap();
        assert_eq!((facts.organisation.size_class, facts.organisation.start_up), (Some(SizeClass::Medium), false));
        let size = facts.size.unwrap();
        assert_eq!(size.years[0].total.staff.as_hundredths(), 5_200);

        let parent = facts.owners[0].id;
        let above = typed(&[
            ("name", "Konzern SE"), ("direction", "upstream"), ("kind", "enterprise"), ("share", "100"),
            ("staff", "9000"), ("turnover", "1000000000"), ("balance", "1000000000"),
        ]);
        desk.add_owner(&above, Some(parent), 3).await.unwrap();
        assert_eq!(desk.own_organisation().await.unwrap().organisation.size_class, Some(SizeClass::Large));
        let over = typed(&[("name", "X"), ("direction", "upstream"), ("kind", "person"), ("share", "70,01")]);
        assert_eq!(fault(desk.add_owner(&over, None, 4).await), ("share".to_owned(), Problem::SharesOverWhole));

        desk.remove_owner(parent, 4).await.unwrap();
        let facts = desk.own_organisation().await.unwrap();
        assert_eq!((facts.owners.len(), facts.organisation.size_class), (0, Some(SizeClass::Small)));
        let applicant = seat(&world, person, id, Seat::Applicant);
        assert!(matches!(applicant.change_figures(&years, 5).await, Err(Error::Denied(_))));
    }

    async fn an_invitation_is_for_one_address_and_once(world) {
        let (_, id, desk) = owner(&world, "a@x.example", "1", "").await;
        desk.invite_member(" Guest@x.example ", Some(Seat::Applicant), Locale::Fr).await.unwrap();
        let first = invitation_secret(&world, "guest@x.example").await;
        desk.invite_member("guest@x.example", Some(Seat::Billing), Locale::En).await.unwrap();
        let secret = invitation_secret(&world, "guest@x.example").await;
        let visitor = world.desk(Actor::VISITOR);
        assert!(matches!(visitor.read_invitation(&first).await, Err(Error::NotFound)), "the first link died");
        assert_eq!(visitor.read_invitation(&secret).await.unwrap().organisation, "Cosmos Vision SAS");

        let stranger = world.desk(Actor::person(world.person("c@x.example").await, Stand::SignedIn));
        assert_eq!(fault(stranger.accept_invitation(&secret).await).1, Problem::Mismatch);
        let guest_id = world.person("guest@x.example").await;
        let guest = world.desk(Actor::person(guest_id, Stand::SignedIn));
        assert_eq!(guest.accept_invitation(&secret).await.unwrap(), (id, Seat::Billing));
        assert!(matches!(guest.accept_invitation(&secret).await, Err(Error::NotFound)));
        assert!(desk.members().await.unwrap().invitations.is_empty());
        assert_eq!(desk.members().await.unwrap().members.len(), 2);
        assert_eq!(fault(desk.invite_member("guest@x.example", Some(Seat::Reader), Locale::En).await).1, Problem::AlreadyDone);
        assert_eq!(fault(desk.invite_member("nobody", Some(Seat::Reader), Locale::En).await), ("email".to_owned(), Problem::NotAnEmail));
    }

    async fn an_invitation_runs_out_and_can_be_taken_back(world) {
        let (_, _, desk) = owner(&world, "a@x.example", "1", "").await;
        let guest = world.desk(Actor::person(world.person("guest@x.example").await, Stand::SignedIn));
        desk.invite_member("guest@x.example", Some(Seat::Reader), Locale::En).await.unwrap();
        let secret = invitation_secret(&world, "guest@x.example").await;
        let (_, _, other) = owner(&world, "b@x.example", "2", "").await;
        let invitation = desk.members().await.unwrap().invitations[0].id;
        assert!(matches!(other.withdraw_invitation(invitation).await, Err(Error::NotFound)));
        world.advance(TimeDelta::days(15));
        assert!(matches!(world.desk(guest.actor).accept_invitation(&secret).await, Err(Error::NotFound)));
        world.desk(desk.actor).withdraw_invitation(invitation).await.unwrap();
        assert!(world.desk(desk.actor).members().await.unwrap().invitations.is_empty());
    }

    async fn the_last_owner_stays(world) {
        let (first, id, desk) = owner(&world, "a@x.example", "1", "").await;
        assert_eq!(fault(desk.leave_organisation().await).1, Problem::LastOwner);
        assert_eq!(fault(desk.change_member(first, Seat::Reader).await).1, Problem::LastOwner);
        desk.invite_member("guest@x.example", Some(Seat::Reader), Locale::En).await.unwrap();
        let secret = invitation_secret(&world, "guest@x.example").await;
        let second = world.person("guest@x.example").await;
        world.desk(Actor::person(second, Stand::SignedIn)).accept_invitation(&secret).await.unwrap();
        desk.change_member(second, Seat::Owner).await.unwrap();

        // Two owners who remove each other at once: one of them stays.
        let other = seat(&world, second, id, Seat::Owner);
        let (one, two) = tokio::join!(desk.remove_member(second), other.remove_member(first));
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        let reviewer = world.desk(Actor::person(first, Stand::Officer));
        assert!(reviewer.read_organisation(id).await.is_ok());
    }

    async fn a_reader_may_leave(world) {
        let (_, id, desk) = owner(&world, "a@x.example", "1", "").await;
        desk.invite_member("guest@x.example", Some(Seat::Reader), Locale::En).await.unwrap();
        let secret = invitation_secret(&world, "guest@x.example").await;
        let guest = world.person("guest@x.example").await;
        world.desk(Actor::person(guest, Stand::SignedIn)).accept_invitation(&secret).await.unwrap();
        let reader = seat(&world, guest, id, Seat::Reader);
        assert!(matches!(reader.remove_member(guest).await, Err(Error::Denied(_))));
        reader.leave_organisation().await.unwrap();
        assert_eq!(desk.members().await.unwrap().members.len(), 1);
    }
}
