use serde_json::{Value, json};
use slipway_contract::approval::{Answer, AnsweredBy, Approval, Question};
use slipway_contract::event::{EventKind, RunEvent};
use slipway_contract::message::{Content, StopReason, ToolCall};
use slipway_contract::permission::Permission;
use slipway_contract::run::{
    End, EndReason, ParkReason, RunDetail, RunStatus, RunSummary, Tokens, Usage,
};
use slipway_contract::tool::Effect;
use slipway_contract::{CallId, ContentHash, RunId, StepId, Timestamp, Usd};

mod attempts;
mod questions;
mod script;

use self::script::{Script, at, may_call, model, said, summary, text, tool, wants};
use super::*;

const RUN: RunId = RunId::from_random([1; 10]);
const PARENT: RunId = RunId::from_random([2; 10]);
const BINDING: ContentHash = ContentHash::from_bytes([9; 32]);

#[test]
fn a_whole_run_ends_with_its_words_and_figures() {
    let script = Script::new()
        .starts()
        .asks_model(1, 1)
        .delta(1, 0, "Re")
        .delta(1, 1, "ading")
        .answers(
            1,
            vec![text("Reading"), wants("c1", "list_files")],
            Some("0.0087"),
        )
        .calls(2, "c1", "list_files")
        .returns(2, "c1", "list_files", false)
        .asks_model(3, 1)
        .answers(3, vec![text("41 receipts")], Some("0.0210"));
    let state = script.fold();
    assert_eq!(
        said(&state),
        [
            "you: Make the report",
            "agent: Reading",
            "agent: 41 receipts"
        ]
    );
    assert_eq!(
        (state.usage.input_tokens, state.usage.output_tokens),
        (200, 20)
    );
    assert_eq!(state.usage.cost_usd, Some("0.0297".parse().unwrap()));
    assert_eq!((state.usage.model_calls, state.usage.tool_calls), (2, 1));
    assert_eq!(state.trace.entries().len(), 3);

    let ended = script
        .finishes(
            RunStatus::Succeeded,
            EndReason::Answered,
            Some(json!("41 receipts")),
        )
        .fold();
    assert_eq!(ended.phase(), Phase::Succeeded);
    assert_eq!(said(&ended).len(), 3, "the answer is not said twice");
    assert_eq!(ended.worked_ms(at(900)), 7_000);
}

#[test]
fn thoughts_show_as_they_come_beside_the_words() {
    let script = Script::new()
        .starts()
        .asks_model(1, 1)
        .thinks(1, 0, "Let me ")
        .thinks(1, 0, "Let me ")
        .thinks(1, 1, "see.")
        .delta(1, 0, "Octo");
    let state = script.fold();
    let Some(Utterance::Agent(said)) = state.talk.last().map(|last| last.as_ref()) else {
        panic!("the agent speaks: {:?}", state.talk)
    };
    assert_eq!((&*said.reasoning, &*said.text), ("Let me see.", "Octo"));
    assert!(said.live && !said.gap, "{said:?}");
}

#[test]
fn pieces_show_as_they_come_and_only_once() {
    let script = Script::new()
        .starts()
        .asks_model(1, 1)
        .delta(1, 0, "Octo")
        .delta(1, 0, "Octo")
        .delta(1, 1, "ber");
    let state = script.fold();
    assert_eq!(said(&state), ["you: Make the report", "agent: October …"]);
    assert_eq!(
        state.phase(),
        Phase::Working(Doing::Reading("openai/gpt-5-mini".to_owned()))
    );
    let done = script
        .answers(1, vec![text("October.")], None)
        .delta(1, 2, "late")
        .fold();
    assert_eq!(said(&done), ["you: Make the report", "agent: October."]);
    assert_eq!(
        done.usage.cost_usd, None,
        "an unknown price makes the cost unknown"
    );
}

#[test]
fn a_missed_beginning_is_admitted() {
    let state = Script::new()
        .starts()
        .asks_model(1, 1)
        .delta(1, 7, " receipts")
        .fold();
    let Some(Utterance::Agent(said)) = state.talk.last().map(|last| last.as_ref()) else {
        panic!("it spoke")
    };
    assert!(said.gap);
}

#[test]
fn events_that_come_twice_count_once() {
    let script = Script::new()
        .starts()
        .asks_model(1, 1)
        .answers(1, vec![text("a")], Some("0.1"));
    let mut state = script.fold();
    let before = state.clone();
    script.events.iter().for_each(|event| state.apply(event));
    assert_eq!(state, before);
}

#[test]
fn parallel_calls_know_each_other() {
    let state = Script::new()
        .starts()
        .asks_model(1, 1)
        .answers(
            1,
            vec![wants("a", "list_files"), wants("b", "read_table")],
            None,
        )
        .calls(2, "a", "list_files")
        .calls(3, "b", "read_table")
        .returns(3, "b", "read_table", false)
        .fold();
    assert_eq!(tool(&state, 2).with, [StepId(3)]);
    assert_eq!(tool(&state, 3).with, [StepId(2)]);
    assert_eq!(
        state.phase(),
        Phase::Working(Doing::Calling(vec!["list_files".to_owned()]))
    );
}

#[test]
fn calls_one_after_the_other_are_not_parallel() {
    let state = Script::new()
        .starts()
        .calls(2, "a", "list_files")
        .returns(2, "a", "list_files", false)
        .calls(3, "b", "read_table")
        .fold();
    assert!(tool(&state, 2).with.is_empty() && tool(&state, 3).with.is_empty());
}

#[test]
fn a_crash_shows_what_was_kept() {
    let state = Script::new()
        .starts()
        .asks_model(1, 1)
        .answers(1, vec![wants("c1", "list_files")], None)
        .calls(2, "c1", "list_files")
        .wait(97)
        .resumes()
        .calls(2, "c1", "list_files")
        .returns(2, "c1", "list_files", false)
        .fold();
    let Some(Entry::Break(gap)) = state.trace.entries().get(2).map(|entry| entry.as_ref()) else {
        panic!("the break is in its place")
    };
    assert_eq!((gap.last_word, gap.resumed_at), (at(4), at(102)));
    assert_eq!((gap.kept, gap.made_again), (1, 0));
    assert_eq!(
        state.worked_ms(state.clock.last_at),
        3_000 + 2_000,
        "the gap is not work"
    );
}

#[test]
fn a_completed_step_that_is_made_again_is_not_hidden() {
    let state = Script::new()
        .starts()
        .calls(1, "c1", "list_files")
        .returns(1, "c1", "list_files", false)
        .resumes()
        .calls(1, "c1", "list_files")
        .fold();
    let made_again = state
        .trace
        .entries()
        .iter()
        .find_map(|entry| match entry.as_ref() {
            Entry::Break(gap) => Some(gap.made_again),
            _ => None,
        });
    assert_eq!(made_again, Some(1));
}

#[test]
fn data_takes_the_place_of_the_words_that_spell_it() {
    let script =
        Script::new()
            .starts()
            .asks_model(1, 1)
            .answers(1, vec![text("{ \"total\": 41 }")], None);
    let state = script
        .finishes(
            RunStatus::Succeeded,
            EndReason::Answered,
            Some(json!({ "total": 41 })),
        )
        .fold();
    assert_eq!(
        said(&state),
        ["you: Make the report", "output: {\"total\":41}"]
    );
}

#[test]
fn a_continued_run_shows_its_parent_but_counts_its_own() {
    let mut script = Script::new();
    script.run = PARENT;
    let mut script = script
        .starts()
        .asks_model(1, 1)
        .answers(1, vec![text("41 receipts")], Some("0.1"))
        .finishes(
            RunStatus::Succeeded,
            EndReason::Answered,
            Some(json!("41 receipts")),
        )
        .wait(3_600);
    script.run = RUN;
    let state = script
        .journalled(EventKind::RunContinued {
            parent: PARENT,
            input: "And in euros?".to_owned(),
            attachments: Vec::new(),
        })
        .asks_model(2, 1)
        .answers(2, vec![text("4,218.60")], Some("0.2"))
        .fold();
    assert_eq!(
        said(&state),
        [
            "you: Make the report",
            "agent: 41 receipts",
            "you: And in euros?",
            "agent: 4,218.60"
        ]
    );
    assert_eq!(state.usage.cost_usd, Some("0.2".parse::<Usd>().unwrap()));
    assert_eq!(state.status, RunStatus::Running);
    assert_eq!(state.end, None);
    assert_eq!(state.worked_ms(state.clock.last_at), 2_000);
    assert!(matches!(state.trace.entries()[1].as_ref(), Entry::Message));
}

#[test]
fn the_host_says_whether_a_run_is_driven() {
    let script = Script::new().starts().asks_model(1, 1);
    let mut detail = RunDetail {
        workdir: String::new(),
        summary: summary(RunStatus::Running, false),
        approvals: Vec::new(),
        more: false,
        events: script.events,
    };
    let cut = RunState::load(&detail);
    assert_eq!(cut.phase(), Phase::CutOff);
    assert_eq!(
        model(&cut, 1).phase,
        ModelPhase::CutOff,
        "nothing moves in a run that nobody drives"
    );
    detail.summary.driven = true;
    assert!(matches!(RunState::load(&detail).phase(), Phase::Working(_)));
}

#[test]
fn an_ended_run_knows_its_end() {
    let mut ended = summary(RunStatus::Failed, false);
    let end = End {
        status: RunStatus::Failed,
        reason: EndReason::OverBudget,
        message: "It would cost more.".to_owned(),
        output: None,
    };
    ended.end = Some(end.clone());
    let state = RunState::load(&RunDetail {
        workdir: String::new(),
        summary: ended,
        approvals: Vec::new(),
        more: false,
        events: Vec::new(),
    });
    assert_eq!(state.phase(), Phase::Failed(Some(EndReason::OverBudget)));
    assert_eq!(state.end, Some(end));
}

#[test]
fn ten_thousand_steps_are_a_window_full_of_rows() {
    const CALLS: u32 = 2_500;
    let mut script = Script::new().starts();
    for round in 0..CALLS {
        let first = round * 4 + 1;
        let names = [1, 2, 3].map(|call| format!("call-{}", first + call));
        let wanted = names.iter().map(|name| wants(name, "read_file")).collect();
        script = script
            .asks_model(first, 1)
            .answers(first, wanted, Some("0.001"));
        for (name, step) in names.iter().zip(first + 1..) {
            script = script.calls(step, name, "read_file");
        }
        for (name, step) in names.iter().zip(first + 1..) {
            script = script.returns(step, name, "read_file", false);
        }
    }
    let state = script.fold();
    let entries = state.trace.entries();
    assert_eq!(entries.len(), 10_000);
    assert_eq!(state.usage.tool_calls, CALLS * 3);

    let view = crate::components::Viewport {
        top: 140_000.0,
        height: 900.0,
    };
    let rows = view.rows(std::iter::repeat_n(28.0, entries.len()));
    assert!(
        rows.end - rows.first < 64,
        "only what is in view is drawn: {rows:?}"
    );

    let waterfall = Waterfall::of(&state.trace, at(999_999));
    let bars: Vec<Bar> = entries
        .iter()
        .filter_map(|entry| waterfall.bar(entry.step()?, waterfall.whole()))
        .collect();
    assert_eq!(bars.len(), entries.len());
    assert!(
        bars.iter()
            .all(|bar| 0 <= bar.from && bar.from <= bar.to && bar.to <= PARTS)
    );
    assert_eq!(
        bars.last().map(|bar| bar.to),
        Some(PARTS),
        "the last ends where the axis ends"
    );
}

#[test]
fn what_ran_together_overlaps_and_what_waited_for_a_person_takes_no_room() {
    let state = Script::new()
        .starts()
        .asks_model(1, 1)
        .answers(
            1,
            vec![wants("a", "read_file"), wants("b", "read_file")],
            None,
        )
        .calls(2, "a", "read_file")
        .calls(3, "b", "read_file")
        .returns(2, "a", "read_file", false)
        .returns(3, "b", "read_file", false)
        .wait(3_600)
        .asks_model(4, 1)
        .answers(4, vec![text("Done")], None)
        .fold();
    let waterfall = Waterfall::of(&state.trace, at(99_999));
    let bar = |step: u32| waterfall.bar(StepId(step), waterfall.whole()).unwrap();
    assert!(bar(3).from < bar(2).to, "they ran at the same time");
    assert!(
        bar(1).to <= bar(2).from,
        "and after the answer that asked for them"
    );
    assert_eq!(bar(4).to, PARTS);
    assert!(waterfall.whole().to < 10_000, "{:?}", waterfall.whole());
}

#[test]
fn a_message_is_edited_where_it_was_said() {
    let mut script = Script::new();
    script.run = RUN;
    let state = script
        .starts()
        .asks_model(1, 1)
        .answers(1, vec![text("41")], None)
        .journalled(EventKind::RunContinued {
            parent: PARENT,
            input: "And in euros?".to_owned(),
            attachments: Vec::new(),
        })
        .fold();
    let origins: Vec<_> = state
        .talk
        .iter()
        .filter_map(|said| match said.as_ref() {
            Utterance::Person { origin, .. } => Some(*origin),
            _ => None,
        })
        .collect();
    assert_eq!(
        origins,
        [Origin::Start { run: PARENT }, Origin::After { run: PARENT }]
    );
}

#[test]
fn what_is_reserved_is_held_only_while_the_call_is_under_way() {
    let reserved = "0.0835".parse().ok();
    let asks = |script: Script| {
        script.journalled(EventKind::ModelRequested {
            step: StepId(1),
            attempt: 1,
            provider: "openai".to_owned(),
            model: "gpt-5-mini".to_owned(),
            prompted: false,
            reserved_usd: reserved,
        })
    };
    let under_way = asks(Script::new().starts());
    assert_eq!(under_way.fold().reserved.map(|(_, held)| held), reserved);
    let answered = under_way.answers(1, vec![text("41")], Some("0.01"));
    assert_eq!(answered.fold().reserved, None);
}
