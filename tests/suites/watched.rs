//! `slipway test --watch`.

use rustix::process::Signal;

use super::{change, unpack};
use crate::kit::Desk;

#[test]
fn it_runs_again_when_the_package_changes_until_it_is_told_to_end() {
    let desk = Desk::new();
    let agent = unpack(&desk, "changelog-writer");
    let mut running = desk.start(["test", &agent, "--watch"]);
    running.until("6 passed of 6 cases");
    let path = "changelog-writer/instructions.md";
    change(&desk, path, "the next section", "the last section");
    running.until("0 passed, 6 failed of 6 cases");
    // A file that is half written ends nothing.
    let suite = desk.read("changelog-writer/tests/section.toml");
    desk.write("changelog-writer/tests/section.toml", &suite[..40]);
    running.until("INVALID  tests/section.toml");
    desk.write("changelog-writer/tests/section.toml", suite);
    change(&desk, path, "the last section", "the next section");
    running.until("6 passed of 6 cases");
    running.signal(Signal::INT);
    running.end().exits(130);
}
