//! Model calls as they went over the wire, without secrets.

use serde::{Deserialize, Serialize};

use crate::model::ModelRef;
use crate::{RunId, StepId, Timestamp};

/// An attempt at a model call, without what was sent and came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireCall {
    /// The run that made it: of a shared prefix, the run that it is shared with.
    pub run_id: RunId,
    /// The model call.
    pub step: StepId,
    /// Which attempt at it, from 1.
    pub attempt: u32,
    /// The model that was asked.
    pub model: ModelRef,
    /// When the attempt began.
    pub at: Timestamp,
    /// Milliseconds until it was over.
    pub took_ms: u64,
    /// The answer's status; none when there was no answer.
    pub status: Option<u16>,
    /// Bytes of the request's body.
    pub request_bytes: u64,
    /// Bytes of the answer's body in all, of which a long one is kept in part.
    pub response_bytes: u64,
}

/// A header. In the place of a key stands its name, such as `$OPENAI_API_KEY`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireHeader {
    /// The name, in lower case.
    pub name: String,
    /// The value.
    pub value: String,
}

/// A body as it went over the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WireBody {
    /// UTF-8.
    Text(String),
    /// Anything else, in Base64.
    Base64(String),
}

/// An attempt with exactly what was sent and came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireExchange {
    /// The attempt.
    #[serde(flatten)]
    pub call: WireCall,
    /// Where the request was posted to.
    pub url: String,
    /// The request's headers.
    pub request_headers: Vec<WireHeader>,
    /// The request's body.
    pub request_body: WireBody,
    /// The answer's headers.
    pub response_headers: Vec<WireHeader>,
    /// The answer's body; its beginning where it is long.
    pub response_body: WireBody,
}

/// One side of an exchange as a person reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireMessage {
    /// The headers.
    pub headers: Vec<WireHeader>,
    /// The body, JSON indented.
    pub body: String,
    /// Bytes that are not shown: they were not kept, or are too many to be shown.
    pub left_out: u64,
}

/// An attempt as a person reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WirePage {
    /// The attempt.
    pub call: WireCall,
    /// Where the request was posted to.
    pub url: String,
    /// What was sent.
    pub request: WireMessage,
    /// What came back; none when nothing did.
    pub answer: Option<WireMessage>,
    /// A command for `sh` that sends the same again, with the key left out.
    pub curl: String,
}

/// What is kept of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireStep {
    /// Its attempts, oldest first.
    pub attempts: Vec<WirePage>,
    /// Why there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_none: Option<String>,
}
