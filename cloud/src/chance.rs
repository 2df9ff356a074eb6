//! Randomness, as a parameter.

use uuid::{Builder, Uuid};

use crate::clock::Moment;

/// Where random bytes come from.
pub trait Chance: Send + Sync {
    /// Fills this with bytes that nobody can foresee.
    ///
    /// # Errors
    /// When the system gives none.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoChance>;
}

/// The system gives no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the system gives no random bytes")]
pub struct NoChance;

impl dyn Chance + '_ {
    /// This many bytes.
    ///
    /// # Errors
    /// When the system gives none.
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N], NoChance> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// A new id (RFC 9562, version 7).
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn id(&self, now: Moment) -> Result<Uuid, NoChance> {
        let at = u64::try_from(now.0).unwrap_or_default();
        Ok(Builder::from_unix_timestamp_millis(at, &self.bytes()?).into_uuid())
    }
}

/// The operating system's.
#[derive(Debug, Clone, Copy)]
pub struct SystemChance;

impl Chance for SystemChance {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the server asks for randomness"
    )]
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoChance> {
        getrandom::fill(bytes).map_err(|_| NoChance)
    }
}
