//! Recordings: a run's model answers with what each of them answered, so that the run can be
//! played again with no key and no network while its tools run for real.
//!
//! A recording is a file of JSON lines, `recordings/NAME.jsonl` in a package. Its first line is
//! its [`Header`]; each further line is one model call: what the model was given since its last
//! answer (`given`: what was said to it, which files went with it, and the tools' results,
//! [normalised](normal)), and its `answer`. Nothing else is kept: no key, no header, no absolute
//! path of the folder, and of a file its name and hash alone.
//!
//! Playing compares all that the model would be given with what it was given then. Whatever
//! differs ends the call as [`RecordingMismatch`](slipway_agent::ports::model::ModelErrorKind)
//! with a diff: a recorded answer is never played over other data.

mod mismatch;
pub mod normal;
mod parse;
mod play;
mod record;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use slipway_contract::message::{Content, Media, StopReason};
use slipway_contract::model::ModelRef;
use slipway_contract::run::Tokens;
use slipway_contract::{AgentName, ContentHash, Timestamp};

pub use parse::ParseError;
pub use play::RecordedModel;
pub use record::{RecordError, record};

/// The version of the format that this version writes and reads.
pub const FORMAT: u32 = 1;

/// How a recording's file name ends.
pub const EXTENSION: &str = "jsonl";

/// A recording.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// What it is a recording of.
    pub header: Header,
    /// The model calls in their order; at least one.
    pub calls: Vec<RecordedCall>,
}

/// A recording's first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The format's version, and by its name the mark of the format.
    #[serde(rename = "slipway_recording")]
    pub format: u32,
    /// When the recorded run last did something.
    pub made_at: Timestamp,
    /// The agent that ran.
    pub agent: AgentName,
    /// The model that answered.
    pub model: ModelRef,
    /// What the person wants to say of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Hash of the agent's instructions.
    pub instructions: ContentHash,
    /// Hash of the schema of the final answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_schema: Option<ContentHash>,
}

/// One model call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedCall {
    /// What the model was given since its last answer.
    pub given: Vec<Given>,
    /// What it answered.
    pub answer: RecordedAnswer,
}

/// Something that a model was given, normalised.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Given {
    /// What the person, or the engine on their behalf, said.
    User(String),
    /// A file that went with what was said before it.
    Attachment {
        /// The file's name.
        name: String,
        /// What it is.
        media: Media,
        /// Hash of its bytes, which are not kept.
        sha256: ContentHash,
    },
    /// A tool's result.
    Tool {
        /// The tool.
        name: String,
        /// The result: JSON where it is an object or a list, else text.
        result: Value,
        /// Whether it was an error that the model could act on.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_error: bool,
    },
}

/// A model's answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedAnswer {
    /// Its parts.
    pub content: Vec<Content>,
    /// Why it stopped.
    pub stop: StopReason,
    /// What it used.
    pub usage: Tokens,
}

impl Recording {
    /// The file: the same bytes for the same recording.
    ///
    /// # Errors
    /// Never for a recording that was made or parsed; an answer that JSON cannot hold would be one.
    pub fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut bytes = serde_json::to_vec(&self.header)?;
        bytes.push(b'\n');
        for call in &self.calls {
            serde_json::to_writer(&mut bytes, call)?;
            bytes.push(b'\n');
        }
        Ok(bytes)
    }
}
