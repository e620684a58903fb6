//! Every route asked for by every actor: what the route table lets through is what was reviewed.

use std::fmt::Write as _;

use app::routes::{Route, table};
use domain::{
    actor::{Actor, Group, Seat, Stand},
    country::Country,
    id::{OrganisationId, SiteId},
    organisation::DetailsForm,
};
use http::{Method, StatusCode};
use services::NewSite;
use testkit::World;

use crate::browser::{Answer, Browser};

/// Those who have pages: machines and the programme itself have none.
const GROUPS: [Group; 11] = [
    Group::Visitor,
    Group::SignedIn,
    Group::Owner,
    Group::Applicant,
    Group::Billing,
    Group::Reader,
    Group::Reviewer,
    Group::Officer,
    Group::Operator,
    Group::Finance,
    Group::Administrator,
];

/// An organisation and a site for people to stand in.
pub struct Places {
    pub organisation: OrganisationId,
    site: SiteId,
}

pub async fn places(world: &World) -> Places {
    let owner = world.person("founder@firma.example").await;
    let form = DetailsForm {
        legal_name: "Cosmos Vision SAS".to_owned(),
        street: "Rue du Calcul 3".to_owned(),
        city: "Paris".to_owned(),
        postcode: "75011".to_owned(),
        country: "FR".to_owned(),
        registration_number: "303 265 045".to_owned(),
        founded_on: "2024-02-01".to_owned(),
        nace: "62.10".to_owned(),
        ..DetailsForm::default()
    };
    let organisation = world.desk(Actor::person(owner, Stand::SignedIn)).create_organisation(&form).await.unwrap();
    let site = NewSite {
        slug: "alpha".to_owned(),
        name: "Alpha".to_owned(),
        country: Country::from_code("FR").unwrap(),
        city: "Bruyères-le-Châtel".to_owned(),
        login_host: "login.alpha.example".to_owned(),
    };
    Places { organisation, site: world.desk(Actor::SYSTEM).add_site(site).await.unwrap() }
}

pub fn stand(group: Group, places: &Places) -> Stand {
    let member = |seat| Stand::Member { organisation: places.organisation, seat };
    match group {
        Group::Owner => member(Seat::Owner),
        Group::Applicant => member(Seat::Applicant),
        Group::Billing => member(Seat::Billing),
        Group::Reader => member(Seat::Reader),
        Group::Reviewer => Stand::Reviewer,
        Group::Officer => Stand::Officer,
        Group::Operator => Stand::Operator { site: places.site },
        Group::Finance => Stand::Finance,
        Group::Administrator => Stand::Administrator,
        _ => Stand::SignedIn,
    }
}

/// A path of this route that leads to nothing: an id that no row has, a token that nobody was given.
fn path(route: &Route) -> String {
    route
        .path
        .replace("{token}", "no-such-token")
        .replace("{mode}", "PG")
        .replace("{code}", "PG")
        .replace("{step}", "project")
        .split('/')
        .map(|part| if part.starts_with('{') { "019aaf00-0000-7000-8000-00000000beef" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

async fn ask(
    server: &Browser,
    world: &World,
    places: &Places,
    (route, number): (&Route, usize),
    group: Group,
) -> Answer {
    let mut browser = server.another();
    if group != Group::Visitor {
        // A new person each time: what one request does must not change what the next may.
        let person = world.person(&format!("{}-{number}@firma.example", group.code())).await;
        world.place(person, stand(group, places)).await;
        browser.enter_as(world, person, stand(group, places)).await;
    }
    let path = path(route);
    if route.method == Method::GET { browser.get(&path).await } else { browser.post(&path, &[]).await }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_every_actor_as_reviewed() {
    let world = World::sqlite().await;
    let places = places(&world).await;
    // One server for all of them, and no limit to how often they ask.
    let server = Browser::on(&world, &[("GIGAHOURS_REQUESTS_PER_SECOND", "0")]);
    let mut lines = format!("{:<53}{}\n", "", GROUPS.map(short).join(" "));
    let mut faults = Vec::new();
    for (number, route) in table().iter().enumerate() {
        let _ = write!(lines, "{:<4} {:<47}", route.method.as_str(), route.path);
        for group in GROUPS {
            let answer = ask(&server, &world, &places, (route, number), group).await;
            let status = answer.status;
            let _ = write!(lines, " {}", status.as_u16());
            let is_sign_in = answer.location().starts_with("/sign-in?next=");
            let is_let_in = route.audience.contains(&group);
            let is_right = match (is_let_in, group, &route.method) {
                (true, ..) => !status.is_server_error() && status != StatusCode::METHOD_NOT_ALLOWED,
                (false, Group::Visitor, &Method::GET) => status == StatusCode::SEE_OTHER && is_sign_in,
                (false, ..) => status == StatusCode::NOT_FOUND,
            };
            if !is_right {
                faults.push(format!("{} {} as {}: {status}", route.method, route.path, group.code()));
            }
        }
        lines.push('\n');
    }
    assert!(faults.is_empty(), "{faults:#?}");
    insta::assert_snapshot!(lines);
}

fn short(group: Group) -> &'static str {
    match group {
        Group::Visitor => "vis",
        Group::SignedIn => "sig",
        Group::Owner => "own",
        Group::Applicant => "app",
        Group::Billing => "bil",
        Group::Reader => "rea",
        Group::Reviewer => "rev",
        Group::Officer => "off",
        Group::Operator => "ope",
        Group::Finance => "fin",
        _ => "adm",
    }
}

/// A path says who it is for: nobody else's group is in its audience.
#[test]
fn working_pages_are_for_one_group_each() {
    for route in table() {
        let only: &[Group] = match route.path.split('/').nth(1).unwrap_or_default() {
            "admin" => &[Group::Administrator],
            "finance" => &[Group::Finance],
            "site" => &[Group::Operator],
            "queue" | "review" => &[Group::Reviewer],
            "board" | "decision" | "countersign" | "matching" | "award-list" => &[Group::Officer],
            _ => continue,
        };
        let strangers: Vec<_> = route.audience.iter().filter(|group| !only.contains(group)).collect();
        assert!(strangers.is_empty(), "{} {} is for {strangers:?} too", route.method, route.path);
    }
}
