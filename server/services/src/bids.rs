//! Verbs of bidding: reviewers see titles and summaries, and say how gladly they would read each.

use domain::{
    application::Draft,
    id::ApplicationId,
    period::brussels_day,
    policy::Action,
    problem::Problem,
    reviewer::{Disclosure, Wish},
    scope::Scope,
};

use crate::{
    desk::Desk,
    error::{Error, Result},
    reviewers::{self, ScopeName},
    store::{self, entity::application},
};

const PAGE: usize = 25;

/// One application as far as it is shown before it is anybody's to review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BidLine {
    pub id: ApplicationId,
    pub reference: String,
    pub mode: String,
    pub title: String,
    /// Empty where only titles are shown.
    pub summary: String,
    pub wish: Option<Wish>,
}

/// A page of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BidPage {
    pub lines: Vec<BidLine>,
    /// After which the next page begins, if there is one.
    pub next: Option<ApplicationId>,
    /// Scopes of which nothing is shown until their terms are accepted.
    pub closed: Vec<ScopeName>,
}

impl Desk {
    /// What waits for reviewers, in order of arrival, of the scopes whose terms this one accepted. What a conflict hides
    /// is not in it.
    pub async fn bids(&self, after: Option<ApplicationId>) -> Result<BidPage> {
        let me = self.signed_in()?;
        let tx = self.begin(Action::ReadBids).await?;
        let today = brussels_day(self.now);
        let accepted = reviewers::accepted(&tx, me, today).await?;
        let (open, closed): (Vec<ScopeName>, Vec<ScopeName>) =
            reviewers::every_scope(&tx).await?.into_iter().partition(|name| accepted.contains(&name.scope));
        let open: Vec<Scope> = open.into_iter().map(|name| name.scope).collect();
        let after = match after {
            // Gone from sight meanwhile: the list begins anew.
            Some(id) => match tx.find::<application::Entity>(id).await {
                Err(Error::NotFound) => None,
                found => Some(found?),
            },
            None => None,
        };
        let mut rows = store::bid::page(&tx, &open, after.as_ref(), PAGE + 1).await?;
        let is_more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let ids: Vec<ApplicationId> = rows.iter().map(|row| row.id).collect();
        let wishes = store::bid::own(&tx, me, &ids).await?;
        let scopes = reviewers::scope_rules(&tx).await?;
        let next = ids.last().copied().filter(|_| is_more);
        let lines = rows.into_iter().map(|row| {
            let draft: Draft = serde_json::from_str(&row.draft).unwrap_or_default();
            let summary = match scopes.of(&row, today).disclosure {
                Disclosure::Summary => draft.get("abstract").to_owned(),
                Disclosure::Title => String::new(),
            };
            BidLine {
                id: row.id,
                reference: row.reference.unwrap_or_default(),
                title: draft.get("title").to_owned(),
                summary,
                wish: wishes.get(&row.id).copied(),
                mode: row.mode,
            }
        });
        Ok(BidPage { lines: lines.collect(), next, closed })
    }

    /// Says how gladly this reviewer would read it. A conflict is declared instead, with its kind and reason.
    pub async fn bid(&self, id: ApplicationId, wish: Wish) -> Result<()> {
        let me = self.signed_in()?;
        let mut tx = self.begin(Action::PlaceBid).await?;
        let row = tx.find::<application::Entity>(id).await?;
        reviewers::has_accepted(&tx, me, &row).await?;
        if wish == Wish::Conflict {
            return Err(Error::invalid("kind", Problem::Required));
        }
        use domain::application::State::{InReview, Submitted};
        if !matches!(row.state, Submitted | InReview) {
            return Err(Error::invalid("", Problem::AlreadyDone));
        }
        store::bid::put(&mut tx, id, me, wish).await?;
        tx.commit().await
    }
}
