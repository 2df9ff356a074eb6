//! What can go wrong. No message holds a secret.

use std::io;
use std::path::{Path, PathBuf};

use crate::keychain::KeychainError;
use crate::name::SecretName;
use crate::sealed::SealedError;

/// Why the vault did not do what was asked. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The keychain holds the secret and does not give it.
    #[error(
        "{name} is kept in the keychain, and it cannot be used: {why}. Unlock it and try again, or set {name} in the environment"
    )]
    Keychain {
        /// The secret's name.
        name: SecretName,
        /// What the keychain says.
        why: KeychainError,
    },
    /// The list names a secret of the keychain, and the keychain has none.
    #[error(
        "{name} should be in the keychain and is not there any more. Set it again: slipway secrets set {name}"
    )]
    Vanished {
        /// The secret's name.
        name: SecretName,
    },
    /// The sealed file cannot be used.
    #[error(transparent)]
    Sealed(#[from] SealedError),
    /// The sealed file needs a passphrase, and there is nobody to ask.
    #[error(
        "{} is locked with a passphrase, and there is no terminal to ask for it. Set SLIPWAY_VAULT_PASSPHRASE, or unlock it in the window's settings", .0.display()
    )]
    NoPassphrase(PathBuf),
    /// There is no sealed file yet, it needs a passphrase, and there is nobody to choose one.
    #[error(
        "the sealed file {} would be made for it, and there is no terminal to choose its passphrase at. Set SLIPWAY_VAULT_PASSPHRASE", .0.display()
    )]
    NothingChosen(PathBuf),
    /// The person typed one passphrase for a new sealed file, and then another.
    #[error(
        "the two passphrases differ: the sealed file {} was not made, and nothing was kept. Try again", .0.display()
    )]
    PassphrasesDiffer(PathBuf),
    /// The person chose no passphrase for a new sealed file.
    #[error("without a passphrase nothing is kept; choose one, or set SLIPWAY_VAULT_PASSPHRASE")]
    EmptyPassphrase,
    /// The person was asked for a passphrase and gave none.
    #[error("no passphrase was given, so {} stays locked", .0.display())]
    NotGiven(PathBuf),
    /// Nothing to keep.
    #[error("the secret is empty, and nothing was kept")]
    EmptySecret,
    /// Too much to keep.
    #[error("the secret has more than {} KiB, and nothing was kept", most / 1024)]
    TooLong {
        /// The most bytes.
        most: usize,
    },
    /// The list of the keychain's names cannot be read.
    #[error(
        "{} cannot be read: {why}. It lists the names of the keys in the keychain: move it away and set these keys again", path.display()
    )]
    Index {
        /// The list.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A file could not be read or written.
    #[error("{} could not be {attempted}: {error}", path.display())]
    File {
        /// What was tried.
        attempted: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
}

impl VaultError {
    pub(crate) fn file(
        attempted: &'static str,
        path: &Path,
    ) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_path_buf();
        move |error| Self::File {
            attempted,
            path,
            error,
        }
    }
}
