//! Suites and recordings that are wrong: what it is, where, and what was probably meant.

use super::{change, clerk_with, echo, numbered, unpack};
use crate::kit::{Desk, clerk};

/// A suite that is told to be wrong in these words, and of which nothing is run.
#[track_caller]
fn is_told(suite: &str, words: &[&str]) {
    let server = clerk(|asked| echo(asked).into());
    let desk = Desk::with_model(&server);
    let agent = clerk_with(&desk, suite);
    let mut ran = desk
        .slipway(["test", agent, "--live"])
        .exits(2)
        .says("INVALID  tests/main.toml");
    for word in words {
        ran = ran.says(word);
    }
    assert!(server.requests().is_empty(), "nothing of it is run");
}

const CASE: &str = "[[case]]\nname = \"A\"\ninput = \"Go.\"\n\n[[case.expect]]\n";

#[test]
fn unknown_words_are_named_with_their_line_and_the_nearest_right_one() {
    is_told(
        &format!("{CASE}contians = \"x\"\n"),
        &["tests/main.toml:8:1: case[0].expect[0].contians: unknown key; did you mean `contains`?"],
    );
    is_told(
        &CASE.replace("input", "inputs"),
        &["tests/main.toml:5:1: case[0].inputs: unknown key; did you mean `input`?"],
    );
    is_told(
        &format!("{CASE}tool_called = \"read_fiel\"\n"),
        &[
            "tests/main.toml:8:15: ",
            "the agent has no tool \"read_fiel\"; did you mean \"read_file\"?",
        ],
    );
    is_told(
        &format!("{CASE}matches = \"(?<=a)b\"\n"),
        &["tests/main.toml:8:"],
    );
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    is_told(
        &format!("{CASE}contians = \"x\"\n\n[[case]]\nname = \"a\"\nimput = \"y\"\n"),
        &[
            "main.toml:8:1",
            "did you mean `contains`?",
            "did you mean `input`?",
        ],
    );
}

#[test]
fn what_is_no_toml_is_told_with_its_line() {
    is_told("[[case]\n", &["tests/main.toml:3:"]);
}

/// One suite that is wrong does not hide what another found.
#[test]
fn the_other_suites_are_run_all_the_same() {
    let server = clerk(|asked| echo(asked).into());
    let desk = Desk::with_model(&server);
    let agent = clerk_with(&desk, &numbered(2));
    desk.write("clerk/tests/broken.toml", "format = 1\n\n[[cases]]\n");
    desk.slipway(["test", agent, "--live"])
        .exits(2)
        .says("INVALID  tests/broken.toml")
        .says("2 passed of 2 cases");
}

#[test]
fn a_suite_for_another_agent_is_not_run() {
    is_told(
        &format!("agent = \"baker\"\n\n{CASE}contains = \"x\"\n"),
        &["main.toml:3:", "baker", "clerk"],
    );
}

#[test]
fn expressions_that_would_explode_are_refused_or_harmless() {
    is_told(
        &format!("{CASE}matches = \"((((a{{1,100}}){{1,100}}){{1,100}}){{1,100}})\"\n"),
        &["tests/main.toml:8:", "too large when it is compiled"],
    );
    // Elsewhere this one takes longer than the world is old.
    let server = clerk(|_| crate::kit::Answer::text("a".repeat(60_000)).into());
    let desk = Desk::with_model(&server);
    let agent = clerk_with(&desk, &format!("{CASE}matches = \"^(a|a?)+$b\"\n"));
    desk.slipway(["test", agent, "--live"])
        .exits(1)
        .says("nothing in it matches");
}

#[test]
fn a_table_of_a_hundred_megabytes_is_refused_and_not_read() {
    let server = clerk(|asked| echo(asked).into());
    let desk = Desk::with_model(&server);
    let table = CASE.replace("input", "table = \"tests/large.csv\"\ninput");
    let agent = clerk_with(&desk, &format!("{table}contains = \"x\"\n"));
    let row = format!("{}\n", "x".repeat(1 << 20));
    desk.write(
        "clerk/tests/large.csv",
        format!("word\n{}", row.repeat(100)),
    );
    let ran = desk.slipway(["test", agent, "--live"]).exits(2);
    let told = ran.stdout.clone() + &ran.stderr;
    assert!(told.contains("large.csv"), "{told}");
    assert!(told.contains("64 MiB are the most"), "{told}");
    assert!(server.requests().is_empty());
    let row = format!("{}\n", "x".repeat(1 << 10));
    desk.write(
        "clerk/tests/large.csv",
        format!("word\n{}", row.repeat(17 << 10)),
    );
    let ran = desk.slipway(["test", agent, "--live"]).exits(2);
    let told = ran.stdout + &ran.stderr;
    assert!(
        told.contains("large.csv") && told.contains("16 MiB"),
        "{told}"
    );
}

#[test]
fn a_recording_that_was_cut_or_edited_is_named_with_its_line() {
    let recording = "changelog-writer/recordings/example.jsonl";
    let desk = Desk::new();
    let agent = unpack(&desk, "changelog-writer");
    let whole = desk.read(recording);
    let lines = whole.lines().count();
    let cases: [(&str, String, &str); 6] = [
        (
            "cut in a line",
            whole[..whole.len() - 40].to_owned(),
            "line ",
        ),
        (
            "cut after its first line",
            whole.lines().take(1).collect(),
            "was it cut off?",
        ),
        ("empty", String::new(), "it is empty"),
        (
            "foreign",
            "{\"a\": 1}\n".to_owned(),
            "it does not begin with \"slipway_recording\"",
        ),
        (
            "of a later version",
            whole.replacen("\"slipway_recording\":1", "\"slipway_recording\":9", 1),
            "update Slipway",
        ),
        (
            "edited in its instructions",
            whole.replacen("the next section", "the last section", 1),
            "the file was edited by hand",
        ),
    ];
    for (what, text, says) in cases {
        desk.write(recording, text);
        let ran = desk.slipway(["test", &agent]);
        assert_eq!(ran.code, Some(1), "{what}: {}{}", ran.stdout, ran.stderr);
        assert!(
            ran.stdout
                .contains("recordings/example.jsonl cannot be read"),
            "{what}: {}",
            ran.stdout
        );
        assert!(ran.stdout.contains(says), "{what}: {}", ran.stdout);
    }
    // Cut between lines, and with another answer, it is one, and what the agent does differs.
    let fewer: Vec<&str> = whole.lines().take(lines - 1).collect();
    desk.write(recording, fewer.join("\n"));
    desk.slipway(["test", &agent])
        .exits(1)
        .says("and the run asks for one more");
    desk.write(
        recording,
        whole.replace("\\\"version\\\": \\\"2.0.0", "\\\"version\\\": \\\"1.5.0"),
    );
    desk.slipway(["test", &agent])
        .exits(1)
        .says("A breaking change raises the major number")
        .says("2.0.0");
    desk.write(recording, whole);
    desk.slipway(["test", &agent]).exits(0);
}

#[test]
fn a_recording_that_is_not_there_leaves_its_cases_out_and_says_so() {
    let desk = Desk::new();
    let agent = unpack(&desk, "changelog-writer");
    change(
        &desk,
        "changelog-writer/tests/section.toml",
        "[[case]]\nname = \"A breaking change",
        "[[case]]\nrecording = \"gone\"\nname = \"A breaking change",
    );
    let ran = desk.slipway(["test", &agent]);
    assert_ne!(ran.code, Some(0), "{}", ran.stdout);
    let told = ran.stdout + &ran.stderr;
    assert!(told.contains("gone"), "{told}");
}
