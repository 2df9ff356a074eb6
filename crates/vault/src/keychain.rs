//! The system's keychain: Secret Service, Keychain, Credential Manager.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use keyring::v1::Entry as System;
use keyring_core::{Entry, Error};
use slipway_contract::Secret;

/// The name under which people find Slipway's entries in their keychain.
const SERVICE: &str = "Slipway";

/// How long a keychain may ask its owner to unlock it before a run that waits for it goes on.
const PATIENCE: Duration = Duration::from_secs(60);

/// A place of the system for secrets.
pub trait Keychain: Send + Sync {
    /// Whether it can be reached. Nothing is unlocked for this.
    ///
    /// # Errors
    /// Why it cannot.
    fn check(&self) -> Result<(), KeychainError>;

    /// The secret of this account, or none.
    ///
    /// # Errors
    /// The keychain is not there, or locked.
    fn get(&self, account: &str) -> Result<Option<Secret>, KeychainError>;

    /// Keeps a secret, instead of the one before.
    ///
    /// # Errors
    /// The keychain is not there, or locked; then it is as before.
    fn set(&self, account: &str, secret: &Secret) -> Result<(), KeychainError>;

    /// Forgets a secret; one that is not there is no error.
    ///
    /// # Errors
    /// The keychain is not there, or locked.
    fn remove(&self, account: &str) -> Result<(), KeychainError>;
}

/// Why the keychain cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeychainError {
    /// The person does not want it.
    #[error("SLIPWAY_KEYCHAIN=off says not to use it")]
    Off,
    /// This machine, or this session, has none.
    #[error("this session has none ({0})")]
    Absent(String),
    /// It is locked, and was not unlocked.
    #[error("it is locked ({0})")]
    Locked(String),
    /// It did not answer.
    #[error("it gave no answer within {} seconds; it may be waiting to be unlocked", .0.as_secs())]
    Silent(Duration),
    /// It refused for another reason.
    #[error("it refused ({0})")]
    Refused(String),
}

/// No keychain, because the person said so.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoKeychain;

impl Keychain for NoKeychain {
    fn check(&self) -> Result<(), KeychainError> {
        Err(KeychainError::Off)
    }

    fn get(&self, _: &str) -> Result<Option<Secret>, KeychainError> {
        Err(KeychainError::Off)
    }

    fn set(&self, _: &str, _: &Secret) -> Result<(), KeychainError> {
        Err(KeychainError::Off)
    }

    fn remove(&self, _: &str) -> Result<(), KeychainError> {
        Err(KeychainError::Off)
    }
}

/// The keychain of the person who is logged in.
#[derive(Debug, Default)]
pub struct SystemKeychain {
    turn: Mutex<()>,
    /// A call is waiting still, after its time was up: others would wait behind it.
    is_stuck: Arc<AtomicBool>,
}

impl Keychain for SystemKeychain {
    fn check(&self) -> Result<(), KeychainError> {
        self.call(|| Ok(()))
    }

    fn get(&self, account: &str) -> Result<Option<Secret>, KeychainError> {
        let account = account.to_owned();
        self.call(move || match entry(&account)?.get_password() {
            Ok(secret) => Ok(Some(Secret::new(secret))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(told(&error)),
        })
    }

    fn set(&self, account: &str, secret: &Secret) -> Result<(), KeychainError> {
        let (account, secret) = (account.to_owned(), secret.clone());
        self.call(move || {
            let entry = entry(&account)?;
            let set = entry.set_password(secret.expose());
            set.map_err(|error| told(&error))
        })
    }

    fn remove(&self, account: &str) -> Result<(), KeychainError> {
        let account = account.to_owned();
        self.call(move || match entry(&account)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(told(&error)),
        })
    }
}

impl SystemKeychain {
    /// On a thread of its own: a keychain that asks its owner to unlock it waits without end.
    fn call<T: Send + 'static>(
        &self,
        what: impl Fn() -> Result<T, KeychainError> + Send + 'static,
    ) -> Result<T, KeychainError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_stuck.swap(true, Ordering::AcqRel) {
            return Err(KeychainError::Silent(PATIENCE));
        }
        let (done, answer) = channel();
        let is_stuck = Arc::clone(&self.is_stuck);
        let spawned = thread::Builder::new()
            .name("keychain".to_owned())
            .spawn(move || {
                let found = match reachable().and_then(|()| what()) {
                    Err(KeychainError::Refused(_) | KeychainError::Absent(_)) if renewed() => {
                        what()
                    }
                    found => found,
                };
                is_stuck.store(false, Ordering::Release);
                // Nobody waits any more after the time is up.
                let _ = done.send(found);
            });
        if let Err(error) = spawned {
            self.is_stuck.store(false, Ordering::Release);
            return Err(KeychainError::Refused(error.to_string()));
        }
        answer
            .recv_timeout(PATIENCE)
            .unwrap_or(Err(KeychainError::Silent(PATIENCE)))
    }
}

/// It could be reached once, whatever it was at the first try.
static IS_RENEWED: AtomicBool = AtomicBool::new(false);

fn reachable() -> Result<(), KeychainError> {
    if IS_RENEWED.load(Ordering::Acquire) {
        return Ok(());
    }
    match System::store_status() {
        Ok(()) => Ok(()),
        Err(error) => Err(KeychainError::Absent(first_line(error))),
    }
}

/// Whether the keychain was reached anew. One that was started again, or after Slipway, knows nothing of who asked before.
#[cfg(target_os = "linux")]
fn renewed() -> bool {
    let Ok(store) = zbus_secret_service_keyring_store::Store::new() else {
        return false;
    };
    keyring_core::set_default_store(store);
    IS_RENEWED.store(true, Ordering::Release);
    true
}

/// Whether the keychain was reached anew: elsewhere it lives as long as the system.
#[cfg(not(target_os = "linux"))]
const fn renewed() -> bool {
    false
}

fn entry(account: &str) -> Result<Entry, KeychainError> {
    Entry::new(SERVICE, account).map_err(|error| told(&error))
}

/// What the keychain says, and nothing of what was to be kept: some of its errors hold that.
fn told(error: &Error) -> KeychainError {
    match error {
        Error::NoStorageAccess(_) => KeychainError::Locked(first_line(error)),
        Error::NoDefaultStore => KeychainError::Absent(first_line(error)),
        Error::PlatformFailure(_) | Error::TooLong(..) => KeychainError::Refused(first_line(error)),
        Error::BadEncoding(_) | Error::BadDataFormat(..) => {
            KeychainError::Refused("its entry is no text".to_owned())
        }
        Error::Ambiguous(entries) => {
            KeychainError::Refused(format!("it has {} such entries", entries.len()))
        }
        _ => KeychainError::Refused("for a reason that it does not tell".to_owned()),
    }
}

fn first_line(error: &Error) -> String {
    let text = error.to_string();
    text.lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(200)
        .collect()
}
