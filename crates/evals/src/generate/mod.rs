//! Cases that are proposed. A person reviews them before they count.

mod attack;
mod proposal;
#[cfg(test)]
mod tests;
mod variation;

pub use attack::{Attack, CANARY, attacks, suite};
pub use proposal::Proposal;
pub use variation::{Variation, variations};
