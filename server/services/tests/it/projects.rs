//! Projects of a company: shares of its hours, checked where hours are bound; nobody else's to see.

use domain::{
    actor::{Actor, Seat, Stand},
    gpu::GpuTime,
    problem::{Invalid, Problem},
    project::{TypedProject, TypedShare},
    quota::{Kind, TypedQuota},
};
use services::{Desk, Error};
use testkit::both;

use crate::{
    actions::h,
    capacity::{approved, company, offer, site, slot},
    reviews::staff,
};

fn named(name: &str) -> TypedProject {
    TypedProject { name: name.to_owned() }
}

fn share(hours: &str) -> TypedShare {
    TypedShare { hours: hours.to_owned(), reason: "The model of spring.".to_owned() }
}

fn fault<T: std::fmt::Debug>(result: Result<T, Error>) -> Vec<(String, Problem)> {
    match result {
        Err(Error::Invalid(Invalid(problems))) => problems,
        other => panic!("expected a problem, got {other:?}"),
    }
}

both! {
    async fn a_booking_is_held_against_the_share_of_its_project_and_of_no_other(world) {
        let here = site(&world, "here", 100).await;
        let (organisation, owner, _) = company(&world, 1).await;
        let weather = owner.open_project(&named("Weather")).await.unwrap();
        let speech = owner.open_project(&named("Speech")).await.unwrap();
        assert_eq!(fault(owner.open_project(&named("Weather")).await), [("name".to_owned(), Problem::Taken)]);
        owner.share_quota(weather, &share("300")).await.unwrap();
        owner.share_quota(weather, &share("300")).await.unwrap();
        let (one, two) = (approved(&world, organisation, 1).await, approved(&world, organisation, 1).await);
        let (first, second) = (offer(&world, &one, slot(here, 1, 1)).await, offer(&world, &two, slot(here, 1, 1)).await);
        for application in [one.application, two.application] {
            owner.assign_project(application, Some(weather)).await.unwrap();
        }
        owner.accept_offer(first, 1).await.unwrap();
        assert_eq!(fault(owner.accept_offer(second, 1).await), [(String::new(), Problem::QuotaProject { free: 48 })]);
        let shown = owner.quotas_of(second).await.unwrap();
        assert_eq!((shown[0].name.kind, shown[0].name.of.as_str()), (Kind::Project, "Weather"));
        owner.assign_project(two.application, Some(speech)).await.unwrap();
        owner.accept_offer(second, 1).await.unwrap();
        // What is bound must fit where it goes.
        let back = owner.assign_project(two.application, Some(weather)).await;
        assert_eq!(fault(back), [("project".to_owned(), Problem::QuotaProject { free: 48 })]);
        owner.share_quota(weather, &share("")).await.unwrap();
        owner.assign_project(two.application, Some(weather)).await.unwrap();
        let read = owner.projects().await.unwrap();
        let bound: Vec<_> = read.rows.iter().map(|row| (row.row.name.as_str(), row.bound, row.standing.is_some())).collect();
        assert_eq!(bound, [("Speech", GpuTime::ZERO, false), ("Weather", h(504), false)]);
        owner.assign_project(two.application, None).await.unwrap();
    }

    async fn shares_stay_within_what_the_programme_gave_the_company(world) {
        let (organisation, owner, _) = company(&world, 1).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let typed = TypedQuota {
            kind: "organisation".to_owned(),
            company: "company 1".to_owned(),
            hours: "1 000".to_owned(),
            valid_from: domain::period::brussels_day(officer.now).to_string(),
            reason: "As the board decided.".to_owned(),
            ..TypedQuota::default()
        };
        officer.set_quota(&typed).await.unwrap();
        let weather = owner.open_project(&named("Weather")).await.unwrap();
        let speech = owner.open_project(&named("Speech")).await.unwrap();
        owner.share_quota(weather, &share("600")).await.unwrap();
        let over = owner.share_quota(speech, &share("401")).await;
        assert_eq!(fault(over), [("hours".to_owned(), Problem::QuotaShared { free: 400 })]);
        owner.share_quota(speech, &share("400")).await.unwrap();
        // Less for one is more for the other.
        owner.share_quota(weather, &share("100")).await.unwrap();
        owner.share_quota(speech, &share("900")).await.unwrap();
        let read = owner.projects().await.unwrap();
        assert_eq!((read.given, read.own.map(|own| own.most)), (h(1_000), Some(h(1_000))));
        // A share of this year's hours counts what this year's quota counts.
        let here = site(&world, "here", 100).await;
        let award = approved(&world, organisation, 1).await;
        let booked = offer(&world, &award, slot(here, 1, 1)).await;
        owner.assign_project(award.application, Some(speech)).await.unwrap();
        owner.accept_offer(booked, 1).await.unwrap();
        let bound = async |owner: &Desk| owner.projects().await.unwrap().rows[0].standing.as_ref().unwrap().bound;
        assert_eq!(bound(&owner).await, h(252));
        let tomorrow = domain::period::brussels_day(officer.now).succ_opt().unwrap().to_string();
        officer.set_quota(&TypedQuota { counts_from: tomorrow, ..typed }).await.unwrap();
        owner.share_quota(speech, &share("900")).await.unwrap();
        assert_eq!(bound(&owner).await, GpuTime::ZERO);
        // The programme's officers see the company's quota, and not how it divides it.
        let seen: Vec<Kind> = officer.quotas().await.unwrap().in_force.iter().map(|one| one.row.kind).collect();
        assert_eq!(seen, [Kind::Organisation]);
        let (_, stranger, _) = company(&world, 2).await;
        assert!(matches!(stranger.share_quota(weather, &share("1")).await, Err(Error::NotFound)));
        assert!(stranger.projects().await.unwrap().rows.is_empty());
        let applicant = world.person("applicant@x.example").await;
        let applicant = world.desk(Actor::person(applicant, Stand::Member { organisation, seat: Seat::Applicant }));
        assert!(matches!(applicant.open_project(&named("Own")).await, Err(Error::Denied(_))));
        assert_eq!(applicant.projects().await.unwrap().rows.len(), 2);
    }
}
