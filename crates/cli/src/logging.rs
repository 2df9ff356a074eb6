//! The log: on standard error, by `SLIPWAY_LOG`.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

/// Logs whole answers of providers as errors of its own; the engine tells what matters of them.
const TOO_TALKATIVE: &str = "async_openai=off";

/// Starts logging. A filter that cannot be read is said and left out.
pub(crate) fn start() {
    let wanted = std::env::var("SLIPWAY_LOG").unwrap_or_default();
    let builder = EnvFilter::builder().with_default_directive(LevelFilter::WARN.into());
    let (filter, wrong) = match builder.parse(&wanted) {
        Ok(filter) => (filter, None),
        Err(error) => (EnvFilter::new("warn"), Some(error)),
    };
    let filter = match TOO_TALKATIVE.parse() {
        Ok(directive) => filter.add_directive(directive),
        Err(_) => filter,
    };
    let colours = io::stderr().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let started = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(colours)
        .try_init();
    if let (Ok(()), Some(error)) = (started, wrong) {
        tracing::warn!("SLIPWAY_LOG is not understood, so warnings are logged: {error}");
    }
}
