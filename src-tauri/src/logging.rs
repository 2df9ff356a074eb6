//! The log: on standard error, by `SLIPWAY_LOG`, as the command line writes it.

use std::io;

use slipway_app::secrets::may_be_logged;
use tracing_subscriber::filter::{FilterExt as _, LevelFilter, filter_fn};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt};

/// Starts logging. What of the filter cannot be read is left out.
pub(crate) fn start() {
    let wanted = std::env::var("SLIPWAY_LOG").unwrap_or_default();
    let builder = EnvFilter::builder().with_default_directive(LevelFilter::WARN.into());
    let filter = builder.parse_lossy(wanted);
    let filter = filter.and(filter_fn(|metadata| may_be_logged(metadata.target())));
    let layer = fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(false)
        .with_filter(filter);
    let started = tracing_subscriber::registry().with(layer).try_init();
    // Fails only where something logs already.
    let _ = started;
}
