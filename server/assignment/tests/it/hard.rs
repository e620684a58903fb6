//! Bad luck and bad input.

use assignment::{
    Application, Budget, Fault, Instance, MOST_POINTS, Pair, Pairs, Reviewer, Score, Weights, Why, lacks, solve,
};

fn plain(applications: usize, reviewers: usize, reviews: u32, limit: u32) -> Instance {
    Instance {
        applications: (0..applications)
            .map(|one| Application { name: format!("A{one}"), reviews, experts: 0 })
            .collect(),
        reviewers: (0..reviewers)
            .map(|one| Reviewer { name: format!("R{one}"), limit, busy: 0, least: 0, share: limit })
            .collect(),
        pairs: Pairs::new(applications, reviewers),
        apart: Vec::new(),
        weights: Weights { balance: 100, least: 50, over: 0, keep: 30 },
    }
}

fn everywhere(instance: &mut Instance, pair: Pair) {
    for application in 0..instance.applications.len() {
        (0..instance.reviewers.len()).for_each(|one| instance.pairs.set(application, one, pair));
    }
}

#[test]
fn everybody_in_conflict() {
    let mut instance = plain(5, 4, 3, 9);
    everywhere(&mut instance, Pair { is_forbidden: true, points: MOST_POINTS, ..Pair::default() });
    let solution = solve(&instance, Budget::default()).unwrap();
    assert_eq!(solution.score, Score { missing: 15, uneven: 15, inexpert: 0, value: 0 });
    assert!(solution.is_optimal());
    let lacks = lacks(&instance, &solution.assigned);
    assert!(lacks.iter().all(|one| (one.missing, one.conflicted, one.why) == (3, 4, Why::Conflicts)));
}

#[test]
fn nobody_at_all_and_nothing_at_all() {
    let instance = plain(3, 0, 2, 1);
    let solution = solve(&instance, Budget::default()).unwrap();
    assert_eq!((solution.score.missing, lacks(&instance, &solution.assigned)[0].why), (6, Why::Nobody));
    assert_eq!(solve(&plain(0, 7, 2, 1), Budget::default()).unwrap().score, Score::default());
    assert_eq!(solve(&plain(0, 0, 2, 1), Budget::default()).unwrap().score, Score::default());
}

#[test]
fn one_reviewer() {
    let instance = plain(4, 1, 2, 3);
    let solution = solve(&instance, Budget::default()).unwrap();
    assert_eq!(solution.score.missing, 5);
    let why: Vec<Why> = lacks(&instance, &solution.assigned).into_iter().map(|one| one.why).collect();
    assert_eq!(why.iter().filter(|one| **one == Why::Nobody).count(), 3);
    assert_eq!(why.iter().filter(|one| **one == Why::Loads).count(), 1);
}

#[test]
fn loads_too_small() {
    let instance = plain(50, 10, 3, 7);
    let solution = solve(&instance, Budget::default()).unwrap();
    assert_eq!(solution.score.missing, 80);
    assert!(solution.assigned.iter().all(|one| !one.is_empty()));
}

#[test]
fn all_equal_is_balanced_and_the_seed_decides() {
    let instance = plain(60, 20, 3, 30);
    let of = |seed| solve(&instance, Budget { seed, cases: 1 }).unwrap();
    let mut loads = [0; 20];
    of(1).assigned.iter().flatten().for_each(|one| loads[*one] += 1);
    assert_eq!(loads, [9; 20]);
    assert_eq!(of(1), of(1));
    assert_ne!(of(1).assigned, of(2).assigned);
    assert_eq!(of(1).score, of(2).score);
}

#[test]
fn the_order_of_the_list_decides_nothing() {
    let mut instance = plain(9, 6, 2, 9);
    let before = solve(&instance, Budget::default()).unwrap();
    instance.applications.reverse();
    instance.reviewers.reverse();
    let mut after = solve(&instance, Budget::default()).unwrap().assigned;
    after.reverse();
    after.iter_mut().for_each(|here| {
        here.iter_mut().for_each(|one| *one = 5 - *one);
        here.sort_unstable();
    });
    assert_eq!(before.assigned, after);
}

#[test]
fn experts_come_before_points_and_numbers_before_experts() {
    let mut instance = plain(2, 3, 2, 2);
    instance.applications[0].experts = 1;
    instance.pairs.set(0, 2, Pair { is_expert: true, points: -1_000_000, ..Pair::default() });
    let solution = solve(&instance, Budget::default()).unwrap();
    assert!(solution.assigned[0].contains(&2));
    assert_eq!((solution.score.missing, solution.score.inexpert), (0, 0));
    // Where the expert is the only one left for the other application, the other application has them.
    let mut instance = plain(2, 2, 1, 1);
    instance.applications[0].experts = 1;
    instance.pairs.set(0, 1, Pair { is_expert: true, ..Pair::default() });
    instance.pairs.set(1, 0, Pair { is_forbidden: true, ..Pair::default() });
    let solution = solve(&instance, Budget::default()).unwrap();
    assert_eq!((solution.assigned.clone(), solution.score.inexpert), (vec![vec![0], vec![1]], 1));
    assert_eq!(lacks(&instance, &solution.assigned)[0].why, Why::ExpertsFull);
}

#[test]
fn colleagues_do_not_sit_together_even_if_that_leaves_a_place_empty() {
    let mut instance = plain(3, 4, 2, 3);
    instance.apart = vec![vec![0, 1, 2, 3]];
    let solution = solve(&instance, Budget::default()).unwrap();
    assert_eq!((solution.score.missing, solution.is_optimal()), (3, true));
    assert!(lacks(&instance, &solution.assigned).iter().all(|one| one.why == Why::Company));
}

#[test]
fn as_it_stands_is_kept_for_a_price() {
    let mut instance = plain(1, 2, 1, 1);
    instance.weights = Weights { balance: 0, least: 0, over: 0, keep: 30 };
    instance.pairs.set(0, 0, Pair { points: 10, is_held: true, ..Pair::default() });
    instance.pairs.set(0, 1, Pair { points: 39, ..Pair::default() });
    assert_eq!(solve(&instance, Budget::default()).unwrap().assigned, [[0]]);
    instance.pairs.set(0, 1, Pair { points: 41, ..Pair::default() });
    assert_eq!(solve(&instance, Budget::default()).unwrap().assigned, [[1]]);
    instance.pairs.set(0, 0, Pair { points: 10, is_fixed: true, ..Pair::default() });
    assert_eq!(solve(&instance, Budget::default()).unwrap().assigned, [[0]]);
}

#[test]
fn extremes_do_not_overflow() {
    let mut instance = plain(30, 40, 20, 15);
    instance.weights = Weights { balance: MOST_POINTS, least: MOST_POINTS, over: MOST_POINTS, keep: MOST_POINTS };
    for (application, reviewer) in (0..30).flat_map(|one| (0..40).map(move |other| (one, other))) {
        let points = if (application + reviewer) % 2 == 0 { MOST_POINTS } else { -MOST_POINTS };
        instance.pairs.set(application, reviewer, Pair { points, is_held: true, ..Pair::default() });
    }
    let solution = solve(&instance, Budget::default()).unwrap();
    assert_eq!((solution.score.missing, solution.is_optimal()), (0, true));
}

#[test]
fn what_cannot_be_is_refused() {
    let mut instance = plain(2, 3, 2, 1);
    instance.pairs.set(0, 0, Pair { is_fixed: true, is_forbidden: true, ..Pair::default() });
    assert!(matches!(solve(&instance, Budget::default()), Err(Fault::Forbidden { .. })));
    instance.pairs.set(0, 0, Pair { is_fixed: true, ..Pair::default() });
    instance.pairs.set(0, 1, Pair { is_fixed: true, ..Pair::default() });
    instance.apart = vec![vec![0, 1]];
    assert!(matches!(instance.check(), Err(Fault::Together { .. })));
    instance.apart = vec![vec![9]];
    assert_eq!(instance.check(), Err(Fault::Group(9)));
    instance.apart.clear();
    instance.pairs.set(1, 0, Pair { is_fixed: true, ..Pair::default() });
    assert!(matches!(instance.check(), Err(Fault::Limit { fixed: 2, limit: 1, .. })));
    let mut instance = plain(1, 1, 2, 1);
    instance.applications[0].experts = 3;
    assert!(matches!(instance.check(), Err(Fault::Reviews { experts: 3, .. })));
    instance.applications[0].experts = 0;
    instance.weights.balance = -1;
    assert_eq!(instance.check(), Err(Fault::Points(-1)));
    instance.weights.balance = 0;
    instance.pairs = Pairs::new(2, 2);
    assert!(matches!(instance.check(), Err(Fault::Size { .. })));
}

#[test]
fn beyond_a_fair_share_only_who_is_worth_it() {
    // One knows everything a little better; everybody may take all.
    let mut instance = plain(6, 3, 1, 6);
    instance.weights = Weights { balance: 0, least: 0, over: 1_000, keep: 0 };
    instance.reviewers.iter_mut().for_each(|one| one.share = 2);
    (0..6).for_each(|one| instance.pairs.set(one, 0, Pair { points: 900, ..Pair::default() }));
    let load = |instance: &Instance| {
        let solution = solve(instance, Budget::default()).unwrap();
        assert_eq!(solution.score.missing, 0);
        solution.assigned.iter().filter(|here| here.contains(&0)).count()
    };
    assert_eq!(load(&instance), 2);
    instance.pairs.set(5, 0, Pair { points: 1_100, ..Pair::default() });
    instance.pairs.set(4, 0, Pair { points: 1_100, ..Pair::default() });
    instance.pairs.set(3, 0, Pair { points: 1_100, ..Pair::default() });
    assert_eq!(load(&instance), 3, "worth it by a hundred points, once");
    // Where there is nobody else, a share keeps nothing from being reviewed.
    for application in 0..6 {
        (1..3).for_each(|one| instance.pairs.set(application, one, Pair { is_forbidden: true, ..Pair::default() }));
    }
    assert_eq!(load(&instance), 6);
}
