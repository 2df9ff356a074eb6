//! What the commands do.

pub(crate) mod admin;
pub(crate) mod seed;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use futures::FutureExt as _;
use slipway_cloud::chance::SystemChance;
use slipway_cloud::config::{Config, Environment, Source, example, read};
use slipway_cloud::mail::Way;
use slipway_cloud::server::Server;
use slipway_cloud::start::{keep, open, start};
use slipway_cloud::telemetry::Telemetry;
use slipway_cloud::{descriptors, endpoints, secret_key, serve, worker};
use tokio::net::TcpListener;

async fn configured() -> Result<Config> {
    Ok(read(&Source::gather(std::env::vars()).await)?)
}

/// The server's parts without its network, for what is done beside it. No rates are shared here.
async fn opened() -> Result<Server> {
    let config = Config {
        redis: None,
        ..configured().await?
    };
    let file = config.database.expose().strip_prefix("sqlite:");
    let new = file.map(whole).filter(|file| !file.exists());
    let server = start(config).await?;
    if let Some(new) = new {
        let file = new.display();
        let words = format!("note: there was no database yet at {file}, and it was made.\n");
        let _ = std::io::stderr().write_all(words.as_bytes());
    }
    Ok(server)
}

/// The same path, from wherever it is read.
fn whole(path: impl AsRef<Path>) -> PathBuf {
    let path = path.as_ref();
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn say(text: &str) -> Result<()> {
    let written = std::io::stdout().lock().write_all(text.as_bytes());
    match written {
        // Whoever reads may have had enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("standard output"),
    }
}

/// Says why a command did not do it.
pub(crate) fn complain(error: &anyhow::Error) {
    let _ = writeln!(std::io::stderr(), "slipway-cloud: {error:#}");
}

/// Where metrics are told, taken before anything else is begun.
async fn metrics_listener(config: &Config) -> Result<Option<TcpListener>> {
    let Some(address) = config.metrics else {
        return Ok(None);
    };
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("SLIPWAY_CLOUD_METRICS_LISTEN={address}"))?;
    Ok(Some(listener))
}

fn tell_metrics(listener: Option<TcpListener>, telemetry: &Telemetry, server: &Server) {
    let Some(listener) = listener else { return };
    let (handle, server) = (telemetry.metrics.clone(), server.clone());
    tokio::spawn(async move {
        if let Err(error) = serve::serve_metrics(listener, handle, server).await {
            tracing::error!("{error:#}");
        }
    });
}

/// `serve`
pub(crate) async fn serve() -> Result<()> {
    let config = configured().await?;
    let telemetry = Telemetry::begin(&config)?;
    descriptors::raise();
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("SLIPWAY_CLOUD_LISTEN={}", config.listen))?;
    let metrics = metrics_listener(&config).await?;
    let server = start(config).await?;
    tell_metrics(metrics, &telemetry, &server);
    if server.config.environment == Environment::Development {
        say(&first_words(&server.config))
            .unwrap_or_else(|error| tracing::warn!("what to do next was not printed: {error:#}"));
    }
    let told = serve::told_to_stop();
    tracing::info!(address = %server.config.listen, "taking requests");
    serve::serve(&server, listener, told).await;
    tracing::info!("all requests are answered; this is the end");
    telemetry.end();
    Ok(())
}

/// `worker`
pub(crate) async fn worker() -> Result<()> {
    let config = configured().await?;
    let telemetry = Telemetry::begin(&config)?;
    let metrics = metrics_listener(&config).await?;
    let server = start(config).await?;
    tell_metrics(metrics, &telemetry, &server);
    let told = serve::told_to_stop();
    tracing::info!("working");
    worker::work(&server, told.shared()).await;
    server.database.close().await;
    tracing::info!("what was under way is done; this is the end");
    telemetry.end();
    Ok(())
}

fn first_words(config: &Config) -> String {
    let url = &config.public_url;
    let mail = match &config.mail.way {
        Way::Log => "Letters go into this log, with the links that they carry.".to_owned(),
        Way::Folder(folder) => format!("Letters go into {}.", folder.display()),
        Way::Smtp(_) => "Letters go over SMTP.".to_owned(),
    };
    format!(
        "Slipway cloud at {url}\n\n  \
         {url}/register          make an account\n  \
         {url}/api/docs          the API\n  \
         slipway cloud login --server {url}\n\n\
         {mail}\n\
         Its data is in {}. Ctrl-C ends it.\n\n",
        whole(&config.data).display()
    )
}

/// `migrate`
pub(crate) async fn migrate() -> Result<()> {
    let config = configured().await?;
    open(&config).await?.close().await;
    say("The tables are up to date.\n")
}

/// `reseal`
pub(crate) async fn reseal(forgets: bool) -> Result<()> {
    let config = configured().await?;
    let (database, sealer) = keep(&config, &SystemChance).await?;
    let done = secret_key::reseal(&database, &sealer, &SystemChance, forgets).await?;
    database.close().await;
    say(&format!(
        "{} are sealed with SLIPWAY_CLOUD_SECRET_KEY; {} could not be opened and are forgotten.\n\
         SLIPWAY_CLOUD_OTHER_SECRET_KEY is not needed any more.\n",
        done.sealed, done.forgotten
    ))
}

/// `openapi`
pub(crate) fn openapi() -> Result<()> {
    say(&format!("{}\n", endpoints::description().to_pretty_json()?))
}

/// `settings`
pub(crate) fn settings() -> Result<()> {
    say(&example())
}
