//! `slipway models`.

use serde_json::json;

use crate::kit::{Answer, Desk, Reply, model};

#[test]
fn what_needs_something_first_takes_a_line_for_each_provider() {
    let desk = Desk::new();
    let ran = desk.slipway(["models"]).exits(0);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    for provider in ["openai", "anthropic", "google"] {
        let of: Vec<&&str> = lines
            .iter()
            .filter(|line| line.starts_with(&format!("{provider} ")))
            .collect();
        assert_eq!(of.len(), 1, "{provider}: {}", ran.stdout);
        assert!(of[0].contains("_API_KEY"), "{}", of[0]);
    }
    desk.slipway(["models", "list", "--all"])
        .exits(0)
        .says("openai/gpt-5-mini");
    desk.slipway(["models", "list", "openai"])
        .exits(0)
        .says("openai/gpt-5-mini")
        .says("tools");
}

#[test]
fn a_wrong_provider_is_told_with_those_that_there_are() {
    let desk = Desk::new();
    desk.slipway(["models", "list", "opnai"])
        .exits(2)
        .complains("no provider \"opnai\"")
        .complains("openai, ");
    desk.slipway(["models", "list", "openai", "--online"])
        .exits(2)
        .complains("OPENAI_API_KEY");
    desk.slipway(["models", "prices", "nobody/nothing"])
        .exits(2)
        .complains("no price is known");
}

#[test]
fn a_provider_lists_its_models_and_takes_its_key() {
    let server = model([] as [Answer; 0]).with_models(&["gpt-of-today", "gpt-5-mini"]);
    let desk = Desk::with_model(&server);
    desk.slipway(["models", "list", "openai", "--online"])
        .exits(0)
        .says("openai/gpt-of-today")
        .says("openai/gpt-5-mini");
    desk.slipway(["models", "test", "openai"])
        .exits(0)
        .says("openai  works, ")
        .says("2 models");
    let ran = desk
        .slipway(["models", "test", "openai", "--json"])
        .exits(0);
    let told = &ran.objects()[0];
    assert_eq!((&told["works"], &told["models"]), (&json!(true), &json!(2)));
    assert!(server.requests().is_empty(), "no model was asked");
}

#[test]
fn what_does_not_work_says_why_and_what_to_do() {
    let desk = Desk::new();
    desk.slipway(["models", "test", "anthropic"])
        .exits(1)
        .says("does not work")
        .says("slipway secrets set ANTHROPIC_API_KEY");
    let told = desk
        .slipway(["models", "test", "anthropic", "--json"])
        .exits(1)
        .objects();
    assert_eq!(told[0]["failure"], "no_key", "{told:?}");
    let gone = Desk::new()
        .variable("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
        .variable("OPENAI_API_KEY", "sk-scripted-key-of-a-test");
    let ran = gone.slipway(["models", "test", "openai"]).exits(1);
    assert!(
        ran.stdout.contains("could not be connected to"),
        "{}",
        ran.stdout
    );
    assert!(!ran.stdout.contains("sk-scripted"), "{}", ran.stdout);
}

#[test]
fn a_model_is_tested_by_a_run_that_counts() {
    let server = model([Answer::text("ready").usage(30, 2, 0)]);
    let desk = Desk::with_model(&server);
    desk.slipway(["budgets", "set", "1.00/day"]).exits(0);
    desk.slipway(["models", "test", "openai/gpt-5-mini"])
        .exits(0)
        .says("openai/gpt-5-mini  works, ")
        .says("30 + 2 tokens");
    let runs = desk.slipway(["runs", "list", "--json"]).exits(0);
    assert_eq!(runs.objects()[0]["agent"], "model-test");
    let budgets = desk.slipway(["budgets", "--json"]).exits(0);
    assert_ne!(budgets.objects()[0]["spent_usd"], "0", "{}", budgets.stdout);
    let agents = desk.slipway(["agents", "list", "--json"]).exits(0);
    assert_eq!(agents.stdout, "", "a test is no agent of the person's");
}

#[test]
fn a_model_that_is_refused_says_so() {
    let refused = json!({"error": {"message": "no such model", "code": "model_not_found"}});
    let server = model([Reply::error(404, &refused)]);
    let desk = Desk::with_model(&server);
    desk.slipway(["models", "test", "openai/gpt-nowhere"])
        .exits(1)
        .says("does not work")
        .says("gpt-nowhere");
}

#[test]
fn prices_have_their_day_and_their_source() {
    let desk = Desk::new();
    desk.slipway(["models", "prices", "openai/gpt-5-mini"])
        .exits(0)
        .says("AS OF")
        .says("0.25")
        .says("0.025");
    let ran = desk
        .slipway(["models", "prices", "anthropic", "--json"])
        .exits(0);
    for entry in ran.objects() {
        assert!(entry["price"]["cache_write"].is_string(), "{entry}");
        assert!(entry["price_source"].as_str().unwrap().contains("https://"));
    }
}
