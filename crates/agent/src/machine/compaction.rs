//! Keeping the conversation within the model's context window.
//!
//! The instructions, the task, everything that the person said and the newest turn stay. Older
//! tool results go first, then older turns, oldest first.

use serde::{Deserialize, Serialize};
use slipway_contract::StepId;

use super::conversation::{Part, elided};
use super::state::State;

/// What was left out of the conversation that the model is given. The journal keeps all of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compaction {
    /// Estimated tokens before.
    pub tokens_before: u64,
    /// Estimated tokens after.
    pub tokens_after: u64,
    /// Tool calls whose result's text was left out.
    pub elided: Vec<StepId>,
    /// Model calls whose whole turn (answer and tool results) was left out.
    pub dropped: Vec<StepId>,
}

/// What to leave out so that `tokens` become at most `limit`; none when that cannot be done.
/// `count` estimates a text's tokens; `measure` the whole request's after a trial compaction.
#[must_use]
pub fn plan(
    state: &State,
    tokens: u64,
    limit: u64,
    count: &dyn Fn(&str) -> u64,
    measure: &dyn Fn(&State) -> u64,
) -> Option<Compaction> {
    let newest = state.conversation.newest_turn();
    let parts = state.conversation.parts();
    let mut plan = Compaction {
        tokens_before: tokens,
        tokens_after: tokens,
        elided: Vec::new(),
        dropped: Vec::new(),
    };

    let mut estimate = tokens;
    for part in &parts {
        if estimate <= limit {
            break;
        }
        if let Part::Result { turn, step, text } = part
            && Some(*turn) != newest
        {
            let saved = count(text).saturating_sub(count(&elided(text)));
            if saved > 0 {
                estimate = estimate.saturating_sub(saved);
                plan.elided.push(*step);
            }
        }
    }
    if fits(state, &mut plan, limit, measure) {
        return Some(plan);
    }
    for part in &parts {
        if let Part::Answer { turn } = part
            && Some(*turn) != newest
        {
            plan.dropped.push(*turn);
            if fits(state, &mut plan, limit, measure) {
                return Some(plan);
            }
        }
    }
    let mut newest_results: Vec<_> = parts
        .iter()
        .filter_map(|part| match part {
            Part::Result { turn, step, text } if Some(*turn) == newest => Some((text.len(), *step)),
            _ => None,
        })
        .collect();
    newest_results.sort_unstable_by(|one, other| other.cmp(one));
    for (_, step) in newest_results {
        plan.elided.push(step);
        if fits(state, &mut plan, limit, measure) {
            return Some(plan);
        }
    }
    None
}

fn fits(state: &State, plan: &mut Compaction, limit: u64, measure: &dyn Fn(&State) -> u64) -> bool {
    let mut trial = state.clone();
    trial.conversation.compact(plan);
    plan.tokens_after = measure(&trial);
    plan.tokens_after <= limit
}
