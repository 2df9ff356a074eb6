use slipway_contract::agent::{PackageName, RunningCost};
use slipway_contract::run::RunState;
use slipway_contract::{AgentName, ErrorCode, Usd};
use slipway_runner::testing::Answer;
use slipway_store::AgentSource;

use crate::testing::{ASKING, Desk, run};
use crate::{App, Approve, Import, RunOptions, Target, templates};

fn name(name: &str) -> AgentName {
    name.parse().unwrap()
}

async fn names(app: &App) -> Vec<String> {
    let agents = app.list_agents().await.unwrap();
    agents
        .into_iter()
        .map(|agent| agent.name.to_string())
        .collect()
}

async fn granted(app: &App, agent: &str) -> usize {
    let agent = name(agent);
    app.store().grants(Some(&agent)).await.unwrap().len()
}

#[tokio::test]
async fn a_list_says_what_each_agent_is_now() {
    let desk = Desk::new([Answer::text("Done.")]);
    let app = desk.app().await;
    let place = desk.clerk("own", "");
    app.add_folder(&place).await.unwrap();
    app.create_agent(&name("notes"), Some("Meine Notizen"), None)
        .await
        .unwrap();
    let listed = app.list_agents().await.unwrap();
    assert_eq!(listed[0].title, "The clerk");
    assert_eq!(listed[1].title, "Meine Notizen");
    assert_eq!(listed[1].last_run, None);

    // What is edited shows, saved or not, in a folder and in the workspace.
    let toml = std::fs::read_to_string(place.join("agent.toml")).unwrap();
    let tagged = toml.replace("The clerk\"", "The bookkeeper\"\ntags = [\"money\"]");
    std::fs::write(place.join("agent.toml"), tagged).unwrap();
    app.rename_agent(&name("notes"), "Notes <b>of</b> mine")
        .await
        .unwrap();
    let listed = app.list_agents().await.unwrap();
    assert_eq!(listed[0].title, "The bookkeeper");
    assert_eq!(listed[0].tags, ["money"]);
    assert_eq!(listed[1].title, "Notes <b>of</b> mine");

    std::fs::write(place.join("agent.toml"), "format = ").unwrap();
    let broken = &app.list_agents().await.unwrap()[0];
    let problem = broken.problem.as_ref().unwrap();
    assert_eq!(problem.code, ErrorCode::InvalidPackage, "{problem}");
    assert_eq!(broken.title, "The clerk", "as its newest version says");
    std::fs::remove_dir_all(&place).unwrap();
    let gone = &app.list_agents().await.unwrap()[0];
    let problem = gone.problem.as_ref().unwrap();
    assert_eq!(problem.code, ErrorCode::NotFound, "{problem}");
}

#[tokio::test]
async fn a_list_says_how_the_newest_run_stands_and_what_the_month_cost() {
    let desk = Desk::new([Answer::text("One."), Answer::text("Two.")]);
    let app = desk.app().await;
    app.import(&desk.clerk("own", ""), false).await.unwrap();
    let target = Target::Agent(name("clerk"));
    let mut cost = Usd::ZERO;
    let mut newest = None;
    for _ in 0..2 {
        let report = run(&app, &target, RunOptions::default()).await.unwrap();
        let summary = app.store().run(report.run).await.unwrap().unwrap();
        cost = cost.plus(summary.usage.cost_usd.unwrap());
        newest = Some(report.run);
    }
    let listed = app.list_agents().await.unwrap();
    let last = listed[0].last_run.as_ref().unwrap();
    assert_eq!((Some(last.id), last.state), (newest, RunState::Succeeded));
    assert!(cost > Usd::ZERO);
    let month = RunningCost {
        usd: cost,
        is_least: false,
    };
    assert_eq!(listed[0].cost_this_month, Some(month));
}

#[tokio::test]
async fn every_template_becomes_an_agent_that_runs() {
    let all = templates();
    assert_eq!(all.len(), 3);
    let desk = Desk::new(all.iter().map(|_| Answer::text("Done.")));
    let app = desk.app().await;
    for template in all {
        let made = name(&format!("my-{}", template.name));
        let title = format!("Mine: {}", template.title);
        app.create_agent(&made, Some(&title), Some(&template.name))
            .await
            .unwrap();
        let shown = app.show_agent(&made).await.unwrap();
        assert_eq!(shown.summary.title, title);
        assert!(shown.readme.unwrap().starts_with(&format!("# {title}\n")));
        let options = RunOptions {
            approve: Approve::Allow,
            ..RunOptions::default()
        };
        let report = run(&app, &Target::Agent(made), options).await.unwrap();
        let summary = app.store().run(report.run).await.unwrap().unwrap();
        assert_eq!(summary.state(), RunState::Succeeded, "{}", template.name);
    }
    let wrong = app.create_agent(&name("x"), None, Some("nonsense")).await;
    assert_eq!(wrong.unwrap_err().code, ErrorCode::NotFound);
    for title in ["", " ", "two\nlines", "tur\u{202e}ned", &"x".repeat(5_000)] {
        let wrong = app.create_agent(&name("x"), Some(title), None).await;
        assert_eq!(
            wrong.unwrap_err().code,
            ErrorCode::InvalidInput,
            "{title:?}"
        );
    }
    let taken = app.create_agent(&name("my-page-watch"), None, None).await;
    assert_eq!(taken.unwrap_err().code, ErrorCode::Conflict);
}

#[tokio::test]
async fn a_copy_is_the_whole_package_and_has_no_grants() {
    let desk = Desk::new([Answer::text("Done.")]);
    let app = desk.app().await;
    let place = desk.clerk("own", ASKING);
    std::fs::create_dir(place.join("files")).unwrap();
    std::fs::write(place.join("files/rates.csv"), "EUR,1.08\n").unwrap();
    app.import(&place, false).await.unwrap();
    let allow = RunOptions {
        approve: Approve::Allow,
        ..RunOptions::default()
    };
    run(&app, &Target::Agent(name("clerk")), allow)
        .await
        .unwrap();
    app.edit_draft(
        &name("clerk"),
        None,
        "instructions.md",
        Some(b"Not saved yet.\n".to_vec()),
    )
    .await
    .unwrap();
    let copy = app
        .duplicate_agent(&name("clerk"), &name("clerk-2"), Some("ساعة 🎉"))
        .await
        .unwrap();
    assert_eq!(copy.title, "ساعة 🎉");
    assert_eq!((copy.folder, copy.last_run), (None, None));
    let draft = app.draft(&name("clerk-2")).await.unwrap();
    assert!(draft.findings.is_empty(), "{draft:?}");
    let file = async |path| app.draft_file(&name("clerk-2"), path).await.unwrap();
    assert_eq!(file("files/rates.csv").await, b"EUR,1.08\n");
    assert_eq!(file("instructions.md").await, b"Not saved yet.\n");
    assert_eq!(granted(&app, "clerk-2").await, 0);
    let taken = app
        .duplicate_agent(&name("clerk"), &name("clerk-2"), None)
        .await;
    assert_eq!(taken.unwrap_err().code, ErrorCode::Conflict);
}

#[tokio::test]
async fn an_archived_agent_is_out_of_the_way_and_comes_back_as_it_was() {
    let desk = Desk::new([]);
    let app = desk.app().await;
    app.import(&desk.clerk("own", ""), false).await.unwrap();
    let archived = app.archive_agent(&name("clerk"), true).await.unwrap();
    assert!(archived.archived_at.is_some());
    assert_eq!(names(&app).await, [""; 0]);
    assert_eq!(
        app.archived_agents().await.unwrap(),
        std::slice::from_ref(&archived)
    );
    let again = app.archive_agent(&name("clerk"), true).await.unwrap();
    assert_eq!(again.archived_at, archived.archived_at, "once is once");
    app.archive_agent(&name("clerk"), false).await.unwrap();
    assert_eq!(names(&app).await, ["clerk"]);
    assert_eq!(app.archived_agents().await.unwrap(), []);
    let wrong = app.archive_agent(&name("nobody"), true).await.unwrap_err();
    assert_eq!(wrong.code, ErrorCode::NotFound);
}

#[tokio::test]
async fn a_removed_agent_comes_back_with_what_was_granted_and_its_unsaved_work() {
    let desk = Desk::new([Answer::text("Done.")]);
    let app = desk.app().await;
    app.import(&desk.clerk("own", ASKING), false).await.unwrap();
    app.list_agents().await.unwrap();
    let clerk = Target::Agent(name("clerk"));
    let held = app.store().agent(&name("clerk")).await.unwrap().unwrap();
    let version = app.store().version(held.version).await.unwrap().unwrap();
    let grant = slipway_store::Grant {
        agent: name("clerk"),
        source: AgentSource::Imported,
        behaviour: version.behaviour,
        workdir: "/somewhere".to_owned(),
        permission: slipway_contract::permission::Permission::Network {
            host: "api.example.com".to_owned(),
        },
        granted_at: version.created_at,
    };
    app.store().grant(&[grant]).await.unwrap();
    run(&app, &clerk, RunOptions::default()).await.unwrap();
    app.edit_draft(
        &name("clerk"),
        None,
        "README.md",
        Some(b"# Mine\n".to_vec()),
    )
    .await
    .unwrap();
    let removed = app.remove_agent(&name("clerk")).await.unwrap();
    assert_eq!(removed.title, "The clerk");
    assert!(removed.until > removed.removed_at);
    assert_eq!(names(&app).await, [""; 0]);
    assert_eq!(granted(&app, "clerk").await, 0);
    let problem = app.show_agent(&name("clerk")).await.unwrap_err();
    assert!(problem.help.unwrap().contains("--undo"));
    let runs = app.list_runs(&crate::RunQuery::default()).await.unwrap();
    assert_eq!(runs.len(), 1, "its runs stay");
    app.show_run(runs[0].id).await.unwrap();

    app.put_agent_back(&name("clerk")).await.unwrap();
    assert_eq!(names(&app).await, ["clerk"]);
    assert_eq!(granted(&app, "clerk").await, 1);
    assert_eq!(app.removed_agents().await.unwrap(), []);
    let readme = app.draft_file(&name("clerk"), "README.md").await.unwrap();
    assert_eq!(readme, b"# Mine\n");
    let twice = app.put_agent_back(&name("clerk")).await.unwrap_err();
    assert_eq!(twice.code, ErrorCode::NotFound);

    app.remove_agent(&name("clerk")).await.unwrap();
    app.create_agent(&name("clerk"), None, None).await.unwrap();
    let taken = app.put_agent_back(&name("clerk")).await.unwrap_err();
    assert_eq!(taken.code, ErrorCode::Conflict);
    assert_eq!(
        granted(&app, "clerk").await,
        0,
        "its successor has none of it"
    );
}

#[tokio::test]
async fn what_was_shown_is_exactly_what_is_imported() {
    let desk = Desk::new([]);
    let app = desk.app().await;
    let place = desk.clerk("own", ASKING);
    let shown = app.preview_package(&place).await.unwrap();
    assert_eq!(shown.standing, PackageName::Free);
    assert_eq!((shown.files, shown.tools.len()), (2, 1));
    assert_eq!(shown.permissions.len(), 1);
    assert_eq!(names(&app).await, [""; 0], "looking keeps nothing");
    let exactly = |shown: &slipway_contract::agent::PackagePreview| Import {
        hash: Some(shown.hash),
        ..Import::default()
    };
    std::fs::write(place.join("instructions.md"), "Something else.\n").unwrap();
    let changed = app.import_package(&place, exactly(&shown)).await;
    assert_eq!(changed.unwrap_err().code, ErrorCode::Conflict);
    assert_eq!(names(&app).await, [""; 0]);
    let shown = app.preview_package(&place).await.unwrap();
    let agent = app.import_package(&place, exactly(&shown)).await.unwrap();
    assert_eq!(agent.version, shown.hash);
    let same = app.preview_package(&place).await.unwrap();
    assert_eq!(same.standing, PackageName::Same);

    std::fs::write(place.join("instructions.md"), "Newer.\n").unwrap();
    let newer = app.preview_package(&place).await.unwrap();
    let PackageName::Taken { free, version, .. } = newer.standing.clone() else {
        panic!("{newer:?}");
    };
    assert_eq!((free.as_str(), version), ("clerk-2", shown.hash));
    let plain = app.import_package(&place, exactly(&newer)).await;
    assert_eq!(plain.unwrap_err().code, ErrorCode::Conflict);
    let beside = Import {
        name: Some(free),
        ..exactly(&newer)
    };
    app.import_package(&place, beside).await.unwrap();
    assert_eq!(names(&app).await, ["clerk", "clerk-2"]);
}

#[tokio::test]
async fn one_example_is_added_at_a_time() {
    let desk = Desk::new([]);
    let app = desk.app().await;
    let all = app.list_examples().await.unwrap();
    assert!(all.len() >= 3 && all.iter().all(|example| !example.is_here));
    let first = all[0].name.to_string();
    let added = app.add_example(&first).await.unwrap();
    assert_eq!(added.title, all[0].title);
    assert_eq!(app.add_example(&first).await.unwrap().name, added.name);
    assert_eq!(names(&app).await, [first]);
    assert!(app.list_examples().await.unwrap()[0].is_here);
    assert!(app.add_example("nonsense").await.is_err());
}

/// The window asks whenever a run moved; it is told what changed.
#[tokio::test]
async fn a_list_that_is_known_is_told_as_its_changes() {
    let desk = Desk::new([]);
    let app = desk.app().await;
    for agent in ["one", "two"] {
        app.create_agent(&name(agent), None, None).await.unwrap();
    }
    let first = app.agents_since(None).await.unwrap();
    assert!(first.whole);
    assert_eq!(first.agents, app.list_agents().await.unwrap());
    let known = first.revision.clone();
    let before = first.over(&[]);
    let same = app.agents_since(Some(&known)).await.unwrap();
    assert!(same.is_nothing(), "{same:?}");
    assert_eq!(same.revision, known);

    app.create_agent(&name("also"), None, None).await.unwrap();
    app.remove_agent(&name("two")).await.unwrap();
    let changes = app.agents_since(Some(&known)).await.unwrap();
    assert!(!changes.whole);
    assert_eq!((changes.agents.len(), changes.gone.len()), (1, 1));
    let now = app.list_agents().await.unwrap();
    assert_eq!(changes.clone().over(&before), now);
    // Whoever has an older list, or one of another process, is told all.
    for other in [known.as_str(), "", "elsewhere"] {
        let all = app.agents_since(Some(other)).await.unwrap();
        assert!(all.whole, "{other}");
        assert_eq!(all.agents, now);
    }
}
