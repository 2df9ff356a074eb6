//! `PATCH /api/v1/organizations/{organization}/agents/{agent}`

use axum::response::IntoResponse;
use slipway_contract::cloud::AgentId;
use slipway_contract::cloud::OrganizationId;
use slipway_contract::cloud::Permission;
use slipway_contract::cloud::agent::Agent;
use slipway_contract::cloud::agent::EditSharedAgent;
use utoipa_axum::routes;

use crate::agents;
use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::access::Membership;
use crate::http::acting::Acting;
use crate::http::etag::IfMatch;
use crate::http::etag::etag;
use crate::http::json::Json;
use crate::http::params::Path;
use crate::http::route::Route;
use crate::tables::agents::Shelf;

pub(super) fn route() -> Route {
    Route::new(routes!(edit), Access::Organization(Permission::WriteAgents))
}

/// Changes an agent.
#[utoipa::path(
    patch, path = "/api/v1/organizations/{organization}/agents/{agent}", tag = "agents", operation_id = "edit_organization_agent",
    params(("organization" = uuid::Uuid, Path, description = "Its organization."), ("agent" = uuid::Uuid, Path, description = "Its id."), ("If-Match" = String, Header, description = "The ETag of the state that is changed.")),
    request_body = EditSharedAgent,
    responses((status = 200, description = "The agent as it is now.", body = Agent, headers(("ETag" = String, description = "Its state.")))),
)]
async fn edit(
    acting: Acting,
    membership: Membership,
    Path((_organization, id)): Path<(OrganizationId, AgentId)>,
    seen: IfMatch,
    Json(change): Json<EditSharedAgent>,
) -> Result<impl IntoResponse, Failure> {
    let account = acting.caller.account().map(|account| account.id());
    let shelf = Shelf::Organization(membership.organization, account);
    let (acting, seen, change) = (&acting, &seen, &change);
    let agent = acting
        .server
        .database
        .write(|on| async move {
            let role = membership
                .confirm(&on, &acting.caller, Permission::WriteAgents)
                .await?;
            let agent = agents::find(&on, shelf, id).await?;
            seen.check(agent.revision)?;
            agents::edit(acting, &on, shelf, role, agent, change).await
        })
        .await?;
    Ok((etag(agent.revision), Json(agent.shown()?)))
}
