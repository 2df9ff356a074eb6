//! This machine's clock, chance and environment: the real parts of the ports.

use std::env::VarError;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use slipway_agent::ports::clock::Clock;
use slipway_agent::ports::random::Random;
use slipway_agent::ports::secrets::{Secrets, SecretsError};
use slipway_contract::{RunId, Secret, SecretPlace, Timestamp};

/// The system's clock.
#[derive(Debug, Clone)]
pub struct SystemClock {
    origin: Instant,
}

impl Default for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is where the clock enters")]
    fn default() -> Self {
        Self {
            origin: Instant::now(),
        }
    }
}

#[async_trait]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is where the clock enters")]
    fn now(&self) -> Timestamp {
        // The journal keeps milliseconds; a finer time would differ when it is read back.
        let now = Timestamp::now();
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    fn monotonic(&self) -> Duration {
        self.origin.elapsed()
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// The system's random generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    #[expect(clippy::disallowed_methods, reason = "this is where chance enters")]
    fn fill(&self, bytes: &mut [u8]) {
        if let Err(error) = getrandom::fill(bytes) {
            // No run can be told from another without chance, so nothing may go on.
            tracing::error!(%error, "the system gives no random bytes");
            std::process::abort();
        }
    }
}

/// A new run's id.
#[must_use]
pub fn new_run_id(random: &dyn Random) -> RunId {
    let mut bytes = [0; 10];
    random.fill(&mut bytes);
    RunId::from_random(bytes)
}

/// Keys from the environment, by the name of their variable.
#[derive(Debug, Clone, Copy, Default)]
pub struct EnvironmentSecrets;

#[async_trait]
impl Secrets for EnvironmentSecrets {
    async fn get(&self, name: &str) -> Result<Option<Secret>, SecretsError> {
        match std::env::var(name).map(Secret::new) {
            Ok(value) if value.expose().trim().is_empty() => Ok(None),
            Ok(value) => Ok(Some(Secret::new(value.expose().trim().to_owned()))),
            Err(VarError::NotPresent) => Ok(None),
            Err(VarError::NotUnicode(_)) => Err(SecretsError {
                name: name.to_owned(),
                message: "the environment variable is not valid UTF-8".to_owned(),
            }),
        }
    }

    async fn whereabouts(&self, name: &str) -> Result<Option<SecretPlace>, SecretsError> {
        let found = self.get(name).await?;
        Ok(found.map(|_| SecretPlace::Environment))
    }
}
