//! Providers of models as a person sets them up, tests of them, and models side by side.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::{ModelRef, Unusable};
use crate::run::{EndReason, ParkReason, RunStatus, Usage};
use crate::{Problem, RunId, SecretPlace};

/// A provider of models, or a server of models on this machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProviderSummary {
    /// As in `id/MODEL`.
    pub id: String,
    /// As people call it.
    pub title: String,
    /// Whether it is a server of this machine.
    pub on_this_machine: bool,
    /// The name of its key, where it takes one: that under which one is kept, or else the usual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_name: Option<String>,
    /// Where that key is kept; none when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<SecretPlace>,
    /// Where a person gets a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keys_page: Option<String>,
    /// The host that is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Why its models cannot be used now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unusable: Option<Unusable>,
    /// What would help, or what is worth knowing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// How many of its models are known here.
    pub models: u32,
}

/// What came of asking a provider whether it takes its key. It costs nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProviderTest {
    /// The provider.
    pub provider: String,
    /// Whether it answered as it should.
    pub works: bool,
    /// How many milliseconds that took.
    pub took_ms: u64,
    /// How many models the key may use.
    pub models: u32,
    /// Why it does not work, in a word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<TestFailure>,
    /// Why it does not work, and what would help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

/// Why a provider's test failed, for who branches on it. The problem has the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestFailure {
    /// There is no key.
    NoKey,
    /// Keys cannot be read: what keeps them is locked or damaged.
    KeysUnreadable,
    /// The key is not taken.
    KeyRefused,
    /// The account has no credit left.
    NoCredit,
    /// It was asked too often.
    RateLimited,
    /// The provider has trouble of its own.
    Overloaded,
    /// Nobody answers, or not in time.
    Unreachable,
    /// What answers does not answer as a provider does.
    Unreadable,
    /// Its address is missing or wrong.
    Address,
    /// Something else.
    Other,
}

/// One model's part of a comparison, or of a test: a run of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelTrial {
    /// The model that was asked for.
    pub model: ModelRef,
    /// The run; none when it could not be started.
    pub run_id: Option<RunId>,
    /// What the run is now.
    pub status: Option<RunStatus>,
    /// Why it waits, when it is parked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parked: Option<ParkReason>,
    /// Why it ended, when it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<EndReason>,
    /// The final answer: JSON where `[output]` exists, else a string.
    pub output: Option<Value>,
    /// The model that gave the last answer, where another stood in for the one that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<ModelRef>,
    /// Milliseconds to the first piece of its first answer; none when it did not stream.
    pub first_token_ms: Option<u64>,
    /// Milliseconds in all.
    pub took_ms: u64,
    /// What it used.
    pub usage: Usage,
    /// The folder in which it worked, where it had one of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workdir: Option<String>,
    /// Why it failed, or could not be started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}
