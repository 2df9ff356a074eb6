//! What leaves this machine.

use serde::{Deserialize, Serialize};

use crate::{AgentName, Timestamp};

/// What leaves this machine, and when: everything that Slipway was allowed to send anywhere.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Leaving {
    /// Providers of models that can be asked now, or were asked. What is sent to one is what the run's conversation
    /// holds: instructions, messages, and the results of tools.
    pub models: Vec<ModelsAsked>,
    /// Hosts that agents may connect to, since a person granted it.
    pub hosts: Vec<HostGranted>,
    /// Programs that agents may start, since a person granted it. What such a program sends is its own business.
    pub programs: Vec<ProgramGranted>,
    /// The server of the cloud at which somebody is signed in: it is asked for what a person looks at or changes
    /// there, and nothing of runs goes to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cloud: Option<String>,
    /// The host that is asked for newer versions of Slipway, whenever a person asks for them; none
    /// where this build asks nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updates: Option<String>,
    /// Whether what goes over the wire to models is kept on this machine, to be looked at.
    pub wire_is_kept: bool,
}

/// A provider of models.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelsAsked {
    /// As in `id/MODEL`.
    pub provider: String,
    /// As people call it.
    pub title: String,
    /// The host that is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// It is a server of this machine: nothing leaves.
    pub on_this_machine: bool,
    /// Whether it can be asked now.
    pub usable: bool,
    /// Runs that began with its models.
    pub runs: u64,
    /// When the newest of them began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Timestamp>,
}

/// A host that agents may connect to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostGranted {
    /// The host.
    pub host: String,
    /// The agents.
    pub agents: Vec<AgentName>,
}

/// A program that agents may start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramGranted {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// The agents.
    pub agents: Vec<AgentName>,
}
