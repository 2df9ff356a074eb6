//! Answers for good: made, listed, used, taken back.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use serde_json::{Value, json};

use crate::kit::{Agent, Answer, Desk, Ran, ScriptedServer, model};

fn write(path: &str, content: &str) -> Answer {
    let arguments = json!({"path": path, "content": content});
    Answer::tool("c1", "write_file", &arguments)
}

/// Runs the clerk, who writes this file with these words.
fn writes(desk: &Desk, server: &ScriptedServer, path: &str, content: &str) -> Ran {
    server.then(write(path, content));
    server.then(Answer::text("Written."));
    let ran = desk.slipway(["run", "./clerk", "--json"]);
    if ran.code == Some(3) {
        // The model was not asked to go on.
        assert_eq!(server.replies_left(), 1);
        take_reply(server);
    }
    ran
}

/// Takes the reply that a parked run left behind, so that the next run begins with its own.
fn take_reply(server: &ScriptedServer) {
    let desk = Desk::with_model(server);
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["run", agent]).exits(0);
}

fn nobody_asked() -> (ScriptedServer, Desk) {
    let server = model([] as [Answer; 0]);
    let desk = Desk::with_model(&server);
    Agent::clerk().at(&desk);
    (server, desk)
}

const ANY_MD: &str = r#"content = anything, path = "out/*.md""#;

/// A desk where the clerk may write `out/*.md`, by a rule.
fn ruled() -> (ScriptedServer, Desk, String) {
    let (server, desk) = nobody_asked();
    let run = writes(&desk, &server, "out/a.md", "one\n").exits(3).run();
    server.then(Answer::text("Written."));
    let ran = desk.slipway([
        "runs",
        "approve",
        &run,
        "--always",
        "--pattern",
        ANY_MD,
        "--json",
    ]);
    let ran = ran.exits(0);
    let resolved = ran.event("approval.resolved");
    assert_eq!(resolved["by"], "rule", "{resolved}");
    let rule = resolved["rule"].as_str().unwrap().to_owned();
    assert_eq!(desk.read("clerk/out/a.md"), "one\n");
    (server, desk, rule)
}

fn listed(desk: &Desk) -> Vec<Value> {
    desk.slipway(["rules", "--json"]).exits(0).objects()
}

#[test]
fn a_rule_answers_what_it_shows_and_says_so() {
    let (server, desk, rule) = ruled();
    let ran = writes(&desk, &server, "out/b.md", "two\n").exits(0);
    let resolved = ran.event("approval.resolved");
    assert_eq!(
        (&resolved["by"], &resolved["rule"], &resolved["answer"]),
        (&json!("rule"), &json!(rule), &json!("approve"))
    );
    assert_eq!(desk.read("clerk/out/b.md"), "two\n");
    desk.slipway(["runs", "show", &ran.run()])
        .exits(0)
        .says(&format!("✓ allowed by your rule {}", &rule[..7]));
    for path in ["out/b.txt", "out/deep/b.md", "out/../out/b.md", "out/.b.md"] {
        let ran = writes(&desk, &server, path, "no\n").exits(3);
        assert_eq!(ran.events("approval.resolved").len(), 0, "{path}");
    }
}

#[test]
fn rules_are_listed_shown_and_removed_for_good() {
    let (server, desk, rule) = ruled();
    let rules = listed(&desk);
    assert_eq!(rules.len(), 1);
    assert_eq!(rules[0]["id"], json!(rule));
    assert_eq!(rules[0]["agent"], "clerk");
    assert_eq!(rules[0]["tool"], "write_file");
    assert_eq!(rules[0]["ruling"], "allow");
    assert_eq!(
        rules[0]["arguments"],
        json!({"content": "anything", "path": {"like": ["out/", ".md"]}})
    );
    desk.slipway(["rules"])
        .exits(0)
        .says(&rule[..7])
        .says(ANY_MD);
    desk.slipway(["rules", "show", &rule[..7]])
        .exits(0)
        .says("Call write_file without asking, with")
        .says(r#"path = "out/*.md""#)
        .says(
            &desk
                .path("clerk")
                .canonicalize()
                .unwrap()
                .display()
                .to_string(),
        );
    desk.slipway(["rules", "list", "--agent", "nobody"])
        .exits(0)
        .says("There are no rules");
    desk.slipway(["rules", "remove", &rule])
        .exits(0)
        .says("removed");
    desk.slipway(["rules", "remove", &rule])
        .exits(2)
        .complains("not in force");
    assert_eq!(listed(&desk), Vec::<Value>::new());
    let all = desk
        .slipway(["rules", "--all", "--json"])
        .exits(0)
        .objects();
    assert!(all[0]["revoked_at"].is_string(), "{all:?}");
    writes(&desk, &server, "out/b.md", "two\n").exits(3);
    desk.slipway(["rules", "show", "zz"])
        .exits(2)
        .complains("no rule");
}

#[test]
fn without_a_terminal_the_pattern_is_written_out() {
    let (server, desk) = nobody_asked();
    let run = writes(&desk, &server, "out/a.md", "one\n").exits(3).run();
    desk.slipway(["runs", "approve", &run, "--always"])
        .exits(2)
        .complains("no terminal")
        .complains(r#"content = "one\n", path = "out/a.md""#)
        .complains(ANY_MD);
    for (pattern, why) in [
        (r#"path = "out/a.md""#, "does not cover"),
        (
            r#"content = anything, path = "out/*.txt""#,
            "does not cover",
        ),
        ("whatever", "="),
    ] {
        desk.slipway(["runs", "approve", &run, "--always", "--pattern", pattern])
            .exits(2)
            .complains(why);
    }
    desk.slipway(["runs", "approve", &run, "--pattern", ANY_MD])
        .exits(2)
        .complains("--always");
    assert_eq!(listed(&desk), Vec::<Value>::new());
    assert!(!desk.path("clerk/out/a.md").exists());
    desk.slipway(["runs", "list", "--status", "parked"])
        .exits(0)
        .says(&run[..7]);
}

#[test]
fn a_refusal_for_good_is_one_too_and_wins() {
    let (server, desk, _) = ruled();
    let run = writes(&desk, &server, "out/secret.txt", "x").exits(3).run();
    server.then(Answer::text("Then not."));
    desk.slipway([
        "runs",
        "deny",
        &run,
        "--always",
        "--pattern",
        r#"content = anything, path = "out/secret.txt""#,
    ])
    .exits(0)
    .says("refused by your rule");
    let ran = writes(&desk, &server, "out/secret.txt", "again").exits(0);
    assert_eq!(ran.event("approval.resolved")["answer"], "deny");
    assert!(!desk.path("clerk/out/secret.txt").exists());
    // Also where everything is approved beforehand.
    server.then(write("out/secret.txt", "x"));
    server.then(Answer::text("Then not."));
    desk.slipway(["run", "./clerk", "--approve", "allow"])
        .exits(0)
        .says("refused by your rule");
    assert!(!desk.path("clerk/out/secret.txt").exists());
}

#[test]
fn a_rule_is_for_its_agent_in_its_folder_and_no_namesake() {
    let (server, desk, _) = ruled();
    let elsewhere = Desk::with_model(&server);
    Agent::clerk().at(&elsewhere);
    let place = elsewhere.path("clerk");
    let place = place.to_str().unwrap();
    server.then(write("out/b.md", "x"));
    let ran = desk.slipway(["run", place, "--json"]).exits(3);
    assert_eq!(ran.event("approval.requested")["ask"], "call");
    // The same working folder, and another package of the same name.
    server.then(write("out/b.md", "x"));
    let asks = desk.slipway(["run", place, "--workdir", "./clerk", "--json"]);
    let asks = asks.exits(3);
    assert_eq!(asks.event("approval.requested")["ask"], "grant");
    let granted = desk.slipway(["runs", "approve", &asks.run(), "--json"]);
    assert_eq!(granted.exits(3).event("approval.requested")["ask"], "call");
    assert!(!desk.path("clerk/out/b.md").exists());
    desk.slipway(["import", place, "--replace"]).exits(0);
    assert_eq!(
        listed(&desk),
        Vec::<Value>::new(),
        "a package that is replaced by an import leaves no rules behind"
    );
}

#[test]
fn a_rule_holds_no_more_when_it_is_removed_while_a_run_is_at_work() {
    let (server, desk, rule) = ruled();
    let gate = TcpListener::bind("127.0.0.1:0").unwrap();
    let place = gate.local_addr().unwrap();
    let host = format!("files = [\"read:./in\", \"write:./out\"]\nnetwork = [\"{place}\"]");
    Agent::clerk()
        .permissions(&host)
        .and("[[tools]]\nuse = \"http_request\"\n")
        .at(&desk);
    let url = format!("http://{place}/");
    server.then(Answer::tool("c0", "http_request", &json!({"url": url})));
    server.then(write("out/b.md", "two\n"));
    let parked = desk.slipway(["run", "./clerk", "--json"]).exits(3);
    let mut running = desk.start(["runs", "approve", &parked.run(), "--json"]);
    running.until("tool.requested");
    let (mut connection, _) = gate.accept().unwrap();
    desk.slipway(["rules", "remove", &rule]).exits(0);
    let mut request = [0; 1_024];
    assert!(connection.read(&mut request).unwrap() > 0);
    connection
        .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok")
        .unwrap();
    drop(connection);
    let ran = running.end().exits(3);
    assert_eq!(ran.event("run.parked")["reason"], "approval");
    assert!(!desk.path("clerk/out/b.md").exists());
}

#[test]
fn a_person_may_be_stricter_than_a_package() {
    let server = model([] as [Answer; 0]);
    let desk = Desk::with_model(&server);
    Agent::clerk().allowing("write_file").at(&desk);
    let ran = writes(&desk, &server, "out/a.md", "one\n").exits(0);
    assert_eq!(ran.events("approval.requested").len(), 0);
    desk.slipway(["rules", "add", "./clerk", "write_file", "--ask"])
        .exits(0)
        .says("Ask before each call of write_file");
    writes(&desk, &server, "out/b.md", "two\n").exits(3);
    desk.slipway(["rules", "add", "./clerk", "write_file", "--deny"])
        .exits(0);
    let ran = writes(&desk, &server, "out/c.md", "three\n").exits(0);
    assert_eq!(ran.event("tool.returned")["is_error"], true);
    assert!(!desk.path("clerk/out/c.md").exists());
    desk.slipway(["rules", "add", "./clerk", "calculator", "--deny"])
        .exits(2)
        .complains("no tool named");
    desk.slipway(["rules", "add", "./clerk", "write_file"])
        .exits(2);
}

#[test]
fn what_a_package_allows_itself_is_a_request() {
    let server = model([write("out/a.md", "x"), Answer::text("Written.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().allowing("write_file").at(&desk);
    desk.slipway(["import", agent]).exits(0);
    let ran = desk.slipway(["run", "clerk", "--json"]).exits(3);
    assert_eq!(
        server.requests().len(),
        0,
        "nothing starts before it is granted"
    );
    let asked = &ran.event("approval.requested")["permissions"];
    let unasked = json!({"kind": "unasked", "tool": "write_file"});
    assert!(asked.as_array().unwrap().contains(&unasked), "{asked}");
}

#[test]
fn a_pattern_hides_nothing_from_who_reads_it() {
    let (server, desk) = nobody_asked();
    let path = "out/a\u{202e}dm.\u{200b}md";
    let run = writes(&desk, &server, path, "x\n").exits(3).run();
    let shown = desk.slipway(["runs", "approve", &run, "--always"]).exits(2);
    let shown = shown.complains(r#"path = "out/a\u202edm.\u200bmd""#);
    assert!(!shown.stderr.contains(['\u{202e}', '\u{200b}']));
    server.then(Answer::text("Written."));
    let pattern = r#"content = anything, path = "out/a\u202edm.\u200bmd""#;
    desk.slipway(["runs", "approve", &run, "--always", "--pattern", pattern])
        .exits(0);
    for arguments in [&["rules"][..], &["rules", "--json"]] {
        let ran = desk.slipway(arguments).exits(0);
        assert!(
            !ran.stdout.contains(['\u{202e}', '\u{200b}']),
            "{}",
            ran.stdout
        );
    }
}

#[cfg(unix)]
#[test]
fn a_person_at_a_terminal_sees_the_pattern_first() {
    use crate::kit::Terminal;
    let second = Answer::tool(
        "c2",
        "write_file",
        &json!({"path": "out/b.md", "content": "2"}),
    );
    let server = model([
        write("out/a.md", "1\n"),
        second,
        Answer::text("Both written."),
    ]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    let mut terminal = Terminal::start(desk.command(["run", agent]), 100);
    terminal.until("[L]ater");
    terminal.types("a\n");
    let shown = terminal.until("[B]ack").to_owned();
    assert!(shown.contains("1  content = \"1\\n\""), "{shown}");
    assert!(shown.contains("path = \"out/*.md\""), "{shown}");
    assert!(!desk.path("clerk/out/a.md").exists());
    terminal.types("3\n");
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(0), "{shown}");
    assert_eq!(shown.matches("allowed by your rule").count(), 2, "{shown}");
    assert_eq!(desk.read("clerk/out/b.md"), "2");
    assert_eq!(listed(&desk).len(), 1);

    server.then(Answer::tool(
        "c3",
        "write_file",
        &json!({"path": "c.md", "content": "3"}),
    ));
    let run = desk.slipway(["run", agent, "--json"]).exits(3).run();
    let mut terminal = Terminal::start(desk.command(["runs", "approve", &run, "--always"]), 100);
    terminal.until("[B]ack");
    terminal.types("b\n");
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(2), "{shown}");
    assert!(shown.contains("nothing was answered"), "{shown}");
    assert_eq!(listed(&desk).len(), 1);
}
