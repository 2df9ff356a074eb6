//! The use case behind each command of the contract, a file an area.

mod agents;
mod models;
mod rules;
mod runs;

use crate::dispatch::Handlers;

/// What answers the window: every command of the contract, as the test below holds.
pub(crate) fn all() -> Handlers {
    let handlers = agents::register(Handlers::default());
    let handlers = runs::register(handlers);
    let handlers = rules::register(handlers);
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
        let mut expected = command::ALL.to_vec();
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
        assert_eq!(ask(&app, "list_agents", json!({})).await, Ok(json!([])));
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
}
