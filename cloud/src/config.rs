//! The server's settings: from the environment, from a file, from files of secrets, or from Vault.

mod clear_text;
mod example;
mod listed;
mod read;
mod reader;
mod source;
mod vault;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use slipway_contract::Secret;

pub use self::example::example;
pub use self::listed::{SETTINGS, Setting};
pub use self::read::{own_database, read};
pub use self::source::{Source, WrongSettings};
use crate::limits::Rates;
use crate::{mail, people};

/// For whom the server runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// For who works on it: secrets are made and kept locally, mail goes to the log.
    Development,
    /// For people: every secret is given, and the public URL is https.
    Production,
}

/// Which hosts browsers reach over TLS alone from the first time on, for two years (RFC 6797).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hsts {
    /// None is said to be.
    Off,
    /// The server's own.
    Own,
    /// That and all below it, whoever runs them.
    Subdomains,
}

impl Hsts {
    /// What the header says, if there is one.
    #[must_use]
    pub const fn header(self) -> Option<&'static str> {
        match self {
            Self::Off => None,
            Self::Own => Some("max-age=63072000"),
            Self::Subdomains => Some("max-age=63072000; includeSubDomains"),
        }
    }
}

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs: a JSON object a line.
    Json,
}

/// All settings.
#[derive(Debug, Clone)]
pub struct Config {
    /// For whom it runs.
    pub environment: Environment,
    /// Where it listens.
    pub listen: SocketAddr,
    /// Where people and programs reach the server, without a slash at its end. Links and tokens name it;
    /// what a request says of its host is never used.
    pub public_url: String,
    /// Where what it makes itself lies.
    pub data: PathBuf,
    /// Its database.
    pub database: Secret,
    /// The most connections to it.
    pub connections: u32,
    /// What copies share beside the database, if there are several.
    pub redis: Option<Secret>,
    /// The secret of 32 bytes from which all others are derived; made where it may be.
    pub secret_key: Option<Secret<[u8; 32]>>,
    /// Another one while it is changed, with which things are opened and never sealed.
    pub other_secret_key: Option<Secret<[u8; 32]>>,
    /// The longest that a request may take.
    pub request_timeout: Duration,
    /// The longest that what still runs may take once it is told to end.
    pub stop_timeout: Duration,
    /// The most connections that callers may hold, if that is said.
    pub open_connections: Option<usize>,
    /// How many requests may run at once.
    pub concurrency: usize,
    /// How many proxies stand before it, each of which adds the address that it saw.
    pub proxies: usize,
    /// Which hosts browsers reach over TLS alone.
    pub hsts: Hsts,
    /// How long it says that it is not ready before it takes no more connections, once it is told to end.
    pub drain: Duration,
    /// How often callers may ask.
    pub rates: Rates,
    /// Where it tells its metrics, for those who run it.
    pub metrics: Option<SocketAddr>,
    /// Where traces go (OTLP over HTTP).
    pub traces: Option<String>,
    /// What is logged, as `tracing` filters it.
    pub log: String,
    /// How.
    pub log_format: LogFormat,
    /// How people sign in.
    pub people: people::Settings,
    /// How mail is sent.
    pub mail: mail::Settings,
    /// Whether what serves requests does a worker's work, too.
    pub worker: bool,
}

impl Config {
    /// As far as nothing else is said, for a server that is reached at this URL.
    #[must_use]
    pub fn at(public_url: &str) -> Self {
        Self {
            environment: Environment::Development,
            listen: SocketAddr::from(([127, 0, 0, 1], 8787)),
            public_url: public_url.trim_end_matches('/').to_owned(),
            data: PathBuf::from("slipway-cloud-data"),
            database: Secret::new("sqlite:slipway-cloud-data/cloud.db".to_owned()),
            connections: 16,
            redis: None,
            secret_key: None,
            other_secret_key: None,
            request_timeout: Duration::from_secs(30),
            stop_timeout: Duration::from_secs(30),
            open_connections: None,
            concurrency: 512,
            proxies: 0,
            hsts: Hsts::Own,
            drain: Duration::ZERO,
            rates: Rates::default(),
            metrics: None,
            traces: None,
            log: "info".to_owned(),
            log_format: LogFormat::Text,
            people: people::Settings::default(),
            mail: mail::Settings::default(),
            worker: true,
        }
    }
}
