use std::fs;

use slipway_contract::again::StepEdit;
use slipway_contract::approval::Answer as Said;
use slipway_contract::message::Content;
use slipway_contract::permission::Permission;
use slipway_contract::run::{ParkReason, RunStatus};
use slipway_contract::{AgentName, ErrorCode, StepId};
use slipway_runner::testing::Answer;

use crate::testing::{ASKING, Desk, Reach, ended, further, run};
use crate::{App, Approve, Ask, Outcome, RunOptions, Target};

const PARKED: Outcome = Outcome::Parked(ParkReason::Grant);

fn done() -> Answer {
    Answer::text("Done.")
}

fn clerk() -> Target {
    Target::Agent(name())
}

fn name() -> AgentName {
    "clerk".parse().unwrap()
}

fn allow() -> RunOptions {
    RunOptions {
        approve: Approve::Allow,
        ..RunOptions::default()
    }
}

#[track_caller]
fn succeeded(outcome: &Outcome) {
    assert!(
        matches!(outcome, Outcome::Ended(end) if end.status == RunStatus::Succeeded),
        "{outcome:?}"
    );
}

/// Answers a parked run with yes, and waits for its end.
async fn approve(app: &App, run: slipway_contract::RunId) -> RunStatus {
    let asked = app.question(run, None).await.unwrap();
    let mut events = app.watch();
    app.answer_run(
        run,
        asked.step,
        asked.binding,
        crate::Said::once(Said::Approve),
    )
    .await
    .unwrap();
    ended(app, &mut events, run).await
}

#[tokio::test]
async fn another_working_folder_is_granted_by_nobody() {
    let desk = Desk::new([]);
    let app = desk.app().await;
    let rest = "[[tools]]\nuse = \"write_file\"\napproval = \"allow\"\n\n[permissions]\nfiles = [\"write:./out\"]\n";
    let own = Target::Folder(desk.clerk("own", rest));
    let planned = app.plan(&own, RunOptions::default()).await.unwrap();
    assert_eq!(planned.spec().missing, []);
    fs::create_dir(desk.path("elsewhere")).unwrap();
    let options = RunOptions {
        workdir: Some(desk.path("elsewhere")),
        ..RunOptions::default()
    };
    let planned = app.plan(&own, options).await.unwrap();
    assert_eq!(planned.spec().granted, []);
    assert_eq!(planned.spec().missing.len(), 2);
}

#[tokio::test]
async fn a_grant_is_remembered_for_its_package_and_no_namesake() {
    let desk = Desk::new([done(), done()]);
    let app = desk.app().await;
    let first = Target::Folder(desk.clerk("first", ASKING));
    let other = Target::Folder(desk.clerk("other", ASKING));
    let options = || RunOptions {
        workdir: Some(desk.path("first")),
        ..RunOptions::default()
    };
    let parked = run(&app, &first, options()).await.unwrap();
    assert_eq!(parked.outcome, PARKED);
    assert_eq!(app.store().grants(None).await.unwrap(), []);
    assert_eq!(approve(&app, parked.run).await, RunStatus::Succeeded);
    succeeded(&run(&app, &first, options()).await.unwrap().outcome);
    let namesake = run(&app, &other, options()).await.unwrap();
    assert_eq!(namesake.outcome, PARKED, "another folder, the same name");
    app.import(&desk.path("other"), true).await.unwrap();
    let imported = run(&app, &clerk(), options()).await.unwrap();
    assert_eq!(imported.outcome, PARKED, "imported under the same name");
}

#[tokio::test]
async fn an_answer_that_does_not_count_is_not_remembered() {
    let desk = Desk::new([done()]);
    let app = desk.app().await;
    let folder = Target::Folder(desk.clerk("own", ASKING));
    let parked = run(&app, &folder, RunOptions::default()).await.unwrap().run;
    let asked = app.question(parked, None).await.unwrap();
    let keyless = desk.reaching(Reach::Nowhere).await;
    let problem = keyless
        .answer_run(
            parked,
            asked.step,
            asked.binding,
            crate::Said::once(Said::Approve),
        )
        .await
        .unwrap_err();
    assert_eq!(problem.code, ErrorCode::NoModel);
    assert_eq!(app.store().grants(None).await.unwrap(), []);
    assert_eq!(
        keyless.resume_run(parked).await.unwrap_err().code,
        ErrorCode::NoModel
    );
    assert!(keyless.live().is_empty());
    assert_eq!(approve(&app, parked).await, RunStatus::Succeeded);
    assert_eq!(app.store().grants(None).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_a_run_was_allowed_for_itself_ends_with_it() {
    let desk = Desk::new([done(), done()]);
    let app = desk.app().await;
    let rest = format!("{ASKING}files = [\"read:./in\"]\n");
    let folder = Target::Folder(desk.clerk("own", &rest));
    let first = run(&app, &folder, allow()).await.unwrap();
    succeeded(&first.outcome);
    let second = further(&app, first.run, RunOptions::default())
        .await
        .unwrap();
    assert_eq!(second.outcome, PARKED);
    let spec = app.spec_of(second.run).await.unwrap();
    let host = Permission::Network {
        host: "api.example.com".to_owned(),
    };
    assert_eq!(
        spec.missing,
        [host],
        "the folder grants its own files again"
    );
    assert_eq!(spec.granted.len(), 1);
}

#[tokio::test]
async fn a_run_off_the_network_stays_off_it() {
    let desk = Desk::new([done(), done()]);
    let app = desk.app().await;
    let folder = Target::Folder(desk.clerk("own", ASKING));
    let options = RunOptions {
        no_network: true,
        ..RunOptions::default()
    };
    let first = run(&app, &folder, options).await.unwrap();
    succeeded(&first.outcome);
    let second = further(&app, first.run, RunOptions::default())
        .await
        .unwrap();
    succeeded(&second.outcome);
    let spec = app.spec_of(second.run).await.unwrap();
    assert!(!spec.network && spec.granted.is_empty(), "{spec:?}");
    let elsewhere = desk.reaching(Reach::Elsewhere).await;
    let problem = further(&elsewhere, first.run, RunOptions::default()).await;
    assert_eq!(problem.unwrap_err().code, ErrorCode::NoModel);
}

#[tokio::test]
async fn a_parked_run_off_the_network_is_not_taken_up_on_it() {
    let desk = Desk::new([]);
    let app = desk.app().await;
    let rest = "[permissions]\nfiles = [\"read:/srv/data\"]\n";
    let folder = Target::Folder(desk.clerk("own", rest));
    let options = RunOptions {
        no_network: true,
        ..RunOptions::default()
    };
    let parked = run(&app, &folder, options).await.unwrap();
    assert_eq!(parked.outcome, PARKED);
    let elsewhere = desk.reaching(Reach::Elsewhere).await;
    let problem = elsewhere.resume_run(parked.run).await.unwrap_err();
    assert_eq!(problem.code, ErrorCode::NoModel);
}

#[tokio::test]
async fn only_the_first_message_is_held_against_the_input() {
    let desk = Desk::new([done(), done()]);
    let app = desk.app().await;
    let rest = "[input]\ntype = \"object\"\nrequired = [\"month\"]\n[input.properties]\nmonth = { type = \"string\" }\n";
    let folder = Target::Folder(desk.clerk("own", rest));
    let said = |input: &str| RunOptions {
        input: Some(input.to_owned()),
        ..RunOptions::default()
    };
    let problem = run(&app, &folder, said("October")).await.unwrap_err();
    assert_eq!(problem.code, ErrorCode::InvalidInput);
    let first = run(&app, &folder, said(r#"{"month": "October"}"#)).await;
    let second = further(&app, first.unwrap().run, RunOptions::default()).await;
    succeeded(&second.unwrap().outcome);
}

#[tokio::test]
async fn what_cannot_begin_in_the_background_says_so() {
    let desk = Desk::new([done()]);
    let app = desk.app().await;
    desk.clerk("own", "");
    app.add_folder(&desk.path("own")).await.unwrap();
    let mut events = app.watch();
    let begun = app.start_run(&name(), Ask::default()).await.unwrap();
    assert_eq!(ended(&app, &mut events, begun).await, RunStatus::Succeeded);
    let keyless = desk.reaching(Reach::Nowhere).await;
    let problem = keyless.start_run(&name(), Ask::default()).await;
    assert_eq!(problem.unwrap_err().code, ErrorCode::NoModel);
    let ended = app.resume_run(begun).await.unwrap_err();
    assert_eq!(ended.code, ErrorCode::WrongState);
}

#[tokio::test]
async fn a_run_is_begun_again_continued_and_retried_in_the_background() {
    let desk = Desk::new([done(), done(), done(), done()]);
    let app = desk.app().await;
    desk.clerk("own", "");
    app.add_folder(&desk.path("own")).await.unwrap();
    let mut events = app.watch();
    let ask = |input: &str| Ask {
        input: input.to_owned(),
        ..Ask::default()
    };
    let edited = StepEdit::Answer {
        content: vec![Content::Text {
            text: "As I say.".to_owned(),
        }],
    };
    let first = app.start_run(&name(), ask("October")).await.unwrap();
    assert_eq!(ended(&app, &mut events, first).await, RunStatus::Succeeded);
    let again = app.start_again(first, ask("November")).await.unwrap();
    assert_eq!(ended(&app, &mut events, again).await, RunStatus::Succeeded);
    let further = app.continue_run(first, ask("And?")).await.unwrap();
    assert_eq!(
        ended(&app, &mut events, further).await,
        RunStatus::Succeeded
    );
    let retried = app.retry_run(first, StepId(1), None, None).await.unwrap();
    assert_eq!(
        ended(&app, &mut events, retried).await,
        RunStatus::Succeeded
    );
    let said = app
        .retry_run(first, StepId(1), Some(edited), None)
        .await
        .unwrap();
    assert_eq!(ended(&app, &mut events, said).await, RunStatus::Succeeded);
    let output = app
        .show_run(said)
        .await
        .unwrap()
        .summary
        .end
        .unwrap()
        .output;
    assert_eq!(output, Some("As I say.".into()), "no model was asked");

    let version = async |run| app.spec_of(run).await.unwrap().version;
    assert_eq!(version(again).await, version(first).await);
    let command = async |run| app.run_command(run).await.unwrap();
    assert!(
        command(again).await.ends_with(" --input November"),
        "{}",
        command(again).await
    );
    let first = first.short();
    assert_eq!(
        command(further).await,
        format!("slipway runs continue {first} --input 'And?'")
    );
    assert_eq!(
        command(retried).await,
        format!("slipway runs retry {first} --step 1")
    );
    assert_eq!(
        command(said).await,
        format!("slipway runs retry {first} --step 1 --answer 'As I say.'")
    );
}

#[tokio::test]
async fn why_there_is_no_recording_is_told_beside_the_outcome() {
    let desk = Desk::new([done(), done()]);
    let app = desk.app().await;
    let folder = Target::Folder(desk.clerk("own", ASKING));
    let recording = |options| RunOptions {
        record: Some("october".to_owned()),
        ..options
    };
    let parked = run(&app, &folder, recording(RunOptions::default()))
        .await
        .unwrap();
    assert_eq!(parked.outcome, PARKED);
    assert!(parked.note.unwrap().contains("the run is parked"));
    let made = run(&app, &folder, recording(allow())).await.unwrap();
    assert_eq!((made.recording.is_some(), made.note), (true, None));

    let blocked = desk.clerk("blocked", "");
    let planned = app
        .plan(
            &Target::Folder(blocked.clone()),
            recording(RunOptions::default()),
        )
        .await
        .unwrap();
    fs::write(blocked.join("recordings"), "in the way").unwrap();
    let control = crate::Control::default();
    let driven = app.run(planned, None, std::sync::Arc::new(()), control);
    let report = Box::pin(driven).await.unwrap();
    succeeded(&report.outcome);
    assert_eq!(report.recording, None);
    assert!(report.note.unwrap().contains("recordings"));
}

#[tokio::test]
async fn a_folders_agent_stays_one() {
    let desk = Desk::new([done(), done()]);
    let app = desk.app().await;
    let place = desk.clerk("own", "");
    let first = run(&app, &Target::Folder(place.clone()), RunOptions::default()).await;
    let options = RunOptions {
        record: Some("october".to_owned()),
        ..RunOptions::default()
    };
    let report = further(&app, first.unwrap().run, options).await.unwrap();
    assert_eq!(
        report.recording,
        Some(place.join("recordings/october.jsonl"))
    );
    let folder = async || app.list_agents().await.unwrap()[0].folder.clone();
    let own = place.to_str().map(str::to_owned);
    assert_eq!(folder().await, own);

    app.add_folder(&place).await.unwrap();
    let problem = app.import(&place, false).await.unwrap_err();
    assert_eq!(problem.code, ErrorCode::Conflict);
    assert_eq!(folder().await, own);
    app.import(&place, true).await.unwrap();
    assert_eq!(folder().await, None);
    app.import(&place, false).await.unwrap();
}

#[tokio::test]
async fn looking_makes_no_folders() {
    let desk = Desk::new([done()]);
    let app = desk.app().await;
    app.import(&desk.clerk("own", ""), false).await.unwrap();
    let work = desk.path("home/work");
    app.show_agent(&name()).await.unwrap();
    let planned = app.plan(&clerk(), RunOptions::default()).await.unwrap();
    assert!(!work.exists());
    assert_eq!(planned.spec().workdir, work.join("clerk").to_str().unwrap());
    let report = run(&app, &clerk(), RunOptions::default()).await.unwrap();
    succeeded(&report.outcome);
    assert!(work.join("clerk").is_dir());
    let again = app.plan(&clerk(), RunOptions::default()).await.unwrap();
    assert_eq!(again.spec().workdir, planned.spec().workdir);
}

#[tokio::test]
async fn an_agent_that_cannot_be_read_hides_no_other() {
    let desk = Desk::new([]);
    let app = desk.app().await;
    app.add_examples().await.unwrap();
    let all = app.list_agents().await.unwrap();
    app.import(&desk.clerk("own", ""), false).await.unwrap();
    let version = app.store().agent(&name()).await.unwrap().unwrap().version;
    let files = app.store().version_files(version).await.unwrap().unwrap();
    let toml = files.iter().find(|file| file.path == "agent.toml").unwrap();
    let content = toml.content.to_string();
    let (folder, file) = content.split_at(2);
    fs::write(desk.path("home/blobs").join(folder).join(file), "x").unwrap();
    let listed = app.list_agents().await.unwrap();
    assert_eq!(listed.len(), all.len() + 1);
    let broken = listed.iter().find(|agent| agent.name == name()).unwrap();
    assert!(broken.description.contains("cannot be read"), "{broken:?}");
}
