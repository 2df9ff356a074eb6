//! What an approval covers, for how long, and how often it counts.

use serde_json::Value;
use slipway_contract::Timestamp;
use slipway_contract::approval::{Approval, Question};
use slipway_contract::message::Content;

use super::*;
use crate::memory::approvals::Reaction;
use crate::ports::journal::Append;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn arguments() -> Value {
    json!({"text": "Grüße", "count": 1, "nested": {"a": [1, 2], "b": "x y"}})
}

fn post_with(definition: ToolDefinition) -> Arc<ScriptedTool> {
    Arc::new(ScriptedTool::new(definition, |_| Ok(json!("posted"))))
}

/// A run that waits for one approval, the tool that it wants to call, and the clock.
async fn parked(limits: Limits) -> (World, Arc<ScriptedTool>, ManualClock, Approval) {
    let clock = ManualClock::automatic();
    let post = post_with(definition("post", Effect::Write));
    let mut world = world(
        [
            Reply::calls([("a", "post", arguments())]),
            Reply::text("Posted."),
        ],
        vec![post.clone()],
    );
    world.ports.clock = Arc::new(clock.clone());
    let mut spec = spec(&[definition("post", Effect::Write)]);
    spec.limits = limits;
    let outcome = run(&world, spec).await;
    assert_eq!(outcome, Outcome::Parked(ParkReason::Approval));
    let state = fold(&world.journal.read(RUN).await.unwrap()).unwrap();
    let approval = state.questions()[0].clone();
    (world, post, clock, approval)
}

fn yes(approval: &Approval) -> Resolution {
    Resolution {
        step: approval.step,
        binding: approval.binding,
        answer: Answer::Approve,
        by: AnsweredBy::Person,
    }
}

async fn answered(ports: &Ports, approval: &Approval) -> Result<Outcome, DriveError> {
    resume(ports, RUN, Some(yes(approval)), &Control::default()).await
}

type Change = fn(&mut ToolDefinition);

#[tokio::test]
async fn one_changed_byte_of_the_tool_voids_its_approval() {
    let same: Change = |_| {};
    let changes: [(&str, Change, bool); 9] = [
        ("nothing", same, true),
        ("the name", |tool| tool.name.push('x'), false),
        ("the name's case", |tool| tool.name = "Post".into(), false),
        ("the description", |tool| tool.description.push(' '), false),
        (
            "the description's normal form",
            |tool| tool.description = tool.description.replace('T', "\u{422}"),
            false,
        ),
        (
            "the schema",
            |tool| tool.schema = json!({"type": "object", "x": null}),
            false,
        ),
        (
            "the schema's type",
            |tool| tool.schema = json!({"type": "Object"}),
            false,
        ),
        ("the server", |tool| tool.server.push('2'), false),
        (
            "the effect",
            |tool| tool.effect = slipway_contract::tool::DeclaredEffect::Always(Effect::Idempotent),
            false,
        ),
    ];
    for (what, change, counts) in changes {
        let (mut world, _, _, approval) = parked(Limits::default()).await;
        let mut changed = definition("post", Effect::Write);
        change(&mut changed);
        let now = post_with(changed);
        world.ports.tools = [now.clone() as Arc<dyn Tool>].into();
        let outcome = answered(&world.ports, &approval).await.unwrap();
        let expected = if counts {
            (RunStatus::Succeeded, EndReason::Answered)
        } else {
            (RunStatus::Failed, EndReason::Tool)
        };
        assert_eq!(ended(&outcome), expected, "{what}");
        assert_eq!(now.calls().len(), usize::from(counts), "{what}");
    }
}

/// A journal of which somebody changed what it says.
struct Changed {
    inner: Arc<MemoryJournal>,
    arguments: Value,
    /// Whether the question was changed too, so that it still fits the model's answer.
    with_question: bool,
}

impl Changed {
    fn change(&self, event: &mut Event) {
        match event {
            Event::ModelResponded { content, .. } => {
                for part in content {
                    if let Content::ToolCall(call) = part {
                        call.arguments = self.arguments.clone();
                    }
                }
            }
            Event::ApprovalRequested(asked) if self.with_question => {
                if let Question::Call { arguments, .. } = &mut asked.question {
                    *arguments = self.arguments.clone();
                }
            }
            _ => {}
        }
    }
}

#[async_trait]
impl Journal for Changed {
    async fn create(&self, new: NewRun) -> Result<Lease, JournalError> {
        self.inner.create(new).await
    }
    async fn append(&self, append: Append) -> Result<(), JournalError> {
        self.inner.append(append).await
    }
    async fn read(&self, run: RunId) -> Result<Vec<Recorded>, JournalError> {
        let mut events = self.inner.read(run).await?;
        events
            .iter_mut()
            .for_each(|recorded| self.change(&mut recorded.event));
        Ok(events)
    }
}

#[tokio::test]
async fn one_changed_byte_of_the_arguments_voids_their_approval() {
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut arguments = arguments();
        change(&mut arguments);
        arguments
    };
    let reordered = json!({"nested": {"b": "x y", "a": [1, 2]}, "count": 1, "text": "Grüße"});
    let cases: Vec<(&str, Value, bool)> = vec![
        ("nothing", arguments(), true),
        (
            "the order of keys, which JSON does not know",
            reordered,
            true,
        ),
        ("a letter", changed(&|a| a["text"] = json!("Grüsse")), false),
        ("its case", changed(&|a| a["text"] = json!("grüße")), false),
        (
            "its normal form",
            changed(&|a| a["text"] = json!("Gru\u{308}ße")),
            false,
        ),
        ("a space", changed(&|a| a["text"] = json!("Grüße ")), false),
        (
            "the kind of a space",
            changed(&|a| a["nested"]["b"] = json!("x\u{a0}y")),
            false,
        ),
        (
            "an invisible letter",
            changed(&|a| a["text"] = json!("Grüße\u{200b}")),
            false,
        ),
        ("1 to 1.0", changed(&|a| a["count"] = json!(1.0)), false),
        ("1 to \"1\"", changed(&|a| a["count"] = json!("1")), false),
        ("1 to true", changed(&|a| a["count"] = json!(true)), false),
        (
            "an added null",
            changed(&|a| a["more"] = Value::Null),
            false,
        ),
        (
            "a missing field",
            json!({"text": "Grüße", "count": 1}),
            false,
        ),
        (
            "the order of a list",
            changed(&|a| a["nested"]["a"] = json!([2, 1])),
            false,
        ),
        (
            "a key's case",
            json!({"Text": "Grüße", "count": 1, "nested": {"a": [1, 2], "b": "x y"}}),
            false,
        ),
    ];
    for (what, arguments, counts) in cases {
        for with_question in [false, true] {
            let (mut world, post, _, approval) = parked(Limits::default()).await;
            world.ports.journal = Arc::new(Changed {
                inner: world.journal.clone(),
                arguments: arguments.clone(),
                with_question,
            });
            let outcome = answered(&world.ports, &approval).await;
            let made = post.calls().len();
            assert_eq!(made, usize::from(counts), "{what}: {outcome:?}");
            match outcome {
                Ok(outcome) if counts => assert_eq!(ended(&outcome).0, RunStatus::Succeeded),
                // The door: the question fits the answer, and what was approved is something else.
                Ok(outcome) => assert_eq!(
                    (with_question, ended(&outcome)),
                    (true, (RunStatus::Failed, EndReason::Tool)),
                    "{what}"
                ),
                // The fold: the question does not fit what the model asked for.
                Err(error) => assert!(
                    !with_question && !counts && matches!(error, DriveError::Illegal(_)),
                    "{what}: {error}"
                ),
            }
        }
    }
}

#[tokio::test]
async fn an_answer_counts_until_its_question_expires() {
    let week = 7 * DAY;
    let two_days = Limits {
        approval_timeout_ms: Some(2 * 24 * 60 * 60 * 1000),
        ..Limits::default()
    };
    for (limits, wait) in [(Limits::default(), week), (two_days, 2 * DAY)] {
        let (world, post, clock, approval) = parked(limits).await;
        let head = world.journal.head(RUN).unwrap();
        assert_eq!(head.expires_at, approval.expires_at);
        assert_eq!(approval.expires_at, clock.now().checked_add(wait).ok());
        clock.advance(wait - Duration::from_millis(1));
        assert_eq!(expire(&world.ports, RUN).await.unwrap(), None);
        let outcome = answered(&world.ports, &approval).await.unwrap();
        assert_eq!(ended(&outcome).0, RunStatus::Succeeded);
        assert_eq!(post.calls().len(), 1);
        assert_eq!(world.journal.head(RUN).unwrap().expires_at, None);

        let (world, post, clock, approval) = parked(limits).await;
        clock.advance(wait);
        let late = answered(&world.ports, &approval).await;
        assert!(matches!(late, Err(DriveError::Expired(_))), "{late:?}");
        assert!(post.calls().is_empty(), "a late answer changes nothing");
        let head = world.journal.head(RUN).unwrap();
        let end = head.end.unwrap();
        assert_eq!(
            (end.status, end.reason),
            (RunStatus::Failed, EndReason::ApprovalExpired)
        );
        assert!(end.message.contains("\"post\""), "{}", end.message);
        let events = world.journal.read(RUN).await.unwrap();
        assert!(
            !events
                .iter()
                .any(|recorded| matches!(recorded.event, Event::ApprovalResolved { .. }))
        );
        assert!(matches!(
            answered(&world.ports, &approval).await,
            Err(DriveError::Ended)
        ));
    }
}

#[tokio::test]
async fn a_run_that_waited_too_long_ends_when_it_is_looked_at() {
    let (world, _, clock, _) = parked(Limits::default()).await;
    clock.advance(7 * DAY);
    let end = expire(&world.ports, RUN).await.unwrap().unwrap();
    assert_eq!(end.reason, EndReason::ApprovalExpired);
    assert_eq!(expire(&world.ports, RUN).await.unwrap(), None, "once");

    let (world, _, clock, _) = parked(Limits::default()).await;
    clock.advance(7 * DAY);
    let outcome = resume(&world.ports, RUN, None, &Control::default()).await;
    assert_eq!(
        ended(&outcome.unwrap()),
        (RunStatus::Failed, EndReason::ApprovalExpired)
    );
}

#[tokio::test]
async fn a_question_that_a_person_ponders_expires_too() {
    let post = post_with(definition("post", Effect::Write));
    let mut world = world(
        [Reply::calls([("a", "post", arguments())])],
        vec![post.clone()],
    );
    world.ports.approvals = Arc::new(ScriptedApprovals::new([Reaction::Ponder]));
    let mut spec = spec(&[definition("post", Effect::Write)]);
    spec.limits.approval_timeout_ms = Some(30_000);
    let outcome = run(&world, spec).await;
    assert_eq!(
        ended(&outcome),
        (RunStatus::Failed, EndReason::ApprovalExpired)
    );
    assert!(post.calls().is_empty());
}

/// Somebody who answers yes when it is too late, as the clock on the wall says.
struct TooLate(ManualClock);

#[async_trait]
impl Approvals for TooLate {
    async fn ask(&self, _: RunId, approval: &Approval) -> Option<(Answer, AnsweredBy)> {
        self.0.set(approval.expires_at.unwrap());
        Some((Answer::Approve, AnsweredBy::Person))
    }
}

#[tokio::test]
async fn a_yes_that_comes_too_late_while_the_run_is_driven_changes_nothing() {
    let clock = ManualClock::automatic();
    let post = post_with(definition("post", Effect::Write));
    let mut world = world(
        [Reply::calls([("a", "post", arguments())])],
        vec![post.clone()],
    );
    world.ports.clock = Arc::new(clock.clone());
    world.ports.approvals = Arc::new(TooLate(clock));
    let outcome = run(&world, spec(&[definition("post", Effect::Write)])).await;
    assert_eq!(
        ended(&outcome),
        (RunStatus::Failed, EndReason::ApprovalExpired)
    );
    assert!(post.calls().is_empty());
}

#[tokio::test]
async fn no_journal_holds_an_answer_that_came_too_late() {
    let (world, _, _, approval) = parked(Limits::default()).await;
    let mut state = fold(&world.journal.read(RUN).await.unwrap()).unwrap();
    let answer = |at: Timestamp| Recorded {
        seq: state.last_seq() + 1,
        at,
        event: Event::ApprovalResolved {
            step: approval.step,
            binding: approval.binding,
            answer: Answer::Approve,
            by: AnsweredBy::Person,
        },
    };
    let end = approval.expires_at.unwrap();
    let (late, just) = (
        answer(end),
        answer(end.checked_sub(Duration::from_millis(1)).unwrap()),
    );
    assert!(state.apply(&late).is_err());
    assert!(state.apply(&just).is_ok());
}

#[tokio::test]
async fn whether_a_call_happened_is_waited_for_without_end() {
    let send = Arc::new(ScriptedTool::new(definition("send", Effect::Write), |_| {
        let broke = "the line broke".into();
        Err(crate::ports::tool::ToolError::Unknown(broke))
    }));
    let clock = ManualClock::automatic();
    let mut world = world([Reply::calls([("a", "send", json!({}))])], vec![send]);
    world.ports.clock = Arc::new(clock.clone());
    let mut spec = spec(&[definition("send", Effect::Write)]);
    spec.tools[0].approval = Some(ApprovalPolicy::Allow);
    spec.granted = vec![Permission::Unasked {
        tool: "send".into(),
    }];
    let outcome = run(&world, spec).await;
    assert_eq!(outcome, Outcome::Parked(ParkReason::OutcomeUnknown));
    assert_eq!(world.journal.head(RUN).unwrap().expires_at, None);
    clock.advance(1_000 * DAY);
    assert_eq!(expire(&world.ports, RUN).await.unwrap(), None);
}

/// A run that asks two things at once.
async fn asks_twice() -> (World, Arc<ScriptedTool>, Vec<Approval>) {
    let post = post_with(definition("post", Effect::Write));
    let calls = Reply::calls([
        ("a", "post", json!({"n": 1})),
        ("b", "post", json!({"n": 2})),
    ]);
    let world = world([calls, Reply::text("Posted.")], vec![post.clone()]);
    let outcome = run(&world, spec(&[definition("post", Effect::Write)])).await;
    assert_eq!(outcome, Outcome::Parked(ParkReason::Approval));
    let state = fold(&world.journal.read(RUN).await.unwrap()).unwrap();
    let questions = state.questions().into_iter().cloned().collect();
    (world, post, questions)
}

#[tokio::test]
async fn two_questions_are_answered_in_any_order_and_each_once() {
    for order in [[0, 1], [1, 0]] {
        let (world, post, questions) = asks_twice().await;
        let [first, second] = order.map(|index| &questions[index]);
        let outcome = answered(&world.ports, first).await.unwrap();
        assert_eq!(outcome, Outcome::Parked(ParkReason::Approval));
        assert_eq!(post.calls().len(), 1);
        let again = answered(&world.ports, first).await;
        assert!(matches!(again, Err(DriveError::Illegal(_))), "{again:?}");
        assert_eq!(post.calls().len(), 1, "the same answer twice counts once");
        let swapped = Resolution {
            step: second.step,
            ..yes(first)
        };
        let swapped = resume(&world.ports, RUN, Some(swapped), &Control::default()).await;
        assert!(matches!(swapped, Err(DriveError::Illegal(_))));
        let outcome = answered(&world.ports, second).await.unwrap();
        assert_eq!(ended(&outcome).0, RunStatus::Succeeded);
        assert_eq!(post.calls().len(), 2);
    }
}

#[tokio::test]
async fn of_two_answers_at_the_same_time_one_counts() {
    let (world, post, questions) = asks_twice().await;
    let no = Resolution {
        answer: Answer::Deny {
            reason: String::new(),
        },
        ..yes(&questions[0])
    };
    let control = Control::default();
    let (one, other) = tokio::join!(
        answered(&world.ports, &questions[0]),
        resume(&world.ports, RUN, Some(no), &control),
    );
    assert_eq!(
        u8::from(one.is_ok()) + u8::from(other.is_ok()),
        1,
        "{one:?} {other:?}"
    );
    assert_eq!(post.calls().len(), usize::from(one.is_ok()));
    let resolved = world.journal.read(RUN).await.unwrap();
    let resolved = resolved
        .iter()
        .filter(|recorded| matches!(recorded.event, Event::ApprovalResolved { .. }));
    assert_eq!(resolved.count(), 1);
}
