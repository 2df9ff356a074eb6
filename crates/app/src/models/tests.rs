//! What the window asks about models and their providers.

use slipway_contract::ErrorCode;
use slipway_contract::event::EventKind;
use slipway_contract::model::ModelRef;
use slipway_contract::provider::TestFailure;
use slipway_contract::run::RunStatus;
use slipway_runner::testing::Answer;

use crate::testing::{Desk, Reach, run};
use crate::{RunOptions, Target};

fn named(model: &str) -> ModelRef {
    model.parse().unwrap()
}

#[tokio::test]
async fn a_test_says_in_a_word_why_it_failed() {
    let desk = Desk::new([]);
    let works = desk.app().await.test_provider("openai").await;
    assert!(works.works && works.failure.is_none(), "{works:?}");
    let app = desk.reaching(Reach::Nowhere).await;
    for (provider, failure) in [
        ("openai", TestFailure::NoKey),
        ("azure", TestFailure::Address),
        ("nobody", TestFailure::Other),
    ] {
        let test = app.test_provider(provider).await;
        assert_eq!((test.works, test.failure), (false, Some(failure)));
        assert!(test.problem.is_some(), "{provider}");
    }
}

#[tokio::test]
async fn the_servers_of_this_machine_are_tested_together() {
    let desk = Desk::new([]);
    let here = desk.app().await.test_provider("local").await;
    assert!(here.works, "{here:?}");
}

#[tokio::test]
async fn models_are_compared_for_the_window_and_their_events_reach_it() {
    let desk = Desk::new(["Begun.", "One.", "Two."].map(Answer::text));
    let app = desk.app().await;
    // Its first run lists the folder's agent.
    let folder = Target::Folder(desk.clerk("clerk", ""));
    run(&app, &folder, RunOptions::default()).await.unwrap();
    let mut events = app.watch();
    let models = ["openai/gpt-5-mini", "openai/gpt-4.1-mini"].map(named);
    let clerk = || "clerk".parse().unwrap();
    let trials = app
        .compare_models(clerk(), "Which?".to_owned(), &models)
        .await
        .unwrap();
    let asked: Vec<&ModelRef> = trials.iter().map(|trial| &trial.model).collect();
    assert_eq!(asked, models.iter().collect::<Vec<_>>());
    for trial in &trials {
        assert_eq!(trial.status, Some(RunStatus::Succeeded), "{trial:?}");
    }
    let mut ended = Vec::new();
    while let Ok(event) = events.try_recv() {
        if matches!(event.kind, EventKind::RunFinished { .. }) {
            ended.push(event.run_id);
        }
    }
    let mut runs: Vec<_> = trials.iter().filter_map(|trial| trial.run_id).collect();
    ended.sort();
    runs.sort();
    assert_eq!(ended, runs);

    let none = app.compare_models(clerk(), String::new(), &[]).await;
    assert_eq!(none.unwrap_err().code, ErrorCode::InvalidInput);
}
