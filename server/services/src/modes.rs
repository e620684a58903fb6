//! Access modes as they stand today, tested against the reader's own facts.

use chrono::{DateTime, Utc};
use domain::{
    mode::{self, Check, Code, Facts, Mode},
    period::brussels_day,
    policy::Action,
};

use crate::{
    desk::Desk,
    error::{Error, Result},
    pricing::{PriceTerms, Prices},
    store::{self, Tx, entity::organisation},
};

/// A mode with what its rules say of the reader.
#[derive(Debug, Clone)]
pub struct ModeRead {
    pub mode: Mode,
    /// Every rule; those about a wish are open until there is one.
    pub checks: Vec<Check>,
    pub next_cut_off: Option<DateTime<Utc>>,
    /// When the answer to what is handed in now is due; `None` if nothing can be.
    pub answer_due: Option<DateTime<Utc>>,
    pub terms: PriceTerms,
}

impl Desk {
    /// The modes in force today, each tested against the actor's organisation if they stand in one.
    pub async fn list_modes(&self) -> Result<Vec<ModeRead>> {
        let tx = self.begin(Action::ReadModes).await?;
        let rows = store::mode::modes(&tx).await?;
        let organisation = own(&tx).await?;
        let prices = Prices::read(&tx).await?;
        let mut read = Vec::new();
        for mode in mode::in_force(&rows, brussels_day(self.now)) {
            let facts = facts(&tx, organisation.as_ref(), mode.code).await?;
            read.push(ModeRead {
                checks: mode.fits(&facts, self.now),
                next_cut_off: mode.next_cut_off(self.now),
                answer_due: mode.answer_due(self.now),
                terms: prices.terms(&tx, organisation.as_ref(), mode)?,
                mode: mode.clone(),
            });
        }
        Ok(read)
    }

    pub async fn read_mode(&self, code: Code) -> Result<ModeRead> {
        let all = self.list_modes().await?;
        all.into_iter().find(|read| read.mode.code == code).ok_or(Error::NotFound)
    }

    /// What every model costs in this mode: for the actor's organisation, or as an example for whoever has none.
    pub async fn price_terms(&self, mode: Code) -> Result<PriceTerms> {
        let tx = self.begin(Action::ReadModes).await?;
        let mode = in_force(&tx, mode).await?;
        let organisation = own(&tx).await?;
        Prices::read(&tx).await?.terms(&tx, organisation.as_ref(), &mode)
    }
}

/// The mode's version in force today.
pub(crate) async fn in_force(tx: &Tx, code: Code) -> Result<Mode> {
    let rows = store::mode::modes(tx).await?;
    let found = mode::in_force(&rows, brussels_day(tx.now())).into_iter().find(|mode| mode.code == code).cloned();
    found.ok_or(Error::NotFound)
}

/// The version under which something was written, or today's where that one is gone.
pub(crate) async fn version(tx: &Tx, code: Code, version: i32) -> Result<Mode> {
    let rows = store::mode::modes(tx).await?;
    match rows.into_iter().find(|mode| mode.code == code && mode.version == version) {
        Some(mode) => Ok(mode),
        None => in_force(tx, code).await,
    }
}

/// The organisation the actor stands in, if any.
pub(crate) async fn own(tx: &Tx) -> Result<Option<organisation::Model>> {
    match tx.actor().organisation() {
        Some(id) => Ok(Some(tx.find::<organisation::Entity>(id).await?)),
        None => Ok(None),
    }
}

/// What is known of an organisation for the rules of a mode.
pub(crate) async fn facts(tx: &Tx, organisation: Option<&organisation::Model>, mode: Code) -> Result<Facts> {
    let Some(row) = organisation else { return Ok(Facts::default()) };
    let open = store::application::open_in(tx, row.id, mode, None).await?;
    Ok(Facts { country: Some(row.country), size_class: row.size_class, open: Some(open), ..Facts::default() })
}
