//! Who sees money: an organisation its own invoices and what hangs on them, finance all.

use domain::actor::{Actor, Stand};
use sea_orm::{
    ColumnTrait, Condition,
    sea_query::{Query, SelectStatement},
};

use super::{Guarded, everything, nothing};
use crate::store::entity::{
    bank_entry, bank_match, bank_statement, credit, difference, dispute, invoice, invoice_line, payment, payment_event,
    payout, reconciliation, refund, reminder, reminder_hold, write_off,
};

impl Guarded for invoice::Entity {
    fn visible(actor: &Actor) -> Condition {
        match actor.stand {
            Stand::System | Stand::Finance => everything(),
            Stand::Member { organisation, .. } => {
                Condition::all().add(invoice::Column::OrganisationId.eq(organisation))
            }
            _ => nothing(),
        }
    }
}

/// Events, statements and what was decided about them name everybody's money, so only those who keep the books see
/// them.
macro_rules! of_the_books {
    ($($entity:ident,)*) => {$(
        impl Guarded for $entity::Entity {
            fn visible(actor: &Actor) -> Condition {
                match actor.stand {
                    Stand::System | Stand::Finance => everything(),
                    _ => nothing(),
                }
            }
        }
    )*};
}

of_the_books! {
    payment_event,
    bank_statement,
    bank_entry,
    bank_match,
    payout,
    reconciliation,
    difference,
    write_off,
}

/// A company sees what it has with us, and why it is written to.
macro_rules! of_a_company {
    ($($entity:ident,)*) => {$(
        impl Guarded for $entity::Entity {
            fn visible(actor: &Actor) -> Condition {
                match actor.stand {
                    Stand::System | Stand::Finance => everything(),
                    Stand::Member { organisation, .. } => {
                        Condition::all().add($entity::Column::OrganisationId.eq(organisation))
                    }
                    _ => nothing(),
                }
            }
        }
    )*};
}

of_a_company! {
    credit,
    reminder,
    reminder_hold,
}

impl Guarded for invoice_line::Entity {
    fn visible(actor: &Actor) -> Condition {
        Condition::all().add(invoice_line::Column::InvoiceId.in_subquery(visible_invoices(actor)))
    }
}

impl Guarded for payment::Entity {
    fn visible(actor: &Actor) -> Condition {
        Condition::all().add(payment::Column::InvoiceId.in_subquery(visible_invoices(actor)))
    }
}

/// With the payment that it is about.
macro_rules! of_a_payment {
    ($($entity:ident,)*) => {$(
        impl Guarded for $entity::Entity {
            fn visible(actor: &Actor) -> Condition {
                let payments = Query::select()
                    .column(payment::Column::Id)
                    .from(payment::Entity)
                    .cond_where(payment::Entity::visible(actor))
                    .take();
                Condition::all().add($entity::Column::PaymentId.in_subquery(payments))
            }
        }
    )*};
}

of_a_payment! {
    refund,
    dispute,
}

fn visible_invoices(actor: &Actor) -> SelectStatement {
    Query::select().column(invoice::Column::Id).from(invoice::Entity).cond_where(invoice::Entity::visible(actor)).take()
}
