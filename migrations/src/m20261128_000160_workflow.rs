//! The workflow between submission and award: steps with their clocks, every transition, questions to the applicant,
//! assessments of sites, answers to reviews, appeals and reopenings.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const KINDS: [&str; 6] =
    ["administrative_check", "technical_assessment", "expert_review", "rebuttal", "panel", "decision"];

/// What was handed in before there were steps had two: the review and the decision.
const REVIEWS_BEFORE: &str = "\
INSERT INTO step (application_id, kind, position, state, working_days, begun_at, due_at, escalations, outcome, reason, done_at) \
SELECT a.id, 'expert_review', 2, \
 CASE WHEN a.state IN ('submitted', 'in_review') AND h.at IS NULL THEN 'active' ELSE 'done' END, \
 1, a.submitted_at, a.due_at, 0, \
 CASE WHEN a.state IN ('submitted', 'in_review') AND h.at IS NULL THEN NULL ELSE 'reviewed' END, '', \
 CASE WHEN a.state IN ('submitted', 'in_review') AND h.at IS NULL THEN NULL ELSE COALESCE(h.at, a.updated_at) END \
FROM application a LEFT JOIN (SELECT application_id, MIN(handed_in_at) AS at FROM review GROUP BY application_id) h \
 ON h.application_id = a.id \
WHERE a.submitted_at IS NOT NULL AND a.state <> 'withdrawn'";

const DECISIONS_BEFORE: &str = "\
INSERT INTO step (application_id, kind, position, state, working_days, begun_at, due_at, escalations, outcome, reason, done_at) \
SELECT a.id, 'decision', 5, \
 CASE WHEN a.state IN ('approved', 'refused') THEN 'done' WHEN r.state = 'active' THEN 'pending' ELSE 'active' END, \
 1, CASE WHEN r.state = 'active' THEN NULL ELSE r.done_at END, CASE WHEN r.state = 'active' THEN NULL ELSE a.due_at END, \
 0, CASE WHEN a.state IN ('approved', 'refused') THEN a.state ELSE NULL END, '', \
 CASE WHEN a.state IN ('approved', 'refused') THEN COALESCE(a.decided_at, a.updated_at) ELSE NULL END \
FROM application a JOIN step r ON r.application_id = a.id AND r.kind = 'expert_review'";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        steps(manager).await?;
        transitions(manager).await?;
        questions(manager).await?;
        assessments(manager).await?;
        rebuttals(manager).await?;
        appeals(manager).await?;
        reopenings(manager).await?;
        for sql in [REVIEWS_BEFORE, DECISIONS_BEFORE] {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }
}

async fn steps(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let states = ["pending", "active", "done", "skipped"];
    let runs = Expr::col(name("begun_at")).is_not_null().and(Expr::col(name("due_at")).is_not_null());
    let ended = Expr::col(name("done_at")).is_not_null().and(Expr::col(name("outcome")).is_not_null());
    let mut step = Table::create();
    step.table(name("step"))
        .col(uuid("application_id"))
        .col(text("kind").check(Expr::col(name("kind")).is_in(KINDS)))
        .col(integer("position"))
        .col(text("state").check(Expr::col(name("state")).is_in(states)))
        .col(integer("working_days").check(Expr::col(name("working_days")).gte(0)))
        .col(instant_or_null("begun_at"))
        .col(instant_or_null("due_at"))
        // Since when the clock stands still.
        .col(instant_or_null("stopped_at"))
        .col(integer("escalations").default(0))
        .col(instant_or_null("substituted_at"))
        .col(text_or_null("outcome"))
        .col(text("reason").default(""))
        .col(uuid_or_null("done_by"))
        .col(instant_or_null("done_at"))
        .col(uuid_or_null("site_id"))
        .col(uuid_or_null("in_charge"))
        .primary_key(Index::create().col(name("application_id")).col(name("kind")))
        .check(Expr::col(name("state")).ne("active").or(runs))
        .check(Expr::col(name("state")).ne("done").or(ended))
        .foreign_key(&mut reference("step", "application_id", "application"))
        .foreign_key(&mut reference("step", "done_by", "person"))
        .foreign_key(&mut reference("step", "in_charge", "person"))
        .foreign_key(&mut reference("step", "site_id", "site"));
    manager.create_table(step.take()).await?;
    // Exactly one step of an application goes on.
    only_one(manager, "ux_step_active", "step", "state = 'active'").await?;
    manager.create_index(index("step", &["state", "due_at", "kind", "application_id"])).await?;
    manager.create_index(index("step", &["site_id"])).await
}

async fn transitions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let created = table("transition")
        .col(uuid("application_id"))
        .col(instant("at"))
        .col(text("deed"))
        .col(text("from_node"))
        .col(text("to_node"))
        .col(text_or_null("step"))
        .col(text("actor_group"))
        .col(uuid_or_null("person_id"))
        .col(text("reason"))
        .col(text("detail"))
        .foreign_key(&mut reference("transition", "application_id", "application"))
        .foreign_key(&mut reference("transition", "person_id", "person"))
        .take();
    manager.create_table(created).await?;
    manager.create_index(index("transition", &["application_id", "at"])).await
}

async fn questions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let states = ["proposed", "open", "answered", "lapsed", "dropped"];
    let created = table("question")
        .col(uuid("application_id"))
        .col(text("step").check(Expr::col(name("step")).is_in(KINDS)))
        .col(text("state").check(Expr::col(name("state")).is_in(states)))
        .col(text("text").check(Expr::col(name("text")).ne("")))
        .col(uuid("asked_by"))
        .col(text("asked_group"))
        .col(instant("asked_at"))
        .col(instant_or_null("due_at"))
        .col(text("draft").default(""))
        .col(text_or_null("answer"))
        .col(uuid_or_null("answered_by"))
        .col(instant_or_null("answered_at"))
        .check(
            Expr::col(name("state"))
                .eq("proposed")
                .or(Expr::col(name("state")).eq("dropped"))
                .or(Expr::col(name("due_at")).is_not_null()),
        )
        .check(Expr::col(name("state")).ne("answered").or(Expr::col(name("answer")).is_not_null()))
        .foreign_key(&mut reference("question", "application_id", "application"))
        .foreign_key(&mut reference("question", "asked_by", "person"))
        .foreign_key(&mut reference("question", "answered_by", "person"))
        .take();
    manager.create_table(created).await?;
    only_one(manager, "ux_question_open", "question", "state = 'open'").await?;
    manager.create_index(index("question", &["application_id", "asked_at"])).await
}

async fn assessments(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let verdicts = ["feasible", "feasible_with_conditions", "infeasible"];
    let created = table("assessment")
        .col(uuid("application_id"))
        .col(uuid("site_id"))
        .col(text("verdict").check(Expr::col(name("verdict")).is_in(verdicts)))
        .col(big("hours").check(Expr::col(name("hours")).gte(0)))
        .col(text_or_null("model"))
        .col(text("conditions"))
        .col(text("comments"))
        .col(uuid("made_by"))
        .col(instant("made_at"))
        .foreign_key(&mut reference("assessment", "application_id", "application"))
        .foreign_key(&mut reference("assessment", "site_id", "site"))
        .foreign_key(&mut reference("assessment", "made_by", "person"))
        .take();
    manager.create_table(created).await?;
    manager.create_index(unique("assessment", &["application_id", "site_id"])).await
}

async fn rebuttals(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut created = Table::create();
    created
        .table(name("rebuttal"))
        .col(uuid("application_id").primary_key())
        .col(text("text"))
        .col(instant_or_null("handed_in_at"))
        .col(uuid_or_null("handed_in_by"))
        .foreign_key(&mut reference("rebuttal", "application_id", "application"))
        .foreign_key(&mut reference("rebuttal", "handed_in_by", "person"));
    manager.create_table(created.take()).await
}

async fn appeals(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let outcome = Expr::col(name("outcome"));
    let open = outcome.clone().is_null().and(Expr::col(name("decided_by")).is_null());
    let judged = Expr::col(name("decided_by")).is_not_null().and(Expr::col(name("decided_at")).is_not_null());
    let created = table("appeal")
        .col(uuid("application_id"))
        // Of the decision appealed against; it goes when the case is opened again, and this stays.
        .col(uuid("decision_id"))
        .col(text("grounds").check(Expr::col(name("grounds")).ne("")))
        .col(uuid("filed_by"))
        .col(instant("filed_at"))
        .col(instant("due_at"))
        .col(instant_or_null("reminded_at"))
        .col(text_or_null("outcome"))
        .col(text_or_null("reasons"))
        .col(uuid_or_null("decided_by"))
        .col(instant_or_null("decided_at"))
        .check(open.or(outcome.is_in(["upheld", "rejected"]).and(judged)))
        .foreign_key(&mut reference("appeal", "application_id", "application"))
        .foreign_key(&mut reference("appeal", "filed_by", "person"))
        .foreign_key(&mut reference("appeal", "decided_by", "person"))
        .take();
    manager.create_table(created).await?;
    manager.create_index(unique("appeal", &["decision_id"])).await?;
    only_one(manager, "ux_appeal_open", "appeal", "decided_at IS NULL").await?;
    manager.create_index(index("appeal", &["application_id"])).await
}

async fn reopenings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let another =
        Expr::col(name("signed_by")).is_null().or(Expr::col(name("signed_by")).ne(Expr::col(name("proposed_by"))));
    let created = table("reopening")
        .col(uuid("application_id"))
        .col(text("reasons").check(Expr::col(name("reasons")).ne("")))
        .col(uuid("proposed_by"))
        .col(instant("proposed_at"))
        .col(uuid_or_null("signed_by"))
        .col(instant_or_null("settled_at"))
        .check(another)
        .foreign_key(&mut reference("reopening", "application_id", "application"))
        .foreign_key(&mut reference("reopening", "proposed_by", "person"))
        .foreign_key(&mut reference("reopening", "signed_by", "person"))
        .take();
    manager.create_table(created).await?;
    only_one(manager, "ux_reopening_open", "reopening", "settled_at IS NULL").await
}

/// At most one such row for each application. Both databases read this alike.
async fn only_one(manager: &SchemaManager<'_>, named: &str, table: &str, condition: &str) -> Result<(), DbErr> {
    let sql = format!("CREATE UNIQUE INDEX {named} ON {table} (application_id) WHERE {condition}");
    manager.get_connection().execute_unprepared(&sql).await?;
    Ok(())
}
