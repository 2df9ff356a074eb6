//! Runs that ask: parked, allowed, refused, resolved.

use serde_json::{Value, json};
use slipway_agent::ports::clock::Clock as _;
use slipway_contract::Timestamp;
use slipway_runner::system::SystemClock;

use crate::kit::{Agent, Answer, Desk, Ran, Running, ScriptedServer, model};

fn write() -> Answer {
    Answer::tool(
        "c1",
        "write_file",
        &json!({"path": "out/b.txt", "content": "kept\n"}),
    )
}

/// A run that waits for the approval of one call.
fn parked() -> (ScriptedServer, Desk, String) {
    let server = model([write()]);
    let desk = Desk::with_model(&server);
    let ran = desk
        .slipway(["run", Agent::clerk().at(&desk), "--json"])
        .exits(3);
    let run = ran.run();
    (server, desk, run)
}

/// The commands that a parked run's output names.
fn suggested(ran: &Ran, what: &str) -> Vec<String> {
    let line = ran
        .stdout
        .lines()
        .find(|line| line.contains(what))
        .unwrap_or_else(|| panic!("no {what}: {}", ran.stdout));
    line.split_whitespace().skip(1).map(str::to_owned).collect()
}

#[test]
fn what_is_asked_is_shown_with_the_commands_to_go_on() {
    let server = model([write(), Answer::text("Written.")]);
    let desk = Desk::with_model(&server);
    let ran = desk
        .slipway(["run", Agent::clerk().at(&desk)])
        .exits(3)
        .says("parked: run ")
        .says("? The agent wants to call write_file")
        .says("path: \"out/b.txt\"")
        .says("content: \"kept\\n\"")
        .says("it changes something")
        .says("an answer covers this tool with exactly these arguments, once (");
    let approve = suggested(&ran, "runs approve");
    desk.slipway(&approve)
        .exits(0)
        .says("✓ allowed by you")
        .says("✓ write_file")
        .says("Written.");
    assert_eq!(desk.read("clerk/out/b.txt"), "kept\n");
}

/// A run that waits for the approval of two calls.
fn asks_twice() -> (ScriptedServer, Desk, Ran) {
    let lines: String = (1..=60).map(|line| format!("line {line}\n")).collect();
    let both = write().and_tool(
        "c2",
        "write_file",
        &json!({"path": "out/c.txt", "content": lines}),
    );
    let server = model([both]);
    let desk = Desk::with_model(&server);
    let ran = desk.slipway(["run", Agent::clerk().at(&desk)]).exits(3);
    (server, desk, ran)
}

#[test]
fn what_is_asked_is_shown_whole_where_nobody_can_ask_for_more() {
    let (_server, desk, ran) = asks_twice();
    let run = suggested(&ran, "runs approve")[2].clone();
    let shown = desk.slipway(["runs", "show", &run]).exits(0);
    let json = desk.slipway(["runs", "resume", &run, "--json"]).exits(3);
    for text in [&ran.stdout, &shown.stdout, &json.stderr] {
        assert!(text.contains("content: 60 lines\n"), "{text}");
        assert!(text.contains("│ line 60\n"), "{text}");
        assert!(!text.contains("that d shows"), "{text}");
    }
}

#[test]
fn a_run_that_parks_again_shows_every_open_question() {
    let (_server, desk, ran) = asks_twice();
    let run = suggested(&ran, "runs approve")[2].clone();
    let asks = |text: &str, path: &str| {
        text.contains(&format!("path: \"{path}\"")) && text.contains("runs deny")
    };
    let again = desk.slipway(["runs", "resume", &run]).exits(3);
    assert!(asks(&again.stdout, "out/b.txt"), "{}", again.stdout);
    assert!(asks(&again.stdout, "out/c.txt"), "{}", again.stdout);
    let one = desk.slipway(suggested(&again, "runs deny")).exits(3);
    assert!(!asks(&one.stdout, "out/b.txt"), "{}", one.stdout);
    assert!(asks(&one.stdout, "out/c.txt"), "{}", one.stdout);
    let json = desk.slipway(["runs", "resume", &run, "--json"]).exits(3);
    assert!(asks(&json.stderr, "out/c.txt"), "{}", json.stderr);
}

#[test]
fn a_refused_call_is_told_with_its_arguments() {
    let (server, desk, run) = parked();
    server.then(Answer::text("Then not."));
    desk.slipway(["runs", "deny", &run])
        .exits(0)
        .says("✗ write_file path=out/b.txt");
    desk.slipway(["runs", "show", &run])
        .exits(0)
        .says("? write_file path=out/b.txt")
        .says("✗ write_file path=out/b.txt");
}

#[test]
fn the_behaviour_that_asks_is_the_one_that_validate_names() {
    let desk = Desk::with_model(&model([Answer::nothing()]));
    let agent = Agent::clerk()
        .permissions("network = [\"api.example.com\"]")
        .at(&desk);
    let valid = desk.slipway(["validate", agent, "--json"]).exits(0);
    let behaviour = valid.objects()[0]["behaviour"].as_str().unwrap().to_owned();
    desk.slipway(["run", agent])
        .exits(3)
        .says(&format!("for the behaviour ({})", &behaviour[..7]));
}

#[test]
fn an_approved_run_goes_on_with_the_same_events() {
    let (server, desk, run) = parked();
    server.then(Answer::text("Written."));
    let ran = desk.slipway(["runs", "approve", &run, "--json"]).exits(0);
    let kinds: Vec<String> = ran
        .objects()
        .iter()
        .map(|event| event["type"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(
        kinds[..3],
        ["run.resumed", "approval.resolved", "tool.requested"]
    );
    assert_eq!(ran.event("run.finished")["status"], "succeeded");
    assert_eq!(desk.read("clerk/out/b.txt"), "kept\n");
}

#[test]
fn a_refusal_is_told_to_the_model() {
    let (server, desk, run) = parked();
    server.then(Answer::text("Then not."));
    desk.slipway(["runs", "deny", &run[..8], "--reason", "not on a Sunday"])
        .exits(0)
        .says("✗ refused by you: not on a Sunday");
    assert!(!desk.path("clerk/out/b.txt").exists());
    let told = server.requests()[1].body.to_string();
    assert!(told.contains("not on a Sunday"), "{told}");
}

#[test]
fn an_answer_to_what_is_not_asked_is_refused() {
    let (server, desk, run) = parked();
    desk.slipway(["runs", "approve", &run, "--step", "77"])
        .exits(2)
        .complains("77");
    desk.slipway(["runs", "resolve", &run, "--stop"])
        .exits(2)
        .complains("slipway runs approve");
    server.then(Answer::text("Written."));
    desk.slipway(["runs", "approve", &run]).exits(0);
    desk.slipway(["runs", "approve", &run]).exits(2);
    desk.slipway(["runs", "resume", &run])
        .exits(2)
        .complains("ended");
}

#[test]
fn a_parked_run_can_be_looked_at_and_cancelled() {
    let (_server, desk, run) = parked();
    desk.slipway(["runs", "list", "--status", "parked"])
        .exits(0)
        .says(&run[..7])
        .says("parked: asks for approval");
    desk.slipway(["runs", "show", &run])
        .exits(0)
        .says("? The agent wants to call write_file")
        .says("slipway runs deny");
    desk.slipway(["runs", "resume", &run]).exits(3);
    desk.slipway(["runs", "cancel", &run])
        .exits(0)
        .says("is cancelled");
    desk.slipway(["runs", "cancel", &run]).exits(2);
    desk.slipway(["runs", "list"]).exits(0).says("cancelled");
    assert!(!desk.path("clerk/out/b.txt").exists());
}

#[test]
fn approve_allow_answers_what_is_asked() {
    let server = model([write(), Answer::text("Written.")]);
    let desk = Desk::with_model(&server);
    desk.slipway(["run", Agent::clerk().at(&desk), "--approve", "allow"])
        .exits(0)
        .says("✓ allowed by --approve allow");
    assert_eq!(desk.read("clerk/out/b.txt"), "kept\n");
}

#[test]
fn approve_ask_without_a_terminal_says_that_nobody_can_be_asked() {
    let server = model([write()]);
    let desk = Desk::with_model(&server);
    desk.slipway(["run", Agent::clerk().at(&desk), "--approve", "ask"])
        .exits(3)
        .complains("no terminal");
}

#[test]
fn permissions_are_listed_as_the_paths_that_are_meant_and_asked_once() {
    let server = model([Answer::text("Done.")]);
    let desk = Desk::with_model(&server);
    desk.write("shared/list.txt", "x");
    let agent = Agent::clerk()
        .permissions("files = [\"read:../shared\"]\nnetwork = [\"api.example.com\"]")
        .at(&desk);
    let meant = desk.path("shared").canonicalize().unwrap();
    let ran = desk
        .slipway(["run", agent])
        .exits(3)
        .says("? The agent asks for permission to")
        .says(&format!("- read files in {}", meant.display()))
        .says("- connect to api.example.com");
    assert_eq!(
        server.requests().len(),
        0,
        "nothing starts before it is granted"
    );
    desk.slipway(suggested(&ran, "runs approve"))
        .exits(0)
        .says("Done.");
    server.then(Answer::text("Again."));
    desk.slipway(["run", agent]).exits(0).says("Again.");
}

#[test]
fn permissions_that_are_refused_end_the_run() {
    let server = model([Answer::text("Done.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk()
        .permissions("network = [\"api.example.com\"]")
        .at(&desk);
    let ran = desk.slipway(["run", agent]).exits(3);
    desk.slipway(suggested(&ran, "runs deny"))
        .exits(1)
        .says("failed: not_granted");
    assert_eq!(server.requests().len(), 0);
}

/// What somebody changed in the data that lies on the disk.
type Change = (&'static str, fn(&mut Value));

/// Changes each event of the journals as they lie in the database.
fn change(desk: &Desk, change: fn(&mut Value)) {
    let database = rusqlite::Connection::open(desk.home().join("slipway.db")).unwrap();
    let mut rows = database.prepare("SELECT rowid, body FROM events").unwrap();
    let rows: Vec<(i64, String)> = rows
        .query_map([], |row| row.try_into())
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    for (row, body) in rows {
        let mut event: Value = serde_json::from_str(&body).unwrap();
        change(&mut event);
        database
            .execute(
                "UPDATE events SET body = ?2 WHERE rowid = ?1",
                rusqlite::params![row, event.to_string()],
            )
            .unwrap();
    }
}

/// The tools of the run, where this is its first event.
fn tool(event: &mut Value) -> Option<&mut Value> {
    let tools = event.get_mut("spec")?.get_mut("tools")?.as_array_mut()?;
    let mut tools = tools.iter_mut().map(|tool| &mut tool["definition"]);
    tools.find(|definition| definition["name"] == "write_file")
}

/// The arguments wherever they stand: in the model's answer and in the question.
fn arguments(event: &mut Value, change: impl Fn(&mut Value)) {
    if event["event"] == "approval_requested" {
        change(&mut event["arguments"]);
    }
    for part in event["content"].as_array_mut().into_iter().flatten() {
        if part.get("arguments").is_some() {
            change(&mut part["arguments"]);
        }
    }
}

fn append(value: &mut Value, text: &str) {
    *value = Value::from(format!("{}{text}", value.as_str().unwrap()));
}

#[test]
fn one_changed_byte_voids_an_approval() {
    let changes: [Change; 9] = [
        ("the tool's name", |event| {
            if let Some(tool) = tool(event) {
                append(&mut tool["name"], "2");
            }
        }),
        ("its description", |event| {
            if let Some(tool) = tool(event) {
                append(&mut tool["description"], ".");
            }
        }),
        ("its schema", |event| {
            if let Some(tool) = tool(event) {
                tool["schema"]["title"] = Value::Null;
            }
        }),
        ("its server", |event| {
            if let Some(tool) = tool(event) {
                append(&mut tool["server"], "2");
            }
        }),
        ("a byte of an argument", |event| {
            arguments(event, |sent| sent["content"] = json!("Kept\n"));
        }),
        ("a space of an argument", |event| {
            arguments(event, |sent| sent["content"] = json!("kept \n"));
        }),
        ("an argument's normal form", |event| {
            arguments(event, |sent| append(&mut sent["path"], "\u{301}"));
        }),
        ("an argument alone in the question", |event| {
            if event["event"] == "approval_requested" {
                event["arguments"]["content"] = json!("Kept\n");
            }
        }),
        ("the hash in the question", |event| {
            if event["event"] == "approval_requested" {
                event["binding"] = json!("00".repeat(32));
            }
        }),
    ];
    for (what, changed) in changes {
        let (server, desk, run) = parked();
        change(&desk, changed);
        server.then(Answer::text("Written."));
        let ran = desk.slipway(["runs", "approve", &run, "--json"]);
        assert_ne!(ran.code, Some(0), "{what}: {}", ran.stdout);
        assert!(!desk.path("clerk/out").exists(), "{what} is not approved");
    }
    let (server, desk, run) = parked();
    change(&desk, |event| {
        arguments(event, |sent| {
            *sent = json!({"content": sent["content"], "path": sent["path"]});
        });
    });
    server.then(Answer::text("Written."));
    desk.slipway(["runs", "approve", &run]).exits(0);
    assert_eq!(
        desk.read("clerk/out/b.txt"),
        "kept\n",
        "the order of keys is no content of JSON"
    );
}

/// A run whose question expires a second after it was asked, and then.
fn expired() -> (ScriptedServer, Desk, String) {
    let server = model([write()]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk()
        .and("[limits]\napproval_timeout = \"1s\"\n")
        .at(&desk);
    let ran = desk.slipway(["run", agent, "--json"]).exits(3);
    let until = ran.event("approval.requested")["expires_at"].clone();
    let until: Timestamp = serde_json::from_value(until).unwrap();
    while SystemClock::default().now() <= until {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    (server, desk, ran.run())
}

#[test]
fn an_answer_that_comes_too_late_changes_nothing() {
    let (server, desk, run) = expired();
    for arguments in [
        &["runs", "approve", &run][..],
        &["runs", "deny", &run],
        &[
            "runs",
            "approve",
            &run,
            "--always",
            "--pattern",
            "path = anything, content = anything",
        ],
    ] {
        desk.slipway(arguments)
            .exits(2)
            .complains("comes too late and changes nothing")
            .complains("limits.approval_timeout");
    }
    assert!(!desk.path("clerk/out/b.txt").exists());
    assert_eq!(server.requests().len(), 1);
    assert!(desk.slipway(["rules", "--json"]).exits(0).stdout.is_empty());
    let exported = desk.slipway(["runs", "export", &run]).exits(0);
    assert!(!exported.stdout.contains("approval.resolved"));
    assert!(exported.stdout.contains("\"reason\":\"approval_expired\""));
}

#[test]
fn a_run_that_waited_too_long_has_failed_when_it_is_looked_at() {
    let (_server, desk, run) = expired();
    desk.slipway(["runs", "list"])
        .exits(0)
        .says("failed: approval_expired");
    let shown = desk.slipway(["runs", "show", &run, "--json"]).exits(0);
    let shown = &shown.objects()[0];
    assert_eq!(shown["summary"]["status"], "failed");
    assert_eq!(shown["summary"]["end"]["reason"], "approval_expired");
    assert_eq!(shown["approvals"], json!([]));
    desk.slipway(["runs", "resume", &run])
        .exits(2)
        .complains("ended");
}

#[test]
fn a_question_says_how_long_it_waits() {
    let (_server, desk, run) = parked();
    let shown = desk.slipway(["runs", "show", &run, "--json"]).exits(0);
    let until = shown.objects()[0]["approvals"][0]["expires_at"].clone();
    let until: Timestamp = serde_json::from_value(until).unwrap();
    let left = until.duration_since(SystemClock::default().now()).as_secs();
    let week = 7 * 24 * 60 * 60;
    assert!((week - 3_600..=week).contains(&left), "{left} seconds");
    let minute = until.strftime("%Y-%m-%d %H:%M UTC").to_string();
    desk.slipway(["runs", "show", &run])
        .exits(0)
        .says(&format!("it waits until {minute}"));
}

#[test]
fn of_two_answers_at_once_one_counts() {
    for _ in 0..3 {
        let (server, desk, run) = parked();
        server.then(Answer::text("Done."));
        let answers = ["approve", "deny", "approve"];
        let answers = answers.map(|answer| desk.start(["runs", answer, &run, "--json"]));
        let ran = answers.map(Running::end);
        let counted: Vec<&Ran> = ran.iter().filter(|ran| ran.code == Some(0)).collect();
        let codes: Vec<_> = ran.iter().map(|ran| ran.code).collect();
        assert_eq!(counted.len(), 1, "{codes:?}");
        let answer = &counted[0].event("approval.resolved")["answer"];
        assert_eq!(
            desk.path("clerk/out/b.txt").exists(),
            answer == "approve",
            "what was answered is what was done"
        );
        let exported = desk.slipway(["runs", "export", &run]).exits(0);
        assert_eq!(exported.events("approval.resolved").len(), 1);
        assert_eq!(server.requests().len(), 2);
    }
}
