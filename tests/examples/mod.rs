//! The examples, run as a newcomer runs them.

mod expense_report;

use std::path::{Path, PathBuf};

use crate::kit::Desk;

/// An example's folder in the sources.
fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../examples")
        .join(name)
}

/// Gives a desk an example as the command unpacks it.
#[track_caller]
fn unpack(desk: &Desk, name: &str) -> String {
    desk.slipway(["new", "--example", name]).exits(0);
    format!("./{name}")
}

#[test]
fn every_example_runs_from_its_recording() {
    let offline_ones = ["expense-report", "changelog-writer"];
    for name in offline_ones {
        let desk = Desk::new();
        let folder = unpack(&desk, name);
        desk.slipway(["validate", &folder]).exits(0);
        desk.slipway(["run", &folder])
            .exits(0)
            .says("This plays the recording")
            .says("✓ succeeded");
    }
}

#[test]
fn every_example_says_how_to_use_another_model() {
    for name in ["expense-report", "changelog-writer", "link-checker"] {
        let readme = std::fs::read_to_string(source(name).join("README.md")).unwrap();
        for word in ["recording", "--model", "local/"] {
            assert!(
                readme.contains(word),
                "the README of {name} must speak of {word:?}"
            );
        }
    }
}
