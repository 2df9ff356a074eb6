//! Model calls as they went over the wire, without secrets.

use serde::{Deserialize, Serialize};

use crate::message::Media;
use crate::model::ModelRef;
use crate::{ContentHash, RunId, StepId, Timestamp};

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
    /// Why the answer has no end, or never came; none when it came to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut: Option<WireCut>,
}

/// Why an answer has no end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WireCut {
    /// The connection was lost, the server ended too early, or nothing came for too long.
    Lost,
    /// Slipway read no further: the run was cancelled or stopped, or the answer was of no use.
    LetGo,
}

impl WireCut {
    /// As people read it, after "the answer is cut: ".
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lost => {
                "the connection was lost, the server ended too early, or nothing came for too long"
            }
            Self::LetGo => {
                "Slipway read no further, because the run was stopped or the answer was of no use"
            }
        }
    }
}

/// A file that went with a request. The run has it, and what is kept of the request has a note in
/// its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireFile {
    /// Its name.
    pub name: String,
    /// What it is.
    pub media: Media,
    /// Bytes of the file itself.
    pub bytes: u64,
    /// The SHA-256 of the file itself.
    pub sha256: ContentHash,
    /// Where its note begins in what is kept of the body, in bytes.
    pub at: u64,
}

impl WireFile {
    /// What stands in the body in its place, and is safe within a string of JSON.
    #[must_use]
    pub fn note(&self) -> String {
        format!(
            "[{}, {} bytes, SHA-256 {}]",
            self.media.as_str(),
            self.bytes,
            self.sha256
        )
    }
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
    /// The request's body, with a note in the place of each file.
    pub request_body: WireBody,
    /// The files in whose places there are notes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub request_files: Vec<WireFile>,
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
    /// The files in whose places there are notes: the run has them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<WireFile>,
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
