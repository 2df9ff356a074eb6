//! A stand-in for a collector of traces: it takes what OTLP over HTTP sends, in protobuf, and keeps the spans.

use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;
use tokio::net::TcpListener;

#[derive(Default)]
struct Kept {
    spans: Vec<Span>,
    bytes: Vec<u8>,
}

/// A collector that keeps what it is given.
pub struct Collector {
    /// Its URL, as settings have it.
    pub url: String,
    kept: Arc<Mutex<Kept>>,
}

impl Collector {
    /// Starts one on a free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let kept = Arc::<Mutex<Kept>>::default();
        let keep = {
            let kept = Arc::clone(&kept);
            move |body: Bytes| {
                let kept = Arc::clone(&kept);
                async move {
                    let sent = ExportTraceServiceRequest::decode(&*body).expect("protobuf");
                    let scopes = sent
                        .resource_spans
                        .into_iter()
                        .flat_map(|each| each.scope_spans);
                    let mut kept = kept.lock().expect("what is kept");
                    kept.spans.extend(scopes.flat_map(|scope| scope.spans));
                    kept.bytes.extend(&body);
                }
            }
        };
        let router = axum::Router::new().route("/v1/traces", post(keep));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, kept }
    }

    /// All spans that it was given.
    pub fn spans(&self) -> Vec<Span> {
        self.kept.lock().expect("what is kept").spans.clone()
    }

    /// Whether these words are anywhere in what it was given.
    pub fn holds(&self, words: &str) -> bool {
        let kept = self.kept.lock().expect("what is kept");
        memchr::memmem::find(&kept.bytes, words.as_bytes()).is_some()
    }
}
