//! Secrets in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;
use slipway_contract::{Secret, SecretPlace};

use crate::ports::secrets::{Secrets, SecretsError};

/// Secrets in memory.
#[derive(Debug, Clone, Default)]
pub struct MemorySecrets {
    secrets: BTreeMap<String, Secret>,
    locked: bool,
}

impl MemorySecrets {
    /// These names with these secrets.
    pub fn new<'a>(secrets: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let secrets = secrets
            .into_iter()
            .map(|(name, secret)| (name.to_owned(), Secret::new(secret.to_owned())))
            .collect();
        Self {
            secrets,
            locked: false,
        }
    }

    /// A place that cannot be opened.
    #[must_use]
    pub fn locked() -> Self {
        Self {
            locked: true,
            ..Self::default()
        }
    }
}

#[async_trait]
impl Secrets for MemorySecrets {
    async fn get(&self, name: &str) -> Result<Option<Secret>, SecretsError> {
        if self.locked {
            return Err(SecretsError {
                name: name.to_owned(),
                message: "the place is locked: unlock it and try again".to_owned(),
            });
        }
        Ok(self.secrets.get(name).cloned())
    }

    async fn whereabouts(&self, name: &str) -> Result<Option<SecretPlace>, SecretsError> {
        let is_kept = self.secrets.contains_key(name);
        Ok(is_kept.then_some(SecretPlace::Keychain))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::contract;

    #[tokio::test]
    async fn keeps_the_contract() {
        let secrets = MemorySecrets::new([("OPENAI_API_KEY", "sk-1234")]);
        contract::secrets::secrets_contract(&secrets, "OPENAI_API_KEY", "sk-1234").await;
    }

    #[tokio::test]
    async fn a_locked_place_is_not_an_absent_secret() {
        let looked_up = MemorySecrets::locked().get("OPENAI_API_KEY").await;
        assert!(looked_up.is_err());
    }
}
