//! Model calls that fail, and are made again.

use super::*;
use crate::ports::model::ModelErrorKind;

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
