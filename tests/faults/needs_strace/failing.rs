//! The disk is full or broken, from one write on or for one write: the run fails with a reason,
//! nothing that was said is lost, and without the fault it goes on.

use std::collections::BTreeMap;
use std::ffi::OsString;

use serde_json::json;

use super::{CHANGES, under_strace};
use crate::faults::aftermath::{Aftermath, Met};
use crate::kit::{Agent, Answer, Desk, Running, model};

const OUTPUT: &str = "All is copied.";

fn script() -> Vec<Answer> {
    let write = json!({"path": "out/c.txt", "content": "copied line\n".repeat(6_000)});
    vec![
        Answer::tool("c1", "read_file", &json!({"path": "in/a.txt"})),
        Answer::tool("c2", "write_file", &write),
        Answer::text(OUTPUT),
    ]
}

/// Calls, and at the how-manieth of a thread they fail.
type Points = (&'static str, &'static [u32]);

/// A home is made, and a run begins.
const FRESH: &[Points] = &[
    ("pwrite64", &[1, 9, 16, 50, 90]),
    ("fsync,fdatasync", &[1, 4, 8]),
    ("mkdir,rename,renameat,renameat2,link,linkat", &[1, 2]),
];

/// The home is there, and a run begins.
const USED: &[Points] = &[
    ("pwrite64", &[1, 3, 6, 9, 13, 17, 22, 28, 35, 45]),
    ("fsync,fdatasync", &[1, 2, 3, 4, 5]),
    ("mkdir,rename,renameat,renameat2,link,linkat", &[1, 2, 3]),
    ("ftruncate", &[1]),
];

/// How each fails, once, and from then on.
fn faults(points: &[Points]) -> Vec<String> {
    let mut faults = Vec::new();
    for (calls, points) in points {
        for point in *points {
            for error in ["ENOSPC", "EIO"] {
                for on in ["", "+"] {
                    faults.push(format!("inject={calls}:error={error}:when={point}{on}"));
                }
            }
        }
    }
    faults
}

#[test]
fn a_disk_that_fails_in_the_middle_of_a_run_loses_nothing() {
    let mut met: BTreeMap<String, usize> = BTreeMap::new();
    let fresh = faults(FRESH).into_iter().map(|fault| (true, fault));
    let used = faults(USED).into_iter().map(|fault| (false, fault));
    for (fresh, fault) in fresh.chain(used) {
        let server = model(script());
        let desk = Desk::with_model(&server);
        let agent = Agent::clerk().allowing("write_file").at(&desk);
        if !fresh {
            desk.slipway(["runs", "list"]).exits(0);
        }
        let command = desk.command(["run", agent, "--json"]);
        let log = desk.path("record");
        let options = ["-e", &format!("trace={CHANGES}"), "-e", &fault, "-o"].map(OsString::from);
        let traced = under_strace(&command, options.into_iter().chain([log.into_os_string()]));
        let ran = Running::start(traced).end();
        let script = script();
        let aftermath = Aftermath {
            desk: &desk,
            script: &script,
            output: OUTPUT,
        };
        let what = format!("{:?}", aftermath.check(&ran, &fault));
        *met.entry(what).or_default() += 1;
    }
    println!("failing disk: {met:?}");
    for what in [Met::NotBegun, Met::Ended, Met::Resumed] {
        assert!(
            met.contains_key(&format!("{what:?}")),
            "{met:?}: no run was {what:?}"
        );
    }
}
