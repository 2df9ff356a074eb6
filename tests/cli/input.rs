//! `--input`: in the argument, in a file, on stdin.

use std::process::Stdio;

use crate::kit::{Agent, Answer, Desk, Ran, Running, model};

fn with_stdin(desk: &Desk, bytes: &[u8]) -> Ran {
    let mut command = desk.command(["run", "./clerk", "--input", "-"]);
    command.stdin(Stdio::piped());
    Running::start(command).say(bytes).end()
}

#[test]
fn the_input_reaches_the_model() {
    let server = model((0..4).map(|_| Answer::text("Yes.")));
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    desk.write("task.md", "from the file\n");
    desk.slipway(["run", agent, "--input", "from the argument"])
        .exits(0);
    desk.slipway(["run", agent, "--input", "@task.md"]).exits(0);
    desk.slipway(["run", agent, "--input", "@@home is a text"])
        .exits(0);
    with_stdin(&desk, b"from stdin\n").exits(0);
    let said: Vec<String> = server
        .requests()
        .iter()
        .map(|request| request.body.to_string())
        .collect();
    for (request, text) in said.iter().zip([
        "from the argument",
        "from the file",
        "\"@home is a text",
        "from stdin",
    ]) {
        assert!(request.contains(text), "{text:?} is not in {request}");
    }
}

#[test]
fn what_cannot_be_an_input_is_refused_before_anything_starts() {
    let server = model([Answer::text("never asked")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    with_stdin(&desk, &vec![b'x'; (1 << 20) + 1])
        .exits(2)
        .complains("longer than 1 MiB");
    with_stdin(&desk, b"").exits(2).complains("is empty");
    with_stdin(&desk, b"caf\xe9")
        .exits(2)
        .complains("not UTF-8");
    desk.write("large.txt", vec![b'x'; (1 << 20) + 1]);
    desk.slipway(["run", agent, "--input", "@large.txt"])
        .exits(2)
        .complains("large.txt");
    desk.slipway(["run", agent, "--input", "@nowhere.txt"])
        .exits(2)
        .complains("nowhere.txt");
    desk.slipway(["run", agent, "--input", "@."])
        .exits(2)
        .complains("error:");
    desk.slipway(["run", agent, "--input", " "])
        .exits(2)
        .complains("is empty");
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn an_input_is_checked_against_the_package() {
    let server = model([Answer::text("Yes.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk()
        .and("[input]\ntype = \"object\"\nrequired = [\"month\"]\n")
        .at(&desk);
    desk.slipway(["run", agent, "--input", "October"])
        .exits(2)
        .complains("[input]");
    desk.slipway(["run", agent, "--input", "{\"month\": \"October\"}"])
        .exits(0);
}
