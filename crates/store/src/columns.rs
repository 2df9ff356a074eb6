//! How the engine's types are kept in columns.

use serde::Serialize;
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeOwned, IntoDeserializer};
use slipway_contract::{ContentHash, RuleId, RunId, Timestamp, Usd};

use crate::error::StoreError;

/// What a column holds is not what it is for.
#[derive(Debug, thiserror::Error)]
#[error("{column} holds {found}")]
pub(crate) struct Unreadable {
    column: &'static str,
    found: String,
}

impl Unreadable {
    fn new(column: &'static str, found: impl std::fmt::Debug) -> Self {
        let found = format!("{found:?}").chars().take(80).collect();
        Self { column, found }
    }

    /// The error, with the row that it is about.
    pub(crate) fn of(self, what: impl Into<String>) -> StoreError {
        StoreError::Unreadable {
            what: what.into(),
            message: self.to_string(),
        }
    }
}

pub(crate) fn time(column: &'static str, milliseconds: i64) -> Result<Timestamp, Unreadable> {
    Timestamp::from_millisecond(milliseconds).map_err(|_| Unreadable::new(column, milliseconds))
}

pub(crate) fn run_id(column: &'static str, bytes: &[u8]) -> Result<RunId, Unreadable> {
    let bytes = bytes.try_into();
    bytes
        .map(RunId::from_random)
        .map_err(|_| Unreadable::new(column, "bytes that are no run id"))
}

pub(crate) fn rule_id(column: &'static str, bytes: &[u8]) -> Result<RuleId, Unreadable> {
    let bytes = bytes.try_into();
    bytes
        .map(RuleId::from_random)
        .map_err(|_| Unreadable::new(column, "bytes that are no rule id"))
}

pub(crate) fn hash(column: &'static str, bytes: &[u8]) -> Result<ContentHash, Unreadable> {
    let bytes = bytes.try_into();
    bytes
        .map(ContentHash::from_bytes)
        .map_err(|_| Unreadable::new(column, "bytes that are no hash"))
}

/// Amounts may be below zero, which no amount that comes from outside is.
pub(crate) fn usd(column: &'static str, text: &str) -> Result<Usd, Unreadable> {
    word(column, text)
}

/// An amount as it was, to its last zero.
pub(crate) fn of_usd(amount: Usd) -> String {
    amount.0.to_string()
}

/// A value that is one word in JSON.
pub(crate) fn word<T: DeserializeOwned>(column: &'static str, text: &str) -> Result<T, Unreadable> {
    let deserializer: StrDeserializer<'_, serde::de::value::Error> = text.into_deserializer();
    T::deserialize(deserializer).map_err(|_| Unreadable::new(column, text))
}

pub(crate) fn json<T: DeserializeOwned>(column: &'static str, text: &str) -> Result<T, Unreadable> {
    serde_json::from_str(text).map_err(|_| Unreadable::new(column, text))
}

pub(crate) fn of_word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        other => format!("{other:?}"),
    }
}

/// A count as SQLite keeps it. One that is too large for it is no count of anything real.
pub(crate) fn of_count(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(crate) fn count<N: TryFrom<i64>>(column: &'static str, value: i64) -> Result<N, Unreadable> {
    N::try_from(value).map_err(|_| Unreadable::new(column, value))
}
