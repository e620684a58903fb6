//! Issuing one document: its number, its treatment with the evidence for it, its VAT in another currency where that is
//! owed; and what happens while one of these is not to be had.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    country::Country,
    exchange::{NationalVat, national_currency},
    id::{InvoiceId, OrganisationId},
    invoice::{self, Issued, Kind, Party, Sums, Use, taxing_state},
    money::Money,
    period::brussels_day,
    policy::Action,
    vat::{Applied, Evidence, Treatment, VatState, settled, treatment},
};
use sea_orm::ActiveValue::Set;
use serde_json::json;
use text::mail::Mail;

use super::{new_uuid, supplier};
use crate::{
    books::book_invoice,
    desk::Desk,
    error::{Result, anyhow},
    gateways::vies::Answer,
    jobs::Job,
    pots::{self, Short},
    store::{
        self, Letter, Tx,
        entity::{
            invoice as invoices,
            invoice_hold::{self, Cause},
            invoice_line, organisation,
        },
        rows::{InvoiceRow, OrganisationRow},
    },
};

/// What is to be issued.
pub(crate) struct Order<'a> {
    /// What it is for: once each.
    pub occasion: &'a str,
    pub uses: &'a [Use],
    /// The document in whose place it stands.
    pub corrects: Option<&'a InvoiceRow>,
    pub evidence: Option<Evidence>,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Made {
    Issued(InvoiceId),
    /// It waits, and finance can see for what.
    Held,
    /// It was issued before, or there is nothing to charge.
    Nothing,
}

impl Desk {
    /// Asks the register about the customer's number, where the treatment depends on it: outside any transaction, and
    /// before each document. `None` while the document had better wait; then that is recorded.
    pub(crate) async fn vat_evidence(
        &self,
        organisation: OrganisationId,
        occasion: &str,
    ) -> Result<Option<Option<Evidence>>> {
        let tx = self.begin(Action::ReadOrganisation).await?;
        let row = tx.find::<organisation::Entity>(organisation).await?;
        let since = store::invoice::held_since(&tx, organisation, occasion).await?.unwrap_or(self.now);
        drop(tx);
        if row.vat_id.is_none() || !depends_on_number(&row, brussels_day(self.now))? {
            return Ok(Some(None));
        }
        let answer = self.look_up_vat(organisation).await?;
        let tx = self.begin(Action::ReadOrganisation).await?;
        let row = tx.find::<organisation::Entity>(organisation).await?;
        drop(tx);
        let Some(answer) = answer else { return Ok(Some(None)) };
        let Some((state, is_last_known)) = settled(answer.state(), row.vat_state, since, self.now) else {
            let reason = match answer {
                Answer::Unavailable(reason) => reason,
                _ => String::new(),
            };
            let mut tx = self.begin(Action::CloseMonth).await?;
            if hold(&mut tx, organisation, occasion, Cause::VatUnavailable, &reason).await? {
                tx.commit().await?;
            }
            return Ok(None);
        };
        let answered_at = row.vat_checked_at;
        Ok(Some(Some(Evidence { state, answered_at, consultation: row.vat_consultation, is_last_known })))
    }

    /// As [`Self::vat_evidence`], and never waits: where the register does not answer, its last answer counts.
    pub(crate) async fn vat_evidence_now(&self, organisation: OrganisationId) -> Result<Option<Evidence>> {
        let tx = self.begin(Action::ReadOrganisation).await?;
        let row = tx.find::<organisation::Entity>(organisation).await?;
        drop(tx);
        if row.vat_id.is_none() || !depends_on_number(&row, brussels_day(self.now))? {
            return Ok(None);
        }
        let Some(answer) = self.look_up_vat(organisation).await? else { return Ok(None) };
        let tx = self.begin(Action::ReadOrganisation).await?;
        let row = tx.find::<organisation::Entity>(organisation).await?;
        Ok(Some(Evidence {
            state: row.vat_state,
            answered_at: row.vat_checked_at,
            consultation: row.vat_consultation,
            is_last_known: matches!(answer, Answer::Unavailable(_)),
        }))
    }

    /// Within the transaction that holds the organisation's row: numbers are given in order, and each occasion once.
    /// The one place where invoices and statements come from.
    pub(crate) async fn issue(&self, tx: &mut Tx, customer: &OrganisationRow, order: Order<'_>) -> Result<Made> {
        if store::invoice::is_issued(tx, customer.id, order.occasion).await? {
            return Ok(Made::Nothing);
        }
        let today = brussels_day(tx.now());
        let uses = order.uses;
        let first_day = uses.iter().map(|used| used.first_day).min().unwrap_or(today);
        let last_day = uses.iter().map(|used| used.last_day).max().unwrap_or(today);
        // The tax is chargeable when the service is completed (Directive 2006/112/EC Art. 63, 64): its day decides the
        // rate and the exchange rate, not the day of issue.
        let state = order.evidence.as_ref().map_or(customer.vat_state, |evidence| evidence.state);
        let applied = treatment(home()?, customer.country, state, &customer.postcode, last_day);
        let Some(sums) = invoice::build(uses, applied)? else { return Ok(Made::Nothing) };
        let national_vat = match national_vat(tx, &sums, last_day).await? {
            Ok(vat) => vat,
            Err(currency) => return self.rate_missing(tx, customer, &order, currency, last_day).await,
        };
        let series = sums.kind.series();
        let serial = tx.next_number(&series.counter(today)).await?;
        let (supplier, bank) = supplier::parties();
        let reverse = applied.treatment == Treatment::ReverseCharge;
        let known = order.evidence.as_ref().map_or(&customer.vat_consultation, |evidence| &evidence.consultation);
        let issued = Issued {
            number: series.number(today, serial),
            issued_on: today,
            due_on: (sums.kind == Kind::Invoice).then(|| invoice::due_on(today)),
            first_day,
            last_day,
            supplier,
            bank,
            customer: party(customer),
            vat_evidence: known.clone().filter(|_| reverse),
            corrects: order.corrects.map(InvoiceRow::reference),
            national_vat,
            vat_check: order.evidence.clone(),
            sums,
            shares: None,
        };
        // What breaks the standard's rules is found before it has a number that cannot be taken back.
        documents::check(&issued).map_err(anyhow)?;
        let id: InvoiceId = tx.new_id();
        insert(tx, id, customer.id, &order, &issued, None).await?;
        super::funders::note(tx, id, &issued).await?;
        book_invoice(tx, id, customer.id, &issued).await?;
        spend(tx, &issued).await?;
        store::invoice::release(tx, customer.id, order.occasion).await?;
        tx.event(id, "issued", json!({ "number": issued.number, "total": issued.sums.total })).await?;
        tx.enqueue(&Job::MailInvoice(id), tx.now(), None).await?;
        Ok(Made::Issued(id))
    }

    /// Never a guess: the document waits, and finance hears of it once.
    async fn rate_missing(
        &self,
        tx: &mut Tx,
        customer: &OrganisationRow,
        order: &Order<'_>,
        currency: &str,
        day: NaiveDate,
    ) -> Result<Made> {
        let detail = format!("{currency} {day}");
        if hold(tx, customer.id, order.occasion, Cause::RateMissing, &detail).await? {
            let link = format!("{}/finance/rates", self.services.settings().public_url);
            for person in store::assignment::holders(tx, domain::actor::StaffRole::Finance).await? {
                let mail = Mail::RateMissing {
                    company: customer.legal_name.clone(),
                    currency: currency.to_owned(),
                    day,
                    link: link.clone(),
                };
                tx.mail(Letter::to(&person, mail)).await?;
            }
        }
        Ok(Made::Held)
    }
}

/// The VAT in the currency of the state it is owed to (Art. 230); the currency where there is no rate of the day.
async fn national_vat(tx: &Tx, sums: &Sums, on: NaiveDate) -> Result<Result<Option<NationalVat>, &'static str>> {
    let currency = taxing_state(sums).and_then(|state| national_currency(state, on));
    let Some(currency) = currency else { return Ok(Ok(None)) };
    match store::exchange_rate::on(tx, currency, on).await? {
        Some(rate) => Ok(Ok(Some(NationalVat::of(sums.vat, rate)?))),
        None => Ok(Err(currency)),
    }
}

fn home() -> Result<Country> {
    Ok(Country::from_code(supplier::COUNTRY).ok_or_else(|| anyhow("the supplier's country"))?)
}

/// Whether a valid number would change how this customer is taxed.
fn depends_on_number(row: &OrganisationRow, on: NaiveDate) -> Result<bool> {
    let applied = |state| -> Result<_> { Ok(treatment(home()?, row.country, state, &row.postcode, on)) };
    Ok(applied(VatState::Valid)? != applied(VatState::Invalid)?)
}

/// Records that a document waits; whether that is new.
async fn hold(tx: &mut Tx, organisation: OrganisationId, occasion: &str, cause: Cause, detail: &str) -> Result<bool> {
    let before = store::invoice::hold(tx, organisation, occasion).await?;
    let since: DateTime<Utc> = before.as_ref().map_or(tx.now(), |row| row.since);
    if before.as_ref().is_some_and(|row| row.cause == cause && row.detail == detail) {
        return Ok(false);
    }
    store::invoice::release(tx, organisation, occasion).await?;
    tx.insert(invoice_hold::ActiveModel {
        id: Set(new_uuid(tx)),
        organisation_id: Set(organisation),
        occasion: Set(occasion.to_owned()),
        cause: Set(cause),
        detail: Set(detail.to_owned()),
        since: Set(since),
    })
    .await?;
    Ok(true)
}

/// The subsidies on a document are spent out of what their applications had bound.
async fn spend(tx: &mut Tx, issued: &Issued) -> Result<()> {
    for line in &issued.sums.lines {
        let Some(application) = store::allocation::application_of(tx, line.allocation).await? else { continue };
        pots::spend(tx, application, &issued.number, &line.pot, line.subsidy).await?;
        pots::settle(tx, application, Short::BoundLater).await?;
    }
    Ok(())
}

/// Where and how this customer's GPU-hours are taxed on that day, by what is known of its number.
pub(super) fn applied(customer: &OrganisationRow, on: NaiveDate) -> Result<Applied> {
    Ok(treatment(home()?, customer.country, customer.vat_state, &customer.postcode, on))
}

pub(super) async fn insert(
    tx: &mut Tx,
    id: InvoiceId,
    organisation: OrganisationId,
    order: &Order<'_>,
    issued: &Issued,
    share_of: Option<InvoiceId>,
) -> Result<()> {
    let Sums { kind, lines, own, vat, total, .. } = &issued.sums;
    tx.insert(invoices::ActiveModel {
        id: Set(id),
        organisation_id: Set(organisation),
        occasion: Set(order.occasion.to_owned()),
        kind: Set(*kind),
        number: Set(issued.number.clone()),
        issued_on: Set(issued.issued_on),
        due_on: Set(issued.due_on),
        first_day: Set(issued.first_day),
        last_day: Set(issued.last_day),
        document: Set(serde_json::to_string(issued)?),
        own_cents: Set(*own),
        vat_cents: Set(*vat),
        total_cents: Set(*total),
        received_cents: Set(Money::ZERO),
        refunded_cents: Set(Money::ZERO),
        credited_cents: Set(Money::ZERO),
        written_off_cents: Set(Money::ZERO),
        corrects_id: Set(order.corrects.map(|row| row.id)),
        share_of_id: Set(share_of),
        created_at: Set(tx.now()),
    })
    .await?;
    let mut rows = Vec::new();
    for (line, position) in lines.iter().zip(1_i32..) {
        rows.push(invoice_line::ActiveModel {
            id: Set(new_uuid(tx)),
            invoice_id: Set(id),
            position: Set(position),
            allocation_id: Set(line.allocation),
            gpu_seconds: Set(line.gpu_time),
            list_cents: Set(line.list),
            subsidy_cents: Set(line.subsidy),
            own_cents: Set(line.own),
            is_funders: Set(line.is_funders),
        });
    }
    tx.insert_many(rows).await
}

pub(crate) fn party(customer: &OrganisationRow) -> Party {
    Party {
        name: customer.legal_name.clone(),
        street: customer.street.clone(),
        postcode: customer.postcode.clone(),
        city: customer.city.clone(),
        country: customer.country.to_string(),
        vat_id: customer.vat_id.as_ref().map(ToString::to_string),
        registration: Some(customer.registration_number.clone()).filter(|number| !number.is_empty()),
    }
}
