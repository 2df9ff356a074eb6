//! Access tokens: JWTs of RFC 9068, signed with Ed25519, for a quarter of an hour.

use jsonwebtoken::{Algorithm, Header, Validation};
use serde::{Deserialize, Serialize};
use slipway_contract::cloud::{AccountId, SessionId};

use crate::failure::Failure;
use crate::server::Server;

/// For how many seconds a token is taken.
pub const LIFETIME_SECONDS: i64 = 15 * 60;
/// How far another copy's clock may be ahead of ours, in seconds.
const SKEW_SECONDS: i64 = 5;
/// The only type that is taken (RFC 9068, section 2.1), so that no other signed text passes for a token.
const TYPE: &str = "at+jwt";
/// The longest text that is looked at.
const LONGEST: usize = 4096;

/// What a token says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claims {
    /// Who gave it: this server's public URL.
    pub iss: String,
    /// For whom: this server's public URL.
    pub aud: String,
    /// The account.
    pub sub: AccountId,
    /// The session.
    pub sid: SessionId,
    /// The program.
    pub client_id: String,
    /// When it was given, in seconds since 1970.
    pub iat: i64,
    /// Until when it is taken.
    pub exp: i64,
    /// This token's own id.
    pub jti: uuid::Uuid,
}

/// Signs a token for a session.
///
/// # Errors
/// The database's, where a new key has to be made.
pub async fn sign(
    server: &Server,
    account: AccountId,
    session: SessionId,
    client: &str,
) -> Result<String, Failure> {
    let now = server.clock.now();
    let claims = Claims {
        iss: server.config.public_url.clone(),
        aud: server.config.public_url.clone(),
        sub: account,
        sid: session,
        client_id: client.to_owned(),
        iat: now.seconds(),
        exp: now.seconds() + LIFETIME_SECONDS,
        jti: server.chance.id(now)?,
    };
    written(server, &claims).await
}

/// The token that says this.
///
/// # Errors
/// The database's, where a new key has to be made.
pub async fn written(server: &Server, claims: &Claims) -> Result<String, Failure> {
    let now = server.clock.now();
    let signed = server
        .signing_keys
        .with_current(
            &server.database,
            &server.sealer,
            &*server.chance,
            now,
            |key| {
                let mut header = Header::new(Algorithm::EdDSA);
                header.typ = Some(TYPE.to_owned());
                header.kid = Some(key.id.clone());
                jsonwebtoken::encode(&header, claims, &key.encoding)
            },
        )
        .await?;
    signed.map_err(|error| Failure::Internal(format!("a token could not be signed: {error}")))
}

/// What a token says, if this server gave it and its time is not over.
///
/// # Errors
/// The database's, where the key has to be looked for.
pub async fn verify(server: &Server, token: &str) -> Result<Option<Claims>, Failure> {
    if token.len() > LONGEST {
        return Ok(None);
    }
    let Ok(header) = jsonwebtoken::decode_header(token) else {
        return Ok(None);
    };
    // Nothing of it is understood (RFC 7515, section 4.1.11).
    if header.crit.is_some() {
        return Ok(None);
    }
    let (Algorithm::EdDSA, Some(TYPE), Some(kid)) =
        (header.alg, header.typ.as_deref(), header.kid.as_deref())
    else {
        return Ok(None);
    };
    let now = server.clock.now();
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_issuer(&[&server.config.public_url]);
    validation.set_audience(&[&server.config.public_url]);
    validation.set_required_spec_claims(&["iss", "aud", "exp", "sub"]);
    // By the server's clock, below.
    validation.validate_exp = false;
    let decoded = server
        .signing_keys
        .with(&server.database, &server.sealer, now, kid, |key| {
            jsonwebtoken::decode::<Claims>(token, &key.decoding, &validation)
        })
        .await?;
    let Some(Ok(decoded)) = decoded else {
        return Ok(None);
    };
    let claims = decoded.claims;
    let is_in_time = now.seconds() < claims.exp && claims.iat <= now.seconds() + SKEW_SECONDS;
    Ok(is_in_time.then_some(claims))
}
