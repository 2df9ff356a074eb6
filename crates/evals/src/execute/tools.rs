//! The tools of a test: those that there are, with mocks and recorded answers before them.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;
use slipway_agent::ports::tool::{Found, Invocation, Tool, ToolError};
use slipway_contract::tool::ToolDefinition;
use slipway_runner::recordings::{NotRecorded, RecordedTools, Recording, Returned};

use crate::suite::{Case, Mock, MockAnswer, ToolSource};

/// A tool as a case has it.
struct CaseTool {
    tool: Arc<dyn Tool>,
    mocks: Vec<Mock>,
    source: Source,
}

/// Who answers where no mock does.
enum Source {
    Live,
    Recorded(Arc<RecordedTools>),
    Nobody,
}

/// The tools of a case.
pub(super) fn of_case(
    case: &Case,
    recording: Option<&Recording>,
    all: &[Arc<dyn Tool>],
) -> Arc<[Arc<dyn Tool>]> {
    let recorded = recording.map(|recording| Arc::new(RecordedTools::of(recording)));
    let source = |tool: &str| match (case.tools.of(tool), &recorded) {
        (ToolSource::Recorded, Some(recorded)) => Source::Recorded(Arc::clone(recorded)),
        (ToolSource::Live, _) => Source::Live,
        // There is nothing yet to answer from while the recording is made.
        (ToolSource::Recorded, None) => Source::Live,
        (ToolSource::Mocked, _) => Source::Nobody,
    };
    let of = |tool: &Arc<dyn Tool>| -> Arc<dyn Tool> {
        let name = &tool.definition().name;
        let mocks = case.mocks.iter().filter(|mock| mock.tool == *name);
        let mocks: Vec<Mock> = mocks.cloned().collect();
        let source = source(name);
        if mocks.is_empty() && matches!(source, Source::Live) {
            return Arc::clone(tool);
        }
        Arc::new(CaseTool {
            tool: Arc::clone(tool),
            mocks,
            source,
        })
    };
    all.iter().map(of).collect()
}

/// Whether calls of this tool never reach it, whatever it is called with.
pub(super) fn is_stood_in_for(case: &Case, recording: Option<&Recording>, tool: &str) -> bool {
    let answered = match case.tools.of(tool) {
        ToolSource::Mocked => true,
        ToolSource::Recorded => recording.is_some(),
        ToolSource::Live => false,
    };
    let mut mocks = case.mocks.iter();
    answered || mocks.any(|mock| mock.tool == tool && mock.when.is_none())
}

#[async_trait]
impl Tool for CaseTool {
    fn definition(&self) -> &ToolDefinition {
        self.tool.definition()
    }

    fn leaves_machine(&self) -> bool {
        self.tool.leaves_machine()
    }

    fn timeout(&self) -> Duration {
        self.tool.timeout()
    }

    async fn call(&self, invocation: Invocation) -> Result<Value, ToolError> {
        let name = &self.tool.definition().name;
        let mut mocks = self.mocks.iter();
        if let Some(mock) = mocks.find(|mock| mock.fits(name, &invocation.arguments)) {
            return match &mock.answer {
                MockAnswer::Returns(value) => Ok(value.clone()),
                MockAnswer::Error(text) => Err(ToolError::Model(text.clone())),
            };
        }
        match &self.source {
            Source::Live => self.tool.call(invocation).await,
            Source::Recorded(tools) => match tools.answer(name, &invocation.arguments) {
                Ok(Returned {
                    result,
                    is_error: false,
                }) => Ok(result),
                Ok(Returned { result, .. }) => Err(ToolError::Model(text_of(&result))),
                Err(error @ (NotRecorded::Otherwise { .. } | NotRecorded::NotCalled { .. })) => {
                    Err(ToolError::Fatal(error.to_string()))
                }
            },
            Source::Nobody => Err(ToolError::Model(format!(
                "{name} is not available in this test."
            ))),
        }
    }

    fn reconciles(&self) -> bool {
        self.tool.reconciles()
    }

    async fn reconcile(&self, invocation: Invocation) -> Found {
        match self.source {
            Source::Live => self.tool.reconcile(invocation).await,
            // What stands in for a tool changes nothing.
            Source::Recorded(_) | Source::Nobody => Found::NotHappened,
        }
    }
}

fn text_of(result: &Value) -> String {
    match result {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
