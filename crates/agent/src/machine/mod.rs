//! The agent loop as a pure machine: `state = fold(events)`, `effects = decide(state)`.
//!
//! Invariants, held by [`State::apply`] refusing every event that would break them:
//! - a run ends once, and never as succeeded while a tool call is unresolved;
//! - nothing is called that was not announced by an intent (`…Requested`);
//! - an answer of a person counts only for exactly what was asked.

mod answer;
mod calls;
pub mod compaction;
mod conversation;
mod decide;
mod ending;
mod fold;
mod fork;
mod money;
mod route;
mod schema;
mod state;
mod verdicts;

pub use calls::{Call, CallStatus};
pub use decide::{Effect, decide};
pub use fold::{Illegal, fold};
pub use fork::{Edit, ForkPoint, NoFork, fork_point};
pub use state::{ModelCall, ModelStatus, State, Work};
pub use verdicts::Verdicts;

#[cfg(test)]
mod tests;
