//! Where a provider is reached.

use std::borrow::Cow;
use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

use url::{Host, Url};

/// The URL under which a provider's API lies, checked: `http` or `https`, with a host, without a
/// name, password, query or fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    /// Without a slash at its end.
    text: String,
    host: String,
    port: Option<u16>,
    /// As the scheme has it, where none is given.
    effective_port: Option<u16>,
    loopback: bool,
}

/// What clients add to an address themselves, and people copy with it.
const ADDED: [&str; 5] = [
    "/chat/completions",
    "/completions",
    "/responses",
    "/messages",
    "/embeddings",
];

/// Why a text is no base URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{shown:?} is no base URL of a model provider: {why}, as in https://api.openai.com/v1")]
pub struct InvalidBaseUrl {
    shown: String,
    why: Cow<'static, str>,
}

impl BaseUrl {
    /// The OpenAI-compatible API of a server on this machine.
    #[must_use]
    pub fn on_this_machine(address: SocketAddr) -> Self {
        Self {
            text: format!("http://{address}/v1"),
            host: address.ip().to_string(),
            port: Some(address.port()),
            effective_port: Some(address.port()),
            loopback: address.ip().is_loopback(),
        }
    }

    /// The URL, without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The host, in lower case.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether both are the same server: by scheme, host and port (RFC 6454).
    #[must_use]
    pub fn is_same_origin(&self, other: &Self) -> bool {
        self.is_plain() == other.is_plain()
            && self.host == other.host
            && self.effective_port == other.effective_port
    }

    /// Whether what is sent there can be read on the way: without encryption, to another machine.
    #[must_use]
    pub fn is_open_to_others(&self) -> bool {
        self.is_plain() && !self.loopback
    }

    /// The URL with the rest of this path, where it stops in the middle of it; one with a path of
    /// its own stays as it is.
    #[must_use]
    pub(crate) fn ending_in(mut self, path: &str) -> Self {
        let wanted: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let Ok(url) = Url::parse(&self.text) else {
            return self;
        };
        let present: Vec<&str> = url
            .path()
            .split('/')
            .filter(|part| !part.is_empty())
            .collect();
        if wanted.starts_with(&present) {
            for part in &wanted[present.len()..] {
                self.text.push('/');
                self.text.push_str(part);
            }
        }
        self
    }

    /// Whether the server is this machine.
    #[must_use]
    pub const fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// Whether it is reached without encryption, and so without a certificate.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.text.starts_with("http://")
    }

    /// The host, with its port where one is given, as messages name it.
    #[must_use]
    pub fn place(&self) -> String {
        match self.port {
            Some(port) if self.host.contains(':') => format!("[{}]:{port}", self.host),
            Some(port) => format!("{}:{port}", self.host),
            None => self.host.clone(),
        }
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for BaseUrl {
    type Err = InvalidBaseUrl;

    fn from_str(text: &str) -> Result<Self, InvalidBaseUrl> {
        let text = text.trim();
        let url = Url::parse(text).map_err(|_| InvalidBaseUrl {
            shown: shown(text),
            why: "it is not a URL; write it with http:// or https://".into(),
        })?;
        let refuse = |why: &'static str| {
            Err(InvalidBaseUrl {
                shown: shown(text),
                why: why.into(),
            })
        };
        if !matches!(url.scheme(), "http" | "https") {
            return refuse("write it with http:// or https://");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse(
                "a name or password in it would be shown in messages; keep the key with `slipway secrets set`",
            );
        }
        if url.query().is_some() || url.fragment().is_some() {
            return refuse("leave out what follows ? or #");
        }
        let (host, loopback) = match url.host() {
            None => return refuse("it names no host"),
            Some(Host::Domain(name)) => {
                let name = name.trim_end_matches('.');
                (name.to_owned(), name.eq_ignore_ascii_case("localhost"))
            }
            Some(Host::Ipv4(address)) => (address.to_string(), address.is_loopback()),
            Some(Host::Ipv6(address)) => (address.to_string(), address.is_loopback()),
        };
        let address = url.as_str().trim_end_matches('/');
        if let Some(added) = ADDED.iter().find(|added| address.ends_with(*added)) {
            let why = format!("leave out {added}, which Slipway adds itself");
            return Err(InvalidBaseUrl {
                shown: shown(text),
                why: why.into(),
            });
        }
        Ok(Self {
            text: address.to_owned(),
            host,
            port: url.port(),
            effective_port: url.port_or_known_default(),
            loopback,
        })
    }
}

impl<'de> serde::Deserialize<'de> for BaseUrl {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// What of a refused text may be shown: nothing that could be a password.
fn shown(text: &str) -> String {
    let rest = text.rsplit_once('@').map_or(text, |(_, rest)| rest);
    rest.split(['?', '#'])
        .next()
        .unwrap_or_default()
        .chars()
        .take(80)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_told_from_the_rest() {
        for here in [
            "http://127.0.0.1:11434/v1",
            "http://127.8.9.1/v1",
            "http://localhost:8080/v1/",
            "http://[::1]:8080/v1",
        ] {
            assert!(here.parse::<BaseUrl>().unwrap().is_loopback(), "{here}");
        }
        for elsewhere in [
            "https://api.openai.com/v1",
            "http://localhost.example.com/v1",
            "http://192.168.1.5/v1",
            "http://127.0.0.1.example.com/v1",
        ] {
            assert!(
                !elsewhere.parse::<BaseUrl>().unwrap().is_loopback(),
                "{elsewhere}"
            );
        }
    }

    #[test]
    fn a_server_is_its_scheme_its_host_and_its_port() {
        let base = |text: &str| text.parse::<BaseUrl>().unwrap();
        let own = base("https://api.example.com/v1");
        for same in ["https://API.example.com:443/v1/", "https://api.example.com"] {
            assert!(own.is_same_origin(&base(same)), "{same}");
        }
        for other in [
            "http://api.example.com/v1",
            "http://api.example.com:443/v1",
            "https://api.example.com:8443/v1",
            "https://example.com/v1",
        ] {
            assert!(!own.is_same_origin(&base(other)), "{other}");
        }
        assert!(!own.is_open_to_others());
        assert!(base("http://192.168.1.5/v1").is_open_to_others());
        assert!(!base("http://127.0.0.1:4000/v1").is_open_to_others());
    }

    #[test]
    fn what_clients_add_is_left_out() {
        for (given, added) in [
            ("https://host/v1/chat/completions", "/chat/completions"),
            ("https://host/v1/completions/", "/completions"),
            ("https://host/v1/responses", "/responses"),
            ("https://host/v1/messages", "/messages"),
            ("https://host/v1/embeddings", "/embeddings"),
        ] {
            let error = given.parse::<BaseUrl>().unwrap_err().to_string();
            assert!(error.contains(&format!("leave out {added},")), "{error}");
        }
        assert!("https://host/models".parse::<BaseUrl>().is_ok());
    }

    #[test]
    fn slashes_and_spaces_around_it_do_not_matter() {
        let url: BaseUrl = " https://api.openai.com/v1// ".parse().unwrap();
        assert_eq!(url.as_str(), "https://api.openai.com/v1");
        assert_eq!(url.host(), "api.openai.com");
        let v6: BaseUrl = "http://[::1]:8080/v1".parse().unwrap();
        assert_eq!(v6.place(), "[::1]:8080");
    }

    #[test]
    fn an_address_that_stops_early_is_completed() {
        for (given, completed) in [
            ("https://me.example.com", "https://me.example.com/openai/v1"),
            (
                "https://me.example.com/",
                "https://me.example.com/openai/v1",
            ),
            (
                "https://me.example.com/openai",
                "https://me.example.com/openai/v1",
            ),
            (
                "https://me.example.com/openai/v1/",
                "https://me.example.com/openai/v1",
            ),
            (
                "https://me.example.com/gateway",
                "https://me.example.com/gateway",
            ),
            ("http://[::1]:8080", "http://[::1]:8080/openai/v1"),
        ] {
            let base: BaseUrl = given.parse().unwrap();
            assert_eq!(base.ending_in("/openai/v1").as_str(), completed, "{given}");
        }
    }

    #[test]
    fn what_is_no_base_url_is_refused_without_its_password() {
        for bad in [
            "",
            "localhost:8080",
            "api.openai.com/v1",
            "ftp://host/v1",
            "file:///etc/passwd",
            "https://me:hunter2@host/v1",
            "https://host/v1?key=hunter2",
        ] {
            let error = bad.parse::<BaseUrl>().unwrap_err().to_string();
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
