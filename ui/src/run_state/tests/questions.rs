//! What a person is asked.

use super::*;

#[test]
fn a_refused_call_shows_what_the_model_wanted() {
    let state = Script::new()
        .starts()
        .asks_model(1, 1)
        .answers(1, vec![wants("c1", "read_file")], None)
        .returns(2, "c1", "read_file", true)
        .fold();
    assert_eq!(tool(&state, 2).arguments, json!({ "path": "../private" }));
    assert!(matches!(
        tool(&state, 2).phase,
        ToolPhase::Returned {
            is_error: true,
            began: false,
            ..
        }
    ));
}

#[test]
fn an_approval_waits_is_answered_and_goes_on_without_a_break() {
    let asked = Script::new()
        .starts()
        .asks_model(1, 1)
        .answers(1, vec![wants("c1", "write_file")], None)
        .asks(may_call(2));
    let waiting = asked.fold();
    assert_eq!(waiting.phase(), Phase::Waiting(ParkReason::Approval));
    assert_eq!(waiting.open_questions().count(), 1);

    let parked = asked.parks(ParkReason::Approval);
    let state = parked.fold();
    assert_eq!((state.status, state.driven), (RunStatus::Parked, false));
    assert_eq!(state.worked_ms(at(9_000)), 4_000, "time parked is not work");

    let going = parked
        .wait(600)
        .resumes()
        .resolves(2, Answer::Approve)
        .calls(2, "c1", "write_file")
        .fold();
    assert_eq!(going.open_questions().count(), 0);
    assert_eq!(
        tool(&going, 2).asked[0].answer,
        Some((Answer::Approve, AnsweredBy::Person))
    );
    assert!(matches!(tool(&going, 2).phase, ToolPhase::Running { .. }));
    assert!(
        !going
            .trace
            .entries()
            .iter()
            .any(|entry| matches!(entry.as_ref(), Entry::Break(_))),
        "an answer is no crash"
    );
    assert_eq!(going.worked_ms(going.clock.last_at), 4_000 + 2_000);
}

#[test]
fn an_answer_to_something_else_leaves_the_question_open() {
    let mut script = Script::new().starts().asks(may_call(2));
    script = script.journalled(EventKind::ApprovalResolved {
        step: StepId(2),
        binding: ContentHash::from_bytes([8; 32]),
        answer: Answer::Approve,
        by: AnsweredBy::Person,
    });
    assert_eq!(script.fold().open_questions().count(), 1);
}

#[test]
fn a_grant_is_a_question_of_its_own() {
    let permissions = vec![Permission::Network {
        host: "api.example.com".to_owned(),
    }];
    let approval = Approval {
        step: StepId(1),
        question: Question::Grant {
            permissions,
            behaviour: BINDING,
        },
        binding: BINDING,
        expires_at: None,
    };
    let parked = Script::new()
        .starts()
        .asks(approval)
        .parks(ParkReason::Grant);
    assert_eq!(parked.fold().phase(), Phase::Waiting(ParkReason::Grant));
    let granted = parked
        .resumes()
        .resolves(1, Answer::Approve)
        .asks_model(1, 1)
        .fold();
    assert_eq!(granted.open_questions().count(), 0);
    assert!(
        matches!(model(&granted, 1).phase, ModelPhase::Waiting { .. }),
        "the grant's step number is free for a call"
    );
}

#[test]
fn an_unknown_outcome_is_asked_at_its_call() {
    let question = Question::Outcome {
        call_id: CallId("c1".to_owned()),
        tool: "http_request".to_owned(),
        arguments: json!({ "path": "receipts" }),
    };
    let script = Script::new()
        .starts()
        .calls(2, "c1", "http_request")
        .resumes()
        .asks(Approval {
            step: StepId(2),
            question,
            binding: BINDING,
            expires_at: None,
        })
        .parks(ParkReason::OutcomeUnknown);
    let state = script.fold();
    assert_eq!(state.phase(), Phase::Waiting(ParkReason::OutcomeUnknown));
    assert_eq!(tool(&state, 2).phase, ToolPhase::CutOff);
    assert_eq!(tool(&state, 2).asked.len(), 1);

    let told = script
        .resumes()
        .resolves(
            2,
            Answer::Happened {
                result: "201".to_owned(),
            },
        )
        .fold();
    let expected = ToolPhase::Returned {
        result: json!("201"),
        whole_bytes: None,
        is_error: false,
        took_ms: None,
        began: true,
    };
    assert_eq!(
        tool(&told, 2).phase,
        expected,
        "the person's word stands for the result"
    );
}

#[test]
fn a_cancelled_run_leaves_nothing_under_way_and_nothing_to_answer() {
    let state = Script::new()
        .starts()
        .calls(1, "c0", "list_files")
        .asks(may_call(2))
        .finishes(RunStatus::Cancelled, EndReason::CancelledByPerson, None)
        .fold();
    assert_eq!(state.phase(), Phase::Cancelled);
    assert_eq!(state.trace.under_way().count(), 0);
    assert_eq!(tool(&state, 1).phase, ToolPhase::CutOff);
    assert_eq!(state.open_questions().count(), 0);
}

#[test]
fn what_the_host_says_is_asked_is_asked_once() {
    let script = Script::new()
        .starts()
        .asks(may_call(2))
        .parks(ParkReason::Approval);
    let mut parked = summary(RunStatus::Parked, false);
    parked.parked = Some(ParkReason::Approval);
    let detail = RunDetail {
        workdir: String::new(),
        summary: parked,
        approvals: vec![may_call(2)],
        more: false,
        events: script.events,
    };
    assert_eq!(RunState::load(&detail).open_questions().count(), 1);
}
