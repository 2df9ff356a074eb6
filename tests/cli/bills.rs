//! What calls cost: long requests, answers that say nothing of it, what OpenRouter says itself, and
//! models that cannot be had.

use serde_json::{Value, json};

use crate::kit::{Agent, Answer, Desk, Reply, ScriptedServer, model};

fn of_openrouter(server: &ScriptedServer) -> Desk {
    Desk::new()
        .variable("OPENROUTER_BASE_URL", server.base_url().to_string())
        .variable("OPENROUTER_API_KEY", "sk-or-scripted")
}

fn write_prices(desk: &Desk, text: &str) {
    std::fs::create_dir_all(desk.home()).unwrap();
    std::fs::write(desk.home().join("prices.toml"), text).unwrap();
}

#[test]
fn the_price_of_long_requests_is_told_and_can_be_stated() {
    let desk = Desk::new();
    desk.slipway(["models", "prices", "anthropic/claude-haiku-5-5"])
        .exits(0)
        .says("above 100,000 input tokens")
        .says("2.5");
    let unknown = desk
        .slipway(["models", "prices", "xai/grok-4.3", "--json"])
        .exits(0);
    assert_eq!(
        unknown.objects()[0]["price"]["dearer"],
        json!({"above": 200_000})
    );
    write_prices(
        &desk,
        "[[price]]\nmodel = \"xai/grok-4.3\"\ninput = \"1\"\noutput = \"2\"\ndearer = { above = 9, input = \"3\", output = \"4\" }\nchecked = \"2026-11-22\"\n",
    );
    let own = desk
        .slipway(["models", "prices", "xai/grok-4.3", "--json"])
        .exits(0);
    let dearer = &own.objects()[0]["price"]["dearer"];
    assert_eq!(
        (&dearer["above"], &dearer["rates"]["output"]),
        (&json!(9), &json!("4"))
    );
}

#[test]
fn a_wrong_file_of_prices_keeps_its_line_in_a_test_of_a_model() {
    let desk = Desk::new();
    write_prices(&desk, "[[price]]\nmodel = \"openai/x\"\ninput = 1\n");
    desk.slipway(["models", "test", "openai/gpt-5-mini"])
        .exits(1)
        .says("prices.toml:3:9: price[1].input: money is exact");
}

#[test]
fn an_answer_without_usage_may_have_cost_what_was_reserved() {
    let server = model([Answer::text("Done.").without_usage()]);
    let desk = Desk::with_model(&server);
    let ran = desk
        .slipway(["run", Agent::clerk().at(&desk), "--budget", "1", "--json"])
        .exits(0);
    let responded = ran.event("model.responded");
    assert_eq!(
        (&responded["usage_estimated"], &responded["cost_usd"]),
        (&json!(true), &Value::Null)
    );
    let usage = &ran.event("run.finished")["usage"];
    assert_eq!(usage["cost_usd"], Value::Null);
    assert_eq!(
        usage["cost_at_most_usd"],
        ran.event("model.requested")["reserved_usd"]
    );
}

#[test]
fn what_openrouter_says_that_a_call_cost_is_what_counts() {
    let body = concat!(
        "data: {\"id\":\"g\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Done.\"},\"finish_reason\":\"stop\"}]}\n\n",
        "data: {\"id\":\"g\",\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":2,\"cost\":0.00314}}\n\n",
        "data: [DONE]\n\n"
    );
    let server = model([Reply::events(body)]);
    let desk = of_openrouter(&server);
    let agent = Agent::clerk().at(&desk);
    let ran = desk
        .slipway([
            "run",
            agent,
            "--model",
            "openrouter/maker/unpriced",
            "--json",
        ])
        .exits(0);
    let responded = ran.event("model.responded");
    assert_eq!(responded["cost_usd"], "0.00314");
    assert_eq!(responded["cost_from"], "provider");
    assert_eq!(ran.event("run.finished")["usage"]["cost_usd"], "0.00314");
}

#[test]
fn a_model_that_cannot_be_had_is_no_question_of_its_price() {
    let server = model([Answer::text("Done.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    let ran = desk
        .slipway([
            "run",
            agent,
            "--model",
            "groq/of-unknown-price",
            "--fallback",
            "openai/gpt-5-mini",
            "--budget",
            "1",
            "--json",
        ])
        .exits(0);
    let failed = ran.event("model.failed");
    assert_eq!(failed["next_model"], "openai/gpt-5-mini");
    assert!(
        failed["message"].as_str().unwrap().contains("GROQ_API_KEY"),
        "{failed}"
    );
    assert!(ran.events("approval.requested").is_empty());
}

#[test]
fn thoughts_are_events_of_their_own_as_they_come() {
    let answer = Answer::text("Four.").reasoning("Two and two.", Some("c2lnbmF0dXJl"));
    let server = model([answer]);
    let desk = Desk::new()
        .variable("ANTHROPIC_BASE_URL", format!("http://{}", server.address()))
        .variable("ANTHROPIC_API_KEY", "sk-ant-scripted-key-of-a-test");
    let agent = Agent::clerk().at(&desk);
    let ran = desk
        .slipway([
            "run",
            agent,
            "--model",
            "anthropic/claude-opus-5-5",
            "--json",
        ])
        .exits(0);
    let thoughts: String = ran
        .events("model.reasoning")
        .iter()
        .map(|event| event["text"].as_str().unwrap())
        .collect();
    assert_eq!(thoughts, "Two and two.");
    let plain = desk
        .slipway(["runs", "show", &ran.run(), "--json"])
        .exits(0);
    assert!(
        plain.events("model.reasoning").is_empty(),
        "pieces are not journalled"
    );
}
