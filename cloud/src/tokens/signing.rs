//! The keys that access tokens are signed with: made by the server, kept sealed in the database so that
//! all copies share them, and replaced by new ones while the old ones still verify.

use std::sync::{Arc, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use jsonwebtoken::{DecodingKey, EncodingKey};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use crate::chance::Chance;
use crate::clock::Moment;
use crate::database::Database;
use crate::failure::Failure;
use crate::seal::Sealer;
use crate::tables::signing_keys;

/// For how long a key signs.
const SIGNS_SECONDS: i64 = 30 * 24 * 3600;
/// For how long what it signed is still taken: far longer than any token lives.
const VERIFIES_SECONDS: i64 = SIGNS_SECONDS + 24 * 3600;
/// How long before the end of a key its successor is made.
const AHEAD_SECONDS: i64 = 24 * 3600;
/// How often in one second tokens with an unknown key may make the server look for it.
const LOOKS: u32 = 20;
pub(crate) const PURPOSE: &str = "signing key";

/// A public key, as RFC 7517 and RFC 8037 write it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PublicKey {
    kty: &'static str,
    crv: &'static str,
    x: String,
    kid: String,
    #[serde(rename = "use")]
    usage: &'static str,
    alg: &'static str,
}

/// The public keys (RFC 7517, section 5).
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct KeySet {
    keys: Vec<PublicKey>,
}

pub(super) struct Key {
    pub(super) id: String,
    pub(super) encoding: EncodingKey,
    pub(super) decoding: DecodingKey,
    public: PublicKey,
    signs_until: Moment,
    verifies_until: Moment,
}

/// The keys of this server.
#[derive(Default)]
pub struct SigningKeys {
    keys: RwLock<Arc<Vec<Key>>>,
    looks: Mutex<Looks>,
}

/// How often the database was asked for an unknown key, and in which second since 1970.
#[derive(Debug, Default)]
struct Looks {
    second: i64,
    count: u32,
}

impl Looks {
    /// Whether it may be asked once more.
    fn take(&mut self, now: Moment) -> bool {
        if self.second != now.seconds() {
            *self = Self {
                second: now.seconds(),
                count: 0,
            };
        }
        self.count = self.count.saturating_add(1);
        self.count <= LOOKS
    }
}

impl std::fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKeys(…)")
    }
}

fn key(row: &signing_keys::Model, seed: &[u8; 32]) -> Key {
    let signing = SigningKey::from_bytes(seed);
    let x = URL_SAFE_NO_PAD.encode(signing.verifying_key().as_bytes());
    // PKCS #8 of an Ed25519 seed (RFC 8410, section 7).
    let mut der = Zeroizing::new(
        b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20".to_vec(),
    );
    der.extend_from_slice(seed);
    Key {
        id: row.id.clone(),
        encoding: EncodingKey::from_ed_der(&der),
        decoding: DecodingKey::from_ed_der(signing.verifying_key().as_bytes()),
        public: PublicKey {
            kty: "OKP",
            crv: "Ed25519",
            x,
            kid: row.id.clone(),
            usage: "sig",
            alg: "EdDSA",
        },
        signs_until: row.signs_until,
        verifies_until: row.verifies_until,
    }
}

/// The thumbprint of RFC 7638: SHA-256 of the required members in order.
fn thumbprint(x: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!(
        r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#
    )))
}

/// Whether there is a key that signs now and for long enough to know the next one in time.
fn covers(mut signs_until: impl Iterator<Item = Moment>, now: Moment) -> bool {
    signs_until.any(|until| now.plus_seconds(AHEAD_SECONDS) < until)
}

/// Makes the next key, unless another copy just did.
async fn prepare(
    on: &impl ConnectionTrait,
    sealer: &Sealer,
    chance: &dyn Chance,
    now: Moment,
) -> Result<(), Failure> {
    let there = signing_keys::current(on, now).await?;
    if covers(there.iter().map(|key| key.signs_until), now) {
        return Ok(());
    }
    let seed = Zeroizing::new(chance.bytes::<32>()?);
    let x = URL_SAFE_NO_PAD.encode(SigningKey::from_bytes(&seed).verifying_key().as_bytes());
    let id = thumbprint(&x);
    let row = signing_keys::Model {
        sealed: sealer.seal(chance, PURPOSE, id.as_bytes(), &*seed)?,
        id,
        created_at: now,
        signs_until: now.plus_seconds(SIGNS_SECONDS),
        verifies_until: now.plus_seconds(VERIFIES_SECONDS),
    };
    Ok(signing_keys::insert(on, row, now).await?)
}

impl SigningKeys {
    fn known(&self) -> Arc<Vec<Key>> {
        Arc::clone(
            &self
                .keys
                .read()
                .unwrap_or_else(std::sync::PoisonError::into_inner),
        )
    }

    async fn load(
        &self,
        on: &impl ConnectionTrait,
        sealer: &Sealer,
        now: Moment,
    ) -> Result<(), Failure> {
        let mut keys = Vec::new();
        for row in signing_keys::current(on, now).await? {
            let seed = sealer.open(PURPOSE, row.id.as_bytes(), &row.sealed);
            let seed = seed
                .map_err(|error| Failure::Internal(format!("signing key {}: {error}", row.id)))?;
            let seed = seed
                .as_slice()
                .try_into()
                .map_err(|_| Failure::Internal(format!("signing key {} is no key", row.id)))?;
            keys.push(key(&row, seed));
        }
        *self
            .keys
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(keys);
        Ok(())
    }

    /// Calls this with the key that signs now. Its successor is made a day before it is needed, so that
    /// every copy knows it by then.
    pub(super) async fn with_current<T>(
        &self,
        database: &Database,
        sealer: &Sealer,
        chance: &dyn Chance,
        now: Moment,
        sign: impl Fn(&Key) -> T,
    ) -> Result<T, Failure> {
        if !covers(self.known().iter().map(|key| key.signs_until), now) {
            let _turn = self.looks.lock().await;
            self.load(database.read(), sealer, now).await?;
            if !covers(self.known().iter().map(|key| key.signs_until), now) {
                let make = |on| async move { prepare(&on, sealer, chance, now).await };
                database.write(make).await?;
                self.load(database.read(), sealer, now).await?;
            }
        }
        let keys = self.known();
        let signing = keys.iter().filter(|key| now < key.signs_until);
        let oldest = signing.min_by_key(|key| key.signs_until);
        let oldest = oldest
            .ok_or_else(|| Failure::Internal("no signing key after one was made".to_owned()))?;
        Ok(sign(oldest))
    }

    /// Calls this with the key of an id, if it is one of ours and still verifies.
    pub(super) async fn with<T>(
        &self,
        database: &Database,
        sealer: &Sealer,
        now: Moment,
        id: &str,
        verify: impl Fn(&Key) -> T,
    ) -> Result<Option<T>, Failure> {
        let find = |keys: &[Key]| {
            let ours = |key: &&Key| key.id == id && now < key.verifies_until;
            keys.iter().find(ours).map(&verify)
        };
        if let Some(given) = find(&self.known()) {
            return Ok(Some(given));
        }
        // Another copy may have made it; but nobody may make us ask the database for each made-up name.
        // Those who come while one looks wait for what it finds.
        let mut looks = self.looks.lock().await;
        if let Some(given) = find(&self.known()) {
            return Ok(Some(given));
        }
        if looks.take(now) {
            self.load(database.read(), sealer, now).await?;
        }
        Ok(find(&self.known()))
    }

    /// What others verify our tokens with.
    ///
    /// # Errors
    /// The database's.
    pub async fn public(
        &self,
        database: &Database,
        sealer: &Sealer,
        now: Moment,
    ) -> Result<KeySet, Failure> {
        self.load(database.read(), sealer, now).await?;
        Ok(KeySet {
            keys: self.known().iter().map(|key| key.public.clone()).collect(),
        })
    }
}
