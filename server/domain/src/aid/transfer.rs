//! Mergers and splits: recorded events that move the aid granted before them.
//!
//! After a merger or acquisition all prior aid of every party counts for the new or acquiring undertaking; what was
//! lawfully granted stays lawful (Reg. (EU) 2023/2831, Art. 3(8)). After a split the aid goes to whom takes over the
//! activities it was used for, else in proportion to the book value of the equity (Art. 3(9)).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Counted;
use crate::{
    coded::coded,
    id::OrganisationId,
    money::{BasisPoints, Overflow},
    problem::{Invalid, Problem},
    typed,
};

coded! {
    Event {
        /// Everything goes over.
        Merger "merger",
        /// One grant goes with its activity.
        Activity "activity",
        /// A share of everything, as the equity is split.
        Split "split",
    }
}

/// Prior aid that passes from one company to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    pub event: Event,
    pub from: OrganisationId,
    pub to: OrganisationId,
    /// The day on which it takes effect.
    pub on: NaiveDate,
    pub share: BasisPoints,
    /// The grant whose activity goes over; `None` for all.
    pub grant: Option<Uuid>,
}

/// The aid as it counts once these events, in the order of their days, have moved it. Only aid of their day and
/// before moves; to the cent, what goes and what stays is what was.
pub fn apply(aid: Vec<Counted>, transfers: &[Transfer]) -> Result<Vec<Counted>, Overflow> {
    let mut aid = aid;
    for transfer in transfers {
        let mut moved = Vec::with_capacity(aid.len());
        for one in aid {
            let goes = one.organisation == transfer.from
                && one.granted_on <= transfer.on
                && transfer.grant.is_none_or(|grant| one.grant == Some(grant));
            if !goes {
                moved.push(one);
                continue;
            }
            let part = one.amount.share(transfer.share)?;
            let rest = one.amount.checked_sub(part)?;
            if !rest.is_zero() {
                moved.push(Counted { amount: rest, ..one.clone() });
            }
            moved.push(Counted { organisation: transfer.to, amount: part, ..one });
        }
        aid = moved;
    }
    Ok(aid)
}

/// Everybody whose aid may have come to these companies, themselves among them.
pub fn sources(members: &[OrganisationId], transfers: &[Transfer]) -> Vec<OrganisationId> {
    let mut found = members.to_vec();
    // Newest first: what came over may have come from further.
    for transfer in transfers.iter().rev() {
        if found.contains(&transfer.to) && !found.contains(&transfer.from) {
            found.push(transfer.from);
        }
    }
    found
}

/// What an officer types of such an event.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    pub event: String,
    /// Registration numbers, as in the register of companies.
    pub from: String,
    pub to: String,
    pub on: String,
    /// Percent, of a split.
    pub share: String,
    pub grant: String,
    pub reason: String,
}

/// The event with its reason; the two companies are found by whoever asks.
pub fn check(
    form: &Typed,
    (from, to): (Option<OrganisationId>, Option<OrganisationId>),
    today: NaiveDate,
) -> Result<(Transfer, String), Invalid> {
    let mut invalid = Invalid::default();
    let event = Event::from_code(&form.event);
    if event.is_none() {
        invalid.add("event", Problem::NotAChoice);
    }
    for (field, id) in [("from", from), ("to", to)] {
        if id.is_none() {
            invalid.add(field, Problem::NotAChoice);
        }
    }
    if from.is_some() && from == to {
        invalid.add("to", Problem::NotAChoice);
    }
    let on = typed::date(&form.on).and_then(|on| if on > today { Err(Problem::InTheFuture) } else { Ok(on) });
    let on = on.unwrap_or_else(|problem| {
        invalid.add("on", problem);
        today
    });
    let share = if event == Some(Event::Split) {
        share(&form.share).unwrap_or_else(|problem| {
            invalid.add("share", problem);
            BasisPoints::ZERO
        })
    } else {
        BasisPoints::WHOLE
    };
    let grant = form.grant.trim().parse::<Uuid>().ok();
    if event == Some(Event::Activity) && grant.is_none() {
        invalid.add("grant", Problem::NotAChoice);
    }
    let reason = typed::reason(&form.reason, 2_000).unwrap_or_else(|problem| {
        invalid.add("reason", problem);
        String::new()
    });
    let (Some(event), Some(from), Some(to), true) = (event, from, to, invalid.is_empty()) else { return Err(invalid) };
    let grant = grant.filter(|_| event == Event::Activity);
    Ok((Transfer { event, from, to, on, share, grant }, reason))
}

fn share(text: &str) -> Result<BasisPoints, Problem> {
    let points = typed::decimal(text, 2)?;
    match i32::try_from(points) {
        Ok(points) if (1..BasisPoints::WHOLE.get()).contains(&points) => Ok(BasisPoints::new(points)),
        Ok(points) if points < 1 => Err(Problem::NotPositive),
        _ => Err(Problem::TooLarge { max: 100 }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Money;

    fn id(number: u128) -> OrganisationId {
        OrganisationId::from_uuid(Uuid::from_u128(number))
    }

    fn day(d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 6, d).unwrap()
    }

    fn aid(of: u128, cents: i64, granted_on: NaiveDate) -> Counted {
        let grant = Some(Uuid::from_u128(u128::try_from(cents).unwrap()));
        let amount = Money::cents(cents);
        Counted { organisation: id(of), amount, granted_on, grant, authority: String::new() }
    }

    fn transfer(event: Event, from: u128, to: u128, on: NaiveDate, points: i32) -> Transfer {
        Transfer { event, from: id(from), to: id(to), on, share: BasisPoints::new(points), grant: None }
    }

    fn of(aid: &[Counted], company: u128) -> i64 {
        aid.iter().filter(|one| one.organisation == id(company)).map(|one| one.amount.as_cents()).sum()
    }

    #[test]
    fn after_a_merger_all_prior_aid_is_the_acquirers() {
        let before = vec![aid(1, 100, day(1)), aid(2, 30, day(2)), aid(1, 7, day(20))];
        let after = apply(before, &[transfer(Event::Merger, 1, 2, day(10), 10_000)]).unwrap();
        assert_eq!((of(&after, 1), of(&after, 2)), (7, 130), "what came after the merger stays");
    }

    #[test]
    fn a_split_shares_to_the_cent_and_an_activity_takes_its_grant() {
        let split = apply(vec![aid(1, 101, day(1))], &[transfer(Event::Split, 1, 2, day(10), 3_333)]).unwrap();
        assert_eq!((of(&split, 1), of(&split, 2)), (67, 34));
        let activity =
            Transfer { grant: Some(Uuid::from_u128(40)), ..transfer(Event::Activity, 1, 2, day(10), 10_000) };
        let moved = apply(vec![aid(1, 40, day(1)), aid(1, 60, day(1))], &[activity]).unwrap();
        assert_eq!((of(&moved, 1), of(&moved, 2)), (60, 40));
    }

    #[test]
    fn aid_passes_through_two_mergers() {
        let both = [transfer(Event::Merger, 1, 2, day(5), 10_000), transfer(Event::Merger, 2, 3, day(10), 10_000)];
        let after = apply(vec![aid(1, 100, day(1)), aid(2, 10, day(7))], &both).unwrap();
        assert_eq!(of(&after, 3), 110);
        assert_eq!(sources(&[id(3)], &both), [id(3), id(2), id(1)]);
    }

    #[test]
    fn an_event_is_checked() {
        let form = Typed {
            event: "split".to_owned(),
            on: "2026-06-01".to_owned(),
            share: "33.33".to_owned(),
            reason: "Deed of 1 June".to_owned(),
            ..Typed::default()
        };
        let both = (Some(id(1)), Some(id(2)));
        assert_eq!(check(&form, both, day(2)).unwrap().0.share, BasisPoints::new(3_333));
        let faults = |form: &Typed, both| check(form, both, day(2)).unwrap_err().0;
        assert_eq!(faults(&form, (Some(id(1)), Some(id(1)))), [("to".to_owned(), Problem::NotAChoice)]);
        assert_eq!(faults(&form, (None, Some(id(1)))), [("from".to_owned(), Problem::NotAChoice)]);
        let whole = Typed { share: "100".to_owned(), ..form.clone() };
        assert_eq!(faults(&whole, both), [("share".to_owned(), Problem::TooLarge { max: 100 })]);
        let none = Typed { share: "0".to_owned(), ..form.clone() };
        assert_eq!(faults(&none, both), [("share".to_owned(), Problem::NotPositive)]);
        let late = Typed { on: "2026-06-03".to_owned(), ..form.clone() };
        assert_eq!(faults(&late, both), [("on".to_owned(), Problem::InTheFuture)]);
        let activity = Typed { event: "activity".to_owned(), ..form };
        assert_eq!(faults(&activity, both), [("grant".to_owned(), Problem::NotAChoice)]);
    }
}
