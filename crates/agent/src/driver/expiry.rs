//! Questions that nobody answered in time. The clock decides, and the journal has it as the
//! run's end.

use std::time::Duration;

use slipway_contract::approval::{Approval, Question};
use slipway_contract::run::{End, EndReason, RunStatus};
use slipway_contract::{StepId, Timestamp};

use super::Ports;
use crate::machine::State;
use crate::spec::APPROVAL_TIMEOUT_MS;

/// The question with the time from which on no answer counts. Whether a call happened is no
/// request: it waits for as long as it takes, since nobody but the person knows.
pub(super) fn stamped(approval: Approval, state: &State, now: Timestamp) -> Approval {
    if matches!(approval.question, Question::Outcome { .. }) {
        return approval;
    }
    let limit = state
        .spec()
        .and_then(|spec| spec.limits.approval_timeout_ms);
    let wait = Duration::from_millis(limit.unwrap_or(APPROVAL_TIMEOUT_MS));
    let expires_at = now.checked_add(wait).unwrap_or(Timestamp::MAX);
    Approval {
        expires_at: Some(expires_at),
        ..approval
    }
}

/// Whether an answer to this step's question comes too late at this time.
pub(super) fn is_late(state: &State, step: StepId, now: Timestamp) -> bool {
    let questions = state.questions();
    let mut questions = questions.iter();
    questions.any(|question| question.step == step && question.has_expired(now))
}

/// The run's end, where a question of it has expired.
pub(super) fn due(state: &State, now: Timestamp) -> Option<End> {
    let questions = state.questions();
    let expired = questions
        .into_iter()
        .find(|question| question.has_expired(now))?;
    let until = expired.expires_at.unwrap_or(now);
    let about = match &expired.question {
        Question::Call { tool, .. } | Question::Outcome { tool, .. } => {
            format!("whether it may call {tool:?}")
        }
        Question::Grant { .. } => "for what its package wants".to_owned(),
        _ => "how to go on".to_owned(),
    };
    let message = format!(
        "The run asked {about} (step {}), and nobody answered until {} (limits.approval_timeout). Start it again when somebody can answer.",
        expired.step,
        until.strftime("%Y-%m-%d %H:%M:%S UTC")
    );
    Some(End {
        status: RunStatus::Failed,
        reason: EndReason::ApprovalExpired,
        message,
        output: None,
    })
}

/// Returns with the run's end when the first of its open questions expires; never where none does.
pub(super) async fn comes(ports: &Ports, state: &State) -> End {
    let questions = state.questions();
    let Some(first) = questions.iter().filter_map(|open| open.expires_at).min() else {
        return std::future::pending().await;
    };
    loop {
        let now = ports.clock.now();
        if let Some(end) = due(state, now) {
            return end;
        }
        let left = first.duration_since(now).unsigned_abs();
        ports.clock.sleep(left.max(Duration::from_millis(1))).await;
    }
}
