//! Configuration: from the environment only.

use std::net::SocketAddr;

#[derive(Debug)]
pub struct Config {
    pub database_url: String,
    pub listen: SocketAddr,
    pub public_url: String,
    pub site_root: String,
    pub demo: bool,
}

impl Config {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn from_env() -> anyhow::Result<Self> {
        let read = |name: &str, default: &str| std::env::var(name).unwrap_or_else(|_| default.to_owned());
        Ok(Self {
            database_url: read("GIGAHOURS_DATABASE_URL", "sqlite://data/gigahours.db?mode=rwc"),
            listen: read("GIGAHOURS_LISTEN", "127.0.0.1:3000").parse()?,
            public_url: read("GIGAHOURS_PUBLIC_URL", "http://127.0.0.1:3000"),
            site_root: read("GIGAHOURS_SITE_ROOT", "target/site"),
            demo: read("GIGAHOURS_DEMO", "") == "1",
        })
    }
}
