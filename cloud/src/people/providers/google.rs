//! Whom Google says that it is: told by its ID token, which comes from Google itself over TLS, by which its
//! origin is as sure as by its signature (OpenID Connect Core 1.0, section 3.1.3.7, number 6).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use super::{Answer, Profile, Provider, Settings, silent};
use crate::clock::Moment;
use crate::failure::Failure;
use crate::seal::fingerprint;

/// How far Google's clock and ours may be apart, in seconds.
const SKEW_SECONDS: i64 = 60;

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

pub(super) fn profile(
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
    let claims = token
        .split('.')
        .nth(1)
        .and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let claims = claims.and_then(|bytes| serde_json::from_slice::<Claims>(&bytes).ok());
    let claims = claims.ok_or_else(|| failed("an ID token that cannot be read"))?;
    let issuer = settings.api_url.trim_start_matches("https://");
    if claims.iss.trim_start_matches("https://") != issuer {
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
