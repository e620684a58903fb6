//! The real VIES client against a register of our own that answers as the Commission's does.

use axum::{Json, Router, http::StatusCode, response::IntoResponse, routing::post};
use domain::vat::{VatId, VatState};
use serde_json::{Value, json};
use services::gateways::vies::{Answer, Vies};

/// The address of a register with an answer for each number of ours.
async fn register() -> String {
    let app = Router::new().route("/rest-api/check-vat-number", post(answer));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    format!("http://{address}/rest-api/")
}

async fn answer(Json(question): Json<Value>) -> axum::response::Response {
    let number = format!("{}{}", question["countryCode"].as_str().unwrap(), question["vatNumber"].as_str().unwrap());
    // A consultation number is given only to those who name themselves.
    let consultation = match question.get("requesterNumber").and_then(Value::as_str) {
        Some(_) => "WAPIAAAAYc0",
        None => "",
    };
    match number.as_str() {
        "FR40303265045" => Json(json!({
            "countryCode": "FR", "vatNumber": "40303265045", "requestDate": "2026-11-23T09:00:00.000Z", "valid": true,
            "requestIdentifier": consultation, "name": "SA SODIMAS", "address": "---",
        }))
        .into_response(),
        "FR41303265045" => Json(json!({ "valid": false, "requestIdentifier": consultation })).into_response(),
        "DE136695976" => {
            let fault = json!({ "actionSucceed": false, "errorWrappers": [{ "error": "MS_UNAVAILABLE" }] });
            (StatusCode::INTERNAL_SERVER_ERROR, Json(fault)).into_response()
        }
        _ => (StatusCode::BAD_GATEWAY, "<html>a proxy's page</html>").into_response(),
    }
}

fn id(text: &str) -> VatId {
    text.parse().unwrap()
}

#[tokio::test]
async fn the_consultation_number_is_given_to_those_who_name_themselves() {
    let url = register().await;
    let named = Vies::rest(&url, Some(id("LU15027442"))).unwrap();
    let name = Some("SA SODIMAS".to_owned());
    let expected = Answer::Valid { consultation: Some("WAPIAAAAYc0".to_owned()), name: name.clone(), address: None };
    assert_eq!(named.check(&id("FR40303265045")).await, expected);
    assert_eq!(named.check(&id("FR41303265045")).await.state(), VatState::Invalid);
    let nameless = Vies::rest(&url, None).unwrap();
    let expected = Answer::Valid { consultation: None, name, address: None };
    assert_eq!(nameless.check(&id("FR40303265045")).await, expected);
}

#[tokio::test]
async fn whatever_goes_wrong_there_is_an_outage() {
    let vies = Vies::rest(&register().await, None).unwrap();
    assert_eq!(vies.check(&id("DE136695976")).await, Answer::Unavailable("MS_UNAVAILABLE".to_owned()));
    assert_eq!(vies.check(&id("IT00743110157")).await.state(), VatState::Unavailable);
    let nobody = Vies::rest("http://127.0.0.1:1", None).unwrap();
    assert_eq!(nobody.check(&id("IT00743110157")).await.state(), VatState::Unavailable);
}
