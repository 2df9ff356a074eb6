//! `PUT /api/v1/organizations/{organization}/agents/{agent}/versions/{content_hash}`

use axum::extract::Request;
use axum::http::StatusCode;
use slipway_contract::ContentHash;
use slipway_contract::cloud::AgentId;
use slipway_contract::cloud::OrganizationId;
use slipway_contract::cloud::Permission;
use slipway_contract::cloud::agent::AgentVersion;
use utoipa_axum::routes;

use crate::agents;
use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::access::Membership;
use crate::http::acting::Acting;
use crate::http::json::Json;
use crate::http::params::Path;
use crate::http::route::Route;
use crate::package;
use crate::tables::agents::Shelf;

pub(super) fn route() -> Route {
    Route::new(
        routes!(upload),
        Access::Organization(Permission::WriteAgents),
    )
}

/// Adds a version by its `.slipway` archive. The server computes the content hash itself.
#[utoipa::path(
    put, path = "/api/v1/organizations/{organization}/agents/{agent}/versions/{content_hash}", tag = "agents", operation_id = "upload_organization_agent_version",
    params(("organization" = uuid::Uuid, Path, description = "Its organization."), ("agent" = uuid::Uuid, Path, description = "Its id."), ("content_hash" = String, Path, description = "The content hash: 64 lower-case hex digits.")),
    request_body(content = package::Archive, content_type = "application/zip"),
    responses((status = 200, description = "The agent had it.", body = AgentVersion), (status = 201, description = "The version.", body = AgentVersion)),
)]
async fn upload(
    acting: Acting,
    membership: Membership,
    Path((_organization, id, hash)): Path<(OrganizationId, AgentId, ContentHash)>,
    request: Request,
) -> Result<(StatusCode, Json<AgentVersion>), Failure> {
    let account = acting.caller.account().map(|account| account.id());
    let shelf = Shelf::Organization(membership.organization, account);
    // Before anything is unpacked for an agent that is not there.
    agents::find(acting.server.database.read(), shelf, id).await?;
    let upload = package::receive(&acting, request, hash).await?;
    let (acting, received, now) = (&acting, &upload.received, acting.now());
    let place = acting.server.chance.id(now)?;
    let (version, is_new) = acting
        .server
        .database
        .write(|on| async move {
            membership
                .confirm(&on, &acting.caller, Permission::WriteAgents)
                .await?;
            let agent = agents::find(&on, shelf, id).await?;
            agents::add_version(acting, &on, agent, received, place).await
        })
        .await?;
    let status = if is_new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok((status, Json(version)))
}
