//! What every request shares.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::Result;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::chance::Chance;
use crate::clock::Clock;
use crate::config::Config;
use crate::database::Database;
use crate::http::room::Room;
use crate::limits::Limits;
use crate::notices::Notices;
use crate::package::{UPLOADS, UPLOADS_OF_ONE};
use crate::people::People;
use crate::seal::Sealer;
use crate::tokens::signing::SigningKeys;

/// The server: its parts, and what it makes of them.
#[derive(Clone)]
pub struct Server(Arc<Shared>);

/// What all requests share.
pub struct Shared {
    parts: Parts,
    /// What the use cases of people share.
    pub people: People,
    /// The keys of access tokens.
    pub signing_keys: SigningKeys,
    /// Who sends archives.
    pub uploads: Arc<Room>,
    /// Whether it was told to end.
    pub is_ending: AtomicBool,
    /// When the database last said that it is there.
    pub answered: Mutex<Option<Instant>>,
}

/// The parts of a [`Server`]: its settings, its database, and the ports to the world.
pub struct Parts {
    /// Its settings.
    pub config: Config,
    /// Its database.
    pub database: Database,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub chance: Arc<dyn Chance>,
    /// Its secret.
    pub sealer: Sealer,
    /// How often callers asked.
    pub limits: Arc<dyn Limits>,
    /// What copies tell each other.
    pub notices: Arc<dyn Notices>,
}

impl Server {
    /// Of these parts.
    ///
    /// # Errors
    /// Settings that are wrong together.
    pub fn new(parts: Parts) -> Result<Self> {
        let people = People::new(&parts.config)?;
        // They take their time, and leave most places to all else.
        let uploads = UPLOADS.min(parts.config.concurrency.div_ceil(4));
        Ok(Self(Arc::new(Shared {
            parts,
            people,
            signing_keys: SigningKeys::default(),
            uploads: Room::split(uploads, UPLOADS_OF_ONE),
            is_ending: AtomicBool::new(false),
            answered: Mutex::default(),
        })))
    }
}

impl Deref for Server {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl Deref for Shared {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.parts
    }
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
