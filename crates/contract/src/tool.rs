//! Tools: what they are called, what they take and what they do to the world.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a call does to the world, and so whether it may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Changes nothing.
    Read,
    /// Changes something, but twice is as once when it carries the same key.
    Idempotent,
    /// Changes something each time it is called. An undeclared tool counts as this.
    Write,
}

impl Effect {
    /// Whether the world is the same after the call.
    #[must_use]
    pub const fn reads_only(self) -> bool {
        matches!(self, Self::Read)
    }

    /// Whether a call with an unknown outcome may be made again.
    #[must_use]
    pub const fn repeatable(self) -> bool {
        matches!(self, Self::Read | Self::Idempotent)
    }
}

/// A tool's declared effect.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclaredEffect {
    /// The same for each call.
    Always(Effect),
    /// It depends on one argument, such as an HTTP method.
    ByArgument {
        /// The argument's name.
        argument: String,
        /// The effect where the argument is absent.
        absent: Effect,
        /// The effect for each value; a value not listed counts as [`Effect::Write`].
        values: BTreeMap<String, Effect>,
    },
}

impl DeclaredEffect {
    /// The effect of a call with these arguments.
    #[must_use]
    pub fn of(&self, arguments: &Value) -> Effect {
        match self {
            Self::Always(effect) => *effect,
            Self::ByArgument {
                argument,
                absent,
                values,
            } => match arguments.get(argument) {
                None | Some(Value::Null) => *absent,
                Some(Value::String(value)) => values.get(value).copied().unwrap_or(Effect::Write),
                Some(_) => Effect::Write,
            },
        }
    }
}

/// What a person decides for a tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalPolicy {
    /// Call it without asking.
    Allow,
    /// Ask before each call.
    Ask,
    /// Never call it.
    Deny,
}

impl ApprovalPolicy {
    /// The policy of a call that nobody decided about: reading tools run, others ask.
    #[must_use]
    pub const fn default_for(effect: Effect) -> Self {
        if effect.reads_only() {
            Self::Allow
        } else {
            Self::Ask
        }
    }
}

/// A tool as the model is told of it. An approval covers the hash of exactly this.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToolDefinition {
    /// The name, unique among an agent's tools.
    pub name: String,
    /// What it does, for the model.
    pub description: String,
    /// The JSON Schema of its arguments, an object schema.
    pub schema: Value,
    /// What it does to the world.
    pub effect: DeclaredEffect,
    /// Who serves it: `built-in`, or an MCP server's name.
    pub server: String,
}

/// A tool as listings show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToolSummary {
    /// The definition.
    #[serde(flatten)]
    pub definition: ToolDefinition,
    /// What a package must ask for so that the tool can do anything, in one sentence.
    pub needs: Option<String>,
}
