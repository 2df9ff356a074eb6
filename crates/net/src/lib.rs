//! The one HTTP client of Slipway, for two kinds of callers.
//!
//! [`Guarded`] makes the requests that a model or a package asks for: to granted hosts only,
//! never to a metadata address, to private and loopback addresses only where they are granted
//! literally with their port, and never through a name or a redirect. What is checked is what
//! is connected to: literals before the request, names in the resolver that hands the
//! connection its addresses, and every redirect as if it were the first URL.
//!
//! [`provider_client`] is the plain client for model providers, whose URL the person configured,
//! and [`loopback_client`] the one for servers of this machine.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod address;
mod client;
mod destination;
mod error;
mod guarded;
mod hosts;
mod redirect;
mod request;
mod resolver;
mod scrub;

pub use client::{USER_AGENT, loopback_client, provider_client, secure_loopback_client};
pub use error::{InvalidHost, NetError};
pub use guarded::Guarded;
pub use hosts::{GrantedHosts, HostPattern};
pub use request::{Request, Response};
pub use reqwest::{Method, StatusCode, header};
pub use resolver::{Lookup, SystemLookup};
pub use scrub::{Scrubber, scrub, scrub_urls};
