//! Secrets in memory.

use std::collections::BTreeMap;

use slipway_contract::Secret;

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

impl Secrets for MemorySecrets {
    fn get(&self, name: &str) -> Result<Option<Secret>, SecretsError> {
        if self.locked {
            return Err(SecretsError {
                name: name.to_owned(),
                message: "the place is locked: unlock it and try again".to_owned(),
            });
        }
        Ok(self.secrets.get(name).cloned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::contract;

    #[test]
    fn keeps_the_contract() {
        let secrets = MemorySecrets::new([("OPENAI_API_KEY", "sk-1234")]);
        contract::secrets::secrets_contract(&secrets, "OPENAI_API_KEY", "sk-1234");
    }

    #[test]
    fn a_locked_place_is_not_an_absent_secret() {
        assert!(MemorySecrets::locked().get("OPENAI_API_KEY").is_err());
    }
}
