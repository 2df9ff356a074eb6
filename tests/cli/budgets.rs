//! `budgets`, and what they do to runs.

use serde_json::json;
use slipway_contract::Usd;

use crate::kit::{Agent, Answer, Desk, model};

/// A model whose price only the person knows, at a server of this machine.
const PRICES: &str = "[[price]]\nmodel = \"openai/gpt-5-mini\"\ninput = \"1.00\"\noutput = \"10.00\"\nmax_output = 1_000\nchecked = \"2026-11-01\"\nsource = \"my contract\"\n";

fn priced(desk: &Desk, text: &str) {
    std::fs::create_dir_all(desk.home()).unwrap();
    std::fs::write(desk.home().join("prices.toml"), text).unwrap();
}

#[test]
fn budgets_are_set_listed_and_removed() {
    let desk = Desk::new();
    desk.slipway(["budgets"])
        .exits(0)
        .says("slipway budgets set 1.00/day");
    desk.slipway(["budgets", "set", "1.5/day"])
        .exits(0)
        .says("all agents, per day may cost $1.50 at most; $1.50 is left now.");
    let set = desk
        .slipway(["budgets", "set", "20/month", "--agent", "clerk", "--json"])
        .exits(0);
    let set = &set.objects()[0];
    assert_eq!(set["agent"], "clerk");
    assert_eq!(set["period"], "month");
    assert_eq!(set["limit_usd"], "20");
    assert!(set["until"].is_string(), "{set}");
    desk.slipway(["budgets", "set", "9/total", "--agent", "clerk"])
        .exits(0);
    let listed = desk.slipway(["budgets", "list", "--json"]).exits(0);
    assert_eq!(listed.objects().len(), 3);
    desk.slipway(["budgets"])
        .exits(0)
        .says("LIMIT")
        .says("clerk, per month")
        .says("$20.00")
        .says("never");
    desk.slipway(["budgets", "remove", "day"]).exits(0);
    desk.slipway(["budgets", "remove", "day"])
        .exits(2)
        .complains("there is no budget (all agents, per day)");
    for (arguments, says) in [
        (&["budgets", "set", "5"][..], "5.00/month"),
        (&["budgets", "set", "5/week"], "day, month or total"),
        (&["budgets", "set", "-5/day"], "not an amount"),
        (
            &["budgets", "set", "5/day", "--agent", "No Agent"],
            "No Agent",
        ),
        (&["budgets", "remove", "week"], "day, month or total"),
    ] {
        desk.slipway(arguments).exits(2).complains(says);
    }
}

#[test]
fn a_run_that_does_not_fit_a_budget_names_it() {
    let server = model([
        Answer::text("One.").usage(100, 500, 0),
        Answer::text("never asked"),
    ]);
    let desk = Desk::with_model(&server);
    priced(&desk, PRICES);
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["budgets", "set", "0.007/total"]).exits(0);
    // 500 tokens of answer fit, and after them not even the shortest.
    desk.slipway(["run", agent, "--json"]).exits(0);
    let ran = desk.slipway(["run", agent, "--json"]).exits(4);
    let end = ran.event("run.finished");
    assert_eq!(end["reason"], "over_budget");
    let message = end["message"].as_str().unwrap();
    for part in [
        "the budget of $0.007 (all agents, in total)",
        "leaves $0.0019",
        "$0.0051 is spent and $0.00 is reserved",
    ] {
        assert!(message.contains(part), "{part}: {message}");
    }
    assert_eq!(server.requests().len(), 1);
    let body = &server.requests()[0].body;
    let announced = ["max_completion_tokens", "max_output_tokens", "max_tokens"]
        .iter()
        .find_map(|name| body[*name].as_u64());
    assert!(
        announced.is_some_and(|tokens| (500..690).contains(&tokens)),
        "the answer is limited to what the budget leaves: {body}"
    );
    desk.slipway(["budgets"]).exits(0).says("$0.0051");
    // Another agent's budget is no obstacle, and a run without a limit of its own has this one.
    desk.slipway(["run", agent, "--budget", "none"]).exits(4);
    desk.slipway(["budgets", "remove", "total"]).exits(0);
    desk.slipway(["budgets", "set", "0.0001/day", "--agent", "other"])
        .exits(0);
    desk.slipway(["run", agent]).exits(0);
}

#[test]
fn a_bill_that_is_higher_than_announced_is_told() {
    let server = model([
        Answer::tool("c1", "read_file", &json!({"path": "in/a.txt"})).usage(100, 5_000, 0),
        Answer::text("never asked"),
    ]);
    let desk = Desk::with_model(&server);
    priced(&desk, PRICES);
    let agent = Agent::clerk().at(&desk);
    let ran = desk
        .slipway(["run", agent, "--json", "--budget", "1.00"])
        .exits(4);
    let told = ran.event("model.overbilled");
    assert_eq!(told["provider"], "openai");
    assert_eq!(told["announced_output_tokens"], 1_000);
    assert_eq!(told["billed_output_tokens"], 5_000);
    let message = ran.event("run.finished")["message"].to_string();
    assert!(
        message.contains("openai billed 5000 tokens of answer where the call allowed 1000"),
        "{message}"
    );
    assert_eq!(server.requests().len(), 1, "no further call is made");
    desk.slipway(["runs", "show", &ran.run()])
        .exits(0)
        .says("openai billed $");
    desk.slipway(["budgets", "set", "5/total"]).exits(0);
    desk.slipway(["budgets"])
        .exits(0)
        .says("beyond what was reserved");
}

#[test]
fn an_unknown_price_is_asked_for_and_taken_from_the_persons_own_table() {
    let server = model([Answer::text("Done.")]);
    let desk = Desk::with_model(&server);
    // A name of the table, at a place of which nobody knows the prices.
    let desk = desk.variable("OPENAI_BASE_URL", "https://models.example.com/v1");
    let agent = Agent::clerk().at(&desk);
    let parked = desk
        .slipway(["run", agent, "--json", "--budget", "0.5"])
        .exits(3);
    assert_eq!(parked.event("run.parked")["reason"], "price");
    let asked = parked.event("approval.requested");
    assert_eq!(asked["ask"], "price");
    assert_eq!(asked["budgets"], json!(["this run's budget of $0.50"]));
    let run = parked.run();
    desk.slipway(["runs", "list"]).exits(0).says("cost?");
    desk.slipway(["runs", "show", &run])
        .exits(0)
        .says("openai/gpt-5-mini is unknown")
        .says("prices.toml");
    // --approve allow lifts no limit of money.
    desk.slipway(["runs", "resume", &run, "--approve", "allow"])
        .exits(3);
    priced(&desk, PRICES);
    let desk = desk.variable("OPENAI_BASE_URL", server.base_url().to_string());
    let done = desk.slipway(["runs", "resume", &run, "--json"]).exits(0);
    assert_eq!(done.event("approval.resolved")["by"], "price_table");
    assert_eq!(
        done.event("run.finished")["usage"]["cost_usd"],
        "0.0003",
        "100 tokens in and 20 out"
    );
}

#[test]
fn a_person_can_let_a_run_go_on_without_a_limit_of_money_or_end_it() {
    let server = model([Answer::text("Done.")]);
    let unknown = |desk: Desk| desk.variable("OPENAI_BASE_URL", "https://models.example.com/v1");
    let desk = unknown(Desk::with_model(&server));
    let agent = Agent::clerk().at(&desk);
    let parked = || {
        let ran = desk.slipway(["run", agent, "--json", "--budget", "0.5"]);
        ran.exits(3).run()
    };
    let (one, other) = (parked(), parked());
    let ended = desk.slipway(["runs", "deny", &one, "--json"]).exits(1);
    assert_eq!(ended.event("run.finished")["reason"], "price_unknown");
    let desk = desk.variable("OPENAI_BASE_URL", server.base_url().to_string());
    let done = desk.slipway(["runs", "approve", &other, "--json"]).exits(0);
    assert_eq!(
        done.event("run.finished")["status"],
        "succeeded",
        "{}",
        done.stdout
    );
}

#[test]
fn a_wrong_table_of_prices_is_told_and_nothing_is_started() {
    let server = model([Answer::text("Done.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    priced(
        &desk,
        "[[price]]\nmodel = \"openai/gpt-5-mini\"\ninput = 0.25\n",
    );
    // A list is shown all the same, with the prices that Slipway ships with.
    for (arguments, exit) in [(&["run", agent][..], 2), (&["models"], 0)] {
        desk.slipway(arguments)
            .exits(exit)
            .complains("prices.toml is not valid")
            .complains("prices.toml:3:9: price[1].input: money is exact")
            .complains("price[1].output: is missing");
    }
    assert!(server.requests().is_empty());
    desk.slipway(["doctor"]).exits(1).says("✗ prices.toml");
    desk.slipway(["runs", "list"]).exits(0);
    desk.slipway(["budgets"]).exits(0);
}

#[test]
fn models_say_what_they_cost_since_when_and_who_says_so() {
    let desk = Desk::new();
    let listed = desk.slipway(["models", "--json"]).exits(0);
    let models = listed.objects();
    let mini = models
        .iter()
        .find(|model| model["model"] == "openai/gpt-5-mini")
        .unwrap();
    assert!(mini["price_checked"].as_str().unwrap().starts_with("20"));
    assert!(mini["price_source"].as_str().unwrap().contains("https://"));
    priced(
        &desk,
        &format!(
            "{PRICES}\n[[price]]\nmodel = \"openai/my-own\"\ninput = \"3\"\noutput = \"4\"\nchecked = \"2026-10-02\"\n"
        ),
    );
    desk.slipway(["models", "prices"])
        .exits(0)
        .says("AS OF")
        .says("2026-11-01  prices.toml (my contract)");
    desk.slipway(["models", "list", "openai"])
        .exits(0)
        .says("openai/my-own")
        .says("3 / 4");
}

#[test]
fn processes_that_run_at_once_share_a_budget() {
    let answers = (0..8).map(|_| Answer::text("Done.").usage(100, 400, 0));
    let server = model(answers);
    let desk = Desk::with_model(&server);
    priced(&desk, PRICES);
    let agent = Agent::clerk().at(&desk);
    // Three calls of 4.1 thousandths fit; the worst case of one is more than 10.
    desk.slipway(["budgets", "set", "0.0165/total"]).exits(0);
    let runs: Vec<_> = (0..6)
        .map(|_| desk.start(["run", agent, "--json"]))
        .collect();
    let ends: Vec<_> = runs.into_iter().map(|run| run.end().code).collect();
    let served = ends.iter().filter(|code| **code == Some(0)).count();
    let refused = ends.iter().filter(|code| **code == Some(4)).count();
    assert_eq!(
        (served, refused),
        (server.requests().len(), 6 - served),
        "{ends:?}"
    );
    assert!((3..=4).contains(&served), "{ends:?}");
    let listed = desk.slipway(["budgets", "--json"]).exits(0);
    let standing = &listed.objects()[0];
    let amount = |name: &str| standing[name].as_str().unwrap().parse::<Usd>().unwrap();
    let committed = amount("spent_usd").plus(amount("reserved_usd"));
    assert!(committed <= amount("limit_usd"), "{standing}");
    assert!(
        amount("spent_usd") >= "0.0123".parse().unwrap(),
        "{standing}"
    );
}
