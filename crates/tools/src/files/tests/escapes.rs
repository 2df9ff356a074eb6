//! No path leads out of what was granted.

use super::*;

const SECRET: &str = "the secret outside";

/// A workspace with a secret next to it, and every kind of link in its folders.
#[cfg(unix)]
fn with_links() -> Workspace {
    use std::os::unix::fs::symlink;
    let workspace = Workspace::new();
    workspace.put("in/a.txt", "inside");
    workspace.put("private.txt", SECRET);
    let outside = workspace.outside();
    std::fs::write(outside.join("secret.txt"), SECRET).unwrap();
    for folder in ["in", "out"] {
        let at = |name: &str| workspace.path(folder).join(name);
        symlink(outside.join("secret.txt"), at("link.txt")).unwrap();
        symlink("../../outside/secret.txt", at("relative.txt")).unwrap();
        symlink("../private.txt", at("ungranted.txt")).unwrap();
        symlink(&outside, at("folder")).unwrap();
        symlink("folder", at("chain")).unwrap();
        symlink("loop", at("loop")).unwrap();
        symlink("/proc/self/root/etc", at("proc")).unwrap();
    }
    symlink("a.txt", workspace.path("in/alias.txt")).unwrap();
    workspace
}

fn escapes(folder: &str, outside: &Path) -> Vec<String> {
    let mut paths: Vec<String> = [
        "../outside/secret.txt",
        "F/../../outside/secret.txt",
        "F/./.././../outside/secret.txt",
        "F/link.txt",
        "F/relative.txt",
        "F/ungranted.txt",
        "F/folder/secret.txt",
        "F/folder/../secret.txt",
        "F/chain/secret.txt",
        "F/chain/../../outside/secret.txt",
        "F/loop",
        "F/loop/secret.txt",
        "F/proc/hostname",
        "F-other/x.txt",
        "private.txt",
        "./private.txt",
        "F/../private.txt",
        "/etc/hostname",
        "//etc/hostname",
        "/proc/self/environ",
        "/dev/stdin",
        "~/secret.txt",
        "file:///etc/hostname",
        "..",
        "../..",
        "/",
        "F/a\0.txt",
        "\0",
    ]
    .iter()
    .map(|path| path.replace('F', folder))
    .collect();
    paths.push(outside.join("secret.txt").to_string_lossy().into_owned());
    paths
}

#[cfg(unix)]
#[tokio::test]
async fn no_path_leads_out_of_the_granted_folders() {
    let workspace = with_links();
    let write = WriteFile::new(workspace.backups());
    let edit = EditFile::new(workspace.backups());
    for path in escapes("in", &workspace.outside()) {
        let read = workspace
            .told(&ReadFile::new(), json!({"path": path}))
            .await;
        assert!(!read.contains(SECRET), "{path:?}: {read}");
        for tool in [&ListFiles::new() as &dyn Tool, &SearchFiles::new()] {
            let arguments = if tool.definition().name == "list_files" {
                json!({"path": path})
            } else {
                json!({"path": path, "pattern": "."})
            };
            let result = tool.call(with_grants(arguments, workspace.grants())).await;
            // A link itself may be listed, never what it leads to.
            let text = format!("{result:?}");
            assert!(
                !text.contains("secret.txt\\\"") && !text.contains(SECRET),
                "{path:?}: {text}"
            );
            assert!(
                result.is_err() || text.contains("total\": Number(0)"),
                "{path:?}: {text}"
            );
        }
    }
    // By its text `out/folder/../secret.txt` is a new file in `out`.
    let escapes = escapes("out", &workspace.outside());
    for path in escapes
        .into_iter()
        .filter(|path| !path.contains("folder/.."))
    {
        workspace
            .told(&write, json!({"path": path, "content": "overwritten"}))
            .await;
        let arguments = json!({"path": path, "old_text": SECRET, "new_text": "overwritten"});
        workspace.told(&edit, arguments).await;
    }
    let outside = std::fs::read_to_string(workspace.outside().join("secret.txt")).unwrap();
    assert_eq!(outside, SECRET);
    assert_eq!(workspace.text("private.txt"), SECRET);
    let others: Vec<_> = std::fs::read_dir(workspace.outside()).unwrap().collect();
    assert_eq!(others.len(), 1, "nothing may be made outside: {others:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_that_stays_inside_is_read_and_not_written() {
    let workspace = with_links();
    let read = workspace
        .call(&ReadFile::new(), json!({"path": "in/alias.txt"}))
        .await
        .unwrap();
    assert_eq!(read["text"], "inside\n");
    std::os::unix::fs::symlink("real.txt", workspace.path("out/alias.txt")).unwrap();
    workspace.put("out/real.txt", "real");
    let write = WriteFile::new(workspace.backups());
    let told = workspace
        .told(&write, json!({"path": "out/alias.txt", "content": "x"}))
        .await;
    assert!(told.contains("is a link"), "{told}");
    assert_eq!(workspace.text("out/real.txt"), "real");
}

#[cfg(unix)]
#[tokio::test]
async fn a_granted_folder_that_is_a_link_is_refused() {
    let workspace = with_links();
    std::os::unix::fs::symlink(workspace.outside(), workspace.path("receipts")).unwrap();
    let granted = sample::read("./receipts");
    let grants = sample::grants(&workspace.path(""), &[granted]);
    let call = with_grants(json!({"path": "receipts/secret.txt"}), grants);
    let told = ReadFile::new().call(call).await.unwrap_err().to_string();
    assert!(told.contains("`receipts` is a link"), "{told}");
}

#[tokio::test]
async fn a_folder_elsewhere_and_a_single_file_can_be_granted() {
    let workspace = Workspace::new();
    workspace
        .put("in/a.txt", "one")
        .put("notes.txt", "two")
        .put("other.txt", "three");
    std::fs::write(workspace.outside().join("b.txt"), "four").unwrap();
    let outside = workspace.outside().to_string_lossy().into_owned();
    let granted = [
        sample::read(&outside),
        sample::read("notes.txt"),
        sample::write("made/here.txt"),
    ];
    let grants = sample::grants(&workspace.path(""), &granted);
    let tool = ReadFile::new();
    let read = |path: String| tool.call(with_grants(json!({ "path": path }), grants.clone()));
    assert_eq!(
        read(format!("{outside}/b.txt")).await.unwrap()["text"],
        "four\n"
    );
    assert_eq!(read("notes.txt".into()).await.unwrap()["text"], "two\n");
    assert!(read("notes.txt/../other.txt".into()).await.is_err());
    assert!(read("other.txt".into()).await.is_err());
    assert!(read("in/a.txt".into()).await.is_err());
}

/// Somebody swaps a folder for a link to the outside and back, all the time.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_that_is_swapped_in_meanwhile_leads_nowhere() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    let workspace = Workspace::new();
    workspace
        .put("in/flip/secret.txt", "inside")
        .put("out/flip/secret.txt", "inside");
    std::fs::write(workspace.outside().join("secret.txt"), SECRET).unwrap();
    let done = Arc::new(AtomicBool::new(false));
    let swapper = {
        let done = Arc::clone(&done);
        let (outside, folders) = (
            workspace.outside(),
            [workspace.path("in"), workspace.path("out")],
        );
        std::thread::spawn(move || {
            while !done.load(Ordering::Relaxed) {
                for folder in &folders {
                    let (flip, kept) = (folder.join("flip"), folder.join("kept"));
                    std::fs::rename(&flip, &kept).unwrap();
                    // A writer may have made the missing folder again.
                    while std::os::unix::fs::symlink(&outside, &flip).is_err() {
                        std::fs::remove_dir_all(&flip).ok();
                    }
                    std::fs::remove_file(&flip).unwrap();
                    while std::fs::rename(&kept, &flip).is_err() {
                        std::fs::remove_dir_all(&flip).ok();
                    }
                }
            }
        })
    };
    let write = WriteFile::new(workspace.backups());
    let (mut read_some, mut wrote_some) = (0, 0);
    for round in 0..400 {
        let read = workspace
            .call(&ReadFile::new(), json!({"path": "in/flip/secret.txt"}))
            .await;
        if let Ok(read) = &read {
            assert_eq!(read["text"], "inside\n");
            read_some += 1;
        }
        let content = format!("written {round}");
        let written = workspace
            .call(
                &write,
                json!({"path": "out/flip/secret.txt", "content": content}),
            )
            .await;
        wrote_some += usize::from(written.is_ok());
    }
    done.store(true, Ordering::Relaxed);
    swapper.join().unwrap();
    let outside = std::fs::read_to_string(workspace.outside().join("secret.txt")).unwrap();
    assert_eq!(outside, SECRET);
    assert!(
        read_some > 0 && wrote_some > 0,
        "the race must be run, not lost: {read_some} {wrote_some}"
    );
}
