//! The letter that tells a company how much aid an award is, and under which Regulation: by mail when it is granted, on
//! paper whenever somebody asks (Reg. (EU) 2023/2831, Art. 7(4); Reg. (EU) No 651/2014, Art. 3).

use documents::Letter;
use domain::{
    aid::{self, Article, Standing},
    policy::Action,
};
use text::{Locale, mail::Mail};
use uuid::Uuid;

use crate::{
    desk::Desk,
    error::{Error, Result},
    invoices::{party, print, supplier},
    store::{
        self, Letter as Mailed, Tx,
        entity::{aid_grant, application},
    },
};

impl Desk {
    pub(crate) async fn tell_aid(&self, tx: &mut Tx, grant: &aid_grant::Model, reference: &str) -> Result<()> {
        for person in store::allocation::addressees(tx, grant.organisation_id).await? {
            tx.mail(Mailed::to(&person, self.aid_letter(grant, reference))).await?;
        }
        Ok(())
    }

    fn aid_letter(&self, grant: &aid_grant::Model, reference: &str) -> Mail {
        let (reference, link) = (reference.to_owned(), self.link("/organisation/aid"));
        let (number, state) = (format!("{}-{}", grant.state, grant.number), grant.state);
        let (amount, granted_on) = (grant.granted_cents, grant.granted_on.unwrap_or(grant.reserved_on));
        let (hours, authority) = (grant.gpu_seconds, grant.authority.clone());
        if grant.article == Article::DeMinimis {
            let ceiling = aid::ceiling::on(granted_on, true).unwrap_or_default();
            return Mail::AidGranted { reference, number, state, amount, ceiling, hours, granted_on, authority, link };
        }
        let (article, scheme) = (grant.article, grant.scheme.clone());
        Mail::AidExempted { reference, number, state, amount, hours, granted_on, authority, article, scheme, link }
    }

    /// The letter of a grant as PDF, with the amount as it stands now, and its file name. `NotFound` where nothing was
    /// granted, or where it is not the reader's to see.
    pub async fn aid_letter_pdf(&self, id: Uuid, locale: Locale) -> Result<(String, Vec<u8>)> {
        let action = if self.actor.organisation().is_some() { Action::ReadOwnAid } else { Action::ReadAid };
        let tx = self.begin(action).await?;
        let grant = tx.find::<aid_grant::Entity>(id).await?;
        let granted_on = grant.granted_on.filter(|_| grant.standing == Standing::Granted).ok_or(Error::NotFound)?;
        let reference = tx.find::<application::Entity>(grant.application_id).await?.reference;
        let company = store::aid::company(&tx, grant.organisation_id).await?;
        drop(tx);
        let (title, paragraphs) = self.aid_letter(&grant, &reference.unwrap_or_default()).letter(locale);
        let letter = Letter {
            title,
            on: granted_on,
            from: supplier().0,
            to: party(&company),
            paragraphs,
            facts: Vec::new(),
            sums: Vec::new(),
        };
        let name = format!("{}-{}.pdf", grant.state, grant.number);
        Ok((name, print(move || documents::letter(&letter, locale)).await?))
    }
}
