//! Whose applications count together under a call: everybody under one control, through any number of companies.
//!
//! Companies are told apart by their entries; names only tie a company to an owner or a holding that it names.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::{id::OrganisationId, money::BasisPoints, organisation::HolderKind};

/// Linked enterprises: a majority of the voting rights (Recommendation 2003/361/EC, Annex, Article 3(3)).
const MAJORITY: BasisPoints = BasisPoints::new(5_000);

/// Whether a row of the ownership table is control; investors by trade have it only where they say so.
pub fn is_control(kind: HolderKind, share: BasisPoints, controls: bool) -> bool {
    let by_trade = !matches!(kind, HolderKind::Enterprise | HolderKind::Person);
    controls || (!by_trade && share > MAJORITY)
}

/// The group of one of these companies, itself among them, in the order of ids. `companies` have their legal names,
/// `controls` who names whom as what it controls or is controlled by.
pub fn group(
    of: OrganisationId,
    companies: &[(OrganisationId, String)],
    controls: &[(OrganisationId, String)],
) -> Vec<OrganisationId> {
    let mut called: BTreeMap<String, Vec<OrganisationId>> = BTreeMap::new();
    let mut own: BTreeMap<OrganisationId, String> = BTreeMap::new();
    for (id, name) in companies {
        called.entry(key(name)).or_default().push(*id);
        own.insert(*id, key(name));
    }
    let mut named: BTreeMap<OrganisationId, Vec<String>> = BTreeMap::new();
    let mut naming: BTreeMap<String, Vec<OrganisationId>> = BTreeMap::new();
    for (id, name) in controls {
        named.entry(*id).or_default().push(key(name));
        naming.entry(key(name)).or_default().push(*id);
    }
    let mut group = BTreeSet::from([of]);
    let mut next = VecDeque::from([of]);
    while let Some(company) = next.pop_front() {
        // Those who name it, those it names, and those who name the same.
        let by_own = own.get(&company).and_then(|name| naming.get(name));
        let names = || named.get(&company).into_iter().flatten();
        let by_named = names().filter_map(|name| called.get(name)).chain(names().filter_map(|name| naming.get(name)));
        for other in by_own.into_iter().chain(by_named).flatten() {
            if group.insert(*other) {
                next.push_back(*other);
            }
        }
    }
    group.into_iter().collect()
}

/// As a name is written matters not.
fn key(name: &str) -> String {
    name.split_whitespace().collect::<Vec<&str>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> OrganisationId {
        OrganisationId::from_uuid(uuid::Uuid::from_u128(number))
    }

    fn rows(rows: &[(u128, &str)]) -> Vec<(OrganisationId, String)> {
        rows.iter().map(|(number, name)| (id(*number), (*name).to_owned())).collect()
    }

    #[test]
    fn one_control_is_more_than_half_or_power_over_it() {
        let share = BasisPoints::new;
        assert!(is_control(HolderKind::Enterprise, share(5_001), false));
        assert!(!is_control(HolderKind::Person, share(5_000), false));
        assert!(is_control(HolderKind::Enterprise, share(1_000), true));
        assert!(!is_control(HolderKind::VentureCapital, share(9_000), false));
    }

    #[test]
    fn a_group_goes_up_down_and_across_and_namesakes_are_none() {
        let companies = rows(&[
            (1, "Top SE"),
            (2, "Middle GmbH"),
            (3, "Bottom B.V."),
            (4, "Sister SAS"),
            (5, "Middle GmbH & Co"),
            (6, "TOP SE"),
        ]);
        let controls = rows(&[(2, " top  se"), (3, "Middle GmbH"), (1, "Ada Founder"), (4, "ada founder")]);
        for start in 1..=4 {
            let found = group(id(start), &companies, &controls);
            // Two companies are called like the owner: nobody can say which is meant, so both are.
            assert_eq!(found, [1, 2, 3, 4, 6].map(id), "{start}");
        }
        assert_eq!(group(id(5), &companies, &controls), [id(5)]);
        let alone = rows(&[(1, "Nordwind SAS"), (2, "Nordwind SAS")]);
        assert_eq!(group(id(1), &alone, &[]), [id(1)], "a name alone ties nobody");
    }
}
