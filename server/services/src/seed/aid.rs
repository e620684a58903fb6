//! Other aid of the demo world, as its companies declared it: most had none, one is near its ceiling, some of it has
//! left the three years, and two companies are one undertaking.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Months, NaiveDate, TimeDelta, Utc};
use domain::{aid::declaration::Typed, id::EventId, period::brussels_day};
use text::Locale;

use super::{companies::Company, people::Staff};
use crate::{
    Services,
    error::{Error, Result},
};

/// Those who declare something: company, then days after the edge of the three years and euro of each aid.
const HISTORY: &[(usize, &[(u64, i64)])] = &[
    // The company that visitors try: the first of it has left since, the next leaves soon.
    (0, &[(40, 22_000), (190, 36_500), (700, 48_000)]),
    // Near the ceiling.
    (3, &[(150, 120_000), (420, 96_000), (800, 71_500)]),
    (9, &[(95, 64_000), (600, 12_800)]),
    (14, &[(30, 180_000)]),
];

/// The second of these belongs to the first; both are in one country.
const GROUP: (usize, usize) = (9, 29);

pub async fn make(services: &Services, now: DateTime<Utc>, companies: &[Company]) -> Result<()> {
    let then = now - TimeDelta::weeks(17);
    for (number, company) in companies.iter().enumerate() {
        let desk = services.desk_at(company.owner, then);
        let own = desk.own_organisation().await?.organisation;
        let lines = HISTORY.iter().find(|(of, _)| *of == number).map_or(&[][..], |(_, lines)| *lines);
        desk.declare_aid(&typed(&own.country.to_string(), lines, brussels_day(then)), Locale::En).await?;
    }
    let of = |number: usize| companies.get(number).ok_or(Error::NotFound);
    let parent = services.desk_at(of(GROUP.0)?.owner, then).own_organisation().await?.organisation.legal_name;
    let child = services.desk_at(of(GROUP.1)?.owner, then);
    let seen = child.own_organisation().await?.organisation.version;
    let owner: BTreeMap<String, String> = [
        ("name", parent.as_str()),
        ("direction", "upstream"),
        ("kind", "enterprise"),
        ("share", "80"),
        ("staff", "28"),
        ("turnover", "4200000"),
        ("balance", "3100000"),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect();
    child.add_owner(&owner, None, seen).await
}

/// What was granted some time ago has been handed to the registers; what a conflict hid from the officer who did so is
/// late.
pub async fn publish(services: &Services, now: DateTime<Utc>, staff: &Staff) -> Result<()> {
    for days in [40, 20, 9] {
        let desk = services.desk_at(staff.officer, now - TimeDelta::days(days));
        let until = brussels_day(desk.now);
        let due = desk.aid_register(None).await?.due;
        let entries: Vec<EventId> = due.iter().filter(|line| line.entered_on <= until).map(|line| line.entry).collect();
        desk.publish_aid(&entries).await?;
    }
    Ok(())
}

fn typed(state: &str, lines: &[(u64, i64)], declared_on: NaiveDate) -> Typed {
    let mut typed = Typed::new();
    let mut set = |name: String, value: String| typed.insert(name, value);
    set("state".to_owned(), state.to_owned());
    for name in ["in_difficulty", "owes_recovery"] {
        set(name.to_owned(), "no".to_owned());
    }
    set("declared".to_owned(), "on".to_owned());
    if lines.is_empty() {
        set("nothing".to_owned(), "on".to_owned());
    }
    let edge = declared_on - Months::new(36);
    for (number, (days, euros)) in (1..).zip(lines) {
        set(format!("aid{number}_on"), (edge + Days::new(*days)).to_string());
        set(format!("aid{number}_amount"), euros.to_string());
        set(format!("aid{number}_authority"), "Regional development agency".to_owned());
    }
    typed
}
