//! `GET /api/v1/organizations/{organization}/invitations`

use axum::extract::State;
use slipway_contract::cloud::Page;
use slipway_contract::cloud::Permission;
use slipway_contract::cloud::invitation::Invitation;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::access::Membership;
use crate::http::json::Json;
use crate::http::listing::Listing;
use crate::http::params::Query;
use crate::http::route::Route;
use crate::server::Server;
use crate::tables::invitations;

pub(super) fn route() -> Route {
    Route::new(routes!(list), Access::Organization(Permission::Invite))
}

/// The invitations that nobody answered yet, newest first.
#[utoipa::path(
    get, path = "/api/v1/organizations/{organization}/invitations", tag = "invitations", operation_id = "list_invitations",
    params(("organization" = uuid::Uuid, Path, description = "Its organization."), Listing),
    responses((status = 200, description = "A page of them.", body = Page<Invitation>)),
)]
async fn list(
    State(server): State<Server>,
    membership: Membership,
    Query(listing): Query<Listing>,
) -> Result<Json<Page<Invitation>>, Failure> {
    let on = server.database.read();
    let (most, after) = (listing.rows()?, listing.after()?);
    let rows = invitations::of_organization(on, membership.organization, after, most).await?;
    listing
        .page(rows, |row| row.id, |row| row.shown())
        .map(Json)
}
