//! The transaction audits itself: by construction, so for every action there will ever be.

use domain::{
    actor::{Actor, Group, Seat, Stand},
    id::Id,
    policy::{Action, Effect},
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::{
    Services, Settings,
    gateways::{Gateways, clock::Clock},
    store::{Database, Durability, entity::audit},
};

async fn services(folder: &std::path::Path) -> Services {
    let url = format!("sqlite://{}/test.db?mode=rwc", folder.display());
    let database = Database::connect(&url, Durability::Process).await.unwrap();
    database.migrate().await.unwrap();
    let clock = Clock::frozen("2026-11-23T09:00:00Z".parse().unwrap());
    let settings = Settings { public_url: "http://127.0.0.1:3000".to_owned(), demo: true };
    Services::new(database, Gateways::local(clock), settings)
}

fn one_of(group: Group) -> Actor {
    let organisation = Id::from_uuid(uuid::Uuid::nil());
    let site = Id::from_uuid(uuid::Uuid::nil());
    let member = |seat| Stand::Member { organisation, seat };
    let stand = match group {
        Group::Visitor => Stand::Visitor,
        Group::SignedIn => Stand::SignedIn,
        Group::Owner => member(Seat::Owner),
        Group::Applicant => member(Seat::Applicant),
        Group::Billing => member(Seat::Billing),
        Group::Reader => member(Seat::Reader),
        Group::Reviewer => Stand::Reviewer,
        Group::Officer => Stand::Officer,
        Group::Operator => Stand::Operator { site },
        Group::Finance => Stand::Finance,
        Group::Administrator => Stand::Administrator,
        Group::Meter => Stand::Meter { site },
        Group::System => Stand::System,
    };
    Actor { person: None, stand }
}

#[tokio::test]
async fn every_writing_action_leaves_one_audit_row_and_no_reading_one_does() {
    let folder = tempfile::tempdir().unwrap();
    let services = services(folder.path()).await;
    for action in Action::ALL {
        for group in Group::ALL {
            let desk = services.desk(one_of(group));
            let is_allowed = action.groups().contains(&group);
            let Ok(tx) = desk.begin(*action).await else {
                assert!(!is_allowed, "{action:?} as {group:?}");
                continue;
            };
            assert!(is_allowed, "{action:?} as {group:?}");
            tx.commit().await.unwrap();
            let tx = services.desk(Actor::SYSTEM).begin(Action::ReadJobs).await.unwrap();
            let rows = audit::Entity::find()
                .filter(audit::Column::Action.eq(action.name()))
                .filter(audit::Column::ActorGroup.eq(group.code()))
                .count(crate::store::reading(&tx))
                .await
                .unwrap();
            assert_eq!(rows, u64::from(action.effect() == Effect::Write), "{action:?} as {group:?}");
        }
    }
}

#[test]
fn only_the_queues_own_bookkeeping_goes_unaudited() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if std::fs::read_to_string(&path).unwrap().contains("commit_unaudited()") {
                found.push(path.strip_prefix(&root).unwrap().display().to_string());
            }
        }
    }
    found.retain(|path| path != "desk/tests.rs");
    assert_eq!(found, ["jobs/worker.rs"]);
}
