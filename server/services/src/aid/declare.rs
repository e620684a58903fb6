//! The declaration of other aid: made by the company, kept with the whole text it was shown, never changed.

use domain::{
    aid::{
        declaration::{self, Declaration, Typed},
        pot::{Payer, has_state_aid_law},
    },
    country::Country,
    period::brussels_day,
    policy::Action,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;
use text::{Locale, Words};

use crate::{
    desk::Desk,
    error::{Error, Result},
    rows::AidDeclarationRow,
    store::{
        self, Tx,
        entity::{aid_declaration, organisation},
    },
};

/// A declaration with what it says.
#[derive(Debug, Clone)]
pub struct DeclarationRead {
    pub row: AidDeclarationRow,
    pub declared: Declaration,
}

/// The text that is declared, as it is shown and kept.
pub fn declaration_text(locale: Locale, version: i32) -> String {
    Words::new(locale).t(&format!("aid-declaration-text-{version}"))
}

/// The States whose aid a company here may be asked about: those that pay, and its own.
pub(super) async fn states(tx: &Tx, home: Country) -> Result<Vec<Country>> {
    let rows = store::aid::pots(tx).await?;
    let mut states: Vec<Country> =
        rows.into_iter().filter(|row| row.payer == Payer::State).filter_map(|row| row.state).collect();
    states.extend(Some(home).filter(|home| has_state_aid_law(*home)));
    states.sort_unstable();
    states.dedup();
    Ok(states)
}

pub(super) fn read(row: AidDeclarationRow) -> Result<DeclarationRead> {
    Ok(DeclarationRead { declared: serde_json::from_str(&row.declared)?, row })
}

impl Desk {
    /// Declares, for the whole undertaking, what else it had from this State (Reg. (EU) 2023/2831, Art. 7(4)).
    pub async fn declare_aid(&self, typed: &Typed, locale: Locale) -> Result<()> {
        let me = self.signed_in()?;
        let own = self.actor.organisation().ok_or(Error::NotFound)?;
        let mut tx = self.begin(Action::DeclareAid).await?;
        let company = tx.find::<organisation::Entity>(own).await?;
        let today = brussels_day(self.now);
        let states = states(&tx, company.country).await?;
        let declared = declaration::check(typed, &states, today)?;
        // Whoever grants in this State now tests what was declared before, or waits and tests this.
        super::take_turn(&mut tx, declared.state).await?;
        let version = declared.text_version;
        tx.insert(aid_declaration::ActiveModel {
            id: Set(tx.new_id::<domain::id::Event>().uuid()),
            organisation_id: Set(own),
            state: Set(declared.state),
            text_version: Set(version),
            locale: Set(locale.code().to_owned()),
            text: Set(declaration_text(locale, version)),
            declared: Set(serde_json::to_string(&declared)?),
            declared_by: Set(me),
            declared_at: Set(self.now),
        })
        .await?;
        tx.event(own, "aid_declared", json!({ "state": declared.state })).await?;
        tx.commit().await
    }
}
