//! Quotas of the demo world: each with room above what is bound, so that the day's bookings still pass.

use chrono::{DateTime, Utc};
use domain::{
    period::brussels_day,
    project::{TypedProject, TypedShare},
    quota::TypedQuota,
};

use super::{companies::Company, people::Staff};
use crate::{Services, error::Result};

/// Kind, country, pot, cap in GPU-hours, and why.
const QUOTAS: [(&str, &str, &str, &str, &str); 3] = [
    ("country", "FR", "", "20 000 000", "France’s share of the programme, as agreed in the governing board."),
    ("country", "LU", "", "5 000 000", "Luxembourg’s share of the programme, as agreed in the governing board."),
    ("pot", "", "union", "100 000 000", "Union access time of this year."),
];

/// Two projects of the first company: one with a share, that all its work but the latest is of, and one without.
async fn projects(services: &Services, now: DateTime<Utc>, company: &Company) -> Result<()> {
    let desk = services.desk_at(company.owner, now);
    let open = async |name: &str| desk.open_project(&TypedProject { name: name.to_owned() }).await;
    let first = open("Weather of streets").await?;
    open("Speech of the coast").await?;
    for listed in desk.list_applications().await?.into_iter().skip(1) {
        desk.assign_project(listed.application.id, Some(first)).await?;
    }
    let share = TypedShare { hours: "500 000".to_owned(), reason: "What the board of the company decided.".to_owned() };
    desk.share_quota(first, &share).await
}

pub async fn make(services: &Services, now: DateTime<Utc>, staff: &Staff, companies: &[Company]) -> Result<()> {
    let desk = services.desk_at(staff.officer, now);
    for (kind, country, pot, hours, reason) in QUOTAS {
        let typed = TypedQuota {
            kind: kind.to_owned(),
            country: country.to_owned(),
            pot: pot.to_owned(),
            hours: hours.to_owned(),
            valid_from: brussels_day(now).to_string(),
            reason: reason.to_owned(),
            ..TypedQuota::default()
        };
        desk.set_quota(&typed).await?;
    }
    match companies.first() {
        Some(company) => projects(services, now, company).await,
        None => Ok(()),
    }
}
