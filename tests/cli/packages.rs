//! `new`, `validate`, `import`, `export`.

use crate::kit::{Agent, Desk};

#[test]
fn a_new_agent_is_valid_and_says_how_to_go_on() {
    let desk = Desk::new();
    desk.slipway(["new", "meeting-notes"])
        .exits(0)
        .says("slipway run ./meeting-notes")
        .says("agent.toml");
    desk.slipway(["validate", "meeting-notes"])
        .exits(0)
        .says("meeting-notes is valid");
    desk.slipway(["new", "meeting-notes"]).exits(2);
    desk.slipway(["new", "Not A Name"])
        .exits(2)
        .complains("--name");
    desk.slipway(["new", "Not A Name", "--name", "a-name"])
        .exits(0);
    desk.slipway(["new"]).exits(2);
}

#[test]
fn examples_are_unpacked_with_their_data() {
    let desk = Desk::new();
    desk.slipway(["new", "--example", "expense-report"])
        .exits(0)
        .says("slipway run ./expense-report");
    assert!(desk.path("expense-report/receipts").is_dir());
    desk.slipway(["validate", "./expense-report"]).exits(0);
    desk.slipway(["new", "--example", "expense-report"])
        .exits(2)
        .complains("is there already");
    desk.slipway(["new", "mine", "--example", "expense-report"])
        .exits(0)
        .says("slipway run ./mine");
}

#[test]
fn validate_lists_what_is_wrong_by_file_line_and_key() {
    let desk = Desk::new();
    desk.write("bad/agent.toml", "format = 1\n\n[agent]\nname = \"bad\"\ntitle = \"Bad\"\n\n[model]\nuse = \"openai/gpt-5-mini\"\n\n[limits]\nmax_step = 3\n\n[[tools]]\nuse = \"calculater\"\n");
    desk.write("bad/instructions.md", "Do it.\n");
    let ran = desk.slipway(["validate", "bad"]).exits(2);
    let ran = ran
        .complains("agent.toml:11:")
        .complains("max_steps")
        .complains("agent.toml:14:")
        .complains("calculator")
        .complains("help:");
    assert_eq!(ran.stdout, "");
    assert!(!desk.home().exists(), "validate opens no database");
    let ran = desk.slipway(["validate", "bad", "--json"]).exits(2);
    let error = ran.event("error");
    assert_eq!(error["code"], "invalid_package");
    assert_eq!(error["findings"][0]["line"], 11);
}

#[test]
fn validate_says_what_a_package_asks_for() {
    let desk = Desk::new();
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["validate", agent])
        .exits(0)
        .says("clerk is valid: The clerk")
        .says("read files in ./in");
    let ran = desk.slipway(["validate", agent, "--json"]).exits(0);
    assert_eq!(ran.objects()[0]["name"], "clerk");
}

#[test]
fn validate_names_the_provider_that_is_hardly_meant() {
    let desk = Desk::new();
    let agent = Agent::clerk().at(&desk);
    let toml = desk.read("clerk/agent.toml");
    desk.write("clerk/agent.toml", toml.replace("openai/", "opnai/"));
    desk.slipway(["validate", agent])
        .exits(0)
        .says("! model.use names opnai/gpt-5-mini")
        .says("Did you mean \"openai\"?");
    desk.write("clerk/agent.toml", toml.replace("openai/", "mars/"));
    desk.slipway(["validate", agent])
        .exits(0)
        .says("The providers are: openai, anthropic,");
}

#[test]
fn what_is_no_package_is_refused() {
    let desk = Desk::new();
    desk.write("note.txt", "hello");
    desk.write("cut.slipway", b"PK\x03\x04");
    std::fs::create_dir(desk.path("empty")).unwrap();
    for (path, says) in [
        ("nowhere", "nowhere"),
        ("note.txt", "archive"),
        ("cut.slipway", "archive"),
        ("empty", "agent.toml"),
    ] {
        desk.slipway(["validate", path]).exits(2).complains(says);
        desk.slipway(["import", path]).exits(2).complains(says);
    }
    desk.slipway(["agents"])
        .exits(0)
        .says("There are no agents here yet");
}

#[test]
fn export_and_import_give_the_same_bytes() {
    let desk = Desk::new();
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["export", agent, "--output", "one.slipway"])
        .exits(0)
        .says("Wrote the archive one.slipway");
    desk.slipway(["import", "one.slipway"])
        .exits(0)
        .says("Imported clerk")
        .says("slipway run clerk");
    desk.slipway(["export", "clerk"])
        .exits(0)
        .says("clerk.slipway");
    let (one, two) = (
        std::fs::read(desk.path("one.slipway")).unwrap(),
        std::fs::read(desk.path("clerk.slipway")).unwrap(),
    );
    assert!(
        !one.is_empty() && one == two,
        "the archive is the same, byte for byte"
    );

    desk.slipway(["export", "clerk", "--output", "copy"])
        .exits(0)
        .says("Wrote the folder copy");
    desk.slipway(["export", "clerk", "--output", "clerk.zip"])
        .exits(2)
        .complains(".slipway");
    assert!(!desk.path("clerk.zip").exists());
    desk.slipway(["export", "clerk", "--output", "clerk.zip/"])
        .exits(0)
        .says("Wrote the folder clerk.zip");
    for file in ["agent.toml", "instructions.md"] {
        assert_eq!(
            desk.read(format!("copy/{file}")),
            desk.read(format!("clerk/{file}"))
        );
    }
    assert!(
        !desk.path("copy/in").exists(),
        "data beside a package is no part of it"
    );
    desk.slipway(["export", "clerk"])
        .exits(2)
        .complains("clerk.slipway is there already");
    desk.slipway(["export", "clerk", "--output", "copy"])
        .exits(2);
}

#[test]
fn another_version_replaces_only_when_that_is_said() {
    let desk = Desk::new();
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["import", agent]).exits(0);
    desk.slipway(["import", agent]).exits(0);
    desk.write("clerk/instructions.md", "Something else.\n");
    desk.slipway(["import", agent])
        .exits(2)
        .complains("--replace");
    desk.slipway(["import", agent, "--replace"]).exits(0);
    desk.slipway(["export", "clerk", "--output", "now"])
        .exits(0);
    assert_eq!(desk.read("now/instructions.md"), "Something else.\n");
}
