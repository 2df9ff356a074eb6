//! Going on from what a run did, and the long things that it left.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::message::Content;

/// What a person puts in the place of what a step gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum StepEdit {
    /// The model's answer, whole.
    Answer {
        /// Its parts.
        content: Vec<Content>,
    },
    /// A tool call's result.
    Result {
        /// The result.
        result: Value,
    },
}

/// A part of a long result as it is written: text as it is, data as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultPiece {
    /// Its text.
    pub text: String,
    /// The byte at which it begins.
    pub from: u64,
    /// Bytes of the whole result.
    pub whole_bytes: u64,
}

/// Bytes of a piece, at most.
pub const PIECE_BYTES: u64 = 64 << 10;
