//! What is said of runs that were cut off, that ended, and that nobody answered.

use std::time::Duration;

use serde_json::{Value, json};

use crate::kit::{Agent, Answer, Desk, Reply, model, until_asked};

#[test]
fn a_run_that_was_killed_in_a_call_never_says_that_it_cost_nothing() {
    let server = model([Reply::from(Answer::text("too late")).after(Duration::from_secs(300))]);
    let desk = Desk::with_model(&server);
    desk.slipway(["budgets", "set", "5/day"]).exits(0);
    let mut running = desk.start(["run", Agent::clerk().at(&desk), "--json"]);
    let begun = running.until("\"model.requested\"");
    let begun: Value = serde_json::from_str(&begun).unwrap();
    let run = begun["run_id"].as_str().unwrap();
    until_asked(&server, 1);
    running.kill();
    running.end();

    let listed = desk.slipway(["runs", "--json"]).exits(0).objects();
    let found = &listed[0];
    assert_eq!((&found["run_id"], &found["id"]), (&json!(run), &json!(run)));
    assert_eq!(
        (&found["status"], &found["state"], &found["driven"]),
        (&json!("running"), &json!("cut_off"), &json!(false))
    );
    let usage = &found["usage"];
    assert_eq!(usage["cost_usd"], Value::Null, "{usage}");
    let most = usage["cost_at_most_usd"].as_str().unwrap().to_owned();
    desk.slipway(["runs"]).exits(0).says(" at most");
    desk.slipway(["runs", "show", run])
        .exits(0)
        .says("  1 · cut off: the model's answer")
        .says(" at most; take it up with: slipway runs resume");

    let budgets = desk.slipway(["budgets", "--json"]).exits(0).objects();
    assert_eq!(budgets[0]["unknown_usd"], json!(most));
    assert_eq!(budgets[0]["reserved_usd"], json!(most));
    desk.slipway(["budgets"])
        .exits(0)
        .says("(cost unknown)")
        .says("whose cost nobody knows");
}

#[test]
fn what_has_ended_says_what_can_be_done_now() {
    let server = model([Answer::text("Done.")]);
    let desk = Desk::with_model(&server);
    let run = desk
        .slipway(["run", Agent::clerk().at(&desk), "--json"])
        .exits(0)
        .run();
    for command in ["resume", "cancel", "approve"] {
        desk.slipway(["runs", command, &run])
            .exits(2)
            .complains("has ended already (succeeded)")
            .complains("slipway runs continue");
    }
    let ran = desk
        .slipway(["runs", "resume", &run, "--budget", "1"])
        .exits(2)
        .complains("a run keeps the budget");
    assert!(!ran.stderr.contains("-- --budget"), "{}", ran.stderr);
}

#[test]
fn a_question_that_nobody_answered_is_shown_after_the_end() {
    let asks = Answer::tool(
        "c1",
        "write_file",
        &json!({"path": "out/b.txt", "content": "x"}),
    );
    let server = model([asks]);
    let desk = Desk::with_model(&server);
    let run = desk
        .slipway(["run", Agent::clerk().at(&desk), "--json"])
        .exits(3)
        .run();
    desk.slipway(["runs", "cancel", &run]).exits(0);
    desk.slipway(["runs", "show", &run])
        .exits(0)
        .says("  2 ? write_file path=out/b.txt")
        .says("nobody answered");
}

#[test]
fn a_call_that_a_rule_denies_names_the_rule_also_when_it_is_removed() {
    let asks = Answer::tool(
        "c1",
        "write_file",
        &json!({"path": "out/b.txt", "content": "x"}),
    );
    let server = model([asks, Answer::text("Then not.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    let made = desk
        .slipway(["rules", "add", agent, "write_file", "--deny", "--json"])
        .exits(0);
    let rule = made.objects()[0]["id"].as_str().unwrap()[..7].to_owned();
    let says = format!("denied by your rule {rule}");
    desk.slipway(["run", agent]).exits(0).says(&says);
    desk.slipway(["rules", "remove", &rule]).exits(0);
    desk.slipway(["rules", "--all"])
        .exits(0)
        .says("deny (removed)");
    let runs = desk.slipway(["runs", "--json"]).exits(0).objects();
    desk.slipway(["runs", "show", runs[0]["id"].as_str().unwrap()])
        .exits(0)
        .says(&says);
}

#[test]
fn a_model_of_a_server_that_may_be_a_proxy_is_free_only_in_so_many_words() {
    let server = model([
        Answer::text("Done.").usage(30, 2, 0),
        Answer::text("Done.").usage(30, 2, 0),
    ]);
    let desk = Desk::with_model(&server);
    let run = ["run", Agent::clerk().at(&desk), "--model", "openai/mine"];
    desk.slipway(run)
        .exits(0)
        .complains("what openai/mine costs is not known")
        .complains("prices.toml");
    let cost = || {
        desk.slipway(["runs", "list", "--json"]).exits(0).objects()[0]["usage"]["cost_usd"].clone()
    };
    assert_eq!(cost(), Value::Null);
    std::fs::write(
        desk.home().join("prices.toml"),
        "[[price]]\nmodel = \"openai/mine\"\ninput = \"0\"\noutput = \"0\"\nchecked = \"2026-11-01\"\nsource = \"it computes here\"\n",
    )
    .unwrap();
    let ran = desk.slipway(run).exits(0);
    assert!(!ran.stderr.contains("is not known"), "{}", ran.stderr);
    assert_eq!(cost(), "0");
}

#[cfg(unix)]
#[test]
fn a_narrow_terminal_shows_every_column() {
    let server = model([Answer::text("Done.")]);
    let desk = Desk::with_model(&server);
    desk.slipway(["run", Agent::clerk().at(&desk), "--json"])
        .exits(0);
    for columns in [40, 60] {
        let terminal = crate::kit::Terminal::start(desk.command(["runs"]), columns);
        let (code, screen) = terminal.end();
        assert_eq!(code, Some(0), "{screen}");
        for shown in ["AGENT", "STATUS", "COST", "INPUT", "succeeded", "Do what"] {
            assert!(screen.contains(shown), "{columns}, {shown}: {screen}");
        }
    }
}
