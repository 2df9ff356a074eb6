//! Recordings: made of runs, read from files, and played to the engine.

mod accepted;
mod attached;
mod file;
mod playing;

use std::sync::Arc;

use serde_json::{Value, json};
use slipway_agent::driver::{Control, Ports, start};
use slipway_agent::event::Recorded;
use slipway_agent::memory::approvals::NoApprovals;
use slipway_agent::memory::clock::ManualClock;
use slipway_agent::memory::journal::MemoryJournal;
use slipway_agent::memory::lease::MemoryLeases;
use slipway_agent::memory::ledger::MemoryLedger;
use slipway_agent::memory::model::{Reply, ScriptedModel};
use slipway_agent::memory::random::SeededRandom;
use slipway_agent::memory::tool::{ScriptedTool, definition};
use slipway_agent::ports::journal::Journal;
use slipway_agent::ports::model::Model;
use slipway_agent::ports::tool::{Tool, ToolError};
use slipway_agent::spec::{Limits, RunSpec, ToolSpec};
use slipway_contract::message::{Attachment, Content, StopReason};
use slipway_contract::run::{End, EndReason, RunStatus};
use slipway_contract::tool::Effect;
use slipway_contract::{ContentHash, RunId};

use super::*;
use crate::{Catalog, Estimate};

/// A world with one receipt, as it may have changed.
#[derive(Debug, Clone)]
struct World {
    workdir: &'static str,
    model: String,
    input: String,
    instructions: String,
    receipt: Value,
    output_schema: Option<Value>,
    attachments: Vec<Attachment>,
}

impl Default for World {
    fn default() -> Self {
        Self {
            workdir: "/home/ada/receipts",
            model: "openai/gpt-5-mini".to_owned(),
            input: "Add up the receipts.".to_owned(),
            instructions: "You add up receipts.\nBe exact.\n".to_owned(),
            receipt: json!({"path": "/home/ada/receipts/a.csv", "total": "12.50", "took_ms": 3, "at": "2026-11-22T08:00:00Z"}),
            output_schema: None,
            attachments: Vec::new(),
        }
    }
}

/// What came of a run.
struct Ran {
    end: End,
    events: Vec<Recorded>,
}

impl World {
    fn spec(&self, tools: &[Arc<dyn Tool>]) -> RunSpec {
        RunSpec {
            agent: "expense-report".parse().unwrap(),
            title: "Expense report".into(),
            version: ContentHash::from_bytes([1; 32]),
            behaviour: ContentHash::from_bytes([2; 32]),
            model: self.model.parse().unwrap(),
            temperature: None,
            context_tokens: None,
            max_output_tokens: None,
            instructions: self.instructions.clone(),
            tools: tools
                .iter()
                .map(|tool| ToolSpec {
                    definition: tool.definition().clone(),
                    approval: None,
                    reconciles: false,
                })
                .collect(),
            limits: Limits::default(),
            output_schema: self.output_schema.clone(),
            granted: Vec::new(),
            missing: Vec::new(),
            folder: None,
            package_files: None,
            network: true,
            workdir: self.workdir.to_owned(),
            input: self.input.clone(),
            attachments: self.attachments.clone(),
            reasoning: None,
            tool_choice: None,
            fallback: Vec::new(),
        }
    }

    /// Runs the agent on this world with this model.
    async fn run(&self, model: Arc<dyn Model>) -> Ran {
        let receipt = self.receipt.clone();
        let read = ScriptedTool::new(
            definition("read_table", Effect::Read),
            move |_| match &receipt {
                Value::Null => Err(ToolError::Model("there is no a.csv".to_owned())),
                receipt => Ok(receipt.clone()),
            },
        );
        let list = ScriptedTool::new(definition("list_files", Effect::Read), |_| {
            Ok(json!({"files": [{"path": "a.csv", "bytes": 40}]}))
        });
        let tools: Arc<[Arc<dyn Tool>]> = Arc::new([Arc::new(read), Arc::new(list)]);
        let clock = Arc::new(ManualClock::automatic());
        let leases = MemoryLeases::new(clock.clone());
        let journal = Arc::new(MemoryJournal::new(leases.clone()));
        let ports = Ports {
            model,
            tools: Arc::clone(&tools),
            approvals: Arc::new(NoApprovals),
            journal: journal.clone(),
            leases: Arc::new(leases),
            ledger: Arc::new(MemoryLedger::default()),
            prices: Arc::new(Catalog::built_in().clone()),
            tokens: Arc::new(Estimate),
            clock,
            random: Arc::new(SeededRandom::new(7)),
            observer: Arc::new(()),
            wire: Arc::new(()),
        };
        let run = RunId::from_random([7; 10]);
        start(&ports, run, self.spec(&tools), &Control::default())
            .await
            .unwrap();
        let events = journal.read(run).await.unwrap();
        let end = events.iter().find_map(|one| match &one.event {
            slipway_agent::event::Event::Finished(end) => Some(end.clone()),
            _ => None,
        });
        Ran {
            end: end.expect("the run ended"),
            events,
        }
    }

    /// Runs it with a model that lists and reads at once, fails once, and answers.
    async fn live(&self) -> Ran {
        let model = ScriptedModel::new([
            Reply::calls([
                ("call_1", "list_files", json!({})),
                ("call_2", "read_table", json!({"path": "a.csv"})),
            ]),
            Reply::fail(
                slipway_agent::ports::model::ModelErrorKind::Overloaded,
                "try again",
            ),
            Reply::text("12.50 EUR"),
        ]);
        self.run(Arc::new(model)).await
    }

    /// Plays this recording to the agent.
    async fn play(&self, recording: &Recording) -> Ran {
        self.play_matching(recording, Matching::Strict).await
    }

    /// The same, matching in this way.
    async fn play_matching(&self, recording: &Recording, matching: Matching) -> Ran {
        let mut world = self.clone();
        world.model = "recording/october".to_owned();
        let recording = Arc::new(recording.clone());
        let model = RecordedModel::new("october", recording, self.workdir).matching(matching);
        world.run(Arc::new(model)).await
    }
}

/// The recording of the world as it is by default.
async fn recorded() -> Recording {
    record(&World::default().live().await.events, "").unwrap()
}
