//! Recovery codes: ten, each good once, for who lost their second factor.

use sea_orm::ConnectionTrait;
use slipway_contract::Secret;
use slipway_contract::cloud::AccountId;

use super::{events, factors};
use crate::chance::Chance;
use crate::clock::Moment;
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::seal::fingerprint;
use crate::server::Server;
use crate::tables::{accounts, recovery_codes};

/// How many there are.
pub const HOW_MANY: usize = 10;
/// Crockford's Base32: nothing in it is read as something else.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A code of 120 bits, in six groups. So much cannot be guessed, and a plain fingerprint of it is enough
/// (ASVS 5, 6.5.2: from 112 bits on).
fn make(chance: &dyn Chance) -> Result<Secret, Failure> {
    let bytes: [u8; 24] = chance.bytes()?;
    let mut code = String::with_capacity(29);
    for (at, byte) in bytes.iter().enumerate() {
        if at > 0 && at % 4 == 0 {
            code.push('-');
        }
        code.push(char::from(LETTERS[usize::from(byte % 32)]));
    }
    Ok(Secret::new(code))
}

/// As people type it: in any case, with o for 0 and i or l for 1, with or without hyphens.
fn plain(code: &str) -> String {
    let letters = code
        .chars()
        .filter(|each| each.is_ascii_alphanumeric())
        .take(64);
    letters
        .map(|each| match each.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        })
        .collect()
}

fn hash(account: AccountId, code: &str) -> [u8; 32] {
    fingerprint(&format!("{account}:{}", plain(code)))
}

async fn make_all(
    server: &Server,
    on: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Vec<Secret>, Failure> {
    recovery_codes::delete_of(on, account).await?;
    let mut codes = Vec::with_capacity(HOW_MANY);
    for _ in 0..HOW_MANY {
        let code = make(&*server.chance)?;
        recovery_codes::insert(on, account, &hash(account, code.expose())).await?;
        codes.push(code);
    }
    Ok(codes)
}

/// Makes codes where there are none yet.
pub(super) async fn make_first(
    server: &Server,
    on: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Vec<Secret>, Failure> {
    match recovery_codes::left(on, account).await? {
        0 => make_all(server, on, account).await,
        _ => Ok(Vec::new()),
    }
}

/// Forgets the codes of an account that has no second factor any more.
pub(super) async fn drop_if_useless(
    on: &impl ConnectionTrait,
    account: AccountId,
) -> Result<(), Failure> {
    if !factors::of(on, account).await?.any() {
        recovery_codes::delete_of(on, account).await?;
    }
    Ok(())
}

/// Uses a code up; whether it was one.
pub(super) async fn use_code(
    on: &impl ConnectionTrait,
    account: AccountId,
    code: &str,
    now: Moment,
) -> Result<bool, Failure> {
    Ok(recovery_codes::take(on, account, &hash(account, code), now).await?)
}

/// Makes new codes and voids the old ones.
///
/// # Errors
/// When there is no second factor that they could stand in for; the database's.
pub async fn renew(
    server: &Server,
    on: &impl ConnectionTrait,
    account: &accounts::Model,
    origin: &Origin,
) -> Result<Vec<Secret>, Failure> {
    if !factors::of(on, account.id()).await?.any() {
        return Err(Failure::not_found("second factor"));
    }
    let what = "New recovery codes were made. The old ones are void.";
    events::record_and_tell(server, on, origin, account, "recovery-codes.renewed", what).await?;
    make_all(server, on, account.id()).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::SystemChance;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = make(&SystemChance).unwrap();
        let code = code.expose();
        assert_eq!((code.len(), code.matches('-').count()), (29, 5));
        assert_eq!(plain(code), plain(&code.to_uppercase().replace('-', " ")));
        assert_eq!(plain("O1Il-oooo"), "01110000");
    }
}
