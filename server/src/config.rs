//! Configuration: from the environment only, every fault reported at once, secrets never printed.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

use domain::vat::VatId;
use services::gateways::signer::Signer;

/// A value that must not reach a log.
#[derive(Clone, Default)]
pub struct Secret(String);

impl Secret {
    pub fn reveal(&self) -> &str {
        &self.0
    }

    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "(unset)" } else { "(secret)" })
    }
}

/// Everything the server is told. Fields without a default in [`Config::read`] are required outside the demo world.
#[derive(Debug, Clone)]
pub struct Config {
    pub database_url: Secret,
    pub listen: SocketAddr,
    /// Prometheus' metrics; never on the public address.
    pub metrics_listen: SocketAddr,
    /// Where people reach us, without a trailing slash.
    pub public_url: String,
    pub site_root: String,
    pub demo: bool,
    pub log_json: bool,
    /// Requests a second from one address before it is told to wait; 0 for no limit.
    pub requests_per_second: u32,
    /// Proxies in front of us whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// `smtps://user:password@host`.
    pub smtp_url: Secret,
    pub mail_from: String,
    pub stripe_key: Secret,
    pub stripe_webhook_secret: Secret,
    pub stripe_url: String,
    pub vies_url: String,
    /// 32 bytes in hex: signs justification files.
    pub signing_key: Secret,
    /// Our own VAT ID: VIES gives consultation numbers only to requesters that name theirs.
    pub vat_id: String,
}

/// One variable that is missing or wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub variable: &'static str,
    pub reason: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.variable, self.reason)
    }
}

struct Reader<'a> {
    get: &'a dyn Fn(&str) -> Option<String>,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn text(&self, variable: &'static str, default: &str) -> String {
        (self.get)(variable).filter(|value| !value.is_empty()).unwrap_or_else(|| default.to_owned())
    }

    fn secret(&self, variable: &'static str, default: &str) -> Secret {
        Secret(self.text(variable, default))
    }

    /// As [`Self::text`], but there is no default that could be right.
    fn required(&mut self, variable: &'static str, unless: bool) -> Secret {
        let value = self.secret(variable, "");
        if value.is_empty() && !unless {
            self.fault(variable, "is required outside the demo world");
        }
        value
    }

    fn parsed<T: FromStr<Err: fmt::Display>>(&mut self, variable: &'static str, default: T) -> T {
        match (self.get)(variable).filter(|value| !value.is_empty()) {
            None => default,
            Some(value) => value.parse().unwrap_or_else(|error| {
                self.fault(variable, &format!("{error}"));
                default
            }),
        }
    }

    /// Values between commas.
    fn list<T: FromStr<Err: fmt::Display>>(&mut self, variable: &'static str) -> Vec<T> {
        let text = self.text(variable, "");
        let mut values = Vec::new();
        for value in text.split(',').map(str::trim).filter(|value| !value.is_empty()) {
            match value.parse() {
                Ok(value) => values.push(value),
                Err(error) => self.fault(variable, &format!("{value}: {error}")),
            }
        }
        values
    }

    fn flag(&mut self, variable: &'static str) -> bool {
        match self.text(variable, "0").as_str() {
            "1" | "true" => true,
            "0" | "false" => false,
            _ => {
                self.fault(variable, "must be 1 or 0");
                false
            }
        }
    }

    fn url(&mut self, variable: &'static str, default: &str) -> String {
        let value = self.text(variable, default);
        if !value.starts_with("https://") && !value.starts_with("http://") {
            self.fault(variable, "must begin with https:// or http://");
        }
        value.trim_end_matches('/').to_owned()
    }

    fn fault(&mut self, variable: &'static str, reason: &str) {
        self.faults.push(Fault { variable, reason: reason.to_owned() });
    }
}

impl Config {
    /// Reads the process environment. Errors with every fault found.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn from_env() -> Result<Self, Vec<Fault>> {
        Self::read(&|variable| std::env::var(variable).ok())
    }

    /// From any source of variables. Errors with every fault found.
    pub fn read(get: &dyn Fn(&str) -> Option<String>) -> Result<Self, Vec<Fault>> {
        let mut reader = Reader { get, faults: Vec::new() };
        let demo = reader.flag("GIGAHOURS_DEMO");
        let listen = reader.parsed("GIGAHOURS_LISTEN", SocketAddr::from(([127, 0, 0, 1], 3000)));
        let config = Self {
            database_url: reader.secret("GIGAHOURS_DATABASE_URL", "sqlite://data/gigahours.db?mode=rwc"),
            listen,
            metrics_listen: reader.parsed("GIGAHOURS_METRICS_LISTEN", SocketAddr::from(([127, 0, 0, 1], 3001))),
            public_url: reader.url("GIGAHOURS_PUBLIC_URL", &format!("http://{listen}")),
            site_root: reader.text("GIGAHOURS_SITE_ROOT", "target/site"),
            demo,
            log_json: reader.flag("GIGAHOURS_LOG_JSON"),
            requests_per_second: reader.parsed("GIGAHOURS_REQUESTS_PER_SECOND", 50),
            trusted_proxies: reader.list("GIGAHOURS_TRUSTED_PROXIES"),
            smtp_url: reader.required("GIGAHOURS_SMTP_URL", demo),
            mail_from: reader.text("GIGAHOURS_MAIL_FROM", "Gigahours <no-reply@gigahours.invalid>"),
            stripe_key: reader.required("GIGAHOURS_STRIPE_KEY", demo),
            stripe_webhook_secret: reader.required("GIGAHOURS_STRIPE_WEBHOOK_SECRET", demo),
            stripe_url: reader.url("GIGAHOURS_STRIPE_URL", "https://api.stripe.com"),
            signing_key: reader.required("GIGAHOURS_SIGNING_KEY", demo),
            vies_url: reader.url("GIGAHOURS_VIES_URL", "https://ec.europa.eu/taxation_customs/vies/rest-api"),
            vat_id: reader.text("GIGAHOURS_VAT_ID", ""),
        };
        config.consistent(&mut reader);
        if reader.faults.is_empty() { Ok(config) } else { Err(reader.faults) }
    }

    fn consistent(&self, reader: &mut Reader<'_>) {
        let database = self.database_url.reveal();
        if !["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| database.starts_with(scheme)) {
            reader.fault("GIGAHOURS_DATABASE_URL", "must begin with sqlite: or postgres:");
        }
        if self.demo && !self.listen.ip().is_loopback() {
            reader.fault("GIGAHOURS_LISTEN", "the demo world has known passwords and is served on loopback only");
        }
        if !self.listen.ip().is_loopback() && !self.public_url.starts_with("https://") {
            reader.fault("GIGAHOURS_PUBLIC_URL", "must be https:// when the server does not listen on loopback");
        }
        if !self.vat_id.is_empty() && self.vat_id.parse::<VatId>().is_err() {
            reader.fault("GIGAHOURS_VAT_ID", "must be a VAT number with its country's prefix");
        }
        if !self.signing_key.is_empty()
            && let Err(reason) = Signer::from_hex(self.signing_key.reveal())
        {
            reader.fault("GIGAHOURS_SIGNING_KEY", &reason);
        }
        if self.metrics_listen == self.listen {
            reader.fault("GIGAHOURS_METRICS_LISTEN", "must differ from GIGAHOURS_LISTEN");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(variables: &[(&str, &str)]) -> Vec<&'static str> {
        let get = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Config::read(&get).err().unwrap_or_default().into_iter().map(|fault| fault.variable).collect()
    }

    #[test]
    fn the_demo_world_needs_nothing_but_its_flag() {
        assert_eq!(faults(&[("GIGAHOURS_DEMO", "1")]), Vec::<&str>::new());
    }

    #[test]
    fn every_fault_is_reported_at_once() {
        let found = faults(&[
            ("GIGAHOURS_LISTEN", "0.0.0.0:80"),
            ("GIGAHOURS_DATABASE_URL", "mysql://x"),
            ("GIGAHOURS_REQUESTS_PER_SECOND", "many"),
        ]);
        for variable in [
            "GIGAHOURS_DATABASE_URL",
            "GIGAHOURS_REQUESTS_PER_SECOND",
            "GIGAHOURS_SMTP_URL",
            "GIGAHOURS_STRIPE_KEY",
            "GIGAHOURS_STRIPE_WEBHOOK_SECRET",
            "GIGAHOURS_PUBLIC_URL",
            "GIGAHOURS_SIGNING_KEY",
        ] {
            assert!(found.contains(&variable), "{variable} is missing from {found:?}");
        }
    }

    #[test]
    fn the_demo_world_is_refused_on_a_public_address() {
        let found = faults(&[
            ("GIGAHOURS_DEMO", "1"),
            ("GIGAHOURS_LISTEN", "0.0.0.0:443"),
            ("GIGAHOURS_PUBLIC_URL", "https://x.example"),
        ]);
        assert_eq!(found, ["GIGAHOURS_LISTEN"]);
    }

    #[test]
    fn secrets_are_not_printed() {
        let get = |name: &str| match name {
            "GIGAHOURS_DEMO" => Some("1".to_owned()),
            "GIGAHOURS_STRIPE_KEY" => Some("sk_live_123".to_owned()),
            _ => None,
        };
        assert!(!format!("{:?}", Config::read(&get).unwrap()).contains("sk_live"));
    }
}
