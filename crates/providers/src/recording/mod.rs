//! Recordings: a run's model answers with what each of them answered, so that the run can be
//! played again with no key and no network while its tools run for real.
//!
//! A recording is a file of JSON lines, `recordings/NAME.jsonl` in a package. Its first line is
//! its [`Header`], its second the agent's instructions; each further line is one model call: what
//! the model was given since its last answer (`given`: what was said to it, which files went with
//! it, and the tools' results, [normalised](normal)), and its `answer`. Nothing else is kept: no
//! key, no header, no absolute path of the folder, and of a file its name and hash alone.
//!
//! Playing compares all that the model would be given with what it was given then. Whatever
//! differs ends the call as [`RecordingMismatch`](slipway_agent::ports::model::ModelErrorKind)
//! with a diff: a recorded answer is never played over other data, unless a person
//! [accepts](accept) that.
//!
//! The other way round, a live model can be run with [the recorded tools](RecordedTools).

mod accept;
mod mismatch;
pub mod normal;
mod parse;
mod play;
mod record;
mod tools;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use slipway_contract::message::{Content, Media, StopReason};
use slipway_contract::model::ModelRef;
use slipway_contract::run::Tokens;
use slipway_contract::{AgentName, ContentHash, Timestamp};

pub use accept::{accept, changes};
pub use parse::ParseError;
pub use play::{Matching, RecordedModel};
pub use record::{RecordError, record};
pub use tools::{NotRecorded, RecordedTools, Returned};

/// The version of the format that this version writes and reads.
pub const FORMAT: u32 = 1;

/// How a recording's file name ends.
pub const EXTENSION: &str = "jsonl";

/// A recording.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// What it is a recording of.
    pub header: Header,
    /// The agent's instructions; none in recordings that were made before they were kept.
    pub instructions: Option<String>,
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
    /// When a person last accepted that the agent asks otherwise than when it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<Timestamp>,
}

/// A recording's second line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Instructions {
    instructions: String,
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
    /// Whether the agent's instructions are those of this recording.
    #[must_use]
    pub fn fits_instructions(&self, instructions: &str) -> bool {
        record::hash_of_instructions(instructions) == self.header.instructions
    }

    /// The file: the same bytes for the same recording.
    ///
    /// # Errors
    /// Never for a recording that was made or parsed; an answer that JSON cannot hold would be one.
    pub fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut bytes = serde_json::to_vec(&self.header)?;
        bytes.push(b'\n');
        if let Some(instructions) = self.instructions.clone() {
            serde_json::to_writer(&mut bytes, &Instructions { instructions })?;
            bytes.push(b'\n');
        }
        for call in &self.calls {
            serde_json::to_writer(&mut bytes, call)?;
            bytes.push(b'\n');
        }
        Ok(bytes)
    }
}
