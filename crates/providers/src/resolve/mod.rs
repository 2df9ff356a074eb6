//! From a model's name to the model.

mod embeddings;
mod environment;
mod error;
mod instead;
mod list;
mod local;
mod met;
mod providers;
mod recorded;
mod resolved;
mod standing;

#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use slipway_agent::ports::model::Model;
use slipway_agent::ports::prices::Prices;
use slipway_agent::ports::secrets::Secrets;
use slipway_contract::model::{Abilities, ModelRef, Price};
use slipway_net::NetError;

use crate::anthropic::Anthropic;
use crate::attempt::{Endpoint, Key, Settings};
use crate::catalog::{self, Catalog};
use crate::endpoint::BaseUrl;
use crate::gemini::Gemini;
use crate::live;
use crate::local::Places;
use crate::openai::OpenAi;
use crate::own_prices::OwnPrices;
use crate::registry::{Protocol, Provider, Registry};

pub use environment::Environment;
pub use error::ResolveError;
pub use list::Listing;
pub use recorded::RecordingFile;
pub use resolved::Resolved;
pub(crate) use standing::named_by;

use self::instead::{instead_of_a_key, set_key};
use self::met::Met;
use self::recorded::recorded;
use self::standing::Standing;

/// Finds models, lists them, and knows their prices.
pub struct Providers {
    secrets: Arc<dyn Secrets>,
    environment: Environment,
    registry: Arc<Registry>,
    /// Why the person's own file of providers cannot be used.
    wrong_registry: Option<String>,
    settings: Settings,
    catalog: &'static Catalog,
    own_prices: OwnPrices,
    /// Where servers of this machine are looked for; none leaves it to the environment.
    local: Option<Places>,
    http: OnceLock<reqwest::Client>,
    here: OnceLock<reqwest::Client>,
    secure_here: OnceLock<reqwest::Client>,
    /// What was learnt of the servers of this machine.
    met: Met,
}

impl Providers {
    /// Providers that read keys here. Nothing is set up or connected to before a model is asked for.
    #[must_use]
    pub fn new(secrets: Arc<dyn Secrets>, environment: Environment) -> Self {
        Self {
            secrets,
            environment,
            registry: Arc::new(Registry::built_in().clone()),
            wrong_registry: None,
            settings: Settings::default(),
            catalog: Catalog::built_in(),
            own_prices: OwnPrices::default(),
            local: None,
            http: OnceLock::new(),
            here: OnceLock::new(),
            secure_here: OnceLock::new(),
            met: Met::default(),
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

    /// The same, of a person with these providers, or with a file of them that is wrong: then no
    /// address is certain, and no key and no text is sent to any.
    #[must_use]
    pub fn with_own_providers(mut self, own: Result<Registry, String>) -> Self {
        match own {
            Ok(registry) => self.registry = Arc::new(registry),
            Err(why) => self.wrong_registry = Some(why),
        }
        self
    }

    /// The same, looking for servers of this machine here instead of where they usually are.
    #[must_use]
    pub fn with_local_servers(mut self, addresses: &[SocketAddr]) -> Self {
        self.local = Some(Places::at(addresses));
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
        let found = self.find(model, recordings, workdir).await?;
        Ok(found.model)
    }

    /// The same, with what is known of it by now.
    ///
    /// # Errors
    /// No model can serve; the message says what would.
    pub async fn find(
        &self,
        model: &ModelRef,
        recordings: &[RecordingFile],
        workdir: &str,
    ) -> Result<Resolved, ResolveError> {
        match model.provider.as_str() {
            catalog::RECORDING => {
                let recorded = recorded(&model.model, recordings, workdir)?;
                Ok(Resolved::new(recorded, None, Abilities::default()))
            }
            catalog::LOCAL => self.local(model).await,
            id => match self.registry.get(id) {
                Some(provider) => self.remote(provider, model, recordings).await,
                None => Err(self.unknown(id)),
            },
        }
    }

    /// Whether calls of this model stay on this machine.
    #[must_use]
    pub fn stays_on_this_machine(&self, model: &ModelRef) -> bool {
        match model.provider.as_str() {
            catalog::RECORDING | catalog::LOCAL => true,
            id => self
                .registry
                .get(id)
                .is_some_and(|provider| self.base(provider).is_ok_and(|base| base.is_loopback())),
        }
    }

    /// Tokens within which a conversation with this model is kept; none when unknown.
    #[must_use]
    pub fn context_tokens(&self, model: &ModelRef) -> Option<u64> {
        let own = self.own_prices.model(model).and_then(|own| own.context);
        let listed = || self.catalog.facts(model);
        own.or_else(|| listed().map(catalog::ModelFacts::usable_context))
    }

    /// What a model can do, as far as that is known without asking its server.
    #[must_use]
    pub fn abilities(&self, model: &ModelRef) -> Abilities {
        let facts = self.catalog.facts(model);
        let listed = facts.map_or_else(Abilities::default, catalog::ModelFacts::abilities);
        let own = self.own_prices.model(model);
        own.map_or(listed, |own| own.over(listed))
    }

    async fn remote(
        &self,
        provider: &Arc<Provider>,
        model: &ModelRef,
        recordings: &[RecordingFile],
    ) -> Result<Resolved, ResolveError> {
        let who = || {
            (
                model.to_string(),
                instead_of_a_key(&provider.keys, recordings),
            )
        };
        let key = self.usable_key(provider, who).await?;
        let base = self.base(provider)?;
        if base.is_loopback() && self.price(model).is_none() {
            self.meet(model, &base).await;
        }
        let client = self.client(Arc::clone(provider), base, Some(key), model.clone())?;
        let (window, abilities) = (self.context_tokens(model), self.abilities(model));
        Ok(Resolved::new(client, window, abilities))
    }

    /// A provider's key, which is there and can be sent, so that what needs it does not begin in
    /// vain: else it says who that is, and what would serve instead.
    async fn usable_key(
        &self,
        provider: &Provider,
        who: impl FnOnce() -> (String, String),
    ) -> Result<Key, ResolveError> {
        let base = self.base(provider)?;
        let key = self.key(provider);
        match key.look_up().await? {
            Some((name, found)) => {
                let carried = provider.key_header.carrying(&found);
                carried.map_err(|error| ResolveError::Key {
                    name: name.to_owned(),
                    error,
                })?;
            }
            None if base.is_loopback() || provider.keys.is_empty() => {}
            None => {
                let (who, instead) = who();
                return Err(ResolveError::NoKey {
                    who,
                    name: key.name().to_owned(),
                    instead,
                });
            }
        }
        Ok(key)
    }

    /// Where a provider is asked for its models.
    pub(crate) async fn endpoint_for_list(&self, id: &str) -> Result<Endpoint, ResolveError> {
        let provider = self.registry.get(id).ok_or_else(|| self.unknown(id))?;
        let model = ModelRef {
            provider: id.to_owned(),
            model: "models".to_owned(),
        };
        let who = || (provider.title.clone(), set_key(&provider.keys) + ".");
        let key = self.usable_key(provider, who).await?;
        let base = self.base(provider)?;
        let patience = match base.is_loopback() {
            true => live::PATIENCE_HERE,
            false => live::PATIENCE,
        };
        Ok(Endpoint {
            http: self.http_at(&base)?.clone(),
            provider: Arc::clone(provider),
            base,
            key: Some(key),
            model,
            facts: None,
            settings: Settings {
                patience,
                ..self.settings
            },
        })
    }

    fn key(&self, provider: &Provider) -> Key {
        Key::new(Arc::clone(&self.secrets), &provider.keys)
    }

    fn unknown(&self, id: &str) -> ResolveError {
        if let Some(why) = &self.wrong_registry {
            return ResolveError::OwnProviders(why.clone());
        }
        let known = self.registry.iter().map(|provider| provider.id.as_str());
        ResolveError::UnknownProvider {
            id: id.to_owned(),
            meant: self
                .registry
                .nearest(id)
                .map_or_else(String::new, |meant| format!(" (did you mean {meant:?}?)")),
            known: known.collect::<Vec<_>>().join(", "),
        }
    }

    fn client(
        &self,
        provider: Arc<Provider>,
        base: BaseUrl,
        key: Option<Key>,
        model: ModelRef,
    ) -> Result<Arc<dyn Model>, ResolveError> {
        let endpoint = Endpoint {
            http: self.http_at(&base)?.clone(),
            facts: self.catalog.facts(&model).cloned(),
            provider,
            base,
            key,
            model,
            settings: self.settings,
        };
        Ok(match endpoint.protocol() {
            Protocol::Responses | Protocol::Chat => Arc::new(OpenAi::new(endpoint)),
            Protocol::Anthropic => Arc::new(Anthropic::new(endpoint)),
            Protocol::Gemini => Arc::new(Gemini::new(endpoint)),
        })
    }

    /// Where a provider is: at the address that the person names, or at its own.
    fn base(&self, provider: &Provider) -> Result<BaseUrl, ResolveError> {
        if let Some(why) = &self.wrong_registry {
            return Err(ResolveError::OwnProviders(why.clone()));
        }
        let variable = provider.base_variable.as_deref();
        let named = variable.and_then(|name| Some((name, self.environment.base_urls.get(name)?)));
        let base = match (named, provider.named_base().or(provider.own_base())) {
            (Some((name, url)), _) => url.parse().map_err(|error| ResolveError::BaseUrl {
                name: name.to_owned(),
                error,
            }),
            (None, Some(known)) => Ok(known.clone()),
            (None, None) => Err(ResolveError::NoBaseUrl {
                provider: provider.title.clone(),
                name: variable.unwrap_or_default().to_owned(),
            }),
        };
        let base = provider.completed(base?);
        if !provider.keys.is_empty() && base.is_open_to_others() {
            return Err(ResolveError::OpenToOthers {
                provider: provider.title.clone(),
                base,
            });
        }
        Ok(base)
    }

    /// The client for what lies here.
    fn http_at(&self, base: &BaseUrl) -> Result<&reqwest::Client, NetError> {
        match (base.is_loopback(), base.is_plain()) {
            (true, true) => self.here(),
            (true, false) => self.secure_here(),
            (false, _) => self.http(),
        }
    }

    /// The client for servers of this machine that show a certificate.
    fn secure_here(&self) -> Result<&reqwest::Client, NetError> {
        if let Some(client) = self.secure_here.get() {
            return Ok(client);
        }
        let client = slipway_net::secure_loopback_client()?;
        Ok(self.secure_here.get_or_init(|| client))
    }

    /// The client for servers of this machine, which needs no certificates and no proxy.
    fn here(&self) -> Result<&reqwest::Client, NetError> {
        if let Some(client) = self.here.get() {
            return Ok(client);
        }
        let client = slipway_net::loopback_client()?;
        Ok(self.here.get_or_init(|| client))
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
    /// What the person says holds wherever the model is. A model that a known kind of server serves
    /// on this machine is free. What else listens here may be a proxy that passes the call on to
    /// whoever asks money for it: there a name of the table has the table's price, and what another
    /// one costs nobody knows. Nor does anybody at another place than the provider's own.
    fn price(&self, model: &ModelRef) -> Option<Price> {
        if let Some(own) = self.own_prices.get(model) {
            return Some(own.price);
        }
        let known = self.catalog.price(model);
        let Some(provider) = self.registry.get(&model.provider) else {
            return known.filter(|_| self.met.is_free(model) != Some(false));
        };
        match self.base(provider) {
            Ok(_) if provider.free => Some(Price::FREE),
            Ok(base) if base.is_loopback() => match self.met.is_free(model) {
                Some(true) => Some(Price::FREE),
                _ => known,
            },
            Ok(base) if provider.is_at_home(&base) => known,
            _ => None,
        }
    }

    fn longest_answer(&self, model: &ModelRef) -> Option<u32> {
        let own = self.own_prices.get(model);
        own.and_then(|own| own.max_output)
            .or_else(|| self.catalog.longest_answer(model))
    }

    fn window(&self, model: &ModelRef) -> Option<u64> {
        let own = self.own_prices.model(model).and_then(|own| own.context);
        own.or_else(|| self.catalog.window(model))
    }
}
