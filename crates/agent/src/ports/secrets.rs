//! Secrets.

use async_trait::async_trait;
use slipway_contract::{Secret, SecretPlace};

/// Where secrets are kept. A secret is asked for when it is needed and let go of after that, so
/// that one that was removed is soon nowhere.
#[async_trait]
pub trait Secrets: Send + Sync {
    /// The secret of this name, or none when there is none.
    ///
    /// # Errors
    /// The place is locked or cannot be reached.
    async fn get(&self, name: &str) -> Result<Option<Secret>, SecretsError>;

    /// Where the secret of this name is kept, or none when there is none. Nothing is unlocked.
    ///
    /// # Errors
    /// It cannot be told.
    async fn whereabouts(&self, name: &str) -> Result<Option<SecretPlace>, SecretsError>;
}

/// Why a secret could not be looked up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the secret {name} could not be read: {message}")]
pub struct SecretsError {
    /// The secret's name.
    pub name: String,
    /// What happened and what can be done.
    pub message: String,
}
