//! `GET /api/v1/account/second-factor`

use axum::extract::State;
use slipway_contract::cloud::factor::SecondFactor;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::caller::Person;
use crate::http::json::Json;
use crate::http::route::Route;
use crate::people::factors;
use crate::server::Server;
use crate::tables::recovery_codes;

pub(super) fn route() -> Route {
    Route::new(routes!(show), Access::Person)
}

/// What signing in asks for after the first factor.
#[utoipa::path(
    get, path = "/api/v1/account/second-factor", tag = "account", operation_id = "show_second_factor",
    responses((status = 200, description = "What it asks for.", body = SecondFactor)),
)]
async fn show(State(server): State<Server>, person: Person) -> Result<Json<SecondFactor>, Failure> {
    let on = server.database.read();
    let asks = factors::of(on, person.id()).await?;
    Ok(Json(SecondFactor {
        totp: asks.totp,
        passkeys: asks.passkeys,
        recovery_codes: recovery_codes::left(on, person.id()).await?,
    }))
}
