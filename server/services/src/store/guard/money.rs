//! Who sees money: an organisation its own invoices and what hangs on them, finance all.

use domain::{
    actor::{Actor, Stand},
    price::State,
};
use sea_orm::{
    ColumnTrait, Condition,
    sea_query::{Query, SelectStatement},
};

use super::{Guarded, everything, nothing};
use crate::store::entity::{
    allocation, bank_entry, bank_match, bank_statement, book_account, book_entry, book_month, book_posting, credit,
    credit_note, credit_request, difference, dispute, downtime, exchange_rate, funder_share, funding_goal, invoice,
    invoice_hold, invoice_line, list_price, payment, payment_event, payout, policy_request, pot, pot_movement,
    price_observation, provider_payout, quote, reconciliation, refund, reminder, reminder_hold, write_off,
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

/// What there is to give, and who moved it: for those who decide and those who keep the books.
macro_rules! pots {
    ($($entity:ident,)*) => {$(
        impl Guarded for $entity::Entity {
            fn visible(actor: &Actor) -> Condition {
                match actor.stand {
                    Stand::System | Stand::Finance | Stand::Officer => everything(),
                    _ => nothing(),
                }
            }
        }
    )*};
}

pots! {
    pot,
    pot_movement,
    funding_goal,
}

/// What is published is nobody's secret.
impl Guarded for exchange_rate::Entity {
    fn visible(_: &Actor) -> Condition {
        everything()
    }
}

/// What the market asks is nobody's secret either.
impl Guarded for price_observation::Entity {
    fn visible(_: &Actor) -> Condition {
        everything()
    }
}

/// What is only asked for is finance's own; what is agreed is published.
impl Guarded for list_price::Entity {
    fn visible(actor: &Actor) -> Condition {
        match actor.stand {
            Stand::System | Stand::Finance => everything(),
            _ => Condition::all().add(list_price::Column::State.eq(State::Agreed)),
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
    policy_request,
    payment_event,
    invoice_hold,
    book_account,
    book_entry,
    book_month,
    book_posting,
    bank_statement,
    bank_entry,
    bank_match,
    payout,
    provider_payout,
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
    quote,
    reminder,
    reminder_hold,
}

impl Guarded for credit_note::Entity {
    fn visible(actor: &Actor) -> Condition {
        match actor.stand {
            Stand::System | Stand::Finance => everything(),
            Stand::Member { organisation, .. } => {
                Condition::all().add(credit_note::Column::OrganisationId.eq(organisation))
            }
            _ => nothing(),
        }
    }
}

/// What is only asked for is finance's own.
impl Guarded for credit_request::Entity {
    fn visible(actor: &Actor) -> Condition {
        match actor.stand {
            Stand::System | Stand::Finance => everything(),
            _ => nothing(),
        }
    }
}

/// Who else pays what is finance's to know; a funder finds its own document among its invoices.
impl Guarded for funder_share::Entity {
    fn visible(actor: &Actor) -> Condition {
        match actor.stand {
            Stand::System | Stand::Finance => everything(),
            _ => nothing(),
        }
    }
}

/// With the allocation that it is of.
impl Guarded for downtime::Entity {
    fn visible(actor: &Actor) -> Condition {
        let allocations = Query::select()
            .column(allocation::Column::Id)
            .from(allocation::Entity)
            .cond_where(allocation::Entity::visible(actor))
            .take();
        Condition::all().add(downtime::Column::AllocationId.in_subquery(allocations))
    }
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
