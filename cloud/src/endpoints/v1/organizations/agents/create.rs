//! `POST /api/v1/organizations/{organization}/agents`

use axum::response::Response;
use slipway_contract::cloud::Permission;
use slipway_contract::cloud::agent::Agent;
use slipway_contract::cloud::agent::NewSharedAgent;
use utoipa_axum::routes;

use crate::agents;
use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::access::Membership;
use crate::http::acting::Acting;
use crate::http::idempotency::Idempotency;
use crate::http::json::Json;
use crate::http::route::Route;
use crate::tables::agents::Shelf;

pub(super) fn route() -> Route {
    Route::new(
        routes!(create),
        Access::Organization(Permission::WriteAgents),
    )
}

/// Adds an agent to an organization, which sees it if nothing else is said.
#[utoipa::path(
    post, path = "/api/v1/organizations/{organization}/agents", tag = "agents", operation_id = "create_organization_agent",
    params(("organization" = uuid::Uuid, Path, description = "Its organization."), ("Idempotency-Key" = Option<String>, Header, description = "Sent again with the same key, the request makes nothing anew.")),
    request_body = NewSharedAgent,
    responses((status = 201, description = "The agent, without a version.", body = Agent)),
)]
async fn create(
    acting: Acting,
    membership: Membership,
    idempotency: Idempotency,
    Json(new): Json<NewSharedAgent>,
) -> Result<Response, Failure> {
    let account = acting.caller.account().map(|account| account.id());
    let shelf = Shelf::Organization(membership.organization, account);
    let (acting, asked) = (&acting, &new);
    idempotency
        .create(&acting.server, &acting.caller, &new, |on| async move {
            membership
                .confirm(&on, &acting.caller, Permission::WriteAgents)
                .await?;
            agents::create(acting, &on, shelf, asked).await
        })
        .await
}
