//! The log: on standard error, by `SLIPWAY_LOG`, as the command line writes it.

use std::io;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

/// Logs whole answers of providers as errors of its own; the engine tells what matters of them.
const TOO_TALKATIVE: &str = "async_openai=off";

/// Starts logging. What of the filter cannot be read is left out.
pub(crate) fn start() {
    let wanted = std::env::var("SLIPWAY_LOG").unwrap_or_default();
    let builder = EnvFilter::builder().with_default_directive(LevelFilter::WARN.into());
    let filter = builder.parse_lossy(wanted);
    let filter = match TOO_TALKATIVE.parse() {
        Ok(directive) => filter.add_directive(directive),
        Err(_) => filter,
    };
    let started = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(false)
        .try_init();
    // Fails only where something logs already.
    let _ = started;
}
