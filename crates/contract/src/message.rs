//! What is said between a person, an agent's model and its tools.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{CallId, StepId};

/// One part of a model's answer, in the order in which the model gave them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Content {
    /// Text for the reader.
    Text {
        /// The text, as the model wrote it: hostile until rendered safely.
        text: String,
    },
    /// The model's own reasoning, shown folded.
    Reasoning {
        /// The readable part, which may be empty.
        text: String,
        /// What the provider wants back unchanged, such as a signature.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        opaque: Option<Value>,
    },
    /// A request to call a tool.
    ToolCall(ToolCall),
}

/// A tool call as the model asked for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToolCall {
    /// The model's id of the call.
    pub call_id: CallId,
    /// The tool's name as the model wrote it; it may name no tool.
    pub tool: String,
    /// The arguments; a string with the model's own text when `malformed` is set.
    pub arguments: Value,
    /// Why the arguments could not be read as a JSON object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub malformed: Option<String>,
}

/// Why a model stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// It had said what it had to say.
    End,
    /// It waits for tool results.
    ToolCalls,
    /// It reached the limit of output tokens.
    Length,
    /// The provider withheld the answer.
    Filtered,
    /// The model refused.
    Refused,
    /// A word that this version does not know.
    Unknown(String),
}

/// An image or a document that goes with what a person says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The file's name, without its folder.
    pub name: String,
    /// What it is.
    pub media: Media,
    /// Its bytes in Base64 with padding, as every provider takes them.
    pub data: Arc<str>,
}

impl Attachment {
    /// What is told of it where its bytes are not wanted.
    #[must_use]
    pub fn summary(&self) -> AttachmentSummary {
        AttachmentSummary {
            name: self.name.clone(),
            media: self.media,
            bytes: self.bytes(),
        }
    }

    /// How many bytes the file has.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        let padding = self.data.bytes().rev().take_while(|byte| *byte == b'=');
        let padding = padding.take(2).count();
        (self.data.len() / 4 * 3).saturating_sub(padding) as u64
    }
}

/// A file that a person attaches in the window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewFile {
    /// The file's name, without its folder.
    pub name: String,
    /// Its bytes in Base64 with padding. What it is, the host finds out from them.
    pub data: String,
}

/// An attachment as events tell of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentSummary {
    /// The file's name, without its folder.
    pub name: String,
    /// What it is.
    pub media: Media,
    /// How many bytes it has.
    pub bytes: u64,
}

/// What a model can be shown beside text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Media {
    /// A PNG image.
    #[serde(rename = "image/png")]
    Png,
    /// A JPEG image.
    #[serde(rename = "image/jpeg")]
    Jpeg,
    /// A GIF image.
    #[serde(rename = "image/gif")]
    Gif,
    /// A WebP image.
    #[serde(rename = "image/webp")]
    Webp,
    /// A PDF document.
    #[serde(rename = "application/pdf")]
    Pdf,
}

impl Media {
    /// What a file is, by the signature at its beginning: names lie. None is no file that goes with
    /// a message.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
        const JPEG: &[u8] = b"\xff\xd8\xff";
        match bytes {
            _ if bytes.starts_with(PNG) => Some(Self::Png),
            _ if bytes.starts_with(JPEG) => Some(Self::Jpeg),
            _ if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") => Some(Self::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, rest @ ..] if rest.starts_with(b"WEBP") => {
                Some(Self::Webp)
            }
            _ if bytes.starts_with(b"%PDF-") => Some(Self::Pdf),
            _ => None,
        }
    }

    /// The media type.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Pdf => "application/pdf",
        }
    }

    /// Whether it is an image.
    #[must_use]
    pub const fn is_image(self) -> bool {
        !matches!(self, Self::Pdf)
    }
}

/// One message of the conversation that a model is given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum Message {
    /// What the person (or the engine on their behalf) says.
    User {
        /// The text.
        text: String,
        /// What goes with it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attachments: Vec<Attachment>,
    },
    /// What the model answered.
    Assistant {
        /// The step of the model call.
        step: StepId,
        /// The answer's parts.
        content: Vec<Content>,
    },
    /// What a tool returned.
    Tool {
        /// The step of the tool call.
        step: StepId,
        /// The call that this answers.
        call_id: CallId,
        /// The tool's name.
        tool: String,
        /// The result as the model reads it.
        text: String,
        /// Whether the tool failed in a way that the model can act on.
        is_error: bool,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_is_that_of_the_file() {
        for (data, bytes) in [
            ("", 0),
            ("YQ==", 1),
            ("YWI=", 2),
            ("YWJj", 3),
            ("YWJjZA==", 4),
        ] {
            let attachment = Attachment {
                name: "a.png".to_owned(),
                media: Media::Png,
                data: data.into(),
            };
            assert_eq!(attachment.bytes(), bytes, "{data}");
        }
    }
}
