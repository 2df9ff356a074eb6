use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};
use slipway_contract::run::{EndReason, RunStatus};

use super::ports::Ports;
use super::*;
use crate::evidence::{AskedCall, Call, Evidence, Figures, State, WrittenFiles};
use crate::suite::{Suite, Tested};

/// A run that read a table, was refused a message and wrote a report.
pub(crate) fn evidence(answer: Value) -> Evidence {
    let call = |tool: &str, arguments: Value| Call {
        tool: tool.to_owned(),
        arguments,
        result: Some(json!("ok")),
        is_error: false,
    };
    let asked = |tool: &str, allowed| AskedCall {
        tool: tool.to_owned(),
        arguments: json!({}),
        allowed,
    };
    let report: Arc<[u8]> = b"# Report\nTotal: 42\n".as_slice().into();
    Evidence {
        run: None,
        input: vec!["Report".to_owned()],
        state: State::Ended {
            status: RunStatus::Succeeded,
            reason: EndReason::Answered,
            message: String::new(),
        },
        answer: Some(answer),
        calls: vec![
            call("read_table", json!({"path": "a.csv", "same": ["day"]})),
            call("read_table", json!({"path": "b.csv", "same": ["date"]})),
            call("save_table", json!({"path": "out/report.md"})),
        ],
        questions: vec![asked("save_table", Some(true)), asked("send", Some(false))],
        files: WrittenFiles::Known(BTreeMap::from([
            ("out/report.md".to_owned(), report),
            ("out/x.bin".to_owned(), b"\xff".as_slice().into()),
        ])),
        figures: Figures {
            cost_usd: Some("0.05".parse().unwrap()),
            cost_at_most_usd: None,
            budget_usd: Some("0.10".parse().unwrap()),
            latency_ms: 2_500,
            steps: 6,
            tokens: 100,
        },
    }
}

/// The expectations of a case, as a suite writes them.
pub(crate) fn expectations(text: &str) -> (Vec<Expectation>, Option<Threshold>) {
    let source = format!("format = 1\n[[case]]\nname = \"a\"\ninput = \"b\"\n{text}");
    let file = "tests/a.toml".parse().unwrap();
    let entries = [("tests/a.toml".parse().unwrap(), source.into_bytes())];
    let files = slipway_agent::package::Files::from_entries(entries).unwrap();
    let agent = "clerk".parse().unwrap();
    let tools = ["read_table", "save_table", "send"]
        .map(str::to_owned)
        .to_vec();
    let suite = Suite::parse(
        &file,
        &Tested {
            agent: &agent,
            tools,
            files: &files,
        },
    );
    let case = suite.unwrap().cases[0].clone();
    (case.expect.clone(), case.threshold)
}

async fn judged(text: &str, evidence: &Evidence) -> Judged {
    let (expectations, threshold) = expectations(text);
    judge(&expectations, threshold, evidence, &Ports::default()).await
}

async fn one(text: &str, evidence: &Evidence) -> Verdict {
    let judged = judged(&format!("[[case.expect]]\n{text}"), evidence).await;
    judged
        .checks
        .into_iter()
        .next_back()
        .unwrap()
        .judgement
        .verdict
}

#[tokio::test]
async fn every_assertion_passes_and_fails() {
    let evidence = evidence(json!({"total_eur": 42, "by": [{"name": "Meals"}]}));
    for (passing, failing) in [
        (
            "path = \"$.total_eur\"\nequals = 42",
            "path = \"$.total_eur\"\nequals = 43",
        ),
        (
            "path = \"$.by[*].name\"\nequals = [\"Meals\"]",
            "path = \"$.by[*].name\"\nequals = \"Meals\"",
        ),
        ("contains = \"Meals\"", "contains = [\"Meals\", \"Travel\"]"),
        (
            "contains_any = [\"Travel\", \"Meals\"]",
            "contains_any = [\"Travel\"]",
        ),
        ("matches = 'eur\":\\d+'", "matches = '^eur'"),
        (
            "schema = { required = [\"by\"] }",
            "schema = { required = [\"nothing\"] }",
        ),
        (
            "path = \"$.total_eur\"\nnumber = 41.5\ntolerance = 0.5",
            "path = \"$.total_eur\"\nnumber = 41.5",
        ),
        (
            "file = \"out/report.md\"\ncontains = \"Total: 42\"",
            "file = \"out/report.md\"\ncontains = \"41\"",
        ),
        (
            "file = \"out/report.md\"\nequals = \"# Report\\nTotal: 42\"",
            "file = \"out/report.md\"\nequals = \"# Report\"",
        ),
        (
            "file = \"out/report.md\"\nmax_words = 4",
            "file = \"out/report.md\"\nmin_words = 5",
        ),
        (
            "file = \"out/report.md\"\nsimilar_to = \"Report total 42\"\nat_least = 0.9",
            "file = \"out/report.md\"\nsimilar_to = \"Other\"\nat_least = 0.9",
        ),
        (
            "file_written = \"out/report.md\"",
            "file_written = \"out/other.md\"",
        ),
        ("tool_called = \"read_table\"", "tool_called = \"send\""),
        (
            "tool_called = \"read_table\"\ntimes = 2",
            "tool_called = \"read_table\"\ntimes = 1",
        ),
        (
            "tool_called = \"read_table\"\nwith = { path = \"b.csv\" }",
            "tool_called = \"read_table\"\nwith = { path = \"c.csv\" }",
        ),
        (
            "tool_called = \"read_table\"\nat_most = 2",
            "tool_called = \"read_table\"\nat_most = 1",
        ),
        (
            "tool_called = \"send\"\nat_most = 1",
            "tool_called = \"send\"\nat_least = 1",
        ),
        (
            "tool_not_called = \"http_request\"",
            "tool_not_called = \"save_table\"",
        ),
        (
            "tool_not_called = \"save_table\"\nwith = { path = \"x\" }",
            "tool_not_called = \"save_table\"\nwith = { path = \"out/report.md\" }",
        ),
        (
            "tool_not_called = \"*\"\nmentions = \"secret\"",
            "tool_not_called = \"*\"\nmentions = \"B.CSV\"",
        ),
        (
            "tool_called = \"read_table\"\nmentions = \"date\"\ntimes = 1",
            "tool_called = \"save_table\"\nmentions = \"date\"",
        ),
        (
            "tools_in_order = [\"read_table\", \"save_table\"]",
            "tools_in_order = [\"save_table\", \"read_table\"]",
        ),
        (
            "approval_asked = \"save_table\"",
            "approval_asked = \"read_table\"",
        ),
        (
            "approval_refused = \"send\"",
            "approval_refused = \"save_table\"",
        ),
        ("max_cost_usd = \"0.05\"", "max_cost_usd = \"0.04\""),
        ("max_latency = \"3s\"", "max_latency = \"2s\""),
        ("max_steps = 6", "max_steps = 5"),
        (
            "ended = \"answered\"",
            "ended = [\"timeout\", \"max_steps\"]",
        ),
        ("no_error = true", "no_error = true\nnot = true"),
        ("budget_kept = true", "budget_kept = true\nnot = true"),
    ] {
        assert_eq!(one(passing, &evidence).await, Verdict::Passed, "{passing}");
        let failed = one(failing, &evidence).await;
        assert!(
            matches!(failed, Verdict::Failed { .. }),
            "{failing}: {failed:?}"
        );
        if !failing.contains("not =") {
            let inverted = one(&format!("{failing}\nnot = true"), &evidence).await;
            assert_eq!(inverted, Verdict::Passed, "not: {failing}");
        }
    }
}

#[tokio::test]
async fn a_failure_says_what_was_expected_and_what_came() {
    let evidence = evidence(json!("# Report\nTotal: 42\n"));
    for (text, summary) in [
        (
            "tool_called = \"read_table\"\nwith = { same = [\"day\", \"time\"] }",
            "read_table was never called with such arguments, and it should be at least once; the last call differs: `same` has 1 elements instead of 2",
        ),
        (
            "tools_in_order = [\"save_table\", \"read_table\"]",
            "read_table was not called after save_table",
        ),
        (
            "file_written = \"out/other.md\"",
            "the run did not write out/other.md; it wrote out/report.md, out/x.bin",
        ),
        (
            "file = \"out/x.bin\"\ncontains = \"a\"",
            "out/x.bin is not UTF-8 text",
        ),
        ("path = \"$.a\"\nequals = 1", "the answer is no JSON"),
        (
            "max_latency = \"2s\"",
            "it took 2.5 s, and 2.0 s is the most",
        ),
        (
            "contains = \"Total\"\nnot = true",
            "the answer contains \"Total\", and it should not be so",
        ),
    ] {
        let Verdict::Failed { why } = one(text, &evidence).await else {
            panic!("{text}")
        };
        assert!(why.summary.contains(summary), "{}", why.summary);
    }
    let Verdict::Failed { why } = one("equals = \"# Report\\nTotal: 43\\n\"", &evidence).await
    else {
        panic!("42 is not 43")
    };
    let lines: Vec<_> = why.diff[0]
        .lines
        .iter()
        .map(|line| (line.change, line.text.as_str()))
        .collect();
    use slipway_contract::version::LineChange::{Added, Removed, Same};
    assert_eq!(
        lines,
        [
            (Same, "# Report"),
            (Removed, "Total: 43"),
            (Added, "Total: 42")
        ]
    );
}

#[tokio::test]
async fn what_nobody_can_judge_is_no_pass_either_way() {
    let mut evidence = evidence(json!("x"));
    evidence.files = WrittenFiles::Unknown;
    evidence.figures.cost_usd = None;
    for text in [
        "file_written = \"a\"",
        "file = \"a\"\ncontains = \"x\"",
        "max_cost_usd = \"1\"",
        "budget_kept = true",
        "rubric = \"It is polite.\"",
        "similar_to = \"x\"\nat_least = 0.5\nmetric = \"embeddings\"",
    ] {
        for not in ["", "\nnot = true"] {
            let text = format!("[[case.expect]]\n{text}{not}");
            assert_eq!(
                judged(&text, &evidence).await.outcome,
                Outcome::Unjudged,
                "{text}"
            );
        }
    }
    evidence.figures.cost_at_most_usd = Some("0.9".parse().unwrap());
    assert_eq!(
        one("max_cost_usd = \"1\"", &evidence).await,
        Verdict::Passed
    );
}

#[tokio::test]
async fn weights_and_a_threshold_decide_together() {
    let evidence = evidence(json!("a b"));
    let text = |threshold: &str| {
        format!(
            "{threshold}[[case.expect]]\ncontains = \"a\"\nweight = 3\n[[case.expect]]\ncontains = \"z\"\n\
             [[case.expect]]\nrubric = \"?\"\n"
        )
    };
    for (threshold, outcome) in [
        ("", Outcome::Failed),
        ("threshold = 0.6\n", Outcome::Passed),
        ("threshold = 0.61\n", Outcome::Unjudged),
        ("threshold = 0.8\n", Outcome::Unjudged),
        ("threshold = 0.81\n", Outcome::Failed),
    ] {
        let judged = judged(&text(threshold), &evidence).await;
        assert_eq!(judged.outcome, outcome, "{threshold}");
        assert!((judged.score - 0.6).abs() < 1e-9);
    }
}

#[tokio::test]
async fn a_run_that_went_wrong_passes_nothing_unless_that_is_expected() {
    let mut evidence = evidence(json!("x"));
    evidence.answer = None;
    evidence.state = State::Ended {
        status: RunStatus::Failed,
        reason: EndReason::Model,
        message: "no server".to_owned(),
    };
    let secret = "[[case.expect]]\ncontains = \"secret\"\nnot = true\n";
    assert_eq!(judged(secret, &evidence).await.outcome, Outcome::Failed);
    let low = format!("threshold = 0.01\n{secret}");
    assert_eq!(judged(&low, &evidence).await.outcome, Outcome::Failed);
    let expected = format!("{secret}[[case.expect]]\nno_error = true\nnot = true\n");
    assert_eq!(judged(&expected, &evidence).await.outcome, Outcome::Passed);
    evidence.state = State::Parked {
        why: "a tool's call waits for approval",
        for_approval: true,
    };
    assert_eq!(judged(secret, &evidence).await.outcome, Outcome::Failed);
    let asks = format!("{secret}[[case.expect]]\napproval_asked = \"send\"\n");
    assert_eq!(
        judged(&asks, &evidence).await.outcome,
        Outcome::Passed,
        "it waits as expected"
    );
    evidence.state = State::CutOff;
    assert_eq!(judged(secret, &evidence).await.outcome, Outcome::Unjudged);
}
