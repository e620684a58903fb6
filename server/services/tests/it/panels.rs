//! Panels, award lists and lots: what a conflict hides, who leads, whose amount stands, what is frozen and drawn.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use domain::{
    actor::{Actor, Seat, Stand},
    award::{By, Resource, TypedAward},
    id::{ApplicationId, PanelId, PanelItemId},
    lot,
    mode::Code,
    panel::{ItemState, Outcome, Role, State, TypedPanel, TypedRecommendation},
    problem::Problem,
    ranking::Cut,
    scope::Scope,
};
use services::{Desk, Error, Floor, PanelRead, Result, TypedLot, budget, place_in};
use testkit::{World, both, fault};
use text::Locale;

use crate::{
    applications::{small_company, submitted},
    reviews::{review, staff, typed},
};

/// So many applications that are reviewed and undecided, with their companies.
async fn reviewed(world: &World, count: usize) -> Vec<(Desk, ApplicationId)> {
    let reviewer = staff(world, "reviewer@x.example", Stand::Reviewer).await;
    let mut made = Vec::new();
    for number in 1..=count {
        let (company, _) = small_company(world, number).await;
        let id = submitted(&company).await;
        review(&reviewer, id, "approve").await;
        world.advance(TimeDelta::minutes(1));
        made.push((company, id));
    }
    made
}

/// A panel of a chair and a secretary, who are officers, and two members, over everything that is reviewed.
struct Sitting {
    id: PanelId,
    chair: Desk,
    secretary: Desk,
    one: Desk,
    two: Desk,
}

impl Sitting {
    async fn arranged(world: &World) -> Self {
        let chair = staff(world, "chair@x.example", Stand::Officer).await;
        let secretary = staff(world, "secretary@x.example", Stand::Officer).await;
        let one = staff(world, "one@x.example", Stand::Reviewer).await;
        let two = staff(world, "two@x.example", Stand::Reviewer).await;
        let typed = TypedPanel { name: "Panel".to_owned(), mode: "PG".to_owned(), held_on: "2026-11-24".to_owned() };
        let id = chair.create_panel(&typed).await.unwrap();
        for (desk, role) in [(&chair, "chair"), (&secretary, "secretary"), (&one, "member"), (&two, "member")] {
            chair.add_panel_member(id, &desk.actor.person.unwrap().to_string(), role).await.unwrap();
        }
        chair.fill_agenda(id, "").await.unwrap();
        Self { id, chair, secretary, one, two }
    }

    async fn open(&self) {
        let seen = self.read(&self.chair).await.row.version;
        self.chair.open_panel(self.id, seen).await.unwrap();
    }

    async fn read(&self, desk: &Desk) -> PanelRead {
        desk.read_panel(self.id).await.unwrap()
    }

    /// What is discussed, as this desk sees it.
    async fn floor(&self, desk: &Desk) -> Floor {
        self.read(desk).await.floor
    }

    async fn next(&self, desk: &Desk) -> Result<()> {
        let floor = self.floor(desk).await;
        let seen = if let Floor::Item(item) = floor { Some(item) } else { None };
        desk.take_next_item(self.id, seen, false).await
    }

    async fn recommend(&self, desk: &Desk, item: PanelItemId, hours: &str) -> Result<()> {
        let seen = desk.panel_case(self.id, item).await?.line.item.version;
        desk.recommend(self.id, item, &recommended("award", hours), seen).await
    }

    /// Everything discussed and recommended, whoever leads.
    async fn through(&self) {
        for _ in 0..20 {
            for desk in [&self.chair, &self.secretary, &self.one, &self.two] {
                let read = self.read(desk).await;
                if !read.leads {
                    continue;
                }
                if let Floor::Item(item) = read.floor {
                    self.recommend(desk, item, "4 000").await.unwrap();
                }
                self.next(desk).await.unwrap();
                break;
            }
        }
    }

    async fn close(&self) {
        let seen = self.read(&self.chair).await.row.version;
        self.chair.close_panel(self.id, seen).await.unwrap();
    }

    async fn item_of(&self, application: ApplicationId) -> PanelItemId {
        let system =
            Desk { actor: Actor::person(self.chair.actor.person.unwrap(), Stand::Officer), ..self.chair.clone() };
        let read = self.read(&system).await;
        read.lines.iter().find(|line| line.case.id == application).expect("on the agenda").item.id
    }
}

fn recommended(outcome: &str, hours: &str) -> TypedRecommendation {
    TypedRecommendation {
        outcome: outcome.to_owned(),
        hours: hours.to_owned(),
        storage: String::new(),
        note: "The plan is sound and the team is ready.".to_owned(),
    }
}

fn seen(read: &PanelRead) -> Vec<ApplicationId> {
    read.lines.iter().map(|line| line.case.id).collect()
}

fn places(read: &PanelRead) -> Vec<Option<usize>> {
    read.lines.iter().map(|line| line.place).collect()
}

both! {
    async fn what_a_conflict_hides_is_nowhere_in_a_panel(world) {
        let made = reviewed(&world, 3).await;
        let (hidden, company) = (made[1].1, &made[2].0);
        let sitting = Sitting::arranged(&world).await;
        sitting.one.declare_conflict(hidden, "I advised them.").await.unwrap();
        // A seat in the company hides as a declaration does.
        let seat = Stand::Member { organisation: company.actor.organisation().unwrap(), seat: Seat::Reader };
        world.place(sitting.two.actor.person.unwrap(), seat).await;
        sitting.open().await;
        let item = sitting.item_of(hidden).await;
        assert_eq!(seen(&sitting.read(&sitting.one).await).len(), 2);
        assert!(!seen(&sitting.read(&sitting.one).await).contains(&hidden));
        assert!(!seen(&sitting.read(&sitting.two).await).contains(&made[2].1));
        assert_eq!(sitting.one.list_panels().await.unwrap()[0].items, 2, "counted among what is seen");
        assert!(matches!(sitting.one.panel_case(sitting.id, item).await, Err(Error::NotFound)));
        let refused = sitting.one.recommend(sitting.id, item, &recommended("award", "1"), 1).await;
        assert!(matches!(refused, Err(Error::NotFound)), "the same answer as for what is not there");
        let own = |text: &str| BTreeMap::from([(item, text.to_owned())]);
        sitting.one.rank(sitting.id, &own("many")).await.unwrap();
        assert_eq!(sitting.read(&sitting.one).await.ballot, Some(BTreeMap::new()), "what is hidden has no place");

        // Until it is discussed: then they are told that it is not theirs, and nothing moves for them meanwhile.
        while !matches!(sitting.floor(&sitting.chair).await, Floor::Item(now) if now == item) {
            if let Floor::Item(now) = sitting.floor(&sitting.chair).await {
                sitting.recommend(&sitting.chair, now, "4 000").await.unwrap();
            }
            sitting.next(&sitting.chair).await.unwrap();
        }
        let before = sitting.read(&sitting.one).await;
        assert_eq!((before.floor, before.leads), (Floor::NotYours, false));
        sitting.recommend(&sitting.chair, item, "3 000").await.unwrap();
        assert_eq!(sitting.one.panel_pulse(sitting.id).await.unwrap(), before.pulse);
        assert_eq!(sitting.read(&sitting.two).await.floor, Floor::Item(item));
        assert_eq!(fault(sitting.one.take_next_item(sitting.id, Some(item), false).await).1, Problem::PanelLead);

        sitting.through().await;
        sitting.close().await;
        let whole = sitting.chair.read_minutes(sitting.id).await.unwrap();
        let reference = sitting.read(&sitting.chair).await.lines.iter().find(|line| line.case.id == hidden).unwrap().case.reference.clone();
        assert_eq!(whole.minutes.items.len(), 3);
        let line = whole.minutes.items.iter().find(|line| line.application == hidden).unwrap();
        assert_eq!(line.left, ["one@x.example"]);
        let part = sitting.one.read_minutes(sitting.id).await.unwrap();
        assert_eq!(part.minutes.items.len(), 2);
        assert!(!format!("{:?}", part.minutes).contains(&reference), "in no line");
        sitting.chair.add_to_minutes(sitting.id, &item.to_string(), "The hours are three thousand.").await.unwrap();
        assert_eq!(sitting.one.read_minutes(sitting.id).await.unwrap().addenda.len(), 0);
        assert_eq!(sitting.two.read_minutes(sitting.id).await.unwrap().addenda.len(), 1);
    }

    async fn only_those_who_sit_and_officers_see_a_panel(world) {
        reviewed(&world, 1).await;
        let sitting = Sitting::arranged(&world).await;
        sitting.open().await;
        let stranger = staff(&world, "stranger@x.example", Stand::Reviewer).await;
        assert!(stranger.list_panels().await.unwrap().is_empty());
        assert!(matches!(stranger.read_panel(sitting.id).await, Err(Error::NotFound)));
        assert!(matches!(stranger.panel_pulse(sitting.id).await, Err(Error::NotFound)));
        assert!(matches!(stranger.take_next_item(sitting.id, None, false).await, Err(Error::NotFound)));
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let read = officer.read_panel(sitting.id).await.unwrap();
        assert_eq!((read.role, read.leads, read.agenda), (None, false, None));
        assert_eq!(fault(officer.take_next_item(sitting.id, None, false).await).1, Problem::PanelLead);
        assert!(matches!(sitting.one.create_panel(&TypedPanel::default()).await, Err(Error::Denied(_))));
    }

    async fn the_agenda_lets_people_leave_once_and_says_who(world) {
        let made = reviewed(&world, 5).await;
        let sitting = Sitting::arranged(&world).await;
        for (desk, positions) in [(&sitting.one, vec![0, 3]), (&sitting.two, vec![1, 3, 4])] {
            for position in positions {
                let at: usize = position;
                desk.declare_conflict(made[at].1, "A friend of mine.").await.unwrap();
            }
        }
        sitting.open().await;
        let read = sitting.read(&sitting.secretary).await;
        let agenda = read.agenda.clone().unwrap();
        assert_eq!((agenda.departures, agenda.least, agenda.is_best), (2, 2, true));
        assert_eq!(read.lines[0].case.id, made[2].1, "nobody leaves for the first");
        assert_eq!(read.lines.iter().map(|line| line.leaves.len()).sum::<usize>(), 5);
        let member = sitting.read(&sitting.one).await;
        assert_eq!(member.agenda, None);
        assert!(member.lines.iter().all(|line| line.leaves.is_empty()), "members are not told who leaves");
    }

    async fn it_opens_only_when_it_is_whole(world) {
        let made = reviewed(&world, 1).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let typed = TypedPanel { name: "Panel".to_owned(), mode: String::new(), held_on: "2026-11-24".to_owned() };
        let id = officer.create_panel(&typed).await.unwrap();
        assert_eq!(fault(officer.open_panel(id, 1).await).1, Problem::PanelChair);
        assert!(matches!(officer.open_panel(id, 7).await, Err(Error::Stale)));
        let me = officer.actor.person.unwrap().to_string();
        let company = made[0].0.actor.person.unwrap().to_string();
        assert_eq!(fault(officer.add_panel_member(id, &company, "chair").await), ("person".to_owned(), Problem::NotAChoice));
        officer.add_panel_member(id, &me, "chair").await.unwrap();
        assert_eq!(fault(officer.add_panel_member(id, &me, "member").await), ("person".to_owned(), Problem::Taken));
        assert_eq!(fault(officer.open_panel(id, 1).await).1, Problem::PanelVotes);
        let member = staff(&world, "member@x.example", Stand::Reviewer).await.actor.person.unwrap();
        officer.add_panel_member(id, &member.to_string(), "member").await.unwrap();
        assert_eq!(fault(officer.open_panel(id, 1).await).1, Problem::PanelAgenda);
        let nobody = fault(officer.add_to_agenda(id, "GH-PG-2026-99999").await);
        assert_eq!(nobody, ("references".to_owned(), Problem::NoSuchApplication));
        let reference = officer.case(made[0].1).await.unwrap().reference;
        // What a conflict hides is what is not there.
        let blind = staff(&world, "blind@x.example", Stand::Officer).await;
        blind.declare_conflict(made[0].1, "My company.").await.unwrap();
        assert_eq!(fault(blind.add_to_agenda(id, &reference).await), nobody);
        officer.add_to_agenda(id, &reference.to_lowercase()).await.unwrap();
        assert_eq!(fault(officer.add_to_agenda(id, &reference).await).1, Problem::Taken);
        officer.open_panel(id, 1).await.unwrap();
        assert_eq!(fault(officer.remove_panel_member(id, member).await).1, Problem::AlreadyDone);
        assert_eq!(fault(officer.open_panel(id, 1).await).1, Problem::AlreadyDone);
    }

    async fn who_leads_goes_on_and_two_clicks_are_one(world) {
        let made = reviewed(&world, 2).await;
        let sitting = Sitting::arranged(&world).await;
        sitting.open().await;
        assert_eq!(fault(sitting.next(&sitting.one).await).1, Problem::PanelLead);
        sitting.next(&sitting.chair).await.unwrap();
        let Floor::Item(first) = sitting.floor(&sitting.one).await else { panic!("it is discussed") };
        assert!(matches!(sitting.chair.take_next_item(sitting.id, None, false).await, Err(Error::Stale)));
        assert_eq!(fault(sitting.next(&sitting.chair).await).1, Problem::RecommendFirst);
        // Put off, it comes again at the end.
        sitting.secretary.take_next_item(sitting.id, Some(first), true).await.unwrap();
        let Floor::Item(second) = sitting.floor(&sitting.one).await else { panic!("the next is discussed") };
        assert_ne!(first, second);
        let other = if sitting.item_of(made[0].1).await == second { made[0].1 } else { made[1].1 };
        // The chair learns of a conflict while it is discussed, and leaves; the secretary leads on.
        sitting.chair.declare_conflict(other, "They were my client.").await.unwrap();
        assert_eq!(sitting.floor(&sitting.chair).await, Floor::NotYours);
        assert_eq!(fault(sitting.next(&sitting.chair).await).1, Problem::PanelLead);
        sitting.recommend(&sitting.secretary, second, "5 000").await.unwrap();
        sitting.next(&sitting.secretary).await.unwrap();
        assert_eq!(sitting.floor(&sitting.chair).await, Floor::Item(first));
        assert_eq!(fault(sitting.recommend(&sitting.one, first, "5 000").await).1, Problem::PanelLead);
        let version = sitting.read(&sitting.chair).await.row.version;
        assert_eq!(fault(sitting.chair.close_panel(sitting.id, version).await).1, Problem::PanelUnfinished);
    }

    async fn two_who_save_see_each_other_and_nothing_is_written_over(world) {
        reviewed(&world, 1).await;
        let sitting = Sitting::arranged(&world).await;
        sitting.open().await;
        let waiting = sitting.read(&sitting.chair).await.lines[0].item.id;
        assert_eq!(fault(sitting.recommend(&sitting.chair, waiting, "1").await).1, Problem::PanelNotYet);
        sitting.next(&sitting.chair).await.unwrap();
        let Floor::Item(item) = sitting.floor(&sitting.chair).await else { panic!("it is discussed") };
        let read = sitting.secretary.panel_case(sitting.id, item).await.unwrap().line.item.version;
        sitting.recommend(&sitting.chair, item, "4 000").await.unwrap();
        let late = sitting.secretary.recommend(sitting.id, item, &recommended("award", "3 000"), read).await;
        assert!(matches!(late, Err(Error::Stale)));
        let case = sitting.secretary.panel_case(sitting.id, item).await.unwrap();
        assert_eq!((case.saved_by, case.line.item.gpu_time.unwrap().whole_hours()), (Some(Role::Chair), 4_000));
        assert_eq!(fault(sitting.recommend(&sitting.chair, item, "5 001").await), ("hours".to_owned(), Problem::TooLarge { max: 5_000 }));
        sitting.recommend(&sitting.secretary, item, "3 000").await.unwrap();
        let case = sitting.chair.panel_case(sitting.id, item).await.unwrap();
        assert_eq!((case.saved_by, case.line.item.gpu_time.unwrap().whole_hours()), (Some(Role::Secretary), 3_000));
        assert!(case.can_save && !sitting.one.panel_case(sitting.id, item).await.unwrap().can_save);
        assert_eq!(case.reviews.len(), 1);
    }

    async fn rankings_are_combined_with_ties_and_hidden_until_ones_own_is_in(world) {
        let made = reviewed(&world, 3).await;
        let sitting = Sitting::arranged(&world).await;
        sitting.two.declare_conflict(made[2].1, "A friend of mine.").await.unwrap();
        sitting.open().await;
        let items: Vec<PanelItemId> = sitting.read(&sitting.chair).await.lines.iter().map(|line| line.item.id).collect();
        assert_eq!(sitting.item_of(made[2].1).await, items[2], "the one somebody leaves for is last");
        let rank = async |desk: &Desk, places: [&str; 3]| {
            desk.rank(sitting.id, &items.iter().copied().zip(places.map(str::to_owned)).collect()).await
        };
        rank(&sitting.one, ["1", "2", "3"]).await.unwrap();
        assert_eq!(places(&sitting.read(&sitting.chair).await), [None; 3], "the chair has not ranked");
        rank(&sitting.chair, ["2", "1", "3"]).await.unwrap();
        assert_eq!(places(&sitting.read(&sitting.chair).await), [Some(1), Some(1), Some(3)]);
        assert_eq!(places(&sitting.read(&sitting.secretary).await), [Some(1), Some(1), Some(3)], "who does not vote reads");
        assert!(matches!(rank(&sitting.secretary, ["1", "2", "3"]).await, Err(Error::NotFound)));
        let wrong = fault(rank(&sitting.two, ["3", "9", "1"]).await);
        assert_eq!(wrong.1, Problem::TooLarge { max: 2 });
        rank(&sitting.two, ["2", "1", "1"]).await.unwrap();
        assert_eq!(places(&sitting.read(&sitting.two).await), [Some(2), Some(1)]);
        assert_eq!(places(&sitting.read(&sitting.one).await), [Some(2), Some(1), Some(3)], "their first place for it does not count");
        assert_eq!(sitting.read(&sitting.one).await.ballots, 3);
    }

    async fn minutes_are_frozen_and_only_added_to(world) {
        let made = reviewed(&world, 2).await;
        let sitting = Sitting::arranged(&world).await;
        sitting.open().await;
        let one = sitting.one.actor.person.unwrap();
        assert_eq!(fault(sitting.one.set_attendance(sitting.id, one, true).await).1, Problem::PanelLead);
        sitting.secretary.set_attendance(sitting.id, one, true).await.unwrap();
        assert!(matches!(sitting.one.read_minutes(sitting.id).await, Err(Error::NotFound)));
        assert_eq!(fault(sitting.chair.add_to_minutes(sitting.id, "", "Too early.").await).1, Problem::PanelNotYet);
        sitting.through().await;
        let version = sitting.read(&sitting.chair).await.row.version;
        assert_eq!(fault(sitting.one.close_panel(sitting.id, version).await).1, Problem::PanelLead);
        assert!(matches!(sitting.chair.close_panel(sitting.id, version + 1).await, Err(Error::Stale)));
        sitting.close().await;
        let read = sitting.two.read_minutes(sitting.id).await.unwrap();
        let present: Vec<_> = read.minutes.attendance.iter().map(|one| (one.name.as_str(), one.is_present)).collect();
        assert_eq!(
            present,
            [("chair@x.example", false), ("secretary@x.example", false), ("one@x.example", true), ("two@x.example", false)]
        );
        assert!(read.minutes.items.iter().all(|item| item.outcome == Outcome::Award && item.recommended.whole_hours() == 4_000));
        assert_eq!(read.minutes.items[0].mean, Some(400));
        let item = sitting.item_of(made[0].1).await;
        let late = sitting.chair.recommend(sitting.id, item, &recommended("refuse", ""), 2).await;
        assert_eq!(fault(late).1, Problem::AlreadyDone);
        sitting.secretary.add_to_minutes(sitting.id, "", "One more was there from three.").await.unwrap();
        assert_eq!(fault(sitting.chair.add_to_minutes(sitting.id, "x", "Some words.").await).0, "about");
        assert_eq!(fault(sitting.two.add_to_minutes(sitting.id, "", "Mine too.").await).1, Problem::PanelLead);
        let again = sitting.two.read_minutes(sitting.id).await.unwrap();
        assert_eq!(again.minutes, read.minutes, "frozen");
        assert_eq!((again.addenda.len(), again.addenda[0].role), (1, Some(Role::Secretary)));
        for locale in Locale::ALL {
            let (name, pdf) = sitting.two.minutes_pdf(sitting.id, locale).await.unwrap();
            assert!(name == "minutes-2026-11-23.pdf" && pdf.starts_with(b"%PDF"));
        }
        assert_eq!(sitting.read(&sitting.chair).await.row.state, State::Closed);
    }

    async fn a_decision_keeps_requested_recommended_and_awarded_apart(world) {
        let made = reviewed(&world, 1).await;
        let (company, id) = (&made[0].0, made[0].1);
        let sitting = Sitting::arranged(&world).await;
        sitting.open().await;
        sitting.through().await;
        let case = sitting.secretary.decision_case(id).await.unwrap();
        let advice = case.advice.as_ref().expect("the panel's advice");
        assert_eq!((advice.outcome, advice.name.as_str()), (Outcome::Award, "Panel"));
        let amounts = &case.amounts[0];
        assert_eq!((amounts.resource, amounts.requested, amounts.awarded), (Resource::GpuTime, 5_000 * 3_600, None));
        assert_eq!(amounts.recommended, [(By::Panel, 4_000 * 3_600)]);
        assert_eq!(case.language, Locale::En);
        let foreign = TypedAward {
            conditions: "Report after three months.\nPublish the weights.".to_owned(),
            language: "fr".to_owned(),
            ..TypedAward::default()
        };
        let seen = case.application.version;
        let refused = sitting.secretary.decide_award(id, &typed("approved", "3 500"), &foreign, seen).await;
        assert_eq!(fault(refused), ("reasons_translated".to_owned(), Problem::ReasonsLanguage));
        let whole = TypedAward { reasons_translated: "The plan was found to be sound.".to_owned(), ..foreign };
        sitting.secretary.decide_award(id, &typed("approved", "3 500"), &whole, seen).await.unwrap();
        let read = company.read_application(id).await.unwrap().decision.unwrap();
        assert_eq!(read.reasons, "The plan was found to be sound.", "in the applicant's language");
        assert_eq!(read.language.as_deref(), Some("en"));
        assert_eq!(read.each_condition(), ["Report after three months.", "Publish the weights."]);
        assert_eq!(company.award_conditions(id).await.unwrap().len(), 2);
        let amounts = &read.each_amount()[0];
        assert_eq!(amounts.recommended, [(By::Panel, 4_000 * 3_600)]);
        assert_eq!(amounts.awarded, Some(3_500 * 3_600));
    }

    async fn a_panel_does_not_sign_alone_what_it_recommended(world) {
        let made = reviewed(&world, 1).await;
        let id = made[0].1;
        world.ask_for(id, 60_000).await;
        let sitting = Sitting::arranged(&world).await;
        // A second officer with a vote.
        let voter = staff(&world, "voter@x.example", Stand::Officer).await;
        sitting.chair.add_panel_member(sitting.id, &voter.actor.person.unwrap().to_string(), "member").await.unwrap();
        sitting.open().await;
        sitting.through().await;
        crate::reviews::decide(&sitting.chair, id, &typed("approved", "60 000")).await.unwrap();
        let case = voter.decision_case(id).await.unwrap();
        assert_eq!(case.obstacle, Some(Problem::PanelSigned));
        let seen = case.application.version;
        assert_eq!(fault(voter.countersign(id, seen).await).1, Problem::PanelSigned);
        assert_eq!(fault(voter.send_back(id, "Say more about it.", seen).await).1, Problem::PanelSigned);
        // The secretary had no vote.
        sitting.secretary.countersign(id, seen).await.unwrap();
    }

    async fn the_award_list_cuts_and_hides(world) {
        let made = reviewed(&world, 3).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let list = officer.award_list(Code::PG, None).await.unwrap();
        assert_eq!(list.lines.iter().map(|line| line.place).collect::<Vec<_>>(), [1, 1, 1]);
        assert!(list.lines.iter().all(|line| line.is_tied && line.judged.mean == 400 && line.judged.reviews == 1 && line.judged.cut.is_none()));
        let cuts = |list: &services::AwardList| list.lines.iter().map(|line| line.judged.cut.unwrap()).collect::<Vec<_>>();
        assert_eq!(cuts(&officer.award_list(Code::PG, budget("12 000").unwrap()).await.unwrap()), [Cut::Tied; 3]);
        assert_eq!(cuts(&officer.award_list(Code::PG, budget("15000").unwrap()).await.unwrap()), [Cut::Above; 3]);
        assert_eq!(fault(budget("0")).0, "budget");
        assert_eq!(fault(budget("99999999999999999")).1, Problem::TooLarge { max: 1_000_000_000_000 });
        officer.declare_conflict(made[1].1, "My sister works there.").await.unwrap();
        let list = officer.award_list(Code::PG, budget("12 000").unwrap()).await.unwrap();
        assert_eq!(list.lines.len(), 2);
        assert_eq!(cuts(&list), [Cut::Above; 2]);
        assert_eq!(list.lines[1].running.whole_hours(), 10_000);
        assert!(officer.award_list(Code::LS, None).await.unwrap().lines.is_empty());
    }

    async fn an_agenda_is_divided_among_panels(world) {
        let made = reviewed(&world, 4).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let panel = async |name: &str| {
            let typed = TypedPanel { name: name.to_owned(), mode: "PG".to_owned(), held_on: "2026-11-24".to_owned() };
            officer.create_panel(&typed).await.unwrap()
        };
        let (one, other) = (panel("One").await, panel("Other").await);
        officer.declare_conflict(made[3].1, "My sister works there.").await.unwrap();
        let waiting = officer.panel_waiting(one).await.unwrap();
        let seen: Vec<_> = waiting.iter().map(|one| (one.case.id, one.mean)).collect();
        assert_eq!(seen, [(made[0].1, Some(400)), (made[1].1, Some(400)), (made[2].1, Some(400))]);
        assert_eq!(fault(officer.fill_agenda(one, "0").await), ("count".to_owned(), Problem::TooSmall { min: 1 }));
        officer.fill_agenda(one, "1").await.unwrap();
        officer.add_to_agenda(other, &waiting[2].case.reference).await.unwrap();
        let left = officer.panel_waiting(other).await.unwrap();
        assert_eq!(left.iter().map(|one| one.case.id).collect::<Vec<_>>(), [made[1].1]);
        officer.fill_agenda(one, "").await.unwrap();
        assert!(officer.panel_waiting(other).await.unwrap().is_empty(), "what a conflict hides is on an agenda too");
    }

    async fn a_list_that_is_fixed_keeps_its_order_and_its_cut(world) {
        let made = reviewed(&world, 3).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let (mode, hours) = (Scope::Mode(Code::PG), budget("12 000").unwrap());
        assert_eq!(fault(officer.fix_award_list(Scope::Mode(Code::LS), hours).await).1, Problem::NothingToFix);
        let live = officer.award_list(mode, hours).await.unwrap();
        let id = officer.fix_award_list(mode, hours).await.unwrap();
        assert_eq!(officer.fix_award_list(mode, hours).await.unwrap(), id, "sent twice, it is fixed once");
        let first = live.lines[0].case.id;
        crate::reviews::decide(&officer, first, &typed("approved", "4000")).await.unwrap();
        assert_eq!(officer.award_list(mode, hours).await.unwrap().lines.len(), 2, "the list of now moves on");
        let fixed = officer.fixed_award_list(id).await.unwrap();
        let seen = |list: &services::AwardList| {
            list.lines.iter().map(|line| (line.case.id, line.place, line.running, line.judged.cut)).collect::<Vec<_>>()
        };
        assert_eq!(seen(&fixed), seen(&live), "the one that was fixed does not");
        assert_eq!(fixed.awarded().unwrap().whole_hours(), 4_000);
        assert_eq!(fixed.lines.iter().filter(|line| line.decided.is_some()).count(), 1);
        assert_eq!(fixed.fixed.as_ref().map(|fixed| fixed.by.as_str()), Some("officer@x.example"));
        // A year later, the decision still names its place and its cut, whatever was fixed since.
        officer.fix_award_list(mode, budget("20 000").unwrap()).await.unwrap();
        let standing = officer.decision_case(first).await.unwrap().standing.expect("it was on a list");
        let (line, fixed) = (&standing.line, &standing.fixed);
        assert_eq!((fixed.id, line.place, standing.of, line.judged.cut), (id, 1, 3, Some(Cut::Tied)));
        // Whom a conflict hides is not on the list, and nothing tells that it was.
        officer.declare_conflict(made[1].1, "My sister works there.").await.unwrap();
        let fixed = officer.fixed_award_list(id).await.unwrap();
        assert!(fixed.lines.iter().all(|line| line.case.id != made[1].1));
        assert_eq!(fixed.lines.iter().map(|line| line.place).collect::<Vec<_>>(), [1, 1]);
        assert_eq!(fixed.lines[1].running.whole_hours(), 10_000);
        let company = world.desk(Actor::VISITOR);
        assert!(matches!(company.fixed_award_list(id).await, Err(Error::Denied(_))));
    }

    async fn a_lot_is_committed_before_the_deadline_and_drawn_once_after(world) {
        reviewed(&world, 3).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let typed = TypedLot { name: "Equals".to_owned(), mode: "PG".to_owned(), day: "2026-11-24".to_owned(), time: "10:00".to_owned() };
        let late = TypedLot { day: "2026-11-23".to_owned(), ..typed.clone() };
        assert_eq!(fault(officer.commit_lot(&late).await), ("day".to_owned(), Problem::InThePast));
        let wrong = TypedLot { time: "ten".to_owned(), ..typed.clone() };
        assert_eq!(fault(officer.commit_lot(&wrong).await), ("time".to_owned(), Problem::NotATime));
        let id = officer.commit_lot(&typed).await.unwrap();
        assert_eq!(fault(officer.commit_lot(&typed).await).1, Problem::Taken, "nobody commits until it suits");
        let visitor = world.desk(Actor::VISITOR);
        let secret = visitor.read_lot(id).await.unwrap();
        assert_eq!((secret.seed, secret.tickets.len()), (None, 0));
        let hours = budget("10 000").unwrap().unwrap();
        assert_eq!(fault(officer.draw_at_cut(id, hours).await).1, Problem::LotTooEarly);
        world.advance(TimeDelta::days(1));
        let officer = world.desk(officer.actor);
        let all = budget("15 000").unwrap().unwrap();
        assert_eq!(fault(officer.draw_at_cut(id, all).await).1, Problem::LotNothing);
        officer.draw_at_cut(id, hours).await.unwrap();
        assert_eq!(fault(officer.draw_at_cut(id, hours).await).1, Problem::AlreadyDone);
        let drawn = visitor.read_lot(id).await.unwrap();
        let seed = drawn.seed.clone().expect("it is revealed");
        assert_eq!(lot::commitment(&seed), secret.commitment, "the seed is the one that was committed");
        let list = officer.award_list(Code::PG, Some(hours)).await.unwrap();
        let codes: Vec<String> = list.lines.iter().map(|line| line.lot_code.clone()).collect();
        let order: Vec<String> = lot::order(&seed, &codes).into_iter().map(|(code, _)| code).collect();
        assert_eq!(codes, order, "anybody gets the same");
        assert_eq!(list.lines.iter().map(|line| line.judged.cut.unwrap()).collect::<Vec<_>>(), [Cut::Above, Cut::Above, Cut::Below]);
        let places: Vec<_> = codes.iter().map(|code| place_in(&drawn, code).unwrap().1.unwrap()).collect();
        assert!(places.is_sorted() && drawn.tickets.len() == 64, "{places:?} of as many tickets as any small lot has");
        let reference = &list.lines[0].case.reference;
        assert_eq!(place_in(&drawn, reference).unwrap().1, None, "who knows a reference learns nothing");
        assert!(list.lines.iter().all(|line| line.case.is_reviewed && line.is_tied));
    }

    async fn every_member_sees_the_same_moment(world) {
        reviewed(&world, 2).await;
        let sitting = Sitting::arranged(&world).await;
        sitting.open().await;
        let before = sitting.one.panel_pulse(sitting.id).await.unwrap();
        assert_eq!(sitting.read(&sitting.one).await.pulse, before, "the page shows what it listens for");
        sitting.next(&sitting.chair).await.unwrap();
        let after = sitting.one.panel_pulse(sitting.id).await.unwrap();
        assert_ne!(before, after);
        let states = |read: &PanelRead| read.lines.iter().map(|line| line.item.state).collect::<Vec<_>>();
        assert_eq!(states(&sitting.read(&sitting.two).await), [ItemState::Discussing, ItemState::Waiting]);
    }
}
