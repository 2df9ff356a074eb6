//! What people do with their accounts: the use cases behind the pages and the API.

pub mod browsers;
pub mod delete;
pub mod destination;
mod device;
pub mod email;
pub mod end;
pub mod enter;
pub(crate) mod events;
pub mod export;
pub mod factors;
pub mod failed;
pub mod hash;
pub(crate) mod letters;

pub mod own;
pub mod passkeys;
pub mod password;
pub mod providers;
pub mod recovery;
pub mod refused;
pub mod register;
pub mod reset;
pub mod settings;
pub mod sign_in;
pub mod stranger;
mod taken_back;
pub mod throttle;
pub mod tickets;
pub mod totp;
mod turns;

use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use webauthn_rs::Webauthn;

use self::password::Passwords;
use self::refused::Refused;
use crate::config::Config;
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::http::room::{Place, Room};
use crate::mail::carrier::{self, Carrier};

pub use self::device::SECONDS as DEVICE_SECONDS;
pub use self::settings::Settings;

/// What the use cases share.
pub struct People {
    /// How passwords are hashed and which are refused.
    pub passwords: Passwords,
    /// Room for those who have a password hashed, of which one site has a part alone.
    hashing: Arc<Room>,
    /// Who downloads their data now.
    pub exports: Arc<export::Exports>,
    /// Who carries letters away.
    pub carrier: Box<dyn Carrier>,
    /// The rules of passkeys; none where browsers have none.
    webauthn: Option<Webauthn>,
    /// For requests to other services.
    http: reqwest::Client,
}

impl std::fmt::Debug for People {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("People").finish_non_exhaustive()
    }
}

impl People {
    /// With these settings.
    ///
    /// # Errors
    /// What is wrong with them, and what is allowed.
    pub fn new(config: &Config) -> Result<Self> {
        let settings = &config.people;
        ensure!(
            settings.cost.is_enough(),
            "passwords are hashed with too little work: at least 19456 KiB and 2 passes, or as much by OWASP's other settings"
        );
        let mut refused = Refused::common();
        if let Some(file) = &settings.refused {
            refused = refused.with(file)?;
        }
        Ok(Self {
            passwords: Passwords::new(settings.cost, settings.at_once, settings.waiting, refused),
            hashing: Room::new(settings.at_once + settings.waiting),
            exports: Arc::default(),
            carrier: carrier::of(&config.mail)?,
            webauthn: passkeys::rules(&config.public_url),
            http: providers::new_client().context("requests to other services")?,
        })
    }

    /// A place to have a password hashed from this address, until it is dropped.
    ///
    /// # Errors
    /// When its site has its part of them.
    pub fn place(&self, origin: &Origin) -> Result<Place, Failure> {
        Ok(self.hashing.take(throttle::site(&origin.address))?)
    }

    /// Whether browsers have passkeys for this server.
    #[must_use]
    pub fn has_passkeys(&self) -> bool {
        self.webauthn.is_some()
    }
}
