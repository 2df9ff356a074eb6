//! What a package asks for and a person grants.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One thing that an agent may do only when a person granted it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Permission {
    /// Read files at and below a path.
    ReadFiles {
        /// The path as the package wrote it, from the run's working folder.
        path: String,
    },
    /// Write files at and below a path; includes reading them.
    WriteFiles {
        /// The path as the package wrote it, from the run's working folder.
        path: String,
    },
    /// Connect to a host: `api.example.com`, or `127.0.0.1:8080` where a port is named.
    Network {
        /// The host as the package wrote it.
        host: String,
    },
    /// Start a program, such as an MCP server.
    Command {
        /// The program and its arguments.
        command: Vec<String>,
    },
    /// Call a tool that changes something without asking each time.
    Unasked {
        /// The tool's name.
        tool: String,
    },
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReadFiles { path } => write!(f, "read files in {path}"),
            Self::WriteFiles { path } => write!(f, "read and write files in {path}"),
            Self::Network { host } => write!(f, "connect to {host}"),
            Self::Command { command } => write!(f, "start the program `{}`", command.join(" ")),
            Self::Unasked { tool } => write!(f, "use {tool} without asking each time"),
        }
    }
}
