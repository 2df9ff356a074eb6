//! Model providers as data: `providers.toml`.

mod dialect;
mod effort;
mod family;
mod own;

use std::sync::{Arc, LazyLock};

use serde::Deserialize;
use slipway_contract::error::Finding;

use crate::catalog::{LOCAL, RECORDING};
use crate::endpoint::BaseUrl;
use crate::findings::nearest;

pub use dialect::{CallIds, Dialect, LimitField, MustCall, OutputForm, PdfForm, ThoughtsBack};
pub use effort::{Effort, EffortField};
pub use family::Family;
pub(crate) use family::fits;
pub use own::FILE;

const TABLE: &str = include_str!("../../providers.toml");

static BUILT_IN: LazyLock<Registry> = LazyLock::new(|| {
    Registry::parse(TABLE).unwrap_or_else(|error| {
        tracing::error!(%error, "the table of providers is unreadable; none is known");
        Registry::default()
    })
});

/// How a provider is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// OpenAI's `POST /responses`, which keeps a reasoning model's thoughts between calls.
    Responses,
    /// OpenAI's `POST /chat/completions`, which every compatible server knows.
    Chat,
    /// Anthropic's `POST /v1/messages`.
    Anthropic,
    /// Google's `models/MODEL:generateContent`.
    Gemini,
}

/// How a key travels.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum KeyHeader {
    /// `Authorization: Bearer KEY`.
    #[default]
    Bearer,
    /// A header of this name that holds nothing but the key.
    Named(String),
}

impl<'de> Deserialize<'de> for KeyHeader {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?.to_ascii_lowercase();
        match http::HeaderName::try_from(&name) {
            Ok(_) => Ok(Self::Named(name)),
            Err(_) => Err(serde::de::Error::custom("it is no header's name")),
        }
    }
}

/// A provider of models.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// As in `id/MODEL`.
    pub id: String,
    /// As people call it.
    pub title: String,
    protocol: Protocol,
    #[serde(default)]
    elsewhere: Option<Protocol>,
    #[serde(default)]
    base_url: Option<BaseUrl>,
    /// Where the person says that it is.
    #[serde(skip)]
    named_base: Option<BaseUrl>,
    /// How its API's path ends; an address that stops before that end is completed.
    #[serde(default)]
    base_path: Option<String>,
    /// The variable that names another address.
    #[serde(default)]
    pub base_variable: Option<String>,
    /// The names under which its key is looked for, the first found wins.
    #[serde(default)]
    pub keys: Vec<String>,
    /// How the key travels.
    #[serde(default)]
    pub key_header: KeyHeader,
    /// Where a person gets a key.
    #[serde(default)]
    pub keys_page: Option<String>,
    /// What is asked, below its address, to learn whether it takes a key: where the list of models
    /// is public, that list says nothing of it.
    #[serde(default)]
    pub key_check: Option<String>,
    /// Whether the person says that its models cost nothing.
    #[serde(default)]
    pub free: bool,
    #[serde(default)]
    dialect: Dialect,
    /// The provider whose families of models are its own too.
    #[serde(default)]
    families_of: Option<String>,
}

impl Provider {
    /// A server of this machine or of the person, which speaks like OpenAI.
    #[must_use]
    pub fn local() -> Self {
        Self {
            id: LOCAL.to_owned(),
            title: "this machine".to_owned(),
            protocol: Protocol::Chat,
            elsewhere: None,
            base_url: None,
            named_base: None,
            base_path: None,
            base_variable: None,
            keys: Vec::new(),
            key_header: KeyHeader::Bearer,
            keys_page: None,
            key_check: None,
            free: false,
            dialect: Dialect::default(),
            families_of: None,
        }
    }

    /// Where the person's own file says that it is.
    #[must_use]
    pub const fn named_base(&self) -> Option<&BaseUrl> {
        self.named_base.as_ref()
    }

    /// This address with the rest of its API's path, where it stops before that: people know
    /// where their resource is, and not always which path its API has.
    #[must_use]
    pub fn completed(&self, base: BaseUrl) -> BaseUrl {
        match &self.base_path {
            Some(path) => base.ending_in(path),
            None => base,
        }
    }

    /// Its own address; none where the person has to name one.
    #[must_use]
    pub const fn own_base(&self) -> Option<&BaseUrl> {
        self.base_url.as_ref()
    }

    /// Whether this is its own address.
    #[must_use]
    pub fn is_at_home(&self, base: &BaseUrl) -> bool {
        self.base_url
            .as_ref()
            .is_none_or(|own| own.is_same_origin(base))
    }

    /// Whether what lies here is the provider itself, or something that stands before it, and not
    /// any server that is compatible with it.
    #[must_use]
    pub fn is_itself_at(&self, base: &BaseUrl) -> bool {
        self.elsewhere.is_none() || self.is_at_home(base)
    }

    /// How it is spoken to at this address.
    #[must_use]
    pub fn protocol_at(&self, base: &BaseUrl) -> Protocol {
        match self.elsewhere {
            Some(elsewhere) if !self.is_at_home(base) => elsewhere,
            _ => self.protocol,
        }
    }

    /// In what it differs at this address: what is elsewhere is taken for any compatible server.
    #[must_use]
    pub fn dialect_at(&self, base: &BaseUrl) -> Dialect {
        if self.is_itself_at(base) {
            self.dialect.clone()
        } else {
            Dialect::default()
        }
    }
}

/// The providers that are known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Registry {
    providers: Vec<Arc<Provider>>,
}

/// Why a table of providers cannot be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RegistryError {
    /// It breaks TOML or the table's form.
    #[error("the table of providers: {0}")]
    Form(#[from] toml::de::Error),
    /// A provider stands in it twice.
    #[error("the table of providers names {0} twice")]
    Twice(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(default)]
    provider: Vec<Provider>,
}

impl Registry {
    /// The table that this version ships with.
    #[must_use]
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// Reads a table.
    ///
    /// # Errors
    /// It is not TOML, has unknown or missing keys, or names a provider twice.
    pub fn parse(text: &str) -> Result<Self, RegistryError> {
        let table: Table = toml::from_str(text)?;
        let mut registry = Self::default();
        for mut provider in table.provider {
            if registry.get(&provider.id).is_some() {
                return Err(RegistryError::Twice(provider.id));
            }
            registry.lend_families(&mut provider);
            registry.providers.push(Arc::new(provider));
        }
        Ok(registry)
    }

    /// The table that this version ships with, and the person's own one over it.
    ///
    /// # Errors
    /// Everything that is wrong in the person's, with line and key.
    pub fn with_own(text: &str) -> Result<Self, Vec<Finding>> {
        let mut registry = Self::built_in().clone();
        for mut provider in own::providers(text)? {
            registry.lend_families(&mut provider);
            let known = registry.providers.iter_mut();
            match known.into_iter().find(|known| known.id == provider.id) {
                Some(known) => *known = Arc::new(provider),
                None => registry.providers.push(Arc::new(provider)),
            }
        }
        Ok(registry)
    }

    fn lend_families(&self, provider: &mut Provider) {
        let alike = provider.families_of.as_ref();
        if let Some(other) = alike.and_then(|id| self.get(id)) {
            let families = other.dialect.families.iter().cloned();
            provider.dialect.families.extend(families);
        }
    }

    /// The provider of this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Arc<Provider>> {
        self.providers.iter().find(|provider| provider.id == id)
    }

    /// The provider that is meant by an id that is almost one of these, or of those that every
    /// person has.
    #[must_use]
    pub fn nearest(&self, id: &str) -> Option<&str> {
        let known = self.providers.iter().map(|provider| provider.id.as_str());
        let known: Vec<&str> = known.chain([LOCAL, RECORDING]).collect();
        nearest(id, &known)
    }

    /// All, in the table's order.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Provider>> {
        self.providers.iter()
    }
}

#[cfg(test)]
mod services;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_table_is_whole() {
        let registry = Registry::parse(include_str!("../../providers.toml")).unwrap();
        for id in ["openai", "anthropic", "google"] {
            assert!(registry.get(id).is_some(), "{id}");
        }
        for provider in registry.iter() {
            assert!(
                provider.own_base().is_some() || provider.base_variable.is_some(),
                "{} can be reached",
                provider.id
            );
            assert!(!provider.keys.is_empty(), "{}", provider.id);
        }
    }

    #[test]
    fn another_address_of_openai_is_any_compatible_server() {
        let openai = Registry::built_in().get("openai").unwrap();
        let own = openai.own_base().unwrap();
        assert_eq!(openai.protocol_at(own), Protocol::Responses);
        assert!(openai.dialect_at(own).schema_with_tools);
        let other = "http://127.0.0.1:1234/v1".parse().unwrap();
        assert_eq!(openai.protocol_at(&other), Protocol::Chat);
        assert_eq!(openai.dialect_at(&other), Dialect::default());
        let anthropic = Registry::built_in().get("anthropic").unwrap();
        assert_eq!(anthropic.protocol_at(&other), Protocol::Anthropic);
    }

    #[test]
    fn a_wrong_table_says_where() {
        let error = Registry::parse("[[provider]]\nid = \"x\"\nprice = 3\n").unwrap_err();
        assert!(error.to_string().contains("price"), "{error}");
    }
}
