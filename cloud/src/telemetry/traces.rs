//! Traces: a span for each request, sent in batches to a collector (OTLP over HTTP).
//!
//! They hold spans of ours alone, and no lines of the log: what a span says is listed where it is made.

use std::time::Duration;

use anyhow::{Context as _, Result};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::registry::LookupSpan;

/// Of which target spans are that go to the collector, and into no log.
pub const TRACED: &str = "slipway_cloud_traces";

/// How long the collector may take to answer.
const WAIT: Duration = Duration::from_secs(10);

/// What sends spans to this endpoint, from a thread of its own.
///
/// # Errors
/// When the endpoint is none.
pub(super) fn provider(endpoint: &str) -> Result<SdkTracerProvider> {
    let exporter = SpanExporter::builder()
        .with_http()
        .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
        .with_timeout(WAIT)
        .build()
        .context("OTEL_EXPORTER_OTLP_ENDPOINT")?;
    let resource = Resource::builder()
        .with_service_name("slipway-cloud")
        .with_attribute(opentelemetry::KeyValue::new(
            "service.version",
            env!("CARGO_PKG_VERSION"),
        ))
        .build();
    Ok(SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(resource)
        .build())
}

/// What gives our spans to it, whatever is logged.
pub(super) fn layer<S>(provider: &SdkTracerProvider) -> impl Layer<S> + use<S>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("slipway-cloud"))
        .with_location(false)
        .with_threads(false)
        .with_filter(filter_fn(|about| {
            about.is_span() && about.target() == TRACED
        }))
}
