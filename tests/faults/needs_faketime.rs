//! The clock jumps while a run is driven.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;

use super::aftermath::{Aftermath, Met};
use crate::kit::{Agent, Answer, Desk, Ran, Reply, Running, model, until_asked};

const OUTPUT: &str = "All is copied.";

fn script() -> Vec<Answer> {
    vec![
        Answer::tool("c1", "read_file", &json!({"path": "in/a.txt"})),
        Answer::tool("c2", "read_file", &json!({"path": "in/b.txt"})),
        Answer::text(OUTPUT),
    ]
}

/// The library that the `faketime` package brings, for programs with threads.
fn library() -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib")
        .unwrap()
        .chain(std::fs::read_dir("/usr").unwrap());
    let mut places = folders.map(|entry| entry.unwrap().path().join("faketime/libfaketimeMT.so.1"));
    places
        .find(|place| place.exists())
        .expect("the library of the package faketime")
}

/// A run at whose first answer the clock goes this far, and at whose second it comes back.
fn jumping(seconds: i64) -> (Desk, Ran) {
    let slow = |answer| Reply::from(answer).after(Duration::from_millis(700));
    let server = model(script().into_iter().map(slow));
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    desk.write("clock", "+0");
    let mut command = desk.command(["run", agent, "--json"]);
    command
        .env("LD_PRELOAD", library())
        .env("FAKETIME_TIMESTAMP_FILE", desk.path("clock"))
        .env("FAKETIME_NO_CACHE", "1")
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    let running = Running::start(command);
    until_asked(&server, 1);
    desk.write("clock", format!("{seconds:+}"));
    until_asked(&server, 2);
    desk.write("clock", "+0");
    (desk, running.end())
}

#[test]
fn an_hour_forward_or_back_loses_nothing() {
    for seconds in [3600, -3600] {
        let (desk, ran) = jumping(seconds);
        let script = script();
        let aftermath = Aftermath {
            desk: &desk,
            script: &script,
            output: OUTPUT,
        };
        let met = aftermath.check(&ran, &format!("{seconds} s"));
        assert_eq!(
            met,
            Met::Ended,
            "{seconds} s: nobody else took the run over"
        );
        let finished = ran.event("run.finished");
        let minute = |event: &serde_json::Value| event["at"].as_str().unwrap()[..16].to_owned();
        let times: std::collections::BTreeSet<String> = ran.objects().iter().map(minute).collect();
        assert!(times.len() > 1, "the clock did jump: {times:?}");
        // A limit of working time that the jump exceeds is a reason too.
        if ran.code == Some(0) {
            assert_eq!(finished["output"], OUTPUT);
        } else {
            assert_eq!(finished["reason"], "timeout", "{finished}");
        }
    }
}
