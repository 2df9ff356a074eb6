//! The keychain is locked while a run is driven: a real Secret Service, on a message bus of its own.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::time::Duration;

use serde_json::json;

use super::aftermath::{Aftermath, Met};
use crate::canary::{Search, every_file};
use crate::kit::{Agent, Answer, Desk, Ran, Running, ScriptedServer, Session, model};

const NAME: &str = "OPENAI_API_KEY";
const KEY: &str = "sk-locked-up-0123456789-of-a-test";
const OUTPUT: &str = "The price is 7.";

/// A desk in this session, whose key is in its keychain.
fn desk(session: &Session, server: &ScriptedServer) -> Desk {
    let desk = Desk::new()
        .variable("OPENAI_BASE_URL", server.base_url().to_string())
        .variable("SLIPWAY_KEYCHAIN", "auto");
    let variables = session.variables().into_iter();
    let desk = variables.fold(desk, |desk, (name, value)| desk.variable(name, value));
    keep(&desk, KEY).exits(0).says("is kept in the keychain");
    desk
}

fn keep(desk: &Desk, key: &str) -> Ran {
    let mut command = desk.command(["secrets", "set", NAME]);
    command.stdin(Stdio::piped());
    Running::start(command).say(key.as_bytes()).end()
}

/// The next who asks this server, which answers when the test does.
fn taken(gate: &TcpListener) -> TcpStream {
    gate.set_nonblocking(true).unwrap();
    for _ in 0..6_000 {
        match gate.accept() {
            Ok((asking, _)) => {
                asking.set_nonblocking(false).unwrap();
                return asking;
            }
            Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("nobody asked in a minute");
}

fn answer(mut asking: TcpStream) {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        asking.read_exact(&mut byte).unwrap();
        request.extend(byte);
    }
    let answer = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 1\r\n\
                  connection: close\r\n\r\n7";
    asking.write_all(answer.as_bytes()).unwrap();
}

/// The keys that the provider was sent.
fn keys(server: &ScriptedServer) -> Vec<String> {
    let requests = server.requests();
    let key = |received: &crate::kit::Received| {
        let header = received.headers.get("authorization");
        header.expect("a key").to_str().expect("a text").to_owned()
    };
    requests.iter().map(key).collect()
}

#[track_caller]
fn assert_nowhere(desk: &Desk, session: &Session) {
    let search = Search::new(vec![("the key", KEY.to_owned())]);
    let mut found = Vec::new();
    let mut files = 0;
    let mut look = |path: &std::path::Path, bytes: &[u8]| {
        files += 1;
        found.extend(search.within(&path.display().to_string(), bytes));
    };
    for folder in [&desk.home(), &desk.path(""), session.folder()] {
        every_file(folder, &mut look);
    }
    assert!(files > 5, "{files} files were looked at");
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_keychain_that_is_locked_in_mid_run_fails_the_run_and_loses_nothing() {
    let mut session = Session::new();
    let gate = TcpListener::bind("127.0.0.1:0").unwrap();
    let place = gate.local_addr().unwrap();
    let arguments = json!({"method": "GET", "url": format!("http://{place}/price")});
    let script = [
        Answer::tool("c1", "http_request", &arguments),
        Answer::text(OUTPUT),
    ];
    let server = model(script.clone());
    let desk = desk(&session, &server);
    let agent = Agent::clerk()
        .allowing("http_request")
        .permissions(&format!("network = [\"{place}\"]"))
        .at(&desk);
    let mut running = desk.start(["run", agent, "--json", "--approve", "allow"]);
    running.until("\"tool.requested\"");
    // The first answer is here, and the second cannot be asked for before this one is given.
    let asking = taken(&gate);
    session.lock();
    answer(asking);
    let ran = running.end().exits(1);

    assert_eq!(ran.events("model.responded").len(), 1);
    assert_eq!(ran.events("tool.returned")[0]["is_error"], false);
    let end = ran.event("run.finished");
    assert_eq!(
        (&end["status"], &end["reason"]),
        (&json!("failed"), &json!("model"))
    );
    let why = end["message"].as_str().unwrap();
    for part in [
        "OPENAI_API_KEY is kept in the keychain",
        "it is locked",
        "Unlock it and try again, or set OPENAI_API_KEY in the environment",
    ] {
        assert!(why.contains(part), "{part}: {why}");
    }
    assert_eq!(server.requests().len(), 1, "nothing is sent without a key");
    let run = ran.run();
    desk.slipway(["runs", "show", &run])
        .exits(0)
        .says("http_request")
        .says("it is locked");
    let aftermath = Aftermath {
        desk: &desk,
        script: &script,
        output: OUTPUT,
    };
    assert_eq!(aftermath.check(&ran, "a locked keychain"), Met::Ended);
    let retry = [
        "runs",
        "retry",
        &run,
        "--step",
        "3",
        "--json",
        "--approve",
        "allow",
    ];
    let refused = desk.slipway(retry).exits(2).complains("it is locked");
    assert!(
        !refused.stdout.contains("run.started"),
        "{}",
        refused.stdout
    );
    assert_nowhere(&desk, &session);

    session.unlock();
    let again = desk.slipway(retry).exits(0);
    assert_eq!(again.event("run.finished")["output"], OUTPUT);
    assert!(
        again.events("tool.requested").is_empty(),
        "what was done is not done again"
    );
    let bearer = format!("Bearer {KEY}");
    assert_eq!(keys(&server), [bearer.clone(), bearer]);
    assert_nowhere(&desk, &session);
}

#[test]
fn a_locked_keychain_starts_no_run_and_keeps_no_key_unsaid() {
    let mut session = Session::new();
    let server = model([Answer::text("Done.")]);
    let desk = desk(&session, &server);
    let agent = Agent::clerk().at(&desk);
    session.lock();
    desk.slipway(["run", agent])
        .exits(2)
        .complains("OPENAI_API_KEY is kept in the keychain")
        .complains("Unlock it");
    desk.slipway(["runs", "list"])
        .exits(0)
        .says("There are no such runs");
    // There is nobody to choose a passphrase for a file, so nothing is kept anywhere else.
    keep(&desk, "sk-another-key-0123456789")
        .exits(2)
        .complains("SLIPWAY_VAULT_PASSPHRASE");
    assert!(!desk.home().join("secrets/sealed.json").exists());
    assert!(server.requests().is_empty());

    session.unlock();
    desk.slipway(["run", agent]).exits(0).says("Done.");
    assert_eq!(keys(&server), [format!("Bearer {KEY}")], "the one before");
    assert_nowhere(&desk, &session);
}
