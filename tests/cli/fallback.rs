//! Models that stand in for one that fails: asked in their order, and never silently.

use serde_json::{Value, json};

use crate::kit::{Agent, Answer, Desk, Ran, Reply, ScriptedServer, model, until_asked};

const SECOND: &str = "mistral/mistral-small-2603";

/// A desk at which `openai/…` is the first of these servers, and `mistral/…` the second.
fn desk(first: &ScriptedServer, second: &ScriptedServer) -> Desk {
    Desk::with_model(first)
        .variable("MISTRAL_BASE_URL", second.base_url().to_string())
        .variable("MISTRAL_API_KEY", "another-scripted-key")
}

fn no_credit() -> Reply {
    let error = json!({"error": {"message": "You have no credit left.", "type": "insufficient_quota", "code": "insufficient_quota"}});
    Reply::error(429, &error)
}

fn clerk() -> Agent {
    Agent::clerk().falling_back_to(&[SECOND])
}

fn read() -> Answer {
    Answer::tool("c1", "read_file", &json!({"path": "in/a.txt"}))
}

/// Who was asked, at which step and attempt.
fn asked(ran: &Ran) -> Vec<(u64, u64, String)> {
    let name = |event: &Value| {
        let part = |key: &str| event[key].as_str().unwrap().to_owned();
        format!("{}/{}", part("provider"), part("model"))
    };
    let number = |event: &Value, key: &str| event[key].as_u64().unwrap();
    let requested = ran.events("model.requested");
    let requested = requested.iter();
    requested
        .map(|event| (number(event, "step"), number(event, "attempt"), name(event)))
        .collect()
}

#[test]
fn the_next_provider_takes_the_step_and_stays_and_everything_says_so() {
    let (first, second) = (
        model([no_credit()]),
        model([read(), Answer::text("The second one's answer.")]),
    );
    let desk = desk(&first, &second);
    let ran = desk.slipway(["run", clerk().at(&desk), "--json"]).exits(0);
    assert_eq!(ran.event("run.started")["fallback"], json!([SECOND]));
    let failed = ran.event("model.failed");
    assert_eq!(failed["next_model"], SECOND);
    assert_eq!(failed["retry_in_ms"], Value::Null);
    assert_eq!(
        asked(&ran),
        [
            (1, 1, "openai/gpt-5-mini".to_owned()),
            (1, 2, SECOND.to_owned()),
            (3, 1, SECOND.to_owned()),
        ]
    );
    assert_eq!((first.requests().len(), second.requests().len()), (1, 2));
    assert_eq!(second.requests()[0].body["model"], "mistral-small-2603");
    assert_eq!(
        second.requests()[0].headers["authorization"],
        "Bearer another-scripted-key",
        "each provider is sent its own key"
    );
    let shown = desk.slipway(["runs", "show", &ran.run()]).exits(0);
    shown
        .says("openai/gpt-5-mini, else mistral/mistral-small-2603")
        .says("falls back to mistral/mistral-small-2603: ")
        .says("(mistral/mistral-small-2603)");
    let json = desk
        .slipway(["runs", "show", &ran.run(), "--json"])
        .exits(0);
    let detail = json.objects().remove(0);
    let events = detail["events"].as_array().unwrap();
    assert!(events.iter().any(|event| event["next_model"] == SECOND));
}

#[test]
fn the_terminal_says_who_takes_over_and_why() {
    let (first, second) = (model([no_credit()]), model([Answer::text("Here.")]));
    let desk = desk(&first, &second);
    desk.slipway(["run", clerk().at(&desk)])
        .exits(0)
        .says("! falls back to mistral/mistral-small-2603: ")
        .says("Here.");
}

#[test]
fn a_refusal_is_not_taken_elsewhere() {
    let (first, second) = (
        model([Answer::nothing().refusal("I will not.").finish("stop")]),
        model([Answer::text("I would.")]),
    );
    let desk = desk(&first, &second);
    desk.slipway(["run", clerk().at(&desk)]).exits(1);
    assert!(second.requests().is_empty());
}

#[test]
fn who_names_a_model_means_that_one() {
    let (first, second) = (
        model([no_credit(), no_credit(), no_credit()]),
        model([Answer::text("Stood in.")]),
    );
    let desk = desk(&first, &second);
    let agent = clerk().at(&desk);
    let named = ["--model", "openai/gpt-5-mini"];
    desk.slipway(["run", agent].iter().chain(&named)).exits(1);
    desk.slipway(["run", agent, "--fallback", "none"]).exits(1);
    assert!(second.requests().is_empty());
    let both = ["--fallback", SECOND];
    desk.slipway(["run", agent].iter().chain(&named).chain(&both))
        .exits(0)
        .says("Stood in.");
    for (fallback, says) in [
        ("recording/october", "is a recording"),
        ("openai/gpt-5-mini", "is the model itself"),
    ] {
        desk.slipway(["run", agent, "--fallback", fallback])
            .exits(2)
            .complains(says);
    }
    let none = ["--fallback", "none"];
    desk.slipway(["run", agent].iter().chain(&both).chain(&none))
        .exits(2)
        .complains("stands alone");
    desk.slipway(["run", agent, "--fallback", "nonsense"])
        .exits(2);
}

#[test]
fn a_model_without_a_key_fails_in_the_journal_and_not_before_unless_none_can_serve() {
    let second = model([Answer::text("Stood in.")]);
    let place = second.base_url().to_string();
    let desk = Desk::new().variable("MISTRAL_BASE_URL", place);
    let agent = clerk().at(&desk);
    let ran = desk.slipway(["run", agent, "--json"]).exits(0);
    let failed = ran.event("model.failed");
    let message = failed["message"].as_str().unwrap();
    assert!(message.contains("OPENAI_API_KEY"), "{message}");
    assert_eq!(failed["next_model"], SECOND);
    let nobody = Desk::new();
    let agent = clerk().at(&nobody);
    nobody
        .slipway(["run", agent])
        .exits(2)
        .complains("OPENAI_API_KEY");
    nobody
        .slipway(["runs", "list"])
        .exits(0)
        .says("no such runs");
}

#[test]
fn off_the_network_only_models_of_this_machine_are_left() {
    let second = model([Answer::text("Here."), Answer::text("Again.")]);
    let place = second.base_url().to_string();
    let desk = Desk::new()
        .variable("OPENAI_API_KEY", "sk-of-a-test")
        .variable("MISTRAL_BASE_URL", place);
    let agent = clerk().at(&desk);
    let ran = desk
        .slipway(["run", agent, "--no-network", "--json"])
        .exits(0)
        .complains("openai/gpt-5-mini is left out");
    assert_eq!(ran.event("run.started")["model"], SECOND);
    assert_eq!(asked(&ran).len(), 1);
    let remote = Agent::clerk().falling_back_to(&["openai/gpt-5-nano"]);
    desk.slipway(["run", remote.at(&desk), "--no-network"])
        .exits(2)
        .complains("over the network");
}

#[test]
fn a_run_that_was_killed_goes_on_with_the_model_that_stood_in() {
    let (first, second) = (
        model([no_credit()]),
        model([
            Reply::from(Answer::text("Never heard.")).after(std::time::Duration::from_secs(3_600)),
            Answer::text("Heard.").into(),
        ]),
    );
    let desk = desk(&first, &second);
    let mut running = desk.start(["run", clerk().at(&desk), "--json"]);
    let fell_back = running.until("next_model");
    let event: Value = serde_json::from_str(&fell_back).unwrap();
    until_asked(&second, 1);
    running.kill();
    running.end();
    let ran = desk
        .slipway([
            "runs",
            "resume",
            event["run_id"].as_str().unwrap(),
            "--json",
        ])
        .exits(0);
    assert_eq!(asked(&ran), [(1, 3, SECOND.to_owned())]);
    assert_eq!((first.requests().len(), second.requests().len()), (1, 2));
}

#[test]
fn what_goes_on_from_a_run_goes_on_with_the_model_in_force_there() {
    let (first, second) = (
        model([no_credit()]),
        model([read(), Answer::text("One."), Answer::text("Two.")]),
    );
    let desk = desk(&first, &second);
    let run = desk
        .slipway(["run", clerk().at(&desk), "--json"])
        .exits(0)
        .run();
    let further = desk
        .slipway(["runs", "continue", &run, "--input", "More.", "--json"])
        .exits(0);
    assert_eq!(asked(&further), [(4, 1, SECOND.to_owned())]);
    assert_eq!(first.requests().len(), 1);
    second.then(Answer::text("Three."));
    let later = desk
        .slipway(["runs", "retry", &run, "--step", "3", "--json"])
        .exits(0);
    assert_eq!(asked(&later), [(3, 1, SECOND.to_owned())]);
    first.then(Answer::text("The first one again."));
    let sooner = desk
        .slipway(["runs", "retry", &run, "--step", "1", "--json"])
        .exits(0);
    assert_eq!(asked(&sooner), [(1, 1, "openai/gpt-5-mini".to_owned())]);
}

#[test]
fn a_run_that_fell_back_is_recorded_and_played() {
    let (first, second) = (model([no_credit()]), model([Answer::text("Stood in.")]));
    let desk = desk(&first, &second);
    let agent = clerk().at(&desk);
    desk.slipway(["run", agent, "--record", "october"]).exits(0);
    let recording = desk.read("clerk/recordings/october.jsonl");
    assert!(recording.contains(SECOND), "{recording}");
    desk.slipway(["run", agent, "--model", "recording/october"])
        .exits(0)
        .says("Stood in.");
}
