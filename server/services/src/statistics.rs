//! What anybody may read of the programme as a whole.

use domain::{
    mode,
    period::{Month, brussels_day},
    policy::Action,
    statistics::{self, Statistics},
};

use crate::{desk::Desk, error::Result, store};

impl Desk {
    /// The programme in figures as of the first of this month, small numbers hidden.
    pub async fn read_statistics(&self) -> Result<Statistics> {
        let tx = self.as_system().begin(Action::ReadPublic).await?;
        let counted = store::statistics::counted(&tx, Month::of(self.now).period().start).await?;
        let rows = store::mode::modes(&tx).await?;
        let modes: Vec<mode::Mode> = mode::in_force(&rows, brussels_day(self.now)).into_iter().cloned().collect();
        Ok(statistics::count(&counted, &modes, self.now))
    }
}
