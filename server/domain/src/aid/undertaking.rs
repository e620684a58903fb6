//! The single undertaking: enterprises under one control, through any chain, as their owners and holdings stand.
//!
//! Narrower than the size test (Rec. 2003/361/EC): a majority of the votes, the right to appoint the majority of a
//! board, or dominant influence by contract or statutes (Reg. (EU) 2023/2831, Art. 2(2)). No partner counts by its
//! share; a natural person or a public body that holds two enterprises does not make them one (recital 5).

use std::collections::BTreeMap;

use crate::{
    conflict::name_key,
    id::OrganisationId,
    money::BasisPoints,
    organisation::{HolderKind, Holding},
};

/// More than this is a majority (Art. 2(2)(a)).
const HALF: BasisPoints = BasisPoints::new(5_000);

/// A registered company with its owners and holdings as it names them.
#[derive(Debug, Clone)]
pub struct Company {
    pub id: OrganisationId,
    pub name: String,
    pub holdings: Vec<Holding>,
}

/// Whether this link makes one undertaking of both.
pub fn links(holding: &Holding) -> bool {
    let is_enterprise =
        !matches!(holding.kind, HolderKind::Person | HolderKind::PublicBody | HolderKind::SmallLocalAuthority);
    is_enterprise && (holding.controls || holding.share > HALF)
}

/// Every registered company with those of its undertaking.
#[derive(Debug, Default)]
pub struct Undertakings {
    place: BTreeMap<OrganisationId, usize>,
    groups: Vec<Vec<OrganisationId>>,
}

impl Undertakings {
    pub fn of(companies: &[Company]) -> Self {
        let mut nodes = Nodes::default();
        let mut called = Called::default();
        let own: Vec<usize> = companies.iter().map(|_| nodes.add()).collect();
        for (company, node) in companies.iter().zip(&own) {
            called.exactly.entry(as_written(&company.name)).or_default().push(*node);
            called.by_key.entry(name_key(&company.name)).or_default().push(*node);
        }
        for (company, node) in companies.iter().zip(&own) {
            for holding in &company.holdings {
                nodes.link(&mut called, *node, holding);
            }
        }
        let mut found = Self::default();
        let mut by_root: BTreeMap<usize, usize> = BTreeMap::new();
        for (company, node) in companies.iter().zip(&own) {
            let root = nodes.root(*node);
            let place = *by_root.entry(root).or_insert_with(|| {
                found.groups.push(Vec::new());
                found.groups.len() - 1
            });
            found.place.insert(company.id, place);
            if let Some(group) = found.groups.get_mut(place) {
                group.push(company.id);
            }
        }
        for group in &mut found.groups {
            group.sort_unstable();
        }
        found
    }

    /// The registered companies of the undertaking of this one, itself among them, in the order of ids.
    pub fn members(&self, of: OrganisationId) -> Vec<OrganisationId> {
        let group = self.place.get(&of).and_then(|place| self.groups.get(*place));
        group.cloned().unwrap_or_else(|| vec![of])
    }

    pub fn all(&self) -> &[Vec<OrganisationId>] {
        &self.groups
    }
}

/// Who goes by which name: as it is written, and without its legal form.
#[derive(Debug, Default)]
struct Called {
    exactly: BTreeMap<String, Vec<usize>>,
    by_key: BTreeMap<String, Vec<usize>>,
}

/// As a name is spaced and capitalised matters not.
fn as_written(name: &str) -> String {
    name.split_whitespace().collect::<Vec<&str>>().join(" ").to_lowercase()
}

/// Companies and whom they name, joined where one controls the other.
#[derive(Debug, Default)]
struct Nodes(Vec<usize>);

impl Nodes {
    fn add(&mut self) -> usize {
        self.0.push(self.0.len());
        self.0.len() - 1
    }

    fn root(&self, node: usize) -> usize {
        let mut node = node;
        while let Some(above) = self.0.get(node).copied().filter(|above| *above != node) {
            node = above;
        }
        node
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        if let Some(above) = self.0.get_mut(one.max(other)) {
            *above = one.min(other);
        }
    }

    /// Joins `node` and whom this row names, if the row is control; and whoever stands beneath the row with them.
    fn link(&mut self, called: &mut Called, node: usize, holding: &Holding) {
        let named = match called.exactly.get(&as_written(&holding.name)) {
            // `Alpha Oy` is not `Alpha SAS`, where there is an `Alpha Oy`.
            Some(named) => named.clone(),
            None => {
                let known = called.by_key.entry(name_key(&holding.name)).or_default();
                if known.is_empty() {
                    known.push(self.add());
                }
                known.clone()
            }
        };
        let Some(first) = named.first().copied() else { return };
        if links(holding) {
            for other in named {
                self.join(node, other);
            }
        }
        for beneath in &holding.beneath {
            self.link(called, first, beneath);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::organisation::Direction;

    fn id(number: u128) -> OrganisationId {
        OrganisationId::from_uuid(uuid::Uuid::from_u128(number))
    }

    fn held(name: &str, percent: i32, beneath: Vec<Holding>) -> Holding {
        Holding {
            name: name.to_owned(),
            direction: Direction::Upstream,
            kind: HolderKind::Enterprise,
            share: BasisPoints::new(percent * 100),
            controls: false,
            acts_with: None,
            figures: None,
            beneath,
        }
    }

    fn of_kind(kind: HolderKind, holding: Holding) -> Holding {
        Holding { kind, ..holding }
    }

    fn company(number: u128, name: &str, holdings: Vec<Holding>) -> Company {
        Company { id: id(number), name: name.to_owned(), holdings }
    }

    fn members(companies: &[Company], of: u128) -> Vec<u128> {
        Undertakings::of(companies).members(id(of)).into_iter().map(|id| id.uuid().as_u128()).collect()
    }

    #[test]
    fn only_control_makes_one_undertaking() {
        type Case = (&'static str, Holding, bool);
        let cases: [Case; 8] = [
            ("majority", held("Holding SA", 51, vec![]), true),
            ("half", held("Holding SA", 50, vec![]), false),
            ("partner", held("Holding SA", 30, vec![]), false),
            ("by contract", Holding { controls: true, ..held("Holding SA", 10, vec![]) }, true),
            ("venture capital", of_kind(HolderKind::VentureCapital, held("Holding SA", 60, vec![])), true),
            ("person", of_kind(HolderKind::Person, held("Ada L.", 100, vec![])), false),
            ("public body", of_kind(HolderKind::PublicBody, held("Holding SA", 100, vec![])), false),
            ("university", of_kind(HolderKind::University, held("Holding SA", 20, vec![])), false),
        ];
        for (what, holding, expected) in cases {
            let companies = [company(1, "Alpha", vec![holding.clone()]), company(2, "Beta", vec![holding])];
            assert_eq!(members(&companies, 1).len() == 2, expected, "{what}");
        }
    }

    #[test]
    fn chains_are_followed_through_whom_nobody_registered() {
        // Alpha belongs to Middle, Middle to Top, and Top to nobody; Beta holds Gamma and names Top as its owner.
        let alpha = company(1, "Alpha", vec![held("Middle", 80, vec![held("Top", 70, vec![])])]);
        let beta = company(
            2,
            "Beta",
            vec![
                held("TOP GmbH", 55, vec![]),
                Holding { direction: Direction::Downstream, ..held("Gamma", 90, vec![]) },
            ],
        );
        let companies = [alpha, beta, company(3, "Gamma AG", vec![]), company(4, "Delta", vec![])];
        assert_eq!(members(&companies, 3), [1, 2, 3]);
        assert_eq!(members(&companies, 4), [4]);
    }

    #[test]
    fn namesakes_in_other_legal_forms_are_others() {
        let named = |name: &str| company(1, "Beta", vec![held(name, 80, vec![])]);
        let alphas = [company(2, "Alpha Oy", vec![]), company(3, "Alpha SAS", vec![])];
        let with = |first: Company| std::iter::once(first).chain(alphas.clone()).collect::<Vec<Company>>();
        assert_eq!(members(&with(named("ALPHA  oy")), 1), [1, 2]);
        // Without its form it may be either: aid of both is counted rather than that of neither.
        assert_eq!(members(&with(named("Alpha")), 1), [1, 2, 3]);
    }

    #[test]
    fn a_chain_ends_where_control_does() {
        // Top holds all of Partner, which holds 40 % of Alpha: Alpha is not theirs.
        let alpha = company(1, "Alpha", vec![held("Partner", 40, vec![held("Top", 100, vec![])])]);
        let companies = [alpha, company(2, "Top", vec![]), company(3, "Partner", vec![])];
        assert_eq!(members(&companies, 1), [1]);
        assert_eq!(members(&companies, 2), [2, 3]);
    }
}
