//! The limits of a run: its time and its money.

use super::*;

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
        dearer: None,
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
