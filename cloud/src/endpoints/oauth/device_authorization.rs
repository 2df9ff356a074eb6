//! `POST /oauth/device-authorization`

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::Ref;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa_axum::routes;

use crate::http::access::Access;
use crate::http::json::Json;
use crate::http::origin::Origin;
use crate::http::route::Route;
use crate::oauth::parameters::Parameters;
use crate::oauth::program::Program;
use crate::oauth::refusal::{Refusal, Refused};
use crate::oauth::{DeviceName, devices};
use crate::server::Server;

pub(super) fn route() -> Route {
    Route::new(routes!(begin), Access::Public)
}

/// A program that has no browser.
#[derive(Debug, Deserialize, ToSchema)]
struct DeviceRequest {
    client_id: Program,
    #[schema(schema_with = name_or_nothing, required = false)]
    device_name: Option<DeviceName>,
}

/// An empty value is none (RFC 6749, section 3.2).
fn name_or_nothing() -> Schema {
    let nothing = ObjectBuilder::new()
        .schema_type(Type::String)
        .max_length(Some(0));
    let description = "How the device names itself; it is shown where somebody lets it in.";
    OneOfBuilder::new()
        .description(Some(description))
        .item(Ref::from_schema_name(DeviceName::name()))
        .item(nothing)
        .into()
}

/// What a program shows to its person, and what it asks with (RFC 8628, section 3.2).
#[derive(Debug, Serialize, ToSchema)]
struct DeviceAuthorization {
    /// What the program asks with.
    device_code: String,
    /// What the person types.
    user_code: String,
    /// Where.
    verification_uri: String,
    /// The same with the code in it.
    verification_uri_complete: String,
    /// For how many seconds.
    expires_in: i64,
    /// How many seconds the program waits between its questions.
    interval: i64,
}

/// Begins to sign in on a device that has no browser.
#[utoipa::path(
    post, path = "/oauth/device-authorization", tag = "oauth", operation_id = "begin_device_authorization",
    request_body(content = DeviceRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The codes.", body = DeviceAuthorization),
        (status = 400, description = "None, by the rules of OAuth.", body = Refusal),
    ),
)]
async fn begin(
    State(server): State<Server>,
    origin: Origin,
    parameters: Parameters,
) -> Result<Json<DeviceAuthorization>, Refused> {
    let asked: DeviceRequest = parameters.read()?;
    let device = asked.device_name.as_ref();
    let begun = devices::begin(&server, asked.client_id, device, &origin).await?;
    let verification_uri = format!("{}/device", server.config.public_url);
    Ok(Json(DeviceAuthorization {
        device_code: begun.device_code.expose().clone(),
        user_code: begun.user_code.to_string(),
        verification_uri_complete: format!("{verification_uri}?user_code={}", begun.user_code),
        verification_uri,
        expires_in: devices::SECONDS,
        interval: devices::PAUSE_SECONDS,
    }))
}
