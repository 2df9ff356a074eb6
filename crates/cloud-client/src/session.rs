//! The sign-in of this machine, for all processes of a home.
//!
//! The vault keeps the refresh token together with the server that gave it, so that it goes nowhere else.
//! Each use makes it void and gives another, which is why one process at a time uses it: under a file's
//! lock, after reading it anew. An access token is in memory alone, until shortly before its end.

mod entry;
mod lock;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use slipway_contract::Secret;
use slipway_vault::Vault;
use tokio::sync::Mutex;
use tokio::time::Instant;

use self::entry::Entry;
use crate::error::CloudError;
use crate::oauth::{self, Endpoints, SignedIn};
use crate::wire::Wire;

pub use entry::{SECRET, SignInId};

/// An access token is renewed so long before its end, so that a request arrives in time.
const AHEAD: Duration = Duration::from_secs(30);

/// The sign-in that is kept, if there is one.
pub struct Session {
    keeper: Arc<Keeper>,
    live: Arc<Mutex<Option<Live>>>,
}

/// Where it is kept.
struct Keeper {
    vault: Arc<Vault>,
    lock: PathBuf,
}

/// What requests are made with.
#[derive(Clone)]
pub(crate) struct Live {
    pub(crate) wire: Wire,
    pub(crate) access: Secret,
    endpoints: Endpoints,
    /// Which sign-in: another one may take its place.
    id: SignInId,
    until: Instant,
    /// A refresh token that could not be kept, and the one in whose place it is.
    unkept: Option<(Secret, Secret)>,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}

impl Session {
    /// The sign-in that this vault keeps; processes take turns by this file.
    #[must_use]
    pub fn new(vault: Arc<Vault>, lock: PathBuf) -> Self {
        Self {
            keeper: Arc::new(Keeper { vault, lock }),
            live: Arc::default(),
        }
    }

    /// Keeps a sign-in, in the place of the one before, which is ended at its server if that can be told.
    /// What else is known of it is kept by `known`, before another process may take its turn; where that
    /// fails, its error is given. It is finished even if nobody waits for it any more.
    ///
    /// # Errors
    /// It cannot be kept. Then, or where `known` fails, the server is told that it goes unused, and the one
    /// before stays.
    pub async fn keep<T: Send + 'static, E: Send + 'static>(
        &self,
        signed_in: SignedIn,
        known: impl FnOnce(&SignInId) -> Result<T, E> + Send + 'static,
    ) -> Result<Result<T, E>, CloudError> {
        let keeper = Arc::clone(&self.keeper);
        let mut live = self.live.lock().await;
        *live = None;
        drop(live);
        finished(async move {
            let entry = Entry::of(&signed_in);
            let (kept, over) = match lock::take(&keeper.lock).await {
                Ok(_lock) => keeper.replace(entry, known).await,
                Err(error) => (Err(error), Some(entry)),
            };
            if let Some(over) = over
                && let Err(error) = over.end().await
            {
                tracing::info!(%error, "a sign-in that is not used could not be ended at its server");
            }
            kept
        })
        .await
    }

    /// Forgets the sign-in, and tells its server. Gives why that could not be told; none where nobody was
    /// signed in.
    ///
    /// # Errors
    /// It cannot be forgotten: what keeps it is locked or damaged.
    pub async fn forget(&self) -> Result<Option<Result<(), CloudError>>, CloudError> {
        let keeper = Arc::clone(&self.keeper);
        *self.live.lock().await = None;
        finished(async move {
            let kept = {
                let _lock = lock::take(&keeper.lock).await?;
                let kept = keeper.read().await;
                keeper.remove().await?;
                kept
            };
            match kept {
                Ok(None) => Ok(None),
                Ok(Some(entry)) => Ok(Some(entry.end().await)),
                Err(error) => Ok(Some(Err(error))),
            }
        })
        .await
    }

    /// Reads what is kept, which may have its owner asked for a passphrase or by the keychain.
    ///
    /// # Errors
    /// What keeps it is locked or damaged.
    pub async fn open(&self) -> Result<(), CloudError> {
        self.keeper.read().await.map(drop)
    }

    /// What requests are made with now, of this sign-in where one is meant.
    pub(crate) async fn live(&self, of: Option<&SignInId>) -> Result<Live, CloudError> {
        self.fresh(of.cloned(), None).await
    }

    /// The same, in the place of what the server did not take.
    pub(crate) async fn renewed(&self, refused: &Live) -> Result<Live, CloudError> {
        let access = refused.access.clone();
        self.fresh(Some(refused.id.clone()), Some(access)).await
    }

    /// One refresh at a time; who waited for it has its outcome. It is finished even if nobody waits for
    /// it any more: the token that it used is void.
    async fn fresh(
        &self,
        of: Option<SignInId>,
        refused: Option<Secret>,
    ) -> Result<Live, CloudError> {
        let (keeper, live) = (Arc::clone(&self.keeper), Arc::clone(&self.live));
        finished(async move {
            let mut live = live.lock().await;
            // Another process may have signed out and in.
            if live
                .as_ref()
                .is_some_and(|live| of.as_ref().is_some_and(|of| *of != live.id))
            {
                *live = None;
            }
            if let Some(live) = &*live {
                let is_refused =
                    refused.is_some_and(|refused| refused.expose() == live.access.expose());
                if !is_refused && Instant::now() + AHEAD < live.until {
                    return Ok(live.clone());
                }
            }
            let renewed = keeper.renew(live.as_ref(), of).await;
            *live = match &renewed {
                Ok(renewed) => Some(renewed.clone()),
                Err(CloudError::Unreachable { .. } | CloudError::Refused(_) | CloudError::Busy) => {
                    live.take()
                }
                Err(_) => None,
            };
            renewed
        })
        .await
    }
}

impl Keeper {
    /// Keeps this one where `known` agrees. Gives what came of it, and the sign-in that is over then.
    async fn replace<T, E>(
        &self,
        entry: Entry,
        known: impl FnOnce(&SignInId) -> Result<T, E>,
    ) -> (Result<Result<T, E>, CloudError>, Option<Entry>) {
        // One that cannot be read goes, too.
        let before = self.read().await.ok().flatten();
        match self.write(&entry).await.map(|()| known(&entry.id)) {
            Ok(Ok(known)) => (Ok(Ok(known)), before),
            Ok(Err(unknown)) => {
                self.put_back(before).await;
                (Ok(Err(unknown)), Some(entry))
            }
            Err(error) => (Err(error), Some(entry)),
        }
    }

    async fn renew(&self, before: Option<&Live>, of: Option<SignInId>) -> Result<Live, CloudError> {
        let _lock = lock::take(&self.lock).await?;
        let mut entry = self.read().await?.ok_or(CloudError::NotSignedIn)?;
        let meant = of.or_else(|| before.map(|before| before.id.clone()));
        if meant.is_some_and(|meant| meant != entry.id) {
            return Err(CloudError::Another);
        }
        let unkept = before.and_then(|before| before.unkept.as_ref());
        if let Some((old, new)) = unkept
            && old.expose() == entry.refresh.expose()
        {
            entry.refresh = new.clone();
        }
        let (wire, endpoints) = match before {
            Some(before) => (before.wire.clone(), before.endpoints.clone()),
            None => entry.place().await?,
        };
        let program = entry.program;
        let tokens = match oauth::refresh(&wire, &endpoints, program, &entry.refresh).await {
            Err(error @ CloudError::Ended { .. }) => {
                self.remove().await?;
                return Err(error);
            }
            tokens => tokens?,
        };
        let old = std::mem::replace(&mut entry.refresh, tokens.refresh);
        let unkept = match self.write(&entry).await {
            Ok(()) => None,
            Err(error) => {
                tracing::warn!(%error, "the sign-in is renewed and could not be kept: it ends with this process");
                Some((old, entry.refresh))
            }
        };
        Ok(Live {
            wire,
            access: tokens.access,
            endpoints,
            id: entry.id,
            until: Instant::now() + tokens.lasts,
            unkept,
        })
    }

    async fn read(&self) -> Result<Option<Entry>, CloudError> {
        let kept = self.with_vault(|vault| Ok(vault.get(&entry::name()?)?));
        kept.await?.map(|kept| Entry::read(&kept)).transpose()
    }

    async fn write(&self, entry: &Entry) -> Result<(), CloudError> {
        let written = entry.written()?;
        self.with_vault(move |vault| {
            vault.set(&entry::name()?, &written)?;
            Ok(())
        })
        .await
    }

    /// The sign-in that was there before, in the place of one that is not to be kept.
    async fn put_back(&self, before: Option<Entry>) {
        let done = match before {
            Some(before) => self.write(&before).await,
            None => self.remove().await,
        };
        if let Err(error) = done {
            tracing::warn!(%error, "a sign-in that is not used could not be forgotten");
        }
    }

    async fn remove(&self) -> Result<(), CloudError> {
        self.with_vault(|vault| {
            vault.remove(&entry::name()?)?;
            Ok(())
        })
        .await
    }

    /// On a thread that may wait.
    async fn with_vault<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Vault) -> Result<T, CloudError> + Send + 'static,
    ) -> Result<T, CloudError> {
        let vault = Arc::clone(&self.vault);
        let done = tokio::task::spawn_blocking(move || work(&vault)).await;
        done.map_err(CloudError::system)?
    }
}

/// Does it to its end, also when who asked for it is gone.
async fn finished<T: Send + 'static>(
    work: impl Future<Output = Result<T, CloudError>> + Send + 'static,
) -> Result<T, CloudError> {
    tokio::spawn(work).await.map_err(CloudError::system)?
}
