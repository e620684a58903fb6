//! What the payment provider says of a day beside what our books say: equal, missing here, missing there, or another
//! amount.
//!
//! Refuses to mend anything: a difference stays open until a person says what it was.

use std::collections::BTreeMap;

use crate::{
    coded::coded,
    money::{Money, Overflow},
};

coded! {
    Subject {
        Payment "payment",
        Refund "refund",
        /// A dispute that was lost.
        Dispute "dispute",
    }
}

coded! {
    Kind {
        /// The provider has it, we do not.
        MissingHere "missing_here",
        MissingThere "missing_there",
        Amount "amount",
    }
}

/// One movement of money, by the provider's name of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    pub subject: Subject,
    pub name: String,
    pub amount: Money,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub subject: Subject,
    pub name: String,
    pub kind: Kind,
    pub ours: Option<Money>,
    pub theirs: Option<Money>,
}

/// A day's comparison.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    pub compared: i32,
    pub equal: i32,
    /// Payments less what went back.
    pub ours: Money,
    pub theirs: Money,
    pub differences: Vec<Difference>,
}

/// Ours and theirs.
type Sides = (Option<Money>, Option<Money>);

/// Every movement of either side once; the order they come in does not matter.
pub fn compare(ours: &[Movement], theirs: &[Movement]) -> Result<Report, Overflow> {
    let mut sides: BTreeMap<(Subject, &str), Sides> = BTreeMap::new();
    for one in ours {
        let side = &mut sides.entry((one.subject, &one.name)).or_default().0;
        *side = Some(side.unwrap_or(Money::ZERO).checked_add(one.amount)?);
    }
    for one in theirs {
        let side = &mut sides.entry((one.subject, &one.name)).or_default().1;
        *side = Some(side.unwrap_or(Money::ZERO).checked_add(one.amount)?);
    }
    let mut report = Report { ours: net(ours)?, theirs: net(theirs)?, ..Report::default() };
    for ((subject, name), (ours, theirs)) in sides {
        report.compared += 1;
        let kind = match (ours, theirs) {
            (Some(here), Some(there)) if here == there => {
                report.equal += 1;
                continue;
            }
            (Some(_), Some(_)) => Kind::Amount,
            (None, _) => Kind::MissingHere,
            (_, None) => Kind::MissingThere,
        };
        report.differences.push(Difference { subject, name: name.to_owned(), kind, ours, theirs });
    }
    Ok(report)
}

fn net(movements: &[Movement]) -> Result<Money, Overflow> {
    movements.iter().try_fold(Money::ZERO, |sum, one| match one.subject {
        Subject::Payment => sum.checked_add(one.amount),
        Subject::Refund | Subject::Dispute => sum.checked_sub(one.amount),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(subject: Subject, name: &str, cents: i64) -> Movement {
        Movement { subject, name: name.to_owned(), amount: Money::cents(cents) }
    }

    #[test]
    fn every_way_to_differ_is_told() {
        let ours = [
            one(Subject::Payment, "pi_1", 1_000),
            one(Subject::Payment, "pi_2", 2_000),
            one(Subject::Payment, "pi_3", 3_000),
            one(Subject::Refund, "re_1", 500),
        ];
        let theirs = [
            one(Subject::Refund, "re_1", 500),
            one(Subject::Payment, "pi_4", 4_000),
            one(Subject::Payment, "pi_2", 2_001),
            one(Subject::Payment, "pi_1", 1_000),
        ];
        let report = compare(&ours, &theirs).unwrap();
        assert_eq!((report.compared, report.equal), (5, 2));
        assert_eq!((report.ours, report.theirs), (Money::cents(5_500), Money::cents(6_501)));
        let told: Vec<_> = report.differences.iter().map(|one| (one.name.as_str(), one.kind)).collect();
        assert_eq!(told, [("pi_2", Kind::Amount), ("pi_3", Kind::MissingThere), ("pi_4", Kind::MissingHere)]);
        assert_eq!(compare(&[], &[]).unwrap(), Report::default());
    }

    #[test]
    fn the_same_name_of_another_subject_is_another_thing() {
        let report = compare(&[one(Subject::Payment, "x", 1)], &[one(Subject::Refund, "x", 1)]).unwrap();
        assert_eq!((report.compared, report.equal, report.differences.len()), (2, 0, 2));
    }
}
