//! Secrets from HashiCorp Vault: the KV store, version 2, over its HTTP API
//! (`GET /v1/MOUNT/data/PATH`).

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use url::Url;

/// The longest that it may take to answer.
const WAIT: Duration = Duration::from_secs(10);

#[derive(Deserialize)]
struct Answer {
    data: Versioned,
}

#[derive(Deserialize)]
struct Versioned {
    data: BTreeMap<String, String>,
}

/// The fields of the secret at a path. What goes wrong is told by name, without the token or a field.
pub(super) async fn fetch(
    address: &str,
    path: &str,
    token: &str,
) -> Result<BTreeMap<String, String>, String> {
    if !Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
        return Err(format!("VAULT_ADDR={address}: it takes a URL"));
    }
    let (mount, rest) = path
        .split_once('/')
        .ok_or_else(|| format!("VAULT_PATH={path} is not MOUNT/PATH"))?;
    if token.is_empty() {
        return Err("VAULT_ADDR is given, and neither VAULT_TOKEN nor VAULT_TOKEN_FILE".to_owned());
    }
    let url = format!("{}/v1/{mount}/data/{rest}", address.trim_end_matches('/'));
    #[expect(
        clippy::disallowed_methods,
        reason = "the operator's own Vault, named in the settings, is asked once at the start"
    )]
    let client = reqwest::Client::builder()
        .timeout(WAIT)
        .redirect(reqwest::redirect::Policy::none())
        .build();
    let client = client.map_err(|error| format!("VAULT_ADDR={address}: {error}"))?;
    let failed = |error: reqwest::Error| format!("VAULT_ADDR={address}: {}", error.without_url());
    let response = client
        .get(&url)
        .header("X-Vault-Token", token)
        .send()
        .await
        .map_err(failed)?;
    if !response.status().is_success() {
        return Err(format!(
            "VAULT_ADDR={address}: the secret {path} was refused with {}",
            response.status()
        ));
    }
    let answer: Answer = response.json().await.map_err(|_| {
        format!("VAULT_ADDR={address}: {path} is no secret of KV version 2 with texts in it")
    })?;
    Ok(answer.data.data)
}
