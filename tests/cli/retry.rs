//! New runs that go on from a step of another, and runs that are ended from elsewhere.

use std::time::Duration;

use serde_json::json;

use crate::kit::{Agent, Answer, Desk, Reply, ScriptedServer, model};

/// A run that read a file and answered, and its id.
fn done() -> (ScriptedServer, Desk, String) {
    let server = model([
        Answer::tool("c1", "read_file", &json!({"path": "in/a.txt"})),
        Answer::text("The first end."),
    ]);
    let desk = Desk::with_model(&server);
    let ran = desk
        .slipway(["run", Agent::clerk().at(&desk), "--json"])
        .exits(0);
    let run = ran.run();
    (server, desk, run)
}

#[test]
fn a_model_call_is_made_again_in_a_run_of_its_own() {
    let (server, desk, run) = done();
    server.then(Answer::text("Another end."));
    let again = desk
        .slipway(["runs", "retry", &run, "--step", "3", "--json"])
        .exits(0);
    assert_eq!(again.event("run.finished")["output"], "Another end.");
    let forked = again.event("run.forked");
    assert_eq!(
        (&forked["parent"], &forked["from"]),
        (&json!(run), &json!(3))
    );
    assert_ne!(again.run(), run);
    assert!(
        again.events("tool.requested").is_empty(),
        "the file is not read again"
    );
    let first = desk.slipway(["runs", "show", &run]).exits(0);
    first.says("The first end.");
    desk.slipway(["runs", "show", &again.run()])
        .exits(0)
        .says("again from step 3")
        .says("Another end.");
}

#[test]
fn what_is_shown_numbers_the_steps_that_can_be_made_again() {
    let (server, desk, run) = done();
    desk.slipway(["runs", "show", &run])
        .exits(0)
        .says("\n  1 · the model calls read_file\n")
        .says("\n  2 ✓ read_file path=in/a.txt")
        .says("\n  3 · the model answers\n");
    server.then(Answer::text("By the edited file."));
    let again = desk
        .slipway(["runs", "retry", &run, "--step", "2", "--result", "mine"])
        .exits(0);
    again.says("read_file path=in/a.txt → mine");
    let listed = desk.slipway(["runs", "--json"]).exits(0).objects();
    let fork = listed[0]["run_id"].as_str().unwrap();
    desk.slipway(["runs", "show", fork])
        .exits(0)
        .says("\n  2 ✓ read_file path=in/a.txt → mine");
}

#[test]
fn a_run_whose_folder_is_gone_or_changed_says_what_it_goes_on_with() {
    let (server, desk, run) = done();
    let step = ["runs", "retry", &run, "--step", "3"];
    server.then(Answer::text("As it was."));
    std::fs::write(desk.path("clerk/agent.toml"), "format = 1\n").unwrap();
    desk.slipway(step)
        .exits(0)
        .complains("goes on with the stored version")
        .complains("cannot be run");
    desk.slipway(["agents"]).exits(0).says("cannot be run");
    desk.slipway(["agents", "show", "clerk"])
        .exits(0)
        .says("It cannot be run now")
        .says("slipway agents restore clerk")
        .says("- write_file");
    std::fs::remove_dir_all(desk.path("clerk")).unwrap();
    desk.slipway(step)
        .exits(2)
        .complains("is not here")
        .complains("slipway agents restore clerk");
    let agents = desk.slipway(["agents", "--json"]).exits(0).objects();
    assert_eq!(agents[0]["problem"]["code"], "not_found");
    desk.slipway(["agents", "show", "clerk"])
        .exits(0)
        .says("the folder of clerk is not here");
    assert_eq!(server.requests().len(), 3, "nothing was asked in vain");
}

#[test]
fn a_result_and_an_answer_can_be_edited() {
    let (server, desk, run) = done();
    server.then(Answer::text("By the edited file."));
    desk.slipway([
        "runs",
        "retry",
        &run,
        "--step",
        "2",
        "--result",
        "what I say it holds",
        "--json",
    ])
    .exits(0);
    let asked = server.requests().pop().unwrap().body.to_string();
    assert!(
        asked.contains("what I say it holds") && !asked.contains("the first line"),
        "{asked}"
    );

    let edited = desk
        .slipway([
            "runs",
            "retry",
            &run,
            "--step",
            "3",
            "--answer",
            "My own end.",
        ])
        .exits(0);
    edited.says("My own end.");
    assert_eq!(
        server.requests().len(),
        3,
        "nobody is asked for an answer that is there"
    );
}

#[test]
fn what_cannot_be_made_again_is_said_and_makes_no_run() {
    let (_server, desk, run) = done();
    for (arguments, complaint) in [
        (
            &["--step", "9"][..],
            "step 9 is no model call and no tool call",
        ),
        (
            &["--step", "2", "--answer", "x"],
            "its result can be edited",
        ),
        (
            &["--step", "3", "--result", "x"],
            "its answer can be edited",
        ),
        (&["--step", "x"], "invalid value"),
        (&[], "--step"),
        (
            &["--step", "2", "--answer", "x", "--result", "y"],
            "cannot be used with",
        ),
    ] {
        let command = ["runs", "retry", &run]
            .into_iter()
            .chain(arguments.iter().copied());
        desk.slipway(command).exits(2).complains(complaint);
    }
    let listed = desk.slipway(["runs", "list", "--json"]).exits(0);
    assert_eq!(listed.objects().len(), 1, "{}", listed.stdout);
}

#[test]
fn a_run_is_ended_from_another_process() {
    let server = model([Reply::from(Answer::text("too late")).after(Duration::from_secs(300))]);
    let desk = Desk::with_model(&server);
    let mut running = desk.start(["run", Agent::clerk().at(&desk), "--json"]);
    let line = running.until("\"model.requested\"");
    let event: serde_json::Value = serde_json::from_str(&line).unwrap();
    let run = event["run_id"].as_str().unwrap();
    desk.slipway(["runs", "cancel", run])
        .exits(0)
        .says("is cancelled");
    let ran = running.end().exits(130);
    assert_eq!(ran.event("run.finished")["status"], "cancelled");
}

#[test]
fn a_run_says_the_command_that_begins_it_again() {
    let (server, desk, run) = done();
    server.then(Answer::text("Another end."));
    let again = desk
        .slipway(["runs", "retry", &run, "--step", "3", "--json"])
        .exits(0)
        .run();
    let command = |run: &str| {
        let said = desk
            .slipway(["runs", "show", run, "--command", "--json"])
            .exits(0);
        let said = said.objects();
        assert_eq!(said[0]["run_id"], run, "{said:?}");
        said[0]["command"].as_str().expect("a command").to_owned()
    };
    let first = command(&run);
    assert!(
        first.starts_with("slipway run ") && first.contains(" --input "),
        "{first}"
    );
    let retried = command(&again);
    assert!(
        retried.starts_with("slipway runs retry ") && retried.ends_with(" --step 3"),
        "{retried}"
    );
    desk.slipway(["runs", "show", &again, "--command"])
        .exits(0)
        .says(&retried);
    desk.slipway(["runs", "show", "ffffffff", "--command"])
        .exits(2)
        .complains("there is no run");
}

#[test]
fn a_run_is_begun_again_as_it_was_or_with_other_words() {
    let server = model(["One.", "Two.", "Three.", "Four.", "Five."].map(Answer::text));
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    let png = desk.path("seen.png");
    std::fs::write(&png, b"\x89PNG\r\n\x1a\n and more").unwrap();
    let ran = ["run", agent, "--input", "Only October", "--json"];
    let attach = ["--attach", png.to_str().unwrap()];
    let first = desk.slipway(ran.iter().chain(&attach)).exits(0).run();
    let version = |run: &str| {
        let shown = desk.slipway(["runs", "show", run, "--json"]).exits(0);
        shown.objects()[0]["version"].clone()
    };
    // What the agent is by now is another matter.
    std::fs::write(desk.path("clerk/instructions.md"), "Something else.\n").unwrap();
    std::fs::remove_file(&png).unwrap();
    let again = desk
        .slipway(["runs", "again", &first, "--json"])
        .exits(0)
        .complains("goes on with the stored version");
    let started = again.event("run.started");
    assert_eq!(started["input"], "Only October");
    assert_eq!(started["attachments"][0]["name"], "seen.png");
    assert_eq!(version(&again.run()), version(&first));
    assert_ne!(again.run(), first);

    let other = desk
        .slipway(["runs", "again", &first, "--input", "November", "--json"])
        .exits(0);
    let started = other.event("run.started");
    assert_eq!(started["input"], "November");
    assert_eq!(started["attachments"], json!(null), "other words, no files");

    let further = desk
        .slipway(["runs", "continue", &first, "--input", "More?", "--json"])
        .exits(0)
        .run();
    let anew = desk.slipway(["runs", "again", &further, "--json"]).exits(0);
    assert_eq!(anew.event("run.started")["input"], "Only October");
    let sent = server.requests();
    let told = sent.last().unwrap().body.to_string();
    assert!(
        !told.contains("More?"),
        "the conversation begins anew: {told}"
    );
    desk.slipway(["runs", "again", "nosuchrun"]).exits(2);
}
