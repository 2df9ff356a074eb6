//! Runs that are taken up again, and by one process only.

use super::*;
use crate::ports::journal::Append;

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
