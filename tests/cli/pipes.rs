//! Output that goes to a program, or to one that stops reading.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use crate::kit::{Agent, Answer, Desk, Reply, Terminal, model};

#[test]
fn a_reader_that_leaves_costs_nothing_that_was_done() {
    let first = Answer::tool("c1", "read_file", &json!({"path": "in/a.txt"}));
    let slow =
        Reply::from(Answer::text("word ".repeat(200))).in_pieces(400, Duration::from_millis(20));
    let server = model([Reply::from(first), slow]);
    let desk = Desk::with_model(&server);
    let mut command = desk.command(["run", Agent::clerk().at(&desk), "--json"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It leaves while the second answer is still being told.
    let returned = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(&line.unwrap()).unwrap())
        .find(|event| event["type"] == "tool.returned")
        .expect("the tool returns");
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(141), "{stderr}");
    assert!(
        stderr.contains("slipway runs resume ") && !stderr.contains("panicked"),
        "{stderr}"
    );
    assert_eq!(stderr.lines().count(), 1, "it ends quietly: {stderr}");

    let run = returned["run_id"].as_str().unwrap();
    server.then(Answer::text("The whole answer."));
    server.then(Answer::text("The whole answer."));
    let ran = desk.slipway(["runs", "resume", run, "--json"]).exits(0);
    assert_eq!(ran.event("run.finished")["status"], "succeeded");
    let exported = desk.slipway(["runs", "export", run]).exits(0);
    assert_eq!(
        exported.events("tool.returned").len(),
        1,
        "what was done is not done again"
    );
}

#[test]
fn a_reader_that_stops_reading_can_be_left() {
    let server = model([Answer::text("word ".repeat(100_000))]);
    let desk = Desk::with_model(&server);
    let mut command = desk.command(["run", Agent::clerk().at(&desk), "--json"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // The run goes on and ends although nobody reads what it shows.
    for attempt in 0.. {
        assert!(attempt < 600, "the run hangs with its output");
        let listed = desk.slipway(["runs", "list", "--json"]).exits(0);
        if listed
            .objects()
            .first()
            .is_some_and(|run| run["status"] == "succeeded")
        {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
fn a_comparison_that_nobody_reads_says_so_and_keeps_its_runs() {
    let server = model(["One.", "Two."].map(Answer::text));
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    let both = ["-m", "openai/gpt-5-mini", "-m", "openai/gpt-4.1-mini"];
    let mut child = desk
        .command(["run", agent].iter().chain(&both))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(141), "{stderr}");
    assert!(!stderr.contains("panicked"), "{stderr}");
    let kept = stderr
        .lines()
        .filter(|line| line.contains("slipway runs show "));
    assert_eq!(kept.count(), 2, "{stderr}");
    let listed = desk.slipway(["runs", "list", "--json"]).exits(0);
    let runs = listed.objects();
    assert!(
        runs.iter().all(|run| run["status"] == "succeeded"),
        "{runs:?}"
    );
}

#[test]
fn a_list_that_nobody_reads_to_its_end_is_no_failure() {
    let desk = Desk::new();
    let mut child = desk
        .command(["tools", "list", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn a_full_disk_is_said_and_keeps_the_run() {
    let server = model([Answer::text("word ".repeat(20_000))]);
    let desk = Desk::with_model(&server);
    let Ok(full) = std::fs::File::options().write(true).open("/dev/full") else {
        return;
    };
    let mut command = desk.command(["run", Agent::clerk().at(&desk), "--json"]);
    let output = command.stdout(full).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(
        stderr.contains("the output could not be written"),
        "{stderr}"
    );
}

#[test]
fn colours_are_for_terminals_and_can_be_turned_off() {
    let desk = Desk::new();
    let agent = Agent::clerk().at(&desk);
    let (code, coloured) = Terminal::start(desk.command(["validate", agent]), 80).end();
    assert_eq!(code, Some(0));
    assert!(coloured.contains("\u{1b}[32m✓"), "{coloured:?}");
    let mut command = desk.command(["validate", agent]);
    command.env("NO_COLOR", "1");
    let (_, plain) = Terminal::start(command, 80).end();
    assert!(
        plain.contains("✓ clerk is valid") && !plain.contains('\u{1b}'),
        "{plain:?}"
    );
    assert!(
        !desk
            .slipway(["validate", agent])
            .exits(0)
            .stdout
            .contains('\u{1b}')
    );
}
