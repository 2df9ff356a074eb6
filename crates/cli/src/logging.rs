//! The log: on standard error, by `SLIPWAY_LOG`.

use std::io::{self, IsTerminal as _};

use slipway_app::secrets::may_be_logged;
use tracing_subscriber::filter::{FilterExt as _, LevelFilter, filter_fn};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt};

/// What is logged where the person says nothing. A certificate that is not taken is told as an error already.
const USUAL: &str = "warn,rustls_platform_verifier=off";

/// Starts logging. A filter that cannot be read is said and left out.
pub(crate) fn start() {
    let wanted = std::env::var("SLIPWAY_LOG").unwrap_or_default();
    let wanted = if wanted.is_empty() { USUAL } else { &wanted };
    let builder = EnvFilter::builder().with_default_directive(LevelFilter::WARN.into());
    let (filter, wrong) = match builder.parse(wanted) {
        Ok(filter) => (filter, None),
        Err(error) => (EnvFilter::new("warn"), Some(error)),
    };
    let colours = io::stderr().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let filter = filter.and(filter_fn(|metadata| may_be_logged(metadata.target())));
    let layer = fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(colours)
        .with_filter(filter);
    let started = tracing_subscriber::registry().with(layer).try_init();
    if let (Ok(()), Some(error)) = (started, wrong) {
        tracing::warn!("SLIPWAY_LOG is not understood, so warnings are logged: {error}");
    }
}
