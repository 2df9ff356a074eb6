//! Text from models, tools and packages is shown, never obeyed.

use serde_json::json;

use crate::kit::{Agent, Answer, Desk, model};

const HOSTILE: &str = "\u{1b}[2J\u{1b}]0;owned\u{7}safe\u{9b}31m\u{202e}\u{8}";

fn assert_shown(text: &str) {
    for c in ['\u{1b}', '\u{7}', '\u{9b}', '\u{202e}', '\u{8}'] {
        assert!(
            !text.contains(c),
            "{:x} reaches the terminal: {text:?}",
            u32::from(c)
        );
    }
}

#[test]
fn hostile_text_of_a_model_is_visible_and_harmless() {
    let call = Answer::tool("c1", "read_file", &json!({"path": format!("in/{HOSTILE}")}));
    let server = model([call, Answer::text(format!("Look: {HOSTILE}"))]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    let ran = desk.slipway(["run", agent, "--json"]).exits(0);
    assert_shown(&ran.stdout);
    assert_eq!(
        ran.event("run.finished")["output"],
        format!("Look: {HOSTILE}"),
        "JSON loses nothing"
    );
    let run = ran.run();
    let told = desk
        .slipway(["runs", "show", &run])
        .exits(0)
        .says("\\u{1b}[2J")
        .says("safe");
    assert_shown(&told.stdout);
    assert_shown(&desk.slipway(["runs", "export", &run]).exits(0).stdout);
    assert_shown(
        &desk
            .slipway(["runs", "show", &run, "--json"])
            .exits(0)
            .stdout,
    );
}

#[test]
fn hostile_text_that_streams_is_harmless_too() {
    let server = model([Answer::text(format!("Look: {HOSTILE} and\r\nthis\rthat"))]);
    let desk = Desk::with_model(&server);
    let ran = desk
        .slipway(["run", Agent::clerk().at(&desk)])
        .exits(0)
        .says("this\\rthat");
    assert_shown(&ran.stdout);
}

#[test]
fn hostile_arguments_are_shown_exactly_before_a_person_decides() {
    let call = Answer::tool(
        "c1",
        "write_file",
        &json!({"path": "out/a.txt", "content": format!("one\n{HOSTILE}\n")}),
    );
    let server = model([call]);
    let desk = Desk::with_model(&server);
    let ran = desk.slipway(["run", Agent::clerk().at(&desk)]).exits(3);
    assert_shown(&ran.stdout);
    ran.says("\\u{1b}[2J\\u{1b}]0;owned\\u{7}safe\\u{9b}31m\\u{202e}\\u{8}");
}

#[test]
fn hostile_names_in_a_package_are_harmless() {
    let desk = Desk::new();
    desk.write("bad/agent.toml", "format = 1\n[agent]\nname = \"bad\"\ntitle = \"\\u001b[2Jtitle\"\n[model]\nuse = \"openai/x\"\n\"\\u001b[31mkey\" = 1\n");
    desk.write("bad/instructions.md", "x");
    assert_shown(&desk.slipway(["validate", "bad"]).exits(2).stderr);
    let ran = desk.slipway(["run", "./\u{1b}[2J"]).exits(2);
    assert_shown(&ran.stderr);
}
