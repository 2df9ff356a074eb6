//! Traces reach a collector, whatever is logged, and hold nobody's secrets.

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;

use super::data;
use crate::kit::client;
use crate::kit::collector::Collector;
use crate::kit::process::Process;

fn attribute(span: &Span, key: &str) -> Option<Value> {
    let found = span.attributes.iter().find(|each| each.key == key);
    found?.value.clone()?.value
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_traced_without_secrets_whatever_is_logged() {
    let collector = Collector::start().await;
    let folder = tempfile::tempdir().unwrap();
    let mut server = Process::serve(&[
        ("SLIPWAY_CLOUD_DATA", &data(&folder.path().join("data"))),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url),
        // The line that the test waits for, and no line of a request.
        ("SLIPWAY_CLOUD_LOG", "warn,slipway_cloud::commands=info"),
    ]);
    let theirs = "4bf92f3577b34da6a3ce929d0e0e4736";
    let asked = client()
        .get(format!(
            "{}/api/v1/account?email=anna@example.com",
            server.url()
        ))
        .header("authorization", "Bearer a-token-of-annas")
        .header("cookie", "session=a-cookie-of-annas")
        .header("user-agent", "annas-laptop")
        .header("traceparent", format!("00-{theirs}-00f067aa0ba902b7-00"))
        .send()
        .await
        .unwrap();
    assert_eq!(asked.status(), 401);
    let id = asked.headers()["x-request-id"].to_str().unwrap().to_owned();
    let strange = format!("{}/anna@example.com", server.url());
    assert_eq!(client().get(strange).send().await.unwrap().status(), 404);
    assert!(server.end(), "told to end, it ends well");

    let spans = collector.spans();
    let span = spans.iter().find(|span| span.name == "GET /api/v1/account");
    let span = span.expect("a span of the request, sent before the end");
    let text = |value: &str| Some(Value::StringValue(value.to_owned()));
    assert_eq!(span.kind(), SpanKind::Server);
    assert_eq!(attribute(span, "http.request.method"), text("GET"));
    assert_eq!(attribute(span, "http.route"), text("/api/v1/account"));
    assert_eq!(attribute(span, "request"), text(&id));
    assert_eq!(
        attribute(span, "http.response.status_code"),
        Some(Value::IntValue(401))
    );
    // A stranger's trace is not gone on with: with its flags they would choose what is kept.
    assert!(span.parent_span_id.is_empty());
    assert!(spans.iter().any(|span| span.name == "GET unknown"));
    for secret in [
        "a-token-of",
        "a-cookie-of",
        "example.com",
        "annas-laptop",
        "127.0.0.1",
    ] {
        assert!(!collector.holds(secret), "{secret} is in the traces");
    }
}
