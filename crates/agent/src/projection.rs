//! The journal as people and programs see it: internal events become public ones.

use slipway_contract::RunId;
use slipway_contract::event::{EventKind, RunEvent};
use slipway_contract::message::Attachment;

use crate::event::{Event, Recorded};
use crate::machine::{Illegal, State};
use crate::ports::tool::Found;

/// The public event for a journalled one, given the state after it; some have none.
#[must_use]
pub fn project(run: RunId, recorded: &Recorded, state: &State) -> Option<RunEvent> {
    let kind = kind(&recorded.event, state)?;
    Some(RunEvent {
        run_id: run,
        at: recorded.at,
        seq: Some(recorded.seq),
        kind,
    })
}

/// The public events of a whole journal.
///
/// # Errors
/// [`Illegal`] when the journal breaks a rule of the machine.
pub fn project_all(run: RunId, events: &[Recorded]) -> Result<(State, Vec<RunEvent>), Illegal> {
    let mut state = State::default();
    let mut public = Vec::with_capacity(events.len());
    for recorded in events {
        state.apply(recorded)?;
        public.extend(project(run, recorded, &state));
    }
    Ok((state, public))
}

fn kind(event: &Event, state: &State) -> Option<EventKind> {
    Some(match event.clone() {
        Event::Started { spec } => EventKind::RunStarted {
            agent: spec.agent,
            title: spec.title,
            version: spec.version,
            model: spec.model.to_string(),
            input: spec.input,
            budget_usd: spec.limits.most(),
            fallback: spec
                .fallback
                .iter()
                .map(|route| route.model.to_string())
                .collect(),
            attachments: spec.attachments.iter().map(Attachment::summary).collect(),
        },
        Event::Continued { parent, spec } => EventKind::RunContinued {
            parent,
            input: spec.input,
            attachments: spec.attachments.iter().map(Attachment::summary).collect(),
        },
        Event::Forked {
            parent,
            spec,
            from,
            settled,
            answer,
            ..
        } => EventKind::RunForked {
            parent,
            input: spec.input,
            from,
            edited: answer.is_some() || settled.iter().any(|call| call.step == from),
            answer,
            results: settled,
        },
        Event::Resumed => EventKind::RunResumed {},
        Event::ModelRequested {
            step,
            attempt,
            model,
            prompted,
            reserved_usd,
            ..
        } => EventKind::ModelRequested {
            step,
            attempt,
            provider: model.provider,
            model: model.model,
            prompted,
            reserved_usd,
        },
        Event::ModelResponded {
            step,
            content,
            stop,
            usage,
            usage_estimated,
            cost_usd,
            cost_from,
            first_token_ms,
            took_ms,
            ..
        } => EventKind::ModelResponded {
            step,
            content,
            stop,
            usage,
            usage_estimated,
            cost_usd,
            cost_from,
            first_token_ms,
            took_ms,
        },
        Event::ModelFailed {
            step,
            attempt,
            message,
            retry_in_ms,
            next,
            request_id,
            ..
        } => EventKind::ModelFailed {
            step,
            attempt,
            message,
            retry_in_ms,
            next_model: next.map(|next| next.to_string()),
            request_id,
        },
        Event::ModelSkipped {
            step,
            model,
            message,
            next,
        } => EventKind::ModelSkipped {
            step,
            provider: model.provider,
            model: model.model,
            message,
            next_model: next.to_string(),
        },
        Event::ModelOverbilled {
            step,
            attempt,
            model,
            announced_output_tokens,
            billed_output_tokens,
            reserved_usd,
            beyond_usd,
        } => EventKind::ModelOverbilled {
            step,
            attempt,
            provider: model.provider,
            model: model.model,
            announced_output_tokens,
            billed_output_tokens,
            reserved_usd,
            beyond_usd,
        },
        Event::Compacted { compaction } => EventKind::ContextCompacted {
            tokens_before: compaction.tokens_before,
            tokens_after: compaction.tokens_after,
            results_elided: u32::try_from(compaction.elided.len()).unwrap_or(u32::MAX),
            turns_dropped: u32::try_from(compaction.dropped.len()).unwrap_or(u32::MAX),
        },
        Event::ToolRequested {
            step,
            call_id,
            tool,
            arguments,
            effect,
            ..
        } => EventKind::ToolRequested {
            step,
            call_id,
            tool,
            arguments,
            effect,
        },
        Event::ToolRejected {
            step,
            call_id,
            tool,
            message,
        } => EventKind::ToolReturned {
            step,
            call_id,
            tool,
            result: message.into(),
            is_error: true,
            took_ms: None,
            whole_bytes: None,
        },
        Event::ToolReturned {
            step,
            call_id,
            tool,
            result,
            is_error,
            took_ms,
        } => EventKind::ToolReturned {
            step,
            call_id,
            tool,
            result,
            is_error,
            took_ms: Some(took_ms),
            whole_bytes: None,
        },
        Event::ToolFailed {
            step,
            call_id,
            message,
        } => EventKind::ToolReturned {
            tool: state
                .call(step)
                .map(|call| call.tool.clone())
                .unwrap_or_default(),
            step,
            call_id,
            result: message.into(),
            is_error: true,
            took_ms: None,
            whole_bytes: None,
        },
        Event::ApprovalRequested(approval) => EventKind::ApprovalRequested(approval),
        Event::ApprovalResolved {
            step,
            binding,
            answer,
            by,
        } => EventKind::ApprovalResolved {
            step,
            binding,
            answer,
            by,
        },
        Event::Parked { reason } => EventKind::RunParked { reason },
        Event::Finished(end) => EventKind::RunFinished {
            status: end.status,
            reason: end.reason,
            message: end.message,
            output: end.output,
            usage: state.usage().clone(),
        },
        Event::Reconciled {
            step,
            call_id,
            tool,
            found: Found::Happened { result },
        } => EventKind::ToolReturned {
            tool,
            step,
            call_id,
            result,
            is_error: false,
            took_ms: None,
            whole_bytes: None,
        },
        Event::WaitEnded { .. }
        | Event::ToolOutcomeUnknown { .. }
        | Event::ReconcileRequested { .. }
        | Event::Reconciled { .. } => return None,
    })
}
