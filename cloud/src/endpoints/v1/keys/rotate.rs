//! `POST /api/v1/keys/{key}/rotate`

use axum::response::Response;
use serde_json::json;
use slipway_contract::cloud::ApiKeyId;
use slipway_contract::cloud::key::MadeApiKey;
use slipway_contract::cloud::key::RotateApiKey;
use utoipa_axum::routes;

use crate::api_keys::live;
use crate::api_keys::rotate as rotate_key;
use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::acting::About;
use crate::http::acting::Acting;
use crate::http::caller::Person;
use crate::http::idempotency::Idempotency;
use crate::http::json::Json;
use crate::http::params::Path;
use crate::http::route::Route;
use crate::mail;
use crate::tables::api_keys::Holder;

pub(super) fn route() -> Route {
    Route::new(routes!(rotate), Access::RecentPerson)
}

/// Makes a key that takes the place of this one, which goes on for the hours that are asked for.
///
/// Its person hears of it by mail.
#[utoipa::path(
    post, path = "/api/v1/keys/{key}/rotate", tag = "keys", operation_id = "rotate_key",
    params(("key" = uuid::Uuid, Path, description = "Its id."), ("Idempotency-Key" = Option<String>, Header, description = "Sent again with the same key, the request makes nothing anew.")),
    request_body = RotateApiKey,
    responses((status = 201, description = "The new key, with its secret.", body = MadeApiKey)),
)]
async fn rotate(
    acting: Acting,
    person: Person,
    Path(id): Path<ApiKeyId>,
    idempotency: Idempotency,
    Json(asked): Json<RotateApiKey>,
) -> Result<Response, Failure> {
    let (acting, maker) = (&acting, acting.account()?);
    let (holder, hours) = (Holder::Person(person.id()), asked.grace_hours);
    idempotency
        .create(&acting.server, &acting.caller, &asked, |on| async move {
            let old = live(&on, holder, id, acting.now()).await?;
            let made = rotate_key(&acting.server, &on, holder, old, maker, hours).await?;
            let about = About {
                target: Some(id.to_string()),
                detail: Some(
                    json!({"name": made.key.name, "next": made.key.id, "grace_hours": hours}),
                ),
                ..About::default()
            };
            acting.record(&on, "key.rotated", about).await?;
            let what = format!(
                "The API key {} was rotated: another one takes its place.",
                mail::quoted(made.key.name.as_str())
            );
            acting.tell(&on, &what).await?;
            Ok(made)
        })
        .await
}
