//! One attempt at a tool call: the door that only what was granted passes.

use std::sync::Arc;

use futures::FutureExt;
use slipway_contract::RunId;
use slipway_contract::tool::Effect;

use super::Ports;
use super::model_call::milliseconds;
use crate::event::Event;
use crate::machine::Call;
use crate::policy::{Grants, binding};
use crate::ports::tool::{Found, Invocation, Tool, ToolError};
use crate::spec::RunSpec;

/// Makes the call and says what came of it.
pub(super) async fn attempt(ports: Ports, run: RunId, spec: Arc<RunSpec>, call: Call) -> Event {
    let (tool, invocation) = match door(&ports, run, &spec, &call) {
        Ok(passed) => passed,
        Err(message) => {
            return Event::ToolFailed {
                step: call.step,
                call_id: call.call_id,
                message,
            };
        }
    };
    let Call {
        step,
        call_id,
        tool: name,
        effect,
        ..
    } = call;
    let fatal = |message: String| Event::ToolFailed {
        step,
        call_id: call_id.clone(),
        message,
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

/// Lets the tool find out whether the call happened. Where it cannot, for whatever reason, it
/// stays unknown, and a person is asked.
pub(super) async fn reconcile(ports: Ports, run: RunId, spec: Arc<RunSpec>, call: Call) -> Event {
    let found = match door(&ports, run, &spec, &call) {
        Err(message) => {
            tracing::warn!(%run, step = %call.step, message, "a call could not be looked for");
            Found::Unknown
        }
        Ok((tool, invocation)) => {
            let looked = std::panic::AssertUnwindSafe(tool.reconcile(invocation)).catch_unwind();
            tokio::select! {
                biased;
                found = looked => found.unwrap_or(Found::Unknown),
                () = ports.clock.sleep(tool.timeout()) => Found::Unknown,
            }
        }
    };
    Event::Reconciled {
        step: call.step,
        call_id: call.call_id,
        tool: call.tool,
        found,
    }
}

/// The tool and all that it may touch, if it is still the one that was approved.
fn door<'p>(
    ports: &'p Ports,
    run: RunId,
    spec: &RunSpec,
    call: &Call,
) -> Result<(&'p dyn Tool, Invocation), String> {
    let name = &call.tool;
    let mut tools = ports.tools.iter();
    let Some(tool) = tools.find(|tool| tool.definition().name == *name) else {
        return Err(format!(
            "The tool {name:?} is not there any more. Start a new run."
        ));
    };
    let mut specs = spec.tools.iter();
    let approved = specs.find(|tool| tool.definition.name == *name);
    if approved.map(|tool| &tool.definition) != Some(tool.definition()) {
        return Err(format!(
            "The tool {name:?} is not what it was when the run began, so what was approved is void. Start a new run."
        ));
    }
    let called = |approved| approved == binding::of_call(tool.definition(), &call.arguments);
    if !call.approved.is_none_or(called) {
        return Err(format!(
            "What was approved of {name:?} is not what would be called now, so the approval is void. Start a new run."
        ));
    }
    let invocation = Invocation {
        run,
        step: call.step,
        idempotency_key: format!("{run}-{}", call.step),
        arguments: call.arguments.clone(),
        grants: Arc::new(Grants::of(spec)),
    };
    Ok((&**tool, invocation))
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
