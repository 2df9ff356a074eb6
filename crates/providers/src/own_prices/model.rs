//! What the person says that a model can do.

use slipway_contract::model::{Abilities, Ability, ModelRef, ToolCalling};

/// What the person says of a model, where nobody else says it or others are wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnModel {
    /// The model.
    pub model: ModelRef,
    /// Tokens that fit its context window.
    pub context: Option<u64>,
    /// How it calls tools.
    pub tools: Option<ToolCalling>,
    /// Whether it sees images.
    pub images: Option<bool>,
    /// Whether it reads PDF documents.
    pub pdfs: Option<bool>,
    /// Whether it reasons before it answers.
    pub reasoning: Option<bool>,
    /// Whether it is held to a schema of the answer.
    pub structured_output: Option<bool>,
}

impl OwnModel {
    /// What is known of the model, with what the person says before the rest.
    #[must_use]
    pub fn over(&self, known: Abilities) -> Abilities {
        Abilities {
            tools: self.tools.unwrap_or(known.tools),
            images: Ability::said(self.images).or(known.images),
            pdfs: Ability::said(self.pdfs).or(known.pdfs),
            reasoning: Ability::said(self.reasoning).or(known.reasoning),
            structured_output: Ability::said(self.structured_output).or(known.structured_output),
        }
    }
}
