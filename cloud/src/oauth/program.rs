//! The programs that may sign in: public clients (RFC 6749, section 2.1), known by name.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A program that may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum Program {
    /// The window.
    #[serde(rename = "slipway-desktop")]
    Desktop,
    /// The command.
    #[serde(rename = "slipway-cli")]
    CommandLine,
}

impl Program {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Desktop, Self::CommandLine];

    /// Its OAuth client id.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Desktop => "slipway-desktop",
            Self::CommandLine => "slipway-cli",
        }
    }

    /// As people know it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Desktop => "Slipway",
            Self::CommandLine => "The slipway command",
        }
    }

    /// The one with this client id.
    #[must_use]
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|program| program.id() == id)
    }
}
