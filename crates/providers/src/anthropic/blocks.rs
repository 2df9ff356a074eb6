//! The parts that messages are made of.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;
use slipway_contract::message::Attachment;

/// A turn of the conversation. Turns alternate.
#[derive(Debug, Serialize)]
pub(super) struct Turn<'a> {
    pub(super) role: Role,
    pub(super) content: Vec<Part<'a>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Role {
    User,
    Assistant,
}

/// A part, and whether the provider shall cache all up to it.
#[derive(Debug, Serialize)]
pub(super) struct Part<'a> {
    #[serde(flatten)]
    pub(super) block: Block<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cache_control: Option<CacheControl>,
}

impl<'a> From<Block<'a>> for Part<'a> {
    fn from(block: Block<'a>) -> Self {
        Self {
            block,
            cache_control: None,
        }
    }
}

/// That the provider shall cache all up to here, for five minutes.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum CacheControl {
    Ephemeral,
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Block<'a> {
    Text {
        text: Cow<'a, str>,
    },
    Image {
        source: Source<'a>,
    },
    Document {
        source: Source<'a>,
        title: &'a str,
    },
    ToolUse {
        id: String,
        name: Cow<'a, str>,
        input: Cow<'a, Value>,
    },
    ToolResult {
        tool_use_id: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        content: Option<Cow<'a, str>>,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        is_error: bool,
    },
    /// A thought as it came.
    #[serde(untagged)]
    Thought(&'a Value),
}

#[derive(Debug, Serialize)]
pub(super) struct Source<'a> {
    r#type: &'static str,
    media_type: &'static str,
    data: &'a str,
}

impl<'a> Block<'a> {
    /// Text, unless there is nothing to read in it: the provider refuses that.
    pub(super) fn text(text: impl Into<Cow<'a, str>>) -> Option<Self> {
        let text = text.into();
        (!text.trim().is_empty()).then_some(Self::Text { text })
    }

    pub(super) fn attachment(attachment: &'a Attachment) -> Self {
        let source = Source {
            r#type: "base64",
            media_type: attachment.media.as_str(),
            data: &attachment.data,
        };
        if attachment.media.is_image() {
            Self::Image { source }
        } else {
            Self::Document {
                source,
                title: &attachment.name,
            }
        }
    }

    /// A tool's result. One that failed has to say something.
    pub(super) fn result(
        tool_use_id: String,
        text: impl Into<Cow<'a, str>>,
        is_error: bool,
    ) -> Self {
        let text = Some(text.into()).filter(|text| !text.trim().is_empty());
        Self::ToolResult {
            tool_use_id,
            content: text
                .or_else(|| is_error.then_some("The tool failed and said nothing.".into())),
            is_error,
        }
    }

    pub(super) const fn is_thought(&self) -> bool {
        matches!(self, Self::Thought(_))
    }
}
