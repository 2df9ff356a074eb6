//! Reports: in every form, to a file, to a program, and compared.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use serde_json::Value;

use super::{change, clerk_with, numbered, outcomes, said, unpack};
#[cfg(unix)]
use crate::kit::Terminal;
use crate::kit::{Answer, Desk, clerk};

const REPORTERS: [(&str, &str, &str); 5] = [
    ("console", "6 passed of 6 cases", "\n"),
    ("json", "{\n  \"slipway_report\": 1,", "}\n"),
    (
        "junit",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
        "</testsuites>\n",
    ),
    ("markdown", "### `Changelog writer` passed", "\n"),
    ("html", "<!DOCTYPE html>", "</html>\n"),
];

#[test]
fn every_reporter_writes_to_stdout_and_into_a_file() {
    let desk = Desk::new();
    let agent = unpack(&desk, "changelog-writer");
    for (reporter, begins, ends) in REPORTERS {
        let ran = desk
            .slipway(["test", &agent, "--reporter", reporter])
            .exits(0);
        assert!(ran.stdout.starts_with(begins), "{reporter}: {}", ran.stdout);
        assert!(ran.stdout.ends_with(ends), "{reporter}: {}", ran.stdout);
        assert!(
            !ran.stdout.contains('\u{1b}'),
            "{reporter} steers no terminal"
        );
        assert_eq!(ran.stderr, "", "{reporter}");
        let last = desk
            .slipway([
                "test",
                &agent,
                "--last",
                "--reporter",
                reporter,
                "--output",
                "again",
            ])
            .exits(0);
        assert_eq!(last.stdout, "");
        assert!(desk.read("again").starts_with(begins), "{reporter}");
        let ran = desk
            .slipway(["test", &agent, "--reporter", reporter, "--output", "report"])
            .exits(0)
            .says("6 passed of 6 cases");
        assert!(!ran.stdout.contains('<'), "a summary alone: {}", ran.stdout);
        assert!(desk.read("report").starts_with(begins), "{reporter}");
    }
}

#[test]
fn an_unwritable_place_leaves_the_old_file_and_says_where_the_report_is() {
    let desk = Desk::new();
    let agent = unpack(&desk, "changelog-writer");
    desk.write("kept/report.xml", "old");
    desk.slipway(["test", &agent, "--output", "nowhere/report.xml"])
        .exits(1)
        .complains("the report could not be written to nowhere/report.xml")
        .complains("slipway test ./changelog-writer --last");
    // A folder stands where the report should.
    desk.slipway(["test", &agent, "--output", "kept"])
        .exits(1)
        .complains("the report could not be written to kept");
    assert_eq!(desk.read("kept/report.xml"), "old");
    let left = std::fs::read_dir(desk.path("kept")).unwrap().count();
    assert_eq!(left, 1, "nothing half written is left");
    desk.slipway(["test", &agent, "--last"])
        .exits(0)
        .says("6 passed of 6 cases");
}

#[test]
fn as_json_there_is_an_object_a_line_and_nothing_else() {
    let desk = Desk::new();
    let agent = unpack(&desk, "expense-report");
    change(
        &desk,
        "expense-report/instructions.md",
        "the receipts",
        "all receipts",
    );
    let ran = desk.slipway(["test", &agent, "--json"]).exits(1);
    let lines = ran.objects();
    assert_eq!(lines.len(), 12, "each case, and the end");
    assert!(lines[..11].iter().all(|line| line["type"] == "test.case"));
    let end = &lines[11];
    assert_eq!(end["type"], "test.finished");
    assert_eq!(
        (&end["passed"], &end["mode"], &end["agent"]),
        (
            &Value::from(false),
            &Value::from("replay"),
            &Value::from("expense-report")
        )
    );
    assert!(
        outcomes(&ran)
            .iter()
            .all(|(_, outcome)| outcome == "failed")
    );
}

#[test]
fn reports_are_compared_with_the_one_before_with_a_file_and_with_a_version() {
    let server = clerk(|asked| match said(asked).contains("number 2") {
        true => Answer::text("I forgot.").into(),
        false => super::echo(asked).into(),
    });
    let desk = Desk::with_model(&server);
    let agent = clerk_with(&desk, &numbered(2));
    let live = ["test", agent, "--live"];
    let with = |more: &[&'static str]| [&live[..], more].concat();
    desk.slipway(with(&["--reporter", "json", "--output", "before.json"]))
        .exits(1);
    let before: Value = serde_json::from_str(&desk.read("before.json")).unwrap();
    let version = before["version"].as_str().unwrap().to_owned();
    change(
        &desk,
        "clerk/tests/main.toml",
        "number 2.\"\n\n[[case.expect]]\ncontains = \"number 2.",
        "number 2.\"\n\n[[case.expect]]\ncontains = \"forgot",
    );
    desk.slipway(with(&["--case", "1"]))
        .exits(0)
        .says("Against ")
        .says("1 unchanged");
    let compared = desk
        .slipway(with(&["--baseline", "before.json", "--json"]))
        .exits(0);
    let against = &compared.event("test.finished")["against"];
    assert!(against.is_object(), "{against}");
    let digits = version[..8].to_ascii_uppercase();
    desk.slipway(live.into_iter().chain(["--against", &digits]))
        .exits(0)
        .says(&format!("Against {}", &version[..7]));
    let alone = desk.slipway(with(&["--no-compare"])).exits(0);
    assert!(!alone.stdout.contains("Against"), "{}", alone.stdout);
    desk.write("foreign.json", "{\"no\": \"report\"}");
    desk.slipway(with(&["--baseline", "foreign.json"]))
        .exits(2)
        .complains("foreign.json");
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_still_hears_from_the_exit_code() {
    let desk = Desk::new();
    let agent = unpack(&desk, "changelog-writer");
    for (code, says) in [
        (0, "6 passed of 6 cases"),
        (1, "0 passed, 6 failed of 6 cases"),
    ] {
        let mut child = desk
            .command(["test", &agent, "--json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{stderr}");
        assert!(!stderr.contains("panicked"), "{stderr}");
        // What was found is kept all the same.
        desk.slipway(["test", &agent, "--last"]).exits(0).says(says);
        desk.write("changelog-writer/instructions.md", "Write a poem.\n");
    }
}

#[test]
fn a_reader_of_a_long_report_that_stops_gets_what_it_read() {
    let desk = Desk::new();
    let agent = unpack(&desk, "expense-report");
    let mut child = desk
        .command(["test", &agent, "--reporter", "html"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut first = String::new();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    reader.read_line(&mut first).unwrap();
    assert!(first.starts_with("<!DOCTYPE html>"));
    drop(reader);
    child.wait().unwrap();
}

#[cfg(unix)]
#[test]
fn progress_is_for_terminals_alone_and_colours_can_be_turned_off() {
    let desk = Desk::new();
    let agent = unpack(&desk, "expense-report");
    let (code, screen) = Terminal::start(desk.command(["test", &agent]), 80).end();
    assert_eq!(code, Some(0));
    assert!(screen.contains("━"), "a bar: {screen:?}");
    assert!(screen.contains("11 passed of 11 cases"), "{screen:?}");
    let mut command = desk.command(["test", &agent]);
    command.env("NO_COLOR", "1");
    let (_, plain) = Terminal::start(command, 80).end();
    assert!(!plain.contains("\u{1b}[3"), "no colours: {plain:?}");
    let ran = desk.slipway(["test", &agent]).exits(0);
    assert!(!ran.stdout.contains('\u{1b}') && ran.stderr.is_empty());
}
