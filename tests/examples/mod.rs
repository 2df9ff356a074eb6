//! The examples, run as a newcomer runs them.

mod expense_report;
mod protocols;

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

#[test]
fn an_imported_example_finds_its_own_files() {
    let desk = Desk::new();
    let folder = unpack(&desk, "expense-report");
    desk.slipway(["export", &folder, "--output", "er.slipway"])
        .exits(0);
    desk.slipway(["import", "er.slipway"]).exits(0);
    let work = desk.home().join("work/expense-report");
    std::fs::create_dir_all(work.join("receipts")).unwrap();
    for file in [
        "receipts/2026-07.csv",
        "receipts/2026-08.csv",
        "receipts/2026-09.xlsx",
        "rates.csv",
    ] {
        std::fs::copy(desk.path("expense-report").join(file), work.join(file)).unwrap();
    }
    desk.slipway(["run", "expense-report"]).exits(3);
    desk.slipway(["run", "expense-report", "--approve", "allow"])
        .exits(0);
    let (mine, theirs) = (
        work.join("out/report.md"),
        source("expense-report").join("files/report.md.j2"),
    );
    assert!(mine.is_file() && work.join("files/report.md.j2").is_file() && theirs.is_file());
}
