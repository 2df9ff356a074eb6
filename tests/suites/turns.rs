//! Cases of several turns: one conversation, recorded and played whole.

use serde_json::json;

use super::{clerk_with, said};
use crate::kit::{Answer, Desk, clerk, model};

const SUITE: &str = r#"
[[case]]
name = "Remembers"
input = ["My number is 7.", "What is my number?", "And twice that?"]

[[case.expect]]
contains = "14"
"#;

#[test]
fn turns_are_one_conversation_and_play_again() {
    let server = clerk(|asked| match said(asked).as_str() {
        "My number is 7." => Answer::text("Noted.").into(),
        "What is my number?" => Answer::text("It is 7.").into(),
        _ => Answer::text("Twice that is 14.").into(),
    });
    let desk = Desk::with_model(&server);
    let agent = clerk_with(&desk, SUITE);
    desk.slipway(["test", agent, "--record"])
        .exits(0)
        .says("1 passed of 1");
    let asked = server.requests();
    let turns: Vec<usize> = asked
        .iter()
        .map(|asked| {
            let messages = asked.body["messages"].as_array().unwrap();
            messages.iter().filter(|one| one["role"] == "user").count()
        })
        .collect();
    assert_eq!(turns, [1, 2, 3], "each turn holds those before it");
    drop(server);
    desk.slipway(["test", agent]).exits(0).says("1 passed of 1");
    super::change(
        &desk,
        "clerk/tests/main.toml",
        "And twice that?",
        "And half of that?",
    );
    desk.slipway(["test", agent])
        .exits(1)
        .says("-And twice that?")
        .says("+And half of that?");
}

#[test]
fn a_turn_that_fails_ends_the_conversation() {
    let server = model((0..12).map(|_| Answer::tool("c1", "read_file", &json!({"path": "in/no"}))));
    let desk = Desk::with_model(&server);
    let agent = clerk_with(&desk, SUITE);
    let ran = desk.slipway(["test", agent, "--live", "--json"]).exits(1);
    let attempt = ran.event("test.case")["case"]["attempts"][0].clone();
    assert_eq!(attempt["reason"], "repeated_failure", "{attempt}");
    let said: Vec<_> = server.requests().iter().map(said).collect();
    assert!(
        said.iter().all(|said| said == "My number is 7."),
        "{said:?}"
    );
}

/// Ten conversations of three turns, of which the first writes what the last reads.
#[cfg(unix)]
mod stopped {
    use std::time::Duration;

    use rustix::process::Signal;

    use super::super::said;
    use super::{clerk, clerk_with};
    use crate::kit::{Answer, Desk, Received, Reply, ScriptedServer, until_asked};
    use serde_json::json;

    const CASES: usize = 10;
    /// Of one case: two for each turn with a tool, one for the turn without.
    const CALLS: usize = 5;

    fn answer(asked: &Received) -> Reply {
        let last = asked.body["messages"].as_array().unwrap().last().unwrap();
        let (is_result, text) = (last["role"] == "tool", last.to_string());
        let write = json!({"path": "in/note.txt", "content": "seven"});
        let answer = match (said(asked).as_str(), is_result) {
            ("Write it down.", false) => Answer::tool("w", "write_file", &write),
            ("Write it down.", true) => Answer::text("It is written."),
            ("Wait a little.", _) => Answer::text("I waited."),
            (_, false) => Answer::tool("r", "read_file", &json!({"path": "in/note.txt"})),
            (_, true) if text.contains("seven") => Answer::text("You wrote seven."),
            (_, true) => Answer::text("There is nothing."),
        };
        Reply::from(answer).after(Duration::from_millis(15))
    }

    fn conversations() -> (ScriptedServer, Desk, &'static str) {
        let case = |number| {
            format!(
                "[[case]]\nname = \"Case {number}\"\ninput = [\"Write it down.\", \"Wait a little.\", \"What did I write?\"]\napprovals = {{ write_file = \"allow\" }}\n\n[[case.expect]]\ncontains = \"seven\"\n\n[[case.expect]]\ntool_called = \"write_file\"\ntimes = 1\n\n"
            )
        };
        let server = clerk(answer);
        let desk = Desk::with_model(&server);
        let suite: String = (1..=CASES).map(case).collect();
        clerk_with(&desk, &suite);
        super::super::change(&desk, "clerk/agent.toml", "write:./out", "write:./in");
        (server, desk, "./clerk")
    }

    #[test]
    fn killed_in_any_turn_they_go_on_where_they_were() {
        for place in [3, 12, 24, 41] {
            let (server, desk, agent) = conversations();
            let mut running = desk.start(["test", agent, "--live", "--jobs", "4"]);
            until_asked(&server, place);
            running.kill();
            running.end();
            desk.slipway(["test", agent, "--live", "--resume"])
                .exits(0)
                .says("10 passed of 10 cases");
            let repeated = server.requests().len() - CASES * CALLS;
            assert!(repeated <= 4, "at most what was under way: {repeated}");
        }
    }

    #[test]
    fn cancelled_in_any_turn_they_are_made_anew() {
        for place in [3, 12, 24, 41] {
            let (server, desk, agent) = conversations();
            let running = desk.start(["test", agent, "--live", "--jobs", "4"]);
            until_asked(&server, place);
            running.signal(Signal::INT);
            running.end().exits(130);
            desk.slipway(["test", agent, "--live", "--resume"])
                .exits(0)
                .says("10 passed of 10 cases");
            let repeated = server.requests().len() - CASES * CALLS;
            assert!(
                repeated <= 4 * CALLS,
                "at most the cases under way: {repeated}"
            );
        }
    }
}
