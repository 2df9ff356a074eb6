//! Where a server is.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// A server's address, as the person names it: `https://…`, or `http://` and this machine. A host alone is one or
/// the other of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ServerAddress(Url);

/// Why a text is no server's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAddress {
    /// It cannot be read as a URL.
    #[error("it is no address such as https://cloud.example.com")]
    NoUrl,
    /// Another scheme.
    #[error("it must begin with https://")]
    Scheme,
    /// Whoever listens on the way would see the sign-in.
    #[error("without https a server must be on this machine: http://localhost:8787")]
    Unprotected,
    /// More than scheme, host and port.
    #[error("it must be no more than https://, the host and perhaps a port")]
    More,
}

impl ServerAddress {
    /// A path of it.
    pub(crate) fn at(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(path);
        url
    }

    /// Whether this URL is one of this server.
    pub(crate) fn has(&self, url: &Url) -> bool {
        url.origin() == self.0.origin() && url.username().is_empty() && url.password().is_none()
    }

    /// Whether it is on this machine: by its literal address, or as `localhost`, which is looked up nowhere.
    pub(crate) fn is_loopback(&self) -> bool {
        match self.0.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        }
    }

    /// Whether the other one may be the same place of this machine by another name.
    #[must_use]
    pub fn may_be(&self, other: &Self) -> bool {
        let is_plain = |address: &Self| address.is_loopback() && !address.is_https();
        is_plain(self) && is_plain(other) && self.0.port() == other.0.port()
    }

    /// Whether the way there is encrypted.
    pub(crate) fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }
}

impl FromStr for ServerAddress {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        let text = text.trim();
        let is_bare = !text.contains("://") && !text.starts_with(['/', '\\']);
        if is_bare {
            let here = Url::parse(&format!("http://{text}")).map(Self);
            let scheme = match here.is_ok_and(|here| here.is_loopback()) {
                true => "http",
                false => "https",
            };
            return format!("{scheme}://{text}").parse();
        }
        let url = Url::parse(text).map_err(|_| InvalidAddress::NoUrl)?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(InvalidAddress::Scheme);
        }
        let has_more = !url.username().is_empty()
            || url.password().is_some()
            || url.path() != "/"
            || url.query().is_some()
            || url.fragment().is_some();
        if has_more {
            return Err(InvalidAddress::More);
        }
        let address = Self(url);
        if address.is_https() || address.is_loopback() {
            Ok(address)
        } else {
            Err(InvalidAddress::Unprotected)
        }
    }
}

impl TryFrom<String> for ServerAddress {
    type Error = InvalidAddress;

    fn try_from(text: String) -> Result<Self, InvalidAddress> {
        text.parse()
    }
}

impl From<ServerAddress> for String {
    fn from(address: ServerAddress) -> Self {
        address.to_string()
    }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.origin().ascii_serialization())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_https_or_on_this_machine() {
        for (text, shown) in [
            ("https://cloud.example.com", "https://cloud.example.com"),
            (" https://Cloud.Example.com/ ", "https://cloud.example.com"),
            ("https://cloud.example.com:443", "https://cloud.example.com"),
            ("https://10.0.0.5:8443", "https://10.0.0.5:8443"),
            ("http://127.0.0.1:8787", "http://127.0.0.1:8787"),
            ("http://[::1]:8787/", "http://[::1]:8787"),
            ("http://127.1:8787", "http://127.0.0.1:8787"),
            ("http://Localhost:8787/", "http://localhost:8787"),
            ("https://localhost:8443", "https://localhost:8443"),
            ("localhost:8787", "http://localhost:8787"),
            ("127.0.0.1:8787", "http://127.0.0.1:8787"),
            ("[::1]:8787", "http://[::1]:8787"),
            ("localhost", "http://localhost"),
            ("cloud.example.com", "https://cloud.example.com"),
            ("Cloud.example.com:8787/", "https://cloud.example.com:8787"),
            ("10.0.0.5:8787", "https://10.0.0.5:8787"),
            (
                "localhost.example.com:8787",
                "https://localhost.example.com:8787",
            ),
        ] {
            assert_eq!(text.parse::<ServerAddress>().unwrap().to_string(), shown);
        }
    }

    #[test]
    fn what_is_no_address_says_what_one_is() {
        use InvalidAddress::{More, NoUrl, Scheme, Unprotected};
        for (text, why) in [
            ("", NoUrl),
            ("//cloud.example.com", NoUrl),
            ("https://", NoUrl),
            ("ftp://cloud.example.com", Scheme),
            ("file:///etc/passwd", Scheme),
            ("mailto:anna@example.com", More),
            ("javascript:alert(1)", NoUrl),
            ("two words", NoUrl),
            ("http://cloud.example.com", Unprotected),
            ("http://localhost.:8787", Unprotected),
            ("http://localhost.example.com:8787", Unprotected),
            ("http://slipway.localhost:8787", Unprotected),
            ("cloud.example.com/slipway", More),
            ("localhost:8787/slipway", More),
            ("user:secret@localhost:8787", More),
            ("http://127.0.0.1.example.com", Unprotected),
            ("http://10.0.0.5:8787", Unprotected),
            ("http://0.0.0.0:8787", Unprotected),
            ("https://user@cloud.example.com", More),
            ("https://user:secret@cloud.example.com", More),
            ("https://cloud.example.com/slipway", More),
            ("https://cloud.example.com/?a=b", More),
            ("https://cloud.example.com/#a", More),
        ] {
            assert_eq!(text.parse::<ServerAddress>(), Err(why), "{text:?}");
        }
    }

    #[test]
    fn another_name_of_this_machine_may_be_the_same_place() {
        let may_be = |one: &str, other: &str| {
            let [one, other] = [one, other].map(|text| text.parse::<ServerAddress>().unwrap());
            one.may_be(&other)
        };
        assert!(may_be("http://127.0.0.1:8787", "http://localhost:8787"));
        for other in [
            "http://localhost:8788",
            "http://localhost",
            "https://localhost:8787",
            "https://cloud.example.com:8787",
        ] {
            assert!(!may_be("http://127.0.0.1:8787", other), "{other}");
        }
    }

    #[test]
    fn its_urls_are_told_from_those_of_others() {
        let address: ServerAddress = "https://cloud.example.com".parse().unwrap();
        let has = |text: &str| address.has(&Url::parse(text).unwrap());
        assert!(has("https://cloud.example.com/oauth/token"));
        for other in [
            "http://cloud.example.com/oauth/token",
            "https://cloud.example.com:8443/oauth/token",
            "https://cloud.example.com.example.org/oauth/token",
            "https://cloud.example.com@example.org/oauth/token",
            "https://user@cloud.example.com/oauth/token",
            "data:text/html,a",
        ] {
            assert!(!has(other), "{other}");
        }
    }
}
