//! Tests of agents: suites, what came of them, and how they are changed.

use slipway_app::{Target, fit_for_window};
use slipway_contract::command::{
    AcceptBehaviour, AddCases, CallRegression, CreateSuite, EditSuite, LabelVerdict, ProposeCases,
    RunTests, SaveAsTest, SaveReport, ShowAttempt, ShowCase, ShowSuite, ShowTests, StopTests,
};

use crate::dialogs::{Choice, choose};
use crate::dispatch::Handlers;

pub(super) fn register(handlers: Handlers) -> Handlers {
    handlers
        .on(|app, ask: ShowTests| async move {
            app.tests_page(&ask.agent, ask.suite.as_deref()).await
        })
        .on(|app, ask: RunTests| async move { app.start_tests(&ask.agent, ask.order).await })
        .on(|app, ask: StopTests| async move { app.stop_tests(ask.report) })
        .on(|app, ask: ShowCase| async move {
            app.case_page(&ask.agent, ask.report, &ask.case, ask.attempt).await
        })
        .on(|app, ask: ShowAttempt| async move {
            let mut events = app.attempt_events(ask.report, &ask.case, ask.attempt).await?;
            events.iter_mut().for_each(fit_for_window);
            Ok(events)
        })
        .on(|app, ask: AcceptBehaviour| async move {
            app.accept_behaviour(&ask.agent, &ask.case).await
        })
        .on(|app, ask: CallRegression| async move {
            app.call_regression(ask.report, &ask.case, ask.is).await
        })
        .on(|app, ask: LabelVerdict| async move {
            let place = (ask.case.as_str(), ask.attempt, ask.what.as_str());
            app.label_verdict(ask.report, place, ask.met).await
        })
        .on_shell(|shell, app, ask: SaveReport| async move {
            let name = app.report_name(ask.report, ask.reporter).await?;
            match choose(&shell, Choice::NewFile(name)).await? {
                Some(path) => {
                    let saved = app.save_report(ask.report, ask.reporter, path.into()).await;
                    saved.map(Some)
                }
                None => Ok(None),
            }
        })
        .on(|app, ask: SaveAsTest| async move {
            app.save_as_test(ask.run, ask.suite.as_deref(), ask.name.as_deref()).await
        })
        .on(|app, ask: ShowSuite| async move { app.suite_page(&ask.agent, &ask.file).await })
        .on(|app, ask: CreateSuite| async move { app.create_suite(&ask.agent, &ask.title).await })
        .on(|app, ask: EditSuite| async move {
            app.edit_suite(&ask.agent, &ask.file, &ask.changes, ask.seen).await
        })
        .on(|app, ask: ProposeCases| async move {
            let target = Target::Agent(ask.agent);
            app.propose_cases(&target, ask.suite.as_deref(), &ask.from, ask.model.as_ref()).await
        })
        .on(|app, ask: AddCases| async move {
            app.add_cases(&ask.agent, &ask.suite, &ask.cases).await
        })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use slipway_app::{App, Home};
    use slipway_contract::{ErrorCode, Problem};

    use crate::commands::all;

    async fn ask(app: &App, name: &str, payload: Value) -> Result<Value, Problem> {
        let answer = all().answer(app.clone(), name, payload).await?;
        Ok(serde_json::from_slice(&answer).expect("an answer is JSON"))
    }

    /// Runs the tests and waits for their end.
    async fn tested(app: &App, agent: &str) -> Value {
        let mut told = app.watch_tests();
        let order = json!({ "agent": agent, "order": { "mode": "replay" } });
        let report = ask(app, "run_tests", order).await.unwrap();
        loop {
            let progress = told.recv().await.unwrap();
            if progress.over && json!(progress.report) == report {
                return report;
            }
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_agent_is_tested_changed_and_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(Home::at(folder.path())).await.unwrap();
        ask(&app, "add_examples", json!({})).await.unwrap();
        let agent = "expense-report";
        let first = tested(&app, agent).await;
        let page = ask(&app, "show_tests", json!({ "agent": agent, "suite": null }))
            .await
            .unwrap();
        assert_eq!(page["suite"], json!("tests/receipts.toml"), "{page}");
        assert_eq!(
            page["columns"][0]["passed"], page["columns"][0]["of"],
            "{page}"
        );
        assert_eq!(page["rows"][0]["cells"][0]["outcome"], json!("passed"));
        let read = json!({ "agent": agent, "path": "instructions.md" });
        let read = ask(&app, "read_draft_file", read).await.unwrap();
        let text = read["text"]
            .as_str()
            .unwrap()
            .replace("Give no sums", "Give all sums");
        let save = json!({ "agent": agent, "path": "instructions.md", "content": { "text": text }, "seen": read["content"] });
        ask(&app, "save_draft_file", save).await.unwrap();
        let second = tested(&app, agent).await;
        assert_ne!(first, second);
        let page = ask(&app, "show_tests", json!({ "agent": agent, "suite": null }))
            .await
            .unwrap();
        assert_eq!(page["columns"].as_array().unwrap().len(), 2, "{page}");
        assert_eq!(page["columns"][1]["version"], Value::Null, "the draft");
        assert_eq!(page["change"]["broken"], page["columns"][0]["of"], "{page}");
        let case = &page["rows"][0]["case"];
        let shown = json!({ "agent": agent, "report": second, "case": case, "attempt": null });
        let shown = ask(&app, "show_case", shown).await.unwrap();
        let mismatch = &shown["shown"]["mismatch"];
        assert_eq!(mismatch["file"], json!("instructions.md"), "{shown}");
        assert!(
            mismatch["diff"][0]["lines"].as_array().unwrap().len() > 1,
            "{mismatch}"
        );
        let events = json!({ "report": second, "case": case, "attempt": 1 });
        let events = ask(&app, "show_attempt", events).await.unwrap();
        assert_eq!(events[0]["type"], json!("run.started"));
        let regression = json!({ "report": second, "case": case, "is": true });
        ask(&app, "call_regression", regression).await.unwrap();
        let accepted = json!({ "agent": agent, "case": case });
        let accepted = ask(&app, "accept_behaviour", accepted).await.unwrap();
        assert_eq!(
            accepted["changes"],
            json!(["The instructions are those of now."]),
            "{accepted}"
        );
        tested(&app, agent).await;
        let page = ask(&app, "show_tests", json!({ "agent": agent, "suite": null }))
            .await
            .unwrap();
        let fixed = &page["change"]["fixed"];
        assert!(fixed.as_u64().unwrap() > 5, "{page}");
        let unknown = json!({ "agent": agent, "report": "00112233445566778899", "case": case, "attempt": null });
        let unknown = ask(&app, "show_case", unknown).await.unwrap_err();
        assert_eq!(unknown.code, ErrorCode::NotFound);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn suites_are_made_edited_and_added_to() {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(Home::at(folder.path())).await.unwrap();
        ask(&app, "add_examples", json!({})).await.unwrap();
        let agent = "changelog-writer";
        let made = json!({ "agent": agent, "title": "Odd logs" });
        let made = ask(&app, "create_suite", made).await.unwrap();
        assert_eq!(made["file"], json!("tests/odd-logs.toml"), "{made}");
        assert_eq!(made["findings"], json!([]), "{made}");
        let edit = json!({ "agent": agent, "file": made["file"], "seen": made["content"],
            "changes": [{ "at": ["case", 0, "name"], "value": "An empty log" },
                { "at": ["case", 0, "expect", 0, "no_errors"], "value": true }] });
        let edited = ask(&app, "edit_suite", edit.clone()).await.unwrap();
        assert_eq!(edited["values"]["case"][0]["name"], json!("An empty log"));
        assert!(
            edited["findings"][0]["message"]
                .as_str()
                .unwrap()
                .contains("no_error"),
            "{edited}"
        );
        assert_eq!(
            ask(&app, "edit_suite", edit).await.unwrap_err().code,
            ErrorCode::Conflict
        );
        let proposed = json!({ "agent": agent, "suite": null, "from": "attacks", "model": null });
        let proposed = ask(&app, "propose_cases", proposed).await.unwrap();
        assert!(proposed.as_array().unwrap().len() > 5);
        let add = json!({ "agent": agent, "suite": "tests/attacks.toml", "cases": [proposed[0]["toml"]] });
        let added = ask(&app, "add_cases", add).await.unwrap();
        assert_eq!(
            added["values"]["case"].as_array().unwrap().len(),
            1,
            "{added}"
        );
        let outside = json!({ "agent": agent, "suite": "files/x.toml", "cases": [] });
        assert_eq!(
            ask(&app, "add_cases", outside).await.unwrap_err().code,
            ErrorCode::InvalidInput
        );
    }
}
