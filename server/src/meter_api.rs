//! The metering API: a site's machine sends batches of readings with its token, and hears of every row.
//!
//! No cookies, no pages: a bearer token or nothing. Sending a batch again takes nothing twice.

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use chrono::{DateTime, Utc};
use domain::usage::{BATCH_MAX, Correction, Reading, Refused, Taken};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use services::{Desk, Error, SentCorrection, SentReading, Services};
use text::{Locale, Words};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

/// The largest body: a full batch with long names fits.
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// One reading: so many GPUs of one job from start to end.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadingRow {
    /// The allocation's id, as the site got it with the booking.
    allocation: Uuid,
    /// The job's name at the site; unique there.
    #[schema(max_length = 100)]
    job: String,
    /// Counts up within the job; sending the same number again is harmless.
    #[schema(minimum = 0)]
    sequence: i64,
    #[schema(minimum = 1)]
    gpus: i64,
    start: DateTime<Utc>,
    /// After `start`, at most seven days later, not in the future.
    end: DateTime<Utc>,
}

/// A batch of readings.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// At most 1,000.
    #[schema(max_items = 1000, min_items = 1)]
    readings: Vec<ReadingRow>,
}

/// One reading that says less than an earlier one of the same job.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectionRow {
    /// The allocation's id, as in the reading.
    allocation: Uuid,
    /// The job's name, as in the reading.
    job: String,
    /// The number of the reading that is corrected.
    #[schema(minimum = 0)]
    replaces: i64,
    /// A number of the job above it; sending the same number again is harmless.
    #[schema(minimum = 1)]
    sequence: i64,
    /// No GPUs if the job did not run.
    #[schema(minimum = 0)]
    gpus: i64,
    /// Within the time of the reading.
    start: DateTime<Utc>,
    end: DateTime<Utc>,
}

/// A batch of corrections.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Corrections {
    /// At most 1,000.
    #[schema(max_items = 1000, min_items = 1)]
    corrections: Vec<CorrectionRow>,
}

/// What became of one row.
#[derive(Debug, Serialize, ToSchema)]
pub struct RowResult {
    /// Its place in the batch, from 0.
    row: usize,
    /// `taken`, `duplicate` or `refused`.
    status: &'static str,
    /// Code of the reason, if it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// The reason in English.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// GPU-seconds, if it was taken; of a correction, how many fewer count.
    #[serde(skip_serializing_if = "Option::is_none")]
    gpu_seconds: Option<i64>,
}

/// What became of a batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchResult {
    taken: usize,
    duplicates: usize,
    refused: usize,
    rows: Vec<RowResult>,
}

/// Why a whole batch was not looked at.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// A stable code.
    error: &'static str,
    message: String,
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Gigahours metering API",
        version = "1",
        description = "Sites report the use of their GPUs. Authenticate with `Authorization: Bearer <token>`; \
                       the token is made on the site's usage feed page."
    ),
    paths(record, correct),
    components(schemas(Batch, ReadingRow, Corrections, CorrectionRow, BatchResult, RowResult, Problem)),
    modifiers(&Bearer)
)]
struct Api;

struct Bearer;

impl utoipa::Modify for Bearer {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
        let scheme = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        api.components.get_or_insert_default().add_security_scheme("token", scheme);
    }
}

pub fn router(services: Services) -> Router {
    Router::new()
        .route("/api/v1/readings", post(record))
        .route("/api/v1/corrections", post(correct))
        .route("/api/v1/openapi.json", get(document))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(services)
}

async fn document() -> Response {
    Json(Api::openapi()).into_response()
}

/// Takes a batch of readings, row by row: good rows are kept even where others are refused.
#[utoipa::path(
    post,
    path = "/api/v1/readings",
    request_body = Batch,
    security(("token" = [])),
    responses(
        (status = 200, description = "Looked at; each row has its result", body = BatchResult),
        (status = 401, description = "No token, or one that is not in force", body = Problem),
        (status = 413, description = "Too large: more than 1,000 rows or 1 MiB", body = Problem),
        (status = 422, description = "Not a batch", body = Problem),
        (status = 503, description = "Busy: send the same batch again", body = Problem),
    )
)]
async fn record(
    State(services): State<Services>,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Response {
    let rows = |batch: Batch| batch.readings.into_iter().map(sent).collect();
    let take = async |desk: Desk, rows: Vec<SentReading>| desk.record_readings(rows).await;
    looked_at("readings", &services, &headers, body, rows, take).await
}

/// Takes readings that say less than earlier ones, row by row. What was charged for the difference is credited.
#[utoipa::path(
    post,
    path = "/api/v1/corrections",
    request_body = Corrections,
    security(("token" = [])),
    responses(
        (status = 200, description = "Looked at; each row has its result", body = BatchResult),
        (status = 401, description = "No token, or one that is not in force", body = Problem),
        (status = 413, description = "Too large: more than 1,000 rows or 1 MiB", body = Problem),
        (status = 422, description = "Not a batch", body = Problem),
        (status = 503, description = "Busy: send the same batch again", body = Problem),
    )
)]
async fn correct(
    State(services): State<Services>,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Response {
    let rows = |batch: Corrections| batch.corrections.into_iter().map(sent_correction).collect();
    let take = async |desk: Desk, rows: Vec<SentCorrection>| desk.record_corrections(rows).await;
    looked_at("corrections", &services, &headers, body, rows, take).await
}

/// What becomes of a batch of rows, which are called `noun`.
async fn looked_at<B: DeserializeOwned, R>(
    noun: &str,
    services: &Services,
    headers: &HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
    rows: impl FnOnce(B) -> Vec<R>,
    take: impl AsyncFnOnce(Desk, Vec<R>) -> Result<Vec<Result<Taken, Refused>>, Error>,
) -> Response {
    let (desk, body) = match entered(services, headers, body).await {
        Ok(entered) => entered,
        Err(refusal) => return *refusal,
    };
    let rows = match read(&body) {
        Ok(batch) => rows(batch),
        Err(refusal) => return *refusal,
    };
    if let Some(refusal) = outsized(rows.len(), noun) {
        return refusal;
    }
    match take(desk, rows).await {
        Ok(verdicts) => Json(result(&verdicts)).into_response(),
        Err(error) => failed(&error, noun),
    }
}

/// The desk of the site whose token this is, and the body.
async fn entered(
    services: &Services,
    headers: &HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<(Desk, Bytes), Box<Response>> {
    let Some(token) = bearer(headers) else {
        let message = "Send the site's token: Authorization: Bearer <token>.";
        return Err(Box::new(refuse(StatusCode::UNAUTHORIZED, "no_token", message)));
    };
    let desk = match services.meter(token).await {
        Ok(desk) => desk,
        Err(Error::NotFound) => {
            return Err(Box::new(refuse(StatusCode::UNAUTHORIZED, "bad_token", "This token is not in force.")));
        }
        Err(error) => return Err(Box::new(failed(&error, "rows"))),
    };
    let Ok(body) = body else {
        return Err(Box::new(refuse(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "Send at most 1 MiB at once.")));
    };
    Ok((desk, body))
}

fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Box<Response>> {
    serde_json::from_slice(body)
        .map_err(|error| Box::new(refuse(StatusCode::UNPROCESSABLE_ENTITY, "not_a_batch", &error.to_string())))
}

fn outsized(rows: usize, noun: &str) -> Option<Response> {
    match rows {
        0 => Some(refuse(StatusCode::UNPROCESSABLE_ENTITY, "empty", &format!("The batch has no {noun}."))),
        rows if rows > BATCH_MAX => {
            let message = format!("Send at most {BATCH_MAX} {noun} at once.");
            Some(refuse(StatusCode::PAYLOAD_TOO_LARGE, "too_many_rows", &message))
        }
        _ => None,
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn sent(row: ReadingRow) -> SentReading {
    let ReadingRow { allocation, job, sequence, gpus, start, end } = row;
    SentReading { allocation: allocation.into(), reading: Reading { job, sequence, gpus, start, end } }
}

fn sent_correction(row: CorrectionRow) -> SentCorrection {
    let CorrectionRow { allocation, job, replaces, sequence, gpus, start, end } = row;
    let correction = Correction { replaces, reading: Reading { job, sequence, gpus, start, end } };
    SentCorrection { allocation: allocation.into(), correction }
}

fn result(verdicts: &[Result<Taken, Refused>]) -> BatchResult {
    let words = Words::new(Locale::En);
    let count = |wanted: &str| verdicts.iter().filter(|verdict| status(verdict) == wanted).count();
    let rows = verdicts.iter().enumerate().map(|(row, verdict)| RowResult {
        row,
        status: status(verdict),
        reason: verdict.err().map(Refused::code),
        message: verdict.err().map(|reason| words.t(&format!("reading-{}", reason.code()))),
        gpu_seconds: match verdict {
            Ok(Taken::New(used)) => Some(used.as_seconds()),
            _ => None,
        },
    });
    BatchResult {
        taken: count("taken"),
        duplicates: count("duplicate"),
        refused: count("refused"),
        rows: rows.collect(),
    }
}

const fn status(verdict: &Result<Taken, Refused>) -> &'static str {
    match verdict {
        Ok(Taken::New(_)) => "taken",
        Ok(Taken::Duplicate) => "duplicate",
        Err(_) => "refused",
    }
}

fn refuse(status: StatusCode, error: &'static str, message: &str) -> Response {
    let mut response = (status, Json(Problem { error, message: message.to_owned() })).into_response();
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

fn failed(error: &Error, noun: &str) -> Response {
    if matches!(error, Error::Busy) {
        let mut response = refuse(StatusCode::SERVICE_UNAVAILABLE, "busy", "Send the same batch again in a moment.");
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        return response;
    }
    tracing::error!(%error, noun, "a batch failed");
    refuse(StatusCode::INTERNAL_SERVER_ERROR, "broken", "Something broke on our side. Send the same batch again later.")
}
