//! What those who run the server see of it: logs, metrics and traces. None of them holds a secret, an
//! address, or what somebody wrote.

mod measured;
mod traces;

use std::io::IsTerminal as _;
use std::time::Duration;

use anyhow::{Context as _, Result};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

pub use self::measured::measure;
pub use self::traces::TRACED;
use crate::config::{Config, LogFormat};

/// How long requests took, in seconds.
pub const DURATION: &str = "http_request_duration_seconds";
/// How many requests run.
pub const RUNNING: &str = "http_requests_running";
/// How many requests were refused, by the code of their problem.
pub const REFUSED: &str = "http_requests_refused_total";
/// 1 while rate limits are this copy's own because Redis does not answer, else 0.
pub const LIMITS_APART: &str = "rate_limits_apart";
const BUCKETS: &[f64] = &[
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// How often what was measured is put together. Until then each single value is kept.
const UPKEEP: Duration = Duration::from_secs(5);

/// What stays on while the server runs.
pub struct Telemetry {
    /// What the metrics say now.
    pub metrics: PrometheusHandle,
    traces: Option<SdkTracerProvider>,
}

impl std::fmt::Debug for Telemetry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Telemetry(…)")
    }
}

impl Telemetry {
    /// Begins to log, count and trace, for the whole process. It needs a runtime of Tokio.
    ///
    /// # Errors
    /// When something of the kind was begun before, or the exporter of traces cannot be made.
    pub fn begin(config: &Config) -> Result<Self> {
        let filter = EnvFilter::try_new(&config.log).context("SLIPWAY_CLOUD_LOG")?;
        let filter = filter.add_directive(format!("{TRACED}=off").parse()?);
        let lines = match config.log_format {
            LogFormat::Text => {
                let colours = std::io::stderr().is_terminal()
                    && std::env::var_os("NO_COLOR").is_none_or(|no| no.is_empty());
                tracing_subscriber::fmt::layer()
                    .with_ansi(colours)
                    .with_target(false)
                    .with_writer(std::io::stderr)
                    .boxed()
            }
            LogFormat::Json => tracing_subscriber::fmt::layer()
                .json()
                .flatten_event(true)
                .with_writer(std::io::stderr)
                .boxed(),
        };
        let traces = config.traces.as_deref().map(traces::provider).transpose()?;
        tracing_subscriber::registry()
            .with(lines.with_filter(filter))
            .with(traces.as_ref().map(traces::layer))
            .try_init()
            .context("logs were begun before")?;
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Full(DURATION.to_owned()), BUCKETS)
            .context("the buckets of the metrics")?
            .build_recorder();
        let handle = recorder.handle();
        tokio::spawn(keep_up(handle.clone(), UPKEEP));
        metrics::set_global_recorder(recorder)
            .ok()
            .context("metrics were begun before")?;
        metrics::describe_histogram!(DURATION, metrics::Unit::Seconds, "How long requests took");
        metrics::describe_gauge!(RUNNING, "How many requests run");
        metrics::describe_counter!(REFUSED, "How many requests were refused, by why");
        metrics::describe_gauge!(
            LIMITS_APART,
            "1 while Redis does not answer and rate limits are this copy's own"
        );
        measured::describe();
        Ok(Self {
            metrics: handle,
            traces,
        })
    }

    /// Sends what is left.
    pub fn end(&self) {
        if let Some(Err(error)) = self.traces.as_ref().map(SdkTracerProvider::shutdown) {
            tracing::warn!(%error, "the last traces could not be sent");
        }
    }
}

/// Puts together what was measured, again and again: nobody may ever ask for it, and it would pile up.
async fn keep_up(metrics: PrometheusHandle, rest: Duration) {
    loop {
        tokio::time::sleep(rest).await;
        metrics.run_upkeep();
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use metrics::Recorder as _;

    use super::*;

    /// How many pages of memory this process has.
    fn pages() -> u64 {
        let sizes = std::fs::read_to_string("/proc/self/statm").unwrap();
        sizes.split(' ').nth(1).unwrap().parse().unwrap()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_measured_does_not_pile_up_when_nobody_asks() {
        let recorder = PrometheusBuilder::new().build_recorder();
        tokio::spawn(keep_up(recorder.handle(), Duration::from_millis(1)));
        let at = metrics::Metadata::new(module_path!(), metrics::Level::INFO, None);
        let measured = recorder.register_histogram(&metrics::Key::from_name("took"), &at);
        let before = pages();
        // 8 bytes each at least: 160 MB if all were kept.
        for _ in 0..200 {
            (0..100_000).for_each(|each| measured.record(f64::from(each)));
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let more = pages().saturating_sub(before) * 4096;
        assert!(more < 40_000_000, "{more} bytes more");
    }
}
