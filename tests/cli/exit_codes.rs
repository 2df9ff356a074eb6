//! What the process tells its caller. (Signals are in `signals`.)

use serde_json::json;

use crate::kit::{Agent, Answer, Desk, Reply, model};

#[test]
fn two_for_wrong_use_an_invalid_package_and_no_usable_model() {
    let desk = Desk::new();
    let agent = Agent::clerk().at(&desk);
    desk.write("broken/agent.toml", "format = 1\n");
    desk.write("broken/instructions.md", "x");
    for (arguments, says) in [
        (&["run"][..], "FOLDER|NAME"),
        (&["run", agent, "--budget", "much"], "amount"),
        (&["run", agent, "--budget", "-1"], "\"-1\" is not an amount"),
        (&["run", agent, "--approve", "maybe"], "allow"),
        (&["run", "./nowhere"], "nowhere"),
        (&["run", "nobody"], "nobody"),
        (&["run", "./broken"], "agent.toml"),
        (&["run", agent], "OPENAI_API_KEY"),
        (&["run", agent, "--model", "nonsense"], "provider/model"),
        (&["run", agent, "--model", "mars/rover"], "mars"),
        (&["run", agent, "--model", "recording/none"], "none"),
        (&["runs", "show", "0123456"], "0123456"),
    ] {
        let ran = desk.slipway(arguments).exits(2);
        assert_eq!(ran.stdout, "", "errors go to stderr: {arguments:?}");
        ran.complains(says);
    }
}

#[test]
fn one_for_a_run_that_fails() {
    let server =
        model((0..10).map(|_| Answer::tool("c1", "read_file", &json!({"path": "in/none.txt"}))));
    let desk = Desk::with_model(&server);
    let ran = desk
        .slipway(["run", Agent::clerk().at(&desk), "--json"])
        .exits(1);
    assert_eq!(ran.event("run.finished")["reason"], "repeated_failure");
}

#[test]
fn three_for_a_run_that_waits() {
    let server = model([Answer::tool(
        "c1",
        "write_file",
        &json!({"path": "out/b.txt", "content": "x"}),
    )]);
    let desk = Desk::with_model(&server);
    desk.slipway(["run", Agent::clerk().at(&desk)]).exits(3);
    assert!(
        !desk.path("clerk/out/b.txt").exists(),
        "nothing was written unasked"
    );
}

#[test]
fn four_for_a_run_over_its_budget() {
    let server = model([Answer::text("never asked")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    let ran = desk
        .slipway(["run", agent, "--budget", "0.0000001", "--json"])
        .exits(4);
    assert_eq!(ran.event("run.finished")["reason"], "over_budget");
    assert_eq!(
        server.requests().len(),
        0,
        "no call is made that does not fit"
    );
    server.then(Answer::text("never asked"));
    desk.slipway(["run", agent, "--budget", "0.0000001"])
        .exits(4)
        .says("slipway runs continue ")
        .says("--budget USD");
    let agent = Agent::clerk()
        .and("[limits]\nbudget_usd = \"0.0000001\"\n")
        .at(&desk);
    desk.slipway(["run", agent]).exits(4);
    desk.slipway(["run", agent, "--budget", "none"]).exits(0);
}

#[test]
fn malformed_answers_fail_with_a_reason_and_never_otherwise() {
    for (reply, reason) in [
        (
            Reply::from(Answer::text("x").finish("sudden")),
            "unknown_stop",
        ),
        (
            Reply::from(Answer::text("half a sen").finish("length")),
            "answer_too_long",
        ),
        (
            Reply::from(Answer::nothing().refusal("I will not")),
            "refused",
        ),
    ] {
        let server = model([reply]);
        let desk = Desk::with_model(&server);
        let ran = desk
            .slipway(["run", Agent::clerk().at(&desk), "--json"])
            .exits(1);
        assert_eq!(ran.event("run.finished")["reason"], reason);
    }
}
