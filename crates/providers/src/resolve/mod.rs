//! From a model's name to the model.

mod error;
mod instead;
mod list;

#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use slipway_agent::ports::model::Model;
use slipway_agent::ports::prices::Prices;
use slipway_agent::ports::secrets::Secrets;
use slipway_contract::SecretPlace;
use slipway_contract::model::{ModelRef, Price};
use slipway_net::NetError;

use crate::catalog::{self, Catalog};
use crate::endpoint::{BaseUrl, InvalidBaseUrl};
use crate::local::{self, LocalServer};
use crate::openai::{self, Key, OpenAi, Settings};
use crate::own_prices::OwnPrices;
use crate::recording::{RecordedModel, Recording};

pub use error::ResolveError;

use self::instead::{instead_of_a_key, names, what_there_is};

/// The name of OpenAI's key, in the environment and among the secrets.
pub const OPENAI_API_KEY: &str = "OPENAI_API_KEY";

/// The name of the variable that names another place than OpenAI.
pub const OPENAI_BASE_URL: &str = "OPENAI_BASE_URL";

/// What the person's environment says of providers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    /// `OPENAI_BASE_URL`, as it was found.
    pub openai_base_url: Option<String>,
}

impl Environment {
    /// What these variables say; empty ones count as unset.
    pub fn from_variables(get: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            openai_base_url: get(OPENAI_BASE_URL).filter(|value| !value.trim().is_empty()),
        }
    }
}

/// A recording of the agent's package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingFile {
    /// Its name, without folder and ending.
    pub name: String,
    /// The file.
    pub bytes: Arc<[u8]>,
}

/// Finds models, lists them, and knows their prices.
pub struct Providers {
    secrets: Arc<dyn Secrets>,
    openai_base: Result<BaseUrl, InvalidBaseUrl>,
    settings: Settings,
    catalog: &'static Catalog,
    own_prices: OwnPrices,
    local: Vec<BaseUrl>,
    http: OnceLock<reqwest::Client>,
}

impl Providers {
    /// Providers that read keys here. Nothing is set up or connected to before a model is asked for.
    #[must_use]
    pub fn new(secrets: Arc<dyn Secrets>, environment: Environment) -> Self {
        Self {
            secrets,
            openai_base: environment
                .openai_base_url
                .map_or_else(|| Ok(BaseUrl::openai()), |url| url.parse()),
            settings: Settings::default(),
            catalog: Catalog::built_in(),
            own_prices: OwnPrices::default(),
            local: bases(&local::usual_addresses()),
            http: OnceLock::new(),
        }
    }

    /// The same, speaking to models in this way.
    #[must_use]
    pub const fn with_settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// The same, of a person with these prices of their own, which go before the table's.
    #[must_use]
    pub fn with_own_prices(mut self, own_prices: OwnPrices) -> Self {
        self.own_prices = own_prices;
        self
    }

    /// The same, looking for servers of this machine here instead of at the usual addresses.
    #[must_use]
    pub fn with_local_servers(mut self, addresses: &[SocketAddr]) -> Self {
        self.local = bases(addresses);
        self
    }

    /// The model behind a name, for a run in this folder whose package has these recordings.
    ///
    /// # Errors
    /// No model can serve; the message says what would.
    pub async fn resolve(
        &self,
        model: &ModelRef,
        recordings: &[RecordingFile],
        workdir: &str,
    ) -> Result<Arc<dyn Model>, ResolveError> {
        match model.provider.as_str() {
            catalog::RECORDING => recorded(&model.model, recordings, workdir),
            catalog::LOCAL => self.local(model).await,
            catalog::OPENAI => self.openai(model, recordings).await,
            other => Err(ResolveError::UnknownProvider(other.to_owned())),
        }
    }

    /// Whether calls of this model stay on this machine.
    #[must_use]
    pub fn stays_on_this_machine(&self, model: &ModelRef) -> bool {
        match model.provider.as_str() {
            catalog::RECORDING | catalog::LOCAL => true,
            catalog::OPENAI => self.base_url().is_ok_and(|base| base.is_loopback()),
            _ => false,
        }
    }

    /// Tokens within which a conversation with this model is kept; none when unknown.
    #[must_use]
    pub fn context_tokens(&self, model: &ModelRef) -> Option<u64> {
        self.catalog
            .facts(model)
            .map(catalog::ModelFacts::usable_context)
    }

    async fn openai(
        &self,
        model: &ModelRef,
        recordings: &[RecordingFile],
    ) -> Result<Arc<dyn Model>, ResolveError> {
        let base = self.base_url()?;
        let key = Key::new(Arc::clone(&self.secrets), OPENAI_API_KEY);
        // Looked up already now, so that a run that cannot be served does not begin.
        match key.look_up().await? {
            Some(found) => openai::check(&found)?,
            None if base.is_loopback() => {}
            None => {
                return Err(ResolveError::NoKey {
                    model: model.clone(),
                    instead: instead_of_a_key(recordings),
                });
            }
        }
        self.client(base, Some(key), model.clone())
    }

    async fn local(&self, model: &ModelRef) -> Result<Arc<dyn Model>, ResolveError> {
        let servers = self.local_servers().await;
        let found = servers
            .iter()
            .find_map(|server| Some((server, server.name_of(&model.model)?)));
        let Some((server, name)) = found else {
            return Err(ResolveError::NoLocalModel {
                model: model.clone(),
                why: what_there_is(&servers, &self.local),
            });
        };
        let named = ModelRef {
            provider: model.provider.clone(),
            model: name.to_owned(),
        };
        // The key is OpenAI's; whoever listens on a port of this machine has no claim to it.
        self.client(server.base.clone(), None, named)
    }

    fn client(
        &self,
        base: BaseUrl,
        key: Option<Key>,
        model: ModelRef,
    ) -> Result<Arc<dyn Model>, ResolveError> {
        let facts = self.catalog.facts(&model);
        let http = self.http()?.clone();
        let client = OpenAi::new(http, base, key, model, facts, self.settings);
        Ok(Arc::new(client))
    }

    fn base_url(&self) -> Result<BaseUrl, InvalidBaseUrl> {
        self.openai_base.clone()
    }

    /// Where OpenAI's models are and where their key is kept, or why they cannot be used. Nothing
    /// is unlocked for it.
    async fn openai_place(&self) -> Result<(BaseUrl, Option<SecretPlace>), String> {
        let base = self
            .base_url()
            .map_err(|error| format!("OPENAI_BASE_URL: {error}"))?;
        let key = self.secrets.whereabouts(OPENAI_API_KEY).await;
        let key = key.map_err(|error| error.to_string())?;
        if key.is_none() && !base.is_loopback() {
            return Err("set OPENAI_API_KEY to use it".to_owned());
        }
        Ok((base, key))
    }

    async fn local_servers(&self) -> Vec<LocalServer> {
        let bases = match self.base_url() {
            Ok(base) if base.is_loopback() => vec![base],
            _ => self.local.clone(),
        };
        match self.http() {
            Ok(http) => local::probe(http, &bases).await,
            Err(_) => Vec::new(),
        }
    }

    /// Set up when a model is first asked for: loading the system's certificates takes longer
    /// than playing a recording.
    fn http(&self) -> Result<&reqwest::Client, NetError> {
        if let Some(client) = self.http.get() {
            return Ok(client);
        }
        let client = slipway_net::provider_client()?;
        Ok(self.http.get_or_init(|| client))
    }
}

impl Prices for Providers {
    /// What the person says holds wherever the model is. Else a model of this machine is free. A
    /// name of the table is not, even there: a proxy that listens here may pass the call on to
    /// whoever asks that price. At another place nobody knows the price.
    fn price(&self, model: &ModelRef) -> Option<Price> {
        if let Some(own) = self.own_prices.get(model) {
            return Some(own.price);
        }
        let known = self.catalog.price(model);
        if model.provider != catalog::OPENAI {
            return known;
        }
        match self.base_url() {
            Ok(base) if base.is_openai() => known,
            Ok(base) if base.is_loopback() => Some(known.unwrap_or(Price::FREE)),
            _ => None,
        }
    }

    fn longest_answer(&self, model: &ModelRef) -> Option<u32> {
        let own = self.own_prices.get(model);
        own.and_then(|own| own.max_output)
            .or_else(|| self.catalog.longest_answer(model))
    }
}

fn bases(addresses: &[SocketAddr]) -> Vec<BaseUrl> {
    addresses
        .iter()
        .map(|address| BaseUrl::on_this_machine(*address))
        .collect()
}

fn recorded(
    name: &str,
    recordings: &[RecordingFile],
    workdir: &str,
) -> Result<Arc<dyn Model>, ResolveError> {
    let file = recordings.iter().find(|file| file.name == name);
    let file = file.ok_or_else(|| ResolveError::NoRecording {
        name: name.to_owned(),
        instead: match names(recordings) {
            None => {
                "Make one with --record NAME, from a run with a live or local model.".to_owned()
            }
            Some(names) => format!("It has {names}."),
        },
    })?;
    let recording = Recording::parse(&file.bytes).map_err(|error| ResolveError::Recording {
        name: name.to_owned(),
        error,
    })?;
    Ok(Arc::new(RecordedModel::new(
        name,
        Arc::new(recording),
        workdir,
    )))
}
