//! What every request passes on its way in and out.

use std::any::Any;
use std::mem;

use axum::extract::{MatchedPath, Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use slipway_contract::cloud::{Problem, ProblemCode};
use tokio::time::Instant;
use tracing::Instrument as _;
use tracing::field::Empty;

use super::origin::Address;
use super::rate;
use crate::failure::Failure;
use crate::server::Server;
use crate::telemetry::{DURATION, REFUSED, RUNNING, TRACED};

/// The header that carries a request's id.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A request's id.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// Gives each request an id, and each problem the id of its request; finds out where it comes from.
pub async fn identify(State(server): State<Server>, mut request: Request, next: Next) -> Response {
    let given = request
        .headers()
        .get(REQUEST_ID)
        .and_then(|id| id.to_str().ok());
    let is_sound = |id: &&str| {
        (8..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let id = match given.filter(is_sound) {
        Some(id) => id.to_owned(),
        None => match server.chance.id(server.clock.now()) {
            Ok(id) => id.simple().to_string(),
            Err(error) => return Failure::from(error).into_response(),
        },
    };
    let address = Address::of(
        request.headers(),
        request.extensions(),
        server.config.proxies,
    );
    request.extensions_mut().insert(RequestId(id.clone()));
    request.extensions_mut().insert(address);
    let mut response = next.run(request).await;
    if let Some(mut problem) = response.extensions_mut().remove::<Problem>() {
        metrics::counter!(REFUSED, "code" => problem.code.as_str()).increment(1);
        problem.request_id = Some(id.clone());
        if let Ok(body) = serde_json::to_vec(&problem) {
            response.headers_mut().remove(header::CONTENT_LENGTH);
            *response.body_mut() = body.into();
        }
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// A method by the name that the standards give it (RFC 9110, section 9.3; RFC 5789), and `other` for all else:
/// what is logged and counted are names of ours alone, so that nobody fills logs and metrics with theirs.
fn known(method: &Method) -> &'static str {
    let names = [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE",
    ];
    let known = names.into_iter().find(|name| method == *name);
    known.unwrap_or("other")
}

/// Logs, counts and traces each request, by the path as the router writes it: what stands in it or in
/// the query is nobody's business.
pub async fn observe(request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>();
    let path = path.map_or("unknown", MatchedPath::as_str).to_owned();
    let method = known(request.method());
    let id = request
        .extensions()
        .get::<RequestId>()
        .map(|id| id.0.clone())
        .unwrap_or_default();
    let logged = tracing::info_span!("request", %id);
    // Named as OpenTelemetry's conventions for HTTP have it.
    let traced = tracing::info_span!(
        target: TRACED,
        "request",
        otel.name = %format!("{method} {path}"),
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = %method,
        http.route = %path,
        http.response.status_code = Empty,
        request = %id,
    );
    metrics::gauge!(RUNNING).increment(1);
    let mut running = Running {
        method,
        path,
        logged: logged.clone(),
        traced: traced.clone(),
        began: Instant::now(),
        status: None,
    };
    let response = next.run(request).instrument(logged).instrument(traced);
    let response = response.await;
    running.status = Some(response.status());
    response
}

/// A request that runs, until its answer is there or its caller goes.
struct Running {
    method: &'static str,
    path: String,
    logged: tracing::Span,
    traced: tracing::Span,
    began: Instant,
    status: Option<StatusCode>,
}

impl Drop for Running {
    fn drop(&mut self) {
        metrics::gauge!(RUNNING).decrement(1);
        let took = self.began.elapsed();
        let status = self.status.map(|status| status.as_u16());
        let said = status.map_or_else(|| "none".to_owned(), |status| status.to_string());
        let (method, route) = (self.method, mem::take(&mut self.path));
        // To a tenth.
        let millis = (took.as_secs_f64() * 10_000.0).round() / 10.0;
        if let Some(status) = status {
            // A number to OpenTelemetry, too, which knows no unsigned ones.
            self.traced
                .record("http.response.status_code", i64::from(status));
            if self.status.is_some_and(|status| status.is_server_error()) {
                self.traced.record("otel.status_code", "ERROR");
            }
            self.logged
                .in_scope(|| tracing::info!(method, route, status, millis, "answered"));
        } else {
            self.logged.in_scope(|| {
                tracing::info!(
                    method,
                    route,
                    millis,
                    "its caller went before it was answered"
                );
            });
        }
        metrics::histogram!(DURATION, "method" => method, "path" => route, "status" => said)
            .record(took);
    }
}

/// Holds addresses to their rate.
pub async fn limit(State(server): State<Server>, request: Request, next: Next) -> Response {
    let address = request.extensions().get::<Address>().copied();
    let Some(address) = address else {
        return next.run(request).await;
    };
    match rate::ask_from(&server, &address.network()).await {
        Err(failure) => failure.into_response(),
        Ok(allowance) => match allowance.check() {
            Ok(()) => next.run(request).await,
            Err(failure) => {
                let mut response = failure.into_response();
                allowance.tell(&mut response);
                response
            }
        },
    }
}

/// Refuses a request that does not say once, and soundly, which host it is for: two programs on its way could
/// read it as for two (RFC 9112, section 3.2). In HTTP/1.0, as simple probes speak it, it may say nothing.
pub async fn one_host(request: Request, next: Next) -> Response {
    let hosts: Vec<_> = request.headers().get_all(header::HOST).iter().collect();
    let is_sound = match hosts.as_slice() {
        [] => request.version() < Version::HTTP_11,
        [host] => host
            .to_str()
            .is_ok_and(|host| host.parse::<Authority>().is_ok()),
        _ => false,
    };
    if is_sound {
        return next.run(request).await;
    }
    Failure::new(
        ProblemCode::Malformed,
        "The request does not name one host in its header Host.",
    )
    .into_response()
}

/// Answers for an endpoint that panicked.
#[must_use]
#[expect(
    clippy::needless_pass_by_value,
    reason = "the layer that catches panics hands over what was thrown"
)]
pub fn panicked(what: Box<dyn Any + Send + 'static>) -> Response {
    let text = what
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| what.downcast_ref::<&str>().copied());
    Failure::Internal(format!(
        "an endpoint panicked: {}",
        text.unwrap_or("without a text")
    ))
    .into_response()
}

/// Headers that keep an answer from being taken for something else, or kept where others see it.
pub async fn harden(State(server): State<Server>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::CACHE_CONTROL, "no-store"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        ),
    ] {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    let hsts = server.config.hsts.header();
    if let Some(value) = hsts.filter(|_| server.config.public_url.starts_with("https:")) {
        let value = HeaderValue::from_static(value);
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use futures::FutureExt as _;
    use metrics_exporter_prometheus::PrometheusBuilder;
    use tower::ServiceExt as _;

    use super::*;

    #[test]
    fn a_request_whose_caller_goes_runs_no_more_and_is_counted() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let told = recorder.handle();
        metrics::with_local_recorder(&recorder, || {
            let router = Router::new()
                .route("/at-once", get(async || "done"))
                .route("/never", get(std::future::pending::<()>))
                .layer(from_fn(observe));
            let ask = |path: &str| {
                let request = Request::get(path).body(Body::empty()).unwrap();
                router.clone().oneshot(request)
            };
            assert!(ask("/at-once").now_or_never().is_some());
            let mut left = Box::pin(ask("/never"));
            assert!(left.as_mut().now_or_never().is_none());
            assert!(told.render().contains("http_requests_running 1\n"));
            drop(left);
        });
        let told = told.render();
        for line in [
            "http_requests_running 0\n",
            "path=\"/at-once\",status=\"200\",",
            "path=\"/never\",status=\"none\",",
        ] {
            assert!(told.contains(line), "{told}");
        }
    }
}
