//! `PATCH /api/v1/account`

use axum::extract::State;
use axum::response::IntoResponse;
use slipway_contract::cloud::account::{Account, EditAccount};
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::caller::Person;
use crate::http::etag::{IfMatch, etag};
use crate::http::json::Json;
use crate::http::route::Route;
use crate::server::Server;
use crate::tables::accounts;

pub(super) fn route() -> Route {
    Route::new(routes!(edit), Access::Person)
}

/// Changes the account of who asks.
#[utoipa::path(
    patch, path = "/api/v1/account", tag = "account", operation_id = "edit_account",
    params(("If-Match" = String, Header, description = "The ETag of the state that is changed.")),
    request_body = EditAccount,
    responses((status = 200, description = "The account as it is now.", body = Account, headers(("ETag" = String, description = "Its state.")))),
)]
async fn edit(
    State(server): State<Server>,
    person: Person,
    seen: IfMatch,
    Json(change): Json<EditAccount>,
) -> Result<impl IntoResponse, Failure> {
    let (id, seen, change) = (person.id(), &seen, &change);
    let account = server
        .database
        .write(|on| async move {
            let account = accounts::find(&on, id)
                .await?
                .ok_or_else(|| Failure::not_found("account"))?;
            seen.check(account.revision)?;
            if let Some(name) = &change.name {
                accounts::rename(&on, &account, name.as_str()).await?;
            }
            accounts::find(&on, id)
                .await?
                .ok_or_else(|| Failure::not_found("account"))
        })
        .await?;
    Ok((etag(account.revision), Json(account.shown()?)))
}
