//! `PATCH /api/v1/account/passkeys/{passkey}`

use axum::extract::State;
use axum::response::IntoResponse;
use slipway_contract::cloud::PasskeyId;
use slipway_contract::cloud::factor::{EditPasskey, Passkey};
use utoipa_axum::routes;

use super::shown;
use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::caller::Person;
use crate::http::etag::{IfMatch, etag};
use crate::http::json::Json;
use crate::http::params::Path;
use crate::http::route::Route;
use crate::server::Server;
use crate::tables::passkeys;

pub(super) fn route() -> Route {
    Route::new(routes!(edit), Access::Person)
}

/// Gives a passkey another name.
#[utoipa::path(
    patch, path = "/api/v1/account/passkeys/{passkey}", tag = "account", operation_id = "edit_passkey",
    params(
        ("passkey" = uuid::Uuid, Path, description = "Its id."),
        ("If-Match" = String, Header, description = "The ETag of the state that is changed, or *."),
    ),
    request_body = EditPasskey,
    responses((status = 200, description = "The passkey as it is now.", body = Passkey, headers(("ETag" = String, description = "Its state.")))),
)]
async fn edit(
    State(server): State<Server>,
    person: Person,
    Path(id): Path<PasskeyId>,
    seen: IfMatch,
    Json(change): Json<EditPasskey>,
) -> Result<impl IntoResponse, Failure> {
    let (account, seen, name) = (person.id(), &seen, change.name.as_str());
    let unknown = || Failure::not_found("passkey");
    let row = server
        .database
        .write(|on| async move {
            let row = passkeys::find(&on, account, id)
                .await?
                .ok_or_else(unknown)?;
            seen.check(row.revision)?;
            passkeys::rename(&on, &row, name).await?;
            passkeys::find(&on, account, id).await?.ok_or_else(unknown)
        })
        .await?;
    Ok((etag(row.revision), Json(shown(&row)?)))
}
