//! `slipway run` with several models.

use std::collections::BTreeSet;

use serde_json::json;

#[cfg(unix)]
use crate::kit::until_asked;
use crate::kit::{Agent, Answer, Desk, Reply, model};

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
        assert!(
            !folder.join("in/a.txt").exists(),
            "what is unchanged is removed"
        );
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

#[test]
fn of_copies_in_which_nothing_was_changed_nothing_is_left() {
    let server = model([Answer::text("One."), Answer::text("One.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().allowing("write_file").at(&desk);
    let ran = desk.slipway(with_both(&["run", agent, "--json"])).exits(0);
    let last = ran.objects().pop().unwrap();
    for trial in last["trials"].as_array().unwrap() {
        assert!(trial.get("workdir").is_none(), "{trial}");
    }
    let left = std::fs::read_dir(desk.home().join("comparisons"));
    assert_eq!(left.map(Iterator::count).unwrap_or_default(), 0);
}

#[test]
fn a_trial_that_waits_says_for_what_and_keeps_its_copy() {
    let write = json!({"path": "out/c.txt", "content": "written"});
    let asks = || Answer::tool("c1", "write_file", &write);
    let server = model([asks(), asks()]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    let ran = desk.slipway(with_both(&["run", agent, "--json"])).exits(3);
    let last = ran.objects().pop().unwrap();
    for trial in last["trials"].as_array().unwrap() {
        assert_eq!(trial["status"], "parked");
        assert_eq!(trial["usage"]["output_tokens"], 20, "{trial}");
        assert!(
            trial["problem"]["message"]
                .as_str()
                .unwrap()
                .contains("your approval")
        );
        let copy = std::path::Path::new(trial["workdir"].as_str().unwrap());
        assert!(copy.join("in/a.txt").exists(), "the run goes on there");
    }
    for trial in last["trials"].as_array().unwrap() {
        let run = trial["run_id"].as_str().unwrap();
        desk.slipway(["runs", "cancel", run]).exits(0);
    }
    // Whoever starts next tidies up.
    desk.slipway(["runs", "list"]).exits(0);
    let left = std::fs::read_dir(desk.home().join("comparisons"));
    assert_eq!(left.map(Iterator::count).unwrap_or_default(), 0);
}

#[test]
fn one_recording_is_of_one_model() {
    let server = model([] as [Answer; 0]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    desk.slipway(with_both(&["run", agent, "--record", "both"]))
        .exits(2)
        .complains("--record keeps the recording of one run");
    assert!(server.requests().is_empty());
}

#[test]
fn all_models_draw_from_one_budget() {
    let server = model((0..8).map(|_| Answer::text("Done.")));
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    let models = (1..=8).flat_map(|number| {
        [
            "--model".to_owned(),
            format!("openai/gpt-5-mini-2025-0{number}"),
        ]
    });
    std::fs::create_dir_all(desk.home()).unwrap();
    std::fs::write(desk.home().join("prices.toml"), prices()).unwrap();
    let models: Vec<String> = models.collect();
    let arguments = ["run", agent, "--json", "--budget", "0.05"];
    let arguments = arguments
        .into_iter()
        .chain(models.iter().map(String::as_str));
    let ran = desk.slipway(arguments).exits(1);
    let last = ran.objects().pop().unwrap();
    let trials = last["trials"].as_array().unwrap();
    let succeeded = trials
        .iter()
        .filter(|trial| trial["status"] == "succeeded")
        .count();
    assert_eq!(succeeded, 2, "five cents pay for two: {last}");
    assert_eq!(server.requests().len(), succeeded);
    let over = trials
        .iter()
        .find(|trial| trial["status"] == "failed")
        .unwrap();
    let help = over["problem"]["help"].as_str().unwrap();
    assert!(help.contains("draw from one budget"), "{over}");
}

/// Each answer of twenty tokens costs two cents.
fn prices() -> String {
    let one = |number| {
        format!(
            "[[price]]\nmodel = \"openai/gpt-5-mini-2025-0{number}\"\ninput = \"0\"\noutput = \"1000.00\"\nmax_output = 20\nchecked = \"2026-11-22\"\n"
        )
    };
    (1..=8).map(one).collect()
}

#[test]
fn who_answered_in_the_place_of_a_model_is_named() {
    let error = json!({"error": {"message": "no credit", "code": "insufficient_quota"}});
    let first = model((0..4).map(|_| Reply::error(429, &error)));
    let second = model((0..4).map(|_| Answer::text("Stood in.")));
    let desk = Desk::with_model(&first)
        .variable("MISTRAL_BASE_URL", second.base_url().to_string())
        .variable("MISTRAL_API_KEY", "another-scripted-key");
    let agent = Agent::clerk().at(&desk);
    let named = "mistral/mistral-small-2603";
    let fallback = ["run", agent, "--fallback", named];
    let ran = desk
        .slipway(with_both(&fallback))
        .exits(0)
        .says("Stood in.");
    let line = format!("{named} answered in its place");
    assert_eq!(ran.stdout.matches(&line).count(), 2, "{}", ran.stdout);
    let json = [&fallback[..], &["--json"]].concat();
    let last = desk.slipway(with_both(&json)).exits(0).objects().pop();
    for trial in last.unwrap()["trials"].as_array().unwrap() {
        assert_eq!(trial["answered_by"], named, "{trial}");
        assert_ne!(trial["model"], named, "the one that was asked for");
    }
}

/// A file that is wrong concerns all models: it is told once, with its lines, before any begins.
#[test]
fn a_wrong_file_is_told_once_and_nothing_begins() {
    let server = model([] as [Answer; 0]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    for (file, text) in [
        (
            "prices.toml",
            "[[price]]\nmodel = \"openai/x\"\nimput = \"1\"\n",
        ),
        (
            "providers.toml",
            "[[provider]]\nid = \"lab\"\nbase_ulr = \"x\"\n",
        ),
    ] {
        std::fs::create_dir_all(desk.home()).unwrap();
        std::fs::write(desk.home().join(file), text).unwrap();
        let ran = desk
            .slipway(with_both(&["run", agent]))
            .exits(2)
            .complains(&format!("{file}:3:1"))
            .complains("move the file away");
        assert_eq!(ran.stdout, "", "no table of what did not begin");
        std::fs::remove_file(desk.home().join(file)).unwrap();
    }
    desk.slipway(["runs", "list"]).exits(0).says("no such runs");
}

#[cfg(unix)]
mod stopped {
    use std::io::{BufRead as _, BufReader};
    use std::process::Stdio;
    use std::time::Duration;

    use rustix::process::Signal;
    use serde_json::Value;

    use super::*;

    #[test]
    fn ctrl_c_cancels_all_runs() {
        let hangs = || Reply::from(Answer::text("too late")).after(Duration::from_secs(300));
        let server = model([hangs(), hangs()]);
        let desk = Desk::with_model(&server);
        let agent = Agent::clerk().at(&desk);
        let running = desk.start(with_both(&["run", agent, "--json"]));
        until_asked(&server, 2);
        running.signal(Signal::INT);
        let ran = running.end().exits(130).complains("Cancelling.");
        let last = ran.objects().pop().unwrap();
        assert_eq!(last["type"], "compare.finished", "what there is, is told");
        for trial in last["trials"].as_array().unwrap() {
            assert_eq!(trial["status"], "cancelled", "{trial}");
            assert_eq!(trial["reason"], "cancelled_by_person", "{trial}");
        }
        let cancelled = ["runs", "list", "--status", "cancelled", "--json"];
        let listed = desk.slipway(cancelled).exits(0);
        assert_eq!(listed.objects().len(), 2);
    }

    #[test]
    fn a_reader_that_leaves_costs_nothing_that_was_done() {
        let slow = || {
            let words = Answer::text("word ".repeat(400));
            Reply::from(words).in_pieces(400, Duration::from_millis(20))
        };
        let server = model([slow(), slow()]);
        let desk = Desk::with_model(&server);
        let agent = Agent::clerk().at(&desk);
        let mut child = desk
            .command(with_both(&["run", agent, "--json"]))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // It leaves while both are still answering.
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let runs: Vec<String> = lines
            .by_ref()
            .map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap())
            .filter(|event| event["type"] == "run.started")
            .map(|event| event["run_id"].as_str().unwrap().to_owned())
            .take(2)
            .collect();
        until_asked(&server, 2);
        drop(lines);
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(141), "{stderr}");
        assert!(!stderr.contains("panicked"), "{stderr}");
        for run in runs {
            let way = format!("slipway runs resume {}", &run[..7]);
            assert!(stderr.contains(&way), "{stderr}");
            server.then(Answer::text("The whole answer."));
            let ran = desk.slipway(["runs", "resume", &run, "--json"]).exits(0);
            assert_eq!(ran.event("run.finished")["output"], "The whole answer.");
        }
    }
}
