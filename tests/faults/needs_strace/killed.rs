//! Killed at any write of a snapshot or a restore: the next start is as if it had not begun, or as
//! if it had ended.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::killed_everywhere;
use crate::kit::{Agent, Answer, Desk, Running, model};
use crate::upgrades::copy;

/// Whether the command was killed, and did not come to its end.
fn is_killed(command: Command) -> bool {
    Running::start(command).end().code.is_none()
}

fn desk() -> (Desk, String) {
    let server = model([Answer::text("Done."), Answer::text("And more.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    let run = desk.slipway(["run", agent, "--json"]).exits(0).run();
    desk.slipway(["snapshots", "create"]).exits(0);
    desk.slipway(["runs", "continue", &run, "--input", "More?"])
        .exits(0);
    (desk, run)
}

fn names(desk: &Desk) -> Vec<String> {
    let listed = desk.slipway(["snapshots", "list", "--json"]).exits(0);
    let name = |snapshot: &serde_json::Value| snapshot["name"].as_str().unwrap().to_owned();
    listed.objects().iter().map(name).collect()
}

/// Snapshots that a killed process had begun, which no list shows.
fn unfinished(home: &Path) -> usize {
    let entries = fs::read_dir(home.join("snapshots")).unwrap();
    let name =
        |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    entries
        .map(name)
        .filter(|name| name.starts_with(".new-"))
        .count()
}

fn runs(desk: &Desk) -> usize {
    desk.slipway(["runs", "list", "--json"])
        .exits(0)
        .objects()
        .len()
}

#[test]
fn a_snapshot_that_was_cut_off_is_none() {
    let (desk, _) = desk();
    let (mut left, mut before) = (0, names(&desk));
    let kills = killed_everywhere(4, |point, killed| {
        if !is_killed(killed(&desk.command(["snapshots", "create"]))) {
            before = names(&desk);
            return false;
        }
        left += unfinished(&desk.home());
        desk.slipway(["snapshots", "verify"]).exits(0);
        let after = names(&desk);
        assert!(
            after.len() <= before.len() + 1,
            "{point}: {before:?} {after:?}"
        );
        assert!(before.iter().all(|name| after.contains(name)), "{point}");
        before = after;
        assert_eq!(runs(&desk), 2, "{point}");
        true
    });
    println!("snapshots: killed {kills} times, {left} left something unfinished");
    assert!(kills > 15 && left > 10, "{kills} kills, {left} unfinished");
    desk.slipway(["snapshots", "create"]).exits(0);
    assert_eq!(unfinished(&desk.home()), 0, "what was left is cleared away");
    desk.slipway(["doctor"]).says("database: ").says("is whole");
}

#[test]
fn a_restore_that_was_cut_off_was_not_begun_or_is_done() {
    let (first, run) = desk();
    let oldest = names(&first).pop().unwrap();
    let mut done = 0;
    let kills = killed_everywhere(1, |point, killed| {
        let desk = Desk::new();
        copy(&first.home(), &desk.home());
        if !is_killed(killed(&desk.command(["snapshots", "restore", &oldest]))) {
            assert_eq!(runs(&desk), 1, "{point}: this one was not killed");
            desk.slipway(["runs", "show", &run]).exits(0);
            return false;
        }
        desk.slipway(["snapshots", "verify"]).exits(0);
        match runs(&desk) {
            2 => {}
            1 => {
                done += 1;
                let all = desk
                    .slipway(["snapshots", "list", "--json"])
                    .exits(0)
                    .objects();
                let replaced = all.iter().find(|snapshot| snapshot["reason"] == "replaced");
                let name = replaced.unwrap()["name"].as_str().unwrap();
                desk.slipway(["snapshots", "restore", name]).exits(0);
                assert_eq!(runs(&desk), 2, "{point}: what was replaced is there");
            }
            other => panic!("{point}: {other} runs"),
        }
        true
    });
    println!("restores: killed {kills} times, {done} were done");
    assert!(kills > 20 && done > 0, "{kills} kills, {done} done");
}
