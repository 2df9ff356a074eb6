//! What goes over the wire is kept beside the journal.

use super::*;
use crate::memory::wire::MemoryWire;
use crate::ports::model::{Deltas, Exchanged, ModelErrorKind, ModelRequest, ModelResponse};

/// Tells of each call what a client would tell, where that is wanted.
struct Telling(ScriptedModel);

#[async_trait]
impl Model for Telling {
    async fn call(
        &self,
        request: &ModelRequest,
        deltas: &dyn Deltas,
    ) -> Result<ModelResponse, ModelError> {
        let answer = self.0.call(request, deltas).await;
        if deltas.wants_exchange() {
            let exchanged = Exchanged {
                url: format!("http://127.0.0.1/{}", self.0.requests().len()),
                status: answer.is_ok().then_some(200),
                ..Exchanged::default()
            };
            deltas.exchanged(exchanged.into());
        }
        answer
    }
}

fn telling() -> World {
    let mut world = world([], vec![]);
    let clock = Arc::clone(&world.ports.clock);
    let replies = [
        Reply::fail(ModelErrorKind::Network, "the connection broke"),
        Reply::text("Done.").after(Duration::from_millis(1_500)),
    ];
    world.ports.model = Arc::new(Telling(ScriptedModel::new(replies).on(clock)));
    world
}

async fn run(world: &World) -> Outcome {
    let control = Control::default();
    start(&world.ports, RUN, spec(&[]), &control).await.unwrap()
}

#[tokio::test]
async fn each_attempt_is_kept_with_its_number_and_time() {
    let mut world = telling();
    let wire = Arc::new(MemoryWire::default());
    world.ports.wire = wire.clone();
    assert!(matches!(run(&world).await, Outcome::Ended(end) if end.status == RunStatus::Succeeded));
    let kept = wire.of(RUN);
    let what: Vec<_> = kept
        .iter()
        .map(|record| (record.step.0, record.attempt, record.exchanged.status))
        .collect();
    assert_eq!(what, [(1, 1, None), (1, 2, Some(200))]);
    assert_eq!(kept[1].took_ms, 1_500);
    assert_eq!(kept[1].model, spec(&[]).model);
    assert!(kept[1].at > kept[0].at, "the retry began later");
    assert_eq!(kept[1].exchanged.url, "http://127.0.0.1/2");
}

#[tokio::test]
async fn a_run_is_the_same_where_nothing_is_kept() {
    let (kept, not_kept) = (telling(), telling());
    let mut watched = kept;
    watched.ports.wire = Arc::new(MemoryWire::default());
    let (one, other) = (run(&watched).await, run(&not_kept).await);
    assert_eq!(one, other);
    assert_eq!(
        watched.journal.read(RUN).await.unwrap(),
        not_kept.journal.read(RUN).await.unwrap()
    );
}
