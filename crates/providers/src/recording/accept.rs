//! Taking what an agent asks now as what it should ask: the recorded answers stay, and what they
//! answered becomes what was asked.

use slipway_agent::event::Recorded;
use slipway_contract::Timestamp;

use super::record::{RecordError, of_any};
use super::{Given, Header, RecordedCall, Recording};

/// The recording after a run that played it with [`super::Matching::Accepting`]: its answers, to what this
/// run gave the model.
///
/// # Errors
/// As for [`super::record`].
pub fn accept(
    recording: &Recording,
    events: &[Recorded],
    at: Timestamp,
) -> Result<Recording, RecordError> {
    let now = of_any(events, "")?;
    let answers = recording.calls.iter().map(|call| &call.answer);
    let calls = now.calls.into_iter().zip(answers);
    let mut accepted = Recording {
        header: Header {
            instructions: now.header.instructions,
            output_schema: now.header.output_schema,
            ..recording.header.clone()
        },
        instructions: now.instructions,
        calls: calls
            .map(|(call, answer)| RecordedCall {
                given: call.given,
                answer: answer.clone(),
            })
            .collect(),
    };
    if !changes(recording, &accepted).is_empty() {
        accepted.header.accepted_at = Some(at);
    }
    Ok(accepted)
}

/// What one recording says that another did not, in sentences; empty where both say the same.
#[must_use]
pub fn changes(before: &Recording, after: &Recording) -> Vec<String> {
    let mut changes = Vec::new();
    if before.header.instructions != after.header.instructions {
        changes.push("The instructions are those of now.".to_owned());
    }
    if before.header.output_schema != after.header.output_schema {
        changes.push("The schema of the final answer ([output]) is that of now.".to_owned());
    }
    let mut tool_calls = 0;
    for (then, now) in before.calls.iter().zip(&after.calls) {
        for index in 0..then.given.len().max(now.given.len()) {
            let (then, now) = (then.given.get(index), now.given.get(index));
            let tool = [now, then].into_iter().flatten().find_map(|one| match one {
                Given::Tool { name, .. } => Some(name),
                _ => None,
            });
            tool_calls += usize::from(tool.is_some());
            if then == now {
                continue;
            }
            changes.push(match (tool, now) {
                (Some(name), _) => {
                    format!("Tool call {tool_calls}, {name}, returns what it does now.")
                }
                (None, Some(Given::Attachment { name, .. })) => {
                    format!("The attached file {name} is that of now.")
                }
                (None, _) => "What the model is told is that of now.".to_owned(),
            });
        }
    }
    let left = before.calls.len().saturating_sub(after.calls.len());
    if left > 0 {
        changes.push(format!(
            "The last {left} recorded answers are gone: the run does not ask for them any more."
        ));
    }
    changes
}
