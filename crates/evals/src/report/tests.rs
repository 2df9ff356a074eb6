use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::json;
use slipway_contract::error::Finding;
use slipway_contract::{ContentHash, RunId, Usd};

use super::*;
use crate::assertion::{Basis, Check, Explanation, Judgement, Outcome, Verdict};
use crate::suite::{CaseId, Point};

mod figures;

fn id(number: usize) -> CaseId {
    format!("{number:016x}").parse().unwrap()
}

fn check(what: &str, verdict: Verdict) -> Check {
    Check {
        what: what.to_owned(),
        weight: 1,
        judgement: Judgement {
            verdict,
            basis: None,
        },
    }
}

fn attempt(number: u32, outcome: Outcome) -> Attempt {
    let verdict = match outcome {
        Outcome::Passed => Verdict::Passed,
        Outcome::Failed => Verdict::Failed {
            why: Explanation::between("it is another text than expected", "a\nb\n", "a\nc\n"),
        },
        Outcome::Unjudged => Verdict::Unjudged {
            why: "there is no judge".to_owned(),
        },
    };
    Attempt {
        reason: None,
        number,
        run: Some(RunId::from_random([0xab; 10])),
        outcome,
        error: None,
        score: f64::from(u8::from(outcome == Outcome::Passed)),
        checks: vec![check("out/report.md is \"a\"", verdict)],
        answer: Some("Done.".to_owned()),
        cost_usd: Some("0.01".parse().unwrap()),
        judging_usd: Usd::ZERO,
        latency_ms: 1_500,
        steps: 4,
    }
}

/// A case with so many passes and failures.
fn case(number: usize, title: &str, passed: u32, failed: u32) -> CaseReport {
    let outcomes = std::iter::repeat_n(Outcome::Passed, passed as usize)
        .chain(std::iter::repeat_n(Outcome::Failed, failed as usize));
    CaseReport {
        id: id(number),
        title: title.to_owned(),
        tags: Vec::new(),
        point: Point::default(),
        required: passed + failed,
        attempts: outcomes
            .zip(1..)
            .map(|(outcome, number)| attempt(number, outcome))
            .collect(),
    }
}

fn report(mode: Mode, cases: Vec<CaseReport>) -> Report {
    Report {
        format: FORMAT,
        agent: "expense-report".parse().unwrap(),
        title: "Expense report".to_owned(),
        version: Some(ContentHash::from_bytes([0x7c; 32])),
        mode,
        started_at: "2026-11-22T10:00:00Z".parse().unwrap(),
        took_ms: 40,
        suites: vec![SuiteReport {
            file: "tests/receipts.toml".to_owned(),
            title: "Receipts".to_owned(),
            skipped: Vec::new(),
            findings: Vec::new(),
            cases,
        }],
        against: None,
    }
}

fn mixed() -> Report {
    let mut unjudged = case(3, "Is polite", 1, 0);
    unjudged.attempts = vec![attempt(1, Outcome::Unjudged)];
    let mut not_run = case(4, "Says where", 1, 0);
    not_run.attempts = vec![Attempt::not_run(1, "no model is set up")];
    let cases = vec![
        case(1, "Sums match", 1, 0),
        case(2, "Flags dates", 0, 1),
        unjudged,
        not_run,
    ];
    report(Mode::Replay, cases)
}

const HOSTILE: &str = "</title><script>alert(1)</script> ]]> & \" ' \u{1b}[2J\u{0}\u{202e} | ``` \
    <img src=https://example.com/x> [a](https://example.com) @team #1 \u{ffff}\n# head";

/// A report in which every text is hostile.
fn hostile() -> Report {
    let mut report = mixed();
    report.title = HOSTILE.to_owned();
    let suite = &mut report.suites[0];
    suite.title = HOSTILE.to_owned();
    suite.file = HOSTILE.to_owned();
    suite.findings = vec![Finding {
        file: HOSTILE.to_owned(),
        line: Some(1),
        column: None,
        key: Some(HOSTILE.to_owned()),
        message: HOSTILE.to_owned(),
        fix: None,
    }];
    for case in &mut suite.cases {
        case.title = HOSTILE.to_owned();
        case.tags = vec![HOSTILE.to_owned()];
        for attempt in &mut case.attempts {
            attempt.answer = Some(HOSTILE.to_owned());
            let why = Explanation::between(HOSTILE, HOSTILE, "other\n");
            attempt.checks = vec![
                check(HOSTILE, Verdict::Failed { why }),
                check(
                    HOSTILE,
                    Verdict::Unjudged {
                        why: HOSTILE.to_owned(),
                    },
                ),
            ];
            attempt.error = attempt.error.as_ref().map(|_| HOSTILE.to_owned());
        }
    }
    let before = report.clone();
    report.compared_with(&before)
}

#[test]
fn the_console_tells_failures_first_and_short() {
    let before = report(
        Mode::Replay,
        vec![case(1, "Sums match", 1, 0), case(2, "Flags dates", 1, 0)],
    );
    insta::assert_snapshot!(console::render(&mixed().compared_with(&before)), @r##"
FAILED   Receipts › Flags dates
         out/report.md is "a": it is another text than expected
             a
           - b
           + c
         run abababa: slipway runs show abababababababababab

UNKNOWN  Receipts › Is polite
         out/report.md is "a": could not be judged: there is no judge
         run abababa: slipway runs show abababababababababab

UNKNOWN  Receipts › Says where
         no model is set up

1 passed, 1 failed, 2 could not be judged of 4 cases (25%, with 95% confidence 5% to 70%) in 40 ms for $0.0300
Against 7c7c7c7: 1 broken, 0 fixed, 0 flaky, 1 unchanged, 2 new
Pass rate 2/2 before, 1/2 now: worse
"##
    );
}

#[test]
fn markdown_is_for_a_pull_request() {
    let before = report(
        Mode::Replay,
        vec![case(1, "Sums match", 1, 0), case(2, "Flags dates", 1, 0)],
    );
    insta::assert_snapshot!(markdown::render(&mixed().compared_with(&before)), @r##"
### `Expense report` failed

1 passed, 1 failed, 2 could not be judged of 4 cases (25%, with 95% confidence 5% to 70%) in 40 ms for $0.0300.  

- Against 7c7c7c7: 1 broken, 0 fixed, 0 flaky, 1 unchanged, 2 new
- Pass rate 2/2 before, 1/2 now: worse

**1 broken**

- `Flags dates`

<details>
<summary><code>Receipts › Flags dates</code> failed</summary>

- `out/report.md is "a": it is another text than expected`

```diff
  a
- b
+ c
```

</details>

<details>
<summary><code>Receipts › Is polite</code> not judged</summary>

- `out/report.md is "a": could not be judged: there is no judge`

</details>

<details>
<summary><code>Receipts › Says where</code> not judged</summary>

- `no model is set up`

</details>
"##
    );
}

#[test]
fn junit_is_as_servers_read_it() {
    insta::assert_snapshot!(junit::render(&mixed()).unwrap(), @r##"
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="Expense report" time="0.040" tests="4" failures="1" errors="2" skipped="0">
  <testsuite name="Receipts" file="tests/receipts.toml" timestamp="2026-11-22T10:00:00" time="4.500" tests="4" failures="1" errors="2" skipped="0">
    <properties>
      <property name="agent" value="expense-report"/>
      <property name="mode" value="replay"/>
      <property name="version" value="7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c"/>
    </properties>
    <testcase name="Sums match" classname="receipts" file="tests/receipts.toml" time="1.500"/>
    <testcase name="Flags dates" classname="receipts" file="tests/receipts.toml" time="1.500">
      <failure message="out/report.md is &quot;a&quot;: it is another text than expected" type="failed">out/report.md is &quot;a&quot;: it is another text than expected
    a
  - b
  + c
run abababababababababab</failure>
    </testcase>
    <testcase name="Is polite" classname="receipts" file="tests/receipts.toml" time="1.500">
      <error message="out/report.md is &quot;a&quot;: could not be judged: there is no judge" type="could not be judged">out/report.md is &quot;a&quot;: could not be judged: there is no judge
run abababababababababab</error>
    </testcase>
    <testcase name="Says where" classname="receipts" file="tests/receipts.toml" time="0.000">
      <error message="no model is set up" type="could not be judged">no model is set up</error>
    </testcase>
  </testsuite>
</testsuites>
"##
    );
}

#[test]
fn junit_holds_hostile_texts_and_is_read_again() {
    let xml = junit::render(&hostile()).unwrap();
    assert!(
        !xml.chars().any(|c| c.is_control() && c != '\n'),
        "XML 1.0 has no place for these"
    );
    let mut reader = Reader::from_str(&xml);
    let mut seen: HashMap<String, usize> = HashMap::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) => {
                for attribute in tag.attributes() {
                    attribute.unwrap();
                }
                *seen.entry(tag.name().as_ref().to_owned()).or_default() += 1;
            }
            Event::Eof => break,
            _ => {}
        }
    }
    // One more than the cases: the suite that is not valid.
    assert_eq!(
        (seen["testcase"], seen["failure"], seen["error"]),
        (5, 1, 3)
    );
    assert!(!seen.contains_key("script"));
}

#[test]
fn html_fetches_nothing_and_runs_nothing() {
    for report in [mixed(), hostile()] {
        let page = html::render(&report);
        for forbidden in [
            "<script", "<img", "<link", "<iframe", "src=\"", "href=", "url(", "@import",
            "\u{202e}", "\u{1b}",
        ] {
            assert!(!page.to_lowercase().contains(forbidden), "{forbidden}");
        }
        assert!(page.contains("default-src 'none'"));
        assert_eq!(page.matches("</title>").count(), 1);
    }
    let page = html::render(&mixed());
    let at = |text: &str| page.find(text).unwrap();
    assert!(at("Flags dates") < at("Sums match"), "failures come first");
    assert!(page.contains("<span class=\"minus\">- b\n</span><span class=\"plus\">+ c\n</span>"));
}

#[test]
fn markdown_and_console_hold_hostile_texts() {
    let told = console::render(&hostile());
    assert!(!told.chars().any(|c| c.is_control() && c != '\n'));
    let text = markdown::render(&hostile());
    let mut html = String::new();
    let mut headings = 0;
    for event in pulldown_cmark::Parser::new(&text) {
        use pulldown_cmark::{Event, Tag};
        match event {
            Event::Start(Tag::Heading { .. }) => headings += 1,
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => panic!("a link in {text}"),
            Event::Html(tag) | Event::InlineHtml(tag) => html.push_str(&tag),
            // What calls people stands in code.
            Event::Text(text) if text.contains("@team") => {
                assert!(text.starts_with(['+', '-', ' ']));
            }
            _ => {}
        }
    }
    assert_eq!(headings, 1, "{text}");
    assert!(
        html.contains("<details>") && !html.contains("<script") && !html.contains("<img"),
        "{html}"
    );
}

#[test]
fn a_report_is_read_as_it_was_written() {
    let report = hostile();
    let json = report.to_json().unwrap();
    assert_eq!(Report::read(json.as_bytes()).unwrap(), report);
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (&value["totals"]["failed"], &value["passed"]),
        (&json!(1), &json!(false))
    );
    for (bytes, told) in [
        (&b"{}"[..], "it is no report"),
        (b"[", "it is no report"),
        (b"{\"slipway_report\": 2}", "update Slipway"),
        (b"{\"slipway_report\": 1}", "cannot be read"),
    ] {
        let error = Report::read(bytes).unwrap_err().to_string();
        assert!(error.contains(told), "{error}");
    }
}

/// A replay that fails is a diff that a person reads, in every reporter.
#[test]
fn a_recording_that_does_not_fit_is_shown_as_a_diff() {
    let message = "The recording \"example\" does not fit.\n\n--- recorded\n+++ now\n@@ -1 +1 @@\n-\"day\"\n+\"date\"\n";
    let mut report = mixed();
    let why = Explanation::of_message("the run failed (recording_mismatch)", message);
    assert_eq!(
        why.summary,
        "the run failed (recording_mismatch): The recording \"example\" does not fit."
    );
    report.suites[0].cases[1].attempts[0].checks =
        vec![check("ends without an error", Verdict::Failed { why })];
    let indented = |by: &str| format!("{by}-\"day\"\n{by}+\"date\"\n");
    assert!(console::render(&report).contains(&indented("           ")));
    assert!(markdown::render(&report).contains(&indented("")));
    let xml = junit::render(&report).unwrap();
    assert!(
        xml.contains("  -&quot;day&quot;\n  +&quot;date&quot;\n"),
        "{xml}"
    );
    assert!(html::render(&report).contains("-&quot;day&quot;\n+&quot;date&quot;"));
}

#[test]
fn twenty_thousand_failures_stay_short_and_hostile_figures_do_no_harm() {
    let mut report = report(
        Mode::Live,
        (0..20_000).map(|number| case(number, "x", 0, 1)).collect(),
    );
    report.took_ms = u64::MAX;
    for case in &mut report.suites[0].cases {
        case.attempts[0].latency_ms = u64::MAX;
        case.required = u32::MAX;
    }
    let told = console::render(&report);
    assert!(told.contains("… and 19500 more that did not pass"));
    assert!(told.lines().count() < 1_000 && markdown::render(&report).lines().count() < 1_000);
    assert_eq!(
        junit::render(&report).unwrap().matches("<testcase").count(),
        20_000
    );
    let compared = report.clone().compared_with(&report);
    assert_eq!(compared.against.unwrap().count(Change::Unchanged), 20_000);
}
