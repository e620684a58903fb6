//! The objects as Stripe writes them: every field that a strict reader wants, and those that are null.

use serde_json::{Value, json};

pub const API_VERSION: &str = "2026-09-30.endive";

/// Seconds since 1970.
#[expect(
    clippy::disallowed_methods,
    reason = "a development server that signs with the real time, as the real one does"
)]
pub fn now() -> i64 {
    let elapsed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(elapsed.as_secs()).unwrap_or_default()
}

pub fn text<'a>(object: &'a Value, field: &str) -> &'a str {
    object.get(field).and_then(Value::as_str).unwrap_or_default()
}

pub fn number(object: &Value, field: &str) -> i64 {
    object.get(field).and_then(Value::as_i64).unwrap_or_default()
}

pub fn set(object: &mut Value, field: &str, value: Value) {
    if let Some(fields) = object.as_object_mut() {
        fields.insert(field.to_owned(), value);
    }
}

pub struct NewSession<'a> {
    pub id: &'a str,
    pub intent: &'a str,
    pub amount: i64,
    pub reference: Option<&'a str>,
    pub metadata: Value,
    pub locale: &'a str,
    pub email: Option<&'a str>,
    pub success_url: &'a str,
    pub cancel_url: &'a str,
    pub url: String,
    pub created: i64,
}

pub fn session(new: &NewSession<'_>) -> Value {
    json!({
        "id": new.id,
        "object": "checkout.session",
        "amount_subtotal": new.amount,
        "amount_total": new.amount,
        "automatic_tax": { "enabled": false, "liability": null, "provider": null, "status": null },
        "cancel_url": new.cancel_url,
        "client_reference_id": new.reference,
        "created": new.created,
        "currency": "eur",
        "custom_fields": [],
        "custom_text": {
            "after_submit": null, "shipping_address": null, "submit": null, "terms_of_service_acceptance": null
        },
        "customer": null,
        "customer_email": new.email,
        "expires_at": new.created + 24 * 3_600,
        "livemode": false,
        "locale": new.locale,
        "metadata": new.metadata,
        "mode": "payment",
        "payment_intent": new.intent,
        "payment_method_types": ["card", "sepa_debit"],
        "payment_status": "unpaid",
        "shipping_options": [],
        "status": "open",
        "success_url": new.success_url,
        "url": new.url,
    })
}

pub fn intent(id: &str, amount: i64, description: &str, metadata: &Value, created: i64) -> Value {
    json!({
        "id": id,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_received": 0,
        "capture_method": "automatic_async",
        "confirmation_method": "automatic",
        "created": created,
        "currency": "eur",
        "description": description,
        "last_payment_error": null,
        "latest_charge": null,
        "livemode": false,
        "metadata": metadata,
        "payment_method_types": ["card", "sepa_debit"],
        "status": "requires_payment_method",
    })
}

pub fn refund(id: &str, intent: &str, amount: i64, metadata: &Value, created: i64) -> Value {
    json!({
        "id": id,
        "object": "refund",
        "amount": amount,
        "balance_transaction": null,
        "charge": null,
        "created": created,
        "currency": "eur",
        "metadata": metadata,
        "payment_intent": intent,
        "reason": null,
        "receipt_number": null,
        "status": "succeeded",
    })
}

pub fn dispute(id: &str, intent: &str, amount: i64, created: i64) -> Value {
    json!({
        "id": id,
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": format!("ch_{intent}"),
        "created": created,
        "currency": "eur",
        "enhanced_eligibility_types": [],
        "evidence": { "enhanced_evidence": {} },
        "evidence_details": {
            "due_by": created + 7 * 24 * 3_600, "enhanced_eligibility": {}, "has_evidence": false, "past_due": false,
            "submission_count": 0
        },
        "is_charge_refundable": false,
        "livemode": false,
        "metadata": {},
        "payment_intent": intent,
        "reason": "fraudulent",
        "status": "needs_response",
    })
}

/// What moved the balance: of which kind, by which object, how much, and what of it was kept.
pub fn balance_transaction(id: &str, (kind, source): (&str, &str), (amount, fee): (i64, i64), at: i64) -> Value {
    json!({
        "id": id,
        "object": "balance_transaction",
        "amount": amount,
        "available_on": at,
        "balance_type": "payments",
        "created": at,
        "currency": "eur",
        "description": null,
        "exchange_rate": null,
        "fee": fee,
        "fee_details": [],
        "net": amount - fee,
        "reporting_category": kind,
        "source": source,
        "status": "available",
        "type": kind,
    })
}

/// A page of a list, the newest first.
pub fn list(url: &str, data: &[Value], has_more: bool) -> Value {
    json!({ "object": "list", "url": url, "has_more": has_more, "data": data })
}

pub fn event(id: &str, kind: &str, object: &Value) -> Value {
    json!({
        "id": id,
        "object": "event",
        "api_version": API_VERSION,
        "created": now(),
        "data": { "object": object },
        "livemode": false,
        "pending_webhooks": 1,
        "request": { "id": null, "idempotency_key": null },
        "type": kind,
    })
}

pub fn error(kind: &str, code: Option<&str>, message: &str) -> Value {
    json!({ "error": { "type": kind, "code": code, "message": message } })
}
