//! The one client builder.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder};

use crate::error::NetError;

/// How Slipway names itself to servers.
pub const USER_AGENT: &str = concat!("slipway/", env!("CARGO_PKG_VERSION"));

const CONNECT: Duration = Duration::from_secs(10);

/// How long a connection to a provider waits for its next request. Its buffers still hold the
/// header with the key that it carried last, so it goes soon; at the latest after twice this time.
const IDLE: Duration = Duration::from_secs(2);

/// What `localhost` is for a client that asks this machine alone: whatever a resolver says of it. The port
/// is the URL's.
const LOCALHOST: [SocketAddr; 2] = [
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
    SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), 0),
];

/// The client for model providers: pooled, without redirects and without repeating a request by
/// itself, so that an attempt that is journalled is one request. The total time of a request is
/// the caller's, since an answer may stream for minutes.
///
/// # Errors
/// Fails when TLS cannot be set up.
pub fn provider_client() -> Result<Client, NetError> {
    build(|| base().pool_idle_timeout(IDLE))
}

/// The client for servers of this machine: as the other, but it loads no certificates, which
/// takes longer than asking such a server, and it goes through no proxy.
///
/// # Errors
/// Fails when it cannot be set up.
pub fn loopback_client() -> Result<Client, NetError> {
    on_this_machine()
        .tls_certs_only([])
        .build()
        .map_err(|error| NetError::Setup(error.without_url().to_string()))
}

/// The client for servers of this machine that show a certificate: it checks that, and goes
/// through no proxy either, so that what is meant for this machine reaches no other.
///
/// # Errors
/// Fails when TLS cannot be set up.
pub fn secure_loopback_client() -> Result<Client, NetError> {
    build(on_this_machine)
}

fn on_this_machine() -> ClientBuilder {
    base()
        .pool_idle_timeout(IDLE)
        .no_proxy()
        .resolve_to_addrs("localhost", &LOCALHOST)
}

/// What every client of Slipway has in common.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that builds clients"
)]
pub(crate) fn base() -> ClientBuilder {
    Client::builder()
        .user_agent(USER_AGENT)
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(CONNECT)
        .tcp_nodelay(true)
}

/// Builds a client, also on a machine without any CA certificate: there an `https` request
/// fails, while a model server on the machine itself works.
pub(crate) fn build(builder: impl Fn() -> ClientBuilder) -> Result<Client, NetError> {
    builder().build().or_else(|error| {
        tracing::warn!("no CA certificates of this system could be loaded: {error:?}");
        builder()
            .tls_certs_only([])
            .build()
            .map_err(|error| NetError::Setup(error.without_url().to_string()))
    })
}
