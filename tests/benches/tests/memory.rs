//! The most memory that a process took, in a process of its own for each figure.

use std::process::Command;

use slipway_contract::test::Mode;

use crate::figures::Line;
use crate::world::{self, World};

pub(crate) const NAME: &str = "peak memory";

const CHILD: &str = "--in-a-process-of-its-own";

/// Does what its parent asked of it, if it was asked, and says what it took.
pub(crate) fn is_child(arguments: &[String]) -> bool {
    let [what, cases, ..] = arguments else {
        return false;
    };
    if what != CHILD {
        return false;
    }
    let cases: usize = cases.parse().unwrap();
    if cases > 0 {
        world::runtime().block_on(async {
            let world = World::of_a_table(cases).await;
            let tests = world.plan(Mode::Replay, None).await;
            world.run(tests, cases).await;
        });
    }
    println!("{}", peak_kib());
    true
}

/// The most of this process that lay in RAM, where the system tells (Linux).
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    kib.unwrap_or(0)
}

fn peak_of(cases: usize) -> f64 {
    let own = std::env::current_exe().unwrap();
    let output = Command::new(own)
        .args([CHILD, &cases.to_string()])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let kib: u32 = String::from_utf8(output.stdout)
        .unwrap()
        .trim()
        .parse()
        .unwrap();
    f64::from(kib) / 1024.0
}

pub(crate) fn measure(cases: usize) {
    let name = format!("{NAME}, {cases} cases replayed");
    Line {
        name: &name,
        measured: peak_of(cases),
        floor: peak_of(0),
        unit: "MiB",
        goal: "the floor is this program without work".to_owned(),
    }
    .print();
}
