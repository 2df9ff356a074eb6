//! Showing a run while it is driven.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::PathBuf;

use serde_json::Value;
use slipway_contract::approval::Approval;
use slipway_contract::event::RunEvent;
use slipway_contract::model::ModelRef;
use slipway_contract::{AgentName, CallId, ContentHash, RuleId};

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
    /// The models that stand in for it, in their order.
    pub(crate) fallback: Vec<ModelRef>,
    /// Where paths start.
    pub(crate) workdir: PathBuf,
    /// Whether the run may use the network.
    pub(crate) network: bool,
    /// The arguments of calls that another run made, whose results this one may have kept.
    pub(crate) calls: HashMap<CallId, Value>,
    /// The tools that rules deny it, and which.
    pub(crate) denied: BTreeMap<String, RuleId>,
    /// Whether it is at work now, as far as is known.
    pub(crate) driven: bool,
}

impl Facts {
    pub(crate) fn of(spec: &slipway_app::RunSpec) -> Self {
        Self {
            agent: spec.agent.clone(),
            version: spec.version,
            model: spec.model.clone(),
            fallback: spec
                .fallback
                .iter()
                .map(|route| route.model.clone())
                .collect(),
            workdir: PathBuf::from(&spec.workdir),
            network: spec.network,
            calls: HashMap::new(),
            denied: BTreeMap::new(),
            driven: false,
        }
    }

    /// The recording that stands for the model.
    pub(crate) fn recording(&self) -> Option<&str> {
        (self.model.provider == "recording").then_some(self.model.model.as_str())
    }
}
