//! `GET /api/v1/agents`

use axum::extract::State;
use slipway_contract::cloud::Page;
use slipway_contract::cloud::Scope;
use slipway_contract::cloud::agent::Agent;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::caller::Caller;
use crate::http::json::Json;
use crate::http::listing::Listing;
use crate::http::params::Query;
use crate::http::route::Route;
use crate::server::Server;
use crate::tables::agents as rows;
use crate::tables::agents::Shelf;

pub(super) fn route() -> Route {
    Route::new(routes!(list), Access::Own(Scope::ReadAgents))
}

/// The agents that are private to who asks, wherever they are, newest first.
#[utoipa::path(
    get, path = "/api/v1/agents", tag = "agents", operation_id = "list_agents",
    params(Listing),
    responses((status = 200, description = "A page of them.", body = Page<Agent>)),
)]
async fn list(
    State(server): State<Server>,
    caller: Caller,
    Query(listing): Query<Listing>,
) -> Result<Json<Page<Agent>>, Failure> {
    let on = server.database.read();
    let (most, after) = (listing.rows()?, listing.after()?);
    let account = caller.account().map(|account| account.id());
    let account = account.ok_or_else(|| Failure::not_found("agent"))?;
    let shelf = Shelf::Person(account);
    let rows = rows::list(on, shelf, after, most).await?;
    listing
        .page(rows, |row| row.id, |row| row.shown())
        .map(Json)
}
