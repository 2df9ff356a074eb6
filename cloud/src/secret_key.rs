//! The secret key and the database belong together: what one sealed is lost without the other.
//!
//! A known value that is sealed in the database tells at the start whether the key is the right one. Until all is
//! sealed anew with a new key, the old one must be given beside it.

use anyhow::{Result, bail, ensure};
use sea_orm::{ConnectionTrait, DbErr};

use crate::chance::Chance;
use crate::database::{Database, Transaction};
use crate::http::idempotency;
use crate::mail;
use crate::people::totp;
use crate::seal::Sealer;
use crate::tables::{idempotency_keys, key_marks, letters, signing_keys, tickets, totp_secrets};
use crate::tokens::signing;

const PURPOSE: &str = "key mark";
const PLACE: &[u8] = b"this database";
const VALUE: &[u8] = b"opened";

const WRONG: &str = "SLIPWAY_CLOUD_SECRET_KEY is not the key of this database: what it holds of authenticator apps, of letters \
     and of its own keys was sealed with another one. Give that one, or database and key of one backup; docs/cloud.md says how \
     a key is changed, and what can be done when it is lost";

/// Whether something is sealed in a database already, which another key would not open.
///
/// # Errors
/// The database's.
pub async fn is_needed(database: &Database) -> Result<bool, DbErr> {
    let on = database.read();
    Ok(key_marks::find(on).await?.is_some() || !Row::all(on).await?.is_empty())
}

/// Goes on if the key is the one that the database was begun with; of a new one, it is from now on.
///
/// # Errors
/// When it is another one; the database's.
pub async fn confirm(database: &Database, sealer: &Sealer, chance: &dyn Chance) -> Result<()> {
    if key_marks::find(database.read()).await?.is_none() {
        // A database from before there was a mark.
        let there = Row::all(database.read()).await?;
        let opens = |row: &Row| {
            let (purpose, place, sealed) = row.sealed();
            sealer.open(purpose, &place, sealed).is_ok()
        };
        ensure!(there.is_empty() || there.iter().any(opens), WRONG);
    }
    let found = database
        .write(|on| async move {
            let there = key_marks::find(&on).await?;
            if there.is_none() {
                key_marks::set(&on, sealer.seal(chance, PURPOSE, PLACE, VALUE)?).await?;
            }
            Ok(there)
        })
        .await?;
    let Some(mark) = found else { return Ok(()) };
    ensure!(sealer.open(PURPOSE, PLACE, &mark).is_ok(), WRONG);
    if sealer.alone().open(PURPOSE, PLACE, &mark).is_err() {
        tracing::info!("the secret key is being changed: `slipway-cloud reseal` ends that");
    }
    Ok(())
}

/// What became of what was sealed.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Resealed {
    /// What is sealed with the key now.
    pub sealed: u64,
    /// What no key opened, and was forgotten.
    pub forgotten: u64,
}

/// A row with something sealed in it.
enum Row {
    SigningKey(signing_keys::Model),
    TotpSecret(totp_secrets::Model),
    Letter(letters::Model),
    Answer(idempotency_keys::Model),
    Ticket(tickets::Model),
}

impl Row {
    async fn all(on: &impl ConnectionTrait) -> Result<Vec<Self>, DbErr> {
        let mut all = Vec::new();
        all.extend(
            signing_keys::all(on)
                .await?
                .into_iter()
                .map(Self::SigningKey),
        );
        all.extend(
            totp_secrets::all(on)
                .await?
                .into_iter()
                .map(Self::TotpSecret),
        );
        all.extend(letters::all(on).await?.into_iter().map(Self::Letter));
        all.extend(
            idempotency_keys::all(on)
                .await?
                .into_iter()
                .map(Self::Answer),
        );
        all.extend(tickets::all(on).await?.into_iter().map(Self::Ticket));
        Ok(all)
    }

    /// For what it is sealed, at which place, and the sealed text.
    fn sealed(&self) -> (&str, Vec<u8>, &[u8]) {
        match self {
            Self::SigningKey(row) => (signing::PURPOSE, row.id.as_bytes().to_vec(), &row.sealed),
            Self::TotpSecret(row) => (
                totp::PURPOSE,
                row.account_id.as_bytes().to_vec(),
                &row.sealed,
            ),
            Self::Letter(row) => (mail::PURPOSE, row.id.as_bytes().to_vec(), &row.sealed),
            Self::Answer(row) => {
                let place = idempotency::place(&row.caller, &row.key);
                (idempotency::PURPOSE, place, &row.answer)
            }
            Self::Ticket(row) => (&row.purpose, row.hash.clone(), &row.sealed),
        }
    }

    /// Keeps it as this, or forgets it.
    async fn keep(&self, on: &Transaction, sealed: Option<Vec<u8>>) -> Result<(), DbErr> {
        match self {
            Self::SigningKey(row) => signing_keys::seal_anew(on, row, sealed).await,
            Self::TotpSecret(row) => totp_secrets::seal_anew(on, row, sealed).await,
            Self::Letter(row) => letters::seal_anew(on, row, sealed).await,
            Self::Answer(row) => idempotency_keys::seal_anew(on, row, sealed).await,
            Self::Ticket(row) => tickets::seal_anew(on, row, sealed).await,
        }
    }
}

/// Seals everything with the key, so that it is enough by itself. What cannot be opened is forgotten if `forgets` says
/// so: authenticator apps are gone then, and are asked for no more.
///
/// # Errors
/// When something cannot be opened; the database's.
pub async fn reseal(
    database: &Database,
    sealer: &Sealer,
    chance: &dyn Chance,
    forgets: bool,
) -> Result<Resealed> {
    let mut done = Resealed::default();
    for row in &Row::all(database.read()).await? {
        let (purpose, place, sealed) = row.sealed();
        let anew = match sealer.open(purpose, &place, sealed) {
            Ok(text) => {
                done.sealed += 1;
                Some(sealer.seal(chance, purpose, &place, &text)?)
            }
            Err(_) if forgets => {
                done.forgotten += 1;
                None
            }
            Err(_) => bail!("a {purpose} was sealed with yet another secret key, or was changed"),
        };
        let anew = &anew;
        database
            .write(|on| async move { Ok(row.keep(&on, anew.clone()).await?) })
            .await?;
    }
    // The last of all: from now on the key is enough.
    let mark = &sealer.seal(chance, PURPOSE, PLACE, VALUE)?;
    database
        .write(|on| async move { Ok(key_marks::set(&on, mark.clone()).await?) })
        .await?;
    Ok(done)
}
