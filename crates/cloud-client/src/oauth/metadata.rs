//! Where a server does what (RFC 8414).

use http::Method;
use oauth2::HttpRequest;
use serde::Deserialize;
use url::Url;

use crate::address::ServerAddress;
use crate::error::CloudError;
use crate::wire::{Wire, is_of_type};

const PATH: &str = "/.well-known/oauth-authorization-server";

/// The part of it that a program needs.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Endpoints {
    pub(crate) issuer: String,
    pub(crate) authorization_endpoint: Url,
    pub(crate) token_endpoint: Url,
    pub(crate) device_authorization_endpoint: Option<Url>,
    pub(crate) revocation_endpoint: Option<Url>,
    #[serde(default)]
    code_challenge_methods_supported: Vec<String>,
    #[serde(default)]
    pub(crate) authorization_response_iss_parameter_supported: bool,
}

impl Endpoints {
    /// Asks a server that a person named, and goes by what it calls itself where that is only another name of
    /// this machine.
    pub(crate) async fn find(server: ServerAddress) -> Result<(Wire, Self), CloudError> {
        let wire = Wire::to(server)?;
        let said = Self::said(&wire).await?;
        match said.issuer.parse::<ServerAddress>() {
            Ok(named) if named != *wire.server() && named.may_be(wire.server()) => {
                let wire = Wire::to(named)?;
                let endpoints = Self::of(&wire).await?;
                Ok((wire, endpoints))
            }
            _ => {
                let endpoints = check(&wire, said)?;
                Ok((wire, endpoints))
            }
        }
    }

    /// Asks a server, and believes what it says of itself alone.
    pub(crate) async fn of(wire: &Wire) -> Result<Self, CloudError> {
        check(wire, Self::said(wire).await?)
    }

    async fn said(wire: &Wire) -> Result<Self, CloudError> {
        let mut request = HttpRequest::new(Vec::new());
        *request.method_mut() = Method::GET;
        let url = wire.server().at(PATH);
        *request.uri_mut() = url.as_str().parse().map_err(CloudError::system)?;
        let response = wire.send(request).await?;
        if let Some(refusal) = wire.refusal(&response) {
            return Err(refusal);
        }
        if !is_of_type(response.headers(), "application/json") {
            return Err(wire.foreign("it does not say where one signs in"));
        }
        serde_json::from_slice(response.body())
            .map_err(|error| wire.foreign(format!("it does not say where one signs in: {error}")))
    }
}

fn check(wire: &Wire, endpoints: Endpoints) -> Result<Endpoints, CloudError> {
    if endpoints.issuer.trim_end_matches('/') != wire.server().to_string() {
        // What it calls itself may be anything; it is shown as text.
        let named: String = endpoints.issuer.chars().take(200).collect();
        return Err(wire.foreign(format!("it says that it is {named}, so give that address")));
    }
    let places = [
        Some(&endpoints.authorization_endpoint),
        Some(&endpoints.token_endpoint),
        endpoints.device_authorization_endpoint.as_ref(),
        endpoints.revocation_endpoint.as_ref(),
    ];
    if !places
        .into_iter()
        .flatten()
        .all(|url| wire.server().has(url))
    {
        return Err(wire.foreign("it names an address of another server"));
    }
    let methods = &endpoints.code_challenge_methods_supported;
    if !methods.iter().any(|method| method == "S256") {
        return Err(wire.foreign("it does not know PKCE with S256"));
    }
    Ok(endpoints)
}
