//! Models that are asked: what they answer is judged, recorded, and played again without them.

use std::time::Duration;

use serde_json::json;

use super::{clerk_with, echo, numbered, outcomes, said};
use crate::kit::{Answer, Desk, Reply, clerk, model};

/// The names of the agent's recordings, sorted.
fn recordings(desk: &Desk) -> Vec<String> {
    let Ok(folder) = std::fs::read_dir(desk.path("clerk/recordings")) else {
        return Vec::new();
    };
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name();
    let mut names: Vec<String> = folder
        .map(|entry| name(entry).into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn what_was_recorded_plays_when_the_model_is_gone() {
    let write = json!({"path": "out/copy.txt", "content": "the first line"});
    let server = clerk(move |asked| {
        let messages = asked.body["messages"].as_array().unwrap();
        let results = messages.iter().filter(|one| one["role"] == "tool").count();
        match results {
            0 => Answer::tool("c1", "read_file", &json!({"path": "in/a.txt"})).into(),
            1 => Answer::tool("c2", "write_file", &write).into(),
            _ => Answer::text("The first line is copied.").into(),
        }
    });
    let suite = r#"
[[defaults.files]]
path = "in/a.txt"
text = "the first line\nthe second line\n"

[[case]]
name = "Copies the first line"
input = "Copy it."
approvals = { write_file = "allow" }

[[case.expect]]
file = "out/copy.txt"
equals = "the first line"

[[case.expect]]
tools_in_order = ["read_file", "write_file"]
"#;
    let desk = Desk::with_model(&server);
    let agent = clerk_with(&desk, suite);
    desk.slipway(["test", agent, "--record"])
        .exits(0)
        .says("1 passed of 1 case ")
        .complains("recorded: recordings/copies-the-first-line-");
    assert_eq!(server.requests().len(), 3);
    let names = recordings(&desk);
    assert_eq!(names.len(), 1, "{names:?}");
    let recording = desk.read(format!("clerk/recordings/{}", names[0]));
    for foreign in [
        "sk-scripted-key-of-a-test",
        desk.path("").to_str().unwrap(),
        desk.home().to_str().unwrap(),
        &server.address().to_string(),
        "authorization",
    ] {
        assert!(!recording.contains(foreign), "{foreign} in {recording}");
    }
    drop(server);
    desk.slipway(["test", agent, "--replay"])
        .exits(0)
        .says("1 passed of 1 case ")
        .says(" for $0");
    // The tools really ran: over another file they return something else.
    super::change(
        &desk,
        "clerk/tests/main.toml",
        "the first line\\n",
        "a line\\n",
    );
    desk.slipway(["test", agent])
        .exits(1)
        .says("-  \"text\": \"the first line\n")
        .says("+  \"text\": \"a line\n");
}

#[test]
fn a_table_records_each_of_its_rows() {
    let server = clerk(|asked| echo(asked).into());
    let desk = Desk::with_model(&server);
    let suite = r#"
[[case]]
name = "Repeats"
input = "Say {{word}}."
table = "tests/words.csv"

[[case.expect]]
contains = "{{word}}"
"#;
    let agent = clerk_with(&desk, suite);
    let rows: String = (1..=20)
        .map(|row| format!("row {row},word-{row}\n"))
        .collect();
    desk.write("clerk/tests/words.csv", format!("name,word\n{rows}"));
    desk.slipway(["test", agent, "--record"])
        .exits(0)
        .says("20 passed of 20 cases");
    assert_eq!(recordings(&desk).len(), 20, "each row has its own");
    drop(server);
    let ran = desk.slipway(["test", agent, "--json"]).exits(0);
    assert!(
        outcomes(&ran)
            .iter()
            .any(|(title, _)| title.contains("row 7"))
    );
    assert_eq!(ran.event("test.finished")["totals"]["passed"], json!(20));
    // One cell is another: of its row alone the recording does not fit any more.
    super::change(&desk, "clerk/tests/words.csv", "word-7\n", "word-seven\n");
    let ran = desk.slipway(["test", agent, "--json"]);
    let failed = outcomes(&ran);
    let failed = failed.iter().filter(|(_, outcome)| outcome != "passed");
    assert!(failed.count() <= 1, "{}", ran.stdout);
}

#[test]
fn of_repeats_the_first_that_passed_is_recorded() {
    let server = model(["wrong", "right", "right"].map(Answer::text));
    let desk = Desk::with_model(&server);
    let suite = "[[case]]\nname = \"Luck\"\ninput = \"Try.\"\nrepeat = 3\nrequired = 2\n\n[[case.expect]]\ncontains = \"right\"\n";
    let agent = clerk_with(&desk, suite);
    let ran = desk
        .slipway(["test", agent, "--record", "--jobs", "1", "--json"])
        .exits(0);
    let case = &ran.event("test.case")["case"];
    let told: Vec<&str> = case["attempts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|attempt| attempt["outcome"].as_str().unwrap())
        .collect();
    assert_eq!(told, ["failed", "passed", "passed"]);
    let names = recordings(&desk);
    assert_eq!(names.len(), 1);
    let recording = desk.read(format!("clerk/recordings/{}", names[0]));
    assert!(
        recording.contains("right") && !recording.contains("wrong"),
        "{recording}"
    );
    desk.slipway(["test", agent]).exits(0).says("1 passed of 1");
}

#[test]
fn a_judge_that_answers_nonsense_gives_no_verdict() {
    let server = clerk(|asked| match said(asked).contains("Be polite.") {
        true if asked.body["model"] == "judge" => Answer::text("Rather nice, I think.").into(),
        true => Answer::text("Certainly!").into(),
        false => Answer::text("Rather nice, I think.").into(),
    });
    let desk = Desk::with_model(&server);
    let suite = "[[case]]\nname = \"Polite\"\ninput = \"Be polite.\"\n\n[[case.expect]]\nrubric = \"It is polite.\"\n";
    let agent = clerk_with(&desk, suite);
    let ran = desk
        .slipway(["test", agent, "--live", "--judge", "openai/judge", "--json"])
        .exits(1);
    assert_eq!(outcomes(&ran), [("Polite".into(), "unjudged".into())]);
    let check = ran.event("test.case")["case"]["attempts"][0]["checks"][0].clone();
    assert_eq!(check["verdict"], "unjudged");
    assert!(
        check["why"].as_str().unwrap().contains("nonsense"),
        "{check}"
    );
    desk.slipway(["test", agent, "--last"])
        .exits(0)
        .says("UNKNOWN")
        .says("openai/judge");
}

#[test]
fn a_judge_that_judges_is_believed_and_its_reasons_are_shown() {
    let verdict = json!({"reasoning": "It says certainly.", "score": 0.9});
    let server = clerk(move |asked| match asked.body["model"] == "judge" {
        true => Answer::text(verdict.to_string()).into(),
        false => Answer::text("Certainly!").into(),
    });
    let desk = Desk::with_model(&server);
    let suite = "[[case]]\nname = \"Polite\"\ninput = \"Be polite.\"\n\n[[case.expect]]\nrubric = \"It is polite.\"\n";
    let agent = clerk_with(&desk, suite);
    let ran = desk
        .slipway(["test", agent, "--live", "--judge", "openai/judge", "--json"])
        .exits(0);
    let check = ran.event("test.case")["case"]["attempts"][0]["checks"][0].clone();
    assert_eq!(check["basis"]["reasoning"], "It says certainly.");
    assert_eq!(check["basis"]["model"], "openai/judge");
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_case_that_never_ends_is_stopped_and_the_others_go_on() {
    let server = clerk(|asked| match said(asked).contains("number 2.") {
        true => Reply::from(Answer::text("too late")).after(Duration::from_secs(300)),
        false => echo(asked).into(),
    });
    let desk = Desk::with_model(&server);
    let agent = clerk_with(
        &desk,
        &format!("[defaults]\ntimeout = \"1s\"\n\n{}", numbered(3)),
    );
    let ran = desk.slipway(["test", agent, "--live", "--json"]).exits(1);
    let told = outcomes(&ran);
    assert_eq!(
        told.iter()
            .map(|(_, outcome)| outcome.as_str())
            .collect::<Vec<_>>(),
        ["passed", "failed", "passed"]
    );
    let case = &ran.events("test.case")[1]["case"];
    assert_eq!(case["attempts"][0]["reason"], "timeout");
    desk.slipway(["test", agent, "--last"])
        .exits(0)
        .says("Case 2")
        .says("timeout");
}

#[test]
fn a_model_that_is_down_fails_each_case_and_says_so() {
    let server = model([] as [Answer; 0]);
    let desk = Desk::with_model(&server);
    let agent = clerk_with(
        &desk,
        &format!("[defaults]\ntimeout = \"20s\"\n\n{}", numbered(2)),
    );
    drop(server);
    desk.slipway(["test", agent, "--live"])
        .exits(1)
        .says("0 passed")
        .says("could not be connected to");
}

#[test]
fn without_a_key_nothing_is_run_and_the_variable_is_named() {
    let desk = Desk::new();
    let agent = clerk_with(&desk, &numbered(2));
    let ran = desk.slipway(["test", agent, "--live"]);
    assert_ne!(ran.code, Some(0));
    assert!(
        (ran.stdout.clone() + &ran.stderr).contains("OPENAI_API_KEY"),
        "{}{}",
        ran.stdout,
        ran.stderr
    );
}

/// `--accept` and `--record` are the two ways to a recording that fits; both are told.
#[test]
fn recording_again_takes_the_new_behaviour() {
    let server = clerk(|asked| echo(asked).into());
    let desk = Desk::with_model(&server);
    let agent = clerk_with(&desk, &numbered(2));
    desk.slipway(["test", agent, "--record"]).exits(0);
    desk.write("clerk/instructions.md", "Say what you are told.\n");
    desk.slipway(["test", agent])
        .exits(1)
        .says("-Copy what you are told to copy.")
        .says("+Say what you are told.")
        .complains("--record");
    let asked = server.requests().len();
    desk.slipway(["test", agent, "--record", "--case", "Case 2"])
        .exits(0);
    assert_eq!(server.requests().len(), asked + 1);
    let ran = desk.slipway(["test", agent, "--json"]).exits(1);
    assert_eq!(
        outcomes(&ran),
        [
            ("Case 1".into(), "failed".into()),
            ("Case 2".into(), "passed".into())
        ]
    );
    desk.slipway(["test", agent, "--accept", "--failed"])
        .exits(0);
    desk.slipway(["test", agent]).exits(0);
    assert_eq!(recordings(&desk).len(), 2, "no recording is left behind");
}
