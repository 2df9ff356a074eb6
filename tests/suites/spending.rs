//! What a test run may spend, how quickly it asks, and how many ask at once.
#![expect(
    clippy::disallowed_methods,
    reason = "that calls keep their distance is seen by when they come; nothing can be too slow for it"
)]

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;
use slipway_contract::Usd;

use super::{clerk_with, echo, numbered, outcomes, said};
use crate::budgets::server::{Bills, Provider};
use crate::kit::{Agent, Answer, Desk, Ran, Reply, clerk};

/// Twenty tokens of answer cost two cents.
const PRICES: &str = "[[price]]\nmodel = \"openai/gpt-5-mini\"\ninput = \"0\"\noutput = \"1000.00\"\nmax_output = 20\nchecked = \"2026-11-22\"\n";

fn priced(desk: &Desk, prices: &str) {
    std::fs::create_dir_all(desk.home()).unwrap();
    std::fs::write(desk.home().join("prices.toml"), prices).unwrap();
}

fn usd(text: &str) -> Usd {
    text.parse().unwrap()
}

fn cost(ran: &Ran) -> Usd {
    let end = ran.event("test.finished");
    usd(end["totals"]["cost_usd"].as_str().unwrap())
}

#[test]
fn a_budget_for_all_is_kept_with_eight_at_once_and_more_of_it_goes_on() {
    let server = clerk(|asked| echo(asked).into());
    let desk = Desk::with_model(&server);
    priced(&desk, PRICES);
    let agent = clerk_with(&desk, &numbered(20));
    let first = desk
        .slipway(["test", agent, "--live", "--budget", "0.10", "--json"])
        .exits(4)
        .complains("the budget of $0.10 for all of it is used up")
        .complains("slipway test ./clerk --resume");
    let paid = server.requests().len();
    assert!((1..=5).contains(&paid), "five answers fit, not {paid}");
    assert!(cost(&first) <= usd("0.10"), "{}", cost(&first));
    // The same budget again is used up again.
    desk.slipway(["test", agent, "--live", "--resume"]).exits(4);
    assert!(server.requests().len() <= 5);
    let rest = desk
        .slipway([
            "test", agent, "--live", "--resume", "--budget", "0.60", "--json",
        ])
        .exits(0);
    let told = outcomes(&rest);
    assert_eq!(told.len(), 20);
    assert!(
        told.iter().all(|(_, outcome)| outcome == "passed"),
        "{told:?}"
    );
    assert!(cost(&rest) <= usd("0.60"), "{}", cost(&rest));
    assert!(
        server.requests().len() <= 25,
        "only what was stopped under way is asked again: {}",
        server.requests().len()
    );
}

/// A case's own budget ends that case alone.
#[test]
fn a_budget_of_a_case_stops_no_other() {
    let server = clerk(|asked| echo(asked).into());
    let desk = Desk::with_model(&server);
    priced(&desk, PRICES);
    let suite = numbered(3).replacen("name = ", "budget_usd = \"0.001\"\nname = ", 1);
    let agent = clerk_with(&desk, &suite);
    let ran = desk
        .slipway(["test", agent, "--live", "--budget", "1", "--json"])
        .exits(1);
    let told: Vec<String> = outcomes(&ran).into_iter().map(|(_, told)| told).collect();
    assert_eq!(told, ["failed", "passed", "passed"]);
    assert_eq!(server.requests().len(), 2);
}

/// Answers nobody until `at_once` have asked, so that only so many at once come to an end.
fn at_once(arguments: &[&str], at_once: usize) {
    let provider = Provider::start(Bills::Honestly, at_once);
    let desk = Desk::new()
        .variable("OPENAI_BASE_URL", provider.base())
        .variable("OPENAI_API_KEY", "sk-scripted-key-of-a-test");
    priced(&desk, PRICES);
    let agent = Agent::clerk().at(&desk);
    let case = |number| {
        format!(
            "[[case]]\nname = \"Case {number}\"\ninput = \"Do it.\"\n\n[[case.expect]]\ncontains = \"Done.\"\n\n"
        )
    };
    let cases: String = (0..64).map(case).collect();
    desk.write("clerk/tests/main.toml", format!("format = 1\n\n{cases}"));
    let command = ["test", agent, "--live", "--budget", "100"];
    desk.slipway(command.iter().chain(arguments))
        .exits(0)
        .says("64 passed of 64 cases");
    assert_eq!(provider.books().at_once, at_once);
    assert_eq!(provider.books().answers.len(), 64);
}

#[test]
fn eight_ask_at_once_where_nothing_is_said() {
    at_once(&[], 8);
}

#[test]
fn thirty_two_ask_at_once_where_that_is_said() {
    at_once(&["--jobs", "32"], 32);
}

/// When each request came.
type Times = Arc<Mutex<Vec<Instant>>>;

#[test]
fn a_rate_keeps_calls_apart() {
    let times = Times::default();
    let noted = Arc::clone(&times);
    let server = clerk(move |asked| {
        noted.lock().unwrap().push(Instant::now());
        echo(asked).into()
    });
    let desk = Desk::with_model(&server);
    let agent = clerk_with(&desk, &numbered(5));
    desk.slipway(["test", agent, "--live", "--rate", "240"])
        .exits(0);
    let times = times.lock().unwrap();
    let took = times[4].duration_since(times[0]);
    assert!(
        took >= Duration::from_millis(900),
        "four distances of 250 ms: {took:?}"
    );
}

#[test]
fn one_that_asks_too_often_slows_all() {
    let times = Times::default();
    let noted = Arc::clone(&times);
    let server = clerk(move |asked| {
        let mut times = noted.lock().unwrap();
        times.push(Instant::now());
        match times.len() {
            1 => Reply::error(429, &serde_json::json!({"error": {"message": "slow down"}}))
                .header("retry-after", "2"),
            _ => echo(asked).into(),
        }
    });
    let desk = Desk::with_model(&server);
    let agent = clerk_with(&desk, &numbered(6));
    desk.slipway(["test", agent, "--live", "--jobs", "2"])
        .exits(0)
        .says("6 passed of 6 cases");
    let times = times.lock().unwrap();
    let soon = times
        .iter()
        .filter(|time| time.duration_since(times[0]) < Duration::from_millis(1_900));
    assert!(
        soon.count() <= 2,
        "whoever asked already has its answer, and nobody else asks: {times:?}"
    );
    assert_eq!(times.len(), 7);
}

/// What judging costs is counted, too.
#[test]
fn a_judge_is_paid_from_the_same_purse() {
    let verdict = serde_json::json!({"reasoning": "Fine.", "score": 1.0}).to_string();
    let server = clerk(move |asked| match said(asked).starts_with("Say number") {
        true => echo(asked).into(),
        false => Answer::text(verdict.clone()).into(),
    });
    let desk = Desk::with_model(&server);
    let judge = PRICES.replace("gpt-5-mini", "judge");
    priced(&desk, &format!("{PRICES}\n{judge}"));
    let suite = "[[case]]\nname = \"Polite\"\ninput = \"Say number 1.\"\n\n[[case.expect]]\nrubric = \"It is polite.\"\n";
    let agent = clerk_with(&desk, suite);
    let ran = desk
        .slipway([
            "test",
            agent,
            "--live",
            "--judge",
            "openai/judge",
            "--budget",
            "1",
            "--json",
        ])
        .exits(0);
    let attempt = ran.event("test.case")["case"]["attempts"][0].clone();
    assert_eq!(attempt["cost_usd"], Value::from("0.02"));
    assert_eq!(attempt["judging_usd"], Value::from("0.02"));
}
