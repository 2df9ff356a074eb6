//! From settings to a server that is ready to serve.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use redis::aio::ConnectionManager;
use zeroize::Zeroizing;

use crate::chance::{Chance, SystemChance};
use crate::clock::SystemClock;
use crate::config::Config;
use crate::database::Database;
use crate::limits::{Limits, LocalLimits, RedisLimits, SharedLimits};
use crate::seal::Sealer;
use crate::server::{Parts, Server};

/// Opens what the settings name.
///
/// # Errors
/// When the database, Redis or the folder of its data is not to be had.
pub async fn start(config: Config) -> Result<Server> {
    let chance: Arc<dyn Chance> = Arc::new(SystemChance);
    data_folder(&config.data)?;
    let secret = match &config.secret_key {
        Some(secret) => Zeroizing::new(*secret.expose()),
        None => own_secret(&config.data, &*chance)?,
    };
    let database = Database::open(config.database.expose(), config.connections).await;
    let database = database.context("DATABASE_URL: the database cannot be opened")?;
    let limits: Arc<dyn Limits> = match &config.redis {
        Some(url) => Arc::new(SharedLimits::new(RedisLimits::new(
            redis(url.expose()).await?,
        ))),
        None => Arc::new(LocalLimits::default()),
    };
    Server::new(Parts {
        config,
        database,
        clock: Arc::new(SystemClock),
        chance,
        sealer: Sealer::new(*secret),
        limits,
    })
}

/// Makes the folder of the server's own data, which its owner alone reads.
///
/// # Errors
/// When it cannot be made.
pub fn data_folder(path: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(path)
        .with_context(|| format!("SLIPWAY_CLOUD_DATA={}", path.display()))
}

/// The secret that a server in development made for itself, in a file that its owner alone reads.
fn own_secret(data: &Path, chance: &dyn Chance) -> Result<Zeroizing<[u8; 32]>> {
    let path = data.join("secret.key");
    let wrong = || {
        format!(
            "{} must have 32 bytes; delete it, and all who are signed in sign in again",
            path.display()
        )
    };
    match fs::read(&path) {
        Ok(bytes) => {
            return Ok(Zeroizing::new(
                Zeroizing::new(bytes)
                    .as_slice()
                    .try_into()
                    .ok()
                    .with_context(wrong)?,
            ));
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(|| path.display().to_string()),
    }
    let secret = Zeroizing::new(chance.bytes::<32>()?);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options
        .open(&path)
        .with_context(|| path.display().to_string())?;
    file.write_all(&*secret)
        .and_then(|()| file.sync_all())
        .with_context(|| path.display().to_string())?;
    Ok(secret)
}

async fn redis(url: &str) -> Result<ConnectionManager> {
    let client =
        redis::Client::open(url).map_err(|_| anyhow::anyhow!("REDIS_URL is not a URL of Redis"))?;
    client
        .get_connection_manager()
        .await
        .context("REDIS_URL: Redis cannot be reached")
}
