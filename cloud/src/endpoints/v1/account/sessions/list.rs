//! `GET /api/v1/account/sessions`

use axum::extract::State;
use slipway_contract::cloud::factor::Session;
use slipway_contract::cloud::{Page, SessionId};
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::caller::Person;
use crate::http::json::Json;
use crate::http::listing::Listing;
use crate::http::params::Query;
use crate::http::route::Route;
use crate::server::Server;
use crate::tables::sessions;

pub(super) fn route() -> Route {
    Route::new(routes!(list), Access::Person)
}

/// The sessions of who asks that are still going, newest first.
#[utoipa::path(
    get, path = "/api/v1/account/sessions", tag = "account", operation_id = "list_sessions",
    params(Listing),
    responses((status = 200, description = "The sessions.", body = Page<Session>)),
)]
async fn list(
    State(server): State<Server>,
    person: Person,
    Query(listing): Query<Listing>,
) -> Result<Json<Page<Session>>, Failure> {
    let (after, most, now) = (listing.after()?, listing.rows()?, server.clock.now());
    let rows = sessions::live_of(server.database.read(), person.id(), now, after, most).await?;
    let own = person.session_id();
    let shown = |row: sessions::Model| {
        Ok(Session {
            id: SessionId(row.id),
            client: row.client,
            device: row.device,
            address: row.address,
            signed_in_at: row.signed_in_at.into(),
            last_used_at: row.last_used_at.into(),
            expires_at: row.expires_at.into(),
            current: SessionId(row.id) == own,
        })
    };
    listing.page(rows, |row| row.id, shown).map(Json)
}
