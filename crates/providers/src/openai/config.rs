//! What `async-openai` needs to know of a place. Its own configuration reads the environment by
//! itself and panics on a key that no header can carry, so this is another one.

use std::sync::{Arc, LazyLock};

use async_openai::config::Config;
use http::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use secrecy::SecretString;
use slipway_agent::ports::secrets::{Secrets, SecretsError};
use slipway_contract::Secret;

use crate::endpoint::BaseUrl;

static NO_KEY: LazyLock<SecretString> = LazyLock::new(|| SecretString::from(String::new()));

/// A key by its name, looked up for each attempt: between attempts it is nowhere, and one that was
/// changed, removed or locked meanwhile is noticed.
#[derive(Clone)]
pub struct Key {
    secrets: Arc<dyn Secrets>,
    name: &'static str,
}

impl Key {
    /// The key of this name among these secrets.
    #[must_use]
    pub fn new(secrets: Arc<dyn Secrets>, name: &'static str) -> Self {
        Self { secrets, name }
    }

    /// The key as it is now; an empty one is none.
    pub(crate) async fn look_up(&self) -> Result<Option<Secret>, SecretsError> {
        let key = self.secrets.get(self.name).await?;
        Ok(key.filter(|key| !key.expose().trim().is_empty()))
    }

    pub(crate) const fn name(&self) -> &'static str {
        self.name
    }
}

/// Whether a key can be sent.
pub(crate) fn check(key: &Secret) -> Result<(), InvalidKey> {
    authorization(key).map(|_| ())
}

fn authorization(key: &Secret) -> Result<HeaderValue, InvalidKey> {
    let mut value =
        HeaderValue::try_from(format!("Bearer {}", key.expose().trim())).map_err(|_| InvalidKey)?;
    value.set_sensitive(true);
    Ok(value)
}

/// A key that cannot be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the key holds a character that no HTTP header can carry, such as a line break; set it again"
)]
pub struct InvalidKey;

/// Where requests go, and the headers that they carry.
#[derive(Clone)]
pub(super) struct Place(Arc<Parts>);

struct Parts {
    base: BaseUrl,
    headers: HeaderMap,
}

impl Place {
    pub(super) fn new(base: BaseUrl, key: Option<&Secret>) -> Result<Self, InvalidKey> {
        let mut headers = HeaderMap::new();
        if let Some(key) = key {
            headers.insert(AUTHORIZATION, authorization(key)?);
        }
        Ok(Self(Arc::new(Parts { base, headers })))
    }
}

impl Config for Place {
    fn headers(&self) -> HeaderMap {
        self.0.headers.clone()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.0.base)
    }

    fn query(&self) -> Vec<(&str, &str)> {
        Vec::new()
    }

    fn api_base(&self) -> &str {
        self.0.base.as_str()
    }

    /// Nothing asks for it but Realtime, which is not used: the header alone holds the key.
    fn api_key(&self) -> &SecretString {
        &NO_KEY
    }
}
