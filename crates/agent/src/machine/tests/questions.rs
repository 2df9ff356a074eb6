//! What is asked before anything is done.

use slipway_contract::approval::{Answer, AnsweredBy};
use slipway_contract::run::ParkReason;
use slipway_contract::tool::ApprovalPolicy;

use super::*;

#[test]
fn a_writing_tool_asks_and_a_denial_is_told_to_the_model() {
    let mut run = Run::started(spec());
    run.follow();
    run.answer(vec![call("a", "post")], StopReason::ToolCalls);
    assert_eq!(run.state.parked(), Some(ParkReason::Approval));
    assert_eq!(run.state.status(), RunStatus::Parked);
    let question = run.state.questions()[0].clone();
    let resolve = |binding| Event::ApprovalResolved {
        step: question.step,
        binding,
        answer: Answer::Deny {
            reason: "too early".into(),
        },
        by: AnsweredBy::Person,
    };
    assert!(
        run.add(resolve(ContentHash::from_bytes([0; 32]))).is_err(),
        "another binding is another question"
    );
    run.add(resolve(question.binding)).unwrap();
    run.follow();
    let last = run.state.messages().pop();
    let Some(slipway_contract::message::Message::Tool { text, is_error, .. }) = last else {
        panic!("the model must be told")
    };
    assert!(is_error && text.contains("too early"), "{text}");
    assert_eq!(
        run.state.usage().tool_calls,
        0,
        "what was denied was not made"
    );
}

#[test]
fn a_package_that_asks_for_more_does_nothing_before_it_is_granted() {
    let mut asking = spec();
    asking.missing = vec![Permission::Network {
        host: "api.example.com".into(),
    }];
    let mut run = Run::started(asking.clone());
    run.follow();
    assert_eq!(run.state.parked(), Some(ParkReason::Grant));
    assert!(
        run.state
            .under_way()
            .iter()
            .all(|work| matches!(work, Work::Ask(_)))
    );
    let question = run.state.questions()[0].clone();
    let answer = |answer| Event::ApprovalResolved {
        step: question.step,
        binding: question.binding,
        answer,
        by: AnsweredBy::Person,
    };
    run.add(answer(Answer::Approve)).unwrap();
    run.follow();
    assert!(
        run.state
            .spec()
            .unwrap()
            .granted
            .contains(&asking.missing[0])
    );
    assert!(matches!(run.state.under_way()[0], Work::Model { .. }));

    let mut refused = Run::started(asking);
    refused.follow();
    refused
        .add(answer(Answer::Deny {
            reason: String::new(),
        }))
        .unwrap();
    refused.follow();
    assert_eq!(refused.state.end().unwrap().reason, EndReason::NotGranted);
}

#[test]
fn an_allowed_writing_tool_still_asks_unless_that_was_granted() {
    let mut allowing = spec();
    allowing.tools[2].approval = Some(ApprovalPolicy::Allow);
    let mut run = Run::started(allowing.clone());
    run.follow();
    run.answer(vec![call("a", "post")], StopReason::ToolCalls);
    assert_eq!(
        run.state.parked(),
        Some(ParkReason::Approval),
        "a package's wish is not a grant"
    );

    allowing.granted.push(Permission::Unasked {
        tool: "post".into(),
    });
    let mut run = Run::started(allowing);
    run.follow();
    run.answer(vec![call("a", "post")], StopReason::ToolCalls);
    assert!(matches!(run.state.under_way()[0], Work::Tool { .. }));
}
