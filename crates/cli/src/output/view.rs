//! Showing a run while it is driven.

use std::io;
use std::path::PathBuf;

use slipway_contract::approval::Approval;
use slipway_contract::event::RunEvent;
use slipway_contract::model::ModelRef;
use slipway_contract::{AgentName, ContentHash};

use super::Screen;

/// One way to show a run. Called from one thread, in the order of the events.
pub(crate) trait View: Send {
    /// Something happened before this view began: known, and not shown.
    fn known(&mut self, event: &RunEvent);
    /// Something happened.
    fn event(&mut self, event: &RunEvent) -> io::Result<()>;
    /// Slipway itself has something to say.
    fn note(&mut self, text: &str) -> io::Result<()>;
    /// Nothing more is waiting to be shown now.
    fn flush(&mut self) -> io::Result<()>;
    /// Nothing more will happen.
    fn end(&mut self) -> io::Result<()>;
    /// Where the person is asked this.
    fn question(&mut self, approval: &Approval) -> io::Result<&mut Screen>;
}

/// What is known of a run before its first event.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    pub(crate) agent: AgentName,
    pub(crate) version: ContentHash,
    pub(crate) model: ModelRef,
    /// Where paths start.
    pub(crate) workdir: PathBuf,
    /// Whether the run may use the network.
    pub(crate) network: bool,
}

impl Facts {
    pub(crate) fn of(spec: &slipway_app::RunSpec) -> Self {
        Self {
            agent: spec.agent.clone(),
            version: spec.version,
            model: spec.model.clone(),
            workdir: PathBuf::from(&spec.workdir),
            network: spec.network,
        }
    }

    /// The recording that stands for the model.
    pub(crate) fn recording(&self) -> Option<&str> {
        (self.model.provider == "recording").then_some(self.model.model.as_str())
    }
}
