//! Rate limits on requests, and the headers that tell of them
//! (draft-ietf-httpapi-ratelimit-headers-10).

use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use slipway_contract::cloud::ProblemCode;

use crate::failure::Failure;
use crate::limits::{Leave, Rate};
use crate::server::Server;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// What an endpoint is for its rate limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// It reads.
    Read,
    /// It writes.
    Write,
    /// It finds out who somebody is.
    SignIn,
    /// It gives tokens for what nobody guesses, or takes them back.
    Tokens,
}

impl Class {
    /// As the headers and the keys name it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::SignIn => "sign-in",
            Self::Tokens => "tokens",
        }
    }

    fn rate(self, server: &Server) -> Rate {
        match self {
            Self::Read => server.config.rates.reads,
            Self::Write => server.config.rates.writes,
            Self::SignIn => server.config.rates.sign_in,
            Self::Tokens => server.config.rates.tokens,
        }
    }

    /// Whether addresses are held to it, whoever asks.
    #[must_use]
    pub const fn is_of_address(self) -> bool {
        matches!(self, Self::SignIn | Self::Tokens)
    }
}

/// What a caller has left.
#[derive(Debug, Clone, Copy)]
pub struct Allowance {
    name: &'static str,
    rate: Rate,
    leave: Leave,
}

impl Allowance {
    /// Says so in an answer.
    pub fn tell(self, response: &mut Response) {
        let Self { name, rate, leave } = self;
        let policy = format!("\"{name}\";q={};w={}", rate.count, rate.seconds);
        let limit = format!("\"{name}\";r={};t={}", leave.remaining, leave.whole_after);
        for (header, text) in [(POLICY, policy), (LIMIT, limit)] {
            if let Ok(value) = HeaderValue::from_str(&text) {
                response.headers_mut().insert(header, value);
            }
        }
    }

    /// Goes on if leave was given.
    ///
    /// # Errors
    /// When the caller asked too often.
    pub fn check(self) -> Result<(), Failure> {
        if self.leave.given {
            return Ok(());
        }
        let Self { rate, leave, .. } = self;
        let detail = format!(
            "More than {} in {} s. Ask again in {} s.",
            rate.count, rate.seconds, leave.retry_after
        );
        Err(Failure::later(
            ProblemCode::RateLimited,
            detail,
            leave.retry_after,
        ))
    }
}

async fn take(
    server: &Server,
    name: &'static str,
    rate: Rate,
    who: &str,
) -> Result<Allowance, Failure> {
    let leave = server
        .limits
        .take(&format!("{name}:{who}"), rate, server.clock.now())
        .await;
    let leave = leave.map_err(|error| Failure::Internal(error.to_string()))?;
    Ok(Allowance { name, rate, leave })
}

/// One request of this class from a caller.
///
/// # Errors
/// When the limits are not to be had.
pub async fn ask(server: &Server, class: Class, who: &str) -> Result<Allowance, Failure> {
    take(server, class.as_str(), class.rate(server), who).await
}

/// One request from an address, whatever it is for.
///
/// # Errors
/// When the limits are not to be had.
pub async fn ask_from(server: &Server, network: &str) -> Result<Allowance, Failure> {
    take(server, "address", server.config.rates.address, network).await
}
