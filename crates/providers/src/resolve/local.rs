//! Models of servers on this machine.

use std::sync::Arc;

use slipway_contract::model::{Abilities, ModelRef};
use slipway_net::NetError;

use super::instead::what_there_is;
use super::{Providers, ResolveError, Resolved, named_by};
use crate::catalog::{self, LOCAL};
use crate::endpoint::BaseUrl;
use crate::local::{self, Kind, LocalModel, LocalServer, Places};
use crate::own_prices::OwnModel;
use crate::registry::Provider;

impl Providers {
    pub(super) async fn local(&self, model: &ModelRef) -> Result<Resolved, ResolveError> {
        let (places, servers) = self.local_servers(Some(&model.model)).await;
        let found = servers
            .iter()
            .find_map(|server| Some((server, server.model(&model.model)?)));
        let Some((server, served)) = found else {
            return Err(ResolveError::NoLocalModel {
                model: model.clone(),
                why: what_there_is(&servers, &places),
            });
        };
        if served.is_elsewhere {
            return Err(ResolveError::NotOnThisMachine {
                model: model.clone(),
                server: server.kind.title(),
                place: server.base.place(),
            });
        }
        let named = local_ref(&served.name);
        // The key is OpenAI's; whoever listens on a port of this machine has no claim to it.
        let client = self.client(
            Arc::new(Provider::local()),
            server.base.clone(),
            None,
            named,
        )?;
        for name in [model, &local_ref(&served.name)] {
            self.met.note(name, server.computes_here(&served.name));
        }
        let abilities = self.local_abilities(model, served);
        let window = self.local_window(model, served);
        Ok(Resolved::new(client, window, abilities))
    }

    /// The servers of this machine that answer, and where they were looked for. Where one model is
    /// wanted, others are not asked about.
    pub(super) async fn local_servers(&self, wanted: Option<&str>) -> (Places, Vec<LocalServer>) {
        let places = self.places(wanted.is_some());
        let servers = match self.client_of(&places) {
            Ok(http) => local::survey(http, &places, wanted).await,
            Err(_) => Vec::new(),
        };
        (places, servers)
    }

    /// Where servers of this machine are looked for; for longer, where one is wanted for certain.
    pub(super) fn places(&self, patiently: bool) -> Places {
        let mut places = match &self.local {
            Some(places) => places.clone(),
            None => Places::of(&self.environment.local),
        };
        if let Some((name, base)) = self.openai_base() {
            places = places.first(name, base);
        }
        match patiently {
            true => places.patiently(),
            false => places,
        }
    }

    /// What asks all of these. One client serves all, unless a certificate has to be checked.
    pub(super) fn client_of(&self, places: &Places) -> Result<&reqwest::Client, NetError> {
        match places.bases.iter().find(|base| !base.is_plain()) {
            Some(secure) => self.http_at(secure),
            None => self.here(),
        }
    }

    /// What a model can do: what the person says of it, or else its server.
    pub(super) fn local_abilities(&self, asked: &ModelRef, served: &LocalModel) -> Abilities {
        let own = self.own_words(asked, served);
        own.map_or(served.abilities, |own| own.over(served.abilities))
    }

    /// What the person says of a model of this machine, under any of its names.
    pub(super) fn own_words(&self, asked: &ModelRef, served: &LocalModel) -> Option<&OwnModel> {
        let said_of = |name: &str| self.own_prices.model(&local_ref(name));
        let own = self.own_prices.model(asked);
        own.or_else(|| said_of(&served.name))
            .or_else(|| said_of(served.name.strip_suffix(":latest")?))
    }

    /// The tokens that fit, likewise.
    pub(super) fn local_window(&self, asked: &ModelRef, served: &LocalModel) -> Option<u64> {
        let own = self.own_words(asked, served);
        own.and_then(|own| own.context).or(served.window.usable)
    }

    /// The address that the person gives OpenAI, when that is a server of this machine, and where
    /// they give it.
    pub(super) fn openai_base(&self) -> Option<(&str, BaseUrl)> {
        let openai = self.registry.get(catalog::OPENAI)?;
        let base = self.base(openai).ok().filter(BaseUrl::is_loopback)?;
        Some((named_by(openai, &base), base))
    }
}

/// How a model of this machine is named in a run.
pub(super) fn local_ref(name: &str) -> ModelRef {
    ModelRef {
        provider: LOCAL.to_owned(),
        model: name.to_owned(),
    }
}

/// What is worth saying of a model of this machine: where it is, and how much of it can be used.
pub(super) fn note(server: &LocalServer, model: &LocalModel) -> String {
    if model.is_elsewhere {
        let server = server.kind.title();
        return format!("{server} passes it on to another machine");
    }
    let mut said = vec![format!("at {}", server.base.place())];
    if server.kind == Kind::Other {
        said.push(
            "no kind of server that is known to compute here: its price is for prices.toml to say"
                .to_owned(),
        );
    }
    let window = model.window;
    let more = match (window.usable, window.of) {
        (Some(usable), Some(of)) if usable < of => format!(" of {of}"),
        _ => String::new(),
    };
    let how = match server.kind {
        Kind::Ollama => "set OLLAMA_CONTEXT_LENGTH or num_ctx for more",
        Kind::LmStudio => "load it with more",
        Kind::LlamaCpp => "start it with a larger --ctx-size for more",
        Kind::Vllm | Kind::Other => "",
    };
    let is_worth_it = !more.is_empty() || window.is_assumed;
    if let Some(usable) = window.usable.filter(|_| is_worth_it) {
        let is = match (window.is_assumed, window.of) {
            (false, _) => "loaded with",
            (true, Some(_)) => "not loaded, so it is taken to have",
            (true, None) => "its server does not tell its window, so it is taken to have",
        };
        let how = Some(how).filter(|how| !how.is_empty());
        let how = how.map_or_else(String::new, |how| format!(" ({how})"));
        said.push(format!("{is} {usable}{more} tokens{how}"));
    }
    said.join("; ")
}
