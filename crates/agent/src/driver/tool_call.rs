//! One attempt at a tool call: the door that only what was granted passes.

use std::path::Path;
use std::sync::Arc;

use futures::FutureExt;
use slipway_contract::RunId;
use slipway_contract::tool::Effect;

use super::Ports;
use super::model_call::milliseconds;
use crate::event::Event;
use crate::machine::Call;
use crate::policy::Grants;
use crate::ports::tool::{Invocation, ToolError};
use crate::spec::RunSpec;

/// Makes the call and says what came of it.
pub(super) async fn attempt(ports: Ports, run: RunId, spec: Arc<RunSpec>, call: Call) -> Event {
    let Call {
        step,
        call_id,
        tool: name,
        arguments,
        effect,
        ..
    } = call;
    let fatal = |message: String| Event::ToolFailed {
        step,
        call_id: call_id.clone(),
        message,
    };
    let Some(tool) = ports
        .tools
        .iter()
        .find(|tool| tool.definition().name == name)
    else {
        return fatal(format!(
            "The tool {name:?} is not there any more. Start a new run."
        ));
    };
    let approved = spec
        .tools
        .iter()
        .find(|tool| tool.definition.name == name)
        .map(|tool| &tool.definition);
    if approved != Some(tool.definition()) {
        return fatal(format!(
            "The tool {name:?} is not what it was when the run began, so what was approved is void. Start a new run."
        ));
    }
    let invocation = Invocation {
        run,
        step,
        idempotency_key: format!("{run}-{step}"),
        arguments,
        grants: Arc::new(Grants::new(Path::new(&spec.workdir), &spec.granted)),
    };
    let begun = ports.clock.monotonic();
    let timeout = tool.timeout();
    let made = std::panic::AssertUnwindSafe(tool.call(invocation)).catch_unwind();
    let outcome = tokio::select! {
        biased;
        outcome = made => outcome,
        () = ports.clock.sleep(timeout) => return timed_out(step, call_id, name, effect, timeout),
    };
    let took_ms = milliseconds(ports.clock.monotonic().saturating_sub(begun));
    match outcome {
        Ok(Ok(result)) => Event::ToolReturned {
            step,
            call_id,
            tool: name,
            result,
            is_error: false,
            took_ms,
        },
        Ok(Err(ToolError::Model(message))) => Event::ToolReturned {
            step,
            call_id,
            tool: name,
            result: message.into(),
            is_error: true,
            took_ms,
        },
        Ok(Err(ToolError::Unknown(message))) if effect.reads_only() => Event::ToolReturned {
            step,
            call_id,
            tool: name,
            result: message.into(),
            is_error: true,
            took_ms,
        },
        Ok(Err(ToolError::Unknown(_))) => Event::ToolOutcomeUnknown { step, call_id },
        Ok(Err(ToolError::Fatal(message))) => fatal(message),
        Err(_) => fatal(format!(
            "The tool {name:?} failed with a fault of its own. This is a bug in the tool."
        )),
    }
}

/// A call that reads and took too long is told to the model; whether one that changes something
/// happened is not known.
fn timed_out(
    step: slipway_contract::StepId,
    call_id: slipway_contract::CallId,
    tool: String,
    effect: Effect,
    timeout: std::time::Duration,
) -> Event {
    if effect.reads_only() {
        let result = format!(
            "{tool} gave no result within {} seconds and was stopped.",
            timeout.as_secs()
        );
        let took_ms = milliseconds(timeout);
        Event::ToolReturned {
            step,
            call_id,
            tool,
            result: result.into(),
            is_error: true,
            took_ms,
        }
    } else {
        Event::ToolOutcomeUnknown { step, call_id }
    }
}
