//! `GET /api/v1/organizations/{organization}/agents`

use axum::extract::State;
use slipway_contract::cloud::Page;
use slipway_contract::cloud::Permission;
use slipway_contract::cloud::agent::Agent;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::access::Membership;
use crate::http::caller::Caller;
use crate::http::json::Json;
use crate::http::listing::Listing;
use crate::http::params::Query;
use crate::http::route::Route;
use crate::server::Server;
use crate::tables::agents as rows;
use crate::tables::agents::Shelf;

pub(super) fn route() -> Route {
    Route::new(routes!(list), Access::Organization(Permission::ReadAgents))
}

/// The agents of an organization that who asks sees, newest first.
#[utoipa::path(
    get, path = "/api/v1/organizations/{organization}/agents", tag = "agents", operation_id = "list_organization_agents",
    params(("organization" = uuid::Uuid, Path, description = "Its organization."), Listing),
    responses((status = 200, description = "A page of them.", body = Page<Agent>)),
)]
async fn list(
    State(server): State<Server>,
    membership: Membership,
    caller: Caller,
    Query(listing): Query<Listing>,
) -> Result<Json<Page<Agent>>, Failure> {
    let on = server.database.read();
    let (most, after) = (listing.rows()?, listing.after()?);
    let account = caller.account().map(|account| account.id());
    let shelf = Shelf::Organization(membership.organization, account);
    let rows = rows::list(on, shelf, after, most).await?;
    listing
        .page(rows, |row| row.id, |row| row.shown())
        .map(Json)
}
