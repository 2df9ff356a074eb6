//! `POST /api/v1/keys`

use axum::response::Response;
use slipway_contract::cloud::key::MadeApiKey;
use slipway_contract::cloud::key::NewApiKey;
use utoipa_axum::routes;

use crate::api_keys;
use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::acting::Acting;
use crate::http::caller::Person;
use crate::http::idempotency::Idempotency;
use crate::http::json::Json;
use crate::http::route::Route;
use crate::mail;
use crate::tables::api_keys::Holder;

pub(super) fn route() -> Route {
    Route::new(routes!(create), Access::RecentPerson)
}

/// Makes a key of who asks. Its secret is shown this once.
///
/// Its person hears of it by mail.
#[utoipa::path(
    post, path = "/api/v1/keys", tag = "keys", operation_id = "create_key",
    params(("Idempotency-Key" = Option<String>, Header, description = "Sent again with the same key, the request makes nothing anew.")),
    request_body = NewApiKey,
    responses((status = 201, description = "The key, with its secret.", body = MadeApiKey)),
)]
async fn create(
    acting: Acting,
    person: Person,
    idempotency: Idempotency,
    Json(new): Json<NewApiKey>,
) -> Result<Response, Failure> {
    api_keys::check(&new, None)?;
    let (acting, asked) = (&acting, &new);
    let holder = Holder::Person(person.id());
    idempotency
        .create(&acting.server, &acting.caller, &new, |on| async move {
            let made = api_keys::create(acting, &on, holder, asked).await?;
            let what = format!(
                "The API key {} was made. It goes on until its time is over or you revoke it, also after a new password.",
                mail::quoted(asked.name.as_str())
            );
            acting.tell(&on, &what).await?;
            Ok(made)
        })
        .await
}
