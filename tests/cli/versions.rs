//! `agents save`, `versions`, `diff`, `restore`, `draft`.

use std::fs;

use crate::kit::{Agent, Answer, Desk, model};

/// A version's hash from the lines of `agents versions --json`, the newest first.
fn versions(desk: &Desk) -> Vec<String> {
    let ran = desk
        .slipway(["agents", "versions", "clerk", "--json"])
        .exits(0);
    let hash = |entry: &serde_json::Value| entry["version"].as_str().unwrap().to_owned();
    ran.objects().iter().map(hash).collect()
}

/// The agent in its folder, listed by a first run.
fn listed(desk: &Desk) -> &'static str {
    let agent = Agent::clerk().at(desk);
    desk.slipway(["run", agent]).exits(0);
    agent
}

#[test]
fn versions_say_when_and_why_they_were_made() {
    let server = model([Answer::text("Done."), Answer::text("Done.")]);
    let desk = Desk::with_model(&server);
    let agent = listed(&desk);
    desk.slipway(["agents", "save", "clerk"])
        .exits(0)
        .says("Nothing has changed since version");
    desk.write("clerk/README.md", "What the clerk does.\n");
    desk.slipway(["agents", "save", "clerk", "--note", "with a README"])
        .exits(0)
        .says("Saved clerk as version");
    desk.slipway(["run", agent]).exits(0);
    let ran = desk
        .slipway(["agents", "versions", "clerk", "--json"])
        .exits(0);
    let entries = ran.objects();
    assert_eq!(
        entries.len(),
        2,
        "a run of the newest version makes no new one"
    );
    assert_eq!(entries[0]["why"], "saved");
    assert_eq!(entries[0]["note"], "with a README");
    assert_eq!(entries[0]["runs"], 1);
    assert_eq!(entries[1]["why"], "before_run");
    assert_eq!(entries[1]["runs"], 1);
    desk.slipway(["agents", "versions", "clerk"])
        .exits(0)
        .says("saved")
        .says("before a run")
        .says("with a README");
    desk.slipway(["agents", "versions", "nobody"])
        .exits(2)
        .complains("clerk");
}

#[test]
fn a_diff_says_what_changes_in_meaning_and_in_every_file() {
    let server = model([Answer::text("Done.")]);
    let desk = Desk::with_model(&server);
    listed(&desk);
    desk.slipway(["agents", "diff", "clerk"])
        .exits(0)
        .says("Nothing differs");
    let toml = desk.read("clerk/agent.toml");
    let toml = toml.replace("gpt-5-mini", "gpt-5").replace(
        "[permissions]\nfiles = [\"read:./in\", \"write:./out\"]",
        "[limits]\nmax_steps = 7\n\n[permissions]\nfiles = [\"read:./in\", \"write:./everything\"]",
    );
    desk.write("clerk/agent.toml", toml);
    desk.write("clerk/instructions.md", "Copy only what is yours.\n");
    desk.write("clerk/tests/first.toml", "x = 1\n");
    desk.write("clerk/recordings/a.jsonl", "{}\n");
    desk.write("clerk/files/logo.bin", b"\x00\x01\x02");
    desk.write("clerk/README.md", "Hello \u{1b}[31mred\n");
    desk.write("clerk/in/b.txt", "workspace data is no part of it\n");
    let ran = desk
        .slipway(["agents", "diff", "clerk"])
        .exits(0)
        .says("model: openai/gpt-5-mini → openai/gpt-5")
        .says("most steps: 50 → 7")
        .says("asks for more: read and write files in ./everything")
        .says("asks no more: read and write files in ./out")
        .says("the instructions change")
        .says("- Copy what you are told to copy.")
        .says("+ Copy only what is yours.")
        .says("tests/first.toml  new")
        .says("recordings/a.jsonl  new")
        .says("files/logo.bin  new")
        .says("+ 3 bytes, SHA-256 ")
        .says("README.md  new");
    assert!(
        !ran.stdout.contains('\u{1b}'),
        "no colours, and no text that moves the cursor"
    );
    assert!(!ran.stdout.contains("b.txt"));
    let colours = desk.command(["agents", "diff", "clerk"]);
    let ran = crate::kit::Running::start({
        let mut command = colours;
        command.env("CLICOLOR_FORCE", "1");
        command
    })
    .end()
    .exits(0);
    assert!(ran.stdout.contains("\u{1b}[32m+ Copy only what is yours."));
    let ran = desk.slipway(["agents", "diff", "clerk", "--json"]).exits(0);
    let diff = &ran.objects()[0];
    assert_eq!(diff["to"]["draft"], true);
    assert!(diff["meaning"].as_array().unwrap().len() >= 5);
    let paths: Vec<&str> = diff["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["path"].as_str().unwrap())
        .collect();
    assert_eq!(
        paths,
        [
            "README.md",
            "agent.toml",
            "files/logo.bin",
            "instructions.md",
            "recordings/a.jsonl",
            "tests/first.toml"
        ]
    );
}

#[test]
fn a_renamed_file_is_told_as_renamed() {
    let server = model([Answer::text("Done.")]);
    let desk = Desk::with_model(&server);
    Agent::clerk().at(&desk);
    desk.write("clerk/files/old.txt", "one\ntwo\nthree\n");
    desk.slipway(["run", "./clerk"]).exits(0);
    fs::rename(
        desk.path("clerk/files/old.txt"),
        desk.path("clerk/files/new.txt"),
    )
    .unwrap();
    desk.slipway(["agents", "diff", "clerk"])
        .exits(0)
        .says("files/new.txt  renamed from files/old.txt");
}

#[test]
fn restoring_brings_back_everything_and_loses_nothing() {
    let server = model([Answer::text("Done.")]);
    let desk = Desk::with_model(&server);
    Agent::clerk().at(&desk);
    desk.write("clerk/README.md", "First.\n");
    desk.write("clerk/tests/a.toml", "x = 1\n");
    desk.write("clerk/recordings/r.jsonl", "{}\n");
    desk.write("clerk/files/deep/data.bin", b"\x00\xff");
    desk.slipway(["run", "./clerk"]).exits(0);
    let first = versions(&desk)[0].clone();
    let toml = desk.read("clerk/agent.toml");

    desk.write("clerk/agent.toml", toml.replace("./out", "./elsewhere"));
    desk.write("clerk/README.md", "Second.\n");
    fs::remove_file(desk.path("clerk/tests/a.toml")).unwrap();
    fs::remove_dir_all(desk.path("clerk/files")).unwrap();
    desk.write("clerk/tests/b.toml", "y = 2\n");
    desk.write("clerk/in/a.txt", "workspace data\n");
    desk.write("clerk/out/result.txt", "made by a run\n");

    let ran = desk
        .slipway(["agents", "restore", "clerk", &first[..8]])
        .exits(0)
        .says("What was not saved yet is saved as version")
        .says(&format!("clerk is at version {} again", &first[..7]));
    assert_eq!(desk.read("clerk/agent.toml"), toml);
    assert_eq!(desk.read("clerk/README.md"), "First.\n");
    assert_eq!(desk.read("clerk/tests/a.toml"), "x = 1\n");
    assert_eq!(desk.read("clerk/recordings/r.jsonl"), "{}\n");
    assert_eq!(
        fs::read(desk.path("clerk/files/deep/data.bin")).unwrap(),
        b"\x00\xff"
    );
    assert!(!desk.path("clerk/tests/b.toml").exists());
    assert_eq!(desk.read("clerk/in/a.txt"), "workspace data\n");
    assert_eq!(desk.read("clerk/out/result.txt"), "made by a run\n");
    desk.slipway(["agents", "diff", "clerk"])
        .exits(0)
        .says("Nothing differs");

    let made = versions(&desk);
    assert_eq!(made.len(), 3, "made before a run, saved, restored");
    assert_eq!((&made[0], &made[2]), (&first, &first));
    assert!(ran.stdout.contains(&made[1][..7]), "the way back is told");
    desk.slipway(["agents", "restore", "clerk", &made[1]])
        .exits(0);
    assert_eq!(desk.read("clerk/README.md"), "Second.\n");
    assert_eq!(desk.read("clerk/tests/b.toml"), "y = 2\n");
}

#[test]
fn a_broken_folder_can_be_restored_and_its_ruins_are_kept() {
    let server = model([Answer::text("Done.")]);
    let desk = Desk::with_model(&server);
    listed(&desk);
    let first = versions(&desk)[0].clone();
    desk.write("clerk/agent.toml", "this is [no TOML\n");
    desk.slipway(["agents", "save", "clerk"])
        .exits(2)
        .complains("not valid")
        .complains("agent.toml:1");
    desk.slipway(["agents", "restore", "clerk", &first[..6]])
        .exits(0);
    desk.slipway(["validate", "clerk"]).exits(0);
    let ruins = versions(&desk)[1].clone();
    desk.slipway(["agents", "diff", "clerk", &ruins, "draft"])
        .exits(0)
        .says("- this is [no TOML");
}

#[test]
fn digits_that_several_versions_begin_with_name_them() {
    let desk = Desk::new();
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["import", agent]).exits(0);
    let mut seen: Vec<String> = vec![versions(&desk)[0].clone()];
    // A hash begins with one of sixteen digits, so two of seventeen versions share it.
    let (one, other) = loop {
        let text = format!("Version {}.\n", seen.len());
        desk.write("new.md", text);
        desk.slipway([
            "agents",
            "draft",
            "put",
            "clerk",
            "instructions.md",
            "--from",
            "new.md",
        ])
        .exits(0);
        desk.slipway(["agents", "save", "clerk"]).exits(0);
        let made = versions(&desk)[0].clone();
        if let Some(found) = seen.iter().find(|found| found[..1] == made[..1]) {
            break (found.clone(), made);
        }
        seen.push(made);
    };
    desk.slipway(["agents", "restore", "clerk", &one[..1]])
        .exits(2)
        .complains(&one[..12])
        .complains(&other[..12]);
    desk.slipway(["agents", "restore", "clerk", "zzz"])
        .exits(2)
        .complains("slipway agents versions clerk");
}

#[test]
fn an_imported_agent_is_edited_in_a_draft() {
    let server = model([Answer::text("Done.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().permissions("files = []").at(&desk);
    desk.slipway(["import", agent]).exits(0);
    let first = versions(&desk)[0].clone();
    let put = |file: &str, content: &str| {
        crate::kit::Running::start({
            let mut command = desk.command(["agents", "draft", "put", "clerk", file, "--json"]);
            command.stdin(std::process::Stdio::piped());
            command
        })
        .say(content.as_bytes())
        .end()
    };
    let draft = put("agent.toml", "format = 1\n").exits(0).objects()[0].clone();
    assert_eq!(draft["changed"], true);
    assert!(!draft["findings"].as_array().unwrap().is_empty());
    desk.slipway(["agents", "draft", "show", "clerk"])
        .exits(0)
        .says("cannot be run or saved");
    desk.slipway(["run", "clerk"])
        .exits(2)
        .complains("agent.toml")
        .complains("draft discard clerk");
    assert_eq!(
        versions(&desk),
        std::slice::from_ref(&first),
        "an invalid draft is no version"
    );
    assert_eq!(server.requests().len(), 0);

    let stale = draft["hash"].as_str().unwrap().to_owned();
    desk.slipway(["agents", "draft", "discard", "clerk"])
        .exits(0)
        .says("is as in version");
    assert!(
        versions(&desk).contains(&stale),
        "what was discarded is kept as a version"
    );
    desk.write("new.md", "Do it well.\n");
    desk.slipway([
        "agents",
        "draft",
        "put",
        "clerk",
        "instructions.md",
        "--from",
        "new.md",
        "--seen",
        &stale,
    ])
    .exits(2)
    .complains("changed by somebody else");
    desk.slipway([
        "agents",
        "draft",
        "put",
        "clerk",
        "instructions.md",
        "--from",
        "new.md",
        "--seen",
        &first,
    ])
    .exits(0);
    desk.slipway(["agents", "draft", "show", "clerk", "instructions.md"])
        .exits(0)
        .says("Do it well.");
    let shown = desk
        .slipway([
            "agents",
            "draft",
            "show",
            "clerk",
            "instructions.md",
            "--json",
        ])
        .exits(0);
    assert_eq!(shown.objects()[0]["text"], "Do it well.\n");
    desk.slipway([
        "agents", "draft", "put", "clerk", "../x", "--from", "new.md",
    ])
    .exits(2)
    .complains("no file of a package");
    desk.slipway(["agents", "draft", "put", "clerk", "files/none", "--remove"])
        .exits(2)
        .complains("has no file");

    desk.slipway(["run", "clerk"]).exits(0);
    let request = &server.requests()[0];
    assert!(
        format!("{request:?}").contains("Do it well."),
        "the draft was run"
    );
    let ran = desk
        .slipway(["agents", "versions", "clerk", "--json"])
        .exits(0);
    assert_eq!(ran.objects()[0]["why"], "before_run");
    assert_eq!(ran.objects()[0]["runs"], 1);
    desk.slipway(["agents", "restore", "clerk", &first])
        .exits(0);
    desk.slipway(["agents", "draft", "show", "clerk", "instructions.md"])
        .exits(0)
        .says("Copy what you are told to copy.");
}

#[test]
fn what_is_replaced_or_removed_is_saved_first() {
    let desk = Desk::new();
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["import", agent]).exits(0);
    desk.write("new.md", "My own words.\n");
    let put = [
        "agents",
        "draft",
        "put",
        "clerk",
        "instructions.md",
        "--from",
        "new.md",
    ];
    desk.slipway(put).exits(0);
    desk.write("clerk/instructions.md", "Another package.\n");
    desk.slipway(["import", agent, "--replace"]).exits(0);
    let made = versions(&desk);
    assert_eq!(made.len(), 3);
    desk.slipway(["agents", "restore", "clerk", &made[1]])
        .exits(0)
        .says("came from another import");
    desk.slipway(["agents", "draft", "show", "clerk", "instructions.md"])
        .exits(0)
        .says("My own words.");
    desk.write("new.md", "Not saved.\n");
    desk.slipway(put).exits(0);
    desk.slipway(["agents", "remove", "clerk"]).exits(0);
    desk.slipway(["import", agent]).exits(0);
    let kept = versions(&desk);
    assert_eq!(
        kept.len(),
        6,
        "restored, saved before it went, imported again"
    );
    desk.slipway(["agents", "restore", "clerk", &kept[1]])
        .exits(0);
    desk.slipway(["agents", "draft", "show", "clerk", "instructions.md"])
        .exits(0)
        .says("Not saved.");
}
