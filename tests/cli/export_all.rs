//! `export --all` and `import --all`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::kit::{Agent, Answer, Desk, model};

fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap();
                files.insert(
                    name.to_string_lossy().into_owned(),
                    fs::read(&path).unwrap(),
                );
            }
        }
    }
    files
}

#[test]
fn everything_goes_out_and_comes_back_into_another_home() {
    let server = model([
        Answer::text("One."),
        Answer::text("Two."),
        Answer::text("Once more."),
    ]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    let run = desk.slipway(["run", agent, "--json"]).exits(0).run();
    desk.slipway(["runs", "continue", &run, "--input", "And now?"])
        .exits(0);
    desk.slipway(["runs", "retry", &run, "--step", "1"])
        .exits(0)
        .says("Once more.");
    desk.slipway(["export", "--all", "backup"])
        .exits(0)
        .says("1 agent\n")
        .says("3 runs");
    let out = tree(&desk.path("backup"));
    assert!(out.contains_key(&format!("runs/{run}/events.jsonl")));
    for (path, bytes) in &out {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("sk-scripted"), "a key is in {path}");
    }
    desk.slipway(["export", "--all", "backup"])
        .exits(2)
        .complains("is there already");
    let ran = desk
        .slipway(["export", "--all", "backup.tar.gz", "--json"])
        .exits(0);
    assert_eq!(ran.objects()[0]["runs"], 3);
    for (arguments, what) in [
        (
            ["export", "--all", "all.zip"],
            "everything is not written as .zip",
        ),
        (
            ["export", "./clerk", "--output=all.zip"],
            "an agent is not written as .zip",
        ),
    ] {
        desk.slipway(arguments)
            .exits(2)
            .complains(what)
            .complains("all.zip would be a folder of that name")
            .complains("For an archive, end the name in .");
        assert!(!desk.path("all.zip").exists());
    }
    desk.slipway(["export", "--all", "all.zip/"]).exits(0);
    assert!(desk.path("all.zip/manifest.json").exists(), "it was meant");

    for from in ["backup", "backup.tar.gz"] {
        let other = Desk::new();
        let path = desk.path(from).to_string_lossy().into_owned();
        other
            .slipway(["import", "--all", &path])
            .exits(0)
            .says("3 runs");
        other
            .slipway(["runs", "show", &run])
            .exits(0)
            .says("One.")
            .says("✓ succeeded");
        other.slipway(["export", "--all", "again"]).exits(0);
        assert!(tree(&other.path("again")) == out, "byte for byte");
        other
            .slipway(["import", "--all", &path])
            .exits(2)
            .complains("empty home");
    }
}

#[test]
fn what_is_no_whole_export_is_refused() {
    let server = model([Answer::text("One.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["run", agent]).exits(0);
    desk.slipway(["export", "--all", "backup.tar"]).exits(0);
    let other = Desk::new();
    other.write("folder/x.txt", "x");
    for (path, told) in [
        ("folder", "no export of Slipway"),
        ("folder/x.txt", "neither a folder nor a .tar"),
        ("nothing", "could not be opened"),
    ] {
        other.slipway(["import", "--all", path]).complains(told);
    }
    let bytes = fs::read(desk.path("backup.tar")).unwrap();
    for end in [100, bytes.len() / 2, bytes.len() - 3_000] {
        other.write("short.tar", &bytes[..end]);
        other.slipway(["import", "--all", "short.tar"]).exits(2);
    }
    other
        .slipway(["agents"])
        .exits(0)
        .says("There are no agents here yet");
    other.slipway(["export", "--all"]).exits(2);
    other.slipway(["export", "--all", "a", "clerk"]).exits(2);
}
