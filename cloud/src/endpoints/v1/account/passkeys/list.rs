//! `GET /api/v1/account/passkeys`

use axum::extract::State;
use slipway_contract::cloud::Page;
use slipway_contract::cloud::factor::Passkey;
use utoipa_axum::routes;

use super::shown;
use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::caller::Person;
use crate::http::json::Json;
use crate::http::listing::Listing;
use crate::http::params::Query;
use crate::http::route::Route;
use crate::server::Server;
use crate::tables::passkeys;

pub(super) fn route() -> Route {
    Route::new(routes!(list), Access::Person)
}

/// The passkeys of who asks, oldest first.
#[utoipa::path(
    get, path = "/api/v1/account/passkeys", tag = "account", operation_id = "list_passkeys",
    params(Listing),
    responses((status = 200, description = "The passkeys.", body = Page<Passkey>)),
)]
async fn list(
    State(server): State<Server>,
    person: Person,
    Query(listing): Query<Listing>,
) -> Result<Json<Page<Passkey>>, Failure> {
    let (after, most) = (listing.after()?, listing.rows()?);
    let rows = passkeys::of_account(server.database.read(), person.id(), after, most).await?;
    listing
        .page(rows, |row| row.id, |row| shown(&row))
        .map(Json)
}
