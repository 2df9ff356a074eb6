//! The examples' suites pass as they are, and fail with a diff where something was broken.

use super::{EXAMPLES, change, unpack};
use crate::kit::{Desk, Ran};

fn tested(desk: &Desk, agent: &str) -> Ran {
    desk.slipway(["test", agent])
}

/// Everything fails, and the report shows each of these lines.
#[track_caller]
fn fails_with(desk: &Desk, agent: &str, cases: usize, lines: &[&str]) {
    let mut ran = tested(desk, agent)
        .exits(1)
        .says(&format!("0 passed, {cases} failed of {cases} cases"))
        .complains("the agent asks otherwise than it was recorded");
    for line in lines {
        ran = ran.says(line);
    }
}

#[test]
fn every_example_passes_without_key_and_model() {
    for (name, cases) in EXAMPLES {
        let desk = Desk::new();
        let agent = unpack(&desk, name);
        let ran = tested(&desk, &agent)
            .exits(0)
            .says(&format!("{cases} passed of {cases} cases (100%"))
            .says(" for $0");
        assert_eq!(ran.stderr, "", "nothing but the report");
        for folder in ["out", "tests/out"] {
            assert!(
                !desk.path(name).join(folder).exists(),
                "{name}: a test writes into a folder of its own"
            );
        }
    }
}

#[test]
fn changed_instructions_show_which_lines() {
    for (name, cases, from, to) in [
        (
            "expense-report",
            11,
            "You never add up, convert or copy a",
            "You add up, convert and copy a",
        ),
        (
            "changelog-writer",
            6,
            "You write the next section of a changelog.",
            "You write the last section of a changelog.",
        ),
        (
            "link-checker",
            5,
            "404, 410 and other 4xx, 5xx, no connection: broken.",
            "404 and 410: broken.",
        ),
    ] {
        let desk = Desk::new();
        let agent = unpack(&desk, name);
        let path = format!("{name}/instructions.md");
        let text = desk.read(&path);
        let before = text.lines().find(|line| line.contains(from)).unwrap();
        let now = before.replace(from, to);
        change(&desk, &path, from, to);
        fails_with(
            &desk,
            &agent,
            cases,
            &[
                "the agent's instructions (instructions.md) have changed since",
                &format!("\n           -{before}\n"),
                &format!("\n           +{now}\n"),
                "the same as of ",
            ],
        );
    }
}

#[test]
fn a_changed_template_shows_which_line() {
    for (name, cases, path, from, to) in [
        (
            "expense-report",
            11,
            "files/report.md.j2",
            "## By category",
            "## By kind",
        ),
        (
            "link-checker",
            5,
            "files/report.md.j2",
            "# Links",
            "# Link report",
        ),
        (
            "changelog-writer",
            6,
            "files/headings.csv",
            "feat,Added",
            "feat,New",
        ),
    ] {
        let desk = Desk::new();
        let agent = unpack(&desk, name);
        let path = format!("{name}/{path}");
        let text = desk.read(&path);
        let before = text.lines().find(|line| line.contains(from)).unwrap();
        let now = before.replace(from, to);
        change(&desk, &path, from, to);
        let (minus, plus) = (format!("-{before}\n"), format!("+{now}\n"));
        let lines = ["read_file, returned something else", &minus, &plus];
        fails_with(&desk, &agent, cases, &lines);
    }
}

#[test]
fn a_changed_receipt_shows_which_figure() {
    let desk = Desk::new();
    let agent = unpack(&desk, "expense-report");
    let path = "expense-report/tests/files/receipts/2026-07.csv";
    change(&desk, path, "Travel,42.50", "Travel,142.50");
    let lines = [
        "tool call 1, read_table, returned something else",
        "\n           -      \"42.50\",\n           +      \"142.50\",\n",
    ];
    fails_with(&desk, &agent, 11, &lines);
}

#[test]
fn a_broken_tool_shows_what_it_gives_now() {
    let mock = "\n[[defaults.mock]]\ntool = \"render_template\"\nerror = \"the disk is full\"\n\n[[case]]\nname = \"Sums match the table\"";
    let desk = Desk::new();
    let agent = unpack(&desk, "expense-report");
    let path = "expense-report/tests/receipts.toml";
    change(
        &desk,
        path,
        "\n[[case]]\nname = \"Sums match the table\"",
        mock,
    );
    let lines = [
        "render_template, returned something else",
        "+error: the disk is full\n",
        "-  \"path\": \"out/report.md\",\n",
    ];
    fails_with(&desk, &agent, 11, &lines);
}

#[test]
fn a_tool_that_was_taken_away_fails_every_case() {
    let desk = Desk::new();
    let agent = unpack(&desk, "changelog-writer");
    let tool = "[[tools]]\nuse = \"render_template\"\napproval = \"allow\"\n";
    change(&desk, "changelog-writer/agent.toml", tool, "");
    // The suite speaks of a tool that the agent does not have any more.
    desk.slipway(["test", &agent])
        .exits(2)
        .says("INVALID  tests/section.toml")
        .says("the agent has no tool \"render_template\"");
}

#[test]
fn what_is_meant_is_accepted_and_passes() {
    let desk = Desk::new();
    let agent = unpack(&desk, "expense-report");
    let recording = "expense-report/recordings/example.jsonl";
    let recorded = desk.read(recording);
    // A column that no case looks at, and words of the instructions.
    change(
        &desk,
        "expense-report/tests/files/receipts/2026-07.csv",
        "42.50,EUR,T-20117,card",
        "42.50,EUR,T-20117,cash",
    );
    change(
        &desk,
        "expense-report/instructions.md",
        "You make an expense report",
        "You make the expense report",
    );
    tested(&desk, &agent).exits(1);
    assert_eq!(
        desk.read(recording),
        recorded,
        "a test that fails changes nothing"
    );
    let accepted = desk
        .slipway(["test", &agent, "--accept", "--failed"])
        .exits(0)
        .says("recordings/example.jsonl: The instructions are those of now.")
        .says("read_table")
        .says("10 other cases play it too");
    assert!(
        accepted.stdout.lines().count() < 30,
        "what is the same for all is told once:\n{}",
        accepted.stdout
    );
    tested(&desk, &agent)
        .exits(0)
        .says("11 passed of 11 cases")
        .says("0 broken, 11 fixed");
    let now = desk.read(recording);
    let answers = |text: &str| -> Vec<serde_json::Value> {
        let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
        let answers = lines.map(|line: serde_json::Value| line["answer"]["content"].clone());
        answers.collect()
    };
    assert_eq!(answers(&now), answers(&recorded), "the answers stay");
    assert!(
        !now.contains(desk.path("").to_str().unwrap()),
        "no path of this machine"
    );
}

#[test]
fn accepting_needs_to_be_told_for_which_cases() {
    let desk = Desk::new();
    let agent = unpack(&desk, "changelog-writer");
    desk.slipway(["test", &agent, "--accept"])
        .exits(2)
        .complains("say for which cases");
    desk.slipway([
        "test",
        &agent,
        "--accept",
        "--case",
        "breaking change",
        "--json",
    ])
    .exits(0)
    .says("\"type\":\"test.accepted\"")
    .says("\"changes\":[]");
}
