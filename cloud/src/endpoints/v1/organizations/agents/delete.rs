//! `DELETE /api/v1/organizations/{organization}/agents/{agent}`

use axum::http::StatusCode;
use slipway_contract::cloud::AgentId;
use slipway_contract::cloud::OrganizationId;
use slipway_contract::cloud::Permission;
use utoipa_axum::routes;

use crate::agents;
use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::access::Membership;
use crate::http::acting::Acting;
use crate::http::params::Path;
use crate::http::route::Route;
use crate::tables::agents::Shelf;

pub(super) fn route() -> Route {
    Route::new(
        routes!(delete),
        Access::Organization(Permission::DeleteAgents),
    )
}

/// Deletes an agent and its versions for good.
#[utoipa::path(
    delete, path = "/api/v1/organizations/{organization}/agents/{agent}", tag = "agents", operation_id = "delete_organization_agent",
    params(("organization" = uuid::Uuid, Path, description = "Its organization."), ("agent" = uuid::Uuid, Path, description = "Its id.")),
    responses((status = 204, description = "It is gone.")),
)]
async fn delete(
    acting: Acting,
    membership: Membership,
    Path((_organization, id)): Path<(OrganizationId, AgentId)>,
) -> Result<StatusCode, Failure> {
    let account = acting.caller.account().map(|account| account.id());
    let shelf = Shelf::Organization(membership.organization, account);
    let acting = &acting;
    acting
        .server
        .database
        .write(|on| async move {
            membership
                .confirm(&on, &acting.caller, Permission::DeleteAgents)
                .await?;
            let agent = agents::find(&on, shelf, id).await?;
            agents::delete(acting, &on, &agent).await
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
