//! Small enough to try every answer: none is better than ours.

use assignment::{Budget, Instance, Score, score, solve};

use crate::made::{Dice, anything};

/// The best of all answers that break no rule.
fn best(instance: &Instance, assigned: &mut Vec<Vec<usize>>, best_so_far: &mut Option<Score>) {
    if assigned.len() == instance.applications.len() {
        if let Ok(score) = score(instance, assigned)
            && best_so_far.is_none_or(|best| score < best)
        {
            *best_so_far = Some(score);
        }
        return;
    }
    for set in 0_u32..1 << instance.reviewers.len() {
        if set.count_ones() <= instance.applications[assigned.len()].reviews.max(1) {
            assigned.push((0..instance.reviewers.len()).filter(|one| set & (1 << one) != 0).collect());
            best(instance, assigned, best_so_far);
            assigned.pop();
        }
    }
}

#[test]
fn nothing_is_better() {
    let mut dice = Dice(7);
    let (mut by_cases, mut lacking) = (0, 0);
    for round in 0..2_500 {
        let (applications, reviewers) = (dice.at(4), dice.at(5));
        let instance = anything(&mut dice, applications, reviewers, 3);
        let solution = solve(&instance, Budget { seed: round, cases: 10_000 }).unwrap();
        let mut all = None;
        best(&instance, &mut Vec::new(), &mut all);
        assert_eq!(score(&instance, &solution.assigned), Ok(solution.score), "{instance:?}");
        assert_eq!(Some(solution.score), all, "{instance:?}");
        assert!(solution.is_optimal(), "{instance:?}");
        by_cases += u32::from(solution.cases > 1);
        lacking += u32::from(solution.score.missing > 0);
    }
    assert!(by_cases > 20 && lacking > 500, "{by_cases} by cases, {lacking} lacking");
}

#[test]
fn with_few_cases_the_bound_still_holds() {
    let mut dice = Dice(11);
    let mut open = 0;
    for round in 0..1_500 {
        let mut instance = anything(&mut dice, 3, 5, 3);
        instance.apart = vec![vec![0, 1], vec![1, 2], vec![2, 3], vec![3, 4], vec![0, 4]];
        if instance.check().is_err() {
            continue;
        }
        let solution = solve(&instance, Budget { seed: round, cases: 1 }).unwrap();
        let mut all = None;
        best(&instance, &mut Vec::new(), &mut all);
        let all = all.unwrap();
        assert!(solution.bound <= all && all <= solution.score, "{instance:?}");
        assert_eq!(score(&instance, &solution.assigned), Ok(solution.score));
        open += u32::from(!solution.is_optimal());
    }
    assert!(open > 0);
}
