//! The driver with in-memory parts: what it journals, when it starts things, how it stops.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use serde_json::json;
use slipway_contract::approval::Answer;
use slipway_contract::event::{EventKind, RunEvent};
use slipway_contract::message::Message;
use slipway_contract::model::Price;
use slipway_contract::permission::Permission;
use slipway_contract::run::{EndReason, RunStatus};
use slipway_contract::tool::{ApprovalPolicy, Effect, ToolDefinition};
use slipway_contract::{ContentHash, RunId};

use super::*;
use crate::memory::approvals::{NoApprovals, ScriptedApprovals};
use crate::memory::clock::ManualClock;
use crate::memory::journal::MemoryJournal;
use crate::memory::lease::MemoryLeases;
use crate::memory::ledger::MemoryLedger;
use crate::memory::model::{Reply, ScriptedModel};
use crate::memory::prices::{FixedPrices, SimpleTokenCounter};
use crate::memory::random::SeededRandom;
use crate::memory::tool::{ScriptedTool, definition};
use crate::ports::journal::Append;
use crate::ports::model::{ModelError, ModelErrorKind};
use crate::spec::{Limits, ToolSpec};

mod approvals;
mod endings;
mod fork;
mod money;
mod reconcile;

const RUN: RunId = RunId::from_random([7; 10]);

#[derive(Default)]
struct Seen(Mutex<Vec<RunEvent>>);

impl Observer for Seen {
    fn event(&self, event: &RunEvent) {
        self.0.lock().unwrap().push(event.clone());
    }
}

/// A world of in-memory parts; tests change what they are about.
struct World {
    ports: Ports,
    journal: Arc<MemoryJournal>,
    ledger: Arc<MemoryLedger>,
    seen: Arc<Seen>,
    model: Arc<ScriptedModel>,
}

fn world(script: impl IntoIterator<Item = Reply>, tools: Vec<Arc<ScriptedTool>>) -> World {
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::automatic());
    let model = Arc::new(ScriptedModel::new(script).on(Arc::clone(&clock)));
    let leases = MemoryLeases::new(Arc::clone(&clock));
    let ledger = Arc::new(MemoryLedger::default());
    let journal = MemoryJournal::new(leases.clone()).settling((*ledger).clone());
    let journal = Arc::new(journal);
    let seen = Arc::new(Seen::default());
    let ports = Ports {
        model: model.clone(),
        tools: tools
            .into_iter()
            .map(|tool| tool as Arc<dyn Tool>)
            .collect(),
        approvals: Arc::new(NoApprovals),
        journal: journal.clone(),
        leases: Arc::new(leases),
        ledger: ledger.clone(),
        prices: Arc::new(FixedPrices::all(Price::FREE)),
        tokens: Arc::new(SimpleTokenCounter),
        clock,
        random: Arc::new(SeededRandom::new(1)),
        observer: seen.clone(),
    };
    World {
        ports,
        journal,
        ledger,
        seen,
        model,
    }
}

fn spec(tools: &[ToolDefinition]) -> RunSpec {
    let tools = tools.iter().map(|definition| ToolSpec {
        definition: definition.clone(),
        approval: None,
        reconciles: false,
    });
    RunSpec {
        agent: "tester".parse().unwrap(),
        title: "Tester".into(),
        version: ContentHash::from_bytes([1; 32]),
        behaviour: ContentHash::from_bytes([2; 32]),
        model: "test/model".parse().unwrap(),
        temperature: None,
        context_tokens: None,
        max_output_tokens: None,
        instructions: "Do it.".into(),
        tools: tools.collect(),
        limits: Limits::default(),
        output_schema: None,
        granted: vec![],
        missing: vec![],
        folder: None,
        package_files: None,
        network: true,
        workdir: "/nowhere".into(),
        input: "Go.".into(),
        attachments: Vec::new(),
        reasoning: None,
        tool_choice: None,
    }
}

async fn run(world: &World, spec: RunSpec) -> Outcome {
    start(&world.ports, RUN, spec, &Control::default())
        .await
        .unwrap()
}

fn ended(outcome: &Outcome) -> (RunStatus, EndReason) {
    match outcome {
        Outcome::Ended(end) => (end.status, end.reason),
        other => panic!("the run must end: {other:?}"),
    }
}

#[tokio::test]
async fn parallel_calls_run_together_and_their_results_reach_the_next_request_in_order() {
    let gate = Arc::new(tokio::sync::Semaphore::new(0));
    let slow = {
        let gate = gate.clone();
        Arc::new(ScriptedTool::with(
            definition("slow", Effect::Read),
            move |_| {
                let gate = gate.clone();
                async move {
                    gate.acquire().await.unwrap().forget();
                    Ok(json!("slow result"))
                }
            },
        ))
    };
    let fast = Arc::new(ScriptedTool::with(
        definition("fast", Effect::Read),
        move |_| {
            // Only a call that runs beside it can open the gate.
            gate.add_permits(1);
            async { Ok(json!({"fast": true})) }
        },
    ));
    let script = [
        Reply::calls([("a", "slow", json!({})), ("b", "fast", json!({}))]),
        Reply::text("Both done."),
    ];
    let world = world(script, vec![slow, fast]);
    let outcome = run(
        &world,
        spec(&[
            definition("slow", Effect::Read),
            definition("fast", Effect::Read),
        ]),
    )
    .await;
    assert_eq!(ended(&outcome), (RunStatus::Succeeded, EndReason::Answered));

    let requests = world.model.requests();
    assert_eq!(requests.len(), 2);
    let results: Vec<_> = requests[1]
        .messages
        .iter()
        .filter_map(|message| match message {
            Message::Tool { call_id, text, .. } => Some((call_id.0.as_str(), text.as_str())),
            _ => None,
        })
        .collect();
    assert_eq!(results, [("a", "slow result"), ("b", r#"{"fast":true}"#)]);
}

#[tokio::test]
async fn an_event_is_shown_only_after_it_was_journalled() {
    struct Check {
        journal: Arc<MemoryJournal>,
        shown: Mutex<u64>,
    }
    impl Observer for Check {
        fn event(&self, event: &RunEvent) {
            let Some(seq) = event.seq else { return };
            let journalled = futures::executor::block_on(self.journal.read(RUN)).unwrap();
            assert!(
                journalled.iter().any(|recorded| recorded.seq == seq),
                "{event:?} was shown too early"
            );
            *self.shown.lock().unwrap() += 1;
        }
    }
    let tool = Arc::new(ScriptedTool::echo("read", Effect::Read));
    let mut world = world(
        [
            Reply::calls([("a", "read", json!({}))]),
            Reply::text("Done."),
        ],
        vec![tool],
    );
    let check = Arc::new(Check {
        journal: world.journal.clone(),
        shown: Mutex::new(0),
    });
    world.ports.observer = check.clone();
    run(&world, spec(&[definition("read", Effect::Read)])).await;
    assert!(*check.shown.lock().unwrap() >= 7);
}

#[tokio::test]
async fn a_transient_failure_is_tried_again_no_sooner_than_asked() {
    let mut busy = ModelError::new(ModelErrorKind::RateLimit, "slow down");
    busy.retry_after = Some(Duration::from_secs(9));
    let world = world([Reply::error(busy), Reply::text("Done.")], vec![]);
    let begun = world.ports.clock.monotonic();
    let outcome = run(&world, spec(&[])).await;
    assert_eq!(ended(&outcome).0, RunStatus::Succeeded);
    assert!(world.ports.clock.monotonic() - begun >= Duration::from_secs(9));
    let failed = world.seen.0.lock().unwrap().iter().any(|event| {
        matches!(event.kind, EventKind::ModelFailed { attempt: 1, retry_in_ms: Some(ms), .. } if ms >= 9000)
    });
    assert!(failed, "the wait must be in the journal");
}

#[tokio::test]
async fn attempts_end_and_say_why() {
    let script =
        (0..10).map(|_| Reply::fail(ModelErrorKind::Overloaded, "the provider is overloaded"));
    let world = world(script, vec![]);
    let outcome = run(&world, spec(&[])).await;
    assert_eq!(ended(&outcome), (RunStatus::Failed, EndReason::Model));
    assert_eq!(world.model.requests().len(), 4);
}

#[tokio::test]
async fn cancelling_in_the_middle_of_an_answer_ends_the_run_and_drops_the_call() {
    let world = world([Reply::hang()], vec![]);
    let control = Control::default();
    let cancel = control.cancel.clone();
    let (outcome, ()) = tokio::join!(start(&world.ports, RUN, spec(&[]), &control), async {
        while world.model.requests().is_empty() {
            tokio::task::yield_now().await;
        }
        cancel.cancel();
    });
    assert_eq!(
        ended(&outcome.unwrap()),
        (RunStatus::Cancelled, EndReason::CancelledByPerson)
    );
    assert_eq!(world.model.dropped(), 1, "the connection is closed");
    let again = resume(&world.ports, RUN, None, &Control::default()).await;
    assert!(matches!(again, Err(DriveError::Ended)));
}

#[tokio::test]
async fn a_run_that_is_let_go_of_goes_on_where_it_was() {
    let tool = Arc::new(ScriptedTool::echo("read", Effect::Read));
    let script = [
        Reply::calls([("a", "read", json!({}))]),
        Reply::hang(),
        Reply::text("Done."),
    ];
    let world = world(script, vec![tool.clone()]);
    let control = Control::default();
    let detach = control.detach.clone();
    let spec = spec(&[definition("read", Effect::Read)]);
    let (outcome, ()) = tokio::join!(start(&world.ports, RUN, spec, &control), async {
        while world.model.requests().len() < 2 {
            tokio::task::yield_now().await;
        }
        detach.cancel();
    });
    assert_eq!(outcome.unwrap(), Outcome::Detached);
    let outcome = resume(&world.ports, RUN, None, &Control::default())
        .await
        .unwrap();
    assert_eq!(ended(&outcome).0, RunStatus::Succeeded);
    assert_eq!(tool.calls().len(), 1, "a completed call is not made again");
    assert_eq!(world.model.requests().len(), 3);
}

/// A journal that fails after some appends, as a process that is killed there.
struct Breaking {
    inner: Arc<MemoryJournal>,
    left: Mutex<u32>,
}

#[async_trait]
impl Journal for Breaking {
    async fn create(&self, new: NewRun) -> Result<Lease, JournalError> {
        self.inner.create(new).await
    }
    async fn append(&self, append: Append) -> Result<(), JournalError> {
        {
            let mut left = self.left.lock().unwrap();
            if *left == 0 {
                return Err(JournalError::Storage("the disk is full".into()));
            }
            *left -= 1;
        }
        self.inner.append(append).await
    }
    async fn read(&self, run: RunId) -> Result<Vec<Recorded>, JournalError> {
        self.inner.read(run).await
    }
}

/// A model whose answer depends on the conversation alone, as a real one's would.
struct Steady {
    answers: Vec<Reply>,
    asked: Mutex<Vec<usize>>,
}

#[async_trait]
impl Model for Steady {
    async fn call(
        &self,
        request: &crate::ports::model::ModelRequest,
        _: &dyn crate::ports::model::Deltas,
    ) -> Result<crate::ports::model::ModelResponse, ModelError> {
        let turn = request
            .messages
            .iter()
            .filter(|message| matches!(message, Message::Assistant { .. }))
            .count();
        self.asked.lock().unwrap().push(turn);
        match &self.answers[turn] {
            Reply::Answer { response, .. } => Ok(response.clone()),
            other => panic!("{other:?} is no answer"),
        }
    }
}

#[tokio::test]
async fn cut_off_after_any_append_it_resumes_to_the_same_end_and_repeats_no_completed_call() {
    let mut cut_off = 0;
    for appends in 0..9 {
        let read = Arc::new(ScriptedTool::echo("read", Effect::Read));
        let put = Arc::new(ScriptedTool::echo("put", Effect::Idempotent));
        let model = Arc::new(Steady {
            answers: vec![
                Reply::calls([
                    ("a", "read", json!({"n": 1})),
                    ("b", "put", json!({"n": 2})),
                ]),
                Reply::calls([("c", "read", json!({"n": 3}))]),
                Reply::text("Done."),
            ],
            asked: Mutex::default(),
        });
        let mut world = world([], vec![read.clone(), put.clone()]);
        world.ports.model = model.clone();
        world.ports.journal = Arc::new(Breaking {
            inner: world.journal.clone(),
            left: Mutex::new(appends),
        });
        let mut spec = spec(&[
            definition("read", Effect::Read),
            definition("put", Effect::Idempotent),
        ]);
        spec.granted = vec![Permission::Unasked { tool: "put".into() }];
        spec.tools[1].approval = Some(ApprovalPolicy::Allow);
        match start(&world.ports, RUN, spec, &Control::default()).await {
            Err(DriveError::Journal(JournalError::Storage(_))) => {
                cut_off += 1;
                world.ports.journal = world.journal.clone();
                let outcome = resume(&world.ports, RUN, None, &Control::default())
                    .await
                    .unwrap();
                assert_eq!(
                    ended(&outcome).0,
                    RunStatus::Succeeded,
                    "after {appends} appends"
                );
            }
            other => assert_eq!(ended(&other.unwrap()).0, RunStatus::Succeeded),
        }
        let asked = model.asked.lock().unwrap().clone();
        let repeated = asked.len() - 3;
        assert!(
            repeated <= 1,
            "at most the model call in flight is repeated: {asked:?}"
        );
        let keys: std::collections::BTreeSet<_> = put
            .calls()
            .into_iter()
            .map(|invocation| invocation.idempotency_key)
            .collect();
        assert_eq!(keys.len(), 1, "a repeated call carries the same key");
        let done = world.journal.read(RUN).await.unwrap();
        let returned = done
            .iter()
            .filter(|event| matches!(event.event, Event::ToolReturned { .. }))
            .count();
        assert_eq!(returned, 3, "each call has one result");
    }
    assert!(cut_off >= 4, "the run was cut off at {cut_off} places");
}

#[tokio::test]
async fn an_unattended_question_parks_and_an_answer_goes_on() {
    let post = Arc::new(ScriptedTool::echo("post", Effect::Write));
    let world = world(
        [
            Reply::calls([("a", "post", json!({"text": "hi"}))]),
            Reply::text("Posted."),
        ],
        vec![post.clone()],
    );
    let outcome = run(&world, spec(&[definition("post", Effect::Write)])).await;
    assert_eq!(outcome, Outcome::Parked(ParkReason::Approval));
    assert!(post.calls().is_empty());
    assert_eq!(world.journal.head(RUN).unwrap().status, RunStatus::Parked);

    let state = fold(&world.journal.read(RUN).await.unwrap()).unwrap();
    let question = state.questions()[0].clone();
    let mut resolution = Resolution {
        step: question.step,
        binding: ContentHash::from_bytes([0; 32]),
        answer: Answer::Approve,
        by: AnsweredBy::Person,
    };
    let wrong = resume(
        &world.ports,
        RUN,
        Some(resolution.clone()),
        &Control::default(),
    )
    .await;
    assert!(
        matches!(wrong, Err(DriveError::Illegal(_))),
        "an answer to another question is void: {wrong:?}"
    );
    assert!(post.calls().is_empty());
    resolution.binding = question.binding;
    let outcome = resume(&world.ports, RUN, Some(resolution), &Control::default())
        .await
        .unwrap();
    assert_eq!(ended(&outcome).0, RunStatus::Succeeded);
    assert_eq!(post.calls().len(), 1);
}

#[tokio::test]
async fn a_person_who_is_there_is_asked_and_the_run_does_not_park() {
    let post = Arc::new(ScriptedTool::echo("post", Effect::Write));
    let mut world = world(
        [
            Reply::calls([("a", "post", json!({}))]),
            Reply::text("Posted."),
        ],
        vec![post.clone()],
    );
    let approvals = Arc::new(ScriptedApprovals::always(Answer::Approve));
    world.ports.approvals = approvals.clone();
    let outcome = run(&world, spec(&[definition("post", Effect::Write)])).await;
    assert_eq!(ended(&outcome).0, RunStatus::Succeeded);
    assert_eq!((approvals.asked().len(), post.calls().len()), (1, 1));
}

#[tokio::test]
async fn a_tool_that_changed_since_the_run_began_is_not_called() {
    let post = Arc::new(ScriptedTool::echo("post", Effect::Write));
    let mut world = world(
        [Reply::calls([("a", "post", json!({}))])],
        vec![post.clone()],
    );
    world.ports.approvals = Arc::new(ScriptedApprovals::always(Answer::Approve));
    let mut told = definition("post", Effect::Write);
    told.description.push_str(" (as it was approved)");
    let outcome = run(&world, spec(&[told])).await;
    assert_eq!(ended(&outcome), (RunStatus::Failed, EndReason::Tool));
    assert!(post.calls().is_empty());
}

#[tokio::test]
async fn a_writing_tool_that_gives_no_answer_parks_with_the_question_whether_it_happened() {
    let post = Arc::new(
        ScriptedTool::hanging("post", Effect::Write).timing_out_after(Duration::from_secs(5)),
    );
    let mut world = world(
        [
            Reply::calls([("a", "post", json!({}))]),
            Reply::text("Fine."),
        ],
        vec![post],
    );
    world.ports.approvals = Arc::new(ScriptedApprovals::new([
        crate::memory::approvals::Reaction::Answer(Answer::Approve),
    ]));
    let outcome = run(&world, spec(&[definition("post", Effect::Write)])).await;
    assert_eq!(outcome, Outcome::Parked(ParkReason::OutcomeUnknown));
}

#[tokio::test]
async fn a_run_out_of_time_is_ended() {
    let world = world([Reply::hang()], vec![]);
    let mut spec = spec(&[]);
    spec.limits.timeout_ms = Some(60_000);
    assert_eq!(
        ended(&run(&world, spec).await),
        (RunStatus::Failed, EndReason::Timeout)
    );
}

#[tokio::test]
async fn a_call_that_does_not_fit_the_budget_is_not_made() {
    let mut world = world([Reply::text("Too dear.")], vec![]);
    let dear = Price {
        input: "1000".parse().unwrap(),
        cached_input: "1000".parse().unwrap(),
        output: "1000".parse().unwrap(),
        cache_write: None,
    };
    world.ports.prices = Arc::new(FixedPrices::all(dear));
    let mut spec = spec(&[]);
    spec.limits.budget_usd = Some("0.01".parse().unwrap());
    assert_eq!(
        ended(&run(&world, spec).await),
        (RunStatus::Failed, EndReason::OverBudget)
    );
    assert!(world.model.requests().is_empty());
    assert_eq!(world.ledger.committed(RUN), slipway_contract::Usd::ZERO);
}

#[tokio::test]
async fn a_long_conversation_is_compacted_and_the_journal_says_so() {
    let big = Arc::new(ScriptedTool::with(
        definition("read", Effect::Read),
        |_| async { Ok(json!("x".repeat(6000))) },
    ));
    let calls = (0..6).map(|n| Reply::calls([("a", "read", json!({"n": n}))]));
    let world = world(calls.chain([Reply::text("Done.")]), vec![big]);
    let mut spec = spec(&[definition("read", Effect::Read)]);
    spec.context_tokens = Some(6000);
    let outcome = run(&world, spec).await;
    assert_eq!(ended(&outcome).0, RunStatus::Succeeded);
    let requests = world.model.requests();
    let last = requests.last().unwrap();
    assert!(
        world.ports.tokens.count(last) <= 6000,
        "the request fits the window"
    );
    assert_eq!(&*last.instructions, "Do it.");
    assert!(
        matches!(&last.messages[0], Message::User { text, .. } if text == "Go."),
        "the task stays"
    );
    assert!(
        matches!(last.messages.last(), Some(Message::Tool { text, .. }) if text.len() == 6000),
        "the newest result stays whole"
    );
    let compacted = world
        .seen
        .0
        .lock()
        .unwrap()
        .iter()
        .any(|event| matches!(event.kind, EventKind::ContextCompacted { .. }));
    assert!(compacted, "compaction is visible");
}

#[tokio::test]
async fn a_further_message_makes_a_run_that_shares_its_parents_prefix() {
    let world = world([Reply::text("Four."), Reply::text("Eight.")], vec![]);
    run(&world, spec(&[])).await;
    let child = RunId::from_random([8; 10]);
    let mut further = spec(&[]);
    further.input = "And twice that?".into();
    let outcome = converse(&world.ports, child, RUN, further, &Control::default())
        .await
        .unwrap();
    assert_eq!(ended(&outcome).0, RunStatus::Succeeded);
    assert_eq!(world.model.requests()[1].messages.len(), 3);
    let (parent, child) = (
        world.journal.read(RUN).await.unwrap(),
        world.journal.read(child).await.unwrap(),
    );
    assert_eq!(child[..parent.len()], parent[..]);
}

#[tokio::test]
async fn a_run_that_another_drives_is_left_alone() {
    let world = world([Reply::hang()], vec![]);
    let control = Control::default();
    let cancel = control.cancel.clone();
    let (first, second) = tokio::join!(start(&world.ports, RUN, spec(&[]), &control), async {
        while world.model.requests().is_empty() {
            tokio::task::yield_now().await;
        }
        let second = resume(&world.ports, RUN, None, &Control::default()).await;
        cancel.cancel();
        second
    });
    assert!(first.is_ok());
    assert!(
        matches!(second, Err(DriveError::Lease(LeaseError::Held { .. }))),
        "{second:?}"
    );
}

#[tokio::test]
async fn a_tool_that_panics_fails_the_run_and_nothing_else() {
    let tool = Arc::new(ScriptedTool::with(
        definition("read", Effect::Read),
        |_| async { panic!("a fault in the tool") },
    ));
    let world = world([Reply::calls([("a", "read", json!({}))])], vec![tool]);
    let outcome = run(&world, spec(&[definition("read", Effect::Read)])).await;
    assert_eq!(ended(&outcome), (RunStatus::Failed, EndReason::Tool));
}

#[tokio::test]
async fn the_limit_counts_each_moment_of_work_once() {
    let slow = |reply: Reply| reply.after(Duration::from_secs(40));
    let tool = Arc::new(ScriptedTool::echo("read", Effect::Read));
    let script = [
        slow(Reply::calls([("a", "read", json!({"n": 1}))])),
        slow(Reply::text("Done.")),
    ];
    let world = world(script, vec![tool]);
    let mut spec = spec(&[definition("read", Effect::Read)]);
    spec.limits.timeout_ms = Some(100_000);
    assert_eq!(
        ended(&run(&world, spec).await).0,
        RunStatus::Succeeded,
        "80 seconds fit into 100"
    );
}

#[tokio::test]
async fn time_that_a_person_takes_to_answer_does_not_count() {
    struct Slow(Arc<dyn Clock>);
    #[async_trait]
    impl Approvals for Slow {
        async fn ask(
            &self,
            _: RunId,
            _: &slipway_contract::approval::Approval,
        ) -> Option<(Answer, AnsweredBy)> {
            self.0.sleep(Duration::from_secs(3600)).await;
            Some((Answer::Approve, AnsweredBy::Person))
        }
    }
    let post = Arc::new(ScriptedTool::echo("post", Effect::Write));
    let mut world = world(
        [
            Reply::calls([("a", "post", json!({}))]),
            Reply::text("Posted."),
        ],
        vec![post],
    );
    world.ports.approvals = Arc::new(Slow(world.ports.clock.clone()));
    let mut spec = spec(&[definition("post", Effect::Write)]);
    spec.limits.timeout_ms = Some(60_000);
    assert_eq!(ended(&run(&world, spec).await).0, RunStatus::Succeeded);
}

#[tokio::test]
async fn a_refusal_that_ends_the_run_starts_nothing_beside_it() {
    let post = Arc::new(ScriptedTool::echo("post", Effect::Write));
    let calls = || Reply::calls([("a", "nonsense", json!({})), ("b", "post", json!({}))]);
    let mut world = world(
        [calls(), calls(), calls(), Reply::text("Never.")],
        vec![post.clone()],
    );
    world.ports.approvals = Arc::new(ScriptedApprovals::always(Answer::Deny {
        reason: String::new(),
    }));
    let outcome = run(&world, spec(&[definition("post", Effect::Write)])).await;
    assert_eq!(
        ended(&outcome),
        (RunStatus::Failed, EndReason::RepeatedFailure)
    );
    assert!(post.calls().is_empty());
}

#[tokio::test]
async fn what_is_done_when_the_process_must_stop_is_kept() {
    let control = Control::default();
    let detach = control.detach.clone();
    let post = Arc::new(ScriptedTool::new(
        definition("post", Effect::Write),
        move |_| {
            // The order to stop comes while the call is about to return.
            detach.cancel();
            Ok(json!("posted"))
        },
    ));
    let mut world = world(
        [
            Reply::calls([("a", "post", json!({}))]),
            Reply::text("Done."),
        ],
        vec![post.clone()],
    );
    world.ports.approvals = Arc::new(ScriptedApprovals::always(Answer::Approve));
    let outcome = start(
        &world.ports,
        RUN,
        spec(&[definition("post", Effect::Write)]),
        &control,
    )
    .await
    .unwrap();
    assert_eq!(outcome, Outcome::Detached);
    let outcome = resume(&world.ports, RUN, None, &Control::default())
        .await
        .unwrap();
    assert_eq!(
        ended(&outcome).0,
        RunStatus::Succeeded,
        "nobody has to be asked: {outcome:?}"
    );
    assert_eq!(post.calls().len(), 1);
}

#[tokio::test]
async fn a_call_with_an_unknown_outcome_is_repeated_only_if_that_is_safe() {
    for (effect, calls, outcome) in [
        (Effect::Read, 1, None),
        (Effect::Idempotent, 2, Some(ParkReason::OutcomeUnknown)),
        (Effect::Write, 1, Some(ParkReason::OutcomeUnknown)),
    ] {
        let lost = Arc::new(ScriptedTool::new(definition("lost", effect), |_| {
            Err(crate::ports::tool::ToolError::Unknown(
                "the connection broke".into(),
            ))
        }));
        let mut world = world(
            [
                Reply::calls([("a", "lost", json!({}))]),
                Reply::text("Told."),
            ],
            vec![lost.clone()],
        );
        world.ports.approvals = Arc::new(ScriptedApprovals::new([
            crate::memory::approvals::Reaction::Answer(Answer::Approve),
        ]));
        let came = run(&world, spec(&[definition("lost", effect)])).await;
        match outcome {
            Some(reason) => assert_eq!(came, Outcome::Parked(reason), "{effect:?}"),
            None => assert_eq!(ended(&came).0, RunStatus::Succeeded, "{effect:?}"),
        }
        assert_eq!(lost.calls().len(), calls, "{effect:?}");
    }
}
