//! Calls of a model that are made again, cut off, or made by another model.

use super::*;

#[test]
fn what_a_failed_attempt_said_stays_until_the_answer_is_there() {
    let script = Script::new()
        .starts()
        .asks_model(1, 1)
        .delta(1, 0, "half an ans")
        .fails(1, 1, Some(2_000));
    let waiting = script.fold();
    assert_eq!(
        said(&waiting),
        ["you: Make the report", "agent: half an ans (cut off)"]
    );
    assert_eq!(waiting.phase(), Phase::Working(Doing::Retrying(at(5))));
    let again = script
        .asks_model(1, 2)
        .answers(1, vec![text("whole")], None)
        .fold();
    assert_eq!(said(&again), ["you: Make the report", "agent: whole"]);
    assert_eq!(model(&again, 1).failures.len(), 1);
    assert_eq!(again.trace.entries().len(), 1, "attempts share a line");
}

#[test]
fn of_several_attempts_the_one_that_got_furthest_stays_to_be_read() {
    let state = Script::new()
        .starts()
        .asks_model(1, 1)
        .delta(1, 0, "The first page and more")
        .fails(1, 1, Some(2_000))
        .asks_model(1, 2)
        .delta(1, 0, "The first page")
        .fails(1, 2, None)
        .finishes(RunStatus::Failed, EndReason::Model, None)
        .fold();
    assert_eq!(
        said(&state),
        [
            "you: Make the report",
            "agent: The first page and more (cut off)"
        ]
    );
}

#[test]
fn what_was_read_stays_when_the_run_is_cancelled() {
    let state = Script::new()
        .starts()
        .asks_model(1, 1)
        .thinks(1, 0, "hm")
        .delta(1, 0, "Octob")
        .finishes(RunStatus::Cancelled, EndReason::CancelledByPerson, None)
        .delta(1, 1, "er")
        .fold();
    assert_eq!(
        said(&state),
        ["you: Make the report", "agent: Octob (cut off)"]
    );
    assert_eq!(state.phase(), Phase::Cancelled);
}

#[test]
fn a_run_that_is_loaded_again_keeps_what_was_read() {
    let script = Script::new().starts().asks_model(1, 1);
    let journal = |script: &Script, status, driven| {
        let events = script.events.iter().filter(|event| event.seq.is_some());
        let mut loaded = RunState::load(&RunDetail {
            workdir: String::new(),
            summary: summary(status, driven),
            approvals: Vec::new(),
            more: false,
            events: events.cloned().collect(),
        });
        loaded.keep_pieces(&script.fold());
        loaded
    };
    let script = script.delta(1, 0, "Octo");
    let mut going_on = journal(&script, RunStatus::Running, true);
    assert_eq!(said(&going_on), ["you: Make the report", "agent: Octo …"]);
    let next = Script::new().delta(1, 1, "ber").events;
    next.iter().for_each(|event| going_on.apply(event));
    assert_eq!(
        said(&going_on),
        ["you: Make the report", "agent: October …"]
    );
    let stopped = journal(&script, RunStatus::Running, false);
    assert_eq!(
        said(&stopped),
        ["you: Make the report", "agent: Octo (cut off)"]
    );
    let mut answered = RunState::load(&RunDetail {
        workdir: String::new(),
        summary: summary(RunStatus::Running, true),
        approvals: Vec::new(),
        more: false,
        events: Script::new()
            .starts()
            .asks_model(1, 1)
            .answers(1, vec![text("October.")], None)
            .events,
    });
    answered.keep_pieces(&script.fold());
    assert_eq!(said(&answered), ["you: Make the report", "agent: October."]);
}

#[test]
fn who_is_told_of_a_failure_is_offered_a_way_out() {
    let again = WayOut::Again(StepId(1));
    let anew = WayOut::Anew {
        run: RUN,
        input: "Make the report".to_owned(),
    };
    let failed = |reason| {
        let script = Script::new().starts().asks_model(1, 1).fails(1, 1, None);
        let state = script.finishes(RunStatus::Failed, reason, None).fold();
        state.ways_out()
    };
    assert_eq!(failed(EndReason::Model), [again.clone(), WayOut::Models]);
    assert_eq!(failed(EndReason::OverBudget), [WayOut::Budgets]);
    assert_eq!(failed(EndReason::MaxSteps), [WayOut::Limits]);
    assert_eq!(failed(EndReason::NotGranted), std::slice::from_ref(&anew));
    let limited = |status, reason| {
        let mut state = Script::new().starts().finishes(status, reason, None).fold();
        state.budget_usd = Some("1".parse().unwrap());
        state.ways_out()
    };
    assert_eq!(
        limited(RunStatus::Failed, EndReason::OverBudget),
        [WayOut::Limits, WayOut::Budgets]
    );
    assert_eq!(
        limited(RunStatus::Failed, EndReason::Model),
        [anew, WayOut::Models],
        "what failed before its first call is asked once more"
    );
    let cancelled = |script: Script| {
        let by = (RunStatus::Cancelled, EndReason::CancelledByPerson);
        script.finishes(by.0, by.1, None).fold().ways_out()
    };
    let asked = Script::new().starts().asks_model(1, 1);
    assert_eq!(cancelled(asked.delta(1, 0, "Oc")), [again]);
    let calling =
        Script::new()
            .starts()
            .asks_model(1, 1)
            .answers(1, vec![wants("c0", "save")], None);
    assert_eq!(
        cancelled(calling.calls(2, "c0", "save")),
        [],
        "whether the call happened is for the person to see first"
    );
    let state = Script::new()
        .starts()
        .finishes(RunStatus::Succeeded, EndReason::Answered, None)
        .fold();
    assert_eq!(state.ways_out(), []);
}

#[test]
fn another_model_takes_the_same_line_over_and_says_why() {
    let failed = EventKind::ModelFailed {
        step: StepId(1),
        attempt: 1,
        message: "no credit".to_owned(),
        retry_in_ms: None,
        next_model: Some("mistral/small".to_owned()),
        request_id: None,
    };
    let skipped = EventKind::ModelSkipped {
        step: StepId(1),
        provider: "mistral".to_owned(),
        model: "small".to_owned(),
        message: "too small".to_owned(),
        next_model: "local/llama".to_owned(),
    };
    let state = Script::new()
        .starts()
        .asks_model(1, 1)
        .journalled(failed)
        .journalled(skipped)
        .journalled(EventKind::ModelRequested {
            step: StepId(1),
            attempt: 2,
            provider: "local".to_owned(),
            model: "llama".to_owned(),
            prompted: false,
            reserved_usd: None,
        })
        .answers(1, vec![text("whole")], None)
        .fold();
    let step = model(&state, 1);
    assert_eq!(step.model, "local/llama", "the trace says who answered");
    let told: Vec<_> = step
        .failures
        .iter()
        .map(|failure| (failure.attempt, failure.next_model.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            (Some(1), Some("mistral/small")),
            (None, Some("local/llama"))
        ]
    );
    assert_eq!(state.trace.entries().len(), 1);
}

#[test]
fn a_model_that_is_passed_over_first_has_a_line() {
    let state = Script::new()
        .starts()
        .journalled(EventKind::ModelSkipped {
            step: StepId(1),
            provider: "openai".to_owned(),
            model: "gpt-5-mini".to_owned(),
            message: "too small".to_owned(),
            next_model: "local/llama".to_owned(),
        })
        .fold();
    assert_eq!(model(&state, 1).failures[0].message, "too small");
}
