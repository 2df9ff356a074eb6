//! Recording while others record, and where there is no more room.

use std::time::Duration;

use serde_json::Value;

use super::{clerk_with, echo, numbered};
use crate::kit::{Desk, Reply, clerk};

pub(super) fn recordings(desk: &Desk) -> Vec<String> {
    let folder = std::fs::read_dir(desk.path("clerk/recordings")).unwrap();
    let texts = folder.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap());
    texts.collect()
}

#[test]
fn two_that_record_into_one_suite_both_end_well() {
    let server = clerk(|asked| Reply::from(echo(asked)).after(Duration::from_millis(10)));
    let desk = Desk::with_model(&server);
    let agent = clerk_with(&desk, &numbered(20));
    for _ in 0..3 {
        let both: Vec<_> = (0..2)
            .map(|_| desk.start(["test", agent, "--record"]))
            .collect();
        for running in both {
            running.end().exits(0).says("20 passed of 20 cases");
        }
        let recordings = recordings(&desk);
        assert_eq!(
            recordings.len(),
            20,
            "one for each case, and nothing beside them"
        );
        for recording in recordings {
            assert!(recording.ends_with('\n'), "{recording:?}");
            for line in recording.lines() {
                serde_json::from_str::<Value>(line).unwrap();
            }
        }
        desk.slipway(["test", agent])
            .exits(0)
            .says("20 passed of 20 cases");
    }
}

/// One edits the suite's recordings away while another records: nothing panics, and the package is
/// one that can be read.
#[test]
fn one_that_accepts_while_another_records_leaves_whole_recordings() {
    let server = clerk(|asked| Reply::from(echo(asked)).after(Duration::from_millis(10)));
    let desk = Desk::with_model(&server);
    let agent = clerk_with(&desk, &numbered(10));
    desk.slipway(["test", agent, "--record"]).exits(0);
    let records = desk.start(["test", agent, "--record"]);
    let accepts = desk.start(["test", agent, "--accept", "--case", "Case"]);
    accepts.end().exits(0);
    records.end().exits(0);
    desk.slipway(["test", agent]).exits(0);
}

#[test]
fn a_recording_that_cannot_be_written_is_said_and_is_no_success() {
    let server = clerk(|asked| echo(asked).into());
    let desk = Desk::with_model(&server);
    let agent = clerk_with(&desk, &numbered(2));
    desk.write(
        "clerk/recordings",
        "a file stands where the folder should\n",
    );
    let ran = desk.slipway(["test", agent, "--record"]);
    assert_ne!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
}
