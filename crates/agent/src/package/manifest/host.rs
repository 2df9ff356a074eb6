//! The hosts that a package asks for.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use url::Url;

/// A host by its name or literal address, with a port where one is named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Host {
    name: String,
    port: Option<u16>,
}

/// Names under which clouds hand out their machines' credentials.
const METADATA_NAMES: [&str; 4] = [
    "metadata.google.internal",
    "metadata.goog",
    "instance-data",
    "instance-data.ec2.internal",
];

impl Host {
    /// The name in lower case, or the address; an IPv6 address in brackets.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The port, where one is named.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// The host of an `http` or `https` URL.
    pub(super) fn of_url(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("expected a URL such as \"https://mcp.example.com/mcp\", found {text:?}");
        let url = Url::parse(text).map_err(|_| wrong())?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(wrong());
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("a URL in a package holds no user name and no password".to_owned());
        }
        let name = url.host_str().ok_or_else(wrong)?;
        let literal = !matches!(url.host(), Some(url::Host::Domain(_)));
        // The parser drops a scheme's own port; a literal address is always named with it.
        match url
            .port()
            .or(url.port_or_known_default().filter(|_| literal))
        {
            Some(port) => format!("{name}:{port}").parse(),
            None => name.parse(),
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        match self.port {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

impl FromStr for Host {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        check_form(text)?;
        let (name, port) = split_port(text)?;
        let port = port.map(parse_port).transpose()?;
        let name = name.to_ascii_lowercase();
        let parsed = url::Host::parse(&name).map_err(|_| no_host(text))?;
        if parsed.to_string() != name {
            return Err(format!("write it as {:?}", parsed.to_string()));
        }
        match parsed {
            url::Host::Domain(name) => check_name(&name)?,
            url::Host::Ipv4(address) => check_v4(address, port)?,
            url::Host::Ipv6(address) => check_v6(address, port)?,
        }
        Ok(Self { name, port })
    }
}

fn no_host(text: &str) -> String {
    format!("expected a host such as \"api.example.com\" or \"127.0.0.1:8080\", found {text:?}")
}

fn check_form(text: &str) -> Result<(), String> {
    if let Some((_, rest)) = text.split_once("://") {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        return Err(format!("a host has no scheme and no path: write {host:?}"));
    }
    if let Some((host, _)) = text.split_once(['/', '?', '#']) {
        return Err(format!("a host has no path: write {host:?}"));
    }
    if text.contains('*') {
        return Err(
            "wildcards have no meaning here: name each host, so that a person can tell where the agent connects"
                .to_owned(),
        );
    }
    if text.is_empty() || text.len() > 300 || text.contains(['@', '\\', '%']) {
        return Err(no_host(text));
    }
    Ok(())
}

fn split_port(text: &str) -> Result<(&str, Option<&str>), String> {
    if text.starts_with('[') {
        let end = text.find(']').ok_or_else(|| no_host(text))? + 1;
        let (name, rest) = text.split_at(end);
        return match rest.strip_prefix(':') {
            Some(port) => Ok((name, Some(port))),
            None if rest.is_empty() => Ok((name, None)),
            None => Err(no_host(text)),
        };
    }
    match text.split_once(':') {
        Some((_, port)) if port.contains(':') => {
            Err("an IPv6 address goes in brackets, such as \"[::1]:8080\"".to_owned())
        }
        Some((name, port)) => Ok((name, Some(port))),
        None => Ok((text, None)),
    }
}

fn parse_port(text: &str) -> Result<u16, String> {
    let digits = text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
    text.parse()
        .ok()
        .filter(|_| digits)
        .ok_or_else(|| format!("expected a port from 1 to 65535, found {text:?}"))
}

fn check_name(name: &str) -> Result<(), String> {
    let label = |label: &str| {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        (1..=63).contains(&label.len())
            && label.bytes().all(plain)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if name.len() > 253 || !name.split('.').all(label) {
        return Err(no_host(name));
    }
    if METADATA_NAMES.contains(&name) {
        return Err(metadata());
    }
    if name == "localhost" || name.ends_with(".localhost") {
        return Err(
            "this machine is reached by its literal address and port, such as \"127.0.0.1:8080\""
                .to_owned(),
        );
    }
    Ok(())
}

fn check_v4(address: Ipv4Addr, port: Option<u16>) -> Result<(), String> {
    match address.octets() {
        // Metadata services: the link-local block, and those that clouds put elsewhere.
        [169, 254, ..] | [100, 100, 100, 200] | [168, 63, 129, 16] | [192, 0, 0, 192] => {
            Err(metadata())
        }
        [0, ..] | [224..=255, ..] => Err(no_peer()),
        [10 | 127, ..] | [192, 168, ..] | [172, 16..=31, ..] | [100, 64..=127, ..] => {
            needs_port(port)
        }
        _ => Ok(()),
    }
}

fn check_v6(address: Ipv6Addr, port: Option<u16>) -> Result<(), String> {
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 1] => needs_port(port),
        [0, 0, 0, 0, 0, 0, 0, 0] | [0xff00..=0xffff, ..] => Err(no_peer()),
        // Mapped, compatible, NAT64 (RFC 6052) and 6to4 (RFC 3056) forms of an IPv4 address.
        [0, 0, 0, 0, 0, ..] | [0x64, 0xff9b, ..] | [0x2002, ..] => {
            Err("write the IPv4 address itself, not an IPv6 form of it".to_owned())
        }
        [0xfe80..=0xfebf, ..] | [0xfd00, 0xec2, ..] | [0xfd20, 0xce, ..] => Err(metadata()),
        [0xfc00..=0xfdff, ..] => needs_port(port),
        _ => Ok(()),
    }
}

fn needs_port(port: Option<u16>) -> Result<(), String> {
    match port {
        Some(_) => Ok(()),
        None => Err(
            "a private or loopback address is named with its port, such as \"127.0.0.1:8080\""
                .to_owned(),
        ),
    }
}

fn metadata() -> String {
    "this is where a cloud hands out its machines' credentials: no agent may connect there"
        .to_owned()
}

fn no_peer() -> String {
    "this is no address that one can connect to".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_named_literally() {
        for (text, kept) in [
            ("api.example.com", "api.example.com"),
            ("API.Example.com:8443", "api.example.com:8443"),
            ("xn--mller-kva.example", "xn--mller-kva.example"),
            ("127.0.0.1:8080", "127.0.0.1:8080"),
            ("[::1]:8080", "[::1]:8080"),
            ("10.0.0.7:443", "10.0.0.7:443"),
            ("192.0.2.1", "192.0.2.1"),
            ("[2001:db8::1]", "[2001:db8::1]"),
        ] {
            assert_eq!(text.parse::<Host>().map(|h| h.to_string()), Ok(kept.into()));
        }
    }

    #[test]
    fn everything_else_is_refused_with_what_to_write() {
        for (text, told) in [
            ("", "expected a host"),
            ("https://api.example.com/v1", "write \"api.example.com\""),
            ("api.example.com/v1", "write \"api.example.com\""),
            ("*.example.com", "wildcards have no meaning"),
            ("user@example.com", "expected a host"),
            ("exa mple.com", "expected a host"),
            ("example.com.", "expected a host"),
            ("-a.example", "expected a host"),
            ("müller.example", "write it as \"xn--mller-kva.example\""),
            ("example.com:0", "a port from 1 to 65535"),
            ("example.com:080", "a port from 1 to 65535"),
            ("example.com:65536", "a port from 1 to 65535"),
            ("example.com:", "a port from 1 to 65535"),
            ("localhost:8080", "127.0.0.1:8080"),
            ("x.localhost:8080", "127.0.0.1:8080"),
            ("127.0.0.1", "is named with its port"),
            ("192.168.1.1", "is named with its port"),
            ("[::1]", "is named with its port"),
            ("[fd12::1]", "is named with its port"),
            ("::1", "in brackets"),
            ("2130706433", "write it as \"127.0.0.1\""),
            ("0x7f.1", "write it as \"127.0.0.1\""),
            ("0177.0.0.1:80", "write it as \"127.0.0.1\""),
            ("0.0.0.0:80", "no address that one can connect to"),
            ("255.255.255.255:80", "no address that one can connect to"),
            ("169.254.169.254", "credentials"),
            ("169.254.169.254:80", "credentials"),
            ("100.100.100.200:80", "credentials"),
            ("169.254.1.1:80", "credentials"),
            ("[fe80::1]:80", "credentials"),
            ("[fd00:ec2::254]:80", "credentials"),
            ("metadata.google.internal", "credentials"),
            ("[::ffff:169.254.169.254]:80", "write"),
            ("[::ffff:a9fe:a9fe]:80", "write the IPv4 address itself"),
            ("[64:ff9b::a9fe:a9fe]:80", "write the IPv4 address itself"),
        ] {
            let error = text.parse::<Host>().expect_err(text);
            assert!(error.contains(told), "{text:?}: {error}");
        }
    }

    #[test]
    fn urls_give_their_host_and_keep_the_rules() {
        let host = |url: &str| Host::of_url(url).map(|host| host.to_string());
        assert_eq!(
            host("https://mcp.example.com/mcp"),
            Ok("mcp.example.com".into())
        );
        assert_eq!(
            host("https://mcp.example.com:444/"),
            Ok("mcp.example.com:444".into())
        );
        assert_eq!(host("http://127.0.0.1/mcp"), Ok("127.0.0.1:80".into()));
        assert_eq!(host("http://2130706433/"), Ok("127.0.0.1:80".into()));
        for bad in [
            "mcp.example.com",
            "file:///etc/passwd",
            "ftp://example.com",
            "https://u:p@example.com",
            "http://169.254.169.254/latest",
            "http://0xa9fea9fe/",
            "http://localhost:3000/mcp",
        ] {
            assert!(host(bad).is_err(), "{bad} must be refused");
        }
    }
}
