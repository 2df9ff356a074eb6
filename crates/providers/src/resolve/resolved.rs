//! A model that can serve.

use std::fmt;
use std::sync::Arc;

use slipway_agent::ports::model::Model;
use slipway_contract::model::{Abilities, Ability, ToolCalling};

use crate::prompted::{Prompted, Shape};

/// A model that can serve, with what is known of it by now.
#[derive(Clone)]
pub struct Resolved {
    /// The model.
    pub model: Arc<dyn Model>,
    /// Tokens within which a conversation with it is kept; none when unknown.
    pub context_tokens: Option<u64>,
    /// What it can do.
    pub abilities: Abilities,
}

impl Resolved {
    /// A model behind this client. One without tool calls of its own is served by prompts.
    pub(super) fn new(
        client: Arc<dyn Model>,
        context_tokens: Option<u64>,
        abilities: Abilities,
    ) -> Self {
        if abilities.tools != ToolCalling::Prompted {
            return Self {
                model: client,
                context_tokens,
                abilities,
            };
        }
        Self {
            model: Arc::new(Prompted::new(client, shape(&abilities))),
            // Its words about tools, and results as JSON, take more than is counted.
            context_tokens: context_tokens.map(|tokens| tokens - tokens / 8),
            abilities,
        }
    }

    /// Whether it calls tools in words that were agreed on with it.
    #[must_use]
    pub fn is_prompted(&self) -> bool {
        self.abilities.tools == ToolCalling::Prompted
    }
}

/// A model that is held to a schema from its first word on could not think any more.
fn shape(abilities: &Abilities) -> Shape {
    let held = abilities.structured_output == Ability::Yes;
    if held && abilities.reasoning != Ability::Yes {
        Shape::Held
    } else {
        Shape::Free
    }
}

impl fmt::Debug for Resolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resolved")
            .field("context_tokens", &self.context_tokens)
            .field("abilities", &self.abilities)
            .finish_non_exhaustive()
    }
}
