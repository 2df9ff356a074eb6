//! In what places differ that speak the same protocol.

use serde::Deserialize;

use super::effort::{Effort, EffortField};
use super::family::Family;

/// What a place understands of OpenAI's protocols. The default is what every compatible server
/// understands.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Dialect {
    /// What the limit of the answer's tokens is called.
    pub limit: LimitField,
    /// How the schema of the final answer is given.
    pub output: OutputForm,
    /// Whether a schema of the final answer may go with tools. Servers that hold a model to a
    /// schema at once would never let it call a tool.
    pub schema_with_tools: bool,
    /// How a model is told that it must call a tool.
    pub must_call: MustCall,
    /// What ids of tool calls have to look like.
    pub call_ids: CallIds,
    /// How much a model shall reason: where it is said.
    pub effort: EffortField,
    /// How much a model shall reason: the words that are taken. None at all: it is not said.
    pub efforts: Vec<Effort>,
    /// Whether a model reasons that no family tells of.
    pub reasons: bool,
    /// Whether models that reason take a temperature.
    pub temperature_with_reasoning: bool,
    /// Whether summaries of reasoning are given to whoever asks for them.
    pub summaries: bool,
    /// Where a model's reasoning goes back to it.
    pub thoughts_back: ThoughtsBack,
    /// Whether that place is filled also where there was no reasoning.
    pub thoughts_always: bool,
    /// Whether images are taken.
    pub images: bool,
    /// How PDF documents are taken.
    pub pdfs: PdfForm,
    /// Whether a stream tells what was used only when it is asked to.
    pub usage_on_request: bool,
    /// Whether a usage tells what the call cost, in US dollars.
    pub tells_cost: bool,
    /// Whether a key is taken that leads a conversation to where its beginning is cached.
    pub cache_key: bool,
    /// In what models differ from all this; the first that fits a model and says something counts.
    pub families: Vec<Family>,
}

impl Default for Dialect {
    fn default() -> Self {
        Self {
            limit: LimitField::default(),
            output: OutputForm::default(),
            schema_with_tools: false,
            must_call: MustCall::default(),
            call_ids: CallIds::default(),
            effort: EffortField::default(),
            efforts: vec![Effort::None, Effort::Low, Effort::Medium, Effort::High],
            reasons: false,
            temperature_with_reasoning: false,
            summaries: false,
            thoughts_back: ThoughtsBack::default(),
            thoughts_always: false,
            images: true,
            pdfs: PdfForm::default(),
            usage_on_request: true,
            tells_cost: false,
            cache_key: false,
            families: Vec::new(),
        }
    }
}

impl Dialect {
    /// What holds for this model.
    #[must_use]
    pub fn for_model(mut self, model: &str) -> Self {
        let families = std::mem::take(&mut self.families);
        let fitting: Vec<&Family> = families.iter().filter(|one| one.has(model)).collect();
        if let Some(efforts) = fitting.iter().find_map(|one| one.efforts.as_ref()) {
            self.reasons = !efforts.is_empty();
            self.efforts.clone_from(efforts);
        }
        if let Some(output) = fitting.iter().find_map(|one| one.output) {
            self.output = output;
        }
        if let Some(images) = fitting.iter().find_map(|one| one.images) {
            self.images = images;
        }
        self
    }
}

/// What the limit of the answer's tokens is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitField {
    /// The older name, and the newer one for models that are known to reason, which refuse the older.
    #[default]
    ByModel,
    /// As it was at first, and still is with most.
    MaxTokens,
    /// As OpenAI calls it now.
    MaxCompletionTokens,
}

/// How the schema of the final answer is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutputForm {
    /// In its own place.
    #[default]
    JsonSchema,
    /// In the instructions, and the request says that JSON has to come.
    JsonObject,
    /// In the instructions.
    Told,
}

/// How a model is told that it must call a tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MustCall {
    /// `required`; one tool is named.
    #[default]
    Required,
    /// `any`; where it must be one tool, it is told of no other.
    Any,
}

/// What ids of tool calls have to look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallIds {
    /// Like anything.
    #[default]
    Any,
    /// At most forty characters.
    AtMostForty,
    /// Exactly nine letters and digits.
    NineAlphanumerics,
}

/// Where a model's reasoning goes back to it, in the message that it led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThoughtsBack {
    /// Nowhere.
    #[default]
    Nowhere,
    /// In `reasoning_content`.
    ReasoningContent,
    /// In `reasoning`.
    Reasoning,
    /// In `reasoning_details`, unchanged.
    ReasoningDetails,
    /// In `content`, as parts of the type `thinking`.
    Content,
}

/// How PDF documents are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PdfForm {
    /// Not at all.
    #[default]
    Never,
    /// As a part of the type `file`.
    File,
    /// As a part of the type `document_url`.
    DocumentUrl,
}
