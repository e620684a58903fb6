//! The justification file of a decided application: whole, signed, the same each time, and hidden by a conflict.

use domain::actor::Stand;
use services::{
    Desk, Error,
    dossier::{Names, archive},
};
use testkit::{World, both};
use text::Locale;

use crate::{
    applications::{small_company, submitted},
    reviews::{decide, review, staff, typed},
};

async fn decided(world: &World) -> (Desk, Desk, domain::id::ApplicationId) {
    let (company, _) = small_company(world, 1).await;
    let id = submitted(&company).await;
    let away = staff(world, "away@x.example", Stand::Reviewer).await;
    away.declare_conflict(id, "My sister Zelda works there.").await.unwrap();
    review(&staff(world, "reviewer@x.example", Stand::Reviewer).await, id, "approve").await;
    let officer = staff(world, "officer@x.example", Stand::Officer).await;
    decide(&officer, id, &typed("approved", "5 000")).await.unwrap();
    (company, officer, id)
}

both! {
    async fn a_decision_has_a_file_that_is_whole_and_always_the_same(world) {
        let (company, officer, id) = decided(&world).await;
        let (name, bytes) = officer.read_dossier(id, Names::Full, Locale::En).await.unwrap();
        assert_eq!(name, "GH-PG-2026-00001-dossier-full.zip");
        world.advance(chrono::TimeDelta::days(40));
        let later = world.desk(officer.actor);
        assert_eq!(later.read_dossier(id, Names::Full, Locale::En).await.unwrap().1, bytes, "the same state, the same bytes");
        assert_eq!(later.find_dossier("GH-PG-2026-00001", Names::Full, Locale::En).await.unwrap().1, bytes);
        let (manifest, faults) = archive::check(&bytes, Some(&officer.signing_key()));
        assert_eq!(faults, []);
        let files: Vec<String> = manifest.unwrap().files.into_iter().map(|file| file.name).collect();
        for wanted in ["application", "eligibility", "conflicts", "reviews", "decision", "prices", "timeline", "mails", "actions"] {
            assert!(files.contains(&format!("{wanted}.json")), "{wanted} is missing in {files:?}");
        }
        let text = String::from_utf8_lossy(&bytes);
        for said in [
            "The estimate was compared with measured throughput.",
            "the estimate is generous by a third",
            "My sister Zelda works there.",
            "reviewer@x.example",
            "GH-PG-2026-00001: approved",
            "ada@firm.example",
        ] {
            assert!(text.contains(said), "{said}");
        }
        world.work().await;
        assert_ne!(later.read_dossier(id, Names::Full, Locale::En).await.unwrap().1, bytes, "the mails have left");
        assert!(matches!(company.read_dossier(id, Names::Full, Locale::En).await, Err(Error::Denied(_))));
    }

    async fn the_variant_to_pass_on_names_nobody(world) {
        let (_, officer, id) = decided(&world).await;
        let (_, bytes) = officer.read_dossier(id, Names::Initials, Locale::Fr).await.unwrap();
        assert_eq!(archive::check(&bytes, Some(&officer.signing_key())).1, []);
        let text = String::from_utf8_lossy(&bytes);
        for hidden in ["@x.example", "Zelda", "ada@firm.example", "\"person_id\""] {
            assert!(!text.contains(hidden), "{hidden}");
        }
        assert!(text.contains("\"initials\": \"R.\"") && text.contains("generous by a third"));
    }

    async fn a_conflict_hides_the_file_as_it_hides_the_application(world) {
        let (company, officer, id) = decided(&world).await;
        let other = staff(&world, "other@x.example", Stand::Officer).await;
        other.declare_conflict(id, "I advised them last year.").await.unwrap();
        let hidden = other.read_dossier(id, Names::Initials, Locale::En).await;
        assert!(matches!(hidden, Err(Error::NotFound)), "{:?}", hidden.map(|found| found.0));
        let found = other.find_dossier("GH-PG-2026-00001", Names::Initials, Locale::En).await;
        assert!(matches!(found, Err(Error::NotFound)));
        assert!(officer.read_dossier(id, Names::Initials, Locale::En).await.is_ok());
        let draft = company.start_application(domain::mode::Code::FL).await.unwrap();
        let unsent = world.desk(domain::actor::Actor::SYSTEM).read_dossier(draft, Names::Full, Locale::En).await;
        assert!(matches!(unsent, Err(Error::NotFound)), "a draft has none");
    }
}
