//! Keys: where they are looked for, and keeping them.

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use serde::Serialize;
use slipway_agent::ports::secrets::{Secrets, SecretsError};
use slipway_cloud_client::SECRET as SIGN_IN;
use slipway_contract::secret::{KeyKept, KeyStore};
use slipway_contract::{ErrorCode, Problem, Secret, SecretPlace};
use slipway_runner::system::EnvironmentSecrets;
use slipway_vault::{
    Kept, Keychain, KeychainError, NoKeychain, SealedError, SystemKeychain, Vault, VaultError,
};

pub use slipway_vault::{AskPassphrase, InvalidName, PassphraseQuestion, SecretName};

use crate::{Home, providers};

/// The variable that says whether the keychain may be used.
const KEYCHAIN: &str = "SLIPWAY_KEYCHAIN";
/// The variable with the sealed file's passphrase.
const PASSPHRASE: &str = "SLIPWAY_VAULT_PASSPHRASE";
/// The names under which providers look for their keys.
const OF_PROVIDERS: [&str; 4] = [
    "OPENAI_API_KEY",
    "ANTHROPIC_API_KEY",
    "GOOGLE_API_KEY",
    "GEMINI_API_KEY",
];

/// Libraries that log what they send or receive, at whatever level: whole answers of providers,
/// messages to the keychain. Nothing of them is logged, whatever a filter says.
const NEVER_LOGGED: [&str; 4] = ["async_openai", "keyring", "secret_service", "zbus"];

/// Whether a record with this target may be logged.
#[must_use]
pub fn may_be_logged(target: &str) -> bool {
    let library = target.split("::").next().unwrap_or_default();
    !NEVER_LOGGED.iter().any(|never| library.starts_with(never))
}

/// The keys of a home. It opens no database, and nothing else before something is asked of it.
#[derive(Clone)]
pub struct Keys(Arc<Vault>, Arc<Path>);

/// A name, and where its key is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyEntry {
    /// The name.
    pub name: String,
    /// Where its key is kept.
    pub place: SecretPlace,
    /// Whether a variable of this name is set, whose value wins.
    pub in_environment: bool,
}

impl Keys {
    /// The keys of this home.
    ///
    /// # Errors
    /// A variable of the environment says what nobody understands.
    pub fn of(home: &Home) -> Result<Self, Problem> {
        let passphrase = match std::env::var(PASSPHRASE) {
            Ok(passphrase) => Some(Secret::new(passphrase)),
            Err(std::env::VarError::NotPresent) => None,
            Err(std::env::VarError::NotUnicode(_)) => {
                let message = format!("{PASSPHRASE} is not valid UTF-8");
                return Err(Problem::new(ErrorCode::InvalidInput, message));
            }
        };
        let vault = Vault::new(&home.secrets(), keychain()?, passphrase);
        Ok(Self(Arc::new(vault), home.providers().into()))
    }

    /// What keeps them.
    pub(crate) fn vault(&self) -> Arc<Vault> {
        Arc::clone(&self.0)
    }

    /// Whom to ask for the sealed file's passphrase, should it be needed.
    pub fn ask(&self, person: Arc<dyn AskPassphrase>) {
        self.0.ask(person);
    }

    /// The names, and where their keys are. Nothing is unlocked for this.
    ///
    /// # Errors
    /// A file of the vault cannot be read.
    pub fn list(&self) -> Result<Vec<KeyEntry>, Problem> {
        let kept = self.0.list().map_err(|error| problem(&error))?;
        let mut entries: Vec<KeyEntry> = kept
            .into_iter()
            .filter(|entry| entry.name.as_str() != SIGN_IN)
            .map(|entry| KeyEntry {
                in_environment: is_set(entry.name.as_str()),
                name: entry.name.to_string(),
                place: entry.place,
            })
            .collect();
        for name in OF_PROVIDERS {
            if is_set(name) && entries.iter().all(|entry| entry.name != name) {
                entries.push(KeyEntry {
                    name: name.to_owned(),
                    place: SecretPlace::Environment,
                    in_environment: true,
                });
            }
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    /// Why a key would go to the sealed file, and where that is; none when it goes to the keychain.
    /// Nothing is unlocked for this.
    #[must_use]
    pub fn instead_of_keychain(&self) -> Option<String> {
        let why = self.0.check_keychain().err()?;
        Some(self.in_sealed_file(&why))
    }

    /// Has the sealed file opened, or made, where a key would go there. May block for as long as a person thinks
    /// about a passphrase.
    ///
    /// # Errors
    /// A key could not be kept there.
    pub fn make_ready(&self) -> Result<(), Problem> {
        self.0.make_ready().map_err(|error| problem(&error))
    }

    fn in_sealed_file(&self, why: &KeychainError) -> String {
        format!(
            "the keychain cannot be used: {why}. Keys go to the sealed file {}, which its passphrase opens",
            self.0.sealed_file().display()
        )
    }

    /// Keeps a key. May block for as long as a person thinks about a passphrase.
    ///
    /// # Errors
    /// It could not be kept; an earlier one is as it was.
    pub fn set(&self, name: &SecretName, secret: &Secret) -> Result<KeyKept, Problem> {
        not_the_sign_in(name)?;
        let kept = self.0.set(name, secret).map_err(|error| problem(&error))?;
        Ok(KeyKept {
            name: name.to_string(),
            place: kept.place,
            notes: self.notes(name, &kept),
        })
    }

    /// Forgets a key, and says where it was.
    ///
    /// # Errors
    /// There is none of this name, or what keeps it cannot be used.
    pub fn remove(&self, name: &SecretName) -> Result<KeyEntry, Problem> {
        not_the_sign_in(name)?;
        let removed = self.0.remove(name).map_err(|error| problem(&error))?;
        let in_environment = is_set(name.as_str());
        match removed {
            Some(removed) => Ok(KeyEntry {
                name: name.to_string(),
                place: removed.place,
                in_environment,
            }),
            None if in_environment => Err(Problem::new(
                ErrorCode::NotFound,
                format!("{name} is not kept here: it is set in the environment"),
            )
            .help("Take it out of the environment where it is set.")),
            None => Err(Problem::new(
                ErrorCode::NotFound,
                format!("no secret {name} is kept here"),
            )
            .help("`slipway secrets list` shows the names.")),
        }
    }

    /// Forgets who is signed in to the cloud, and tells its server nothing.
    ///
    /// # Errors
    /// What keeps it cannot be used.
    pub(crate) fn forget_sign_in(&self) -> Result<(), Problem> {
        let name: SecretName = SIGN_IN.parse().map_err(|error: InvalidName| {
            Problem::new(ErrorCode::Internal, format!("{SIGN_IN}: {error}"))
        })?;
        self.0
            .remove(&name)
            .map(drop)
            .map_err(|error| problem(&error))
    }

    /// Where keys are kept now. May block for as long as making a key of a passphrase takes.
    ///
    /// # Errors
    /// A file of the vault cannot be read.
    pub fn store_now(&self) -> Result<KeyStore, Problem> {
        let why = self.0.check_keychain().err();
        let kept = self.0.list().map_err(|error| problem(&error))?;
        let count = |place| {
            let count = kept.iter().filter(|entry| entry.place == place).count();
            u32::try_from(count).unwrap_or(u32::MAX)
        };
        Ok(KeyStore {
            place: match why {
                None => SecretPlace::Keychain,
                Some(_) => SecretPlace::SealedFile,
            },
            why_no_keychain: why.map(|why| why.to_string()),
            in_keychain: count(SecretPlace::Keychain),
            in_sealed_file: count(SecretPlace::SealedFile),
            sealed: self.0.sealed_state().map_err(|error| problem(&error))?,
            sealed_file: self.0.sealed_file().display().to_string(),
        })
    }

    /// Opens the sealed file for as long as this process runs, and makes it where there is none.
    ///
    /// # Errors
    /// The passphrase is not the file's, or the file cannot be read or made.
    pub fn unlock(&self, passphrase: &Secret) -> Result<(), Problem> {
        self.0.unlock(passphrase).map_err(|error| problem(&error))
    }

    /// Where keys go, and why: for people who look into how their machine is set up.
    pub(crate) fn store(&self) -> Result<(), String> {
        self.0.check_keychain().map_err(|why| {
            let file = self.0.sealed_file();
            format!(
                "the keychain cannot be used: {why}. Keys go to the sealed file {}",
                file.display()
            )
        })
    }

    /// The environment, then the vault.
    pub(crate) fn port(&self) -> Arc<dyn Secrets> {
        Arc::new(EnvironmentThenVault(Arc::clone(&self.0)))
    }

    fn notes(&self, name: &SecretName, kept: &Kept) -> Vec<String> {
        let mut notes = Vec::new();
        if let Some(meant) = providers::key_meant(&self.1, name.as_str()) {
            notes.push(format!(
                "nothing looks for a key named {name}; that provider's is {meant}: slipway secrets set {meant}"
            ));
        }
        if let Some(why) = &kept.because {
            notes.push(self.in_sealed_file(why));
        }
        if kept.is_left_over {
            notes.push(
                "the keychain still has an earlier value of it, which is not used; it is removed as soon as the keychain can be used".to_owned(),
            );
        }
        if is_set(name.as_str()) {
            notes.push(format!(
                "{name} is set in the environment too, and that value wins"
            ));
        }
        notes
    }
}

/// It is no key: it goes to one server alone, and no run gets it.
fn not_the_sign_in(name: &SecretName) -> Result<(), Problem> {
    if name.as_str() != SIGN_IN {
        return Ok(());
    }
    let message = format!("{SIGN_IN} is no key: it is the sign-in to the cloud");
    Err(Problem::new(ErrorCode::InvalidInput, message)
        .help("Sign in and out with: slipway cloud login, slipway cloud logout"))
}

fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.to_string_lossy().trim().is_empty())
}

fn keychain() -> Result<Box<dyn Keychain>, Problem> {
    let wanted = std::env::var_os(KEYCHAIN).unwrap_or_default();
    match wanted.to_str() {
        Some("" | "auto") => Ok(Box::new(SystemKeychain::default())),
        Some("off") => Ok(Box::new(NoKeychain)),
        _ => Err(Problem::new(
            ErrorCode::InvalidInput,
            format!("{KEYCHAIN} is {:?}, which means nothing", wanted.to_string_lossy()),
        )
        .help("Write off to keep keys in the sealed file, or auto, or leave it out, for the keychain.")),
    }
}

fn problem(error: &VaultError) -> Problem {
    let code = match error {
        VaultError::NoPassphrase(_)
        | VaultError::NothingChosen(_)
        | VaultError::PassphrasesDiffer(_)
        | VaultError::EmptyPassphrase
        | VaultError::NotGiven(_)
        | VaultError::EmptySecret
        | VaultError::TooLong { .. }
        | VaultError::Sealed(SealedError::WrongPassphrase(_)) => ErrorCode::InvalidInput,
        _ => ErrorCode::Storage,
    };
    Problem::new(code, error.to_string())
}

/// The real part of the engine's port. Only what the environment does not have is asked of the
/// vault, and on a thread that may wait.
struct EnvironmentThenVault(Arc<Vault>);

impl EnvironmentThenVault {
    async fn ask<T: Send + 'static>(
        &self,
        name: &str,
        question: impl FnOnce(&Vault, &SecretName) -> Result<Option<T>, VaultError> + Send + 'static,
    ) -> Result<Option<T>, SecretsError> {
        // What is no name of the vault is not in it, and the sign-in to the cloud is for the cloud alone.
        let Some(secret) = name.parse::<SecretName>().ok().filter(|_| name != SIGN_IN) else {
            return Ok(None);
        };
        let vault = Arc::clone(&self.0);
        let answer = tokio::task::spawn_blocking(move || question(&vault, &secret)).await;
        let failed = |message: String| SecretsError {
            name: name.to_owned(),
            message,
        };
        answer
            .map_err(|error| failed(error.to_string()))?
            .map_err(|error| failed(error.to_string()))
    }
}

#[async_trait]
impl Secrets for EnvironmentThenVault {
    async fn get(&self, name: &str) -> Result<Option<Secret>, SecretsError> {
        if let Some(found) = EnvironmentSecrets.get(name).await? {
            return Ok(Some(found));
        }
        self.ask(name, Vault::get).await
    }

    async fn whereabouts(&self, name: &str) -> Result<Option<SecretPlace>, SecretsError> {
        if let Some(place) = EnvironmentSecrets.whereabouts(name).await? {
            return Ok(Some(place));
        }
        self.ask(name, |vault, name| {
            let entries = vault.list()?;
            let found = entries.into_iter().find(|entry| entry.name == *name);
            Ok(found.map(|entry| entry.place))
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use slipway_agent::memory::contract::secrets::secrets_contract;

    use super::*;

    fn keys(folder: &Path, passphrase: Option<&str>) -> Keys {
        let passphrase = passphrase.map(|passphrase| Secret::new(passphrase.to_owned()));
        let vault = Vault::new(folder, Box::new(NoKeychain), passphrase);
        Keys(Arc::new(vault), folder.join("providers.toml").into())
    }

    #[test]
    fn what_holds_keys_is_not_logged_under_any_name() {
        for never in [
            "async_openai::client",
            "zbus",
            "zbus::connection",
            "keyring_core",
            "secret_service::item",
        ] {
            assert!(!may_be_logged(never), "{never}");
        }
        for logged in ["slipway_agent::driver", "hyper_util::client", "reqwest"] {
            assert!(may_be_logged(logged), "{logged}");
        }
    }

    const NAME: &str = "SLIPWAY_TEST_OF_THE_VAULT_KEY";

    #[tokio::test]
    async fn the_port_keeps_the_contract() {
        let folder = tempfile::tempdir().unwrap();
        let keys = keys(folder.path(), Some("open"));
        let name = NAME.parse().unwrap();
        keys.set(&name, &Secret::new("sk-1234-of-a-test".to_owned()))
            .unwrap();
        secrets_contract(&*keys.port(), NAME, "sk-1234-of-a-test").await;
        keys.remove(&name).unwrap();
        assert!(
            keys.port().get(NAME).await.unwrap().is_none(),
            "removed is gone at once"
        );
    }

    #[tokio::test]
    async fn the_sign_in_to_the_cloud_is_no_key() {
        let folder = tempfile::tempdir().unwrap();
        let keys = keys(folder.path(), Some("open"));
        let name = SIGN_IN.parse().unwrap();
        let secret = Secret::new("a sign-in".to_owned());
        keys.vault().set(&name, &secret).unwrap();
        assert!(keys.list().unwrap().is_empty());
        assert!(keys.port().get(SIGN_IN).await.unwrap().is_none());
        assert_eq!(keys.port().whereabouts(SIGN_IN).await.unwrap(), None);
        assert_eq!(
            keys.set(&name, &secret).unwrap_err().code,
            ErrorCode::InvalidInput
        );
        assert_eq!(
            keys.remove(&name).unwrap_err().code,
            ErrorCode::InvalidInput
        );
        keys.forget_sign_in().unwrap();
        assert!(keys.vault().get(&name).unwrap().is_none());
    }

    #[tokio::test]
    async fn a_locked_file_is_an_error_that_names_the_variable_and_a_known_place() {
        let folder = tempfile::tempdir().unwrap();
        let secret = Secret::new("sk-1234-of-a-test".to_owned());
        let name = NAME.parse().unwrap();
        keys(folder.path(), Some("open"))
            .set(&name, &secret)
            .unwrap();
        let locked = keys(folder.path(), None).port();
        let place = locked.whereabouts(NAME).await.unwrap();
        assert_eq!(place, Some(SecretPlace::SealedFile));
        let error = locked.get(NAME).await.unwrap_err();
        assert_eq!(error.name, NAME);
        assert!(error.message.contains(PASSPHRASE), "{error}");
        assert!(
            locked
                .get("SOMETHING_ELSE_OF_A_TEST")
                .await
                .unwrap()
                .is_none(),
            "it is not opened for nothing"
        );
    }

    #[tokio::test]
    async fn the_environment_wins_and_opens_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let secret = Secret::new("kept".to_owned());
        let keys = keys(folder.path(), Some("open"));
        // Every process has a path.
        keys.set(&"PATH".parse().unwrap(), &secret).unwrap();
        let found = keys.port().get("PATH").await.unwrap().unwrap();
        assert_ne!(found.expose(), "kept");
        let place = keys.port().whereabouts("PATH").await.unwrap();
        assert_eq!(place, Some(SecretPlace::Environment));
        assert!(keys.list().unwrap()[0].in_environment);
    }
}
