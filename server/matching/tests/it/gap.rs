//! Problems whose best values are known, for the core of the engine.

use std::{collections::BTreeMap, fs, path::Path};

use matching::{
    Budget,
    options::{Choice, Options, choose},
};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gap");

/// The problem read for the maximum: profits, amounts, and what each agent has.
fn read(path: &Path) -> Options {
    let text = fs::read_to_string(path).unwrap();
    let mut figures = text.split_whitespace().map(|figure| figure.parse::<i64>().unwrap());
    let mut next = || figures.next().unwrap();
    let (agents, jobs) = (usize::try_from(next()).unwrap(), usize::try_from(next()).unwrap());
    let mut table = || (0..agents).map(|_| (0..jobs).map(|_| next()).collect()).collect::<Vec<Vec<i64>>>();
    let (profits, amounts) = (table(), table());
    let resources = (0..agents).map(|_| next()).collect();
    let option =
        |job: usize, agent: usize| Choice { value: profits[agent][job], resource: agent, amount: amounts[agent][job] };
    Options { resources, items: (0..jobs).map(|job| (0..agents).map(|agent| option(job, agent)).collect()).collect() }
}

/// The best values known of the maximum, by name.
fn known() -> BTreeMap<String, i64> {
    let text = fs::read_to_string(Path::new(FOLDER).join("bounds.tsv")).unwrap();
    let known = text.lines().filter_map(|line| {
        let mut parts = line.split_whitespace();
        let name = parts.next()?.strip_suffix("_Max")?.to_owned();
        Some((name, parts.next()?.parse().unwrap()))
    });
    known.collect()
}

#[test]
fn known_problems_are_solved_nearly_and_their_bounds_hold() {
    let known = known();
    assert_eq!(known.len(), 12);
    for (name, best) in known {
        let options = read(&Path::new(FOLDER).join(format!("{name}.txt")));
        let chosen = choose(&options, Budget { passes: 300, moves: 20_000, seed: 1, cases: 0, threads: 1 }).unwrap();
        assert_eq!(options.value_of(&chosen.of), Some(chosen.value), "{name}");
        assert!(chosen.upper_bound >= best, "{name}: bound {} below {best}, which is reached", chosen.upper_bound);
        assert!(chosen.upper_bound - best <= best / 40, "{name}: bound {} far above {best}", chosen.upper_bound);
        assert!(
            chosen.value <= chosen.upper_bound && chosen.value >= best - best / 100,
            "{name}: {} of {best}",
            chosen.value
        );
    }
}

#[test]
fn what_cannot_be_is_refused_where_it_stands() {
    let choice = |value, resource, amount| Choice { value, resource, amount };
    let options = Options {
        resources: vec![5, 5],
        items: vec![vec![choice(1, 0, 1), choice(1, 2, 1)], vec![choice(-1, 0, 0), choice(1, 0, 1)]],
    };
    let at: Vec<String> = choose(&options, crate::LITTLE).unwrap_err().iter().map(|fault| fault.at.clone()).collect();
    assert_eq!(at, ["items[0][1]", "items[1][0]", "items[1][0]", "items[1][1]"]);
    let nothing = choose(&Options::default(), crate::LITTLE).unwrap();
    assert_eq!((nothing.of, nothing.value, nothing.upper_bound), (vec![], 0, 0));
    let too_large = Options { resources: vec![5], items: vec![vec![choice(9, 0, 6)], vec![]] };
    assert_eq!(choose(&too_large, crate::LITTLE).unwrap().of, [None, None]);
}
