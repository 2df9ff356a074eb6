//! `DELETE /api/v1/keys/{key}`

use axum::http::StatusCode;
use slipway_contract::cloud::ApiKeyId;
use utoipa_axum::routes;

use crate::api_keys;
use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::acting::About;
use crate::http::acting::Acting;
use crate::http::caller::Person;
use crate::http::params::Path;
use crate::http::route::Route;
use crate::tables::api_keys::Holder;

pub(super) fn route() -> Route {
    Route::new(routes!(revoke), Access::Person)
}

/// Makes a key void at once.
#[utoipa::path(
    delete, path = "/api/v1/keys/{key}", tag = "keys", operation_id = "revoke_key",
    params(("key" = uuid::Uuid, Path, description = "Its id.")),
    responses((status = 204, description = "It cannot be used any more.")),
)]
async fn revoke(
    acting: Acting,
    person: Person,
    Path(id): Path<ApiKeyId>,
) -> Result<StatusCode, Failure> {
    let (acting, holder) = (&acting, Holder::Person(person.id()));
    acting
        .server
        .database
        .write(|on| async move {
            api_keys::revoke(&on, holder, id, acting.now()).await?;
            let about = About {
                target: Some(id.to_string()),
                ..About::default()
            };
            acting.record(&on, "key.revoked", about).await
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
