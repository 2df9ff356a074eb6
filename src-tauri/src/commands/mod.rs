//! The use case behind each command of the contract, a file an area.

mod about;
mod agents;
mod budgets;
mod cloud;
mod data;
mod drafts;
mod keys;
mod links;
mod models;
mod packages;
mod preferences;
mod rules;
mod runs;
mod shell;
mod tests_of_agents;
mod versions;

use crate::dispatch::Handlers;

/// What answers the window: every command of the contract, as the test below holds.
pub(crate) fn all() -> Handlers {
    let handlers = about::register(Handlers::default());
    let handlers = agents::register(handlers);
    let handlers = packages::register(handlers);
    let handlers = drafts::register(handlers);
    let handlers = versions::register(handlers);
    let handlers = runs::register(handlers);
    let handlers = rules::register(handlers);
    let handlers = keys::register(handlers);
    let handlers = preferences::register(handlers);
    let handlers = links::register(handlers);
    let handlers = budgets::register(handlers);
    let handlers = data::register(handlers);
    let handlers = shell::register(handlers);
    let handlers = cloud::register(handlers);
    let handlers = tests_of_agents::register(handlers);
    models::register(handlers)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use slipway_app::{App, Home};
    use slipway_contract::agent::AgentSummary;
    use slipway_contract::{ErrorCode, Problem, command};

    use super::*;

    #[test]
    fn every_command_of_the_contract_is_answered() {
        let mut expected = [command::ALL, command::cloud::ALL].concat();
        expected.sort_unstable();
        assert_eq!(all().names(), expected);
    }

    async fn ask(app: &App, name: &str, payload: Value) -> Result<Value, Problem> {
        let answer = all().answer(app.clone(), name, payload).await?;
        Ok(serde_json::from_slice(&answer).expect("an answer is JSON"))
    }

    #[tokio::test]
    async fn a_command_reaches_its_use_case() {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(Home::at(folder.path())).await.unwrap();
        assert_eq!(
            ask(&app, "list_agents", json!({})).await.unwrap()["agents"],
            json!([])
        );
        assert_eq!(
            ask(&app, "list_runs", json!({ "limit": 10 })).await,
            Ok(json!([]))
        );
        let added = ask(&app, "add_examples", json!({})).await.unwrap();
        let added: Vec<AgentSummary> = serde_json::from_value(added).unwrap();
        assert!(!added.is_empty(), "the examples come with Slipway");
        let shown = ask(&app, "show_agent", json!({ "agent": added[0].name }))
            .await
            .unwrap();
        assert_eq!(shown["summary"]["title"], json!(added[0].title));
    }

    #[tokio::test]
    async fn what_is_wrong_comes_back_as_a_problem() {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(Home::at(folder.path())).await.unwrap();
        let code = async |name: &str, payload| ask(&app, name, payload).await.unwrap_err().code;
        assert_eq!(
            code("delete_everything", json!({})).await,
            ErrorCode::InvalidInput
        );
        assert_eq!(
            code("list_runs", json!({ "limit": -1 })).await,
            ErrorCode::InvalidInput
        );
        assert_eq!(
            code("show_agent", json!({ "agent": "../etc" })).await,
            ErrorCode::InvalidInput
        );
        assert_eq!(
            code("show_agent", json!({ "agent": "nobody" })).await,
            ErrorCode::NotFound
        );
        assert_eq!(
            code("show_run", json!({ "run": "00000000000000000000" })).await,
            ErrorCode::NotFound
        );
    }

    #[tokio::test]
    async fn budgets_are_set_shown_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(Home::at(folder.path())).await.unwrap();
        let month = json!({ "agent": null, "period": "month", "limit_usd": "40" });
        let set = ask(&app, "set_budget", month.clone()).await.unwrap();
        assert_eq!(set["left_usd"], json!("40"), "{set}");
        let listed = ask(&app, "list_budgets", json!({})).await.unwrap();
        assert_eq!(listed, json!([set]));
        let spend = ask(&app, "show_spend", json!({})).await.unwrap();
        assert_eq!(spend["limit_usd"], json!("40"), "{spend}");
        ask(&app, "remove_budget", month).await.unwrap();
        assert_eq!(ask(&app, "list_budgets", json!({})).await, Ok(json!([])));
        let prices = ask(&app, "show_prices", json!({})).await.unwrap();
        assert!(prices["checked"].is_string(), "{prices}");
        assert_eq!(prices["has_own"], json!(false), "{prices}");
    }

    #[tokio::test]
    async fn data_is_copied_restored_and_deleted() {
        let (folder, disk) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let open = async || App::open(Home::at(folder.path())).await.unwrap();
        let app = open().await;
        let to = json!({ "folder": disk.path() });
        let exported = ask(&app, "export_data", to.clone()).await.unwrap();
        assert_eq!(exported["agents"], json!(0), "{exported}");
        let copy = ask(&app, "back_up_data", to).await.unwrap();
        let taken = ask(&app, "take_snapshot", json!({})).await.unwrap();
        let verified = ask(&app, "verify_snapshots", json!({ "name": null })).await;
        let verified = verified.unwrap();
        assert_eq!(verified[0]["good"], json!(true), "{verified}");
        ask(&app, "add_examples", json!({})).await.unwrap();
        let name = json!({ "name": taken["name"] });
        let restored = ask(&app, "restore_snapshot", name).await.unwrap();
        assert_eq!(restored["restored"], taken["name"]);

        let app = open().await;
        assert_eq!(
            ask(&app, "list_agents", json!({})).await.unwrap()["agents"],
            json!([])
        );
        let place = ask(&app, "show_data", json!({})).await.unwrap();
        assert!(
            place["bytes"].as_u64().is_some_and(|bytes| bytes > 0),
            "{place}"
        );
        let wrong = json!({ "typed": "yes", "keys": false });
        let problem = ask(&app, "delete_data", wrong).await.unwrap_err();
        assert_eq!(problem.code, ErrorCode::InvalidInput);
        let right = json!({ "typed": "delete everything", "keys": false });
        ask(&app, "delete_data", right).await.unwrap();

        let app = open().await;
        let listed = ask(&app, "list_snapshots", json!({})).await.unwrap();
        assert_eq!(listed["snapshots"], json!([]), "{listed}");
        let from = json!({ "path": exported["path"] });
        ask(&app, "import_data", from).await.unwrap();
        let from = json!({ "folder": copy["folder"] });
        ask(&app, "restore_back_up", from).await.unwrap();
        let app = open().await;
        assert_eq!(ask(&app, "show_errand", json!({})).await, Ok(json!(null)));
        ask(&app, "stop_errand", json!({})).await.unwrap();
    }

    #[tokio::test]
    async fn a_key_goes_in_and_no_answer_holds_it() {
        const KEY: &str = "sk-of-a-test-0123456789";
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(Home::at(folder.path())).await.unwrap();
        let unnamed = json!({ "name": KEY, "key": KEY, "passphrase": null });
        let unreadable = json!({ "name": "LAB_KEY", "key": { "typed": KEY }, "passphrase": null });
        let unknown = json!({ "provider": "nobody" });
        for (command, payload) in [
            ("set_key", unnamed),
            ("set_key", unreadable),
            ("remove_key", json!({ "name": KEY })),
        ] {
            let problem = ask(&app, command, payload).await.unwrap_err();
            assert_eq!(problem.code, ErrorCode::InvalidInput, "{problem}");
            assert!(!format!("{problem:?}").contains(KEY), "{problem}");
        }
        let tested = ask(&app, "test_provider", unknown).await.unwrap();
        assert_eq!(tested["works"], json!(false), "{tested}");
        let listed = ask(&app, "list_providers", json!({})).await.unwrap();
        assert!(listed.as_array().is_some_and(|listed| !listed.is_empty()));
        let store = ask(&app, "show_key_store", json!({})).await.unwrap();
        assert_eq!(store["in_sealed_file"], json!(0), "{store}");
    }
}
