//! The person's own providers of models: `providers.toml` in their home.

use std::io::ErrorKind;
use std::path::Path;

use slipway_contract::{ErrorCode, Problem};
use slipway_runner::Registry;

use crate::App;
use crate::prices::text_of;
use crate::problem::from_io;

impl App {
    /// What a wrong `providers.toml` keeps from being done: no model is called that a provider
    /// serves. Recordings and servers of this machine are not concerned.
    ///
    /// # Errors
    /// The file cannot be read, or something in it is wrong.
    pub fn check_providers(&self) -> Result<(), Problem> {
        read(&self.home().providers()).map(drop)
    }
}

/// The providers that are known, with those in this file, if there is one.
pub(crate) fn read(path: &Path) -> Result<Registry, Problem> {
    let text = match text_of(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Ok(Registry::built_in().clone());
        }
        read => read.map_err(|error| from_io("read", path, &error))?,
    };
    Registry::with_own(&text).map_err(|findings| {
        let message = format!(
            "{} is not valid, so no provider's address is certain",
            path.display()
        );
        let mut problem = Problem::new(ErrorCode::InvalidInput, message)
            .help("Correct what is named, or move the file away. docs/models.md shows its form.");
        problem.findings = findings;
        problem
    })
}

/// The problem in one line, for whoever asks for a model that needs the file.
pub(crate) fn told(problem: &Problem) -> String {
    let found = problem.findings.iter().map(ToString::to_string);
    let lines = std::iter::once(problem.message.clone()).chain(found);
    let lines: Vec<String> = lines.chain(problem.help.clone()).collect();
    lines.join("; ")
}
