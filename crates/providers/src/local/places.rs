//! Where servers of this machine are looked for.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use url::{Host, Url};

use super::{LocalPatience, LocalServer};
use crate::endpoint::BaseUrl;

/// The variable that names other places than the usual ones.
const SERVERS: &str = "SLIPWAY_LOCAL_SERVERS";

/// The variable that tells Ollama where to listen, and its clients where it is.
const OLLAMA: &str = "OLLAMA_HOST";

const OLLAMA_PORT: u16 = 11434;

/// Where LM Studio, llama.cpp and vLLM usually listen.
const OTHERS: [u16; 3] = [1234, 8080, 8000];

/// What the person's environment says of such servers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Named {
    servers: Option<String>,
    ollama: Option<String>,
}

impl Named {
    /// What these variables say.
    pub(crate) fn from_variables(get: impl Fn(&str) -> Option<String>) -> Self {
        let said = |name| get(name).filter(|text| !text.trim().is_empty());
        Self {
            servers: said(SERVERS),
            ollama: said(OLLAMA),
        }
    }
}

/// Where servers are looked for, and why some places are not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Places {
    pub(crate) bases: Vec<BaseUrl>,
    /// How long each may take that the person does not name.
    pub(super) patience: LocalPatience,
    /// Those that the person names, and in which variable or file.
    pub(super) named: Vec<(String, BaseUrl)>,
    /// What is wrong with what the environment says.
    pub(crate) warnings: Vec<String>,
}

impl Places {
    /// These places.
    pub(crate) fn at(addresses: &[SocketAddr]) -> Self {
        let bases = addresses.iter().copied().map(BaseUrl::on_this_machine);
        Self {
            bases: bases.collect(),
            ..Self::none(LocalPatience::NAMED)
        }
    }

    const fn none(patience: LocalPatience) -> Self {
        Self {
            bases: Vec::new(),
            patience,
            named: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// The usual places, or those that the person names instead.
    pub(crate) fn of(named: &Named) -> Self {
        match &named.servers {
            Some(list) => Self::listed(list),
            None => Self::usual(named.ollama.as_deref()),
        }
    }

    fn usual(ollama: Option<&str>) -> Self {
        let mut places = Self::none(LocalPatience::USUAL);
        let usual = |port| BaseUrl::on_this_machine(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
        match ollama.map(ollama_base) {
            Some(Ok(base)) => {
                places.named.push((OLLAMA.to_owned(), base.clone()));
                places.bases.push(base);
            }
            Some(Err(why)) => {
                places.warnings.push(why);
                places.bases.push(usual(OLLAMA_PORT));
            }
            None => places.bases.push(usual(OLLAMA_PORT)),
        }
        for base in OTHERS.map(usual) {
            places.add(base);
        }
        places
    }

    fn listed(list: &str) -> Self {
        let mut places = Self::none(LocalPatience::NAMED);
        if list.trim() == "none" {
            return places;
        }
        for text in list
            .split(',')
            .map(str::trim)
            .filter(|text| !text.is_empty())
        {
            match server_base(text) {
                Ok(base) => {
                    places.named.push((SERVERS.to_owned(), base.clone()));
                    places.add(base);
                }
                Err(why) => places.warnings.push(why),
            }
        }
        places
    }

    /// This place alone.
    pub(crate) fn alone(base: BaseUrl) -> Self {
        Self {
            bases: vec![base],
            ..Self::none(LocalPatience::NAMED)
        }
    }

    /// The same, where one certain model is wanted: whether a run begins must not hang on how busy
    /// the machine is. Where nothing listens, nothing is waited for in any case.
    pub(crate) const fn patiently(mut self) -> Self {
        self.patience = LocalPatience::NAMED;
        self
    }

    /// Looks here too, and first: a variable or a file names it.
    pub(crate) fn first(mut self, name: &str, base: BaseUrl) -> Self {
        self.bases.retain(|other| *other != base);
        self.named.push((name.to_owned(), base.clone()));
        self.bases.insert(0, base);
        self
    }

    /// How long the server at this place may take.
    pub(super) fn patience(&self, base: &BaseUrl) -> LocalPatience {
        match self.named.iter().any(|(_, named)| named == base) {
            true => LocalPatience::NAMED,
            false => self.patience,
        }
    }

    /// What is wrong with what the person says of such servers, of which these answer.
    pub(crate) fn notes(&self, servers: &[LocalServer]) -> Vec<String> {
        let answers = |base: &BaseUrl| servers.iter().any(|server| server.base == *base);
        let silent = self.named.iter().filter(|(_, base)| !answers(base));
        let silent = silent.map(|(name, base)| {
            format!(
                "{name} names {}, where no model server answers. Start it, or correct {name}.",
                base.place()
            )
        });
        self.warnings.iter().cloned().chain(silent).collect()
    }

    fn add(&mut self, base: BaseUrl) {
        if !self.bases.contains(&base) {
            self.bases.push(base);
        }
    }
}

/// A server as the person lists it: an address with its port, or a URL.
fn server_base(text: &str) -> Result<BaseUrl, String> {
    let found = match text.parse::<SocketAddr>() {
        Ok(address) => Ok(BaseUrl::on_this_machine(address)),
        Err(_) if text.contains("://") => text.parse(),
        Err(_) => format!("http://{text}/v1").parse(),
    };
    let base: BaseUrl = found.map_err(|error| format!("{SERVERS}: {error}"))?;
    if base.is_loopback() {
        Ok(base)
    } else {
        Err(format!(
            "{SERVERS} names {}, which is another machine, and what is local never leaves this one. Name it in providers.toml as a provider of your own instead.",
            base.place()
        ))
    }
}

/// Ollama as its own variable names it: with or without scheme and port; the address at which it
/// listens for everybody is here.
fn ollama_base(text: &str) -> Result<BaseUrl, String> {
    let text = text.trim();
    let is_bare = !text.contains("://");
    let url = match is_bare {
        true if text.starts_with(':') => format!("http://127.0.0.1{text}"),
        true => format!("http://{text}"),
        false => text.to_owned(),
    };
    let wrong = || {
        let shown: String = text.chars().take(80).collect();
        format!("{OLLAMA} is {shown:?}, which is no address: write it as 127.0.0.1:{OLLAMA_PORT}")
    };
    let url = Url::parse(&url).map_err(|_| wrong())?;
    let port = match is_bare {
        // A bare address without a port means Ollama's own.
        true if !has_port(text) => OLLAMA_PORT,
        _ => url.port_or_known_default().ok_or_else(wrong)?,
    };
    let address = match url.host().ok_or_else(wrong)? {
        Host::Domain(name) if name.eq_ignore_ascii_case("localhost") => Ipv4Addr::LOCALHOST.into(),
        Host::Domain(name) => return Err(another_machine(name)),
        Host::Ipv4(address) => IpAddr::from(address),
        Host::Ipv6(address) => IpAddr::from(address),
    };
    if address.is_unspecified() {
        let here = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        return Ok(BaseUrl::on_this_machine(here));
    }
    if !address.is_loopback() {
        return Err(another_machine(&address.to_string()));
    }
    let address = SocketAddr::new(address, port);
    match url.scheme() {
        "https" => format!("https://{address}/v1").parse().map_err(|_| wrong()),
        _ => Ok(BaseUrl::on_this_machine(address)),
    }
}

fn has_port(text: &str) -> bool {
    let after_host = text.rsplit(']').next().unwrap_or(text);
    after_host
        .rsplit_once(':')
        .is_some_and(|(_, port)| port.trim_end_matches('/').parse::<u16>().is_ok())
}

fn another_machine(host: &str) -> String {
    format!(
        "{OLLAMA} names {host}, which is another machine, and what is local never leaves this one. Name it in providers.toml as a provider of your own instead."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(places: &Places) -> Vec<String> {
        places.bases.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn ollama_is_where_its_variable_says() {
        for (said, at) in [
            ("127.0.0.1", "http://127.0.0.1:11434/v1"),
            ("127.0.0.1:9999", "http://127.0.0.1:9999/v1"),
            (":9999", "http://127.0.0.1:9999/v1"),
            ("0.0.0.0", "http://127.0.0.1:11434/v1"),
            ("0.0.0.0:80", "http://127.0.0.1:80/v1"),
            ("localhost", "http://127.0.0.1:11434/v1"),
            ("http://localhost:5000/", "http://127.0.0.1:5000/v1"),
            ("http://127.0.0.1", "http://127.0.0.1:80/v1"),
            ("[::1]:5000", "http://[::1]:5000/v1"),
            ("[::]", "http://127.0.0.1:11434/v1"),
            (" 127.0.0.2 ", "http://127.0.0.2:11434/v1"),
        ] {
            let named = Named::from_variables(|name| (name == OLLAMA).then(|| said.to_owned()));
            let places = Places::of(&named);
            assert_eq!(shown(&places)[0], at, "{said}");
            assert_eq!(places.warnings, Vec::<String>::new());
            assert_eq!(places.bases.len(), 4);
        }
        for (said, why) in [
            ("192.168.1.5", "another machine"),
            ("models.example.com:11434", "another machine"),
            ("127.0.0.1:99999", "no address"),
            ("a b", "no address"),
        ] {
            let named = Named::from_variables(|name| (name == OLLAMA).then(|| said.to_owned()));
            let places = Places::of(&named);
            assert_eq!(shown(&places)[0], "http://127.0.0.1:11434/v1");
            assert!(places.warnings[0].contains(why), "{said}: {places:?}");
        }
    }

    #[test]
    fn a_person_may_name_the_places_or_none() {
        let places = |said: &str| {
            let said = said.to_owned();
            Places::of(&Named::from_variables(|name| {
                (name == SERVERS).then(|| said.clone())
            }))
        };
        assert_eq!(
            shown(&places(
                "127.0.0.1:9000, localhost:9001,http://127.0.0.1:9002/api/v1"
            )),
            [
                "http://127.0.0.1:9000/v1",
                "http://localhost:9001/v1",
                "http://127.0.0.1:9002/api/v1",
            ]
        );
        assert_eq!(places("none"), Places::none(LocalPatience::NAMED));
        assert_eq!(places(" ").bases.len(), 4, "an empty variable is none");
        let far = places("192.168.1.5:9000");
        assert!(far.bases.is_empty());
        assert!(far.warnings[0].contains("another machine"), "{far:?}");
    }

    #[test]
    fn a_place_is_asked_once() {
        let base: BaseUrl = "http://127.0.0.1:1234/v1".parse().unwrap();
        let places = Places::of(&Named::default()).first("OPENAI_BASE_URL", base.clone());
        assert_eq!(places.bases.len(), 4);
        assert_eq!(places.bases[0], base);
    }
}
