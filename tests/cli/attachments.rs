//! Images and documents that go with what a person says.

use std::fs;
use std::path::Path;

use serde_json::json;
use slipway_contract::message::Media;

use crate::kit::{Agent, Answer, Desk, ScriptedServer, model};

/// A picture of one dot, as PNG.
const DOT: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";
const DOT_IN_BASE64: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ";

const READING: [&str; 2] = ["--model", "anthropic/claude-opus-5-5"];

fn seeing() -> (ScriptedServer, Desk, &'static str) {
    let server = model([Answer::text("A dot.")]);
    // A server that is merely compatible with OpenAI takes no documents.
    let desk = Desk::with_model(&server)
        .variable("ANTHROPIC_BASE_URL", format!("http://{}", server.address()))
        .variable("ANTHROPIC_API_KEY", "sk-ant-scripted-key-of-a-test");
    desk.write("dot.png", DOT);
    let agent = Agent::clerk().at(&desk);
    (server, desk, agent)
}

/// A document of so many bytes that holds this mark.
fn pdf(bytes: usize, mark: &str) -> Vec<u8> {
    let mut document = format!("%PDF-1.7\n% {mark}\n").into_bytes();
    document.resize(bytes, b'x');
    document
}

/// How often each request holds this.
fn times(server: &ScriptedServer, text: &str) -> Vec<usize> {
    let requests = server.requests();
    let bodies = requests.iter().map(|request| request.body.to_string());
    bodies.map(|body| body.matches(text).count()).collect()
}

fn bytes_below(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let sizes = entries.map(|entry| match entry.metadata().unwrap() {
        about if about.is_dir() => bytes_below(&entry.path()),
        about => about.len(),
    });
    sizes.sum()
}

#[test]
fn the_model_sees_the_bytes_and_the_events_tell_of_the_file() {
    let (server, desk, agent) = seeing();
    let ran = desk
        .slipway(["run", agent, "--attach", "dot.png", "--json"])
        .exits(0);
    assert_eq!(times(&server, DOT_IN_BASE64), [1]);
    let image = &server.requests()[0].body["messages"][1]["content"];
    assert!(
        image.to_string().contains("data:image/png;base64,"),
        "{image}"
    );
    let told = json!([{"name": "dot.png", "media": Media::Png, "bytes": DOT.len()}]);
    assert_eq!(ran.event("run.started")["attachments"], told);
    desk.slipway(["runs", "show", &ran.run()])
        .exits(0)
        .says("> [dot.png: image/png, 1 KiB]");
}

#[test]
fn a_further_message_takes_files_too_and_the_first_ones_stay() {
    let (server, desk, agent) = seeing();
    desk.write("second.pdf", pdf(2_000, "the second one"));
    let first = ["run", agent, "--attach", "dot.png", "--json"];
    let run = desk.slipway(first.iter().chain(&READING)).exits(0).run();
    server.then(Answer::text("Both."));
    let further = ["--input", "And this?", "--attach", "second.pdf", "--json"];
    let ran = desk
        .slipway(["runs", "continue", &run].iter().chain(&further))
        .exits(0);
    assert_eq!(times(&server, DOT_IN_BASE64), [1, 1]);
    assert_eq!(times(&server, "application/pdf"), [0, 1]);
    let told = &ran.event("run.continued")["attachments"];
    assert_eq!(told[0]["name"], "second.pdf");
    server.then(Answer::text("Again."));
    desk.slipway(["runs", "retry", &ran.run(), "--step", "2"])
        .exits(0);
    assert_eq!(times(&server, "application/pdf"), [0, 1, 1]);
}

#[test]
fn a_large_document_lies_beside_the_database_and_is_never_printed() {
    let (server, desk, agent) = seeing();
    desk.write("large.pdf", pdf(5 << 20, "five MiB"));
    let attached = ["run", agent, "--attach", "large.pdf", "--json"];
    let ran = desk.slipway(attached.iter().chain(&READING)).exits(0);
    assert!(ran.stdout.len() < 20_000, "{} bytes", ran.stdout.len());
    assert_eq!(times(&server, "application/pdf"), [1]);
    let database = fs::metadata(desk.home().join("slipway.db")).unwrap().len();
    let all = bytes_below(&desk.home());
    assert!(database < 1 << 20, "{database} bytes in the database");
    assert!(all > 6 << 20, "the document is kept: {all} bytes");
    for arguments in [
        vec!["runs", "list"],
        vec!["runs", "list", "--json"],
        vec!["runs", "show", &ran.run()],
        vec!["runs", "show", &ran.run(), "--json"],
        vec!["runs", "export", &ran.run()],
    ] {
        let shown = desk.slipway(&arguments).exits(0);
        assert!(shown.stdout.len() < 20_000, "{arguments:?}");
        assert!(
            !shown.stdout.contains("JVBERi0"),
            "{arguments:?} prints the document"
        );
    }
}

#[test]
fn what_cannot_be_attached_starts_nothing_and_is_named() {
    let (server, desk, agent) = seeing();
    desk.write("words.pdf", "plain words");
    desk.write("empty.png", "");
    desk.write("huge.png", [DOT, &vec![0; 20 << 20]].concat());
    desk.write("half.png", [DOT, &vec![0; 17 << 20]].concat());
    for (files, says) in [
        (&["gone.png"][..], "gone.png could not be read"),
        (&["words.pdf"], "words.pdf cannot be attached"),
        (&["empty.png"], "empty.png is empty"),
        (&["huge.png"], "huge.png is larger than 20 MiB"),
        (&["half.png", "half.png"], "more than 32 MiB in all"),
        (&["dot.png"; 21], "at most 20"),
        (&["clerk"], "it is no file"),
    ] {
        let flags = files.iter().flat_map(|file| ["--attach", file]);
        desk.slipway(["run", agent].into_iter().chain(flags))
            .exits(2)
            .complains(says);
    }
    assert!(server.requests().is_empty());
    desk.slipway(["runs", "list"]).exits(0).says("no such runs");
}

#[test]
fn a_model_that_cannot_see_is_not_asked_in_vain() {
    let (server, desk, agent) = seeing();
    let place = server.base_url().to_string();
    let desk = desk
        .variable("GROQ_BASE_URL", place)
        .variable("GROQ_API_KEY", "a-scripted-key");
    let blind = "groq/openai/gpt-oss-120b";
    desk.slipway(["run", agent, "--attach", "dot.png", "--model", blind])
        .exits(2)
        .complains("groq/openai/gpt-oss-120b does not take images, and dot.png is one");
    desk.slipway(["runs", "list"]).exits(0).says("no such runs");
    let ran = desk
        .slipway([
            "run",
            agent,
            "--attach",
            "dot.png",
            "--fallback",
            blind,
            "--json",
        ])
        .exits(0)
        .complains("groq/openai/gpt-oss-120b cannot stand in");
    assert!(ran.event("run.started").get("fallback").is_none());
}

#[test]
fn what_a_provider_does_not_take_is_refused_by_name_before_it_is_sent() {
    let (server, desk, agent) = seeing();
    let desk = desk
        .variable("GOOGLE_BASE_URL", format!("http://{}", server.address()))
        .variable("GEMINI_API_KEY", "AIza-scripted-key-of-a-test");
    desk.write("moving.gif", b"GIF89a\x01\0\x01\0\0\0\0");
    desk.write("paper.pdf", pdf(2_000, "a paper"));
    for (model_name, file, says) in [
        (
            "google/gemini-3.5-flash",
            "moving.gif",
            "GIF images, and moving.gif is one",
        ),
        // At another address it is any server that is compatible.
        (
            "openai/gpt-5-mini",
            "paper.pdf",
            "PDF documents, and paper.pdf is one",
        ),
    ] {
        desk.slipway(["run", agent, "--attach", file, "--model", model_name])
            .exits(2)
            .complains(&format!("{model_name} does not take {says}"))
            .complains("nothing was started");
    }
    desk.slipway(["runs", "list"]).exits(0).says("no such runs");
    assert!(server.requests().is_empty());
    // One that takes them is asked.
    for (model_name, file) in [
        ("google/gemini-3.5-flash", "paper.pdf"),
        ("openai/gpt-5-mini", "moving.gif"),
    ] {
        server.then(Answer::text("Seen."));
        desk.slipway(["run", agent, "--attach", file, "--model", model_name])
            .exits(0);
    }
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_recording_is_played_over_the_same_files_only() {
    let (_server, desk, agent) = seeing();
    desk.write("other/dot.png", [DOT, b"another"].concat());
    desk.slipway(["run", agent, "--attach", "dot.png", "--record", "dots"])
        .exits(0);
    let recording = desk.read("clerk/recordings/dots.jsonl");
    assert!(!recording.contains(DOT_IN_BASE64), "{recording}");
    let played = ["run", agent, "--model", "recording/dots"];
    desk.slipway(played.iter().chain(&["--attach", "dot.png"]))
        .exits(0)
        .says("A dot.");
    desk.slipway(played.iter().chain(&["--attach", "other/dot.png"]))
        .exits(1)
        .says("the attached file dot.png is another one now");
    desk.slipway(played)
        .exits(1)
        .says("dot.png was attached and is not now");
}

#[test]
fn an_export_of_everything_keeps_the_files() {
    let (server, desk, agent) = seeing();
    desk.write("large.pdf", pdf(1 << 20, "to be kept"));
    let files = ["--attach", "large.pdf", "--attach", "dot.png", "--json"];
    let run = ["run", agent].into_iter().chain(files).chain(READING);
    let run = desk.slipway(run).exits(0).run();
    desk.slipway(["export", "--all", "backup.tar.gz"]).exits(0);
    let home = desk.home();
    fs::rename(&home, home.with_extension("gone")).unwrap();
    desk.slipway(["import", "--all", "backup.tar.gz"]).exits(0);
    server.then(Answer::text("Still there."));
    desk.slipway(["runs", "continue", &run, "--input", "And now?"])
        .exits(0)
        .says("Still there.");
    assert_eq!(times(&server, DOT_IN_BASE64), [1, 1]);
    let documents: Vec<serde_json::Value> = server
        .requests()
        .iter()
        .flat_map(|request| request.body["messages"][0]["content"].as_array().cloned())
        .flatten()
        .map(|part| part["source"]["data"].clone())
        .filter(|data| data.as_str().is_some_and(|data| data.len() > 1 << 20))
        .collect();
    assert_eq!(documents.len(), 2);
    assert!(documents[0] == documents[1], "the document is as it was");
}
