//! A run becomes a test.

use serde_json::{Value, json};

use crate::kit::{Agent, Answer, Desk, ScriptedServer, model};

/// A desk whose clerk has copied a line, and the run.
fn copied() -> (ScriptedServer, Desk, &'static str, String) {
    let read = Answer::tool("c1", "read_file", &json!({"path": "in/a.txt"}));
    let write = json!({"path": "out/copy.txt", "content": "the first line"});
    let server = model([
        read,
        Answer::tool("c2", "write_file", &write),
        Answer::text("The first line is copied."),
    ]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().allowing("write_file").at(&desk);
    let run = desk
        .slipway(["run", agent, "--input", "Copy the first line.", "--json"])
        .exits(0)
        .run();
    (server, desk, agent, run)
}

fn saved(desk: &Desk, run: &str) -> Value {
    let saved = desk
        .slipway(["runs", "save-as-test", run, "--json"])
        .exits(0);
    saved.objects().remove(0)
}

#[test]
fn its_tools_run_over_copies_of_the_files_that_it_read() {
    let (server, desk, agent, run) = copied();
    let saved = saved(&desk, &run);
    assert_eq!(saved["suite"], "tests/runs.toml");
    assert_eq!(saved["tools_run"], true, "{saved}");
    assert_eq!(saved["files"], json!(["in/a.txt"]));
    drop(server);
    desk.slipway(["test", agent]).exits(0).says("1 passed of 1");
    // The folder's own file may change: the test has its copy.
    desk.write("clerk/in/a.txt", "something else\n");
    desk.slipway(["test", agent]).exits(0).says("1 passed of 1");
    let suite = desk.read("clerk/tests/runs.toml");
    for own in [desk.path("").to_str().unwrap(), "sk-scripted"] {
        assert!(!suite.contains(own), "{suite}");
    }
    // And what it tests is the agent.
    desk.write("clerk/instructions.md", "Copy nothing.\n");
    desk.slipway(["test", agent])
        .exits(1)
        .says("-Copy what you are told to copy.")
        .says("+Copy nothing.");
}

#[test]
fn where_a_file_has_changed_the_recording_answers_for_the_tools() {
    let (server, desk, agent, run) = copied();
    desk.write("clerk/in/a.txt", "what was not there then\n");
    let saved = saved(&desk, &run);
    assert_eq!(saved["tools_run"], false, "{saved}");
    let notes = saved["notes"].to_string();
    assert!(
        notes.contains("The recording answers for the tools"),
        "{notes}"
    );
    drop(server);
    desk.slipway(["test", agent]).exits(0).says("1 passed of 1");
}

#[test]
fn it_is_told_in_words_and_named_as_the_person_says() {
    let (_server, desk, agent, run) = copied();
    let name = ["--suite", "copies", "--name", "Copies a line"];
    desk.slipway(["runs", "save-as-test", &run].iter().chain(&name))
        .exits(0)
        .says("Copies a line is a case of tests/copies.toml now")
        .says("The tools really run, over 1 file that were copied");
    desk.slipway(["runs", "save-as-test", &run].iter().chain(&name))
        .exits(0)
        .says("Copies a line 2 is a case");
    desk.slipway(["test", agent, "--suite", "copies"])
        .exits(0)
        .says("2 passed of 2");
    desk.slipway(["runs", "save-as-test", &run, "--suite", "../outside"])
        .exits(2);
    assert!(!desk.path("outside.toml").exists());
}

#[test]
fn a_run_that_waits_and_one_that_nobody_knows_make_none() {
    let write = json!({"path": "out/b.txt", "content": "x"});
    let server = model([Answer::tool("c1", "write_file", &write)]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    let parked = desk.slipway(["run", agent, "--json"]).exits(3).run();
    desk.slipway(["runs", "save-as-test", &parked])
        .exits(2)
        .complains("has not ended: a test is made of a whole run");
    desk.slipway(["runs", "save-as-test", "0123456"])
        .exits(2)
        .complains("0123456");
    assert!(!desk.path("clerk/tests").exists(), "nothing is left behind");
    assert!(!desk.path("clerk/recordings").exists());
}

#[test]
fn a_run_of_a_recording_plays_the_same_one() {
    let desk = Desk::new();
    let agent = super::unpack(&desk, "changelog-writer");
    let run = desk.slipway(["run", &agent, "--json"]).exits(0).run();
    let saved = saved(&desk, &run);
    assert_eq!(saved["recording"], "example");
    desk.slipway(["test", &agent])
        .exits(0)
        .says("7 passed of 7");
}
