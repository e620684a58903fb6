//! Administration: roles decide where people may stand, parked jobs are taken up again, the audit names who did what.

use domain::{
    actor::{Actor, StaffRole, Stand},
    id::SiteId,
    policy::{Action, Effect},
    problem::Problem,
};
use services::{AuditQuery, Desk, Error};
use testkit::{World, both, problem};

async fn administrator(world: &World) -> Desk {
    let person = world.person("root@programme.example").await;
    world.desk(Actor::SYSTEM).appoint_administrator("root@programme.example").await.unwrap();
    world.desk(Actor::person(person, Stand::Administrator))
}

both! {
    async fn roles_are_granted_once_and_decide_where_one_may_stand(world) {
        let admin = administrator(&world).await;
        let person = world.person("rea@programme.example").await;
        let site: SiteId = "019aaf00-0000-7000-8000-000000000001".parse().unwrap();
        admin.grant_role(person, StaffRole::Reviewer, None).await.unwrap();
        admin.grant_role(person, StaffRole::Operator, Some(site)).await.unwrap();
        assert_eq!(problem(admin.grant_role(person, StaffRole::Reviewer, None).await), Problem::AlreadyDone);
        assert_eq!(problem(admin.grant_role(person, StaffRole::Operator, None).await), Problem::Required);
        assert_eq!(problem(admin.grant_role(person, StaffRole::Finance, Some(site)).await), Problem::NotAChoice);
        let standing = admin.standing(person).await.unwrap();
        assert_eq!(standing.stands, [Stand::Reviewer, Stand::Operator { site }]);

        let entry = admin.person(person).await.unwrap();
        let reviewer = entry.roles.iter().find(|role| role.role == StaffRole::Reviewer).unwrap();
        admin.remove_role(reviewer.id).await.unwrap();
        let standing = admin.standing(person).await.unwrap();
        assert_eq!(standing.stands, [Stand::Operator { site }]);
        let actor = standing.actor(Some(Stand::Reviewer));
        assert_eq!(actor.stand, Stand::Operator { site }, "a stand that was taken away is not kept");
    }

    async fn the_last_administrator_stays(world) {
        let admin = administrator(&world).await;
        let me = admin.actor.person.unwrap();
        let role = admin.person(me).await.unwrap().roles.first().unwrap().id;
        assert_eq!(problem(admin.remove_role(role).await), Problem::LastAdministrator);
        let other = world.person("second@programme.example").await;
        admin.grant_role(other, StaffRole::Administrator, None).await.unwrap();
        admin.remove_role(role).await.unwrap();
    }

    async fn two_who_remove_each_other_leave_one(world) {
        let one = administrator(&world).await;
        let person = world.person("second@programme.example").await;
        one.grant_role(person, StaffRole::Administrator, None).await.unwrap();
        let two = world.desk(Actor::person(person, Stand::Administrator));
        let mine = one.person(one.actor.person.unwrap()).await.unwrap().roles.first().unwrap().id;
        let theirs = one.person(person).await.unwrap().roles.first().unwrap().id;
        let (first, second) = tokio::join!(one.remove_role(theirs), two.remove_role(mine));
        assert_eq!(usize::from(first.is_ok()) + usize::from(second.is_ok()), 1, "{first:?} {second:?}");
        assert_eq!(world.lines("SELECT role FROM role").await, ["administrator"]);
    }

    async fn people_are_found_by_name_or_address_page_by_page(world) {
        let admin = administrator(&world).await;
        for number in 0..55 {
            world.person(&format!("p{number:02}@firma.example")).await;
        }
        let (found, next) = admin.people("P07", "").await.unwrap();
        assert_eq!((found.len(), next), (1, None));
        let (nothing, _) = admin.people("100%", "").await.unwrap();
        assert!(nothing.is_empty(), "signs of the pattern language are only signs");
        let (first, next) = admin.people("firma", "").await.unwrap();
        assert_eq!((first.len(), next.as_deref()), (50, Some("p49@firma.example")));
        let (second, next) = admin.people("firma", &next.unwrap()).await.unwrap();
        assert_eq!((second.len(), next), (5, None));
    }

    async fn only_administrators_administer(world) {
        let person = world.person("any@firma.example").await;
        for stand in [Stand::SignedIn, Stand::Reviewer, Stand::Officer, Stand::Finance] {
            let desk = world.desk(Actor::person(person, stand));
            assert!(matches!(desk.people("", "").await, Err(Error::Denied(_))), "{stand:?}");
            assert!(matches!(desk.audit(&AuditQuery::default()).await, Err(Error::Denied(_))), "{stand:?}");
            let granted = desk.grant_role(person, StaffRole::Administrator, None).await;
            assert!(matches!(granted, Err(Error::Denied(_))), "{stand:?}");
        }
    }

    async fn the_audit_says_who_changed_what(world) {
        let admin = administrator(&world).await;
        let person = world.person("rea@programme.example").await;
        admin.grant_role(person, StaffRole::Officer, None).await.unwrap();
        let query = AuditQuery { actor: "ROOT@programme.example".to_owned(), ..AuditQuery::default() };
        let page = admin.audit(&query).await.unwrap();
        let row = page.rows.first().unwrap();
        assert_eq!((row.action.as_str(), row.actor_group.as_str()), ("ChangeRoles", "administrator"));
        assert_eq!(page.people.get(&row.person_id.unwrap()).map(String::as_str), Some("root@programme.example"));
        assert!(row.changes.contains("\"table\":\"role\""), "{}", row.changes);

        let role = admin.person(person).await.unwrap().roles.first().unwrap().id;
        let query = AuditQuery { subject: role.to_string(), ..AuditQuery::default() };
        assert_eq!(admin.audit(&query).await.unwrap().rows.len(), 1, "found by what was changed");
        let query = AuditQuery { actor: "nobody@programme.example".to_owned(), ..AuditQuery::default() };
        assert!(admin.audit(&query).await.unwrap().rows.is_empty());
    }
}

/// Reads must not be able to write, or a change could escape the audit; the database refuses them on PostgreSQL, the
/// policy names the effect of each.
#[test]
fn every_action_that_changes_something_is_a_write() {
    for action in Action::ALL {
        let is_read = action.name().starts_with("Read");
        assert_eq!(action.effect() == Effect::Read, is_read, "{}", action.name());
    }
}
