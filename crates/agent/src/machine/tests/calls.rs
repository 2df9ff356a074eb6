//! The tool calls of one answer.

use super::*;

#[test]
fn results_go_to_the_model_in_the_order_asked() {
    let mut run = Run::started(spec());
    run.follow();
    run.answer(
        vec![call("a", "read"), call("b", "read")],
        StopReason::ToolCalls,
    );
    let steps: Vec<StepId> = run.state.calls().iter().map(|call| call.step).collect();
    for (step, id) in [(steps[1], "b"), (steps[0], "a")] {
        let event = Event::ToolReturned {
            step,
            call_id: CallId(id.into()),
            tool: "read".into(),
            result: json!(id),
            is_error: false,
            took_ms: 1,
        };
        run.add(event).unwrap();
    }
    let order: Vec<String> = run
        .state
        .messages()
        .into_iter()
        .filter_map(|message| match message {
            slipway_contract::message::Message::Tool { call_id, .. } => Some(call_id.0),
            _ => None,
        })
        .collect();
    assert_eq!(order, ["a", "b"]);
}

#[test]
fn two_calls_with_one_id_are_both_told_off_and_stay_apart() {
    let mut run = Run::started(spec());
    run.follow();
    run.answer(
        vec![call("x", "read"), call("x", "put"), call("x-1", "read")],
        StopReason::ToolCalls,
    );
    let ids: std::collections::BTreeSet<_> = run
        .state
        .calls()
        .iter()
        .map(|call| call.call_id.clone())
        .collect();
    assert_eq!(ids.len(), 3, "{ids:?}");
    assert_eq!(
        run.state.usage().tool_calls,
        1,
        "only the call with an id of its own is made"
    );
}
