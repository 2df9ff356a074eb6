//! A person at a terminal.

use std::time::Duration;

use serde_json::json;

use crate::kit::{Agent, Answer, Desk, Reply, Terminal, model};

fn write(path: &str) -> Answer {
    Answer::tool(
        "c1",
        "write_file",
        &json!({"path": path, "content": "kept\n"}),
    )
}

#[test]
fn a_person_who_says_yes_is_asked_once_for_each_call() {
    let server = model([write("out/b.txt"), Answer::text("Written.")]);
    let desk = Desk::with_model(&server);
    let mut terminal = Terminal::start(desk.command(["run", Agent::clerk().at(&desk)]), 100);
    let shown = terminal.until("[L]ater").to_owned();
    assert!(
        shown.contains("out/b.txt") && shown.contains("exactly these arguments"),
        "{shown}"
    );
    assert!(
        !desk.path("clerk/out/b.txt").exists(),
        "nothing is written before the answer"
    );
    terminal.types("y\n");
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(0), "{shown}");
    assert!(
        shown.contains("allowed by you") && shown.contains("Written."),
        "{shown}"
    );
    assert!(shown.contains("slipway runs continue"), "{shown}");
    assert_eq!(desk.read("clerk/out/b.txt"), "kept\n");
}

#[test]
fn return_alone_leaves_the_question_open() {
    let server = model([write("out/b.txt")]);
    let desk = Desk::with_model(&server);
    let mut terminal = Terminal::start(desk.command(["run", Agent::clerk().at(&desk)]), 100);
    terminal.until("[L]ater");
    terminal.types("\n");
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(3), "{shown}");
    assert!(!shown.contains("refused"), "{shown}");
    assert_eq!(
        shown.matches("exactly these arguments").count(),
        1,
        "the question is printed once: {shown}"
    );
    assert!(
        shown.contains("The agent wants to call write_file: step ")
            && shown.contains("slipway runs deny"),
        "{shown}"
    );
    assert!(!desk.path("clerk/out/b.txt").exists());
}

#[test]
fn what_was_typed_before_the_question_is_no_answer() {
    let slow = Reply::from(write("out/b.txt")).after(Duration::from_millis(500));
    let server = model([slow, Answer::text("Then not.").into()]);
    let desk = Desk::with_model(&server);
    let mut terminal = Terminal::start(desk.command(["run", Agent::clerk().at(&desk)]), 100);
    terminal.until("is thinking");
    terminal.types("y\ny\n");
    terminal.until("[L]ater");
    terminal.types("n\n");
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(0), "{shown}");
    assert!(
        !desk.path("clerk/out/b.txt").exists(),
        "a hasty y allowed it: {shown}"
    );
}

#[test]
fn later_and_the_end_of_input_park_the_run() {
    for typed in ["l\n", "\u{4}"] {
        let server = model([write("out/b.txt")]);
        let desk = Desk::with_model(&server);
        let mut terminal = Terminal::start(desk.command(["run", Agent::clerk().at(&desk)]), 100);
        terminal.until("[L]ater");
        terminal.types(typed);
        let (code, shown) = terminal.end();
        assert_eq!(code, Some(3), "{shown}");
        assert!(shown.contains("slipway runs approve"), "{shown}");
    }
}

#[test]
fn details_show_every_line_and_ask_again() {
    let lines: String = (1..=40).map(|line| format!("line {line}\n")).collect();
    let long = Answer::tool(
        "c1",
        "write_file",
        &json!({"path": "out/b.txt", "content": lines}),
    );
    let server = model([long, Answer::text("Written.")]);
    let desk = Desk::with_model(&server);
    let mut terminal = Terminal::start(desk.command(["run", Agent::clerk().at(&desk)]), 100);
    let shown = terminal.until("[L]ater");
    assert!(shown.contains("… 28 more lines that d shows"), "{shown}");
    assert!(!shown.contains("line 40"), "{shown}");
    terminal.types("d\n");
    terminal.until("line 40");
    terminal.types("yes\n");
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(0), "{shown}");
    assert_eq!(desk.read("clerk/out/b.txt"), lines);
}

#[test]
fn with_json_the_question_stands_beside_the_objects() {
    let server = model([write("out/b.txt"), Answer::text("Written.")]);
    let desk = Desk::with_model(&server);
    let mut terminal = Terminal::start(
        desk.command(["run", Agent::clerk().at(&desk), "--json"]),
        100,
    );
    terminal.until("[L]ater");
    terminal.types("y\n");
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.contains("\"run.finished\""), "{shown}");
}

#[test]
fn several_questions_are_asked_one_after_another() {
    let both = write("out/b.txt").and_tool(
        "c2",
        "write_file",
        &json!({"path": "out/c.txt", "content": "two"}),
    );
    let server = model([both, Answer::text("Written.")]);
    let desk = Desk::with_model(&server);
    let mut terminal = Terminal::start(desk.command(["run", Agent::clerk().at(&desk)]), 100);
    terminal.until("[L]ater");
    terminal.types("y\n");
    terminal.until("out/c.txt");
    std::thread::sleep(Duration::from_millis(300));
    terminal.types("n\n");
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(0), "{shown}");
    assert_eq!(desk.read("clerk/out/b.txt"), "kept\n");
    assert!(!desk.path("clerk/out/c.txt").exists());
}

#[test]
fn ctrl_c_at_a_question_cancels_the_run() {
    let server = model([write("out/b.txt")]);
    let desk = Desk::with_model(&server);
    let mut terminal = Terminal::start(desk.command(["run", Agent::clerk().at(&desk)]), 100);
    terminal.until("[L]ater");
    terminal.signal(rustix::process::Signal::INT);
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(130), "{shown}");
    assert!(shown.contains("cancelled"), "{shown}");
}

#[test]
fn lines_about_tools_fit_the_terminal() {
    let long = format!("in/{}.txt", "long-name-".repeat(20));
    let server = model([
        Answer::tool("c1", "read_file", &json!({"path": long})),
        Answer::text("Done."),
    ]);
    let desk = Desk::with_model(&server);
    let (code, shown) = Terminal::start(desk.command(["run", Agent::clerk().at(&desk)]), 60).end();
    assert_eq!(code, Some(0), "{shown}");
    let line = shown
        .lines()
        .rev()
        .find(|line| line.contains("✗"))
        .expect("the failed call");
    let after = line.rsplit("\u{1b}[2K").next().unwrap_or(line);
    let plain: String = strip(after);
    assert!(
        plain.chars().count() <= 60,
        "{} columns: {plain:?}",
        plain.chars().count()
    );
}

/// The text without escape sequences.
fn strip(text: &str) -> String {
    let mut out = String::new();
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        if c == '\u{1b}' {
            characters.by_ref().find(char::is_ascii_alphabetic);
        } else if !c.is_control() {
            out.push(c);
        }
    }
    out
}
