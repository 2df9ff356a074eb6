//! Further messages.

use super::*;

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
