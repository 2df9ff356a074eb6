//! `agents`, `models`, `tools`, `runs list`, `doctor`.

use serde_json::json;

use crate::kit::{Agent, Answer, Desk, model};

#[test]
fn agents_are_listed_shown_and_removed() {
    let desk = Desk::new();
    desk.slipway(["agents"])
        .exits(0)
        .says("slipway agents add-examples");
    desk.slipway(["import", Agent::clerk().at(&desk)]).exits(0);
    desk.slipway(["agents"])
        .exits(0)
        .says("clerk")
        .says("openai/gpt-5-mini")
        .says("never");
    desk.slipway(["agents", "show", "clerk"])
        .exits(0)
        .says("The clerk")
        .says("- write_file")
        .says("read files in ./in");
    let ran = desk.slipway(["agents", "list", "--json"]).exits(0);
    assert_eq!(ran.objects()[0]["name"], "clerk");
    desk.slipway(["agents", "show", "klerk"])
        .exits(2)
        .complains("clerk");
    desk.slipway(["agents", "remove", "clerk"]).exits(0);
    desk.slipway(["agents", "remove", "clerk"])
        .exits(2)
        .complains("clerk");
    assert!(desk.path("clerk/agent.toml").exists(), "the folder stays");
}

#[test]
fn examples_can_be_added_once() {
    let desk = Desk::new();
    desk.slipway(["agents", "add-examples"])
        .exits(0)
        .says("slipway run expense-report");
    desk.slipway(["agents", "add-examples"])
        .exits(0)
        .says("here already");
    desk.slipway(["agents"])
        .exits(0)
        .says("changelog-writer")
        .says("expense-report");
}

#[test]
fn tools_are_listed_with_their_schema() {
    let desk = Desk::new();
    desk.slipway(["tools"])
        .exits(0)
        .says("read_table")
        .says("write_file");
    desk.slipway(["tools", "show", "read_file"])
        .exits(0)
        .says("use = \"read_file\"")
        .says("\"path\"");
    let ran = desk
        .slipway(["tools", "show", "read_file", "--json"])
        .exits(0);
    assert_eq!(ran.objects()[0]["schema"]["type"], "object");
    desk.slipway(["tools", "show", "read_files"])
        .exits(2)
        .complains("read_file,");
    assert!(!desk.home().exists(), "a list of tools opens no database");
}

#[test]
fn models_say_what_they_need() {
    let desk = Desk::new();
    desk.slipway(["models", "list", "--all"])
        .exits(0)
        .says("openai/gpt-5-mini")
        .says("OPENAI_API_KEY");
    let server = model([Answer::nothing()]).with_models(&["gpt-5-mini"]);
    let desk = Desk::with_model(&server);
    let ran = desk.slipway(["models", "--json"]).exits(0);
    let usable = |name: &str| {
        ran.objects()
            .iter()
            .any(|model| model["model"] == name && model["usable"] == true)
    };
    assert!(usable("openai/gpt-5-mini"));
    assert!(!ran.stdout.contains("sk-scripted"), "keys are never shown");
}

#[test]
fn runs_are_listed_newest_first() {
    let server = model([Answer::text("One."), Answer::text("Two.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["runs", "list"])
        .exits(0)
        .says("There are no such runs");
    let one = desk
        .slipway(["run", agent, "--json", "--input", "first"])
        .exits(0)
        .run();
    let two = desk
        .slipway(["run", agent, "--json", "--input", "second"])
        .exits(0)
        .run();
    let ran = desk.slipway(["runs", "list", "--json"]).exits(0);
    let ids: Vec<_> = ran.objects().iter().map(|run| run["id"].clone()).collect();
    assert_eq!(ids, [json!(two), json!(one)]);
    desk.slipway(["runs", "list", "--limit", "1"])
        .exits(0)
        .says("second")
        .says("slipway runs list -n 5");
    desk.slipway(["runs", "list", "--status", "cut-off"])
        .exits(0)
        .says("There are no such runs");
    let ran = desk.slipway(["runs", "list", "--limit", "2"]).exits(0);
    assert!(!ran.stdout.contains("for more"), "{}", ran.stdout);
    desk.slipway(["runs", "list", "--status", "failed"])
        .exits(0)
        .says("There are no such runs");
    desk.slipway(["runs", "show", &one])
        .exits(0)
        .says("> first")
        .says("One.")
        .says("✓ succeeded");
}

#[test]
fn digits_that_several_runs_begin_with_name_them() {
    let server = model([Answer::nothing()]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    // An id begins with one of sixteen digits, so two of seventeen runs share it.
    let mut runs: Vec<String> = Vec::new();
    let (one, other) = loop {
        server.then(Answer::text("Done."));
        let run = desk.slipway(["run", agent, "--json"]).run();
        if let Some(found) = runs.iter().find(|found| found[..1] == run[..1]) {
            break (found.clone(), run);
        }
        runs.push(run);
    };
    desk.slipway(["runs", "show", &one[..1]])
        .exits(2)
        .complains(&format!("  {}  clerk, started 20", &one[..12]))
        .complains(&format!("  {}  clerk, started 20", &other[..12]));
}

#[test]
fn the_doctor_says_what_works_and_never_shows_a_key() {
    let server = model([Answer::nothing()]);
    let desk = Desk::with_model(&server);
    let ran = desk
        .slipway(["doctor"])
        .exits(0)
        .says("✓ data folder")
        .says("✓ database")
        .says("– terminal")
        .says("✓ OPENAI_API_KEY: is set");
    assert!(!ran.stdout.contains("sk-scripted"));
    let ran = desk.slipway(["doctor", "--json"]).exits(0);
    assert!(
        ran.objects()
            .iter()
            .all(|check| check["name"].is_string() && check["health"].is_string())
    );
}

#[test]
fn the_doctor_finds_what_is_broken() {
    let desk = Desk::new();
    std::fs::create_dir_all(desk.home()).unwrap();
    std::fs::write(
        desk.home().join("slipway.db"),
        "this is a letter and not a database, and it is long enough",
    )
    .unwrap();
    desk.slipway(["doctor"]).exits(1).says("✗ database");
    desk.slipway(["runs", "list"])
        .exits(1)
        .complains("slipway.db");
    let desk = Desk::new();
    std::fs::write(desk.home(), "a file where the folder should be").unwrap();
    desk.slipway(["doctor"])
        .exits(1)
        .says("✗ data folder")
        .says("is a file, and a folder is needed there")
        .says("SLIPWAY_HOME");
}
