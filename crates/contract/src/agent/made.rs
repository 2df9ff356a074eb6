//! What agents are made from, what a package says of itself, and agents that were removed.

use serde::{Deserialize, Serialize};

use crate::permission::Permission;
use crate::{AgentName, ContentHash, Timestamp};

use super::AgentTool;

/// What a new agent can begin from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentTemplate {
    /// The word that names it.
    pub name: String,
    /// The title that its agents have where the person writes none.
    pub title: String,
    /// What its agents do.
    pub description: String,
    /// The tools that they use.
    pub tools: Vec<String>,
}

/// An example agent that comes with Slipway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentExample {
    /// The agent's name.
    pub name: AgentName,
    /// Its title.
    pub title: String,
    /// What it does.
    pub description: String,
    /// An agent of this name is here already.
    pub is_here: bool,
}

/// What a package says of itself and asks for, before it is imported.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PackagePreview {
    /// The folder or archive that was read.
    pub path: String,
    /// The agent's name.
    pub name: AgentName,
    /// Its title.
    pub title: String,
    /// What it does.
    pub description: String,
    /// The author's own number of this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The licence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// Who says that they wrote it; nobody has checked that.
    pub authors: Vec<String>,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// The models that it asks for, the one that it begins with first.
    pub models: Vec<String>,
    /// Its tools.
    pub tools: Vec<AgentTool>,
    /// What it asks for: files, hosts, programs, tools that it wants to use unasked.
    pub permissions: Vec<Permission>,
    /// How many files it has.
    pub files: u64,
    /// The bytes of all its files.
    pub size: u64,
    /// The hash of all its files, which is what an import of it is bound to.
    pub hash: ContentHash,
    /// What is here under its name.
    pub standing: PackageName,
    /// What is allowed and hardly meant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// What is here under the name of a package that is to be imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PackageName {
    /// Nothing.
    Free,
    /// The very same package.
    Same,
    /// Another package.
    Taken {
        /// Its title.
        title: String,
        /// The folder that it is run from, for one that was opened as a folder.
        folder: Option<String>,
        /// Its version.
        version: ContentHash,
        /// A name that nobody has, for importing beside it.
        free: AgentName,
    },
}

/// An agent that was removed and can still be put back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovedAgent {
    /// Its name.
    pub name: AgentName,
    /// Its title.
    pub title: String,
    /// The version that it comes back as.
    pub version: ContentHash,
    /// The folder that it was run from, for one that was opened as a folder.
    pub folder: Option<String>,
    /// When it was removed.
    pub removed_at: Timestamp,
    /// From when on it cannot be put back.
    pub until: Timestamp,
}
