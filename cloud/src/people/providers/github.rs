//! Whom GitHub says that it is: asked of its API.

use oauth2::TokenResponse as _;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Answer, Profile, Provider, Settings, http, silent};
use crate::failure::Failure;

#[derive(Deserialize)]
struct User {
    id: u64,
    name: Option<String>,
    login: String,
}

#[derive(Deserialize)]
struct Address {
    email: String,
    primary: bool,
    verified: bool,
}

async fn get<T: DeserializeOwned>(
    client: &reqwest::Client,
    settings: &Settings,
    path: &str,
    token: &str,
) -> Result<T, Failure> {
    let failed = |error: String| silent(Provider::Github, error);
    let request = ::http::Request::get(format!("{}{path}", settings.api_url))
        .header("authorization", format!("Bearer {token}"))
        .header("accept", "application/vnd.github+json")
        .body(Vec::new())
        .map_err(|error| failed(error.to_string()))?;
    let answer = http::send(client, request)
        .await
        .map_err(|error| failed(error.to_string()))?;
    if !answer.status().is_success() {
        return Err(failed(format!("{path} answers {}", answer.status())));
    }
    serde_json::from_slice(answer.body()).map_err(|error| failed(format!("{path}: {error}")))
}

pub(super) async fn profile(
    client: &reqwest::Client,
    settings: &Settings,
    answer: &Answer,
) -> Result<Profile, Failure> {
    let token = answer.access_token().secret();
    let user: User = get(client, settings, "/user", token).await?;
    let addresses: Vec<Address> = get(client, settings, "/user/emails", token).await?;
    let own = addresses
        .into_iter()
        .find(|each| each.primary && each.verified);
    Ok(Profile {
        subject: user.id.to_string(),
        email: own.and_then(|each| each.email.parse().ok()),
        name: Some(
            user.name
                .filter(|name| !name.trim().is_empty())
                .unwrap_or(user.login),
        ),
    })
}
