//! The whole URL table as data: method, path, handler and for whom. The access test walks it.

use std::convert::Infallible;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    handler::Handler,
    middleware,
    routing::{MethodRouter, get, post},
};
use domain::actor::Group::{
    self, Administrator, Applicant, Billing, Finance, Officer, Operator, Owner, Reader, Reviewer, SignedIn,
};
use http::Method;
use tower_http::{catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer};

use crate::{AppError, AppState, entrance, pages::*};

/// One page's one method.
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    /// Others get the sign-in page (visitors) or a 404.
    pub audience: &'static [Group],
    handler: MethodRouter<AppState>,
    /// Larger bodies are refused before they are read.
    body_bytes_max: usize,
}

/// Of any form without a file.
const BODY_BYTES_MAX: usize = 2 * 1024 * 1024;

const ANYONE: &[Group] = &Group::ALL;
const PEOPLE: &[Group] =
    &[SignedIn, Owner, Applicant, Billing, Reader, Reviewer, Officer, Operator, Finance, Administrator];

const OWNERS: &[Group] = &[Owner];
const MEMBERS: &[Group] = &[Owner, Applicant, Billing, Reader];
const MEMBERS_AND_NEWCOMERS: &[Group] = &[SignedIn, Owner, Applicant, Billing, Reader];
const APPLICANTS: &[Group] = &[Owner, Applicant];
const OPERATORS: &[Group] = &[Operator];
const OFFICERS: &[Group] = &[Officer];
const ALLOCATION_READERS: &[Group] = &[Owner, Applicant, Billing, Reader, Officer, Operator, Finance];

fn show<H: Handler<T, AppState>, T: 'static>(path: &'static str, audience: &'static [Group], handler: H) -> Route {
    Route { method: Method::GET, path, audience, handler: get(handler), body_bytes_max: BODY_BYTES_MAX }
}

fn take<H: Handler<T, AppState>, T: 'static>(path: &'static str, audience: &'static [Group], handler: H) -> Route {
    Route { method: Method::POST, path, audience, handler: post(handler), body_bytes_max: BODY_BYTES_MAX }
}

/// As [`take`], for a form with a file.
fn take_file<H: Handler<T, AppState>, T: 'static>(path: &'static str, audience: &'static [Group], handler: H) -> Route {
    Route { body_bytes_max: call_answers::UPLOAD_BYTES_MAX, ..take(path, audience, handler) }
}

/// Every route, grouped by noun.
pub fn table() -> Vec<Route> {
    [
        public(),
        accounts(),
        organisations(),
        applications(),
        calls(),
        reviews(),
        panels(),
        reviewers(),
        conflicts(),
        capacity(),
        after_award(),
        administration(),
        aid(),
        invoices(),
        finance(),
        prices(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn public() -> Vec<Route> {
    vec![
        show("/", ANYONE, landing::get),
        show("/awards", ANYONE, awards::get),
        show("/awards.csv", ANYONE, awards::csv),
        show("/awards.json", ANYONE, awards::json),
        show("/statistics", ANYONE, statistics::get),
        show("/statistics.csv", ANYONE, statistics::csv),
        show("/statistics.json", ANYONE, statistics::json),
        show("/status", ANYONE, status::get),
        show("/signing-key", ANYONE, dossier::key),
        show("/accessibility", ANYONE, about::accessibility),
        show("/privacy", ANYONE, about::privacy),
        show("/imprint", ANYONE, about::imprint),
        show("/demo/clock", ANYONE, demo_clock::get),
        take("/demo/clock", ANYONE, demo_clock::post),
        show("/demo/mails", ANYONE, demo_mails::get),
        show("/demo/mails/{id}", ANYONE, demo_mails::show),
        show("/demo/mails/{id}/html", ANYONE, demo_mails::html),
    ]
}

fn accounts() -> Vec<Route> {
    vec![
        show("/sign-in", ANYONE, sign_in::get),
        take("/sign-in", ANYONE, sign_in::post),
        take("/sign-out", PEOPLE, sign_out::post),
        show("/sign-up", ANYONE, sign_up::get),
        take("/sign-up", ANYONE, sign_up::post),
        show("/sign-up/sent", ANYONE, sign_up::sent),
        show("/confirm/{token}", ANYONE, confirm::get),
        take("/confirm/{token}", ANYONE, confirm::post),
        show("/forgotten", ANYONE, forgotten::get),
        take("/forgotten", ANYONE, forgotten::post),
        show("/reset/{token}", ANYONE, reset::get),
        take("/reset/{token}", ANYONE, reset::post),
        show("/account", PEOPLE, account::get),
        take("/account", PEOPLE, account::post_name),
        take("/account/password", PEOPLE, account::post_password),
        take("/account/address", PEOPLE, account::post_address),
        show("/account/sessions", PEOPLE, account::sessions),
        take("/account/sessions", PEOPLE, account::post_sessions),
        take("/stand", PEOPLE, stand::post),
        take("/preferences", ANYONE, preferences::post),
        show("/home", PEOPLE, home::get),
    ]
}

fn applications() -> Vec<Route> {
    const READERS: &[Group] = &[Owner, Applicant, Billing, Reader];
    const APPLICANTS: &[Group] = &[Owner, Applicant];
    vec![
        show("/modes", ANYONE, modes::get),
        show("/modes/{code}", ANYONE, modes::get_one),
        show("/rules", ANYONE, rules::get),
        show("/applications", READERS, applications::get),
        show("/applications/new/{mode}", APPLICANTS, modes::get_new),
        take("/applications/new/{mode}", APPLICANTS, modes::post_new),
        show("/applications/{id}", READERS, applications::get_one),
        take("/applications/{id}/withdraw", APPLICANTS, applications::post_withdrawal),
        take("/applications/{id}/copy", APPLICANTS, applications::post_copy),
        show("/applications/{id}/check", APPLICANTS, application_check::get),
        take("/applications/{id}/check", APPLICANTS, application_check::post),
        show("/applications/{id}/answer", APPLICANTS, application_answer::get_answer),
        take("/applications/{id}/answer", APPLICANTS, application_answer::post_answer),
        show("/applications/{id}/reply", READERS, application_answer::get_reply),
        take("/applications/{id}/reply", APPLICANTS, application_answer::post_reply),
        show("/applications/{id}/appeal", APPLICANTS, application_answer::get_appeal),
        take("/applications/{id}/appeal", APPLICANTS, application_answer::post_appeal),
        show("/applications/{id}/{step}", APPLICANTS, application_step::get),
        take("/applications/{id}/{step}", APPLICANTS, application_step::post),
    ]
}

fn calls() -> Vec<Route> {
    vec![
        show("/calls", ANYONE, calls::get),
        show("/calls/{code}", ANYONE, calls::get_one),
        take("/calls/{code}/apply", APPLICANTS, calls::post_apply),
        show("/applications/{id}/questions", APPLICANTS, call_answers::get),
        take("/applications/{id}/questions", APPLICANTS, call_answers::post),
        take_file("/applications/{id}/questions/{question}/file", APPLICANTS, call_answers::post_file),
        take("/applications/{id}/questions/{question}/file/remove", APPLICANTS, call_answers::post_removal),
        show("/attachments/{id}", &[Owner, Applicant, Billing, Reader, Reviewer, Officer], call_answers::file),
        show("/calls/manage", OFFICERS, call_manage::get),
        take("/calls/manage", OFFICERS, call_manage::post),
        show("/calls/manage/{id}", OFFICERS, call_manage::get_one),
        show("/calls/manage/{id}/preview", OFFICERS, call_manage::preview),
        show("/calls/manage/{id}/publish", OFFICERS, call_manage::get_publish),
        take("/calls/manage/{id}/publish", OFFICERS, call_manage::post_publish),
        take("/calls/manage/{id}/close", OFFICERS, call_manage::post_close),
        take("/calls/manage/{id}/archive", OFFICERS, call_manage::post_archive),
        take("/calls/manage/{id}/questions/change", OFFICERS, call_section::post_questions),
        show("/calls/manage/{id}/question/{place}", OFFICERS, call_question::get),
        take("/calls/manage/{id}/question/{place}", OFFICERS, call_question::post),
        show("/calls/manage/{id}/{section}", OFFICERS, call_section::get),
        take("/calls/manage/{id}/{section}", OFFICERS, call_section::post),
    ]
}

fn organisations() -> Vec<Route> {
    vec![
        show("/organisation", MEMBERS_AND_NEWCOMERS, organisation::get),
        take("/organisation", OWNERS, organisation::post_edit),
        show("/organisation/new", PEOPLE, organisation::get_new),
        take("/organisation/new", PEOPLE, organisation::post_new),
        show("/organisation/edit", OWNERS, organisation::get_edit),
        take("/organisation/vat", OWNERS, organisation::post_vat),
        show("/organisation/size", MEMBERS, organisation_size::get),
        take("/organisation/size", OWNERS, organisation_size::post_figures),
        take("/organisation/owners", OWNERS, organisation_size::post_owner),
        take("/organisation/owners/remove", OWNERS, organisation_size::post_removal),
        show("/organisation/projects", MEMBERS, projects::get),
        take("/organisation/projects", OWNERS, projects::post),
        take("/organisation/projects/assign", OWNERS, projects::post_assignment),
        take("/organisation/projects/share", OWNERS, projects::post_share),
        show("/organisation/members", MEMBERS, organisation_members::get),
        take("/organisation/members", OWNERS, organisation_members::post_invitation),
        take("/organisation/members/seat", OWNERS, organisation_members::post_seat),
        take("/organisation/members/remove", OWNERS, organisation_members::post_removal),
        take("/organisation/members/withdraw", OWNERS, organisation_members::post_withdrawal),
        take("/organisation/members/leave", MEMBERS, organisation_members::post_leave),
        show("/invitation/{token}", ANYONE, invitation::get),
        take("/invitation/{token}", PEOPLE, invitation::post),
    ]
}

fn reviews() -> Vec<Route> {
    vec![
        show("/queue", &[Reviewer], queue::get),
        take("/queue", &[Reviewer], queue::post),
        show("/review/{id}", &[Reviewer], review::get),
        take("/review/{id}", &[Reviewer], review::post),
        take("/review/{id}/question", &[Reviewer], review::post_question),
        show("/assigned/{id}", &[Reviewer], assigned::get),
        take("/assigned/{id}/accept", &[Reviewer], assigned::post_accept),
        take("/assigned/{id}/decline", &[Reviewer], assigned::post_decline),
        show("/assignment", OFFICERS, assignment::get),
        take("/assignment/propose", OFFICERS, assignment::post_propose),
        take("/assignment/change", OFFICERS, assignment::post_change),
        take("/assignment/commit", OFFICERS, assignment::post_commit),
        take("/assignment/give", OFFICERS, assignment::post_assign),
        show("/board", &[Officer], board::get),
        show("/decision/{id}", &[Officer], decision::get),
        take("/decision/{id}", &[Officer], decision::post),
        take("/decision/{id}/send-back", &[Officer], decision::post_send_back),
        show("/dossier/{id}/{variant}", &[Officer, Administrator], dossier::get),
        show("/countersign/{id}", &[Officer], decision::get),
        take("/countersign/{id}", &[Officer], decision::post_countersign),
        show("/cases/{id}", &[Officer], case::get),
        take("/cases/{id}/admission", &[Officer], case::post_admission),
        take("/cases/{id}/site", &[Officer], case::post_site),
        take("/cases/{id}/go-on", &[Officer], case::post_go_on),
        take("/cases/{id}/panel", &[Officer], case::post_panel),
        take("/cases/{id}/question", &[Officer], case::post_question),
        take("/cases/{id}/appeal", &[Officer], case::post_appeal),
        take("/cases/{id}/reopening", &[Officer], case::post_reopening),
    ]
}

/// Panels, award lists and lots.
fn panels() -> Vec<Route> {
    const SITTERS: &[Group] = &[Reviewer, Officer];
    vec![
        show("/panels", SITTERS, panels::get),
        take("/panels", OFFICERS, panels::post),
        show("/panels/{id}", SITTERS, panel::get),
        show("/panels/{id}/events", SITTERS, panel::events),
        take("/panels/{id}/next", SITTERS, panel::post_next),
        take("/panels/{id}/attendance", SITTERS, panel::post_attendance),
        take("/panels/{id}/close", SITTERS, panel::post_close),
        show("/panels/{id}/arrange", OFFICERS, panel_arrange::get),
        take("/panels/{id}/members", OFFICERS, panel_arrange::post_member),
        take("/panels/{id}/members/remove", OFFICERS, panel_arrange::post_member_removal),
        take("/panels/{id}/items", OFFICERS, panel_arrange::post_item),
        take("/panels/{id}/items/remove", OFFICERS, panel_arrange::post_item_removal),
        take("/panels/{id}/open", OFFICERS, panel_arrange::post_open),
        show("/panels/{id}/items/{item}", SITTERS, panel_item::get),
        take("/panels/{id}/items/{item}", SITTERS, panel_item::post),
        show("/panels/{id}/ranking", SITTERS, panel_ranking::get),
        take("/panels/{id}/ranking", SITTERS, panel_ranking::post),
        show("/panels/{id}/minutes", SITTERS, panel_minutes::get),
        take("/panels/{id}/minutes", SITTERS, panel_minutes::post),
        show("/panels/{id}/minutes.pdf", SITTERS, panel_minutes::pdf),
        show("/award-list", OFFICERS, award_list::get),
        show("/award-list.csv", OFFICERS, award_list::csv),
        show("/award-list.json", OFFICERS, award_list::json),
        take("/award-list/draw", OFFICERS, award_list::post_draw),
        take("/award-list/fix", OFFICERS, award_list::post_fix),
        show("/lots", ANYONE, lot::list),
        take("/lots", OFFICERS, lot::post),
        show("/lots/{id}", ANYONE, lot::get),
    ]
}

fn reviewers() -> Vec<Route> {
    const REVIEWERS: &[Group] = &[Reviewer];
    const JUDGES: &[Group] = &[Reviewer, Officer];
    vec![
        show("/reviewer", JUDGES, reviewer::get),
        take("/reviewer", REVIEWERS, reviewer::post),
        show("/reviewer/absences", REVIEWERS, reviewer_absences::get),
        take("/reviewer/absences", REVIEWERS, reviewer_absences::post),
        take("/reviewer/absences/remove", REVIEWERS, reviewer_absences::post_removal),
        show("/reviewer/interests", JUDGES, reviewer_interests::get),
        take("/reviewer/interests", JUDGES, reviewer_interests::post),
        take("/reviewer/interests/remove", JUDGES, reviewer_interests::post_removal),
        show("/reviewer/terms", REVIEWERS, reviewer_terms::list),
        show("/reviewer/terms/{scope}", REVIEWERS, reviewer_terms::get),
        take("/reviewer/terms/{scope}", REVIEWERS, reviewer_terms::post),
        show("/reviewer-invitation/{token}", ANYONE, reviewer_invitation::get),
        take("/reviewer-invitation/{token}", PEOPLE, reviewer_invitation::post),
        take("/reviewer-invitation/{token}/decline", ANYONE, reviewer_invitation::post_decline),
        show("/reviewers", OFFICERS, reviewers::get),
        take("/reviewers", OFFICERS, reviewers::post),
        take("/reviewers/withdraw", OFFICERS, reviewers::post_withdrawal),
        show("/reviewers/scopes", OFFICERS, review_scopes::list),
        show("/reviewers/scopes/{code}", OFFICERS, review_scopes::get),
        take("/reviewers/scopes/{code}", OFFICERS, review_scopes::post),
        show("/bids", REVIEWERS, bids::get),
        take("/bids/{id}", REVIEWERS, bids::post),
        show("/scores", OFFICERS, scores::get),
    ]
}

fn conflicts() -> Vec<Route> {
    vec![
        show("/conflict/{id}", &[Reviewer, Officer, Operator], conflict::get),
        take("/conflict/{id}", &[Reviewer, Officer, Operator], conflict::post),
        show("/conflicts/{id}", OFFICERS, conflicts::get),
        take("/conflicts/{id}/review", OFFICERS, conflicts::post_review),
        show("/conflicts/{id}/record", OFFICERS, conflicts::get_record),
        take("/conflicts/{id}/record", OFFICERS, conflicts::post_record),
        show("/conflicts/{id}/ask/{conflict}", OFFICERS, conflicts_waiver::get_ask),
        take("/conflicts/{id}/ask/{conflict}", OFFICERS, conflicts_waiver::post_ask),
        show("/conflicts/{id}/answer/{waiver}", OFFICERS, conflicts_waiver::get_answer),
        take("/conflicts/{id}/answer/{waiver}", OFFICERS, conflicts_waiver::post_answer),
        show("/organisation/parties", APPLICANTS, parties::get),
        take("/organisation/parties", APPLICANTS, parties::post),
        take("/organisation/parties/remove", APPLICANTS, parties::post_removal),
        show("/applications/{id}/parties", APPLICANTS, parties::get_one),
        take("/applications/{id}/parties", APPLICANTS, parties::post_one),
    ]
}

fn administration() -> Vec<Route> {
    const ADMINISTRATORS: &[Group] = &[Administrator];
    vec![
        show("/admin/people", ADMINISTRATORS, admin_people::get),
        show("/admin/people/{id}", ADMINISTRATORS, admin_people::person),
        take("/admin/people/{id}/grant", ADMINISTRATORS, admin_people::post_grant),
        take("/admin/people/{id}/remove", ADMINISTRATORS, admin_people::post_remove),
        show("/admin/jobs", ADMINISTRATORS, admin_jobs::get),
        take("/admin/jobs", ADMINISTRATORS, admin_jobs::post),
        show("/admin/audit", ADMINISTRATORS, admin_audit::get),
    ]
}

fn capacity() -> Vec<Route> {
    vec![
        show("/capacity", ANYONE, capacity::get),
        show("/offers/{id}", ALLOCATION_READERS, offer::get),
        take("/offers/{id}/accept", APPLICANTS, offer::post_accept),
        take("/offers/{id}/decline", APPLICANTS, offer::post_decline),
        take("/offers/{id}/slot", APPLICANTS, offer::post_slot),
        show("/allocations", MEMBERS, allocations::get),
        show("/allocations/{id}", ALLOCATION_READERS, allocation::get),
        show("/site", OPERATORS, site::get),
        show("/site/capacity", OPERATORS, site_capacity::get),
        take("/site/capacity", OPERATORS, site_capacity::post),
        show("/site/bookings", OPERATORS, site_bookings::get),
        take("/site/bookings/{id}/confirm", OPERATORS, site_bookings::post_confirm),
        show("/site/bookings/{id}/downtime", OPERATORS, site_downtime::get),
        take("/site/bookings/{id}/downtime", OPERATORS, site_downtime::post),
        show("/site/bookings/{id}/refuse", OPERATORS, site_bookings::get_refuse),
        take("/site/bookings/{id}/refuse", OPERATORS, site_bookings::post_refuse),
        show("/site/assessments", OPERATORS, site_assessments::get),
        show("/site/assessments/{id}", OPERATORS, site_assessments::get_one),
        take("/site/assessments/{id}", OPERATORS, site_assessments::post),
        take("/site/assessments/{id}/question", OPERATORS, site_assessments::post_question),
        show("/site/feed", OPERATORS, site_feed::get),
        take("/site/feed/token", OPERATORS, site_feed::post_token),
        show("/matching", OFFICERS, matching::get),
        take("/matching", OFFICERS, matching::post),
        show("/runs", OFFICERS, run::list),
        take("/runs", OFFICERS, run::post),
        show("/runs/{id}", OFFICERS, run::get),
        show("/runs/{id}/instance.json", OFFICERS, run::instance),
        show("/runs/{id}/solution.json", OFFICERS, run::solution),
        show("/runs/{id}/standing.json", OFFICERS, run::standing),
        show("/runs/{id}/beside/{other}", OFFICERS, run_compare::get),
        show("/runs/{id}/sites/{site}", OFFICERS, run_site::get),
        show("/runs/{id}/events", OFFICERS, run::events),
        take("/runs/{id}/stop", OFFICERS, run::post_stop),
        take("/runs/{id}/publish", OFFICERS, run_publish::post),
        take("/runs/{id}/rules", OFFICERS, run_publish::post_rules),
    ]
}

fn after_award() -> Vec<Route> {
    vec![
        show("/allocations/{id}/actions/{kind}", APPLICANTS, action::get),
        take("/allocations/{id}/actions/{kind}", APPLICANTS, action::post),
        take("/allocations/{id}/actions/{kind}/withdraw", APPLICANTS, action::post_withdrawal),
        show("/allocations/{id}/report/{kind}", MEMBERS, report::get),
        take("/allocations/{id}/report/{kind}", APPLICANTS, report::post),
        show("/actions", OFFICERS, actions::get),
        show("/actions/{id}", OFFICERS, action_decision::get),
        take("/actions/{id}", OFFICERS, action_decision::post),
        take("/actions/{id}/sign", OFFICERS, action_decision::post_signature),
        take("/actions/{id}/send-back", OFFICERS, action_decision::post_send_back),
        show("/reports/{id}", OFFICERS, report_decision::get),
        take("/reports/{id}", OFFICERS, report_decision::post),
    ]
}

/// State aid: a company's own, anybody's for staff, the registers.
fn aid() -> Vec<Route> {
    const READERS: &[Group] = &[Officer, Finance];
    const CONCERNED: &[Group] = &[Owner, Applicant, Billing, Reader, Officer, Finance];
    vec![
        show("/organisation/aid", MEMBERS, aid::get),
        show("/organisation/aid/declaration", APPLICANTS, aid_declaration::get),
        take("/organisation/aid/declaration", APPLICANTS, aid_declaration::post),
        show("/aid", READERS, aid_list::get),
        take("/aid/transfers", OFFICERS, aid_list::post_transfer),
        show("/aid/register", READERS, aid_register::get),
        take("/aid/register", READERS, aid_register::post),
        show("/aid/register.csv", READERS, aid_register::csv),
        show("/aid/register.json", READERS, aid_register::json),
        show("/aid/register/sectors.csv", READERS, aid_register::sectors),
        show("/aid/letters/{grant}", CONCERNED, aid::letter),
        show("/aid/{id}", READERS, aid::get_one),
    ]
}

fn invoices() -> Vec<Route> {
    const READERS: &[Group] = &[Owner, Applicant, Billing, Reader, Finance];
    const PAYERS: &[Group] = &[Owner, Billing];
    vec![
        show("/invoices", MEMBERS, invoices::get),
        show("/invoices/{id}", READERS, invoice::get),
        show("/invoices/{id}/pdf", READERS, invoice::pdf),
        show("/invoices/{id}/cii", READERS, invoice::cii),
        show("/invoices/{id}/ubl", READERS, invoice::ubl),
        show("/credit-notes/{id}", READERS, credit_note::get),
        show("/credit-notes/{id}/pdf", READERS, credit_note::pdf),
        show("/credit-notes/{id}/cii", READERS, credit_note::cii),
        show("/credit-notes/{id}/ubl", READERS, credit_note::ubl),
        show("/invoices/{id}/payment", PAYERS, invoice::returned),
        take("/invoices/{id}/payment", PAYERS, invoice::post_payment),
        show("/invoices/{id}/receipts/{payment}", READERS, invoice::receipt),
    ]
}

fn finance() -> Vec<Route> {
    const KEEPERS: &[Group] = &[Finance];
    const FUNDERS: &[Group] = &[Officer, Finance];
    vec![
        show("/finance", KEEPERS, finance::get),
        show("/finance/invoices", KEEPERS, finance_invoices::get),
        show("/finance/invoices/{id}/credit", KEEPERS, finance_credit::get),
        take("/finance/invoices/{id}/credit", KEEPERS, finance_credit::post),
        take("/finance/invoices/{id}/credit/{request}/sign", KEEPERS, finance_credit::post_sign),
        take("/finance/invoices/{id}/credit/{request}/decline", KEEPERS, finance_credit::post_decline),
        show("/finance/rates", KEEPERS, finance_rates::get),
        take("/finance/rates", KEEPERS, finance_rates::post),
        show("/finance/mails", KEEPERS, finance_mails::get),
        take("/finance/mails/{id}", KEEPERS, finance_mails::post),
        show("/finance/payments", KEEPERS, finance_payments::get),
        show("/finance/payments/{id}", KEEPERS, finance_payments::payment),
        take("/finance/payments/{id}", KEEPERS, finance_payments::post_refund),
        take("/finance/payments/{id}/keep", KEEPERS, finance_payments::post_keep),
        show("/pots", FUNDERS, pots::get),
        take("/pots", FUNDERS, pots::post),
        show("/pots/{code}", FUNDERS, pots::get_one),
        take("/pots/{code}", FUNDERS, pots::post_one),
        take("/pots/{code}/funder", FUNDERS, pots::post_funder),
        show("/quotas", FUNDERS, quotas::get),
        take("/quotas", OFFICERS, quotas::post),
        show("/finance/close", KEEPERS, finance_close::get),
        take("/finance/close", KEEPERS, finance_close::post),
        show("/finance/books", KEEPERS, finance_books::get),
        take("/finance/books", KEEPERS, finance_books::post),
        show("/finance/books/{month}/{form}", KEEPERS, finance_books::export),
        show("/finance/journal", KEEPERS, finance_journal::get),
        show("/finance/journal/{number}", KEEPERS, finance_journal::get_one),
        show("/finance/tax", KEEPERS, finance_tax::get),
        show("/finance/tax.csv", KEEPERS, finance_tax::csv),
        take("/finance/refunds/{id}/sign", KEEPERS, finance_payments::post_sign),
        take("/finance/refunds/{id}/refuse", KEEPERS, finance_payments::post_refuse),
        show("/finance/reconciliation", KEEPERS, reconciliation::get),
        take("/finance/reconciliation/{id}", KEEPERS, reconciliation::post),
        show("/finance/reminders", KEEPERS, reminders::get),
        show("/finance/reminders/{id}", KEEPERS, reminders::get_one),
        take("/finance/reminders/{id}/hold", KEEPERS, reminders::post_hold),
        take("/finance/reminders/{id}/resume", KEEPERS, reminders::post_end),
        take("/finance/reminders/{id}/write-off", KEEPERS, reminders::post_write_off),
        take("/finance/write-offs/{id}/sign", KEEPERS, reminders::post_sign),
        take("/finance/write-offs/{id}/refuse", KEEPERS, reminders::post_refuse),
        show("/finance/ageing", KEEPERS, ageing::get),
        show("/finance/ageing.csv", KEEPERS, ageing::csv),
        show("/finance/bank", KEEPERS, bank::get),
        Route { body_bytes_max: bank::UPLOAD_BYTES_MAX, ..take("/finance/bank", KEEPERS, bank::post) },
        show("/finance/bank/entries", KEEPERS, bank::entries),
        show("/finance/bank/entries/{id}", KEEPERS, bank_entry::get),
        take("/finance/bank/entries/{id}/match", KEEPERS, bank_entry::post_match),
        take("/finance/bank/entries/{id}/payout", KEEPERS, bank_entry::post_payout),
        take("/finance/bank/entries/{id}/provider", KEEPERS, bank_entry::post_provider),
        take("/finance/bank/entries/{id}/ignore", KEEPERS, bank_entry::post_ignore),
        take("/finance/bank/entries/{id}/undo", KEEPERS, bank_entry::post_undo),
        show("/finance/credits", KEEPERS, credits::get),
        show("/finance/credits/{id}", KEEPERS, credits::get_one),
        take("/finance/credits/{id}/use", KEEPERS, credits::post_use),
        take("/finance/credits/uses/{id}/undo", KEEPERS, credits::post_undo),
        take("/finance/credits/{id}/payout", KEEPERS, credits::post_payout),
        take("/finance/payouts/{id}/sign", KEEPERS, credits::post_sign),
        take("/finance/payouts/{id}/withdraw", KEEPERS, credits::post_withdraw),
    ]
}

/// The price book and quotes.
fn prices() -> Vec<Route> {
    const KEEPERS: &[Group] = &[Finance];
    vec![
        show("/prices", ANYONE, prices::get),
        show("/prices/{model}", ANYONE, prices::get_one),
        show("/finance/prices", KEEPERS, finance_prices::get),
        take("/finance/prices", KEEPERS, finance_prices::post),
        take("/finance/prices/policy", KEEPERS, finance_policy::post),
        take("/finance/prices/policy/sign", KEEPERS, finance_policy::post_sign),
        show("/finance/prices/{model}", KEEPERS, finance_prices::get_one),
        take("/finance/prices/{model}/observations", KEEPERS, finance_prices::post_observation),
        take("/finance/prices/{model}/take-back", KEEPERS, finance_prices::post_take_back),
        take("/finance/prices/{model}/list", KEEPERS, finance_prices::post_list),
        show("/quotes", MEMBERS, quotes::get),
        show("/quotes/{id}/paper", MEMBERS, quotes::paper),
        show("/quotes/{id}", MEMBERS, quotes::get_one),
        show("/applications/{id}/quote", APPLICANTS, quotes::get_ask),
        take("/applications/{id}/quote", APPLICANTS, quotes::post_ask),
    ]
}

/// The pages; sessions, headers and files are the server's to add.
pub fn router(state: AppState) -> Router {
    let mut router = Router::new();
    for route in table() {
        let enter = middleware::from_fn_with_state((state.clone(), route.audience), entrance::enter);
        // A panic is a fault of one request: it is explained like any other and ends nothing else.
        let handler = route
            .handler
            .layer::<_, Infallible>(DefaultBodyLimit::max(route.body_bytes_max))
            .layer(CatchPanicLayer::custom(AppError::panicked))
            .layer::<_, Infallible>(enter)
            .layer(RequestBodyLimitLayer::new(route.body_bytes_max));
        router = router.route(route.path, handler);
    }
    router.fallback(entrance::unknown).with_state(state)
}
