//! What a program needs to know to sign in here (RFC 8414, section 2).

use serde::Serialize;
use utoipa::ToSchema;

use super::pkce;
use crate::server::Server;

/// By what a program shows that somebody let it in from another device (RFC 8628, section 3.4).
pub const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// What a program needs to know to sign in here.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuthorizationServer)]
pub struct Metadata {
    /// This server, as its tokens name it.
    issuer: String,
    /// Where a browser is sent.
    authorization_endpoint: String,
    /// Where tokens are given.
    token_endpoint: String,
    /// Where a program without a browser begins.
    device_authorization_endpoint: String,
    /// Where tokens are given back.
    revocation_endpoint: String,
    /// The keys that verify access tokens.
    jwks_uri: String,
    response_types_supported: [&'static str; 1],
    response_modes_supported: [&'static str; 1],
    grant_types_supported: [&'static str; 3],
    token_endpoint_auth_methods_supported: [&'static str; 1],
    revocation_endpoint_auth_methods_supported: [&'static str; 1],
    code_challenge_methods_supported: [&'static str; 1],
    /// Answers name this server (RFC 9207).
    authorization_response_iss_parameter_supported: bool,
}

impl Metadata {
    /// Of this server.
    #[must_use]
    pub fn of(server: &Server) -> Self {
        let issuer = &server.config.public_url;
        let at = |path: &str| format!("{issuer}{path}");
        Self {
            issuer: issuer.clone(),
            authorization_endpoint: at("/oauth/authorize"),
            token_endpoint: at("/oauth/token"),
            device_authorization_endpoint: at("/oauth/device-authorization"),
            revocation_endpoint: at("/oauth/revoke"),
            jwks_uri: at("/.well-known/jwks.json"),
            response_types_supported: ["code"],
            response_modes_supported: ["query"],
            grant_types_supported: ["authorization_code", "refresh_token", DEVICE_CODE],
            token_endpoint_auth_methods_supported: ["none"],
            revocation_endpoint_auth_methods_supported: ["none"],
            code_challenge_methods_supported: [pkce::METHOD],
            authorization_response_iss_parameter_supported: true,
        }
    }
}
