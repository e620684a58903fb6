//! A run of the engine over the newest applications of the modes with cut-offs, solved and waiting for its signature.

use chrono::{DateTime, TimeDelta, Utc};
use domain::run::{Rules, TypedRules};

use super::people::Staff;
use crate::{Services, error::Result};

pub async fn make(services: &Services, now: DateTime<Utc>, staff: &Staff) -> Result<()> {
    let officer = services.desk_at(staff.officer, now - TimeDelta::hours(1));
    if officer.count_competing().await? == 0 {
        return Ok(());
    }
    let Rules { small_share, country_share, bonus_hours, budget, extra_gpus } = Rules::default();
    let typed = TypedRules {
        small_share: small_share.to_string(),
        country_share: country_share.to_string(),
        bonus_hours: bonus_hours.to_string(),
        budget: budget.to_string(),
        extra_gpus: extra_gpus.to_string(),
        ..TypedRules::default()
    };
    officer.start_run(&typed).await.map(drop)
}
