//! Testing agents: suites are run, what came of them is kept, shown and compared, and runs become
//! tests.

mod accept;
mod against;
mod at_work;
mod attempt;
mod changed;
mod edit;
mod embedding;
mod header;
mod judging;
mod page;
mod plan;
mod propose;
mod read_files;
mod recordings;
mod report;
mod resume;
mod running;
mod said;
mod save;
mod telling;
#[cfg(test)]
mod tests;

pub use against::Baseline;
pub use plan::{PlannedTests, Since, TestOptions};
pub use report::written;
pub use running::{StoppedBy, TestedReport};
pub(crate) use telling::Testing;

use slipway_agent::package::{Package, PackagePath};
use slipway_contract::error::Finding;
use slipway_contract::{AgentName, ErrorCode, Problem};
use slipway_evals::suite::{Suite, Tested};

/// Suites, by file.
type Suites = Vec<(PackagePath, Result<Suite, Vec<Finding>>)>;

/// The agent's suites, by file; those that cannot be run with what is wrong with them.
fn suites_of(package: &Package) -> Suites {
    Suite::all(&Tested::of(package))
}

/// The suites that are run: the agent's own, or the ready one of attacks.
fn suites_to_run(package: &Package, attacks: bool) -> Suites {
    if !attacks {
        return suites_of(package);
    }
    let tested = Tested::of(package);
    let text = slipway_evals::generate::suite(&tested.tools, &propose::task(package));
    let Ok(file) = "tests/attacks.toml".parse() else {
        return Vec::new();
    };
    let suite = Suite::parse_text(&file, &text, &tested);
    vec![(file, suite)]
}

fn no_suite(agent: &AgentName) -> Problem {
    let message = format!("{agent} has no tests yet: the package has no tests/NAME.toml");
    Problem::new(ErrorCode::NotFound, message).help(
        "Make one of a run (slipway runs save-as-test RUN), or write one: docs/tests.md says how.",
    )
}
