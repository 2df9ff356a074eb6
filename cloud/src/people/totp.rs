//! Authenticator apps (RFC 6238): SHA-1, six digits, 30 seconds, which is what all of them read.

use sea_orm::ConnectionTrait;
use slipway_contract::Secret;
use slipway_contract::cloud::{AccountId, ProblemCode};
use totp_rs::{Builder, Totp};

use super::failed::{self, Try};
use super::throttle::{self, Full};
use super::{events, recovery};
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::server::Server;
use crate::tables::{accounts, totp_secrets};

pub(crate) const PURPOSE: &str = "totp";
/// RFC 4226, section 4 recommends 160 bits.
const BYTES: usize = 20;
const STEP_SECONDS: i64 = 30;

/// What an app is set up with.
#[derive(Debug)]
pub struct Setup {
    /// The secret, in Base32, to be typed.
    pub secret: Secret,
    /// The same as an `otpauth` URI, to be scanned.
    pub uri: Secret,
}

fn machine(email: &str, secret: &[u8]) -> Result<Totp, Failure> {
    let built = Builder::new()
        .with_secret(totp_rs::Secret::from(secret.to_vec()))
        .with_skew(1)
        .with_account_name(email.replace(':', "_"))
        .with_issuer(Some("Slipway"))
        .build();
    built.map_err(|error| Failure::Internal(format!("an authenticator's secret: {error}")))
}

/// Makes a new secret, which asks for nothing until its first code was given.
///
/// # Errors
/// When there is an app already; the database's.
pub async fn begin(
    server: &Server,
    on: &impl ConnectionTrait,
    account: &accounts::Model,
) -> Result<Setup, Failure> {
    let id = account.id();
    if let Some(there) = totp_secrets::find(on, id).await? {
        if there.confirmed_at.is_some() {
            let detail = "There is an authenticator app already. Remove it first.";
            return Err(Failure::new(ProblemCode::Conflict, detail));
        }
        totp_secrets::delete(on, id).await?;
    }
    let bytes: [u8; BYTES] = server.chance.bytes()?;
    let sealed = server
        .sealer
        .seal(&*server.chance, PURPOSE, account.id.as_bytes(), &bytes)?;
    let row = totp_secrets::Model {
        account_id: id.0,
        sealed,
        confirmed_at: None,
        last_step: 0,
        created_at: server.clock.now(),
    };
    totp_secrets::insert(on, row).await?;
    setup(&account.email, &bytes)
}

fn setup(email: &str, bytes: &[u8]) -> Result<Setup, Failure> {
    let uri = machine(email, bytes)?.to_url();
    let uri = uri.map_err(|error| Failure::Internal(format!("an authenticator's URI: {error}")))?;
    Ok(Setup {
        secret: Secret::new(totp_rs::Secret::from(bytes.to_vec()).to_base32()),
        uri: Secret::new(uri),
    })
}

/// What a secret that is not confirmed yet was set up with, for a second try.
///
/// # Errors
/// The database's.
pub async fn begun(server: &Server, account: &accounts::Model) -> Result<Option<Setup>, Failure> {
    let row = totp_secrets::find(server.database.read(), account.id()).await?;
    let Some(row) = row.filter(|row| row.confirmed_at.is_none()) else {
        return Ok(None);
    };
    setup(&account.email, &opened(server, &row)?).map(Some)
}

fn opened(
    server: &Server,
    row: &totp_secrets::Model,
) -> Result<zeroize::Zeroizing<Vec<u8>>, Failure> {
    let opened = server
        .sealer
        .open(PURPOSE, row.account_id.as_bytes(), &row.sealed);
    opened
        .map_err(|error| Failure::Internal(format!("authenticator of {}: {error}", row.account_id)))
}

/// The step whose code this is, one before and one after the present one included (RFC 6238, section 5.2).
fn step_of(totp: &Totp, code: &str, seconds: i64) -> Option<i64> {
    let code: String = code.chars().filter(|each| !each.is_whitespace()).collect();
    if code.len() != 6 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    totp.check(&code, u64::try_from(seconds).ok()?)
        .and_then(|step| i64::try_from(step).ok())
}

/// What became of a code.
#[derive(Debug)]
pub(super) enum Tried {
    /// It was right, and not used before.
    Right,
    /// It was not, which is remembered.
    Wrong,
    /// It was not looked at, as too many were wrong.
    TooSoon(Full),
}

/// Uses the code of an app that is confirmed.
pub(super) async fn use_code(
    server: &Server,
    on: &impl ConnectionTrait,
    account: AccountId,
    code: &str,
) -> Result<Tried, Failure> {
    let now = server.clock.now();
    if let Some(full) = throttle::too_soon(on, account, now).await? {
        return Ok(Tried::TooSoon(full));
    }
    let row = totp_secrets::find(on, account).await?;
    let Some(row) = row else {
        return Ok(Tried::Wrong);
    };
    let Some(confirmed_at) = row.confirmed_at else {
        return Ok(Tried::Wrong);
    };
    let totp = machine("x", &opened(server, &row)?)?;
    let is_right = match step_of(&totp, code, now.seconds()) {
        Some(step) => totp_secrets::use_step(on, account, step, confirmed_at).await?,
        None => false,
    };
    if is_right {
        return Ok(Tried::Right);
    }
    throttle::wrong_code(on, account, now).await?;
    Ok(Tried::Wrong)
}

/// Confirms an app by its first code; the recovery codes where there were none. None when the code is wrong.
///
/// # Errors
/// When no app was begun, or codes were tried too often; the database's.
pub async fn confirm(
    server: &Server,
    account: &accounts::Model,
    code: &str,
    origin: &Origin,
) -> Result<Option<Vec<Secret>>, Failure> {
    let now = server.clock.now();
    let id = account.id();
    let limits = [(format!("new app of {id}"), throttle::NEW_APP)];
    let tried = Try::own("code", id, origin);
    failed::take(server, &limits, tried).await?;
    let codes = server
        .database
        .write(|on| async move {
            let row = totp_secrets::find(&on, id)
                .await?
                .filter(|row| row.confirmed_at.is_none());
            let row = row.ok_or_else(|| Failure::not_found("app that waits for its first code"))?;
            let totp = machine("x", &opened(server, &row)?)?;
            let Some(step) = step_of(&totp, code, now.seconds()) else {
                return Ok(None);
            };
            totp_secrets::use_step(&on, id, step, now).await?;
            let what = "An authenticator app was added. Signing in asks for its code from now on.";
            events::record_and_tell(server, &on, origin, account, "totp.added", what).await?;
            recovery::make_first(server, &on, id).await.map(Some)
        })
        .await?;
    if codes.is_some() {
        throttle::give_back(server, &limits).await?;
    }
    Ok(codes)
}

/// Removes an app.
///
/// # Errors
/// When there is none; the database's.
pub async fn remove(
    server: &Server,
    account: &accounts::Model,
    origin: &Origin,
) -> Result<(), Failure> {
    server
        .database
        .write(|on| async move {
            if !totp_secrets::delete(&on, account.id()).await? {
                return Err(Failure::not_found("authenticator app"));
            }
            let what = "Your authenticator app was removed.";
            events::record_and_tell(server, &on, origin, account, "totp.removed", what).await?;
            recovery::drop_if_useless(&on, account.id()).await
        })
        .await
}

/// How long a step lasts, for what tells people to wait for the next code.
pub const STEP: i64 = STEP_SECONDS;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B: SHA-1, the last six of its eight digits.
        let totp = machine("anna@example.com", b"12345678901234567890").unwrap();
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(step_of(&totp, code, seconds), Some(seconds / STEP));
            assert_eq!(
                step_of(&totp, &format!("{} {}", &code[..3], &code[3..]), seconds),
                Some(seconds / STEP)
            );
            assert_eq!(step_of(&totp, code, seconds + STEP), Some(seconds / STEP));
            assert_eq!(step_of(&totp, code, seconds + 2 * STEP), None);
        }
        for bad in ["", "28708", "2870822", "28708a", "２８７０８２", "-28708"] {
            assert_eq!(step_of(&totp, bad, 59), None, "{bad}");
        }
    }

    #[test]
    fn an_app_reads_the_uri() {
        let setup = setup("anna:b@example.com", b"12345678901234567890").unwrap();
        assert_eq!(setup.secret.expose(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert!(
            setup
                .uri
                .expose()
                .starts_with("otpauth://totp/Slipway:anna_b%40example.com?secret=GEZDGNBV"),
            "{}",
            setup.uri.expose()
        );
    }
}
