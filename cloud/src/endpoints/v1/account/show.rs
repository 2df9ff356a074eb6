//! `GET /api/v1/account`

use axum::response::IntoResponse;
use slipway_contract::cloud::Scope;
use slipway_contract::cloud::account::Account;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::caller::Caller;
use crate::http::etag::etag;
use crate::http::json::Json;
use crate::http::route::Route;

pub(super) fn route() -> Route {
    Route::new(routes!(show), Access::SignedIn(Scope::ReadAccount))
}

/// Who asks.
#[utoipa::path(
    get, path = "/api/v1/account", tag = "account", operation_id = "show_account",
    responses((status = 200, description = "The account.", body = Account, headers(("ETag" = String, description = "Its state.")))),
)]
async fn show(caller: Caller) -> Result<impl IntoResponse, Failure> {
    let account = caller
        .account()
        .ok_or_else(|| Failure::not_found("account: the key is an organization's"))?;
    Ok((etag(account.revision), Json(account.shown()?)))
}
