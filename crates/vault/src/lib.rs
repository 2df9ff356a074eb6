//! Where keys are kept: in the system's keychain, or, where there is none or it cannot be used, in
//! a sealed file. Never in a plain file, and never silently in another place than before.
//!
//! Everything here blocks: on the keychain, on a person who types a passphrase, and on a key
//! derivation that is slow on purpose.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod chance;
mod error;
mod index;
mod keychain;
mod lock;
mod name;
mod passphrase;
mod replace;
mod sealed;
mod vault;

pub use error::VaultError;
pub use keychain::{Keychain, KeychainError, NoKeychain, SystemKeychain};
pub use name::{InvalidName, SecretName};
pub use passphrase::{AskPassphrase, PassphraseQuestion};
pub use sealed::SealedError;
pub use slipway_contract::{Secret, SecretPlace};
pub use vault::{Entry, Kept, Removed, Vault};
