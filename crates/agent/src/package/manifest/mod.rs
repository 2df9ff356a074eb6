//! What `agent.toml` says.

mod fallback;
mod file_request;
mod host;
mod keys;
mod parse;
mod tables;
#[cfg(test)]
mod tests;
mod tool_ref;

use std::collections::BTreeMap;

use serde_json::Value;
use slipway_contract::AgentName;
use slipway_contract::error::Finding;
use slipway_contract::model::{ModelRef, ReasoningEffort, ToolChoice};
use slipway_contract::permission::Permission;
use slipway_contract::tool::ApprovalPolicy;

pub use fallback::wrong_fallback;
pub use file_request::FileRequest;
pub use host::Host;
pub use tool_ref::ToolRef;

use crate::policy::Access;
use crate::spec;

/// A valid `agent.toml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Manifest {
    /// `[agent]`
    pub agent: About,
    /// `[model]`
    pub model: ModelChoice,
    /// `[limits]`
    pub limits: spec::Limits,
    /// `[[tools]]`, in the author's order.
    pub tools: Vec<ToolEntry>,
    /// `[mcp.NAME]`, by name.
    pub mcp: BTreeMap<String, McpServer>,
    /// `[permissions]`
    pub permissions: Requests,
    /// `[input]`: the JSON Schema of a run's input.
    pub input: Option<Value>,
    /// `[output]`: the JSON Schema of the final answer.
    pub output: Option<Value>,
}

/// Who the agent is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The name, unique in a workspace.
    pub name: AgentName,
    /// The title; the name where the author gave none.
    pub title: String,
    /// What it does; may be empty.
    pub description: String,
    /// The author's own number of this version; Slipway goes by the content hash.
    pub version: Option<String>,
    /// The licence, an SPDX expression by custom.
    pub license: Option<String>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// Words to find it by.
    pub tags: Vec<String>,
}

/// Which model, and how it is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelChoice {
    /// The model that the package asks for.
    pub model: ModelRef,
    /// The sampling temperature, 0 to 2.
    pub temperature: Option<f64>,
    /// The most tokens of one answer.
    pub max_output_tokens: Option<u32>,
    /// The models that are asked when it fails for good, in their order.
    pub fallback: Vec<ModelRef>,
    /// How much it reasons before it answers.
    pub reasoning: Option<ReasoningEffort>,
    /// Whether the first call of a run may, must or must not call tools.
    pub tool_choice: Option<ToolChoice>,
}

/// A tool that the agent uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolEntry {
    /// The tool.
    pub tool: ToolRef,
    /// The approval that the package asks for; none is the default of the call's effect.
    pub approval: Option<ApprovalPolicy>,
}

/// How an MCP server is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum McpServer {
    /// A program that speaks on its standard input and output.
    Command {
        /// The program.
        command: String,
        /// Its arguments.
        args: Vec<String>,
    },
    /// A server that speaks HTTP.
    Http {
        /// Where it is.
        url: String,
        /// The host of the URL.
        host: Host,
    },
}

/// What the agent wants to reach.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Requests {
    /// Hosts.
    pub network: Vec<Host>,
    /// Files and folders.
    pub files: Vec<FileRequest>,
}

impl Manifest {
    /// Reads `agent.toml`. `known_tools` are the names of the tools that exist, `recordings`
    /// those of the package's recordings.
    ///
    /// # Errors
    /// Everything that is wrong, each with its line, in the order of the file.
    pub fn parse(
        source: &str,
        known_tools: &[&str],
        recordings: &[&str],
    ) -> Result<Self, Vec<Finding>> {
        parse::manifest(source, known_tools, recordings)
    }

    /// All that the package asks for, in the order files, hosts, programs, tools. An `Unasked`
    /// stands for each tool with `approval = "allow"`; whether it needs granting depends on
    /// whether that tool changes anything.
    #[must_use]
    pub fn permissions(&self) -> Vec<Permission> {
        let files = self.permissions.files.iter().map(|file| {
            let path = file.path.clone();
            match file.access {
                Access::Read => Permission::ReadFiles { path },
                Access::Write => Permission::WriteFiles { path },
            }
        });
        let servers = self.mcp.values().filter_map(|server| match server {
            McpServer::Http { host, .. } => Some(host),
            McpServer::Command { .. } => None,
        });
        let hosts = self.permissions.network.iter().chain(servers);
        let hosts = hosts.map(|host| Permission::Network {
            host: host.to_string(),
        });
        let commands = self.mcp.values().filter_map(|server| match server {
            McpServer::Http { .. } => None,
            McpServer::Command { command, args } => Some(Permission::Command {
                command: [std::slice::from_ref(command), args].concat(),
            }),
        });
        let allowed = self.tools.iter();
        let allowed = allowed.filter(|entry| entry.approval == Some(ApprovalPolicy::Allow));
        let unasked = allowed.map(|entry| Permission::Unasked {
            tool: entry.tool.to_string(),
        });
        let mut all = Vec::new();
        for permission in files.chain(hosts).chain(commands).chain(unasked) {
            if !all.contains(&permission) {
                all.push(permission);
            }
        }
        all
    }
}
