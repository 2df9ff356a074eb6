//! `GET /api/v1/organizations/{organization}/keys`

use axum::extract::State;
use slipway_contract::cloud::Page;
use slipway_contract::cloud::Permission;
use slipway_contract::cloud::key::ApiKey;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::access::Membership;
use crate::http::json::Json;
use crate::http::listing::Listing;
use crate::http::params::Query;
use crate::http::route::Route;
use crate::server::Server;
use crate::tables::api_keys;
use crate::tables::api_keys::Holder;

pub(super) fn route() -> Route {
    Route::new(routes!(list), Access::Organization(Permission::ManageKeys))
}

/// The keys of an organization, newest first, those included whose time is over.
#[utoipa::path(
    get, path = "/api/v1/organizations/{organization}/keys", tag = "keys", operation_id = "list_organization_keys",
    params(("organization" = uuid::Uuid, Path, description = "Its organization."), Listing),
    responses((status = 200, description = "A page of them.", body = Page<ApiKey>)),
)]
async fn list(
    State(server): State<Server>,
    membership: Membership,
    Query(listing): Query<Listing>,
) -> Result<Json<Page<ApiKey>>, Failure> {
    let on = server.database.read();
    let (most, after) = (listing.rows()?, listing.after()?);
    let holder = Holder::Organization(membership.organization);
    let rows = api_keys::list(on, holder, after, most).await?;
    listing
        .page(rows, |row| row.id, |row| row.shown())
        .map(Json)
}
