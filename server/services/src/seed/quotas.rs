//! Quotas of the demo world: each with room above what is bound, so that the day's bookings still pass.

use chrono::{DateTime, Utc};
use domain::{period::brussels_day, quota::TypedQuota};

use super::people::Staff;
use crate::{Services, error::Result};

/// Kind, country, pot, cap in GPU-hours, and why.
const QUOTAS: [(&str, &str, &str, &str, &str); 3] = [
    ("country", "FR", "", "20 000 000", "France’s share of the programme, as agreed in the governing board."),
    ("country", "LU", "", "5 000 000", "Luxembourg’s share of the programme, as agreed in the governing board."),
    ("pot", "", "union", "100 000 000", "Union access time of this year."),
];

pub async fn make(services: &Services, now: DateTime<Utc>, staff: &Staff) -> Result<()> {
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
    Ok(())
}
