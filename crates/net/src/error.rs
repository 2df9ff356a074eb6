//! What can go wrong. No message holds a path, a query, a header or a body: secrets are in them.

use std::error::Error as _;
use std::net::IpAddr;
use std::time::Duration;

/// Why a request has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NetError {
    /// It is no URL that can be requested.
    #[error("the URL cannot be used: {0}")]
    InvalidUrl(String),
    /// A header that may not be set, or is none.
    #[error("the header `{name}` cannot be sent: {why}")]
    InvalidHeader {
        /// Its name.
        name: String,
        /// Why.
        why: &'static str,
    },
    /// The host is not among the granted ones.
    #[error(
        "{host} is not among the hosts this agent may connect to (granted: {granted}); ask for it under [permissions] network"
    )]
    NotGranted {
        /// The host and port.
        host: String,
        /// What is granted.
        granted: String,
    },
    /// Nobody may connect there.
    #[error("{host} is {why}; no agent may connect to it")]
    Forbidden {
        /// The host.
        host: String,
        /// What kind of place it is.
        why: &'static str,
    },
    /// A private address that was not granted with its port.
    #[error("{host} is {why}; it must be granted literally with its port, as `{host}`")]
    Private {
        /// The address and port.
        host: String,
        /// What kind of place it is.
        why: &'static str,
    },
    /// A name that leads to a place that a name may not lead to.
    #[error("{name} leads to {address}, {why}; an agent may not connect there through a name")]
    NameLeadsInside {
        /// The name.
        name: String,
        /// The address.
        address: IpAddr,
        /// What kind of place it is.
        why: &'static str,
    },
    /// The name is not known.
    #[error("the host name {name} could not be resolved: {why}")]
    UnknownName {
        /// The name.
        name: String,
        /// What the resolver says.
        why: String,
    },
    /// A server redirected to a place where the request may not go.
    #[error("{origin} redirected the request, and it was not followed: {cause}")]
    Redirected {
        /// Who redirected.
        origin: String,
        /// Why it was not followed.
        cause: Box<NetError>,
    },
    /// One redirect too many.
    #[error("{origin} redirected the request more than {limit} times")]
    TooManyRedirects {
        /// Who redirected last.
        origin: String,
        /// How many are followed.
        limit: usize,
    },
    /// No answer in time.
    #[error("{origin} did not answer fully within {} s", .limit.as_secs_f32())]
    Timeout {
        /// Who.
        origin: String,
        /// How long was waited.
        limit: Duration,
    },
    /// No connection.
    #[error("no connection to {origin}: {why}")]
    Connect {
        /// To whom.
        origin: String,
        /// What the system says.
        why: String,
    },
    /// The exchange broke.
    #[error("the exchange with {origin} failed: {why}")]
    Exchange {
        /// With whom.
        origin: String,
        /// What happened.
        why: String,
    },
    /// The client itself could not be set up.
    #[error("the HTTP client could not be set up: {0}")]
    Setup(String),
}

impl NetError {
    /// What a failed request says, without the URL; a refusal by our resolver comes out as it is.
    pub(crate) fn from_request(error: reqwest::Error, origin: &str) -> Self {
        let error = error.without_url();
        let mut source = error.source();
        let mut innermost = None;
        while let Some(cause) = source {
            if let Some(refused) = cause.downcast_ref::<Self>() {
                return refused.clone();
            }
            innermost = Some(cause);
            source = cause.source();
        }
        let why = innermost.map_or_else(|| error.to_string(), ToString::to_string);
        let origin = origin.to_owned();
        if error.is_connect() {
            Self::Connect { origin, why }
        } else {
            Self::Exchange { origin, why }
        }
    }
}

/// A text that names no host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` names no host: {why}")]
pub struct InvalidHost {
    /// The text, cut at 120 characters.
    pub text: String,
    /// What is wrong with it.
    pub why: &'static str,
}
