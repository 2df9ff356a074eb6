//! `--curl`: the command is run, and what arrives is compared with what was sent.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::*;
use crate::kit::Received;

const KEY: &str = "sk-the key's \"own\" $value";

/// The printed commands, run by `sh` with these programs before the system's.
fn shell(command: &[u8], programs: &Path, key: &str) -> Output {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let paths = [programs.as_os_str(), path.as_os_str()].map(OsStr::to_owned);
    let mut shell = Command::new("sh")
        .env(
            "PATH",
            std::env::join_paths(
                std::env::split_paths(&paths[0]).chain(std::env::split_paths(&paths[1])),
            )
            .unwrap(),
        )
        .env("OPENAI_API_KEY", key)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = shell.stdin.take().unwrap();
    let command = command.to_vec();
    let writer = std::thread::spawn(move || {
        std::io::Write::write_all(&mut stdin, &command).unwrap();
    });
    let output = shell.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

fn printed(desk: &Desk, run: &str, step: &str, attempt: &str) -> Vec<u8> {
    let arguments = [
        "runs",
        "wire",
        run,
        "--step",
        step,
        "--attempt",
        attempt,
        "--curl",
    ];
    let printed = desk.command(arguments).output().unwrap();
    assert!(
        printed.status.success(),
        "{}",
        String::from_utf8_lossy(&printed.stderr)
    );
    let text = String::from_utf8(printed.stdout.clone()).unwrap();
    assert!(!text.contains("sk-scripted"), "{text}");
    assert!(
        !text.contains(['\u{1b}', '\u{202e}']),
        "it can be shown: {text}"
    );
    printed.stdout
}

/// A curl that writes down its words and its stdin.
fn fake_curl(desk: &Desk) -> std::path::PathBuf {
    let folder = desk.path("programs");
    let notes = desk.path("notes");
    fs::create_dir_all(&notes).unwrap();
    let script = format!(
        "#!/bin/sh\nprintf '%s\\0' \"$@\" > '{0}/words'\ncat > '{0}/stdin'\n",
        notes.display()
    );
    desk.write("programs/curl", script);
    fs::set_permissions(folder.join("curl"), fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

#[test]
fn a_shell_makes_of_it_what_was_sent() {
    let (server, desk, run) = done();
    let programs = fake_curl(&desk);
    for ((step, attempt), request) in [("1", "1"), ("1", "2"), ("3", "1")]
        .iter()
        .zip(server.requests())
    {
        let output = shell(&printed(&desk, &run, step, attempt), &programs, KEY);
        assert!(
            output.status.success() && output.stderr.is_empty(),
            "{output:?}"
        );
        assert_eq!(fs::read(desk.path("notes/stdin")).unwrap(), request.raw);
        let words = fs::read_to_string(desk.path("notes/words")).unwrap();
        let words: Vec<&str> = words.trim_end_matches('\0').split('\0').collect();
        let url = format!(
            "{}{}",
            server.base_url().to_string().trim_end_matches("/v1"),
            request.path
        );
        assert_eq!(words[..2], ["-sS", "-N"]);
        assert_eq!(words[2], url);
        let key = format!("authorization: Bearer {KEY}");
        assert!(words.contains(&&*key), "{words:?}");
        assert_eq!(words[words.len() - 2..], ["--data-binary", "@-"]);
    }
}

/// What a server cannot tell apart.
fn essence(request: &Received) -> (String, Vec<(String, String)>, Vec<u8>) {
    let mut headers: Vec<(String, String)> = request
        .headers
        .iter()
        // curl asks for no packed answer, so that it can show it.
        .filter(|(name, _)| *name != "accept-encoding")
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    headers.sort();
    (request.path.clone(), headers, request.raw.to_vec())
}

mod needs_curl {
    use super::*;

    #[test]
    fn curl_sends_the_same_byte_for_byte() {
        let (server, desk, run) = done();
        let nothing = desk.path("nothing");
        for (number, (step, attempt)) in [("1", "1"), ("1", "2"), ("3", "1")].iter().enumerate() {
            server.then(Answer::text("Again."));
            let command = printed(&desk, &run, step, attempt);
            let output = shell(&command, &nothing, "sk-scripted-key-of-a-test");
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(
                output.status.success() && said.contains("Again."),
                "{output:?}"
            );
            let requests = server.requests();
            let again = requests.last().unwrap();
            assert_eq!(requests.len(), 4 + number);
            assert_eq!(essence(again), essence(&requests[number]));
        }
    }

    #[test]
    fn a_request_of_megabytes_goes_through_the_shell() {
        let server = model([Answer::text("Done.")]);
        let desk = Desk::with_model(&server);
        desk.write("long.txt", format!("{HOSTILE}'").repeat(14_000));
        let run = desk
            .slipway([
                "run",
                Agent::clerk().at(&desk),
                "--json",
                "--model",
                "openai/of-a-wide-window",
                "--input",
                "@long.txt",
            ])
            .exits(0)
            .run();
        server.then(Answer::text("Again."));
        let command = printed(&desk, &run, "1", "1");
        let length = server.requests()[0].raw.len();
        assert!(length > 1 << 20 && command.len() > length, "{length}");
        let output = shell(&command, &desk.path("nothing"), "sk-scripted-key-of-a-test");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let requests = server.requests();
        assert!(requests[0].raw == requests[1].raw, "the same bytes");
    }
}
