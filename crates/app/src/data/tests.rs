use std::fs;

use slipway_contract::ErrorCode;
use slipway_contract::data::{DELETE_WORDS, DataKind};
use slipway_contract::preferences::Preference;

use crate::{App, Home};

async fn open(folder: &std::path::Path) -> App {
    App::open(Home::at(folder)).await.unwrap()
}

async fn is_dark(app: &App) -> bool {
    let preferences = app.preferences().await.unwrap();
    preferences.get(Preference::Theme) == "dark"
}

#[tokio::test]
async fn what_is_there_is_counted_once_and_by_its_kind() {
    let folder = tempfile::tempdir().unwrap();
    let app = open(folder.path()).await;
    fs::create_dir_all(folder.path().join("blobs/aa")).unwrap();
    fs::create_dir_all(folder.path().join("snapshots/one/blobs")).unwrap();
    let content = folder.path().join("blobs/aa/content");
    fs::write(&content, [7; 1_000]).unwrap();
    fs::hard_link(&content, folder.path().join("snapshots/one/blobs/content")).unwrap();
    fs::write(folder.path().join("notes.txt"), "mine").unwrap();
    let place = app.show_data().await.unwrap();
    let bytes = |kind| {
        let part = place.parts.iter().find(|part| part.kind == kind);
        part.map_or(0, |part| part.bytes)
    };
    assert_eq!(bytes(DataKind::Contents), 1_000, "{place:?}");
    assert_eq!(bytes(DataKind::Snapshots), 0, "a link takes no space");
    assert_eq!(bytes(DataKind::Other), 4);
    assert!(bytes(DataKind::Database) > 0);
    let all: u64 = place.parts.iter().map(|part| part.bytes).sum();
    assert_eq!((place.bytes, place.unread), (all, 0));
}

#[tokio::test]
async fn a_snapshot_is_restored_while_the_application_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let app = open(folder.path()).await;
    app.set_preference(Preference::Theme, "dark").await.unwrap();
    let taken = app.take_snapshot().await.unwrap();
    app.set_preference(Preference::Theme, "light")
        .await
        .unwrap();
    let missing = app.restore_snapshot("nothing").await.unwrap_err();
    assert_eq!(missing.code, ErrorCode::NotFound);
    assert!(app.is_open(), "what cannot be restored closes nothing");
    // Another clone holds the store all the while, as the window's does.
    let clone = app.clone();
    let restored = app.restore_snapshot(&taken.name).await.unwrap();
    assert_eq!(restored.restored, taken.name);
    clone.over().await;
    assert!(!clone.is_open());
    assert!(
        clone.preferences().await.is_err(),
        "it is of no use any more"
    );
    let app = open(folder.path()).await;
    assert!(is_dark(&app).await);
    let replaced = restored.replaced.unwrap();
    app.restore_snapshot(&replaced).await.unwrap();
    assert!(!is_dark(&open(folder.path()).await).await, "and back again");
}

#[tokio::test]
async fn somebody_else_who_has_it_open_keeps_it_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let app = open(folder.path()).await;
    let other = open(folder.path()).await;
    let problem = app.delete_data(DELETE_WORDS, false).await.unwrap_err();
    assert_eq!(problem.code, ErrorCode::Busy, "{problem}");
    app.over().await;
    other
        .set_preference(Preference::Theme, "dark")
        .await
        .unwrap();
    assert!(is_dark(&open(folder.path()).await).await);
}

#[tokio::test]
async fn a_copy_elsewhere_brings_back_what_was_deleted() {
    let (folder, disk) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let app = open(folder.path()).await;
    app.add_examples().await.unwrap();
    app.set_preference(Preference::Theme, "dark").await.unwrap();
    let agents = app.list_agents().await.unwrap();
    let copy = app.back_up_data(disk.path()).await.unwrap();
    assert!(app.list_snapshots().await.unwrap().snapshots.is_empty());
    assert!(app.show_errand().is_none());
    fs::write(folder.path().join("notes.txt"), "mine").unwrap();

    let wrong = app.delete_data("delete", false).await.unwrap_err();
    assert_eq!(wrong.code, ErrorCode::InvalidInput);
    assert!(app.is_open());
    let deleted = app.delete_data(DELETE_WORDS, true).await.unwrap();
    assert!(deleted.bytes > 0);
    assert_eq!(deleted.stayed, ["notes.txt"], "what is not ours stays");
    assert!(!folder.path().join("examples").exists());

    let app = open(folder.path()).await;
    assert!(app.list_agents().await.unwrap().is_empty());
    assert!(app.preferences().await.unwrap().welcome, "a first start");
    let no_copy = app.restore_back_up(disk.path()).await.unwrap_err();
    assert_eq!(no_copy.code, ErrorCode::NotFound, "{no_copy}");
    app.restore_back_up(copy.folder.as_ref()).await.unwrap();
    let app = open(folder.path()).await;
    let names = |agents: &[slipway_contract::agent::AgentSummary]| {
        agents
            .iter()
            .map(|agent| agent.name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&app.list_agents().await.unwrap()), names(&agents));
    assert!(is_dark(&app).await);
}

#[tokio::test]
async fn a_changed_copy_is_refused() {
    let (folder, disk) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let app = open(folder.path()).await;
    app.add_examples().await.unwrap();
    let copy = app.back_up_data(disk.path()).await.unwrap();
    let database = std::path::Path::new(&copy.folder).join("slipway.db");
    let mut bytes = fs::read(&database).unwrap();
    bytes.push(0);
    fs::write(&database, bytes).unwrap();
    let refused = app.restore_back_up(copy.folder.as_ref()).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Storage, "{refused}");
    assert!(app.is_open());
    assert!(app.list_snapshots().await.unwrap().snapshots.is_empty());
}

#[tokio::test]
async fn everything_moves_to_a_window_that_was_looked_around_in() {
    let (one, two, disk) = (
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let app = open(one.path()).await;
    app.add_examples().await.unwrap();
    app.set_preference(Preference::Theme, "dark").await.unwrap();
    let written = app.export_data(disk.path()).await.unwrap();
    assert_eq!(written.agents, 3);
    let full = app.import_data(written.path.as_ref()).await.unwrap_err();
    assert_eq!(full.code, ErrorCode::Conflict);
    let other = open(two.path()).await;
    other
        .set_preference(Preference::Welcome, "off")
        .await
        .unwrap();
    let brought = other.import_data(written.path.as_ref()).await.unwrap();
    assert_eq!(brought.agents, 3);
    assert!(is_dark(&other).await, "the preferences came along");
}

#[tokio::test]
async fn what_is_not_wanted_any_more_leaves_nothing() {
    let (folder, disk) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let app = open(folder.path()).await;
    app.add_examples().await.unwrap();
    let progress = slipway_store::Progress::default();
    progress.stop();
    let stopped = super::back_up(app.home(), disk.path(), progress).await;
    assert!(stopped.unwrap_err().message.contains("stopped"));
    assert_eq!(fs::read_dir(disk.path()).unwrap().count(), 0);
}
