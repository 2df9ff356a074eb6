//! What the system tells the window beside runs: links and packages that were opened, choices in its menus; and
//! newer versions of Slipway.

use serde::{Deserialize, Serialize};

use crate::{AgentName, Problem, RunId};

/// What a `slipway://` link asks for. Anybody can write one: nothing is done before a person agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "to", rename_all = "snake_case")]
pub enum Link {
    /// `slipway://agent/NAME`: show an agent.
    Agent {
        /// The agent.
        agent: AgentName,
    },
    /// `slipway://agent/NAME/run?input=TEXT`: open a new conversation with the text written down, not sent.
    Ask {
        /// The agent.
        agent: AgentName,
        /// What would stand in the field.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        input: String,
    },
    /// `slipway://run/ID`: show a run.
    Run {
        /// The run.
        run: RunId,
    },
    /// `slipway://import?path=PATH`: look at a package of this machine.
    Import {
        /// Where it lies.
        path: String,
    },
}

/// Something that the system told Slipway, for the window to act on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "told", rename_all = "snake_case")]
pub enum Told {
    /// A link was opened.
    Link {
        /// What it asks for.
        link: Link,
    },
    /// A link or a file was opened that cannot be.
    Refused {
        /// Why.
        problem: Problem,
    },
    /// A person opened a package.
    Package {
        /// Where it lies.
        path: String,
    },
    /// A person chose a run, in a notification or in the tray.
    Run {
        /// The run.
        run: RunId,
    },
    /// A person chose a shortcut's entry in the menu.
    Shortcut {
        /// The shortcut, as [`crate::shortcut::Shortcut::id`] names it.
        shortcut: String,
    },
}

/// Whether there is a newer Slipway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Update {
    /// This one is the newest.
    Newest,
    /// There is a newer one.
    Newer {
        /// Its version.
        version: String,
        /// What is new in it, as its makers say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        notes: Option<String>,
    },
}
