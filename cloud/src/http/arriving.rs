//! Bodies that are short, and so arrive soon: a request is worked on when its body is there. So who sends slowly holds up
//! nobody but others who send.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use slipway_contract::cloud::ProblemCode;
use tokio::time::timeout;

use super::json;
use super::room::{Room, network};
use crate::failure::Failure;
use crate::package;

/// How long a body may take to arrive, if a request may take longer.
const SOON: Duration = Duration::from_secs(10);

/// Where requests wait for their bodies.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The places.
    pub room: Arc<Room>,
    /// How long a request may take.
    pub most: Duration,
}

/// Lets a request on when its body is there, up to what the server takes. Archives alone, which are longer, are read by
/// those who want them.
pub async fn arrive(State(waiting): State<Waiting>, request: Request, next: Next) -> Response {
    let kind = request.headers().get(CONTENT_TYPE);
    if request.body().is_end_stream() || kind.is_some_and(|kind| kind == package::KIND) {
        return next.run(request).await;
    }
    match whole(&waiting, request).await {
        Ok(request) => next.run(request).await,
        Err(failure) => failure.into_response(),
    }
}

async fn whole(waiting: &Waiting, request: Request) -> Result<Request, Failure> {
    let _place = waiting.room.take(network(&request))?;
    let (parts, body) = request.into_parts();
    let mut sent = Request::new(body);
    // How long it may be is among them.
    parts.extensions.clone_into(sent.extensions_mut());
    let soon = waiting.most.min(SOON);
    let Ok(bytes) = timeout(soon, json::whole(sent, &())).await else {
        let detail = format!("The body took longer than {} s to arrive.", soon.as_secs());
        return Err(Failure::later(ProblemCode::Timeout, detail, 1));
    };
    let body = Body::from(bytes?);
    Ok(Request::from_parts(parts, body))
}
