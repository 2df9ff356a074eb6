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

const OWN_MODEL: &str =
    "[[price]]\nmodel = \"openai/mine\"\ninput = \"3\"\noutput = \"4\"\nchecked = \"2026-11-22\"\n";

/// The window is one process for days: what a person writes meanwhile counts when they look next.
#[tokio::test]
async fn own_files_count_in_a_process_that_stays() {
    let desk = Desk::new([]);
    let app = desk.app().await;
    let mine = named("openai/mine");
    let listed = async || {
        let models = app.list_models().await;
        models.into_iter().find(|model| model.model == mine)
    };
    assert!(listed().await.is_none());
    let prices = app.home().prices();
    std::fs::write(&prices, OWN_MODEL).unwrap();
    let price = listed().await.unwrap().price.unwrap();
    assert_eq!(price.input, "3".parse().unwrap());
    // Of the same length, and maybe within the same tick of the file's clock.
    std::fs::write(&prices, OWN_MODEL.replace("\"3\"", "\"5\"")).unwrap();
    let price = listed().await.unwrap().price.unwrap();
    assert_eq!(price.input, "5".parse().unwrap());

    std::fs::write(&prices, "[[price]]\nmodel = 1\n").unwrap();
    let told = app.show_prices().await.problem.unwrap();
    assert!(told.message.contains("prices.toml is not valid"), "{told}");
    assert!(listed().await.is_none());
    std::fs::remove_file(&prices).unwrap();
    assert_eq!(app.show_prices().await.problem, None);

    let ids = async || {
        let providers = app.list_providers().await;
        providers.into_iter().map(|provider| provider.id).collect()
    };
    let before: Vec<String> = ids().await;
    assert!(!before.contains(&"lab".to_owned()), "{before:?}");
    let own = "[[provider]]\nid = \"lab\"\ntitle = \"Lab\"\nbase_url = \"http://127.0.0.1:9/v1\"\nprotocol = \"chat\"\n";
    std::fs::write(app.home().providers(), own).unwrap();
    let after: Vec<String> = ids().await;
    assert!(after.contains(&"lab".to_owned()), "{after:?}");
}

#[tokio::test]
async fn a_wrong_file_of_prices_stops_what_costs_until_it_is_mended() {
    let desk = Desk::new(["One."].map(Answer::text));
    let app = desk.app().await;
    let folder = Target::Folder(desk.clerk("clerk", ""));
    std::fs::write(app.home().prices(), "[[price]\n").unwrap();
    let problem = run(&app, &folder, RunOptions::default()).await.unwrap_err();
    assert_eq!(problem.code, ErrorCode::InvalidInput);
    assert!(problem.help.unwrap().contains("Correct what is named"));
    // What needs no price is asked for, and it is only this recording that there is not.
    let recorded = RunOptions {
        model: Some(named("recording/none")),
        ..RunOptions::default()
    };
    let problem = run(&app, &folder, recorded).await.unwrap_err();
    assert_eq!(problem.code, ErrorCode::NoModel, "{problem}");

    let own = OWN_MODEL.replace("openai/mine", "openai/gpt-5-mini");
    std::fs::write(app.home().prices(), own).unwrap();
    let report = run(&app, &folder, RunOptions::default()).await.unwrap();
    let cost = app.show_run(report.run).await.unwrap().summary.usage;
    let (sent, got) = (cost.input_tokens, cost.output_tokens);
    let expected = format!("{}", (sent * 3 + got * 4) as f64 / 1e6);
    assert_eq!(cost.cost_usd, Some(expected.parse().unwrap()), "{cost:?}");
}
