use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};
use slipway_agent::package::Files;
use slipway_contract::run::{EndReason, RunStatus};

use super::super::*;
use super::parsed;
use crate::assertion::ports::Ports;
use crate::assertion::{Outcome, judge};
use crate::evidence::{Evidence, State, WrittenFiles};
use crate::suite::Tested;

fn with_agent<T>(tools: &[&str], look: impl FnOnce(&Tested<'_>) -> T) -> T {
    let files = Files::from_entries([]).unwrap();
    let agent = "clerk".parse().unwrap();
    look(&Tested {
        agent: &agent,
        tools: tools.iter().map(|tool| (*tool).to_owned()).collect(),
        files: &files,
    })
}

fn run(said: &str, answer: Value) -> Evidence {
    let mut run = crate::assertion::evidence_of(answer);
    run.input = vec![said.to_owned()];
    run
}

fn failed(said: &str) -> Evidence {
    let mut run = run(said, Value::Null);
    run.answer = None;
    run.state = State::Ended {
        status: RunStatus::Failed,
        reason: EndReason::Tool,
        message: "it broke".to_owned(),
    };
    run
}

fn from(runs: &[&Evidence], tools: &[&str]) -> Proposed {
    let runs: Vec<PastRun<'_>> = runs
        .iter()
        .map(|evidence| PastRun {
            evidence,
            attachments: &[],
        })
        .collect();
    with_agent(tools, |tested| from_runs(&runs, tested))
}

fn whole(proposed: &Proposed) -> String {
    assert_eq!(proposed.dropped, []);
    append("", &proposed.proposals).unwrap()
}

#[tokio::test]
async fn a_case_from_a_run_passes_with_that_run_and_failures_come_first() {
    let tools = ["read_table", "save_table"];
    let good = [
        run(
            "Make the report of {{month}}",
            "All done: 4,218.60 EUR and 42 rows, as of 2026-10-31.\nBest".into(),
        ),
        run("How much?", "42".into()),
        run(
            "A form",
            json!({"total": 42, "paid": true, "share": 0.5, "who": "Ada", "rows": [1], "a b": 1}),
        ),
        run(
            "Tell me",
            format!("It was a {} day.", "very ".repeat(40)).into(),
        ),
    ];
    let bad = failed("Make the report of {{month}} now");
    let again = run("How much?", "43".into());
    let mut runs: Vec<&Evidence> = good.iter().collect();
    runs.extend([&again, &bad]);
    let proposed = from(&runs, &tools);
    assert_eq!(proposed.proposals.len(), 5, "the same input makes one case");
    assert!(
        proposed.proposals[0].why.contains("failed (tool)"),
        "{proposed:?}"
    );
    let tools = tools.map(str::to_owned);
    let suite = parsed(&whole(&proposed), &tools);
    assert_eq!(
        suite.cases[0].name.as_str(),
        "Make the report of {{month}} now"
    );
    assert_eq!(suite.cases[0].turns, ["Make the report of { {month}} now"]);
    assert_eq!(
        suite.cases[0].expect[0].to_string(),
        "ends without an error"
    );
    for (case, run) in suite.cases[1..].iter().zip(&good) {
        let judged = judge(&case.expect, case.threshold, run, &Ports::default()).await;
        assert_eq!(judged.outcome, Outcome::Passed, "{}: {judged:?}", case.name);
        let wrong = Evidence {
            answer: Some("No.".into()),
            calls: Vec::new(),
            ..run.clone()
        };
        let judged = judge(&case.expect, case.threshold, &wrong, &Ports::default()).await;
        assert_eq!(judged.outcome, Outcome::Failed, "{}", case.name);
    }
    let told: Vec<String> = suite.cases[1]
        .expect
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(
        told[0].contains("4,218.60") && told[0].contains("2026"),
        "{told:?}"
    );
    assert!(
        told.iter()
            .any(|told| told.contains("read_table, save_table") || told.contains("read_table")),
        "{told:?}"
    );
    assert!(
        told.iter().any(|told| told.contains("out/report.md")),
        "{told:?}"
    );
    assert_eq!(
        suite.cases[1].approvals.0.len(),
        2,
        "what a person answered is answered again"
    );
}

#[test]
fn tools_that_are_gone_and_odd_runs_make_no_invalid_case() {
    let long = run(&"word ".repeat(5_000), "x".into());
    let hostile = run(
        "\u{202e}\0\n\n \"]] [[case]]\nname = 'x'",
        "\u{202e}\"\"\"\n'''{{x}}".into(),
    );
    let mut files = run("Files", "ok".into());
    let odd =
        ["a b/{{c}}.txt", "é.md", "../out"].map(|path| (path.to_owned(), b"x".as_slice().into()));
    files.files = WrittenFiles::Known(BTreeMap::from(odd));
    let mut silent = run("x", "y".into());
    silent.input = Vec::new();
    let proposed = from(&[&long, &hostile, &files, &silent], &[]);
    let names: Vec<&str> = proposed
        .proposals
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert!(
        names[0].ends_with(" …") && names[0].chars().count() <= 62,
        "{names:?}"
    );
    let dropped: Vec<&str> = proposed
        .dropped
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(dropped, ["\"]] [[case]]", "Files"]);
    assert!(proposed.dropped[0].why.contains("people cannot see"));
    assert!(proposed.dropped[1].why.contains("../out"));
    let text = append("", &proposed.proposals).unwrap();
    parsed(&text, &[]);
    assert!(!text.contains("tool_called"), "{text}");
}

#[test]
fn attachments_are_named_where_a_person_must_put_them() {
    let evidence = run("What is this?", "A cat".into());
    let names = ["cat.png".to_owned(), "a\nb.pdf".to_owned()];
    let past = PastRun {
        evidence: &evidence,
        attachments: &names,
    };
    let proposed = with_agent(&["read_table", "save_table"], |tested| {
        from_runs(&[past], tested)
    });
    let text = whole(&proposed);
    assert!(
        text.contains(
            "# attachments = [\"tests/cat.png\", \"tests/a b.pdf\"]\ninput = \"What is this?\""
        ),
        "{text}"
    );
}

fn described<'a>(input: Option<&'a Value>) -> Described<'a> {
    Described {
        instructions: "# Clerk\n\nYou keep the books of a small firm, and never guess.\n",
        task: "Make the report of October.",
        input,
    }
}

#[test]
fn an_agent_gets_cases_for_each_tool_and_for_what_people_send() {
    let tools = ["read_table", "mcp:files/read \"text\""];
    let proposed = with_agent(&tools, |tested| from_agent(&described(None), tested));
    let tools = tools.map(str::to_owned);
    let suite = parsed(&whole(&proposed), &tools);
    for tool in &tools {
        let of = suite.cases.iter().filter(|case| {
            let told = case.expect.iter().map(ToString::to_string);
            told.into_iter()
                .any(|told| told.contains(&format!("calls {tool}")))
        });
        assert_eq!(
            of.count(),
            2,
            "{tool}: one that uses it, one in which it fails"
        );
    }
    let tags: Vec<&str> = suite
        .cases
        .iter()
        .map(|case| case.tags[1].as_str())
        .collect();
    for tag in [
        "empty-input",
        "off-task",
        "long-input",
        "language",
        "missing-data",
        "instructions",
    ] {
        assert!(tags.contains(&tag), "{tag}: {tags:?}");
    }
    let long = suite
        .expand()
        .into_iter()
        .find(|case| case.case().tags[1] == "long-input")
        .unwrap();
    assert!(long.filled().turns[0].len() > 30_000);
    let bare = with_agent(&[], |tested| {
        from_agent(
            &Described {
                instructions: "",
                task: "",
                input: None,
            },
            tested,
        )
    });
    parsed(&whole(&bare), &[]);
}

#[test]
fn an_input_with_a_form_gets_a_case_without_each_of_its_properties() {
    let schema = json!({"type": "object", "required": ["month", "rows"], "properties": {
        "month": {"enum": ["October"]},
        "rows": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["total"],
            "properties": {"total": {"type": "number", "minimum": 3}}}},
        "note": {"type": "string"},
    }});
    let proposed = with_agent(&[], |tested| from_agent(&described(Some(&schema)), tested));
    let suite = parsed(&whole(&proposed), &[]);
    let said: Vec<(&str, &str)> = suite
        .cases
        .iter()
        .map(|case| (case.name.as_str(), case.turns[0].as_str()))
        .collect();
    assert_eq!(
        said,
        [
            (
                "Takes the least that its input must have",
                r#"{"month":"October","rows":[{"total":3}]}"#
            ),
            ("Wants month", r#"{"rows":[{"total":3}]}"#),
            ("Wants rows", r#"{"month":"October"}"#),
            ("Takes no plain text", "Please do it as always."),
        ]
    );
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (name, json) in &said[..3] {
        let value: Value = serde_json::from_str(json).unwrap();
        assert_eq!(
            validator.is_valid(&value),
            !name.starts_with("Wants"),
            "{name}"
        );
    }
    let endless = json!({"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#"}}});
    with_agent(&[], |tested| {
        assert!(
            !from_agent(&described(Some(&endless)), tested)
                .proposals
                .is_empty()
        );
    });
}

#[test]
fn proposals_go_to_the_end_of_a_suite_that_keeps_what_it_says() {
    let suite = "# Ours\nformat = 1   # for good\n\n[[case]] # the first\nname = \"How MUCH?\"\ninput = 'a' # why\n\n  [[case.expect]]\n  contains = \"x\"\n# the end";
    let proposed = from(
        &[
            &run("How much?", "42".into()),
            &run("How much? ", "42".into()),
        ],
        &[],
    );
    let text = append(suite, &proposed.proposals).unwrap();
    assert!(text.starts_with(suite), "{text}");
    let read = parsed(&text, &[]);
    let names: Vec<&str> = read.cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names, ["How MUCH?", "How much? (2)", "How much? (2) (2)"]);
    let windows = append(&suite.replace('\n', "\r\n"), &proposed.proposals).unwrap();
    assert_eq!(windows.replace("\r\n", "\n"), text);
    assert!(!windows.replace("\r\n", "").contains('\n'));
    parsed(&windows, &[]);
    assert_eq!(append(suite, &[]).unwrap(), suite);
    assert!(matches!(
        append("format =", &proposed.proposals),
        Err(AppendError::Suite(_))
    ));
    let inline = "format = 1\ncase = [{ name = \"a\", input = \"b\" }]\n";
    assert_eq!(append(inline, &proposed.proposals), Err(AppendError::Form));
    for wrong in [
        "",
        "x = 1",
        "[[case]]\n[[case]]\n",
        "[defaults]\n[[case]]\nname = \"a\"\n",
        "=",
    ] {
        let wrong = Proposal {
            name: "w".to_owned(),
            why: String::new(),
            toml: wrong.to_owned(),
        };
        let refused = append(suite, &[wrong]);
        assert_eq!(refused, Err(AppendError::Proposal("w".to_owned())));
    }
}

proptest! {
    #[test]
    fn any_run_makes_a_valid_case_or_says_why_not(said in "\\PC{0,80}|[\\s\\S]{0,80}", answer in "[\\s\\S]{0,200}") {
        let proposed = from(&[&run(&said, answer.into())], &["read_table"]);
        prop_assert_eq!(proposed.proposals.len() + proposed.dropped.len(), 1);
        if let [proposal] = proposed.proposals.as_slice() {
            parsed(&append("", std::slice::from_ref(proposal)).unwrap(), &["read_table".to_owned()]);
        }
    }
}
