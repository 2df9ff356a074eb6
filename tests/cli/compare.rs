//! `slipway run` with several models.

use std::collections::BTreeSet;

use serde_json::json;

use crate::kit::{Agent, Answer, Desk, model};

const BOTH: [&str; 4] = [
    "--model",
    "openai/gpt-5-mini",
    "--model",
    "openai/gpt-4.1-mini",
];

fn with_both<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    arguments.iter().copied().chain(BOTH).collect()
}

#[test]
fn one_input_goes_to_several_models() {
    let server = model([Answer::text("Forty-two."), Answer::text("Forty-two.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    let ran = desk
        .slipway(with_both(&["run", agent, "--input", "What is it?"]))
        .exits(0)
        .says("FIRST TOKEN")
        .says("100 / 20");
    assert_eq!(
        ran.stdout.matches("Forty-two.").count(),
        2,
        "{}",
        ran.stdout
    );
    let asked: BTreeSet<String> = server
        .requests()
        .iter()
        .map(|request| request.body["model"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        asked,
        ["gpt-4.1-mini", "gpt-5-mini"].map(str::to_owned).into()
    );
    let runs = desk.slipway(["runs", "list", "--json"]).exits(0);
    assert_eq!(runs.objects().len(), 2, "each is a run like any other");
}

#[test]
fn as_json_the_trials_come_last() {
    let server = model([Answer::text("One."), Answer::text("One.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    let ran = desk.slipway(with_both(&["run", agent, "--json"])).exits(0);
    let lines = ran.objects();
    let last = lines.last().unwrap();
    assert_eq!(last["type"], "compare.finished");
    let trials = last["trials"].as_array().unwrap();
    let named: Vec<&str> = trials
        .iter()
        .map(|trial| trial["model"].as_str().unwrap())
        .collect();
    assert_eq!(
        named,
        ["openai/gpt-5-mini", "openai/gpt-4.1-mini"],
        "in the order given"
    );
    for trial in trials {
        assert_eq!(trial["status"], "succeeded");
        assert_eq!(trial["output"], "One.");
        assert!(trial["first_token_ms"].is_u64() && trial["took_ms"].is_u64());
        assert_eq!(trial["usage"]["output_tokens"], 20);
        assert!(trial["usage"]["cost_usd"].is_string());
    }
    let begun = lines.iter().filter(|line| line["type"] == "run.started");
    assert_eq!(begun.count(), 2);
}

/// What one model writes the other does not see, and the person's folder stays as it is.
#[test]
fn an_agent_that_writes_has_a_folder_for_each_model() {
    let write = json!({"path": "out/c.txt", "content": "written"});
    let answers = || {
        [
            Answer::tool("c1", "write_file", &write),
            Answer::tool("c1", "write_file", &write),
        ]
    };
    let server = model(
        answers()
            .into_iter()
            .chain([Answer::text("Done."), Answer::text("Done.")]),
    );
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().allowing("write_file").at(&desk);
    let ran = desk.slipway(with_both(&["run", agent, "--json"])).exits(0);
    let last = ran.objects().pop().unwrap();
    let mut folders = BTreeSet::new();
    for trial in last["trials"].as_array().unwrap() {
        let folder = std::path::PathBuf::from(trial["workdir"].as_str().unwrap());
        assert_eq!(
            std::fs::read_to_string(folder.join("out/c.txt")).unwrap(),
            "written"
        );
        assert!(folder.join("in/a.txt").exists());
        folders.insert(folder);
    }
    assert_eq!(folders.len(), 2);
    assert!(
        !desk.path("clerk/out").exists(),
        "nothing is written in the agent's folder"
    );
}

#[test]
fn what_one_model_cannot_do_does_not_stop_the_other() {
    let server = model([Answer::text("Here.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    let ran = desk
        .slipway([
            "run",
            agent,
            "--model",
            "openai/gpt-5-mini",
            "--model",
            "anthropic/claude-haiku-4-5",
        ])
        .exits(1);
    assert!(ran.stdout.contains("Here."), "{}", ran.stdout);
    assert!(ran.stdout.contains("ANTHROPIC_API_KEY"), "{}", ran.stdout);
    assert!(ran.stdout.contains("not started"), "{}", ran.stdout);
}

#[test]
fn wrong_lists_of_models_are_told() {
    let server = model([] as [Answer; 0]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["run", agent, "--model", "openai/x", "--model", "openai/x"])
        .exits(2)
        .complains("openai/x is named twice");
    let many: Vec<String> = (0..9)
        .map(|number| format!("--model=openai/m{number}"))
        .collect();
    let arguments = ["run", agent]
        .into_iter()
        .chain(many.iter().map(String::as_str));
    desk.slipway(arguments).exits(2).complains("at most 8");
    desk.slipway([
        "runs", "retry", "x", "--step", "1", "--model", "openai/a", "--model", "openai/b",
    ])
    .exits(2)
    .complains("`slipway run` alone");
    assert!(server.requests().is_empty());
}
