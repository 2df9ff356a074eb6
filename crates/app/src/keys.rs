//! Keys as the window sets them up: nobody waits for a keychain or a passphrase on its thread.

use slipway_contract::secret::{KeyKept, KeyStore};
use slipway_contract::{ErrorCode, Problem, Secret, SecretInput};

use crate::App;
use crate::secrets::{InvalidName, Keys, SecretName};

impl App {
    /// Where keys are kept now.
    ///
    /// # Errors
    /// What keeps them cannot be read.
    pub async fn show_key_store(&self) -> Result<KeyStore, Problem> {
        self.with_keys(Keys::store_now).await
    }

    /// Keeps a key, without the white space around it. A passphrase opens the sealed file first,
    /// or makes it.
    ///
    /// # Errors
    /// The name is none, or the key could not be kept; an earlier one is as it was.
    pub async fn set_key(
        &self,
        name: &str,
        key: SecretInput,
        passphrase: Option<SecretInput>,
    ) -> Result<KeyKept, Problem> {
        let name = named(name)?;
        self.with_keys(move |keys| {
            let key = key.trimmed();
            // Before anything is made for it.
            if key.expose().is_empty() {
                let message = "the key is empty, and nothing was kept";
                return Err(Problem::new(ErrorCode::InvalidInput, message));
            }
            if let Some(passphrase) = passphrase {
                keys.unlock(&Secret::from(passphrase))?;
            }
            keys.set(&name, &key)
        })
        .await
    }

    /// Forgets a key.
    ///
    /// # Errors
    /// There is none of this name, or what keeps it cannot be used.
    pub async fn remove_key(&self, name: &str) -> Result<(), Problem> {
        let name = named(name)?;
        self.with_keys(move |keys| keys.remove(&name).map(drop))
            .await
    }

    /// Opens the sealed file until the process ends.
    ///
    /// # Errors
    /// The passphrase is not the file's.
    pub async fn unlock_keys(&self, passphrase: SecretInput) -> Result<(), Problem> {
        self.with_keys(move |keys| keys.unlock(&Secret::from(passphrase)))
            .await
    }

    async fn with_keys<T: Send + 'static>(
        &self,
        what: impl FnOnce(&Keys) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let keys = self.keys().clone();
        tokio::task::spawn_blocking(move || what(&keys))
            .await
            .map_err(|error| Problem::new(ErrorCode::Internal, error.to_string()))?
    }
}

fn named(name: &str) -> Result<SecretName, Problem> {
    name.parse()
        .map_err(|error: InvalidName| Problem::new(ErrorCode::InvalidInput, error.to_string()))
}
