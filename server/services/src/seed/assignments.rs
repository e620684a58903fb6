//! Reviews of the large mode: one that a reviewer is asked for, and a proposal for the rest that waits to be given out.

use chrono::{DateTime, TimeDelta, Utc};
use domain::mode::Code;

use super::people::Staff;
use crate::{Services, error::Result};

pub async fn make(services: &Services, now: DateTime<Utc>, staff: &Staff) -> Result<()> {
    let officer = services.desk_at(staff.officer, now - TimeDelta::hours(2));
    let waiting = officer.read_assignment(Code::LS).await?.waiting;
    if let (Some((application, _)), Some(reviewer)) = (waiting.first(), staff.reviewer.person) {
        officer.assign_review(*application, reviewer).await?;
    }
    services.desk_at(staff.officer, now - TimeDelta::hours(1)).propose_assignment(Code::LS, 1).await
}
