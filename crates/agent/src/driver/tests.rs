//! The driver with in-memory parts: what it journals, when it starts things, how it stops.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use serde_json::json;
use slipway_contract::approval::Answer;
use slipway_contract::event::{EventKind, RunEvent};
use slipway_contract::message::Message;
use slipway_contract::model::Price;
use slipway_contract::permission::Permission;
use slipway_contract::run::{EndReason, RunStatus};
use slipway_contract::tool::{ApprovalPolicy, Effect, ToolDefinition};
use slipway_contract::{ContentHash, RunId};

use super::*;
use crate::memory::approvals::{NoApprovals, ScriptedApprovals};
use crate::memory::clock::ManualClock;
use crate::memory::journal::MemoryJournal;
use crate::memory::lease::MemoryLeases;
use crate::memory::ledger::MemoryLedger;
use crate::memory::model::{Reply, ScriptedModel};
use crate::memory::prices::{FixedPrices, SimpleTokenCounter};
use crate::memory::random::SeededRandom;
use crate::memory::tool::{ScriptedTool, definition};
use crate::ports::model::ModelError;
use crate::spec::{Limits, ToolSpec};

mod approvals;
mod attempts;
mod bills;
mod conversing;
mod endings;
mod fallback;
mod fork;
mod limits;
mod money;
mod questions;
mod reconcile;
mod resuming;
mod stopping;
mod tools;
mod turns;
mod wire;

const RUN: RunId = RunId::from_random([7; 10]);

#[derive(Default)]
struct Seen(Mutex<Vec<RunEvent>>);

impl Observer for Seen {
    fn event(&self, event: &RunEvent) {
        self.0.lock().unwrap().push(event.clone());
    }
}

/// A world of in-memory parts; tests change what they are about.
struct World {
    ports: Ports,
    journal: Arc<MemoryJournal>,
    ledger: Arc<MemoryLedger>,
    seen: Arc<Seen>,
    model: Arc<ScriptedModel>,
}

fn world(script: impl IntoIterator<Item = Reply>, tools: Vec<Arc<ScriptedTool>>) -> World {
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::automatic());
    let model = Arc::new(ScriptedModel::new(script).on(Arc::clone(&clock)));
    let leases = MemoryLeases::new(Arc::clone(&clock));
    let ledger = Arc::new(MemoryLedger::default());
    let journal = MemoryJournal::new(leases.clone()).settling((*ledger).clone());
    let journal = Arc::new(journal);
    let seen = Arc::new(Seen::default());
    let ports = Ports {
        model: model.clone(),
        tools: tools
            .into_iter()
            .map(|tool| tool as Arc<dyn Tool>)
            .collect(),
        approvals: Arc::new(NoApprovals),
        journal: journal.clone(),
        leases: Arc::new(leases),
        ledger: ledger.clone(),
        prices: Arc::new(FixedPrices::all(Price::FREE)),
        tokens: Arc::new(SimpleTokenCounter),
        clock,
        random: Arc::new(SeededRandom::new(1)),
        observer: seen.clone(),
        wire: Arc::new(()),
    };
    World {
        ports,
        journal,
        ledger,
        seen,
        model,
    }
}

fn spec(tools: &[ToolDefinition]) -> RunSpec {
    let tools = tools.iter().map(|definition| ToolSpec {
        definition: definition.clone(),
        approval: None,
        reconciles: false,
    });
    RunSpec {
        agent: "tester".parse().unwrap(),
        title: "Tester".into(),
        version: ContentHash::from_bytes([1; 32]),
        behaviour: ContentHash::from_bytes([2; 32]),
        model: "test/model".parse().unwrap(),
        temperature: None,
        context_tokens: None,
        max_output_tokens: None,
        instructions: "Do it.".into(),
        tools: tools.collect(),
        limits: Limits::default(),
        output_schema: None,
        granted: vec![],
        missing: vec![],
        folder: None,
        package_files: None,
        network: true,
        workdir: "/nowhere".into(),
        input: "Go.".into(),
        attachments: Vec::new(),
        reasoning: None,
        tool_choice: None,
        fallback: Vec::new(),
    }
}

async fn run(world: &World, spec: RunSpec) -> Outcome {
    start(&world.ports, RUN, spec, &Control::default())
        .await
        .unwrap()
}

fn ended(outcome: &Outcome) -> (RunStatus, EndReason) {
    match outcome {
        Outcome::Ended(end) => (end.status, end.reason),
        other => panic!("the run must end: {other:?}"),
    }
}
