//! `slipway test`: suites of agents in real processes, against models that count.

mod attacks;
mod choosing;
mod examples;
mod live;
#[cfg(target_os = "linux")]
mod needs_namespaces;
mod reports;
mod saved;
mod spending;
#[cfg(unix)]
mod stopped;
mod together;
mod turns;
#[cfg(unix)]
mod watched;
mod wrong;

use serde_json::Value;

use crate::kit::{Agent, Answer, Desk, Ran, Received};

/// The examples, and how many cases each has.
const EXAMPLES: [(&str, usize); 3] = [
    ("expense-report", 11),
    ("changelog-writer", 6),
    ("link-checker", 5),
];

/// Gives a desk an example as the command unpacks it.
#[track_caller]
fn unpack(desk: &Desk, name: &str) -> String {
    desk.slipway(["new", "--example", name]).exits(0);
    format!("./{name}")
}

/// Puts a text in the place of another in a file of a desk.
#[track_caller]
fn change(desk: &Desk, path: &str, from: &str, to: &str) {
    let before = desk.read(path);
    assert!(before.contains(from), "no {from:?} in {path}:\n{before}");
    desk.write(path, before.replace(from, to));
}

/// A clerk with this suite.
fn clerk_with(desk: &Desk, suite: &str) -> &'static str {
    let agent = Agent::clerk().at(desk);
    desk.write("clerk/tests/main.toml", format!("format = 1\n\n{suite}"));
    agent
}

/// Cases `1` to so many, each of which is told its number and must repeat it.
fn numbered(cases: usize) -> String {
    let case = |number| {
        format!(
            "[[case]]\nname = \"Case {number}\"\ninput = \"Say number {number}.\"\n\n[[case.expect]]\ncontains = \"number {number}.\"\n\n"
        )
    };
    (1..=cases).map(case).collect()
}

/// What was last said to a model.
fn said(received: &Received) -> String {
    let messages = received.body["messages"].as_array();
    let said = messages.and_then(|messages| {
        let mut back = messages.iter().rev();
        back.find(|message| message["role"] == "user")
    });
    said.map_or_else(String::new, |message| match &message["content"] {
        Value::String(text) => text.clone(),
        other => other[0]["text"].as_str().unwrap_or_default().to_owned(),
    })
}

/// An answer that repeats what was said.
fn echo(received: &Received) -> Answer {
    Answer::text(format!("I was told: {}", said(received)))
}

/// What became of each case, by its title.
#[track_caller]
fn outcomes(ran: &Ran) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let cases = ran.events("test.case");
    let of = |case: &Value| (text(&case["case"]["title"]), text(&case["outcome"]));
    cases.iter().map(of).collect()
}
