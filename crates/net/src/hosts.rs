//! Which hosts were granted.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use url::Host;

use crate::error::InvalidHost;

/// A host as a package names it: `api.example.com`, `api.example.com:8443`, `*.example.com`
/// (every name below it, not itself), or an IP address, `127.0.0.1:8080`, `[::1]:8080`.
/// Without a port it covers the ports of `https` and `http`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostPattern {
    name: Name,
    port: Option<u16>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Name {
    Exactly(String),
    Below(String),
    Address(IpAddr),
}

impl FromStr for HostPattern {
    type Err = InvalidHost;

    fn from_str(text: &str) -> Result<Self, InvalidHost> {
        let invalid = |why| InvalidHost {
            text: text.chars().take(120).collect(),
            why,
        };
        let (host, port) =
            split_port(text).ok_or_else(|| invalid("its port is no number from 1 to 65535"))?;
        let bare = host
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .unwrap_or(host);
        if let Ok(address) = bare.parse() {
            let name = Name::Address(address);
            return Ok(Self { name, port });
        }
        let (below, domain) = match host.strip_prefix("*.") {
            Some(domain) => (true, domain),
            None => (false, host),
        };
        match Host::parse(domain) {
            Ok(Host::Domain(domain)) if !domain.contains('*') => {
                let domain = without_final_dot(&domain);
                if domain.is_empty() {
                    return Err(invalid("it names no host"));
                }
                let name = if below {
                    Name::Below(domain.to_owned())
                } else {
                    Name::Exactly(domain.to_owned())
                };
                Ok(Self { name, port })
            }
            // 2130706433 or 0x7f.1: who reads it does not see where it leads.
            Ok(Host::Ipv4(_)) => Err(invalid(
                "an IPv4 address is written as four decimal numbers",
            )),
            Ok(_) | Err(_) => Err(invalid(
                "it is neither a host name, `*.` and a host name, nor an IP address",
            )),
        }
    }
}

/// The host and its port; none when what follows the colon is no port.
fn split_port(text: &str) -> Option<(&str, Option<u16>)> {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if host.ends_with(']') || !host.contains(':') => (host, port),
        // A bare IPv6 address, or no port at all.
        _ => return Some((text, None)),
    };
    let digits = port.bytes().all(|byte| byte.is_ascii_digit());
    let port = port.parse().ok().filter(|port| digits && *port != 0)?;
    Some((host, Some(port)))
}

pub(crate) fn without_final_dot(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

impl HostPattern {
    fn covers_port(&self, port: u16) -> bool {
        self.port
            .map_or(matches!(port, 80 | 443), |granted| granted == port)
    }
}

impl fmt::Display for HostPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.name, self.port) {
            (Name::Exactly(name), _) => f.write_str(name)?,
            (Name::Below(name), _) => write!(f, "*.{name}")?,
            (Name::Address(IpAddr::V6(address)), Some(_)) => write!(f, "[{address}]")?,
            (Name::Address(address), _) => write!(f, "{address}")?,
        }
        match self.port {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

/// The hosts that a run may connect to; empty grants nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GrantedHosts(Vec<HostPattern>);

impl GrantedHosts {
    /// The grants as they are written. What is no pattern grants nothing.
    #[must_use]
    pub fn new<S: AsRef<str>>(written: &[S]) -> Self {
        let parse = |text: &S| {
            let parsed = text.as_ref().parse();
            parsed
                .inspect_err(|error| tracing::warn!("a granted host is ignored: {error}"))
                .ok()
        };
        Self(written.iter().filter_map(parse).collect())
    }

    /// Whether this name (in lower case, as a URL holds it) is granted on this port.
    pub(crate) fn covers_name(&self, name: &str, port: u16) -> bool {
        let name = without_final_dot(name);
        self.0.iter().any(|pattern| {
            pattern.covers_port(port)
                && match &pattern.name {
                    Name::Exactly(granted) => granted == name,
                    Name::Below(granted) => name
                        .strip_suffix(granted.as_str())
                        .and_then(|rest| rest.strip_suffix('.'))
                        .is_some_and(|label| !label.is_empty()),
                    Name::Address(_) => false,
                }
        })
    }

    /// Whether this address is granted on this port, by its literal.
    pub(crate) fn covers_address(&self, address: IpAddr, port: u16) -> bool {
        self.0
            .iter()
            .any(|pattern| pattern.name == Name::Address(address) && pattern.covers_port(port))
    }

    /// Whether this address is granted together with exactly this port.
    pub(crate) fn names_address_and_port(&self, address: IpAddr, port: u16) -> bool {
        self.0
            .iter()
            .any(|pattern| pattern.name == Name::Address(address) && pattern.port == Some(port))
    }
}

impl fmt::Display for GrantedHosts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("none");
        }
        for (index, pattern) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{pattern}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_covered_as_they_were_granted() {
        let granted = GrantedHosts::new(&[
            "API.example.com",
            "files.example.com:8443",
            "*.example.org",
            "bücher.example",
            "dotted.example.",
        ]);
        for (name, port) in [
            ("api.example.com", 443),
            ("api.example.com", 80),
            ("api.example.com.", 443),
            ("files.example.com", 8443),
            ("a.example.org", 443),
            ("a.b.example.org", 443),
            ("xn--bcher-kva.example", 443),
            ("dotted.example", 443),
        ] {
            assert!(granted.covers_name(name, port), "{name}:{port} was granted");
        }
        for (name, port) in [
            ("api.example.com", 8080),
            ("files.example.com", 443),
            ("example.com", 443),
            ("evil-api.example.com", 443),
            ("api.example.com.evil.test", 443),
            ("example.org", 443),
            ("evilexample.org", 443),
            (".example.org", 443),
            ("127.0.0.1", 443),
        ] {
            assert!(
                !granted.covers_name(name, port),
                "{name}:{port} was not granted"
            );
        }
    }

    #[test]
    fn addresses_are_granted_literally() {
        let granted = GrantedHosts::new(&["127.0.0.1:8080", "[::1]:8080", "1.1.1.1", "::1"]);
        let address = |text: &str| text.parse::<IpAddr>().expect("an address");
        assert!(granted.names_address_and_port(address("127.0.0.1"), 8080));
        assert!(granted.names_address_and_port(address("::1"), 8080));
        assert!(!granted.names_address_and_port(address("127.0.0.1"), 80));
        assert!(
            !granted.names_address_and_port(address("1.1.1.1"), 443),
            "its port was not named"
        );
        assert!(granted.covers_address(address("1.1.1.1"), 443));
        assert!(granted.covers_address(address("::1"), 80));
        assert!(!granted.covers_address(address("::ffff:127.0.0.1"), 8080));
    }

    #[test]
    fn what_is_no_pattern_grants_nothing() {
        for text in [
            "",
            "*",
            "*.",
            ".",
            "*.*.com",
            "a*.example.com",
            "https://example.com",
            "example.com/",
            "example.com:0",
            "example.com:99999",
            "example.com:+80",
            "example.com:",
            "user@example.com",
            "2130706433:80",
            "0x7f.1:80",
            "127.1:80",
            "[::1",
            "a b",
        ] {
            assert!(
                text.parse::<HostPattern>().is_err(),
                "{text:?} is no pattern"
            );
        }
        assert_eq!(GrantedHosts::new(&["*", ""]), GrantedHosts::default());
    }

    #[test]
    fn patterns_read_as_they_are_written() {
        for text in [
            "a.example",
            "a.example:81",
            "*.a.example",
            "127.0.0.1:80",
            "[::1]:80",
            "::1",
        ] {
            assert_eq!(text.parse::<HostPattern>().expect(text).to_string(), text);
        }
    }
}
