//! Tool calls and their results.

use std::collections::BTreeMap;

use serde_json::Value;
use slipway_contract::StepId;
use slipway_contract::run::EndReason;

use super::Step;
use crate::canonical;
use crate::machine::answer::failed;
use crate::machine::calls::{Call, CallStatus};
use crate::machine::state::State;
use crate::ports::tool::Found;

/// How often the same failing call may be made before the run is ended.
const SAME_FAILURES: u32 = 3;

impl State {
    pub(super) fn call_mut(&mut self, step: StepId) -> Result<&mut Call, &'static str> {
        self.calls
            .iter_mut()
            .find(|call| call.step == step)
            .ok_or("there is no such tool call")
    }

    pub(super) fn in_flight(&self, step: StepId) -> Step {
        match self.call(step) {
            Some(call) if call.status == CallStatus::InFlight => Ok(()),
            _ => Err("this tool call is not under way"),
        }
    }

    pub(super) fn settle(&mut self, step: StepId, result: Value, is_error: bool) -> Step {
        self.call_mut(step)?.status = CallStatus::Settled { result, is_error };
        if self.calls.iter().all(Call::is_settled) {
            self.flush_results();
        }
        Ok(())
    }

    /// Each attempt can be looked for once.
    pub(super) fn reconcilable_again(&mut self, step: StepId) -> Step {
        let tools = self.spec.as_ref().map(|spec| spec.tools.as_slice());
        let call = self.calls.iter_mut().find(|call| call.step == step);
        if let (Some(tools), Some(call)) = (tools, call) {
            let tool = tools.iter().find(|tool| tool.definition.name == call.tool);
            call.reconcilable = tool.is_some_and(|tool| tool.reconciles);
        }
        Ok(())
    }

    pub(super) fn reconcile_requested(&mut self, step: StepId) -> Step {
        let call = self.call_mut(step)?;
        if call.status != CallStatus::Unknown || !call.reconcilable {
            return Err("there is nothing to find out about the tool call");
        }
        call.reconcilable = false;
        call.status = CallStatus::Reconciling;
        Ok(())
    }

    pub(super) fn reconciled(&mut self, step: StepId, found: &Found) -> Step {
        let call = self.call_mut(step)?;
        if call.status != CallStatus::Reconciling {
            return Err("nobody asked what became of the tool call");
        }
        match found {
            Found::Happened { result } => return self.settle(step, result.clone(), false),
            Found::NotHappened => call.status = CallStatus::Wanted,
            Found::Unknown => call.status = CallStatus::Unknown,
        }
        Ok(())
    }

    /// A call counts once for each answer that asks for it: within one, the model has not yet
    /// seen that it fails.
    pub(super) fn count_failures(&mut self) {
        let mut failed_now = BTreeMap::new();
        for call in &self.calls {
            let signature = canonical::hash(&serde_json::json!([call.tool, call.arguments]));
            match call.status {
                CallStatus::Settled { is_error: true, .. } => {
                    failed_now.insert(signature, call.tool.clone());
                }
                _ => {
                    self.failing.remove(&signature);
                }
            }
        }
        for (signature, tool) in failed_now {
            let count = self.failing.entry(signature).or_default();
            *count += 1;
            if *count >= SAME_FAILURES {
                let message = format!(
                    "The model made the same call of {tool:?} {SAME_FAILURES} times, and it failed each time."
                );
                self.ending = Some(failed(EndReason::RepeatedFailure, message));
            }
        }
    }

    /// Results go to the model in the order in which it asked.
    pub(super) fn flush_results(&mut self) {
        let Some(turn) = self.conversation.newest_turn() else {
            return;
        };
        self.count_failures();
        for call in std::mem::take(&mut self.calls) {
            if let CallStatus::Settled { result, is_error } = call.status {
                self.conversation.result(
                    turn,
                    call.step,
                    call.call_id,
                    call.tool,
                    &result,
                    is_error,
                );
            }
        }
    }
}
