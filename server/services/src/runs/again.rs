//! What declined and lapsed offers leave goes to those who wait, and what a published run had to leave is planned anew:
//! a run by the rules in force, made by itself and signed like any other.

use domain::{
    id::{ApplicationId, RunId},
    policy::Action,
    run::{Published, Ties},
};
use matching::Standing;

use super::{Tied, instance, ties};
use crate::{
    desk::Desk,
    error::{Error, Result},
    rules,
    store::{self, entity::run},
};

impl Desk {
    /// Plans anew for everybody who waits, but for those who gave back what the last published run offered them, if
    /// anything was given back or left since the newest run. Repeating it changes nothing.
    pub async fn rerun(&self) -> Result<Option<RunId>> {
        let mut tx = self.begin(Action::RunMatching).await?;
        let Some(last) = store::run::last_published(&tx).await? else { return Ok(None) };
        let last = tx.find::<run::Entity>(last).await?;
        let signed_at = last.published_at.unwrap_or(last.made_at);
        let newest = store::run::list(&tx, 1).await?.first().map_or(signed_at, |newest| newest.made_at);
        let published: Published = last.published.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default();
        // What a run had to leave waits for the next one too, once.
        let has_left = !published.left.is_empty() && newest <= signed_at;
        if !has_left && store::run::given_back(&tx, newest.max(signed_at)).await?.is_empty() {
            return Ok(None);
        }
        let given_back: Vec<ApplicationId> = store::run::given_back(&tx, signed_at).await?;
        let waiting = self.competing(&tx).await?;
        let left_out = |one: &crate::matching::Approved| given_back.contains(&one.application);
        if waiting.iter().all(left_out) {
            return Ok(None);
        }
        let rules = rules::in_force(&tx).await?.rules;
        let (instance, frame) = match instance::of(&tx, &waiting, &rules).await {
            // So few wait that the rules in force leave them nothing: an officer has to look.
            Err(Error::Invalid(_)) => return Ok(None),
            made => made?,
        };
        let ties = Ties {
            leave_out: waiting.iter().filter(|one| left_out(one)).map(|one| one.reference.clone()).collect(),
            ..Ties::default()
        };
        let excluded = waiting.iter().enumerate().filter(|(_, one)| left_out(one)).map(|(number, _)| number).collect();
        let refused = ties::refused(&tx, &frame).await?;
        let tied = Tied { ties, standing: Standing { excluded, refused, ..Standing::default() } };
        let id = super::put(&mut tx, last.made_by, &rules, (&instance, &frame), Some(tied)).await?;
        tx.commit().await?;
        Ok(Some(id))
    }
}
