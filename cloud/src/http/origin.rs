//! Where a request comes from.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};

use super::layers::RequestId;
use crate::failure::Failure;

/// The most characters of what a program says of itself that are kept.
const LONGEST: usize = 200;

/// The address that a request comes from: what the outermost of our own proxies saw. What stands before
/// it in `X-Forwarded-For` is the client's own word, and is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address(pub IpAddr);

impl Address {
    /// Of a request that came through so many proxies.
    #[must_use]
    pub fn of(headers: &HeaderMap, extensions: &Extensions, proxies: usize) -> Self {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |ConnectInfo(peer)| {
            peer.ip().to_canonical()
        });
        if proxies == 0 {
            return Self(peer);
        }
        let lines = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|line| line.to_str().ok());
        let named: Vec<&str> = lines
            .flat_map(|line| line.split(','))
            .map(str::trim)
            .collect();
        let seen = named
            .len()
            .checked_sub(proxies)
            .and_then(|at| named[at].parse::<IpAddr>().ok());
        Self(seen.map_or(peer, |seen| seen.to_canonical()))
    }

    /// What one person has to themselves: an address of version 4, or the first 64 bits of one of version 6.
    #[must_use]
    pub fn network(self) -> String {
        match self.0 {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        }
    }
}

/// Where a request comes from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The address.
    pub address: String,
    /// What the program says that it is; one line, cut.
    pub agent: String,
    /// The request's id.
    pub request: String,
}

impl Origin {
    /// Of a request.
    #[must_use]
    pub fn of(parts: &Parts) -> Self {
        let address = parts.extensions.get::<Address>().copied();
        let address = address.unwrap_or_else(|| Address::of(&parts.headers, &parts.extensions, 0));
        let agent = parts
            .headers
            .get(USER_AGENT)
            .and_then(|agent| agent.to_str().ok())
            .unwrap_or_default();
        let request = parts.extensions.get::<RequestId>();
        Self {
            address: address.0.to_string(),
            agent: agent
                .chars()
                .filter(|each| !each.is_control())
                .take(LONGEST)
                .collect(),
            request: request.map(|id| id.0.clone()).unwrap_or_default(),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Origin {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        Ok(Self::of(parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(forwarded: &[&str], proxies: usize) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::from(([10, 0, 0, 1], 4000))));
        Address::of(&headers, &extensions, proxies).0.to_string()
    }

    #[test]
    fn only_what_our_own_proxies_add_is_believed() {
        assert_eq!(seen(&["1.1.1.1"], 0), "10.0.0.1");
        assert_eq!(seen(&["6.6.6.6, 1.1.1.1"], 1), "1.1.1.1");
        assert_eq!(seen(&["6.6.6.6", "1.1.1.1, 2.2.2.2"], 2), "1.1.1.1");
        assert_eq!(seen(&["nonsense"], 1), "10.0.0.1");
        assert_eq!(seen(&[], 1), "10.0.0.1");
        assert_eq!(seen(&["::ffff:1.2.3.4"], 1), "1.2.3.4");
    }

    #[test]
    fn a_person_with_many_addresses_of_version_6_is_one() {
        let network = |text: &str| Address(text.parse().unwrap()).network();
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff:1"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        assert_eq!(network("1.2.3.4"), "1.2.3.4");
    }
}
