//! Cases that are proposed. A person reviews them before they count.

mod append;
mod attack;
mod from_agent;
mod from_json;
mod from_run;
mod proposal;
mod rephrase;
mod review;
mod sample;
#[cfg(test)]
mod tests;
mod variation;
mod with_model;

pub use append::{AppendError, append};
pub use attack::{Attack, CANARY, attacks, suite};
pub use from_agent::{Described, from_agent};
pub use from_run::{PastRun, from_runs};
pub use proposal::Proposal;
pub use rephrase::{Wording, rephrase};
pub use review::{Dropped, Proposed};
pub use variation::{Variation, variations};
pub use with_model::{Answered, propose};
