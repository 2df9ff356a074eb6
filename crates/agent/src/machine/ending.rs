//! What a run's end leaves open.

use slipway_contract::run::End;

use super::calls::CallStatus;
use super::state::State;

impl State {
    /// The run's end, told together with what it leaves open in this state: calls that may have
    /// changed something without that being known. What is journalled with the end must be folded
    /// in before, so that the two cannot contradict each other.
    #[must_use]
    pub fn with_what_is_open(&self, mut end: End) -> End {
        let open: Vec<String> = self
            .calls
            .iter()
            // What failed has said so itself.
            .filter(|call| call.may_have_happened() && call.status != CallStatus::Failed)
            .map(|call| format!("{} (step {})", call.tool, call.step))
            .collect();
        if !open.is_empty() {
            end.message.push_str(&format!(
                " It is not known whether this happened: {}.",
                open.join(", ")
            ));
        }
        end
    }
}
