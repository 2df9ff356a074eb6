//! Reports of tests of agents, as they come out of runs.

use serde_json::{Value, json};
use slipway_evals::report::Report;

fn report(cases: &[Value], findings: &[Value]) -> Report {
    let report = json!({
        "slipway_report": 1,
        "agent": "expense-report",
        "title": "Expense report",
        "version": "7c".repeat(32),
        "mode": "replay",
        "started_at": "2026-11-22T10:00:00Z",
        "took_ms": 1_240,
        "suites": [{
            "file": "tests/receipts.toml", "title": "Receipts", "findings": findings, "cases": cases,
        }],
    });
    Report::read(report.to_string().as_bytes()).unwrap()
}

fn case(number: usize, title: &str, attempts: &[Value]) -> Value {
    json!({
        "id": format!("{number:016x}"), "title": title, "tags": ["sums"],
        "required": attempts.len(), "attempts": attempts,
    })
}

fn attempt(number: usize, outcome: &str, checks: &[Value], answer: &str) -> Value {
    json!({
        "number": number, "outcome": outcome, "score": if outcome == "passed" { 1.0 } else { 0.5 },
        "checks": checks, "answer": answer, "cost_usd": "0.0123", "judging_usd": "0.002",
        "latency_ms": 1_500, "steps": 4,
    })
}

fn passed(what: &str) -> Value {
    json!({"what": what, "weight": 1, "verdict": "passed"})
}

fn differs(what: &str) -> Value {
    let line = |change: &str, text: &str| json!({"change": change, "text": text});
    let lines = [
        line("same", "# October"),
        line("same", ""),
        line("removed", "| Total | 4,218.60 |"),
        line("added", "| Total | 4,128.60 |"),
    ];
    json!({
        "what": what, "weight": 1, "verdict": "failed",
        "summary": "it is another text than expected",
        "expected": "# October\n\n| Total | 4,218.60 |\n",
        "got": "# October\n\n| Total | 4,128.60 |\n",
        "diff": [{"before_line": 1, "after_line": 1, "lines": lines}],
    })
}

/// One of everything that there is.
pub(crate) fn mixed() -> Report {
    let lacks = json!({"what": "the answer contains \"Total\"", "weight": 1,
        "verdict": "failed", "summary": "it does not contain \"Total\"",
        "got": "I could not read the table rates.csv, since there is no such file. Shall I go on without it?",
    });
    let unjudged = json!({"what": "the answer meets the rubric \"It is polite.\"", "weight": 1,
        "verdict": "unjudged", "why": "the judge openai/judge answered nonsense: it gives no reason",
            "basis": {"by": "rubric", "model": "openai/judge", "score": null, "reasoning": "OK", "cost_usd": "0.002"}});
    let judged = json!({"what": "the answer meets the rubric \"It names its sources.\"", "weight": 1,
        "verdict": "passed",
            "basis": {"by": "rubric", "model": "openai/judge", "score": 0.9, "reasoning": "It names both tables, and the day on which they were read.", "cost_usd": "0.002"}});
    let alike = json!({"what": "the answer is like \"The sum is 42.\"", "weight": 1, "verdict": "passed",
        "basis": {"by": "similarity", "metric": "words", "score": 0.86}});
    let not_run = json!({"number": 1, "outcome": "unjudged", "error": "no model is set up", "score": 0.0,
        "cost_usd": null, "judging_usd": "0", "latency_ms": 0, "steps": 0});
    let mut short = case(
        5,
        "Keeps its answer short (temperature = 0.2)",
        &[
            attempt(
                1,
                "passed",
                &[passed("the answer has at most 40 words")],
                "Done.",
            ),
            attempt(
                2,
                "failed",
                std::slice::from_ref(&lacks),
                "I could not read the table rates.csv.",
            ),
            attempt(
                3,
                "passed",
                &[passed("the answer has at most 40 words")],
                "Done.",
            ),
        ],
    );
    short["point"] = json!({"temperature": 0.2});
    report(
        &[
            case(
                1,
                "Sums match the table",
                &[attempt(
                    1,
                    "passed",
                    &[passed("calls save_table"), judged, alike],
                    "The sum is 42.",
                )],
            ),
            case(
                2,
                "Flags dates that cannot be",
                &[attempt(
                    1,
                    "failed",
                    &[
                        passed("ends without an error"),
                        differs("out/report.md is the report of October"),
                        lacks,
                    ],
                    "Done.",
                )],
            ),
            case(
                3,
                "Is polite to whoever asks",
                &[attempt(1, "unjudged", &[unjudged], "Certainly!")],
            ),
            case(4, "Says where its figures are from", &[not_run]),
            short,
        ],
        &[],
    )
}

/// The same cases, before: other ones passed.
pub(crate) fn before() -> Report {
    let mut before = mixed();
    before.suites[0].cases[0].attempts[0].outcome = slipway_evals::assertion::Outcome::Failed;
    before.suites[0].cases[1].attempts[0].outcome = slipway_evals::assertion::Outcome::Passed;
    before.suites[0].cases.remove(3);
    before
}

/// A report that says this everywhere.
pub(crate) fn with_texts(text: &str) -> Report {
    let check = json!({"what": text, "weight": 1,
        "verdict": "failed", "summary": text, "expected": text, "got": text,
        "details": format!("{text}\n{text}"),
    });
    let mut report = report(
        &[case(1, text, &[attempt(1, "failed", &[check], text)])],
        &[],
    );
    report.title = text.to_owned();
    report.suites[0].title = text.to_owned();
    report.suites[0].cases[0].tags = vec![text.to_owned()];
    report
}

/// So many cases, of which each tenth failed.
pub(crate) fn large(cases: usize) -> Report {
    let cases: Vec<Value> = (1..=cases)
        .map(|number| {
            let (outcome, check) = match number % 10 {
                0 => ("failed", differs("the answer is 42")),
                _ => ("passed", passed("the answer is 42")),
            };
            case(
                number,
                &format!("Converts [row {number}]"),
                &[attempt(1, outcome, &[check], "42")],
            )
        })
        .collect();
    report(&cases, &[])
}

/// A suite that could not be run.
pub(crate) fn invalid() -> Report {
    let finding = json!({
        "file": "tests/receipts.toml", "line": 12, "column": 1, "key": "case[1].expect[0].contians",
        "message": "unknown key; did you mean `contains`?",
    });
    report(&[], &[finding])
}
