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
    let request = ::http::Request::get(format!("{}{path}", settings.api_url))
        .header("authorization", format!("Bearer {token}"))
        .header("accept", "application/vnd.github+json");
    let told = http::ask(client, request).await;
    told.map_err(|error| silent(Provider::Github, error))
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
