//! What people do with their accounts: the use cases behind the pages and the API.

pub mod browsers;
pub mod delete;
mod device;
pub mod email;
pub mod enter;
mod events;
pub mod export;
pub mod factors;
pub mod hash;
mod letters;
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
pub mod throttle;
pub mod tickets;
pub mod totp;
mod turns;

use anyhow::{Context as _, Result, ensure};
use webauthn_rs::Webauthn;

use self::password::Passwords;
use self::refused::Refused;
use crate::config::Config;
use crate::mail::carrier::{self, Carrier};

pub use self::device::SECONDS as DEVICE_SECONDS;
pub use self::settings::Settings;

/// What the use cases share.
pub struct People {
    /// How passwords are hashed and which are refused.
    pub passwords: Passwords,
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
            carrier: carrier::of(&config.mail)?,
            webauthn: passkeys::rules(&config.public_url),
            http: providers::new_client().context("requests to other services")?,
        })
    }

    /// Whether browsers have passkeys for this server.
    #[must_use]
    pub fn has_passkeys(&self) -> bool {
        self.webauthn.is_some()
    }
}
