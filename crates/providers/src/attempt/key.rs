//! Keys, and how they travel.

use std::sync::Arc;

use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use slipway_agent::ports::secrets::{Secrets, SecretsError};
use slipway_contract::Secret;

use crate::registry::KeyHeader;

/// A key by its names, looked up for each attempt: between attempts it is nowhere, and one that was
/// changed, removed or locked meanwhile is noticed.
#[derive(Clone)]
pub struct Key {
    secrets: Arc<dyn Secrets>,
    names: Arc<[String]>,
}

impl Key {
    /// The first key of these names among these secrets.
    #[must_use]
    pub fn new(secrets: Arc<dyn Secrets>, names: &[String]) -> Self {
        Self {
            secrets,
            names: names.into(),
        }
    }

    /// The key as it is now, with the name under which it was found; an empty one is none.
    pub(crate) async fn look_up(&self) -> Result<Option<(&str, Secret)>, SecretsError> {
        for name in &*self.names {
            let key = self.secrets.get(name).await?;
            if let Some(key) = key.filter(|key| !key.expose().trim().is_empty()) {
                return Ok(Some((name, key)));
            }
        }
        Ok(None)
    }

    /// The name under which it is looked for first.
    pub(crate) fn name(&self) -> &str {
        self.names.first().map_or("", String::as_str)
    }
}

/// A key that cannot be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the key holds a character that no HTTP header can carry, such as a line break; set it again"
)]
pub struct InvalidKey;

impl KeyHeader {
    /// The header that carries this key.
    pub(crate) fn carrying(&self, key: &Secret) -> Result<HeaderMap, InvalidKey> {
        let key = key.expose().trim();
        let (name, value) = match self {
            Self::Bearer => (
                AUTHORIZATION,
                HeaderValue::try_from(format!("Bearer {key}")),
            ),
            Self::Named(name) => (
                HeaderName::try_from(name).map_err(|_| InvalidKey)?,
                HeaderValue::try_from(key),
            ),
        };
        let mut value = value.map_err(|_| InvalidKey)?;
        value.set_sensitive(true);
        Ok(HeaderMap::from_iter([(name, value)]))
    }
}
