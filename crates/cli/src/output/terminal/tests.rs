//! Events in, lines out.

use serde_json::json;
use slipway_contract::event::{EventKind, RunEvent};
use slipway_contract::message::{Content, StopReason};
use slipway_contract::run::{EndReason, RunStatus, Tokens, Usage};
use slipway_contract::tool::Effect;
use slipway_contract::{CallId, ContentHash, RunId, StepId, Timestamp};

use super::*;

fn shown(mode: Mode, kinds: Vec<EventKind>) -> String {
    let facts = Facts {
        agent: "clerk".parse().unwrap(),
        version: ContentHash::from_bytes([1; 32]),
        model: "openai/gpt-5-mini".parse().unwrap(),
        workdir: "/work".into(),
        network: true,
        fallback: Vec::new(),
        calls: HashMap::new(),
        denied: std::collections::BTreeMap::new(),
        driven: false,
    };
    let (screen, written) = Screen::in_memory(Some(80));
    let mut view = TerminalView::on(screen, None, facts, mode);
    for (second, kind) in (0..).zip(kinds) {
        let at = Timestamp::from_second(second).unwrap();
        let run_id = RunId::from_random([0xab; 10]);
        let event = RunEvent {
            run_id,
            at,
            seq: None,
            kind,
        };
        view.event(&event).unwrap();
    }
    view.end().unwrap();
    let text = written.text();
    let header = "clerk 0101010 · openai/gpt-5-mini · run abababa\n\n";
    text.strip_prefix(header)
        .unwrap_or_else(|| panic!("no header: {text}"))
        .to_owned()
}

fn delta(text: &str) -> EventKind {
    EventKind::ModelDelta {
        step: StepId(1),
        index: 0,
        text: text.into(),
    }
}

fn responded(text: &str) -> EventKind {
    EventKind::ModelResponded {
        step: StepId(1),
        content: vec![Content::Text { text: text.into() }],
        stop: StopReason::End,
        usage: Tokens::default(),
        usage_estimated: false,
        cost_from: slipway_contract::run::CostFrom::Price,
        cost_usd: None,
        first_token_ms: None,
        took_ms: 1,
    }
}

fn finished(status: RunStatus, reason: EndReason, output: Option<Value>) -> EventKind {
    let message = "What happened.\n+new\n-old".to_owned();
    EventKind::RunFinished {
        status,
        reason,
        message,
        output,
        usage: Usage {
            cost_usd: None,
            ..Usage::default()
        },
    }
}

#[test]
fn an_answer_is_shown_once_however_it_arrives() {
    for kinds in [
        vec![responded("Hello, you.")],
        vec![delta("Hello, "), delta("you."), responded("Hello, you.")],
        vec![delta("\n\nHello, "), responded("\n\nHello, you.\n")],
    ] {
        assert_eq!(shown(Mode::Live, kinds), "Hello, you.\n");
    }
    let differs = vec![delta("Hallo"), responded("Hello, you.")];
    assert_eq!(
        shown(Mode::Live, differs),
        "Hallo\nHello, you.\n",
        "the whole answer is what counts"
    );
}

#[test]
fn an_answer_that_broke_off_is_begun_anew() {
    let failed = EventKind::ModelFailed {
        step: StepId(1),
        attempt: 1,
        message: "The connection broke.\u{1b}[2J".into(),
        retry_in_ms: Some(1_500),
        next_model: None,
        request_id: None,
    };
    let kinds = vec![
        delta("Hello, y"),
        failed,
        delta("Hello, you."),
        responded("Hello, you."),
    ];
    assert_eq!(
        shown(Mode::Live, kinds),
        "Hello, y\n\n  ! The connection broke.\\u{1b}[2J\n  · trying again in 1.5 s (attempt 2)\n\nHello, you.\n"
    );
}

#[test]
fn calls_are_told_with_their_arguments_and_results() {
    let requested = EventKind::ToolRequested {
        step: StepId(2),
        call_id: CallId("c".into()),
        tool: "read_file".into(),
        arguments: json!({"path": "a.txt"}),
        effect: Effect::Read,
    };
    let returned = |is_error| EventKind::ToolReturned {
        step: StepId(2),
        call_id: CallId("c".into()),
        tool: "read_file".into(),
        result: json!("There is no file a.txt."),
        is_error,
        took_ms: is_error.then_some(3),
        whole_bytes: None,
    };
    assert_eq!(
        shown(Mode::Live, vec![requested, returned(true)]),
        "  ✗ read_file path=a.txt → There is no file a.txt.  3 ms\n"
    );
    assert_eq!(
        shown(Mode::Live, vec![returned(false)]),
        "  ✓ read_file → There is no file a.txt.\n",
        "a call that is not known is told without arguments"
    );
}

#[test]
fn what_is_told_again_numbers_its_steps_and_names_what_was_left() {
    let requested = |step, tool: &str| EventKind::ToolRequested {
        step: StepId(step),
        call_id: CallId(format!("c{step}")),
        tool: tool.into(),
        arguments: json!({"path": "a.txt"}),
        effect: Effect::Read,
    };
    let returned = EventKind::ToolReturned {
        step: StepId(12),
        call_id: CallId("c12".into()),
        tool: "read_file".into(),
        result: json!("There is none.\nNone."),
        is_error: true,
        took_ms: None,
        whole_bytes: None,
    };
    let kinds = vec![
        requested(2, "write_file"),
        requested(12, "read_file"),
        returned,
        EventKind::RunResumed {},
    ];
    assert_eq!(
        shown(Mode::Told, kinds),
        " 12 ✗ read_file path=a.txt → There is none.\n        None.\n  2 · cut off: write_file path=a.txt\n    · taken up again\n"
    );
}

#[test]
fn a_question_that_the_end_leaves_open_is_told() {
    let asked: Approval = serde_json::from_value(json!({
        "step": 2, "ask": "call", "call_id": "c", "tool": "write_file", "server": "built-in",
        "arguments": {"path": "b.txt"}, "effect": "write",
        "binding": ContentHash::from_bytes([1; 32]),
    }))
    .unwrap();
    let end = finished(RunStatus::Cancelled, EndReason::CancelledByPerson, None);
    let told = shown(Mode::Told, vec![EventKind::ApprovalRequested(asked), end]);
    assert!(
        told.starts_with("  2 ? write_file path=b.txt\n    · nobody answered\n\n■ cancelled"),
        "{told}"
    );
}

#[test]
fn the_end_says_how_and_with_what() {
    let figures = " · 0 model calls, 0 tool calls · 0 tokens in, 0 out · cost unknown · 1.0 s\n";
    let answered = |output| finished(RunStatus::Succeeded, EndReason::Answered, Some(output));
    let kinds = vec![responded("{\"total\": 3}"), answered(json!({"total": 3}))];
    assert_eq!(
        shown(Mode::Told, kinds),
        format!("  1 · the model answers\n\n{{\"total\": 3}}\n\n✓ succeeded{figures}")
    );
    let kinds = vec![responded("Well."), answered(json!("The answer."))];
    assert_eq!(
        shown(Mode::Told, kinds),
        format!("  1 · the model answers\n\nWell.\nThe answer.\n\n✓ succeeded{figures}")
    );
    let failed = finished(RunStatus::Failed, EndReason::RecordingMismatch, None);
    assert_eq!(
        shown(Mode::Told, vec![responded("Well."), failed]),
        format!(
            "  1 · the model answers\n\nWell.\n\n✗ failed: recording_mismatch{figures}  What happened.\n  +new\n  -old\n"
        )
    );
}

#[test]
fn a_failure_that_ends_the_run_is_told_by_the_end_alone() {
    let failed = || EventKind::ModelFailed {
        step: StepId(1),
        attempt: 1,
        message: "What happened.\n+new\n-old".into(),
        retry_in_ms: None,
        next_model: None,
        request_id: None,
    };
    let end = finished(RunStatus::Failed, EndReason::RecordingMismatch, None);
    let told = shown(Mode::Live, vec![failed(), end]);
    assert_eq!(told.matches("What happened.").count(), 1, "{told}");
    let goes_on = shown(Mode::Live, vec![failed(), responded("After all.")]);
    assert_eq!(
        goes_on,
        "  ! What happened.\n    +new\n    -old\n\nAfter all.\n"
    );
}

#[test]
fn another_model_takes_over_in_plain_sight() {
    let failed = EventKind::ModelFailed {
        step: StepId(1),
        attempt: 4,
        message: "The provider is overloaded.\nTry again later.\u{1b}[2J".into(),
        retry_in_ms: None,
        next_model: Some("local/llama".into()),
        request_id: None,
    };
    let skipped = EventKind::ModelSkipped {
        step: StepId(1),
        provider: "local".into(),
        model: "llama".into(),
        message: "Its window is too small.".into(),
        next_model: "local/mistral".into(),
    };
    let requested = EventKind::ModelRequested {
        step: StepId(1),
        attempt: 5,
        provider: "local".into(),
        model: "mistral".into(),
        prompted: false,
        reserved_usd: None,
    };
    let kinds = vec![failed, skipped, requested, responded("Here.")];
    assert_eq!(
        shown(Mode::Live, kinds.clone()),
        "  ! falls back to local/llama: The provider is overloaded.\n    Try again later.\\u{1b}[2J\n  \
         ! falls back to local/mistral: Its window is too small.\n\nHere.\n"
    );
    let told = shown(Mode::Told, kinds);
    assert!(told.contains("the model answers (local/mistral)"), "{told}");
}

#[test]
fn attached_files_are_told_by_name_and_size() {
    let started = EventKind::RunContinued {
        parent: RunId::from_random([1; 10]),
        input: "Look.".into(),
        attachments: vec![AttachmentSummary {
            name: "a\u{1b}.png".into(),
            media: slipway_contract::message::Media::Png,
            bytes: 5 << 20,
        }],
    };
    assert_eq!(
        shown(Mode::Told, vec![started]),
        "> Look.\n> [a\\u{1b}.png: image/png, 5 MiB]\n"
    );
}

#[test]
fn a_long_difference_is_cut() {
    let EventKind::RunFinished {
        status,
        reason,
        output,
        usage,
        ..
    } = finished(RunStatus::Failed, EndReason::RecordingMismatch, None)
    else {
        panic!("an end");
    };
    let end = EventKind::RunFinished {
        status,
        reason,
        output,
        usage,
        message: (1..=100).map(|line| format!("+line {line}\n")).collect(),
    };
    let told = shown(Mode::Live, vec![end]);
    assert!(
        told.contains("  +line 40\n  … 60 more lines; slipway runs show abababa --json has all\n"),
        "{told}"
    );
    assert!(!told.contains("line 41"), "{told}");
}

#[test]
fn a_shortened_conversation_is_said() {
    let compacted = EventKind::ContextCompacted {
        tokens_before: 120_000,
        tokens_after: 60_000,
        results_elided: 12,
        turns_dropped: 1,
    };
    assert_eq!(
        shown(Mode::Live, vec![compacted]),
        "  · shortened the conversation from about 120,000 to 60,000 tokens: 12 tool results left out, 1 older turn dropped\n"
    );
}
