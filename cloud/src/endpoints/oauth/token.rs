//! `POST /oauth/token`

use axum::extract::State;
use serde::{Deserialize, Serialize};
use slipway_contract::Secret;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::http::access::Access;
use crate::http::json::Json;
use crate::http::origin::Origin;
use crate::http::route::Route;
use crate::oauth::metadata::DEVICE_CODE;
use crate::oauth::parameters::Parameters;
use crate::oauth::program::Program;
use crate::oauth::refusal::{Code, Refusal, Refused};
use crate::oauth::{codes, devices};
use crate::server::Server;
use crate::tokens::access;
use crate::tokens::refresh::refresh;

pub(super) fn route() -> Route {
    Route::new(routes!(give), Access::Public)
}

/// What a program shows for tokens.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "grant_type")]
enum TokenRequest {
    /// A code that a browser brought.
    #[serde(rename = "authorization_code")]
    #[schema(title = "AuthorizationCode")]
    AuthorizationCode {
        client_id: Program,
        #[schema(value_type = String, min_length = 1)]
        code: Secret,
        #[schema(min_length = 1)]
        redirect_uri: String,
        #[schema(value_type = String, min_length = 43, max_length = 128)]
        code_verifier: Secret,
    },
    /// The refresh token that came with the last tokens.
    #[serde(rename = "refresh_token")]
    #[schema(title = "RefreshToken")]
    RefreshToken {
        client_id: Program,
        #[schema(value_type = String, min_length = 1)]
        refresh_token: Secret,
    },
    /// The code of a device that somebody lets in elsewhere.
    #[serde(rename = "urn:ietf:params:oauth:grant-type:device_code")]
    #[schema(title = "DeviceCode")]
    DeviceCode {
        client_id: Program,
        #[schema(value_type = String, min_length = 1)]
        device_code: Secret,
    },
}

/// Tokens.
#[derive(Debug, Serialize, ToSchema)]
struct TokenAnswer {
    /// For requests.
    access_token: String,
    token_type: Bearer,
    /// For how many seconds requests take it.
    expires_in: i64,
    /// For the next tokens, once.
    refresh_token: String,
}

#[derive(Debug, Serialize, ToSchema)]
enum Bearer {
    Bearer,
}

fn known(grant: &str) -> bool {
    ["authorization_code", "refresh_token", DEVICE_CODE].contains(&grant)
}

/// Gives a program tokens: for a code, for a refresh token, or for a device that was let in.
#[utoipa::path(
    post, path = "/oauth/token", tag = "oauth", operation_id = "give_tokens",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The tokens.", body = TokenAnswer),
        (status = 400, description = "None, by the rules of OAuth.", body = Refusal),
    ),
)]
async fn give(
    State(server): State<Server>,
    origin: Origin,
    parameters: Parameters,
) -> Result<Json<TokenAnswer>, Refused> {
    if parameters
        .get("grant_type")
        .is_some_and(|grant| !known(grant))
    {
        let what = "The parameter grant_type names no way to get tokens here.";
        return Err(Refusal::new(Code::UnsupportedGrantType, what).into());
    }
    let tokens = match parameters.read()? {
        TokenRequest::AuthorizationCode {
            client_id,
            code,
            redirect_uri,
            code_verifier,
        } => {
            let shown = codes::Shown {
                program: client_id,
                code: &code,
                redirect: &redirect_uri,
                verifier: &code_verifier,
            };
            codes::redeem(&server, &shown, &origin).await?
        }
        TokenRequest::RefreshToken {
            client_id,
            refresh_token,
        } => {
            let renewed = refresh(&server, &refresh_token, client_id.id(), &origin).await?;
            let over = "The refresh token is not good, or not any more: sign in again.";
            renewed.ok_or(Refusal::new(Code::InvalidGrant, over))?
        }
        TokenRequest::DeviceCode {
            client_id,
            device_code,
        } => devices::poll(&server, client_id, &device_code, &origin).await?,
    };
    Ok(Json(TokenAnswer {
        access_token: tokens.access.expose().clone(),
        token_type: Bearer::Bearer,
        expires_in: access::LIFETIME_SECONDS,
        refresh_token: tokens.refresh.expose().clone(),
    }))
}
