//! What no assignment can beat, from prices alone (weak duality). It knows the rules and nothing of networks: each
//! application takes the reviewers that are best for it at these prices, each reviewer as many reviews as pay.

use crate::{Instance, model::Scale, numbers::wide};

/// The least that any assignment can cost, in the units of [`crate::model::cost_of`]; groups are left out of account.
pub fn least_cost(instance: &Instance, prices: &[i64]) -> i128 {
    let scale = Scale::of(instance);
    let mut fixed = vec![0_u32; instance.reviewers.len()];
    for application in 0..instance.applications.len() {
        instance.fixed(application).iter().for_each(|one| fixed[*one] += 1);
    }
    let reviewers = instance.reviewers.iter().zip(&fixed);
    let has_room: Vec<bool> = reviewers.map(|(one, fixed)| one.busy + fixed < one.limit).collect();
    let all = 0..instance.applications.len();
    let mut least: i128 = all.map(|one| best_set(instance, scale, one, prices, &has_room)).sum();
    for (reviewer, one) in instance.reviewers.iter().enumerate() {
        let sure = one.busy + fixed[reviewer];
        least += (one.busy + 1..=sure).map(|load| i128::from(instance.marginal(reviewer, load))).sum::<i128>();
        let (mut here, mut cheapest) = (0_i128, 0);
        for load in sure + 1..=one.limit {
            here += i128::from(instance.marginal(reviewer, load)) - i128::from(prices[reviewer]);
            cheapest = here.min(cheapest);
        }
        least += cheapest;
    }
    least
}

fn best_set(instance: &Instance, scale: Scale, application: usize, prices: &[i64], has_room: &[bool]) -> i128 {
    let asked = &instance.applications[application];
    let fixed = instance.fixed(application);
    let (mut experts, mut others): (Vec<i128>, Vec<i128>) = (Vec::new(), Vec::new());
    for (reviewer, price) in prices.iter().enumerate() {
        let pair = instance.pairs.get(application, reviewer);
        if !pair.is_forbidden && !pair.is_fixed && has_room[reviewer] {
            let cost = i128::from(*price) - i128::from(instance.worth(application, reviewer));
            if pair.is_expert { experts.push(cost) } else { others.push(cost) }
        }
    }
    let done: i128 = fixed.iter().map(|one| -i128::from(instance.worth(application, *one))).sum();
    let sure = wide(fixed.iter().filter(|one| instance.pairs.get(application, **one).is_expert).count());
    let reviews = (i64::from(asked.reviews) - wide(fixed.len())).max(0);
    experts.sort_unstable();
    others.sort_unstable();
    let mut cheapest = i128::MAX;
    for (of_experts, first) in sums(&experts, reviews) {
        for (of_others, second) in sums(&others, reviews - of_experts) {
            let missing = reviews - of_experts - of_others;
            let inexpert = (i64::from(asked.experts) - sure - of_experts).max(0);
            let lacks = i128::from(missing) * i128::from(scale.missing)
                + i128::from(missing * (missing - 1) / 2) * i128::from(scale.uneven)
                + i128::from(inexpert) * i128::from(scale.inexpert);
            cheapest = cheapest.min(first + second + lacks);
        }
    }
    done + cheapest
}

/// What the first none, one, two, … cost together, at most so many.
fn sums(sorted: &[i128], most: i64) -> Vec<(i64, i128)> {
    let mut sum = 0;
    let mut sums = vec![(0, 0)];
    for (count, cost) in (1..=most).zip(sorted) {
        sum += cost;
        sums.push((count, sum));
    }
    sums
}
