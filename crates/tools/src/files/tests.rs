use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use slipway_agent::ports::tool::{Found, Tool, ToolError};

use super::edit_file::EditFile;
use super::list_files::ListFiles;
use super::read_file::ReadFile;
use super::search_files::SearchFiles;
use super::write_file::WriteFile;
use crate::sample::{self, Workspace, with_grants};

mod escapes;

#[cfg(unix)]
#[tokio::test]
async fn a_pipe_is_refused_without_waiting() {
    let workspace = Workspace::new();
    for path in ["in/pipe", "out/pipe"] {
        let made = std::process::Command::new("mkfifo")
            .arg(workspace.path(path))
            .status();
        assert!(made.unwrap().success());
    }
    let short = Duration::from_secs(5);
    let tool = ReadFile::new();
    let read = workspace.told(&tool, json!({"path": "in/pipe"}));
    let told = tokio::time::timeout(short, read)
        .await
        .expect("it must not wait for a writer");
    assert!(told.contains("no plain file"), "{told}");
    let write = WriteFile::new(workspace.backups());
    let written = workspace.told(&write, json!({"path": "out/pipe", "content": "x"}));
    tokio::time::timeout(short, written)
        .await
        .expect("it must not wait for a reader");
}

#[tokio::test]
async fn text_is_read_in_parts() {
    let workspace = Workspace::new();
    let lines: String = (1..=25).map(|n| format!("line {n}\n")).collect();
    workspace.put("in/a.txt", lines);
    let first = ReadFile::new();
    let part = workspace
        .call(
            &first,
            json!({"path": "in/a.txt", "offset": 11, "limit": 2}),
        )
        .await
        .unwrap();
    assert_eq!(part["text"], "line 11\nline 12\n");
    assert_eq!(part["lines"], json!({"first": 11, "last": 12, "total": 25}));
    assert_eq!(part["next_offset"], 13);
    let last = workspace
        .call(&first, json!({"path": "in/a.txt", "offset": 25}))
        .await
        .unwrap();
    assert!(last.get("next_offset").is_none());
    let past = workspace
        .told(&first, json!({"path": "in/a.txt", "offset": 26}))
        .await;
    assert!(past.contains("25 lines"), "{past}");
    workspace.put("in/empty.txt", "");
    let empty = workspace
        .call(&first, json!({"path": "in/empty.txt"}))
        .await
        .unwrap();
    assert_eq!(empty["text"], "");
}

#[tokio::test]
async fn a_file_cannot_fill_the_context() {
    let workspace = Workspace::new();
    workspace.put("in/wide.txt", "x".repeat(1_000_000));
    workspace.put("in/long.txt", "some words\n".repeat(100_000));
    for path in ["in/wide.txt", "in/long.txt"] {
        let arguments = json!({"path": path, "limit": 10_000});
        let read = workspace.call(&ReadFile::new(), arguments).await.unwrap();
        let length = read.to_string().len();
        assert!((1_000..120_000).contains(&length), "{path}: {length}");
    }
    workspace.put("in/image.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    let told = workspace
        .told(&ReadFile::new(), json!({"path": "in/image.png"}))
        .await;
    assert!(told.contains("not text"), "{told}");
    let told = workspace
        .told(&ReadFile::new(), json!({"path": "in"}))
        .await;
    assert!(told.contains("is a folder"), "{told}");
    let told = workspace
        .told(&ReadFile::new(), json!({"path": "in/none.txt"}))
        .await;
    assert!(told.contains("does not exist"), "{told}");
}

#[tokio::test]
async fn files_are_listed_by_path_with_their_sizes() {
    let workspace = Workspace::new();
    workspace
        .put("in/b.csv", "12345")
        .put("in/2026/a.csv", "1")
        .put("in/2026/deep/c.md", "")
        .put("private.txt", "x");
    let list = ListFiles::new();
    let all = workspace.call(&list, json!({})).await.unwrap();
    assert_eq!(
        all["files"],
        json!([
            {"path": "in/2026/a.csv", "bytes": 1},
            {"path": "in/2026/deep/c.md", "bytes": 0},
            {"path": "in/b.csv", "bytes": 5},
        ]),
        "only what is granted is listed"
    );
    let paths = |listed: &Value| -> Vec<String> {
        let files = listed["files"].as_array().unwrap();
        files
            .iter()
            .map(|file| file["path"].as_str().unwrap().to_owned())
            .collect()
    };
    let named = workspace
        .call(&list, json!({"pattern": "*.csv"}))
        .await
        .unwrap();
    assert_eq!(paths(&named), ["in/2026/a.csv", "in/b.csv"]);
    let whole = workspace
        .call(&list, json!({"path": "in", "pattern": "2026/*"}))
        .await
        .unwrap();
    assert_eq!(paths(&whole), ["in/2026/a.csv"]);
    let level = workspace
        .call(&list, json!({"path": "in", "recursive": false}))
        .await
        .unwrap();
    assert_eq!(paths(&level), ["in/2026/", "in/b.csv"]);
    let cut = workspace.call(&list, json!({"limit": 1})).await.unwrap();
    assert_eq!((paths(&cut).len(), &cut["total"]), (1, &json!(3)));
    assert!(cut["note"].as_str().unwrap().contains("first 1 of 3"));
    let told = workspace.told(&list, json!({"pattern": "a[b"})).await;
    assert!(told.contains("no pattern"), "{told}");
}

#[tokio::test]
async fn text_is_found_with_its_place() {
    let workspace = Workspace::new();
    workspace
        .put("in/a.md", "alpha\nbeta 42\ngamma\n")
        .put("in/b.txt", "BETA 7\n")
        .put("in/c.bin", b"beta\0beta");
    let search = SearchFiles::new();
    let found = workspace
        .call(&search, json!({"pattern": r"^beta \d+"}))
        .await
        .unwrap();
    assert_eq!(
        found["matches"],
        json!([{"path": "in/a.md", "line": 2, "text": "beta 42"}])
    );
    assert_eq!(
        (&found["files_searched"], &found["files_skipped"]["count"]),
        (&json!(2), &json!(1))
    );
    let any = json!({"pattern": "beta", "ignore_case": true, "files": "*.txt"});
    let found = workspace.call(&search, any).await.unwrap();
    assert_eq!(found["matches"][0]["path"], "in/b.txt");
    let around = json!({"pattern": "beta", "path": "in/a.md", "context": 1});
    let found = workspace.call(&search, around).await.unwrap();
    assert_eq!(found["matches"][0]["before"], json!(["alpha"]));
    assert_eq!(found["matches"][0]["after"], json!(["gamma"]));
}

#[tokio::test]
async fn bombs_among_patterns_are_refused_or_harmless() {
    let workspace = Workspace::new();
    workspace.put("in/a.txt", format!("{}!\n", "a".repeat(200_000)));
    let search = SearchFiles::new();
    for pattern in [
        "(a{1000}){1000}",
        "((a{100}){100}){100}",
        "(",
        "(?=a)",
        r"(a)\1",
        &"(".repeat(100),
        &"a".repeat(3_000),
    ] {
        workspace.told(&search, json!({"pattern": pattern})).await;
    }
    for harmless in ["(a+)+$", "(a|aa)+$", "(.*)*x", "a*a*a*a*a*b"] {
        let found = workspace
            .call(&search, json!({"pattern": harmless}))
            .await
            .unwrap();
        assert_eq!(found["total"], 0, "{harmless}");
    }
    workspace.put("in/many.txt", "x\n".repeat(5_000));
    let found = workspace
        .call(&search, json!({"pattern": "x", "limit": 3}))
        .await
        .unwrap();
    assert_eq!(
        (found["matches"].as_array().unwrap().len(), &found["total"]),
        (3, &json!(5_000))
    );
}

#[tokio::test]
async fn a_file_is_written_with_its_folders_and_what_it_held_is_kept() {
    let workspace = Workspace::new();
    let write = WriteFile::new(workspace.backups());
    let call = |content: &str| json!({"path": "out/new/report.md", "content": content});
    let made = workspace.call(&write, call("one")).await.unwrap();
    assert_eq!(
        made,
        json!({"path": "out/new/report.md", "bytes": 3, "file": "created"})
    );
    let same = workspace.call(&write, call("one")).await.unwrap();
    assert_eq!(same["file"], "unchanged");
    let replaced = workspace.call(&write, call("two")).await.unwrap();
    assert_eq!(replaced["file"], "replaced");
    // The same step again, as after a crash: the first content stays the one that is kept.
    workspace.call(&write, call("three")).await.unwrap();
    assert_eq!(workspace.text("out/new/report.md"), "three");
    let sample = sample::invocation(json!({}));
    let kept = workspace
        .backups()
        .path_of(sample.run, sample.step, "out/new/report.md");
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), "one");
    let left: Vec<_> = std::fs::read_dir(workspace.path("out/new"))
        .unwrap()
        .collect();
    assert_eq!(left.len(), 1, "no unfinished file is left: {left:?}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&kept), 0o600);
        assert_eq!(mode(kept.parent().unwrap()), 0o700);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn permissions_are_kept_and_respected() {
    use std::os::unix::fs::PermissionsExt;
    let workspace = Workspace::new();
    workspace
        .put("out/run.sh", "one")
        .put("out/fixed.txt", "one");
    let set = |path: &str, mode| {
        std::fs::set_permissions(workspace.path(path), PermissionsExt::from_mode(mode)).unwrap();
    };
    set("out/run.sh", 0o750);
    set("out/fixed.txt", 0o444);
    let write = WriteFile::new(workspace.backups());
    workspace
        .call(&write, json!({"path": "out/run.sh", "content": "two"}))
        .await
        .unwrap();
    let mode = std::fs::metadata(workspace.path("out/run.sh"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o750);
    let told = workspace
        .told(&write, json!({"path": "out/fixed.txt", "content": "two"}))
        .await;
    assert!(told.contains("read-only"), "{told}");
    assert_eq!(workspace.text("out/fixed.txt"), "one");
}

#[tokio::test]
async fn a_change_without_its_backup_is_not_made() {
    let workspace = Workspace::new();
    workspace.put("out/a.txt", "one").put("not-a-folder", "");
    let write = WriteFile::new(super::Backups::new(workspace.path("not-a-folder/backups")));
    let error = workspace
        .call(&write, json!({"path": "out/a.txt", "content": "two"}))
        .await
        .unwrap_err();
    assert!(matches!(error, ToolError::Fatal(_)), "{error:?}");
    assert_eq!(workspace.text("out/a.txt"), "one");
}

#[tokio::test]
async fn hard_names_are_refused_or_work() {
    let workspace = Workspace::new();
    let write = WriteFile::new(workspace.backups());
    let long = "x".repeat(300);
    for name in ["a\nb.txt", "a\u{7}.txt", "a\\b.txt", long.as_str(), ""] {
        let path = format!("out/{name}");
        workspace
            .told(&write, json!({"path": path, "content": "x"}))
            .await;
    }
    workspace
        .told(&write, json!({"path": "out", "content": "x"}))
        .await;
    workspace
        .told(&write, json!({"path": "in/a.txt", "content": "x"}))
        .await;
    workspace.put("out/file.txt", "one");
    workspace
        .told(
            &write,
            json!({"path": "out/file.txt/inside.txt", "content": "x"}),
        )
        .await;
    for name in [
        "-rf.txt",
        "with space.txt",
        "größe.txt",
        "日本語.md",
        ".hidden",
        "a..b",
        "...",
        "%2e%2e",
        "$(x);`y`",
    ] {
        let path = format!("out/{name}");
        workspace
            .call(&write, json!({"path": path, "content": name}))
            .await
            .unwrap();
        assert_eq!(workspace.text(&path), name);
    }
    let left: Vec<_> = std::fs::read_dir(workspace.path("out")).unwrap().collect();
    assert_eq!(left.len(), 10, "{left:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn edits_of_one_file_at_once_are_all_made() {
    let workspace = Workspace::new();
    let lines: String = (0..20).map(|n| format!("line {n:02}\n")).collect();
    workspace.put("out/a.txt", &lines);
    let edit = EditFile::new(workspace.backups());
    let calls = (0..20).map(|n| {
        let arguments = json!({"path": "out/a.txt", "old_text": format!("line {n:02}\n"), "new_text": format!("done {n:02}\n")});
        let mut call = with_grants(arguments, workspace.grants());
        call.step = slipway_contract::StepId(100 + n);
        edit.call(call)
    });
    for result in futures::future::join_all(calls).await {
        result.unwrap();
    }
    assert_eq!(workspace.text("out/a.txt"), lines.replace("line", "done"));
    let told = workspace
        .told(
            &edit,
            json!({"path": "out/none.txt", "old_text": "a", "new_text": "b"}),
        )
        .await;
    assert!(told.contains("does not exist"), "{told}");
}

#[tokio::test]
async fn without_grants_nothing_is_touched() {
    let workspace = Workspace::new();
    workspace.put("in/a.txt", "x");
    let grants = sample::grants(&workspace.path(""), &[]);
    for (tool, arguments) in [
        (&ReadFile::new() as &dyn Tool, json!({"path": "in/a.txt"})),
        (&ListFiles::new(), json!({})),
        (&SearchFiles::new(), json!({"pattern": "x"})),
        (
            &WriteFile::new(workspace.backups()),
            json!({"path": "out/a.txt", "content": "x"}),
        ),
    ] {
        let error = tool
            .call(with_grants(arguments, grants.clone()))
            .await
            .unwrap_err();
        assert!(error.to_string().contains("may"), "{error}");
    }
    assert_eq!(std::fs::read_dir(workspace.path("out")).unwrap().count(), 0);
}

#[tokio::test]
async fn an_edit_knows_what_became_of_it() {
    let edit_of = |workspace: &Workspace| EditFile::new(workspace.backups());
    let arguments = json!({"path": "out/a.txt", "old_text": "b", "new_text": "bb"});
    let call = |workspace: &Workspace| with_grants(arguments.clone(), workspace.grants());

    let workspace = Workspace::new();
    workspace.put("out/a.txt", "a b c");
    let edit = edit_of(&workspace);
    let not_begun = edit.reconcile(call(&workspace)).await;
    assert_eq!(not_begun, Found::NotHappened);

    let result = edit.call(call(&workspace)).await.unwrap();
    let done = edit.reconcile(call(&workspace)).await;
    assert_eq!(done, Found::Happened { result });
    assert_eq!(workspace.text("out/a.txt"), "a bb c", "it only looked");

    // Cut off after the content was kept and before it was changed.
    workspace.put("out/a.txt", "a b c");
    let kept_only = edit.reconcile(call(&workspace)).await;
    assert_eq!(kept_only, Found::NotHappened);

    workspace.put("out/a.txt", "a bb c, and more by somebody else");
    let changed_since = edit.reconcile(call(&workspace)).await;
    assert_eq!(changed_since, Found::Unknown);
    std::fs::remove_file(workspace.path("out/a.txt")).unwrap();
    let gone = edit.reconcile(call(&workspace)).await;
    assert_eq!(gone, Found::Unknown);
    let none = sample::grants(&workspace.path(""), &[]);
    let ungranted = edit.reconcile(with_grants(arguments.clone(), none)).await;
    assert_eq!(ungranted, Found::Unknown, "nothing is read without a grant");
}
