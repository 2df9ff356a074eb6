//! `PATCH /api/v1/agents/{agent}`

use axum::response::IntoResponse;
use slipway_contract::cloud::AgentId;
use slipway_contract::cloud::Scope;
use slipway_contract::cloud::agent::Agent;
use slipway_contract::cloud::agent::EditAgent;
use utoipa_axum::routes;

use crate::agents;
use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::acting::Acting;
use crate::http::etag::IfMatch;
use crate::http::etag::etag;
use crate::http::json::Json;
use crate::http::params::Path;
use crate::http::route::Route;
use crate::tables::agents::Shelf;

pub(super) fn route() -> Route {
    Route::new(routes!(edit), Access::Own(Scope::WriteAgents))
}

/// Changes an agent.
#[utoipa::path(
    patch, path = "/api/v1/agents/{agent}", tag = "agents", operation_id = "edit_agent",
    params(("agent" = uuid::Uuid, Path, description = "Its id."), ("If-Match" = String, Header, description = "The ETag of the state that is changed.")),
    request_body = EditAgent,
    responses((status = 200, description = "The agent as it is now.", body = Agent, headers(("ETag" = String, description = "Its state.")))),
)]
async fn edit(
    acting: Acting,
    Path(id): Path<AgentId>,
    seen: IfMatch,
    Json(change): Json<EditAgent>,
) -> Result<impl IntoResponse, Failure> {
    let shelf = Shelf::Person(acting.account()?);
    let (acting, seen, change) = (&acting, &seen, &change.into());
    let agent = acting
        .server
        .database
        .write(|on| async move {
            let agent = agents::find(&on, shelf, id).await?;
            seen.check(agent.revision)?;
            agents::edit(acting, &on, shelf, None, agent, change).await
        })
        .await?;
    Ok((etag(agent.revision), Json(agent.shown()?)))
}
