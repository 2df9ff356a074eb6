//! `GET /api/v1/organizations/{organization}/agents/{agent}`

use axum::extract::State;
use axum::response::IntoResponse;
use slipway_contract::cloud::AgentId;
use slipway_contract::cloud::OrganizationId;
use slipway_contract::cloud::Permission;
use slipway_contract::cloud::agent::Agent;
use utoipa_axum::routes;

use crate::agents;
use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::access::Membership;
use crate::http::caller::Caller;
use crate::http::etag::etag;
use crate::http::json::Json;
use crate::http::params::Path;
use crate::http::route::Route;
use crate::server::Server;
use crate::tables::agents::Shelf;

pub(super) fn route() -> Route {
    Route::new(routes!(show), Access::Organization(Permission::ReadAgents))
}

/// An agent.
#[utoipa::path(
    get, path = "/api/v1/organizations/{organization}/agents/{agent}", tag = "agents", operation_id = "show_organization_agent",
    params(("organization" = uuid::Uuid, Path, description = "Its organization."), ("agent" = uuid::Uuid, Path, description = "Its id.")),
    responses((status = 200, description = "The agent.", body = Agent, headers(("ETag" = String, description = "Its state.")))),
)]
async fn show(
    State(server): State<Server>,
    membership: Membership,
    caller: Caller,
    Path((_organization, id)): Path<(OrganizationId, AgentId)>,
) -> Result<impl IntoResponse, Failure> {
    let account = caller.account().map(|account| account.id());
    let shelf = Shelf::Organization(membership.organization, account);
    let agent = agents::find(server.database.read(), shelf, id).await?;
    Ok((etag(agent.revision), Json(agent.shown()?)))
}
