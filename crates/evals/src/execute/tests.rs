use std::path::Path;

use serde_json::{Value, json};
use slipway_agent::canonical;
use slipway_agent::memory::clock::ManualClock;
use slipway_agent::memory::secrets::MemorySecrets;
use slipway_agent::package::{Files, Package};
use slipway_runner::Own;

use super::*;
use crate::assertion::Outcome;
use crate::suite::{Suite, Tested};

const MANIFEST: &str = r#"
format = 1
[agent]
name = "clerk"
title = "Clerk"
[model]
use = "openai/gpt-5-mini"
[[tools]]
use = "read_file"
[[tools]]
use = "write_file"
[[tools]]
use = "http_request"
[permissions]
files = ["read:.", "write:./out"]
network = ["example.com"]
"#;

/// A recording of answers, the results of the tools between them as they are given here.
fn recording(instructions: &str, input: &str, calls: &[(Value, Value)], answer: &str) -> String {
    let usage = json!({"input_tokens": 1, "output_tokens": 1, "cached_tokens": 0});
    let mut lines = vec![
        json!({"slipway_recording": 1, "made_at": "2026-11-22T10:00:00Z", "agent": "clerk",
        "model": "openai/gpt-5-mini", "instructions": canonical::hash(&json!(instructions))}),
    ];
    lines.push(json!({ "instructions": instructions }));
    let mut given = json!([{ "user": input }]);
    for (number, (call, result)) in calls.iter().enumerate() {
        let call = json!({"type": "tool_call", "call_id": format!("c{number}"), "tool": call["tool"], "arguments": call["arguments"]});
        lines.push(json!({"given": given, "answer": {"content": [call], "stop": "tool_calls", "usage": usage}}));
        given = json!([{ "tool": result }]);
    }
    let content = json!([{"type": "text", "text": answer}]);
    lines.push(
        json!({"given": given, "answer": {"content": content, "stop": "end", "usage": usage}}),
    );
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn reads() -> String {
    let call = json!({"tool": "read_file", "arguments": {"path": "a.txt"}});
    let result = json!({"name": "read_file", "result":
        {"lines": {"first": 1, "last": 1, "total": 1}, "path": "a.txt", "text": "seven\n"}});
    recording(
        "Read a.txt.",
        "What does it say?",
        &[(call, result)],
        "It says seven.",
    )
}

fn writes(path: &str) -> String {
    let arguments = json!({"path": path, "content": "done"});
    let call = json!({"tool": "write_file", "arguments": arguments});
    let result = json!({"name": "write_file", "result": {"path": path}});
    recording("Read a.txt.", "Write it.", &[(call, result)], "Written.")
}

fn package(suite: &str, instructions: &str, recordings: &[(&str, String)]) -> Arc<Package> {
    let mut entries = vec![
        ("agent.toml".parse().unwrap(), MANIFEST.as_bytes().to_vec()),
        (
            "instructions.md".parse().unwrap(),
            instructions.as_bytes().to_vec(),
        ),
        ("tests/a.toml".parse().unwrap(), suite.as_bytes().to_vec()),
    ];
    for (name, bytes) in recordings {
        let path = format!("recordings/{name}.jsonl").parse().unwrap();
        entries.push((path, bytes.clone().into_bytes()));
    }
    let files = Files::from_entries(entries).unwrap();
    Arc::new(Package::from_files(files, &["read_file", "write_file", "http_request"]).unwrap())
}

fn runner(folder: &Path) -> Runner {
    let clock = Arc::new(ManualClock::automatic());
    let leases = slipway_agent::memory::lease::MemoryLeases::new(clock.clone());
    let journal = slipway_agent::memory::journal::MemoryJournal::new(leases.clone());
    Runner::on_this_machine(
        clock,
        Arc::new(journal),
        Arc::new(leases),
        Arc::new(slipway_agent::memory::ledger::MemoryLedger::default()),
        Arc::new(MemorySecrets::default()),
        Own::default(),
        folder,
    )
}

struct Ran {
    done: Vec<Done>,
    skipped: Vec<Skipped>,
    left: usize,
}

impl Ran {
    fn outcomes(&self) -> Vec<Outcome> {
        self.done.iter().map(|done| done.attempt.outcome).collect()
    }

    /// Everything that is said of the first attempt.
    fn told(&self) -> String {
        serde_json::to_string_pretty(&self.done[0].attempt).unwrap()
    }
}

async fn replay(package: &Arc<Package>, allowed: Allowed) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::parse(&"tests/a.toml".parse().unwrap(), &Tested::of(package));
    let suite = suite.unwrap_or_else(|findings| panic!("{findings:?}"));
    let (work, skipped) = plan(&suite, package, Mode::Replay, &Selection::default());
    let setup = Setup {
        runner: runner(&folder.path().join("backups")),
        package: Arc::clone(package),
        mode: Mode::Replay,
        network: true,
        allowed,
        budget: None,
        folder: folder.path().join("work"),
        judge: None,
        embeddings: None,
        model: None,
    };
    let mut told = run(
        &Arc::new(setup),
        work,
        2,
        &(Arc::new(()) as Arc<dyn Begun>),
        &UnderWay::default(),
        &Control::default(),
    );
    let mut done = Vec::new();
    while let Some(ended) = told.recv().await {
        match ended {
            Ended::Done(one) => done.push(*one),
            Ended::Stopped(id) => panic!("{id} was stopped"),
        }
    }
    done.sort_by(|a, b| a.id.cmp(&b.id));
    let left = std::fs::read_dir(folder.path().join("work")).map_or(0, Iterator::count);
    Ran {
        done,
        skipped,
        left,
    }
}

const READS: &str = "format = 1\n[[case]]\nname = \"Reads\"\ninput = \"What does it say?\"\nrecording = \"reads\"\n\
    [[case.files]]\npath = \"a.txt\"\ntext = \"seven\\n\"\n[[case.expect]]\ncontains = \"seven\"\n\
    [[case.expect]]\ntool_called = \"read_file\"\n";

#[tokio::test]
async fn a_case_is_played_over_its_own_files() {
    let ran = replay(
        &package(READS, "Read a.txt.", &[("reads", reads())]),
        Allowed::default(),
    )
    .await;
    assert_eq!(ran.outcomes(), [Outcome::Passed], "{}", ran.told());
    assert_eq!(ran.done[0].attempt.run, None, "no run is kept");
    assert!(ran.done[0].events.len() >= 5);
    assert_eq!(ran.left, 0, "its folder is gone");
}

#[tokio::test]
async fn what_changed_is_shown_in_lines() {
    let other = READS.replace("seven\\n", "eight\\n");
    for (suite, instructions, lines) in [
        (READS, "Read b.txt.", "-Read a.txt.\n+Read b.txt."),
        (
            other.as_str(),
            "Read a.txt.",
            "-  \"text\": \"seven\n+  \"text\": \"eight",
        ),
    ] {
        let ran = replay(
            &package(suite, instructions, &[("reads", reads())]),
            Allowed::default(),
        )
        .await;
        assert_eq!(ran.outcomes(), [Outcome::Failed], "{}", ran.told());
        let details =
            ran.done[0]
                .attempt
                .checks
                .iter()
                .find_map(|check| match &check.judgement.verdict {
                    crate::assertion::Verdict::Failed { why } => why.details.clone(),
                    _ => None,
                });
        let details = details.unwrap_or_default();
        assert!(details.contains(lines), "{details}");
    }
}

#[tokio::test]
async fn mocks_and_recorded_tools_stand_in_for_tools() {
    for rest in [
        "tools = \"mocked\"\n[[case.mock]]\ntool = \"read_file\"\nreturns = { path = \"a.txt\", text = \"seven\\n\", lines = { first = 1, last = 1, total = 1 } }\n",
        "tools = \"recorded\"\n",
    ] {
        let suite = format!(
            "format = 1\n[[case]]\nname = \"Reads\"\ninput = \"What does it say?\"\nrecording = \"reads\"\n{rest}\
            [[case.expect]]\ncontains = \"seven\"\n"
        );
        let ran = replay(
            &package(&suite, "Read a.txt.", &[("reads", reads())]),
            Allowed::default(),
        )
        .await;
        assert_eq!(ran.outcomes(), [Outcome::Passed], "{}", ran.told());
    }
}

#[tokio::test]
async fn questions_are_answered_by_the_case_and_else_left_open() {
    let case = |rest: &str, expect: &str| {
        format!(
            "format = 1\n[[case]]\nname = \"Writes\"\ninput = \"Write it.\"\nrecording = \"writes\"\n{rest}\
        [[case.expect]]\n{expect}\n"
        )
    };
    let writes = [("writes", writes("out/a.txt"))];
    let allowed = case(
        "approvals = { write_file = \"allow\" }\n",
        "file = \"out/a.txt\"\nequals = \"done\"",
    );
    let ran = replay(
        &package(&allowed, "Read a.txt.", &writes),
        Allowed::default(),
    )
    .await;
    let written = ran.done[0]
        .attempt
        .checks
        .iter()
        .find(|check| check.what.contains("out/a.txt"));
    assert!(
        written.unwrap().judgement.verdict.is_passed(),
        "{}",
        ran.told()
    );
    let open = case("", "approval_asked = \"write_file\"");
    let ran = replay(&package(&open, "Read a.txt.", &writes), Allowed::default()).await;
    assert_eq!(ran.outcomes(), [Outcome::Passed], "{}", ran.told());
    let denied = case(
        "approvals = { \"*\" = \"deny\" }\n",
        "approval_refused = \"write_file\"",
    );
    let ran = replay(
        &package(&denied, "Read a.txt.", &writes),
        Allowed {
            all: true,
            ..Allowed::default()
        },
    )
    .await;
    let refused = ran.done[0]
        .attempt
        .checks
        .iter()
        .find(|check| check.what.contains("refuse"));
    assert!(
        refused.unwrap().judgement.verdict.is_passed(),
        "a case's no goes before everything: {}",
        ran.told()
    );
}

#[tokio::test]
async fn a_suite_allows_nothing_that_leaves_this_machine() {
    let call = json!({"tool": "http_request", "arguments": {"method": "POST", "url": "https://example.com/"}});
    let result = json!({"name": "http_request", "result": "sent"});
    let sends = recording("Read a.txt.", "Send it.", &[(call, result)], "Sent.");
    let suite = "format = 1\n[[case]]\nname = \"Sends\"\ninput = \"Send it.\"\nrecording = \"sends\"\n\
        approvals = { \"*\" = \"allow\" }\n[[case.expect]]\napproval_asked = \"http_request\"\n";
    let ran = replay(
        &package(suite, "Read a.txt.", &[("sends", sends)]),
        Allowed::default(),
    )
    .await;
    assert_eq!(
        ran.outcomes(),
        [Outcome::Passed],
        "it waits for a person: {}",
        ran.told()
    );
}

#[tokio::test]
async fn what_cannot_be_played_is_said() {
    let suite = "format = 1\n[[case]]\nname = \"Asks\"\ninput = \"x\"\n[[case.expect]]\ncontains = \"x\"\n\
        [[case]]\nname = \"Broken\"\ninput = \"x\"\nrecording = \"cut\"\n[[case.expect]]\ncontains = \"x\"\n";
    let cut = reads();
    let package = package(
        suite,
        "Read a.txt.",
        &[("cut", cut[..cut.len() - 40].to_owned())],
    );
    let ran = replay(&package, Allowed::default()).await;
    let why = ran.done[0].attempt.error.clone().unwrap_or_default();
    assert!(
        why.contains("recordings/cut.jsonl cannot be read: line 4"),
        "{why}"
    );
    assert_eq!(
        ran.outcomes(),
        [Outcome::Unjudged],
        "what is broken does not pass"
    );
    assert!(
        ran.skipped[0].why.contains("it has no recording to play"),
        "{:?}",
        ran.skipped
    );
}

#[tokio::test]
async fn a_stop_leaves_what_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let suite = READS.replace("recording =", "repeat = 50\nrecording =");
    let package = package(&suite, "Read a.txt.", &[("reads", reads())]);
    let suite = Suite::parse(&"tests/a.toml".parse().unwrap(), &Tested::of(&package)).unwrap();
    let (work, _) = plan(&suite, &package, Mode::Replay, &Selection::default());
    assert_eq!(work.len(), 50);
    let setup = Setup {
        runner: runner(&folder.path().join("backups")),
        package,
        mode: Mode::Replay,
        network: false,
        allowed: Allowed::default(),
        budget: None,
        folder: folder.path().join("work"),
        judge: None,
        embeddings: None,
        model: None,
    };
    let control = Control::default();
    let mut told = run(
        &Arc::new(setup),
        work,
        1,
        &(Arc::new(()) as Arc<dyn Begun>),
        &UnderWay::default(),
        &control,
    );
    let first = told.recv().await;
    assert!(matches!(first, Some(Ended::Done(_))));
    control.cancel.cancel();
    let mut more = 0;
    while told.recv().await.is_some() {
        more += 1;
    }
    assert!(more < 20, "{more} more");
}
