//! Which cases are run, and wrong use.

use super::{clerk_with, numbered, outcomes, said, unpack};
use crate::kit::{Answer, Desk, clerk};

const TAGGED: &str = r#"
[[case]]
name = "Adds"
input = "Say sum."
tags = ["sums", "quick"]

[[case.expect]]
contains = "sum"

[[case]]
name = "Subtracts"
input = "Say difference."
tags = ["sums"]

[[case.expect]]
contains = "difference"

[[case]]
name = "Greets"
input = "Say hello."
tags = ["manners"]

[[case.expect]]
contains = "hello"
"#;

/// The titles that were chosen, and that no other was.
#[track_caller]
fn lists(desk: &Desk, arguments: &[&str], titles: &[&str]) {
    let start = ["test", "./clerk", "--live", "--list", "--json"];
    let ran = desk.slipway(start.iter().chain(arguments)).exits(0);
    let listed = ran.events("test.listed");
    let listed: Vec<&str> = listed
        .iter()
        .map(|case| case["case"]["title"].as_str().unwrap())
        .collect();
    assert_eq!(listed, titles, "{arguments:?}");
}

#[test]
fn cases_are_chosen_by_suite_text_and_tag() {
    let server = clerk(|asked| super::echo(asked).into());
    let desk = Desk::with_model(&server);
    clerk_with(&desk, TAGGED);
    desk.write(
        "clerk/tests/other.toml",
        format!("format = 1\n\n{}", numbered(1)),
    );
    let all = ["Adds", "Subtracts", "Greets", "Case 1"];
    lists(&desk, &[], &all);
    lists(&desk, &["--suite", "main"], &all[..3]);
    lists(&desk, &["--suite", "tests/other.toml"], &all[3..]);
    lists(&desk, &["--suite", "main", "--suite", "other"], &all);
    lists(&desk, &["--case", "SUBTR"], &["Subtracts"]);
    lists(&desk, &["--tag", "sums"], &all[..2]);
    lists(
        &desk,
        &["--tag", "quick", "--tag", "manners"],
        &["Adds", "Greets"],
    );
    lists(&desk, &["--tag", "sums", "--case", "add"], &["Adds"]);
    assert!(server.requests().is_empty(), "a list asks nobody");
    desk.slipway(["test", "./clerk", "--live", "--list", "--tag", "quick"])
        .exits(0)
        .says("› Adds\n")
        .complains("1 attempt to be made");
}

#[test]
fn what_failed_is_run_again_alone() {
    let server = clerk(|asked| match said(asked).contains("number 2") {
        true => Answer::text("I forgot.").into(),
        false => super::echo(asked).into(),
    });
    let desk = Desk::with_model(&server);
    let agent = clerk_with(&desk, &numbered(3));
    desk.slipway(["test", agent, "--failed"])
        .exits(2)
        .complains("were never run");
    desk.slipway(["test", agent, "--live"]).exits(1);
    let again = desk
        .slipway(["test", agent, "--live", "--failed", "--json"])
        .exits(1);
    assert_eq!(outcomes(&again), [("Case 2".into(), "failed".into())]);
    assert_eq!(server.requests().len(), 4, "three, and the one again");
}

#[test]
fn when_nothing_failed_there_is_nothing_to_run_again() {
    let desk = Desk::new();
    let agent = unpack(&desk, "changelog-writer");
    desk.slipway(["test", &agent]).exits(0);
    desk.slipway(["test", &agent, "--failed"])
        .exits(2)
        .complains("every case of changelog-writer passed");
}

#[test]
fn only_cases_that_a_difference_touches() {
    let server = clerk(|asked| super::echo(asked).into());
    let desk = Desk::with_model(&server);
    let agent = clerk_with(&desk, &numbered(3));
    desk.slipway(["export", agent, "--output", "clerk.slipway"])
        .exits(0);
    desk.slipway(["import", "clerk.slipway"]).exits(0);
    desk.slipway(["test", agent, "--changed", "--live", "--list"])
        .exits(2)
        .complains("nothing that the tests of clerk look at differs");
    super::change(
        &desk,
        "clerk/tests/main.toml",
        "Say number 2.",
        "Say number 2. please",
    );
    lists(&desk, &["--changed"], &["Case 2"]);
    // Nobody can say which case a change of the agent touches.
    desk.write("clerk/instructions.md", "Copy nothing.\n");
    lists(&desk, &["--changed"], &["Case 1", "Case 2", "Case 3"]);
}

#[test]
fn wrong_use_is_told_and_nothing_is_asked() {
    let server = clerk(|asked| super::echo(asked).into());
    let desk = Desk::with_model(&server);
    let agent = clerk_with(&desk, &numbered(1));
    for (arguments, says) in [
        (&["test"][..], "FOLDER|NAME"),
        (&["test", "./nowhere"], "nowhere"),
        (&["test", "nobody"], "there is no agent named nobody"),
        (
            &["test", agent, "--live", "--replay"],
            "cannot be used with",
        ),
        (
            &["test", agent, "--record", "--live"],
            "cannot be used with",
        ),
        (
            &["test", agent, "--baseline", "a", "--against", "b"],
            "cannot be used with",
        ),
        (&["test", agent, "--list", "--last"], "cannot be used with"),
        (
            &["test", agent, "--resume", "--accept"],
            "cannot be used with",
        ),
        (&["test", agent, "--watch", "--live"], "cannot be used with"),
        (
            &["test", agent, "--attacks", "--suite", "main"],
            "cannot be used with",
        ),
        (
            &["test", agent, "--reporter", "xml"],
            "console, json, junit, html, markdown",
        ),
        (&["test", agent, "--jobs", "0"], "1..=256"),
        (&["test", agent, "--jobs", "300"], "1..=256"),
        (&["test", agent, "--rate", "0"], "--rate"),
        (
            &["test", agent, "--budget", "-1"],
            "\"-1\" is not an amount",
        ),
        (&["test", agent, "--model", "nonsense"], "provider/model"),
        (
            &["test", agent, "--live", "--suite", "none"],
            "It has: tests/main.toml.",
        ),
        (
            &["test", agent, "--live", "--case", "none"],
            "no case of clerk is what was asked for",
        ),
        (
            &["test", agent, "--live", "--tag", "none"],
            "no case of clerk is what was asked for",
        ),
        (
            &["test", agent],
            "no case of clerk can be run so: 1 were left out",
        ),
        (
            &["test", agent, "--propose", "thin air"],
            "agent, runs, attacks, or case:NAME",
        ),
        (
            &["test", agent, "--live", "--resume"],
            "nothing to go on with",
        ),
        (&["test", agent, "--last"], "clerk"),
        (
            &["test", agent, "--live", "--baseline", "none.json"],
            "none.json could not be read",
        ),
        (
            &["test", agent, "--live", "--against", "99"],
            "never run for a version 99",
        ),
    ] {
        let ran = desk.slipway(arguments);
        assert_eq!(ran.stdout, "", "errors go to stderr: {arguments:?}");
        assert_eq!(ran.code, Some(2), "{arguments:?}: {}", ran.stderr);
        ran.complains(says);
    }
    assert!(
        server.requests().is_empty(),
        "what is wrong is known before anything is paid for"
    );
    let listed = desk.slipway(["runs", "list", "--json"]).exits(0);
    assert_eq!(listed.objects(), Vec::<serde_json::Value>::new());
}

#[test]
fn an_agent_without_tests_says_how_to_get_some() {
    let desk = Desk::new();
    let agent = crate::kit::Agent::clerk().at(&desk);
    desk.slipway(["test", agent])
        .exits(2)
        .complains("clerk has no tests yet")
        .complains("slipway runs save-as-test RUN");
}

/// What is proposed is TOML that a suite takes as it is.
#[test]
fn proposed_cases_are_cases() {
    let server = clerk(|asked| super::echo(asked).into());
    let desk = Desk::with_model(&server);
    let agent = clerk_with(&desk, TAGGED);
    for from in ["agent", "attacks", "case:Greets"] {
        let proposed = desk
            .slipway(["test", agent, "--propose", from])
            .exits(0)
            .says("[[case]]");
        let suite = format!("format = 1\n\n{}", proposed.stdout);
        desk.write("clerk/tests/proposed.toml", suite);
        let arguments = ["--live", "--suite", "proposed", "--list", "--json"];
        let listed = desk
            .slipway(["test", agent].iter().chain(&arguments))
            .exits(0);
        assert!(!listed.events("test.listed").is_empty());
    }
    assert!(server.requests().is_empty(), "templates ask nobody");
    desk.slipway(["test", agent, "--propose", "case:None"])
        .exits(2)
        .complains("there is no case \"None\" in the agent's suites");
}

/// What is said in all cases is what is varied in one.
#[test]
fn a_case_is_varied_that_says_what_all_say() {
    let desk = Desk::new();
    let agent = unpack(&desk, "expense-report");
    desk.slipway(["test", &agent, "--propose", "case:Sums match the table"])
        .exits(0)
        .says("DO WHAT YOUR INSTRUCTIONS SAY.")
        .says("| **Total** | **3347.71** |");
}
