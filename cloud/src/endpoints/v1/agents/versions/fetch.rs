//! `GET /api/v1/agents/{agent}/versions/{content_hash}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;
use slipway_contract::ContentHash;
use slipway_contract::cloud::AgentId;
use slipway_contract::cloud::Scope;
use utoipa_axum::routes;

use crate::agents;
use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::caller::Caller;
use crate::http::etag::etag_named;
use crate::http::etag::is_known;
use crate::http::params::Path;
use crate::http::route::Route;
use crate::package;
use crate::server::Server;
use crate::tables::agents::Shelf;

pub(super) fn route() -> Route {
    Route::new(routes!(fetch), Access::Own(Scope::ReadAgents))
}

/// The archive of a version: the same bytes for the same content hash, always.
#[utoipa::path(
    get, path = "/api/v1/agents/{agent}/versions/{content_hash}", tag = "agents", operation_id = "fetch_agent_version",
    params(("agent" = uuid::Uuid, Path, description = "Its id."), ("content_hash" = String, Path, description = "The content hash: 64 lower-case hex digits."), ("If-None-Match" = Option<String>, Header, description = "The ETag of what the caller has.")),
    responses((status = 200, description = "The archive.", body = package::Archive, content_type = "application/zip", headers(("ETag" = String, description = "The content hash."))), (status = 304, description = "The caller has it.")),
)]
async fn fetch(
    State(server): State<Server>,
    caller: Caller,
    Path((id, hash)): Path<(AgentId, ContentHash)>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let on = server.database.read();
    let account = caller.account().map(|account| account.id());
    let account = account.ok_or_else(|| Failure::not_found("agent"))?;
    let shelf = Shelf::Person(account);
    let agent = agents::find(on, shelf, id).await?;
    let name = hash.to_string();
    let version = agents::version(on, &agent, hash).await?;
    if is_known(&headers, &name) {
        return Ok((StatusCode::NOT_MODIFIED, etag_named(&name)).into_response());
    }
    package::answer(&server, &version, &name).await
}
