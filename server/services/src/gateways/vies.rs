//! VIES, the Union's window on the Member States' VAT registers: real over its REST interface, and fake.
//!
//! An answer is valid, invalid or unavailable; outages are normal and never an error of ours.

use std::time::Duration;

use anyhow::Context;
use domain::vat::{VatId, VatState};
use serde::{Deserialize, Serialize};

/// Where the Commission serves it.
pub const PUBLIC_URL: &str = "https://ec.europa.eu/taxation_customs/vies/rest-api";

const TIMEOUT: Duration = Duration::from_secs(15);

/// What a register said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Valid {
        /// The consultation number: given only if our own number was sent.
        consultation: Option<String>,
        /// Not given by every state.
        name: Option<String>,
        address: Option<String>,
    },
    Invalid {
        consultation: Option<String>,
    },
    /// No answer now, with the register's reason.
    Unavailable(String),
}

impl Answer {
    pub const fn state(&self) -> VatState {
        match self {
            Self::Valid { .. } => VatState::Valid,
            Self::Invalid { .. } => VatState::Invalid,
            Self::Unavailable(_) => VatState::Unavailable,
        }
    }
}

/// The door to VIES.
#[derive(Debug, Clone)]
pub enum Vies {
    Rest {
        client: reqwest::Client,
        /// Without a trailing slash.
        base_url: String,
        /// Our own number: what makes an answer evidence.
        requester: Option<VatId>,
    },
    /// Says valid, except that a number with wrong check digits is invalid and one that ends in 99 gets no answer.
    Fake,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Question<'a> {
    country_code: &'a str,
    vat_number: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    requester_member_state_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    requester_number: Option<&'a str>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Reply {
    valid: Option<bool>,
    request_identifier: Option<String>,
    name: Option<String>,
    address: Option<String>,
    user_error: Option<String>,
    error_wrappers: Vec<Fault>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Fault {
    error: String,
}

impl Vies {
    /// The real one.
    pub fn rest(base_url: &str, requester: Option<VatId>) -> anyhow::Result<Self> {
        // Another part of the process may have chosen the same provider before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().timeout(TIMEOUT).build().context("no HTTP client for VIES")?;
        Ok(Self::Rest { client, base_url: base_url.trim_end_matches('/').to_owned(), requester })
    }

    /// Asks the register of the number's state.
    pub async fn check(&self, id: &VatId) -> Answer {
        match self {
            Self::Fake => fake(id),
            Self::Rest { client, base_url, requester } => {
                let question = Question {
                    country_code: id.prefix(),
                    vat_number: id.body(),
                    requester_member_state_code: requester.as_ref().map(VatId::prefix),
                    requester_number: requester.as_ref().map(VatId::body),
                };
                let asked = client.post(format!("{base_url}/check-vat-number")).json(&question).send().await;
                match asked {
                    Ok(response) => match response.json::<Reply>().await {
                        Ok(reply) => read(reply),
                        Err(error) => Answer::Unavailable(error.without_url().to_string()),
                    },
                    Err(error) => Answer::Unavailable(error.without_url().to_string()),
                }
            }
        }
    }
}

fn read(reply: Reply) -> Answer {
    if let Some(fault) = reply.error_wrappers.into_iter().next() {
        return if fault.error == "INVALID_INPUT" {
            Answer::Invalid { consultation: None }
        } else {
            Answer::Unavailable(fault.error)
        };
    }
    let told = |text: Option<String>| text.filter(|text| !text.trim().is_empty() && text != "---");
    let consultation = told(reply.request_identifier);
    match (reply.valid, reply.user_error.as_deref().unwrap_or("")) {
        (Some(true), _) => Answer::Valid { consultation, name: told(reply.name), address: told(reply.address) },
        (Some(false), "" | "INVALID" | "VALID" | "INVALID_INPUT") => Answer::Invalid { consultation },
        (_, "") => Answer::Unavailable("an answer without a verdict".to_owned()),
        (_, fault) => Answer::Unavailable(fault.to_owned()),
    }
}

fn fake(id: &VatId) -> Answer {
    if id.body().ends_with("99") {
        return Answer::Unavailable("MS_UNAVAILABLE".to_owned());
    }
    let consultation = Some(format!("FAKE-{id}"));
    if id.warning().is_some() {
        Answer::Invalid { consultation }
    } else {
        Answer::Valid { consultation, name: None, address: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(json: &str) -> Answer {
        read(serde_json::from_str(json).unwrap())
    }

    #[test]
    fn a_valid_number_comes_with_its_evidence() {
        let found = answer(
            r#"{"countryCode":"FR","vatNumber":"40303265045","requestDate":"2026-11-23T09:00:00Z","valid":true,
                "requestIdentifier":"WAPIAAAAYc","name":"SA SODIMAS","address":"RUE 1","traderName":"---"}"#,
        );
        assert_eq!(
            found,
            Answer::Valid {
                consultation: Some("WAPIAAAAYc".to_owned()),
                name: Some("SA SODIMAS".to_owned()),
                address: Some("RUE 1".to_owned())
            }
        );
        let silent = answer(r#"{"valid":true,"requestIdentifier":"","name":"---","address":"---"}"#);
        assert_eq!(silent, Answer::Valid { consultation: None, name: None, address: None });
    }

    #[test]
    fn an_outage_is_not_a_no() {
        assert_eq!(answer(r#"{"valid":false,"userError":"INVALID"}"#), Answer::Invalid { consultation: None });
        for outage in [
            r#"{"actionSucceed":false,"errorWrappers":[{"error":"MS_UNAVAILABLE"}]}"#,
            r#"{"actionSucceed":false,"errorWrappers":[{"error":"MS_MAX_CONCURRENT_REQ"}]}"#,
            r#"{"valid":false,"userError":"SERVICE_UNAVAILABLE"}"#,
            r#"{}"#,
        ] {
            assert_eq!(answer(outage).state(), VatState::Unavailable, "{outage}");
        }
    }
}
