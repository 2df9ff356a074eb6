//! `GET /api/v1/organizations/{organization}/agents/{agent}/versions`

use axum::extract::State;
use slipway_contract::cloud::AgentId;
use slipway_contract::cloud::OrganizationId;
use slipway_contract::cloud::Page;
use slipway_contract::cloud::Permission;
use slipway_contract::cloud::agent::AgentVersion;
use utoipa_axum::routes;

use crate::agents;
use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::access::Membership;
use crate::http::caller::Caller;
use crate::http::json::Json;
use crate::http::listing::Listing;
use crate::http::params::Path;
use crate::http::params::Query;
use crate::http::route::Route;
use crate::server::Server;
use crate::tables::agent_versions;
use crate::tables::agents::Shelf;

pub(super) fn route() -> Route {
    Route::new(routes!(list), Access::Organization(Permission::ReadAgents))
}

/// The versions of an agent, the last one that was added first.
#[utoipa::path(
    get, path = "/api/v1/organizations/{organization}/agents/{agent}/versions", tag = "agents", operation_id = "list_organization_agent_versions",
    params(("organization" = uuid::Uuid, Path, description = "Its organization."), ("agent" = uuid::Uuid, Path, description = "Its id."), Listing),
    responses((status = 200, description = "A page of them.", body = Page<AgentVersion>)),
)]
async fn list(
    State(server): State<Server>,
    membership: Membership,
    caller: Caller,
    Path((_organization, id)): Path<(OrganizationId, AgentId)>,
    Query(listing): Query<Listing>,
) -> Result<Json<Page<AgentVersion>>, Failure> {
    let on = server.database.read();
    let (most, after) = (listing.rows()?, listing.after()?);
    let account = caller.account().map(|account| account.id());
    let shelf = Shelf::Organization(membership.organization, account);
    let agent = agents::find(on, shelf, id).await?;
    let rows = agent_versions::list(on, agent.id, after, most).await?;
    listing
        .page(rows, |row| row.id, |row| row.shown())
        .map(Json)
}
