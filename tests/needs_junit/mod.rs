//! Reports as JUnit XML, as two readers read them that know nothing of each other.

use serde_json::{Value, json};
use slipway_evals::report::{Report, junit};

use crate::kit::{python, reports};

/// What both read in a report; it must be the same.
fn read(report: &Report) -> Value {
    let xml = junit::render(report).unwrap();
    let questions: Vec<Value> = ["junitparser", "xunitparser"]
        .iter()
        .map(|reader| json!({"reader": reader, "xml": xml}))
        .collect();
    let [one, other] = python::told("junit", "junit/read.py", &questions)
        .try_into()
        .unwrap();
    assert_eq!(one["cases"], other["cases"]);
    assert_eq!(one["properties"], other["properties"]);
    one
}

#[test]
fn outcomes_and_reasons_arrive() {
    let told = read(&reports::mixed());
    assert_eq!(
        told["totals"],
        json!({"tests": 5, "failures": 2, "errors": 2, "skipped": 0})
    );
    assert_eq!(told["properties"]["agent"], "expense-report");
    assert_eq!(told["properties"]["mode"], "replay");
    let outcomes: Vec<(&str, &str)> = told["cases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|case| {
            (
                case["name"].as_str().unwrap(),
                case["outcome"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        outcomes,
        [
            ("Sums match the table", "passed"),
            ("Flags dates that cannot be", "failure"),
            ("Is polite to whoever asks", "error"),
            ("Says where its figures are from", "error"),
            ("Keeps its answer short (temperature = 0.2)", "failure"),
        ]
    );
    let failed = &told["cases"][1];
    assert_eq!(failed["class"], "receipts");
    assert_eq!(failed["type"], "failed");
    assert_eq!(failed["seconds"], 1.5);
    let message = failed["message"].as_str().unwrap();
    assert!(
        message.contains("out/report.md") && message.contains("another text"),
        "{message}"
    );
    let text = failed["text"].as_str().unwrap();
    assert!(
        text.contains("- | Total | 4,218.60 |") && text.contains("+ | Total | 4,128.60 |"),
        "{text}"
    );
    assert_eq!(told["cases"][3]["message"], "no model is set up");
}

#[test]
fn texts_that_would_break_xml_arrive_as_what_they_are() {
    let title = "a\u{1b}[2J\u{0}\u{85}\u{202e}\u{ffff} ]]> <![CDATA[ </testcase> é 😀 👨‍👩‍👧 &amp; &#0; \"'\ttab\nline\r end";
    let told = read(&reports::with_texts(title));
    let shown = "a\\u{1b}[2J\\u{0}\\u{85}\\u{202e}\\u{ffff} ]]> <![CDATA[ </testcase> é 😀 ";
    let case = &told["cases"][0];
    let name = case["name"].as_str().unwrap();
    assert!(name.starts_with(shown), "{name}");
    assert!(
        name.ends_with("&amp; &#0; \"' tab ⏎ line\\u{d} end"),
        "{name}"
    );
    for part in ["message", "text"] {
        let told = case[part].as_str().unwrap();
        assert!(told.contains(shown), "{part}: {told}");
        assert!(
            !told.contains(['\u{1b}', '\u{0}', '\u{202e}', '\u{85}']),
            "{part}: {told:?}"
        );
    }
}

#[test]
fn thousands_of_cases_and_none_are_read() {
    let large = read(&reports::large(5_000));
    let cases = large["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 5_000);
    assert_eq!(large["totals"]["failures"], 500);
    assert_eq!(cases[4_999]["name"], "Converts [row 5000]");
    assert_eq!(read(&reports::large(0))["cases"], json!([]));
}

#[test]
fn a_suite_that_is_not_valid_is_an_error() {
    let told = read(&reports::invalid());
    assert_eq!(
        told["totals"],
        json!({"tests": 1, "failures": 0, "errors": 1, "skipped": 0})
    );
    let text = told["cases"][0]["text"].as_str().unwrap();
    assert!(
        text.contains("tests/receipts.toml:12") && text.contains("did you mean `contains`?"),
        "{text}"
    );
}
