//! What comes late: reviews that others overtook, answers while a clock stands still, offers for what was taken back.

use chrono::TimeDelta;
use domain::{
    actor::{Actor, Stand},
    problem::Problem,
    workflow::{Kind, edge::Node},
};
use services::Error;
use testkit::both;

use crate::{
    applications::{small_company, submitted},
    capacity::{approved, company, offer, site, slot},
    reviews::{decide, draft, staff, typed},
    workflow::{again, asked, given, large, node, operator, verdict, version},
};

both! {
    async fn an_overtaken_review_stays_in_sight_until_the_decision_and_then_counts_no_more(world) {
        let (company, _) = small_company(&world, 1).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let first = staff(&world, "first@x.example", Stand::Reviewer).await;
        let second = staff(&world, "second@x.example", Stand::Reviewer).await;
        let id = submitted(&company).await;
        first.take_next().await.unwrap();
        // Reminded, and a pass later somebody else may take it.
        for _ in 0..4 {
            world.advance(TimeDelta::days(2));
            world.work().await;
        }
        let second = again(&world, &second);
        second.take_next().await.unwrap();
        second.hand_in_review(id, &draft(&second, id, "approve").await).await.unwrap();
        assert_eq!(node(&world, &company, id).await, Node::At(Kind::Decision));
        let first = again(&world, &first);
        let mine = first.review_queue().await.unwrap().mine;
        assert_eq!(mine.iter().map(|case| case.id).collect::<Vec<_>>(), [id], "it may still be handed in");
        assert_eq!(first.reviewer().await.unwrap().load.0, 1);
        decide(&again(&world, &officer), id, &typed("refused", "")).await.unwrap();
        assert!(first.review_queue().await.unwrap().mine.is_empty());
        assert_eq!(first.reviewer().await.unwrap().load.0, 0, "nothing can be done about it any more");
    }

    async fn while_an_answer_is_awaited_the_reviews_can_be_answered_too(world) {
        let alpha = site(&world, "alpha", 64).await;
        let (company, _) = small_company(&world, 1).await;
        let officer = staff(&world, "officer@x.example", Stand::Officer).await;
        let id = large(&company, "alpha").await;
        officer.check_admission(id, "admissible", "", version(&world, &officer, id).await).await.unwrap();
        operator(&world, alpha, "alpha@x.example").await.assess(id, &verdict("feasible")).await.unwrap();
        given(&world, &officer, &staff(&world, "reviewer@x.example", Stand::Reviewer).await, id).await;
        again(&world, &officer).ask_question(id, &asked("Under which licence is the data used?", "15")).await.unwrap();
        // The two working days of the step are long over; its clock stands still.
        world.advance(TimeDelta::days(15));
        world.work().await;
        let company = again(&world, &company);
        assert!(company.reply_case(id).await.unwrap().until.is_some());
        company.reply(id, "The throughput stands in the second table.").await.unwrap();
        assert_eq!(node(&world, &company, id).await, Node::At(Kind::Decision));
    }

    async fn what_was_taken_back_is_offered_nothing_and_accepts_nothing(world) {
        let alpha = site(&world, "alpha", 64).await;
        let (organisation, owner, _) = company(&world, 1).await;
        let (one, two) = (approved(&world, organisation, 8).await, approved(&world, organisation, 8).await);
        let offered = offer(&world, &one, slot(alpha, 2, 8)).await;
        world.lines("UPDATE application SET state = 'withdrawn' RETURNING state").await;
        let late = world.desk(Actor::SYSTEM).offer_slot(&two, slot(alpha, 2, 8), 1).await.unwrap();
        assert_eq!(late, None, "it was approved when the run looked");
        match owner.accept_offer(offered, 1).await {
            Err(Error::Invalid(invalid)) => assert_eq!(invalid.0[0].1, Problem::AlreadyDone),
            other => panic!("{other:?}"),
        }
    }
}
