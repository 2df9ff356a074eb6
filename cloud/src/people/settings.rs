//! What an operator may set of how people sign in.

use std::path::PathBuf;

use super::hash::Cost;
use super::providers;

/// The settings.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How much work a password's hash is.
    pub cost: Cost,
    /// How many passwords are hashed at once.
    pub at_once: usize,
    /// How many more may wait for it.
    pub waiting: usize,
    /// A file of more passwords that are refused, one a line.
    pub refused: Option<PathBuf>,
    /// Whether everybody must have a second factor.
    pub second_factor_required: bool,
    /// GitHub, where people may sign in with it.
    pub github: Option<providers::Settings>,
    /// Google, where people may sign in with it.
    pub google: Option<providers::Settings>,
}

impl Default for Settings {
    fn default() -> Self {
        // Half of the processors, so that the rest go on while many sign in.
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let at_once = (processors / 2).max(1);
        Self {
            cost: Cost::LEAST,
            at_once,
            waiting: 32 * at_once,
            refused: None,
            second_factor_required: false,
            github: None,
            google: None,
        }
    }
}
