//! Whom Google says that it is: told by its ID token (OpenID Connect Core 1.0, section 3.1.3.7), which is signed with
//! one of the keys that Google tells.

use std::collections::HashSet;

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;

use super::{Answer, Profile, Provider, Settings, http, silent};
use crate::clock::Moment;
use crate::failure::Failure;
use crate::seal::fingerprint;

/// How far Google's clock and ours may be apart, in seconds.
const SKEW_SECONDS: i64 = 60;
/// How Google names itself, with https:// or without it.
const ISSUER: &str = "accounts.google.com";

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    exp: i64,
    sub: String,
    nonce: Option<String>,
    email: Option<String>,
    #[serde(default)]
    email_verified: bool,
    name: Option<String>,
}

pub(super) async fn profile(
    client: &reqwest::Client,
    settings: &Settings,
    answer: &Answer,
    nonce: &str,
    now: Moment,
) -> Result<Profile, Failure> {
    let failed = |error: &str| silent(Provider::Google, error);
    let token = answer
        .extra_fields()
        .id_token
        .as_deref()
        .ok_or_else(|| failed("no ID token"))?;
    let keys = ::http::Request::get(format!("{}/certs", settings.api_url));
    let keys: JwkSet = http::ask(client, keys)
        .await
        .map_err(|error| silent(Provider::Google, error))?;
    let claims = signed(token, &keys).ok_or_else(|| failed("an ID token that nobody signed"))?;
    if claims.iss.trim_start_matches("https://") != ISSUER {
        return Err(failed("an ID token of another issuer"));
    }
    if claims.aud != settings.client_id {
        return Err(failed("an ID token for another client"));
    }
    if claims.exp + SKEW_SECONDS <= now.seconds() {
        return Err(failed("an ID token whose time is over"));
    }
    if claims.nonce.as_deref().map(fingerprint) != Some(fingerprint(nonce)) {
        return Err(failed("an ID token of another sign-in"));
    }
    let email = claims.email.filter(|_| claims.email_verified);
    Ok(Profile {
        subject: claims.sub,
        email: email.and_then(|email| email.parse().ok()),
        name: claims.name,
    })
}

/// What an ID token says that was signed with one of these keys, and as Google does it.
fn signed(token: &str, keys: &JwkSet) -> Option<Claims> {
    let header = jsonwebtoken::decode_header(token).ok()?;
    let key = DecodingKey::from_jwk(keys.find(&header.kid?)?).ok()?;
    let mut validation = Validation::new(Algorithm::RS256);
    // All that it says is looked at by the server's own clock and settings.
    (validation.validate_exp, validation.validate_aud) = (false, false);
    validation.required_spec_claims = HashSet::new();
    let decoded = jsonwebtoken::decode(token, &key, &validation).ok()?;
    Some(decoded.claims)
}
