//! Secrets.

use slipway_contract::Secret;

/// Where secrets are kept.
pub trait Secrets: Send + Sync {
    /// The secret of this name, or none when there is none.
    ///
    /// # Errors
    /// The place is locked or cannot be reached.
    fn get(&self, name: &str) -> Result<Option<Secret>, SecretsError>;
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
