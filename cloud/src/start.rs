//! From settings to a server that is ready to serve.

mod own_secret;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use slipway_contract::Secret;
use zeroize::Zeroizing;

use self::own_secret::own_secret;
use crate::chance::{Chance, SystemChance};
use crate::clock::SystemClock;
use crate::config::{self, Config, Environment};
use crate::database::Database;
use crate::limits::{Limits, LocalLimits, RedisLimits, SharedLimits, lazily};
use crate::mail::Way;
use crate::notices::{LocalNotices, Notices, RedisNotices};
use crate::seal::Sealer;
use crate::secret_key;
use crate::server::{Parts, Server};

/// Opens what the settings name, brings the tables up to date, and sees whether database and secret key belong together.
///
/// # Errors
/// When the database or the folder of its data is not to be had, or the secret key is not the database's.
pub async fn start(config: Config) -> Result<Server> {
    let chance: Arc<dyn Chance> = Arc::new(SystemChance);
    let (limits, notices) = shared(config.redis.as_ref())?;
    if let Way::Folder(folder) = &config.mail.way {
        mail_folder(folder)?;
    }
    let (database, sealer) = keep(&config, &*chance).await?;
    secret_key::confirm(&database, &sealer, &*chance).await?;
    Server::new(Parts {
        config,
        database,
        clock: Arc::new(SystemClock),
        chance,
        sealer,
        limits,
        notices,
    })
}

/// The database, its tables up to date, and what seals in it; not yet that these belong together.
///
/// # Errors
/// When the database or the folder of its data is not to be had.
pub async fn keep(config: &Config, chance: &dyn Chance) -> Result<(Database, Sealer)> {
    let database = open(config).await?;
    let secret = match &config.secret_key {
        Some(secret) => Zeroizing::new(*secret.expose()),
        None => {
            let is_needed = secret_key::is_needed(&database).await?;
            own_secret(&config.data, chance, is_needed)?
        }
    };
    let sealer = Sealer::new(*secret);
    let sealer = match &config.other_secret_key {
        Some(other) => sealer.opening(*other.expose()),
        None => sealer,
    };
    Ok((database, sealer))
}

/// The database, its tables up to date.
///
/// # Errors
/// When the database or the folder of its data is not to be had.
pub async fn open(config: &Config) -> Result<Database> {
    data_folder(&config.data)?;
    let url = config.database.expose();
    if config.environment == Environment::Production && Database::is_in_clear(url) {
        tracing::warn!(
            "DATABASE_URL leads over a network without TLS for certain: with ?sslmode=verify-full nobody on the way reads or \
             changes what goes to PostgreSQL"
        );
    }
    let database = Database::open(url, config.connections).await;
    let database = database.with_context(|| {
        let setting = match *url == config::own_database(&config.data) {
            true => "SLIPWAY_CLOUD_DATA",
            false => "DATABASE_URL",
        };
        format!("{setting}: the database cannot be opened")
    })?;
    database.migrate().await?;
    Ok(database)
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

/// Makes the folder of letters, and sees whether one could be written.
fn mail_folder(path: &Path) -> Result<()> {
    let named = || format!("SLIPWAY_CLOUD_MAIL=folder:{}", path.display());
    fs::create_dir_all(path).with_context(named)?;
    tempfile::NamedTempFile::new_in(path).with_context(named)?;
    Ok(())
}

/// What copies share beside the database: over Redis if there is one, which is not asked yet; else there is one copy.
fn shared(redis: Option<&Secret>) -> Result<(Arc<dyn Limits>, Arc<dyn Notices>)> {
    let Some(url) = redis else {
        return Ok((
            Arc::new(LocalLimits::default()),
            Arc::new(LocalNotices::default()),
        ));
    };
    // For `rediss:`. Whoever was first made it the process's own, and it is the same one.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    // Its error repeats the URL, in which there may be a password.
    let client = redis::Client::open(&**url.expose()).ok();
    let client = client.context("REDIS_URL is not a URL of Redis")?;
    let connection = lazily(client.clone()).context("REDIS_URL")?;
    // So that the first request finds it made. If it cannot be, the first request tells of it.
    let mut first = connection.clone();
    tokio::spawn(async move { redis::cmd("PING").query_async::<()>(&mut first).await });
    Ok((
        Arc::new(SharedLimits::new(RedisLimits::new(connection))),
        Arc::new(RedisNotices::new(client).context("REDIS_URL")?),
    ))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A server on an empty database in this folder.
    pub(crate) async fn server(folder: &Path) -> Server {
        let database = format!("sqlite:{}", folder.join("cloud.db").display());
        let config = Config {
            data: folder.to_owned(),
            database: Secret::new(database),
            ..Config::at("http://127.0.0.1:8787")
        };
        start(config).await.unwrap()
    }
}
