//! The same result with the network cut off and no key; and a disk that fills while recording.

use std::process::{Command, Stdio};

use serde_json::Value;

use super::together::recordings;
use super::{EXAMPLES, clerk_with, numbered, said, unpack};
use crate::kit::{Answer, Desk, Running, clerk};

/// What was found, without what differs from run to run.
fn findings(report: &str) -> Value {
    let mut report: Value = serde_json::from_str(report).unwrap();
    for name in ["started_at", "took_ms"] {
        report.as_object_mut().unwrap().remove(name);
    }
    for suite in report["suites"].as_array_mut().unwrap() {
        for case in suite["cases"].as_array_mut().unwrap() {
            for attempt in case["attempts"].as_array_mut().unwrap() {
                attempt.as_object_mut().unwrap().remove("latency_ms");
            }
        }
    }
    report
}

const ARGUMENTS: [&str; 4] = ["--no-compare", "--no-network", "--reporter", "json"];

/// A command line in a network of its own, in which there is nothing.
fn cut_off(desk: &Desk, arguments: &[&str]) -> Running {
    const APART: [&str; 2] = ["--map-root-user", "--net"];
    let inside = desk.command(arguments);
    let mut command = Command::new("unshare");
    command.args(APART).arg(inside.get_program());
    command.args(inside.get_args());
    command.current_dir(desk.path(""));
    for (name, value) in inside.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.stdin(Stdio::null());
    Running::start(command)
}

#[test]
fn without_a_network_it_is_the_same() {
    for (name, _) in EXAMPLES {
        let desk = Desk::new();
        let agent = unpack(&desk, name);
        let plain = ["test", &agent, "--no-compare", "--reporter", "json"];
        let with = desk.slipway(plain).exits(0);
        let kept = desk
            .slipway(["test", &agent].iter().chain(&ARGUMENTS))
            .exits(0);
        assert_eq!(findings(&kept.stdout), findings(&with.stdout));
        let without = cut_off(&desk, &plain).end().exits(0);
        assert_eq!(findings(&without.stdout), findings(&with.stdout));
    }
}

/// A model that could be asked is not, and neither is a proxy.
#[test]
fn what_fails_fails_alike_without_a_network() {
    let desk = Desk::new()
        .variable("HTTPS_PROXY", "http://127.0.0.1:9")
        .variable("HTTP_PROXY", "http://127.0.0.1:9");
    let agent = unpack(&desk, "link-checker");
    super::change(&desk, "link-checker/instructions.md", "Judge", "Guess");
    let plain = ["test", &agent, "--no-compare", "--reporter", "json"];
    let with = desk.slipway(plain).exits(1);
    let without = cut_off(&desk, &plain).end().exits(1);
    assert_eq!(findings(&without.stdout), findings(&with.stdout));
}

/// A folder on a disk of 96 KiB, in a name space of its own.
#[test]
fn a_disk_that_fills_leaves_whole_recordings_and_says_which_are_missing() {
    const APART: [&str; 2] = ["--map-root-user", "--mount"];
    let server = clerk(|asked| {
        let long = "word ".repeat(5_000);
        Answer::text(format!("{} {long}", said(asked))).into()
    });
    let desk = Desk::with_model(&server);
    let agent = clerk_with(&desk, &numbered(8));
    let script = "mount -t tmpfs -o size=96k tmpfs \"$1\" && cp -r clerk/. \"$1\" && cd \"$1/..\" && { \"$2\" test \"$1\" --record; code=$?; cp -r \"$1/recordings\" \"$3\"; exit $code; }";
    let small = desk.path("small");
    std::fs::create_dir(&small).unwrap();
    let inside = desk.command([""; 0]);
    let mut command = Command::new("unshare");
    command.args(APART).args(["sh", "-c", script, "sh"]);
    command.arg(&small).arg(inside.get_program());
    command.arg(desk.path("clerk/recordings"));
    command.current_dir(desk.path("")).stdin(Stdio::null());
    for (name, value) in inside.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let ran = Running::start(command).end();
    assert_eq!(ran.code, Some(1), "{}{}", ran.stdout, ran.stderr);
    let ran = ran
        .says("8 passed of 8 cases")
        .complains("was not written, and is as it was")
        .complains("No space left on device");
    assert!(!ran.stderr.contains("panicked"));
    let written = recordings(&desk);
    assert!(
        !written.is_empty() && written.len() < 8,
        "{}",
        written.len()
    );
    // What was written plays.
    drop(server);
    desk.slipway(["test", agent])
        .exits(0)
        .says(&format!("{0} passed of {0} cases", written.len()))
        .says("LEFT OUT");
}
